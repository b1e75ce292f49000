/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-group-private.h>

#include <asyncify/asyncify-detached-private.h>

/* Somebody who waits. Until the end is near there is no GTask, since a GTask keeps its
 * context: so a context can be destroyed with waits in it. */
struct _AsyncifyGroupWait
{
  /* Set when it is begun, then read-only */
  AsyncifyGroup *group; /* not owned */
  GAsyncReadyCallback callback;
  gpointer user_data;
  GCancellable *cancellable; /* nullable */
  AsyncifyCancelWatch watch;

  /* The context's thread only */
  GList link;                    /* in the group's waits */
  GTask *task;                   /* nullable: what will call back */
  AsyncifyGroupOutcome returned; /* what it says, once it has returned */
};

/* Keeps the group alive, through its callback data, until all slots are filled and all
 * waits have ended, or until the context is destroyed, whichever is first. */
typedef struct {
  GSource source;
  AsyncifyGroup *group;
  gboolean given_up; /* atomic; any thread: there may be a wait that was cancelled */
} GroupSource;

/* Tells the results of waits from others; its address does. */
static const char wait_tag;

static gpointer
check_cancelled_wait (gpointer data)
{
  return g_source_ref (data);
}

static void
wake_source (gpointer checked)
{
  g_autoptr (GSource) source = checked;

  g_atomic_int_set (&((GroupSource *) source)->given_up, TRUE);
  g_source_set_ready_time (source, 0);
}

static AsyncifyGroupWait *
wait_new (AsyncifyGroup *group,
          GCancellable *cancellable,
          GAsyncReadyCallback callback,
          gpointer user_data)
{
  AsyncifyGroupWait *wait = g_new0 (AsyncifyGroupWait, 1);

  wait->link.data = wait;
  wait->group = group;
  wait->callback = callback;
  wait->user_data = user_data;
  g_set_object (&wait->cancellable, cancellable);

  return wait;
}

/* Takes it out of its group, too. */
static void
wait_free (AsyncifyGroupWait *wait)
{
  g_queue_unlink (&wait->group->waits, &wait->link);
  asyncify_cancel_watch_remove (&wait->watch);
  g_clear_object (&wait->cancellable);
  g_free (wait);
}

static AsyncifyGroupOutcome
wait_get_outcome (AsyncifyGroupWait *wait)
{
  if (g_cancellable_is_cancelled (wait->cancellable))
    return ASYNCIFY_GROUP_GIVEN_UP;

  return wait->group->n_pending > 0 ? ASYNCIFY_GROUP_PENDING : wait->group->outcome;
}

/* Returns: (nullable): somebody who need not wait any longer */
static AsyncifyGroupWait *
find_ended_wait (AsyncifyGroup *self)
{
  GroupSource *source = (GroupSource *) self->source;

  if (self->n_pending > 0 && !g_atomic_int_get (&source->given_up))
    return NULL;

  /* First: whoever gives up afterwards sets it again. */
  g_atomic_int_set (&source->given_up, FALSE);
  for (GList *l = self->waits.head; l != NULL; l = l->next)
    {
      AsyncifyGroupWait *wait = l->data;

      if (wait->task == NULL && wait_get_outcome (wait) != ASYNCIFY_GROUP_PENDING)
        {
          g_atomic_int_set (&source->given_up, TRUE);
          return wait;
        }
    }

  return NULL;
}

static void
return_outcome (AsyncifyGroup *self,
                GTask *task,
                AsyncifyGroupOutcome outcome)
{
  switch (outcome)
    {
    case ASYNCIFY_GROUP_PENDING: /* Nobody will hear of it, but a GTask has to return. */
    case ASYNCIFY_GROUP_SUCCEEDED:
      g_task_return_boolean (task, TRUE);
      break;
    case ASYNCIFY_GROUP_FAILED:
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_FAILED, "Call %u of the group failed",
                               self->failed);
      break;
    case ASYNCIFY_GROUP_CANCELLED:
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The group was cancelled");
      break;
    case ASYNCIFY_GROUP_GIVEN_UP:
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "The waiting was cancelled");
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Somebody who waited is called back; by hand, if that is the slot of another group. */
static void
call_back (AsyncifyGroup *self,
           AsyncifyGroupOutcome outcome,
           GAsyncResult *result,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  g_autoptr (GTask) detached = NULL;

  if (asyncify_detached_is_for (callback, user_data))
    {
      detached = asyncify_detached_new (self, &wait_tag, user_data);
      return_outcome (self, detached, outcome);
      asyncify_detached_complete (detached);
      result = G_ASYNC_RESULT (detached);
    }

  callback (G_OBJECT (self), result, user_data);
}

static void
wait_returned_cb (GObject *source_object,
                  GAsyncResult *result,
                  gpointer user_data)
{
  AsyncifyGroupWait *wait = user_data;
  AsyncifyGroup *group = wait->group;
  GAsyncReadyCallback callback = wait->callback;
  gpointer callback_data = wait->user_data;
  AsyncifyGroupOutcome outcome = wait_get_outcome (wait);

  /* If a slot was made at last, it is as if this had not been. In a nested loop, where a
   * GTask calls back an iteration later, it may even have been filled since. */
  g_clear_object (&wait->task);
  if (outcome == ASYNCIFY_GROUP_PENDING || outcome != wait->returned)
    return;

  wait_free (wait);
  asyncify_group_update_source (group);
  if (callback != NULL)
    call_back (group, outcome, result, callback, callback_data);
}

