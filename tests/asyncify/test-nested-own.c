/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A worker makes calls in a loop of its own, which run in the place that it lends. One of them may
 * have to be ended from that very loop: then the worker must not wait until that one has ended.
 * (All limiters are of one here.)
 */

#include "testutils.h"

#define N_ROUNDS 30
#define N_WAKES 3

static int
await_cancel (TestGate *gate,
              GCancellable *cancellable,
              GError **error)
{
  gint64 until = test_emergency_time ();

  test_gate_enter (gate);
  while (!asyncify_set_error_if_cancelled (error))
    test_emergency_wait (until, "the call is cancelled");

  return 0;
}

ASYNCIFY_DEFINE (VALUE (int), await_cancel, BORROWED (TestGate *, gate), CANCELLABLE, THROWS)

static void
cancel_cb (GObject *source_object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

/* Makes two calls, the first of which has the second cancelled when it has ended. Returns: whether
 * that is what came of the second */
static gboolean
race (AsyncifyLimiter *limiter)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const AsyncifyOptions options = { .limiter = limiter };
  g_autoptr (GError) error = NULL;
  TEST_GATE (gate);

  test_gate_open (&gate);
  g_main_context_push_thread_default (context);
  {
    g_auto (TestReply) second = { 0 };

    pass_gate_async_full (NULL, 1, &options, NULL, cancel_cb, cancellable);
    await_cancel_async_full (&gate, &options, cancellable, test_reply_cb, &second);
    await_cancel_finish (test_reply_await (&second), &error);
  }
  g_main_context_pop_thread_default (context);

  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

ASYNCIFY_DEFINE (BOOLEAN, race, OBJECT (AsyncifyLimiter, limiter))

static void
test_cancelled_by_callback (TestFixture *fixture,
                            gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_auto (TestReply) reply = { 0 };

      race_async_full (limiter, &(AsyncifyOptions) { .limiter = limiter }, NULL, test_reply_cb,
                       &reply);
      g_assert_true (race_finish (test_reply_await (&reply), NULL));
    }
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 0);
}

/* Returns: whether the call that has taken the place timed out */
static gboolean
await_deadline (AsyncifyLimiter *limiter)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  const AsyncifyOptions options = { .limiter = limiter, .timeout_ms = 5 };
  g_autoptr (GError) error = NULL;
  guint ended = 0;
  TEST_GATE (gate);

  test_gate_open (&gate);
  g_main_context_push_thread_default (context);
  {
    g_auto (TestReply) reply = { 0 };

    await_cancel_async_full (&gate, &options, NULL, test_reply_cb, &reply);
    /* Something that wakes the loop before the time is over. */
    for (guint i = 0; i < N_WAKES; i++)
      pass_gate_async (NULL, 1, NULL, test_count_cb, &ended);
    await_cancel_finish (test_reply_await (&reply), &error);
    run_until (ended == N_WAKES);
  }
  g_main_context_pop_thread_default (context);

  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

ASYNCIFY_DEFINE (BOOLEAN, await_deadline, OBJECT (AsyncifyLimiter, limiter))

static void
test_deadline (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_auto (TestReply) reply = { 0 };

      await_deadline_async_full (limiter, &(AsyncifyOptions) { .limiter = limiter }, NULL,
                                 test_reply_cb, &reply);
      g_assert_true (await_deadline_finish (test_reply_await (&reply), NULL));
    }
}

/* Makes a call that is cancelled with it. */
static int
await_below (AsyncifyLimiter *limiter,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  int number;
  TEST_GATE (gate);

  test_gate_open (&gate);
  g_main_context_push_thread_default (context);
  {
    g_auto (TestReply) reply = { 0 };

    await_cancel_async_full (&gate, &(AsyncifyOptions) { .limiter = limiter }, cancellable,
                             test_reply_cb, &reply);
    number = await_cancel_finish (test_reply_await (&reply), error);
  }
  g_main_context_pop_thread_default (context);

  return number;
}

