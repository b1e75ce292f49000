/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Group: several calls as one. */

#include "demo-page.h"
#include "demo-timeline.h"
#include "testpage.h"

/* If the others were not cancelled, they would take this long, in ms. */
#define LONG    "8000"
#define LONG_US (8 * G_TIME_SPAN_SECOND * 3 / 4)

static DemoTimeline *
get_timeline (TestPage *self)
{
  return DEMO_TIMELINE (test_find (self->page, DEMO_TYPE_TIMELINE, NULL));
}

static guint
count (TestPage *self,
       DemoBarState state)
{
  DemoTimeline *timeline = get_timeline (self);
  guint n = 0;

  for (guint i = 0; i < demo_timeline_get_n (timeline); i++)
    n += demo_timeline_get_state (timeline, i) == state;

  return n;
}

/* When the first call failed, as the page says */
static double
get_failed_ms (TestPage *self)
{
  const char *after = strstr (test_page_get_result (self), "failed first, after ");

  g_assert_nonnull (after);

  return g_ascii_strtod (after + strlen ("failed first, after "), NULL);
}

static void
set_up (TestPage *self,
        const char *number,
        const char *ms,
        const char *failing,
        const char *after)
{
  test_page_type (self, "Calls", number);
  test_page_type (self, "Duration", ms);
  test_page_type (self, "Failing", failing);
  test_page_type (self, "After", after);
}

static void
test_both_ways (TestPage *self,
                gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();

  g_assert_cmpuint (count (self, DEMO_BAR_WAITING), ==, 8);
  test_page_run (self, "Freeze");
  test_page_assert (self, "succeeded", "All 8 calls succeeded, one after the other");
  g_assert_cmpint (g_get_monotonic_time () - began, >=, G_TIME_SPAN_SECOND);
  g_assert_cmpuint (count (self, DEMO_BAR_SUCCEEDED), ==, 8);

  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "All 8 calls succeeded, after ");
  g_assert_cmpuint (count (self, DEMO_BAR_SUCCEEDED), ==, 8);
  g_assert_false (demo_timeline_is_moving (get_timeline (self)));

  set_up (self, "1", "1", "", "1");
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "1 call succeeded");
    }
}

/* They run at once: one after the other they would take more than twice as long, however busy the
 * machine is. */
static void
test_at_once (TestPage *self,
              gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();

  set_up (self, "50", "1000", "", "1");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "All 50 calls succeeded, after ");
  g_assert_cmpuint (count (self, DEMO_BAR_SUCCEEDED), ==, 50);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 20 * G_TIME_SPAN_SECOND);
}

static void
test_first_failure (TestPage *self,
                    gconstpointer data)
{
  const char *const failing[] = { "1", "3", "8" };

  for (guint i = 0; i < G_N_ELEMENTS (failing); i++)
    {
      guint number = (guint) g_ascii_strtoull (failing[i], NULL, 10);
      g_autofree char *expected = g_strdup_printf ("Call %u failed first", number);
      gint64 began = g_get_monotonic_time ();

      set_up (self, "8", LONG, failing[i], "100");
      test_page_run (self, "Asyncify");
      test_page_assert (self, "failed", expected);
      test_page_assert (self, "failed", " ms; 0 succeeded, 7 were cancelled");
      g_assert_cmpfloat (get_failed_ms (self), >=, 100);
      g_assert_cmpint (g_get_monotonic_time () - began, <, LONG_US);
      g_assert_cmpint (demo_timeline_get_state (get_timeline (self), number - 1), ==,
                       DEMO_BAR_FAILED);
      g_assert_cmpuint (count (self, DEMO_BAR_CANCELLED), ==, 7);
    }
}

/* The others had ended before it failed. */
static void
test_late_failure (TestPage *self,
                   gconstpointer data)
{
  set_up (self, "4", "10", "2", "1000");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "failed", "Call 2 failed first, after ");
  test_page_assert (self, "failed", " ms; 3 succeeded, 0 were cancelled");
  g_assert_cmpfloat (get_failed_ms (self), >=, 1000);
  g_assert_cmpuint (count (self, DEMO_BAR_SUCCEEDED), ==, 3);
  g_assert_cmpuint (count (self, DEMO_BAR_FAILED), ==, 1);

  set_up (self, "1", "10", "1", "0");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "failed", "Call 1 failed first");
}

