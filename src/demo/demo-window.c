/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-window.h"

#include <glib/gi18n.h>

#include "demo-jobs-panel.h"
#include "demo-jobs.h"
#include "demo-page.h"
#include "demo-stage.h"

struct _DemoWindow
{
  GtkApplicationWindow parent_instance;

  DemoStage *stage;
  GtkListBox *sidebar;
  GtkStack *pages;
  GtkRevealer *sidebar_revealer;
  GtkRevealer *jobs_revealer;
  GtkLabel *jobs_badge;
};

G_DEFINE_FINAL_TYPE (DemoWindow, demo_window, GTK_TYPE_APPLICATION_WINDOW)

static DemoPage *
get_page (DemoWindow *self)
{
  return DEMO_PAGE (gtk_stack_get_visible_child (self->pages));
}

static void
freeze_cb (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  demo_scenario_start (demo_page_get_scenario (get_page (DEMO_WINDOW (widget))), DEMO_MODE_FREEZE);
}

static void
asyncify_cb (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  demo_scenario_start (demo_page_get_scenario (get_page (DEMO_WINDOW (widget))),
                       DEMO_MODE_ASYNCIFY);
}

static void
cancel_cb (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  demo_scenario_cancel (demo_page_get_scenario (get_page (DEMO_WINDOW (widget))));
}

static void
update_jobs_badge (DemoWindow *self)
{
  guint n_active = demo_jobs_get_active (demo_jobs_get_default ());
  g_autofree char *text = g_strdup_printf ("%u", n_active);

  gtk_label_set_label (self->jobs_badge, text);
  gtk_widget_set_visible (GTK_WIDGET (self->jobs_badge), n_active > 0);
}

static void
row_selected_cb (DemoWindow *self,
                 GtkListBoxRow *row)
{
  if (row != NULL)
    gtk_stack_set_visible_child_name (self->pages, gtk_widget_get_name (GTK_WIDGET (row)));
}

static void
page_shown_cb (DemoWindow *self)
{
  DemoPage *page = get_page (self);

  if (page != NULL)
    gtk_window_set_default_widget (GTK_WINDOW (self), demo_page_get_default (page));
}

static GtkWidget *
create_sidebar_row (DemoScenario *scenario)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *label = gtk_label_new (demo_scenario_get_title (scenario));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
  gtk_widget_set_name (row, demo_scenario_get_id (scenario));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  demo_scenario_get_title (scenario), -1);

  return row;
}

static void
add_scenario (DemoWindow *self,
              DemoScenario *scenario)
{
  demo_scenario_set_meter (scenario, demo_window_get_meter (self));
  gtk_list_box_append (self->sidebar, create_sidebar_row (scenario));
  gtk_stack_add_named (self->pages, demo_page_new (scenario), demo_scenario_get_id (scenario));
}

static void
demo_window_class_init (DemoWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (DEMO_TYPE_STAGE);
  g_type_ensure (DEMO_TYPE_JOBS_PANEL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/asyncify/Demo/demo-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, stage);
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, sidebar_revealer);
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, jobs_revealer);
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, jobs_badge);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_shown_cb);

  gtk_widget_class_install_action (widget_class, "demo.freeze", NULL, freeze_cb);
  gtk_widget_class_install_action (widget_class, "demo.asyncify", NULL, asyncify_cb);
  gtk_widget_class_install_action (widget_class, "demo.cancel", NULL, cancel_cb);
}

static void
add_property_action (DemoWindow *self,
                     const char *name,
                     GtkRevealer *revealer)
{
  g_autoptr (GPropertyAction) action = g_property_action_new (name, revealer, "reveal-child");

  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
}

static void
demo_window_init (DemoWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  add_property_action (self, "sidebar", self->sidebar_revealer);
  add_property_action (self, "jobs", self->jobs_revealer);

  g_signal_connect_object (demo_jobs_get_default (), "changed", G_CALLBACK (update_jobs_badge),
                           self, G_CONNECT_SWAPPED);
  update_jobs_badge (self);
}

/* @scenarios: (element-type DemoScenario) */
GtkWidget *
demo_window_new (GtkApplication *application,
                 GPtrArray *scenarios)
{
  DemoWindow *self = g_object_new (DEMO_TYPE_WINDOW, "application", application, NULL);

  for (guint i = 0; i < scenarios->len; i++)
    add_scenario (self, g_ptr_array_index (scenarios, i));
  gtk_list_box_select_row (self->sidebar, gtk_list_box_get_row_at_index (self->sidebar, 0));

  return GTK_WIDGET (self);
}

/* Returns: (transfer none): what measures the loop and the frames of this window */
DemoMeter *
demo_window_get_meter (DemoWindow *self)
{
  return demo_stage_get_meter (self->stage);
}

/* Turns to the page of the scenario @id. Returns: whether there is one */
gboolean
demo_window_show_scenario (DemoWindow *self,
                           const char *id)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->sidebar, i)) != NULL; i++)
    if (g_str_equal (gtk_widget_get_name (GTK_WIDGET (row)), id))
      {
        gtk_list_box_select_row (self->sidebar, row);
        return TRUE;
      }

  return FALSE;
}
