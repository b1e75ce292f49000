/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The place that a function lends while it waits for a call of its own: when it does, who has
 * it meanwhile, and that it is neither lost nor given back twice.
 */

#include "testutils.h"

/* A function that makes a call and waits for it. Where it stands, the test decides. */
typedef struct {
  AsyncifyLimiter *limiter; /* the function's; another one if there is a nested limiter */
  AsyncifyLimiter *nested_limiter;
  GCancellable *nested_cancellable; /* nullable */
  AsyncifyCancelPolicy nested_policy;
  TestGate before, nested, after;
  int nested_number; /* what it got; -1 if it was cancelled */
} Lender;

typedef struct {
  gboolean ended;
  int number;
} Nested;

static void
nested_cb (GObject *source_object,
           GAsyncResult *result,
           gpointer user_data)
{
  Nested *nested = user_data;
  g_autoptr (GError) error = NULL;

  nested->number = pass_gate_finish (result, &error);
  if (error != NULL)
    {
      assert_cancelled (error);
      nested->number = -1;
    }
  nested->ended = TRUE;
}

/* Returns: 1 if it was cancelled, otherwise 0 */
static int
lend (Lender *lender)
{
  const AsyncifyOptions options = {
    .limiter = lender->nested_limiter != NULL ? lender->nested_limiter : lender->limiter,
    .cancel_policy = lender->nested_policy,
  };
  g_autoptr (GMainContext) context = g_main_context_new ();
  Nested nested = { .ended = FALSE };

  test_gate_enter (&lender->before);
  g_main_context_push_thread_default (context);
  pass_gate_async_full (&lender->nested, 7, &options, lender->nested_cancellable, nested_cb,
                        &nested);
  run_until (nested.ended);
  g_main_context_pop_thread_default (context);
  lender->nested_number = nested.number;
  test_gate_enter (&lender->after);

  return asyncify_is_cancelled ();
}

ASYNCIFY_DEFINE (VALUE (int), lend, BORROWED (Lender *, lender))

static void
lender_init (Lender *lender,
             guint max_running)
{
  *lender = (Lender) { .limiter = asyncify_limiter_new (max_running) };
  test_gate_init (&lender->before);
  test_gate_init (&lender->nested);
  test_gate_init (&lender->after);
}

static void
lender_call (Lender *lender,
             AsyncifyCancelPolicy policy,
             GCancellable *cancellable,
             TestReply *reply)
{
  const AsyncifyOptions options = { .limiter = lender->limiter, .cancel_policy = policy };

  lend_async_full (lender, &options, cancellable, test_reply_cb, reply);
}

/* Calls it, and waits until its own call runs. */
static void
lender_call_and_wait (Lender *lender,
                      AsyncifyCancelPolicy policy,
                      GCancellable *cancellable,
                      TestReply *reply)
{
  lender_call (lender, policy, cancellable, reply);
  test_gate_open (&lender->before);
  test_gate_await (&lender->nested, 1);
}

/* Calls it. Another function gets its place meanwhile, and keeps it when the lender wants it
 * back. */
static void
lender_call_and_lose_place (Lender *lender,
                            AsyncifyCancelPolicy policy,
                            GCancellable *cancellable,
                            TestReply *reply,
                            TestGate *gate,
                            guint *ended)
{
  lender->nested_limiter = asyncify_limiter_new (1);
  lender_call_and_wait (lender, policy, cancellable, reply);
  pass_gate_async_full (gate, 0, &(AsyncifyOptions) { .limiter = lender->limiter }, NULL,
                        test_count_cb, ended);
  test_gate_await (gate, 1);
  test_gate_open (&lender->nested);
  wait_until (test_count_returning (lender->limiter) == 1);
}

static void
lender_clear (Lender *lender)
{
  test_gate_clear (&lender->before);
  test_gate_clear (&lender->nested);
  test_gate_clear (&lender->after);
  wait_until (asyncify_limiter_get_abandoned (lender->limiter) == 0);
  test_check_places (lender->limiter, asyncify_limiter_get_max_running (lender->limiter));
  g_assert_cmpuint (test_count_returning (lender->limiter), ==, 0);
  g_clear_object (&lender->nested_limiter);
  g_object_unref (lender->limiter);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lender, lender_clear)

