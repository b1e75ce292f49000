/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Cancelling. Races are in test-cancel-race.c. */

#include "testutils.h"

/* Marks that it has run. It doesn't care about cancellation. */
static TestThing *
mark (guint *n_ran,
      TestThing *thing)
{
  g_atomic_int_inc (n_ran);

  return g_object_ref (thing);
}

ASYNCIFY_DEFINE (OBJECT (TestThing), mark, BORROWED (guint *, n_ran), OBJECT (TestThing, thing))

static void
begin_mark (guint *n_ran,
            AsyncifyLimiter *limiter,
            GCancellable *cancellable,
            TestReply *reply)
{
  g_autoptr (TestThing) thing = test_thing_new (0);

  mark_async_full (n_ran, thing, &(AsyncifyOptions) { .limiter = limiter }, cancellable,
                   test_reply_cb, reply);
}

static void
assert_reply_cancelled (TestReply *reply)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (mark_finish (test_reply_await (reply), &error));
  assert_cancelled (error);
}

static void
assert_reply_good (TestReply *reply)
{
  g_autoptr (TestThing) thing = NULL;
  g_autoptr (GError) error = NULL;

  thing = mark_finish (test_reply_await (reply), &error);
  g_assert_no_error (error);
  g_assert_nonnull (thing);
}

/* Waits until all that was queued has been looked at. */
static void
pass_through (AsyncifyLimiter *limiter)
{
  g_auto (TestReply) reply = { 0 };

  pass_gate_async_full (NULL, 0,
                        &(AsyncifyOptions) { .limiter = limiter, .priority = G_MAXINT }, NULL,
                        test_reply_cb, &reply);
  test_reply_await (&reply);
}

#define N_QUEUED 50

static void
check_queued_never_runs (AsyncifyLimiter *limiter)
{
  const guint max_running = asyncify_limiter_get_max_running (limiter);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  TestReply replies[N_QUEUED] = { 0 };
  guint ended = 0, n_ran = 0;
  TEST_GATE (gate);

  fill_limiter (limiter, max_running, &gate, &ended);
  for (int i = 0; i < N_QUEUED; i++)
    begin_mark (&n_ran, limiter, cancellable, &replies[i]);

  /* All workers are stuck, and none of them is needed. */
  g_cancellable_cancel (cancellable);
  for (int i = 0; i < N_QUEUED; i++)
    assert_reply_cancelled (&replies[i]);
  for (int i = 0; i < N_QUEUED; i++)
    test_reply_clear (&replies[i]);
  g_assert_cmpuint (test_count_alive (), ==, 0);
  g_assert_cmpuint (ended, ==, 0);

  test_gate_open (&gate);
  pass_through (limiter);
  run_until (ended == max_running);
  g_assert_cmpuint (n_ran, ==, 0);
}

/* Hears of a cancellation before the library does, and lets the calls go on that run. */
typedef struct {
  AsyncifyLimiter *limiter;
  TestGate gate;
} EarlyBird;

static void
early_bird_cb (GCancellable *cancellable,
               gpointer user_data)
{
  EarlyBird *bird = user_data;

  test_gate_open (&bird->gate);
  wait_until (asyncify_limiter_get_running (bird->limiter) == 0
              && asyncify_limiter_get_queued (bird->limiter) == 0);
}

/* Cancelled it is at once, though its canceller comes to it late. Some are watched, and so have a
 * GCancellable of their own. */
static void
check_queued_while_cancelling (AsyncifyJob *job)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const AsyncifyOptions options = { .limiter = limiter, .job = job };
  g_autoptr (TestThing) thing = test_thing_new (0);
  EarlyBird bird = { .limiter = limiter };
  guint ended = 0, n_ran = 0;
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GError) error = NULL;

  test_gate_init (&bird.gate);
  g_signal_connect (cancellable, "cancelled", G_CALLBACK (early_bird_cb), &bird);
  fill_limiter (limiter, 1, &bird.gate, &ended);
  mark_async_full (&n_ran, thing, &options, cancellable, test_reply_cb, &reply);
  g_cancellable_cancel (cancellable);
  g_assert_null (mark_finish (test_reply_await (&reply), &error));
  assert_cancelled (error);
  g_assert_cmpuint (n_ran, ==, 0);
  run_until (ended == 1);
  test_gate_clear (&bird.gate);
}

