/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Waiting for a group: when the callback comes, to whom, and for which slots. */

#include "testgroup.h"

static void
test_empty (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };

  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  g_assert_cmpuint (reply.n_calls, ==, 0);
  g_assert_true (g_main_context_iteration (fixture->context, FALSE));
  g_assert_cmpuint (reply.n_calls, ==, 1);
  assert_group_succeeds (group, &reply);
  g_assert_true (reply.thread == g_thread_self ());
  g_assert_true (reply.context == fixture->context);
}

static void
test_ended_before (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };

  test_soon_fill (asyncify_group_soon (group), FALSE);
  run_dry ();
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  g_assert_cmpuint (reply.n_calls, ==, 0);
  g_assert_true (g_main_context_iteration (fixture->context, FALSE));
  assert_group_fails (group, &reply, G_IO_ERROR_FAILED);
}

/* What a call's callback, or any other source, does with a slot, once. */
typedef struct {
  AsyncifyGroup *group;
  AsyncifySoon *fills;  /* nullable */
  AsyncifySoon *made;   /* nullable: one that was made, to be filled later */
  gboolean makes;
  gboolean waits;
  guint n_calls;
  TestReply *reply;
} Step;

static void
take_step (Step *step)
{
  guint before = step->reply->n_calls;

  step->n_calls++;
  if (step->fills != NULL)
    test_soon_fill (g_steal_pointer (&step->fills), TRUE);
  if (step->waits)
    asyncify_group_wait_async (step->group, NULL, test_reply_cb, step->reply);
  if (step->makes)
    step->made = asyncify_group_soon (step->group);
  step->makes = step->waits = FALSE;

  g_assert_cmpuint (step->reply->n_calls, ==, before);
}

static void
step_ready_cb (GObject *source_object,
               GAsyncResult *result,
               gpointer user_data)
{
  take_step (user_data);
}

static gboolean
step_cb (gpointer data)
{
  take_step (data);

  return G_SOURCE_REMOVE;
}

static void
add_step (TestFixture *fixture,
          Step *step)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, step_cb, step, NULL);
  g_source_attach (source, fixture->context);
}

/* A callback that fills the last slot goes on to its end before the wait's callback. */
static void
test_not_inside (TestFixture *fixture,
                 gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) late_reply = { 0 };
  AsyncifySoon *soon = asyncify_group_soon (group);
  Step step = { .group = group, .fills = soon, .reply = &reply };
  Step late = { .group = group, .waits = TRUE, .reply = &late_reply };

  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  pass_gate_async (NULL, 0, NULL, step_ready_cb, &step);
  assert_group_succeeds (group, &reply);
  g_assert_cmpuint (step.n_calls, ==, 1);

  pass_gate_async (NULL, 0, NULL, step_ready_cb, &late);
  assert_group_succeeds (group, &late_reply);
}

static void
test_added_while_waiting (TestFixture *fixture,
                          gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };
  AsyncifySoon *first = asyncify_group_soon (group);
  AsyncifySoon *second;

  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  run_dry ();
  second = asyncify_group_soon (group);
  test_soon_fill (first, TRUE);
  run_dry ();
  g_assert_cmpuint (reply.n_calls, ==, 0);
  test_soon_fill (second, TRUE);
  assert_group_succeeds (group, &reply);
}

/* By the callback that has just filled the last one. */
static void
test_added_by_callback (TestFixture *fixture,
                        gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };
  Step step = {
    .group = group,
    .fills = asyncify_group_soon (group),
    .makes = TRUE,
    .reply = &reply,
  };

  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  pass_gate_async (NULL, 0, NULL, step_ready_cb, &step);
  run_until (step.n_calls > 0);
  run_dry ();
  g_assert_cmpuint (reply.n_calls, ==, 0);
  test_soon_fill (step.made, TRUE);
  assert_group_succeeds (group, &reply);
}

/* In the very iteration that would have called back, by a source right before the group's. */
static void
check_added_at_last (TestFixture *fixture,
                     gboolean success)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };
  Step step = { .group = group, .makes = TRUE, .reply = &reply };
  AsyncifySoon *soon;

  /* Attached first, so that it comes first. */
  add_step (fixture, &step);
  soon = asyncify_group_soon (group);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  test_soon_fill (soon, success);
  run_until (step.n_calls > 0);
  run_dry ();
  g_assert_cmpuint (reply.n_calls, ==, 0);

  test_soon_fill (step.made, TRUE);
  if (success)
    assert_group_succeeds (group, &reply);
  else
    assert_group_fails (group, &reply, G_IO_ERROR_FAILED);
}

static void
test_added_at_last (TestFixture *fixture,
                    gconstpointer data)
{
  check_added_at_last (fixture, TRUE);
  check_added_at_last (fixture, FALSE);
}

