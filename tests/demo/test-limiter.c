/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Limiter: many calls of which only a few run at once, and the dots that show them. */

#include "demo-grid.h"
#include "demo-lanes.h"
#include "testpage.h"

/* What counts as soon on the busiest machine, in us; and what would take much longer than that. */
#define SOON (20 * G_TIME_SPAN_SECOND)

static guint
count (TestPage *self,
       DemoLane lane)
{
  return demo_lanes_get_count (DEMO_LANES (test_find (self->page, DEMO_TYPE_LANES, NULL)), lane);
}

static gboolean
is_moving (TestPage *self)
{
  return demo_lanes_is_moving (DEMO_LANES (test_find (self->page, DEMO_TYPE_LANES, NULL)));
}

static gboolean
is_idle (TestPage *self)
{
  return gtk_widget_is_sensitive (test_find_button (self->page, "Freeze"));
}

static void
set_calls (TestPage *self,
           const char *number,
           const char *ms)
{
  test_page_type (self, "Calls", number);
  test_page_type (self, "Duration", ms);
}

static void
test_both_ways (TestPage *self,
                gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();

  test_page_run (self, "Freeze");
  test_page_assert (self, "succeeded", "20 calls done, one after the other");
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 20 * 100 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (count (self, DEMO_LANE_DONE), ==, 20);

  began = g_get_monotonic_time ();
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "20 calls done, never more than 4 at once");
  g_assert_cmpint (g_get_monotonic_time () - began, >=, 20 / 4 * 100 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (count (self, DEMO_LANE_DONE), ==, 20);

  set_calls (self, "1", "0");
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "1 call done");
      g_assert_cmpuint (count (self, DEMO_LANE_DONE), ==, 1);
    }
}

/* The most that were ever seen running, until the run has ended */
static guint
watch (TestPage *self)
{
  guint most = 0;

  while (!is_idle (self))
    {
      g_main_context_iteration (NULL, TRUE);
      most = MAX (most, count (self, DEMO_LANE_RUNNING));
    }

  return most;
}

static void
test_never_more (TestPage *self,
                 gconstpointer data)
{
  set_calls (self, "100", "10");
  for (guint i = 1; i <= 8; i *= 2)
    {
      g_autofree char *expected = g_strdup_printf ("100 calls done, never more than %u at once", i);

      test_page_slide (self, "At once", i);
      test_page_press (self, "Asyncify");
      g_assert_cmpuint (watch (self), <=, i);
      test_page_assert (self, "succeeded", expected);
    }
}

typedef struct {
  TestPage *page;
  DemoLane lane;
  guint at_least;
} Wanted;

static gboolean
has_dots (gpointer data)
{
  Wanted *wanted = data;

  return count (wanted->page, wanted->lane) >= wanted->at_least;
}

static void
wait_for_dots (TestPage *self,
               DemoLane lane,
               guint at_least)
{
  Wanted wanted = { self, lane, at_least };

  test_wait_until (has_dots, &wanted);
}

/* The slider takes effect while they run: upwards, and downwards. */
static void
test_slider_while_running (TestPage *self,
                           gconstpointer data)
{
  set_calls (self, "200", "40");
  test_page_slide (self, "At once", 2);
  test_page_press (self, "Asyncify");
  wait_for_dots (self, DEMO_LANE_RUNNING, 2);
  test_page_slide (self, "At once", 20);
  wait_for_dots (self, DEMO_LANE_RUNNING, 20);
  test_page_slide (self, "At once", 1);
  wait_for_dots (self, DEMO_LANE_DONE, 120);
  g_assert_cmpuint (count (self, DEMO_LANE_RUNNING), <=, 1);
  test_page_slide (self, "At once", 64);
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "200 calls done, never more than ");
  g_assert_cmpuint (count (self, DEMO_LANE_DONE), ==, 200);
}

static gboolean
none_is_abandoned (gpointer data)
{
  return count (data, DEMO_LANE_ABANDONED) == 0;
}

/* If they ran, it would take minutes. Those that run are abandoned, and are counted until they have
 * returned. */
static void
test_cancel (TestPage *self,
             gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();
  guint n_abandoned, n_done;

  set_calls (self, "1000", "3000");
  test_page_press (self, "Asyncify");
  wait_for_dots (self, DEMO_LANE_RUNNING, 4);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
  n_abandoned = count (self, DEMO_LANE_ABANDONED);
  n_done = count (self, DEMO_LANE_DONE);
  g_assert_cmpuint (n_abandoned, >=, 1);
  g_assert_cmpuint (n_abandoned, <=, 4);
  g_assert_cmpuint (count (self, DEMO_LANE_QUEUED), ==, 0);
  g_assert_cmpuint (count (self, DEMO_LANE_RUNNING), ==, 0);
  g_assert_cmpuint (count (self, DEMO_LANE_CANCELLED), ==, 1000 - n_abandoned - n_done);
  test_wait_until (none_is_abandoned, self);
  g_assert_cmpuint (count (self, DEMO_LANE_CANCELLED), ==, 1000 - n_done);
  g_assert_cmpint (g_get_monotonic_time () - began, <, SOON);

  set_calls (self, "20", "1");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "20 calls done");
}