/* One after the other, those behind it are not made at all. */
static void
test_frozen_failure (TestPage *self,
                     gconstpointer data)
{
  set_up (self, "5", "10", "3", "10");
  test_page_run (self, "Freeze");
  test_page_assert (self, "failed", "After 2 calls: Call 3 failed");
  g_assert_cmpuint (count (self, DEMO_BAR_SUCCEEDED), ==, 2);
  g_assert_cmpuint (count (self, DEMO_BAR_FAILED), ==, 1);
  g_assert_cmpuint (count (self, DEMO_BAR_WAITING), ==, 2);
}

/* A tour shows both, and takes the failure that it wanted for a success. */
static void
test_unattended (TestPage *self,
                 gconstpointer data)
{
  demo_scenario_set_attended (demo_page_get_scenario (DEMO_PAGE (self->page)), FALSE);
  for (guint i = 0; i < 2; i++)
    {
      test_page_run (self, "Asyncify");
      test_page_assert (self, "succeeded", "All 8 calls succeeded, after ");
      test_page_assert (self, "succeeded", "Call 3 failed first, after ");
      g_assert_cmpfloat (get_failed_ms (self), >=, 125);
      g_assert_cmpuint (count (self, DEMO_BAR_FAILED), ==, 1);
    }

  set_up (self, "1", "10", "", "1");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "1 call succeeded, after ");
  test_page_assert (self, "succeeded", "Call 1 failed first");
}

static void
test_cancel (TestPage *self,
             gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      gint64 began = g_get_monotonic_time ();

      set_up (self, "20", LONG, "", "1");
      test_page_press (self, "Asyncify");
      test_iterate (i);
      g_assert_cmpuint (count (self, DEMO_BAR_RUNNING), ==, 20);
      test_page_press (self, "Cancel");
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
      g_assert_cmpuint (count (self, DEMO_BAR_CANCELLED), ==, 20);
      g_assert_cmpint (g_get_monotonic_time () - began, <, LONG_US);
    }
}

static void
test_refuses (TestPage *self,
              gconstpointer data)
{
  set_up (self, "2", "1", "", "1");
  test_page_refuses (self, "Calls", "from 1 to 50.");
  test_page_refuses (self, "Duration", "from 1 to 10000.");
  test_page_refuses (self, "Failing", "from 1 to 2.");
  test_page_refuses (self, "After", "from 0 to 10000.");

  set_up (self, "2", "1", "3", "1");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "failed", "from 1 to 2.");
  set_up (self, " ", "1", "", "1");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "failed", "from 1 to 50.");
  set_up (self, "0", "1", "", "1");
  test_page_run (self, "Freeze");
  test_page_assert (self, "failed", "from 1 to 50.");
  set_up (self, "2", "1", "0", "1");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "All 2 calls succeeded");
}

static void
test_refuses_long_freeze (TestPage *self,
                          gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();

  set_up (self, "50", "10000", "", "1");
  test_page_run (self, "Freeze");
  test_page_assert (self, "failed", "The window would stand still for");
  g_assert_cmpint (g_get_monotonic_time () - began, <, LONG_US);
}

static void
test_closed_meanwhile (void)
{
  for (guint cancelled = 0; cancelled <= 1; cancelled++)
    {
      TestPage page;

      test_page_set_up (&page, "group");
      test_page_press (&page, "Asyncify");
      test_iterate (3);
      if (cancelled)
        test_page_press (&page, "Cancel");
      test_page_close (&page);
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

  test_page_add ("/group/right-both-ways", "group", test_both_ways);
  test_page_add ("/group/at-once", "group", test_at_once);
  test_page_add ("/group/failure/cancels-the-rest", "group", test_first_failure);
  test_page_add ("/group/failure/after-the-others", "group", test_late_failure);
  test_page_add ("/group/failure/frozen-ends-there", "group", test_frozen_failure);
  test_page_add ("/group/unattended-shows-both", "group", test_unattended);
  test_page_add ("/group/cancel", "group", test_cancel);
  test_page_add ("/group/refuses/no-number", "group", test_refuses);
  test_page_add ("/group/refuses/long-freeze", "group", test_refuses_long_freeze);
  g_test_add_func ("/group/closed-meanwhile", test_closed_meanwhile);

  return g_test_run ();
}