ASYNCIFY_DEFINE (VALUE (int), await_below, OBJECT (AsyncifyLimiter, limiter), CANCELLABLE, THROWS)

/* Likewise, but the call in its place is made by one that it has made on another limiter. */
static gboolean
await_deadline_between (AsyncifyLimiter *limiter,
                        AsyncifyLimiter *other)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  const AsyncifyOptions options = { .limiter = other, .timeout_ms = 5 };
  g_autoptr (GError) error = NULL;
  guint ended = 0;

  g_main_context_push_thread_default (context);
  {
    g_auto (TestReply) reply = { 0 };

    await_below_async_full (limiter, &options, NULL, test_reply_cb, &reply);
    for (guint i = 0; i < N_WAKES; i++)
      pass_gate_async (NULL, 1, NULL, test_count_cb, &ended);
    await_below_finish (test_reply_await (&reply), &error);
    run_until (ended == N_WAKES);
  }
  g_main_context_pop_thread_default (context);

  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

ASYNCIFY_DEFINE (BOOLEAN, await_deadline_between, OBJECT (AsyncifyLimiter, limiter),
                 OBJECT (AsyncifyLimiter, other))

static void
test_deeper (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (AsyncifyLimiter) other = asyncify_limiter_new (1);

  for (guint i = 0; i < N_ROUNDS; i++)
    {
      g_auto (TestReply) reply = { 0 };

      await_deadline_between_async_full (limiter, other, &(AsyncifyOptions) { .limiter = limiter },
                                         NULL, test_reply_cb, &reply);
      g_assert_true (await_deadline_between_finish (test_reply_await (&reply), NULL));
    }
}

typedef struct {
  AsyncifyLimiter *limiter;
  TestGate gate;    /* where the other one stands, that has the place */
  gboolean left;    /* atomic: it doesn't any more */
  gboolean went_on; /* atomic: the one that lent the place did */
} Turns;

static void
stand (Turns *turns)
{
  test_gate_enter (&turns->gate);
  g_atomic_int_set (&turns->left, TRUE);
}

ASYNCIFY_DEFINE (NOTHING, stand, BORROWED (Turns *, turns))

static void
have_other_stand (gpointer data)
{
  Turns *turns = data;
  const AsyncifyOptions options = { .limiter = turns->limiter };

  stand_async_full (turns, &options, NULL, NULL, NULL);
  test_gate_await (&turns->gate, 1);
}

/* Returns: whether the other one had left when it went on */
static gboolean
lend_to_other (Turns *turns)
{
  gboolean left;

  asyncify_run_in_main (have_other_stand, turns);
  left = g_atomic_int_get (&turns->left);
  g_atomic_int_set (&turns->went_on, TRUE);

  return left;
}

ASYNCIFY_DEFINE (BOOLEAN, lend_to_other, BORROWED (Turns *, turns))

/* The place of one that it hasn't made, it waits for. */
static void
test_other (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  Turns turns = { .limiter = limiter };
  g_auto (TestReply) reply = { 0 };
  gint64 until;

  test_gate_init (&turns.gate);
  lend_to_other_async_full (&turns, &options, NULL, test_reply_cb, &reply);
  run_until (g_atomic_int_get (&turns.gate.entered) == 1);
  /* It may show that it doesn't wait; nothing depends on the time if it does. */
  until = g_get_monotonic_time () + 50 * G_TIME_SPAN_MILLISECOND;
  while (!g_atomic_int_get (&turns.went_on) && g_get_monotonic_time () < until)
    g_thread_yield ();
  test_gate_open (&turns.gate);
  g_assert_true (lend_to_other_finish (test_reply_await (&reply), NULL));
  test_gate_clear (&turns.gate);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/limiter/lent/own-call-cancelled-by-a-callback", test_cancelled_by_callback);
  test_add ("/limiter/lent/own-call-at-its-deadline", test_deadline);
  test_add ("/limiter/lent/own-call-further-down", test_deeper);
  test_add ("/limiter/lent/other-call-is-waited-for", test_other);

  return g_test_run ();
}
