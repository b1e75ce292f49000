/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Calls that have a deadline, and whose context is destroyed before. */

#include "testutils.h"

#include <asyncify/asyncify-deadlines-private.h>

#define LONG (60 * 60 * 1000)

/* Lets time pass, while nobody runs the loop. */
static void
pass_ms (guint ms)
{
  const gint64 until = g_get_monotonic_time () + ms * G_TIME_SPAN_MILLISECOND;

  wait_until (g_get_monotonic_time () > until);
}

static void
count_hook (gpointer data)
{
  (*(guint *) data)++;
}

/* Nobody who could tell of the time runs a loop; no more is left than without a deadline. */
static void
test_context_gone (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  GMainContext *doomed = g_main_context_new ();
  guint hooks = 0;
  TEST_GATE (gate);

  g_main_context_push_thread_default (doomed);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (TestThing) thing = test_thing_new (0);
      const AsyncifyOptions options = {
        .source_object = G_OBJECT (thing),
        .limiter = limiter,
        .timeout_ms = 1 + i % 3 * 1000,
        .cancel_policy = i % 2,
        .interrupt = count_hook,
        .interrupt_data = &hooks,
      };

      pass_gate_async_full (&gate, 5, &options, NULL, test_never_cb, NULL);
    }
  test_gate_await (&gate, 2);
  g_main_context_pop_thread_default (doomed);
  pass_ms (2);
  g_main_context_unref (doomed);
  run_dry ();
  g_assert_cmpuint (test_count_alive (), ==, 20);
  test_gate_open (&gate);
  test_await_alive (0);
  g_assert_cmpuint (hooks, ==, 0);
  test_forgive_strays ();
}

/* A function that goes on until it is told, and stays for a while then. */
static void
await_told (int *n_told,
            TestGate *gate)
{
  wait_until (asyncify_is_cancelled ());
  g_atomic_int_inc (n_told);
  test_gate_enter (gate);
}

ASYNCIFY_DEFINE (NOTHING, await_told, BORROWED (int *, n_told), BORROWED (TestGate *, gate))

typedef struct {
  GThread *thread;
  guint n_calls;
} Hook;

static void
hook_cb (gpointer data)
{
  Hook *hook = data;

  g_assert_true (g_thread_self () == hook->thread);
  hook->n_calls++;
}

static void
begin_await_told (AsyncifyLimiter *limiter,
                  AsyncifyCancelPolicy policy,
                  int *n_told,
                  TestGate *gate,
                  Hook *hook)
{
  g_autoptr (TestThing) thing = test_thing_new (0);
  const AsyncifyOptions options = {
    .source_object = G_OBJECT (thing),
    .limiter = limiter,
    .timeout_ms = 20,
    .cancel_policy = policy,
    .interrupt = hook_cb,
    .interrupt_data = hook,
  };

  await_told_async_full (n_told, gate, &options, NULL, test_never_cb, NULL);
}

/* Its context is gone; so it is the main loop that looks at the clock. */
static void
test_context_gone_told (TestFixture *fixture,
                        gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  GMainContext *doomed = g_main_context_new ();
  Hook hook = { g_thread_self (), 0 };
  AsyncifyMailbox *mailbox;
  int n_told = 0, n_queued = 0;
  TEST_GATE (gate);

  g_main_context_push_thread_default (doomed);
  mailbox = asyncify_mailbox_get_thread_default ();
  begin_await_told (NULL, ASYNCIFY_CANCEL_ABANDON, &n_told, &gate, &hook);
  begin_await_told (limiter, ASYNCIFY_CANCEL_WAIT, &n_told, &gate, &hook);
  wait_until (asyncify_limiter_get_running (asyncify_limiter_get_default ()) == 1
              && asyncify_limiter_get_running (limiter) == 1);
  begin_await_told (limiter, ASYNCIFY_CANCEL_WAIT, &n_queued, &gate, &hook);
  g_main_context_pop_thread_default (doomed);
  g_main_context_unref (doomed);

  /* The one that waits for its turn is not waited for. */
  wait_until ((g_main_context_iteration (NULL, FALSE),
               test_gate_count (&gate) == 2 && asyncify_limiter_get_queued (limiter) == 0));
  wait_until ((g_main_context_iteration (NULL, FALSE),
               g_source_is_destroyed (asyncify_mailbox_get_deadlines (mailbox)->source)));
  test_gate_open (&gate);
  test_await_alive (0);
  g_assert_cmpuint (hook.n_calls, ==, 2);
  g_assert_cmpint (n_told, ==, 2);
  g_assert_cmpint (n_queued, ==, 0);
  asyncify_mailbox_unref (mailbox);
  test_forgive_strays ();
}

/* The main context keeps nothing of it then, though nobody runs that. */
static void
test_context_gone_in_time (TestFixture *fixture,
                           gconstpointer data)
{
  GMainContext *doomed = g_main_context_new ();
  AsyncifyMailbox *mailbox;
  TEST_GATE (gate);

  g_main_context_push_thread_default (doomed);
  mailbox = asyncify_mailbox_get_thread_default ();
  for (guint i = 0; i < 3; i++)
    pass_gate_async_full (&gate, 5, &(AsyncifyOptions) { .timeout_ms = LONG }, NULL, test_never_cb,
                          NULL);
  test_gate_await (&gate, 3);
  g_main_context_pop_thread_default (doomed);
  g_main_context_unref (doomed);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (g_source_is_destroyed (asyncify_mailbox_get_deadlines (mailbox)->source));

  test_gate_open (&gate);
  wait_until (g_source_is_destroyed (asyncify_mailbox_get_deadlines (mailbox)->source));
  asyncify_mailbox_unref (mailbox);
}

/* Answers are on their way home when the context goes. */
static void
test_context_gone_race (TestFixture *fixture,
                        gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (4);

  for (guint round = 0; round < 100; round++)
    {
      GMainContext *doomed = g_main_context_new ();
      TEST_GATE (gate);

      g_main_context_push_thread_default (doomed);
      for (guint i = 0; i < 4; i++)
        {
          g_autoptr (TestThing) thing = test_thing_new (0);
          const AsyncifyOptions options = {
            .source_object = G_OBJECT (thing),
            .limiter = limiter,
            .timeout_ms = 1,
            .cancel_policy = i % 2,
          };

          pass_gate_async_full (&gate, 5, &options, NULL, NULL, NULL);
        }
      pass_ms (round % 3);
      test_gate_let (&gate, round % 4);
      g_main_context_iteration (doomed, FALSE);
      g_main_context_pop_thread_default (doomed);
      g_main_context_unref (doomed);
      test_gate_open (&gate);
      wait_until (asyncify_limiter_get_queued (limiter) == 0
                  && asyncify_limiter_get_running (limiter) == 0
                  && asyncify_limiter_get_abandoned (limiter) == 0);
    }
  test_await_alive (0);
  test_forgive_strays ();
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/gone/context/before-the-deadline", test_context_gone);
  test_add ("/gone/context/told-at-the-deadline", test_context_gone_told);
  test_add ("/gone/context/in-time", test_context_gone_in_time);
  test_add ("/gone/context/at-the-deadline", test_context_gone_race);

  return g_test_run ();
}
