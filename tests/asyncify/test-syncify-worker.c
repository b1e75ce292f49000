/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* An asynchronous pair that a worker calls as a blocking function: it runs in the context that
 * the worker's call came from, and the worker waits for it.
 */

#include "testquestion.h"

#include <asyncify/asyncify-mailbox-private.h>

static void
test_callers_context (TestFixture *fixture,
                      gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  TestQuestion question = { .kind = TEST_QUESTION_ANSWERS_ITSELF };

  test_find_out_async (&question, NULL, NULL, test_reply_cb, &reply);
  g_assert_cmpint (test_find_out_finish (test_reply_await (&reply), NULL), ==, 7);
  test_question_assert_places (&question, g_thread_self (), fixture->context);
}

/* The answer takes its time; others have the place meanwhile. */
static void
test_later (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) another = { 0 };
  TestQuestion question = { 0 };

  test_find_out_async_full (&question, NULL, &options, NULL, test_reply_cb, &reply);
  run_until (question.n_begun == 1);
  pass_gate_async_full (NULL, 0, &options, NULL, test_reply_cb, &another);
  test_reply_await (&another);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 0);
  g_assert_false (g_atomic_int_get (&question.has_returned));

  test_question_answer (&question);
  g_assert_cmpint (test_find_out_finish (test_reply_await (&reply), &error), ==, 7);
  g_assert_no_error (error);
  test_question_assert_places (&question, g_thread_self (), fixture->context);
}

/* The worker's own context is not where its call came from. */
static int
find_out_in_context (TestQuestion *question)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  int number;

  g_main_context_push_thread_default (context);
  number = test_find_out (question, NULL, NULL);
  g_main_context_pop_thread_default (context);

  return number;
}

ASYNCIFY_DEFINE (VALUE (int), find_out_in_context, BORROWED (TestQuestion *, question))

static void
test_other_context (TestFixture *fixture,
                    gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  TestQuestion question = { .kind = TEST_QUESTION_ANSWERS_ITSELF };

  find_out_in_context_async (&question, NULL, test_reply_cb, &reply);
  g_assert_cmpint (find_out_in_context_finish (test_reply_await (&reply), NULL), ==, 7);
  test_question_assert_places (&question, g_thread_self (), fixture->context);
}

static void
test_inside (TestFixture *fixture,
             gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  TestQuestion question = { .kind = TEST_QUESTION_ANSWERS_INSIDE };

  test_find_out_async (&question, NULL, NULL, test_reply_cb, &reply);
  g_assert_cmpint (test_find_out_finish (test_reply_await (&reply), NULL), ==, 7);
}

#define N_WORKERS 20

static void
test_several (TestFixture *fixture,
              gconstpointer data)
{
  TestQuestion questions[N_WORKERS] = { 0 };
  guint ended = 0, n_begun = 0;

  for (int i = 0; i < N_WORKERS; i++)
    test_find_out_async (&questions[i], NULL, NULL, test_count_cb, &ended);
  while (n_begun < N_WORKERS)
    {
      g_main_context_iteration (fixture->context, TRUE);
      n_begun = 0;
      for (int i = 0; i < N_WORKERS; i++)
        n_begun += questions[i].n_begun;
    }
  run_dry ();
  g_assert_cmpuint (ended, ==, 0);
  for (int i = N_WORKERS - 1; i >= 0; i--)
    test_question_answer (&questions[i]);
  run_until (ended == N_WORKERS);
}

