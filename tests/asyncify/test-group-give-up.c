/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Waiting for a group, asleep, and giving that up: which is no business of the group's. */

#include "testgroup.h"

static void
test_cancelled (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) given_up = { 0 };
  g_auto (TestReply) other = { 0 };
  AsyncifySoon *soon = asyncify_group_soon (group);

  asyncify_group_wait_async (group, NULL, test_reply_cb, &other);
  asyncify_group_wait_async (group, cancellable, test_reply_cb, &given_up);
  run_dry ();
  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (given_up.n_calls, ==, 0);
  assert_group_fails (group, &given_up, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);

  run_dry ();
  g_assert_cmpuint (other.n_calls, ==, 0);
  g_assert_false (g_cancellable_is_cancelled (asyncify_group_get_cancellable (group)));
  g_assert_false (asyncify_soon_is_ready (soon));
  test_soon_fill (soon, TRUE);
  assert_group_succeeds (group, &other);
}

static void
test_cancelled_before (TestFixture *fixture,
                       gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) empty_reply = { 0 };
  AsyncifySoon *soon;

  g_cancellable_cancel (cancellable);
  asyncify_group_wait_async (group, cancellable, test_reply_cb, &empty_reply);
  assert_group_fails (group, &empty_reply, G_IO_ERROR_CANCELLED);

  soon = asyncify_group_soon (group);
  asyncify_group_wait_async (group, cancellable, test_reply_cb, &reply);
  g_assert_cmpuint (reply.n_calls, ==, 0);
  assert_group_fails (group, &reply, G_IO_ERROR_CANCELLED);
  test_soon_fill (soon, TRUE);
}

/* Up to the callback the cancellation wins, as with a GTask; after it nothing changes. */
static void
test_cancelled_at_the_end (TestFixture *fixture,
                           gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) late = { 0 };
  g_auto (TestReply) early = { 0 };

  asyncify_group_wait_async (group, cancellable, test_reply_cb, &early);
  run_until (early.n_calls > 0);
  asyncify_group_wait_async (group, cancellable, test_reply_cb, &late);
  g_cancellable_cancel (cancellable);
  assert_group_succeeds (group, &early);
  assert_group_fails (group, &late, G_IO_ERROR_CANCELLED);
}

static gpointer
cancel_thread (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);

  return NULL;
}

/* Which has to wake the loop. */
static void
test_cancelled_in_thread (TestFixture *fixture,
                          gconstpointer data)
{
  for (guint i = 0; i < 50; i++)
    {
      g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      g_auto (TestReply) reply = { 0 };
      AsyncifySoon *soon = asyncify_group_soon (group);
      GThread *thread;

      asyncify_group_wait_async (group, cancellable, test_reply_cb, &reply);
      thread = g_thread_new ("cancels", cancel_thread, cancellable);
      assert_group_fails (group, &reply, G_IO_ERROR_CANCELLED);
      g_thread_join (thread);
      test_soon_fill (soon, TRUE);
    }
}

static void
test_shared_cancellable (TestFixture *fixture,
                         gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  AsyncifySoon *soon = asyncify_group_soon (group);
  guint n_calls = 0;

  for (guint i = 0; i < 100; i++)
    asyncify_group_wait_async (group, cancellable, test_count_cb, &n_calls);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 1);
  g_cancellable_cancel (cancellable);
  run_until (n_calls == 100);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
  test_soon_fill (soon, TRUE);
}

/* For how long the loop would sleep now, in ms */
static int
get_timeout (GMainContext *context)
{
  GPollFD fds[8];
  int priority, timeout;

  g_assert_true (g_main_context_acquire (context));
  g_assert_false (g_main_context_prepare (context, &priority));
  g_main_context_query (context, G_MAXINT, &timeout, fds, G_N_ELEMENTS (fds));
  g_main_context_release (context);

  return timeout < 0 ? G_MAXINT : timeout;
}

/* A loop that waits for a group sleeps; also when some gave that up. */
static void
test_sleeps (TestFixture *fixture,
             gconstpointer data)
{
  const int an_hour = 60 * 60 * 1000;
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) given_up = { 0 };
  g_auto (TestReply) reply = { 0 };
  AsyncifySoon *soon = asyncify_group_soon (group);

  run_dry ();
  g_assert_cmpint (get_timeout (fixture->context), >, an_hour);
  asyncify_group_wait_async (group, cancellable, test_reply_cb, &given_up);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  run_dry ();
  g_assert_cmpint (get_timeout (fixture->context), >, an_hour);

  g_cancellable_cancel (cancellable);
  assert_group_fails (group, &given_up, G_IO_ERROR_CANCELLED);
  run_dry ();
  g_assert_cmpint (get_timeout (fixture->context), >, an_hour);

  test_soon_fill (soon, TRUE);
  assert_group_succeeds (group, &reply);
  run_dry ();
  g_assert_cmpint (get_timeout (fixture->context), >, an_hour);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/group/wait/cancelled", test_cancelled);
  test_add ("/group/wait/cancelled-before", test_cancelled_before);
  test_add ("/group/wait/cancelled-at-the-end", test_cancelled_at_the_end);
  test_add ("/group/wait/cancelled-in-another-thread", test_cancelled_in_thread);
  test_add ("/group/wait/cancelled-by-many-has-one-handler", test_shared_cancellable);
  test_add ("/group/wait/loop-sleeps", test_sleeps);

  return g_test_run ();
}
