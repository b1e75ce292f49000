/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-outcome.h"

#include <glib/gi18n.h>

#include "demo-reflow.h"
#include "demo-reveal.h"
#include "demo-template.h"
#include "demo-verdict.h"

/* Around it, when it is scrolled to; in px */
#define MARGIN 12

struct _DemoOutcome
{
  GtkWidget parent_instance;

  DemoScenario *scenario; /* nullable: none yet */
  guint pulse; /* source id; while the progress is unknown */

  GtkImage *icon;
  GtkLabel *result;
  GtkLabel *detail;
  GtkProgressBar *progress;
  DemoVerdict *verdict;
  GtkWidget *copy_button;
};

G_DEFINE_FINAL_TYPE (DemoOutcome, demo_outcome, GTK_TYPE_WIDGET)

static gboolean
pulse_cb (gpointer user_data)
{
  DemoOutcome *self = user_data;

  gtk_progress_bar_pulse (self->progress);

  return G_SOURCE_CONTINUE;
}

static void
set_pulsing (DemoOutcome *self,
             gboolean pulsing)
{
  if (pulsing == (self->pulse != 0))
    return;

  if (pulsing)
    self->pulse = g_timeout_add (100, pulse_cb, self);
  else
    g_clear_handle_id (&self->pulse, g_source_remove);
}

static void
update_progress (DemoOutcome *self)
{
  DemoScenarioState state = demo_scenario_get_state (self->scenario);
  gboolean active = state == DEMO_SCENARIO_RUNNING || state == DEMO_SCENARIO_PREPARING;
  const char *message = demo_scenario_get_message (self->scenario);
  double progress = demo_scenario_get_progress (self->scenario);

  gtk_widget_set_visible (GTK_WIDGET (self->progress), active);
  set_pulsing (self, active && progress < 0);
  if (progress >= 0)
    gtk_progress_bar_set_fraction (self->progress, progress);

  if (state == DEMO_SCENARIO_PREPARING)
    message = _ ("Making a sample to work on…");
  gtk_progress_bar_set_text (self->progress, message);
  gtk_progress_bar_set_show_text (self->progress, message != NULL);
}

/* How the outcome looks: an icon, and a CSS class of this name. */
typedef struct {
  const char *icon;
  const char *css_class;
} Look;

static Look
get_look (DemoScenarioState state)
{
  switch (state)
    {
    case DEMO_SCENARIO_SUCCEEDED:
      return (Look) { "object-select-symbolic", "succeeded" };
    case DEMO_SCENARIO_FAILED:
      return (Look) { "dialog-warning-symbolic", "failed" };
    case DEMO_SCENARIO_CANCELLED:
      return (Look) { "process-stop-symbolic", "cancelled" };
    case DEMO_SCENARIO_IDLE:
    case DEMO_SCENARIO_PREPARING:
    case DEMO_SCENARIO_RUNNING:
    default:
      return (Look) { "media-playback-start-symbolic", "idle" };
    }
}

static const char *
get_outcome_text (DemoOutcome *self,
                  const DemoRun *run)
{
  switch (demo_scenario_get_state (self->scenario))
    {
    case DEMO_SCENARIO_SUCCEEDED:
      return run->result;
    case DEMO_SCENARIO_FAILED:
      return run->error;
    case DEMO_SCENARIO_CANCELLED:
      return _ ("Cancelled");
    case DEMO_SCENARIO_RUNNING:
      return _ ("Running…");
    case DEMO_SCENARIO_IDLE:
    case DEMO_SCENARIO_PREPARING:
    default:
      if (demo_scenario_get_obstacle (self->scenario, DEMO_MODE_FREEZE) != NULL)
        return _ ("Press Asyncify to begin.");
      return _ ("Press Freeze to call the function the wrong way, then Asyncify for the right way.");
    }
}

