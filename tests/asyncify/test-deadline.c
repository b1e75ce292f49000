/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Calls that take too long. Many of them are in test-deadline-many.c. */

#include "testutils.h"

/* Short enough to be waited for, and what a test never waits for. */
#define SHORT 20
#define LONG (60 * 60 * 1000)

typedef enum {
  GIVE_UP,  /* says so, as it is told to */
  SUCCEED,
  FAIL
} Answer;

/* Stops at the gate, and then looks whether it was told. */
typedef struct {
  TestGate gate;
  Answer answer;
  GPtrArray *order;  /* nullable: where it is added when its time is over */
  int told, n_hooks; /* atomic */
  int n_ended;       /* atomic; how many will not look at this any more */
  TestReply reply;
} Slow;

static void
slow_init (Slow *slow,
           Answer answer)
{
  *slow = (Slow) { .answer = answer };
  test_gate_init (&slow->gate);
}

static void
slow_clear (Slow *slow)
{
  test_gate_open (&slow->gate);
  wait_until ((guint) g_atomic_int_get (&slow->n_ended) == test_gate_count (&slow->gate));
  test_gate_clear (&slow->gate);
  test_reply_clear (&slow->reply);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Slow, slow_clear)

static int
be_slow (Slow *slow,
         GCancellable *cancellable,
         GError **error)
{
  test_gate_enter (&slow->gate);
  if (asyncify_is_cancelled () && g_cancellable_is_cancelled (cancellable))
    g_atomic_int_set (&slow->told, TRUE);

  if (slow->answer == GIVE_UP)
    asyncify_set_error_if_cancelled (error);
  else if (slow->answer == FAIL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "as asked");
  g_atomic_int_inc (&slow->n_ended);

  return 5;
}

ASYNCIFY_DEFINE (VALUE (int), be_slow, BORROWED (Slow *, slow), CANCELLABLE, THROWS)

/* Says that the time is over. The gate stays shut. */
static void
hook (gpointer data)
{
  Slow *slow = data;

  g_atomic_int_inc (&slow->n_hooks);
  if (slow->order != NULL)
    g_ptr_array_add (slow->order, slow);
}

static void
slow_begin (Slow *slow,
            AsyncifyOptions options,
            GCancellable *cancellable)
{
  options.interrupt = hook;
  options.interrupt_data = slow;
  be_slow_async_full (slow, &options, cancellable, test_reply_cb, &slow->reply);
}

static void
assert_error (Slow *slow,
              GIOErrorEnum code)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (be_slow_finish (test_reply_await (&slow->reply), &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, (int) code);
}

static void
assert_result (Slow *slow)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (be_slow_finish (test_reply_await (&slow->reply), &error), ==, 5);
  g_assert_no_error (error);
}

static void
await_hook (Slow *slow)
{
  run_until (g_atomic_int_get (&slow->n_hooks) == 1);
}

/* Lets time pass, while nobody runs the loop. */
static void
pass_ms (guint ms)
{
  const gint64 until = g_get_monotonic_time () + ms * G_TIME_SPAN_MILLISECOND;

  wait_until (g_get_monotonic_time () > until);
}

/* It is told, and says that it gave up: but why it gave up is the caller's to know. */
static void
test_told (TestFixture *fixture,
           gconstpointer data)
{
  const gint64 began = g_get_monotonic_time ();
  g_auto (Slow) slow;

  slow_init (&slow, GIVE_UP);
  slow_begin (&slow, (AsyncifyOptions) { .timeout_ms = SHORT }, NULL);
  test_gate_await (&slow.gate, 1);
  await_hook (&slow);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, SHORT * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (slow.reply.n_calls, ==, 0);
  test_gate_open (&slow.gate);
  assert_error (&slow, G_IO_ERROR_TIMED_OUT);
  g_assert_true (slow.told);
  g_assert_cmpint (slow.n_hooks, ==, 1);
}

/* What else it returns is what the caller gets. */
static void
test_too_late (TestFixture *fixture,
               gconstpointer data)
{
  g_auto (Slow) success;
  g_auto (Slow) failure;

  slow_init (&success, SUCCEED);
  slow_init (&failure, FAIL);
  slow_begin (&success, (AsyncifyOptions) { .timeout_ms = SHORT }, NULL);
  slow_begin (&failure, (AsyncifyOptions) { .timeout_ms = SHORT }, NULL);
  test_gate_await (&success.gate, 1);
  test_gate_await (&failure.gate, 1);
  await_hook (&success);
  await_hook (&failure);
  test_gate_open (&success.gate);
  test_gate_open (&failure.gate);
  assert_result (&success);
  assert_error (&failure, G_IO_ERROR_BUSY);
  g_assert_true (success.told && failure.told);
}

