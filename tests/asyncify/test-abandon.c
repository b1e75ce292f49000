/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Calls that are answered before their function has returned. What becomes of their jobs is in
 * test-abandon-job.c, and of those that wait for other calls in test-abandon-lent.c.
 */

#include "testutils.h"

#include <asyncify/asyncify-threads-private.h>

/* Stops at @gate, and doesn't care about cancellation. Has arguments, results and errors that
 * have to be freed, whoever gets them. */
static TestThing *
make_late (TestGate *gate,
           TestThing *thing,
           gboolean fail,
           TestBlob **blob,
           GError **error)
{
  if (gate != NULL)
    test_gate_enter (gate);
  *blob = test_blob_new (1);
  if (!fail)
    return g_object_ref (thing);

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "as asked");
  return NULL;
}

ASYNCIFY_DEFINE (OBJECT (TestThing), make_late, BORROWED (TestGate *, gate),
                 OBJECT (TestThing, thing), VALUE (gboolean, fail),
                 OUT_BOXED (TestBlob, blob, test_blob_free), THROWS)

static void
begin_late (TestGate *gate,
            gboolean fail,
            AsyncifyLimiter *limiter,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  g_autoptr (TestThing) thing = test_thing_new (0);
  g_autoptr (TestThing) source_object = test_thing_new (0);
  const AsyncifyOptions options = {
    .source_object = G_OBJECT (source_object),
    .limiter = limiter,
    .cancel_policy = ASYNCIFY_CANCEL_ABANDON,
  };

  make_late_async_full (gate, thing, fail, &options, cancellable, callback, user_data);
}

/* Returns: whether it was cancelled; else it has its result */
static gboolean
finish_late (GAsyncResult *result)
{
  g_autoptr (TestThing) thing = NULL;
  g_autoptr (TestBlob) blob = NULL;
  g_autoptr (GError) error = NULL;

  thing = make_late_finish (result, &blob, &error);
  if (error == NULL)
    {
      g_assert_nonnull (thing);
      g_assert_nonnull (blob);
      return FALSE;
    }

  assert_cancelled (error);
  g_assert_null (thing);
  g_assert_null (blob);

  return TRUE;
}

/* What its function returns nobody gets. */
static void
check_late (gboolean fail)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  begin_late (&gate, fail, limiter, cancellable, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  g_cancellable_cancel (cancellable);
  test_reply_await (&reply);
  test_reply_clear (&reply);

  /* The source object is free, not so what the function uses. */
  g_assert_cmpuint (test_count_alive (), ==, 1);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (limiter), ==, 1);
  test_gate_open (&gate);
  wait_until (asyncify_limiter_get_abandoned (limiter) == 0);
  g_assert_cmpuint (gate.left, ==, 1);

  /* What it uses and what it made wait for the loop. */
  g_assert_cmpuint (test_count_alive (), ==, 2);
  run_until (test_count_alive () == 0);
  g_assert_cmpuint (reply.n_calls, ==, 1);
}

static void
test_late_result (TestFixture *fixture,
                  gconstpointer data)
{
  check_late (FALSE);
}

static void
test_late_error (TestFixture *fixture,
                 gconstpointer data)
{
  check_late (TRUE);
}

static void
test_at_once (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  begin_late (&gate, FALSE, NULL, cancellable, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (reply.n_calls, ==, 0);
  g_assert_true (finish_late (test_reply_await (&reply)));
  g_assert_true (TEST_IS_THING (reply.source_object));
  g_assert_cmpuint (gate.left, ==, 0);
}

/* Not cancelled, it is a call as any other. */
static void
test_not_cancelled (TestFixture *fixture,
                    gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };

  begin_late (NULL, FALSE, NULL, cancellable, test_reply_cb, &reply);
  g_assert_false (finish_late (test_reply_await (&reply)));
  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (asyncify_limiter_get_default ()), ==, 0);
}

