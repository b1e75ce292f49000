/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What wakes a main context from another thread, without a reference on it: a file descriptor
 * that one of its sources polls. (g_main_context_wakeup () is not allowed on a context whose
 * last reference is just going, and a reference of ours would keep it.) This is the platform's
 * own part of the library.
 */
typedef struct _AsyncifyBell AsyncifyBell;

AsyncifyBell *asyncify_bell_new        (void) G_GNUC_WARN_UNUSED_RESULT;
void          asyncify_bell_free       (AsyncifyBell *self);
GPollFD      *asyncify_bell_get_pollfd (AsyncifyBell *self);
void          asyncify_bell_ring       (AsyncifyBell *self);
void          asyncify_bell_hush       (AsyncifyBell *self);

G_END_DECLS
