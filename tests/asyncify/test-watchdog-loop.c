/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Loops that are watched: other people's poll functions, contexts that go, threads that change,
 * and what it costs. */

#include "teststalls.h"

#include <asyncify/asyncify-hook-private.h>

/* Somebody else's poll function, which calls the one it has found */
static GPollFunc found;
static guint n_foreign; /* atomic */

static int
foreign_poll (GPollFD *fds,
              guint n_fds,
              int timeout)
{
  g_atomic_int_inc (&n_foreign);

  return found (fds, n_fds, timeout);
}

static void
put_foreign (GMainContext *context,
             GPollFunc func)
{
  found = g_main_context_get_poll_func (context);
  n_foreign = 0;
  g_main_context_set_poll_func (context, func);
}

static void
test_foreign_below (TestFixture *fixture,
                    gconstpointer data)
{
  put_foreign (fixture->context, foreign_poll);
  {
    TEST_STALLS (stalls, 50);

    g_assert_cmpuint (n_foreign, >, 0);
    test_block_loop (100);
    test_stalls_await (&stalls, 100 * MS);
  }

  n_foreign = 0;
  g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (n_foreign, ==, 1);
}

static void
test_foreign_above (TestFixture *fixture,
                    gconstpointer data)
{
  GPollFunc ours;
  TEST_STALLS (stalls, 50);

  put_foreign (fixture->context, foreign_poll);
  ours = found;

  /* It isn't pushed away by a watchdog that stops, and a stall is found under it. */
  asyncify_watchdog_stop (stalls.watchdog);
  g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (n_foreign, ==, 1);
  asyncify_watchdog_start (stalls.watchdog);
  g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (n_foreign, ==, 2);
  test_block_loop (200);
  test_stalls_await (&stalls, 200 * MS);

  /* It goes, and restores what it has found. */
  g_main_context_set_poll_func (fixture->context, ours);
  n_foreign = 0;
  test_block_loop (300);
  test_stalls_await (&stalls, 300 * MS);
  g_assert_cmpuint (n_foreign, ==, 0);
}

/* As GTK's on macOS does: looks what is there, and then waits elsewhere. */
static int
waiting_poll (GPollFD *fds,
              guint n_fds,
              int timeout)
{
  int n_ready = found (fds, n_fds, 0);

  n_foreign++;

  return n_ready != 0 || timeout == 0 ? n_ready : g_poll (fds, n_fds, timeout);
}

static void
test_waits_above (TestFixture *fixture,
                  gconstpointer data)
{
  TEST_STALLS (stalls, TEST_LONG_MS);

  put_foreign (fixture->context, waiting_poll);
  test_idle_for (TEST_LONG_MS + 100);
  test_idle_for (TEST_LONG_MS + 100);
  g_assert_cmpuint (stalls.stalls->len, ==, 0);
  g_assert_cmpuint (n_foreign, >, 0);

  test_block_loop (TEST_LONG_MS);
  test_stalls_await (&stalls, TEST_LONG_MS * MS);
}

/* The one that was put on top of the foreign one calls it. If that is put on top again, they call
 * each other. */
static void
test_circle (TestFixture *fixture,
             gconstpointer data)
{
  TEST_STALLS (stalls, 50);

  put_foreign (fixture->context, foreign_poll);
  asyncify_watchdog_stop (stalls.watchdog);
  asyncify_watchdog_start (stalls.watchdog);
  put_foreign (fixture->context, foreign_poll);
  g_main_context_iteration (fixture->context, FALSE);
  g_assert_cmpuint (n_foreign, >, 1);

  test_block_loop (100);
  test_idle_for (150);
  test_block_loop (200);
  test_stalls_await (&stalls, 200 * MS);
}

