/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-call-private.h>

#include <asyncify/asyncify-deadlines-private.h>
#include <asyncify/asyncify-job-private.h>
#include <asyncify/asyncify-limiter-private.h>

/* How a call is stopped before its function returned: by its GCancellable, its job or its
 * deadline. Each of them finds the call under a lock of its own, checks there what stopping it
 * comes to, and acts on it when the lock is released. What becomes of the call is decided under
 * the limiter's lock, once.
 */

static gpointer
check_cancelled (gpointer data)
{
  return asyncify_call_check_stop (data, ASYNCIFY_STOPPED_BY_CANCEL) ? data : NULL;
}

static void
act_on_cancelled (gpointer checked)
{
  asyncify_call_act_on_stop (checked);
}

static const AsyncifyCancelFuncs cancelled_funcs = { check_cancelled, act_on_cancelled };

static gpointer
check_cancelled_parent (gpointer data)
{
  AsyncifyCall *call = data;

  return g_object_ref (call->cancellable);
}

static void
cancel_own (gpointer checked)
{
  g_autoptr (GCancellable) cancellable = checked;

  g_cancellable_cancel (cancellable);
}

static const AsyncifyCancelFuncs parent_funcs = { check_cancelled_parent, cancel_own };

/* What the caller gave may belong to others too; this call's own is cancelled together with it,
 * by the job and at the deadline. */
static void
make_own_cancellable (AsyncifyCall *call)
{
  AsyncifyCallExtras *extras = call->extras;

  extras->parent = g_steal_pointer (&call->cancellable);
  call->cancellable = g_cancellable_new ();
  if (extras->parent != NULL)
    asyncify_cancel_watch_add (&extras->parent_watch, extras->parent, &parent_funcs, call);
}

/* On the caller's thread, before the call is submitted: from here on it can be stopped. */
void
asyncify_call_watch (AsyncifyCall *call)
{
  const gboolean has_deadline = call->extras != NULL && call->extras->timeout_ms > 0;

  if (call->job != NULL || has_deadline)
    make_own_cancellable (call);

  if (call->job != NULL && !asyncify_job_begin (call->job, call->mailbox, call, call->cancellable))
    g_clear_object (&call->job);

  if (call->cancellable != NULL)
    asyncify_cancel_watch_add (&call->watch, call->cancellable, &cancelled_funcs, call);

  if (has_deadline)
    asyncify_deadlines_add (asyncify_mailbox_get_deadlines (call->mailbox), call);
}

/* From here on nothing stops it any more. Any thread, more than once. */
void
asyncify_call_unwatch (AsyncifyCall *call)
{
  asyncify_cancel_watch_remove (&call->watch);
  if (call->extras == NULL)
    return;

  asyncify_cancel_watch_remove (&call->extras->parent_watch);
  if (call->extras->timeout_ms > 0)
    asyncify_deadlines_remove (asyncify_mailbox_get_deadlines (call->mailbox), call);
}

/* Whoever cancels it may not have come to it yet, but will. Any thread. */
gboolean
asyncify_call_is_cancelled (AsyncifyCall *call)
{
  return g_cancellable_is_cancelled (call->cancellable)
         || (call->extras != NULL && g_cancellable_is_cancelled (call->extras->parent));
}

/* Under the lock of whoever stops it. Returns: whether asyncify_call_act_on_stop () has to be
 * called, which has @call till then. */
gboolean
asyncify_call_check_stop (AsyncifyCall *call,
                          AsyncifyStopCause cause)
{
  if (call->job != NULL)
    asyncify_news_box_release (asyncify_job_get_news_box (call->job), call);

  return asyncify_workers_stop (call->limiter, call, cause);
}

/* Tells the function, answers the caller: what is to be done. Without a lock, on the thread that
 * stops the call. */
void
asyncify_call_act_on_stop (AsyncifyCall *call)
{
  AsyncifyCall *answer = NULL;

  asyncify_workers_settle (call->limiter);
  if (call->state == ASYNCIFY_CALL_WITHDRAWN)
    {
      asyncify_mailbox_post_call (call->mailbox, call);
      return;
    }

  if (call->stopped_by == ASYNCIFY_STOPPED_BY_DEADLINE)
    g_cancellable_cancel (call->cancellable);
  if (call->extras != NULL && call->extras->interrupt != NULL)
    call->extras->interrupt (call->extras->interrupt_data);

  if (call->state == ASYNCIFY_CALL_ABANDONED)
    {
      asyncify_call_unwatch (call);
      answer = asyncify_call_new_answer (call);
    }
  asyncify_workers_let_go (call->limiter, call);

  if (answer != NULL)
    asyncify_mailbox_post_call (answer->mailbox, answer);
}

/* Why @call, which was stopped, has no result. */
GError *
asyncify_call_new_stop_error (AsyncifyCall *call)
{
  GError *error = NULL;

  if (call->stopped_by == ASYNCIFY_STOPPED_BY_DEADLINE)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "Timed out after %u ms",
                        call->extras->timeout_ms);

  /* None is set if the GCancellable was reset meanwhile. */
  if (!g_cancellable_set_error_if_cancelled (call->cancellable, &error))
    error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled");

  return error;
}

/* Sets the error of a call that was stopped. In the caller's context, when it has ended. */
void
asyncify_call_set_error (AsyncifyCall *call)
{
  const gboolean gave_up = g_error_matches (call->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if (call->state == ASYNCIFY_CALL_WITHDRAWN && call->error == NULL)
    call->error = asyncify_call_new_stop_error (call);
  else if (call->stopped_by == ASYNCIFY_STOPPED_BY_DEADLINE && gave_up)
    {
      g_clear_error (&call->error);
      call->error = asyncify_call_new_stop_error (call);
    }
}
