/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-application.h"

#include <errno.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "demo-config.h"
#include "demo-output.h"
#include "demo-screenshot.h"
#include "demo-style.h"
#include "demo-tour.h"
#include "demo-window.h"

/* How long a window gets to be complete before it is pictured or measured, in ms. */
#define SETTLE 1500

/* How long the work that was under way gets to end when the app ends, in ms. */
#define FAREWELL 300

struct _DemoApplication
{
  GtkApplication parent_instance;

  /* The command line */
  char **run;       /* ids; nullable */
  gboolean tour;
  char *report;     /* path; nullable */
  char *screenshot; /* path; nullable */
  char *scheme;     /* nullable */

  GPtrArray *scenarios;
  DemoStyle *style;
  DemoTour *playing;
  int status;
};

G_DEFINE_FINAL_TYPE (DemoApplication, demo_application, GTK_TYPE_APPLICATION)

static gboolean
is_unattended (DemoApplication *self)
{
  return self->tour || self->run != NULL;
}

static DemoScenario *
find_scenario (DemoApplication *self,
               const char *id)
{
  for (guint i = 0; i < self->scenarios->len; i++)
    {
      DemoScenario *scenario = g_ptr_array_index (self->scenarios, i);

      if (g_str_equal (demo_scenario_get_id (scenario), id))
        return scenario;
    }

  return NULL;
}

static void
fail (DemoApplication *self,
      const char *message)
{
  g_printerr ("%s: %s\n", g_get_prgname (), message);
  self->status = 1;
}

/* The command line */

static int
print_list (DemoApplication *self)
{
  for (guint i = 0; i < self->scenarios->len; i++)
    {
      DemoScenario *scenario = g_ptr_array_index (self->scenarios, i);

      g_print ("%-10s %s\n", demo_scenario_get_id (scenario),
               _ (DEMO_SCENARIO_GET_CLASS (scenario)->summary));
    }

  return 0;
}

static gboolean
check_ids (DemoApplication *self,
           GError **error)
{
  for (guint i = 0; self->run != NULL && self->run[i] != NULL; i++)
    if (find_scenario (self, self->run[i]) == NULL)
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     _ ("There is no scenario “%s”; --list shows which there are"), self->run[i]);
        return FALSE;
      }

  return TRUE;
}

static gboolean
check_scheme (DemoApplication *self,
              GError **error)
{
  static const char *const schemes[] = { "system", "light", "dark", NULL };

  if (self->scheme == NULL || g_strv_contains (schemes, self->scheme))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("There is no style “%s”; it may be system, light or dark"), self->scheme);
  return FALSE;
}

/* A tour takes its time: whether its report can be written should be known before. */
static gboolean
check_writable (const char *path,
                GError **error)
{
  gboolean existed;
  FILE *file;
  int code;

  if (path == NULL)
    return TRUE;

  existed = g_file_test (path, G_FILE_TEST_EXISTS);
  file = g_fopen (path, "a");
  if (file != NULL)
    {
      fclose (file);
      if (!existed)
        g_remove (path);
      return TRUE;
    }

  code = errno;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               _ ("“%s” can't be written: %s"), path, g_strerror (code));
  return FALSE;
}

static int
demo_application_handle_local_options (GApplication *application,
                                       GVariantDict *options)
{
  DemoApplication *self = DEMO_APPLICATION (application);
  g_autoptr (GError) error = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("asyncify-demo %s\n", DEMO_VERSION);
      return 0;
    }
  if (g_variant_dict_contains (options, "list"))
    return print_list (self);

  if (!check_ids (self, &error) || !check_scheme (self, &error)
      || !check_writable (self->report, &error) || !check_writable (self->screenshot, &error))
    {
      fail (self, error->message);
      return self->status;
    }

  if (self->report != NULL && self->run == NULL)
    self->tour = TRUE;
  if (is_unattended (self) || self->screenshot != NULL)
    g_application_set_flags (application, G_APPLICATION_NON_UNIQUE);

  return -1;
}

