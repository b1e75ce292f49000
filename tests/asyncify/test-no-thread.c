/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* When no thread can be started: what else may go wrong than in test-no-threads.c. The tests run in
 * processes of their own, which aren't allowed to have any more.
 */

#include "teststalls.h"

#ifdef G_OS_UNIX

#include <sys/resource.h>
#include <unistd.h>

static gpointer
do_nothing (gpointer data)
{
  return NULL;
}

/* The rule isn't for the superuser, and not everywhere for threads. Returns: whether it is so */
static gboolean
try_to_forbid_threads (void)
{
  const struct rlimit none = { 0, 0 };
  GThread *thread;

  if (setrlimit (RLIMIT_NPROC, &none) != 0 || (geteuid () == 0 && setuid (65534) != 0))
    return FALSE;

  thread = g_thread_try_new ("forbidden", do_nothing, NULL, NULL);
  if (thread != NULL)
    g_thread_join (thread);

  return thread == NULL;
}

static void
forbid_threads (void)
{
  g_assert_true (try_to_forbid_threads ());
}

/* Without what is done at exit: that may need a thread, too. */
static void
subprocess_forbid (void)
{
  _exit (try_to_forbid_threads () ? 0 : 1);
}

/* Some of GLib's threads can't be done without. And all that wait for work are got out of the
 * way. */
static void
start_busy_threads (TestGate *gate)
{
  static guint ended;

  fill_limiter (asyncify_limiter_new (20), 20, gate, &ended);
}

static void
assert_no_thread (GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (pass_gate_finish (result, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "thread"));
}

/* What waits for its place fails; and is freed at once, as it can't go home. */
static void
call_is_abandoned (void)
{
  AsyncifyLimiter *limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options
    = { .limiter = limiter, .cancel_policy = ASYNCIFY_CANCEL_ABANDON };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) another = g_cancellable_new ();
  GMainContext *doomed = g_main_context_new ();
  g_auto (TestReply) abandoned = { 0 };
  g_auto (TestReply) failed = { 0 };
  TEST_GATE (busy);
  TEST_GATE (gate);

  start_busy_threads (&busy);
  pass_gate_async_full (&gate, 0, &options, cancellable, test_reply_cb, &abandoned);
  test_gate_await (&gate, 1);
  g_main_context_push_thread_default (doomed);
  pass_gate_async_full (NULL, 0, &options, another, test_never_cb, NULL);
  g_main_context_pop_thread_default (doomed);
  g_main_context_unref (doomed);
  pass_gate_async_full (NULL, 0, &options, another, test_reply_cb, &failed);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 2);
  forbid_threads ();
  g_cancellable_cancel (cancellable);
  test_reply_await (&abandoned);
  assert_no_thread (test_reply_await (&failed));
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 0);
  _exit (0);
}

/* Stalls are told of, though not what they were in. */
static void
watchdog_goes_on (void)
{
  g_main_context_push_thread_default (g_main_context_new ());
  forbid_threads ();
  g_test_expect_message ("Asyncify", G_LOG_LEVEL_WARNING, "*not name their functions*");
  {
    TEST_STALLS (stalls, 50);

    g_test_assert_expected_messages ();
    test_block_loop (200);
    g_assert_null (asyncify_stall_get_functions (test_stalls_await (&stalls, 200 * MS))[0]);
  }
  _exit (0);
}

static void
run_in_child (void (*func) (void))
{
  if (g_test_subprocess ())
    func ();

  g_test_trap_subprocess ("/threads/none/subprocess/forbid", 0, G_TEST_SUBPROCESS_DEFAULT);
  if (!g_test_trap_has_passed ())
    {
      g_test_skip ("threads can't be forbidden here");
      return;
    }

  g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
test_call_is_abandoned (void)
{
  run_in_child (call_is_abandoned);
}

static void
test_watchdog_goes_on (void)
{
  run_in_child (watchdog_goes_on);
}

#endif

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#ifdef G_OS_UNIX
  g_test_add_func ("/threads/none/subprocess/forbid", subprocess_forbid);
  g_test_add_func ("/threads/none/place-of-an-abandoned-call", test_call_is_abandoned);
  g_test_add_func ("/threads/none/watchdog-goes-on", test_watchdog_goes_on);
#endif

  return g_test_run ();
}
