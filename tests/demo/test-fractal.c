/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Fractal: what the picture shows, and what hands and keys do to it. */

#include <math.h>

#include "demo-page.h"
#include "demo-scenario.h"
#include "demo-tiles.h"
#include "testpage.h"

#define INSIDE 0xff080b1a /* the colour of the set itself */

enum { WHOLE_SET, SEAHORSES };

static GtkWidget *
get_tiles (TestPage *self)
{
  return test_find (self->page, DEMO_TYPE_TILES, NULL);
}

static DemoMosaic *
get_mosaic (TestPage *self)
{
  return demo_tiles_get_mosaic (DEMO_TILES (get_tiles (self)));
}

static gboolean
is_complete (gpointer data)
{
  return demo_mosaic_get_span (get_mosaic (data)) > 0 /* it has a size */
         && demo_mosaic_get_n_pending (get_mosaic (data)) == 0;
}

static void
choose_place (TestPage *self,
              guint place)
{
  GtkWidget *drop_down = test_find (self->page, GTK_TYPE_DROP_DOWN, NULL);

  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), place);
}

/* What is drawn on the screen. */
typedef struct {
  int width, height;
  guint32 *pixels;
} Picture;

static Picture
take_picture (TestPage *self)
{
  GtkWidget *tiles = get_tiles (self);
  Picture picture = { .width = gtk_widget_get_width (tiles),
                      .height = gtk_widget_get_height (tiles) };
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (self->window));
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  demo_mosaic_snapshot (get_mosaic (self), snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (
    renderer, node, &GRAPHENE_RECT_INIT (0, 0, picture.width, picture.height));
  picture.pixels = g_new (guint32, picture.width * picture.height);
  gdk_texture_download (texture, (guchar *) picture.pixels, picture.width * 4);

  return picture;
}

static guint32
get_pixel (TestPage *self,
           const Picture *picture,
           double re,
           double im)
{
  double x, y;

  demo_mosaic_find (get_mosaic (self), re, -im, &x, &y);
  g_assert_true (x >= 0 && x < picture->width && y >= 0 && y < picture->height);

  return picture->pixels[(int) y * picture->width + (int) x];
}

/* What is known of the set by other means: the heart and the largest disc, from their formulas
 * (https://en.wikipedia.org/wiki/Mandelbrot_set#Main_cardioid_and_period_bulbs), and that nothing
 * of it is beyond 2. A point near an edge may be either. */
static void
assert_whole_set (TestPage *self)
{
  Picture picture = take_picture (self);

  for (double re = -1.9; re < 0.6; re += 0.083)
    for (double im = -1.2; im < 1.2; im += 0.081)
      {
        double q = (re - 0.25) * (re - 0.25) + im * im;
        gboolean in_heart = q * (q + re - 0.25) < 0.2 * im * im;
        gboolean in_disc = hypot (re + 1, im) < 0.23;

        if (in_heart || in_disc)
          g_assert_cmphex (get_pixel (self, &picture, re, im), ==, INSIDE);
        if (hypot (re, im) > 2)
          g_assert_cmphex (get_pixel (self, &picture, re, im), !=, INSIDE);
      }
  g_assert_cmphex (get_pixel (self, &picture, 0.5, 0), !=, INSIDE);
  g_assert_cmphex (get_pixel (self, &picture, -0.5, 0.8), !=, INSIDE);
  g_assert_cmphex (get_pixel (self, &picture, -0.1226, 0.7449), ==, INSIDE);  /* a disc above */
  g_assert_cmphex (get_pixel (self, &picture, -0.1226, -0.7449), ==, INSIDE); /* and below */
  g_free (picture.pixels);
}

/* Before anything was pressed, and after either button. */
static void
test_whole_set (TestPage *self,
                gconstpointer data)
{
  choose_place (self, WHOLE_SET);
  test_wait_until (is_complete, self);
  assert_whole_set (self);

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_run (self, test_page_ways[i]);
      assert_whole_set (self);
    }
}

