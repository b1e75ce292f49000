/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a person sees of a call. How much of it at a time is in test-job-news.c, how it
 * is cancelled in test-job-cancel.c.
 */

#include "testutils.h"

#include <math.h>

/* Tells @progress and @message, and then stops at the gate. */
static int
work (TestGate *gate,
      double progress,
      const char *message,
      gboolean fail,
      GError **error)
{
  asyncify_set_progress (progress);
  asyncify_set_message (message);
  if (gate != NULL)
    test_gate_enter (gate);
  if (fail)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "as asked");

  return 5;
}

ASYNCIFY_DEFINE (VALUE (int), work, BORROWED (TestGate *, gate), VALUE (double, progress),
                 STRING (message), VALUE (gboolean, fail), THROWS)

/* Writes down the states as letters: i q r s f c. */
static void
state_cb (AsyncifyJob *job,
          GParamSpec *pspec,
          gpointer user_data)
{
  g_string_append_c (user_data, "iqrsfc"[asyncify_job_get_state (job)]);
}

static GString *
watch_states (AsyncifyJob *job)
{
  GString *states = g_string_new (NULL);

  g_signal_connect (job, "notify::state", G_CALLBACK (state_cb), states);

  return states;
}

static void
test_new (TestFixture *fixture,
          gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new ("Title");
  g_autoptr (AsyncifyJob) untitled = asyncify_job_new (NULL);

  g_assert_cmpstr (asyncify_job_get_title (job), ==, "Title");
  g_assert_null (asyncify_job_get_title (untitled));
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_IDLE);
  g_assert_cmpfloat (asyncify_job_get_progress (job), ==, -1);
  g_assert_null (asyncify_job_get_message (job));
  g_assert_cmpuint (g_list_model_get_n_items (asyncify_job_get_items (job)), ==, 0);
  g_assert_no_error (asyncify_job_get_error (job));
  g_assert_cmpfloat (asyncify_job_get_elapsed (job), ==, 0);
  asyncify_job_cancel (job);
}

/* The properties are what the getters say. */
static void
assert_properties (AsyncifyJob *job)
{
  g_autofree char *title = NULL;
  g_autofree char *message = NULL;
  g_autoptr (GListModel) items = NULL;
  g_autoptr (GError) error = NULL;
  AsyncifyJobState state = ASYNCIFY_JOB_IDLE;
  double progress = 0, elapsed = -1;

  g_object_get (job, "title", &title, "message", &message, "items", &items, "error", &error,
                "state", &state, "progress", &progress, "elapsed", &elapsed, NULL);
  g_assert_cmpstr (title, ==, asyncify_job_get_title (job));
  g_assert_cmpstr (message, ==, asyncify_job_get_message (job));
  g_assert_true (items == asyncify_job_get_items (job));
  g_assert_cmpint (state, ==, asyncify_job_get_state (job));
  g_assert_cmpfloat (progress, ==, asyncify_job_get_progress (job));
  g_assert_cmpfloat (elapsed, ==, asyncify_job_get_elapsed (job));
  if (error == NULL)
    g_assert_no_error (asyncify_job_get_error (job));
  else
    g_assert_error (asyncify_job_get_error (job), error->domain, error->code);
}

static void
test_succeeds (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (AsyncifyJob) job = asyncify_job_new ("Title");
  g_autoptr (GString) states = watch_states (job);
  g_auto (TestReply) reply = { 0 };
  guint ended = 0;
  TEST_GATE (before);
  TEST_GATE (gate);

  fill_limiter (limiter, 1, &before, &ended);
  work_async_full (&gate, 0.5, "Half", FALSE,
                   &(AsyncifyOptions) { .limiter = limiter, .job = job }, NULL, test_reply_cb,
                   &reply);
  g_assert_cmpstr (states->str, ==, "q");
  test_gate_open (&before);
  run_until (asyncify_job_get_state (job) == ASYNCIFY_JOB_RUNNING
             && asyncify_job_get_message (job) != NULL);
  g_assert_cmpfloat (asyncify_job_get_progress (job), ==, 0.5);
  g_assert_cmpstr (asyncify_job_get_message (job), ==, "Half");

  test_gate_open (&gate);
  g_assert_cmpint (work_finish (test_reply_await (&reply), NULL), ==, 5);
  g_assert_cmpstr (states->str, ==, "qrs");
  g_assert_cmpfloat (asyncify_job_get_progress (job), ==, 0.5);
  assert_properties (job);
}

