/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How long a group lives, and what goes with it: slots, results, and those who wait. */

#include "testgroup.h"

/* A group that tells when it is gone. */
static AsyncifyGroup *
watch_group (gpointer *pointer)
{
  AsyncifyGroup *group = asyncify_group_new (NULL);

  g_object_add_weak_pointer (G_OBJECT (group), pointer);
  *pointer = group;

  return group;
}

static void
test_until_filled (TestFixture *fixture,
                   gconstpointer data)
{
  gpointer group;
  AsyncifySoon *first, *second;

  watch_group (&group);
  first = asyncify_group_soon (group);
  second = asyncify_group_soon (group);
  g_object_unref (group);
  g_assert_nonnull (group);

  pass_gate_async (NULL, 0, asyncify_group_get_cancellable (group), asyncify_soon_ready, first);
  run_until (asyncify_soon_is_ready (first));
  g_assert_nonnull (group);
  pass_gate_async (NULL, 0, asyncify_group_get_cancellable (group), asyncify_soon_ready, second);
  run_until (group == NULL);
}

/* It still cancels them all, and whoever does that need not have a reference. */
static void
test_fails_alone (TestFixture *fixture,
                  gconstpointer data)
{
  gpointer group;
  AsyncifySoon *bad, *other;
  g_autoptr (GCancellable) cancellable = NULL;

  watch_group (&group);
  bad = asyncify_group_soon (group);
  other = asyncify_group_soon (group);
  cancellable = g_object_ref (asyncify_group_get_cancellable (group));
  g_object_unref (group);
  test_soon_fill (bad, FALSE);
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  g_assert_nonnull (group);
  test_soon_fill (other, FALSE);
  g_assert_null (group);
}

static void
test_until_waited (TestFixture *fixture,
                   gconstpointer data)
{
  gpointer group;
  g_auto (TestReply) reply = { 0 };

  watch_group (&group);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  g_object_unref (group);
  g_assert_nonnull (group);

  assert_group_succeeds (group, &reply);
  g_assert_nonnull (group);
  test_reply_clear (&reply);
  reply.n_calls = 1;
  g_assert_null (group);
}

static void
test_given_up (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer group;
  AsyncifySoon *soon;
  guint n_calls = 0;

  watch_group (&group);
  soon = asyncify_group_soon (group);
  asyncify_group_wait_async (group, cancellable, test_count_cb, &n_calls);
  g_object_unref (group);
  g_cancellable_cancel (cancellable);
  run_until (n_calls == 1);
  g_assert_nonnull (group);
  test_soon_fill (soon, TRUE);
  g_assert_null (group);
}

static void
drop_cb (GObject *source_object,
         GAsyncResult *result,
         gpointer user_data)
{
  AsyncifyGroup **group = user_data;

  g_assert_true (asyncify_group_wait_finish (*group, result, NULL));
  g_clear_object (group);
}

static void
test_dropped_in_callback (TestFixture *fixture,
                          gconstpointer data)
{
  gpointer watched;
  AsyncifyGroup *group = watch_group (&watched);
  AsyncifySoon *soon = asyncify_group_soon (group);

  asyncify_group_wait_async (group, NULL, drop_cb, &group);
  asyncify_group_wait_async (group, NULL, NULL, NULL);
  test_soon_fill (soon, TRUE);
  run_until (watched == NULL);
  g_assert_null (group);
}

static TestThing *
make_thing (TestThing *thing)
{
  return g_object_ref (thing);
}

ASYNCIFY_DEFINE (OBJECT (TestThing), make_thing, OBJECT (TestThing, thing))

static void
test_results (TestFixture *fixture,
              gconstpointer data)
{
  AsyncifyGroup *group = asyncify_group_new (NULL);
  AsyncifySoon *soons[10];
  g_autoptr (TestThing) kept = NULL;

  for (int i = 0; i < 10; i++)
    {
      g_autoptr (TestThing) thing = test_thing_new (i);

      soons[i] = asyncify_group_soon (group);
      make_thing_async (thing, NULL, asyncify_soon_ready, soons[i]);
    }
  for (int i = 0; i < 10; i++)
    run_until (asyncify_soon_is_ready (soons[i]));
  run_dry ();
  g_assert_cmpuint (test_count_alive (), ==, 10);

  /* One is finished, the others are not. */
  kept = make_thing_finish (asyncify_soon_get_result (soons[7]), NULL);
  g_assert_finalize_object (group);
  g_assert_cmpuint (test_count_alive (), ==, 1);
  g_assert_cmpint (test_thing_get_number (kept), ==, 7);
}

