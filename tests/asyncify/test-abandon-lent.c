/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Abandoned calls that have lent their place, as they wait for something themselves. */

#include "testutils.h"

#include <asyncify/asyncify-limiter-private.h>

/* A function that calls others and waits for some of them, in a loop of its own. */
typedef struct {
  AsyncifyLimiter *limiter;
  GCancellable *cancellable;
  TestGate begin, nested, end; /* the first and the last are the function's own */
  guint n_calls, n_awaited;
  TestReply reply;
} Outer;

static void
outer_init (Outer *outer,
            guint n_calls,
            guint n_awaited)
{
  *outer = (Outer) { .n_calls = n_calls, .n_awaited = n_awaited };
  outer->limiter = asyncify_limiter_new (1);
  outer->cancellable = g_cancellable_new ();
  test_gate_init (&outer->begin);
  test_gate_init (&outer->nested);
  test_gate_init (&outer->end);
}

static void
assert_numbers (AsyncifyLimiter *limiter,
                guint running,
                guint queued,
                guint abandoned)
{
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, running);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, queued);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (limiter), ==, abandoned);
}

/* In the end all places are there, and not one too many. */
static void
outer_clear (Outer *outer)
{
  guint ended = 0;
  TEST_GATE (gate);

  test_gate_open (&outer->begin);
  test_gate_open (&outer->nested);
  test_gate_open (&outer->end);
  test_gate_await_left (&outer->end, 1);
  wait_until (asyncify_limiter_get_abandoned (outer->limiter) == 0
              && asyncify_limiter_get_queued (outer->limiter) == 0
              && asyncify_limiter_get_running (outer->limiter) == 0);

  fill_limiter (outer->limiter, 1, &gate, &ended);
  pass_gate_async_full (&gate, 0, &(AsyncifyOptions) { .limiter = outer->limiter }, NULL,
                        test_count_cb, &ended);
  assert_numbers (outer->limiter, 1, 1, 0);
  test_gate_open (&gate);
  run_until (ended == 2);

  test_gate_clear (&outer->begin);
  test_gate_clear (&outer->nested);
  test_gate_clear (&outer->end);
  test_reply_clear (&outer->reply);
  g_object_unref (outer->cancellable);
  g_object_unref (outer->limiter);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Outer, outer_clear)

/* A loop that is new wakes up once for nothing: it shall have done so. */
static void
wake_up (GMainContext *context)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  guint ended = 0;

  pass_gate_async_full (NULL, 0, &(AsyncifyOptions) { .limiter = limiter }, NULL, test_count_cb,
                        &ended);
  while (ended == 0)
    g_main_context_iteration (context, TRUE);
  while (g_main_context_iteration (context, FALSE))
    ;
}

static void
call_others (Outer *outer)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  const AsyncifyOptions options = { .limiter = outer->limiter };
  guint *ended = g_new0 (guint, 1);

  test_gate_enter (&outer->begin);
  g_main_context_push_thread_default (context);
  wake_up (context);
  for (guint i = 0; i < outer->n_calls; i++)
    pass_gate_async_full (&outer->nested, 0, &options, NULL, test_count_cb, ended);
  while (*ended < outer->n_awaited)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
  g_clear_pointer (&context, g_main_context_unref);
  g_free (ended);

  test_gate_enter (&outer->end);
}

ASYNCIFY_DEFINE (NOTHING, call_others, BORROWED (Outer *, outer))

static void
outer_begin (Outer *outer)
{
  const AsyncifyOptions options
    = { .limiter = outer->limiter, .cancel_policy = ASYNCIFY_CANCEL_ABANDON };

  call_others_async_full (outer, &options, outer->cancellable, test_reply_cb, &outer->reply);
  test_gate_await (&outer->begin, 1);
}

static void
outer_abandon (Outer *outer)
{
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (outer->cancellable);
  call_others_finish (test_reply_await (&outer->reply), &error);
  assert_cancelled (error);
}

static void
test_lent (TestFixture *fixture,
           gconstpointer data)
{
  guint ended = 0;
  TEST_GATE (gate);
  g_auto (Outer) outer;

  outer_init (&outer, 1, 1);
  outer_begin (&outer);
  test_gate_open (&outer.begin);
  test_gate_await (&outer.nested, 1);
  assert_numbers (outer.limiter, 1, 0, 0);
  outer_abandon (&outer);
  assert_numbers (outer.limiter, 1, 0, 1);

  /* It wants no place back: another call gets it, and it goes on without one. */
  pass_gate_async_full (&gate, 0, &(AsyncifyOptions) { .limiter = outer.limiter }, NULL,
                        test_count_cb, &ended);
  test_gate_open (&outer.nested);
  test_gate_await (&gate, 1);
  test_gate_await (&outer.end, 1);
  assert_numbers (outer.limiter, 1, 0, 1);
  test_gate_open (&gate);
  run_until (ended == 1);
}

static guint
count_returning (AsyncifyLimiter *limiter)
{
  guint count;

  g_mutex_lock (&limiter->lock);
  count = limiter->n_returning;
  g_mutex_unlock (&limiter->lock);

  return count;
}