static void
test_fails (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_autoptr (GString) states = watch_states (job);
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };

  work_async_full (NULL, 0.5, NULL, TRUE, &(AsyncifyOptions) { .job = job }, NULL, test_reply_cb,
                   &reply);
  work_finish (test_reply_await (&reply), &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_error (asyncify_job_get_error (job), G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpstr (states->str, ==, "qrf");
  assert_properties (job);
}

/* How far it is, as it is told and as it shows. */
static const struct {
  double told, shown;
} progresses[] = {
  { 0, 0 }, { 0.25, 0.25 }, { 1, 1 }, { 1.5, 1 }, { INFINITY, 1 },
  { -1, -1 }, { -0.5, -1 }, { -INFINITY, -1 }, { NAN, -1 },
};

static void
test_progress_range (TestFixture *fixture,
                     gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (progresses); i++)
    {
      g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
      g_auto (TestReply) reply = { 0 };

      work_async_full (NULL, progresses[i].told, NULL, FALSE, &(AsyncifyOptions) { .job = job },
                       NULL, test_reply_cb, &reply);
      test_reply_await (&reply);
      g_assert_cmpfloat (asyncify_job_get_progress (job), ==, progresses[i].shown);
    }
}

typedef struct {
  AsyncifyJob *job;
  TestReply reply;
} JobAndReply;

static void
all_is_told_cb (GObject *source_object,
                GAsyncResult *result,
                gpointer user_data)
{
  JobAndReply *both = user_data;

  g_assert_cmpint (asyncify_job_get_state (both->job), ==, ASYNCIFY_JOB_SUCCEEDED);
  g_assert_cmpfloat (asyncify_job_get_progress (both->job), ==, 1);
  g_assert_cmpstr (asyncify_job_get_message (both->job), ==, "Done");
  test_reply_cb (source_object, result, &both->reply);
}

static void
test_told_before_callback (TestFixture *fixture,
                           gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);

  for (int i = 0; i < 50; i++)
    {
      JobAndReply both = { job, { 0 } };

      work_async_full (NULL, 1, "Done", FALSE, &(AsyncifyOptions) { .job = job }, NULL,
                       all_is_told_cb, &both);
      test_reply_await (&both.reply);
      test_reply_clear (&both.reply);
    }
}

static void
count_cb (AsyncifyJob *job,
          GParamSpec *pspec,
          gpointer user_data)
{
  guint *count = user_data;

  (*count)++;
}

static void
test_elapsed (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (TestReply) reply = { 0 };
  guint n_notified = 0;
  double first, last;
  TEST_GATE (gate);

  work_async_full (&gate, 0, NULL, FALSE, &(AsyncifyOptions) { .job = job }, NULL, test_reply_cb,
                   &reply);
  g_signal_connect (job, "notify::elapsed", G_CALLBACK (count_cb), &n_notified);
  run_until (n_notified == 1);
  first = asyncify_job_get_elapsed (job);
  g_assert_cmpfloat (first, >, 0);
  run_until (n_notified == 2);
  g_assert_cmpfloat (asyncify_job_get_elapsed (job), >, first);

  test_gate_open (&gate);
  test_reply_await (&reply);
  last = asyncify_job_get_elapsed (job);
  g_assert_cmpfloat (last, >, first);
  g_usleep (1000);
  g_assert_cmpfloat (asyncify_job_get_elapsed (job), ==, last);
}

