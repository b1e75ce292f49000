/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The job of an abandoned call: it is over for it, and what the function tells late is told to
 * nobody.
 */

#include "testutils.h"

#include <asyncify/asyncify-job-private.h>

/* Tells something, stops at the gate, tells something else, and stops again. */
typedef struct {
  TestGate before;
  TestGate after;
  guint n_early, n_late; /* items to emit */
  int emitted, returned; /* atomic */
} Teller;

static void
teller_init (Teller *teller)
{
  *teller = (Teller) { .n_early = 1, .n_late = 1 };
  test_gate_init (&teller->before);
  test_gate_init (&teller->after);
}

/* However many calls it has been given to. */
static void
teller_await_return (Teller *teller)
{
  wait_until ((guint) g_atomic_int_get (&teller->returned) == teller->before.entered);
}

static void
teller_clear (Teller *teller)
{
  test_gate_open (&teller->before);
  test_gate_open (&teller->after);
  teller_await_return (teller);
  test_gate_clear (&teller->before);
  test_gate_clear (&teller->after);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Teller, teller_clear)

static void
emit_some (Teller *teller,
           guint n)
{
  while (n-- > 0)
    {
      g_autoptr (GObject) item = g_object_new (G_TYPE_OBJECT, NULL);

      asyncify_emit (item);
      g_atomic_int_inc (&teller->emitted);
    }
}

static int
tell (Teller *teller)
{
  asyncify_set_progress (0.25);
  asyncify_set_message ("early");
  emit_some (teller, teller->n_early);
  test_gate_enter (&teller->before);

  asyncify_set_progress (0.75);
  asyncify_set_message ("late");
  emit_some (teller, teller->n_late);
  test_gate_enter (&teller->after);
  g_atomic_int_inc (&teller->returned);

  return 5;
}

ASYNCIFY_DEFINE (VALUE (int), tell, BORROWED (Teller *, teller))

static void
begin_tell (Teller *teller,
            AsyncifyJob *job,
            TestReply *reply)
{
  const AsyncifyOptions options = { .job = job, .cancel_policy = ASYNCIFY_CANCEL_ABANDON };

  tell_async_full (teller, &options, NULL, test_reply_cb, reply);
}

/* What there may be to tell has been told then. */
static void
run_for_news (void)
{
  const gint64 until = g_get_monotonic_time () + 2 * ASYNCIFY_MAILBOX_NEWS_INTERVAL;

  while (g_get_monotonic_time () < until)
    g_main_context_iteration (g_main_context_get_thread_default (), FALSE);
}

static void
assert_told (AsyncifyJob *job,
             AsyncifyJobState state,
             double progress,
             const char *message,
             guint n_items)
{
  run_for_news ();
  g_assert_cmpint (asyncify_job_get_state (job), ==, state);
  g_assert_cmpfloat (asyncify_job_get_progress (job), ==, progress);
  g_assert_cmpstr (asyncify_job_get_message (job), ==, message);
  g_assert_cmpuint (g_list_model_get_n_items (asyncify_job_get_items (job)), ==, n_items);
}

static void
await_cancelled (AsyncifyJob *job,
                 TestReply *reply)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (tell_finish (test_reply_await (reply), &error), ==, 0);
  assert_cancelled (error);
  assert_cancelled (asyncify_job_get_error (job));
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_CANCELLED);
}

static void
abandon_at_gate (Teller *teller,
                 AsyncifyJob *job)
{
  g_auto (TestReply) reply = { 0 };

  begin_tell (teller, job, &reply);
  test_gate_await (&teller->before, 1);
  asyncify_job_cancel (job);
  await_cancelled (job, &reply);
}

static void
test_over (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  double elapsed;
  g_auto (Teller) teller;

  teller_init (&teller);
  abandon_at_gate (&teller, job);
  g_assert_cmpuint (teller.before.left, ==, 0);
  assert_told (job, ASYNCIFY_JOB_CANCELLED, 0.25, "early", 1);

  /* Its clock stands still. */
  elapsed = asyncify_job_get_elapsed (job);
  g_usleep (1);
  g_assert_cmpfloat (asyncify_job_get_elapsed (job), ==, elapsed);
}

