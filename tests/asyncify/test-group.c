/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Many calls run as one: what is in their slots, and what a failure or a GCancellable does
 * to them. */

#include "testgroup.h"

#include <time.h>

/* One queue for the calls that must not run. */
static AsyncifySoon *
begin_queued (AsyncifyGroup *group,
              AsyncifyLimiter *limiter)
{
  AsyncifySoon *soon = asyncify_group_soon (group);

  pass_gate_async_full (NULL, 0, &(AsyncifyOptions) { .limiter = limiter },
                        asyncify_group_get_cancellable (group), asyncify_soon_ready, soon);
  return soon;
}

static void
assert_soon_cancelled (AsyncifySoon *soon)
{
  g_autoptr (GError) error = NULL;

  pass_gate_finish (asyncify_soon_get_result (soon), &error);
  assert_cancelled (error);
}

static void
test_results (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };
  AsyncifySoon *soons[20];

  for (int i = 0; i < 20; i++)
    {
      soons[i] = asyncify_group_soon (group);
      pass_gate_async (NULL, i, asyncify_group_get_cancellable (group), asyncify_soon_ready,
                       soons[i]);
    }
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  assert_group_succeeds (group, &reply);
  g_assert_true (reply.source_object == G_OBJECT (group));
  g_assert_false (g_cancellable_is_cancelled (asyncify_group_get_cancellable (group)));

  for (int i = 0; i < 20; i++)
    {
      g_assert_true (ASYNCIFY_IS_SOON (soons[i]));
      g_assert_cmpint (pass_gate_finish (asyncify_soon_get_result (soons[i]), NULL), ==, i);
    }
}

static void
test_preview (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };
  TestCall first = test_call_begin (group);
  TestCall second = test_call_begin (group);
  GAsyncResult *result;

  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  g_assert_false (asyncify_soon_is_ready (first.soon));
  g_assert_null (asyncify_soon_get_result (first.soon));

  test_call_succeed (&first, 1);
  test_call_await (&first);
  result = asyncify_soon_get_result (first.soon);
  g_assert_true (asyncify_soon_get_result (first.soon) == result);
  g_assert_cmpint (test_call_finish (&first, NULL), ==, 1);
  run_dry ();
  g_assert_false (asyncify_soon_is_ready (second.soon));
  g_assert_cmpuint (reply.n_calls, ==, 0);

  test_call_succeed (&second, 2);
  assert_group_succeeds (group, &reply);
  g_assert_true (asyncify_soon_get_result (first.soon) == result);
  g_assert_cmpint (test_call_finish (&second, NULL), ==, 2);
}

static void
test_asked_too_early (TestFixture *fixture,
                      gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (GError) error = NULL;
  AsyncifySoon *soon = asyncify_group_soon (group);

  pass_gate_async (NULL, 5, NULL, asyncify_soon_ready, soon);
  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, "*");
  g_assert_cmpint (pass_gate_finish (asyncify_soon_get_result (soon), &error), ==, 0);
  g_test_assert_expected_messages ();
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);

  run_until (asyncify_soon_is_ready (soon));
  g_assert_cmpint (pass_gate_finish (asyncify_soon_get_result (soon), NULL), ==, 5);
}

static void
test_filled_twice (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };
  AsyncifySoon *twice = asyncify_group_soon (group);
  AsyncifySoon *other = asyncify_group_soon (group);
  GAsyncResult *result;

  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  test_soon_fill (twice, TRUE);
  result = asyncify_soon_get_result (twice);
  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, "*");
  test_soon_fill (twice, FALSE);
  g_test_assert_expected_messages ();

  g_assert_true (asyncify_soon_get_result (twice) == result);
  run_dry ();
  g_assert_cmpuint (reply.n_calls, ==, 0);
  test_soon_fill (other, TRUE);
  assert_group_succeeds (group, &reply);
}

/* Neither a call of the group nor any call at all. */
static void
test_filled_with_nothing (TestFixture *fixture,
                          gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  AsyncifySoon *soon = asyncify_group_soon (group);

  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, "*ASYNC_RESULT*");
  asyncify_soon_ready (NULL, G_ASYNC_RESULT (NULL), soon);
  g_test_assert_expected_messages ();
  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, "*ASYNCIFY_IS_SOON*");
  test_soon_fill ((AsyncifySoon *) group, TRUE);
  g_test_assert_expected_messages ();

  g_assert_false (asyncify_soon_is_ready (soon));
  test_soon_fill (soon, TRUE);
}

static void
test_other_context (TestFixture *fixture,
                    gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (GMainContext) other = g_main_context_new ();
  AsyncifySoon *soon = asyncify_group_soon (group);

  g_main_context_push_thread_default (other);
  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, "*at_home*");
  g_assert_null (asyncify_group_soon (group));
  g_test_assert_expected_messages ();
  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, "*at_home*");
  asyncify_group_wait_async (group, NULL, test_never_cb, NULL);
  g_test_assert_expected_messages ();
  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, "*at_home*");
  test_soon_fill (soon, TRUE);
  g_test_assert_expected_messages ();
  run_dry ();
  g_main_context_pop_thread_default (other);

  g_assert_false (asyncify_soon_is_ready (soon));
  test_soon_fill (soon, TRUE);
}