/* Its own call has a limiter of its own, so that the numbers tell who is who. */
static void
test_running (TestFixture *fixture,
              gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) another = { 0 };
  g_auto (Lender) lender;

  lender_init (&lender, 1);
  lender.nested_limiter = asyncify_limiter_new (1);
  lender_call_and_wait (&lender, ASYNCIFY_CANCEL_WAIT, NULL, &reply);
  wait_until (asyncify_limiter_get_running (lender.limiter) == 0);
  g_assert_cmpuint (asyncify_limiter_get_running (lender.nested_limiter), ==, 1);

  /* Others may run ... */
  pass_gate_async_full (NULL, 0, &(AsyncifyOptions) { .limiter = lender.limiter }, NULL,
                        test_reply_cb, &another);
  test_reply_await (&another);

  /* ... until it has it back. */
  test_gate_open (&lender.nested);
  test_gate_await (&lender.after, 1);
  g_assert_cmpuint (asyncify_limiter_get_running (lender.limiter), ==, 1);
  test_gate_open (&lender.after);
  g_assert_cmpint (lend_finish (test_reply_await (&reply), NULL), ==, 0);
  g_assert_cmpint (lender.nested_number, ==, 7);
}

static void
test_waits_for_place (TestFixture *fixture,
                      gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  guint ended = 0;
  TEST_GATE (gate);
  g_auto (Lender) lender;

  lender_init (&lender, 1);
  lender_call_and_lose_place (&lender, ASYNCIFY_CANCEL_WAIT, NULL, &reply, &gate,
                              &ended);
  g_assert_cmpuint (test_gate_count (&lender.after), ==, 0);
  g_assert_cmpuint (asyncify_limiter_get_running (lender.limiter), ==, 1);

  test_gate_open (&gate);
  test_gate_await (&lender.after, 1);
  test_gate_open (&lender.after);
  test_reply_await (&reply);
  run_until (ended == 1);
}

/* One that is queued before the place is free, and more urgent, has to wait all the same. */
static void
test_before_queued (TestFixture *fixture,
                    gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) queued = { 0 };
  guint ended = 0;
  TEST_GATE (gate);
  TEST_GATE (queued_gate);
  g_auto (Lender) lender;

  lender_init (&lender, 1);
  lender_call_and_lose_place (&lender, ASYNCIFY_CANCEL_WAIT, NULL, &reply, &gate,
                              &ended);
  pass_gate_async_full (&queued_gate, 0,
                        &(AsyncifyOptions) { .limiter = lender.limiter, .priority = -10 }, NULL,
                        test_reply_cb, &queued);
  test_gate_open (&gate);
  test_gate_await (&lender.after, 1);
  g_assert_cmpuint (asyncify_limiter_get_queued (lender.limiter), ==, 1);
  g_assert_cmpuint (test_gate_count (&queued_gate), ==, 0);

  test_gate_open (&lender.after);
  test_gate_open (&queued_gate);
  test_reply_await (&reply);
  test_reply_await (&queued);
  run_until (ended == 1);
}

static void
test_raised (TestFixture *fixture,
             gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  guint ended = 0;
  TEST_GATE (gate);
  g_auto (Lender) lender;

  lender_init (&lender, 1);
  lender_call_and_lose_place (&lender, ASYNCIFY_CANCEL_WAIT, NULL, &reply, &gate,
                              &ended);
  asyncify_limiter_set_max_running (lender.limiter, 2);
  test_gate_await (&lender.after, 1);
  g_assert_cmpuint (asyncify_limiter_get_running (lender.limiter), ==, 2);

  test_gate_open (&lender.after);
  test_gate_open (&gate);
  test_reply_await (&reply);
  run_until (ended == 1);
}

/* It is told, and returns what it likes; its own call has nothing to do with it. */
static void
test_cancelled (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  g_auto (Lender) lender;

  lender_init (&lender, 1);
  lender_call_and_wait (&lender, ASYNCIFY_CANCEL_WAIT, cancellable, &reply);
  g_cancellable_cancel (cancellable);
  run_dry ();
  g_assert_cmpuint (reply.n_calls, ==, 0);

  test_gate_open (&lender.nested);
  test_gate_open (&lender.after);
  g_assert_cmpint (lend_finish (test_reply_await (&reply), &error), ==, 1);
  g_assert_no_error (error);
  g_assert_cmpint (lender.nested_number, ==, 7);
}

