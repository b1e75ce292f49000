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
 * AsyncifyOptions:
 * @source_object: (nullable): kept alive until the callback, and passed to it
 * @limiter: (nullable): who may run when; %NULL for the default limiter
 * @job: (nullable): where a person can watch the call; %NULL if nobody does
 * @priority: a call with a smaller number starts first; %G_PRIORITY_DEFAULT is 0
 *
 * What a call may be given beside its arguments. Written as a compound literal,
 * `&(AsyncifyOptions) { .priority = G_PRIORITY_HIGH }`; it and what it points to
 * need to live only until `name_async_full ()` returns.
 *
 * Since: 0.1
 */
typedef struct {
  GObject         *source_object;
  AsyncifyLimiter *limiter;
  AsyncifyJob     *job;
  int              priority;
} AsyncifyOptions;

/**
 * AsyncifyFunction:
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

/* What a frame is aligned to, in bytes: what malloc () gives everywhere. */
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
