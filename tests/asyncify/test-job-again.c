/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A job that is given to one call after another: nothing of the first may touch the
 * second.
 */

#include "testutils.h"

#include <asyncify/asyncify-job-private.h>

static void
tell (void)
{
  asyncify_set_progress (0.5);
}

ASYNCIFY_DEFINE (NOTHING, tell)

/* Emits @n things, and counts them; at last stops at @end, if there is one. */
static void
emit_things (int n,
             guint *emitted,
             TestGate *end)
{
  for (int i = 0; i < n; i++)
    {
      g_autoptr (TestThing) thing = test_thing_new (i);

      asyncify_emit (G_OBJECT (thing));
      g_atomic_int_inc (emitted);
    }
  if (end != NULL)
    test_gate_enter (end);
}

ASYNCIFY_DEFINE (NOTHING, emit_things, VALUE (int, n), BORROWED (guint *, emitted),
                 BORROWED (TestGate *, end))

/* In the thread-default context: calls so often that the last has something to tell
 * sooner than it may be told again. It is still there when the call has ended. */
static void
leave_news (AsyncifyJob *job)
{
  for (int i = 0; i < 20; i++)
    {
      guint ended = 0;

      tell_async_full (&(AsyncifyOptions) { .job = job }, NULL, test_count_cb, &ended);
      run_until (ended == 1);
    }
}

/* What the callback of a call begins with: another call, with the same job. */
typedef struct {
  AsyncifyJob *job;
  guint emitted;
  TestReply first, second;
} Restart;

static void
restart_cb (GObject *source_object,
            GAsyncResult *result,
            gpointer user_data)
{
  Restart *restart = user_data;

  emit_things_async_full (5 * ASYNCIFY_NEWS_MAX_ITEMS, &restart->emitted, NULL,
                          &(AsyncifyOptions) { .job = restart->job }, NULL, test_reply_cb,
                          &restart->second);
  test_reply_cb (source_object, result, &restart->first);
}

static void
test_restarted (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  Restart restart = { .job = job };

  tell_async_full (&(AsyncifyOptions) { .job = job }, NULL, restart_cb, &restart);
  test_reply_await (&restart.first);
  test_reply_clear (&restart.first);
  /* Now that the first call is gone altogether, let the second one hurry ahead. */
  wait_until (g_atomic_int_get (&restart.emitted) >= ASYNCIFY_NEWS_MAX_ITEMS);
  test_reply_await (&restart.second);
  test_reply_clear (&restart.second);
  g_assert_cmpuint (g_list_model_get_n_items (asyncify_job_get_items (job)), ==,
                    5 * ASYNCIFY_NEWS_MAX_ITEMS);
}

static void
in_context_cb (AsyncifyJob *job,
               GParamSpec *pspec,
               gpointer user_data)
{
  GSource *source = g_main_current_source ();

  if (source != NULL)
    g_assert_true (g_source_get_context (source) == user_data);
}

/* News that were left over in one context tell nothing of a call in another. */
static void
test_another_context (TestFixture *fixture,
                      gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_autoptr (GMainContext) another = g_main_context_new ();
  gint64 until;
  TEST_GATE (end);

  leave_news (job);
  g_main_context_push_thread_default (another);
  {
    g_auto (TestReply) second = { 0 };
    guint emitted = 0;

    emit_things_async_full (10, &emitted, &end, &(AsyncifyOptions) { .job = job }, NULL,
                            test_reply_cb, &second);
    g_signal_connect (job, "notify", G_CALLBACK (in_context_cb), another);
    test_gate_await (&end, 1);
    /* All this time there might be something to tell, in the wrong context. */
    until = g_get_monotonic_time () + 2 * ASYNCIFY_MAILBOX_NEWS_INTERVAL;
    while (g_get_monotonic_time () < until)
      g_main_context_iteration (fixture->context, FALSE);
    test_gate_open (&end);
    test_reply_await (&second);
  }
  g_main_context_pop_thread_default (another);
  g_assert_cmpuint (g_list_model_get_n_items (asyncify_job_get_items (job)), ==, 10);
}

/* Nor does the end of that context mean anything to it. */
static void
test_another_context_gone (TestFixture *fixture,
                           gconstpointer data)
{
  const int n = 3 * ASYNCIFY_NEWS_MAX_ITEMS;
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  GMainContext *another = g_main_context_new ();
  g_auto (TestReply) second = { 0 };
  guint emitted = 0;

  g_main_context_push_thread_default (another);
  leave_news (job);
  g_main_context_pop_thread_default (another);

  emit_things_async_full (n, &emitted, NULL, &(AsyncifyOptions) { .job = job }, NULL, test_reply_cb,
                          &second);
  wait_until (g_atomic_int_get (&emitted) >= ASYNCIFY_NEWS_MAX_ITEMS);
  g_main_context_unref (another);
  for (int i = 0; i < 100 && g_atomic_int_get (&emitted) <= ASYNCIFY_NEWS_MAX_ITEMS; i++)
    g_usleep (200);
  test_reply_await (&second);
  g_assert_cmpuint (g_list_model_get_n_items (asyncify_job_get_items (job)), ==, n);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/job/again/from-the-callback", test_restarted);
  test_add ("/job/again/in-another-context", test_another_context);
  test_add ("/job/again/when-the-first-context-is-gone", test_another_context_gone);

  return g_test_run ();
}