static void
test_abandoned (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  g_auto (Lender) lender;

  lender_init (&lender, 1);
  lender_call_and_wait (&lender, ASYNCIFY_CANCEL_ABANDON, cancellable, &reply);
  g_cancellable_cancel (cancellable);
  lend_finish (test_reply_await (&reply), &error);
  assert_cancelled (error);

  /* The place is its own call's. */
  g_assert_cmpuint (asyncify_limiter_get_abandoned (lender.limiter), ==, 1);
  g_assert_cmpuint (asyncify_limiter_get_running (lender.limiter), ==, 1);

  /* It goes on without one. */
  test_gate_open (&lender.nested);
  test_gate_await (&lender.after, 1);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (lender.limiter), ==, 1);
  wait_until (asyncify_limiter_get_running (lender.limiter) == 0);
}

/* It needs no place any more, so it doesn't wait for one. */
static void
test_abandoned_on_return (TestFixture *fixture,
                          gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  guint ended = 0;
  TEST_GATE (gate);
  g_auto (Lender) lender;

  lender_init (&lender, 1);
  lender_call_and_lose_place (&lender, ASYNCIFY_CANCEL_ABANDON, cancellable, &reply, &gate,
                              &ended);
  g_cancellable_cancel (cancellable);
  lend_finish (test_reply_await (&reply), &error);
  assert_cancelled (error);
  test_gate_await (&lender.after, 1);
  g_assert_cmpuint (test_count_returning (lender.limiter), ==, 0);
  g_assert_cmpuint (asyncify_limiter_get_running (lender.limiter), ==, 1);

  test_gate_open (&gate);
  run_until (ended == 1);
}

/* Its own call is withdrawn from the queue, where another one was before it. */
static void
test_nested_withdrawn (TestFixture *fixture,
                       gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  guint ended = 0;
  TEST_GATE (gate);
  g_auto (Lender) lender;

  lender_init (&lender, 1);
  lender.nested_cancellable = cancellable;
  lender_call (&lender, ASYNCIFY_CANCEL_WAIT, NULL, &reply);
  test_gate_await (&lender.before, 1);
  pass_gate_async_full (&gate, 0, &(AsyncifyOptions) { .limiter = lender.limiter }, NULL,
                        test_count_cb, &ended);
  test_gate_open (&lender.before);
  test_gate_await (&gate, 1);
  g_assert_cmpuint (asyncify_limiter_get_queued (lender.limiter), ==, 1);

  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (asyncify_limiter_get_queued (lender.limiter), ==, 0);
  wait_until (test_count_returning (lender.limiter) == 1);
  test_gate_open (&gate);
  test_gate_open (&lender.after);
  test_reply_await (&reply);
  g_assert_cmpint (lender.nested_number, ==, -1);
  g_assert_cmpuint (test_gate_count (&lender.nested), ==, 0);
  run_until (ended == 1);
}

static void
test_nested_abandoned (TestFixture *fixture,
                       gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  g_auto (Lender) lender;

  lender_init (&lender, 1);
  lender.nested_cancellable = cancellable;
  lender.nested_policy = ASYNCIFY_CANCEL_ABANDON;
  lender_call_and_wait (&lender, ASYNCIFY_CANCEL_WAIT, NULL, &reply);
  g_cancellable_cancel (cancellable);
  test_gate_open (&lender.after);
  test_reply_await (&reply);
  g_assert_cmpint (lender.nested_number, ==, -1);
  g_assert_cmpuint (lender.nested.left, ==, 0);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/lending/others-run-meanwhile", test_running);
  test_add ("/lending/back/waits-for-a-place", test_waits_for_place);
  test_add ("/lending/back/before-queued-ones", test_before_queued);
  test_add ("/lending/back/as-soon-as-there-are-more-places", test_raised);
  test_add ("/lending/cancelled", test_cancelled);
  test_add ("/lending/abandoned/while-it-waits-for-its-call", test_abandoned);
  test_add ("/lending/abandoned/while-it-waits-for-its-place", test_abandoned_on_return);
  test_add ("/lending/nested-call/withdrawn", test_nested_withdrawn);
  test_add ("/lending/nested-call/abandoned", test_nested_abandoned);

  return g_test_run ();
}
