/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Which tiles are wanted, in which order, and which not any more. Needs no display. */

#include <math.h>

#include "demo-mosaic.h"

#define WIDTH  300
#define HEIGHT 200
#define TILE   DEMO_TILE_SIZE

static const DemoMosaicLimits limits = { .min_step = 1e-15, .max_step = 1, .reach = 5 };

typedef struct {
  DemoMosaic *mosaic;
  GPtrArray *wanted; /* DemoTile, since they were last looked at */
} Fixture;

static void
wanted_cb (Fixture *self,
           DemoTile *tile)
{
  g_ptr_array_add (self->wanted, g_object_ref (tile));
}

static void
set_up (Fixture *self,
        gconstpointer data)
{
  self->mosaic = demo_mosaic_new (&limits);
  self->wanted = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect_swapped (self->mosaic, "tile-wanted", G_CALLBACK (wanted_cb), self);
  demo_mosaic_show (self->mosaic, 1, 2, 2);
  g_assert_cmpuint (self->wanted->len, ==, 0);
  demo_mosaic_set_size (self->mosaic, WIDTH, HEIGHT, 1);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  g_assert_finalize_object (self->mosaic);
  g_ptr_array_unref (self->wanted);
}

/* Returns: (transfer full): those that are wanted since this was last called */
static GPtrArray *
take_wanted (Fixture *self)
{
  GPtrArray *wanted = self->wanted;

  self->wanted = g_ptr_array_new_with_free_func (g_object_unref);

  return wanted;
}

static void
answer (Fixture *self,
        GPtrArray *tiles)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_malloc0 (TILE * TILE * 4), TILE * TILE * 4);
  g_autoptr (GdkTexture) texture
    = gdk_memory_texture_new (TILE, TILE, GDK_MEMORY_DEFAULT, bytes, TILE * 4);

  for (guint i = 0; i < tiles->len; i++)
    demo_mosaic_put (self->mosaic, g_ptr_array_index (tiles, i), texture);
}

static guint
count_cancelled (GPtrArray *tiles)
{
  guint n = 0;

  for (guint i = 0; i < tiles->len; i++)
    n += g_cancellable_is_cancelled (((DemoTile *) g_ptr_array_index (tiles, i))->cancellable);

  return n;
}

/* How many of @tiles show a point of the window. */
static guint
count_over (Fixture *self,
            GPtrArray *tiles,
            double x,
            double y)
{
  guint n = 0;

  for (guint i = 0; i < tiles->len; i++)
    {
      DemoTile *tile = g_ptr_array_index (tiles, i);
      double extent = TILE * tile->step / demo_mosaic_get_step (self->mosaic), left, top;

      demo_mosaic_find (self->mosaic, tile->x, tile->y, &left, &top);
      n += x > left && x < left + extent && y > top && y < top + extent;
    }

  return n;
}

/* In the middle of each pixel there is one tile, and none is wanted for nothing. */
static void
assert_covered (Fixture *self,
                GPtrArray *tiles)
{
  const int n_columns = (WIDTH + TILE - 1) / TILE + 1, n_rows = (HEIGHT + TILE - 1) / TILE + 1;

  for (int y = 0; y < HEIGHT; y += 7)
    for (int x = 0; x < WIDTH; x += 7)
      g_assert_cmpuint (count_over (self, tiles, x + 0.5, y + 0.5), ==, 1);
  g_assert_cmpuint (tiles->len, <=, n_columns * n_rows);
}

static void
test_covers (Fixture *self,
             gconstpointer data)
{
  g_autoptr (GPtrArray) tiles = take_wanted (self);
  g_autoptr (GPtrArray) finer = NULL;
  double x, y;

  assert_covered (self, tiles);
  g_assert_cmpfloat (demo_mosaic_get_step (self->mosaic), ==, 2.0 / HEIGHT);
  demo_mosaic_get_middle (self->mosaic, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, 1, 1e-9);
  g_assert_cmpfloat_with_epsilon (y, 2, 1e-9);

  /* On a screen with twice the pixels there are four times the tiles, of half the size. */
  demo_mosaic_set_size (self->mosaic, WIDTH, HEIGHT, 2);
  finer = take_wanted (self);
  g_assert_cmpuint (finer->len, ==, 10 * 7);
  g_assert_cmpfloat (((DemoTile *) g_ptr_array_index (finer, 0))->step, ==,
                     demo_mosaic_get_step (self->mosaic) / 2);
  g_assert_cmpuint (count_over (self, finer, 33.5, 0.5), ==, 1);
  g_assert_cmpuint (count_cancelled (tiles), ==, tiles->len);
}

static double
get_distance (Fixture *self,
              DemoTile *tile,
              double x,
              double y)
{
  double left, top;

  demo_mosaic_find (self->mosaic, tile->x, tile->y, &left, &top);

  return hypot (left + TILE / 2.0 - x, top + TILE / 2.0 - y);
}

