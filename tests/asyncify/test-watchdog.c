/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a watchdog tells, to whom and when, and what it doesn't. */

#include "teststalls.h"

static void
test_reported (TestFixture *fixture,
               gconstpointer data)
{
  TEST_STALLS (stalls, 50);

  test_block_loop (TEST_LONG_MS);
  test_stalls_await (&stalls, TEST_LONG_MS * MS);
  test_idle_for (100);
  g_assert_cmpuint (test_stalls_count (&stalls, TEST_LONG_MS * MS), ==, 1);
}

/* Both are called in the same turn of the loop. */
static void
test_poll_to_poll (TestFixture *fixture,
                   gconstpointer data)
{
  TEST_STALLS (stalls, 50);

  test_block_loop (100);
  test_block_loop (110);
  test_stalls_await (&stalls, 210 * MS);
}

/* A source that is ready only after the poll. (If one is ready before it, and more urgent than
 * all that the loop could poll, there is none.) */
typedef struct {
  GSource source;
  gboolean ready;
} LateSource;

static gboolean
late_source_check (GSource *source)
{
  return ((LateSource *) source)->ready;
}

static gboolean
late_source_dispatch (GSource *source,
                      GSourceFunc callback,
                      gpointer user_data)
{
  return callback (user_data);
}

static void
block_and_go_on_cb (gpointer data)
{
  LateSource *late = data;

  test_block_for (200);
  late->ready = TRUE;
}

/* Calls @func, with @priority, right after the stall that block_and_go_on_cb () makes. */
static GSource *
late_source_new (GMainContext *context,
                 int priority,
                 GSourceFunc func,
                 gpointer data)
{
  static GSourceFuncs funcs = { .check = late_source_check, .dispatch = late_source_dispatch };
  GSource *source = g_source_new (&funcs, sizeof (LateSource));

  g_source_set_priority (source, priority);
  g_source_set_callback (source, func, data, NULL);
  g_source_attach (source, context);

  return source;
}

static gboolean
block_cb (gpointer data)
{
  test_block_for (300);

  return G_SOURCE_REMOVE;
}

/* It blocks in the turn in which the stall before it is told of, and before that. */
static void
test_beside_telling (TestFixture *fixture,
                     gconstpointer data)
{
  g_autoptr (GSource) late = late_source_new (fixture->context, G_PRIORITY_HIGH, block_cb, NULL);

  {
    TEST_STALLS (stalls, 50);

    test_call_in_loop (fixture->context, block_and_go_on_cb, late);
    test_stalls_await (&stalls, 300 * MS);
    g_assert_cmpuint (test_stalls_count (&stalls, 200 * MS), >=, 2);
  }
}

/* A handler that blocks would be told of that, and so on. */
static void
slow_cb (AsyncifyWatchdog *watchdog,
         AsyncifyStall *stall,
         gpointer user_data)
{
  test_block_for (TEST_LONG_MS);
}

static void
test_slow_handler (TestFixture *fixture,
                   gconstpointer data)
{
  TEST_STALLS (stalls, 300);

  g_signal_connect (stalls.watchdog, "stalled", G_CALLBACK (slow_cb), NULL);
  test_block_loop (400);
  test_stalls_await (&stalls, 400 * MS);
  test_idle_for (100);
  g_assert_cmpuint (test_stalls_count (&stalls, TEST_LONG_MS * MS), ==, 0);
}

static void
run_nested_cb (AsyncifyWatchdog *watchdog,
               AsyncifyStall *stall,
               gpointer user_data)
{
  TestStalls *stalls = user_data;

  if (stalls->stalls->len > 1)
    return;

  test_block_loop (300);
  run_until (test_stalls_count (stalls, 300 * MS) > 0);
}

static void
test_handler_with_loop (TestFixture *fixture,
                        gconstpointer data)
{
  TEST_STALLS (stalls, 50);

  g_signal_connect (stalls.watchdog, "stalled", G_CALLBACK (run_nested_cb), &stalls);
  test_block_loop (100);
  test_stalls_await (&stalls, 300 * MS);
}

static void
release_cb (AsyncifyWatchdog *watchdog,
            AsyncifyStall *stall,
            gpointer user_data)
{
  AsyncifyWatchdog **held = user_data;

  if (*held != NULL)
    g_clear_object (held);
}