static void
test_abandoned (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_auto (Slow) slow;

  slow_init (&slow, SUCCEED);
  slow_begin (&slow,
              (AsyncifyOptions) { .limiter = limiter,
                                  .timeout_ms = SHORT,
                                  .cancel_policy = ASYNCIFY_CANCEL_ABANDON },
              NULL);
  test_gate_await (&slow.gate, 1);
  assert_error (&slow, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (slow.gate.left, ==, 0);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (limiter), ==, 1);
  test_gate_open (&slow.gate);
  wait_until (asyncify_limiter_get_abandoned (limiter) == 0);
  g_assert_true (g_atomic_int_get (&slow.told));
}

/* It needs no thread for that. */
static void
test_queued (TestFixture *fixture,
             gconstpointer data)
{
  const AsyncifyCancelPolicy policies[] = { ASYNCIFY_CANCEL_WAIT, ASYNCIFY_CANCEL_ABANDON };

  for (guint i = 0; i < G_N_ELEMENTS (policies); i++)
    {
      g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
      guint ended = 0;
      TEST_GATE (gate);
      g_auto (Slow) slow;

      slow_init (&slow, SUCCEED);
      fill_limiter (limiter, 1, &gate, &ended);
      slow_begin (&slow,
                  (AsyncifyOptions) { .limiter = limiter,
                                      .timeout_ms = SHORT,
                                      .cancel_policy = policies[i] },
                  NULL);
      assert_error (&slow, G_IO_ERROR_TIMED_OUT);
      g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 0);
      g_assert_cmpuint (asyncify_limiter_get_abandoned (limiter), ==, 0);
      test_gate_open (&gate);
      run_until (ended == 1);
      g_assert_cmpuint (slow.gate.entered, ==, 0);
      g_assert_cmpint (slow.n_hooks, ==, 0);
    }
}

/* The time in the queue counts. */
static void
test_time_in_queue (TestFixture *fixture,
                    gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();
  guint ended = 0;
  TEST_GATE (gate);
  g_auto (Slow) queued;
  g_auto (Slow) at_once;

  slow_init (&queued, GIVE_UP);
  slow_init (&at_once, GIVE_UP);
  queued.order = at_once.order = order;
  fill_limiter (limiter, 1, &gate, &ended);
  slow_begin (&queued, (AsyncifyOptions) { .limiter = limiter, .timeout_ms = 200 }, NULL);
  slow_begin (&at_once, (AsyncifyOptions) { .timeout_ms = 210 }, NULL);
  pass_ms (50);
  test_gate_open (&gate);
  test_gate_await (&queued.gate, 1);
  test_gate_await (&at_once.gate, 1);
  await_hook (&at_once);
  await_hook (&queued);
  /* Counted from when it began, its time would be over later. */
  g_assert_true (g_ptr_array_index (order, 0) == &queued);

  test_gate_open (&queued.gate);
  test_gate_open (&at_once.gate);
  assert_error (&queued, G_IO_ERROR_TIMED_OUT);
  assert_error (&at_once, G_IO_ERROR_TIMED_OUT);
  run_until (ended == 1);
}

/* When it is over, another call's time is over too. */
static void
run_past (guint timeout_ms)
{
  g_auto (Slow) slow;

  slow_init (&slow, GIVE_UP);
  slow_begin (&slow, (AsyncifyOptions) { .timeout_ms = timeout_ms + 1 }, NULL);
  test_gate_await (&slow.gate, 1);
  await_hook (&slow);
  test_gate_open (&slow.gate);
  assert_error (&slow, G_IO_ERROR_TIMED_OUT);
}

static void
test_none (TestFixture *fixture,
           gconstpointer data)
{
  const guint timeouts[] = { 0, LONG, G_MAXUINT };

  for (guint i = 0; i < G_N_ELEMENTS (timeouts); i++)
    {
      g_auto (Slow) slow;

      slow_init (&slow, GIVE_UP);
      slow_begin (&slow, (AsyncifyOptions) { .timeout_ms = timeouts[i] }, NULL);
      test_gate_await (&slow.gate, 1);
      run_past (SHORT);
      g_assert_cmpint (slow.n_hooks, ==, 0);
      test_gate_open (&slow.gate);
      assert_result (&slow);
      g_assert_false (slow.told);
    }
}