static void
test_many_waiters (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) first = { 0 };
  g_auto (TestReply) second = { 0 };
  g_auto (TestReply) third = { 0 };
  AsyncifySoon *soon = asyncify_group_soon (group);

  asyncify_group_wait_async (group, NULL, test_reply_cb, &first);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &second);
  run_dry ();
  asyncify_group_wait_async (group, NULL, test_reply_cb, &third);
  test_soon_fill (soon, TRUE);
  run_until (first.n_calls > 0);
  g_assert_cmpuint (second.n_calls + third.n_calls, ==, 0);
  run_until (second.n_calls > 0);
  g_assert_cmpuint (third.n_calls, ==, 0);
  assert_group_succeeds (group, &first);
  assert_group_succeeds (group, &second);
  assert_group_succeeds (group, &third);
}

/* A wait's callback begins another round, which the waiters behind it wait for too. */
static void
test_next_round (TestFixture *fixture,
                 gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) behind = { 0 };
  g_auto (TestReply) again = { 0 };
  AsyncifySoon *soon = asyncify_group_soon (group);
  Step step = { .group = group, .makes = TRUE, .waits = TRUE, .reply = &again };

  asyncify_group_wait_async (group, NULL, step_ready_cb, &step);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &behind);
  test_soon_fill (soon, TRUE);
  run_until (step.n_calls > 0);
  run_dry ();
  g_assert_cmpuint (behind.n_calls + again.n_calls, ==, 0);

  test_soon_fill (step.made, FALSE);
  assert_group_fails (group, &behind, G_IO_ERROR_FAILED);
  assert_group_fails (group, &again, G_IO_ERROR_FAILED);
}

static void
test_again (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);

  for (guint i = 0; i < 5; i++)
    {
      g_auto (TestReply) reply = { 0 };
      AsyncifySoon *soon = asyncify_group_soon (group);

      asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
      run_dry ();
      g_assert_cmpuint (reply.n_calls, ==, 0);
      test_soon_fill (soon, i < 3);
      if (i < 3)
        assert_group_succeeds (group, &reply);
      else
        assert_group_fails (group, &reply, G_IO_ERROR_FAILED);
    }
}

/* A callback that runs a loop of its own, in which the others are called back. */
typedef struct {
  AsyncifyGroup *group;
  TestReply *other;
  TestReply inside;
  AsyncifySoon *soon;
  gboolean makes;
  guint n_calls;
} Nesting;

static void
nesting_cb (GObject *source_object,
            GAsyncResult *result,
            gpointer user_data)
{
  Nesting *nesting = user_data;

  nesting->n_calls++;
  if (nesting->makes)
    nesting->soon = asyncify_group_soon (nesting->group);
  asyncify_group_wait_async (nesting->group, NULL, test_reply_cb, &nesting->inside);
  if (nesting->makes)
    {
      run_dry ();
      g_assert_cmpuint (nesting->other->n_calls + nesting->inside.n_calls, ==, 0);
      test_soon_fill (nesting->soon, TRUE);
    }
  assert_group_succeeds (nesting->group, nesting->other);
  assert_group_succeeds (nesting->group, &nesting->inside);
}

static void
check_nested_loop (gboolean makes)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) other = { 0 };
  Nesting nesting = { .group = group, .other = &other, .makes = makes };

  asyncify_group_wait_async (group, NULL, nesting_cb, &nesting);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &other);
  run_until (nesting.n_calls > 0);
  g_assert_cmpuint (nesting.n_calls, ==, 1);
  test_reply_clear (&nesting.inside);
}

static void
test_nested_loop (TestFixture *fixture,
                  gconstpointer data)
{
  check_nested_loop (FALSE);
  check_nested_loop (TRUE);
}

/* What happens in a nested loop after some iterations, in one of which a GTask has returned
 * and not called back yet. */
typedef enum {
  MAKE_SOON,
  MAKE_FAILURE,
  GIVE_UP
} LateEvent;

typedef struct {
  AsyncifyGroup *group;
  GMainContext *context;
  GCancellable *cancellable;
  LateEvent event;
  guint after; /* iterations */
  TestReply reply;
  gboolean done;
} Late;

static void
make_late_event (Late *late)
{
  AsyncifySoon *soon;

  switch (late->event)
    {
    case MAKE_SOON:
      soon = asyncify_group_soon (late->group);
      run_dry ();
      g_assert_cmpuint (late->reply.n_calls, ==, 0);
      test_soon_fill (soon, TRUE);
      assert_group_succeeds (late->group, &late->reply);
      break;
    case MAKE_FAILURE:
      test_soon_fill (asyncify_group_soon (late->group), FALSE);
      assert_group_fails (late->group, &late->reply, G_IO_ERROR_FAILED);
      break;
    case GIVE_UP:
      g_cancellable_cancel (late->cancellable);
      assert_group_fails (late->group, &late->reply, G_IO_ERROR_CANCELLED);
      break;
    default:
      g_assert_not_reached ();
    }
}

