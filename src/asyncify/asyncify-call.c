/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-call-private.h>

#include <asyncify/asyncify-detached-private.h>
#include <asyncify/asyncify-group.h>
#include <asyncify/asyncify-job-private.h>
#include <asyncify/asyncify-lending-private.h>
#include <asyncify/asyncify-limiter-private.h>
#include <asyncify/asyncify-syncify-private.h>
#include <asyncify/asyncify-visit-private.h>

/* The frame follows the call in the same allocation, and what few calls have follows that. */
#define ALIGN(size)                                                                                \
  (((size) + ASYNCIFY_FRAME_ALIGNMENT - 1) / ASYNCIFY_FRAME_ALIGNMENT * ASYNCIFY_FRAME_ALIGNMENT)
#define FRAME_OFFSET ALIGN (sizeof (AsyncifyCall))

static GPrivate current_call; /* AsyncifyCall, not owned */
static GPrivate current_maker = G_PRIVATE_INIT ((GDestroyNotify) asyncify_maker_unref);

static gpointer
call_get_frame (AsyncifyCall *call)
{
  return (char *) call + FRAME_OFFSET;
}

static AsyncifyCall *
frame_get_call (gpointer frame)
{
  return (gpointer) ((char *) frame - FRAME_OFFSET);
}

static AsyncifyCall *
call_new (const AsyncifyFunction *function,
          AsyncifyMailbox *mailbox,
          AsyncifyLimiter *limiter,
          gboolean has_extras)
{
  const gsize extras_offset = FRAME_OFFSET + ALIGN (function->frame_size);
  const gsize size = has_extras ? extras_offset + sizeof (AsyncifyCallExtras)
                                : FRAME_OFFSET + function->frame_size;
  AsyncifyCall *call = g_malloc0 (size);

  call->function = function;
  call->mailbox = mailbox;
  call->limiter = g_object_ref (limiter);
  if (has_extras)
    call->extras = (gpointer) ((char *) call + extras_offset);

  return call;
}

static void
set_extras (AsyncifyCall *call,
            const AsyncifyOptions *options)
{
  AsyncifyCallExtras *extras = call->extras;

  extras->timeout_ms = options->timeout_ms;
  if (extras->timeout_ms > 0)
    extras->deadline = g_get_monotonic_time () + extras->timeout_ms * G_TIME_SPAN_MILLISECOND;
  extras->interrupt = options->interrupt;
  extras->interrupt_data = options->interrupt_data;
}

/* @call, which runs on this thread, makes another one. Returns: (transfer full) */
static AsyncifyMaker *
get_maker (AsyncifyCall *call)
{
  AsyncifyMaker *maker = asyncify_call_get_current_maker ();

  if (maker == NULL)
    {
      maker = asyncify_maker_new (call->extras != NULL ? call->extras->maker : NULL, call->limiter);
      g_private_set (&current_maker, maker);
    }

  return asyncify_maker_ref (maker);
}

/* The function of @current makes a call, and may wait for it in a loop of its own. */
static void
begin_nested (AsyncifyCall *call,
              AsyncifyCall *current)
{
  call->extras->maker = get_maker (current);
  if (g_main_context_get_thread_default () == NULL)
    return;

  call->nested = TRUE;
  asyncify_lending_begin (asyncify_mailbox_get_lending (call->mailbox), call->mailbox);
}

static void
end_nested (AsyncifyCall *call)
{
  if (call->nested)
    asyncify_lending_end (asyncify_mailbox_get_lending (call->mailbox));
  call->nested = FALSE;
}

/**
 * asyncify_call_prepare: (skip)
 * @function: the function to call
 * @options: (nullable): what else the call is given
 * @cancellable: (nullable): cancels the call
 * @callback: (nullable) (scope async): called when the call has ended
 * @user_data: for @callback
 *
 * Begins a call, in generated code: makes the frame that the arguments are copied
 * into. Called on the caller's thread.
 *
 * Returns: (transfer full): the frame, for asyncify_call_submit ()
 *
 * Since: 0.1
 */
