/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Where, when and how often a call calls back. What becomes of results and arguments
 * is in test-result.c.
 */

#include "testutils.h"

static gpointer
get_thread (void)
{
  return g_thread_self ();
}

ASYNCIFY_DEFINE (VALUE (gpointer), get_thread)

static void
test_on_a_worker (TestFixture *fixture,
                  gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };

  get_thread_async (NULL, test_reply_cb, &reply);
  g_assert_true (get_thread_finish (test_reply_await (&reply), NULL) != g_thread_self ());
  g_assert_true (reply.thread == g_thread_self ());
  g_assert_true (reply.context == fixture->context);
}

/* Whether something of a main loop is in sight. */
static gboolean
sees_a_context (TestGate *gate,
                GMainContext *context_of_caller)
{
  test_gate_enter (gate);

  return g_main_context_get_thread_default () != NULL || g_main_context_is_owner (context_of_caller)
         || g_main_depth () > 0;
}

ASYNCIFY_DEFINE (VALUE (gboolean), sees_a_context, BORROWED (TestGate *, gate),
                 BORROWED (GMainContext *, context_of_caller))

/* So many at once are on threads of GTask's and on others. */
static void
test_no_context (TestFixture *fixture,
                 gconstpointer data)
{
  TestReply replies[8] = { 0 };
  TEST_GATE (gate);

  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    sees_a_context_async (&gate, fixture->context, NULL, test_reply_cb, &replies[i]);
  test_gate_await (&gate, G_N_ELEMENTS (replies));
  test_gate_open (&gate);
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_assert_false (sees_a_context_finish (test_reply_await (&replies[i]), NULL));
      test_reply_clear (&replies[i]);
    }
}

static void
test_default_context (TestFixture *fixture,
                      gconstpointer data)
{
  g_main_context_pop_thread_default (fixture->context);
  {
    g_auto (TestReply) reply = { 0 };

    get_thread_async (NULL, test_reply_cb, &reply);
    test_reply_await (&reply);
    g_assert_true (reply.context == g_main_context_default ());
  }
  g_main_context_push_thread_default (fixture->context);
}

/* Not even if the function has long returned, or the call was cancelled before. */
static void
test_never_inside (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  TEST_GATE (gate);
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) cancelled_reply = { 0 };

  g_cancellable_cancel (cancelled);
  pass_gate_async (NULL, 0, cancelled, test_reply_cb, &cancelled_reply);
  g_assert_cmpuint (cancelled_reply.n_calls, ==, 0);

  test_gate_open (&gate);
  pass_gate_async (&gate, 1, NULL, test_reply_cb, &reply);
  test_gate_await_left (&gate, 1);
  g_assert_cmpuint (reply.n_calls, ==, 0);

  test_reply_await (&reply);
  test_reply_await (&cancelled_reply);
}

#define N_THREADS 4
#define N_CALLS 100

