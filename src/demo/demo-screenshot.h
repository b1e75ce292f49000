/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include <asyncify/asyncify.h>

G_BEGIN_DECLS

/* Pictures of a window. The paintable follows what the window draws, so it has to be made
 * some frames before: gtk_widget_paintable_new (). */

/* Writes what @paintable shows, as drawn by @window, to the PNG file @path. Returns at once;
 * nothing more of the window is needed then. */
void     demo_screenshot_save_async  (GdkPaintable         *paintable,
                                      GtkWidget            *window,
                                      const char           *path,
                                      GObject              *source_object,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
/* One of several pictures of which "name.png" was asked for: "name-SUFFIX.png".
 * Returns: (transfer full) */
char    *demo_screenshot_get_path    (const char           *path,
                                      const char           *suffix);
gboolean demo_screenshot_save_finish (GAsyncResult         *result,
                                      GError              **error);

G_END_DECLS
