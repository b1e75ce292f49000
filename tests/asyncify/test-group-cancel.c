/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Groups that are cancelled: by their parent, by hand, and one through another. */

#include "testgroup.h"

static gboolean
is_cancelled (AsyncifyGroup *group)
{
  return g_cancellable_is_cancelled (asyncify_group_get_cancellable (group));
}

static void
test_parent (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (parent);
  GCancellable *cancellable = asyncify_group_get_cancellable (group);
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  TestCall call = test_call_begin (group);

  g_assert_true (cancellable != parent);
  g_assert_true (asyncify_group_get_cancellable (group) == cancellable);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  g_cancellable_cancel (parent);
  g_assert_true (g_cancellable_is_cancelled (cancellable));

  run_dry ();
  g_assert_cmpuint (reply.n_calls, ==, 0);
  test_call_succeed (&call, 1);
  assert_group_fails (group, &reply, G_IO_ERROR_CANCELLED);
  test_call_finish (&call, &error);
  assert_cancelled (error);
}

static gpointer
cancel_thread (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);

  return NULL;
}

static void
test_parent_in_thread (TestFixture *fixture,
                       gconstpointer data)
{
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (parent);
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  GCancellable *cancellable = asyncify_group_get_cancellable (group);
  AsyncifySoon *soon = asyncify_group_soon (group);
  g_auto (TestReply) reply = { 0 };
  guint ended = 0;
  GThread *thread;
  TEST_GATE (gate);

  fill_limiter (limiter, 1, &gate, &ended);
  pass_gate_async_full (NULL, 0, &(AsyncifyOptions) { .limiter = limiter }, cancellable,
                        asyncify_soon_ready, soon);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  thread = g_thread_new ("cancels", cancel_thread, parent);
  assert_group_fails (group, &reply, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);

  test_gate_open (&gate);
  run_until (ended == 1);
}

/* What no slot has felt is no failure. */
static void
test_parent_unheard (TestFixture *fixture,
                     gconstpointer data)
{
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (parent);
  AsyncifySoon *soon = asyncify_group_soon (group);
  g_auto (TestReply) reply = { 0 };

  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  g_cancellable_cancel (parent);
  test_soon_fill (soon, TRUE);
  assert_group_succeeds (group, &reply);
  g_assert_true (is_cancelled (group));
}

static void
test_parent_before (TestFixture *fixture,
                    gconstpointer data)
{
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  g_autoptr (AsyncifyGroup) group = NULL;
  AsyncifySoon *soon;
  g_auto (TestReply) empty_reply = { 0 };
  g_auto (TestReply) reply = { 0 };

  g_cancellable_cancel (parent);
  group = asyncify_group_new (parent);
  g_assert_true (is_cancelled (group));
  asyncify_group_wait_async (group, NULL, test_reply_cb, &empty_reply);
  assert_group_succeeds (group, &empty_reply);

  soon = asyncify_group_soon (group);
  pass_gate_async (NULL, 0, asyncify_group_get_cancellable (group), asyncify_soon_ready, soon);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  assert_group_fails (group, &reply, G_IO_ERROR_CANCELLED);
}

/* It is remembered what was first. */
static void
test_parent_after_failure (TestFixture *fixture,
                           gconstpointer data)
{
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (parent);
  AsyncifySoon *bad = asyncify_group_soon (group);
  AsyncifySoon *other = asyncify_group_soon (group);
  g_auto (TestReply) reply = { 0 };

  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  test_soon_fill (bad, FALSE);
  g_assert_false (g_cancellable_is_cancelled (parent));
  g_cancellable_cancel (parent);
  test_soon_fill (other, FALSE);
  assert_group_fails (group, &reply, G_IO_ERROR_FAILED);
}

#define N_GROUPS 100

