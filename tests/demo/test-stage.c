/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-beads.h"
#include "demo-canvas.h"
#include "demo-capacity.h"
#include "demo-palette.h"
#include "demo-stage.h"
#include "demo-strip.h"

#include <stdio.h>

/* The recording under way. */
static DemoRecording *recording;

typedef struct
{
  GtkWindow *window;
  DemoStage *stage;
  DemoMeter *meter;
} Fixture;

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
after_paint_cb (GdkFrameClock *clock,
                guint         *n_frames)
{
  (*n_frames)++;
}

/* Waits for frames that were really drawn, not for time to pass. */
static void
wait_for_frames (Fixture *fixture,
                 guint    wanted)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (fixture->stage));
  guint n_frames = 0;
  gulong handler;

  g_assert_nonnull (clock);
  handler = g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), &n_frames);
  while (n_frames < wanted)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, handler);
}

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->window = GTK_WINDOW (gtk_window_new ());
  fixture->stage = DEMO_STAGE (demo_stage_new ());
  fixture->meter = demo_stage_get_meter (fixture->stage);

  gtk_window_set_child (fixture->window, GTK_WIDGET (fixture->stage));
  gtk_window_set_default_size (fixture->window, 800, 300);
  gtk_window_present (fixture->window);
  wait_for_frames (fixture, 10);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_object_add_weak_pointer (G_OBJECT (fixture->stage), (gpointer *) &fixture->stage);
  g_object_add_weak_pointer (G_OBJECT (fixture->meter), (gpointer *) &fixture->meter);
  gtk_window_destroy (fixture->window);

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (fixture->stage);
  g_assert_null (fixture->meter);
}

static GtkWidget *
find_widget (GtkWidget  *widget,
             GType       type,
             const char *css_class)
{
  if (g_type_is_a (G_OBJECT_TYPE (widget), type)
      && (css_class == NULL || gtk_widget_has_css_class (widget, css_class)))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type, css_class);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static const char *
get_ledger (Fixture *fixture)
{
  GtkWidget *label = find_widget (GTK_WIDGET (fixture->stage), GTK_TYPE_LABEL, "ledger");

  g_assert_nonnull (label);

  return gtk_label_get_text (GTK_LABEL (label));
}

static void
test_template (Fixture      *fixture,
               gconstpointer data)
{
  int width, height;

  g_assert_nonnull (find_widget (GTK_WIDGET (fixture->stage), DEMO_TYPE_CANVAS, NULL));
  g_assert_nonnull (find_widget (GTK_WIDGET (fixture->stage), GTK_TYPE_ENTRY, NULL));
  g_assert_true (DEMO_IS_METER (fixture->meter));
  g_assert_cmpstr (get_ledger (fixture), ==, "No freeze so far");

  gtk_widget_measure (GTK_WIDGET (fixture->stage), GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL,
                      NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (fixture->stage), GTK_ORIENTATION_VERTICAL, 800, &height, NULL,
                      NULL, NULL);
  g_assert_cmpint (width, <=, 320);
  g_assert_cmpint (height, <=, 210);
}

static void
test_frames_are_counted (Fixture      *fixture,
                         gconstpointer data)
{
  DemoMeasurement measurement;

  recording = demo_meter_begin (fixture->meter);
  wait_for_frames (fixture, 30);
  demo_meter_end (fixture->meter, recording, &measurement);

  g_assert_cmpuint (measurement.frames.drawn, ==, 30);
  g_assert_cmpfloat (measurement.frames.due, >=, 29);
  g_assert_cmpfloat (measurement.frames.due, <=, measurement.wall_ms / 5);
  g_assert_cmpfloat (measurement.frames.longest_gap_ms, >, 0);
  g_assert_cmpfloat (measurement.frames.longest_gap_ms, <=, measurement.wall_ms + 40);
  g_assert_cmpfloat (demo_meter_get_fps (fixture->meter), >, 1);
}

