/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A thread's stack, as the thread itself writes it down when another one asks for that: in the
 * handler of a signal, wherever it stands. This is the platform's own part of the watchdog; where
 * there is no backtrace (), nothing is ever written.
 */
typedef struct _AsyncifyStack AsyncifyStack;

/* How many frames are written down, at most */
#define ASYNCIFY_STACK_DEPTH 128

gboolean       asyncify_stack_prepare       (void);
void           asyncify_stack_block_signals (void);

/* The thread itself */
AsyncifyStack *asyncify_stack_new           (void) G_GNUC_WARN_UNUSED_RESULT;
void           asyncify_stack_free          (AsyncifyStack *self);
guint          asyncify_stack_take          (AsyncifyStack *self,
                                             gint64         since,
                                             gpointer      *frames);

/* Another one */
void           asyncify_stack_ask           (AsyncifyStack *self);

char         **asyncify_stack_name          (const gpointer *frames,
                                             guint           n_frames) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