static void
test_one_handler (TestFixture *fixture,
                  gconstpointer data)
{
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  AsyncifyGroup *groups[N_GROUPS];
  AsyncifySoon *soons[N_GROUPS];

  for (guint i = 0; i < N_GROUPS; i++)
    {
      groups[i] = asyncify_group_new (parent);
      soons[i] = asyncify_group_soon (groups[i]);
    }
  g_assert_cmpuint (test_count_handlers (parent), ==, 1);

  /* Half of them end, half of those that do fail. */
  for (guint i = 0; i < N_GROUPS; i += 2)
    {
      test_soon_fill (soons[i], i % 4 == 0);
      g_assert_cmpuint (test_count_handlers (parent), ==, 1);
    }
  for (guint i = 1; i < N_GROUPS; i += 2)
    {
      g_assert_cmpuint (test_count_handlers (parent), ==, 1);
      g_clear_object (&groups[i]);
      test_soon_fill (soons[i], TRUE);
    }
  g_assert_cmpuint (test_count_handlers (parent), ==, 0);

  for (guint i = 0; i < N_GROUPS; i += 2)
    g_object_unref (groups[i]);
}

static void
no_handler_cb (GObject *source_object,
               GAsyncResult *result,
               gpointer user_data)
{
  GCancellable **parent = user_data;

  g_assert_cmpuint (test_count_handlers (*parent), ==, 0);
  g_clear_object (parent);
}

static void
test_no_handler_left (TestFixture *fixture,
                      gconstpointer data)
{
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  GCancellable *waiting_for = g_object_ref (parent);
  AsyncifyGroup *group = asyncify_group_new (parent);

  g_assert_cmpuint (test_count_handlers (parent), ==, 1);
  asyncify_group_wait_async (group, NULL, no_handler_cb, &waiting_for);
  g_assert_cmpuint (test_count_handlers (parent), ==, 1);
  run_until (waiting_for == NULL);
  g_assert_cmpuint (test_count_handlers (parent), ==, 0);
  g_assert_finalize_object (group);

  group = asyncify_group_new (parent);
  g_assert_cmpuint (test_count_handlers (parent), ==, 1);
  g_assert_finalize_object (group);
  g_assert_cmpuint (test_count_handlers (parent), ==, 0);
}

/* Nothing is pending then, and nobody follows the parent. */
static void
test_parent_between_rounds (TestFixture *fixture,
                            gconstpointer data)
{
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  g_autoptr (AsyncifyGroup) asked = asyncify_group_new (parent);
  g_autoptr (AsyncifyGroup) used = asyncify_group_new (parent);
  GCancellable *cancellable = asyncify_group_get_cancellable (used);
  AsyncifySoon *soon;

  test_soon_fill (asyncify_group_soon (asked), TRUE);
  test_soon_fill (asyncify_group_soon (used), TRUE);
  soon = asyncify_group_soon (used);
  g_assert_cmpuint (test_count_handlers (parent), ==, 1);
  test_soon_fill (soon, TRUE);
  g_cancellable_cancel (parent);

  g_assert_true (is_cancelled (asked));
  soon = asyncify_group_soon (used);
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  test_soon_fill (soon, TRUE);
}

static void
drop_group_cb (GCancellable *cancellable,
               gpointer user_data)
{
  AsyncifyGroup **group = user_data;

  g_assert_finalize_object (g_steal_pointer (group));
}

/* Where g_cancellable_disconnect () would wait for itself. */
static void
test_dropped_in_handler (TestFixture *fixture,
                         gconstpointer data)
{
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  AsyncifyGroup *group = asyncify_group_new (parent);
  AsyncifyGroup *early = asyncify_group_new (parent);

  g_signal_connect (asyncify_group_get_cancellable (group), "cancelled",
                    G_CALLBACK (drop_group_cb), &group);
  g_signal_connect (parent, "cancelled", G_CALLBACK (drop_group_cb), &early);
  g_cancellable_cancel (parent);
  g_assert_null (group);
  g_assert_null (early);
}

static void
fill_cb (GCancellable *cancellable,
         gpointer user_data)
{
  test_soon_fill (user_data, FALSE);
}