/* Both ways the very same picture comes out, of as many tiles as fit into the window. */
static void
test_same_picture (TestPage *self,
                   gconstpointer data)
{
  Picture pictures[TEST_PAGE_WAYS];

  test_wait_until (is_complete, self);
  /* From here on the page has a result, which takes its place. */
  test_page_type (self, "Depth", "500");
  test_page_run (self, "Asyncify");

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      g_autofree char *expected = NULL;
      guint n_tiles;

      test_wait_for_frames (self->page, 4);
      demo_mosaic_go_home (get_mosaic (self));
      test_wait_until (is_complete, self);
      test_page_run (self, test_page_ways[i]);
      test_wait_for_frames (self->page, 4);

      pictures[i] = take_picture (self);
      n_tiles = ((pictures[i].width + 63) / 64) * ((pictures[i].height + 63) / 64);
      expected = g_strdup_printf ("%u tiles rendered, %u pixels", n_tiles, n_tiles * 64 * 64);
      g_assert_cmpstr (test_page_get_result (self), ==, expected);
    }

  g_assert_cmpmem (pictures[0].pixels, pictures[0].width * pictures[0].height * 4,
                   pictures[1].pixels, pictures[1].width * pictures[1].height * 4);
  g_free (pictures[0].pixels);
  g_free (pictures[1].pixels);
}

static void
assert_refused (TestPage *self,
                const char *depth)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_type (self, "Depth", depth);
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "failed", "type a whole number from 10 to 10000.");
    }
}

static void
test_refuses (TestPage *self,
              gconstpointer data)
{
  const char *const nonsense[]
    = { "", " ", "0", "-1", "9", "10001", "1000000000", "1e3", "deep", "12.5" };
  g_autofree char *megabyte = g_strnfill (1024 * 1024, '1');

  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    assert_refused (self, nonsense[i]);
  assert_refused (self, megabyte);

  /* Meanwhile the picture can be moved, with the depth that was all right. */
  demo_mosaic_zoom_in (get_mosaic (self));
  test_wait_until (is_complete, self);

  test_page_type (self, "Depth", "10");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", " tiles rendered");
}

/* How many tiles were out of date and never ran, as the page says. */
static guint
get_n_never_ran (TestPage *self)
{
  const char *text = strchr (test_page_get_result (self), ';');
  guint n = 0;

  if (text != NULL)
    g_assert_cmpint (sscanf (text, "; %u w", &n), ==, 1);

  return n;
}

static gboolean
has_size (gpointer data)
{
  return demo_mosaic_get_span (get_mosaic (data)) > 0;
}

/* Nothing is done so soon that it can't get out of date. */
static void
press_asyncify (TestPage *self,
                const char *depth)
{
  test_wait_until (has_size, self);
  choose_place (self, SEAHORSES);
  test_page_type (self, "Depth", depth);
  test_page_press (self, "Asyncify");
}

static void
test_out_of_date (TestPage *self,
                  gconstpointer data)
{
  guint n_tiles;

  press_asyncify (self, "2000");
  n_tiles = demo_mosaic_get_n_pending (get_mosaic (self));
  for (guint i = 0; i < 3; i++)
    test_click (test_find_button (self->page, "Zoom in"));
  g_assert_false (gtk_widget_is_sensitive (test_find_button (self->page, "Asyncify")));
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "were out of date and cancelled before they ran");
  /* Three of the views were left at once; a few of their tiles may have run. */
  g_assert_cmpuint (get_n_never_ran (self), <=, 3 * n_tiles);
  g_assert_cmpuint (get_n_never_ran (self), >=, 3 * n_tiles - 3 * 4);
}

static gboolean
are_some_done (gpointer data)
{
  double progress = demo_mosaic_get_progress (get_mosaic (data));

  return progress > 0 && progress < 1;
}

