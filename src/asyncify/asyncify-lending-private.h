/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify-mailbox-private.h>

G_BEGIN_DECLS

/* A function on a worker may make calls itself, and wait for them in a loop of its own. While it
 * waits there, it lends its place in the limiter: the call it waits for may need it.
 */
struct _AsyncifyLending
{
  int      n_nested;   /* atomic: calls under way that a worker made in this context */

  /* The context's thread only */
  gboolean is_watched; /* its loop is */
  gint64   lent_at;    /* or when the first of them was made; monotonic time in us */
};

void     asyncify_lending_begin    (AsyncifyLending *self,
                                   AsyncifyMailbox *mailbox);
void     asyncify_lending_end      (AsyncifyLending *self);
gboolean asyncify_lending_is_begun (AsyncifyLending *self);

G_END_DECLS
