/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-mosaic.h"

#include <math.h>

/* By how much one step of the keyboard or a button zooms. */
#define ZOOM_STEP 1.5

/* How many times the tiles of a view are kept: to be shown again, or as a preview. */
#define KEPT_VIEWS 4

struct _DemoMosaic
{
  GObject parent_instance;

  DemoMosaicLimits limits;
  double home_x, home_y, home_span;

  int width, height, scale_factor;
  double focus_x, focus_y;
  gboolean has_focus;

  /* What is shown. Moving changes the offset only, so that tiles fit pixels exactly however small
   * the step is; anything else begins a generation. */
  double origin_x, origin_y; /* where tile 0, 0 of this generation begins */
  double step;
  double offset_x, offset_y; /* of the window from the origin, in logical pixels */
  guint generation;

  GHashTable *tiles; /* DemoTile, by place: this generation's, there or under way */
  GPtrArray *old;    /* DemoTile, there, the oldest first: what is shown until there is better */
  guint n_visible, n_pending;
};

enum {
  SIGNAL_TILE_WANTED,
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DemoMosaic, demo_mosaic, G_TYPE_OBJECT)

static guint
hash_place (gconstpointer place)
{
  const gint64 *p = place;

  return (guint) (p[0] * 31 + p[1]);
}

static gboolean
is_same_place (gconstpointer a,
               gconstpointer b)
{
  return memcmp (a, b, 2 * sizeof (gint64)) == 0;
}

/* A tile's size in the window */
static double
get_extent (DemoMosaic *self)
{
  return (double) DEMO_TILE_SIZE / self->scale_factor;
}

/* The columns and rows that can be seen: from [0], and before [1] */
typedef struct {
  gint64 columns[2], rows[2];
} Range;

static Range
get_visible (DemoMosaic *self)
{
  double extent = get_extent (self);

  return (Range) {
    { (gint64) floor (self->offset_x / extent),
      (gint64) ceil ((self->offset_x + self->width) / extent) },
    { (gint64) floor (self->offset_y / extent),
      (gint64) ceil ((self->offset_y + self->height) / extent) },
  };
}

/* Whether @tile can be seen, or is next to one that can be: a little resizing does it no harm. */
static gboolean
is_near (const Range *range,
         const DemoTile *tile)
{
  return tile->place[0] >= range->columns[0] - 1 && tile->place[0] <= range->columns[1]
         && tile->place[1] >= range->rows[0] - 1 && tile->place[1] <= range->rows[1];
}

static DemoTile *
create_tile (DemoMosaic *self,
             gint64 column,
             gint64 row)
{
  DemoTile *tile = g_object_new (DEMO_TYPE_TILE, NULL);
  double extent = get_extent (self);
  double focus_x = self->has_focus ? self->focus_x : self->width / 2.0;
  double focus_y = self->has_focus ? self->focus_y : self->height / 2.0;

  tile->step = self->step / self->scale_factor;
  tile->x = self->origin_x + (double) column * DEMO_TILE_SIZE * tile->step;
  tile->y = self->origin_y + (double) row * DEMO_TILE_SIZE * tile->step;
  tile->generation = self->generation;
  tile->place[0] = column;
  tile->place[1] = row;
  tile->priority = (int) hypot (((double) column + 0.5) * extent - self->offset_x - focus_x,
                                ((double) row + 0.5) * extent - self->offset_y - focus_y);

  return tile;
}

static int
compare_priorities (gconstpointer a,
                    gconstpointer b)
{
  return (*(DemoTile **) a)->priority - (*(DemoTile **) b)->priority;
}

typedef struct {
  DemoMosaic *mosaic;
  Range visible;
} Sweep;

/* A tile that nobody will see is not made any more. One that is there is kept for a while. */
static gboolean
sweep_tile (gpointer key,
            gpointer value,
            gpointer user_data)
{
  DemoTile *tile = value;
  Sweep *sweep = user_data;
  DemoMosaic *self = sweep->mosaic;

  if (is_near (&sweep->visible, tile))
    return FALSE;
  if (tile->texture != NULL)
    return g_hash_table_size (self->tiles) > KEPT_VIEWS * self->n_visible;

  g_cancellable_cancel (tile->cancellable);
  self->n_pending--;

  return TRUE;
}