static void
assert_order (Fixture *self,
              double x,
              double y)
{
  g_autoptr (GPtrArray) tiles = take_wanted (self);

  g_assert_cmpuint (tiles->len, >, 10);
  for (guint i = 1; i < tiles->len; i++)
    {
      DemoTile *a = g_ptr_array_index (tiles, i - 1), *b = g_ptr_array_index (tiles, i);

      g_assert_cmpint (a->priority, <=, b->priority);
      g_assert_cmpfloat (get_distance (self, a, x, y), <=, get_distance (self, b, x, y) + 1);
    }
}

static void
test_order (Fixture *self,
            gconstpointer data)
{
  assert_order (self, WIDTH / 2.0, HEIGHT / 2.0);

  demo_mosaic_set_focus (self->mosaic, TRUE, 290, 10);
  demo_mosaic_renew (self->mosaic);
  assert_order (self, 290, 10);

  demo_mosaic_set_focus (self->mosaic, FALSE, 0, 0);
  demo_mosaic_renew (self->mosaic);
  assert_order (self, WIDTH / 2.0, HEIGHT / 2.0);
}

static void
test_zoomed_away (Fixture *self,
                  gconstpointer data)
{
  g_autoptr (GPtrArray) before = take_wanted (self);
  g_autoptr (GPtrArray) after = NULL;

  demo_mosaic_zoom_in (self->mosaic);
  after = take_wanted (self);
  g_assert_cmpuint (count_cancelled (before), ==, before->len);
  g_assert_cmpuint (count_cancelled (after), ==, 0);
  g_assert_cmpuint (demo_mosaic_get_n_pending (self->mosaic), ==, after->len);
  assert_covered (self, after);

  /* One of them was made all the same. It is not shown in place of a new one. */
  answer (self, before);
  g_assert_cmpuint (demo_mosaic_get_n_pending (self->mosaic), ==, after->len);
  answer (self, after);
  g_assert_cmpuint (demo_mosaic_get_n_pending (self->mosaic), ==, 0);
  g_assert_cmpfloat (demo_mosaic_get_progress (self->mosaic), ==, 1);
}

static void
test_moved_away (Fixture *self,
                 gconstpointer data)
{
  g_autoptr (GPtrArray) before = take_wanted (self);
  g_autoptr (GPtrArray) after = NULL;

  demo_mosaic_move (self->mosaic, 2 * TILE, 0);
  after = take_wanted (self);
  for (guint i = 0; i < before->len; i++)
    {
      DemoTile *tile = g_ptr_array_index (before, i);
      gboolean is_out = tile->place[0] < 1; /* the one next to those in sight may come */

      g_assert_cmpint (g_cancellable_is_cancelled (tile->cancellable), ==, is_out);
      if (!is_out)
        g_ptr_array_add (after, g_object_ref (tile));
    }
  assert_covered (self, after);

  /* What is there already is not wanted again on the way back. */
  answer (self, after);
  demo_mosaic_move (self->mosaic, -TILE, 0);
  g_assert_cmpuint (self->wanted->len, ==, 0);
  demo_mosaic_move (self->mosaic, -TILE, 0);
  g_assert_cmpuint (self->wanted->len, >, 0);
}

static void
test_stopped (Fixture *self,
              gconstpointer data)
{
  g_autoptr (GPtrArray) before = take_wanted (self);
  g_autoptr (GPtrArray) after = NULL;

  demo_mosaic_stop (self->mosaic);
  g_assert_cmpuint (count_cancelled (before), ==, before->len);
  g_assert_cmpuint (demo_mosaic_get_n_pending (self->mosaic), ==, 0);

  /* They are wanted again when something moves. */
  demo_mosaic_move (self->mosaic, 1, 0);
  after = take_wanted (self);
  assert_covered (self, after);
}

static void
test_no_size (Fixture *self,
              gconstpointer data)
{
  g_autoptr (GPtrArray) before = take_wanted (self);
  g_autoptr (GPtrArray) after = NULL;

  demo_mosaic_set_size (self->mosaic, 0, 0, 1);
  g_assert_cmpuint (count_cancelled (before), ==, before->len);
  demo_mosaic_zoom_in (self->mosaic);
  demo_mosaic_go_home (self->mosaic);
  g_assert_cmpuint (self->wanted->len, ==, 0);

  demo_mosaic_set_size (self->mosaic, WIDTH, HEIGHT, 1);
  after = take_wanted (self);
  assert_covered (self, after);
}

static void
assert_at (Fixture *self,
           double plane_x,
           double plane_y,
           double x,
           double y)
{
  double found_x, found_y;

  demo_mosaic_find (self->mosaic, plane_x, plane_y, &found_x, &found_y);
  g_assert_cmpfloat_with_epsilon (found_x, x, 0.6);
  g_assert_cmpfloat_with_epsilon (found_y, y, 0.6);
}

