/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-application.h"

#include <glib/gi18n.h>

#include "demo-about.h"
#include "demo-album.h"
#include "demo-config.h"
#include "demo-memory.h"
#include "demo-notify.h"
#include "demo-options.h"
#include "demo-output.h"
#include "demo-screenshot.h"
#include "demo-settings.h"
#include "demo-style.h"
#include "demo-tour.h"
#include "demo-window.h"

/* How long a window gets to be complete before it is pictured or measured, in ms. */
#define SETTLE 1500

/* The key that commands are given with. */
#ifdef __APPLE__
#define COMMAND "<Meta>"
#else
#define COMMAND "<Control>"
#endif

/* How long the work that was under way gets to end when the app ends, in ms. */
#define FAREWELL 300

struct _DemoApplication
{
  GtkApplication parent_instance;

  DemoOptions options;
  GPtrArray *scenarios;
  GSettings *settings; /* nullable: then nothing is remembered */
  DemoStyle *style;
  DemoNotify *notify;
  DemoTour *playing;
  DemoAlbum *album;
  int status;
};

G_DEFINE_FINAL_TYPE (DemoApplication, demo_application, GTK_TYPE_APPLICATION)

static void
fail (DemoApplication *self,
      const char *message)
{
  demo_options_complain (message);
  self->status = 1;
}

static int
demo_application_handle_local_options (GApplication *application,
                                       GVariantDict *options)
{
  DemoApplication *self = DEMO_APPLICATION (application);
  int status = demo_options_handle (&self->options, options, self->scenarios);

  if (!demo_options_has_person (&self->options))
    g_application_set_flags (application, G_APPLICATION_NON_UNIQUE);

  return status;
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
  demo_about_show (gtk_application_get_active_window (GTK_APPLICATION (user_data)));
}

/* Returns: (transfer none) (nullable): the window, which may have others above it */
static DemoWindow *
find_window (DemoApplication *self)
{
  for (GList *l = gtk_application_get_windows (GTK_APPLICATION (self)); l != NULL; l = l->next)
    if (DEMO_IS_WINDOW (l->data))
      return l->data;

  return NULL;
}

/* A deep link, which anybody may send: one that leads nowhere still leads to the window. */
static void
scenario_cb (GSimpleAction *action,
             GVariant *parameter,
             gpointer user_data)
{
  DemoApplication *self = user_data;
  DemoWindow *window;

  g_application_activate (G_APPLICATION (self));
  window = find_window (self);
  if (window != NULL)
    demo_window_show_scenario (window, g_variant_get_string (parameter, NULL));
}

static void
set_style (DemoApplication *self,
           const char *scheme)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "style");

  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (scheme));
  demo_style_set_scheme (self->style, scheme);
}

static void
style_cb (GSimpleAction *action,
          GVariant *state,
          gpointer user_data)
{
  DemoApplication *self = user_data;
  const char *scheme = g_variant_get_string (state, NULL);

  if (!demo_style_knows (scheme))
    return;

  set_style (self, scheme);
  if (self->settings != NULL)
    g_settings_set_string (self->settings, DEMO_SETTINGS_STYLE, scheme);
}

static void
set_contrast (DemoApplication *self,
              gboolean contrast)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "contrast");

  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (contrast));
  demo_style_set_contrast (self->style, contrast);
}

static void
contrast_cb (GSimpleAction *action,
             GVariant *state,
             gpointer user_data)
{
  DemoApplication *self = user_data;
  gboolean contrast = g_variant_get_boolean (state);

  set_contrast (self, contrast);
  if (self->settings != NULL)
    g_settings_set_boolean (self->settings, DEMO_SETTINGS_CONTRAST, contrast);
}

