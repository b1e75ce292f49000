/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-deadlines-private.h>

typedef struct {
  GSource source;
  AsyncifyDeadlines *deadlines; /* of the mailbox that the source's callback data keeps */
} DeadlinesSource;

static int
compare_deadlines (gconstpointer a,
                   gconstpointer b,
                   gpointer user_data)
{
  const AsyncifyCall *left = a;
  const AsyncifyCall *right = b;

  if (left->extras->deadline != right->extras->deadline)
    return left->extras->deadline < right->extras->deadline ? -1 : 1;

  return (left > right) - (left < right);
}

void
asyncify_deadlines_init (AsyncifyDeadlines *self)
{
  g_mutex_init (&self->lock);
}

void
asyncify_deadlines_clear (AsyncifyDeadlines *self)
{
  g_clear_pointer (&self->calls, g_tree_unref);
  g_clear_pointer (&self->source, g_source_unref);
  g_mutex_clear (&self->lock);
}

/* Under the lock. Returns: (nullable): the call that has the next one */
static AsyncifyCall *
peek_first (AsyncifyDeadlines *self)
{
  GTreeNode *node = g_tree_node_first (self->calls);

  return node != NULL ? g_tree_node_key (node) : NULL;
}

static void
remove_call (AsyncifyDeadlines *self,
             AsyncifyCall *call)
{
  g_tree_remove (self->calls, call);
  call->extras->has_deadline = FALSE;
}

/* Returns: (nullable): the next call whose deadline has passed, and for which there is something
 * to do */
static AsyncifyCall *
take_expired (AsyncifyDeadlines *self)
{
  const gint64 now = g_get_monotonic_time ();
  gboolean to_do = FALSE;
  AsyncifyCall *call;

  g_mutex_lock (&self->lock);
  while (!to_do && (call = peek_first (self)) != NULL && call->extras->deadline <= now)
    {
      remove_call (self, call);
      to_do = asyncify_call_check_stop (call, ASYNCIFY_STOPPED_BY_DEADLINE);
    }
  g_mutex_unlock (&self->lock);

  return to_do ? call : NULL;
}

/* When the source is to be dispatched again. It comes before all others: so if it has had a slice
 * and is not done with what has expired, these have their turn first. */
static void
set_next_time (AsyncifyDeadlines *self,
               GSource *source,
               gint64 slice_end)
{
  const gint64 now = g_get_monotonic_time ();
  AsyncifyCall *first;
  gint64 next = -1;

  g_mutex_lock (&self->lock);
  first = peek_first (self);
  if (first != NULL)
    next = first->extras->deadline;
  if (first != NULL && now >= slice_end)
    next = MAX (next, now + ASYNCIFY_MAILBOX_SLICE);
  g_source_set_ready_time (source, next);
  g_mutex_unlock (&self->lock);
}

/* Whether nothing is left to wait for, and nothing more will come. */
static gboolean
is_over (AsyncifyDeadlines *self)
{
  gboolean over;

  g_mutex_lock (&self->lock);
  over = self->is_away && peek_first (self) == NULL;
  g_mutex_unlock (&self->lock);

  return over;
}

static gboolean
deadlines_source_dispatch (GSource *source,
                           GSourceFunc callback,
                           gpointer user_data)
{
  AsyncifyDeadlines *self = ((DeadlinesSource *) source)->deadlines;
  const gint64 slice_end = g_get_monotonic_time () + ASYNCIFY_MAILBOX_SLICE;
  AsyncifyCall *call;

  do
    {
      call = take_expired (self);
      if (call != NULL)
        asyncify_call_act_on_stop (call);
    }
  while (call != NULL && g_get_monotonic_time () < slice_end);
  set_next_time (self, source, slice_end);

  return is_over (self) ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

/* Under the lock, if there is no source any more. @notify is called when it is destroyed. */
static void
start_source (AsyncifyDeadlines *self,
              AsyncifyMailbox *mailbox,
              GMainContext *context,
              GDestroyNotify notify)
{
  static GSourceFuncs funcs = { .dispatch = deadlines_source_dispatch };

  self->source = g_source_new (&funcs, sizeof (DeadlinesSource));
  ((DeadlinesSource *) self->source)->deadlines = self;
  g_source_set_static_name (self->source, "[asyncify] deadlines");
  /* A deadline is one, also for who keeps the loop busy. */
  g_source_set_priority (self->source, G_PRIORITY_HIGH);
  g_source_set_can_recurse (self->source, TRUE);
  g_source_set_callback (self->source, NULL, asyncify_mailbox_ref (mailbox), notify);
  g_source_attach (self->source, context);
}

/* Called when the context goes, on the thread that dropped its last reference. Functions that run
 * on are to be told all the same: by the main context, if that is not what has gone. */
static void
context_gone_cb (gpointer data)
{
  AsyncifyMailbox *mailbox = data;
  AsyncifyDeadlines *self = asyncify_mailbox_get_deadlines (mailbox);
  AsyncifyCall *first;

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->source, g_source_unref);
  first = peek_first (self);
  if (first != NULL && !self->is_main)
    {
      self->is_away = TRUE;
      start_source (self, mailbox, NULL, (GDestroyNotify) asyncify_mailbox_unref);
      g_source_set_ready_time (self->source, first->extras->deadline);
    }
  g_mutex_unlock (&self->lock);

  asyncify_mailbox_unref (mailbox);
}

/* In the context that @mailbox is of; under the lock */
static void
start (AsyncifyDeadlines *self,
       AsyncifyMailbox *mailbox)
{
  GMainContext *context = g_main_context_get_thread_default ();

  self->is_main = context == NULL || context == g_main_context_default ();
  self->calls = g_tree_new_full (compare_deadlines, NULL, NULL, NULL);
  start_source (self, mailbox, context, context_gone_cb);
}

/* On the thread that makes the call. */
void
asyncify_deadlines_add (AsyncifyDeadlines *self,
                        AsyncifyCall *call)
{
  g_mutex_lock (&self->lock);
  if (self->calls == NULL)
    start (self, call->mailbox);
  g_tree_insert (self->calls, call, call);
  call->extras->has_deadline = TRUE;
  if (peek_first (self) == call)
    g_source_set_ready_time (self->source, call->extras->deadline);
  g_mutex_unlock (&self->lock);
}

/* Does nothing if it isn't among them any more. Any thread. */
void
asyncify_deadlines_remove (AsyncifyDeadlines *self,
                           AsyncifyCall *call)
{
  g_mutex_lock (&self->lock);
  if (call->extras->has_deadline)
    {
      remove_call (self, call);
      /* The main context, which nobody may run, is not to keep it for nothing. (The mailbox is
       * kept by the call, too.) */
      if (self->is_away && peek_first (self) == NULL)
        g_source_destroy (self->source);
    }
  g_mutex_unlock (&self->lock);
}
