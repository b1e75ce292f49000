/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-tour.h"

#include <glib/gi18n.h>

#include "demo-screenshot.h"

/* How long the window gets to settle between two runs, in ms. */
#define PAUSE 500

/* How long the idle app is measured, in ms. */
#define BASELINE 2000

struct _DemoTour
{
  GObject parent_instance;

  GtkWidget *window; /* weak */
  DemoMeter *meter;
  GPtrArray *scenarios;
  char *screenshot; /* nullable */
  GdkPaintable *picture; /* follows the window */
  DemoReport *report;
  gboolean stops_at_failure;

  guint step; /* each scenario takes two */
  guint pause;
  DemoRecording *recording; /* of the baseline */
  gulong state_handler, ended_handler;
};

enum {
  SIGNAL_TURN_TO,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DemoTour, demo_tour, G_TYPE_OBJECT)

static gboolean next_cb (gpointer user_data);

static DemoScenario *
get_scenario (DemoTour *self)
{
  return g_ptr_array_index (self->scenarios, self->step / 2);
}

static DemoMode
get_mode (DemoTour *self)
{
  return self->step % 2 == 0 ? DEMO_MODE_FREEZE : DEMO_MODE_ASYNCIFY;
}

static gboolean
is_over (DemoTour *self)
{
  return self->step >= self->scenarios->len * 2;
}

static void
continue_after (DemoTour *self,
                guint ms,
                GSourceFunc callback)
{
  self->pause = g_timeout_add (ms, callback, self);
}

static void
stop_listening (DemoTour *self)
{
  g_clear_signal_handler (&self->state_handler, get_scenario (self));
  g_clear_signal_handler (&self->ended_handler, get_scenario (self));
}

static void
saved_cb (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  DemoTour *self = DEMO_TOUR (source);
  g_autofree char *path = user_data;
  g_autoptr (GError) error = NULL;

  if (!demo_screenshot_save_finish (result, &error))
    g_printerr (_ ("The screenshot “%s” can't be written: %s\n"), path, error->message);

  self->step++;
  continue_after (self, PAUSE, next_cb);
}

/* The run has ended, and what it left is on the screen by now. */
static gboolean
shown_cb (gpointer user_data)
{
  DemoTour *self = user_data;
  g_autofree char *suffix = NULL;
  char *path;

  self->pause = 0;
  if (is_over (self))
    return next_cb (self);
  if (self->screenshot == NULL || self->window == NULL)
    {
      self->step++;
      return next_cb (self);
    }

  suffix = g_strdup_printf ("%s-%s", demo_scenario_get_id (get_scenario (self)),
                            demo_mode_get_id (get_mode (self)));
  path = demo_screenshot_get_path (self->screenshot, suffix);
  demo_screenshot_save_async (self->picture, self->window, path, G_OBJECT (self),
                              saved_cb, path);

  return G_SOURCE_REMOVE;
}

static void
ended_cb (DemoTour *self)
{
  const DemoRun *run = demo_scenario_get_last_run (get_scenario (self));

  stop_listening (self);
  demo_report_add (self->report, run);
  if (self->stops_at_failure && !run->ok)
    self->step = self->scenarios->len * 2;
  continue_after (self, PAUSE, shown_cb);
}

static gboolean
start_run_cb (gpointer user_data)
{
  DemoTour *self = user_data;

  self->pause = 0;
  demo_scenario_start (get_scenario (self), get_mode (self));

  return G_SOURCE_REMOVE;
}

/* The scenario may have to make the sample folder first. */
static void
begin_run (DemoTour *self)
{
  DemoScenario *scenario = get_scenario (self);

  if (demo_scenario_get_state (scenario) == DEMO_SCENARIO_PREPARING)
    return;

  g_clear_signal_handler (&self->state_handler, scenario);
  continue_after (self, PAUSE, start_run_cb);
}

static gboolean
next_cb (gpointer user_data)
{
  DemoTour *self = user_data;
  DemoScenario *scenario;

  self->pause = 0;
  if (is_over (self))
    {
      g_signal_emit (self, signals[SIGNAL_ENDED], 0);
      return G_SOURCE_REMOVE;
    }

  scenario = get_scenario (self);
  if (get_mode (self) == DEMO_MODE_FREEZE)
    g_signal_emit (self, signals[SIGNAL_TURN_TO], 0, scenario);
  self->ended_handler
    = g_signal_connect_swapped (scenario, "ended", G_CALLBACK (ended_cb), self);
  self->state_handler
    = g_signal_connect_swapped (scenario, "notify::state", G_CALLBACK (begin_run), self);
  begin_run (self);

  return G_SOURCE_REMOVE;
}

static gboolean
end_baseline_cb (gpointer user_data)
{
  DemoTour *self = user_data;

  demo_meter_end (self->meter, g_steal_pointer (&self->recording), &self->report->baseline);

  return next_cb (self);
}

static gboolean
begin_baseline_cb (gpointer user_data)
{
  DemoTour *self = user_data;

  if (self->window != NULL)
    self->report->renderer
      = g_strdup (G_OBJECT_TYPE_NAME (gtk_native_get_renderer (GTK_NATIVE (self->window))));
  self->recording = demo_meter_begin (self->meter);
  continue_after (self, BASELINE, end_baseline_cb);

  return G_SOURCE_REMOVE;
}

static void
demo_tour_dispose (GObject *object)
{
  DemoTour *self = DEMO_TOUR (object);

  g_clear_handle_id (&self->pause, g_source_remove);
  if (self->scenarios != NULL && !is_over (self))
    stop_listening (self);
  if (self->recording != NULL)
    demo_meter_end (self->meter, g_steal_pointer (&self->recording), NULL);
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->meter);
  g_clear_pointer (&self->scenarios, g_ptr_array_unref);
  g_clear_pointer (&self->screenshot, g_free);
  g_clear_object (&self->picture);
  g_clear_pointer (&self->report, demo_report_free);

  G_OBJECT_CLASS (demo_tour_parent_class)->dispose (object);
}

static void
demo_tour_class_init (DemoTourClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_tour_dispose;

  /* The runs of the DemoScenario in the argument come next. */
  signals[SIGNAL_TURN_TO] = g_signal_new ("turn-to", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 1, DEMO_TYPE_SCENARIO);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
demo_tour_init (DemoTour *self)
{
  self->report = demo_report_new ();
}

/* @window: what is pictured. @meter: what measures. @scenarios: (element-type DemoScenario): what
 * to play. @screenshot: (nullable): what to call the pictures, one after each run: to "name.png",
 * "-ID-MODE" is added. */
DemoTour *
demo_tour_new (GtkWidget *window,
               DemoMeter *meter,
               GPtrArray *scenarios,
               const char *screenshot)
{
  DemoTour *self = g_object_new (DEMO_TYPE_TOUR, NULL);

  g_set_weak_pointer (&self->window, window);
  self->meter = g_object_ref (meter);
  self->scenarios = g_ptr_array_ref (scenarios);
  self->screenshot = g_strdup (screenshot);
  if (screenshot != NULL)
    self->picture = gtk_widget_paintable_new (window);

  return self;
}

/* Whether the first run that fails is the last one. */
void
demo_tour_set_stops_at_failure (DemoTour *self,
                                gboolean stops)
{
  self->stops_at_failure = stops;
}

/* Begins after @settle ms; "ended" is emitted when it is over. */
void
demo_tour_start (DemoTour *self,
                 guint settle)
{
  continue_after (self, settle, begin_baseline_cb);
}

/* Returns: (transfer none) */
const DemoReport *
demo_tour_get_report (DemoTour *self)
{
  return self->report;
}
