/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined(ASYNCIFY_INSIDE) && !defined(ASYNCIFY_COMPILATION)
#error "Only <asyncify/asyncify.h> can be included directly."
#endif

#include <gio/gio.h>

#include <asyncify/asyncify-job.h>
#include <asyncify/asyncify-limiter.h>
#include <asyncify/asyncify-version.h>

G_BEGIN_DECLS

/**
 * AsyncifyCancelPolicy:
 * @ASYNCIFY_CANCEL_WAIT: the function is told, and what it returns is what the caller gets
 * @ASYNCIFY_CANCEL_ABANDON: the function is told, and the caller is answered at once; what the
 *   function returns later is freed
 *
 * What becomes of a call that is cancelled, or whose time is over, while its function runs. A
 * function is told through its #GCancellable, asyncify_is_cancelled () and its interrupt hook.
 * One that can't be stopped is better abandoned: its place in the limiter is free at once, though
 * its thread is not. (A call that waits for its turn never runs then, whatever the policy.)
 *
 * Since: 0.1
 */
typedef enum {
  ASYNCIFY_CANCEL_WAIT,
  ASYNCIFY_CANCEL_ABANDON
} AsyncifyCancelPolicy;

/**
 * AsyncifyOptions:
 * @source_object: (nullable): kept alive until the callback, and passed to it
 * @limiter: (nullable): who may run when; %NULL for the default limiter
 * @job: (nullable): where a person can watch the call; %NULL if nobody does. To give one whose
 *   last call is still under way is a critical, and nobody watches the new one then
 * @priority: a call with a smaller number starts first; %G_PRIORITY_DEFAULT is 0
 * @timeout_ms: how long the call may take, in ms, counted from when it is made, the time in the
 *   queue included; 0 for no such limit. When it is over the call ends as if it were cancelled,
 *   but with %G_IO_ERROR_TIMED_OUT. It is the loop of the caller's context that looks at the clock;
 *   the main loop, once that context is gone
 * @cancel_policy: what becomes of the call if it is cancelled while it runs
 * @interrupt: (nullable): makes the running function return early, if the call is to stop
 *   (`sqlite3_interrupt`, a `shutdown ()`). Called at most once, only while the function runs,
 *   on the thread that cancels, or that looks at the clock if the time is over. It must not wait
 *   for anything
 * @interrupt_data: for @interrupt; has to live until the callback, or, if the context is destroyed
 *   before, until the function has returned
 *
 * What a call may be given beside its arguments. Written as a compound literal,
 * `&(AsyncifyOptions) { .timeout_ms = 500 }`; it and what it points to need to live
 * only until `name_async_full ()` returns.
 *
 * Since: 0.1
 */
typedef struct {
  GObject              *source_object;
  AsyncifyLimiter      *limiter;
  AsyncifyJob          *job;
  int                   priority;
  guint                 timeout_ms;
  AsyncifyCancelPolicy  cancel_policy;
  GDestroyNotify        interrupt;
  gpointer              interrupt_data;
} AsyncifyOptions;

/**
 * AsyncifyFunction: (skip)
 * @name: the name of the pair
 * @frame_size: how much memory the arguments and results of a call take, in bytes
 * @run: calls the function, on a worker
 * @clear: frees what a frame still owns, in the caller's context
 *
 * A blocking function, as the generated code describes it to the library. There
 * is one for each pair; its address tells the results of one pair from those of
 * another. Not for use by hand.
 *
 * Since: 0.1
 */
typedef struct {
  const char *name;
  gsize       frame_size;
  void      (*run)   (gpointer frame, GCancellable *cancellable, GError **error);
  void      (*clear) (gpointer frame);
} AsyncifyFunction;

/**
 * ASYNCIFY_FRAME_ALIGNMENT: (skip)
 *
 * What a frame is aligned to, in bytes: what malloc () gives everywhere. Not for use
 * by hand.
 *
 * Since: 0.1
 */
#define ASYNCIFY_FRAME_ALIGNMENT (2 * GLIB_SIZEOF_VOID_P)

ASYNCIFY_PUBLIC
gpointer asyncify_call_prepare (const AsyncifyFunction *function,
                                const AsyncifyOptions  *options,
                                GCancellable           *cancellable,
                                GAsyncReadyCallback     callback,
                                gpointer                user_data) G_GNUC_WARN_UNUSED_RESULT;
ASYNCIFY_PUBLIC
void     asyncify_call_submit  (gpointer                frame);
ASYNCIFY_PUBLIC
gpointer asyncify_call_finish  (const AsyncifyFunction *function,
                                GAsyncResult           *result,
                                GError                **error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
