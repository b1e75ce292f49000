/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define DEMO_TYPE_CANVAS (demo_canvas_get_type ())
G_DECLARE_FINAL_TYPE (DemoCanvas, demo_canvas, DEMO, CANVAS, GtkWidget)

GtkWidget *demo_canvas_new       (void);
void       demo_canvas_set_crowd (DemoCanvas *self,
                                  guint       n_beads);
guint      demo_canvas_get_crowd (DemoCanvas *self);

G_END_DECLS