/* It waits for the place that it has lent, and that a call has which it hasn't made. */
static void
test_returning (TestFixture *fixture,
                gconstpointer data)
{
  guint ended = 0;
  TEST_GATE (gate);
  g_auto (Outer) outer;

  outer_init (&outer, 1, 1);
  outer_begin (&outer);
  test_gate_open (&outer.begin);
  test_gate_await (&outer.nested, 1);
  pass_gate_async_full (&gate, 0, &(AsyncifyOptions) { .limiter = outer.limiter }, NULL,
                        test_count_cb, &ended);
  test_gate_open (&outer.nested);
  test_gate_await (&gate, 1);
  wait_until (count_returning (outer.limiter) == 1);
  assert_numbers (outer.limiter, 1, 0, 0);
  g_assert_cmpuint (outer.end.entered, ==, 0);

  outer_abandon (&outer);
  test_gate_await (&outer.end, 1);
  assert_numbers (outer.limiter, 1, 0, 1);
  test_gate_open (&gate);
  run_until (ended == 1);
}

/* It has no place that it could lend. */
static void
test_lends_afterwards (TestFixture *fixture,
                       gconstpointer data)
{
  g_auto (Outer) outer;

  outer_init (&outer, 3, 3);
  outer_begin (&outer);
  outer_abandon (&outer);
  assert_numbers (outer.limiter, 0, 0, 1);
  test_gate_open (&outer.begin);
  for (guint i = 1; i <= 3; i++)
    {
      test_gate_await (&outer.nested, i);
      /* The later calls may still have to be made. */
      wait_until (asyncify_limiter_get_queued (outer.limiter) == 3 - i);
      assert_numbers (outer.limiter, 1, 3 - i, 1);
      test_gate_let (&outer.nested, 1);
    }
  test_gate_await (&outer.end, 1);
  assert_numbers (outer.limiter, 0, 0, 1);
}

/* A call that was made on a worker is abandoned there. */
static int
abandon_another (AsyncifyLimiter *limiter,
                 TestGate *gate,
                 GError **error)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const AsyncifyOptions options
    = { .limiter = limiter, .cancel_policy = ASYNCIFY_CANCEL_ABANDON };
  TestReply reply = { 0 };
  int number;

  g_main_context_push_thread_default (context);
  pass_gate_async_full (gate, 5, &options, cancellable, test_reply_cb, &reply);
  test_gate_await (gate, 1);
  g_cancellable_cancel (cancellable);
  number = pass_gate_finish (test_reply_await (&reply), error);
  test_reply_clear (&reply);
  g_main_context_pop_thread_default (context);

  return number;
}

ASYNCIFY_DEFINE (VALUE (int), abandon_another, BORROWED (AsyncifyLimiter *, limiter),
                 BORROWED (TestGate *, gate), THROWS)

static void
test_by_a_function (TestFixture *fixture,
                    gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  const AsyncifyOptions options = { .limiter = limiter };
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  abandon_another_async_full (limiter, &gate, &options, NULL, test_reply_cb, &reply);
  g_assert_cmpint (abandon_another_finish (test_reply_await (&reply), &error), ==, 0);
  assert_cancelled (error);
  assert_numbers (limiter, 0, 0, 1);
}

typedef struct {
  GThread *thread;
  GCancellable *cancellable;
} Visit;

static void
visit_main (gpointer data)
{
  Visit *visit = data;

  visit->thread = g_thread_self ();
  if (visit->cancellable != NULL)
    g_cancellable_cancel (visit->cancellable);
}

static void
go_to_main (TestGate *before,
            Visit *visit,
            TestGate *after)
{
  test_gate_enter (before);
  asyncify_run_in_main (visit_main, visit);
  test_gate_enter (after);
}

ASYNCIFY_DEFINE (NOTHING, go_to_main, BORROWED (TestGate *, before), BORROWED (Visit *, visit),
                 BORROWED (TestGate *, after))

static void
check_main (Visit *visit,
            GCancellable *cancellable)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options
    = { .limiter = limiter, .cancel_policy = ASYNCIFY_CANCEL_ABANDON };
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (before);
  TEST_GATE (after);

  go_to_main_async_full (&before, visit, &after, &options, cancellable, test_reply_cb, &reply);
  test_gate_await (&before, 1);
  if (visit->cancellable == NULL)
    {
      g_cancellable_cancel (cancellable);
      test_reply_await (&reply);
    }
  test_gate_open (&before);
  run_until (visit->thread != NULL);
  test_gate_await (&after, 1);
  g_assert_true (visit->thread == g_thread_self ());
  go_to_main_finish (test_reply_await (&reply), &error);
  assert_cancelled (error);
  assert_numbers (limiter, 0, 0, 1);
}

static void
test_from_abandoned (TestFixture *fixture,
                     gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Visit visit = { NULL, NULL };

  check_main (&visit, cancellable);
}

static void
test_abandoned_there (TestFixture *fixture,
                      gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Visit visit = { NULL, cancellable };

  check_main (&visit, cancellable);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/call/abandon/lent/waits-for-another-call", test_lent);
  test_add ("/call/abandon/lent/wants-its-place-back", test_returning);
  test_add ("/call/abandon/lent/waits-afterwards", test_lends_afterwards);
  test_add ("/call/abandon/lent/by-a-function", test_by_a_function);
  test_add ("/call/abandon/lent/goes-to-main", test_from_abandoned);
  test_add ("/call/abandon/lent/while-it-is-in-main", test_abandoned_there);

  return g_test_run ();
}