static void
test_late (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (Teller) teller;

  teller_init (&teller);
  abandon_at_gate (&teller, job);
  test_gate_open (&teller.before);
  test_gate_await (&teller.after, 1);
  assert_told (job, ASYNCIFY_JOB_CANCELLED, 0.25, "early", 1);
  test_gate_open (&teller.after);
  teller_await_return (&teller);
  assert_told (job, ASYNCIFY_JOB_CANCELLED, 0.25, "early", 1);
}

/* Nobody takes what it emits, and it needs not wait for anybody. */
static void
test_late_flood (TestFixture *fixture,
                 gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (Teller) teller;

  teller_init (&teller);
  teller.n_late = 10 * ASYNCIFY_NEWS_MAX_ITEMS;
  abandon_at_gate (&teller, job);
  test_gate_open (&teller.before);
  test_gate_await (&teller.after, 1);
  assert_told (job, ASYNCIFY_JOB_CANCELLED, 0.25, "early", 1);
}

/* It waits for the loop, and is abandoned there. */
static void
test_while_it_emits (TestFixture *fixture,
                     gconstpointer data)
{
  const int n = 3 * ASYNCIFY_NEWS_MAX_ITEMS;
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (TestReply) reply = { 0 };
  gint64 cancelled;
  g_auto (Teller) teller;

  teller_init (&teller);
  teller.n_early = n;
  begin_tell (&teller, job, &reply);
  wait_until (g_atomic_int_get (&teller.emitted) >= ASYNCIFY_NEWS_MAX_ITEMS);
  cancelled = g_get_monotonic_time ();
  asyncify_job_cancel (job);
  test_gate_await (&teller.before, 1);
  g_assert_cmpint (g_atomic_int_get (&teller.emitted), ==, n);
  /* So long it would wait for a loop that nobody runs. */
  g_assert_cmpint (g_get_monotonic_time () - cancelled, <,
                   ASYNCIFY_MAILBOX_LOOKS * ASYNCIFY_MAILBOX_LOOK);
  await_cancelled (job, &reply);
  assert_told (job, ASYNCIFY_JOB_CANCELLED, 0.25, "early", ASYNCIFY_NEWS_MAX_ITEMS);
}

/* The job has gone on to another call. */
static void
test_next_call (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (TestReply) reply = { 0 };
  g_auto (Teller) teller;
  g_auto (Teller) next;

  teller_init (&teller);
  teller_init (&next);
  teller.n_late = 10 * ASYNCIFY_NEWS_MAX_ITEMS;
  next.n_late = 0;
  abandon_at_gate (&teller, job);
  begin_tell (&next, job, &reply);
  test_gate_await (&next.before, 1);
  run_until (g_list_model_get_n_items (asyncify_job_get_items (job)) == 1);
  test_gate_open (&teller.before);
  test_gate_await (&teller.after, 1);
  assert_told (job, ASYNCIFY_JOB_RUNNING, 0.25, "early", 1);

  /* Nor does the end of the late one mean anything. */
  test_gate_open (&teller.after);
  teller_await_return (&teller);
  assert_told (job, ASYNCIFY_JOB_RUNNING, 0.25, "early", 1);
  test_gate_open (&next.before);
  test_gate_open (&next.after);
  g_assert_cmpint (tell_finish (test_reply_await (&reply), NULL), ==, 5);
  assert_told (job, ASYNCIFY_JOB_SUCCEEDED, 0.75, "late", 1);
}

/* What the next call emits waits for the loop as ever, though the late one had been released. */
static void
test_next_call_waits (TestFixture *fixture,
                      gconstpointer data)
{
  const int n = 3 * ASYNCIFY_NEWS_MAX_ITEMS;
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (TestReply) reply = { 0 };
  g_auto (Teller) teller;
  g_auto (Teller) next;

  teller_init (&teller);
  teller_init (&next);
  next.n_early = n;
  abandon_at_gate (&teller, job);
  begin_tell (&next, job, &reply);
  wait_until (g_atomic_int_get (&next.emitted) >= ASYNCIFY_NEWS_MAX_ITEMS);

  /* The late call returns, and is freed by a loop that does nothing else. */
  test_gate_open (&teller.before);
  test_gate_open (&teller.after);
  run_until (g_list_model_get_n_items (asyncify_job_get_items (job)) == (guint) n);
  test_gate_await (&next.before, 1);
  test_gate_open (&next.before);
  test_gate_open (&next.after);
  test_reply_await (&reply);
  g_assert_cmpuint (g_list_model_get_n_items (asyncify_job_get_items (job)), ==, n + 1);
}