static void
test_queued_while_cancelling (TestFixture *fixture,
                              gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);

  check_queued_while_cancelling (NULL);
  check_queued_while_cancelling (job);
}

static void
test_queued (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);

  check_queued_never_runs (limiter);
}

static void
test_queued_in_default (TestFixture *fixture,
                        gconstpointer data)
{
  check_queued_never_runs (asyncify_limiter_get_default ());
}

static void
test_before (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  guint n_ran = 0;

  g_cancellable_cancel (cancellable);
  begin_mark (&n_ran, NULL, cancellable, &reply);
  assert_reply_cancelled (&reply);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
  pass_through (NULL);
  g_assert_cmpuint (n_ran, ==, 0);
}

static gpointer
cancel_in_thread (gpointer data)
{
  g_cancellable_cancel (data);

  return NULL;
}

static void
test_from_another_thread (TestFixture *fixture,
                          gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  guint ended = 0, n_ran = 0;
  TEST_GATE (gate);

  fill_limiter (limiter, 1, &gate, &ended);
  begin_mark (&n_ran, limiter, cancellable, &reply);
  g_thread_join (g_thread_new ("canceller", cancel_in_thread, cancellable));
  g_assert_cmpuint (reply.n_calls, ==, 0);
  assert_reply_cancelled (&reply);

  test_gate_open (&gate);
  run_until (ended == 1);
  g_assert_cmpuint (n_ran, ==, 0);
}

typedef struct {
  GCancellable *cancellable;
  TestReply reply;
} CancelAndReply;

static void
cancel_cb (GObject *source_object,
           GAsyncResult *result,
           gpointer user_data)
{
  CancelAndReply *both = user_data;

  g_cancellable_cancel (both->cancellable);
  test_reply_cb (source_object, result, &both->reply);
}

static void
test_from_a_callback (TestFixture *fixture,
                      gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  CancelAndReply both = { cancellable, { 0 } };
  g_auto (TestReply) reply = { 0 };
  guint ended = 0, n_ran = 0;
  TEST_GATE (gate);

  fill_limiter (limiter, 1, &gate, &ended);
  begin_mark (&n_ran, limiter, cancellable, &reply);
  /* Its own GCancellable, too, and after its function has returned. */
  pass_gate_async (NULL, 5, cancellable, cancel_cb, &both);
  g_assert_cmpint (pass_gate_finish (test_reply_await (&both.reply), NULL), ==, 5);
  test_reply_clear (&both.reply);
  assert_reply_cancelled (&reply);

  test_gate_open (&gate);
  run_until (ended == 1);
  g_assert_cmpuint (n_ran, ==, 0);
}

/* One call is queued, one runs, and one is made when it is too late. */
typedef struct {
  GCancellable *cancellable;
  TestReply queued, running, late;
  gboolean done;
} CancelInLoop;

static gboolean
cancel_in_loop_cb (gpointer data)
{
  CancelInLoop *all = data;

  g_cancellable_cancel (all->cancellable);
  pass_gate_async (NULL, 0, all->cancellable, test_reply_cb, &all->late);
  g_assert_cmpuint (all->queued.n_calls, ==, 0);
  g_assert_cmpuint (all->running.n_calls, ==, 0);
  g_assert_cmpuint (all->late.n_calls, ==, 0);
  all->done = TRUE;

  return G_SOURCE_REMOVE;
}

