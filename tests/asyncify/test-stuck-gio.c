/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* GTask's pool has come to a standstill: before GLib 2.87.1 it starts nothing any more, for as
 * long as ten of its tasks are blocked, once an eleventh has come and gone (GLib #3840). Our
 * calls start all the same.
 */

#include "testutils.h"

#include <asyncify/asyncify-threads-private.h>

/* So many threads has GTask; one more after a tenth of a second in which all of them are busy. */
#define N_THREADS 10
#define ONE_MORE_AFTER (100 * G_TIME_SPAN_MILLISECOND)

/* Tasks of others */
typedef struct {
  TestGate blocked, eleventh, probe;
  guint n_tasks, n_ended;
} Others;

static void
task_cb (GTask *task,
         gpointer source_object,
         gpointer task_data,
         GCancellable *cancellable)
{
  test_gate_enter (task_data);
  g_task_return_boolean (task, TRUE);
}

static void
others_add (Others *others,
            TestGate *gate)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, test_count_cb, &others->n_ended);

  others->n_tasks++;
  g_task_set_task_data (task, gate, NULL);
  g_task_run_in_thread (task, task_cb);
}

/* Brings the pool to its standstill. Some of its threads may be ours. GLib decides by the clock
 * that there may be one thread more, and doesn't tell: so the eleventh task lasts for longer than
 * that takes. */
static void
others_init (Others *others)
{
  const guint n_blocked = N_THREADS - asyncify_threads_count_gio ();

  *others = (Others) { .n_tasks = 0 };
  test_gate_init (&others->blocked);
  test_gate_init (&others->eleventh);
  test_gate_init (&others->probe);
  test_gate_open (&others->probe);
  for (guint i = 0; i < n_blocked; i++)
    others_add (others, &others->blocked);
  test_gate_await (&others->blocked, n_blocked);
  others_add (others, &others->eleventh);
  test_gate_await (&others->eleventh, 1);
  g_usleep (5 * ONE_MORE_AFTER);
  test_gate_open (&others->eleventh);
  run_until (others->n_ended == 1);

  /* No call has been in need lately, and so ours ask the pool first. */
  g_usleep (ASYNCIFY_GIO_AVOID);
  others_add (others, &others->probe);
}

static void
others_clear (Others *others)
{
  g_test_message ("The pool was %s", test_gate_count (&others->probe) == 0 ? "stuck" : "slow");
  test_gate_open (&others->blocked);
  run_until (others->n_ended == others->n_tasks);
  test_gate_clear (&others->blocked);
  test_gate_clear (&others->eleventh);
  test_gate_clear (&others->probe);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Others, others_clear)

static gboolean
a_thread_is_awaited (void)
{
  return asyncify_threads_get_overdue () != G_MAXINT64;
}

static void
test_cold (TestFixture *fixture,
           gconstpointer data)
{
  guint ended = 0;
  gint64 began;
  g_auto (Others) others;

  others_init (&others);
  began = g_get_monotonic_time ();
  for (guint i = 0; i < 50; i++)
    {
      pass_gate_async (NULL, 0, NULL, test_count_cb, &ended);
      if (i == 0)
        g_assert_true (a_thread_is_awaited ());
    }
  run_until (ended > 0);
  g_test_message ("The first was there after %.1f ms",
                  (g_get_monotonic_time () - began) / (double) G_TIME_SPAN_MILLISECOND);
  run_until (ended == 50);
}

static int loop_sleeps; /* atomic */

static int
poll_and_tell (GPollFD *fds,
               guint n_fds,
               int timeout)
{
  int n_ready;

  g_atomic_int_set (&loop_sleeps, timeout < 0 || timeout > 5000);
  n_ready = g_poll (fds, n_fds, timeout);
  g_atomic_int_set (&loop_sleeps, FALSE);

  return n_ready;
}

/* Has another call start, in a moment in which nobody watches. */
static gboolean
start_another (AsyncifyLimiter *limiter,
               TestGate *before,
               TestGate *after)
{
  gboolean awaited;

  test_gate_enter (before);
  wait_until (g_atomic_int_get (&loop_sleeps));
  asyncify_limiter_set_max_running (limiter, 2);
  awaited = a_thread_is_awaited ();
  test_gate_enter (after);

  return awaited;
}

ASYNCIFY_DEFINE (BOOLEAN, start_another, BORROWED (AsyncifyLimiter *, limiter),
                 BORROWED (TestGate *, before), BORROWED (TestGate *, after))

/* A worker asks for the thread, and not GTask's pool. The loop that the call came from sleeps. */
static void
test_by_worker (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) another = { 0 };
  TEST_GATE (before);
  TEST_GATE (after);
  g_auto (Others) others;

  start_another_async_full (limiter, &before, &after, &options, NULL, test_reply_cb, &reply);
  test_gate_await (&before, 1);
  others_init (&others);
  pass_gate_async_full (NULL, 0, &options, NULL, test_reply_cb, &another);
  g_main_context_set_poll_func (fixture->context, poll_and_tell);
  test_gate_open (&before);
  test_reply_await (&another);
  g_main_context_set_poll_func (fixture->context, NULL);
  g_assert_cmpuint (reply.n_calls, ==, 0);

  test_gate_open (&after);
  g_assert_false (start_another_finish (test_reply_await (&reply), NULL));
}

static void
ended_cb (GObject *source_object,
          GAsyncResult *result,
          gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

static void go_down (TestGate *gate,
                     int      *n_left);
ASYNCIFY_DEFINE (NOTHING, go_down, BORROWED (TestGate *, gate), BORROWED (int *, n_left))

/* Each waits for the next one in a loop of its own. */
static void
go_down (TestGate *gate,
         int *n_left)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  gboolean ended = FALSE;

  if (gate != NULL)
    test_gate_enter (gate);
  if (g_atomic_int_dec_and_test (n_left))
    return;

  g_main_context_push_thread_default (context);
  go_down_async (NULL, n_left, NULL, ended_cb, &ended);
  run_until (ended);
  g_main_context_pop_thread_default (context);
}

/* The loop that sees to the thread is that of a worker. The main loop isn't run till then. */
static void
test_nested (TestFixture *fixture,
             gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  int n_left = 5; /* atomic */
  TEST_GATE (gate);
  g_auto (Others) others;

  go_down_async (&gate, &n_left, NULL, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  others_init (&others);
  test_gate_open (&gate);
  wait_until (g_atomic_int_get (&n_left) == 0);
  test_reply_await (&reply);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/stuck-gio/calls-start", test_cold);
  test_add ("/stuck-gio/calls-start-that-a-worker-starts", test_by_worker);
  test_add ("/stuck-gio/calls-start-that-a-worker-makes", test_nested);

  return g_test_run ();
}
