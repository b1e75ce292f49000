/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a function may call, where nobody listens. */

#include "testutils.h"

#include <asyncify/asyncify-threads-private.h>

/* Calls everything. */
static int
work (TestGate *gate,
      TestThing *thing,
      GError **error)
{
  asyncify_set_progress (0.5);
  asyncify_set_message ("Working");
  asyncify_emit (G_OBJECT (thing));
  if (asyncify_is_cancelled () || asyncify_set_error_if_cancelled (error))
    return 0;
  if (gate != NULL)
    test_gate_enter (gate);

  return 5;
}

ASYNCIFY_DEFINE (VALUE (int), work, BORROWED (TestGate *, gate), OBJECT (TestThing, thing), THROWS)

/* A function stays a plain one, which may be called directly, or without a job. */
static void
test_direct (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (TestThing) thing = test_thing_new (0);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (work (NULL, thing, &error), ==, 5);
  g_assert_no_error (error);
  g_assert_cmpuint (G_OBJECT (thing)->ref_count, ==, 1);
}

static void
ask_here (GTask *task,
          gpointer source_object,
          gpointer task_data,
          GCancellable *cancellable)
{
  test_gate_enter (task_data);
  g_task_return_boolean (task, asyncify_is_cancelled ());
}

/* GTask's threads run our functions now, and others' then. */
static void
test_elsewhere (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (TestThing) thing = test_thing_new (0);
  TestReply replies[10] = { 0 }; /* so many threads has GTask */
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (ours);
  TEST_GATE (theirs);

  work_async (&ours, thing, cancellable, test_reply_cb, &reply);
  test_gate_await (&ours, 1);
  g_cancellable_cancel (cancellable);
  test_gate_open (&ours);
  test_reply_await (&reply);
  wait_until (asyncify_threads_count_gio () == 0);

  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autoptr (GTask) task = g_task_new (NULL, NULL, test_reply_cb, &replies[i]);

      g_task_set_task_data (task, &theirs, NULL);
      g_task_run_in_thread (task, ask_here);
    }
  test_gate_await (&theirs, G_N_ELEMENTS (replies));
  test_gate_open (&theirs);
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    g_assert_false (g_task_propagate_boolean (G_TASK (test_reply_await (&replies[i])), NULL));
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    test_reply_clear (&replies[i]);
}

static void
test_unwatched (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (TestThing) thing = test_thing_new (0);
  g_auto (TestReply) reply = { 0 };

  work_async (NULL, thing, NULL, test_reply_cb, &reply);
  g_assert_cmpint (work_finish (test_reply_await (&reply), NULL), ==, 5);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/worker/called-directly-does-nothing", test_direct);
  test_add ("/worker/without-job-does-nothing", test_unwatched);
  test_add ("/worker/on-a-thread-that-was-ours-does-nothing", test_elsewhere);

  return g_test_run ();
}
