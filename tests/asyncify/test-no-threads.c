/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* No thread can be started. Each test is a process of its own, which is forbidden to. GLib itself
 * ends the program if it can't start its own thread ("gmain") when the first GTask is made: this
 * is GLib's limit, and so the tests make one before.
 */

#include "testutils.h"

#include <asyncify/asyncify-limiter-private.h>
#include <asyncify/asyncify-threads-private.h>

#ifdef __linux__
#include <grp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#endif

#define SECONDS 100

#ifdef __linux__

/* "nobody" on most systems; there need not be such a user. */
#define ORDINARY_ID 65534

/* Nothing is forbidden to root, so it has to be somebody else. */
static void
become_ordinary (void)
{
  if (geteuid () != 0)
    return;

  g_assert_no_errno (setgroups (0, NULL));
  g_assert_no_errno (setgid (ORDINARY_ID));
  g_assert_no_errno (setuid (ORDINARY_ID));
  /* Debuggers and the leak sanitizer may still look into it. */
  g_assert_no_errno (prctl (PR_SET_DUMPABLE, 1, 0, 0, 0));
}

/* Those that run already are more than one. */
static void
forbid_threads (gboolean forbid)
{
  struct rlimit limit;

  g_assert_no_errno (getrlimit (RLIMIT_NPROC, &limit));
  limit.rlim_cur = forbid ? 1 : limit.rlim_max;
  g_assert_no_errno (setrlimit (RLIMIT_NPROC, &limit));
}

#else

static void
become_ordinary (void)
{
}

static void
forbid_threads (gboolean forbid)
{
}

#endif

static gpointer
return_null (gpointer data)
{
  return NULL;
}

/* Run in a process of its own; fails where threads can't be forbidden. */
static void
test_probe (void)
{
  g_autoptr (GThread) thread = NULL;

  become_ordinary ();
  forbid_threads (TRUE);
  thread = g_thread_try_new ("probe", return_null, NULL, NULL);
  forbid_threads (FALSE);
  if (thread != NULL)
    exit (EXIT_FAILURE);
}

static void
test_in_process (gconstpointer data)
{
  void (*const *test) (void) = data;

  if (g_test_subprocess ())
    {
      become_ordinary ();
      g_type_class_unref (g_type_class_ref (G_TYPE_TASK));
      (*test) ();
      forbid_threads (FALSE);
      return;
    }

  g_test_trap_subprocess ("/no-threads/subprocess/probe", SECONDS * G_USEC_PER_SEC,
                          G_TEST_SUBPROCESS_DEFAULT);
  if (!g_test_trap_has_passed ())
    {
      g_test_skip ("threads can't be forbidden here");
      return;
    }
  g_test_trap_subprocess (NULL, SECONDS * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
assert_no_thread (GError *error)
{
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_true (g_str_has_prefix (error->message, "Cannot start a worker thread: "));
}

/* A call that may not run, and what became of it. */
typedef struct {
  guint n_ran; /* atomic */
  GThread *thread;
  TestReply reply;
} Attempt;

static int
attempt (Attempt *self)
{
  g_atomic_int_inc (&self->n_ran);
  self->thread = g_thread_self ();

  return 7;
}

ASYNCIFY_DEFINE (VALUE (int), attempt, BORROWED (Attempt *, self))
SYNCIFY_DEFINE (VALUE (int), attempt_and_wait, attempt_async, attempt_finish,
                BORROWED (Attempt *, self))

static void
attempt_begin (Attempt *self,
               AsyncifyLimiter *limiter,
               GCancellable *cancellable)
{
  *self = (Attempt) { 0 };
  attempt_async_full (self, &(AsyncifyOptions) { .limiter = limiter }, cancellable, test_reply_cb,
                      &self->reply);
}

static void
attempt_assert_failed (Attempt *self)
{
  g_autoptr (GError) error = NULL;

  attempt_finish (test_reply_await (&self->reply), &error);
  assert_no_thread (error);
  g_assert_cmpuint (g_atomic_int_get (&self->n_ran), ==, 0);
  test_reply_clear (&self->reply);
}

static void
attempt_assert_ran (Attempt *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (attempt_finish (test_reply_await (&self->reply), &error), ==, 7);
  g_assert_no_error (error);
  g_assert_cmpuint (g_atomic_int_get (&self->n_ran), ==, 1);
  test_reply_clear (&self->reply);
}

/* When there are threads again, it is as if nothing had been. */
static void
check_afterwards (AsyncifyLimiter *limiter)
{
  Attempt attempts[10];

  forbid_threads (FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (attempts); i++)
    attempt_begin (&attempts[i], limiter, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (attempts); i++)
    attempt_assert_ran (&attempts[i]);
  wait_until (asyncify_limiter_get_running (limiter) == 0);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 0);
}

static gboolean
is_starting (AsyncifyLimiter *limiter)
{
  gboolean starting;

  g_mutex_lock (&limiter->lock);
  starting = limiter->starting;
  g_mutex_unlock (&limiter->lock);

  return starting;
}

#define N_CALLS 100

/* There was never one. Every third call is cancelled at once. */
static void
test_none (void)
{
  AsyncifyLimiter *limiter = asyncify_limiter_get_default ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Attempt attempts[N_CALLS];
  Attempt here = { 0 };
  g_autoptr (GError) error = NULL;

  forbid_threads (TRUE);
  for (int round = 0; round < 2; round++)
    {
      for (int i = 0; i < N_CALLS; i++)
        attempt_begin (&attempts[i], limiter, i % 3 == 0 ? cancellable : NULL);
      g_cancellable_cancel (cancellable);
      for (int i = 0; i < N_CALLS; i++)
        {
          if (i % 3 != 0)
            {
              attempt_assert_failed (&attempts[i]);
              continue;
            }

          attempt_finish (test_reply_await (&attempts[i].reply), &error);
          assert_cancelled (error);
          g_clear_error (&error);
          g_assert_cmpuint (attempts[i].n_ran, ==, 0);
          test_reply_clear (&attempts[i].reply);
        }
    }
  attempt_and_wait (&here, NULL, &error);
  assert_no_thread (error);
  check_afterwards (limiter);
}

/* One worker is there, and busy. */
static void
test_worker (void)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (40);
  Attempt attempts[N_CALLS];
  guint ended = 0;
  TEST_GATE (gate);

  fill_limiter (limiter, 1, &gate, &ended);
  forbid_threads (TRUE);
  for (int i = 0; i < N_CALLS; i++)
    attempt_begin (&attempts[i], limiter, NULL);
  g_assert_true (is_starting (limiter));
  run_until (!is_starting (limiter));
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, N_CALLS);

  test_gate_open (&gate);
  for (int i = 0; i < N_CALLS; i++)
    {
      attempt_assert_ran (&attempts[i]);
      g_assert_true (attempts[i].thread == attempts[0].thread);
    }
  run_until (ended == 1);
  check_afterwards (limiter);
}