static void
test_queued (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  guint ended = 0;
  TEST_GATE (gate);
  TEST_GATE (never);

  fill_limiter (limiter, 1, &gate, &ended);
  begin_late (&never, FALSE, limiter, cancellable, test_reply_cb, &reply);
  g_cancellable_cancel (cancellable);
  g_assert_true (finish_late (test_reply_await (&reply)));
  test_reply_clear (&reply);
  g_assert_cmpuint (test_count_alive (), ==, 0);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (limiter), ==, 0);

  test_gate_open (&gate);
  run_until (ended == 1);
  g_assert_cmpuint (never.entered, ==, 0);
}

/* An emission takes its time. All that is queued when it begins is cancelled then, also what
 * might get the place of an abandoned call. */
static void
test_queued_behind_abandoned (TestFixture *fixture,
                              gconstpointer data)
{
  const guint n = 10000;
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const AsyncifyOptions options
    = { .limiter = limiter, .cancel_policy = ASYNCIFY_CANCEL_ABANDON };
  guint ended = 0;
  TEST_GATE (gate);
  TEST_GATE (never);

  pass_gate_async_full (&gate, 0, &options, cancellable, test_count_cb, &ended);
  test_gate_await (&gate, 1);
  for (guint i = 1; i < n; i++)
    pass_gate_async_full (&never, 0, &options, cancellable, test_count_cb, &ended);
  g_cancellable_cancel (cancellable);
  run_until (ended == n);
  test_gate_open (&never);
  test_gate_open (&gate);
  wait_until (asyncify_limiter_get_abandoned (limiter) == 0);
  g_assert_cmpuint (never.entered, ==, 0);
}

/* Abandons @n calls that are stuck for good, as many at a time as may run. */
static void
abandon_many (AsyncifyLimiter *limiter,
              guint n,
              TestGate *gate)
{
  const guint at_once = MIN (n, asyncify_limiter_get_max_running (limiter));

  for (guint begun = 0; begun < n;)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      guint ended = 0, end = MIN (begun + at_once, n);

      for (guint i = begun; i < end; i++)
        begin_late (gate, FALSE, limiter, cancellable, test_count_cb, &ended);
      test_gate_await (gate, end);
      g_cancellable_cancel (cancellable);
      run_until (ended == end - begun);
      begun = end;
    }
}

static void
check_stuck (AsyncifyLimiter *limiter,
             guint n)
{
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  abandon_many (limiter, n, &gate);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (limiter), ==, n);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 0);

  pass_gate_async_full (NULL, 5, &(AsyncifyOptions) { .limiter = limiter }, NULL, test_reply_cb,
                        &reply);
  g_assert_cmpint (pass_gate_finish (test_reply_await (&reply), NULL), ==, 5);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (limiter), ==, n);
  g_assert_cmpuint (gate.left, ==, 0);
  g_assert_cmpuint (asyncify_threads_count_gio (), <=, ASYNCIFY_MAX_GIO_THREADS);

  test_gate_open (&gate);
  wait_until (asyncify_limiter_get_abandoned (limiter) == 0);
}

static void
test_stuck (TestFixture *fixture,
            gconstpointer data)
{
  const guint counts[] = { 1, 4 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (counts[i]);

      check_stuck (limiter, 1);
      check_stuck (limiter, 12);
    }
  check_stuck (asyncify_limiter_get_default (), 12);
  check_stuck (asyncify_limiter_get_default (), 100);
}

/* Those that are already queued get the places. */
static void
test_place (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint abandoned = 0, ended = 0;
  TEST_GATE (stuck);
  TEST_GATE (gate);

  for (guint i = 0; i < 2; i++)
    begin_late (&stuck, FALSE, limiter, cancellable, test_count_cb, &abandoned);
  test_gate_await (&stuck, 2);
  for (guint i = 0; i < 4; i++)
    pass_gate_async_full (&gate, 0, &(AsyncifyOptions) { .limiter = limiter }, NULL, test_count_cb,
                          &ended);
  g_cancellable_cancel (cancellable);
  test_gate_await (&gate, 2);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 2);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 2);

  /* Nobody gets a place from those who had lost theirs. */
  test_gate_open (&stuck);
  wait_until (asyncify_limiter_get_abandoned (limiter) == 0);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 2);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 2);
  g_assert_cmpuint (gate.entered, ==, 2);
  test_gate_open (&gate);
  run_until (abandoned == 2 && ended == 4);
}

