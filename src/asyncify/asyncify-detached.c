/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-detached-private.h>

#include <asyncify/asyncify-group.h>

/* A GTask keeps the context that it was made in. A group keeps the results of its calls until the
 * last of them has ended, and is itself kept by its context till then: so the context could not
 * be destroyed with calls in flight. Therefore these results are made in a context that belongs to
 * nobody, and brought to the slot by hand.
 */

/* Protects who uses that context. No other lock is taken under it. */
static GMutex lock;

/* What is in it is ready, and is the only thing. */
static int
poll_nothing (GPollFD *fds,
              guint n_fds,
              int timeout)
{
  return 0;
}

static GMainContext *
get_nobodys_context (void)
{
  static GMainContext *context;

  if (g_once_init_enter (&context))
    {
      GMainContext *own = g_main_context_new ();

      g_main_context_set_poll_func (own, poll_nothing);
      g_once_init_leave (&context, own);
    }

  return context;
}

/* Whether what a call was given as its callback fills a slot. If so, it has to be called by hand,
 * with a result from here; there is nobody but the group then who could be given it. */
gboolean
asyncify_detached_is_for (GAsyncReadyCallback callback,
                          gpointer user_data)
{
  return callback == asyncify_soon_ready && ASYNCIFY_IS_SOON (user_data);
}

/* Any thread. Returns: a GTask without a callback */
GTask *
asyncify_detached_new (gpointer source_object,
                       gconstpointer source_tag,
                       gpointer user_data)
{
  GMainContext *context = get_nobodys_context ();
  GTask *task;

  g_mutex_lock (&lock);
  g_main_context_push_thread_default (context);
  task = g_task_new (source_object, NULL, NULL, user_data);
  g_main_context_pop_thread_default (context);
  g_mutex_unlock (&lock);
  /* In brackets, since the macro of this name names the task too, at a price. */
  (g_task_set_source_tag) (task, (gpointer) source_tag);

  return task;
}

/* To be called when the task has returned: takes it out of the context. Any thread */
void
asyncify_detached_complete (GTask *task)
{
  g_mutex_lock (&lock);
  while (!g_task_get_completed (task))
    g_main_context_iteration (get_nobodys_context (), FALSE);
  g_mutex_unlock (&lock);
}
