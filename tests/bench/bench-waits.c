/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the library promises about waiting, as times: nested waits, a crowd of calls that never
 * return, a crowd that is cancelled or told to stop at once, and a million updates of progress.
 * The times depend on the machine, so none of them makes this program fail; only a wrong result
 * does.
 */

#include <asyncify/asyncify.h>

#include <stdlib.h>
#include <time.h>

#include "bench-loop.h"

static guint n_pending;
static guint n_wrong;

static void
run_all (void)
{
  while (n_pending > 0)
    g_main_context_iteration (NULL, TRUE);
}

static double
get_ms_since (gint64 began)
{
  return (g_get_monotonic_time () - began) / (double) G_TIME_SPAN_MILLISECOND;
}

/* Each waits for the next one. */

static int nest (int depth);
ASYNCIFY_DEFINE (VALUE (int), nest, VALUE (int, depth))
SYNCIFY_DEFINE (VALUE (int), nest_and_wait, nest_async, nest_finish, VALUE (int, depth))

static int
nest (int depth)
{
  return depth > 0 ? nest_and_wait (depth - 1, NULL, NULL) + 1 : 0;
}

static void
nest_ready_cb (GObject *source_object,
               GAsyncResult *result,
               gpointer user_data)
{
  n_wrong += nest_finish (result, NULL) != GPOINTER_TO_INT (user_data);
  n_pending--;
}

static void
measure_nested (guint n)
{
  gint64 began = g_get_monotonic_time ();
  double chain, row;

  n_pending = 1;
  nest_async (n, NULL, nest_ready_cb, GUINT_TO_POINTER (n));
  run_all ();
  chain = get_ms_since (began);

  began = g_get_monotonic_time ();
  n_pending = n;
  for (guint i = 0; i < n; i++)
    nest_async (1, NULL, nest_ready_cb, GINT_TO_POINTER (1));
  run_all ();
  row = get_ms_since (began);

  g_print ("%4u nested waits: each in the former %8.2f ms, each beside the others %8.2f ms\n", n,
           chain, row);
}

/* They don't return until they are let. */

static GMutex lock;
static GCond released;
static gboolean is_released;

static int
stand_still (int number)
{
  g_mutex_lock (&lock);
  while (!is_released)
    g_cond_wait (&released, &lock);
  g_mutex_unlock (&lock);

  return number;
}

static int
return_at_once (int number)
{
  return number;
}

ASYNCIFY_DEFINE (VALUE (int), stand_still, VALUE (int, number))
ASYNCIFY_DEFINE (VALUE (int), return_at_once, VALUE (int, number))

static void
stopped_cb (GObject *source_object,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  stand_still_finish (result, &error);
  n_wrong += !g_error_matches (error, G_IO_ERROR, GPOINTER_TO_INT (user_data));
  n_pending--;
}

static void
returned_cb (GObject *source_object,
             GAsyncResult *result,
             gpointer user_data)
{
  n_wrong += return_at_once_finish (result, NULL) != 1;
  n_pending--;
}

static void
measure_abandoned (guint n)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (n);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const AsyncifyOptions options = {
    .limiter = limiter, .cancel_policy = ASYNCIFY_CANCEL_ABANDON
  };
  gint64 began;

  n_pending = n;
  for (guint i = 0; i < n; i++)
    stand_still_async_full (0, &options, cancellable, stopped_cb,
                            GINT_TO_POINTER (G_IO_ERROR_CANCELLED));
  while (asyncify_limiter_get_running (limiter) < n)
    g_main_context_iteration (NULL, FALSE);

  began = g_get_monotonic_time ();
  n_pending++;
  return_at_once_async_full (1, &options, NULL, returned_cb, NULL);
  g_cancellable_cancel (cancellable);
  run_all ();
  g_print ("%4u calls that never return, abandoned: the next one is answered after %.2f ms\n", n,
           get_ms_since (began));
  n_wrong += asyncify_limiter_get_abandoned (limiter) != n;

  g_mutex_lock (&lock);
  is_released = TRUE;
  g_cond_broadcast (&released);
  g_mutex_unlock (&lock);
  while (asyncify_limiter_get_abandoned (limiter) > 0)
    g_main_context_iteration (NULL, FALSE);
  is_released = FALSE;
}

/* All of them queued behind one that stands still. */
static void
measure_stopped (guint n,
                 gboolean by_deadline)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) first = g_cancellable_new ();
  const AsyncifyOptions options = {
    .limiter = limiter, .timeout_ms = by_deadline ? 500 : 0, .cancel_policy = ASYNCIFY_CANCEL_ABANDON
  };
  const int code = by_deadline ? G_IO_ERROR_TIMED_OUT : G_IO_ERROR_CANCELLED;
  BenchLoop loop;

  n_pending = n + 1;
  stand_still_async_full (0, &options, first, stopped_cb, GINT_TO_POINTER (code));
  for (guint i = 0; i < n; i++)
    stand_still_async_full (0, &options, cancellable, stopped_cb, GINT_TO_POINTER (code));

  bench_loop_start (&loop);
  if (!by_deadline)
    {
      g_cancellable_cancel (cancellable);
      g_cancellable_cancel (first);
    }
  run_all ();
  bench_loop_stop (&loop);
  g_print ("%u calls %s at once: the loop is held up for %.2f ms, %u of %u frames missed\n", n,
           by_deadline ? "timed out" : "cancelled", loop.held_up_ms, loop.n_missed, loop.n_frames);

  g_mutex_lock (&lock);
  is_released = TRUE;
  g_cond_broadcast (&released);
  g_mutex_unlock (&lock);
  while (asyncify_limiter_get_abandoned (limiter) > 0)
    g_main_context_iteration (NULL, FALSE);
  is_released = FALSE;
}

static void
count_to (int n)
{
  for (int i = 1; i <= n; i++)
    asyncify_set_progress (i / (double) n);
}

ASYNCIFY_DEFINE (NOTHING, count_to, VALUE (int, n))

static void
counted_cb (GObject *source_object,
            GAsyncResult *result,
            gpointer user_data)
{
  count_to_finish (result, NULL);
  n_pending--;
}

static void
count_notify_cb (GObject *object,
                 GParamSpec *pspec,
                 gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
measure_progress (int n)
{
#ifdef CLOCK_THREAD_CPUTIME_ID
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  gint64 began = g_get_monotonic_time ();
  struct timespec before, after;
  guint n_notified = 0;

  g_signal_connect (job, "notify::progress", G_CALLBACK (count_notify_cb), &n_notified);
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &before);
  n_pending = 1;
  count_to_async_full (n, &(AsyncifyOptions) { .job = job }, NULL, counted_cb, NULL);
  run_all ();
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &after);

  n_wrong += asyncify_job_get_progress (job) != 1;
  g_print ("%d updates of progress: %.0f ms in all, of that the loop's own time %.2f ms; "
           "notified %u times\n",
           n, get_ms_since (began),
           (after.tv_sec - before.tv_sec) * 1e3 + (after.tv_nsec - before.tv_nsec) / 1e6,
           n_notified);
#endif
}

int
main (void)
{
  const guint depths[] = { 11, 20, 40, 200 };

  for (guint i = 0; i < G_N_ELEMENTS (depths); i++)
    measure_nested (depths[i]);
  measure_abandoned (12);
  measure_stopped (10000, FALSE);
  measure_stopped (10000, TRUE);
  measure_progress (1000000);

  if (n_wrong > 0)
    g_printerr ("%u results are wrong\n", n_wrong);
  return n_wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