static void
test_cancel (TestPage *self,
             gconstpointer data)
{
  guint n_tiles, n_missing;

  press_asyncify (self, "10000");
  n_tiles = demo_mosaic_get_n_pending (get_mosaic (self));
  test_wait_until (are_some_done, self);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");

  /* What was not there has not been made meanwhile: it is wanted again now. */
  demo_mosaic_move (get_mosaic (self), 1, 0);
  n_missing = demo_mosaic_get_n_pending (get_mosaic (self));
  g_assert_cmpuint (n_missing, >, n_tiles / 2);

  test_page_type (self, "Depth", "100");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", " tiles rendered");
  g_assert_true (is_complete (self));
}

static void
test_cancel_at_once (TestPage *self,
                     gconstpointer data)
{
  for (guint i = 0; i < 10; i++)
    {
      press_asyncify (self, "10000");
      test_page_press (self, "Cancel");
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
    }
}

/* While the picture comes for the first time, and in the middle of a run. */
static void
test_closed_meanwhile (void)
{
  TestPage page;

  for (guint i = 0; i < 2; i++)
    {
      test_page_set_up (&page, "fractal");
      if (i == 1)
        press_asyncify (&page, "10000");
      test_wait_until (are_some_done, &page);
      test_page_close (&page);
    }
}

/* Nobody is there: it flies by itself, and tiles get out of date. */
static void
test_unattended (TestPage *self,
                 gconstpointer data)
{
  double span;

  test_wait_until (is_complete, self);
  span = demo_mosaic_get_span (get_mosaic (self));
  demo_scenario_set_attended (demo_page_get_scenario (DEMO_PAGE (self->page)), FALSE);

  press_asyncify (self, "2000");
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "were out of date and cancelled before they ran");
  g_assert_cmpfloat (demo_mosaic_get_span (get_mosaic (self)), <, span / 3);

  press_asyncify (self, "10000");
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
}

/* Hands and keys. Events are not made here: the controllers are told as they would be. */

static gpointer
get_controller (TestPage *self,
                GType type)
{
  g_autoptr (GListModel) all = gtk_widget_observe_controllers (get_tiles (self));

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (GObject) controller = g_list_model_get_item (all, i);

      if (G_OBJECT_TYPE (controller) == type)
        return controller; /* the widget keeps it */
    }

  g_assert_not_reached ();
}

static gboolean
press_key (TestPage *self,
           guint keyval,
           GdkModifierType state)
{
  gboolean handled = FALSE;

  g_signal_emit_by_name (get_controller (self, GTK_TYPE_EVENT_CONTROLLER_KEY), "key-pressed",
                         keyval, 0, state, &handled);

  return handled;
}

/* How far what is shown has moved since, in pixels, and how much larger it is. */
typedef struct {
  double x, y, step;
} View;

static View
get_view (TestPage *self)
{
  View view = { .step = demo_mosaic_get_step (get_mosaic (self)) };

  demo_mosaic_get_middle (get_mosaic (self), &view.x, &view.y);

  return view;
}

#define assert_moved(self, before, right, down)                                                    \
  G_STMT_START                                                                                     \
  {                                                                                                \
    View view = get_view (self);                                                                   \
    g_assert_cmpfloat (view.step, ==, (before).step);                                              \
    g_assert_cmpfloat_with_epsilon ((view.x - (before).x) / view.step, right, 0.01);               \
    g_assert_cmpfloat_with_epsilon ((view.y - (before).y) / view.step, down, 0.01);                \
  }                                                                                                \
  G_STMT_END

