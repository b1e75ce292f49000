/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Calls in flight whose context is destroyed, or whose process exits. They can't call
 * back any more; what they hold is released all the same, on a worker if need be.
 */

#include "testutils.h"

/* A context that dies before its calls. */
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

/* A source that does nothing but be destroyed with the context. */
static void
watch_end (GMainContext *context,
           int priority,
           GDestroyNotify notify,
           gpointer data)
{
  g_autoptr (GSource) source = g_timeout_source_new_seconds (G_MAXUINT / 1000);

  g_source_set_priority (source, priority);
  g_source_set_callback (source, never_ready_cb, data, notify);
  g_source_attach (source, context);
}

static void
doomed_init (Doomed *doomed)
{
  *doomed = (Doomed) { g_main_context_new (), FALSE };
  watch_end (doomed->context, G_PRIORITY_DEFAULT, gone_cb, doomed);
  g_main_context_push_thread_default (doomed->context);
}

static void
doomed_destroy (Doomed *doomed)
{
  g_main_context_pop_thread_default (doomed->context);
  g_main_context_unref (doomed->context);
  g_assert_true (doomed->gone);
}

/* Has arguments, results and a source object to be released. A thing that is both an
 * argument and a result is one thing; each call has two, and a blob once it has run. */
static TestThing *
make_thing (TestGate *gate,
            TestThing *thing,
            TestBlob **blob)
{
  if (gate != NULL)
    test_gate_enter (gate);
  *blob = test_blob_new (1);

  return g_object_ref (thing);
}

ASYNCIFY_DEFINE (OBJECT (TestThing), make_thing, BORROWED (TestGate *, gate),
                 OBJECT (TestThing, thing), OUT_BOXED (TestBlob, blob, test_blob_free))

/* They must not call back, unless that is counted. */
static void
begin (guint n,
       AsyncifyCancelPolicy policy,
       TestGate *gate,
       AsyncifyLimiter *limiter,
       GCancellable *cancellable,
       guint *n_calls)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TestThing) thing = test_thing_new (0);
      g_autoptr (TestThing) source_object = test_thing_new (0);
      const AsyncifyOptions options = {
        .source_object = G_OBJECT (source_object),
        .limiter = limiter,
        .cancel_policy = policy,
      };

      make_thing_async_full (gate, thing, &options, cancellable,
                             n_calls != NULL ? test_count_cb : test_never_cb, n_calls);
    }
}

static void
begin_things (guint n,
              TestGate *gate,
              AsyncifyLimiter *limiter,
              GCancellable *cancellable,
              guint *n_calls)
{
  begin (n, ASYNCIFY_CANCEL_WAIT, gate, limiter, cancellable, n_calls);
}

static void
begin_abandonable (guint n,
                   TestGate *gate,
                   AsyncifyLimiter *limiter,
                   GCancellable *cancellable,
                   guint *n_calls)
{
  begin (n, ASYNCIFY_CANCEL_ABANDON, gate, limiter, cancellable, n_calls);
}

static void
test_running_and_queued (TestFixture *fixture,
                         gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  TEST_GATE (gate);
  Doomed doomed;

  doomed_init (&doomed);
  begin_things (10, &gate, limiter, NULL, NULL);
  test_gate_await (&gate, 2);
  doomed_destroy (&doomed);
  g_assert_cmpuint (test_count_alive (), ==, 20);

  test_gate_open (&gate);
  test_await_alive (0);
  test_forgive_strays ();
}

static void
test_ended (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  guint ended = 0;
  TEST_GATE (gate);
  Doomed doomed;

  doomed_init (&doomed);
  begin_things (10, NULL, limiter, NULL, NULL);
  g_main_context_pop_thread_default (doomed.context);
  fill_limiter (limiter, 1, &gate, &ended);
  g_main_context_push_thread_default (doomed.context);
  g_assert_cmpuint (test_count_alive (), ==, 30);

  /* They are released here and now, and so on their home thread. */
  doomed_destroy (&doomed);
  g_assert_cmpuint (test_count_alive (), ==, 0);
  test_gate_open (&gate);
  run_until (ended == 1);
}

/* Some have called back; the context is destroyed in the middle. */
static void
test_half_delivered (TestFixture *fixture,
                     gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  guint n_calls = 0, ended = 0;
  TEST_GATE (gate);
  Doomed doomed;

  doomed_init (&doomed);
  begin_things (5000, NULL, limiter, NULL, &n_calls);
  g_main_context_pop_thread_default (doomed.context);
  fill_limiter (limiter, 1, &gate, &ended);
  g_main_context_push_thread_default (doomed.context);
  while (n_calls == 0)
    g_main_context_iteration (doomed.context, TRUE);
  g_assert_cmpuint (n_calls, <, 5000);
  g_assert_cmpuint (test_count_alive (), ==, 3 * (5000 - n_calls));
  doomed_destroy (&doomed);
  g_assert_cmpuint (test_count_alive (), ==, 0);

  test_gate_open (&gate);
  run_until (ended == 1);
}

