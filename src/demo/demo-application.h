/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The app: its command line, its actions, its window. */

#define DEMO_TYPE_APPLICATION (demo_application_get_type ())
G_DECLARE_FINAL_TYPE (DemoApplication, demo_application, DEMO, APPLICATION, GtkApplication)

DemoApplication *demo_application_new (void);
int              demo_application_run (DemoApplication  *self,
                                       int               argc,
                                       char            **argv);

G_END_DECLS