static void
add_actions (DemoApplication *self)
{
  static const GActionEntry entries[] = {
    { .name = "quit", .activate = quit_cb },
    { .name = "about", .activate = about_cb },
    { .name = "scenario", .parameter_type = "s", .activate = scenario_cb },
    { .name = "contrast", .state = "false", .change_state = contrast_cb },
    { .name = "style", .parameter_type = "s", .state = "'system'", .change_state = style_cb },
  };
  static const struct {
    const char *action;
    const char *keys[2];
  } accels[] = {
    { "app.quit", { COMMAND "q", NULL } },
    { "win.sidebar", { "F9", NULL } },
    { "win.jobs", { COMMAND "j", NULL } },
    { "win.show-help-overlay", { COMMAND "question", NULL } },
    { "demo.asyncify", { COMMAND "r", NULL } },
    { "demo.freeze", { COMMAND "<Shift>r", NULL } },
    { "demo.cancel", { "Escape", NULL } },
    { "demo.search", { COMMAND "f", NULL } },
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
  if (self->options.report != NULL && !demo_output_write (self->options.report, json, strlen (json), &error))
    {
      g_autofree char *problem
        = g_strdup_printf (_ ("“%s” can't be written: %s"), self->options.report, error->message);

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
album_turn_to_cb (DemoAlbum *album,
                  DemoScenario *scenario,
                  DemoWindow *window)
{
  demo_window_show_scenario (window, demo_scenario_get_id (scenario));
}

static void
album_ended_cb (DemoApplication *self,
                const GError *error)
{
  if (error != NULL)
    fail (self, error->message);
  g_application_quit (G_APPLICATION (self));
}

static void
start_album (DemoApplication *self,
             DemoWindow *window)
{
  self->album = demo_album_new (GTK_WIDGET (window), self->scenarios, self->options.screenshot);
  g_signal_connect_object (self->album, "turn-to", G_CALLBACK (album_turn_to_cb), window, 0);
  g_signal_connect_object (self->album, "ended", G_CALLBACK (album_ended_cb), self,
                           G_CONNECT_SWAPPED);
  demo_album_start (self->album);
}

static void
start_tour (DemoApplication *self,
            DemoWindow *window)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; self->options.run != NULL && self->options.run[i] != NULL; i++)
    g_ptr_array_add (chosen, g_object_ref (demo_scenarios_find (self->scenarios, self->options.run[i])));

  self->playing = demo_tour_new (GTK_WIDGET (window), demo_window_get_meter (window), self->options.run != NULL ? chosen : self->scenarios,
                                 self->options.screenshot);
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

  demo_screenshot_save_async (picture, GTK_WIDGET (window), self->options.screenshot, G_OBJECT (self),
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
  if (self->settings != NULL)
    demo_window_remember (DEMO_WINDOW (window), self->settings);
  if (self->options.width != 0)
    gtk_window_set_default_size (GTK_WINDOW (window), self->options.width, self->options.height);
  if (!demo_options_has_person (&self->options))
    demo_window_skip_guide (DEMO_WINDOW (window));
  gtk_window_present (GTK_WINDOW (window));

  if (demo_options_has_tour (&self->options))
    start_tour (self, DEMO_WINDOW (window));
  else if (self->options.screenshot != NULL && self->options.pages)
    start_album (self, DEMO_WINDOW (window));
  else if (self->options.screenshot != NULL)
    g_timeout_add (SETTLE, settled_cb, gtk_widget_paintable_new (window));
}

/* What the command line says is meant for this time. */
static void
restore_style (DemoApplication *self)
{
  g_autofree char *remembered = NULL;

  if (self->settings != NULL)
    remembered = g_settings_get_string (self->settings, DEMO_SETTINGS_STYLE);
  if (self->options.scheme != NULL)
    set_style (self, self->options.scheme);
  else if (remembered != NULL)
    set_style (self, remembered);

  set_contrast (self, self->options.contrast
                        || (self->settings != NULL
                            && g_settings_get_boolean (self->settings, DEMO_SETTINGS_CONTRAST)));
}

static gboolean
give_back_cb (gpointer user_data)
{
  demo_memory_give_back ();

  return G_SOURCE_REMOVE;
}

/* What a run needed is free as soon as all have heard that it is over. */
static void
give_back_later (void)
{
  g_idle_add_full (G_PRIORITY_LOW, give_back_cb, NULL, NULL);
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
  if (demo_options_has_person (&self->options))
    self->settings = demo_settings_new ();
  self->notify = demo_notify_new (GTK_APPLICATION (self), self->scenarios);
  restore_style (self);
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
  g_clear_object (&self->album);
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
  g_clear_object (&self->album);
  g_clear_object (&self->notify);
  g_clear_object (&self->style);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->scenarios, g_ptr_array_unref);
  demo_options_clear (&self->options);

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
  for (guint i = 0; i < self->scenarios->len; i++)
    g_signal_connect (g_ptr_array_index (self->scenarios, i), "ended",
                      G_CALLBACK (give_back_later), NULL);
  demo_options_add (&self->options, G_APPLICATION (self));
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