/* Nothing is left of its deadline but one look whether there is another. */
static void
test_in_time (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  guint ended = 0;
  TEST_GATE (gate);
  g_auto (Slow) slow;

  slow_init (&slow, GIVE_UP);
  test_gate_open (&slow.gate);
  slow_begin (&slow, (AsyncifyOptions) { .limiter = limiter, .timeout_ms = 500 }, NULL);
  fill_limiter (limiter, 1, &gate, &ended);
  assert_result (&slow);
  run_dry ();
  pass_ms (500);
  g_assert_cmpuint (run_dry (), <=, 1);
  g_assert_cmpuint (run_dry (), ==, 0);
  g_assert_cmpint (slow.n_hooks, ==, 0);
  test_gate_open (&gate);
  run_until (ended == 1);
}

/* It has returned in time. That nobody ran the loop is not its fault. */
static void
test_heard_of_late (TestFixture *fixture,
                    gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  guint ended = 0;
  TEST_GATE (gate);
  g_auto (Slow) slow;

  slow_init (&slow, GIVE_UP);
  test_gate_open (&slow.gate);
  slow_begin (&slow, (AsyncifyOptions) { .limiter = limiter, .timeout_ms = 500 }, NULL);
  fill_limiter (limiter, 1, &gate, &ended);
  pass_ms (500);
  assert_result (&slow);
  g_assert_cmpint (slow.n_hooks, ==, 0);
  test_gate_open (&gate);
  run_until (ended == 1);
}

/* What came first counts. */
static void
test_cancelled_before (TestFixture *fixture,
                       gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Slow) waited_for;
  g_auto (Slow) abandoned;

  slow_init (&waited_for, GIVE_UP);
  slow_init (&abandoned, GIVE_UP);
  slow_begin (&waited_for, (AsyncifyOptions) { .timeout_ms = 200 }, cancellable);
  slow_begin (&abandoned,
              (AsyncifyOptions) { .timeout_ms = 200, .cancel_policy = ASYNCIFY_CANCEL_ABANDON },
              cancellable);
  test_gate_await (&waited_for.gate, 1);
  test_gate_await (&abandoned.gate, 1);
  g_cancellable_cancel (cancellable);
  run_past (200);
  g_assert_cmpint (waited_for.n_hooks, ==, 1);
  g_assert_cmpint (abandoned.n_hooks, ==, 1);
  test_gate_open (&waited_for.gate);
  assert_error (&waited_for, G_IO_ERROR_CANCELLED);
  assert_error (&abandoned, G_IO_ERROR_CANCELLED);
}

static void
test_cancelled_afterwards (TestFixture *fixture,
                           gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Slow) waited_for;
  g_auto (Slow) abandoned;

  slow_init (&waited_for, GIVE_UP);
  slow_init (&abandoned, GIVE_UP);
  slow_begin (&waited_for, (AsyncifyOptions) { .timeout_ms = SHORT }, cancellable);
  slow_begin (&abandoned,
              (AsyncifyOptions) { .timeout_ms = SHORT, .cancel_policy = ASYNCIFY_CANCEL_ABANDON },
              cancellable);
  test_gate_await (&waited_for.gate, 1);
  test_gate_await (&abandoned.gate, 1);
  await_hook (&waited_for);
  await_hook (&abandoned);
  g_cancellable_cancel (cancellable);
  test_gate_open (&waited_for.gate);
  assert_error (&waited_for, G_IO_ERROR_TIMED_OUT);
  assert_error (&abandoned, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpint (waited_for.n_hooks, ==, 1);
  g_assert_cmpint (abandoned.n_hooks, ==, 1);
}

/* The same for one that is queued: it comes home only when all is over. */
static void
test_queued_and_cancelled (TestFixture *fixture,
                           gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint ended = 0;
  TEST_GATE (gate);
  g_auto (Slow) cancelled;
  g_auto (Slow) timed_out;

  slow_init (&cancelled, GIVE_UP);
  slow_init (&timed_out, GIVE_UP);
  fill_limiter (limiter, 1, &gate, &ended);
  slow_begin (&cancelled, (AsyncifyOptions) { .limiter = limiter, .timeout_ms = 200 }, cancellable);
  g_cancellable_cancel (cancellable);
  pass_ms (200);
  assert_error (&cancelled, G_IO_ERROR_CANCELLED);

  g_cancellable_reset (cancellable);
  slow_begin (&timed_out, (AsyncifyOptions) { .limiter = limiter, .timeout_ms = 1 }, cancellable);
  run_until (asyncify_limiter_get_queued (limiter) == 0);
  g_cancellable_cancel (cancellable);
  assert_error (&timed_out, G_IO_ERROR_TIMED_OUT);
  test_gate_open (&gate);
  run_until (ended == 1);
}

