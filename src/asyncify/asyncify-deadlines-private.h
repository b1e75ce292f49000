/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify-call-private.h>

G_BEGIN_DECLS

/* The calls of one mailbox that have a deadline, and the one source that waits for the next of
 * them. It is made with the first such call. If the context goes with calls in flight, there is
 * another one in the main context instead, until these have ended.
 */
struct _AsyncifyDeadlines
{
  GMutex   lock;    /* a limiter's lock, and a main context's, are taken under it */

  /* Under the lock */
  GTree   *calls;   /* nullable; in the order of their deadlines */
  GSource *source;  /* nullable */
  gboolean is_main; /* the context is the main one */
  gboolean is_away; /* the source is in another context, since its own is gone */
};

void asyncify_deadlines_init   (AsyncifyDeadlines *self);
void asyncify_deadlines_clear  (AsyncifyDeadlines *self);
void asyncify_deadlines_add    (AsyncifyDeadlines *self,
                                AsyncifyCall      *call);
void asyncify_deadlines_remove (AsyncifyDeadlines *self,
                                AsyncifyCall      *call);

G_END_DECLS
