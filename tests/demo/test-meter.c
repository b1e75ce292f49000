/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <stdlib.h>
#include <string.h>

#include "demo-culprit.h"
#include "demo-histogram.h"
#include "demo-meter.h"

/* Where the watchdog can find out in which functions the loop is. */
#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
#define FINDS_FUNCTIONS TRUE
#else
#define FINDS_FUNCTIONS FALSE
#endif

/* The recording under way. */
static DemoRecording *recording;

/* How a test blocks the loop: for so long, in a function of this name (or in none that is named).
 */
typedef struct
{
  DemoMeter *meter;
  guint ms;
  const char *function;
  gboolean ends;               /* the recording, before the loop is back */
  DemoMeasurement measurement; /* if it ends */
  gboolean done;
} Block;

static gboolean
block_cb (gpointer user_data)
{
  Block *block = user_data;

  if (block->function != NULL)
    demo_meter_enter (block->meter, block->function);
  g_usleep (block->ms * 1000);
  if (block->function != NULL)
    demo_meter_leave (block->meter);

  if (block->ends)
    demo_meter_end (block->meter, recording, &block->measurement);
  block->done = TRUE;

  return G_SOURCE_REMOVE;
}

static gboolean
set_true_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

static void
run_loop_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, set_true_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
run_block (Block *block)
{
  g_idle_add (block_cb, block);
  while (!block->done)
    g_main_context_iteration (NULL, TRUE);
}

/* What the signal said last, and how often it said something. */
typedef struct
{
  guint count;
  double duration_ms;
  guint frames_missed;
  char *function;
} Froze;

static void
froze_cb (DemoMeter  *meter,
          double      duration_ms,
          guint       frames_missed,
          const char *function,
          gpointer    user_data)
{
  Froze *froze = user_data;

  froze->count++;
  froze->duration_ms = duration_ms;
  froze->frames_missed = frames_missed;
  g_free (froze->function);
  froze->function = g_strdup (function);
}

static void
watch_froze (DemoMeter *meter,
             Froze     *froze)
{
  g_signal_connect (meter, "froze", G_CALLBACK (froze_cb), froze);
}