/* Who runs a context need not have made it the thread's default. */
static void
test_plain_iteration (TestFixture *fixture,
                      gconstpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  AsyncifyGroup *group;
  AsyncifySoon *soon;

  g_main_context_push_thread_default (context);
  group = asyncify_group_new (NULL);
  soon = asyncify_group_soon (group);
  pass_gate_async (NULL, 1, NULL, asyncify_soon_ready, soon);
  g_main_context_pop_thread_default (context);
  while (!asyncify_soon_is_ready (soon))
    g_main_context_iteration (context, TRUE);

  g_main_context_push_thread_default (context);
  g_assert_cmpint (pass_gate_finish (asyncify_soon_get_result (soon), NULL), ==, 1);
  g_object_unref (group);
  g_main_context_pop_thread_default (context);
}

static void
test_cancels_rest (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  guint ended = 0;
  TEST_GATE (gate);
  TestCall bad = test_call_begin (group);
  TestCall slow = test_call_begin (group);
  AsyncifySoon *queued;

  fill_limiter (limiter, 1, &gate, &ended);
  queued = begin_queued (group, limiter);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  g_assert_false (g_cancellable_is_cancelled (asyncify_group_get_cancellable (group)));

  test_call_fail (&bad, G_IO_ERROR_BUSY);
  test_call_await (&bad);
  g_assert_true (g_cancellable_is_cancelled (asyncify_group_get_cancellable (group)));
  run_until (asyncify_soon_is_ready (queued));
  g_assert_cmpuint (ended, ==, 0);

  /* One that doesn't hear of it is waited for all the same. */
  run_dry ();
  g_assert_cmpuint (reply.n_calls, ==, 0);
  test_call_succeed (&slow, 1);
  assert_group_fails (group, &reply, G_IO_ERROR_FAILED);
  assert_soon_cancelled (queued);
  test_call_finish (&bad, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);
  test_call_finish (&slow, &error);
  assert_cancelled (error);

  test_gate_open (&gate);
  run_until (ended == 1);
}

/* What each has is its own; what the group says names the first. */
static void
test_own_errors (TestFixture *fixture,
                 gconstpointer data)
{
  static const int codes[] = { 0, G_IO_ERROR_BUSY, G_IO_ERROR_EXISTS, G_IO_ERROR_CANCELLED };
  static const int order[] = { 0, 2, 1, 3 };
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  TestCall calls[4];

  for (guint i = 0; i < 4; i++)
    {
      calls[i] = test_call_begin (group);
      g_task_set_check_cancellable (calls[i].task, FALSE);
    }
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  for (guint i = 0; i < 4; i++)
    {
      TestCall *call = &calls[order[i]];

      if (codes[order[i]] == 0)
        test_call_succeed (call, 5);
      else
        test_call_fail (call, codes[order[i]]);
      test_call_await (call);
    }

  g_assert_false (asyncify_group_wait_finish (group, test_reply_await (&reply), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==, "Call 3 of the group failed");
  g_assert_cmpint (test_call_finish (&calls[0], NULL), ==, 5);
  for (guint i = 1; i < 4; i++)
    {
      g_clear_error (&error);
      test_call_finish (&calls[i], &error);
      g_assert_error (error, G_IO_ERROR, codes[i]);
    }
}

static void
return_now_cb (GTask *task,
               gpointer source_object,
               gpointer task_data,
               GCancellable *cancellable)
{
  g_task_return_int (task, 7);
}

/* GTask would throw these results away, if they were finished after the cancellation. */
static void
test_success_stays (TestFixture *fixture,
                    gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };
  TestCall good = test_call_begin (group);
  TestCall threaded = test_call_begin (group);
  TestCall bad = test_call_begin (group);

  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  test_call_succeed (&good, 6);
  test_call_await (&good);
  g_task_set_return_on_cancel (threaded.task, TRUE);
  g_task_run_in_thread (threaded.task, return_now_cb);
  g_clear_object (&threaded.task);
  test_call_await (&threaded);

  test_call_fail (&bad, G_IO_ERROR_BUSY);
  assert_group_fails (group, &reply, G_IO_ERROR_FAILED);
  g_assert_cmpint (test_call_finish (&good, NULL), ==, 6);
  g_assert_cmpint (test_call_finish (&threaded, NULL), ==, 7);
}

/* A call that somebody cancelled has failed. */
static void
test_own_cancellable (TestFixture *fixture,
                      gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (GCancellable) own = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  AsyncifySoon *soon = asyncify_group_soon (group);
  TestCall other = test_call_begin (group);

  g_cancellable_cancel (own);
  pass_gate_async (NULL, 0, own, asyncify_soon_ready, soon);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  run_until (asyncify_soon_is_ready (soon));
  g_assert_true (g_cancellable_is_cancelled (asyncify_group_get_cancellable (group)));
  test_call_fail (&other, G_IO_ERROR_CANCELLED);
  assert_group_fails (group, &reply, G_IO_ERROR_FAILED);
  assert_soon_cancelled (soon);
}

