/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* GTask's pool is GIO's too: it has ten threads for all of the process. */
#define ASYNCIFY_MAX_GIO_THREADS 4

typedef void (*AsyncifyThreadFunc) (gpointer data);

void  asyncify_threads_run       (AsyncifyThreadFunc func,
                                  gpointer           data);
guint asyncify_threads_count_gio (void);

G_END_DECLS