static gboolean
group_source_prepare (GSource *base,
                      int *timeout)
{
  AsyncifyGroup *self = ((GroupSource *) base)->group;

  *timeout = self->loaded != NULL || find_ended_wait (self) != NULL ? 0 : -1;
  return FALSE;
}

/* Makes the GTask that calls back. Not in a dispatch, since a GTask doesn't call back at
 * once in the iteration that it was made in; and not sooner, since it keeps the context. */
static gboolean
group_source_check (GSource *base)
{
  AsyncifyGroup *self = ((GroupSource *) base)->group;
  AsyncifyGroupWait *wait;

  if (self->loaded != NULL)
    return TRUE;
  wait = find_ended_wait (self);
  if (wait == NULL)
    return FALSE;

  g_main_context_push_thread_default (self->context);
  /* Without the GCancellable, since a GTask that was cancelled would not call back at once,
   * and what the callback is told has to hold for as long as the result is kept. */
  wait->task = g_task_new (self, NULL, wait_returned_cb, wait);
  g_main_context_pop_thread_default (self->context);
  /* In brackets, since the macro of this name names the task too, at a price. */
  (g_task_set_source_tag) (wait->task, (gpointer) &wait_tag);
  self->loaded = wait;

  return TRUE;
}

static gboolean
group_source_dispatch (GSource *base,
                       GSourceFunc callback,
                       gpointer user_data)
{
  AsyncifyGroup *self = ((GroupSource *) base)->group;
  AsyncifyGroupWait *wait = g_steal_pointer (&self->loaded);

  /* If that is what woke it, there is nothing to do until check () was called. */
  g_source_set_ready_time (base, -1);
  if (wait == NULL)
    return G_SOURCE_CONTINUE;

  wait->returned = wait_get_outcome (wait);
  return_outcome (self, wait->task, wait->returned);

  return G_SOURCE_CONTINUE;
}

/* Made for as long as there are pending slots or waits. */
GSource *
asyncify_group_create_source (AsyncifyGroup *self)
{
  static GSourceFuncs funcs = {
    .prepare = group_source_prepare,
    .check = group_source_check,
    .dispatch = group_source_dispatch,
  };
  GSource *source = g_source_new (&funcs, sizeof (GroupSource));

  ((GroupSource *) source)->group = self;
  g_source_set_static_name (source, "[asyncify] group");
  /* A callback may run a nested loop that waits for the group again. */
  g_source_set_can_recurse (source, TRUE);
  g_source_set_callback (source, NULL, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->context);

  return source;
}

/* Their context is gone, so that nobody can be called back. */
void
asyncify_group_drop_waits (AsyncifyGroup *self)
{
  while (self->waits.head != NULL)
    wait_free (self->waits.head->data);
}

/**
 * asyncify_group_wait_async:
 * @self: a group
 * @cancellable: (nullable): cancels the waiting, and nothing else
 * @callback: (nullable) (scope async): called when the group has ended
 * @user_data: for @callback
 *
 * Waits until all slots of the group are filled. Those that are made meanwhile are waited
 * for too, up to the moment of the callback. If all of them are filled already, or there
 * is none, the callback comes in the next iteration of the loop. It is called with the
 * group as its source object, at %G_PRIORITY_DEFAULT, from the loop itself: never from
 * inside this function, or from inside the callback of a call.
 *
 * A group may be waited for by many, and many times. The waiting for one group may fill a
 * slot of another, which makes it one of the other's calls.
 *
 * Called in the group's context.
 *
 * Since: 0.1
 */
void
asyncify_group_wait_async (AsyncifyGroup *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  static const AsyncifyCancelFuncs funcs = { check_cancelled_wait, wake_source };
  AsyncifyGroupWait *wait;

  g_return_if_fail (ASYNCIFY_IS_GROUP (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));
  g_return_if_fail (asyncify_group_is_at_home (self));
  /* A group that waits for itself would never end. */
  g_return_if_fail (callback != asyncify_soon_ready || !ASYNCIFY_IS_SOON (user_data)
                    || ASYNCIFY_SOON (user_data)->group != self);

  asyncify_group_watch_parent (self);
  wait = wait_new (self, cancellable, callback, user_data);
  g_queue_push_tail_link (&self->waits, &wait->link);
  asyncify_group_update_source (self);
  if (cancellable != NULL)
    asyncify_cancel_watch_add (&wait->watch, cancellable, &funcs, self->source);
}

/**
 * asyncify_group_wait_finish:
 * @self: the group
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Ends the waiting for a group, and says what became of it.
 *
 * %G_IO_ERROR_FAILED: a call failed. Its error is not this one, but belongs to the
 * result in its slot; it is had by finishing that. All the others were cancelled, so
 * most of them will have %G_IO_ERROR_CANCELLED.
 * %G_IO_ERROR_CANCELLED: a call failed after the group had been cancelled, by its parent
 * or by hand; most likely because of that. Or the waiting was cancelled: then the group
 * goes on, and some slots may not be ready.
 *
 * Called in the group's context.
 *
 * Returns: %TRUE if all calls have ended and none has failed, whether or not the group
 *   was cancelled; %FALSE on error
 *
 * Since: 0.1
 */
gboolean
asyncify_group_wait_finish (AsyncifyGroup *self,
                            GAsyncResult *result,
                            GError **error)
{
  g_return_val_if_fail (ASYNCIFY_IS_GROUP (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == &wait_tag, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
