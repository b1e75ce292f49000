/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The place that a function lends while it waits for a call of its own: when it does, who has
 * it meanwhile, and that it is neither lost nor given back twice.
 */

#include "testutils.h"

#include <asyncify/asyncify-limiter-private.h>
#include <asyncify/asyncify-news-private.h>

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
  Nested nested = { FALSE };

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

static guint
count_returning (AsyncifyLimiter *limiter)
{
  guint n_returning;

  g_mutex_lock (&limiter->lock);
  n_returning = limiter->n_returning;
  g_mutex_unlock (&limiter->lock);

  return n_returning;
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
  wait_until (count_returning (lender->limiter) == 1);
}

/* Exactly so many run at once: no place was lost or won. */
static void
check_places (AsyncifyLimiter *limiter,
              guint n_places)
{
  guint ended = 0;
  TEST_GATE (gate);

  wait_until (asyncify_limiter_get_running (limiter) == 0);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 0);
  fill_limiter (limiter, n_places, &gate, &ended);
  pass_gate_async_full (&gate, 0, &(AsyncifyOptions) { .limiter = limiter }, NULL, test_count_cb,
                        &ended);
  /* Time for one too many, which stands by at first, to come too. */
  for (int i = 0; i < 20 && asyncify_limiter_get_running (limiter) == n_places; i++)
    g_usleep (200);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, n_places);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 1);
  test_gate_open (&gate);
  run_until (ended == n_places + 1);
}

static void
lender_clear (Lender *lender)
{
  test_gate_clear (&lender->before);
  test_gate_clear (&lender->nested);
  test_gate_clear (&lender->after);
  wait_until (asyncify_limiter_get_abandoned (lender->limiter) == 0);
  check_places (lender->limiter, asyncify_limiter_get_max_running (lender->limiter));
  g_assert_cmpuint (count_returning (lender->limiter), ==, 0);
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
  g_assert_cmpuint (lender.after.entered, ==, 0);
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
  g_assert_cmpuint (queued_gate.entered, ==, 0);

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
  g_assert_cmpuint (count_returning (lender.limiter), ==, 0);
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
  wait_until (count_returning (lender.limiter) == 1);
  test_gate_open (&gate);
  test_gate_open (&lender.after);
  test_reply_await (&reply);
  g_assert_cmpint (lender.nested_number, ==, -1);
  g_assert_cmpuint (lender.nested.entered, ==, 0);
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

/* Begins to wait, by hand, and then returns without having waited. */
static void
return_lent (TestGate *nested,
             AsyncifyLimiter *limiter)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  int priority;

  g_main_context_push_thread_default (context);
  pass_gate_async_full (nested, 0, &(AsyncifyOptions) { .limiter = limiter }, NULL, NULL, NULL);
  g_main_context_prepare (context, &priority);
  test_gate_await (nested, 1);
  g_main_context_pop_thread_default (context);
}

ASYNCIFY_DEFINE (NOTHING, return_lent, BORROWED (TestGate *, nested),
                 BORROWED (AsyncifyLimiter *, limiter))

static void
test_returned (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (nested);

  return_lent_async_full (&nested, limiter, &(AsyncifyOptions) { .limiter = limiter }, NULL,
                          test_reply_cb, &reply);
  test_reply_await (&reply);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 1);
  test_gate_open (&nested);
  check_places (limiter, 1);
}

static TestGate *poll_gate;

/* Between these two a loop waits. */
static int
poll_at_gate (GPollFD *fds,
              guint n_fds,
              int timeout)
{
  test_gate_enter (poll_gate);

  return 0;
}

/* Turns a loop twice, in which a call has come to its end, or there was none. */
static void
turn (AsyncifyLimiter *limiter,
      gboolean call)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Nested nested = { FALSE };

  g_main_context_push_thread_default (context);
  if (call)
    {
      pass_gate_async_full (NULL, 0, &(AsyncifyOptions) { .limiter = limiter }, NULL, nested_cb,
                            &nested);
      run_until (nested.ended);
    }
  g_main_context_set_poll_func (context, poll_at_gate);
  g_main_context_iteration (context, TRUE);
  g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
}

ASYNCIFY_DEFINE (NOTHING, turn, BORROWED (AsyncifyLimiter *, limiter), VALUE (gboolean, call))

static gboolean
has_news (AsyncifyLimiter *limiter)
{
  gboolean telling;

  g_mutex_lock (&limiter->lock);
  telling = limiter->telling;
  g_mutex_unlock (&limiter->lock);

  return telling;
}

/* It waits for something else, and so others have to wait for it. The main loop isn't woken to
 * tell that nothing has changed. */
static void
test_not_lent (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) another = { 0 };
  TEST_GATE (gate);

  poll_gate = &gate;
  turn_async_full (limiter, GPOINTER_TO_INT (data), &options, NULL, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  pass_gate_async_full (NULL, 0, &options, NULL, test_reply_cb, &another);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 1);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 1);

  while (has_news (limiter))
    g_main_context_iteration (NULL, TRUE);
  test_gate_let (&gate, 1);
  test_gate_await (&gate, 2);
  g_assert_false (has_news (limiter));
  test_gate_open (&gate);
  test_reply_await (&reply);
  test_reply_await (&another);
}

