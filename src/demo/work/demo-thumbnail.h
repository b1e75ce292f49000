/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Reads a picture, and makes it so small that it fits into a square of @size pixels. Blocks, and
 * holds at most half a gigabyte meanwhile, whatever the file says of itself. Any thread.
 * @width, @height: (out): of the picture in the file. Returns: (transfer full): the small one */
GdkTexture *demo_thumbnail_load (GFile         *file,
                                 int            size,
                                 int           *width,
                                 int           *height,
                                 GCancellable  *cancellable,
                                 GError       **error);

G_END_DECLS
