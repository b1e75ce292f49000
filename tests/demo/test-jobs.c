/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The panel with the jobs, pressed as a person presses it. */

#include <asyncify/asyncify.h>

#include "demo-jobs-panel.h"
#include "demo-jobs.h"
#include "testfolder.h"
#include "testwidgets.h"

/* Works until it is cancelled, or until the test has seen enough. */
static gboolean
work (int *enough,
      GError **error)
{
  asyncify_set_progress (0.5);
  while (!g_atomic_int_get (enough))
    {
      if (asyncify_set_error_if_cancelled (error))
        return FALSE;
      g_usleep (1000);
    }

  if (g_atomic_int_get (enough) > 0)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "out of paper");
  return FALSE;
}

ASYNCIFY_DEFINE (BOOLEAN, work, BORROWED (int *, enough), THROWS)

#define SUCCEED 1
#define FAIL    -1

typedef struct {
  GtkWindow *window;
  GtkWidget *panel;
  int enough; /* written here, read by the workers */
} Fixture;

static GListModel *
get_jobs (void)
{
  return demo_jobs_get_model (demo_jobs_get_default ());
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static gboolean
has_ended (gpointer data)
{
  return demo_jobs_get_active (demo_jobs_get_default ()) == 0;
}

static void
set_up (Fixture *self,
        gconstpointer data)
{
  self->window = GTK_WINDOW (gtk_window_new ());
  self->panel = g_object_new (DEMO_TYPE_JOBS_PANEL, NULL);
  gtk_window_set_default_size (self->window, 300, 500);
  gtk_window_set_child (self->window, self->panel);
  gtk_window_present (self->window);
  test_wait_until (is_mapped, self->panel);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  g_atomic_int_set (&self->enough, SUCCEED);
  test_wait_until (has_ended, NULL);
  demo_jobs_clear_ended (demo_jobs_get_default ());
  g_assert_cmpuint (g_list_model_get_n_items (get_jobs ()), ==, 0);
  test_destroy_window (self->window);
}

static gboolean
is_running (gpointer data)
{
  return asyncify_job_get_state (data) == ASYNCIFY_JOB_RUNNING;
}

static gboolean
has_progress (gpointer data)
{
  return asyncify_job_get_progress (data) == 0.5;
}

/* Returns: (transfer none): the list keeps it */
static AsyncifyJob *
start_job (Fixture *self,
           const char *title)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (title);

  work_async_full (&self->enough, &(AsyncifyOptions) { .job = job }, NULL, NULL, NULL);
  demo_jobs_add (demo_jobs_get_default (), job);
  test_wait_until (is_running, job);
  test_wait_until (has_progress, job);

  return job;
}

static gboolean
says (GtkWidget *widget,
      const char *text)
{
  gboolean found = GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
                   && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !found;
       child = gtk_widget_get_next_sibling (child))
    found = says (child, text);

  return found;
}

typedef struct {
  GtkWidget *top;
  const char *title, *text;
  GtkWidget *row;
} Wanted;

static gboolean
find_row (gpointer data)
{
  Wanted *wanted = data;
  GtkWidget *list = test_find (wanted->top, GTK_TYPE_LIST_VIEW, NULL);

  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (gtk_widget_get_mapped (row) && says (row, wanted->title) && says (row, wanted->text))
      {
        wanted->row = row;
        return TRUE;
      }

  return FALSE;
}

/* Waits for the row of the job called @title to say @text. */
static GtkWidget *
wait_for_row (Fixture *self,
              const char *title,
              const char *text)
{
  Wanted wanted = { self->panel, title, text, NULL };

  test_wait_until (find_row, &wanted);

  return wanted.row;
}

static GtkWidget *
get_button (Fixture *self,
            const char *label)
{
  return test_find_button (self->panel, label);
}

static void
assert_empty (Fixture *self)
{
  g_assert_true (says (self->panel, "show up here"));
  g_assert_false (gtk_widget_get_mapped (test_find (self->panel, GTK_TYPE_LIST_VIEW, NULL)));
  g_assert_false (gtk_widget_is_sensitive (get_button (self, "Cancel All")));
  g_assert_false (gtk_widget_is_sensitive (get_button (self, "Clear")));
}

static void
test_empty (Fixture *self,
            gconstpointer data)
{
  assert_empty (self);
}

