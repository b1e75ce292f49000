/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Numbers that come in any order, each drawn as a bar as soon as it is there; the largest is as
 * high as the widget. */

#define DEMO_TYPE_BARS (demo_bars_get_type ())
G_DECLARE_FINAL_TYPE (DemoBars, demo_bars, DEMO, BARS, GtkWidget)

GtkWidget *demo_bars_new         (guint       n_bars,
                                  const char *label,
                                  const char *empty);
void       demo_bars_clear       (DemoBars   *self);
void       demo_bars_set         (DemoBars   *self,
                                  guint       number,
                                  double      value);
guint      demo_bars_get_n_shown (DemoBars   *self);

G_END_DECLS