static void
test_cancelled_afterwards (TestFixture *fixture,
                           gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint ended = 0;
  TEST_GATE (gate);
  Doomed doomed;

  fill_limiter (limiter, 1, &gate, &ended);
  doomed_init (&doomed);
  begin_things (10, NULL, limiter, cancellable, NULL);
  doomed_destroy (&doomed);
  g_assert_cmpuint (test_count_alive (), ==, 20);

  g_cancellable_cancel (cancellable);
  g_assert_cmpuint (test_count_alive (), ==, 0);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
  test_gate_open (&gate);
  run_until (ended == 1);
}

static void
test_cancelled_before (TestFixture *fixture,
                       gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint ended = 0;
  TEST_GATE (gate);
  Doomed doomed;

  fill_limiter (limiter, 1, &gate, &ended);
  doomed_init (&doomed);
  begin_things (5, NULL, limiter, cancellable, NULL);
  g_cancellable_cancel (cancellable);
  begin_things (5, NULL, limiter, cancellable, NULL);
  doomed_destroy (&doomed);
  g_assert_cmpuint (test_count_alive (), ==, 0);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);

  test_gate_open (&gate);
  run_until (ended == 1);
}

/* Their callers are answered before the context is destroyed, never, or after that. */
static void
test_abandoned (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GCancellable) meanwhile = g_cancellable_new ();
  g_autoptr (GCancellable) after = g_cancellable_new ();
  guint answered = 0;
  TEST_GATE (gate);
  Doomed doomed;

  doomed_init (&doomed);
  begin_abandonable (2, &gate, limiter, before, &answered);
  test_gate_await (&gate, 2);
  g_cancellable_cancel (before);
  run_until (answered == 2);
  begin_abandonable (2, &gate, limiter, meanwhile, NULL);
  test_gate_await (&gate, 4);
  g_cancellable_cancel (meanwhile);
  begin_abandonable (3, &gate, limiter, after, NULL);
  test_gate_await (&gate, 6);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (limiter), ==, 4);
  /* The source objects of the first ones are gone. */
  g_assert_cmpuint (test_count_alive (), ==, 2 + 4 + 6);
  doomed_destroy (&doomed);
  g_assert_cmpuint (test_count_alive (), ==, 2 + 2 + 6);
  g_cancellable_cancel (after);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (limiter), ==, 6);
  g_assert_cmpuint (test_count_alive (), ==, 2 + 2 + 2);
  g_assert_cmpuint (test_count_handlers (before) + test_count_handlers (meanwhile)
                      + test_count_handlers (after), ==, 0);
  g_assert_cmpuint (test_count_strays (), ==, 0);

  test_gate_open (&gate);
  test_await_alive (0);
  test_forgive_strays ();
}

/* A late result is on its way home, or there. */
static void
test_abandoned_race (TestFixture *fixture,
                     gconstpointer data)
{
  for (guint round = 0; round < 300; round++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      guint n_calls = 0;
      TEST_GATE (gate);
      Doomed doomed;

      doomed_init (&doomed);
      begin_abandonable (4, &gate, NULL, cancellable, &n_calls);
      test_gate_await (&gate, round % 5);
      if (round % 2 == 0)
        test_gate_open (&gate);
      g_cancellable_cancel (cancellable);
      if (round % 3 == 0)
        run_until (n_calls == 4);
      test_gate_open (&gate);
      doomed_destroy (&doomed);
      test_await_alive (0);
    }
  test_forgive_strays ();
}

/* The context is being destroyed when a call wants to come home to it. */
typedef struct {
  TestGate *call;
  TestGate *sentinel;
} Meanwhile;

static void
send_home_cb (gpointer data)
{
  Meanwhile *meanwhile = data;

  test_gate_open (meanwhile->call);
  test_gate_await (meanwhile->sentinel, 1);
}

static void
check_sent_home (int priority)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);
  TEST_GATE (sentinel);
  Meanwhile meanwhile = { &gate, &sentinel };
  Doomed doomed;

  doomed_init (&doomed);
  watch_end (doomed.context, priority, send_home_cb, &meanwhile);
  begin_things (1, &gate, limiter, NULL, NULL);
  g_main_context_pop_thread_default (doomed.context);
  test_gate_await (&gate, 1);
  pass_gate_async_full (&sentinel, 0, &(AsyncifyOptions) { .limiter = limiter }, NULL,
                        test_reply_cb, &reply);

  g_main_context_push_thread_default (doomed.context);
  doomed_destroy (&doomed);
  test_gate_open (&sentinel);
  test_reply_await (&reply);
  test_await_alive (0);
  test_forgive_strays ();
}

static void
test_meanwhile (TestFixture *fixture,
                gconstpointer data)
{
  /* One of them is destroyed before what the library has there, one after that. */
  check_sent_home (G_PRIORITY_HIGH);
  check_sent_home (G_PRIORITY_LOW + 1000);
}

