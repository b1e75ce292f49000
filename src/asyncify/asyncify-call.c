/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-call-private.h>

#include <asyncify/asyncify-job-private.h>
#include <asyncify/asyncify-limiter-private.h>

/* The frame follows the call in the same allocation. */
#define FRAME_OFFSET                                                                               \
  ((sizeof (AsyncifyCall) + ASYNCIFY_FRAME_ALIGNMENT - 1)                                          \
   / ASYNCIFY_FRAME_ALIGNMENT * ASYNCIFY_FRAME_ALIGNMENT)

static GPrivate current_call; /* AsyncifyCall, not owned */

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
  AsyncifyLimiter *limiter;
  AsyncifyCall *call;

  if (options == NULL)
    options = &no_options;
  limiter = options->limiter != NULL ? options->limiter : asyncify_limiter_get_default ();

  call = g_malloc0 (FRAME_OFFSET + function->frame_size);
  call->function = function;
  call->mailbox = asyncify_mailbox_get_thread_default ();
  call->limiter = g_object_ref (limiter);
  call->callback = callback;
  call->user_data = user_data;
  call->priority = options->priority;
  g_set_object (&call->job, options->job);
  g_set_object (&call->cancellable, cancellable);
  g_set_object (&call->source_object, options->source_object);

  return call_get_frame (call);
}

static gpointer
check_cancelled_call (gpointer data)
{
  AsyncifyCall *call = data;

  if (asyncify_limiter_withdraw (call->limiter, call))
    return call;

  if (call->job != NULL)
    asyncify_news_box_release (asyncify_job_get_news_box (call->job), call->mailbox);
  return NULL;
}

static void
post_withdrawn_call (gpointer checked)
{
  AsyncifyCall *call = checked;

  asyncify_mailbox_post_call (call->mailbox, call);
}

static const AsyncifyCancelFuncs cancel_funcs = { check_cancelled_call, post_withdrawn_call };

static void
begin_job (AsyncifyCall *call)
{
  GCancellable *own = asyncify_job_begin (call->job, call->mailbox, call->cancellable);

  if (own == NULL)
    {
      g_clear_object (&call->job);
      return;
    }

  g_clear_object (&call->cancellable);
  call->cancellable = own;
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

  if (call->job != NULL)
    begin_job (call);

  if (call->cancellable != NULL)
    {
      if (g_cancellable_is_cancelled (call->cancellable))
        call->state = ASYNCIFY_CALL_WITHDRAWN;
      else
        asyncify_cancel_watch_add (&call->watch, call->cancellable, &cancel_funcs, call);
    }

  if (!asyncify_limiter_submit (call->limiter, call))
    asyncify_mailbox_post_call (call->mailbox, call);
}

/* On a worker: runs the function, and sends the call home. */
void
asyncify_call_run (AsyncifyCall *call)
{
  g_private_set (&current_call, call);
  if (call->job != NULL)
    asyncify_news_box_set_running (asyncify_job_get_news_box (call->job), call->mailbox, call->job);
  call->function->run (call_get_frame (call), call->cancellable, &call->error);
  g_private_set (&current_call, NULL);

  asyncify_mailbox_post_call (call->mailbox, call);
}

/* Returns: (nullable): the call that runs on this thread */
AsyncifyCall *
asyncify_call_get_current (void)
{
  return g_private_get (&current_call);
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

  if (!call->unloading && call->callback != NULL)
    call->callback (source_object, result, user_data);
}

/* Makes the GTask that carries @call into the callback. In the caller's context,
 * but not from a dispatch of it: a GTask doesn't call back at once in the
 * iteration that it was made in. Making it so late has two merits: calls in flight
 * are half as large, and they keep no reference on the context (as a GTask does),
 * so that those of a context that nobody runs any more can be freed with it.
 *
 * It isn't told of the GCancellable: what the function returned is what the caller
 * gets, and a GTask that was cancelled would not call back at once.
 */
void
asyncify_call_load (AsyncifyCall *call)
{
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
  call->unloading = TRUE;
  g_task_return_boolean (call->task, TRUE);
  g_clear_object (&call->task);
  call->unloading = FALSE;
}

static void
set_cancelled_error (AsyncifyCall *call)
{
  /* No error is set if the GCancellable was reset meanwhile. */
  if (!g_cancellable_set_error_if_cancelled (call->cancellable, &call->error))
    g_set_error_literal (&call->error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");
}

/* Calls back, from a dispatch of the caller's context. The GTask owns the call now. */
void
asyncify_call_deliver (AsyncifyCall *call)
{
  g_autoptr (GTask) task = g_steal_pointer (&call->task);

  asyncify_cancel_watch_remove (&call->watch);
  if (call->state == ASYNCIFY_CALL_WITHDRAWN)
    set_cancelled_error (call);
  if (call->job != NULL)
    asyncify_job_end (call->job, call->error);
  g_clear_object (&call->job); /* from here on it may follow another call */

  if (call->error != NULL)
    g_task_return_error (task, g_steal_pointer (&call->error));
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * asyncify_call_finish: (skip)
 * @function: the function that was called
 * @result: what the callback was given
 * @error: return location for a #GError
 *
 * Ends a call, in generated code. Called in the caller's context.
 *
 * What the function set as its error is returned, or %G_IO_ERROR_CANCELLED for a
 * call that was cancelled before it ran. A @result that is not of this function, or
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
  asyncify_cancel_watch_remove (&call->watch);
  if (call->job != NULL)
    asyncify_news_box_release (asyncify_job_get_news_box (call->job), call->mailbox);

  call->function->clear (call_get_frame (call));
  g_clear_error (&call->error);
  g_clear_object (&call->job);
  g_clear_object (&call->cancellable);
  g_clear_object (&call->source_object);
  g_object_unref (call->limiter);
  asyncify_mailbox_unref (call->mailbox);
  g_free (call);
}
