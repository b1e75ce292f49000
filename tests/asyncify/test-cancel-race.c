/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Cancelling at the very moment a call is made, starts or ends. Which of the two comes
 * first is open here; what follows from it is not: a call that ran gives its result,
 * one that was cancelled never ran, and each calls back once.
 */

#include "testutils.h"

static TestThing *
mark (int *n_ran,
      TestThing *thing)
{
  g_atomic_int_inc (n_ran);

  return g_object_ref (thing);
}

ASYNCIFY_DEFINE (OBJECT (TestThing), mark, BORROWED (int *, n_ran), OBJECT (TestThing, thing))

/* A thread that cancels whatever is put before it. */
typedef struct {
  GCancellable *cancellable; /* atomic; NULL while there is nothing to do */
  gboolean done;             /* atomic */
} Canceller;

static gpointer
canceller_thread (gpointer data)
{
  Canceller *canceller = data;
  guint n_spins = 0;

  while (!g_atomic_int_get (&canceller->done))
    {
      GCancellable *cancellable = g_atomic_pointer_get (&canceller->cancellable);

      if (cancellable == NULL)
        {
          if (n_spins++ % 1000 == 0)
            g_thread_yield ();
          continue;
        }
      g_cancellable_cancel (cancellable);
      g_atomic_pointer_set (&canceller->cancellable, NULL);
    }

  return NULL;
}

typedef struct {
  int n_ran; /* atomic */
  guint n_calls;
  gboolean good;
} Outcome;

static void
outcome_cb (GObject *source_object,
            GAsyncResult *result,
            gpointer user_data)
{
  Outcome *outcome = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TestThing) thing = mark_finish (result, &error);

  outcome->n_calls++;
  outcome->good = thing != NULL;
  if (thing == NULL)
    assert_cancelled (error);
  else
    g_assert_no_error (error);
}

static void
begin (Outcome *outcome,
       const AsyncifyOptions *options,
       GCancellable *cancellable)
{
  g_autoptr (TestThing) thing = test_thing_new (0);

  mark_async_full (&outcome->n_ran, thing, options, cancellable, outcome_cb, outcome);
}

/* So many rounds, or for so long (in us) on a machine that has other things to do. */
#define N_ROUNDS 3000
#define MAX_TIME (3 * G_TIME_SPAN_SECOND)
#define N_IN_ROUND 4

static void
race_once (Canceller *canceller,
           AsyncifyLimiter *limiter,
           AsyncifyJob *job)
{
  const AsyncifyOptions plain = { .limiter = limiter };
  const AsyncifyOptions watched = { .limiter = limiter, .job = job };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcomes[N_IN_ROUND] = { 0 };

  for (int i = 0; i < N_IN_ROUND; i++)
    {
      if (i == N_IN_ROUND / 2)
        g_atomic_pointer_set (&canceller->cancellable, cancellable);
      begin (&outcomes[i], i == 0 ? &watched : &plain, cancellable);
    }

  for (int i = 0; i < N_IN_ROUND; i++)
    {
      run_until (outcomes[i].n_calls > 0);
      g_assert_cmpint (outcomes[i].n_ran, ==, outcomes[i].good ? 1 : 0);
    }
  wait_until (g_atomic_pointer_get (&canceller->cancellable) == NULL);
  run_dry ();
  for (int i = 0; i < N_IN_ROUND; i++)
    g_assert_cmpuint (outcomes[i].n_calls, ==, 1);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
  g_assert_cmpuint (G_OBJECT (cancellable)->ref_count, ==, 1);
}

/* With a limiter of one, calls are cancelled while they are made, queued, taken,
 * running, sent home and delivered. */
static void
test_race (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (GPOINTER_TO_UINT (data));
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  Canceller canceller = { NULL, FALSE };
  GThread *thread = g_thread_new ("canceller", canceller_thread, &canceller);
  gint64 until = g_get_monotonic_time () + MAX_TIME;

  for (int i = 0; i < N_ROUNDS && g_get_monotonic_time () < until; i++)
    race_once (&canceller, limiter, job);

  g_atomic_int_set (&canceller.done, TRUE);
  g_thread_join (thread);
}

static void
race_when_full (Canceller *canceller,
                AsyncifyLimiter *limiter,
                guint head_start)
{
  const AsyncifyOptions options = { .limiter = limiter };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Outcome outcome = { 0 };

  g_atomic_pointer_set (&canceller->cancellable, cancellable);
  while (head_start-- > 0)
    g_atomic_pointer_get (&canceller->cancellable);
  begin (&outcome, &options, cancellable);
  run_until (outcome.n_calls > 0);
  g_assert_false (outcome.good);
  g_assert_cmpint (outcome.n_ran, ==, 0);
  wait_until (g_atomic_pointer_get (&canceller->cancellable) == NULL);
}

/* All workers are stuck, so no call may be lost on its way into the queue. */
static void
test_race_when_full (TestFixture *fixture,
                     gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  Canceller canceller = { NULL, FALSE };
  GThread *thread = g_thread_new ("canceller", canceller_thread, &canceller);
  gint64 until = g_get_monotonic_time () + MAX_TIME;
  guint ended = 0;
  TEST_GATE (gate);

  fill_limiter (limiter, 1, &gate, &ended);
  for (int i = 0; i < 4 * N_ROUNDS && g_get_monotonic_time () < until; i++)
    race_when_full (&canceller, limiter, i % 500);
  test_gate_open (&gate);
  run_until (ended == 1);

  g_atomic_int_set (&canceller.done, TRUE);
  g_thread_join (thread);
}

typedef struct {
  GCancellable *cancellable;
  TestGate *begin;
} Caller;

static gpointer
caller_thread (gpointer data)
{
  Caller *caller = data;
  g_autoptr (GMainContext) context = g_main_context_new ();
  Outcome outcomes[200] = { 0 };

  test_gate_enter (caller->begin);
  g_main_context_push_thread_default (context);
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      g_autoptr (TestThing) thing = test_thing_new_for (0, g_thread_self ());

      mark_async (&outcomes[i].n_ran, thing, caller->cancellable, outcome_cb, &outcomes[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    {
      run_until (outcomes[i].n_calls > 0);
      g_assert_cmpint (outcomes[i].n_ran, ==, outcomes[i].good ? 1 : 0);
    }
  run_dry ();
  for (guint i = 0; i < G_N_ELEMENTS (outcomes); i++)
    g_assert_cmpuint (outcomes[i].n_calls, ==, 1);
  g_main_context_pop_thread_default (context);

  return NULL;
}

/* Several threads share one GCancellable, which is cancelled while they call. */
static void
test_race_of_threads (TestFixture *fixture,
                      gconstpointer data)
{
  for (int round = 0; round < 20; round++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      GThread *threads[4];
      TEST_GATE (begin_gate);
      Caller caller = { cancellable, &begin_gate };

      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        threads[i] = g_thread_new ("caller", caller_thread, &caller);
      test_gate_await (&begin_gate, G_N_ELEMENTS (threads));
      test_gate_open (&begin_gate);
      g_thread_yield ();
      g_cancellable_cancel (cancellable);
      for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
        g_thread_join (threads[i]);
      g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/call/cancel/race/one-worker", TestFixture, GUINT_TO_POINTER (1), test_setup,
              test_race, test_teardown);
  g_test_add ("/call/cancel/race/many-workers", TestFixture, GUINT_TO_POINTER (8), test_setup,
              test_race, test_teardown);
  test_add ("/call/cancel/race/full-limiter", test_race_when_full);
  test_add ("/call/cancel/race/many-callers", test_race_of_threads);

  return g_test_run ();
}
