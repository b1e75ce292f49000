/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "testutils.h"

G_BEGIN_DECLS

/* Far more than a loop is held up by a busy machine, or by valgrind: whoever is told of a stall of
 * this length by mistake was told so whatever the load. */
#define TEST_LONG_MS 1500

#define MS G_TIME_SPAN_MILLISECOND

/* A watchdog that watches from the beginning, and what it has told. A busy machine makes stalls
 * too: so only those are asked for that are long enough to be the test's own. */
typedef struct {
  AsyncifyWatchdog *watchdog;
  GMainContext *context; /* not owned */
  GPtrArray *stalls;     /* AsyncifyStall */
} TestStalls;

void           test_stalls_init  (TestStalls   *self,
                                  GMainContext *context,
                                  guint         threshold_ms);
void           test_stalls_clear (TestStalls   *self);
guint          test_stalls_count (TestStalls   *self,
                                  gint64        at_least);
AsyncifyStall *test_stalls_await (TestStalls   *self,
                                  gint64        at_least);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TestStalls, test_stalls_clear)

/* The watchdog of the test's context, for the length of a block */
#define TEST_STALLS(name, threshold_ms)                                                            \
  g_auto (TestStalls) name;                                                                        \
  test_stalls_init (&name, g_main_context_get_thread_default (), threshold_ms)

gboolean       test_stall_names   (AsyncifyStall *stall,
                                   const char    *function);

/* Blocks the loop of @context, once it runs, by calling @func. */
void           test_call_in_loop  (GMainContext  *context,
                                   void         (*func) (gpointer data),
                                   gpointer       data);
/* ... for @ms milliseconds, in a function of this name */
void           test_block_loop    (guint          ms);
void           test_block_for     (guint          ms);

/* Runs the loop for as long, and does nothing. */
void           test_idle_for      (guint          ms);

/* How many threads of the library look out for stalls; -1 if that can't be known */
int            test_count_lookouts (void);

gboolean       test_under_valgrind (void);

G_END_DECLS
