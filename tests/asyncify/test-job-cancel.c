/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A call with a job can be cancelled in two ways: by the job, and by its caller. */

#include "testutils.h"

static int
ask (TestGate *gate,
     GCancellable *cancellable,
     GError **error)
{
  test_gate_enter (gate);
  g_assert_true (g_cancellable_is_cancelled (cancellable) == asyncify_is_cancelled ());
  asyncify_set_error_if_cancelled (error);

  return 5;
}

ASYNCIFY_DEFINE (VALUE (int), ask, BORROWED (TestGate *, gate), CANCELLABLE, THROWS)

typedef struct {
  AsyncifyJob *job;
  GCancellable *cancellable; /* nullable; the caller's */
  AsyncifyLimiter *limiter;  /* of one */
  TestGate before;           /* where another call keeps that limiter full */
  TestGate gate;
  guint before_ended;
  TestReply reply;
} Watched;

static void
watched_init (Watched *watched,
              GCancellable *cancellable)
{
  *watched = (Watched) { 0 };
  watched->job = asyncify_job_new (NULL);
  watched->cancellable = cancellable;
  watched->limiter = asyncify_limiter_new (1);
  test_gate_init (&watched->before);
  test_gate_init (&watched->gate);
  fill_limiter (watched->limiter, 1, &watched->before, &watched->before_ended);
}

static void
watched_clear (Watched *watched)
{
  test_gate_open (&watched->before);
  run_until (watched->before_ended == 1);
  test_gate_clear (&watched->before);
  test_gate_clear (&watched->gate);
  test_reply_clear (&watched->reply);
  g_object_unref (watched->job);
  g_object_unref (watched->limiter);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Watched, watched_clear)

static void
watched_begin (Watched *watched)
{
  ask_async_full (&watched->gate,
                  &(AsyncifyOptions) { .limiter = watched->limiter, .job = watched->job },
                  watched->cancellable, test_reply_cb, &watched->reply);
}

static void
watched_run (Watched *watched)
{
  test_gate_open (&watched->before);
  test_gate_await (&watched->gate, 1);
}

static void
watched_assert_cancelled (Watched *watched)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (ask_finish (test_reply_await (&watched->reply), &error), ==, 0);
  assert_cancelled (error);
  assert_cancelled (asyncify_job_get_error (watched->job));
  g_assert_cmpint (asyncify_job_get_state (watched->job), ==, ASYNCIFY_JOB_CANCELLED);
}

static void
test_queued_by_job (TestFixture *fixture,
                    gconstpointer data)
{
  g_auto (Watched) watched;

  watched_init (&watched, NULL);
  watched_begin (&watched);
  asyncify_job_cancel (watched.job);
  watched_assert_cancelled (&watched);
}

static void
test_queued_by_caller (TestFixture *fixture,
                       gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Watched) watched;

  watched_init (&watched, cancellable);
  watched_begin (&watched);
  g_cancellable_cancel (cancellable);
  watched_assert_cancelled (&watched);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
}

static void
test_before (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Watched) watched;

  g_cancellable_cancel (cancellable);
  watched_init (&watched, cancellable);
  watched_begin (&watched);
  watched_assert_cancelled (&watched);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
}

static gpointer
cancel_in_thread (gpointer data)
{
  asyncify_job_cancel (data);

  return NULL;
}

/* The caller's GCancellable, which other calls may share, is left alone. */
static void
test_running_by_job (TestFixture *fixture,
                     gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Watched) watched;

  watched_init (&watched, cancellable);
  watched_begin (&watched);
  watched_run (&watched);
  g_thread_join (g_thread_new ("canceller", cancel_in_thread, watched.job));
  test_gate_open (&watched.gate);
  watched_assert_cancelled (&watched);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
}

static void
test_running_by_caller (TestFixture *fixture,
                        gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Watched) watched;

  watched_init (&watched, cancellable);
  watched_begin (&watched);
  watched_run (&watched);
  g_cancellable_cancel (cancellable);
  test_gate_open (&watched.gate);
  watched_assert_cancelled (&watched);
}

/* It is a call that is cancelled, not the job. */
static void
test_afterwards (TestFixture *fixture,
                 gconstpointer data)
{
  g_auto (TestReply) again = { 0 };
  g_auto (Watched) watched;

  watched_init (&watched, NULL);
  watched_begin (&watched);
  watched_run (&watched);
  test_gate_open (&watched.gate);
  g_assert_cmpint (ask_finish (test_reply_await (&watched.reply), NULL), ==, 5);
  asyncify_job_cancel (watched.job);
  g_assert_cmpint (asyncify_job_get_state (watched.job), ==, ASYNCIFY_JOB_SUCCEEDED);

  ask_async_full (&watched.gate, &(AsyncifyOptions) { .job = watched.job }, NULL, test_reply_cb,
                  &again);
  g_assert_cmpint (ask_finish (test_reply_await (&again), NULL), ==, 5);
  g_assert_cmpint (asyncify_job_get_state (watched.job), ==, ASYNCIFY_JOB_SUCCEEDED);
}

/* A function that finished its work nevertheless has succeeded. */
static void
test_too_late (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  pass_gate_async_full (&gate, 5, &(AsyncifyOptions) { .job = job }, NULL, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  asyncify_job_cancel (job);
  test_gate_open (&gate);
  g_assert_cmpint (pass_gate_finish (test_reply_await (&reply), NULL), ==, 5);
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_SUCCEEDED);
}

/* Jobs of calls that share a GCancellable have one handler there. */
static void
test_shared (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint ended = 0, n_calls = 0;
  TEST_GATE (gate);

  fill_limiter (limiter, 1, &gate, &ended);
  for (int i = 0; i < 1000; i++)
    {
      g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);

      pass_gate_async_full (NULL, 0, &(AsyncifyOptions) { .limiter = limiter, .job = job },
                            cancellable, test_count_cb, &n_calls);
    }
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 1);
  g_cancellable_cancel (cancellable);
  run_until (n_calls == 1000);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
  g_assert_cmpuint (G_OBJECT (cancellable)->ref_count, ==, 1);

  test_gate_open (&gate);
  run_until (ended == 1);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/job/cancel/queued-by-the-job", test_queued_by_job);
  test_add ("/job/cancel/queued-by-the-caller", test_queued_by_caller);
  test_add ("/job/cancel/before-the-call", test_before);
  test_add ("/job/cancel/running-by-the-job", test_running_by_job);
  test_add ("/job/cancel/running-by-the-caller", test_running_by_caller);
  test_add ("/job/cancel/afterwards-does-nothing", test_afterwards);
  test_add ("/job/cancel/too-late-is-a-success", test_too_late);
  test_add ("/job/cancel/shared-by-many-has-one-handler", test_shared);

  return g_test_run ();
}