static void
test_shown_while_running (Fixture *self,
                          gconstpointer data)
{
  GtkWidget *row, *bar;

  start_job (self, "Count stars");
  row = wait_for_row (self, "Count stars", "Runs");
  bar = test_find (row, GTK_TYPE_PROGRESS_BAR, NULL);
  g_assert_true (gtk_widget_get_mapped (bar));
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)), ==, 0.5);
  g_assert_true (gtk_widget_is_sensitive (get_button (self, "Cancel All")));
  g_assert_false (gtk_widget_is_sensitive (get_button (self, "Clear")));

  /* The time goes on by itself. */
  wait_for_row (self, "Count stars", "0.3 s");

  g_atomic_int_set (&self->enough, SUCCEED);
  row = wait_for_row (self, "Count stars", "Done in ");
  g_assert_false (gtk_widget_get_visible (test_find (row, GTK_TYPE_PROGRESS_BAR, NULL)));
  g_assert_false (gtk_widget_get_visible (test_find_button (row, "Cancel")));
  g_assert_false (gtk_widget_is_sensitive (get_button (self, "Cancel All")));
  g_assert_true (gtk_widget_is_sensitive (get_button (self, "Clear")));
}

static void
test_failure_says_why (Fixture *self,
                       gconstpointer data)
{
  start_job (self, "Print");
  g_atomic_int_set (&self->enough, FAIL);
  wait_for_row (self, "Print", "Failed: out of paper");
}

/* In words of the app's, which can be translated. */
static void
test_deadline_says_when (Fixture *self,
                         gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new ("Wait");
  const AsyncifyOptions options = { .job = job, .timeout_ms = 100 };

  work_async_full (&self->enough, &options, NULL, NULL, NULL);
  demo_jobs_add (demo_jobs_get_default (), job);
  g_assert_false (says (wait_for_row (self, "Wait", "Timed out after "), "Failed: "));
}

/* The one whose button is pressed, and no other. */
static void
test_cancel_one (Fixture *self,
                 gconstpointer data)
{
  AsyncifyJob *first = start_job (self, "First");
  AsyncifyJob *second = start_job (self, "Second");
  AsyncifyJob *third = start_job (self, "Third");

  wait_for_row (self, "First", "Runs");
  test_click (test_find_button (wait_for_row (self, "Second", "Runs"), "Cancel"));
  wait_for_row (self, "Second", "Cancelled after");
  g_assert_cmpint (asyncify_job_get_state (second), ==, ASYNCIFY_JOB_CANCELLED);
  g_assert_cmpint (asyncify_job_get_state (first), ==, ASYNCIFY_JOB_RUNNING);
  g_assert_cmpint (asyncify_job_get_state (third), ==, ASYNCIFY_JOB_RUNNING);

  /* The latest is on top. */
  g_assert_true (g_list_model_get_item (get_jobs (), 0) == third);
  g_object_unref (third);
}

static void
test_cancel_all (Fixture *self,
                 gconstpointer data)
{
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *title = g_strdup_printf ("Job %u", i);

      start_job (self, title);
    }

  test_click (get_button (self, "Cancel All"));
  test_wait_until (has_ended, NULL);
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (AsyncifyJob) job = g_list_model_get_item (get_jobs (), i);

      g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_CANCELLED);
    }
  g_assert_false (gtk_widget_is_sensitive (get_button (self, "Cancel All")));
}

/* What has ended goes; what runs stays. */
static void
test_clear (Fixture *self,
            gconstpointer data)
{
  AsyncifyJob *ended = start_job (self, "Ended");
  AsyncifyJob *running;

  asyncify_job_cancel (ended);
  wait_for_row (self, "Ended", "Cancelled after");
  running = start_job (self, "Running");
  wait_for_row (self, "Running", "Runs");

  test_click (get_button (self, "Clear"));
  g_assert_cmpuint (g_list_model_get_n_items (get_jobs ()), ==, 1);
  test_wait_for_frames (self->panel, 3);
  wait_for_row (self, "Running", "Runs");
  g_assert_false (says (self->panel, "Ended"));
  g_assert_false (gtk_widget_is_sensitive (get_button (self, "Clear")));

  asyncify_job_cancel (running);
  wait_for_row (self, "Running", "Cancelled after");
  test_click (get_button (self, "Clear"));
  test_wait_for_frames (self->panel, 3);
  assert_empty (self);
}

static void
add_ended_job (Fixture *self,
               guint number)
{
  g_autofree char *title = g_strdup_printf ("Job %u", number);
  g_autoptr (AsyncifyJob) job = asyncify_job_new (title);

  g_atomic_int_set (&self->enough, SUCCEED);
  work_async_full (&self->enough, &(AsyncifyOptions) { .job = job }, NULL, NULL, NULL);
  demo_jobs_add (demo_jobs_get_default (), job);
}