static void
test_keys (TestPage *self,
           gconstpointer data)
{
  const struct {
    guint keyval;
    int right, down;
  } arrows[] = {
    { GDK_KEY_Right, 64, 0 },    { GDK_KEY_Left, -64, 0 },    { GDK_KEY_Up, 0, -64 },
    { GDK_KEY_Down, 0, 64 },     { GDK_KEY_KP_Right, 64, 0 }, { GDK_KEY_KP_Left, -64, 0 },
    { GDK_KEY_KP_Up, 0, -64 },   { GDK_KEY_KP_Down, 0, 64 },
  };
  const guint zooms[][2] = { { GDK_KEY_plus, GDK_KEY_minus },
                             { GDK_KEY_equal, GDK_KEY_KP_Subtract },
                             { GDK_KEY_KP_Add, GDK_KEY_minus } };
  View home, before;

  test_wait_until (has_size, self);
  home = get_view (self);
  g_assert_true (gtk_widget_get_focusable (get_tiles (self)));
  for (guint i = 0; i < G_N_ELEMENTS (arrows); i++)
    {
      before = get_view (self);
      g_assert_true (press_key (self, arrows[i].keyval, 0));
      assert_moved (self, before, arrows[i].right, arrows[i].down);
    }
  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      g_assert_true (press_key (self, zooms[i][0], 0));
      g_assert_cmpfloat (get_view (self).step, <, home.step);
      g_assert_true (press_key (self, zooms[i][1], 0));
      g_assert_cmpfloat_with_epsilon (get_view (self).step / home.step, 1, 1e-9);
    }

  press_key (self, GDK_KEY_plus, 0);
  press_key (self, GDK_KEY_Right, 0);
  g_assert_true (press_key (self, GDK_KEY_Home, 0));
  assert_moved (self, home, 0, 0);

  /* What belongs to the window is left to it. */
  g_assert_false (press_key (self, GDK_KEY_Right, GDK_ALT_MASK));
  g_assert_false (press_key (self, GDK_KEY_plus, GDK_CONTROL_MASK));
  g_assert_false (press_key (self, GDK_KEY_Tab, 0));
  g_assert_false (press_key (self, GDK_KEY_x, 0));
  assert_moved (self, home, 0, 0);
}

static void
test_drag (TestPage *self,
           gconstpointer data)
{
  gpointer drag = get_controller (self, GTK_TYPE_GESTURE_DRAG);
  View before;

  test_wait_until (has_size, self);
  before = get_view (self);
  g_signal_emit_by_name (drag, "drag-begin", 100.0, 50.0);
  g_signal_emit_by_name (drag, "drag-update", 10.4, -5.0);
  assert_moved (self, before, -10, 5);
  g_signal_emit_by_name (drag, "drag-update", 70.0, 30.0);
  g_signal_emit_by_name (drag, "drag-end", 70.0, 30.0);
  assert_moved (self, before, -70, -30);
  g_assert_true (gtk_widget_has_focus (get_tiles (self)));

  /* A second one goes on from there. */
  g_signal_emit_by_name (drag, "drag-begin", 10.0, 10.0);
  g_signal_emit_by_name (drag, "drag-update", -70.0, -30.0);
  g_signal_emit_by_name (drag, "drag-end", -70.0, -30.0);
  assert_moved (self, before, 0, 0);
}

static void
test_zoom_at_pointer (TestPage *self,
                      gconstpointer data)
{
  const double x = 123, y = 45;
  DemoMosaic *mosaic = get_mosaic (self);
  double plane_x, plane_y, at_x, at_y;
  gboolean handled = FALSE;
  View before;

  test_wait_until (has_size, self);
  before = get_view (self);
  plane_x = before.x + (x - gtk_widget_get_width (get_tiles (self)) / 2.0) * before.step;
  plane_y = before.y + (y - gtk_widget_get_height (get_tiles (self)) / 2.0) * before.step;
  g_signal_emit_by_name (get_controller (self, GTK_TYPE_EVENT_CONTROLLER_MOTION), "motion", x, y);
  g_signal_emit_by_name (get_controller (self, GTK_TYPE_EVENT_CONTROLLER_SCROLL), "scroll", 0.0,
                         -2.0, &handled);
  g_assert_true (handled); /* the page below must not scroll too */
  g_assert_cmpfloat_with_epsilon (before.step / get_view (self).step, 1.25 * 1.25, 1e-9);
  demo_mosaic_find (mosaic, plane_x, plane_y, &at_x, &at_y);
  g_assert_cmpfloat_with_epsilon (at_x, x, 0.01);
  g_assert_cmpfloat_with_epsilon (at_y, y, 0.01);

  g_signal_emit_by_name (get_controller (self, GTK_TYPE_EVENT_CONTROLLER_SCROLL), "scroll", 0.0,
                         2.0, &handled);
  g_assert_cmpfloat_with_epsilon (get_view (self).step / before.step, 1, 1e-9);
}