static void
add_options (DemoApplication *self)
{
  const GOptionEntry entries[] = {
    { "list", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("List the scenarios, and exit"), NULL },
    { "run", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->run,
      N_ ("Play this scenario both ways, print what was measured, and exit; may be repeated"),
      N_ ("ID") },
    { "tour", 0, 0, G_OPTION_ARG_NONE, &self->tour,
      N_ ("Play all scenarios both ways, print what was measured, and exit"), NULL },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &self->report,
      N_ ("Write what was measured as JSON; without --run, plays the tour"), N_ ("FILE") },
    { "screenshot", 0, 0, G_OPTION_ARG_FILENAME, &self->screenshot,
      N_ ("Write a picture of the window, and exit; in a tour, one after each run"),
      N_ ("FILE.png") },
    { "style", 0, 0, G_OPTION_ARG_STRING, &self->scheme,
      N_ ("How to look: system, light or dark"), N_ ("STYLE") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version, and exit"), NULL },
    G_OPTION_ENTRY_NULL
  };

  g_application_add_main_option_entries (G_APPLICATION (self), entries);
  g_application_set_option_context_summary (
    G_APPLICATION (self),
    _ ("Blocking functions, called the wrong way and the right way.\n\n"
       "The exit status is 1 if a scenario failed, or if an asyncified run held the main loop "
       "up."));
}

/* Actions */

static void
quit_cb (GSimpleAction *action,
         GVariant *parameter,
         gpointer user_data)
{
  g_application_quit (G_APPLICATION (user_data));
}

static void
about_cb (GSimpleAction *action,
          GVariant *parameter,
          gpointer user_data)
{
  gtk_show_about_dialog (gtk_application_get_active_window (GTK_APPLICATION (user_data)),
                         "program-name", "Asyncify", "version", DEMO_VERSION, "logo-icon-name",
                         DEMO_APP_ID, "comments",
                         _ ("Turns a blocking function into an asynchronous one, with one line."),
                         "license-type", GTK_LICENSE_LGPL_2_1, NULL);
}

static void
style_cb (GSimpleAction *action,
          GVariant *state,
          gpointer user_data)
{
  g_simple_action_set_state (action, state);
  demo_style_set_scheme (DEMO_APPLICATION (user_data)->style, g_variant_get_string (state, NULL));
}

static void
add_actions (DemoApplication *self)
{
  static const GActionEntry entries[] = {
    { .name = "quit", .activate = quit_cb },
    { .name = "about", .activate = about_cb },
    { .name = "style", .parameter_type = "s", .state = "'system'", .change_state = style_cb },
  };
  static const struct {
    const char *action;
    const char *keys[2];
  } accels[] = {
    { "app.quit", { "<Primary>q", NULL } },
    { "win.sidebar", { "F9", NULL } },
    { "win.jobs", { "<Primary>j", NULL } },
    { "demo.asyncify", { "<Primary>r", NULL } },
    { "demo.freeze", { "<Primary><Shift>r", NULL } },
    { "demo.cancel", { "Escape", NULL } },
    { "demo.search", { "<Primary>f", NULL } },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action,
                                           accels[i].keys);
}

/* What runs without a person */

static void
tour_ended_cb (DemoApplication *self)
{
  const DemoReport *report = demo_tour_get_report (self->playing);
  g_autofree char *table = demo_report_to_table (report);
  g_autofree char *json = demo_report_to_json (report);
  g_autoptr (GError) error = NULL;

  g_print ("%s", table);
  if (self->report != NULL && !demo_output_write (self->report, json, strlen (json), &error))
    {
      g_autofree char *problem
        = g_strdup_printf (_ ("“%s” can't be written: %s"), self->report, error->message);

      fail (self, problem);
    }
  if (!demo_report_is_good (report))
    self->status = 1;

  g_application_quit (G_APPLICATION (self));
}

static void
turn_to_cb (DemoTour *tour,
            DemoScenario *scenario,
            DemoWindow *window)
{
  demo_scenario_set_attended (scenario, FALSE);
  demo_window_show_scenario (window, demo_scenario_get_id (scenario));
}

static void
start_tour (DemoApplication *self,
            DemoWindow *window)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; self->run != NULL && self->run[i] != NULL; i++)
    g_ptr_array_add (chosen, g_object_ref (find_scenario (self, self->run[i])));

  self->playing = demo_tour_new (GTK_WIDGET (window), demo_window_get_meter (window), self->run != NULL ? chosen : self->scenarios,
                                 self->screenshot);
  g_signal_connect_object (self->playing, "ended", G_CALLBACK (tour_ended_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->playing, "turn-to", G_CALLBACK (turn_to_cb), window, 0);
  demo_tour_start (self->playing, SETTLE);
}

static void
saved_cb (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  DemoApplication *self = DEMO_APPLICATION (source);
  g_autoptr (GError) error = NULL;

  if (!demo_screenshot_save_finish (result, &error))
    fail (self, error->message);
  g_application_quit (G_APPLICATION (self));
}

