/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How long real presses take to show: xdotool has the X server send them. What is measured is held
 * against what the test itself saw: when xdotool began and ended, and when frames were drawn. */

#include "demo-stage.h"
#include "testwidgets.h"

#include <string.h>

/* Somewhere on the window, where nothing is to be clicked. */
#define CLICK "mousemove 300 280 click 1"

typedef struct {
  GtkWindow *window;
  DemoStage *stage;
  DemoMeter *meter;
  GdkFrameClock *clock;
  gint64 painted; /* when a frame was drawn last, after all others have seen that; us */

  /* What xdotool did. */
  gint64 began, ended;
} Fixture;

static void
after_paint_cb (Fixture *self)
{
  self->painted = g_get_monotonic_time ();
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static void
set_up (Fixture *self,
        gconstpointer data)
{
  self->window = GTK_WINDOW (gtk_window_new ());
  self->stage = DEMO_STAGE (demo_stage_new ());
  self->meter = demo_stage_get_meter (self->stage);
  gtk_window_set_child (self->window, GTK_WIDGET (self->stage));
  gtk_window_set_default_size (self->window, 640, 300);
  gtk_window_present (self->window);
  test_wait_until (is_mapped, self->stage);

  self->clock = gtk_widget_get_frame_clock (GTK_WIDGET (self->stage));
  g_signal_connect_swapped (self->clock, "after-paint", G_CALLBACK (after_paint_cb), self);
  test_wait_for_frames (GTK_WIDGET (self->stage), 10);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (self->clock, self);
  test_destroy_window (self->window);
}

/* The X server has got all of it when this returns. The loop doesn't run meanwhile. */
static void
do_with_xdotool (Fixture *self,
                 const char *arguments)
{
  g_autofree char *command = g_strconcat ("xdotool ", arguments, NULL);
  g_autoptr (GError) error = NULL;
  int status;

  self->began = g_get_monotonic_time ();
  g_spawn_command_line_sync (command, NULL, NULL, &status, &error);
  self->ended = g_get_monotonic_time ();
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static gboolean
has_input (gpointer data)
{
  double last_ms, worst_ms;

  return demo_meter_get_input (data, &last_ms, &worst_ms);
}

static double
in_ms (gint64 time)
{
  return (double) time / 1000;
}

/* A click that comes while the loop stands still waits in the socket, where nobody sees it. */
static void
test_frozen (Fixture *self,
             gconstpointer data)
{
  DemoRecording *recording = demo_meter_begin (self->meter);
  DemoMeasurement m;
  gint64 back, painted;
  double last_ms, worst_ms;

  do_with_xdotool (self, CLICK);
  g_usleep (500 * 1000);
  back = g_get_monotonic_time ();

  g_assert_false (has_input (self->meter));
  test_wait_until (has_input, self->meter);
  painted = self->painted;
  test_wait_for_frames (GTK_WIDGET (self->stage), 2);
  demo_meter_end (self->meter, recording, &m);

  /* Pressed and released. */
  g_test_message ("Frozen: %.1f ms at most; known: %.1f to %.1f ms", m.input.max_ms,
                  in_ms (back - self->ended), in_ms (painted - self->began));
  g_assert_cmpuint (m.input.n, ==, 2);
  g_assert_cmpfloat (m.input.p50_ms, >=, in_ms (back - self->ended));
  g_assert_cmpfloat (m.input.max_ms, >=, m.input.p50_ms);
  g_assert_cmpfloat (m.input.max_ms, <=, in_ms (painted - self->began) + 1);

  g_assert_true (demo_meter_get_input (self->meter, &last_ms, &worst_ms));
  g_assert_cmpfloat_with_epsilon (worst_ms, m.input.max_ms, 0.001);
  g_assert_cmpfloat (last_ms, >=, in_ms (back - self->ended));
}

static gboolean
has_exited (gpointer data)
{
  return *(gboolean *) data;
}

static void
exited_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_subprocess_wait_check_finish (G_SUBPROCESS (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

/* While the loop runs. */
static void
do_meanwhile_with_xdotool (Fixture *self,
                           const char *arguments)
{
  g_autofree char *command = g_strconcat ("xdotool ", arguments, NULL);
  g_auto (GStrv) words = g_strsplit (command, " ", -1);
  g_autoptr (GSubprocess) xdotool = NULL;
  g_autoptr (GError) error = NULL;
  gboolean exited = FALSE;

  self->began = g_get_monotonic_time ();
  xdotool = g_subprocess_newv ((const char *const *) words, G_SUBPROCESS_FLAGS_NONE, &error);
  g_assert_no_error (error);
  g_subprocess_wait_check_async (xdotool, NULL, exited_cb, &exited);
  test_wait_until (has_exited, &exited);
  test_wait_for_frames (GTK_WIDGET (self->stage), 3);
}

/* The fastest of a few: a busy machine may well be late with any single one. */
static void
test_idle (Fixture *self,
           gconstpointer data)
{
  double fastest = G_MAXDOUBLE;

  for (guint i = 0; i < 5; i++)
    {
      DemoRecording *recording = demo_meter_begin (self->meter);
      DemoMeasurement m;

      do_meanwhile_with_xdotool (self, CLICK);
      demo_meter_end (self->meter, recording, &m);

      g_assert_cmpuint (m.input.n, ==, 2);
      g_assert_cmpfloat (m.input.p50_ms, >, 0);
      g_assert_cmpfloat (m.input.max_ms, <=, in_ms (self->painted - self->began) + 1);
      fastest = MIN (fastest, m.input.max_ms);
    }

  g_test_message ("Idle: %.1f ms", fastest);
  g_assert_cmpfloat (fastest, <, 60);
}

static void
test_keys (Fixture *self,
           gconstpointer data)
{
  DemoRecording *recording;
  DemoMeasurement m;

  do_meanwhile_with_xdotool (self, CLICK);

  /* A key that is let go has done what it does before, and the pointer moves without being
   * pressed. */
  recording = demo_meter_begin (self->meter);
  do_meanwhile_with_xdotool (self, "key a mousemove 310 270");
  demo_meter_end (self->meter, recording, &m);
  g_assert_cmpuint (m.input.n, ==, 1);
}

/* Nothing is pressed: there is nothing to tell. */
static void
test_nothing (Fixture *self,
              gconstpointer data)
{
  DemoRecording *recording = demo_meter_begin (self->meter);
  DemoMeasurement m;

  test_wait_for_frames (GTK_WIDGET (self->stage), 10);
  demo_meter_end (self->meter, recording, &m);

  g_assert_cmpuint (m.input.n, ==, 0);
  g_assert_cmpfloat (m.input.p50_ms, ==, 0);
  g_assert_cmpfloat (m.input.max_ms, ==, 0);
  g_assert_false (has_input (self->meter));
}

/* A press that is answered by blocking. */
typedef struct {
  DemoMeter *meter;
  DemoMeasurement measurement;
  DemoRecording *next; /* begun right after that */
} Answer;

static void
answer_cb (Answer *self)
{
  DemoRecording *recording = demo_meter_begin (self->meter);

  g_usleep (300 * 1000);
  demo_meter_end (self->meter, recording, &self->measurement);
  self->next = demo_meter_begin (self->meter);
}

static gboolean
is_answered (gpointer data)
{
  return ((Answer *) data)->next != NULL;
}

/* The press that has led to the run is its own, and no other's, though it shows only later. */
static void
test_press_that_starts_it (Fixture *self,
                           gconstpointer data)
{
  GtkGesture *gesture = gtk_gesture_click_new ();
  Answer answer = { .meter = self->meter };
  DemoMeasurement next;

  g_signal_connect_swapped (gesture, "pressed", G_CALLBACK (answer_cb), &answer);
  gtk_widget_add_controller (GTK_WIDGET (self->window), GTK_EVENT_CONTROLLER (gesture));
  do_with_xdotool (self, CLICK);
  test_wait_until (is_answered, &answer);
  test_wait_for_frames (GTK_WIDGET (self->stage), 3);
  demo_meter_end (self->meter, answer.next, &next);
  gtk_widget_remove_controller (GTK_WIDGET (self->window), GTK_EVENT_CONTROLLER (gesture));

  g_assert_cmpuint (answer.measurement.input.n, ==, 1);
  g_assert_cmpfloat (answer.measurement.input.max_ms, >=, 300);
  g_assert_cmpuint (next.input.n, ==, 0);
}

static gboolean
says_input (gpointer data)
{
  return strstr (gtk_label_get_text (data), "worst") != NULL;
}

static gboolean
is_input_label (GtkWidget *widget)
{
  return GTK_IS_LABEL (widget)
         && g_str_has_prefix (gtk_label_get_text (GTK_LABEL (widget)), "Input ");
}

static GtkLabel *
find_input_label (GtkWidget *widget)
{
  GtkLabel *found = is_input_label (widget) ? GTK_LABEL (widget) : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_input_label (child);

  return found;
}

static void
test_shown (Fixture *self,
            gconstpointer data)
{
  GtkLabel *label = find_input_label (GTK_WIDGET (self->stage));

  g_assert_nonnull (label);
  g_assert_cmpstr (gtk_label_get_text (label), ==, "Input –");

  do_meanwhile_with_xdotool (self, CLICK);
  test_wait_until (says_input, label);
  g_assert_cmpstr (gtk_label_get_text (label), !=, "Input 0 ms, worst 0 ms");
}

static void
hide_cb (GtkWidget *window)
{
  gtk_widget_set_visible (window, FALSE);
}

/* A window that is hidden shows nothing, and what was pressed is not counted when it is back. */
static void
test_hidden (Fixture *self,
             gconstpointer data)
{
  DemoRecording *recording = demo_meter_begin (self->meter);
  GtkGesture *gesture = gtk_gesture_click_new ();
  DemoMeasurement m;

  g_signal_connect_swapped (gesture, "pressed", G_CALLBACK (hide_cb), self->window);
  gtk_widget_add_controller (GTK_WIDGET (self->window), GTK_EVENT_CONTROLLER (gesture));
  do_with_xdotool (self, CLICK);
  while (gtk_widget_get_mapped (GTK_WIDGET (self->window)))
    g_main_context_iteration (NULL, TRUE);
  /* The release as well. */
  gdk_display_sync (gtk_widget_get_display (GTK_WIDGET (self->window)));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  gtk_window_present (self->window);
  test_wait_for_frames (GTK_WIDGET (self->stage), 3);
  demo_meter_end (self->meter, recording, &m);

  g_assert_cmpuint (m.input.n, ==, 0);
}

static void
add_test (const char *path,
          void (*func) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!test_widgets_begin ())
    return 0;

  add_test ("/input/nothing-pressed", test_nothing);
  add_test ("/input/frozen", test_frozen);
  add_test ("/input/idle", test_idle);
  add_test ("/input/keys", test_keys);
  add_test ("/input/press-that-starts-it", test_press_that_starts_it);
  add_test ("/input/hidden", test_hidden);
  add_test ("/input/shown", test_shown);

  return g_test_run ();
}
