/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-cancel-private.h>

/* The watches of one GCancellable. */
struct _AsyncifyCancelGroup
{
  gatomicrefcount ref_count; /* one of the table, one of the handler */

  /* Set before it is in the table, then read-only */
  GCancellable *cancellable;

  /* Under the lock */
  gboolean connected; /* there is a handler, or it is being made */
  gulong handler;
  GQueue watches;
};

/* Protects the table and all groups and watches in it. Taken inside the lock
 * that a GCancellable holds while it emits, and itself outside a limiter's.
 */
static GMutex lock;
static GHashTable *groups; /* GCancellable, not owned → AsyncifyCancelGroup */

static void
group_unref (AsyncifyCancelGroup *group)
{
  if (!g_atomic_ref_count_dec (&group->ref_count))
    return;

  g_object_unref (group->cancellable);
  g_free (group);
}

static AsyncifyCancelGroup *
group_new (GCancellable *cancellable)
{
  AsyncifyCancelGroup *group = g_new0 (AsyncifyCancelGroup, 1);

  g_atomic_ref_count_init (&group->ref_count);
  group->cancellable = g_object_ref (cancellable);
  g_queue_init (&group->watches);

  return group;
}

typedef struct {
  const AsyncifyCancelFuncs *funcs;
  gpointer checked;
} Action;

static void
cancelled_cb (GCancellable *cancellable,
              gpointer user_data)
{
  AsyncifyCancelGroup *group = user_data;
  g_autoptr (GArray) actions = g_array_new (FALSE, FALSE, sizeof (Action));

  g_mutex_lock (&lock);
  for (GList *l = group->watches.head; l != NULL; l = l->next)
    {
      AsyncifyCancelWatch *watch = l->data;
      Action action = { watch->funcs, watch->funcs->check (watch->data) };

      if (action.checked != NULL)
        g_array_append_val (actions, action);
    }
  g_mutex_unlock (&lock);

  for (guint i = 0; i < actions->len; i++)
    {
      Action *action = &g_array_index (actions, Action, i);

      action->funcs->act (action->checked);
    }
}

/* Not under the lock: a GCancellable that was cancelled meanwhile calls back
 * from inside g_cancellable_connect (). */
static void
group_connect (AsyncifyCancelGroup *group)
{
  gulong handler;

  g_atomic_ref_count_inc (&group->ref_count);
  handler = g_cancellable_connect (group->cancellable, G_CALLBACK (cancelled_cb), group,
                                   (GDestroyNotify) group_unref);

  g_mutex_lock (&lock);
  group->handler = handler;
  group->connected = handler != 0; /* or else it was cancelled meanwhile */
  g_mutex_unlock (&lock);
}

/* The caller sees to it that the watch is not removed meanwhile. If the
 * GCancellable is already cancelled, the functions are called from in here. */
void
asyncify_cancel_watch_add (AsyncifyCancelWatch *watch,
                           GCancellable *cancellable,
                           const AsyncifyCancelFuncs *funcs,
                           gpointer data)
{
  AsyncifyCancelGroup *group;
  gboolean connect;

  g_mutex_lock (&lock);
  if (groups == NULL)
    groups = g_hash_table_new (NULL, NULL);

  group = g_hash_table_lookup (groups, cancellable);
  if (group == NULL)
    {
      group = group_new (cancellable);
      g_hash_table_insert (groups, cancellable, group);
    }

  *watch = (AsyncifyCancelWatch) { .group = group, .funcs = funcs, .data = data };
  watch->link.data = watch;
  g_queue_push_tail_link (&group->watches, &watch->link);
  /* In a handler of its signal, newer GLibs have the lock that it takes to connect to it. */
  connect = !group->connected && !g_cancellable_is_cancelled (cancellable);
  group->connected |= connect;
  g_mutex_unlock (&lock);

  if (connect)
    group_connect (group);

  /* The emission may have been over before the watch was in the group. */
  if (g_cancellable_is_cancelled (cancellable))
    cancelled_cb (cancellable, group);
}

/* Once it returns, @check is not called any more. Never waits for an
 * emission (as g_cancellable_disconnect () does), so it can be called from one. */
void
asyncify_cancel_watch_remove (AsyncifyCancelWatch *watch)
{
  AsyncifyCancelGroup *group;
  gulong handler = 0;

  if (watch->group == NULL)
    return;

  g_mutex_lock (&lock);
  group = g_steal_pointer (&watch->group);
  g_queue_unlink (&group->watches, &watch->link);
  if (g_queue_is_empty (&group->watches))
    {
      g_hash_table_remove (groups, group->cancellable);
      handler = group->handler;
    }
  else
    group = NULL;
  g_mutex_unlock (&lock);

  if (group == NULL)
    return;
  if (handler != 0)
    g_signal_handler_disconnect (group->cancellable, handler);
  group_unref (group);
}