/* Asks for the tiles that can be seen and are neither there nor under way. */
static void
ask_for_tiles (DemoMosaic *self)
{
  Sweep sweep = { self, get_visible (self) };
  const Range *visible = &sweep.visible;
  g_autoptr (GPtrArray) wanted = g_ptr_array_new_with_free_func (g_object_unref);

  self->n_visible = (guint) ((visible->columns[1] - visible->columns[0])
                             * (visible->rows[1] - visible->rows[0]));
  g_hash_table_foreach_remove (self->tiles, sweep_tile, &sweep);

  for (gint64 row = visible->rows[0]; row < visible->rows[1]; row++)
    for (gint64 column = visible->columns[0]; column < visible->columns[1]; column++)
      {
        const gint64 place[] = { column, row };
        DemoTile *tile;

        if (g_hash_table_contains (self->tiles, place))
          continue;
        tile = create_tile (self, column, row);
        g_hash_table_insert (self->tiles, tile->place, tile);
        g_ptr_array_add (wanted, g_object_ref (tile));
        self->n_pending++;
      }

  g_ptr_array_sort (wanted, compare_priorities);
  for (guint i = 0; i < wanted->len; i++)
    g_signal_emit (self, signals[SIGNAL_TILE_WANTED], 0, g_ptr_array_index (wanted, i));
}

static void
update (DemoMosaic *self)
{
  /* Nobody sees it: nothing is wanted, and nobody need be told. */
  if (self->width <= 0 || self->height <= 0)
    {
      demo_mosaic_stop (self);
      return;
    }

  ask_for_tiles (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* What is there becomes the preview. */
static void
begin_generation (DemoMosaic *self)
{
  GHashTableIter iter;
  DemoTile *tile;

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &tile))
    if (tile->texture != NULL)
      g_ptr_array_add (self->old, g_object_ref (tile));
  demo_mosaic_stop (self);
  g_hash_table_remove_all (self->tiles);

  if (self->old->len > KEPT_VIEWS * self->n_visible)
    g_ptr_array_remove_range (self->old, 0, self->old->len - KEPT_VIEWS * self->n_visible);
  self->generation++;
}

/* Puts the middle where it may be. */
static void
keep_in_reach (DemoMosaic *self)
{
  double x, y, reach = self->limits.reach;

  demo_mosaic_get_middle (self, &x, &y);
  if (fabs (x) > reach)
    self->offset_x += (CLAMP (x, -reach, reach) - x) / self->step;
  if (fabs (y) > reach)
    self->offset_y += (CLAMP (y, -reach, reach) - y) / self->step;
}

/* Has the point (@plane_x, @plane_y) at (@x, @y) of the window. */
static void
look_at (DemoMosaic *self,
         double plane_x,
         double plane_y,
         double x,
         double y,
         double step)
{
  begin_generation (self);
  self->step = CLAMP (step, self->limits.min_step, self->limits.max_step);
  self->origin_x = plane_x - x * self->step;
  self->origin_y = plane_y - y * self->step;
  self->offset_x = self->offset_y = 0;
  keep_in_reach (self);
  update (self);
}

/* The size of the window, in logical pixels. Nothing is wanted while it has none; then it is at
 * home. Otherwise the middle stays in the middle. */
void
demo_mosaic_set_size (DemoMosaic *self,
                      int width,
                      int height,
                      int scale_factor)
{
  gboolean is_first = self->width <= 0 || self->height <= 0;
  gboolean is_finer = self->scale_factor != scale_factor;

  if (self->width == width && self->height == height && !is_finer)
    return;

  self->offset_x += (self->width - width) / 2;
  self->offset_y += (self->height - height) / 2;
  self->width = width;
  self->height = height;
  self->scale_factor = scale_factor;

  if (is_first)
    demo_mosaic_go_home (self);
  else if (is_finer)
    demo_mosaic_renew (self);
  else
    update (self);
}

