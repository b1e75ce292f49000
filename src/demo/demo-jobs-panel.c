/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-jobs-panel.h"

#include "demo-job-row.h"
#include "demo-jobs.h"
#include "demo-template.h"

struct _DemoJobsPanel
{
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkListView *list;
  GtkWidget *cancel_button;
  GtkWidget *clear_button;
};

G_DEFINE_FINAL_TYPE (DemoJobsPanel, demo_jobs_panel, GTK_TYPE_WIDGET)

static void
update (DemoJobsPanel *self)
{
  DemoJobs *jobs = demo_jobs_get_default ();
  guint n_jobs = g_list_model_get_n_items (demo_jobs_get_model (jobs));
  guint n_active = demo_jobs_get_active (jobs);

  gtk_stack_set_visible_child_name (self->stack, n_jobs > 0 ? "list" : "empty");
  gtk_widget_set_sensitive (self->cancel_button, n_active > 0);
  gtk_widget_set_sensitive (self->clear_button, n_jobs > n_active);
}

/* A list view stays where it is when something comes in above: out of sight. */
static void
show_latest (DemoJobsPanel *self,
             guint position,
             guint removed,
             guint added)
{
  if (added > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->list), "list.scroll-to-item", "u", position);
}

static void
setup_row_cb (GtkSignalListItemFactory *factory,
              GtkListItem *item,
              DemoJobsPanel *self)
{
  gtk_list_item_set_child (item, demo_job_row_new ());
}

static void
bind_row_cb (GtkSignalListItemFactory *factory,
             GtkListItem *item,
             DemoJobsPanel *self)
{
  demo_job_row_set_job (DEMO_JOB_ROW (gtk_list_item_get_child (item)),
                        gtk_list_item_get_item (item));
}

static void
unbind_row_cb (GtkSignalListItemFactory *factory,
               GtkListItem *item,
               DemoJobsPanel *self)
{
  demo_job_row_set_job (DEMO_JOB_ROW (gtk_list_item_get_child (item)), NULL);
}

static void
cancel_all_cb (DemoJobsPanel *self)
{
  demo_jobs_cancel_all (demo_jobs_get_default ());
}

static void
clear_cb (DemoJobsPanel *self)
{
  demo_jobs_clear_ended (demo_jobs_get_default ());
}

static void
demo_jobs_panel_dispose (GObject *object)
{
  demo_template_dispose (GTK_WIDGET (object), DEMO_TYPE_JOBS_PANEL);

  G_OBJECT_CLASS (demo_jobs_panel_parent_class)->dispose (object);
}

static void
demo_jobs_panel_class_init (DemoJobsPanelClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_jobs_panel_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/asyncify/Demo/demo-jobs-panel.ui");
  gtk_widget_class_bind_template_child (widget_class, DemoJobsPanel, stack);
  gtk_widget_class_bind_template_child (widget_class, DemoJobsPanel, list);
  gtk_widget_class_bind_template_child (widget_class, DemoJobsPanel, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, DemoJobsPanel, clear_button);
  gtk_widget_class_bind_template_callback (widget_class, cancel_all_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_cb);
  gtk_widget_class_bind_template_callback (widget_class, setup_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_row_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_row_cb);
}

static void
demo_jobs_panel_init (DemoJobsPanel *self)
{
  g_autoptr (GtkNoSelection) model = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));

  model = gtk_no_selection_new (g_object_ref (demo_jobs_get_model (demo_jobs_get_default ())));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (model));
  g_signal_connect_object (demo_jobs_get_default (), "changed", G_CALLBACK (update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (show_latest), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  update (self);
}
