/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What two threads share. So that nothing but what is under test can order them, they tell each
 * other by relaxed flags when to go on. */
typedef struct {
  gint64 value; /* plain; what may race. Fills a word: of each, few accesses are remembered. */
  int written; /* relaxed */
  int may_read; /* relaxed */
  gboolean late; /* write once more, too late */
  GMutex lock, other_lock;
  GCond changed;
  gatomicrefcount ref_count;
  gsize once;
  gpointer object; /* not owned */
  GQueue queue;
  GList link;
  GError *error;
} Shared;

void     raise_flag   (int         *flag);
void     await_flag   (int         *flag);
GThread *run_writer   (GThreadFunc  func,
                       Shared      *shared);
void     expect_value (Shared      *shared);

/* Each writes, and hands over; then another thread reads. */
gpointer write_locked (gpointer     shared);
void     push         (Shared      *shared);
void     attach       (Shared      *shared);

G_END_DECLS
