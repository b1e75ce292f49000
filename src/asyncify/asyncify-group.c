/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-group-private.h>

/**
 * AsyncifyGroup:
 *
 * Runs many calls as one: they are begun together, the first that fails cancels the
 * rest, and the group can be waited for until all of them have ended. Any call with a
 * #GAsyncReadyCallback will do, asyncified or of GIO.
 *
 * Each call is given a slot of the group as its user data, asyncify_soon_ready () as
 * its callback, and the group's #GCancellable. When the group has ended, each result
 * is in its slot, for that call's own `_finish ()`:
 *
 * ```c
 * typedef struct {
 *   GFile *file;
 *   AsyncifySoon *info;
 *   AsyncifySoon *words;
 * } Look;
 *
 * static void
 * look_ready_cb (GObject *source_object,
 *                GAsyncResult *result,
 *                gpointer user_data)
 * {
 *   Look *look = user_data;
 *   GAsyncResult *info_result = asyncify_soon_get_result (look->info);
 *   GAsyncResult *words_result = asyncify_soon_get_result (look->words);
 *   g_autoptr (GError) group_error = NULL;
 *   g_autoptr (GError) info_error = NULL;
 *   g_autoptr (GError) words_error = NULL;
 *   g_autoptr (GFileInfo) info = g_file_query_info_finish (look->file, info_result, &info_error);
 *   int words = count_words_finish (words_result, &words_error);
 *
 *   if (asyncify_group_wait_finish (ASYNCIFY_GROUP (source_object), result, &group_error))
 *     show_look (g_file_info_get_display_name (info), words);
 *   else if (g_error_matches (group_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
 *     show_nothing ();
 *   else if (info_error != NULL && !g_error_matches (info_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
 *     show_error (info_error);
 *   else
 *     show_error (words_error);
 *
 *   g_object_unref (look->file);
 *   g_free (look);
 * }
 *
 * static void
 * look_at (GFile *file,
 *          GCancellable *parent_cancellable)
 * {
 *   g_autoptr (AsyncifyGroup) group = asyncify_group_new (parent_cancellable);
 *   GCancellable *cancellable = asyncify_group_get_cancellable (group);
 *   Look *look = g_new0 (Look, 1);
 *
 *   look->file = g_object_ref (file);
 *   look->info = asyncify_group_soon (group);
 *   g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME, G_FILE_QUERY_INFO_NONE,
 *                            G_PRIORITY_DEFAULT, cancellable, asyncify_soon_ready, look->info);
 *   look->words = asyncify_group_soon (group);
 *   count_words_async (file, cancellable, asyncify_soon_ready, look->words);
 *
 *   asyncify_group_wait_async (group, NULL, look_ready_cb, look);
 * }
 * ```
 *
 * Nobody needs to keep the group: it lives until the last slot is filled and nobody waits
 * any more. It keeps the results, and these keep their source objects, until it goes.
 *
 * A group whose call failed stays failed, and its #GCancellable cancelled. For another
 * try there is another group.
 *
 * A failure is recognised if the call's result is a #GTask, as that of all asyncified
 * calls and all of GIO's own is. Other #GAsyncResult implementations can't be asked
 * without taking the error away from their `_finish ()`. They count as successes; who
 * uses one cancels asyncify_group_get_cancellable () by hand where that is wanted.
 *
 * A #GTask in a slot keeps what it came with, value or error, though the group may be
 * cancelled before it is finished. (Outside of a group a #GTask only says that it was
 * cancelled then.)
 *
 * A group belongs to the thread-default #GMainContext that it was made in. It is used,
 * its calls are begun, and all callbacks come there. Only its #GCancellable, and its
 * parent, may be cancelled on any thread.
 *
 * If that context is destroyed while calls are in flight, the group is released with it,
 * unless a slot is filled with a #GTask: each keeps the context that it was made in, till
 * the group has ended. What asyncified calls put into their slots doesn't, nor does the
 * waiting for another group, if asyncify_soon_ready () itself was the callback; its
 * g_task_get_context () is one of the library's own.
 *
 * Since: 0.1
 */

/**
 * AsyncifySoon:
 *
 * A slot of a group: where the result of one call will be soon. It belongs to its
 * #AsyncifyGroup, and is used where that is.
 *
 * Since: 0.1
 */

