/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-lookout-private.h>

#include <asyncify/asyncify-stack-private.h>

struct _AsyncifyLookout
{
  /* Set before the thread starts, then read-only */
  GMutex *lock; /* the owner's */
  AsyncifyLookFunc look;

  GThread *thread; /* the owner's; NULL if it couldn't be started */
  GCond roused;

  /* Under the lock */
  gint64 due; /* when it looks by itself, monotonic time in us */
  gboolean over;
};

static gpointer
look_cb (gpointer data)
{
  AsyncifyLookout *self = data;

  asyncify_stack_block_signals ();

  g_mutex_lock (self->lock);
  while (!self->over)
    {
      gint64 now = g_get_monotonic_time ();

      /* Who has roused it only wants it to look at another time. */
      if (now >= self->due)
        self->due = self->look (now);

      if (self->due == G_MAXINT64)
        g_cond_wait (&self->roused, self->lock);
      else
        g_cond_wait_until (&self->roused, self->lock, self->due);
    }
  g_mutex_unlock (self->lock);

  return NULL;
}

/* If there can't be a thread, it says so, and never looks. */
AsyncifyLookout *
asyncify_lookout_new (GMutex *lock,
                      AsyncifyLookFunc look)
{
  AsyncifyLookout *self = g_new0 (AsyncifyLookout, 1);
  g_autoptr (GError) error = NULL;

  self->lock = lock;
  self->look = look;
  g_cond_init (&self->roused);
  self->thread = g_thread_try_new ("asyncify-watch", look_cb, self, &error);
  if (self->thread == NULL)
    g_warning ("Stalls of the main loop will not name their functions: %s", error->message);

  return self;
}

/* Waits for the thread to end: not under the lock, which it needs. */
void
asyncify_lookout_free (AsyncifyLookout *self)
{
  g_mutex_lock (self->lock);
  self->over = TRUE;
  g_cond_signal (&self->roused);
  g_mutex_unlock (self->lock);

  if (self->thread != NULL)
    g_thread_join (self->thread);
  g_cond_clear (&self->roused);
  g_free (self);
}

/* It is to look at @due, or before. Under the lock */
void
asyncify_lookout_rouse (AsyncifyLookout *self,
                        gint64 due)
{
  if (due >= self->due)
    return;

  self->due = due;
  g_cond_signal (&self->roused);
}
