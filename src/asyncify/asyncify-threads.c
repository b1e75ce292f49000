/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-threads-private.h>

#include <gio/gio.h>

/* Where threads come from: the first four in the process from GTask's pool, which
 * costs nothing where GIO's threads are idle; all others from one pool of ours, so
 * that GIO never waits for us.
 */

/* If it takes longer than this to get a thread of GTask's pool, in us, then others keep it
 * busy; and so long is it left alone then, in s. */
#define GIO_BUSY  (10 * G_TIME_SPAN_MILLISECOND)
#define GIO_AVOID 1

typedef struct {
  AsyncifyThreadFunc func;
  gpointer data;
  gint64 asked; /* monotonic time in us */
} Errand;

static guint gio_threads; /* atomic; never above ASYNCIFY_MAX_GIO_THREADS */
static int gio_avoid_until; /* atomic; monotonic time in s */

/* How many of GTask's threads are ours at the moment. Any thread. */
guint
asyncify_threads_count_gio (void)
{
  return g_atomic_int_get (&gio_threads);
}

static gboolean
reserve_gio_thread (gint64 now)
{
  guint count = g_atomic_int_get (&gio_threads);

  if (now / G_USEC_PER_SEC < g_atomic_int_get (&gio_avoid_until))
    return FALSE;

  while (count < ASYNCIFY_MAX_GIO_THREADS)
    {
      if (g_atomic_int_compare_and_exchange (&gio_threads, count, count + 1))
        return TRUE;
      count = g_atomic_int_get (&gio_threads);
    }

  return FALSE;
}

static void
gio_thread_cb (GTask *task,
               gpointer source_object,
               gpointer task_data,
               GCancellable *cancellable)
{
  Errand *errand = task_data;
  gint64 now = g_get_monotonic_time ();

  if (now - errand->asked > GIO_BUSY)
    g_atomic_int_set (&gio_avoid_until, now / G_USEC_PER_SEC + 1 + GIO_AVOID);

  errand->func (errand->data);
  g_atomic_int_dec_and_test (&gio_threads);
  g_task_return_boolean (task, TRUE);
}

/* A GTask reports its end to a main context, and keeps itself alive until that
 * has been told. It must not be the caller's, which has no use for it and may
 * never run again: so they report to a context of their own, which is iterated
 * whenever another one starts. No more than a few are ever left over.
 */
static void
run_on_gio_thread (Errand *errand)
{
  static GMutex lock; /* protects the context: only one thread may push it */
  static GMainContext *context;
  g_autoptr (GTask) task = NULL;

  g_mutex_lock (&lock);
  if (context == NULL)
    context = g_main_context_new ();

  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_push_thread_default (context);
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_main_context_pop_thread_default (context);
  g_mutex_unlock (&lock);

  g_task_set_name (task, "[asyncify] worker");
  /* The few that are ours don't queue behind what others have put there. */
  g_task_set_priority (task, G_PRIORITY_HIGH);
  g_task_set_task_data (task, errand, g_free);
  g_task_run_in_thread (task, gio_thread_cb);
}

static void
own_thread_cb (gpointer data,
               gpointer pool_data)
{
  g_autofree Errand *errand = data;

  errand->func (errand->data);
}

static void
run_on_own_thread (Errand *errand)
{
  static GThreadPool *pool;

  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool, g_thread_pool_new (own_thread_cb, NULL, -1, FALSE, NULL));

  g_thread_pool_push (pool, errand, NULL);
}

/* Calls @func with @data on another thread. It may block there. Any thread. */
void
asyncify_threads_run (AsyncifyThreadFunc func,
                      gpointer data)
{
  Errand *errand = g_new (Errand, 1);

  *errand = (Errand) { func, data, g_get_monotonic_time () };
  if (reserve_gio_thread (errand->asked))
    run_on_gio_thread (errand);
  else
    run_on_own_thread (errand);
}