static void
test_released_by_handler (TestFixture *fixture,
                          gconstpointer data)
{
  AsyncifyWatchdog *watchdog = asyncify_watchdog_new (fixture->context, 50);
  AsyncifyWatchdog *held = watchdog;

  g_signal_connect (watchdog, "stalled", G_CALLBACK (release_cb), &held);
  g_object_add_weak_pointer (G_OBJECT (watchdog), (gpointer *) &watchdog);
  asyncify_watchdog_start (watchdog);
  g_main_context_iteration (fixture->context, FALSE);
  test_block_loop (100);
  run_until (watchdog == NULL);
  g_assert_cmpint (test_count_lookouts (), <=, 0);
}

static void
test_idle (TestFixture *fixture,
           gconstpointer data)
{
  TEST_STALLS (stalls, TEST_LONG_MS);

  test_idle_for (TEST_LONG_MS + 200);
  test_idle_for (100);
  g_assert_cmpuint (stalls.stalls->len, ==, 0);

  /* It would have been told of. */
  test_block_loop (TEST_LONG_MS);
  test_stalls_await (&stalls, TEST_LONG_MS * MS);
  g_assert_cmpuint (stalls.stalls->len, ==, 1);
}

static void
test_short (TestFixture *fixture,
            gconstpointer data)
{
  TEST_STALLS (other, 1);
  TEST_STALLS (stalls, TEST_LONG_MS);

  for (guint i = 1; i <= 3; i++)
    {
      test_block_loop (100);
      run_until (test_stalls_count (&other, 100 * MS) >= i);
    }
  g_assert_cmpuint (stalls.stalls->len, ==, 0);
}

static void
idle_nested_cb (gpointer data)
{
  test_idle_for (TEST_LONG_MS + 200);
}

static void
test_nested (TestFixture *fixture,
             gconstpointer data)
{
  TEST_STALLS (stalls, TEST_LONG_MS);

  test_call_in_loop (fixture->context, idle_nested_cb, NULL);
  test_idle_for (TEST_LONG_MS + 400);
  g_assert_cmpuint (stalls.stalls->len, ==, 0);
}

typedef struct {
  TestStalls *stalls;
  gboolean done;
} Nested;

static void
stall_nested_cb (gpointer data)
{
  Nested *nested = data;

  /* It is told of in the nested loop, whose own time doesn't count. */
  test_idle_for (TEST_LONG_MS);
  test_block_loop (200);
  test_stalls_await (nested->stalls, 200 * MS);
  g_assert_cmpuint (test_stalls_count (nested->stalls, TEST_LONG_MS * MS), ==, 0);
  nested->done = TRUE;
}

static void
test_stall_in_nested (TestFixture *fixture,
                      gconstpointer data)
{
  TEST_STALLS (stalls, 50);
  Nested nested = { &stalls, FALSE };

  test_call_in_loop (fixture->context, stall_nested_cb, &nested);
  run_until (nested.done);
}

static void
test_each_threshold (TestFixture *fixture,
                     gconstpointer data)
{
  TEST_STALLS (third, TEST_LONG_MS);
  TEST_STALLS (first, 50);
  TEST_STALLS (second, 100);
  guint before;

  test_block_loop (200);
  test_stalls_await (&first, 200 * MS);
  test_stalls_await (&second, 200 * MS);
  g_assert_cmpuint (third.stalls->len, ==, 0);

  asyncify_watchdog_stop (first.watchdog);
  before = first.stalls->len;
  g_ptr_array_set_size (second.stalls, 0);
  test_block_loop (200);
  test_stalls_await (&second, 200 * MS);
  g_assert_cmpuint (first.stalls->len, ==, before);
  g_assert_cmpuint (third.stalls->len, ==, 0);
}

typedef struct {
  AsyncifyWatchdog *watchdog;
  guint ms;
} Start;

static void
start_and_block_cb (gpointer data)
{
  Start *start = data;

  asyncify_watchdog_start (start->watchdog);
  test_block_for (start->ms);
}