/* Slots may be filled while the failure of one cancels the others. */
static void
test_filled_in_handler (TestFixture *fixture,
                        gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  AsyncifySoon *soons[3];
  g_auto (TestReply) reply = { 0 };

  for (guint i = 0; i < 3; i++)
    soons[i] = asyncify_group_soon (group);
  for (guint i = 1; i < 3; i++)
    g_signal_connect (asyncify_group_get_cancellable (group), "cancelled", G_CALLBACK (fill_cb),
                      soons[i]);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  test_soon_fill (soons[0], FALSE);
  for (guint i = 0; i < 3; i++)
    g_assert_true (asyncify_soon_is_ready (soons[i]));
  assert_group_fails (group, &reply, G_IO_ERROR_FAILED);
}

/* Whoever hears of a cancellation may use the group, from inside of whatever it was that
 * noticed it: even wait for it in a loop of its own. */
typedef struct {
  AsyncifyGroup *group;
  guint n_calls;
} Busybody;

static void
use_group_cb (GCancellable *cancellable,
              gpointer user_data)
{
  Busybody *busybody = user_data;
  g_auto (TestReply) reply = { 0 };

  busybody->n_calls++;
  test_soon_fill (asyncify_group_soon (busybody->group), TRUE);
  asyncify_group_wait_async (busybody->group, NULL, test_reply_cb, &reply);
  run_until (reply.n_calls > 0);
}

static void
check_used_in_handler (gboolean waits)
{
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (parent);
  g_auto (TestReply) reply = { 0 };
  Busybody busybody = { group, 0 };
  AsyncifySoon *soon = asyncify_group_soon (group);

  g_signal_connect (asyncify_group_get_cancellable (group), "cancelled", G_CALLBACK (use_group_cb),
                    &busybody);
  test_soon_fill (soon, TRUE);
  g_cancellable_cancel (parent);
  g_assert_cmpuint (busybody.n_calls, ==, 0);

  if (!waits)
    soon = asyncify_group_soon (group);
  asyncify_group_wait_async (group, cancellable, test_reply_cb, &reply);
  g_assert_cmpuint (busybody.n_calls, ==, 1);
  g_assert_cmpuint (reply.n_calls, ==, 0);
  if (!waits)
    test_soon_fill (soon, TRUE);
  assert_group_succeeds (group, &reply);
}

static void
test_used_in_handler (TestFixture *fixture,
                      gconstpointer data)
{
  check_used_in_handler (FALSE);
  check_used_in_handler (TRUE);
}

static void
test_by_hand (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (parent);
  g_autoptr (AsyncifyGroup) next = NULL;
  g_auto (TestReply) reply = { 0 };
  TestCall call = test_call_begin (group);

  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  g_cancellable_cancel (asyncify_group_get_cancellable (group));
  test_call_succeed (&call, 1);
  assert_group_fails (group, &reply, G_IO_ERROR_CANCELLED);
  g_assert_false (g_cancellable_is_cancelled (parent));

  next = asyncify_group_new (parent);
  g_assert_false (is_cancelled (next));
}

/* What has ended is what it is. */
static void
test_after_end (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };
  TestCall call = test_call_begin (group);

  test_call_succeed (&call, 1);
  test_call_await (&call);
  g_cancellable_cancel (asyncify_group_get_cancellable (group));
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  assert_group_succeeds (group, &reply);
  g_assert_cmpint (test_call_finish (&call, NULL), ==, 1);
}

/* A group in a slot of another, and so on. Each has a call of its own too. */
#define DEPTH 3

typedef struct {
  AsyncifyGroup *groups[DEPTH]; /* the outermost first */
  TestCall calls[DEPTH];
  TestReply reply;
} Nest;

static void
nest_init (Nest *nest)
{
  *nest = (Nest) { 0 };
  for (guint i = 0; i < DEPTH; i++)
    {
      AsyncifyGroup *outer = i > 0 ? nest->groups[i - 1] : NULL;

      nest->groups[i]
        = asyncify_group_new (outer != NULL ? asyncify_group_get_cancellable (outer) : NULL);
      nest->calls[i] = test_call_begin (nest->groups[i]);
      if (outer != NULL)
        asyncify_group_wait_async (nest->groups[i], NULL, asyncify_soon_ready,
                                   asyncify_group_soon (outer));
    }
  asyncify_group_wait_async (nest->groups[0], NULL, test_reply_cb, &nest->reply);
}

