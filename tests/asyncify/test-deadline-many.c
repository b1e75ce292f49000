/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Many calls that take too long, and main loops that have other things to do. */

#include "testutils.h"

#define LONG (60 * 60 * 1000)

static void
begin (AsyncifyLimiter *limiter,
       guint timeout_ms,
       TestGate *gate,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  const AsyncifyOptions options = { .limiter = limiter, .timeout_ms = timeout_ms };

  pass_gate_async_full (gate, 5, &options, NULL, callback, user_data);
}

/* Lets time pass, while nobody runs the loop. */
static void
pass_ms (guint ms)
{
  const gint64 until = g_get_monotonic_time () + ms * G_TIME_SPAN_MILLISECOND;

  wait_until (g_get_monotonic_time () > until);
}

/* A callback that counts, by how the call ended. */
typedef struct {
  guint good, cancelled, timed_out;
} Tally;

static void
tally_cb (GObject *source_object,
          GAsyncResult *result,
          gpointer user_data)
{
  Tally *tally = user_data;
  g_autoptr (GError) error = NULL;

  if (pass_gate_finish (result, &error) == 5)
    tally->good++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    tally->timed_out++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tally->cancelled++;
  else
    g_assert_no_error (error);
}

static void
write_down_cb (GObject *source_object,
               GAsyncResult *result,
               gpointer user_data)
{
  int number = GPOINTER_TO_INT (g_object_get_data (source_object, "number"));
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (pass_gate_finish (result, &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_array_append_val ((GArray *) user_data, number);
}

/* Whose time is over first is told first, though they all are told in one go. */
static void
test_order (TestFixture *fixture,
            gconstpointer data)
{
  const guint timeouts[] = { 300, 100, 400, 200, 1 };
  const int expected[] = { 4, 1, 3, 0, 2 };
  const gint64 began = g_get_monotonic_time ();
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (int));
  guint ended = 0;
  TEST_GATE (gate);

  fill_limiter (limiter, 1, &gate, &ended);
  for (guint i = 0; i < G_N_ELEMENTS (timeouts); i++)
    {
      g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
      const AsyncifyOptions options
        = { .source_object = object, .limiter = limiter, .timeout_ms = timeouts[i] };

      g_object_set_data (object, "number", GUINT_TO_POINTER (i));
      pass_gate_async_full (NULL, 5, &options, NULL, write_down_cb, order);
    }
  if (g_get_monotonic_time () - began < 90 * G_TIME_SPAN_MILLISECOND)
    {
      pass_ms (410);
      run_until (order->len == G_N_ELEMENTS (timeouts));
      g_assert_cmpmem (order->data, order->len * sizeof (int), expected, sizeof expected);
    }
  else
    g_test_incomplete ("it took too long to make the calls");
  run_until (order->len == G_N_ELEMENTS (timeouts));
  test_gate_open (&gate);
  run_until (ended == 1);
}

static guint
attach_and_forget (void)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  guint id = g_source_attach (source, g_main_context_get_thread_default ());

  g_source_destroy (source);

  return id;
}

#define N_MANY 10000

/* A context counts the sources that it ever had. */
static void
test_sources (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  Tally tally = { 0 };
  guint before;

  before = attach_and_forget ();
  for (guint i = 0; i < N_MANY; i++)
    begin (limiter, LONG + i % 7, NULL, tally_cb, &tally);
  g_assert_cmpuint (attach_and_forget () - before, <, 10);
  run_until (tally.good == N_MANY);
}

static void
test_all_at_once (TestFixture *fixture,
                  gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  Tally tally = { 0 };
  guint ended = 0;
  TEST_GATE (gate);
  TEST_GATE (never);

  fill_limiter (limiter, 1, &gate, &ended);
  for (guint i = 0; i < N_MANY; i++)
    begin (limiter, 1 + i % 7, &never, tally_cb, &tally);
  run_until (tally.timed_out == N_MANY);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 0);
  test_gate_open (&gate);
  run_until (ended == 1);
  g_assert_cmpuint (tally.timed_out, ==, N_MANY);
  g_assert_cmpuint (never.entered, ==, 0);
}

