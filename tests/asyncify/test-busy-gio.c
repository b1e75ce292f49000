/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Others use GTask's pool too, and may fill it up. */

#include "testutils.h"

#define N_OTHERS 100

static void
return_at_once (void)
{
}

ASYNCIFY_DEFINE (NOTHING, return_at_once)

typedef struct {
  GMutex lock;
  GCond opened;
  gboolean open;
  guint started; /* atomic */
  guint ended;   /* atomic */
} Others;

static void
block_cb (GTask *task,
          gpointer source_object,
          gpointer task_data,
          GCancellable *cancellable)
{
  Others *others = task_data;

  g_atomic_int_inc (&others->started);
  g_mutex_lock (&others->lock);
  while (!others->open)
    g_cond_wait (&others->opened, &others->lock);
  g_mutex_unlock (&others->lock);
  g_task_return_boolean (task, TRUE);
}

static void
other_ended_cb (GObject *source_object,
                GAsyncResult *result,
                gpointer user_data)
{
  Others *others = user_data;

  others->ended++;
}

static void
ended_cb (GObject *source_object,
          GAsyncResult *result,
          gpointer user_data)
{
  gboolean *ended = user_data;

  return_at_once_finish (result, NULL);
  *ended = TRUE;
}

/* Its ten threads are stuck, ninety more tasks wait for one, and a tenth of a second has to pass
 * for each further thread. A call of ours gets the next one, before those that wait. */
static void
test_not_behind_others (void)
{
  Others others = { 0 };
  gboolean ended = FALSE;

  for (guint i = 0; i < N_OTHERS; i++)
    {
      g_autoptr (GTask) task = g_task_new (NULL, NULL, other_ended_cb, &others);

      g_task_set_task_data (task, &others, NULL);
      g_task_run_in_thread (task, block_cb);
    }
  while (g_atomic_int_get (&others.started) < 10)
    g_thread_yield ();

  return_at_once_async (NULL, ended_cb, &ended);
  while (!ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (g_atomic_int_get (&others.started), <, N_OTHERS / 2);

  g_mutex_lock (&others.lock);
  others.open = TRUE;
  g_cond_broadcast (&others.opened);
  g_mutex_unlock (&others.lock);
  while (others.ended < N_OTHERS)
    g_main_context_iteration (NULL, TRUE);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/busy-gio/our-calls-do-not-wait-behind-others", test_not_behind_others);

  return g_test_run ();
}
