/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify-cancel-private.h>
#include <asyncify/asyncify-group.h>

G_BEGIN_DECLS

/* What a group is to its slots (asyncify-group.c) and to those who wait for it
 * (asyncify-group-wait.c). */

typedef enum {
  ASYNCIFY_GROUP_PENDING,
  ASYNCIFY_GROUP_SUCCEEDED,
  ASYNCIFY_GROUP_FAILED,
  ASYNCIFY_GROUP_CANCELLED, /* it was, before a call of it failed */
  ASYNCIFY_GROUP_GIVEN_UP   /* the waiting for it was cancelled */
} AsyncifyGroupOutcome;

typedef struct _AsyncifyGroupWait AsyncifyGroupWait;

struct _AsyncifyGroup
{
  GObject parent_instance;

  /* Set on construction, then read-only */
  GMainContext *context; /* not owned, only compared */
  GCancellable *parent;  /* nullable */
  GCancellable *cancellable;

  /* The context's thread only: what the slots have to do with */
  AsyncifyCancelWatch parent_watch;
  gboolean watches_parent;
  GPtrArray *soons;             /* AsyncifySoon */
  guint n_pending;              /* how many of them have no result yet */
  AsyncifyGroupOutcome outcome; /* SUCCEEDED, FAILED or CANCELLED */
  guint failed;                 /* which call failed first, counted from 1 */

  /* The context's thread only: what the waits have to do with */
  GQueue waits;              /* AsyncifyGroupWait, in the order they were begun in */
  AsyncifyGroupWait *loaded; /* nullable, not owned: whose task will return next */
  GSource *source;           /* nullable: there while slots are pending or somebody waits */
};

struct _AsyncifySoon
{
  GObject parent_instance;

  /* The context's thread only */
  AsyncifyGroup *group; /* not owned; NULL once the group is gone */
  GAsyncResult *result; /* nullable */
};

gboolean asyncify_group_is_at_home    (AsyncifyGroup *self);
void     asyncify_group_watch_parent  (AsyncifyGroup *self);
void     asyncify_group_update_source (AsyncifyGroup *self);

GSource *asyncify_group_create_source (AsyncifyGroup *self) G_GNUC_WARN_UNUSED_RESULT;
void     asyncify_group_drop_waits    (AsyncifyGroup *self);

G_END_DECLS
