/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-page.h"

#include <glib/gi18n.h>

#include "demo-access.h"
#include "demo-compare.h"
#include "demo-source.h"
#include "demo-template.h"

struct _DemoPage
{
  GtkWidget parent_instance;

  DemoScenario *scenario;
  guint pulse; /* source id; while the progress is unknown */
  GtkWidget *focus; /* weak: what shall have the focus again when nothing runs */

  GtkLabel *title;
  GtkLabel *summary;
  GtkBox *parameters;
  GtkBox *body;
  GtkStack *tabs;
  GtkBox *compare_tab;
  DemoCompare *compare; /* owned by that box */
  GtkWidget *freeze_button;
  GtkWidget *asyncify_button;
  GtkWidget *cancel_button;
  GtkProgressBar *progress;
  GtkWidget *outcome;
  GtkImage *outcome_icon;
  GtkLabel *result;
  GtkLabel *detail;
  GtkScrolledWindow *source_scroller;
};

G_DEFINE_FINAL_TYPE (DemoPage, demo_page, GTK_TYPE_WIDGET)

static gboolean
pulse_cb (gpointer user_data)
{
  DemoPage *self = user_data;

  gtk_progress_bar_pulse (self->progress);

  return G_SOURCE_CONTINUE;
}

static void
set_pulsing (DemoPage *self,
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
update_progress (DemoPage *self)
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
get_outcome_text (DemoPage *self,
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
update_outcome (DemoPage *self)
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
  gtk_widget_set_css_classes (self->outcome, classes);
  gtk_image_set_from_icon_name (self->outcome_icon, klass->missing != NULL
                                                      ? "dialog-information-symbolic"
                                                      : look.icon);
  gtk_label_set_label (self->result, klass->missing != NULL ? _ (klass->missing)
                                                            : get_outcome_text (self, run));
  gtk_label_set_label (self->detail, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail), detail != NULL);
}

static gboolean
can_start (DemoPage *self,
           DemoMode mode)
{
  return demo_scenario_get_obstacle (self->scenario, mode) == NULL;
}

/* What can't be used must not have the focus: while something runs, Cancel has it. */
static void
lend_focus (DemoPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL
      || !(gtk_widget_is_ancestor (focus, GTK_WIDGET (self->parameters))
           || focus == self->freeze_button || focus == self->asyncify_button))
    return;

  g_set_weak_pointer (&self->focus, focus);
  gtk_widget_grab_focus (self->cancel_button);
}

static void
return_focus (DemoPage *self)
{
  if (self->focus != NULL && gtk_widget_is_focus (self->cancel_button))
    gtk_widget_grab_focus (self->focus);
  g_clear_weak_pointer (&self->focus);
}

static void
update (DemoPage *self)
{
  DemoScenarioState state = demo_scenario_get_state (self->scenario);
  gboolean active = state == DEMO_SCENARIO_RUNNING || state == DEMO_SCENARIO_PREPARING
                    || demo_compare_is_active (self->compare);

  if (active)
    {
      gtk_widget_set_sensitive (self->cancel_button, TRUE);
      lend_focus (self);
    }
  gtk_widget_set_sensitive (self->freeze_button, !active && can_start (self, DEMO_MODE_FREEZE));
  gtk_widget_set_sensitive (self->asyncify_button, !active && can_start (self, DEMO_MODE_ASYNCIFY));
  gtk_widget_set_sensitive (GTK_WIDGET (self->parameters), !active);
  if (!active)
    {
      return_focus (self);
      gtk_widget_set_sensitive (self->cancel_button, FALSE);
    }
  update_progress (self);
  update_outcome (self);
}

static void
freeze_cb (DemoPage *self)
{
  demo_scenario_start (self->scenario, DEMO_MODE_FREEZE);
}

static void
asyncify_cb (DemoPage *self)
{
  demo_scenario_start (self->scenario, DEMO_MODE_ASYNCIFY);
}

static void
cancel_cb (DemoPage *self)
{
  demo_compare_cancel (self->compare);
  demo_scenario_cancel (self->scenario);
}