static void
test_reused (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_autoptr (GString) states = watch_states (job);
  g_auto (TestReply) first = { 0 };
  g_auto (TestReply) second = { 0 };
  TEST_GATE (gate);

  work_async_full (NULL, 0.5, "First", TRUE, &(AsyncifyOptions) { .job = job }, NULL, test_reply_cb,
                   &first);
  test_reply_await (&first);

  pass_gate_async_full (&gate, 0, &(AsyncifyOptions) { .job = job }, NULL, test_reply_cb, &second);
  g_assert_cmpfloat (asyncify_job_get_progress (job), ==, -1);
  g_assert_null (asyncify_job_get_message (job));
  g_assert_no_error (asyncify_job_get_error (job));
  test_gate_open (&gate);
  test_reply_await (&second);
  g_assert_cmpstr (states->str, ==, "qrfqrs");
}

/* It may have one call at a time. The other is made all the same, and not watched. */
static void
test_busy (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_autoptr (GString) states = watch_states (job);
  const AsyncifyOptions options = { .job = job };
  g_auto (TestReply) first = { 0 };
  g_auto (TestReply) second = { 0 };
  TEST_GATE (gate);

  work_async_full (&gate, 0.5, "First", FALSE, &options, NULL, test_reply_cb, &first);
  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, "*");
  work_async_full (NULL, 1, "Second", TRUE, &options, NULL, test_reply_cb, &second);
  g_test_assert_expected_messages ();

  test_reply_await (&second);
  run_until (asyncify_job_get_message (job) != NULL);
  g_assert_cmpstr (asyncify_job_get_message (job), ==, "First");
  g_assert_cmpstr (states->str, ==, "qr");
  test_gate_open (&gate);
  test_reply_await (&first);
  g_assert_cmpstr (states->str, ==, "qrs");
}

static void
gone_cb (gpointer data,
         GObject *where)
{
  gboolean *gone = data;

  *gone = TRUE;
}

static void
test_kept (TestFixture *fixture,
           gconstpointer data)
{
  AsyncifyJob *job = asyncify_job_new (NULL);
  gboolean gone = FALSE;
  TEST_GATE (gate);

  g_object_weak_ref (G_OBJECT (job), gone_cb, &gone);
  {
    g_auto (TestReply) reply = { 0 };

    work_async_full (&gate, 0.5, "On its own", FALSE, &(AsyncifyOptions) { .job = job }, NULL,
                     test_reply_cb, &reply);
    g_object_unref (job);
    g_assert_false (gone);
    test_gate_open (&gate);
    test_reply_await (&reply);
  }
  run_until (gone);
}

static void
test_bound (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_autoptr (GMountOperation) label = g_mount_operation_new ();
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  /* Any object with a property that is a string will do. */
  g_object_bind_property (job, "message", label, "username", G_BINDING_SYNC_CREATE);
  work_async_full (&gate, 0, "Bound", FALSE, &(AsyncifyOptions) { .job = job }, NULL, test_reply_cb,
                   &reply);
  g_assert_null (g_mount_operation_get_username (label));
  run_until (g_strcmp0 (g_mount_operation_get_username (label), "Bound") == 0);
  test_gate_open (&gate);
  test_reply_await (&reply);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/job/new", test_new);
  test_add ("/job/state/succeeds", test_succeeds);
  test_add ("/job/state/fails", test_fails);
  test_add ("/job/progress/range", test_progress_range);
  test_add ("/job/told-before-the-callback", test_told_before_callback);
  test_add ("/job/elapsed", test_elapsed);
  test_add ("/job/used-again", test_reused);
  test_add ("/job/busy-is-a-critical", test_busy);
  test_add ("/job/kept-until-callback", test_kept);
  test_add ("/job/bindable", test_bound);

  return g_test_run ();
}