static void
test_not_inside_cancel (TestFixture *fixture,
                        gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GSource) source = g_idle_source_new ();
  CancelInLoop all = { .cancellable = cancellable };
  TEST_GATE (gate);

  pass_gate_async_full (&gate, 5, &options, cancellable, test_reply_cb, &all.running);
  pass_gate_async_full (NULL, 0, &options, cancellable, test_reply_cb, &all.queued);
  test_gate_await (&gate, 1);
  g_source_set_callback (source, cancel_in_loop_cb, &all, NULL);
  g_source_attach (source, fixture->context);
  run_until (all.done);

  test_reply_await (&all.queued);
  test_reply_await (&all.late);
  test_gate_open (&gate);
  g_assert_cmpint (pass_gate_finish (test_reply_await (&all.running), NULL), ==, 5);
  test_reply_clear (&all.queued);
  test_reply_clear (&all.running);
  test_reply_clear (&all.late);
}

static int
cancel_myself (TestThing *thing,
               GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);

  return 5;
}

ASYNCIFY_DEFINE (VALUE (int), cancel_myself, OBJECT (TestThing, thing), CANCELLABLE)

/* And what a function returns is what the caller gets. */
static void
test_from_inside (TestFixture *fixture,
                  gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (TestThing) thing = test_thing_new (1);
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };

  cancel_myself_async (thing, cancellable, test_reply_cb, &reply);
  g_assert_cmpint (cancel_myself_finish (test_reply_await (&reply), &error), ==, 5);
  g_assert_no_error (error);
}

static void
test_after_success (TestFixture *fixture,
                    gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  guint ended = 0, n_ran = 0;
  TEST_GATE (gate);

  begin_mark (&n_ran, limiter, cancellable, &reply);
  /* When the only worker has come to the gate, it has sent the other call home. */
  fill_limiter (limiter, 1, &gate, &ended);
  g_assert_cmpuint (n_ran, ==, 1);
  g_cancellable_cancel (cancellable);
  assert_reply_good (&reply);

  test_gate_open (&gate);
  run_until (ended == 1);
}

/* Says in which ways it was told. */
static char *
ask (TestGate *gate,
     GCancellable *cancellable,
     GError **error)
{
  gboolean before = g_cancellable_is_cancelled (cancellable) || asyncify_is_cancelled ()
                    || asyncify_set_error_if_cancelled (error);
  g_autoptr (GError) seen = NULL;

  test_gate_enter (gate);
  g_assert_false (before);
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  g_assert_true (asyncify_is_cancelled ());
  g_assert_true (asyncify_set_error_if_cancelled (&seen));
  assert_cancelled (seen);
  asyncify_set_error_if_cancelled (error);

  return g_strdup ("not what the caller gets");
}

ASYNCIFY_DEFINE (STRING, ask, BORROWED (TestGate *, gate), CANCELLABLE, THROWS)