static void
test_block_is_missed_frames (Fixture      *fixture,
                             gconstpointer data)
{
  DemoMeasurement measurement;

  recording = demo_meter_begin (fixture->meter);
  g_usleep (500 * 1000);
  wait_for_frames (fixture, 2);
  demo_meter_end (fixture->meter, recording, &measurement);

  g_assert_cmpuint (measurement.frames.drawn, ==, 2);
  g_assert_cmpfloat (measurement.frames.longest_gap_ms, >=, 500);

  /* At 60 frames per second, and no display here has fewer: 30, but for the one that ends the gap.
   */
  g_assert_cmpuint (measurement.frames.missed, >=, 28);
  g_assert_cmpfloat (measurement.frames.due, >=, 30);
  g_assert_cmpfloat (demo_meter_get_fps (fixture->meter), <, 45);
}

static void
test_open_gap_counts (Fixture      *fixture,
                      gconstpointer data)
{
  DemoMeasurement measurement, next;

  recording = demo_meter_begin (fixture->meter);
  g_usleep (500 * 1000);
  demo_meter_end (fixture->meter, recording, &measurement);
  recording = demo_meter_begin (fixture->meter);
  demo_meter_end (fixture->meter, recording, &next);

  g_assert_cmpuint (measurement.frames.drawn, ==, 0);
  g_assert_cmpuint (measurement.frames.missed, >=, 28);
  g_assert_cmpfloat (measurement.frames.longest_gap_ms, >=, 500);

  /* The gap is still open, but it is not the second recording's gap. */
  g_assert_cmpuint (next.frames.missed, <=, 1);
}

static void
test_hidden_is_not_missed (Fixture      *fixture,
                           gconstpointer data)
{
  DemoMeasurement measurement;

  recording = demo_meter_begin (fixture->meter);
  gtk_widget_set_visible (GTK_WIDGET (fixture->window), FALSE);
  run_loop_for (600);
  gtk_window_present (fixture->window);
  wait_for_frames (fixture, 3);
  demo_meter_end (fixture->meter, recording, &measurement);

  g_assert_cmpuint (measurement.frames.drawn, >=, 3);
  g_assert_cmpfloat (measurement.frames.longest_gap_ms, <, 550);
}

static void
test_outlives_the_stage (void)
{
  g_autoptr (DemoMeter) meter = NULL;
  DemoMeasurement measurement;
  Fixture fixture;

  set_up (&fixture, NULL);
  meter = g_object_ref (fixture.meter);
  recording = demo_meter_begin (meter);
  gtk_window_destroy (fixture.window);

  demo_meter_end (meter, recording, &measurement);
  g_assert_cmpuint (measurement.frames.drawn, ==, 0);
}

static void
test_ledger (Fixture      *fixture,
             gconstpointer data)
{
  unsigned int ms, frames;
  char function[20] = "";

  demo_meter_enter (fixture->meter, "do_sync_work");
  g_usleep (300 * 1000);
  demo_meter_leave (fixture->meter);
  wait_for_frames (fixture, 2);

  g_assert_cmpint (sscanf (get_ledger (fixture), "Last freeze: %u ms, %u frames missed, in %19s",
                           &ms, &frames, function),
                   ==, 3);
  g_assert_cmpuint (ms, >=, 300);
  g_assert_cmpuint (frames, >=, 16);
  g_assert_cmpuint (frames, <=, ms / 8);
  g_assert_cmpstr (function, ==, "do_sync_work");

  g_usleep (300 * 1000);
  wait_for_frames (fixture, 2);
  g_assert_null (strstr (get_ledger (fixture), "do_sync_work"));
  g_assert_cmpint (sscanf (get_ledger (fixture), "Last freeze: %u ms", &ms), ==, 1);
  g_assert_cmpuint (ms, >=, 300);

  demo_stage_reset_ledger (fixture->stage);
  g_assert_cmpstr (get_ledger (fixture), ==, "No freeze so far");
}

static void
draw_slowly_cb (GtkDrawingArea *area,
                cairo_t        *cr,
                int             width,
                int             height,
                gpointer        user_data)
{
  guint *n_slow = user_data;

  if (*n_slow > 0 && --*n_slow == 0)
    g_usleep (300 * 1000);
}

