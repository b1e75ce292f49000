/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify-limiter.h>
#include <asyncify/asyncify-queue-private.h>

G_BEGIN_DECLS

/* How many calls run at once by default: what AnyIO, and so Asyncer, allow. */
#define ASYNCIFY_LIMITER_DEFAULT_MAX_RUNNING 40

/* So long, in us, calls that compute keep a worker from going to work that is more than the
 * processors can do with: longer than threads are often without a processor on a busy machine. */
#define ASYNCIFY_WORKERS_PATIENCE (20 * G_TIME_SPAN_MILLISECOND)

/* What there is to tell, in the order of its properties. */
enum {
  ASYNCIFY_LIMITER_MAX_RUNNING,
  ASYNCIFY_LIMITER_RUNNING,
  ASYNCIFY_LIMITER_QUEUED,
  ASYNCIFY_LIMITER_ABANDONED,
  ASYNCIFY_LIMITER_N_NUMBERS
};

/* asyncify-limiter.c is what others see of it, asyncify-workers.c how it works. */
struct _AsyncifyLimiter
{
  GObject parent_instance;

  GMutex lock;   /* taken inside the lock of all watches, and outside none */
  GCond called;  /* the idle worker isn't idle any more, or the one that stands by is to look */
  GCond changed; /* a place was given back, or a call is no longer held */

  /* Under the lock */
  AsyncifyQueue queue;
  GQueue crew;       /* Worker, on its stack: those that run a call */
  guint max_running;
  guint n_running;   /* calls that hold a place */
  guint n_returning; /* calls that want back the place they lent */
  guint n_entitled;  /* ... before others: since one of those has had it */
  guint n_abandoned;
  guint n_prompt;    /* how many workers go to work as soon as they come */
  guint n_taken;     /* calls so far; wraps around */
  guint n_changes;   /* likewise, of the numbers that are told */
  gint64 freed_at;   /* when a place was lent last, or given back to whom wants it; us */
  gboolean starting; /* a thread that was asked for has not come yet, or stands by */
  gboolean idle;     /* a worker waits for a call; never while one is starting */
  gboolean telling;  /* the teller is about to be dispatched */
  gint64 told_at;    /* when it was last, monotonic time in us */

  /* Whose who set "telling" */
  GSource *teller;   /* nullable */

  /* The main context's */
  guint told[ASYNCIFY_LIMITER_N_NUMBERS];
  guint tell_again; /* bits: those that may have been read while they changed */
};

void     asyncify_limiter_tell            (AsyncifyLimiter  *self);

void     asyncify_workers_init            (AsyncifyLimiter  *self);
gboolean asyncify_workers_submit          (AsyncifyLimiter  *self,
                                           AsyncifyCall     *call) G_GNUC_WARN_UNUSED_RESULT;
gboolean asyncify_workers_stop            (AsyncifyLimiter  *self,
                                           AsyncifyCall     *call,
                                           AsyncifyStopCause cause) G_GNUC_WARN_UNUSED_RESULT;
void     asyncify_workers_settle          (AsyncifyLimiter  *self);
void     asyncify_workers_let_go          (AsyncifyLimiter  *self,
                                           AsyncifyCall     *call);
void     asyncify_workers_lend            (AsyncifyLimiter  *self,
                                           AsyncifyCall     *call);
void     asyncify_workers_take_back       (AsyncifyLimiter  *self,
                                           AsyncifyCall     *call);
void     asyncify_workers_set_max_running (AsyncifyLimiter  *self,
                                           guint             max_running);

G_END_DECLS
