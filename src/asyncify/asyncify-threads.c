/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-threads-private.h>

#include <gio/gio.h>

/* Where threads come from: the first four in the process from GTask's pool, which
 * costs nothing where GIO's threads are idle; all others from one pool of ours, so
 * that GIO never waits for us.
 *
 * And we don't wait for GIO: its pool may be busy for long, or (before GLib 2.87.1) come to a
 * standstill, or have no thread because none can be started, and says nothing of it. Whoever
 * doesn't get a thread there in time gets one of ours.
 */

/* What a thread is wanted for. */
typedef struct {
  gatomicrefcount ref_count;

  /* Read-only */
  AsyncifyThreadFunc func;
  AsyncifyThreadFailed failed;
  gpointer data;
  gint64 asked; /* monotonic time in us */

  int claimed; /* atomic: a thread has come for it */
} Errand;

static guint gio_threads; /* atomic; never above ASYNCIFY_MAX_GIO_THREADS */
static guint n_waiting; /* atomic; how many errands wait for GTask's pool */

static GMutex lock; /* a main context's lock is taken under it */

/* Under the lock */
static GMainContext *context; /* what our GTasks report to */
static Errand *waiting[ASYNCIFY_MAX_GIO_THREADS]; /* the first n_waiting, in the order they came */
static gint64 gio_avoid_until; /* monotonic time in us */

static Errand *
errand_ref (Errand *errand)
{
  g_atomic_ref_count_inc (&errand->ref_count);

  return errand;
}

static void
errand_unref (Errand *errand)
{
  if (g_atomic_ref_count_dec (&errand->ref_count))
    g_free (errand);
}

static gboolean
errand_claim (Errand *errand)
{
  return g_atomic_int_compare_and_exchange (&errand->claimed, FALSE, TRUE);
}

/* How many of GTask's threads are ours at the moment. Any thread. */
guint
asyncify_threads_count_gio (void)
{
  return g_atomic_int_get (&gio_threads);
}

/* The next functions: under the lock. */

static gboolean
reserve_gio_thread (gint64 now)
{
  if (now < gio_avoid_until || g_atomic_int_get (&gio_threads) >= ASYNCIFY_MAX_GIO_THREADS
      || n_waiting >= ASYNCIFY_MAX_GIO_THREADS)
    return FALSE;

  g_atomic_int_inc (&gio_threads);
  return TRUE;
}

static void
stop_waiting (Errand *errand)
{
  for (guint i = 0; i < n_waiting; i++)
    {
      if (waiting[i] != errand)
        continue;

      g_atomic_int_set (&n_waiting, n_waiting - 1);
      memmove (&waiting[i], &waiting[i + 1], (n_waiting - i) * sizeof waiting[0]);
      errand_unref (errand);
      return;
    }
}

static void
gio_thread_cb (GTask *task,
               gpointer source_object,
               gpointer task_data,
               GCancellable *cancellable)
{
  Errand *errand = task_data;

  if (errand_claim (errand))
    {
      g_mutex_lock (&lock);
      stop_waiting (errand);
      g_mutex_unlock (&lock);

      errand->func (errand->data);
    }

  g_atomic_int_dec_and_test (&gio_threads);
  g_task_return_boolean (task, TRUE);
}

/* A GTask reports its end to a main context, and keeps itself alive until that
 * has been told. It must not be the caller's, which has no use for it and may
 * never run again: so they report to a context of their own, which is iterated
 * whenever another one starts. No more than a few are ever left over.
 */
static GTask *
create_task (Errand *errand)
{
  GTask *task;

  if (context == NULL)
    context = g_main_context_new ();

  while (g_main_context_iteration (context, FALSE))
    ;
  g_main_context_push_thread_default (context);
  task = g_task_new (NULL, NULL, NULL, NULL);
  g_main_context_pop_thread_default (context);

  g_task_set_name (task, "[asyncify] worker");
  /* The few that are ours don't queue behind what others have put there. */
  g_task_set_priority (task, G_PRIORITY_HIGH);
  g_task_set_task_data (task, errand_ref (errand), (GDestroyNotify) errand_unref);

  waiting[n_waiting] = errand_ref (errand);
  g_atomic_int_set (&n_waiting, n_waiting + 1);

  return task;
}

static void
own_thread_cb (gpointer data,
               gpointer pool_data)
{
  Errand *errand = data;

  if (errand_claim (errand))
    errand->func (errand->data);
  errand_unref (errand);
}

static GThreadPool *
get_own_pool (void)
{
  static GThreadPool *pool;

  if (g_once_init_enter (&pool))
    g_once_init_leave (&pool, g_thread_pool_new (own_thread_cb, NULL, -1, FALSE, NULL));

  return pool;
}

/* Not under the lock. If no thread can be started, the errand stays with the pool all the same:
 * so another one may have come for it already, or still come and find it claimed. */
static void
run_on_own_thread (Errand *errand)
{
  g_autoptr (GError) error = NULL;

  if (!g_thread_pool_push (get_own_pool (), errand_ref (errand), &error) && errand_claim (errand))
    errand->failed (errand->data, error);
}

/* Calls @func with @data on another thread, one of GTask's if that may be. It may block there. If
 * no thread can be started, @failed is called instead, on this thread or on that of a main context.
 * Any thread. */
void
asyncify_threads_run (AsyncifyThreadFunc func,
                      AsyncifyThreadFailed failed,
                      gpointer data,
                      gboolean may_be_gio)
{
  Errand *errand = g_new (Errand, 1);
  g_autoptr (GTask) task = NULL;

  *errand = (Errand) {
    .func = func, .failed = failed, .data = data, .asked = g_get_monotonic_time ()
  };
  g_atomic_ref_count_init (&errand->ref_count);

  g_mutex_lock (&lock);
  if (may_be_gio && reserve_gio_thread (errand->asked))
    task = create_task (errand);
  g_mutex_unlock (&lock);

  if (task != NULL)
    g_task_run_in_thread (task, gio_thread_cb);
  else
    run_on_own_thread (errand);
  errand_unref (errand);
}

/* Until when asyncify_threads_rescue () is to be called, in monotonic time in us; G_MAXINT64 if
 * it need not be. Any thread, and cheap: main loops ask whenever they turn. */
gint64
asyncify_threads_get_overdue (void)
{
  gint64 overdue = G_MAXINT64;

  if (g_atomic_int_get (&n_waiting) == 0)
    return overdue;

  g_mutex_lock (&lock);
  if (n_waiting > 0)
    overdue = waiting[0]->asked + ASYNCIFY_GIO_BUSY;
  g_mutex_unlock (&lock);

  return overdue;
}

/* Those who have waited too long for GTask's pool get a thread of ours. Any thread. */
void
asyncify_threads_rescue (void)
{
  gint64 now = g_get_monotonic_time ();

  for (;;)
    {
      Errand *errand = NULL;

      g_mutex_lock (&lock);
      if (n_waiting > 0 && waiting[0]->asked + ASYNCIFY_GIO_BUSY <= now)
        {
          errand = errand_ref (waiting[0]);
          stop_waiting (errand);
          gio_avoid_until = now + ASYNCIFY_GIO_AVOID;
        }
      g_mutex_unlock (&lock);

      if (errand == NULL)
        return;
      run_on_own_thread (errand);
      errand_unref (errand);
    }
}
