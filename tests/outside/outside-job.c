/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a person can watch of a call, and what the function says for it. */

#include "outside.h"

static GMutex gate; /* held by main () while the function shall wait */

static gboolean
count (int n,
       GError **error)
{
  for (int i = 1; i <= n; i++)
    {
      g_autoptr (GObject) item = g_object_new (G_TYPE_OBJECT, NULL);
      g_autofree char *message = g_strdup_printf ("%d of %d", i, n);

      g_object_set_data (item, "number", GINT_TO_POINTER (i));
      asyncify_set_message (message);
      asyncify_set_progress ((double) i / n);
      asyncify_emit (item);
    }
  g_mutex_lock (&gate);
  g_mutex_unlock (&gate);
  if (n > 0)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "nothing to count");
  return FALSE;
}

static gboolean
go_on_for_ever (GError **error)
{
  while (!asyncify_is_cancelled ())
    g_usleep (1000);

  return !asyncify_set_error_if_cancelled (error);
}

ASYNCIFY_DEFINE (BOOLEAN, count, VALUE (int, n), THROWS)
ASYNCIFY_DEFINE (BOOLEAN, go_on_for_ever, THROWS)

static GAsyncResult *kept;

typedef struct {
  char *title, *message;
  AsyncifyJobState state;
  double progress, elapsed;
  GListModel *items;
  GError *error;
} Seen;

/* All that there is, in both ways to read it */
static void
look (AsyncifyJob *job,
      Seen *seen)
{
  g_object_get (job, "title", &seen->title, "state", &seen->state, "progress", &seen->progress,
                "message", &seen->message, "items", &seen->items, "error", &seen->error,
                "elapsed", &seen->elapsed, NULL);
  g_assert_cmpstr (seen->title, ==, asyncify_job_get_title (job));
  g_assert_cmpstr (seen->message, ==, asyncify_job_get_message (job));
  g_assert_cmpint (seen->state, ==, asyncify_job_get_state (job));
  g_assert_true (seen->progress == asyncify_job_get_progress (job));
  g_assert_true (seen->items == asyncify_job_get_items (job));
  g_assert_cmpint (seen->error != NULL, ==, asyncify_job_get_error (job) != NULL);
  g_assert_true (seen->elapsed <= asyncify_job_get_elapsed (job));
}

static void
unsee (Seen *seen)
{
  g_free (seen->title);
  g_free (seen->message);
  g_object_unref (seen->items);
  g_clear_error (&seen->error);
}

/* A widget of somebody's who watches: it takes the values by property bindings. */
static void
check_watched (void)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new ("Counting");
  g_autoptr (AsyncifyJob) twin = asyncify_job_new (NULL);
  g_autoptr (GError) error = NULL;
  GObject *third;
  Seen seen;

  g_assert_true (ASYNCIFY_IS_JOB (job));
  g_assert_null (asyncify_job_get_title (twin));
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_IDLE);

  g_mutex_lock (&gate);
  count_async_full (10, &(AsyncifyOptions) { .job = job }, NULL, keep_cb, &kept);
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_QUEUED);
  while (g_list_model_get_n_items (asyncify_job_get_items (job)) < 10)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_RUNNING);
  g_mutex_unlock (&gate);

  g_assert_true (count_finish (await (&kept), &error));
  g_assert_no_error (error);
  look (job, &seen);
  g_assert_cmpstr (seen.title, ==, "Counting");
  g_assert_cmpstr (seen.message, ==, "10 of 10");
  g_assert_cmpint (seen.state, ==, ASYNCIFY_JOB_SUCCEEDED);
  g_assert_true (seen.progress == 1);
  g_assert_true (seen.elapsed > 0);
  g_assert_null (seen.error);
  third = g_list_model_get_item (seen.items, 2);
  g_assert_cmpint (GPOINTER_TO_INT (g_object_get_data (third, "number")), ==, 3);
  g_object_unref (third);
  unsee (&seen);
}

static void
check_failed (void)
{
  g_autoptr (AsyncifyJob) job
    = ASYNCIFY_JOB (g_object_new (ASYNCIFY_TYPE_JOB, "title", "Nothing", NULL));
  g_autoptr (GError) error = NULL;
  Seen seen;

  count_async_full (0, &(AsyncifyOptions) { .job = job }, NULL, keep_cb, &kept);
  g_assert_false (count_finish (await (&kept), &error));
  look (job, &seen);
  g_assert_cmpint (seen.state, ==, ASYNCIFY_JOB_FAILED);
  g_assert_error (seen.error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_cmpstr (seen.error->message, ==, error->message);
  g_assert_true (seen.progress == -1);
  unsee (&seen);
}

static void
cancel_cb (AsyncifyJob *job)
{
  if (asyncify_job_get_state (job) == ASYNCIFY_JOB_RUNNING)
    asyncify_job_cancel (job);
}

static gboolean
is_over (GBinding *binding,
         const GValue *from,
         GValue *to,
         gpointer user_data)
{
  (void) binding;
  (void) user_data;
  g_value_set_boolean (to, g_value_get_enum (from) >= ASYNCIFY_JOB_SUCCEEDED);

  return TRUE;
}

static void
check_cancelled (void)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new ("For ever");
  g_autoptr (GSimpleAction) action = g_simple_action_new ("clear", NULL);
  g_autoptr (GError) error = NULL;

  asyncify_job_cancel (job); /* nothing is under way */
  g_signal_connect (job, "notify::state", G_CALLBACK (cancel_cb), NULL);
  g_object_bind_property_full (job, "state", action, "enabled", G_BINDING_SYNC_CREATE, is_over,
                               NULL, NULL, NULL);
  g_assert_false (g_action_get_enabled (G_ACTION (action)));

  go_on_for_ever_async_full (&(AsyncifyOptions) { .job = job }, NULL, keep_cb, &kept);
  g_assert_false (go_on_for_ever_finish (await (&kept), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_CANCELLED);
  g_assert_error (asyncify_job_get_error (job), G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_action_get_enabled (G_ACTION (action)));
}

static void
check_state_type (void)
{
  g_autofree char *name = g_enum_to_string (ASYNCIFY_TYPE_JOB_STATE, ASYNCIFY_JOB_RUNNING);

  g_assert_cmpstr (name, ==, "ASYNCIFY_JOB_RUNNING");
}

int
main (void)
{
  begin ();
  check_watched ();
  check_failed ();
  check_cancelled ();
  check_state_type ();

  return 0;
}