/* Against what is promised, but no crash. */
static void
test_soon_kept (TestFixture *fixture,
                gconstpointer data)
{
  AsyncifyGroup *group = asyncify_group_new (NULL);
  g_autoptr (AsyncifySoon) soon = g_object_ref (asyncify_group_soon (group));
  g_autoptr (AsyncifySoon) nobodys = g_object_new (ASYNCIFY_TYPE_SOON, NULL);

  test_soon_fill (soon, TRUE);
  g_assert_finalize_object (group);
  g_assert_true (asyncify_soon_is_ready (soon));
  g_assert_nonnull (asyncify_soon_get_result (soon));

  test_soon_fill (nobodys, FALSE);
  g_assert_true (asyncify_soon_is_ready (nobodys));
}

/* A context that is destroyed before its group has ended. */
typedef struct {
  GMainContext *context;
  gboolean gone;
} Doomed;

static gboolean
never_ready_cb (gpointer data)
{
  g_assert_not_reached ();
}

static void
gone_cb (gpointer data)
{
  Doomed *doomed = data;

  doomed->gone = TRUE;
}

static void
doomed_init (Doomed *doomed)
{
  g_autoptr (GSource) source = g_timeout_source_new_seconds (G_MAXUINT / 1000);

  *doomed = (Doomed) { g_main_context_new (), FALSE };
  g_source_set_callback (source, never_ready_cb, doomed, gone_cb);
  g_source_attach (source, doomed->context);
  g_main_context_push_thread_default (doomed->context);
}

static void
doomed_destroy (Doomed *doomed)
{
  g_main_context_pop_thread_default (doomed->context);
  g_main_context_unref (doomed->context);
  g_assert_true (doomed->gone);
}

static void
test_context_gone (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  AsyncifyGroup *group;
  Doomed doomed;
  TEST_GATE (gate);

  doomed_init (&doomed);
  group = asyncify_group_new (parent);
  for (guint i = 0; i < 5; i++)
    pass_gate_async_full (&gate, 0, &(AsyncifyOptions) { .limiter = limiter },
                          asyncify_group_get_cancellable (group), asyncify_soon_ready,
                          asyncify_group_soon (group));
  asyncify_group_wait_async (group, cancellable, test_never_cb, NULL);
  asyncify_group_wait_async (group, NULL, test_never_cb, NULL);
  test_gate_await (&gate, 2);
  run_dry ();
  g_object_add_weak_pointer (G_OBJECT (group), (gpointer *) &group);
  g_object_unref (group);
  g_assert_nonnull (group);
  doomed_destroy (&doomed);

  g_assert_null (group);
  g_assert_cmpuint (test_count_handlers (parent), ==, 0);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
  g_cancellable_cancel (cancellable);
  g_cancellable_cancel (parent);

  test_gate_open (&gate);
  test_gate_await_left (&gate, 5);
}

/* The results that are there already don't keep it. */
static void
test_context_gone_results (TestFixture *fixture,
                           gconstpointer data)
{
  AsyncifyGroup *group, *inner;
  g_autoptr (TestThing) thing = test_thing_new (1);
  AsyncifySoon *soons[3];
  Doomed doomed;
  TEST_GATE (gate);

  doomed_init (&doomed);
  group = asyncify_group_new (NULL);
  inner = asyncify_group_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (soons); i++)
    soons[i] = asyncify_group_soon (group);
  make_thing_async (thing, NULL, asyncify_soon_ready, soons[0]);
  asyncify_group_wait_async (inner, NULL, asyncify_soon_ready, soons[1]);
  pass_gate_async (&gate, 0, NULL, asyncify_soon_ready, soons[2]);
  run_until (asyncify_soon_is_ready (soons[0]) && asyncify_soon_is_ready (soons[1]));
  test_gate_await (&gate, 1);
  run_dry ();
  g_object_add_weak_pointer (G_OBJECT (group), (gpointer *) &group);
  g_object_unref (group);
  g_object_unref (inner);
  g_assert_nonnull (group);
  doomed_destroy (&doomed);
  g_assert_null (group);

  test_gate_open (&gate);
  test_gate_await_left (&gate, 1);
}

/* ... nor do those that are on their way, and stop there: somebody only asked whether there is
 * something to do. */