gpointer
asyncify_call_prepare (const AsyncifyFunction *function,
                       const AsyncifyOptions *options,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  static const AsyncifyOptions no_options;
  AsyncifyCall *current = asyncify_call_get_current ();
  AsyncifyLimiter *limiter;
  AsyncifyCall *call;
  gboolean has_extras;

  if (options == NULL)
    options = &no_options;
  limiter = options->limiter != NULL ? options->limiter : asyncify_limiter_get_default ();
  has_extras = current != NULL || options->job != NULL || options->timeout_ms > 0
               || options->interrupt != NULL;

  call = call_new (function, asyncify_mailbox_get_thread_default (), limiter, has_extras);
  if (has_extras)
    set_extras (call, options);
  call->callback = callback;
  call->user_data = user_data;
  call->priority = options->priority;
  call->cancel_policy = options->cancel_policy;
  g_set_object (&call->job, options->job);
  g_set_object (&call->cancellable, cancellable);
  g_set_object (&call->source_object, options->source_object);
  if (current != NULL)
    begin_nested (call, current);

  return call_get_frame (call);
}

/* Makes the one that answers in the place of @call, which is abandoned: it has the callback and
 * all that goes with it. On the thread that holds @call. */
AsyncifyCall *
asyncify_call_new_answer (AsyncifyCall *call)
{
  AsyncifyCall *answer = call_new (call->function, asyncify_mailbox_ref (call->mailbox),
                                   call->limiter, FALSE);

  answer->state = ASYNCIFY_CALL_ENDED;
  answer->callback = call->callback;
  call->callback = NULL;
  answer->user_data = call->user_data;
  answer->source_object = g_steal_pointer (&call->source_object);
  answer->nested = call->nested;
  call->nested = FALSE;
  g_set_object (&answer->job, call->job);
  answer->error = asyncify_call_new_stop_error (call);

  return answer;
}

/**
 * asyncify_call_submit: (skip)
 * @frame: (transfer full): what asyncify_call_prepare () returned, with the
 *   arguments copied in
 *
 * Hands the call to its limiter, in generated code. From here on the frame belongs
 * to the library. Called on the caller's thread.
 *
 * Since: 0.1
 */
void
asyncify_call_submit (gpointer frame)
{
  AsyncifyCall *call = frame_get_call (frame);

  asyncify_call_watch (call);
  if (!asyncify_workers_submit (call->limiter, call))
    asyncify_mailbox_post_call (call->mailbox, call);
}

/* On a worker: runs the function. */
void
asyncify_call_run (AsyncifyCall *call)
{
  g_private_set (&current_call, call);
  if (call->job != NULL)
    asyncify_news_box_set_running (asyncify_job_get_news_box (call->job), call, call->job);
  call->function->run (call_get_frame (call), call->cancellable, &call->error);
  g_private_set (&current_call, NULL);
  if (asyncify_call_get_current_maker () != NULL)
    g_private_replace (&current_maker, NULL);
}

/* Returns: (nullable): the call that runs on this thread */
AsyncifyCall *
asyncify_call_get_current (void)
{
  return g_private_get (&current_call);
}

/* Returns: (nullable): that call's, if it has made any */
AsyncifyMaker *
asyncify_call_get_current_maker (void)
{
  return g_private_get (&current_maker);
}

static void
task_data_destroyed_cb (gpointer data)
{
  AsyncifyCall *call = data;

  if (!call->unloading)
    asyncify_call_free (call);
}

static void
task_ready_cb (GObject *source_object,
               GAsyncResult *result,
               gpointer user_data)
{
  AsyncifyCall *call = g_task_get_task_data (G_TASK (result));
  GAsyncReadyCallback callback;

  if (call->unloading)
    return;

  callback = call->callback;
  call->callback = NULL;
  if (callback != NULL)
    callback (source_object, result, user_data);
}

/* Makes the GTask that carries @call into the callback. In the caller's context,
 * but not from a dispatch of it: a GTask doesn't call back at once in the
 * iteration that it was made in. Making it so late has two merits: calls in flight
 * are half as large, and they keep no reference on the context (as a GTask does),
 * so that those of a context that nobody runs any more can be freed with it.
 *
 * It isn't told of the GCancellable: what the function returned is what the caller
 * gets, and a GTask that was cancelled would not call back at once.
 *
 * A call that fills the slot of a group has another one.
 */
void
asyncify_call_load (AsyncifyCall *call)
{
  /* It was answered before, and has only come to be freed. */
  if (call->state == ASYNCIFY_CALL_ABANDONED)
    return;
  if (asyncify_detached_is_for (call->callback, call->user_data))
    return;

  call->task = g_task_new (call->source_object, NULL, task_ready_cb, call->user_data);
  /* In brackets, since the macro of this name names the task too, at a price. */
  (g_task_set_source_tag) (call->task, (gpointer) call->function);
  g_task_set_task_data (call->task, call, task_data_destroyed_cb);
}