static void
test_before_first_poll (TestFixture *fixture,
                        gconstpointer data)
{
  TEST_STALLS (other, 50);
  TEST_STALLS (stalls, 100);
  Start start = { stalls.watchdog, TEST_LONG_MS };

  /* In a callback: with and without another one that watches already */
  for (guint i = 1; i <= 2; i++)
    {
      asyncify_watchdog_stop (stalls.watchdog);
      test_call_in_loop (fixture->context, start_and_block_cb, &start);
      if (i == 1)
        run_until (test_stalls_count (&other, TEST_LONG_MS * MS) > 0);
      else
        test_idle_for (TEST_LONG_MS + 100);
      g_assert_cmpuint (test_stalls_count (&stalls, TEST_LONG_MS * MS), ==, 0);
      asyncify_watchdog_stop (other.watchdog);
    }

  /* ... and outside of the loop */
  asyncify_watchdog_stop (stalls.watchdog);
  start_and_block_cb (&start);
  test_idle_for (100);
  g_assert_cmpuint (test_stalls_count (&stalls, TEST_LONG_MS * MS), ==, 0);

  test_block_loop (TEST_LONG_MS);
  test_stalls_await (&stalls, TEST_LONG_MS * MS);
}

static void
test_start_again (TestFixture *fixture,
                  gconstpointer data)
{
  TEST_STALLS (stalls, 50);

  for (guint i = 0; i < 3; i++)
    {
      guint before;

      asyncify_watchdog_stop (stalls.watchdog);
      before = stalls.stalls->len;
      test_block_loop (200);
      test_idle_for (300);
      g_assert_cmpuint (stalls.stalls->len, ==, before);

      asyncify_watchdog_stop (stalls.watchdog);
      asyncify_watchdog_start (stalls.watchdog);
      asyncify_watchdog_start (stalls.watchdog);
      g_main_context_iteration (fixture->context, FALSE);
      test_block_loop (200);
      g_ptr_array_set_size (stalls.stalls, 0);
      test_stalls_await (&stalls, 200 * MS);
    }
}

typedef struct {
  TestStalls *stalls;
  guint told; /* before */
} Stop;

static void
block_and_stop_cb (gpointer data)
{
  Stop *stop = data;

  stop->told = stop->stalls->stalls->len;
  test_block_for (200);
  asyncify_watchdog_stop (stop->stalls->watchdog);
}

static gpointer
stop_thread (gpointer data)
{
  asyncify_watchdog_stop (data);

  return NULL;
}

static void
block_while_stopped_cb (gpointer data)
{
  Stop *stop = data;

  stop->told = stop->stalls->stalls->len;
  test_block_for (200);
  g_thread_join (g_thread_new ("stop", stop_thread, stop->stalls->watchdog));
  test_block_for (200);
}

static void
test_stop_in_stall (TestFixture *fixture,
                    gconstpointer data)
{
  TEST_STALLS (stalls, 50);
  Stop stop = { &stalls, 0 };

  test_call_in_loop (fixture->context, block_and_stop_cb, &stop);
  test_idle_for (300);
  g_assert_cmpuint (stalls.stalls->len, ==, stop.told);

  asyncify_watchdog_start (stalls.watchdog);
  g_main_context_iteration (fixture->context, FALSE);
  test_call_in_loop (fixture->context, block_while_stopped_cb, &stop);
  test_idle_for (500);
  g_assert_cmpuint (stalls.stalls->len, ==, stop.told);
}

static gboolean
stop_cb (gpointer data)
{
  Stop *stop = data;

  stop->told = stop->stalls->stalls->len;
  asyncify_watchdog_stop (stop->stalls->watchdog);

  return G_SOURCE_REMOVE;
}

/* The stall is over, but what came first has stopped the watchdog. */
static void
test_stop_before_told (TestFixture *fixture,
                       gconstpointer data)
{
  TEST_STALLS (stalls, 50);
  Stop stop = { &stalls, 0 };
  g_autoptr (GSource) late = late_source_new (fixture->context, G_PRIORITY_HIGH - 10, stop_cb,
                                              &stop);

  test_call_in_loop (fixture->context, block_and_go_on_cb, late);
  test_idle_for (300);
  g_assert_cmpuint (stalls.stalls->len, ==, stop.told);
}

static void
test_threads_left (TestFixture *fixture,
                   gconstpointer data)
{
  AsyncifyWatchdog *first = asyncify_watchdog_new (fixture->context, 50);
  AsyncifyWatchdog *second = asyncify_watchdog_new (fixture->context, 50);

  if (test_count_lookouts () < 0)
    g_test_skip ("threads have no names here");
  else
    {
      g_assert_cmpint (test_count_lookouts (), ==, 0);
      asyncify_watchdog_start (first);
      /* A thread tells its name itself. */
      wait_until (test_count_lookouts () == 1);
      asyncify_watchdog_start (second);
      g_assert_cmpint (test_count_lookouts (), ==, 1);
      asyncify_watchdog_stop (first);
      g_assert_cmpint (test_count_lookouts (), ==, 1);
      asyncify_watchdog_stop (second);
      g_assert_cmpint (test_count_lookouts (), ==, 0);

      asyncify_watchdog_start (first);
      g_clear_object (&first);
      g_assert_cmpint (test_count_lookouts (), ==, 0);
    }
  g_clear_object (&first);
  g_clear_object (&second);
}