/* What a window does for each frame. */
static gboolean
beat_cb (gpointer data)
{
  (*(guint *) data)++;

  return G_SOURCE_CONTINUE;
}

static GSource *
start_beat (int priority,
            guint *beats)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, priority);
  g_source_set_callback (source, beat_cb, beats, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());

  return source;
}

static void
stop_beat (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

#define N_SLOW 30

/* A hook that takes its time. */
static void
take_a_ms (gpointer data)
{
  const gint64 until = g_get_monotonic_time () + G_TIME_SPAN_MILLISECOND;

  while (g_get_monotonic_time () < until)
    ;
  (*(guint *) data)++;
}

/* All time out at once, and each of them takes a while: others have their turns in between. */
static void
test_loop_runs_on (TestFixture *fixture,
                   gconstpointer data)
{
  guint hooks = 0, beats = 0;
  Tally tally = { 0 };
  TEST_GATE (gate);
  GSource *beat;

  for (guint i = 0; i < N_SLOW; i++)
    pass_gate_async_full (&gate, 5,
                          &(AsyncifyOptions) { .timeout_ms = 1,
                                               .interrupt = take_a_ms,
                                               .interrupt_data = &hooks },
                          NULL, tally_cb, &tally);
  test_gate_await (&gate, N_SLOW);
  pass_ms (1);
  beat = start_beat (G_PRIORITY_HIGH_IDLE + 20, &beats);
  run_until (hooks == N_SLOW);
  stop_beat (beat);
  g_assert_cmpuint (beats, >=, N_SLOW / 5);

  test_gate_open (&gate);
  run_until (tally.good == N_SLOW);
}

static void
count_hook (gpointer data)
{
  (*(guint *) data)++;
}

/* There is always something to do that is as urgent as anything. The function hears of its
 * deadline all the same. */
static void
test_busy_loop (TestFixture *fixture,
                gconstpointer data)
{
  guint hooks = 0, beats = 0;
  Tally tally = { 0 };
  TEST_GATE (gate);
  GSource *beat = start_beat (G_PRIORITY_DEFAULT, &beats);

  pass_gate_async_full (&gate, 5,
                        &(AsyncifyOptions) { .timeout_ms = 20,
                                             .interrupt = count_hook,
                                             .interrupt_data = &hooks },
                        NULL, tally_cb, &tally);
  test_gate_await (&gate, 1);
  run_until (hooks == 1);
  g_assert_cmpuint (beats, >, 0);
  stop_beat (beat);
  test_gate_open (&gate);
  run_until (tally.good == 1);
}

/* Every third of them is cancelled, and every third ends in time. */
static void
test_mixed (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint ended = 0, before = 0;
  Tally tally = { 0 };
  TEST_GATE (first);
  TEST_GATE (gate);

  fill_limiter (limiter, 1, &first, &before);
  for (guint i = 0; i < 3000; i++)
    {
      const AsyncifyOptions options
        = { .limiter = limiter, .priority = i % 3, .timeout_ms = 200 + i % 11 };

      pass_gate_async_full (NULL, 5, &options, i % 3 == 1 ? cancellable : NULL, tally_cb, &tally);
    }
  /* What runs when those of priority 0 have ended. */
  pass_gate_async_full (&gate, 0, &(AsyncifyOptions) { .limiter = limiter }, NULL, test_count_cb,
                        &ended);
  g_cancellable_cancel (cancellable);
  test_gate_open (&first);
  test_gate_await (&gate, 1);
  run_until (tally.good + tally.cancelled + tally.timed_out == 3000);
  g_assert_cmpuint (tally.good, ==, 1000);
  g_assert_cmpuint (tally.cancelled, ==, 1000);
  g_assert_cmpuint (tally.timed_out, ==, 1000);
  test_gate_open (&gate);
  run_until (ended == 1 && before == 1);
}

/* Calls whose time may be over while they run, return and come home. */
static int
take_us (guint us,
         GError **error)
{
  const gint64 until = g_get_monotonic_time () + us;

  while (g_get_monotonic_time () < until && !asyncify_is_cancelled ())
    g_thread_yield ();
  asyncify_set_error_if_cancelled (error);

  return 5;
}

ASYNCIFY_DEFINE (VALUE (int), take_us, VALUE (guint, us), THROWS)

static void
take_us_cb (GObject *source_object,
            GAsyncResult *result,
            gpointer user_data)
{
  Tally *tally = user_data;
  g_autoptr (GError) error = NULL;

  if (take_us_finish (result, &error) == 5)
    tally->good++;
  else
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      tally->timed_out++;
    }
}

