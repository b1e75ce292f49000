/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The hook that makes a running function return early. Real ones are in test-interrupt-real.c. */

#include "testutils.h"

/* A function that stands at a gate, and a hook that opens it. */
typedef struct {
  TestGate gate;
  int n_calls; /* atomic: how often it was called */
  GThread *thread;
  TestGate *under_way; /* nullable: where it stops */
} Hook;

static void
hook_init (Hook *hook)
{
  *hook = (Hook) { .n_calls = 0 };
  test_gate_init (&hook->gate);
}

static void
hook_clear (Hook *hook)
{
  test_gate_clear (&hook->gate);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Hook, hook_clear)

static void
interrupt (gpointer data)
{
  Hook *hook = data;

  hook->thread = g_thread_self ();
  g_atomic_int_inc (&hook->n_calls);
  test_gate_open (&hook->gate);
  if (hook->under_way != NULL)
    test_gate_enter (hook->under_way);
}

static void
begin_full (Hook *hook,
            AsyncifyOptions options,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  options.interrupt = interrupt;
  options.interrupt_data = hook;
  pass_gate_async_full (&hook->gate, 5, &options, cancellable, callback, user_data);
}

static void
begin (Hook *hook,
       AsyncifyCancelPolicy policy,
       GCancellable *cancellable,
       TestReply *reply)
{
  begin_full (hook, (AsyncifyOptions) { .cancel_policy = policy }, cancellable, test_reply_cb,
              reply);
}

static void
assert_result (TestReply *reply)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (pass_gate_finish (test_reply_await (reply), &error), ==, 5);
  g_assert_no_error (error);
}