static gpointer
start_stop_thread (gpointer data)
{
  for (int i = 0; i < 500; i++)
    {
      asyncify_watchdog_start (data);
      asyncify_watchdog_stop (data);
    }

  return NULL;
}

static void
test_start_stop_race (TestFixture *fixture,
                      gconstpointer data)
{
  g_autoptr (AsyncifyWatchdog) shared = asyncify_watchdog_new (fixture->context, 1);
  g_autoptr (AsyncifyWatchdog) own = asyncify_watchdog_new (fixture->context, 1);
  GThread *threads[3];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("start-stop", start_stop_thread, i == 0 ? own : shared);
  for (guint i = 0; i < 500; i++)
    run_dry ();
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (test_count_lookouts (), <=, 0);
}

static void
told_cb (AsyncifyWatchdog *watchdog,
         AsyncifyStall *stall,
         gpointer user_data)
{
  gboolean *told = user_data;

  *told = TRUE;
}

static void
test_default_context (void)
{
  AsyncifyWatchdog *watchdog = asyncify_watchdog_new (NULL, 50);
  gboolean told = FALSE;

  g_signal_connect (watchdog, "stalled", G_CALLBACK (told_cb), &told);
  asyncify_watchdog_start (watchdog);
  g_main_context_iteration (NULL, FALSE);
  test_block_loop (100);
  run_until (told);
  g_assert_finalize_object (watchdog);
}

static void
test_no_threshold (void)
{
  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, "*threshold_ms >= 1*");
  g_assert_null (asyncify_watchdog_new (NULL, 0));
  g_test_assert_expected_messages ();
}

static void
test_stall_boxed (TestFixture *fixture,
                  gconstpointer data)
{
  TEST_STALLS (stalls, 50);
  g_autoptr (AsyncifyStall) copy = NULL;
  g_auto (GValue) value = G_VALUE_INIT;
  AsyncifyStall *stall;

  test_block_loop (100);
  stall = test_stalls_await (&stalls, 100 * MS);
  g_value_init (&value, ASYNCIFY_TYPE_STALL);
  g_value_set_boxed (&value, stall);
  copy = g_value_dup_boxed (&value);
  g_assert_cmpint (asyncify_stall_get_duration (copy), ==, asyncify_stall_get_duration (stall));
  g_assert_true (g_strv_equal (asyncify_stall_get_functions (copy),
                               asyncify_stall_get_functions (stall)));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/watchdog/stall/reported-once-with-duration", test_reported);
  test_add ("/watchdog/stall/from-poll-to-poll", test_poll_to_poll);
  test_add ("/watchdog/stall/beside-the-telling", test_beside_telling);
  test_add ("/watchdog/stall/boxed", test_stall_boxed);
  test_add ("/watchdog/quiet/idle", test_idle);
  test_add ("/watchdog/quiet/short-of-threshold", test_short);
  test_add ("/watchdog/quiet/nested-loop", test_nested);
  test_add ("/watchdog/nested-loop/stall", test_stall_in_nested);
  test_add ("/watchdog/several/each-its-threshold", test_each_threshold);
  test_add ("/watchdog/handler/slow-is-no-stall", test_slow_handler);
  test_add ("/watchdog/handler/runs-nested-loop", test_handler_with_loop);
  test_add ("/watchdog/handler/releases-watchdog", test_released_by_handler);
  test_add ("/watchdog/start/not-before-first-poll", test_before_first_poll);
  test_add ("/watchdog/start/again", test_start_again);
  g_test_add_func ("/watchdog/start/default-context", test_default_context);
  g_test_add_func ("/watchdog/start/no-threshold", test_no_threshold);
  test_add ("/watchdog/stop/while-stalled", test_stop_in_stall);
  test_add ("/watchdog/stop/before-it-is-told", test_stop_before_told);
  test_add ("/watchdog/stop/no-thread-left", test_threads_left);
  test_add ("/watchdog/stop/race", test_start_stop_race);

  return g_test_run ();
}
