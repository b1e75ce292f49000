/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-page.h"

#include <glib/gi18n.h>

#include "demo-access.h"
#include "demo-compare.h"
#include "demo-outcome.h"
#include "demo-reflow.h"
#include "demo-source.h"
#include "demo-template.h"

struct _DemoPage
{
  GtkWidget parent_instance;

  DemoScenario *scenario;
  GtkWidget *focus; /* weak: what shall have the focus again when nothing runs */

  GtkBox *headline;
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
  DemoOutcome *outcome;
  GtkScrolledWindow *source_scroller;
};

G_DEFINE_FINAL_TYPE (DemoPage, demo_page, GTK_TYPE_WIDGET)

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

/* Has whatever runs on this page end: a run, a comparison, the making of a sample. */
void
demo_page_cancel (DemoPage *self)
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

/* What is dropped anywhere on the page takes the place of what was chosen before. */
static gboolean
drop_cb (GtkDropTarget *target,
         const GValue *value,
         double x,
         double y,
         DemoPage *self)
{
  GListStore *files = DEMO_SCENARIO_GET_CLASS (self->scenario)->get_files (self->scenario);
  g_autoptr (GPtrArray) dropped = g_ptr_array_new ();

  if (!gtk_widget_is_sensitive (GTK_WIDGET (self->parameters)))
    return FALSE;

  for (GSList *l = g_value_get_boxed (value); l != NULL; l = l->next)
    g_ptr_array_add (dropped, l->data);
  g_list_store_splice (files, 0, g_list_model_get_n_items (G_LIST_MODEL (files)), dropped->pdata,
                       dropped->len);
  gtk_stack_set_visible_child_name (self->tabs, "run");
  gtk_widget_grab_focus (self->asyncify_button);

  return TRUE;
}

/* Before the fields get it, who would take it for a text. */
static void
take_drops (DemoPage *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (target), GTK_PHASE_CAPTURE);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

/* A button for a way to call the function: what it is called, and what is called. */
static void
fill_way (GtkWidget *button,
          const char *icon_name,
          const char *label,
          const char *code)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *name = gtk_label_new_with_mnemonic (label);
  GtkWidget *call = gtk_label_new (code);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_name, "icon-size",
                                  GTK_ICON_SIZE_LARGE, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_label_set_mnemonic_widget (GTK_LABEL (name), button);
  gtk_label_set_xalign (GTK_LABEL (name), 0);
  gtk_widget_add_css_class (name, "heading");
  gtk_label_set_xalign (GTK_LABEL (call), 0);
  gtk_label_set_ellipsize (GTK_LABEL (call), PANGO_ELLIPSIZE_END);
  gtk_label_set_width_chars (GTK_LABEL (call), MIN (g_utf8_strlen (code, -1), 20));
  gtk_widget_add_css_class (call, "caption");
  gtk_widget_add_css_class (call, "monospace");

  gtk_box_append (GTK_BOX (lines), name);
  gtk_box_append (GTK_BOX (lines), call);
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), lines);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (GTK_LABEL (name)), -1);
}

static void
fill_ways (DemoPage *self)
{
  const char *function = DEMO_SCENARIO_GET_CLASS (self->scenario)->function;
  g_autofree char *freeze = g_strdup_printf ("%s ()", function);
  g_autofree char *asyncify = g_strdup_printf ("%s_async ()", function);

  /* Translators: a verb: make the window stand still. Also below. Never as “to freeze food”. */
  fill_way (self->freeze_button, "asyncify-freeze-symbolic", C_ ("way", "_Freeze"), freeze);
  /* Translators: a verb of our own, and the name of the library: make asynchronous. Leave it. */
  fill_way (self->asyncify_button, "asyncify-flow-symbolic", C_ ("way", "_Asyncify"), asyncify);
}

static GtkWidget *
create_emblem (DemoScenario *scenario)
{
  GtkWidget *emblem = demo_scenario_create_icon (scenario);

  gtk_image_set_icon_size (GTK_IMAGE (emblem), GTK_ICON_SIZE_LARGE);
  gtk_widget_set_valign (emblem, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (emblem, "emblem");

  return emblem;
}

static void
fill (DemoPage *self)
{
  DemoScenarioClass *klass = DEMO_SCENARIO_GET_CLASS (self->scenario);

  if (klass->no_freeze != NULL)
    gtk_widget_set_tooltip_text (self->freeze_button, _ (klass->no_freeze));
  fill_ways (self);
  demo_outcome_set_scenario (self->outcome, self->scenario);
  gtk_box_prepend (self->headline, create_emblem (self->scenario));
  gtk_label_set_label (self->title, _ (klass->title));
  gtk_label_set_label (self->summary, _ (klass->summary));
  self->compare = DEMO_COMPARE (demo_compare_new (self->scenario));
  gtk_box_append (self->compare_tab, GTK_WIDGET (self->compare));
  g_signal_connect_object (self->compare, "notify::active", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);

  if (klass->create_parameters != NULL)
    gtk_box_append (self->parameters, klass->create_parameters (self->scenario));
  gtk_widget_set_visible (GTK_WIDGET (self->parameters), klass->create_parameters != NULL);
  if (klass->get_files != NULL)
    take_drops (self);
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

  g_type_ensure (DEMO_TYPE_OUTCOME);
  g_type_ensure (DEMO_TYPE_REFLOW);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/asyncify/Demo/demo-page.ui");
  gtk_widget_class_bind_template_child (widget_class, DemoPage, headline);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, title);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, summary);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, parameters);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, body);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, tabs);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, compare_tab);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, freeze_button);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, asyncify_button);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, outcome);
  gtk_widget_class_bind_template_child (widget_class, DemoPage, source_scroller);
  gtk_widget_class_bind_template_callback (widget_class, source_shown_cb);
  gtk_widget_class_bind_template_callback (widget_class, freeze_cb);
  gtk_widget_class_bind_template_callback (widget_class, asyncify_cb);
  gtk_widget_class_bind_template_callback (widget_class, demo_page_cancel);
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