G_DEFINE_FINAL_TYPE (AsyncifyGroup, asyncify_group, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE (AsyncifySoon, asyncify_soon, G_TYPE_OBJECT)

static GMainContext *
get_context (void)
{
  GMainContext *context = g_main_context_get_thread_default ();

  return context != NULL ? context : g_main_context_default ();
}

/* Whether the caller may use the group. */
gboolean
asyncify_group_is_at_home (AsyncifyGroup *self)
{
  return self->context == get_context ();
}

static gpointer
check_cancelled_parent (gpointer data)
{
  return g_object_ref (data);
}

static void
cancel_group (gpointer checked)
{
  g_autoptr (GCancellable) cancellable = checked;

  g_cancellable_cancel (cancellable);
}

/* Called before a slot or a wait is made. If the parent was cancelled while nobody watched
 * it, the group is cancelled in here; whoever hears of that may use the group. */
void
asyncify_group_watch_parent (AsyncifyGroup *self)
{
  static const AsyncifyCancelFuncs funcs = { check_cancelled_parent, cancel_group };

  if (self->parent == NULL || self->watches_parent
      || g_cancellable_is_cancelled (self->cancellable))
    return;

  asyncify_cancel_watch_add (&self->parent_watch, self->parent, &funcs, self->cancellable);
  self->watches_parent = TRUE;
}

static void
unwatch_parent (AsyncifyGroup *self)
{
  /* It must not be removed from inside of being added. */
  if (!self->watches_parent)
    return;

  asyncify_cancel_watch_remove (&self->parent_watch);
  self->watches_parent = FALSE;
}

/* To be called when a slot or a wait has come or gone, with a reference on the group. */
void
asyncify_group_update_source (AsyncifyGroup *self)
{
  gboolean busy = self->n_pending > 0 || !g_queue_is_empty (&self->waits);

  if (busy && self->source == NULL)
    self->source = asyncify_group_create_source (self);
  else if (!busy && self->source != NULL)
    {
      unwatch_parent (self);
      g_source_destroy (self->source);
      g_clear_pointer (&self->source, g_source_unref);
    }
}

static void
asyncify_group_finalize (GObject *object)
{
  AsyncifyGroup *self = ASYNCIFY_GROUP (object);

  unwatch_parent (self);
  asyncify_group_drop_waits (self);
  g_clear_pointer (&self->source, g_source_unref);
  for (guint i = 0; i < self->soons->len; i++)
    ((AsyncifySoon *) g_ptr_array_index (self->soons, i))->group = NULL;
  g_ptr_array_unref (self->soons);
  g_clear_object (&self->parent);
  g_object_unref (self->cancellable);

  G_OBJECT_CLASS (asyncify_group_parent_class)->finalize (object);
}

static void
asyncify_group_class_init (AsyncifyGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = asyncify_group_finalize;
}

static void
asyncify_group_init (AsyncifyGroup *self)
{
  self->context = get_context ();
  self->cancellable = g_cancellable_new ();
  self->soons = g_ptr_array_new_with_free_func (g_object_unref);
  self->outcome = ASYNCIFY_GROUP_SUCCEEDED;
  g_queue_init (&self->waits);
}

/**
 * asyncify_group_new:
 * @parent_cancellable: (nullable): cancels the group
 *
 * Makes a group without any calls. It belongs to the thread-default #GMainContext of
 * the caller.
 *
 * Returns: (transfer full): the new group
 *
 * Since: 0.1
 */
AsyncifyGroup *
asyncify_group_new (GCancellable *parent_cancellable)
{
  AsyncifyGroup *self;

  g_return_val_if_fail (parent_cancellable == NULL || G_IS_CANCELLABLE (parent_cancellable), NULL);

  self = g_object_new (ASYNCIFY_TYPE_GROUP, NULL);
  g_set_object (&self->parent, parent_cancellable);
  asyncify_group_watch_parent (self);

  return self;
}

/**
 * asyncify_group_get_cancellable:
 * @self: a group
 *
 * Gets what is to be given to each call of the group. It is cancelled by the parent, or
 * when a call of the group fails; whoever wants to end the group may cancel it too, on
 * any thread. A group that has ended doesn't follow its parent until its next slot is
 * made, or this function is called.
 *
 * Called in the group's context.
 *
 * Returns: (transfer none): the group's #GCancellable, always the same one
 *
 * Since: 0.1
 */
GCancellable *
asyncify_group_get_cancellable (AsyncifyGroup *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_GROUP (self), NULL);

  if (g_cancellable_is_cancelled (self->parent))
    g_cancellable_cancel (self->cancellable);

  return self->cancellable;
}

/**
 * asyncify_group_soon:
 * @self: a group
 *
 * Makes a slot, for one call: it is given to that call as its user data, with
 * asyncify_soon_ready () as the callback. It is pending from now on, and the group has
 * not ended until it is filled; so there has to be a call, even if the group is
 * cancelled already. (A call that is given a cancelled #GCancellable ends by itself.)
 *
 * Slots may be made at any time, also while the group is waited for, and after it has
 * ended.
 *
 * Called in the group's context.
 *
 * Returns: (transfer none): the new slot, which lives as long as the group
 *
 * Since: 0.1
 */