/* Takes the call out again, from a dispatch of the caller's context. A GTask complains if
 * it goes without having returned, so it returns, to nobody. */
void
asyncify_call_unload (AsyncifyCall *call)
{
  if (call->task == NULL)
    return;

  call->unloading = TRUE;
  g_task_return_boolean (call->task, TRUE);
  g_clear_object (&call->task);
  call->unloading = FALSE;
}

/* The GTask owns the call now. */
static void
return_call (AsyncifyCall *call,
             GTask *task)
{
  asyncify_call_unwatch (call);
  asyncify_call_set_error (call);
  end_nested (call);
  if (call->job != NULL)
    asyncify_job_end (call->job, call->error);
  g_clear_object (&call->job); /* from here on it may follow another call */

  if (call->error != NULL)
    g_task_return_error (task, g_steal_pointer (&call->error));
  else
    g_task_return_boolean (task, TRUE);
}

static void
fill_slot (AsyncifyCall *call)
{
  g_autoptr (GTask) task = asyncify_detached_new (call->source_object, call->function,
                                                  call->user_data);

  g_task_set_task_data (task, call, (GDestroyNotify) asyncify_call_free);
  return_call (call, task);
  asyncify_detached_complete (task);
  asyncify_soon_ready (call->source_object, G_ASYNC_RESULT (task), call->user_data);
}

/* Calls back, from a dispatch of the caller's context, which is the thread-default one. */
void
asyncify_call_deliver (AsyncifyCall *call)
{
  g_autoptr (GTask) task = g_steal_pointer (&call->task);

  if (task != NULL)
    return_call (call, task);
  else if (call->state == ASYNCIFY_CALL_ABANDONED)
    asyncify_call_free (call);
  else
    fill_slot (call);
}

/**
 * asyncify_call_finish: (skip)
 * @function: the function that was called
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Ends a call, in generated code. Called in the caller's context.
 *
 * What the function set as its error is returned; %G_IO_ERROR_CANCELLED or
 * %G_IO_ERROR_TIMED_OUT for a call that was stopped before it ran, or abandoned, and the latter
 * also in the place of the former if the time was over; %G_IO_ERROR_FAILED for one that found no
 * thread to run on. A @result that is not of this function, or
 * that was finished before, is a critical and %G_IO_ERROR_INVALID_ARGUMENT.
 *
 * Returns: (transfer none) (nullable): the frame, to take the results out of, which
 *   lives as long as @result does; %NULL on error
 *
 * Since: 0.1
 */
gpointer
asyncify_call_finish (const AsyncifyFunction *function,
                      GAsyncResult *result,
                      GError **error)
{
  const char *mistake = NULL;
  AsyncifyCall *call = NULL;

  if (!G_IS_TASK (result) || g_task_get_source_tag (G_TASK (result)) != function)
    mistake = "the result is not one of its";
  else
    {
      call = g_task_get_task_data (G_TASK (result));
      if (call->finished)
        mistake = "the result was finished before";
    }

  if (mistake != NULL)
    {
      g_critical ("%s_finish: %s", function->name, mistake);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s_finish: %s",
                   function->name, mistake);
      return NULL;
    }

  call->finished = TRUE;
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;

  return call_get_frame (call);
}

/* In the caller's context, or on any thread if that is gone. */
void
asyncify_call_free (AsyncifyCall *call)
{
  asyncify_call_unwatch (call);
  end_nested (call);
  if (call->job != NULL)
    asyncify_news_box_release (asyncify_job_get_news_box (call->job), call);
  /* A worker waited for it in vain: the context is gone, and nobody else drops the visit. */
  if (call->callback == asyncify_sync_ready_cb)
    asyncify_visit_unref (call->user_data);

  call->function->clear (call_get_frame (call));
  g_clear_error (&call->error);
  g_clear_object (&call->job);
  g_clear_object (&call->cancellable);
  if (call->extras != NULL)
    {
      g_clear_object (&call->extras->parent);
      g_clear_pointer (&call->extras->maker, asyncify_maker_unref);
    }
  g_clear_object (&call->source_object);
  g_object_unref (call->limiter);
  asyncify_mailbox_unref (call->mailbox);
  g_free (call);
}
