/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Cancelling: who is told what, and when. */

#include "demo-page.h"
#include "demo-timeline.h"
#include "testpage.h"

/* How long the function works in most tests, in ms: long enough to tell who waited for it from who
 * did not. */
#define WORK_MS 1500
#define WORK    "1500"

typedef enum {
  NEVER,
  OFTEN
} Looks;

typedef enum {
  WAIT,
  ABANDON,
  INTERRUPT
} Policy;

/* The two bars */
enum {
  CALLER,
  FUNCTION
};

static DemoTimeline *
get_timeline (TestPage *self)
{
  return DEMO_TIMELINE (test_find (self->page, DEMO_TYPE_TIMELINE, NULL));
}

static DemoScenario *
get_scenario (TestPage *self)
{
  return demo_page_get_scenario (DEMO_PAGE (self->page));
}

static gboolean
function_runs (gpointer data)
{
  return demo_timeline_get_state (get_timeline (data), FUNCTION) == DEMO_BAR_RUNNING;
}

static gboolean
function_has_ended (gpointer data)
{
  return !function_runs (data);
}

static void
set_up (TestPage *self,
        Looks looks,
        Policy policy,
        const char *deadline)
{
  test_page_type (self, "Works for", WORK);
  test_page_choose (self, "Looks", looks);
  test_page_choose (self, "To stop it", policy);
  test_page_type (self, "Deadline", deadline);
}

static double
get_ms (TestPage *self,
        guint bar)
{
  const char *text = demo_timeline_get_text (get_timeline (self), bar);

  g_assert_nonnull (text);
  g_assert_true (g_str_has_prefix (text, "until "));

  return g_ascii_strtod (text + strlen ("until "), NULL);
}

static void
test_both_ways (TestPage *self,
                gconstpointer data)
{
  test_page_type (self, "Works for", "200");
  test_page_run (self, "Freeze");
  test_page_assert (self, "succeeded", "Nobody could ask it to stop");
  g_assert_cmpfloat (get_ms (self, FUNCTION), >=, 200);
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "Nobody asked it to stop");
  g_assert_cmpfloat (get_ms (self, CALLER), >=, 200);
  g_assert_cmpfloat (get_ms (self, FUNCTION), >=, 200);
  g_assert_false (demo_timeline_is_moving (get_timeline (self)));
}

typedef struct {
  Looks looks;
  Policy policy;
  const char *outcome;
  gboolean waits;   /* for the caller the answer comes when the function has returned */
  gboolean notices; /* the function returns early */
} Case;

static const Case cases[] = {
  { NEVER, WAIT, "succeeded", TRUE, FALSE },      { OFTEN, WAIT, "cancelled", TRUE, TRUE },
  { NEVER, ABANDON, "cancelled", FALSE, FALSE },  { OFTEN, ABANDON, "cancelled", FALSE, TRUE },
  { NEVER, INTERRUPT, "cancelled", TRUE, TRUE },  { OFTEN, INTERRUPT, "cancelled", TRUE, TRUE },
};

/* What the time line says in the end */
static void
assert_times (TestPage *self,
              const Case *c)
{
  double answered, finished;

  test_wait_until (function_has_ended, self);
  answered = get_ms (self, CALLER);
  finished = get_ms (self, FUNCTION);
  g_assert_cmpint (demo_timeline_get_state (get_timeline (self), FUNCTION), ==,
                   c->notices ? DEMO_BAR_CANCELLED : DEMO_BAR_SUCCEEDED);
  if (c->waits)
    g_assert_cmpfloat (answered, >=, finished);
  else if (!c->notices)
    g_assert_cmpfloat (answered, <, finished);
  if (c->notices)
    g_assert_cmpfloat (finished, <, WORK_MS);
  else
    g_assert_cmpfloat (finished, >=, WORK_MS);
  g_assert_false (demo_timeline_is_moving (get_timeline (self)));
}

static void
test_cancel (TestPage *self,
             gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      set_up (self, cases[i].looks, cases[i].policy, "");
      test_page_press (self, "Asyncify");
      test_wait_until (function_runs, self);
      g_assert_true (demo_timeline_is_moving (get_timeline (self)));
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      g_assert_true (test_page_is (self, cases[i].outcome));
      if (!cases[i].waits && !cases[i].notices)
        g_assert_true (function_runs (self));
      assert_times (self, &cases[i]);
    }
}

static void
test_deadline (TestPage *self,
               gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      set_up (self, cases[i].looks, cases[i].policy, "300");
      test_page_run (self, "Asyncify");
      if (g_str_equal (cases[i].outcome, "succeeded"))
        test_page_assert (self, "succeeded", "never noticed");
      else
        test_page_assert (self, "failed", "The deadline of 300 ms was over. Asked to stop at");
      assert_times (self, &cases[i]);
      g_assert_cmpfloat (get_ms (self, CALLER), >=, 300);
    }

  /* One that is never reached */
  test_page_type (self, "Works for", "50");
  test_page_type (self, "Deadline", "10000");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "Nobody asked");
}