static void
test_race (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  Tally tally = { 0 };

  for (guint i = 0; i < 500; i++)
    {
      take_us_async_full (500 + i * 2,
                          &(AsyncifyOptions) { .limiter = limiter,
                                               .timeout_ms = 1,
                                               .cancel_policy = i % 2 },
                          NULL, take_us_cb, &tally);
      if (i % 2 == 1)
        run_until (tally.good + tally.timed_out == i + 1);
    }
  wait_until (asyncify_limiter_get_abandoned (limiter) == 0);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 0);
}

/* Each has a loop, and calls that aren't in time. */
typedef struct {
  TestGate stuck; /* where the functions stand */
  TestGate begin; /* where the threads do, until all have called */
} Callers;

#define N_EACH 5

static void
own_thread_hook (gpointer data)
{
  g_assert_true (g_thread_self () == data);
}

static gpointer
caller_thread (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Callers *callers = data;
  Tally tally = { 0 };

  g_main_context_push_thread_default (context);
  for (guint i = 0; i < N_EACH; i++)
    pass_gate_async_full (&callers->stuck, 5,
                          &(AsyncifyOptions) { .timeout_ms = 1 + 3 * i,
                                               .cancel_policy = ASYNCIFY_CANCEL_ABANDON,
                                               .interrupt = own_thread_hook,
                                               .interrupt_data = g_thread_self () },
                          NULL, tally_cb, &tally);
  test_gate_enter (&callers->begin);
  run_until (tally.timed_out == N_EACH);
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
test_threads (TestFixture *fixture,
              gconstpointer data)
{
  AsyncifyLimiter *limiter = asyncify_limiter_get_default ();
  GThread *threads[4];
  Callers callers;

  test_gate_init (&callers.stuck);
  test_gate_init (&callers.begin);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("caller", caller_thread, &callers);
  test_gate_await (&callers.begin, G_N_ELEMENTS (threads));
  test_gate_await (&callers.stuck, N_EACH * G_N_ELEMENTS (threads));
  test_gate_open (&callers.begin);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (limiter), ==,
                    N_EACH * G_N_ELEMENTS (threads));
  test_gate_clear (&callers.stuck);
  test_gate_clear (&callers.begin);
  wait_until (asyncify_limiter_get_abandoned (limiter) == 0);
}

/* The loop that waits runs in a callback. */
static void
nest_cb (GObject *source_object,
         GAsyncResult *result,
         gpointer user_data)
{
  const AsyncifyOptions options
    = { .timeout_ms = 20, .cancel_policy = ASYNCIFY_CANCEL_ABANDON };
  TestGate *gate = user_data;
  Tally tally = { 0 };

  pass_gate_async_full (gate, 5, &options, NULL, tally_cb, &tally);
  test_gate_await (gate, 1);
  run_until (tally.timed_out == 1);
  test_gate_open (gate);
}

static void
test_nested (TestFixture *fixture,
             gconstpointer data)
{
  TEST_GATE (gate);

  pass_gate_async (NULL, 5, NULL, nest_cb, &gate);
  run_until (gate.let > 0);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/call/timeout/many/in-the-order-of-their-deadlines", test_order);
  test_add ("/call/timeout/many/without-a-source-for-each", test_sources);
  test_add ("/call/timeout/many/all-at-once", test_all_at_once);
  test_add ("/call/timeout/many/loop-runs-on", test_loop_runs_on);
  test_add ("/call/timeout/many/loop-is-busy", test_busy_loop);
  test_add ("/call/timeout/many/some-cancelled-some-in-time", test_mixed);
  test_add ("/call/timeout/many/race", test_race);
  test_add ("/call/timeout/many/contexts-of-many-threads", test_threads);
  test_add ("/call/timeout/many/nested-loop", test_nested);

  return g_test_run ();
}