static void
test_error (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  TestQuestion question = { 0 };

  test_find_out_async (&question, NULL, NULL, test_reply_cb, &reply);
  run_until (question.n_begun == 1);
  test_question_fail (&question);
  test_find_out_finish (test_reply_await (&reply), &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpstr (error->message, ==, "as asked");
}

/* Has it begun before it is cancelled; otherwise it waits at the loop's door. */
static void
begin (TestQuestion *question,
       gboolean is_begun)
{
  if (is_begun)
    run_until (question->n_begun == 1);
  else
    wait_until (test_count_arriving () == 1);
}

/* What cancels the call cancels the question too, if it has no other. */
static void
test_cancelled (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  TestQuestion question = { 0 };

  test_find_out_async (&question, NULL, cancellable, test_reply_cb, &reply);
  begin (&question, GPOINTER_TO_INT (data));
  g_cancellable_cancel (cancellable);
  test_find_out_finish (test_reply_await (&reply), &error);
  assert_cancelled (error);
  test_question_assert_places (&question, g_thread_self (), fixture->context);
}

static void
test_given_cancelled (TestFixture *fixture,
                      gconstpointer data)
{
  g_autoptr (GCancellable) given = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  TestQuestion question = { 0 };

  test_find_out_async (&question, given, NULL, test_reply_cb, &reply);
  begin (&question, GPOINTER_TO_INT (data));
  g_cancellable_cancel (given);
  test_find_out_finish (test_reply_await (&reply), &error);
  assert_cancelled (error);
}

/* It has another one. */
static void
test_given_is_another (TestFixture *fixture,
                       gconstpointer data)
{
  g_autoptr (GCancellable) given = g_cancellable_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  TestQuestion question = { 0 };

  test_find_out_async (&question, given, cancellable, test_reply_cb, &reply);
  run_until (question.n_begun == 1);
  g_cancellable_cancel (cancellable);
  run_dry ();
  g_assert_nonnull (question.task);
  test_question_answer (&question);
  g_assert_cmpint (test_find_out_finish (test_reply_await (&reply), &error), ==, 7);
  g_assert_no_error (error);
}

/* A job and a deadline cancel it likewise. */
static void
test_stopped (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new ("Ask");
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) late = { 0 };
  TestQuestion question = { 0 };
  TestQuestion another = { 0 };

  test_find_out_async_full (&question, NULL, &(AsyncifyOptions) { .job = job }, NULL, test_reply_cb,
                       &reply);
  run_until (question.n_begun == 1);
  asyncify_job_cancel (job);
  test_find_out_finish (test_reply_await (&reply), &error);
  assert_cancelled (error);
  g_clear_error (&error);

  test_find_out_async_full (&another, NULL, &(AsyncifyOptions) { .timeout_ms = 100 }, NULL,
                       test_reply_cb, &late);
  test_find_out_finish (test_reply_await (&late), &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

/* Nobody waits for it any more, but it is told the answer all the same. */
static void
test_abandoned (TestFixture *fixture,
                gconstpointer data)
{
  const AsyncifyOptions options = { .cancel_policy = ASYNCIFY_CANCEL_ABANDON };
  g_autoptr (GCancellable) given = g_cancellable_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  TestQuestion question = { 0 };

  test_find_out_async_full (&question, given, &options, cancellable, test_reply_cb, &reply);
  run_until (question.n_begun == 1);
  g_cancellable_cancel (cancellable);
  test_find_out_finish (test_reply_await (&reply), &error);
  assert_cancelled (error);
  g_assert_false (g_atomic_int_get (&question.has_returned));
  test_question_answer (&question);
  run_until (g_atomic_int_get (&question.has_returned));
  wait_until (asyncify_limiter_get_abandoned (asyncify_limiter_get_default ()) == 0);
}

/* What the function was told, whose callback can't be called any more. */
typedef struct {
  TestQuestion question;
  GError *error;
  int has_ended; /* atomic */
} Lost;

static void
get_lost (Lost *lost)
{
  test_find_out (&lost->question, NULL, &lost->error);
  g_atomic_int_set (&lost->has_ended, TRUE);
}

ASYNCIFY_DEFINE (NOTHING, get_lost, BORROWED (Lost *, lost))

/* It dies before the question is asked there, or afterwards. */
static void
test_context_gone (TestFixture *fixture,
                   gconstpointer data)
{
  const gboolean is_begun = GPOINTER_TO_INT (data);
  GMainContext *context = g_main_context_new ();
  gint64 began = g_get_monotonic_time ();
  Lost lost = { .question.kind = TEST_QUESTION_WITHOUT_TASK };

  g_main_context_push_thread_default (context);
  get_lost_async (&lost, NULL, test_never_cb, NULL);
  begin (&lost.question, is_begun);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  wait_until (g_atomic_int_get (&lost.has_ended));
  /* One that merely gives up does so later. */
  g_assert_cmpint (g_get_monotonic_time () - began, <,
                   ASYNCIFY_MAILBOX_LOOKS * ASYNCIFY_MAILBOX_LOOK);
  g_assert_error (lost.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&lost.error);
  g_assert_cmpuint (lost.question.n_begun, ==, is_begun ? 1 : 0);

  /* Too late. */
  if (is_begun)
    test_question_call_back (&lost.question);
  g_assert_cmpuint (test_count_alive (), ==, 0);
}

static GAsyncReadyCallback late_callback;
static gpointer late_user_data;

/* Keeps nothing but what it has to, and is answered late. */
static void
be_late_async (TestThing *thing,
               GCancellable *cancellable,
               GAsyncReadyCallback callback,
               gpointer user_data)
{
  late_user_data = user_data;
  g_atomic_pointer_set (&late_callback, callback);
}

static int
be_late_finish (TestThing *thing,
                GAsyncResult *result,
                GError **error)
{
  return test_thing_get_number (thing);
}

SYNCIFY_DEFINE (VALUE (int), be_late, be_late_async, be_late_finish, SELF (TestThing, thing))

static void
be_too_late (int *has_ended)
{
  g_autoptr (TestThing) thing = test_thing_new (0);
  g_autoptr (GError) error = NULL;

  be_late (thing, NULL, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_object (&thing);
  g_atomic_int_set (has_ended, TRUE);
}

ASYNCIFY_DEFINE (NOTHING, be_too_late, BORROWED (int *, has_ended))

/* The function has forgotten it, and the finishing function is given it all the same. */
static void
test_late_source_object (TestFixture *fixture,
                         gconstpointer data)
{
  GMainContext *context = g_main_context_new ();
  g_autoptr (GTask) result = g_task_new (NULL, NULL, NULL, NULL);
  int has_ended = FALSE;

  late_callback = NULL;
  g_main_context_push_thread_default (context);
  be_too_late_async (&has_ended, NULL, test_never_cb, NULL);
  run_until (late_callback != NULL);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  wait_until (g_atomic_int_get (&has_ended));
  g_assert_cmpuint (test_count_alive (), ==, 1);
  late_callback (NULL, G_ASYNC_RESULT (result), late_user_data);
  g_task_return_boolean (result, TRUE);
}

/* A loop that is run, on another thread, and in which the answer takes very long. */
static gpointer
answer_late (gpointer data)
{
  const guint ms = (ASYNCIFY_MAILBOX_LOOKS + 2) * ASYNCIFY_MAILBOX_LOOK / G_TIME_SPAN_MILLISECOND;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) timeout = g_timeout_source_new (ms);
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  TestQuestion question = { 0 };

  g_main_context_push_thread_default (context);
  test_find_out_async (&question, NULL, NULL, test_reply_cb, &reply);
  run_until (question.n_begun == 1);
  test_attach (timeout, test_question_answer_cb, &question);
  g_assert_cmpint (test_find_out_finish (test_reply_await (&reply), &error), ==, 7);
  g_assert_no_error (error);
  g_main_context_pop_thread_default (context);

  return NULL;
}

/* All that takes its time: nobody runs the loop before the question is asked, or afterwards. And
 * where somebody does, there is all the time in the world. */
static void
test_not_run (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (GThread) thread = g_thread_new ("late", answer_late, NULL);
  Lost unasked = { .has_ended = FALSE };
  Lost unanswered = { .has_ended = FALSE };
  guint ended = 0;

  get_lost_async (&unanswered, NULL, test_count_cb, &ended);
  run_until (unanswered.question.n_begun == 1);
  get_lost_async (&unasked, NULL, test_count_cb, &ended);
  wait_until (g_atomic_int_get (&unasked.has_ended) && g_atomic_int_get (&unanswered.has_ended));
  g_assert_error (unasked.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_error (unanswered.error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&unasked.error);
  g_clear_error (&unanswered.error);
  g_thread_join (g_steal_pointer (&thread));

  /* When it is run again it is too late. */
  run_until (ended == 2);
  g_assert_cmpuint (unasked.question.n_begun, ==, 0);
  test_question_answer (&unanswered.question);
  run_until (unanswered.question.n_finished == 1);
}

static void
add (const char *path,
     void (*func) (TestFixture *fixture, gconstpointer data),
     int data)
{
  g_test_add (path, TestFixture, GINT_TO_POINTER (data), test_setup, func, test_teardown);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/syncify/worker/in-the-callers-context", test_callers_context);
  test_add ("/syncify/worker/answered-later", test_later);
  test_add ("/syncify/worker/not-in-its-own-context", test_other_context);
  test_add ("/syncify/worker/answered-inside-begin", test_inside);
  test_add ("/syncify/worker/several-at-once", test_several);
  test_add ("/syncify/worker/error", test_error);
  add ("/syncify/worker/cancelled", test_cancelled, TRUE);
  add ("/syncify/worker/cancelled-before", test_cancelled, FALSE);
  add ("/syncify/worker/given-cancellable/cancelled", test_given_cancelled, TRUE);
  add ("/syncify/worker/given-cancellable/cancelled-before", test_given_cancelled, FALSE);
  test_add ("/syncify/worker/given-cancellable/is-another-one", test_given_is_another);
  test_add ("/syncify/worker/job-cancelled-and-timed-out", test_stopped);
  test_add ("/syncify/worker/abandoned", test_abandoned);
  add ("/syncify/worker/context-gone-is-an-error", test_context_gone, FALSE);
  add ("/syncify/worker/context-gone-meanwhile-is-an-error", test_context_gone, TRUE);
  test_add ("/syncify/worker/source-object-is-kept-for-a-late-answer", test_late_source_object);
  test_add ("/syncify/worker/loop-that-is-not-run-is-an-error", test_not_run);

  return g_test_run ();
}