/* Before the first call was made, and as often as one can press. */
static void
test_cancel_at_once (TestPage *self,
                     gconstpointer data)
{
  set_calls (self, "10000", "50");
  for (guint i = 0; i < 20; i++)
    {
      test_page_press (self, "Asyncify");
      test_iterate (i);
      test_page_press (self, "Cancel");
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
      g_assert_cmpuint (count (self, DEMO_LANE_QUEUED), ==, 0);
      g_assert_cmpuint (count (self, DEMO_LANE_RUNNING), ==, 0);
    }
}

static void
test_refuses (TestPage *self,
              gconstpointer data)
{
  test_page_refuses (self, "Calls", "from 1 to 10000.");
  test_page_refuses (self, "Duration", "from 0 to 10000.");
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      set_calls (self, "0", "1");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "failed", "from 1 to 10000.");
      set_calls (self, "1", i == 0 ? "" : " ");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "failed", "from 0 to 10000.");
    }
}

/* A day, if it were not refused */
static void
test_refuses_long_freeze (TestPage *self,
                          gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();

  set_calls (self, "10000", "10000");
  test_page_run (self, "Freeze");
  test_page_assert (self, "failed", "stand still for 100000 s");
  g_assert_cmpint (g_get_monotonic_time () - began, <, SOON);
}

/* All of them are shown, and when they have come to rest nothing is drawn any more. */
static gboolean
has_come_to_rest (gpointer data)
{
  return !is_moving (data);
}

static void
test_ten_thousand (TestPage *self,
                   gconstpointer data)
{
  set_calls (self, "10000", "0");
  test_page_slide (self, "At once", 64);
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "10000 calls done, never more than ");
  g_assert_cmpuint (count (self, DEMO_LANE_DONE), ==, 10000);
  test_wait_until (has_come_to_rest, self);
}

/* With motion the dots fly; without it they are just there. */
static void
test_motion (TestPage *self,
             gconstpointer data)
{
  GtkSettings *settings = gtk_widget_get_settings (self->page);

  for (guint animated = 0; animated <= 1; animated++)
    {
      gboolean moved = FALSE;

      g_object_set (settings, "gtk-enable-animations", animated, NULL);
      test_page_press (self, "Asyncify");
      while (!is_idle (self))
        {
          g_main_context_iteration (NULL, TRUE);
          moved = moved || is_moving (self);
        }
      test_page_assert (self, "succeeded", "20 calls done");
      g_assert_cmpint (moved, ==, animated);
      g_assert_cmpuint (count (self, DEMO_LANE_DONE), ==, 20);
      test_wait_until (has_come_to_rest, self);
    }
}

/* The calls go on without the page; so do those that were abandoned. */
static void
test_closed_meanwhile (void)
{
  for (guint cancelled = 0; cancelled <= 1; cancelled++)
    {
      TestPage page;

      test_page_set_up (&page, "limiter");
      set_calls (&page, "50", "50");
      test_page_press (&page, "Asyncify");
      wait_for_dots (&page, DEMO_LANE_RUNNING, 4);
      if (cancelled)
        test_page_press (&page, "Cancel");
      test_page_close (&page);
    }
}

static void
assert_dots_apart (const DemoGrid *grid,
                   guint n_dots)
{
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < n_dots; i++)
    {
      graphene_rect_t dot = demo_grid_get_dot (grid, DEMO_STACK_TOP, i);
      guint place = (guint) dot.origin.y * 1000 + (guint) dot.origin.x;

      g_assert_true (graphene_rect_contains_rect (&grid->area, &dot));
      g_assert_true (g_hash_table_add (places, GUINT_TO_POINTER (place + 1)));
    }

  /* A stack from the bottom has the same places, in the other order. */
  for (guint i = 0; i < n_dots; i++)
    {
      graphene_rect_t dot = demo_grid_get_dot (grid, DEMO_STACK_BOTTOM, i);
      graphene_rect_t same
        = demo_grid_get_dot (grid, DEMO_STACK_TOP, grid->columns * grid->rows - 1 - i);

      g_assert_true (graphene_rect_equal (&dot, &same));
    }
}

static void
test_grid (void)
{
  for (guint n_dots = 1; n_dots <= 10000; n_dots *= 10)
    {
      DemoGrid grid;

      demo_grid_fit (&grid, &GRAPHENE_RECT_INIT (3, 7, 187, 113), n_dots);
      g_assert_cmpuint (grid.columns * grid.rows, >=, n_dots);
      assert_dots_apart (&grid, n_dots);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  if (!test_widgets_begin ())
    return 0;

  test_page_add ("/limiter/right-both-ways", "limiter", test_both_ways);
  test_page_add ("/limiter/never-more-at-once", "limiter", test_never_more);
  test_page_add ("/limiter/slider-while-they-run", "limiter", test_slider_while_running);
  test_page_add ("/limiter/cancel/queued-never-run", "limiter", test_cancel);
  test_page_add ("/limiter/cancel/at-once", "limiter", test_cancel_at_once);
  test_page_add ("/limiter/refuses/no-number", "limiter", test_refuses);
  test_page_add ("/limiter/refuses/long-freeze", "limiter", test_refuses_long_freeze);
  test_page_add ("/limiter/ten-thousand-and-then-rest", "limiter", test_ten_thousand);
  test_page_add ("/limiter/reduced-motion", "limiter", test_motion);
  g_test_add_func ("/limiter/closed-meanwhile", test_closed_meanwhile);
  g_test_add_func ("/limiter/grid/dots-apart-and-inside", test_grid);

  return g_test_run ();
}
