/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify-call.h>
#include <asyncify/asyncify-cancel-private.h>
#include <asyncify/asyncify-mailbox-private.h>
#include <asyncify/asyncify-maker-private.h>

G_BEGIN_DECLS

typedef enum {
  ASYNCIFY_CALL_NEW,       /* not yet with the limiter */
  ASYNCIFY_CALL_QUEUED,    /* in the limiter's queue */
  ASYNCIFY_CALL_PASSED_BY, /* off the queue, since it was cancelled; it will be withdrawn */
  ASYNCIFY_CALL_RUNNING,   /* a worker runs its function */
  ASYNCIFY_CALL_ENDED,     /* the function has returned */
  ASYNCIFY_CALL_WITHDRAWN, /* it will never run */
  ASYNCIFY_CALL_ABANDONED  /* another one answers in its place; its function may still run */
} AsyncifyCallState;

typedef enum {
  ASYNCIFY_STOPPED_BY_NOTHING,
  ASYNCIFY_STOPPED_BY_CANCEL,
  ASYNCIFY_STOPPED_BY_DEADLINE
} AsyncifyStopCause;

/* What most calls don't have. It lies behind the frame. */
typedef struct {
  /* Set before the call is submitted, then read-only */
  guint               timeout_ms;     /* 0: none */
  gint64              deadline;       /* monotonic time in us */
  GDestroyNotify      interrupt;      /* nullable */
  gpointer            interrupt_data;
  GCancellable       *parent;         /* nullable: the caller's, if the call has its own */
  AsyncifyMaker      *maker;          /* nullable: of the call on a worker that made it */

  /* Under the lock of all watches */
  AsyncifyCancelWatch parent_watch;

  /* Under the lock of the deadlines */
  gboolean            has_deadline;   /* it is among them */
} AsyncifyCallExtras;

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
  AsyncifyCallExtras     *extras;        /* nullable */
  int                     priority;
  guint8                  cancel_policy; /* AsyncifyCancelPolicy */

  /* The caller's context only. (No bit-fields: reading one reads its neighbours.) */
  guint8                  unloading;     /* the GTask is about to go without the call */
  guint8                  finished;      /* name_finish () was called */

  /* Set before the call is submitted, then read-only until it is abandoned */
  guint8                  nested;        /* made on a worker, and counted in its mailbox */
  GObject                *source_object; /* nullable */
  GAsyncReadyCallback     callback;      /* nullable */
  gpointer                user_data;

  /* Under the limiter's lock; the first two may also be read by who holds the call */
  guint8                  state;         /* AsyncifyCallState */
  guint8                  stopped_by;    /* AsyncifyStopCause; what came first counts */
  guint8                  held;          /* who stops it is not done with it; its worker waits */
  guint8                  lent;          /* another call may have its place */
  guint                   lent_at;       /* how many calls the limiter had taken then */
  GList                   queue_link;

  /* Under the lock of all watches */
  AsyncifyCancelWatch     watch;

  /* The owner's */
  AsyncifyCall           *next;          /* in one of the mailbox's lists */
  gint64                  ended_at;      /* monotonic time in us; set on posting */
  GError                 *error;         /* set by the function; nullable */

  /* The caller's context only */
  GTask                  *task;          /* while it carries the call */
};

/* asyncify-call.c */
AsyncifyCall *asyncify_call_new_answer     (AsyncifyCall *call) G_GNUC_WARN_UNUSED_RESULT;
void          asyncify_call_run            (AsyncifyCall *call);
AsyncifyCall *asyncify_call_get_current    (void);
AsyncifyMaker *asyncify_call_get_current_maker (void);
void          asyncify_call_load           (AsyncifyCall *call);
void          asyncify_call_unload         (AsyncifyCall *call);
void          asyncify_call_deliver        (AsyncifyCall *call);
void          asyncify_call_free           (AsyncifyCall *call);

/* asyncify-stop.c */
void          asyncify_call_watch          (AsyncifyCall *call);
void          asyncify_call_unwatch        (AsyncifyCall *call);
gboolean      asyncify_call_is_cancelled   (AsyncifyCall *call);
gboolean      asyncify_call_check_stop     (AsyncifyCall      *call,
                                            AsyncifyStopCause  cause);
void          asyncify_call_act_on_stop    (AsyncifyCall *call);
GError       *asyncify_call_new_stop_error (AsyncifyCall *call) G_GNUC_WARN_UNUSED_RESULT;
void          asyncify_call_set_error      (AsyncifyCall *call);

G_END_DECLS