/* The point under the pointer stays there, down to where numbers end. */
static void
test_zoom_limits (Fixture *self,
                  gconstpointer data)
{
  const double x = 0.7310585786300049, y = 1.6449340668482264; /* nothing special */
  double at_x, at_y;

  demo_mosaic_find (self->mosaic, x, y, &at_x, &at_y);
  for (guint i = 0; i < 500 && !demo_mosaic_is_deepest (self->mosaic); i++)
    {
      demo_mosaic_zoom (self->mosaic, 1.25, at_x, at_y);
      if (demo_mosaic_get_step (self->mosaic) > 1e-13)
        assert_at (self, x, y, at_x, at_y);
    }
  g_assert_cmpfloat (demo_mosaic_get_step (self->mosaic), ==, limits.min_step);

  g_ptr_array_set_size (self->wanted, 0);
  demo_mosaic_zoom_in (self->mosaic);
  g_assert_cmpuint (self->wanted->len, ==, 0);

  for (guint i = 0; i < 500; i++)
    demo_mosaic_zoom_out (self->mosaic);
  g_assert_cmpfloat (demo_mosaic_get_step (self->mosaic), ==, limits.max_step);
}

static void
test_reach (Fixture *self,
            gconstpointer data)
{
  double x, y;

  for (guint i = 0; i < 100; i++)
    demo_mosaic_move (self->mosaic, 100, -100);
  demo_mosaic_get_middle (self->mosaic, &x, &y);
  g_assert_cmpfloat_with_epsilon (x, limits.reach, 1e-9);
  g_assert_cmpfloat_with_epsilon (y, -limits.reach, 1e-9);

  demo_mosaic_go_home (self->mosaic);
  assert_at (self, 1, 2, WIDTH / 2.0, HEIGHT / 2.0);
  g_assert_cmpfloat (demo_mosaic_get_span (self->mosaic), ==, 2);
}

/* The middle stays where it is; and the few tiles at the edges that a slightly smaller window
 * doesn't show are not given up. */
static void
test_resized (Fixture *self,
              gconstpointer data)
{
  g_autoptr (GPtrArray) tiles = take_wanted (self);
  double step = demo_mosaic_get_step (self->mosaic);

  demo_mosaic_set_size (self->mosaic, WIDTH, HEIGHT - 30, 1);
  g_assert_cmpuint (count_cancelled (tiles), ==, 0);
  demo_mosaic_set_size (self->mosaic, WIDTH, HEIGHT, 1);
  g_assert_cmpuint (self->wanted->len, ==, 0);

  demo_mosaic_set_size (self->mosaic, 2 * WIDTH, 2 * HEIGHT, 1);
  assert_at (self, 1, 2, WIDTH, HEIGHT);
  g_assert_cmpfloat (demo_mosaic_get_step (self->mosaic), ==, step);
  g_assert_cmpuint (count_cancelled (tiles), ==, 0);
  g_assert_cmpuint (self->wanted->len, >, 2 * tiles->len);

  demo_mosaic_go_home (self->mosaic);
  g_assert_cmpfloat (demo_mosaic_get_span (self->mosaic), ==, 2);
}

static graphene_rect_t
get_drawn (Fixture *self)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GskRenderNode *node;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, 0, 0);

  demo_mosaic_snapshot (self->mosaic, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL)
    gsk_render_node_get_bounds (node, &bounds);
  g_clear_pointer (&node, gsk_render_node_unref);

  return bounds;
}

/* Tiles that were there are shown, larger or smaller, until there are new ones. */
static void
test_preview (Fixture *self,
              gconstpointer data)
{
  g_autoptr (GPtrArray) tiles = take_wanted (self);
  graphene_rect_t drawn = get_drawn (self);

  g_assert_cmpfloat (drawn.size.width, ==, 0);
  answer (self, tiles);
  drawn = get_drawn (self);
  g_assert_cmpfloat (drawn.size.width, ==, WIDTH);
  g_assert_cmpfloat (drawn.size.height, ==, HEIGHT);

  demo_mosaic_zoom (self->mosaic, 2, WIDTH / 2.0, HEIGHT / 2.0);
  drawn = get_drawn (self);
  g_assert_cmpfloat (drawn.size.width, ==, WIDTH);
  g_assert_cmpfloat (drawn.size.height, ==, HEIGHT);

  demo_mosaic_zoom (self->mosaic, 0.25, 0, 0);
  drawn = get_drawn (self);
  g_assert_cmpfloat (drawn.size.width, >, WIDTH / 3.0);
  g_assert_cmpfloat (drawn.size.width, <, WIDTH * 0.7);
}

static void
add (const char *path,
     void (*func) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init_check (); /* what it draws is looked at, but not shown */

  add ("/mosaic/wanted/each-pixel-once", test_covers);
  add ("/mosaic/wanted/nearest-first", test_order);
  add ("/mosaic/cancelled/zoomed-away", test_zoomed_away);
  add ("/mosaic/cancelled/moved-away", test_moved_away);
  add ("/mosaic/cancelled/stopped", test_stopped);
  add ("/mosaic/cancelled/nowhere-to-be-seen", test_no_size);
  add ("/mosaic/view/zoomed-at-pointer-within-limits", test_zoom_limits);
  add ("/mosaic/view/kept-in-reach", test_reach);
  add ("/mosaic/view/resized", test_resized);
  add ("/mosaic/preview", test_preview);

  return g_test_run ();
}