static void
assert_stopped (TestReply *reply,
                GIOErrorEnum code)
{
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (pass_gate_finish (test_reply_await (reply), &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, (int) code);
}

/* What the function returns is the result. */
static void
test_wait (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  g_auto (Hook) hook;

  hook_init (&hook);
  begin (&hook, ASYNCIFY_CANCEL_WAIT, cancellable, &reply);
  test_gate_await (&hook.gate, 1);
  g_assert_cmpint (hook.n_calls, ==, 0);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (hook.n_calls, ==, 1);
  g_assert_true (hook.thread == g_thread_self ());
  assert_result (&reply);
  g_assert_cmpint (hook.n_calls, ==, 1);
}

static void
test_abandon (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  g_auto (Hook) hook;

  hook_init (&hook);
  begin (&hook, ASYNCIFY_CANCEL_ABANDON, cancellable, &reply);
  test_gate_await (&hook.gate, 1);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (hook.n_calls, ==, 1);
  assert_stopped (&reply, G_IO_ERROR_CANCELLED);
  test_gate_await_left (&hook.gate, 1);
  g_assert_cmpint (hook.n_calls, ==, 1);
}

static void
test_deadline (TestFixture *fixture,
               gconstpointer data)
{
  const AsyncifyCancelPolicy policies[] = { ASYNCIFY_CANCEL_WAIT, ASYNCIFY_CANCEL_ABANDON };

  for (guint i = 0; i < G_N_ELEMENTS (policies); i++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_auto (TestReply) reply = { 0 };
      g_auto (Hook) hook;

      hook_init (&hook);
      begin_full (&hook, (AsyncifyOptions) { .timeout_ms = 20, .cancel_policy = policies[i] },
                  cancellable, test_reply_cb, &reply);
      test_gate_await (&hook.gate, 1);
      run_until (g_atomic_int_get (&hook.n_calls) == 1);
      g_assert_true (hook.thread == g_thread_self ());
      /* It is not cancelled once more. */
      g_cancellable_cancel (cancellable);
      if (policies[i] == ASYNCIFY_CANCEL_WAIT)
        assert_result (&reply);
      else
        assert_stopped (&reply, G_IO_ERROR_TIMED_OUT);
      g_assert_cmpint (hook.n_calls, ==, 1);
    }
}

static void
test_by_job (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (TestReply) reply = { 0 };
  g_auto (Hook) hook;

  hook_init (&hook);
  begin_full (&hook, (AsyncifyOptions) { .job = job }, NULL, test_reply_cb, &reply);
  test_gate_await (&hook.gate, 1);
  asyncify_job_cancel (job);
  g_assert_cmpint (hook.n_calls, ==, 1);
  assert_result (&reply);
}

static gpointer
cancel_in_thread (gpointer data)
{
  g_cancellable_cancel (data);

  return NULL;
}

static void
test_from_another_thread (TestFixture *fixture,
                          gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  g_auto (Hook) hook;
  GThread *thread;

  hook_init (&hook);
  begin (&hook, ASYNCIFY_CANCEL_WAIT, cancellable, &reply);
  test_gate_await (&hook.gate, 1);
  thread = g_thread_new ("canceller", cancel_in_thread, cancellable);
  assert_result (&reply);
  g_assert_true (hook.thread == thread);
  g_thread_join (thread);
}

static int
cancel_myself (int number,
               GCancellable *cancellable)
{
  g_cancellable_cancel (cancellable);

  return number;
}

ASYNCIFY_DEFINE (VALUE (int), cancel_myself, VALUE (int, number), CANCELLABLE)

static void
test_from_inside (TestFixture *fixture,
                  gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  g_auto (Hook) hook;

  hook_init (&hook);
  cancel_myself_async_full (5,
                            &(AsyncifyOptions) { .interrupt = interrupt, .interrupt_data = &hook },
                            cancellable, test_reply_cb, &reply);
  g_assert_cmpint (cancel_myself_finish (test_reply_await (&reply), NULL), ==, 5);
  g_assert_cmpint (hook.n_calls, ==, 1);
  g_assert_true (hook.thread != g_thread_self ());
}

static void
test_never_queued (TestFixture *fixture,
                   gconstpointer data)
{
  const AsyncifyCancelPolicy policies[] = { ASYNCIFY_CANCEL_WAIT, ASYNCIFY_CANCEL_ABANDON };

  for (guint i = 0; i < G_N_ELEMENTS (policies); i++)
    {
      g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      AsyncifyOptions options = { .limiter = limiter, .cancel_policy = policies[i] };
      g_auto (TestReply) cancelled = { 0 };
      g_auto (TestReply) before = { 0 };
      g_auto (TestReply) timed_out = { 0 };
      guint ended = 0;
      TEST_GATE (gate);
      g_auto (Hook) hook;

      hook_init (&hook);
      fill_limiter (limiter, 1, &gate, &ended);
      begin_full (&hook, options, cancellable, test_reply_cb, &cancelled);
      g_cancellable_cancel (cancellable);
      begin_full (&hook, options, cancellable, test_reply_cb, &before);
      options.timeout_ms = 1;
      begin_full (&hook, options, NULL, test_reply_cb, &timed_out);
      assert_stopped (&cancelled, G_IO_ERROR_CANCELLED);
      assert_stopped (&before, G_IO_ERROR_CANCELLED);
      assert_stopped (&timed_out, G_IO_ERROR_TIMED_OUT);
      test_gate_open (&gate);
      run_until (ended == 1);
      g_assert_cmpint (hook.n_calls, ==, 0);
      g_assert_cmpuint (hook.gate.entered, ==, 0);
    }
}

static void
test_never_afterwards (TestFixture *fixture,
                       gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  guint ended = 0;
  TEST_GATE (gate);
  g_auto (Hook) hook;

  hook_init (&hook);
  test_gate_open (&hook.gate);
  begin_full (&hook, (AsyncifyOptions) { .limiter = limiter }, cancellable, test_reply_cb, &reply);
  /* When this one runs, the other has returned, but not come home. */
  fill_limiter (limiter, 1, &gate, &ended);
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (hook.n_calls, ==, 0);
  assert_result (&reply);
  g_assert_cmpint (hook.n_calls, ==, 0);
  test_gate_open (&gate);
  run_until (ended == 1);
}

static void
test_not_stopped (TestFixture *fixture,
                  gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_auto (Hook) hook;

  hook_init (&hook);
  test_gate_open (&hook.gate);
  begin_full (&hook, (AsyncifyOptions) { .timeout_ms = 60 * 1000 }, NULL, test_reply_cb, &reply);
  assert_result (&reply);
  g_assert_cmpint (hook.n_calls, ==, 0);
}

static void
free_cb (GObject *source_object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_atomic_int_set ((gboolean *) user_data, TRUE);
}

/* The function has returned. But what the hook uses may be freed in the callback, so that waits
 * until the hook has returned, too. */
static void
check_under_way (AsyncifyCancelPolicy policy)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean freed = FALSE;
  GThread *thread;
  TEST_GATE (under_way);
  g_auto (Hook) hook;

  hook_init (&hook);
  hook.under_way = &under_way;
  begin_full (&hook, (AsyncifyOptions) { .limiter = limiter, .cancel_policy = policy }, cancellable,
              free_cb, &freed);
  test_gate_await (&hook.gate, 1);
  thread = g_thread_new ("canceller", cancel_in_thread, cancellable);
  test_gate_await (&under_way, 1);
  test_gate_await_left (&hook.gate, 1);
  for (guint i = 0; i < 50; i++)
    {
      run_dry ();
      g_usleep (200);
      g_assert_false (freed);
    }
  test_gate_open (&under_way);
  run_until (freed);
  g_thread_join (thread);
  g_assert_cmpint (hook.n_calls, ==, 1);
}

