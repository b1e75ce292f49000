/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-lending-private.h>

#include <asyncify/asyncify-call-private.h>
#include <asyncify/asyncify-limiter-private.h>

/* Two sources tell when a loop waits. One comes after all others, and so is prepared only if none
 * of them is ready: the loop is about to wait. The other comes before all others, and so is the
 * first to be checked when it has waited. It is also the first to be prepared: a loop that always
 * has something else to do waits for the call all the same, and lends the place now and then.
 */

/* How often it does, in us. */
#define INTERVAL ASYNCIFY_MAILBOX_LATE

typedef struct {
  GSource source;
  AsyncifyLending *lending; /* of the mailbox that the source's callback data keeps */
} LendingSource;

static void
lend (AsyncifyLending *self)
{
  AsyncifyCall *call = asyncify_call_get_current ();

  if (call == NULL || !asyncify_lending_is_begun (self))
    return;

  self->lent_at = g_get_monotonic_time ();
  asyncify_workers_lend (call->limiter, call);
}

static gboolean
before_turning (GSource *source,
                int *timeout)
{
  AsyncifyLending *self = ((LendingSource *) source)->lending;

  *timeout = -1;
  if (asyncify_lending_is_begun (self) && g_get_monotonic_time () >= self->lent_at + INTERVAL)
    lend (self);

  return FALSE;
}

static gboolean
before_waiting (GSource *source,
                int *timeout)
{
  *timeout = -1;
  lend (((LendingSource *) source)->lending);

  return FALSE;
}

static gboolean
after_waiting (GSource *source)
{
  AsyncifyCall *call = asyncify_call_get_current ();

  if (call != NULL)
    asyncify_workers_take_back (call->limiter, call);

  return FALSE;
}

static gboolean
never_ready (GSource *source,
             GSourceFunc callback,
             gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static void
attach_source (AsyncifyLending *self,
               AsyncifyMailbox *mailbox,
               GSourceFuncs *funcs,
               int priority)
{
  g_autoptr (GSource) source = g_source_new (funcs, sizeof (LendingSource));

  ((LendingSource *) source)->lending = self;
  g_source_set_static_name (source, "[asyncify] lending");
  g_source_set_priority (source, priority);
  g_source_set_can_recurse (source, TRUE);
  g_source_set_callback (source, NULL, asyncify_mailbox_ref (mailbox),
                         (GDestroyNotify) asyncify_mailbox_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
}

/* A worker, in a context of its own, makes a call that goes home to @mailbox. */
void
asyncify_lending_begin (AsyncifyLending *self,
                        AsyncifyMailbox *mailbox)
{
  static GSourceFuncs first = {
    .prepare = before_turning,
    .check = after_waiting,
    .dispatch = never_ready,
  };
  static GSourceFuncs last = { .prepare = before_waiting, .dispatch = never_ready };

  if (g_atomic_int_add (&self->n_nested, 1) == 0)
    self->lent_at = g_get_monotonic_time ();
  if (self->is_watched)
    return;

  self->is_watched = TRUE;
  attach_source (self, mailbox, &first, G_MININT);
  attach_source (self, mailbox, &last, G_MAXINT);
}

/* Such a call has ended. Any thread. */
void
asyncify_lending_end (AsyncifyLending *self)
{
  g_atomic_int_add (&self->n_nested, -1);
}

/* Whether any is under way. Any thread. */
gboolean
asyncify_lending_is_begun (AsyncifyLending *self)
{
  return g_atomic_int_get (&self->n_nested) > 0;
}