/* The gap has ended when the loop is back: it was drawing that took so long. */
static void
test_ledger_of_slow_drawing (Fixture      *fixture,
                             gconstpointer data)
{
  GtkWidget *area = gtk_drawing_area_new ();
  guint n_slow = 0;
  unsigned int ms, frames;

  gtk_drawing_area_set_draw_func (GTK_DRAWING_AREA (area), draw_slowly_cb, &n_slow, NULL);
  gtk_widget_set_parent (area, GTK_WIDGET (fixture->stage));
  gtk_widget_set_size_request (area, 10, 10);
  wait_for_frames (fixture, 5);

  n_slow = 1;
  gtk_widget_queue_draw (area);
  wait_for_frames (fixture, 3);
  gtk_widget_unparent (area);

  g_assert_cmpint (sscanf (get_ledger (fixture), "Last freeze: %u ms, %u frames missed", &ms,
                           &frames),
                   ==, 2);
  g_assert_cmpuint (ms, >=, 300);
  g_assert_cmpuint (frames, >=, 16);
  g_assert_cmpuint (frames, <=, ms / 8);
}

static gboolean
starts_with (GtkWidget  *widget,
             const char *text)
{
  return GTK_IS_LABEL (widget)
         && g_str_has_prefix (gtk_label_get_text (GTK_LABEL (widget)), text);
}

static gboolean
has_label (GtkWidget  *widget,
           const char *text)
{
  gboolean found = starts_with (widget, text);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !found;
       child = gtk_widget_get_next_sibling (child))
    found = has_label (child, text);

  return found;
}

static void
test_fishbowl (Fixture      *fixture,
               gconstpointer data)
{
  GtkWidget *stage = GTK_WIDGET (fixture->stage);
  GtkWidget *button = find_widget (stage, GTK_TYPE_TOGGLE_BUTTON, NULL);
  DemoCanvas *canvas = DEMO_CANVAS (find_widget (stage, DEMO_TYPE_CANVAS, NULL));
  guint first;

  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Add beads");
  g_assert_true (gtk_widget_grab_focus (button));
  g_assert_cmpuint (demo_canvas_get_crowd (canvas), ==, 0);

  /* As the space bar does it. */
  gtk_widget_activate (button);
  while (!gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (button)))
    g_main_context_iteration (NULL, TRUE);
  first = demo_canvas_get_crowd (canvas);
  g_assert_cmpuint (first, >, 0);
  g_assert_true (has_label (stage, "Trying"));

  /* More, or less on a machine that can't carry these. */
  while (demo_canvas_get_crowd (canvas) == first)
    g_main_context_iteration (NULL, TRUE);

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), FALSE);
  g_assert_cmpuint (demo_canvas_get_crowd (canvas), ==, 0);
  g_assert_false (has_label (stage, "Trying"));

  /* Nothing goes on behind. */
  run_loop_for (1200);
  g_assert_cmpuint (demo_canvas_get_crowd (canvas), ==, 0);
}

static void
test_fishbowl_hidden (Fixture      *fixture,
                      gconstpointer data)
{
  GtkWidget *stage = GTK_WIDGET (fixture->stage);
  GtkToggleButton *button
    = GTK_TOGGLE_BUTTON (find_widget (stage, GTK_TYPE_TOGGLE_BUTTON, NULL));
  DemoCanvas *canvas = DEMO_CANVAS (find_widget (stage, DEMO_TYPE_CANVAS, NULL));

  gtk_toggle_button_set_active (button, TRUE);
  gtk_widget_set_visible (GTK_WIDGET (fixture->window), FALSE);
  g_assert_false (gtk_toggle_button_get_active (button));
  g_assert_cmpuint (demo_canvas_get_crowd (canvas), ==, 0);
  gtk_window_present (fixture->window);

  /* A window that is destroyed while it runs. */
  wait_for_frames (fixture, 3);
  gtk_toggle_button_set_active (button, TRUE);
}

static void
test_fishbowl_needs_motion (Fixture      *fixture,
                            gconstpointer data)
{
  GtkSettings *settings = gtk_settings_get_default ();
  GtkWidget *stage = GTK_WIDGET (fixture->stage);
  GtkWidget *button = find_widget (stage, GTK_TYPE_TOGGLE_BUTTON, NULL);
  DemoCanvas *canvas = DEMO_CANVAS (find_widget (stage, DEMO_TYPE_CANVAS, NULL));

  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (button), TRUE);
  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  g_assert_false (gtk_widget_is_sensitive (button));
  g_assert_true (g_str_has_prefix (gtk_widget_get_tooltip_text (button), "Needs motion"));
  gtk_test_accessible_assert_property (button, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Add beads");
  g_assert_cmpuint (demo_canvas_get_crowd (canvas), ==, 0);

  g_object_set (settings, "gtk-enable-animations", TRUE, NULL);
  g_assert_true (gtk_widget_is_sensitive (button));
  g_assert_true (g_str_has_prefix (gtk_widget_get_tooltip_text (button), "How much"));
}

