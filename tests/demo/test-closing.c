/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The app is closed in the middle of each scenario: it ends at once, in silence. Each time it is
 * a process of its own, which is this program with other arguments. */

#include "demo-application.h"
#include "demo-page.h"
#include "demo-scenario.h"
#include "demo-window.h"
#include "testpage.h"

/* What counts as at once on a busy machine, in us; a function that does not listen to being
 * cancelled could take longer for all we know, and isn't waited for. */
#define AT_ONCE (3 * G_TIME_SPAN_SECOND * TEST_SLOWNESS)

/* When a call is in the middle, if it tells no progress, in us. */
#define MIDDLE (G_TIME_SPAN_SECOND / 10)

static const char *program;

/* In the process that is closed */

typedef struct {
  const char *way; /* "window", "quit" or "preparing" */
  const char *id;
  GtkWindow *window;      /* weak */
  DemoScenario *scenario; /* weak */
  gint64 started;
  gint64 left;
} Closing;

static DemoScenario *
find_scenario (GtkWidget *widget)
{
  if (DEMO_IS_PAGE (widget) && gtk_widget_get_child_visible (widget))
    return demo_page_get_scenario (DEMO_PAGE (widget));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (find_scenario (child) != NULL)
      return find_scenario (child);

  return NULL;
}

static gboolean
is_in_the_middle (Closing *self)
{
  DemoScenarioState state = demo_scenario_get_state (self->scenario);

  if (g_str_equal (self->way, "preparing"))
    return state == DEMO_SCENARIO_PREPARING;
  if (state == DEMO_SCENARIO_PREPARING)
    return FALSE;
  if (self->started == 0)
    {
      /* This one doesn't listen, and lasts longer than what counts as at once: nobody waits. */
      if (g_str_equal (self->id, "cancel"))
        {
          GtkWidget *window = GTK_WIDGET (self->window);

          gtk_editable_set_text (GTK_EDITABLE (test_find_entry (window, "Works for")), "10000");
          gtk_drop_down_set_selected (GTK_DROP_DOWN (test_find_control (window, "To stop it")), 0);
        }
      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->window), "demo.asyncify", NULL));
      self->started = g_get_monotonic_time ();
      return FALSE;
    }
  if (state == DEMO_SCENARIO_RUNNING)
    return demo_scenario_get_progress (self->scenario) > 0
           || g_get_monotonic_time () - self->started > MIDDLE;

  /* It ended before anyone could press anything: then it is closed as soon as it has begun. */
  g_assert_cmpint (state, ==, DEMO_SCENARIO_SUCCEEDED);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->window), "demo.asyncify", NULL));
  return TRUE;
}

static gboolean
leave_cb (gpointer user_data)
{
  Closing *self = user_data;

  if (!is_in_the_middle (self))
    return G_SOURCE_CONTINUE;

  self->left = g_get_monotonic_time ();
  if (g_str_equal (self->way, "quit"))
    g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()), "quit", NULL);
  else
    gtk_window_close (self->window);

  return G_SOURCE_REMOVE;
}

static void
activate_cb (GtkApplication *application,
             Closing *self)
{
  g_set_weak_pointer (&self->window, gtk_application_get_active_window (application));
  g_assert_true (demo_window_show_scenario (DEMO_WINDOW (self->window), self->id));
  g_set_weak_pointer (&self->scenario, find_scenario (GTK_WIDGET (self->window)));
  g_assert_nonnull (self->scenario);

  g_timeout_add (1, leave_cb, self);
}

static int
be_closed (const char *way,
           const char *id)
{
  Closing self = { .way = way, .id = id };
  char *argv[] = { (char *) "asyncify-demo", NULL };
  DemoApplication *application = demo_application_new ();
  gboolean is_left_behind;

  g_signal_connect_after (application, "activate", G_CALLBACK (activate_cb), &self);
  g_assert_cmpint (demo_application_run (application, 1, argv), ==, 0);
  g_assert_cmpint (self.left, !=, 0);
  g_assert_cmpint (g_get_monotonic_time () - self.left, <, AT_ONCE);
  g_assert_null (self.window);

  is_left_behind = demo_scenario_get_state (self.scenario) == DEMO_SCENARIO_RUNNING
                   || demo_scenario_get_state (self.scenario) == DEMO_SCENARIO_PREPARING;
  g_assert_finalize_object (application);
  if (!is_left_behind)
    g_assert_null (self.scenario);
  g_print ("closed\n");

  return 0;
}

/* In the process that looks on */

typedef struct {
  char *way;
  char *id;
} Case;

static void
case_free (gpointer data)
{
  Case *self = data;

  g_free (self->way);
  g_free (self->id);
  g_free (self);
}

static void
test_closing (gconstpointer data)
{
  const Case *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = NULL;
  g_autofree char *out = NULL;
  g_autofree char *complaints = NULL;

  if (g_str_equal (self->way, "preparing"))
    {
      g_autofree char *path = test_folder_path ("home/cache/asyncify-demo");

      test_folder_remove (path);
    }

  child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error,
                            program, "--be-closed", self->way, self->id, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (child, NULL, NULL, &out, &complaints, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (complaints, ==, "");
  g_assert_cmpstr (out, ==, "closed\n");
  g_assert_true (g_subprocess_get_successful (child));
}

static void
add_cases (const char *way,
           GPtrArray *scenarios)
{
  for (guint i = 0; i < scenarios->len; i++)
    {
      DemoScenarioClass *klass = DEMO_SCENARIO_GET_CLASS (g_ptr_array_index (scenarios, i));
      g_autofree char *path = g_strdup_printf ("/closing/%s/%s", way, klass->id);
      Case *new_case;

      if (klass->missing != NULL
          || (g_str_equal (way, "preparing") && klass->make_sample == NULL))
        continue;

      new_case = g_new0 (Case, 1);
      new_case->way = g_strdup (way);
      new_case->id = g_strdup (klass->id);
      g_test_add_data_func_full (path, new_case, test_closing, case_free);
    }
}

int
main (int argc,
      char **argv)
{
  g_autoptr (GPtrArray) scenarios = NULL;

  program = argv[0];
  if (argc == 4 && g_str_equal (argv[1], "--be-closed"))
    return be_closed (argv[2], argv[3]);

  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);
  if (!test_widgets_begin ())
    return 0;

  scenarios = demo_scenarios_new ();
  add_cases ("preparing", scenarios);
  add_cases ("window", scenarios);
  add_cases ("quit", scenarios);

  return g_test_run ();
}
