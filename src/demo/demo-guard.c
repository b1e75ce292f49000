/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-guard.h"

#include <glib/gi18n.h>

struct _DemoGuard
{
  GCancellable *cancellable;
  GThread *thread;

  GMutex lock;
  GCond changed;
  gboolean over; /* under the lock: the call has ended by itself */
};

static gpointer
watch (gpointer data)
{
  DemoGuard *self = data;
  gint64 until = g_get_monotonic_time () + DEMO_GUARD_LIMIT * G_TIME_SPAN_SECOND;
  gboolean late = FALSE;

  g_mutex_lock (&self->lock);
  while (!self->over && !late)
    late = !g_cond_wait_until (&self->changed, &self->lock, until);
  g_mutex_unlock (&self->lock);

  if (late)
    g_cancellable_cancel (self->cancellable);

  return NULL;
}

/* Cancels its cancellable when DEMO_GUARD_LIMIT has passed. */
DemoGuard *
demo_guard_new (void)
{
  DemoGuard *self = g_new0 (DemoGuard, 1);

  self->cancellable = g_cancellable_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  /* A loop won't do: the one that there is stands still. */
  self->thread = g_thread_new ("demo-guard", watch, self);

  return self;
}

/* The call has ended. */
void
demo_guard_free (DemoGuard *self)
{
  g_mutex_lock (&self->lock);
  self->over = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
  g_thread_join (self->thread);

  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_object_unref (self->cancellable);
  g_free (self);
}

/* Returns: (transfer none) */
GCancellable *
demo_guard_get_cancellable (DemoGuard *self)
{
  return self->cancellable;
}

/* If @error says that the call was cancelled, it says afterwards why it was. */
void
demo_guard_explain (DemoGuard *self,
                    GError **error)
{
  if (!g_cancellable_is_cancelled (self->cancellable)
      || !g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_error (error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
               ngettext ("Stopped after %d second: it might have gone on for ever, and nobody "
                         "could press Cancel.",
                         "Stopped after %d seconds: it might have gone on for ever, and nobody "
                         "could press Cancel.",
                         DEMO_GUARD_LIMIT),
               DEMO_GUARD_LIMIT);
}

/* Whether the window may stand still for @ms. For what can't be cancelled, but is known to end; if
 * it takes too long, the error is a sentence that says so. */
gboolean
demo_guard_allows (guint ms,
                   GError **error)
{
  if (ms <= DEMO_GUARD_LIMIT_KNOWN * 1000)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               /* Translators: numbers of seconds */
               _ ("The window would stand still for %u s, and nobody could press Cancel: choose "
                  "what takes %d s at most."),
               (ms + 999) / 1000, DEMO_GUARD_LIMIT_KNOWN);
  return FALSE;
}