static void
update_outcome (DemoOutcome *self)
{
  DemoScenarioState state = demo_scenario_get_state (self->scenario);
  const DemoRun *run = demo_scenario_get_last_run (self->scenario);
  gboolean ended = state >= DEMO_SCENARIO_SUCCEEDED && run != NULL;
  g_autofree char *measured = ended ? demo_run_describe (run) : NULL;
  DemoScenarioClass *klass = DEMO_SCENARIO_GET_CLASS (self->scenario);
  const char *detail = ended ? measured : klass->watch != NULL ? _ (klass->watch) : NULL;
  Look look = get_look (state);
  const char *classes[] = { "outcome", look.css_class, NULL, NULL };

  if (ended && run->measured && run->measurement.heartbeat.max_ms >= DEMO_METER_FROZE_MS)
    classes[2] = "froze";
  gtk_widget_set_css_classes (GTK_WIDGET (self), classes);
  gtk_image_set_from_icon_name (self->icon, klass->missing != NULL
                                                      ? "dialog-information-symbolic"
                                                      : look.icon);
  gtk_label_set_label (self->result, klass->missing != NULL ? _ (klass->missing)
                                                            : get_outcome_text (self, run));
  gtk_label_set_label (self->detail, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail), detail != NULL);
  gtk_widget_set_visible (self->copy_button, ended);
}


static void
update (DemoOutcome *self)
{
  update_progress (self);
  update_outcome (self);
  /* In a low window the page may be scrolled to where this can't be seen. */
  if (demo_scenario_get_state (self->scenario) >= DEMO_SCENARIO_RUNNING)
    demo_reveal (GTK_WIDGET (self), MARGIN);
}

static void
ended_cb (DemoOutcome *self)
{
  const DemoRun *run = demo_scenario_get_last_run (self->scenario);

  demo_verdict_take (self->verdict, run);
  update (self);
}

/* As text, what is shown here and what the page lists below. */
static void
copy_cb (DemoOutcome *self)
{
  g_autofree char *list = demo_scenario_describe_items (self->scenario);
  const char *detail = gtk_label_get_text (self->detail);
  g_autoptr (GString) text = g_string_new (gtk_label_get_text (self->result));

  if (*detail != '\0')
    g_string_append_printf (text, "\n%s", detail);
  if (list != NULL)
    g_string_append_printf (text, "\n\n%s", list);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text->str);
}

static void
demo_outcome_dispose (GObject *object)
{
  DemoOutcome *self = DEMO_OUTCOME (object);

  if (self->scenario != NULL)
    g_signal_handlers_disconnect_by_data (self->scenario, self);
  set_pulsing (self, FALSE);
  demo_template_dispose (GTK_WIDGET (self), DEMO_TYPE_OUTCOME);
  g_clear_object (&self->scenario);

  G_OBJECT_CLASS (demo_outcome_parent_class)->dispose (object);
}

static void
demo_outcome_class_init (DemoOutcomeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_outcome_dispose;

  g_type_ensure (DEMO_TYPE_REFLOW);
  g_type_ensure (DEMO_TYPE_VERDICT);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/asyncify/Demo/demo-outcome.ui");
  gtk_widget_class_bind_template_child (widget_class, DemoOutcome, icon);
  gtk_widget_class_bind_template_child (widget_class, DemoOutcome, result);
  gtk_widget_class_bind_template_child (widget_class, DemoOutcome, detail);
  gtk_widget_class_bind_template_child (widget_class, DemoOutcome, progress);
  gtk_widget_class_bind_template_child (widget_class, DemoOutcome, verdict);
  gtk_widget_class_bind_template_child (widget_class, DemoOutcome, copy_button);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);

  /* It is read out when it changes. */
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_STATUS);
}

static void
demo_outcome_init (DemoOutcome *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Shows how far @scenario is, and what came of its latest run. To be called once. */
void
demo_outcome_set_scenario (DemoOutcome *self,
                           DemoScenario *scenario)
{
  self->scenario = g_object_ref (scenario);
  g_signal_connect_object (scenario, "notify::state", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (scenario, "notify::progress", G_CALLBACK (update_progress), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (scenario, "notify::message", G_CALLBACK (update_progress), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (scenario, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  update (self);
}