/* It belongs to others too. */
static void
test_shared (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Slow) slow;
  g_auto (Slow) patient;

  slow_init (&slow, GIVE_UP);
  slow_init (&patient, GIVE_UP);
  slow_begin (&slow, (AsyncifyOptions) { .timeout_ms = SHORT }, cancellable);
  slow_begin (&patient, (AsyncifyOptions) { .timeout_ms = LONG }, cancellable);
  test_gate_await (&slow.gate, 1);
  test_gate_await (&patient.gate, 1);
  await_hook (&slow);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  test_gate_open (&slow.gate);
  assert_error (&slow, G_IO_ERROR_TIMED_OUT);
  g_assert_true (slow.told);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 1);

  /* And it still cancels. */
  g_assert_cmpint (patient.n_hooks, ==, 0);
  g_cancellable_cancel (cancellable);
  test_gate_open (&patient.gate);
  assert_error (&patient, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
}

static void
test_after_cancellation (TestFixture *fixture,
                         gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (Slow) cancelled;
  g_auto (Slow) slow;

  slow_init (&cancelled, GIVE_UP);
  slow_init (&slow, GIVE_UP);
  slow_begin (&cancelled, (AsyncifyOptions) { .timeout_ms = LONG }, cancellable);
  test_gate_await (&cancelled.gate, 1);
  g_cancellable_cancel (cancellable);
  test_gate_open (&cancelled.gate);
  assert_error (&cancelled, G_IO_ERROR_CANCELLED);

  g_cancellable_reset (cancellable);
  slow_begin (&slow, (AsyncifyOptions) { .timeout_ms = SHORT }, cancellable);
  test_gate_await (&slow.gate, 1);
  await_hook (&slow);
  test_gate_open (&slow.gate);
  assert_error (&slow, G_IO_ERROR_TIMED_OUT);
}

static void
assert_job_timed_out (AsyncifyJob *job)
{
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_FAILED);
  g_assert_error (asyncify_job_get_error (job), G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_job (TestFixture *fixture,
          gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  AsyncifyOptions options = { .limiter = limiter, .job = job, .timeout_ms = SHORT };
  guint ended = 0;
  TEST_GATE (gate);
  g_auto (Slow) waited_for;
  g_auto (Slow) abandoned;
  g_auto (Slow) cancelled;

  slow_init (&waited_for, GIVE_UP);
  slow_init (&abandoned, GIVE_UP);
  slow_init (&cancelled, GIVE_UP);
  slow_begin (&waited_for, options, NULL);
  test_gate_await (&waited_for.gate, 1);
  await_hook (&waited_for);
  g_assert_no_error (asyncify_job_get_error (job));
  test_gate_open (&waited_for.gate);
  assert_error (&waited_for, G_IO_ERROR_TIMED_OUT);
  assert_job_timed_out (job);

  options.cancel_policy = ASYNCIFY_CANCEL_ABANDON;
  slow_begin (&abandoned, options, NULL);
  test_gate_await (&abandoned.gate, 1);
  assert_error (&abandoned, G_IO_ERROR_TIMED_OUT);
  assert_job_timed_out (job);

  /* Cancelled in time it is cancelled. */
  options.timeout_ms = LONG;
  fill_limiter (limiter, 1, &gate, &ended);
  slow_begin (&cancelled, options, NULL);
  asyncify_job_cancel (job);
  assert_error (&cancelled, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_CANCELLED);
  test_gate_open (&gate);
  run_until (ended == 1);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/call/timeout/running-is-told", test_told);
  test_add ("/call/timeout/what-else-it-returns-counts", test_too_late);
  test_add ("/call/timeout/running-is-abandoned", test_abandoned);
  test_add ("/call/timeout/queued-never-runs", test_queued);
  test_add ("/call/timeout/time-in-the-queue-counts", test_time_in_queue);
  test_add ("/call/timeout/none", test_none);
  test_add ("/call/timeout/in-time", test_in_time);
  test_add ("/call/timeout/in-time-but-heard-of-late", test_heard_of_late);
  test_add ("/call/timeout/cancelled-before-is-cancelled", test_cancelled_before);
  test_add ("/call/timeout/cancelled-afterwards-is-timed-out", test_cancelled_afterwards);
  test_add ("/call/timeout/queued-and-cancelled", test_queued_and_cancelled);
  test_add ("/call/timeout/shared-cancellable-is-left-alone", test_shared);
  test_add ("/call/timeout/after-a-cancellation", test_after_cancellation);
  test_add ("/call/timeout/job-fails", test_job);

  return g_test_run ();
}