AsyncifySoon *
asyncify_group_soon (AsyncifyGroup *self)
{
  AsyncifySoon *soon;

  g_return_val_if_fail (ASYNCIFY_IS_GROUP (self), NULL);
  g_return_val_if_fail (asyncify_group_is_at_home (self), NULL);

  asyncify_group_watch_parent (self);
  soon = g_object_new (ASYNCIFY_TYPE_SOON, NULL);
  soon->group = self;
  g_ptr_array_add (self->soons, soon);
  self->n_pending++;
  asyncify_group_update_source (self);

  return soon;
}

static void
asyncify_soon_finalize (GObject *object)
{
  AsyncifySoon *self = ASYNCIFY_SOON (object);

  g_clear_object (&self->result);

  G_OBJECT_CLASS (asyncify_soon_parent_class)->finalize (object);
}

static void
asyncify_soon_class_init (AsyncifySoonClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = asyncify_soon_finalize;
}

static void
asyncify_soon_init (AsyncifySoon *self)
{
}

/* Sees to it that the result will say in the end what it would say now. A GTask whose
 * GCancellable is cancelled before it is finished says just that, whatever it was: in a
 * slot it would lose its value if another call fails, and its error if it fails itself.
 * Returns: whether the call failed */
static gboolean
settle_result (GAsyncResult *result)
{
  GTask *task;

  /* There is nothing else that could be asked: g_async_result_legacy_propagate_error ()
   * takes the error out of a GSimpleAsyncResult, and leaves none to its finish function. */
  if (!G_IS_TASK (result))
    return FALSE;

  task = G_TASK (result);
  if (!g_cancellable_is_cancelled (g_task_get_cancellable (task))
      && g_task_set_return_on_cancel (task, FALSE))
    g_task_set_check_cancellable (task, FALSE);

  return g_task_had_error (task);
}

/* Of all failures, the first is what the group says, and cancels the rest. */
static void
note_failure (AsyncifyGroup *group,
              AsyncifySoon *soon)
{
  guint index;

  if (group->outcome != ASYNCIFY_GROUP_SUCCEEDED)
    return;

  g_ptr_array_find (group->soons, soon, &index);
  group->failed = index + 1;
  group->outcome = g_cancellable_is_cancelled (group->cancellable) ? ASYNCIFY_GROUP_CANCELLED
                                                                   : ASYNCIFY_GROUP_FAILED;
  g_cancellable_cancel (group->cancellable);
}

/**
 * asyncify_soon_ready:
 * @source_object: (nullable): what the call was made on
 * @result: the result of the call
 * @user_data: (type AsyncifySoon) (not nullable): the #AsyncifySoon to fill
 *
 * A #GAsyncReadyCallback, for any call whose user data is a slot: keeps the result in it,
 * for later. If the call failed, it cancels the group. It doesn't finish the call; a
 * result that nobody finishes is freed with the group.
 *
 * A slot is filled once. To do so again is a critical, and leaves it as it is.
 *
 * Called in the group's context.
 *
 * Since: 0.1
 */
void
asyncify_soon_ready (GObject *source_object,
                     GAsyncResult *result,
                     gpointer user_data)
{
  AsyncifySoon *self = user_data;
  g_autoptr (AsyncifyGroup) group = NULL;
  gboolean failed;

  g_return_if_fail (ASYNCIFY_IS_SOON (self));
  g_return_if_fail (G_IS_ASYNC_RESULT (result));
  g_return_if_fail (self->result == NULL);
  g_return_if_fail (self->group == NULL || asyncify_group_is_at_home (self->group));

  self->result = g_object_ref (result);
  failed = settle_result (result);
  if (self->group == NULL)
    return;

  group = g_object_ref (self->group);
  group->n_pending--;
  if (failed)
    note_failure (group, self);
  asyncify_group_update_source (group);
}

/**
 * asyncify_soon_is_ready:
 * @self: a slot
 *
 * Says whether the call has ended. Called in the group's context.
 *
 * Returns: %TRUE if there is a result, of a success or of a failure
 *
 * Since: 0.1
 */
gboolean
asyncify_soon_is_ready (AsyncifySoon *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_SOON (self), FALSE);

  return self->result != NULL;
}

/**
 * asyncify_soon_get_result:
 * @self: a slot
 *
 * Gets what is to be passed to the call's own `_finish ()`, once. Called in the group's
 * context.
 *
 * Returns: (transfer none) (nullable): the result; %NULL as long as there is none
 *
 * Since: 0.1
 */
GAsyncResult *
asyncify_soon_get_result (AsyncifySoon *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_SOON (self), NULL);

  return self->result;
}
