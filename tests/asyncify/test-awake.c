/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How many workers go to work: many, if they are stuck; few, if they compute. */

#include "teststalls.h"

#include <asyncify/asyncify-awake-private.h>
#include <asyncify/asyncify-limiter-private.h>

/* Of the calls that compute */
#define N_CALLS 60
#define TAKE    3000 /* us */

/* Whether the system tells. Valgrind runs one thread at a time, the others wait for it. */
static gboolean
is_told (void)
{
  return asyncify_awake_get_self () != 0 && !test_under_valgrind ();
}

/* A thread that computes, then stops at a gate, and ends. */
typedef struct {
  int thread;    /* atomic */
  gboolean stop; /* atomic */
  TestGate gate;
} Life;

static gpointer
life_thread (gpointer data)
{
  Life *life = data;

  g_atomic_int_set (&life->thread, asyncify_awake_get_self ());
  while (!g_atomic_int_get (&life->stop))
    ;
  test_gate_enter (&life->gate);

  return NULL;
}

static void
test_told (TestFixture *fixture,
           gconstpointer data)
{
  Life life = { 0 };
  GThread *thread;

  if (!is_told ())
    {
      /* Only Linux says so of a thread, and there is no other way to learn it. */
      g_test_skip ("It isn't told whether a thread computes");
      return;
    }

  test_gate_init (&life.gate);
  thread = g_thread_new ("life", life_thread, &life);

  wait_until (g_atomic_int_get (&life.thread) != 0);
  g_assert_cmpint (life.thread, !=, asyncify_awake_get_self ());
  g_assert_true (asyncify_awake_get (asyncify_awake_get_self ()));
  for (int i = 0; i < 100; i++)
    g_assert_true (asyncify_awake_get (life.thread));

  g_atomic_int_set (&life.stop, TRUE);
  test_gate_await (&life.gate, 1);
  wait_until (!asyncify_awake_get (life.thread));

  test_gate_open (&life.gate);
  g_thread_join (thread);
  g_assert_false (asyncify_awake_get (life.thread));
  g_assert_false (asyncify_awake_get (0));
  test_gate_clear (&life.gate);
}

/* Who is inside at a time, and how long nobody came. */
typedef struct {
  GMutex lock;
  guint inside, most;
  gint64 entered_at, longest_pause; /* us */
} Meter;

static void
compute (Meter *meter)
{
  const gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&meter->lock);
  meter->inside++;
  meter->most = MAX (meter->most, meter->inside);
  if (meter->entered_at != 0)
    meter->longest_pause = MAX (meter->longest_pause, now - meter->entered_at);
  meter->entered_at = now;
  g_mutex_unlock (&meter->lock);

  while (g_get_monotonic_time () < now + TAKE)
    ;

  g_mutex_lock (&meter->lock);
  meter->inside--;
  g_mutex_unlock (&meter->lock);
}

ASYNCIFY_DEFINE (NOTHING, compute, BORROWED (Meter *, meter))

/* More would only take the processors from the main loop; also if those who compute have to wait
 * for one, unless that takes very long. */
static void
test_compute (TestFixture *fixture,
              gconstpointer data)
{
  const guint n_processors = MAX (g_get_num_processors (), 2) - 1;
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (n_processors + 20);
  Meter meter = { 0 };
  guint ended = 0;

  if (!is_told ())
    {
      /* Only Linux says so of a thread: elsewhere who computes can't be told from who is stuck. */
      g_test_skip ("It isn't told whether a thread computes");
      return;
    }

  for (guint i = 0; i < N_CALLS; i++)
    compute_async_full (&meter, &(AsyncifyOptions) { .limiter = limiter }, NULL, test_count_cb,
                        &ended);
  run_until (ended == N_CALLS);

  g_test_message ("%u at most, none for %" G_GINT64_FORMAT " us", meter.most, meter.longest_pause);
  if (meter.longest_pause < ASYNCIFY_WORKERS_PATIENCE)
    g_assert_cmpuint (meter.most, <=, n_processors);
}

/* Computes until so many others do so too. */
static void
compute_together (int *inside,
                  int n)
{
  const gint64 until = g_get_monotonic_time () + 20 * G_TIME_SPAN_SECOND;

  g_atomic_int_inc (inside);
  while (g_atomic_int_get (inside) < n && g_get_monotonic_time () < until)
    ;
}

ASYNCIFY_DEFINE (NOTHING, compute_together, BORROWED (int *, inside), VALUE (int, n))

/* Nothing waits for long behind what computes for long. */
static void
test_long (TestFixture *fixture,
           gconstpointer data)
{
  const int n = g_get_num_processors () + 3;
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (n);
  const AsyncifyOptions options = { .limiter = limiter };
  int inside = 0;
  guint ended = 0;

  for (int i = 0; i < n; i++)
    compute_together_async_full (&inside, n, &options, NULL, test_count_cb, &ended);
  run_until (ended == (guint) n);
  g_assert_cmpint (inside, ==, n);
}

/* Who is stuck is no reason to wait, though others compute. */
static void
test_stuck (TestFixture *fixture,
            gconstpointer data)
{
  const int n_stuck = g_get_num_processors () + 3;
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (n_stuck + 1);
  const AsyncifyOptions options = { .limiter = limiter };
  Meter meter = { 0 };
  guint ended = 0;
  TEST_GATE (gate);

  for (int i = 0; i < n_stuck; i++)
    pass_gate_async_full (&gate, i, &options, NULL, test_count_cb, &ended);
  test_gate_await (&gate, n_stuck);
  for (guint i = 0; i < N_CALLS; i++)
    compute_async_full (&meter, &options, NULL, test_count_cb, &ended);
  run_until (ended == N_CALLS);

  test_gate_open (&gate);
  run_until (ended == N_CALLS + (guint) n_stuck);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/awake/told-of-a-thread", test_told);
  test_add ("/awake/few-workers-where-calls-compute", test_compute);
  test_add ("/awake/more-where-they-compute-for-long", test_long);
  test_add ("/awake/one-more-where-all-others-are-stuck", test_stuck);

  return g_test_run ();
}