static gboolean
settled_cb (gpointer user_data)
{
  g_autoptr (GdkPaintable) picture = user_data;
  DemoApplication *self = DEMO_APPLICATION (g_application_get_default ());
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  demo_screenshot_save_async (picture, GTK_WIDGET (window), self->screenshot, G_OBJECT (self),
                              saved_cb, NULL);

  return G_SOURCE_REMOVE;
}

static void
demo_application_activate (GApplication *application)
{
  DemoApplication *self = DEMO_APPLICATION (application);
  GtkWindow *active = gtk_application_get_active_window (GTK_APPLICATION (self));
  GtkWidget *window;

  if (active != NULL)
    {
      gtk_window_present (active);
      return;
    }

  window = demo_window_new (GTK_APPLICATION (self), self->scenarios);
  demo_style_add_window (self->style, window);
  gtk_window_present (GTK_WINDOW (window));

  if (is_unattended (self))
    start_tour (self, DEMO_WINDOW (window));
  else if (self->screenshot != NULL)
    g_timeout_add (SETTLE, settled_cb, gtk_widget_paintable_new (window));
}

static void
demo_application_startup (GApplication *application)
{
  DemoApplication *self = DEMO_APPLICATION (application);

  G_APPLICATION_CLASS (demo_application_parent_class)->startup (application);

  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/io/github/asyncify/Demo/icons");
  self->style = demo_style_new ();
  add_actions (self);
  if (self->scheme != NULL)
    g_action_group_change_action_state (G_ACTION_GROUP (self), "style",
                                        g_variant_new_string (self->scheme));
}

static gboolean
is_busy (DemoApplication *self)
{
  for (guint i = 0; i < self->scenarios->len; i++)
    {
      DemoScenarioState state = demo_scenario_get_state (g_ptr_array_index (self->scenarios, i));

      if (state == DEMO_SCENARIO_RUNNING || state == DEMO_SCENARIO_PREPARING)
        return TRUE;
    }

  return FALSE;
}

static gboolean
time_is_over_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_CONTINUE;
}

/* Whatever runs is cancelled, and gets a moment to put its things in order: to close files, to
 * end programs it started. What does not listen is left behind; nobody waits for it. */
static void
end_all (DemoApplication *self)
{
  gboolean time_is_over = FALSE;
  guint timeout;

  for (guint i = 0; i < self->scenarios->len; i++)
    demo_scenario_cancel (g_ptr_array_index (self->scenarios, i));

  timeout = g_timeout_add (FAREWELL, time_is_over_cb, &time_is_over);
  while (is_busy (self) && !time_is_over)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (timeout);
}

static void
demo_application_shutdown (GApplication *application)
{
  DemoApplication *self = DEMO_APPLICATION (application);
  g_autoptr (GListModel) toplevels = g_object_ref (gtk_window_get_toplevels ());

  /* First the windows, so that it is seen at once. */
  g_clear_object (&self->playing);
  while (g_list_model_get_n_items (toplevels) > 0)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, 0);

      gtk_window_destroy (window);
    }
  end_all (self);

  G_APPLICATION_CLASS (demo_application_parent_class)->shutdown (application);
}

static void
demo_application_dispose (GObject *object)
{
  DemoApplication *self = DEMO_APPLICATION (object);

  g_clear_object (&self->playing);
  g_clear_object (&self->style);
  g_clear_pointer (&self->scenarios, g_ptr_array_unref);
  g_clear_pointer (&self->run, g_strfreev);
  g_clear_pointer (&self->report, g_free);
  g_clear_pointer (&self->screenshot, g_free);
  g_clear_pointer (&self->scheme, g_free);

  G_OBJECT_CLASS (demo_application_parent_class)->dispose (object);
}

static void
demo_application_class_init (DemoApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_application_dispose;
  application_class->handle_local_options = demo_application_handle_local_options;
  application_class->startup = demo_application_startup;
  application_class->activate = demo_application_activate;
  application_class->shutdown = demo_application_shutdown;
}

static void
demo_application_init (DemoApplication *self)
{
  self->scenarios = demo_scenarios_new ();
  add_options (self);
}

DemoApplication *
demo_application_new (void)
{
  return g_object_new (DEMO_TYPE_APPLICATION, "application-id", DEMO_APP_ID,
                       "resource-base-path", "/io/github/asyncify/Demo", NULL);
}

/* Returns: the exit status */
int
demo_application_run (DemoApplication *self,
                      int argc,
                      char **argv)
{
  int status = g_application_run (G_APPLICATION (self), argc, argv);

  return status != 0 ? status : self->status;
}