/* How many a machine can carry that misses frames beyond @limit, and also in every trial whose
 * number can be divided by @hiccup. Returns: what was found */
static guint
find_capacity (guint limit,
               guint hiccup,
               guint n_trials)
{
  DemoCapacity capacity;

  demo_capacity_start (&capacity);
  for (guint i = 1; !capacity.settled; i++)
    {
      g_assert_cmpuint (i, <=, n_trials);
      g_assert_cmpuint (capacity.n, >, 0);
      g_assert_cmpuint (capacity.n, <=, DEMO_CAPACITY_MAX);
      demo_capacity_judge (&capacity, capacity.n <= limit && i % hiccup != 0);
    }

  return capacity.n;
}

static void
test_capacity (void)
{
  const guint limits[] = { 1, 2, 7, 31, 32, 33, 64, 100, 1000, 4095, 4096, 54321 };

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    for (guint hiccup = 3; hiccup < 12; hiccup++)
      {
        guint found = find_capacity (limits[i], hiccup, 40);

        g_assert_cmpuint (found, <=, limits[i]);
        g_assert_cmpuint (found + found / 16 + 1, >=, limits[i]);
      }

  g_assert_cmpuint (find_capacity (0, 100, 40), ==, 0);
  g_assert_cmpuint (find_capacity (G_MAXUINT, 100, 40), ==, DEMO_CAPACITY_MAX);
}

/* Was the last one only carried by chance, it comes down until it is carried again. */
static void
test_capacity_is_confirmed (void)
{
  DemoCapacity capacity;
  guint n;

  demo_capacity_start (&capacity);
  while (!capacity.confirm)
    demo_capacity_judge (&capacity, capacity.n <= 1000);
  n = capacity.n;
  while (!capacity.settled)
    demo_capacity_judge (&capacity, capacity.n <= 900);

  g_assert_cmpuint (n, >, 900);
  g_assert_cmpuint (capacity.n, <=, 900);
  g_assert_cmpuint (capacity.n, >, 800);

  /* Then it stays. */
  n = capacity.n;
  for (guint i = 0; i < 5; i++)
    demo_capacity_judge (&capacity, FALSE);
  g_assert_cmpuint (capacity.n, ==, n);
}

static void
test_reduced_motion (Fixture      *fixture,
                     gconstpointer data)
{
  GtkSettings *settings = gtk_settings_get_default ();
  DemoMeasurement measurement;

  /* Nothing moves, and still the frames are counted. */
  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  recording = demo_meter_begin (fixture->meter);
  wait_for_frames (fixture, 30);
  demo_meter_end (fixture->meter, recording, &measurement);
  g_object_set (settings, "gtk-enable-animations", TRUE, NULL);

  g_assert_cmpuint (measurement.frames.drawn, ==, 30);
  g_assert_cmpfloat (measurement.wall_ms / 30, <, 40);
}

static void
test_dark_class (Fixture      *fixture,
                 gconstpointer data)
{
  GtkWidget *stage = GTK_WIDGET (fixture->stage);
  const DemoPalette *light = demo_palette_get_for_widget (stage);

  gtk_widget_add_css_class (GTK_WIDGET (fixture->window), "dark");
  g_assert_true (demo_palette_get_for_widget (stage) != light);
  wait_for_frames (fixture, 2);
  gtk_widget_remove_css_class (GTK_WIDGET (fixture->window), "dark");
  g_assert_true (demo_palette_get_for_widget (stage) == light);
}

