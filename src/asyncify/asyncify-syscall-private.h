/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The system call that a thread is blocked in, so that a signal can be sent to it which the
 * program doesn't notice. Most calls go on after a signal's handler with SA_RESTART, but not
 * those that sleep, poll or select: they fail with EINTR, however much of their time is left,
 * and sleep () just returns. Linux only, where /proc tells which call it is; elsewhere nothing
 * is known, and nothing is done.
 */
typedef struct {
  int remedy;
  long number;
  gulong arguments[6];
  gulong stack_pointer;
  gulong program_counter;
} AsyncifySyscall;

gboolean asyncify_syscall_look   (AsyncifySyscall       *self,
                                  int                    thread_id);
void     asyncify_syscall_resume (const AsyncifySyscall *self,
                                  gpointer               context);

G_END_DECLS
