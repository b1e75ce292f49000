/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* GTask's pool is GIO's too: it has ten threads for all of the process. */
#define ASYNCIFY_MAX_GIO_THREADS 4

/* If it takes longer than this to get a thread of GTask's pool, in us, then others keep it
 * busy; and so long is it left alone then. */
#define ASYNCIFY_GIO_BUSY  (20 * G_TIME_SPAN_MILLISECOND)
#define ASYNCIFY_GIO_AVOID G_TIME_SPAN_SECOND

typedef void (*AsyncifyThreadFunc)   (gpointer      data);
typedef void (*AsyncifyThreadFailed) (gpointer      data,
                                      const GError *error);

void   asyncify_threads_run         (AsyncifyThreadFunc   func,
                                     AsyncifyThreadFailed failed,
                                     gpointer             data,
                                     gboolean             may_be_gio);
gint64 asyncify_threads_get_overdue (void);
void   asyncify_threads_rescue      (void);
guint  asyncify_threads_count_gio   (void);

G_END_DECLS