/* Where one looks in the window, the middle if nowhere else: tiles near to it come first. */
void
demo_mosaic_set_focus (DemoMosaic *self,
                       gboolean somewhere,
                       double x,
                       double y)
{
  self->has_focus = somewhere;
  self->focus_x = x;
  self->focus_y = y;
}

/* Makes a place home, and goes there. @span: what the shorter side of the window shows */
void
demo_mosaic_show (DemoMosaic *self,
                  double x,
                  double y,
                  double span)
{
  self->home_x = x;
  self->home_y = y;
  self->home_span = span;
  demo_mosaic_go_home (self);
}

void
demo_mosaic_go_home (DemoMosaic *self)
{
  int side = MAX (MIN (self->width, self->height), 1);

  look_at (self, self->home_x, self->home_y, self->width / 2.0, self->height / 2.0,
           self->home_span / side);
}

/* Moves the window over the plane. */
void
demo_mosaic_move (DemoMosaic *self,
                  double right,
                  double down)
{
  self->offset_x += right;
  self->offset_y += down;
  keep_in_reach (self);
  update (self);
}

/* Zooms in, or out if @factor is below 1. What is at (@x, @y) of the window stays there. */
void
demo_mosaic_zoom (DemoMosaic *self,
                  double factor,
                  double x,
                  double y)
{
  double step = CLAMP (self->step / factor, self->limits.min_step, self->limits.max_step);

  if (step == self->step)
    return;

  look_at (self, self->origin_x + (self->offset_x + x) * self->step,
           self->origin_y + (self->offset_y + y) * self->step, x, y, step);
}

void
demo_mosaic_zoom_in (DemoMosaic *self)
{
  demo_mosaic_zoom (self, ZOOM_STEP, self->width / 2.0, self->height / 2.0);
}

void
demo_mosaic_zoom_out (DemoMosaic *self)
{
  demo_mosaic_zoom (self, 1 / ZOOM_STEP, self->width / 2.0, self->height / 2.0);
}

/* Has all tiles made anew. */
void
demo_mosaic_renew (DemoMosaic *self)
{
  double x, y;

  demo_mosaic_get_middle (self, &x, &y);
  look_at (self, x, y, self->width / 2.0, self->height / 2.0, self->step);
}

static gboolean
stop_tile (gpointer key,
           gpointer value,
           gpointer user_data)
{
  DemoTile *tile = value;

  if (tile->texture != NULL)
    return FALSE;

  g_cancellable_cancel (tile->cancellable);

  return TRUE;
}

/* What is not there yet doesn't come any more, until something else is to be shown. */
void
demo_mosaic_stop (DemoMosaic *self)
{
  g_hash_table_foreach_remove (self->tiles, stop_tile, NULL);
  self->n_pending = 0;
}

