/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify-mailbox-private.h>

G_BEGIN_DECLS

/* Something that a worker has done in the context that its call came from, while it waits: a
 * function is called there, and possibly an answer is awaited that comes later. A visit is
 * refused if the context is gone, or if nobody runs its loop.
 */
typedef struct _AsyncifyVisit AsyncifyVisit;

typedef enum {
  ASYNCIFY_VISIT_ARRIVING, /* the function is yet to be called */
  ASYNCIFY_VISIT_BEGUN,    /* it has been called, and didn't return yet */
  ASYNCIFY_VISIT_STAYING,  /* it has returned, and the answer is awaited */
  ASYNCIFY_VISIT_OVER,
  ASYNCIFY_VISIT_REFUSED
} AsyncifyVisitState;

struct _AsyncifyVisit
{
  gatomicrefcount    ref_count;

  /* Set before it is posted, then read-only */
  AsyncifyMailbox   *mailbox;       /* not owned: its call keeps it */
  GFunc              func;          /* is given the data and the visit */
  gpointer           data;
  GDestroyNotify     destroy;       /* of the data, by whoever drops the last reference; nullable */
  gboolean           wants_answer;

  GMutex             lock;          /* taken under that of the visits; none is taken under it */
  GCond              changed;

  /* Under the lock */
  AsyncifyVisitState state;
  gboolean           answered;

  /* Under the lock of the visits */
  GQueue            *queue;         /* nullable; where it is */
  gint64             arrived_at;    /* monotonic time in us */
  GList              link;
};

/* The visits to one context */
struct _AsyncifyVisits
{
  int      n_arriving; /* atomic; changed only under the lock */

  GMutex   lock;

  /* Under the lock */
  gboolean gone;       /* the context is */
  GQueue   arriving;   /* AsyncifyVisit, kept by its worker, in the order they came in */
  GQueue   staying;    /* likewise, once it has begun */
};

/* On a worker */
AsyncifyVisit *asyncify_visit_new      (AsyncifyMailbox *mailbox,
                                        GFunc            func,
                                        gpointer         data,
                                        GDestroyNotify   destroy,
                                        gboolean         wants_answer) G_GNUC_WARN_UNUSED_RESULT;
gboolean       asyncify_visit_pay      (AsyncifyVisit   *self,
                                        AsyncifyCall    *call,
                                        GError         **error);

/* Any thread */
AsyncifyVisit *asyncify_visit_ref      (AsyncifyVisit   *self);
void           asyncify_visit_unref    (AsyncifyVisit   *self);

/* In the context */
void           asyncify_visit_answer   (AsyncifyVisit   *self);

void           asyncify_visits_init    (AsyncifyVisits  *self);
void           asyncify_visits_clear   (AsyncifyVisits  *self);
gint64         asyncify_visits_get_due (AsyncifyVisits  *self,
                                        gboolean         late);
void           asyncify_visits_receive (AsyncifyVisits  *self,
                                        gint64           slice_end);
void           asyncify_visits_refuse  (AsyncifyVisits  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AsyncifyVisit, asyncify_visit_unref)

G_END_DECLS
