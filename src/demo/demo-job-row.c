/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-job-row.h"

#include <glib/gi18n.h>

#include "demo-template.h"

struct _DemoJobRow
{
  GtkWidget parent_instance;

  AsyncifyJob *job; /* nullable */

  GtkLabel *title;
  GtkLabel *status;
  GtkProgressBar *progress;
  GtkWidget *cancel_button;
};

G_DEFINE_FINAL_TYPE (DemoJobRow, demo_job_row, GTK_TYPE_WIDGET)

static char *
describe (AsyncifyJob *job)
{
  const char *message = asyncify_job_get_message (job);
  const GError *error = asyncify_job_get_error (job);
  double elapsed = asyncify_job_get_elapsed (job);

  switch (asyncify_job_get_state (job))
    {
    case ASYNCIFY_JOB_QUEUED:
      return g_strdup (_ ("Waits for its turn"));
    case ASYNCIFY_JOB_RUNNING:
      /* Translators: seconds, and what the job does at the moment */
      return g_strdup_printf (_ ("%.1f s · %s"), elapsed,
                              message != NULL ? message : C_ ("job", "Runs"));
    case ASYNCIFY_JOB_SUCCEEDED:
      return g_strdup_printf (_ ("Done in %.1f s"), elapsed);
    case ASYNCIFY_JOB_FAILED:
      /* What the library says of it is for programmers. */
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
        return g_strdup_printf (_ ("Timed out after %.1f s"), elapsed);
      return g_strdup_printf (_ ("Failed: %s"), error->message);
    case ASYNCIFY_JOB_CANCELLED:
      return g_strdup_printf (_ ("Cancelled after %.1f s"), elapsed);
    case ASYNCIFY_JOB_IDLE:
    default:
      return NULL;
    }
}

static void
update (DemoJobRow *self)
{
  AsyncifyJobState state = asyncify_job_get_state (self->job);
  gboolean active = state == ASYNCIFY_JOB_QUEUED || state == ASYNCIFY_JOB_RUNNING;
  double progress = asyncify_job_get_progress (self->job);
  g_autofree char *status = describe (self->job);

  gtk_label_set_label (self->title, asyncify_job_get_title (self->job));
  gtk_label_set_label (self->status, status);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), active);
  gtk_widget_set_visible (self->cancel_button, active);
  if (progress >= 0)
    gtk_progress_bar_set_fraction (self->progress, progress);
}

static void
elapsed_cb (DemoJobRow *self)
{
  AsyncifyJobState state = asyncify_job_get_state (self->job);

  if (asyncify_job_get_progress (self->job) < 0 && state == ASYNCIFY_JOB_RUNNING)
    gtk_progress_bar_pulse (self->progress);
  update (self);
}

/* Only when it is wanted: setting a tooltip makes GTK ask the display where the pointer is. */
static gboolean
query_tooltip_cb (DemoJobRow *self,
                  int x,
                  int y,
                  gboolean keyboard_mode,
                  GtkTooltip *tooltip)
{
  gtk_tooltip_set_text (tooltip, gtk_label_get_label (self->status));

  return TRUE;
}

static void
cancel_cb (DemoJobRow *self)
{
  if (self->job != NULL)
    asyncify_job_cancel (self->job);
}

void
demo_job_row_set_job (DemoJobRow *self,
                      AsyncifyJob *job)
{
  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_set_object (&self->job, job);
  if (job == NULL)
    return;

  g_signal_connect_swapped (job, "notify::state", G_CALLBACK (update), self);
  g_signal_connect_swapped (job, "notify::elapsed", G_CALLBACK (elapsed_cb), self);
  g_signal_connect_swapped (job, "notify::progress", G_CALLBACK (update), self);
  gtk_progress_bar_set_fraction (self->progress, 0);
  update (self);
}

static void
demo_job_row_dispose (GObject *object)
{
  demo_job_row_set_job (DEMO_JOB_ROW (object), NULL);
  demo_template_dispose (GTK_WIDGET (object), DEMO_TYPE_JOB_ROW);

  G_OBJECT_CLASS (demo_job_row_parent_class)->dispose (object);
}

static void
demo_job_row_class_init (DemoJobRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_job_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/asyncify/Demo/demo-job-row.ui");
  gtk_widget_class_bind_template_child (widget_class, DemoJobRow, title);
  gtk_widget_class_bind_template_child (widget_class, DemoJobRow, status);
  gtk_widget_class_bind_template_child (widget_class, DemoJobRow, progress);
  gtk_widget_class_bind_template_child (widget_class, DemoJobRow, cancel_button);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, query_tooltip_cb);
}

static void
demo_job_row_init (DemoJobRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
demo_job_row_new (void)
{
  return g_object_new (DEMO_TYPE_JOB_ROW, NULL);
}