static void
test_under_way (TestFixture *fixture,
                gconstpointer data)
{
  check_under_way (ASYNCIFY_CANCEL_WAIT);
}

static void
test_under_way_abandoned (TestFixture *fixture,
                          gconstpointer data)
{
  check_under_way (ASYNCIFY_CANCEL_ABANDON);
}

#define N_SHARING 30

/* Each has its own hook. */
static void
test_shared (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Hook hooks[N_SHARING];
  guint ended = 0;

  for (guint i = 0; i < N_SHARING; i++)
    {
      const AsyncifyOptions options = { .cancel_policy = i % 2 };

      hook_init (&hooks[i]);
      begin_full (&hooks[i], options, cancellable, test_count_cb, &ended);
    }
  for (guint i = 0; i < N_SHARING; i++)
    test_gate_await (&hooks[i].gate, 1);
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < N_SHARING; i++)
    g_assert_cmpint (hooks[i].n_calls, ==, 1);
  run_until (ended == N_SHARING);
  for (guint i = 0; i < N_SHARING; i++)
    {
      g_assert_cmpint (hooks[i].n_calls, ==, 1);
      hook_clear (&hooks[i]);
    }
}

static void
cancel_another (gpointer data)
{
  g_cancellable_cancel (data);
}

/* Cancelling one cancels another, as there is no lock that it might wait for. */
static void
test_cancels_another (TestFixture *fixture,
                      gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  g_autoptr (GCancellable) first = g_cancellable_new ();
  g_autoptr (GCancellable) second = g_cancellable_new ();
  AsyncifyOptions options = { .limiter = limiter };
  g_auto (TestReply) first_reply = { 0 };
  g_auto (TestReply) second_reply = { 0 };
  g_auto (TestReply) queued_reply = { 0 };
  TEST_GATE (gate);
  g_auto (Hook) hook;

  hook_init (&hook);
  begin_full (&hook, options, second, test_reply_cb, &second_reply);
  options.interrupt = cancel_another;
  options.interrupt_data = second;
  pass_gate_async_full (&gate, 5, &options, first, test_reply_cb, &first_reply);
  test_gate_await (&gate, 1);
  test_gate_await (&hook.gate, 1);
  pass_gate_async_full (&gate, 5, &options, second, test_reply_cb, &queued_reply);

  g_cancellable_cancel (first);
  g_assert_cmpint (hook.n_calls, ==, 1);
  assert_result (&second_reply);
  assert_stopped (&queued_reply, G_IO_ERROR_CANCELLED);
  test_gate_open (&gate);
  assert_result (&first_reply);
  g_assert_cmpuint (gate.entered, ==, 1);
}