static int
compare_int64 (const void *a,
               const void *b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static void
test_histogram_percentiles (void)
{
  g_autofree DemoHistogram *histogram = g_new (DemoHistogram, 1);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  enum { N = 9973 };
  gint64 values[N];

  demo_histogram_clear (histogram);
  g_assert_cmpint (demo_histogram_get_percentile (histogram, 50), ==, 0);

  for (guint i = 0; i < N; i++)
    {
      /* From 1 us to a minute, on all scales. */
      values[i] = (gint64) g_rand_int_range (rand, 1, 1000) << g_rand_int_range (rand, 0, 17);
      demo_histogram_add (histogram, values[i]);
    }
  qsort (values, N, sizeof values[0], compare_int64);

  for (guint percent = 1; percent <= 100; percent++)
    {
      gint64 exact = values[(N * percent + 99) / 100 - 1];
      gint64 found = demo_histogram_get_percentile (histogram, percent);

      g_assert_cmpint (found, >=, exact);
      g_assert_cmpint (found, <=, exact + exact / 128 + 1);
    }
  g_assert_cmpint (demo_histogram_get_percentile (histogram, 100), ==, values[N - 1]);
}

/* Two sides of one machine: an event's age is what it is, also the first one's. */
static void
test_input_clock_shared (void)
{
  DemoInputClock clock = { 0 };

  g_assert_cmpint (demo_input_clock_get_age (&clock, 5000, 5700 * 1000 + 250), ==, 700250);
  g_assert_cmpint (demo_input_clock_get_age (&clock, 6000, 6002 * 1000), ==, 2000);

  /* Their clock may be read a moment later than ours. */
  g_assert_cmpint (demo_input_clock_get_age (&clock, 7001, 7000 * 1000 + 900), ==, 900);
}

/* All that is known of another machine's clock is what the fastest event has told. */
static void
test_input_clock_foreign (void)
{
  const gint64 now = 900 * G_GINT64_CONSTANT (1000000);
  DemoInputClock clock = { 0 };

  g_assert_cmpint (demo_input_clock_get_age (&clock, 5000, now + 40000), ==, 0);
  g_assert_cmpint (demo_input_clock_get_age (&clock, 6000, now + 1010000), ==, 0);
  g_assert_cmpint (demo_input_clock_get_age (&clock, 7000, now + 2510000), ==, 500000);

  /* It was set. */
  g_assert_cmpint (demo_input_clock_get_age (&clock, 7000, now + 900000000), ==, 0);
  g_assert_cmpint (demo_input_clock_get_age (&clock, 8000, now + 901300000), ==, 300000);
}

/* After 49.7 days it begins anew. */
static void
test_input_clock_wraps (void)
{
  const gint64 wrap = G_GINT64_CONSTANT (0x100000000) * 1000;
  DemoInputClock clock = { 0 };

  g_assert_cmpint (demo_input_clock_get_age (&clock, 0xffffffff - 99, wrap - 80000), ==, 20000);
  g_assert_cmpint (demo_input_clock_get_age (&clock, 0xffffffff - 99, wrap + 20000), ==, 120000);
  g_assert_cmpint (demo_input_clock_get_age (&clock, 10, wrap + 30000), ==, 20000);
}

static void
test_block_is_counted_in_full (void)
{
  g_autoptr (DemoMeter) meter = demo_meter_new ();
  Block block = { .meter = meter, .ms = 300 };
  DemoMeasurement measurement;

  run_loop_for (20);
  recording = demo_meter_begin (meter);
  run_block (&block);
  run_loop_for (20);
  demo_meter_end (meter, recording, &measurement);

  g_assert_cmpfloat (measurement.wall_ms, >=, 320);
  g_assert_cmpfloat (measurement.heartbeat.max_ms, >=, 295);
  g_assert_cmpfloat (measurement.heartbeat.max_ms, <=, measurement.wall_ms);

  /* The sixty beats that were due meanwhile are there, the later ones less late than the first. */
  g_assert_cmpuint (measurement.heartbeat.beats, >=, 62);
  g_assert_cmpuint (measurement.heartbeat.beats, <=, measurement.wall_ms / 5 + 1);
  g_assert_cmpfloat (measurement.heartbeat.p99_ms, >=, 285);
  g_assert_cmpfloat (measurement.heartbeat.p50_ms, >=, 100);
  g_assert_cmpfloat (measurement.heartbeat.p50_ms, <=, measurement.heartbeat.max_ms * 0.6);
}

static void
test_calm_has_no_freeze (void)
{
  g_autoptr (DemoMeter) meter = demo_meter_new ();
  Froze froze = { 0 };
  DemoMeasurement measurement;

  watch_froze (meter, &froze);
  recording = demo_meter_begin (meter);
  run_loop_for (300);
  demo_meter_end (meter, recording, &measurement);

  g_assert_cmpuint (froze.count, ==, 0);
  g_assert_cmpuint (measurement.heartbeat.beats, >=, 58);
  g_assert_cmpfloat (measurement.heartbeat.p50_ms, <, 50);
}

static void
test_short_block_is_no_freeze (void)
{
  g_autoptr (DemoMeter) meter = demo_meter_new ();
  Block block = { .meter = meter, .ms = 100, .function = "short_work" };
  Froze froze = { 0 };

  watch_froze (meter, &froze);
  run_block (&block);
  run_loop_for (20);

  g_assert_cmpuint (froze.count, ==, 0);
  g_assert_cmpfloat (demo_meter_get_lateness (meter), >=, 95);
}

static void
test_hole_is_painted (void)
{
  g_autoptr (DemoMeter) meter = demo_meter_new ();
  Block block = { .meter = meter, .ms = 450 };
  double lateness_ms[DEMO_METER_BUCKETS];
  guint n_red = 0;
  gint64 first, last;

  first = demo_meter_get_history (meter, lateness_ms, DEMO_METER_BUCKETS);
  g_assert_cmpfloat (lateness_ms[DEMO_METER_BUCKETS - 20], <, 0);

  run_loop_for (150);
  run_block (&block);
  run_loop_for (150);
  last = demo_meter_get_history (meter, lateness_ms, DEMO_METER_BUCKETS);
  g_assert_cmpint (last - first, >=, 7);

  /* 450 ms reach into at least five buckets, and there is no hole between them. */
  for (guint i = 0; i < DEMO_METER_BUCKETS; i++)
    if (lateness_ms[i] >= 445)
      {
        g_assert_true (n_red == 0 || lateness_ms[i - 1] >= 445);
        n_red++;
      }
  g_assert_cmpuint (n_red, >=, 5);

  /* The oldest ones are from before there was a meter. */
  g_assert_cmpfloat (lateness_ms[0], <, 0);
}

static void
test_history_of_the_block_itself (void)
{
  g_autoptr (DemoMeter) meter = demo_meter_new ();
  double lateness_ms[2];

  /* The loop has not been back. */
  g_usleep (250 * 1000);
  demo_meter_get_history (meter, lateness_ms, 2);

  g_assert_cmpfloat (lateness_ms[0], >=, 240);
  g_assert_cmpfloat (lateness_ms[1], >=, 240);
}

static void
test_pending_block_counts (void)
{
  g_autoptr (DemoMeter) meter = demo_meter_new ();
  Block block = { .meter = meter, .ms = 300, .ends = TRUE };
  DemoMeasurement next;

  run_loop_for (20);
  recording = demo_meter_begin (meter);
  run_block (&block);

  g_assert_cmpfloat (block.measurement.heartbeat.max_ms, >=, 295);
  g_assert_cmpuint (block.measurement.heartbeat.beats, >=, 60);

  /* It is not counted again in a recording that it was not part of. */
  recording = demo_meter_begin (meter);
  run_loop_for (50);
  demo_meter_end (meter, recording, &next);
  g_assert_cmpfloat (next.heartbeat.max_ms, <, 200);
}

static void
test_recordings_side_by_side (void)
{
  g_autoptr (DemoMeter) meter = demo_meter_new ();
  Block block = { .meter = meter, .ms = 250 };
  DemoMeasurement whole, calm;
  DemoRecording *first, *second;

  first = demo_meter_begin (meter);
  run_block (&block);
  second = demo_meter_begin (meter);
  run_loop_for (50);
  demo_meter_end (meter, second, &calm);
  run_loop_for (20);
  demo_meter_end (meter, first, &whole);

  g_assert_cmpfloat (whole.heartbeat.max_ms, >=, 245);
  g_assert_cmpuint (whole.heartbeat.beats, >=, 62);
  g_assert_cmpfloat (calm.heartbeat.max_ms, <, 200);
  g_assert_cmpfloat (calm.wall_ms, <, whole.wall_ms - 250);

  /* The one that nobody stops ends with the meter. */
  first = demo_meter_begin (meter);
  g_assert_nonnull (first);
}

/* In g_usleep (), which the test itself has called, and for which there is no other name. */
static void
assert_found_usleep (const Froze *froze)
{
  if (FINDS_FUNCTIONS)
    {
      g_assert_nonnull (froze->function);
      g_assert_true (g_str_has_prefix (froze->function, "g_usleep"));
      g_assert_nonnull (strstr (froze->function, "test-meter+0x"));
    }
}

static void
test_names_the_function (void)
{
  g_autoptr (DemoMeter) meter = demo_meter_new ();
  Block named = { .meter = meter, .ms = 250, .function = "do_sync_work" };
  Block unnamed = { .meter = meter, .ms = 250 };
  Froze froze = { 0 };

  watch_froze (meter, &froze);
  run_loop_for (20);
  run_block (&named);
  run_loop_for (20);
  g_assert_cmpuint (froze.count, ==, 1);
  g_assert_cmpfloat (froze.duration_ms, >=, 250);
  g_assert_cmpstr (froze.function, ==, "do_sync_work");
  g_assert_cmpuint (froze.frames_missed, ==, 0); /* no widget */

  run_block (&unnamed);
  run_loop_for (20);
  g_assert_cmpuint (froze.count, ==, 2);
  g_assert_cmpfloat (froze.duration_ms, >=, 250);
  assert_found_usleep (&froze);

  g_free (froze.function);
}

static gpointer
sleep_cb (gpointer user_data)
{
  g_usleep (300 * 1000);

  return NULL;
}

/* What blocks is called by the loop, and not by the program, which only says that it does
 * something: that is not believed. */
static void
test_names_what_others_do (void)
{
  g_autoptr (DemoMeter) meter = demo_meter_new ();
  Froze froze = { 0 };

  if (!FINDS_FUNCTIONS)
    {
      g_test_skip ("the watchdog finds no functions here");
      return;
    }

  watch_froze (meter, &froze);
  run_loop_for (20);
  demo_meter_enter (meter, "innocent_work");
  g_idle_add (G_SOURCE_FUNC (g_thread_join), g_thread_new ("sleep", sleep_cb, NULL));
  while (froze.count == 0)
    g_main_context_iteration (NULL, TRUE);
  demo_meter_leave (meter);

  g_assert_nonnull (froze.function);
  g_test_message ("Found in %s", froze.function);
  g_assert_cmpstr (froze.function, !=, "innocent_work");
  g_assert_null (strstr (froze.function, "test-meter"));
  g_free (froze.function);
}

/* A beat may come late although the loop was not busy: then there is nothing to find, and what was
 * announced is all that is known. */
static void
test_late_without_a_stall (void)
{
  g_autoptr (DemoMeter) meter = NULL;
  Froze froze = { 0 };

  run_loop_for (20);
  meter = demo_meter_new ();
  watch_froze (meter, &froze);

  /* Before its first poll the watchdog doesn't watch. */
  demo_meter_enter (meter, "do_sync_work");
  g_usleep (250 * 1000);
  demo_meter_leave (meter);
  run_loop_for (50);

  g_assert_cmpuint (froze.count, ==, 1);
  g_assert_cmpfloat (froze.duration_ms, >=, 240);
  g_assert_cmpstr (froze.function, ==, "do_sync_work");
  g_free (froze.function);
}

typedef struct
{
  const char *announced;
  const char *expected;
  const char *functions[12];
} CulpritCase;

static void
test_culprits (void)
{
  const CulpritCase cases[] = {
    { "work", "work", { NULL } },
    { NULL, NULL, { NULL } },
    { "work",
      "work",
      { "clock_nanosleep", "g_usleep", "demo+0x10", "libgobject-2.0.so.0+0x2", "g_signal_emit",
        "g_main_context_dispatch", "libglib-2.0.so.0+0x3", "demo+0x20", NULL } },
    { NULL,
      "g_usleep (demo+0x10)",
      { "clock_nanosleep", "g_usleep", "demo+0x10", "g_main_context_dispatch", NULL } },
    { NULL, "demo+0x10", { "demo+0x10", "demo+0x11", "g_main_context_dispatch", NULL } },
    { NULL,
      "demo+0x10",
      { "libm.so.6+0x1", "demo+0x10", "g_main_context_dispatch", NULL } },
    /* main () alone is no part in it. */
    { "work",
      "cairo_paint",
      { "libpixman-1.so.0+0x1", "cairo_paint", "libgtk-4.so.1+0x2", "g_main_context_dispatch",
        "demo+0x20", NULL } },
    { NULL, "libfoo.so.1+0x1", { "libfoo.so.1+0x1", "g_main_context_dispatch", NULL } },
    { NULL, "0x7fff", { "0x7fff", "g_main_context_dispatch", NULL } },
    /* The innermost loop is the one that stalled. */
    { "work",
      "poll",
      { "poll", "g_main_context_dispatch", "demo+0x10", "g_main_context_dispatch", NULL } },
    /* Some systems have names for static functions. */
    { "work", "work", { "usleep", "work", "caller", "g_main_context_dispatch", NULL } },
    { "other", "usleep", { "usleep", "work", "caller", "g_main_context_dispatch", NULL } },
    /* Nor do all GLibs have one for what dispatches. */
    { "work",
      "g_thread_join",
      { "g_thread_join", "libglib-2.0.so.0+0x1", "g_main_context_iteration", "demo+0x20", NULL } },
    { "work",
      "cairo_paint",
      { "cairo_paint", "libglib-2.0.so.0+0x1", "g_main_loop_run", "demo+0x20", NULL } },
    { "work",
      "work",
      { "poll", "libglib-2.0.so.0+0x1", "g_main_context_iteration", "demo+0x10",
        "libglib-2.0.so.0+0x2", "g_main_loop_run", "demo+0x20", NULL } },
    /* It was ready to run, and the machine let others run. */
    { NULL,
      NULL,
      { "poll", "libglib-2.0.so.0+0x1", "g_main_context_iteration", "demo+0x20", NULL } },
    { NULL, "poll", { "poll", "libglib-2.0.so.0+0x1", "g_main_context_dispatch", NULL } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = demo_culprit_find (cases[i].functions, cases[i].announced);

      g_assert_cmpstr (found, ==, cases[i].expected);
    }
}

static void
test_blames_the_longest (void)
{
  g_autoptr (DemoMeter) meter = demo_meter_new ();
  Froze froze = { 0 };

  watch_froze (meter, &froze);

  /* All in one iteration. */
  demo_meter_enter (meter, "short_work");
  g_usleep (20 * 1000);
  demo_meter_leave (meter);
  demo_meter_enter (meter, "long_work");
  demo_meter_enter (meter, "inner_work");
  g_usleep (260 * 1000);
  demo_meter_leave (meter);
  demo_meter_leave (meter);
  demo_meter_enter (meter, "other_work");
  g_usleep (20 * 1000);
  demo_meter_leave (meter);
  run_loop_for (20);
  g_assert_cmpuint (froze.count, ==, 1);
  g_assert_cmpstr (froze.function, ==, "long_work");

  /* Nor is it a short function's fault if something without a name took the time. */
  demo_meter_enter (meter, "short_work");
  g_usleep (20 * 1000);
  demo_meter_leave (meter);
  g_usleep (260 * 1000);
  run_loop_for (20);
  g_assert_cmpuint (froze.count, ==, 2);
  assert_found_usleep (&froze);

  g_free (froze.function);
}

static void
dispose_cb (DemoMeter *meter)
{
  g_object_run_dispose (G_OBJECT (meter));
}

static void
test_dispose_in_handler (void)
{
  DemoMeter *meter = demo_meter_new ();
  Block block = { .meter = meter, .ms = 250 };
  Froze froze = { 0 };

  watch_froze (meter, &froze);
  g_signal_connect (meter, "froze", G_CALLBACK (dispose_cb), NULL);
  run_block (&block);
  run_loop_for (20);

  g_assert_cmpuint (froze.count, ==, 1);
  g_assert_finalize_object (meter);
  g_free (froze.function);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/meter/histogram/percentiles", test_histogram_percentiles);
  g_test_add_func ("/meter/input/clock-shared", test_input_clock_shared);
  g_test_add_func ("/meter/input/clock-foreign", test_input_clock_foreign);
  g_test_add_func ("/meter/input/clock-wraps", test_input_clock_wraps);
  g_test_add_func ("/meter/heartbeat/block-is-counted-in-full", test_block_is_counted_in_full);
  g_test_add_func ("/meter/heartbeat/calm-has-no-freeze", test_calm_has_no_freeze);
  g_test_add_func ("/meter/heartbeat/short-block-is-no-freeze", test_short_block_is_no_freeze);
  g_test_add_func ("/meter/history/hole-is-painted", test_hole_is_painted);
  g_test_add_func ("/meter/history/block-that-still-lasts", test_history_of_the_block_itself);
  g_test_add_func ("/meter/end/pending-block-counts", test_pending_block_counts);
  g_test_add_func ("/meter/end/recordings-side-by-side", test_recordings_side_by_side);
  g_test_add_func ("/meter/froze/names-the-function", test_names_the_function);
  g_test_add_func ("/meter/froze/names-what-others-do", test_names_what_others_do);
  g_test_add_func ("/meter/froze/late-without-a-stall", test_late_without_a_stall);
  g_test_add_func ("/meter/froze/culprits", test_culprits);
  g_test_add_func ("/meter/froze/blames-the-longest", test_blames_the_longest);
  g_test_add_func ("/meter/froze/dispose-in-handler", test_dispose_in_handler);

  return g_test_run ();
}