/* Answers "tile-wanted", also too late. @texture: NULL if there will be none */
void
demo_mosaic_put (DemoMosaic *self,
                 DemoTile *tile,
                 GdkTexture *texture)
{
  if (g_hash_table_lookup (self->tiles, tile->place) != tile)
    return;

  self->n_pending--;
  if (texture != NULL)
    tile->texture = g_object_ref (texture);
  else
    g_hash_table_remove (self->tiles, tile->place);

  if (self->n_pending == 0 && texture != NULL)
    g_ptr_array_set_size (self->old, 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* The point in the middle of the window */
void
demo_mosaic_get_middle (DemoMosaic *self,
                        double *x,
                        double *y)
{
  *x = self->origin_x + (self->offset_x + self->width / 2.0) * self->step;
  *y = self->origin_y + (self->offset_y + self->height / 2.0) * self->step;
}

/* Where in the window a point of the plane is. */
void
demo_mosaic_find (DemoMosaic *self,
                  double plane_x,
                  double plane_y,
                  double *x,
                  double *y)
{
  *x = (plane_x - self->origin_x) / self->step - self->offset_x;
  *y = (plane_y - self->origin_y) / self->step - self->offset_y;
}

/* From one logical pixel to the next, in the plane */
double
demo_mosaic_get_step (DemoMosaic *self)
{
  return self->step;
}

/* What the shorter side of the window shows */
double
demo_mosaic_get_span (DemoMosaic *self)
{
  return self->step * MIN (self->width, self->height);
}

/* Whether one can't zoom in any more. */
gboolean
demo_mosaic_is_deepest (DemoMosaic *self)
{
  return self->step <= self->limits.min_step;
}

guint
demo_mosaic_get_generation (DemoMosaic *self)
{
  return self->generation;
}

/* How many tiles are wanted and not there */
guint
demo_mosaic_get_n_pending (DemoMosaic *self)
{
  return self->n_pending;
}

/* How much of what can be seen is there: 0 to 1 */
double
demo_mosaic_get_progress (DemoMosaic *self)
{
  return self->n_visible > 0 ? MAX (1 - self->n_pending / (double) self->n_visible, 0) : 1;
}

/* The edges are put on whole pixels: then neighbours leave no gap. */
static void
append_tile (DemoMosaic *self,
             GtkSnapshot *snapshot,
             DemoTile *tile,
             double left,
             double top,
             double extent)
{
  double width = round (left + extent) - round (left), height = round (top + extent) - round (top);
  graphene_rect_t area = GRAPHENE_RECT_INIT ((float) round (left), (float) round (top),
                                             (float) width, (float) height);

  if (width >= 1 && height >= 1
      && graphene_rect_intersection (
        &area, &GRAPHENE_RECT_INIT (0, 0, self->width, self->height), NULL))
    gtk_snapshot_append_texture (snapshot, tile->texture, &area);
}

/* Draws what is there; and what was there before, as large as it is now, below it. */
void
demo_mosaic_snapshot (DemoMosaic *self,
                      GtkSnapshot *snapshot)
{
  double extent = get_extent (self), x, y;
  GHashTableIter iter;
  DemoTile *tile;

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, self->width, self->height));
  for (guint i = 0; i < self->old->len; i++)
    {
      tile = g_ptr_array_index (self->old, i);
      demo_mosaic_find (self, tile->x, tile->y, &x, &y);
      append_tile (self, snapshot, tile, x, y, DEMO_TILE_SIZE * tile->step / self->step);
    }

  g_hash_table_iter_init (&iter, self->tiles);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &tile))
    if (tile->texture != NULL)
      append_tile (self, snapshot, tile, (double) tile->place[0] * extent - self->offset_x,
                   (double) tile->place[1] * extent - self->offset_y, extent);
  gtk_snapshot_pop (snapshot);
}

static void
demo_mosaic_dispose (GObject *object)
{
  DemoMosaic *self = DEMO_MOSAIC (object);

  demo_mosaic_stop (self);
  g_hash_table_remove_all (self->tiles);
  g_ptr_array_set_size (self->old, 0);

  G_OBJECT_CLASS (demo_mosaic_parent_class)->dispose (object);
}

static void
demo_mosaic_finalize (GObject *object)
{
  DemoMosaic *self = DEMO_MOSAIC (object);

  g_hash_table_unref (self->tiles);
  g_ptr_array_unref (self->old);

  G_OBJECT_CLASS (demo_mosaic_parent_class)->finalize (object);
}

static void
demo_mosaic_class_init (DemoMosaicClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = demo_mosaic_dispose;
  object_class->finalize = demo_mosaic_finalize;

  /* A DemoTile is wanted: demo_mosaic_put () it, now or later. In the order of priority. */
  signals[SIGNAL_TILE_WANTED]
    = g_signal_new ("tile-wanted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, DEMO_TYPE_TILE);

  /* There is something else to draw. */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
demo_mosaic_init (DemoMosaic *self)
{
  self->scale_factor = 1;
  self->step = 1;
  self->tiles = g_hash_table_new_full (hash_place, is_same_place, NULL, g_object_unref);
  self->old = g_ptr_array_new_with_free_func (g_object_unref);
}

DemoMosaic *
demo_mosaic_new (const DemoMosaicLimits *limits)
{
  DemoMosaic *self = g_object_new (DEMO_TYPE_MOSAIC, NULL);

  self->limits = *limits;

  return self;
}