static void
test_running (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  ask_async (&gate, cancellable, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  g_cancellable_cancel (cancellable);
  run_dry ();
  g_assert_cmpuint (reply.n_calls, ==, 0);
  test_gate_open (&gate);
  g_assert_null (ask_finish (test_reply_await (&reply), &error));
  assert_cancelled (error);
}

static void
gone_cb (gpointer data,
         GObject *where)
{
  gboolean *gone = data;

  *gone = TRUE;
}

/* The caller may release it as soon as the call is made. */
static void
test_kept (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  GCancellable *cancellable = g_cancellable_new ();
  guint ended = 0, n_calls = 0;
  gboolean gone = FALSE;
  TEST_GATE (before);
  TEST_GATE (gate);

  g_object_weak_ref (G_OBJECT (cancellable), gone_cb, &gone);
  fill_limiter (limiter, 1, &before, &ended);
  ask_async_full (&gate, &(AsyncifyOptions) { .limiter = limiter }, cancellable, test_count_cb,
                  &n_calls);
  g_object_unref (cancellable);
  g_assert_false (gone);

  test_gate_open (&before);
  test_gate_await (&gate, 1);
  g_assert_false (gone);
  g_cancellable_cancel (cancellable);
  test_gate_open (&gate);
  run_until (n_calls == 1);
  g_assert_true (gone);
  run_until (ended == 1);
}

#define N_SHARING 10000

static void
check_shared (gboolean cancel)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const AsyncifyOptions options = { .limiter = limiter };
  guint ended = 0, n_calls = 0;
  TEST_GATE (gate);

  fill_limiter (limiter, 1, &gate, &ended);
  for (int i = 0; i < N_SHARING; i++)
    pass_gate_async_full (NULL, 0, &options, cancellable, test_count_cb, &n_calls);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 1);

  if (cancel)
    g_cancellable_cancel (cancellable);
  else
    test_gate_open (&gate);
  run_until (n_calls == N_SHARING);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
  g_assert_cmpuint (G_OBJECT (cancellable)->ref_count, ==, 1);
  g_assert_cmpuint (ended, ==, cancel ? 0 : 1);

  test_gate_open (&gate);
  run_until (ended == 1);
}

static void
test_shared (TestFixture *fixture,
             gconstpointer data)
{
  check_shared (FALSE);
}

static void
test_shared_cancelled (TestFixture *fixture,
                       gconstpointer data)
{
  check_shared (TRUE);
}

static void
test_reset (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) cancelled = { 0 };
  g_auto (TestReply) good = { 0 };
  guint ended = 0, n_ran = 0;
  TEST_GATE (gate);

  fill_limiter (limiter, 1, &gate, &ended);
  begin_mark (&n_ran, limiter, cancellable, &cancelled);
  g_cancellable_cancel (cancellable);
  g_cancellable_reset (cancellable);
  begin_mark (&n_ran, limiter, cancellable, &good);
  test_gate_open (&gate);
  assert_reply_cancelled (&cancelled);
  assert_reply_good (&good);
  g_assert_cmpuint (n_ran, ==, 1);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
  run_until (ended == 1);
}

static void
call_again_cb (GCancellable *cancellable,
               gpointer user_data)
{
  pass_gate_async (NULL, 0, cancellable, test_reply_cb, user_data);
}

static void
test_call_in_handler (TestFixture *fixture,
                      gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  gulong handler = g_signal_connect (cancellable, "cancelled", G_CALLBACK (call_again_cb), &reply);

  g_cancellable_cancel (cancellable);
  pass_gate_finish (test_reply_await (&reply), &error);
  assert_cancelled (error);
  g_signal_handler_disconnect (cancellable, handler);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/call/cancel/queued-never-runs", test_queued);
  test_add ("/call/cancel/queued-never-runs-in-the-default-limiter", test_queued_in_default);
  test_add ("/call/cancel/queued-never-runs-though-cancelling-takes-long",
            test_queued_while_cancelling);
  test_add ("/call/cancel/before-the-call-never-runs", test_before);
  test_add ("/call/cancel/from-another-thread", test_from_another_thread);
  test_add ("/call/cancel/from-a-callback", test_from_a_callback);
  test_add ("/call/cancel/callback-not-inside-cancel", test_not_inside_cancel);
  test_add ("/call/cancel/from-inside-the-function", test_from_inside);
  test_add ("/call/cancel/after-success-gives-the-result", test_after_success);
  test_add ("/call/cancel/running-is-told-and-waited-for", test_running);
  test_add ("/call/cancel/kept-until-callback", test_kept);
  test_add ("/call/cancel/shared-by-many-has-one-handler", test_shared);
  test_add ("/call/cancel/shared-by-many-and-cancelled", test_shared_cancelled);
  test_add ("/call/cancel/reset-and-used-again", test_reset);
  test_add ("/call/cancel/call-made-in-a-handler", test_call_in_handler);

  return g_test_run ();
}
