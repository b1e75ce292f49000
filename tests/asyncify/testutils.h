/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify.h>

#include "testthings.h"

G_BEGIN_DECLS

/* The words the tests are written in. Who comes first is never left to the clock:
 * functions under test stop at gates, and the test opens these.
 */

/* Each test runs in a context of its own, and has no more to do in the end than to
 * return: the teardown fails if a callback is still to come, if something keeps the
 * context, if an object is left, or if one was freed on a thread that isn't its home.
 */
typedef struct {
  GMainContext *context;
  gboolean context_gone; /* atomic */
} TestFixture;

void test_setup    (TestFixture  *fixture,
                    gconstpointer data);
void test_teardown (TestFixture  *fixture,
                    gconstpointer data);

#define test_add(path, func) g_test_add (path, TestFixture, NULL, test_setup, func, test_teardown)

/* Waiting. Whoever waits for longer than 30 seconds ends the test program. */
GSource *test_emergency_begin (const char *what);
void     test_emergency_end   (GSource    *emergency);

/* Runs the loop of the thread-default context. */
#define run_until(condition)                                                                       \
  G_STMT_START                                                                                     \
  {                                                                                                \
    GSource *emergency_ = test_emergency_begin (#condition);                                       \
    while (!(condition))                                                                           \
      g_main_context_iteration (g_main_context_get_thread_default (), TRUE);                       \
    test_emergency_end (emergency_);                                                               \
  }                                                                                                \
  G_STMT_END

/* Doesn't run it: for what other threads do. */
#define wait_until(condition)                                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 until_ = test_emergency_time ();                                                        \
    while (!(condition))                                                                           \
      test_emergency_wait (until_, #condition);                                                    \
  }                                                                                                \
  G_STMT_END

gint64 test_emergency_time (void);
void   test_emergency_wait (gint64      until,
                            const char *what);

/* Runs the loop until it has nothing more to do. Returns: how often it turned */
guint  run_dry             (void);

/* A gate: who enters stops there until it is let through. */
typedef struct {
  GMutex lock;
  GCond changed;
  guint entered;
  guint let; /* how many may leave, in the order of their luck */
  guint left;
} TestGate;

void  test_gate_init       (TestGate *gate);
void  test_gate_clear      (TestGate *gate);
void  test_gate_enter      (TestGate *gate);
void  test_gate_await      (TestGate *gate,
                            guint     entered);
guint test_gate_count      (TestGate *gate);
void  test_gate_await_left (TestGate *gate,
                            guint     left);
void  test_gate_let        (TestGate *gate,
                            guint     more);
void  test_gate_open       (TestGate *gate);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TestGate, test_gate_clear)

/* A closed gate, for the length of a block */
#define TEST_GATE(name)                                                                            \
  g_auto (TestGate) name;                                                                          \
  test_gate_init (&name)

/* A callback that keeps what it was given. When it is cleared, it must have been
 * called exactly once. */
typedef struct {
  guint n_calls;
  GAsyncResult *result;
  GObject *source_object; /* not owned */
  GThread *thread;
  GMainContext *context;  /* not owned; the thread-default one */
  gboolean in_dispatch;   /* it was called by a source of that context */
} TestReply;

void          test_reply_cb    (GObject      *source_object,
                                GAsyncResult *result,
                                gpointer      user_data);
GAsyncResult *test_reply_await (TestReply    *reply);
void          test_reply_clear (TestReply    *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TestReply, test_reply_clear)

/* Counts in a guint; may be shared by many calls. */
void test_count_cb   (GObject      *source_object,
                      GAsyncResult *result,
                      gpointer      user_data);
/* Must not be called. */
void test_never_cb   (GObject      *source_object,
                      GAsyncResult *result,
                      gpointer      user_data);

/* How many handlers the "cancelled" signal of @cancellable has */
guint      test_count_handlers   (GCancellable *cancellable);

/* How many visits of workers wait for the loop of the thread-default context */
guint      test_count_arriving   (void);

/* How many calls want back the place that they have lent */
guint      test_count_returning  (AsyncifyLimiter *limiter);

/* The function most tests run: stops at @gate, if there is one, returns @number. */
int pass_gate (TestGate *gate,
               int       number);
ASYNCIFY_DECLARE (VALUE (int), pass_gate, BORROWED (TestGate *, gate), VALUE (int, number))

/* Fills @limiter with @n calls that stand at @gate, and waits until they do. Each
 * adds one to @ended when it is over. */
void fill_limiter (AsyncifyLimiter *limiter,
                   guint            n,
                   TestGate        *gate,
                   guint           *ended);

/* Waits until nothing runs in @limiter. Then exactly so many can: no place was lost or won. */
void test_check_places (AsyncifyLimiter *limiter,
                        guint            n_places);

#define assert_cancelled(error)                                                                    \
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)

G_END_DECLS