static void
nest_end (Nest *nest)
{
  for (guint i = 0; i < DEPTH; i++)
    if (nest->calls[i].task != NULL)
      test_call_succeed (&nest->calls[i], 1);
}

static void
nest_clear (Nest *nest)
{
  test_reply_clear (&nest->reply);
  for (guint i = 0; i < DEPTH; i++)
    g_assert_finalize_object (g_steal_pointer (&nest->groups[i]));
}

static void
test_nested (TestFixture *fixture,
             gconstpointer data)
{
  Nest nest;

  nest_init (&nest);
  test_call_succeed (&nest.calls[0], 1);
  test_call_succeed (&nest.calls[1], 1);
  run_dry ();
  g_assert_cmpuint (nest.reply.n_calls, ==, 0);
  nest_end (&nest);
  assert_group_succeeds (nest.groups[0], &nest.reply);
  nest_clear (&nest);
}

static void
test_nested_failure (TestFixture *fixture,
                     gconstpointer data)
{
  Nest nest;

  nest_init (&nest);
  test_call_fail (&nest.calls[DEPTH - 1], G_IO_ERROR_BUSY);
  for (guint i = DEPTH - 1; i > 0; i--)
    {
      run_until (is_cancelled (nest.groups[i - 1]));
      run_dry ();
      /* The next one outside hears of it when this one has ended. */
      if (i > 1)
        g_assert_false (is_cancelled (nest.groups[i - 2]));
      test_call_succeed (&nest.calls[i - 1], 1);
    }
  assert_group_fails (nest.groups[0], &nest.reply, G_IO_ERROR_FAILED);
  nest_clear (&nest);
}

static void
test_nested_cancelled (TestFixture *fixture,
                       gconstpointer data)
{
  Nest nest;

  nest_init (&nest);
  g_cancellable_cancel (asyncify_group_get_cancellable (nest.groups[0]));
  g_assert_true (is_cancelled (nest.groups[DEPTH - 1]));
  nest_end (&nest);
  assert_group_fails (nest.groups[0], &nest.reply, G_IO_ERROR_CANCELLED);
  nest_clear (&nest);
}

/* What goes on inside is nothing to those outside who don't contain it. */
static void
test_nested_sibling (TestFixture *fixture,
                     gconstpointer data)
{
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  g_autoptr (AsyncifyGroup) one = asyncify_group_new (parent);
  g_autoptr (AsyncifyGroup) other = asyncify_group_new (parent);
  AsyncifySoon *bad = asyncify_group_soon (one);
  AsyncifySoon *good = asyncify_group_soon (other);

  test_soon_fill (bad, FALSE);
  g_assert_true (is_cancelled (one));
  g_assert_false (is_cancelled (other));
  g_assert_false (g_cancellable_is_cancelled (parent));
  test_soon_fill (good, TRUE);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/group/parent/cancels", test_parent);
  test_add ("/group/parent/in-another-thread", test_parent_in_thread);
  test_add ("/group/parent/unheard-of", test_parent_unheard);
  test_add ("/group/parent/cancelled-before", test_parent_before);
  test_add ("/group/parent/cancelled-after-a-failure", test_parent_after_failure);
  test_add ("/group/parent/cancelled-between-rounds", test_parent_between_rounds);
  test_add ("/group/parent/one-handler-for-many", test_one_handler);
  test_add ("/group/parent/no-handler-left", test_no_handler_left);
  test_add ("/group/cancel/dropped-in-a-handler", test_dropped_in_handler);
  test_add ("/group/cancel/filled-in-a-handler", test_filled_in_handler);
  test_add ("/group/cancel/used-in-a-handler", test_used_in_handler);
  test_add ("/group/cancel/by-hand", test_by_hand);
  test_add ("/group/cancel/after-the-end", test_after_end);
  test_add ("/group/nested/succeeds", test_nested);
  test_add ("/group/nested/failure-goes-out", test_nested_failure);
  test_add ("/group/nested/cancellation-goes-in", test_nested_cancelled);
  test_add ("/group/nested/not-sideways", test_nested_sibling);

  return g_test_run ();
}
