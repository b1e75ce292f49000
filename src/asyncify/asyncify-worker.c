/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-worker.h>

#include <asyncify/asyncify-call-private.h>
#include <asyncify/asyncify-job-private.h>
#include <asyncify/asyncify-lending-private.h>
#include <asyncify/asyncify-limiter-private.h>
#include <asyncify/asyncify-visit-private.h>

/* The call that runs on this thread, if somebody watches it. */
static AsyncifyCall *
get_watched_call (void)
{
  AsyncifyCall *call = asyncify_call_get_current ();

  return call != NULL && call->job != NULL ? call : NULL;
}

/**
 * asyncify_set_progress:
 * @fraction: how much of the work is done, 0 to 1; below 0 if unknown
 *
 * Says how far the calling function is. It shows as #AsyncifyJob:progress, if
 * somebody watches the call. It is cheap, and may be called as often as one likes:
 * the main loop takes no more than the latest value once in a frame.
 *
 * Called on the worker that runs the function; elsewhere it does nothing.
 *
 * Since: 0.1
 */
void
asyncify_set_progress (double fraction)
{
  AsyncifyCall *call = get_watched_call ();

  if (call != NULL)
    asyncify_news_box_set_progress (asyncify_job_get_news_box (call->job), call, call->job,
                                    fraction);
}

/**
 * asyncify_set_message:
 * @message: (nullable): what the function is doing, for a person to read; copied
 *
 * Says what the calling function does at the moment. It shows as
 * #AsyncifyJob:message, if somebody watches the call.
 *
 * Called on the worker that runs the function; elsewhere it does nothing.
 *
 * Since: 0.1
 */
void
asyncify_set_message (const char *message)
{
  AsyncifyCall *call = get_watched_call ();

  if (call != NULL)
    asyncify_news_box_set_message (asyncify_job_get_news_box (call->job), call, call->job,
                                   message);
}

/* If the loop that takes the items is a worker's, which waits for this call, then that worker
 * needs a place to take them. */
static void
await_room (AsyncifyCall *call)
{
  if (asyncify_lending_is_begun (asyncify_mailbox_get_lending (call->mailbox)))
    asyncify_workers_lend (call->limiter, call);
  asyncify_news_box_await_room (asyncify_job_get_news_box (call->job), call);
  asyncify_workers_take_back (call->limiter, call);
}

/**
 * asyncify_emit:
 * @item: (transfer none): a partial result
 *
 * Sends a part of the result ahead. It is appended to #AsyncifyJob:items in the
 * caller's context, if somebody watches the call. A function that emits faster than
 * the main loop takes has to wait here, so that memory stays bounded. It doesn't wait
 * any more once the call is cancelled, the context is gone, or nobody has run its loop
 * for five seconds; what finds no room then is dropped, until the loop runs again.
 *
 * Called on the worker that runs the function; elsewhere it does nothing.
 *
 * Since: 0.1
 */
void
asyncify_emit (GObject *item)
{
  AsyncifyCall *call = get_watched_call ();

  g_return_if_fail (G_IS_OBJECT (item));

  if (call == NULL)
    return;

  while (!asyncify_news_box_emit (asyncify_job_get_news_box (call->job), call, call->job, item))
    await_room (call);
}

/**
 * asyncify_is_cancelled:
 *
 * Asks whether the calling function should give up. Long work asks now and then, and
 * returns early. May be called as often as one likes.
 *
 * Called on the worker that runs the function; elsewhere it returns %FALSE.
 *
 * Returns: whether the call was cancelled
 *
 * Since: 0.1
 */
gboolean
asyncify_is_cancelled (void)
{
  AsyncifyCall *call = asyncify_call_get_current ();

  return call != NULL && g_cancellable_is_cancelled (call->cancellable);
}

/**
 * asyncify_set_error_if_cancelled:
 * @error: (nullable): return location for a #GError
 *
 * As asyncify_is_cancelled (), and sets @error to %G_IO_ERROR_CANCELLED if so.
 *
 * Called on the worker that runs the function; elsewhere it returns %FALSE.
 *
 * Returns: whether the call was cancelled, and so @error was set
 *
 * Since: 0.1
 */
gboolean
asyncify_set_error_if_cancelled (GError **error)
{
  AsyncifyCall *call = asyncify_call_get_current ();

  return call != NULL && g_cancellable_set_error_if_cancelled (call->cancellable, error);
}

typedef struct {
  void (*func) (gpointer data);
  gpointer data;
} MainCall;

static void
call_in_main (gpointer data,
              gpointer visit)
{
  MainCall *main_call = data;

  main_call->func (main_call->data);
}

/**
 * asyncify_run_in_main: (skip)
 * @func: what to call
 * @data: for @func
 *
 * Calls a function in the main context that the worker's call came from, where it may use
 * widgets, and waits until it has returned. Meanwhile the call lends its place in the limiter.
 *
 * Called on the worker that runs the function; elsewhere @func is called at once, on the
 * calling thread, since that is where it belongs then.
 *
 * If the context is gone, or if nobody runs its loop for five seconds, then @func is not
 * called at all. So have it leave a mark in @data, if it matters whether it was.
 *
 * Since: 0.1
 */
void
asyncify_run_in_main (void (*func) (gpointer data),
                      gpointer data)
{
  AsyncifyCall *call = asyncify_call_get_current ();
  MainCall main_call = { func, data };
  g_autoptr (AsyncifyVisit) visit = NULL;

  g_return_if_fail (func != NULL);

  if (call == NULL)
    {
      func (data);
      return;
    }

  visit = asyncify_visit_new (call->mailbox, call_in_main, &main_call, NULL, FALSE);
  asyncify_visit_pay (visit, call, NULL);
}