static gboolean
late_cb (gpointer data)
{
  Late *late = data;

  asyncify_group_wait_async (late->group, late->cancellable, test_reply_cb, &late->reply);
  for (guint i = 0; i < late->after; i++)
    g_main_context_iteration (late->context, FALSE);
  if (late->reply.n_calls == 0)
    make_late_event (late);
  else
    assert_group_succeeds (late->group, &late->reply);
  late->done = TRUE;

  return G_SOURCE_REMOVE;
}

static void
check_late (TestFixture *fixture,
            LateEvent event,
            guint after)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GSource) source = g_idle_source_new ();
  Late late = { group, fixture->context, cancellable, event, after, { 0 }, FALSE };

  g_source_set_callback (source, late_cb, &late, NULL);
  g_source_attach (source, fixture->context);
  run_until (late.done);
  test_reply_clear (&late.reply);
}

static void
test_nested_loop_late (TestFixture *fixture,
                       gconstpointer data)
{
  for (guint after = 0; after < 5; after++)
    {
      check_late (fixture, MAKE_SOON, after);
      check_late (fixture, MAKE_FAILURE, after);
      check_late (fixture, GIVE_UP, after);
    }
}

static void
test_no_callback (TestFixture *fixture,
                  gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };

  asyncify_group_wait_async (group, NULL, NULL, NULL);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  assert_group_succeeds (group, &reply);
}

static void
test_for_itself (TestFixture *fixture,
                 gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  AsyncifySoon *soon = asyncify_group_soon (group);

  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, "*");
  asyncify_group_wait_async (group, NULL, asyncify_soon_ready, soon);
  g_test_assert_expected_messages ();
  run_dry ();
  g_assert_false (asyncify_soon_is_ready (soon));
  test_soon_fill (soon, TRUE);
}

static void
assert_finish_refused (AsyncifyGroup *group,
                       GAsyncResult *result)
{
  g_autoptr (GError) error = NULL;

  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, "*");
  g_assert_false (asyncify_group_wait_finish (group, result, &error));
  g_test_assert_expected_messages ();
}

static void
test_wrong_result (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (AsyncifyGroup) other = asyncify_group_new (NULL);
  g_autoptr (GTask) task = g_task_new (group, NULL, NULL, NULL);
  g_autoptr (TestPlainResult) plain = g_object_new (TEST_TYPE_PLAIN_RESULT, NULL);
  g_auto (TestReply) reply = { 0 };

  g_task_return_boolean (task, TRUE);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  assert_finish_refused (other, test_reply_await (&reply));
  assert_finish_refused (group, G_ASYNC_RESULT (task));
  assert_finish_refused (group, G_ASYNC_RESULT (plain));

  assert_group_succeeds (group, &reply);
  g_test_expect_message ("GLib-GIO", G_LOG_LEVEL_CRITICAL, "*");
  g_assert_false (asyncify_group_wait_finish (group, reply.result, NULL));
  g_test_assert_expected_messages ();
}

static gpointer
run_group_thread (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  {
    g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
    g_auto (TestReply) reply = { 0 };

    for (guint i = 0; i < 10; i++)
      pass_gate_async (NULL, 0, NULL, asyncify_soon_ready, asyncify_group_soon (group));
    asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
    assert_group_succeeds (group, &reply);
    g_assert_true (reply.thread == g_thread_self ());
    g_assert_true (reply.context == context);
  }
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
test_in_thread (TestFixture *fixture,
                gconstpointer data)
{
  g_thread_join (g_thread_new ("own loop", run_group_thread, NULL));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/group/wait/empty-in-the-next-iteration", test_empty);
  test_add ("/group/wait/ended-before", test_ended_before);
  test_add ("/group/wait/never-inside-another-callback", test_not_inside);
  test_add ("/group/wait/slot-made-meanwhile", test_added_while_waiting);
  test_add ("/group/wait/slot-made-by-a-callback", test_added_by_callback);
  test_add ("/group/wait/slot-made-at-last", test_added_at_last);
  test_add ("/group/wait/by-many", test_many_waiters);
  test_add ("/group/wait/next-round-from-callback", test_next_round);
  test_add ("/group/wait/again-and-again", test_again);
  test_add ("/group/wait/nested-loop", test_nested_loop);
  test_add ("/group/wait/nested-loop-at-last", test_nested_loop_late);
  test_add ("/group/wait/no-callback", test_no_callback);
  test_add ("/group/wait/for-itself-is-a-critical", test_for_itself);
  test_add ("/group/wait/wrong-result-is-a-critical", test_wrong_result);
  test_add ("/group/wait/in-a-thread-with-its-own-loop", test_in_thread);

  return g_test_run ();
}
