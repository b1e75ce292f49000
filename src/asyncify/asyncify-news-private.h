/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

#include <asyncify/asyncify-mailbox-private.h>

G_BEGIN_DECLS

/* How many emitted items may wait for the loop before the worker has to. */
#define ASYNCIFY_NEWS_MAX_ITEMS 512

/* What a worker told since it was last asked. */
typedef struct {
  gboolean   running;
  gboolean   has_progress;
  double     progress;
  gboolean   has_message;
  char      *message;
  GPtrArray *items; /* nullable */
} AsyncifyNews;

/* Where a worker tells, and the context of a job takes. Whatever is told often is kept only
 * once, and whoever emits too much waits: so it stays small. All functions may be called on
 * any thread.
 *
 * A call names itself with all it does: its job may have gone on to another one meanwhile, if
 * it was abandoned.
 */
typedef struct {
  GMutex           lock; /* a mailbox's lock is taken under it */
  GCond            taken;

  /* Under the lock */
  AsyncifyNews     news;
  gboolean         posted;   /* the mailbox knows that there are news */
  gboolean         released; /* nobody has to wait any more */
  gboolean         unheard;  /* nor until the loop turns again, which it hasn't for long */
  AsyncifyCall    *call;     /* nullable: the one that is under way; only to compare with */
  AsyncifyMailbox *mailbox;  /* nullable: of that call, or of the last one */
} AsyncifyNewsBox;

void     asyncify_news_clear            (AsyncifyNews    *self);

void     asyncify_news_box_init         (AsyncifyNewsBox *self);
void     asyncify_news_box_clear        (AsyncifyNewsBox *self);
void     asyncify_news_box_begin        (AsyncifyNewsBox *self,
                                         AsyncifyCall    *call,
                                         AsyncifyMailbox *mailbox);
gboolean asyncify_news_box_take         (AsyncifyNewsBox *self,
                                         AsyncifyMailbox *mailbox,
                                         AsyncifyNews    *news);
void     asyncify_news_box_release      (AsyncifyNewsBox *self,
                                         AsyncifyCall    *call);
void     asyncify_news_box_release_all  (AsyncifyNewsBox *self,
                                         AsyncifyMailbox *mailbox);
void     asyncify_news_box_end          (AsyncifyNewsBox *self);

void     asyncify_news_box_set_running  (AsyncifyNewsBox *self,
                                         AsyncifyCall    *call,
                                         AsyncifyJob     *job);
void     asyncify_news_box_set_progress (AsyncifyNewsBox *self,
                                         AsyncifyCall    *call,
                                         AsyncifyJob     *job,
                                         double           progress);
void     asyncify_news_box_set_message  (AsyncifyNewsBox *self,
                                         AsyncifyCall    *call,
                                         AsyncifyJob     *job,
                                         const char      *message);
gboolean asyncify_news_box_emit         (AsyncifyNewsBox *self,
                                         AsyncifyCall    *call,
                                         AsyncifyJob     *job,
                                         GObject         *item) G_GNUC_WARN_UNUSED_RESULT;
void     asyncify_news_box_await_room   (AsyncifyNewsBox *self,
                                         AsyncifyCall    *call);

G_END_DECLS
