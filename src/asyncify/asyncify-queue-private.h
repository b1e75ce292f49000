/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify-call-private.h>

G_BEGIN_DECLS

/* Calls that wait for their turn: those with a smaller priority number first, and among equals
 * the one that came first. Putting one in, taking the first and removing any of them cost the
 * same however many there are. Not locked: the limiter does that.
 */
typedef struct {
  /* Private */
  GTree *buckets;                   /* the calls of each priority; none is empty */
  struct _AsyncifyBucket *last;     /* nullable; where the last call was put */
  guint length;
} AsyncifyQueue;

void          asyncify_queue_init     (AsyncifyQueue *self);
void          asyncify_queue_clear    (AsyncifyQueue *self);
void          asyncify_queue_push     (AsyncifyQueue *self,
                                       AsyncifyCall  *call);
AsyncifyCall *asyncify_queue_peek     (AsyncifyQueue *self);
AsyncifyCall *asyncify_queue_pop      (AsyncifyQueue *self);
void          asyncify_queue_remove   (AsyncifyQueue *self,
                                       AsyncifyCall  *call);

G_END_DECLS
