/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A main context of which somebody wants to know when it stalls. There is one of these for each
 * such context, and it doesn't keep it alive.
 */
typedef struct _AsyncifyLoop AsyncifyLoop;

/* In the context, after a stall of @duration us, which @functions were running in */
typedef void (*AsyncifyStallFunc) (GObject           *owner,
                                   gint64             duration,
                                   const char *const *functions);

/* Who wants to know. */
typedef struct {
  /* Set before it is added, then read-only */
  GWeakRef owner;
  gint64 threshold; /* how long a stall lasts at least, in us */
  AsyncifyStallFunc func;

  /* The loop's */
  gboolean armed; /* there was a poll since it was added */
} AsyncifyWatch;

AsyncifyLoop *asyncify_loop_get          (GMainContext  *context) G_GNUC_WARN_UNUSED_RESULT;
void          asyncify_loop_unref        (AsyncifyLoop  *self);
gboolean      asyncify_loop_add_watch    (AsyncifyLoop  *self,
                                          AsyncifyWatch *watch);
void          asyncify_loop_remove_watch (AsyncifyLoop  *self,
                                          AsyncifyWatch *watch);

G_END_DECLS
