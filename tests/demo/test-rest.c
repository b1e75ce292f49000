/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Where nothing moves, or nobody looks, the loop sleeps; and what is shown is no less true. */

#include "demo-stage.h"
#include "testwidgets.h"

#include <stdio.h>

/* What the meter has said of freezes */
typedef struct {
  guint count;
  double duration_ms;
  char *function; /* of the last one */
} Froze;

static void
froze_cb (DemoMeter *meter,
          double duration_ms,
          guint frames_missed,
          const char *function,
          gpointer user_data)
{
  Froze *froze = user_data;

  froze->count++;
  froze->duration_ms = duration_ms;
  g_free (froze->function);
  froze->function = g_strdup (function);
}

static gboolean
set_true_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

/* Returns: how often the loop came round in @ms */
static guint
run_loop_for (guint ms)
{
  gboolean over = FALSE;
  guint n_iterations = 0;

  g_timeout_add (ms, set_true_cb, &over);
  for (; !over; n_iterations++)
    g_main_context_iteration (NULL, TRUE);

  return n_iterations;
}

static void
test_loop_sleeps (void)
{
  g_autoptr (DemoMeter) meter = demo_meter_new ();
  double lateness_ms[DEMO_METER_BUCKETS];
  DemoRecording *recording;
  DemoMeasurement measurement;

  run_loop_for (20);
  demo_meter_set_resting (meter, TRUE);
  run_loop_for (20);
  g_assert_cmpuint (run_loop_for (600), <=, 10);

  /* It has slept, which is no reason not to know. */
  demo_meter_get_history (meter, lateness_ms, DEMO_METER_BUCKETS);
  for (guint i = DEMO_METER_BUCKETS - 6; i < DEMO_METER_BUCKETS; i++)
    g_assert_cmpfloat (lateness_ms[i], >=, 0);
  g_assert_cmpfloat (demo_meter_get_lateness (meter), <, 200);

  /* A recording has all of its beats, and after it there is rest again. */
  recording = demo_meter_begin (meter);
  run_loop_for (300);
  demo_meter_end (meter, recording, &measurement);
  g_assert_cmpuint (measurement.heartbeat.beats, >=, 58);
  g_assert_cmpfloat (measurement.heartbeat.p50_ms, <, 50);
  run_loop_for (20);
  g_assert_cmpuint (run_loop_for (600), <=, 10);
}

/* A function that blocks the loop for 300 ms */
typedef struct {
  DemoMeter *meter;
  DemoRecording *recording;    /* nullable; ends before the loop is back */
  DemoMeasurement measurement; /* of the recording */
} Block;

static gboolean
block_cb (gpointer user_data)
{
  Block *block = user_data;

  demo_meter_enter (block->meter, "do_sync_work");
  g_usleep (300 * 1000);
  demo_meter_leave (block->meter);
  if (block->recording != NULL)
    demo_meter_end (block->meter, block->recording, &block->measurement);

  return G_SOURCE_REMOVE;
}

static void
test_freeze_is_told (void)
{
  g_autoptr (DemoMeter) meter = demo_meter_new ();
  Block block = { .meter = meter };
  Froze froze = { 0 };

  g_signal_connect (meter, "froze", G_CALLBACK (froze_cb), &froze);
  demo_meter_set_resting (meter, TRUE);
  run_loop_for (150);
  g_idle_add (block_cb, &block);
  run_loop_for (400);

  g_assert_cmpuint (froze.count, ==, 1);
  g_assert_cmpfloat (froze.duration_ms, >=, 300);
  g_assert_cmpstr (froze.function, ==, "do_sync_work");
  g_assert_cmpfloat (demo_meter_get_lateness (meter), >=, 300);

  /* Rest begins again before the loop is back: nothing gets lost. */
  block.recording = demo_meter_begin (meter);
  g_idle_add (block_cb, &block);
  run_loop_for (400);
  g_assert_cmpfloat (block.measurement.heartbeat.max_ms, >=, 295);
  g_assert_cmpuint (froze.count, ==, 2);

  g_free (froze.function);
}

/* What the watchdog has not seen is told by the beat after the late one. */
static void
test_late_without_a_stall (void)
{
  g_autoptr (DemoMeter) meter = NULL;
  Froze froze = { 0 };

  run_loop_for (20);
  meter = demo_meter_new ();
  g_signal_connect (meter, "froze", G_CALLBACK (froze_cb), &froze);
  demo_meter_set_resting (meter, TRUE);

  /* Before its first poll the watchdog doesn't watch. */
  g_usleep (250 * 1000);
  run_loop_for (50);

  g_assert_cmpuint (froze.count, ==, 1);
  g_assert_cmpfloat (froze.duration_ms, >=, 240);
  g_free (froze.function);
}

/* The stage, without motion */

static void
after_paint_cb (guint *n_frames)
{
  (*n_frames)++;
}

static guint
count_frames (GtkWidget *widget,
              guint ms)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  guint n_frames = 0;
  gulong handler;

  handler = g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (after_paint_cb), &n_frames);
  run_loop_for (ms);
  g_signal_handler_disconnect (clock, handler);

  return n_frames;
}

static void
assert_ledger (GtkWidget *stage)
{
  const char *text = gtk_label_get_text (GTK_LABEL (test_find (stage, GTK_TYPE_LABEL, "ledger")));
  unsigned int ms, frames;

  g_assert_cmpint (sscanf (text, "Last freeze: %u ms, %u frames missed", &ms, &frames), ==, 2);
  g_assert_cmpuint (ms, >=, 300);
  g_assert_cmpuint (frames, >=, 16);
  g_assert_cmpuint (frames, <=, ms / 8);
}

static void
test_stage_is_still (void)
{
  GtkSettings *settings = gtk_settings_get_default ();
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  GtkWidget *stage = demo_stage_new ();
  DemoMeter *meter = demo_stage_get_meter (DEMO_STAGE (stage));
  guint n_frames;

  gtk_window_set_child (window, stage);
  gtk_window_set_default_size (window, 800, 300);
  gtk_window_present (window);
  test_wait_for_frames (stage, 10);
  g_assert_cmpfloat (demo_meter_get_fps (meter), >, 0);

  /* The numbers go on, and nothing else is drawn. */
  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  run_loop_for (1200);
  n_frames = count_frames (stage, 1000);
  g_assert_cmpuint (n_frames, >=, 1);
  g_assert_cmpuint (n_frames, <=, 10);
  g_assert_cmpfloat (demo_meter_get_fps (meter), ==, 0);

  g_usleep (300 * 1000);
  run_loop_for (50);
  assert_ledger (stage);

  /* In motion again, nothing is to be seen of the rest. */
  g_object_set (settings, "gtk-enable-animations", TRUE, NULL);
  test_wait_for_frames (stage, 10);
  g_assert_cmpfloat (demo_meter_get_fps (meter), >, 15);
  test_destroy_window (window);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!test_widgets_begin ())
    return 0;

  g_test_add_func ("/rest/loop-sleeps", test_loop_sleeps);
  g_test_add_func ("/rest/freeze-is-told", test_freeze_is_told);
  g_test_add_func ("/rest/late-without-a-stall", test_late_without_a_stall);
  g_test_add_func ("/rest/stage-is-still", test_stage_is_still);

  return g_test_run ();
}