/* And makes one. */
typedef struct {
  TestGate gate;
  TestReply reply;
} Caller;

static void
call (gpointer data)
{
  Caller *caller = data;

  test_gate_open (&caller->gate);
  pass_gate_async (NULL, 7, NULL, test_reply_cb, &caller->reply);
}

static void
test_calls (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  Caller caller = { .reply = { 0 } };

  test_gate_init (&caller.gate);
  pass_gate_async_full (&caller.gate, 5,
                        &(AsyncifyOptions) { .interrupt = call, .interrupt_data = &caller },
                        cancellable, test_reply_cb, &reply);
  test_gate_await (&caller.gate, 1);
  g_cancellable_cancel (cancellable);
  assert_result (&reply);
  g_assert_cmpint (pass_gate_finish (test_reply_await (&caller.reply), NULL), ==, 7);
  test_reply_clear (&caller.reply);
  test_gate_clear (&caller.gate);
}

/* Is freed in the callback. */
typedef struct {
  int in_function, n_calls; /* atomic */
  guint *ended;
} Racer;

static void
racer_interrupt (gpointer data)
{
  Racer *racer = data;

  g_atomic_int_inc (&racer->n_calls);
  g_thread_yield ();
  g_assert_cmpint (g_atomic_int_get (&racer->n_calls), ==, 1);
}

static void
race (Racer *racer)
{
  g_atomic_int_inc (&racer->in_function);
}

ASYNCIFY_DEFINE (NOTHING, race, BORROWED (Racer *, racer))

static void
racer_cb (GObject *source_object,
          GAsyncResult *result,
          gpointer user_data)
{
  Racer *racer = user_data;

  (*racer->ended)++;
  /* Only what ran can be interrupted. */
  g_assert_cmpint (racer->n_calls, <=, racer->in_function);
  memset (racer, 0xff, sizeof *racer);
  g_free (racer);
}

/* They are cancelled while they are queued, begin, and return. */
static void
test_race (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  const gint64 until = g_get_monotonic_time () + 2 * G_TIME_SPAN_SECOND;

  for (guint round = 0; round < 1000 && g_get_monotonic_time () < until; round++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      GThread *thread = NULL;
      guint ended = 0;

      for (guint i = 0; i < 8; i++)
        {
          Racer *racer = g_new0 (Racer, 1);
          const AsyncifyOptions options
            = { .limiter = limiter, .interrupt = racer_interrupt, .interrupt_data = racer };

          racer->ended = &ended;
          race_async_full (racer, &options, cancellable, racer_cb, racer);
          if (i == round % 8)
            thread = g_thread_new ("canceller", cancel_in_thread, cancellable);
        }
      run_until (ended == 8);
      g_thread_join (thread);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/call/interrupt/waited-for", test_wait);
  test_add ("/call/interrupt/abandoned", test_abandon);
  test_add ("/call/interrupt/at-the-deadline", test_deadline);
  test_add ("/call/interrupt/by-the-job", test_by_job);
  test_add ("/call/interrupt/on-the-thread-that-cancels", test_from_another_thread);
  test_add ("/call/interrupt/from-inside-the-function", test_from_inside);
  test_add ("/call/interrupt/never-when-queued", test_never_queued);
  test_add ("/call/interrupt/never-when-it-has-returned", test_never_afterwards);
  test_add ("/call/interrupt/never-when-not-stopped", test_not_stopped);
  test_add ("/call/interrupt/callback-waits-for-it", test_under_way);
  test_add ("/call/interrupt/callback-of-the-abandoned-waits-for-it", test_under_way_abandoned);
  test_add ("/call/interrupt/each-of-many", test_shared);
  test_add ("/call/interrupt/cancels-another-call", test_cancels_another);
  test_add ("/call/interrupt/makes-a-call", test_calls);
  test_add ("/call/interrupt/race", test_race);

  return g_test_run ();
}
