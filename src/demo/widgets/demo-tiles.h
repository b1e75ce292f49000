/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-mosaic.h"

G_BEGIN_DECLS

/* Shows a mosaic, to be moved and zoomed with pointer, fingers and keys. */

#define DEMO_TYPE_TILES (demo_tiles_get_type ())
G_DECLARE_FINAL_TYPE (DemoTiles, demo_tiles, DEMO, TILES, GtkWidget)

GtkWidget  *demo_tiles_new         (DemoMosaic *mosaic,
                                    const char *label);
GtkWidget  *demo_tiles_new_buttons (DemoMosaic *mosaic);
DemoMosaic *demo_tiles_get_mosaic  (DemoTiles  *self);

G_END_DECLS