static void
test_pinch (TestPage *self,
            gconstpointer data)
{
  gpointer pinch = get_controller (self, GTK_TYPE_GESTURE_ZOOM);
  View before;

  test_wait_until (has_size, self);
  before = get_view (self);
  g_signal_emit_by_name (pinch, "scale-changed", 1.5);
  g_assert_cmpfloat_with_epsilon (before.step / get_view (self).step, 1.5, 1e-9);
  g_signal_emit_by_name (pinch, "scale-changed", 2.0);
  g_assert_cmpfloat_with_epsilon (before.step / get_view (self).step, 2, 1e-9);

  /* A second one goes on from there. */
  g_signal_emit_by_name (pinch, "begin", NULL);
  g_signal_emit_by_name (pinch, "scale-changed", 0.5);
  g_assert_cmpfloat_with_epsilon (before.step / get_view (self).step, 1, 1e-9);
}

static void
test_buttons_and_places (TestPage *self,
                         gconstpointer data)
{
  View first;

  test_wait_until (has_size, self);
  first = get_view (self);
  test_click (test_find_button (self->page, "Zoom in"));
  g_assert_cmpfloat (get_view (self).step, <, first.step);
  test_click (test_find_button (self->page, "Back to the place"));
  assert_moved (self, first, 0, 0);
  test_click (test_find_button (self->page, "Zoom out"));
  g_assert_cmpfloat (get_view (self).step, >, first.step);

  choose_place (self, WHOLE_SET);
  g_assert_cmpfloat_with_epsilon (demo_mosaic_get_span (get_mosaic (self)), 2.6, 1e-9);
}

/* As deep as numbers can tell neighbours apart; and the page says so. */
static void
test_deepest (TestPage *self,
              gconstpointer data)
{
  GtkLabel *status = GTK_LABEL (test_find (self->page, GTK_TYPE_LABEL, "over-picture"));

  test_wait_until (has_size, self);
  test_page_type (self, "Depth", "10");
  test_page_run (self, "Asyncify");
  g_assert_null (strstr (gtk_label_get_text (status), "as deep as"));
  for (guint i = 0; i < 200; i++)
    press_key (self, GDK_KEY_plus, 0);
  g_assert_nonnull (strstr (gtk_label_get_text (status), "as deep as double precision"));
  test_wait_until (is_complete, self);

  press_key (self, GDK_KEY_minus, 0);
  g_assert_null (strstr (gtk_label_get_text (status), "as deep as"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  if (!test_widgets_begin ())
    return 0;

  test_page_add ("/fractal/picture/there-at-once-and-right", "fractal", test_whole_set);
  test_page_add ("/fractal/picture/same-both-ways", "fractal", test_same_picture);
  test_page_add ("/fractal/bad/depths", "fractal", test_refuses);
  test_page_add ("/fractal/cancel/out-of-date-never-run", "fractal", test_out_of_date);
  test_page_add ("/fractal/cancel/in-the-middle", "fractal", test_cancel);
  test_page_add ("/fractal/cancel/at-once", "fractal", test_cancel_at_once);
  g_test_add_func ("/fractal/closed-meanwhile", test_closed_meanwhile);
  test_page_add ("/fractal/flies-unattended", "fractal", test_unattended);
  test_page_add ("/fractal/hands/keys", "fractal", test_keys);
  test_page_add ("/fractal/hands/drag", "fractal", test_drag);
  test_page_add ("/fractal/hands/wheel-zooms-at-pointer", "fractal", test_zoom_at_pointer);
  test_page_add ("/fractal/hands/pinch", "fractal", test_pinch);
  test_page_add ("/fractal/hands/buttons-and-places", "fractal", test_buttons_and_places);
  test_page_add ("/fractal/hands/deepest-zoom", "fractal", test_deepest);

  return g_test_run ();
}
