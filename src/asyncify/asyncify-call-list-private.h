/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify-call-private.h>

G_BEGIN_DECLS

/* Calls in a row, linked by themselves: each is in one such list at most. */
typedef struct {
  AsyncifyCall *head;
  AsyncifyCall *tail;
} AsyncifyCallList;

static inline void
asyncify_call_list_push_tail (AsyncifyCallList *list,
                              AsyncifyCall *call)
{
  call->next = NULL;
  if (list->tail != NULL)
    list->tail->next = call;
  else
    list->head = call;
  list->tail = call;
}

static inline void
asyncify_call_list_push_head (AsyncifyCallList *list,
                              AsyncifyCall *call)
{
  call->next = list->head;
  list->head = call;
  if (list->tail == NULL)
    list->tail = call;
}

static inline AsyncifyCall *
asyncify_call_list_pop_head (AsyncifyCallList *list)
{
  AsyncifyCall *call = list->head;

  if (call == NULL)
    return NULL;

  list->head = call->next;
  if (list->head == NULL)
    list->tail = NULL;

  return call;
}

G_END_DECLS
