/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

#include <asyncify/asyncify-job.h>

G_BEGIN_DECLS

typedef struct _AsyncifyCall      AsyncifyCall;
typedef struct _AsyncifyDeadlines AsyncifyDeadlines;
typedef struct _AsyncifyLending   AsyncifyLending;
typedef struct _AsyncifyMailbox   AsyncifyMailbox;
typedef struct _AsyncifyVisits    AsyncifyVisits;

/* Where ended calls, the news of jobs and the visits of workers wait for their
 * GMainContext. There is one mailbox for each context that ever called.
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

/* How long, in us, a worker that waits for the loop waits before it looks whether that still
 * turns, and after how many such looks in a row it takes it that nobody runs the loop. Five
 * seconds without an answer is what desktops call "not responding". */
#define ASYNCIFY_MAILBOX_LOOK  G_TIME_SPAN_SECOND
#define ASYNCIFY_MAILBOX_LOOKS 5

AsyncifyMailbox   *asyncify_mailbox_get_thread_default (void) G_GNUC_WARN_UNUSED_RESULT;
AsyncifyMailbox   *asyncify_mailbox_ref                (AsyncifyMailbox *self);
void               asyncify_mailbox_unref              (AsyncifyMailbox *self);
AsyncifyDeadlines *asyncify_mailbox_get_deadlines      (AsyncifyMailbox *self);
AsyncifyLending   *asyncify_mailbox_get_lending        (AsyncifyMailbox *self);
AsyncifyVisits    *asyncify_mailbox_get_visits         (AsyncifyMailbox *self);
void               asyncify_mailbox_post_call          (AsyncifyMailbox *self,
                                                        AsyncifyCall    *call);
gboolean           asyncify_mailbox_post_news          (AsyncifyMailbox *self,
                                                        AsyncifyJob     *job);
void               asyncify_mailbox_hurry_news         (AsyncifyMailbox *self);
guint              asyncify_mailbox_wake               (AsyncifyMailbox *self);

G_END_DECLS
