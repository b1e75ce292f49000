/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testshared.h"

void
raise_flag (int *flag)
{
  __atomic_store_n (flag, TRUE, __ATOMIC_RELAXED);
}

void
await_flag (int *flag)
{
  while (!__atomic_load_n (flag, __ATOMIC_RELAXED))
    g_usleep (100);
}

/* Runs @func, which writes and raises the flag, on a thread, and returns once it is raised. */
GThread *
run_writer (GThreadFunc func,
            Shared *shared)
{
  GThread *thread = g_thread_new ("writer", func, shared);

  await_flag (&shared->written);

  return thread;
}

void
expect_value (Shared *shared)
{
  g_assert_cmpint (shared->value, ==, 1);
  shared->value = 2;
}

gpointer
write_locked (gpointer data)
{
  Shared *shared = data;

  g_mutex_lock (&shared->lock);
  shared->value = 1;
  g_cond_signal (&shared->changed);
  g_mutex_unlock (&shared->lock);
  raise_flag (&shared->written);

  return NULL;
}

static void
read_pushed_cb (gpointer item,
                gpointer data)
{
  Shared *shared = item;

  await_flag (&shared->may_read);
  g_mutex_lock (&shared->lock);
  expect_value (shared);
  g_mutex_unlock (&shared->lock);
}

void
push (Shared *shared)
{
  GThreadPool *pool = g_thread_pool_new (read_pushed_cb, NULL, 1, TRUE, NULL);

  shared->value = 1;
  g_thread_pool_push (pool, shared, NULL);
  if (shared->late)
    shared->value = 1;
  raise_flag (&shared->may_read);
  g_thread_pool_free (pool, FALSE, TRUE);

  /* That it has waited is not known; so it doesn't let others reuse this memory. */
  g_mutex_lock (&shared->lock);
  g_mutex_unlock (&shared->lock);
}

static gboolean
read_attached_cb (gpointer data)
{
  expect_value (data);

  return G_SOURCE_REMOVE;
}

static gpointer
write_and_attach (gpointer data)
{
  Shared *shared = data;
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_callback (source, read_attached_cb, shared, NULL);
  shared->value = 1;
  g_source_attach (source, shared->object);
  if (shared->late)
    shared->value = 1;
  raise_flag (&shared->written);

  return NULL;
}

void
attach (Shared *shared)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  GThread *thread;

  shared->object = context;
  thread = run_writer (write_and_attach, shared);
  g_assert_true (g_main_context_iteration (context, FALSE));
  g_thread_join (thread);
}
