/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How the app looks, as the desktop or the person says: light or dark, with high contrast, without
 * motion. */

#define DEMO_TYPE_STYLE (demo_style_get_type ())
G_DECLARE_FINAL_TYPE (DemoStyle, demo_style, DEMO, STYLE, GObject)

DemoStyle *demo_style_new          (void);
void       demo_style_set_scheme   (DemoStyle  *self,
                                    const char *scheme);
void       demo_style_set_contrast (DemoStyle  *self,
                                    gboolean    contrast);
void       demo_style_add_window   (DemoStyle  *self,
                                    GtkWidget  *window);
gboolean   demo_style_knows        (const char *scheme);

G_END_DECLS
