/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-queue-private.h>

/* The calls of one priority. */
typedef struct _AsyncifyBucket {
  int priority;
  GQueue calls;
} Bucket;

static int
compare_priorities (gconstpointer a,
                    gconstpointer b,
                    gpointer user_data)
{
  int left = *(const int *) a;
  int right = *(const int *) b;

  return (left > right) - (left < right);
}

void
asyncify_queue_init (AsyncifyQueue *self)
{
  *self = (AsyncifyQueue) { g_tree_new_full (compare_priorities, NULL, NULL, g_free), NULL, 0 };
}

/* The calls in it are not freed. */
void
asyncify_queue_clear (AsyncifyQueue *self)
{
  g_clear_pointer (&self->buckets, g_tree_unref);
}

void
asyncify_queue_push (AsyncifyQueue *self,
                     AsyncifyCall *call)
{
  if (self->last == NULL || self->last->priority != call->priority)
    self->last = g_tree_lookup (self->buckets, &call->priority);
  if (self->last == NULL)
    {
      self->last = g_new0 (Bucket, 1);
      self->last->priority = call->priority;
      g_tree_insert (self->buckets, &self->last->priority, self->last);
    }

  call->queue_link.data = call;
  g_queue_push_tail_link (&self->last->calls, &call->queue_link);
  self->length++;
}

/* Returns: (nullable): the call whose turn it is */
AsyncifyCall *
asyncify_queue_peek (AsyncifyQueue *self)
{
  GTreeNode *node = g_tree_node_first (self->buckets);
  Bucket *bucket = node != NULL ? g_tree_node_value (node) : NULL;

  return bucket != NULL ? g_queue_peek_head (&bucket->calls) : NULL;
}

/* Takes it out. */
AsyncifyCall *
asyncify_queue_pop (AsyncifyQueue *self)
{
  AsyncifyCall *call = asyncify_queue_peek (self);

  if (call != NULL)
    asyncify_queue_remove (self, call);

  return call;
}

/* @call must be in it. */
void
asyncify_queue_remove (AsyncifyQueue *self,
                       AsyncifyCall *call)
{
  Bucket *bucket = g_tree_lookup (self->buckets, &call->priority);

  self->length--;
  g_queue_unlink (&bucket->calls, &call->queue_link);
  if (!g_queue_is_empty (&bucket->calls))
    return;

  if (self->last == bucket)
    self->last = NULL;
  g_tree_remove (self->buckets, &bucket->priority);
}