/* In a tour it cancels itself, and that is a success. */
static void
test_unattended (TestPage *self,
                 gconstpointer data)
{
  demo_scenario_set_attended (get_scenario (self), FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      set_up (self, cases[i].looks, cases[i].policy, "");
      test_page_run (self, "Asyncify");
      test_page_assert (self, "succeeded", "Asked to stop at ");
      test_page_assert (self, "succeeded", "answered at ");
      test_page_assert (self, "succeeded", "returned at ");
      g_assert_false (function_runs (self));
      assert_times (self, &cases[i]);
    }
}

/* Whether or not the function has begun by then. */
static void
test_cancel_at_once (TestPage *self,
                     gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      set_up (self, OFTEN, i % 2 == 0 ? ABANDON : INTERRUPT, "");
      test_page_press (self, "Asyncify");
      test_iterate (i);
      test_page_press (self, "Cancel");
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
      test_wait_until (function_has_ended, self);
      g_assert_false (demo_timeline_is_moving (get_timeline (self)));
    }
}

static void
test_cancel_job (TestPage *self,
                 gconstpointer data)
{
  set_up (self, NEVER, INTERRUPT, "");
  test_page_press (self, "Asyncify");
  test_wait_until (function_runs, self);
  asyncify_job_cancel (demo_scenario_get_job (get_scenario (self)));
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
  assert_times (self, &cases[4]);
}

/* A new run while the function of the last one still works: it has a time line of its own. */
static void
test_run_beside_abandoned (TestPage *self,
                           gconstpointer data)
{
  set_up (self, NEVER, ABANDON, "");
  for (guint i = 0; i < 3; i++)
    {
      test_page_press (self, "Asyncify");
      test_wait_until (function_runs, self);
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
      g_assert_true (function_runs (self));
    }

  test_page_type (self, "Works for", "10");
  test_page_run (self, "Freeze");
  test_page_assert (self, "succeeded", "Nobody could");
  g_assert_false (function_runs (self));
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "Nobody asked");
  g_assert_false (function_runs (self));
}

static void
test_refuses (TestPage *self,
              gconstpointer data)
{
  test_page_type (self, "Works for", "10");
  test_page_refuses (self, "Works for", "from 1 to 10000.");
  test_page_refuses (self, "Deadline", "from 1 to 10000.");
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_type (self, "Works for", i == 0 ? " " : "0");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "failed", "from 1 to 10000.");
    }

  test_page_type (self, "Works for", "5001");
  test_page_run (self, "Freeze");
  test_page_assert (self, "failed", "stand still for 6 s");
}

/* With motion the bars grow while something runs; without it they are just there. */
static void
test_motion (TestPage *self,
             gconstpointer data)
{
  GtkSettings *settings = gtk_widget_get_settings (self->page);

  for (guint animated = 0; animated <= 1; animated++)
    {
      g_object_set (settings, "gtk-enable-animations", animated, NULL);
      test_page_type (self, "Works for", "500");
      test_page_press (self, "Asyncify");
      g_assert_cmpint (demo_timeline_is_moving (get_timeline (self)), ==, animated);
      test_page_wait_until_idle (self);
      test_page_assert (self, "succeeded", "Nobody asked");
      g_assert_false (demo_timeline_is_moving (get_timeline (self)));
    }
}

/* In the middle; and when only the abandoned function is left. */
static void
test_closed_meanwhile (void)
{
  for (guint cancelled = 0; cancelled <= 1; cancelled++)
    {
      TestPage page;

      test_page_set_up (&page, "cancel");
      set_up (&page, NEVER, ABANDON, "");
      test_page_type (&page, "Works for", "500");
      test_page_press (&page, "Asyncify");
      test_wait_until (function_runs, &page);
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

  test_page_add ("/cancel/right-both-ways", "cancel", test_both_ways);
  test_page_add ("/cancel/every-policy", "cancel", test_cancel);
  test_page_add ("/cancel/deadline", "cancel", test_deadline);
  test_page_add ("/cancel/unattended", "cancel", test_unattended);
  test_page_add ("/cancel/at-once", "cancel", test_cancel_at_once);
  test_page_add ("/cancel/in-the-list-of-jobs", "cancel", test_cancel_job);
  test_page_add ("/cancel/run-beside-abandoned", "cancel", test_run_beside_abandoned);
  test_page_add ("/cancel/refuses-no-number", "cancel", test_refuses);
  test_page_add ("/cancel/reduced-motion", "cancel", test_motion);
  g_test_add_func ("/cancel/closed-meanwhile", test_closed_meanwhile);

  return g_test_run ();
}