/* It is the next call that the job cancels. */
static void
test_next_call_cancelled (TestFixture *fixture,
                          gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (Teller) teller;
  g_auto (Teller) next;

  teller_init (&teller);
  teller_init (&next);
  abandon_at_gate (&teller, job);
  abandon_at_gate (&next, job);
  assert_told (job, ASYNCIFY_JOB_CANCELLED, 0.25, "early", 1);
  test_gate_open (&next.before);
  test_gate_open (&teller.before);
  test_gate_await (&next.after, 1);
  test_gate_await (&teller.after, 1);
  assert_told (job, ASYNCIFY_JOB_CANCELLED, 0.25, "early", 1);
}

typedef struct {
  Teller *teller;
  AsyncifyJob *job;
  guint n_calls;
} Chain;

/* Calls again from the callback, and abandons that too. */
static void
chain_cb (GObject *source_object,
          GAsyncResult *result,
          gpointer user_data)
{
  const AsyncifyOptions options = { .cancel_policy = ASYNCIFY_CANCEL_ABANDON };
  Chain *chain = user_data;
  AsyncifyOptions with_job = options;

  with_job.job = chain->job;
  g_assert_cmpint (asyncify_job_get_state (chain->job), ==, ASYNCIFY_JOB_CANCELLED);
  if (++chain->n_calls == 10)
    return;

  tell_async_full (chain->teller, &with_job, NULL, chain_cb, chain);
  test_gate_await (&chain->teller->before, chain->n_calls + 1);
  asyncify_job_cancel (chain->job);
}

static void
test_chain (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (Teller) teller;
  Chain chain = { &teller, job, 0 };

  teller_init (&teller);
  tell_async_full (&teller,
                   &(AsyncifyOptions) { .job = job, .cancel_policy = ASYNCIFY_CANCEL_ABANDON },
                   NULL, chain_cb, &chain);
  test_gate_await (&teller.before, 1);
  asyncify_job_cancel (job);
  run_until (chain.n_calls == 10);
  test_gate_open (&teller.before);
  test_gate_await (&teller.after, 10);
  assert_told (job, ASYNCIFY_JOB_CANCELLED, 0.25, "early", 1);
  g_assert_cmpuint (chain.n_calls, ==, 10);
}

/* The late call is the last that keeps it. */
static void
test_released (TestFixture *fixture,
               gconstpointer data)
{
  AsyncifyJob *job = asyncify_job_new (NULL);
  g_auto (Teller) teller;

  teller_init (&teller);
  abandon_at_gate (&teller, job);
  g_object_add_weak_pointer (G_OBJECT (job), (gpointer *) &job);
  g_object_unref (job);
  g_assert_nonnull (job);
  test_gate_open (&teller.before);
  test_gate_open (&teller.after);
  run_until (job == NULL);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/job/abandon/over-at-once", test_over);
  test_add ("/job/abandon/late-news-are-told-to-nobody", test_late);
  test_add ("/job/abandon/late-items-wait-for-nobody", test_late_flood);
  test_add ("/job/abandon/while-it-waits-to-emit", test_while_it_emits);
  test_add ("/job/abandon/late-news-do-not-reach-the-next-call", test_next_call);
  test_add ("/job/abandon/late-end-does-not-release-the-next-call", test_next_call_waits);
  test_add ("/job/abandon/next-call-can-be-abandoned-too", test_next_call_cancelled);
  test_add ("/job/abandon/from-callback-to-callback", test_chain);
  test_add ("/job/abandon/released-before-the-late-end", test_released);

  return g_test_run ();
}