static void
test_context_gone (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (GPtrArray) watchdogs = g_ptr_array_new_with_free_func (g_object_unref);

  /* More than can be watched at once */
  for (guint i = 0; i < 2 * ASYNCIFY_MAX_HOOKS; i++)
    {
      g_autoptr (GMainContext) context = g_main_context_new ();
      AsyncifyWatchdog *watchdog = asyncify_watchdog_new (context, 1);
      g_autoptr (AsyncifyWatchdog) other = asyncify_watchdog_new (context, 1);

      g_ptr_array_add (watchdogs, watchdog);

      asyncify_watchdog_start (watchdog);
      asyncify_watchdog_start (other);
      for (guint turn = 0; turn < i; turn++)
        g_main_context_iteration (context, FALSE);
      g_clear_pointer (&context, g_main_context_unref);
      g_assert_cmpint (test_count_lookouts (), <=, 0);

      asyncify_watchdog_start (watchdog);
      g_assert_cmpint (test_count_lookouts (), <=, 0);
      if (i % 2 == 0)
        asyncify_watchdog_stop (watchdog);
    }
}

static void
context_going_cb (gpointer data)
{
  AsyncifyWatchdog *watchdog = data;

  asyncify_watchdog_stop (watchdog);
  g_object_unref (watchdog);
}

static gboolean
never_cb (gpointer data)
{
  g_assert_not_reached ();
}

/* The last reference is dropped already, but the context is still there. */
static void
test_context_going (TestFixture *fixture,
                    gconstpointer data)
{
  /* These are told of that before the library, and after it. */
  const int priorities[] = { G_PRIORITY_HIGH - 10, G_PRIORITY_LOW };

  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    {
      GMainContext *context = g_main_context_new ();
      g_autoptr (GSource) source = g_timeout_source_new_seconds (1000);
      AsyncifyWatchdog *watchdog = asyncify_watchdog_new (context, 50);

      g_source_set_priority (source, priorities[i]);
      g_source_set_callback (source, never_cb, g_object_ref (watchdog), context_going_cb);
      g_source_attach (source, context);
      asyncify_watchdog_start (watchdog);
      g_main_context_iteration (context, FALSE);
      g_main_context_unref (context);
      g_assert_finalize_object (watchdog);
    }
}

/* It goes while something is still to be told. */
static void
test_context_gone_stalled (TestFixture *fixture,
                           gconstpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_auto (TestStalls) stalls;
  GPollFunc poll;
  GPollFD fd = { -1, 0, 0 };

  test_stalls_init (&stalls, context, 50);
  poll = g_main_context_get_poll_func (context);
  test_block_for (100);
  poll (&fd, 1, 0);
  g_clear_pointer (&context, g_main_context_unref);
  g_assert_cmpuint (stalls.stalls->len, ==, 0);
}

static gpointer
run_and_go_thread (gpointer data)
{
  GMainContext *context = data;

  for (int i = 0; i < 3; i++)
    g_main_context_iteration (context, FALSE);
  g_main_context_unref (context);

  return NULL;
}

static void
test_context_gone_race (TestFixture *fixture,
                        gconstpointer data)
{
  for (guint i = 0; i < 500; i++)
    {
      GMainContext *context = g_main_context_new ();
      AsyncifyWatchdog *watchdog = asyncify_watchdog_new (context, 1);
      GThread *thread;

      asyncify_watchdog_start (watchdog);
      thread = g_thread_new ("gone", run_and_go_thread, context);
      if (i % 2 == 0)
        asyncify_watchdog_stop (watchdog);
      g_object_unref (watchdog);
      g_thread_join (thread);
    }
  g_assert_cmpint (test_count_lookouts (), <=, 0);
}

