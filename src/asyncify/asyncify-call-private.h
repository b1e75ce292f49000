/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify-call.h>
#include <asyncify/asyncify-cancel-private.h>
#include <asyncify/asyncify-mailbox-private.h>

G_BEGIN_DECLS

typedef enum {
  ASYNCIFY_CALL_NEW,       /* not yet with the limiter */
  ASYNCIFY_CALL_QUEUED,    /* in the limiter's queue */
  ASYNCIFY_CALL_TAKEN,     /* a worker runs it, or has run it */
  ASYNCIFY_CALL_WITHDRAWN  /* cancelled before it ran */
} AsyncifyCallState;

/* One call, and behind it in the same allocation the frame with its arguments
 * and results. It has one owner at a time, who hands it on: the caller until it
 * is submitted, the limiter's queue, a worker, the mailbox, and in the end the
 * GTask that carries it into the callback.
 */
struct _AsyncifyCall
{
  /* Set before the call is submitted, then read-only */
  const AsyncifyFunction *function;
  AsyncifyMailbox        *mailbox;
  AsyncifyLimiter        *limiter;
  AsyncifyJob            *job;           /* nullable */
  GCancellable           *cancellable;   /* what the function is given; nullable */
  GObject                *source_object; /* nullable */
  GAsyncReadyCallback     callback;      /* nullable */
  gpointer                user_data;
  int                     priority;

  /* Under the limiter's lock */
  AsyncifyCallState       state;
  GList                   queue_link;

  /* Under the lock of all watches */
  AsyncifyCancelWatch     watch;

  /* The owner's */
  AsyncifyCall           *next;          /* in one of the mailbox's lists */
  gint64                  ended_at;      /* monotonic time in us; set on posting */
  GError                 *error;         /* set by the function; nullable */

  /* The caller's context only */
  GTask                  *task;          /* while it carries the call */
  gboolean                unloading;     /* it is about to go without the call */
  gboolean                finished;      /* name_finish () was called */
};

void          asyncify_call_run         (AsyncifyCall *call);
AsyncifyCall *asyncify_call_get_current (void);
void          asyncify_call_load        (AsyncifyCall *call);
void          asyncify_call_unload      (AsyncifyCall *call);
void          asyncify_call_deliver     (AsyncifyCall *call);
void          asyncify_call_free        (AsyncifyCall *call);

G_END_DECLS