static void
test_context_gone_pending (TestFixture *fixture,
                           gconstpointer data)
{
  AsyncifyGroup *group;
  Doomed doomed;

  doomed_init (&doomed);
  group = asyncify_group_new (NULL);
  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (TestThing) thing = test_thing_new (i);

      make_thing_async (thing, NULL, asyncify_soon_ready, asyncify_group_soon (group));
    }
  wait_until (g_main_context_pending (doomed.context));
  g_object_add_weak_pointer (G_OBJECT (group), (gpointer *) &group);
  g_object_unref (group);
  doomed_destroy (&doomed);
  g_assert_null (group);
  test_await_alive (0);
  test_forgive_strays ();
}

/* ... but others do. */
static void
test_context_kept_by_task (TestFixture *fixture,
                           gconstpointer data)
{
  AsyncifyGroup *group;
  AsyncifySoon *others;
  TestCall call;
  Doomed doomed;

  doomed_init (&doomed);
  group = asyncify_group_new (NULL);
  call = test_call_begin (group);
  others = asyncify_group_soon (group);
  test_call_succeed (&call, 1);
  test_call_await (&call);
  g_object_unref (group);
  g_main_context_unref (doomed.context);
  g_assert_false (doomed.gone);

  test_soon_fill (others, TRUE);
  run_dry ();
  g_assert_false (doomed.gone);
  g_main_context_pop_thread_default (doomed.context);
  g_assert_true (doomed.gone);
}

/* With a reference to what is no longer of any use */
static void
test_context_gone_kept (TestFixture *fixture,
                        gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  AsyncifyGroup *group;
  Doomed doomed;

  doomed_init (&doomed);
  group = asyncify_group_new (NULL);
  asyncify_group_wait_async (group, cancellable, test_never_cb, NULL);
  (void) asyncify_group_soon (group);
  doomed_destroy (&doomed);

  g_cancellable_cancel (cancellable);
  g_assert_finalize_object (group);
}

/* With a reference to a slot of it */
static void
test_context_gone_soon_kept (TestFixture *fixture,
                             gconstpointer data)
{
  g_autoptr (AsyncifySoon) soon = NULL;
  AsyncifyGroup *group;
  Doomed doomed;

  doomed_init (&doomed);
  group = asyncify_group_new (NULL);
  soon = g_object_ref (asyncify_group_soon (group));
  g_object_unref (group);
  doomed_destroy (&doomed);

  test_soon_fill (soon, FALSE);
  g_assert_true (asyncify_soon_is_ready (soon));
}

/* However far the wait has come. */
static void
test_context_gone_at_the_end (TestFixture *fixture,
                              gconstpointer data)
{
  for (guint n_turns = 0; n_turns < 4; n_turns++)
    for (guint cancelled = 0; cancelled < 2; cancelled++)
      {
        g_autoptr (GCancellable) cancellable = g_cancellable_new ();
        guint n_calls = 0;
        AsyncifyGroup *group;
        Doomed doomed;

        doomed_init (&doomed);
        group = asyncify_group_new (NULL);
        if (cancelled)
          (void) asyncify_group_soon (group);
        asyncify_group_wait_async (group, cancellable, test_count_cb, &n_calls);
        asyncify_group_wait_async (group, cancellable, test_count_cb, &n_calls);
        if (cancelled)
          g_cancellable_cancel (cancellable);
        for (guint i = 0; i < n_turns; i++)
          g_main_context_iteration (doomed.context, FALSE);
        g_object_unref (group);
        doomed_destroy (&doomed);
        g_assert_cmpuint (n_calls, <=, n_turns);
        if (n_turns == 3)
          g_assert_cmpuint (n_calls, ==, 2);
      }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/group/life/until-all-is-filled", test_until_filled);
  test_add ("/group/life/fails-on-its-own", test_fails_alone);
  test_add ("/group/life/until-nobody-waits", test_until_waited);
  test_add ("/group/life/waiting-given-up", test_given_up);
  test_add ("/group/life/dropped-in-a-callback", test_dropped_in_callback);
  test_add ("/group/life/results-go-with-it", test_results);
  test_add ("/group/life/slot-kept", test_soon_kept);
  test_add ("/group/context-gone/pending-and-waiting", test_context_gone);
  test_add ("/group/context-gone/results-go-with-it", test_context_gone_results);
  test_add ("/group/context-gone/results-on-their-way", test_context_gone_pending);
  test_add ("/group/context-gone/kept-by-a-task", test_context_kept_by_task);
  test_add ("/group/context-gone/group-kept", test_context_gone_kept);
  test_add ("/group/context-gone/slot-kept", test_context_gone_soon_kept);
  test_add ("/group/context-gone/at-the-end", test_context_gone_at_the_end);

  return g_test_run ();
}
