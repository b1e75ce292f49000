/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What is said of something that is better not done. Static strings; all but the code are
 * translated when shown. */
typedef struct {
  const char *title;
  const char *code;
  const char *happens; /* what a person sees */
  const char *why;
  const char *instead; /* what to do */
} DemoAdvice;

/* A card that shows the one of @advices whose number @chosen holds. */
GtkWidget *demo_advice_card_new (const DemoAdvice *advices,
                                 GtkAdjustment    *chosen);

G_END_DECLS