/* Waits for a call in a loop that also has another source. */
static void
wait_with (GSource *source,
           AsyncifyLimiter *limiter)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Nested nested = { FALSE };

  g_main_context_push_thread_default (context);
  g_source_attach (source, context);
  pass_gate_async_full (NULL, 7, &(AsyncifyOptions) { .limiter = limiter }, NULL, nested_cb,
                        &nested);
  run_until (nested.ended);
  g_assert_cmpint (nested.number, ==, 7);
  g_main_context_pop_thread_default (context);
}

ASYNCIFY_DEFINE (NOTHING, wait_with, BORROWED (GSource *, source),
                 BORROWED (AsyncifyLimiter *, limiter))

static gboolean
do_nothing_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

#define N_BUSY 10

/* Their loops do more than to wait: never sleep, or turn each millisecond. There is one place for
 * all of them, and what they wait for has its turn all the same. */
static void
check_busy (guint n_calls,
            guint interval)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  GSource *sources[N_BUSY];
  guint ended = 0;

  for (guint i = 0; i < n_calls; i++)
    {
      sources[i] = g_timeout_source_new (interval);
      g_source_set_callback (sources[i], do_nothing_cb, NULL, NULL);
      /* What is more urgent than results keeps these from being told. */
      g_source_set_priority (sources[i], G_PRIORITY_LOW);
      wait_with_async_full (sources[i], limiter, &(AsyncifyOptions) { .limiter = limiter }, NULL,
                            test_count_cb, &ended);
    }
  run_until (ended == n_calls);
  for (guint i = 0; i < n_calls; i++)
    g_source_unref (sources[i]);
  check_places (limiter, 1);
}

static void
test_never_sleeps (TestFixture *fixture,
                   gconstpointer data)
{
  check_busy (1, 0);
  check_busy (2, 0);
}

static void
test_turns_often (TestFixture *fixture,
                  gconstpointer data)
{
  check_busy (N_BUSY, 1);
}

#define N_THINGS (4 * ASYNCIFY_NEWS_MAX_ITEMS)

static void
emit_things (void)
{
  for (int i = 0; i < N_THINGS; i++)
    {
      g_autoptr (TestThing) thing = test_thing_new (i);

      asyncify_emit (G_OBJECT (thing));
    }
}

static void
emitted_cb (GObject *source_object,
            GAsyncResult *result,
            gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

ASYNCIFY_DEFINE (NOTHING, emit_things)

/* Returns: how many have come */
static guint
take_things (AsyncifyLimiter *limiter)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (AsyncifyJob) job = asyncify_job_new ("Emit");
  gboolean ended = FALSE;

  g_main_context_push_thread_default (context);
  emit_things_async_full (&(AsyncifyOptions) { .limiter = limiter, .job = job }, NULL, emitted_cb,
                          &ended);
  run_until (ended);
  g_main_context_pop_thread_default (context);

  return g_list_model_get_n_items (asyncify_job_get_items (job));
}

ASYNCIFY_DEFINE (VALUE (guint), take_things, BORROWED (AsyncifyLimiter *, limiter))

/* It has to wait until its things are taken, by one that waits for it. */
static void
test_nested_emits (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_auto (TestReply) reply = { 0 };

  take_things_async_full (limiter, &(AsyncifyOptions) { .limiter = limiter }, NULL, test_reply_cb,
                          &reply);
  g_assert_cmpuint (take_things_finish (test_reply_await (&reply), NULL), ==, N_THINGS);
  check_places (limiter, 1);
  /* They are freed where they were taken. */
  test_forgive_strays ();
}

/* Has no context of its own. */
static void
call_from_here (TestReply *reply)
{
  g_assert_null (g_main_context_get_thread_default ());
  pass_gate_async (NULL, 7, NULL, test_reply_cb, reply);
}

ASYNCIFY_DEFINE (NOTHING, call_from_here, BORROWED (TestReply *, reply))

static void
test_default_context (TestFixture *fixture,
                      gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) nested = { 0 };

  call_from_here_async (&nested, NULL, test_reply_cb, &reply);
  test_reply_await (&reply);
  g_assert_cmpuint (nested.n_calls, ==, 0);

  g_main_context_pop_thread_default (fixture->context);
  g_assert_cmpint (pass_gate_finish (test_reply_await (&nested), NULL), ==, 7);
  g_assert_true (nested.context == g_main_context_default ());
  g_main_context_push_thread_default (fixture->context);
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
  test_add ("/lending/nested-call/emits-too-fast", test_nested_emits);
  test_add ("/lending/loop/never-sleeps", test_never_sleeps);
  test_add ("/lending/loop/turns-often", test_turns_often);
  test_add ("/lending/returned-without-taking-it-back", test_returned);
  g_test_add ("/lending/not-lent/no-call-was-made", TestFixture, GINT_TO_POINTER (FALSE),
              test_setup, test_not_lent, test_teardown);
  g_test_add ("/lending/not-lent/no-call-is-under-way", TestFixture, GINT_TO_POINTER (TRUE),
              test_setup, test_not_lent, test_teardown);
  test_add ("/lending/without-context-goes-to-the-default-one", test_default_context);

  return g_test_run ();
}
