/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Hello: a function that can't be interrupted. */

#include <asyncify/asyncify.h>

#include "demo-jobs.h"
#include "testpage.h"

/* What the blocking function takes, in us. */
#define CALL G_TIME_SPAN_SECOND

#define MEGABYTE (1024 * 1024)

static void
test_greets (TestPage *self,
             gconstpointer data)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      gint64 began = g_get_monotonic_time ();

      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "Hello, World");
      g_assert_cmpint (g_get_monotonic_time () - began, >=, CALL);
    }

  test_page_type (self, "Name", "Zoë “Ünder” O'Hara");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "Hello, Zoë “Ünder” O'Hara");
}

/* Refused on the page, and before the main loop runs again: the function was not called. */
static void
assert_refused (TestPage *self,
                const char *name,
                const char *problem)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_type (self, "Name", name);
      test_page_press (self, test_page_ways[i]);
      test_page_assert (self, "failed", problem);
    }
}

static void
test_refuses (TestPage *self,
              gconstpointer data)
{
  g_autofree char *megabyte = g_strnfill (MEGABYTE, 'x');
  g_autofree char *longest = g_strnfill (100, 'x');

  assert_refused (self, "", "Type a name");
  assert_refused (self, " \t ", "Type a name");
  assert_refused (self, megabyte, "too long");

  test_page_type (self, "Name", longest);
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", longest);
}

/* A page that was closed meanwhile has nothing to show, and nothing breaks. */
static void
test_closed_meanwhile (void)
{
  TestPage page;

  test_page_set_up (&page, "hello");
  test_page_press (&page, "Asyncify");
  test_page_close (&page);
}

static void
assert_running (TestPage *self)
{
  g_assert_false (gtk_widget_is_sensitive (test_find_button (self->page, "Freeze")));
  g_assert_false (gtk_widget_is_sensitive (test_find_button (self->page, "Asyncify")));
  g_assert_false (gtk_widget_is_sensitive (test_find_entry (self->page, "Name")));
  g_assert_true (gtk_widget_is_sensitive (test_find_button (self->page, "Cancel")));
}

static void
test_buttons_while_running (TestPage *self,
                            gconstpointer data)
{
  GtkWidget *progress = test_find (self->page, GTK_TYPE_PROGRESS_BAR, NULL);

  g_assert_false (gtk_widget_get_visible (progress));
  test_page_press (self, "Asyncify");
  assert_running (self);
  g_assert_true (gtk_widget_get_visible (progress));
  g_assert_true (test_page_is (self, "idle"));
  g_assert_cmpstr (test_page_get_result (self), ==, "Running…");

  test_page_wait_until_idle (self);
  g_assert_true (gtk_widget_is_sensitive (test_find_entry (self->page, "Name")));
  g_assert_false (gtk_widget_get_visible (progress));
}

static gboolean
is_running (gpointer data)
{
  g_autoptr (AsyncifyJob) job
    = g_list_model_get_item (demo_jobs_get_model (demo_jobs_get_default ()), 0);

  return asyncify_job_get_state (job) == ASYNCIFY_JOB_RUNNING;
}

/* What the function returns is what the caller gets, and this one doesn't return early. */
static void
test_cancel_while_running (TestPage *self,
                           gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();

  test_page_press (self, "Asyncify");
  test_wait_until (is_running, NULL);
  test_page_press (self, "Cancel");
  test_page_press (self, "Cancel");
  assert_running (self);
  test_page_wait_until_idle (self);

  test_page_assert (self, "succeeded", "Hello, World");
  g_assert_cmpint (g_get_monotonic_time () - began, >=, CALL);
}

static void
wait_for_gate (GMutex *gate)
{
  g_mutex_lock (gate);
  g_mutex_unlock (gate);
}

ASYNCIFY_DEFINE (NOTHING, wait_for_gate, BORROWED (GMutex *, gate))

static void
through_gate_cb (GObject *source,
                 GAsyncResult *result,
                 gpointer user_data)
{
  (*(guint *) user_data)--;
}

static gboolean
is_zero (gpointer data)
{
  return *(guint *) data == 0;
}

/* A call that waits for its turn is not made any more. */
static void
test_cancel_while_queued (TestPage *self,
                          gconstpointer data)
{
  guint n_places = asyncify_limiter_get_max_running (asyncify_limiter_get_default ());
  guint n_waiting = n_places;
  GMutex gate;

  g_mutex_init (&gate);
  g_mutex_lock (&gate);
  for (guint i = 0; i < n_places; i++)
    wait_for_gate_async (&gate, NULL, through_gate_cb, &n_waiting);
  test_page_press (self, "Asyncify");
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
  g_assert_cmpuint (n_waiting, ==, n_places);

  g_mutex_unlock (&gate);
  test_wait_until (is_zero, &n_waiting);
  g_mutex_clear (&gate);
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "Hello, World");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  if (!test_widgets_begin ())
    return 0;

  test_page_add ("/hello/greets", "hello", test_greets);
  test_page_add ("/hello/refuses-empty-and-too-long", "hello", test_refuses);
  test_page_add ("/hello/buttons-while-running", "hello", test_buttons_while_running);
  test_page_add ("/hello/cancel/running-returns-its-result", "hello", test_cancel_while_running);
  test_page_add ("/hello/cancel/queued-never-runs", "hello", test_cancel_while_queued);
  g_test_add_func ("/hello/closed-meanwhile", test_closed_meanwhile);

  return g_test_run ();
}
