/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "demo-scenario.h"

G_BEGIN_DECLS

/* A small picture, or why there is none: made on a worker, shown in a grid. */

#define DEMO_TYPE_PICTURE (demo_picture_get_type ())
G_DECLARE_FINAL_TYPE (DemoPicture, demo_picture, DEMO, PICTURE, GObject)

DemoPicture *demo_picture_new      (const char   *name,
                                    const char   *detail,
                                    GdkTexture   *texture,
                                    int           size);
gboolean     demo_picture_is_shown (DemoPicture  *self);

/* A grid of what the scenario's latest call emitted; @empty shows while there is nothing. */
GtkWidget   *demo_picture_grid_new (DemoScenario *scenario,
                                    const char   *empty);

G_END_DECLS