static void
test_race (TestFixture *fixture,
           gconstpointer data)
{
  for (int round = 0; round < 1000; round++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Doomed doomed;

      doomed_init (&doomed);
      begin_things (4, NULL, NULL, cancellable, NULL);
      if (round % 3 == 0)
        g_cancellable_cancel (cancellable);
      doomed_destroy (&doomed);
    }
  test_await_alive (0);
  test_forgive_strays ();
}

/* A new context may be where the old one was. */
static void
test_another_in_its_place (TestFixture *fixture,
                           gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  TEST_GATE (gate);

  for (int i = 0; i < 20; i++)
    {
      Doomed doomed;

      doomed_init (&doomed);
      begin_things (1, &gate, limiter, NULL, NULL);
      {
        g_auto (TestReply) reply = { 0 };

        pass_gate_async (NULL, i, NULL, test_reply_cb, &reply);
        g_assert_cmpint (pass_gate_finish (test_reply_await (&reply), NULL), ==, i);
      }
      doomed_destroy (&doomed);
    }
  test_gate_open (&gate);
  test_await_alive (0);
  test_forgive_strays ();
}

SYNCIFY_DEFINE (VALUE (int), pass_gate_and_wait, pass_gate_async, pass_gate_finish,
                BORROWED (TestGate *, gate), VALUE (int, number))

static int
ask (TestGate *gate,
     GCancellable *cancellable,
     TestGate *answered)
{
  g_autoptr (GError) error = NULL;
  int number = pass_gate_and_wait (gate, 1, cancellable, &error);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  test_gate_enter (answered);

  return number;
}

ASYNCIFY_DEFINE (VALUE (int), ask, BORROWED (TestGate *, gate), CANCELLABLE,
                 BORROWED (TestGate *, answered))

/* A worker waits for a pair there, which has a reference on the GCancellable. */
static void
test_waited_for (TestFixture *fixture,
                 gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  TEST_GATE (gate);
  TEST_GATE (answered);
  Doomed doomed;

  doomed_init (&doomed);
  ask_async (&gate, &answered, cancellable, test_never_cb, NULL);
  run_until (test_gate_count (&gate) == 1);
  doomed_destroy (&doomed);

  test_gate_await (&answered, 1);
  test_gate_open (&answered);
  test_gate_open (&gate);
  wait_until (g_atomic_int_get (&G_OBJECT (cancellable)->ref_count) == 1);
  g_assert_cmpuint (test_count_handlers (cancellable), ==, 0);
}

static void
exit_in_flight (void)
{
  static TestGate gate; /* never opened */
  AsyncifyLimiter *limiter = asyncify_limiter_new (8);

  test_gate_init (&gate);
  begin_things (100, &gate, limiter, NULL, NULL);
  begin_things (100, &gate, NULL, NULL, NULL);
  begin_things (10, NULL, asyncify_limiter_new (1), NULL, NULL);
  test_gate_await (&gate, 48);
  exit (0);
}

static void
exit_abandoned (void)
{
  static TestGate gate; /* never opened */
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  AsyncifyLimiter *limiter = asyncify_limiter_new (8);
  guint n_calls = 0;

  test_gate_init (&gate);
  begin_abandonable (8, &gate, limiter, cancellable, &n_calls);
  test_gate_await (&gate, 8);
  g_cancellable_cancel (cancellable);
  run_until (n_calls == 8);
  begin_abandonable (8, &gate, limiter, NULL, NULL);
  test_gate_await (&gate, 16);
  exit (0);
}

static void
check_exit (void (*exit_func) (void))
{
  if (g_test_subprocess ())
    exit_func ();

  /* It is killed, and so fails, after this time. */
  g_test_trap_subprocess (NULL, 20 * G_USEC_PER_SEC, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_test_trap_assert_passed ();
}

static void
test_exit (void)
{
  check_exit (exit_in_flight);
}

static void
test_exit_abandoned (void)
{
  check_exit (exit_abandoned);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/gone/context/running-and-queued", test_running_and_queued);
  test_add ("/gone/context/ended", test_ended);
  test_add ("/gone/context/half-delivered", test_half_delivered);
  test_add ("/gone/context/cancelled-afterwards", test_cancelled_afterwards);
  test_add ("/gone/context/cancelled-before", test_cancelled_before);
  test_add ("/gone/context/abandoned", test_abandoned);
  test_add ("/gone/context/abandoned-race", test_abandoned_race);
  test_add ("/gone/context/while-a-call-comes-home", test_meanwhile);
  test_add ("/gone/context/race", test_race);
  test_add ("/gone/context/another-in-its-place", test_another_in_its_place);
  test_add ("/gone/context/waited-for-by-a-worker", test_waited_for);
  g_test_add_func ("/gone/process/exits-in-flight", test_exit);
  g_test_add_func ("/gone/process/exits-with-abandoned-calls", test_exit_abandoned);

  return g_test_run ();
}