static void
test_accessible (Fixture      *fixture,
                 gconstpointer data)
{
  GtkWidget *stage = GTK_WIDGET (fixture->stage);
  GtkWidget *canvas = find_widget (stage, DEMO_TYPE_CANVAS, NULL);
  GtkWidget *strip = find_widget (stage, DEMO_TYPE_STRIP, NULL);
  GtkWidget *entry = find_widget (stage, GTK_TYPE_ENTRY, NULL);
  GtkWidget *ledger = find_widget (stage, GTK_TYPE_LABEL, "ledger");

  gtk_test_accessible_assert_property (canvas, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Animation with a ball");
  gtk_test_accessible_assert_property (strip, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Lateness of the main loop in the last 30 seconds");
  gtk_test_accessible_assert_property (entry, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Type here meanwhile");
  gtk_test_accessible_assert_role (ledger, GTK_ACCESSIBLE_ROLE_STATUS);

  g_assert_true (gtk_widget_grab_focus (canvas));
  g_assert_true (gtk_widget_has_focus (canvas));
  g_assert_true (gtk_widget_grab_focus (entry));
}

static void
test_ball (void)
{
  DemoBeads beads = { .width = 800, .height = 100 };

  /* It follows the hand, but not out of the field. */
  demo_beads_hold (&beads, 900, 20);
  for (guint i = 0; i < 60; i++)
    demo_beads_advance (&beads, 1 / 60.0);
  g_assert_cmpfloat (demo_beads_get_ball (&beads).x, >, 770);
  g_assert_cmpfloat (demo_beads_get_ball (&beads).x, <, 790);

  /* Let go, it comes back to rest, whatever the steps of time are. */
  demo_beads_release (&beads);
  demo_beads_advance (&beads, 3600);
  g_assert_cmpfloat (demo_beads_get_ball (&beads).x, >, 500);
  for (guint i = 0; i < 180; i++)
    demo_beads_advance (&beads, 1 / 60.0);
  g_assert_cmpfloat_with_epsilon (demo_beads_get_ball (&beads).x, 400, 1);

  /* Without motion it goes at once. */
  beads.still = TRUE;
  demo_beads_nudge (&beads, -100, 0);
  g_assert_cmpfloat_with_epsilon (demo_beads_get_ball (&beads).x, 540, 0.5);
  demo_beads_nudge (&beads, -100, 0);
  g_assert_cmpfloat_with_epsilon (demo_beads_get_ball (&beads).x, 440, 0.5);
  demo_beads_release (&beads);
  g_assert_cmpfloat_with_epsilon (demo_beads_get_ball (&beads).x, 640, 0.5);

  /* What goes beyond the edge need not be taken back first. */
  demo_beads_nudge (&beads, 1000, 0);
  demo_beads_nudge (&beads, -100, 0);
  g_assert_cmpfloat_with_epsilon (demo_beads_get_ball (&beads).x, 683, 0.5);
}

static void
add_test (const char *path,
          void (*func) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  /* No bus is needed to look at what assistive technology would see. */
  g_setenv ("GTK_A11Y", "test", TRUE);

  if (!gtk_init_check ())
    {
      g_print ("1..0 # SKIP there is no display\n");
      return 0;
    }

  add_test ("/stage/template", test_template);
  add_test ("/stage/frames/counted", test_frames_are_counted);
  add_test ("/stage/frames/block-is-missed-frames", test_block_is_missed_frames);
  add_test ("/stage/frames/open-gap-counts", test_open_gap_counts);
  add_test ("/stage/frames/hidden-is-not-missed", test_hidden_is_not_missed);
  add_test ("/stage/frames/reduced-motion", test_reduced_motion);
  add_test ("/stage/ledger/says-how-long-and-where", test_ledger);
  add_test ("/stage/ledger/slow-drawing", test_ledger_of_slow_drawing);
  add_test ("/stage/fishbowl/adds-beads", test_fishbowl);
  add_test ("/stage/fishbowl/stops-when-hidden", test_fishbowl_hidden);
  add_test ("/stage/fishbowl/needs-motion", test_fishbowl_needs_motion);
  add_test ("/stage/dark-class", test_dark_class);
  add_test ("/stage/accessible", test_accessible);
  g_test_add_func ("/stage/meter-outlives-it", test_outlives_the_stage);
  g_test_add_func ("/stage/fishbowl/capacity", test_capacity);
  g_test_add_func ("/stage/fishbowl/capacity-is-confirmed", test_capacity_is_confirmed);
  g_test_add_func ("/stage/ball", test_ball);

  return g_test_run ();
}
