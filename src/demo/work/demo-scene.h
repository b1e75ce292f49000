/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <cairo.h>
#include <glib.h>

G_BEGIN_DECLS

/* Pictures of all kinds: each number is another one, and always the same. Any thread. */
const char *demo_scene_get_name   (guint    number);
gboolean    demo_scene_is_graphic (guint    number);
void        demo_scene_draw       (cairo_t *cr,
                                   guint    number,
                                   double   width,
                                   double   height);

G_END_DECLS
