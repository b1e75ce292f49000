/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

#include <asyncify/asyncify-job.h>

G_BEGIN_DECLS

typedef struct _AsyncifyCall    AsyncifyCall;
typedef struct _AsyncifyMailbox AsyncifyMailbox;

/* Where ended calls and the news of jobs wait for their GMainContext. There is
 * one mailbox for each context that ever called.
 */

/* How long the callbacks of one loop iteration may take together, in us. */
#define ASYNCIFY_MAILBOX_SLICE (2 * G_TIME_SPAN_MILLISECOND)

/* After this long, in us, what waits is no longer held back by drawing. */
#define ASYNCIFY_MAILBOX_LATE (100 * G_TIME_SPAN_MILLISECOND)

/* Below GDK_PRIORITY_REDRAW, which is G_PRIORITY_HIGH_IDLE + 20; and, for what is late,
 * right above it. */
#define ASYNCIFY_MAILBOX_PRIORITY      G_PRIORITY_DEFAULT_IDLE
#define ASYNCIFY_MAILBOX_LATE_PRIORITY (G_PRIORITY_HIGH_IDLE + 19)

/* How often jobs tell their news, in us: once in a frame is all one can see. */
#define ASYNCIFY_MAILBOX_NEWS_INTERVAL (16 * G_TIME_SPAN_MILLISECOND)

AsyncifyMailbox *asyncify_mailbox_get_thread_default (void) G_GNUC_WARN_UNUSED_RESULT;
AsyncifyMailbox *asyncify_mailbox_ref                (AsyncifyMailbox *self);
void             asyncify_mailbox_unref              (AsyncifyMailbox *self);
void             asyncify_mailbox_post_call          (AsyncifyMailbox *self,
                                                      AsyncifyCall    *call);
gboolean         asyncify_mailbox_post_news          (AsyncifyMailbox *self,
                                                      AsyncifyJob     *job);
void             asyncify_mailbox_hurry_news         (AsyncifyMailbox *self);

G_END_DECLS