/* It can't be asked what it is, so it is no failure. */
static void
test_plain_results (TestFixture *fixture,
                    gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (TestPlainResult) plain = g_object_new (TEST_TYPE_PLAIN_RESULT, NULL);
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) cancelled = { 0 };
  AsyncifySoon *soon = asyncify_group_soon (group);
  TestCall other;

  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  asyncify_soon_ready (NULL, G_ASYNC_RESULT (plain), soon);
  g_assert_true (asyncify_soon_get_result (soon) == G_ASYNC_RESULT (plain));
  assert_group_succeeds (group, &reply);

  other = test_call_begin (group);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &cancelled);
  g_cancellable_cancel (asyncify_group_get_cancellable (group));
  test_call_succeed (&other, 1);
  assert_group_fails (group, &cancelled, G_IO_ERROR_CANCELLED);
}

static void
test_soon_after_cancel (TestFixture *fixture,
                        gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };
  TestCall bad = test_call_begin (group);
  AsyncifySoon *late[3];

  test_call_fail (&bad, G_IO_ERROR_BUSY);
  test_call_await (&bad);
  for (guint i = 0; i < 3; i++)
    late[i] = begin_queued (group, NULL);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  assert_group_fails (group, &reply, G_IO_ERROR_FAILED);
  for (guint i = 0; i < 3; i++)
    assert_soon_cancelled (late[i]);
}

#define N_MANY 10000

static void
test_many_queued (TestFixture *fixture,
                  gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_auto (TestReply) reply = { 0 };
  guint ended = 0;
  TEST_GATE (gate);
  TestCall bad = test_call_begin (group);
  AsyncifySoon **soons = g_newa (AsyncifySoon *, N_MANY);

  fill_limiter (limiter, 1, &gate, &ended);
  for (guint i = 0; i < N_MANY; i++)
    soons[i] = begin_queued (group, limiter);
  g_assert_cmpuint (test_count_handlers (asyncify_group_get_cancellable (group)), ==, 1);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);

  test_call_fail (&bad, G_IO_ERROR_BUSY);
  assert_group_fails (group, &reply, G_IO_ERROR_FAILED);
  g_assert_cmpuint (ended, ==, 0);
  for (guint i = 0; i < N_MANY; i++)
    assert_soon_cancelled (soons[i]);

  test_gate_open (&gate);
  run_until (ended == 1);
}

/* How much of the processor's time it takes to fill @n slots, all of which have failed.
 * (By the clock, what takes longer is interrupted more often on a busy machine.) */
static clock_t
measure_failing (guint n)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  g_autofree AsyncifySoon **soons = g_new (AsyncifySoon *, n);
  clock_t began = clock ();

  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "It failed");
  for (guint i = 0; i < n; i++)
    soons[i] = asyncify_group_soon (group);
  for (guint i = 0; i < n; i++)
    asyncify_soon_ready (NULL, G_ASYNC_RESULT (task), soons[i]);
  g_clear_object (&group);

  return clock () - began;
}

/* 16 times as many take 16 times as long, and 256 times if each walks all the others. */
static void
test_many_linear (TestFixture *fixture,
                  gconstpointer data)
{
  clock_t few = 0, many = 0;

  for (guint round = 0; round < 10; round++)
    {
      few += measure_failing (N_MANY / 16);
      many += measure_failing (N_MANY);
    }
  g_test_message ("%d slots: %g ms, %d slots: %g ms", N_MANY / 16,
                  100.0 * few / CLOCKS_PER_SEC, N_MANY, 100.0 * many / CLOCKS_PER_SEC);
  g_assert_cmpfloat (many, <, 64.0 * few + CLOCKS_PER_SEC / 100);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/group/results-for-their-own-finish", test_results);
  test_add ("/group/soon/ready-before-the-others", test_preview);
  test_add ("/group/soon/asked-too-early-is-a-critical", test_asked_too_early);
  test_add ("/group/soon/filled-twice-is-a-critical", test_filled_twice);
  test_add ("/group/soon/filled-with-nothing-is-a-critical", test_filled_with_nothing);
  test_add ("/group/other-context-is-a-critical", test_other_context);
  test_add ("/group/context-without-being-the-default", test_plain_iteration);
  test_add ("/group/failure/cancels-the-rest", test_cancels_rest);
  test_add ("/group/failure/each-has-its-own-error", test_own_errors);
  test_add ("/group/failure/success-stays-one", test_success_stays);
  test_add ("/group/failure/own-cancellable", test_own_cancellable);
  test_add ("/group/failure/unknown-is-a-success", test_plain_results);
  test_add ("/group/failure/slots-made-afterwards", test_soon_after_cancel);
  test_add ("/group/many/cancelled-while-queued", test_many_queued);
  test_add ("/group/many/not-quadratic", test_many_linear);

  return g_test_run ();
}