/* A thread is there, and has nothing to do. */
static void
test_idle (void)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (40);

  for (int i = 0; i < 10; i++)
    {
      Attempt an_attempt;

      attempt_begin (&an_attempt, limiter, NULL);
      attempt_assert_ran (&an_attempt);
      /* Even if the worker has gone: its thread stays for a while. */
      if (i % 2 == 0)
        wait_until (asyncify_threads_count_gio () == 0);
      forbid_threads (TRUE);
    }
  check_afterwards (limiter);
}

/* The only worker is stuck, and was abandoned. It helps nobody. */
static void
test_abandoned (void)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options
    = { .limiter = limiter, .cancel_policy = ASYNCIFY_CANCEL_ABANDON };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  Attempt attempts[2];
  TEST_GATE (gate);

  pass_gate_async_full (&gate, 0, &options, cancellable, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  forbid_threads (TRUE);
  attempt_begin (&attempts[0], limiter, NULL);
  g_cancellable_cancel (cancellable);
  test_reply_await (&reply);
  attempt_begin (&attempts[1], limiter, NULL);
  attempt_assert_failed (&attempts[0]);
  attempt_assert_failed (&attempts[1]);
  test_gate_open (&gate);
  check_afterwards (limiter);
}

static void
ended_cb (GObject *source_object,
          GAsyncResult *result,
          gpointer user_data)
{
  GError **error = user_data;

  attempt_finish (result, error);
}

/* Calls, and waits for it in its own loop and in that of its call. */
static gboolean
try_to_call (AsyncifyLimiter *limiter,
             TestGate *gate)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) another = NULL;
  Attempt nested = { 0 };

  test_gate_enter (gate);
  g_main_context_push_thread_default (context);
  attempt_async_full (&nested, &(AsyncifyOptions) { .limiter = limiter }, NULL, ended_cb, &error);
  run_until (error != NULL);
  g_main_context_pop_thread_default (context);
  assert_no_thread (error);

  attempt_and_wait (&nested, NULL, &another);
  assert_no_thread (another);

  return nested.n_ran == 0;
}

ASYNCIFY_DEFINE (BOOLEAN, try_to_call, BORROWED (AsyncifyLimiter *, limiter),
                 BORROWED (TestGate *, gate))

/* The only worker waits for a call that no thread can be had for. */
static void
test_nested (void)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  try_to_call_async_full (limiter, &gate, &(AsyncifyOptions) { .limiter = limiter }, NULL,
                          test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  forbid_threads (TRUE);
  test_gate_open (&gate);
  g_assert_true (try_to_call_finish (test_reply_await (&reply), NULL));
  check_afterwards (limiter);
}

typedef struct {
  const char *path;
  void (*test) (void);
} Case;

static const Case cases[] = {
  { "/no-threads/at-all", test_none },
  { "/no-threads/but-a-worker", test_worker },
  { "/no-threads/but-an-idle-one", test_idle },
  { "/no-threads/but-an-abandoned-one", test_abandoned },
  { "/no-threads/but-one-that-waits-for-a-call", test_nested },
};

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/no-threads/subprocess/probe", test_probe);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, &cases[i].test, test_in_process);

  return g_test_run ();
}
