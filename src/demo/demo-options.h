/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The command line of the app. */
typedef struct {
  char **run;       /* ids; nullable */
  gboolean tour;
  char *report;     /* path; nullable */
  char *screenshot; /* path; nullable */
  gboolean pages;   /* a picture of each */
  char *scheme;     /* nullable */
  gboolean contrast;
  char *size;        /* as it was given; nullable */
  int width, height; /* of the window, in pixels; 0 if nothing was said of it */
} DemoOptions;

void     demo_options_add         (DemoOptions       *self,
                                   GApplication      *application);
int      demo_options_handle      (DemoOptions       *self,
                                   GVariantDict      *options,
                                   GPtrArray         *scenarios);
gboolean demo_options_has_tour    (const DemoOptions *self);
gboolean demo_options_has_person  (const DemoOptions *self);
void     demo_options_clear       (DemoOptions       *self);

void     demo_options_complain    (const char        *message);

G_END_DECLS