/* Most sources are never looked at. */
static void
source_shown_cb (DemoPage *self)
{
  if (gtk_scrolled_window_get_child (self->source_scroller) == NULL)
    gtk_scrolled_window_set_child (
      self->source_scroller, demo_source_new (demo_scenario_get_id (self->scenario)));
}

static void
fill (DemoPage *self)
{
  DemoScenarioClass *klass = DEMO_SCENARIO_GET_CLASS (self->scenario);

  if (klass->no_freeze != NULL)
    gtk_widget_set_tooltip_text (self->freeze_button, _ (klass->no_freeze));
  gtk_label_set_label (self->title, _ (klass->title));
  gtk_label_set_label (self->summary, _ (klass->summary));
  self->compare = DEMO_COMPARE (demo_compare_new (self->scenario));
  gtk_box_append (self->compare_tab, GTK_WIDGET (self->compare));
  g_signal_connect_object (self->compare, "notify::active", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);

  if (klass->create_parameters != NULL)
    gtk_box_append (self->parameters, klass->create_parameters (self->scenario));
  gtk_widget_set_visible (GTK_WIDGET (self->parameters), klass->create_parameters != NULL);
  if (klass->create_view != NULL)
    gtk_box_append (self->body, klass->create_view (self->scenario));
}

/* A page is looked at for the first time: now is the time to prepare. */
static void
demo_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (demo_page_parent_class)->map (widget);

  demo_scenario_prepare (DEMO_PAGE (widget)->scenario);
}

static void
demo_page_dispose (GObject *object)
{
  DemoPage *self = DEMO_PAGE (object);

  /* The children may still ask for the scenario while they go, but nothing shows its state any
   * more. */
  if (self->scenario != NULL)
    g_signal_handlers_disconnect_by_data (self->scenario, self);
  if (self->compare != NULL)
    g_signal_handlers_disconnect_by_data (self->compare, self);
  self->compare = NULL;
  set_pulsing (self, FALSE);
  g_clear_weak_pointer (&self->focus);
  demo_template_dispose (GTK_WIDGET (self), DEMO_TYPE_PAGE);
  g_clear_object (&self->scenario);

  G_OBJECT_CLASS (demo_page_parent_class)->dispose (object);
}

static void
demo_page_class_init (DemoPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_page_dispose;
  widget_class->map = demo_page_map;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/asyncify/Demo/demo-page.ui");
  gtk_widget_class_bind_template_child (widget_class, DemoPage, title);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, summary);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, parameters);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, body);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, tabs);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, compare_tab);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, freeze_button);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, asyncify_button);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, progress);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, outcome);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, outcome_icon);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, result);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, detail);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, source_scroller);
  gtk_widget_class_bind_template_callback (widget_class, source_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, freeze_cb);
  gtk_widget_class_bind_template_callback (widget_class, asyncify_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
}

static void
demo_page_init (DemoPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  demo_access_hide_while_unmapped (GTK_WIDGET (self));
  for (GtkWidget *tab = gtk_widget_get_first_child (GTK_WIDGET (self->tabs)); tab != NULL;
       tab = gtk_widget_get_next_sibling (tab))
    demo_access_hide_while_unmapped (tab);
}

GtkWidget *
demo_page_new (DemoScenario *scenario)
{
  DemoPage *self = g_object_new (DEMO_TYPE_PAGE, NULL);

  self->scenario = g_object_ref (scenario);
  fill (self);
  g_signal_connect_object (scenario, "notify::state", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (scenario, "notify::progress", G_CALLBACK (update_progress), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (scenario, "notify::message", G_CALLBACK (update_progress), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (scenario, "ended", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}

/* Returns: (transfer none) */
DemoScenario *
demo_page_get_scenario (DemoPage *self)
{
  return self->scenario;
}

/* Returns: (transfer none): the button that Enter presses */
GtkWidget *
demo_page_get_default (DemoPage *self)
{
  return self->asyncify_button;
}
