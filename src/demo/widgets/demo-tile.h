/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A square of the picture that a DemoMosaic puts together */

#define DEMO_TILE_SIZE 64 /* device pixels each way */

#define DEMO_TYPE_TILE (demo_tile_get_type ())
G_DECLARE_FINAL_TYPE (DemoTile, demo_tile, DEMO, TILE, GObject)

struct _DemoTile
{
  GObject parent_instance;

  /* Read-only */
  double x, y;      /* of its upper left corner, in the plane */
  double step;      /* from one device pixel to the next, in the plane */
  guint generation; /* a view has a larger one than those before it */
  int priority;     /* the smaller the nearer to where one looks */
  GCancellable *cancellable;

  /* The mosaic's own */
  gint64 place[2];     /* column and row, from where the generation began */
  GdkTexture *texture; /* NULL until it is there */
};

G_END_DECLS