/* Says how it was told. */
static void
ask (TestGate *gate,
     int *told,
     GCancellable *cancellable)
{
  gboolean before = g_cancellable_is_cancelled (cancellable) || asyncify_is_cancelled ();

  test_gate_enter (gate);
  if (!before && g_cancellable_is_cancelled (cancellable) && asyncify_is_cancelled ())
    g_atomic_int_set (told, TRUE);
}

ASYNCIFY_DEFINE (NOTHING, ask, BORROWED (TestGate *, gate), BORROWED (int *, told), CANCELLABLE)

/* Told or not, it goes on to its end. */
static void
test_runs_on (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint ended = 0;
  TEST_GATE (gate);

  begin_late (&gate, FALSE, NULL, cancellable, test_count_cb, &ended);
  test_gate_await (&gate, 1);
  g_cancellable_cancel (cancellable);
  run_until (ended == 1);
  g_assert_cmpuint (test_count_alive (), ==, 1);
  test_gate_open (&gate);
  /* Now the blob is there that it makes at the end. */
  test_await_alive (2);
}

static void
test_told (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const AsyncifyOptions options = { .cancel_policy = ASYNCIFY_CANCEL_ABANDON };
  guint ended = 0;
  int told = FALSE;
  TEST_GATE (gate);

  ask_async_full (&gate, &told, &options, cancellable, test_count_cb, &ended);
  test_gate_await (&gate, 1);
  g_cancellable_cancel (cancellable);
  run_until (ended == 1);
  g_assert_false (g_atomic_int_get (&told));
  test_gate_open (&gate);
  wait_until (g_atomic_int_get (&told));
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
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  begin_late (&gate, FALSE, NULL, cancellable, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  g_thread_join (g_thread_new ("canceller", cancel_in_thread, cancellable));
  g_assert_cmpuint (reply.n_calls, ==, 0);
  g_assert_true (finish_late (test_reply_await (&reply)));
  g_assert_true (reply.thread == g_thread_self ());
}

static void
cancel_cb (GObject *source_object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
test_from_a_callback (TestFixture *fixture,
                      gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  begin_late (&gate, FALSE, NULL, cancellable, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  pass_gate_async (NULL, 0, NULL, cancel_cb, cancellable);
  g_assert_true (finish_late (test_reply_await (&reply)));
}

/* And then it takes its time. */
static int
cancel_myself (TestGate *gate,
               TestThing *thing,
               GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);
  test_gate_enter (gate);

  return test_thing_get_number (thing);
}

ASYNCIFY_DEFINE (VALUE (int), cancel_myself, BORROWED (TestGate *, gate), OBJECT (TestThing, thing),
                 CANCELLABLE)

static void
test_from_inside (TestFixture *fixture,
                  gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const AsyncifyOptions options = { .cancel_policy = ASYNCIFY_CANCEL_ABANDON };
  g_autoptr (TestThing) thing = test_thing_new (1);
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  cancel_myself_async_full (&gate, thing, &options, cancellable, test_reply_cb, &reply);
  g_assert_cmpint (cancel_myself_finish (test_reply_await (&reply), &error), ==, 0);
  assert_cancelled (error);
  test_gate_await (&gate, 1);
}

/* Answered calls have no handler any more, though their functions run. */
static void
test_handlers (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint ended = 0;
  TEST_GATE (gate);

  for (guint i = 0; i < 20; i++)
    begin_late (&gate, FALSE, NULL, cancellable, test_count_cb, &ended);
  test_gate_await (&gate, 20);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 1);
  g_cancellable_cancel (cancellable);
  run_until (ended == 20);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
  g_assert_cmpuint (gate.left, ==, 0);

  test_gate_open (&gate);
  run_until (test_count_alive () == 0);
  g_assert_cmpuint (ended, ==, 20);
  g_assert_cmpuint (G_OBJECT (cancellable)->ref_count, ==, 1);
}

static gboolean
is_gone (GWeakRef *ref)
{
  g_autoptr (GObject) object = g_weak_ref_get (ref);

  return object == NULL;
}

/* An abandoned call keeps its limiter. */
static void
test_limiter_released (TestFixture *fixture,
                       gconstpointer data)
{
  AsyncifyLimiter *limiter = asyncify_limiter_new (1);
  GWeakRef ref;
  TEST_GATE (gate);

  g_weak_ref_init (&ref, limiter);
  abandon_many (limiter, 3, &gate);
  g_object_unref (limiter);
  run_dry ();
  g_assert_false (is_gone (&ref));
  test_gate_open (&gate);
  run_until (test_count_alive () == 0);
  wait_until (is_gone (&ref));
  g_weak_ref_clear (&ref);
}

typedef struct {
  guint n_calls;
  gboolean cancelled;
} Outcome;

static void
outcome_cb (GObject *source_object,
            GAsyncResult *result,
            gpointer user_data)
{
  Outcome *outcome = user_data;

  outcome->n_calls++;
  outcome->cancelled = finish_late (result);
}

typedef struct {
  GCancellable *cancellable; /* atomic; to be cancelled */
  gboolean done;             /* atomic */
} Canceller;

static gpointer
canceller_thread (gpointer data)
{
  Canceller *canceller = data;

  while (!g_atomic_int_get (&canceller->done))
    {
      GCancellable *cancellable = g_atomic_pointer_get (&canceller->cancellable);

      if (cancellable == NULL)
        {
          g_thread_yield ();
          continue;
        }
      g_cancellable_cancel (cancellable);
      g_atomic_pointer_set (&canceller->cancellable, NULL);
    }

  return NULL;
}

static void
race_once (Canceller *canceller,
           AsyncifyLimiter *limiter,
           guint when)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcomes[4] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      if (i == when)
        g_atomic_pointer_set (&canceller->cancellable, cancellable);
      begin_late (NULL, FALSE, limiter, cancellable, outcome_cb, &outcomes[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    run_until (outcomes[i].n_calls > 0);
  wait_until (g_atomic_pointer_get (&canceller->cancellable) == NULL);
  run_dry ();
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    g_assert_cmpuint (outcomes[i].n_calls, ==, 1);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
}

/* They are cancelled while they are queued, begin, return and come home. */
static void
test_race (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (GPOINTER_TO_UINT (data));
  const gint64 until = g_get_monotonic_time () + 3 * G_TIME_SPAN_SECOND;
  Canceller canceller = { NULL, FALSE };
  GThread *thread = g_thread_new ("canceller", canceller_thread, &canceller);

  for (guint i = 0; i < 2000 && g_get_monotonic_time () < until; i++)
    race_once (&canceller, limiter, 1 + i % 3);
  g_atomic_int_set (&canceller.done, TRUE);
  g_thread_join (thread);

  run_until (test_count_alive () == 0);
  wait_until (asyncify_limiter_get_abandoned (limiter) == 0);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 0);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 0);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/call/abandon/ends-at-once", test_at_once);
  test_add ("/call/abandon/late-result-is-freed", test_late_result);
  test_add ("/call/abandon/late-error-is-freed", test_late_error);
  test_add ("/call/abandon/not-cancelled-is-like-any", test_not_cancelled);
  test_add ("/call/abandon/queued-never-runs", test_queued);
  test_add ("/call/abandon/queued-behind-abandoned-never-runs", test_queued_behind_abandoned);
  test_add ("/call/abandon/stuck-ones-hold-up-nobody", test_stuck);
  test_add ("/call/abandon/place-is-given-back", test_place);
  test_add ("/call/abandon/function-is-told", test_told);
  test_add ("/call/abandon/function-runs-on", test_runs_on);
  test_add ("/call/abandon/from-another-thread", test_from_another_thread);
  test_add ("/call/abandon/from-a-callback", test_from_a_callback);
  test_add ("/call/abandon/from-inside-the-function", test_from_inside);
  test_add ("/call/abandon/no-handler-left", test_handlers);
  test_add ("/call/abandon/keeps-its-limiter", test_limiter_released);
  g_test_add ("/call/abandon/race/one-worker", TestFixture, GUINT_TO_POINTER (1), test_setup,
              test_race, test_teardown);
  g_test_add ("/call/abandon/race/many-workers", TestFixture, GUINT_TO_POINTER (8), test_setup,
              test_race, test_teardown);

  return g_test_run ();
}