/* Calls from a context of its own. */
static gpointer
call_from_thread (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  int number = GPOINTER_TO_INT (data);
  TestReply replies[N_CALLS] = { 0 };

  g_main_context_push_thread_default (context);
  for (int i = 0; i < N_CALLS; i++)
    pass_gate_async (NULL, number + i, NULL, test_reply_cb, &replies[i]);

  for (int i = 0; i < N_CALLS; i++)
    {
      int value = pass_gate_finish (test_reply_await (&replies[i]), NULL);

      g_assert_cmpint (value, ==, number + i);
      g_assert_true (replies[i].thread == g_thread_self ());
      g_assert_true (replies[i].context == context);
    }
  for (int i = 0; i < N_CALLS; i++)
    test_reply_clear (&replies[i]);
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
test_several_contexts (TestFixture *fixture,
                       gconstpointer data)
{
  GThread *threads[N_THREADS];

  for (int i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("caller", call_from_thread, GINT_TO_POINTER (i * 1000));
  for (int i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
}

typedef struct {
  GMainContext *context;
  TestReply reply;
} Handed;

static gpointer
run_elsewhere (gpointer data)
{
  Handed *handed = data;

  while (handed->reply.n_calls == 0)
    g_main_context_iteration (handed->context, TRUE);

  return NULL;
}

/* The context's thread is the one that runs it, whoever made the call. */
static void
test_context_run_elsewhere (TestFixture *fixture,
                            gconstpointer data)
{
  Handed handed = { g_main_context_new (), { 0 } };
  GThread *thread;

  g_main_context_push_thread_default (handed.context);
  pass_gate_async (NULL, 0, NULL, test_reply_cb, &handed.reply);
  g_main_context_pop_thread_default (handed.context);

  thread = g_thread_new ("elsewhere", run_elsewhere, &handed);
  g_thread_join (thread);
  g_assert_true (handed.reply.thread == thread);
  g_assert_true (handed.reply.context == handed.context);
  g_assert_true (handed.reply.in_dispatch);

  test_reply_clear (&handed.reply);
  g_main_context_unref (handed.context);
}

typedef struct {
  GMainLoop *loop;
  TestReply reply;
} LoopAndReply;

static void
quit_cb (GObject *source_object,
         GAsyncResult *result,
         gpointer user_data)
{
  LoopAndReply *both = user_data;

  g_main_loop_quit (both->loop);
  test_reply_cb (source_object, result, &both->reply);
}

/* What ends while no loop runs is told when one does. */
static void
test_loop_run_again (TestFixture *fixture,
                     gconstpointer data)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (fixture->context, FALSE);

  for (int i = 0; i < 3; i++)
    {
      LoopAndReply both = { loop, { 0 } };
      GSource *emergency;
      TEST_GATE (gate);

      test_gate_open (&gate);
      pass_gate_async (&gate, i, NULL, quit_cb, &both);
      test_gate_await_left (&gate, 1);
      g_assert_cmpuint (both.reply.n_calls, ==, 0);

      emergency = test_emergency_begin ("the loop is quit");
      g_main_loop_run (loop);
      test_emergency_end (emergency);
      g_assert_cmpint (pass_gate_finish (test_reply_await (&both.reply), NULL), ==, i);
      test_reply_clear (&both.reply);
    }
}

typedef struct {
  int depth;
  TestReply replies[10];
} Nest;

/* A callback that makes another call, and runs a loop until that has ended. */
static void
nest_cb (GObject *source_object,
         GAsyncResult *result,
         gpointer user_data)
{
  Nest *nest = user_data;
  int depth = nest->depth++;

  if (depth + 1 < (int) G_N_ELEMENTS (nest->replies))
    {
      pass_gate_async (NULL, 0, NULL, nest_cb, nest);
      run_until (nest->replies[depth + 1].n_calls == 1);
    }
  g_assert_cmpint (nest->depth, ==, G_N_ELEMENTS (nest->replies));
  test_reply_cb (source_object, result, &nest->replies[depth]);
}

static void
test_nested (TestFixture *fixture,
             gconstpointer data)
{
  Nest nest = { 0 };

  pass_gate_async (NULL, 0, NULL, nest_cb, &nest);
  run_until (nest.replies[0].n_calls == 1);
  for (guint i = 0; i < G_N_ELEMENTS (nest.replies); i++)
    test_reply_clear (&nest.replies[i]);
}

typedef struct {
  guint n_calls;
  guint awaited;
} Nested;

static void
await_count_cb (GObject *source_object,
                GAsyncResult *result,
                gpointer user_data)
{
  Nested *nested = user_data;

  run_until (nested->awaited == 20);
  nested->n_calls++;
}

/* It waits for calls that have ended when it is called, and stand behind it. */
static void
test_nested_behind (TestFixture *fixture,
                    gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  Nested nested = { 0 };
  TEST_GATE (gate);

  pass_gate_async_full (NULL, 0, &options, NULL, await_count_cb, &nested);
  for (int i = 0; i < 20; i++)
    pass_gate_async_full (NULL, 0, &options, NULL, test_count_cb, &nested.awaited);
  /* Of a limiter of one, this function runs when the others have ended. */
  pass_gate_async_full (&gate, 0, &options, NULL, test_count_cb, &nested.n_calls);
  test_gate_await (&gate, 1);
  test_gate_open (&gate);

  run_until (nested.n_calls == 2);
  g_assert_cmpuint (nested.awaited, ==, 20);
}

static void
private_context_cb (GObject *source_object,
                    GAsyncResult *result,
                    gpointer user_data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  {
    g_auto (TestReply) first = { 0 };
    g_auto (TestReply) second = { 0 };

    pass_gate_async (NULL, 1, NULL, test_reply_cb, &first);
    pass_gate_async (NULL, 2, NULL, test_reply_cb, &second);
    g_assert_cmpint (pass_gate_finish (test_reply_await (&first), NULL), ==, 1);
    g_assert_cmpint (pass_gate_finish (test_reply_await (&second), NULL), ==, 2);
    g_assert_true (first.context == context);
  }
  g_main_context_pop_thread_default (context);

  test_reply_cb (source_object, result, user_data);
}

/* ... or in a loop of a context that nobody else sees. */
static void
test_nested_private (TestFixture *fixture,
                     gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };

  pass_gate_async (NULL, 0, NULL, private_context_cb, &reply);
  test_reply_await (&reply);
}

typedef struct {
  guint to_do;
  TestReply last;
} Chain;

static void
chain_cb (GObject *source_object,
          GAsyncResult *result,
          gpointer user_data)
{
  Chain *chain = user_data;

  g_assert_cmpuint (pass_gate_finish (result, NULL), ==, chain->to_do);
  if (--chain->to_do > 0)
    pass_gate_async (NULL, chain->to_do, NULL, chain_cb, chain);
  else
    test_reply_cb (source_object, result, &chain->last);
}

static void
test_chain (TestFixture *fixture,
            gconstpointer data)
{
  Chain chain = { .to_do = 1000 };

  pass_gate_async (NULL, 1000, NULL, chain_cb, &chain);
  test_reply_await (&chain.last);
  g_assert_cmpuint (chain.to_do, ==, 0);
  test_reply_clear (&chain.last);
}

/* Any thread may call, so may a worker: here in a context of its own. */
static int
call_another (int number)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  int value;

  g_main_context_push_thread_default (context);
  {
    g_auto (TestReply) reply = { 0 };

    pass_gate_async (NULL, number, NULL, test_reply_cb, &reply);
    value = pass_gate_finish (test_reply_await (&reply), NULL);
    g_assert_true (reply.thread == g_thread_self ());
  }
  g_main_context_pop_thread_default (context);

  return value;
}