static void
test_too_many (TestFixture *fixture,
               gconstpointer data)
{
  GMainContext *contexts[ASYNCIFY_MAX_HOOKS + 1];
  AsyncifyWatchdog *watchdogs[G_N_ELEMENTS (contexts)];

  for (guint i = 0; i < G_N_ELEMENTS (contexts); i++)
    {
      contexts[i] = g_main_context_new ();
      watchdogs[i] = asyncify_watchdog_new (contexts[i], 50);
      if (i == ASYNCIFY_MAX_HOOKS)
        g_test_expect_message ("Asyncify", G_LOG_LEVEL_WARNING, "*isn't watched*");
      asyncify_watchdog_start (watchdogs[i]);
      g_main_context_iteration (contexts[i], FALSE);
    }
  g_test_assert_expected_messages ();

  /* Once there is room it is watched. */
  g_main_context_unref (contexts[0]);
  asyncify_watchdog_start (watchdogs[ASYNCIFY_MAX_HOOKS]);
  for (guint i = 1; i < G_N_ELEMENTS (contexts); i++)
    {
      g_main_context_iteration (contexts[i], FALSE);
      g_main_context_unref (contexts[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (contexts); i++)
    g_assert_finalize_object (watchdogs[i]);
}

static void
block_200_cb (gpointer data)
{
  test_block_for (200);
}

typedef struct {
  GMainContext *context;
  TestStalls *stalls;
} Inner;

static void
run_inner_cb (gpointer data)
{
  Inner *inner = data;

  test_call_in_loop (inner->context, block_200_cb, NULL);
  while (test_stalls_count (inner->stalls, 200 * MS) == 0)
    g_main_context_iteration (inner->context, FALSE);
}

/* One loop runs another one in a callback, by hand: both stand still when that one does. */
static void
test_loop_in_loop (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_auto (TestStalls) inner_stalls;
  TEST_STALLS (stalls, 50);
  Inner inner = { context, &inner_stalls };

  test_stalls_init (&inner_stalls, context, 50);
  test_call_in_loop (fixture->context, run_inner_cb, &inner);
  test_stalls_await (&stalls, 200 * MS);
}

typedef struct {
  GMainContext *context;
  TestGate gate;
} Iterate;

static gpointer
iterate_thread (gpointer data)
{
  Iterate *iterate = data;

  g_main_context_iteration (iterate->context, FALSE);
  test_gate_enter (&iterate->gate);

  return NULL;
}

/* Between two threads nobody runs it. The first thread has ended by the time that it would be
 * asked for its stack, or it hasn't. */
static void
test_other_thread (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_auto (TestStalls) stalls;

  test_stalls_init (&stalls, context, TEST_LONG_MS);
  for (guint i = 0; i < 2; i++)
    {
      Iterate iterate = { .context = context };
      GThread *thread;

      test_gate_init (&iterate.gate);
      thread = g_thread_new ("iterate", iterate_thread, &iterate);
      test_gate_await (&iterate.gate, 1);
      if (i == 0)
        test_gate_open (&iterate.gate);
      test_block_for (TEST_LONG_MS + 200);
      for (guint turn = 0; turn < 2; turn++)
        g_main_context_iteration (context, FALSE);
      g_assert_cmpuint (stalls.stalls->len, ==, 0);

      test_gate_clear (&iterate.gate);
      g_thread_join (thread);
    }
}

typedef struct {
  GMainContext *context;
  gboolean over;
} Idle;

static gpointer
idle_thread (gpointer data)
{
  Idle *idle = data;

  while (!idle->over)
    g_main_context_iteration (idle->context, TRUE);

  return NULL;
}

static void
end_idle_cb (gpointer data)
{
  Idle *idle = data;

  idle->over = TRUE;
}

/* The poll that a thread waits in was there before, and isn't known of: it has to come back. */
static void
test_start_while_idle (TestFixture *fixture,
                       gconstpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (AsyncifyWatchdog) watchdog = asyncify_watchdog_new (context, 50);
  Idle idle = { context, FALSE };
  GThread *thread;

  /* It is still woken for the source that it was given. */
  g_main_context_iteration (context, FALSE);
  put_foreign (context, foreign_poll);
  thread = g_thread_new ("idle", idle_thread, &idle);
  wait_until (g_atomic_int_get (&n_foreign) == 1);
  asyncify_watchdog_start (watchdog);
  wait_until (g_atomic_int_get (&n_foreign) == 2);

  test_call_in_loop (context, end_idle_cb, &idle);
  g_thread_join (thread);
}

static gpointer
stall_thread (gpointer data)
{
  GMainContext *context = data;
  g_auto (TestStalls) stalls;

  g_main_context_push_thread_default (context);
  test_stalls_init (&stalls, context, 50);
  test_block_loop (200);
  test_stalls_await (&stalls, 200 * MS);
  g_main_context_pop_thread_default (context);

  return NULL;
}

/* They may run at once, as each of their contexts has its own. */
static void
test_many_threads (TestFixture *fixture,
                   gconstpointer data)
{
  GMainContext *contexts[8];
  GThread *threads[8];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      contexts[i] = g_main_context_new ();
      threads[i] = g_thread_new ("stall", stall_thread, contexts[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_thread_join (threads[i]);
      g_main_context_unref (contexts[i]);
    }
}

/* How often the library's thread has gone to sleep; -1 if that can't be known */
static int
count_sleeps (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", name, "status", NULL);
      g_autofree char *status = NULL;
      const char *sleeps;

      if (!g_file_get_contents (path, &status, NULL, NULL)
          || !g_str_has_prefix (status, "Name:\tasyncify-watch"))
        continue;
      sleeps = strstr (status, "\nvoluntary_ctxt_switches:");
      if (sleeps != NULL)
        return atoi (strchr (sleeps, ':') + 1);
    }

  return -1;
}

typedef struct {
  GMainContext *context;
  int before;
  int after;
  gboolean over; /* atomic */
} Quiet;

static gpointer
quiet_thread (gpointer data)
{
  Quiet *quiet = data;

  /* What was just done is still looked at. */
  test_block_for (200);
  quiet->before = count_sleeps ();
  test_block_for (500);
  quiet->after = count_sleeps ();
  g_atomic_int_set (&quiet->over, TRUE);
  g_main_context_wakeup (quiet->context);

  return NULL;
}

static void
test_idle_cost (TestFixture *fixture,
                gconstpointer data)
{
  TEST_STALLS (stalls, 10);
  Quiet quiet = { .context = fixture->context };
  GThread *thread;

  wait_until (test_count_lookouts () != 0);
  if (count_sleeps () < 0)
    {
      g_test_skip ("how often a thread sleeps is not known here");
      return;
    }

  thread = g_thread_new ("quiet", quiet_thread, &quiet);
  run_until (g_atomic_int_get (&quiet.over));
  g_thread_join (thread);
  g_assert_cmpint (quiet.after, ==, quiet.before);
}

static gboolean
turn_cb (gpointer data)
{
  guint *n_turns = data;

  (*n_turns)++;

  return G_SOURCE_CONTINUE;
}

static void
test_busy_cost (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  guint n_turns = 0;
  int sleeps;
  TEST_STALLS (stalls, 50);

  wait_until (test_count_lookouts () != 0);
  if (count_sleeps () < 0)
    {
      g_test_skip ("how often a thread sleeps is not known here");
      return;
    }

  g_source_set_callback (source, turn_cb, &n_turns, NULL);
  g_source_attach (source, fixture->context);
  sleeps = count_sleeps ();
  test_idle_for (1000);
  sleeps = count_sleeps () - sleeps;
  g_source_destroy (source);

  /* It ought to be some 20, but whenever it finds a lock taken, or valgrind's, it sleeps too. */
  g_assert_cmpint (sleeps, >, 0);
  g_assert_cmpint (sleeps, <, n_turns / 50);
  g_test_message ("The thread slept %d times in %u turns of the loop", sleeps, n_turns);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/watchdog/poll-function/of-others-below", test_foreign_below);
  test_add ("/watchdog/poll-function/of-others-above", test_foreign_above);
  test_add ("/watchdog/poll-function/waits-above", test_waits_above);
  test_add ("/watchdog/poll-function/circle", test_circle);
  test_add ("/watchdog/context/gone", test_context_gone);
  test_add ("/watchdog/context/gone-after-stall", test_context_gone_stalled);
  test_add ("/watchdog/context/going", test_context_going);
  test_add ("/watchdog/context/gone-race", test_context_gone_race);
  test_add ("/watchdog/context/too-many", test_too_many);
  test_add ("/watchdog/several/loop-in-loop", test_loop_in_loop);
  test_add ("/watchdog/thread/another-runs-it", test_other_thread);
  test_add ("/watchdog/thread/many-at-once", test_many_threads);
  test_add ("/watchdog/thread/idle-when-started", test_start_while_idle);
  test_add ("/watchdog/cost/idle-wakes-nobody", test_idle_cost);
  test_add ("/watchdog/cost/busy-wakes-rarely", test_busy_cost);

  return g_test_run ();
}