/* More than fit, one after the other: the list goes along. */
static void
test_latest_is_seen (Fixture *self,
                     gconstpointer data)
{
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *title = g_strdup_printf ("Job %u", i);

      add_ended_job (self, i);
      wait_for_row (self, title, "Done in ");
    }
}

static gboolean
find (void)
{
  g_autoptr (GObject) found = g_object_new (G_TYPE_OBJECT, NULL);

  asyncify_emit (found);

  return TRUE;
}

ASYNCIFY_DEFINE (BOOLEAN, find)

static void
find_once (const char *title)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (title);

  find_async_full (&(AsyncifyOptions) { .job = job }, NULL, NULL, NULL);
  demo_jobs_add (demo_jobs_get_default (), job);
  test_wait_until (has_ended, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (asyncify_job_get_items (job)), ==, 1);
}

/* What a job has found is not kept for longer than somebody may look at it. */
static void
test_finds (Fixture *self,
            gconstpointer data)
{
  add_ended_job (self, 1);
  find_once ("Find");
  find_once ("Find other things");
  g_assert_cmpuint (g_list_model_get_n_items (get_jobs ()), ==, 3);

  find_once ("Find");
  g_assert_cmpuint (g_list_model_get_n_items (get_jobs ()), ==, 3);

  /* One that has found nothing costs nothing. */
  add_ended_job (self, 1);
  g_assert_cmpuint (g_list_model_get_n_items (get_jobs ()), ==, 4);
}

static gboolean
one_is_left (gpointer data)
{
  return demo_jobs_get_active (demo_jobs_get_default ()) == 1;
}

/* What ran for a whole day doesn't stay until somebody presses Clear. */
static void
test_ended_are_forgotten (Fixture *self,
                          gconstpointer data)
{
  int enough = 0;
  g_autoptr (AsyncifyJob) running = asyncify_job_new ("Running");
  g_autoptr (AsyncifyJob) last = NULL;

  work_async_full (&enough, &(AsyncifyOptions) { .job = running }, NULL, NULL, NULL);
  demo_jobs_add (demo_jobs_get_default (), running);
  for (guint i = 0; i < 100; i++)
    add_ended_job (self, i);
  test_wait_until (one_is_left, NULL);

  add_ended_job (self, 100);
  g_assert_cmpuint (g_list_model_get_n_items (get_jobs ()), ==, 22);
  wait_for_row (self, "Job 100", "Done in ");
  wait_for_row (self, "Job 99", "Done in ");
  last = g_list_model_get_item (get_jobs (), 21);
  g_assert_true (last == running);

  g_atomic_int_set (&enough, SUCCEED);
  test_wait_until (has_ended, NULL);
}

/* All at once, so that rows are used again for other jobs. */
static void
test_many (Fixture *self,
           gconstpointer data)
{
  for (guint i = 0; i < 500; i++)
    add_ended_job (self, i);

  wait_for_row (self, "Job 499", "Done in ");
  test_wait_until (has_ended, NULL);
  test_click (get_button (self, "Clear"));
  assert_empty (self);
}

/* The jobs go on, and tell nobody. */
static void
test_closed_meanwhile (void)
{
  Fixture fixture = { 0 };

  set_up (&fixture, NULL);
  start_job (&fixture, "First");
  start_job (&fixture, "Second");
  wait_for_row (&fixture, "First", "Runs");
  test_destroy_window (fixture.window);

  g_atomic_int_set (&fixture.enough, SUCCEED);
  test_wait_until (has_ended, NULL);
  demo_jobs_clear_ended (demo_jobs_get_default ());
}

static void
add_test (const char *path,
          void (*func) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  if (!test_widgets_begin ())
    return 0;

  add_test ("/jobs/empty", test_empty);
  add_test ("/jobs/shown-while-running", test_shown_while_running);
  add_test ("/jobs/failure-says-why", test_failure_says_why);
  add_test ("/jobs/deadline-says-when", test_deadline_says_when);
  add_test ("/jobs/cancel-one", test_cancel_one);
  add_test ("/jobs/cancel-all", test_cancel_all);
  add_test ("/jobs/clear", test_clear);
  add_test ("/jobs/latest-is-seen", test_latest_is_seen);
  add_test ("/jobs/ended-are-forgotten", test_ended_are_forgotten);
  add_test ("/jobs/finds-are-forgotten", test_finds);
  add_test ("/jobs/many", test_many);
  g_test_add_func ("/jobs/closed-meanwhile", test_closed_meanwhile);

  return g_test_run ();
}