ASYNCIFY_DEFINE (VALUE (int), call_another, VALUE (int, number))

static void
test_from_a_worker (TestFixture *fixture,
                    gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };

  call_another_async (5, NULL, test_reply_cb, &reply);
  g_assert_cmpint (call_another_finish (test_reply_await (&reply), NULL), ==, 5);
}

static void
test_no_callback (TestFixture *fixture,
                  gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  pass_gate_async (&gate, 0, NULL, NULL, NULL);
  test_gate_await (&gate, 1);
  test_gate_open (&gate);
  pass_gate_async (NULL, 0, NULL, test_reply_cb, &reply);
  test_reply_await (&reply);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/call/function/runs-on-a-worker", test_on_a_worker);
  test_add ("/call/function/has-no-context", test_no_context);
  test_add ("/call/callback/in-the-default-context", test_default_context);
  test_add ("/call/callback/never-inside-async", test_never_inside);
  test_add ("/call/callback/in-the-context-of-each-thread", test_several_contexts);
  test_add ("/call/callback/on-the-thread-that-runs-the-context", test_context_run_elsewhere);
  test_add ("/call/callback/when-a-stopped-loop-runs-again", test_loop_run_again);
  test_add ("/call/callback/none", test_no_callback);
  test_add ("/call/callback/may-run-a-loop", test_nested);
  test_add ("/call/callback/may-wait-for-calls-behind-it", test_nested_behind);
  test_add ("/call/callback/may-run-a-private-loop", test_nested_private);
  test_add ("/call/callback/may-call-again", test_chain);
  test_add ("/call/callback/of-a-worker", test_from_a_worker);

  return g_test_run ();
}
