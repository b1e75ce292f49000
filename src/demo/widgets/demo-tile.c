/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-tile.h"

G_DEFINE_FINAL_TYPE (DemoTile, demo_tile, G_TYPE_OBJECT)

static void
demo_tile_dispose (GObject *object)
{
  DemoTile *self = DEMO_TILE (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->texture);

  G_OBJECT_CLASS (demo_tile_parent_class)->dispose (object);
}

static void
demo_tile_class_init (DemoTileClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_tile_dispose;
}

static void
demo_tile_init (DemoTile *self)
{
  self->cancellable = g_cancellable_new ();
}
