/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-question.h"

#include <glib/gi18n.h>

#define WIDTH 440

struct _DemoQuestion
{
  GtkWindow parent_instance;

  GtkCheckButton *for_all;

  /* While it waits for an answer */
  GTask *task;
  GSource *cancelled;
};

G_DEFINE_FINAL_TYPE (DemoQuestion, demo_question, GTK_TYPE_WINDOW)

/* Returns: (transfer full) (nullable): what waits for the answer; nothing does from now on */
static GTask *
steal_task (DemoQuestion *self)
{
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);

  return g_steal_pointer (&self->task);
}

/* Gives the answer, and closes the window. Does nothing if there was an answer already. @for_all:
 * whether it shall not ask again. */
void
demo_question_answer (DemoQuestion *self,
                      int answer,
                      gboolean for_all)
{
  g_autoptr (GTask) task = steal_task (self);

  if (task == NULL)
    return;

  gtk_window_destroy (GTK_WINDOW (self));
  g_task_return_int (task, answer * 2 + (for_all ? 1 : 0));
}

static void
clicked_cb (GtkWidget *button,
            gpointer answer)
{
  DemoQuestion *self = DEMO_QUESTION (gtk_widget_get_root (button));

  demo_question_answer (self, GPOINTER_TO_INT (answer),
                        gtk_check_button_get_active (self->for_all));
}

static gboolean
demo_question_close_request (GtkWindow *window)
{
  demo_question_answer (DEMO_QUESTION (window), DEMO_QUESTION_CLOSED, FALSE);

  return GTK_WINDOW_CLASS (demo_question_parent_class)->close_request (window);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer user_data)
{
  gtk_window_destroy (GTK_WINDOW (g_task_get_task_data (user_data)));

  return G_SOURCE_REMOVE;
}

/* Shows it. @source: for the @callback; @cancellable: closes the window */
void
demo_question_ask_async (DemoQuestion *self,
                         GObject *source,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_return_if_fail (self->task == NULL);

  self->task = g_task_new (source, cancellable, callback, user_data);
  g_task_set_task_data (self->task, self, NULL);
  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      g_task_attach_source (self->task, self->cancelled, G_SOURCE_FUNC (cancelled_cb));
    }

  gtk_window_present (GTK_WINDOW (self));
}

/* Returns: the number of the answer, from 0, or DEMO_QUESTION_CLOSED. G_IO_ERROR_CANCELLED if it
 * was cancelled, or went together with the window that it is about. */
int
demo_question_ask_finish (GAsyncResult *result,
                          gboolean *for_all,
                          GError **error)
{
  gssize answer = g_task_propagate_int (G_TASK (result), error);

  *for_all = (answer & 1) != 0;

  return (int) ((answer - *for_all) / 2);
}

static void
demo_question_dispose (GObject *object)
{
  g_autoptr (GTask) task = steal_task (DEMO_QUESTION (object));

  if (task != NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "%s", _ ("Cancelled"));

  G_OBJECT_CLASS (demo_question_parent_class)->dispose (object);
}

static void
demo_question_class_init (DemoQuestionClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_question_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = demo_question_close_request;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
demo_question_init (DemoQuestion *self)
{
}

static GtkWidget *
create_label (const char *text,
              const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 50);
  gtk_widget_add_css_class (label, css_class);

  return label;
}

static GtkWidget *
create_buttons (DemoQuestion *self,
                const char *const *answers,
                guint proposed)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  gtk_box_set_homogeneous (GTK_BOX (row), TRUE);
  gtk_widget_set_margin_top (row, 6);
  for (guint i = 0; answers[i] != NULL; i++)
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (answers[i]);

      g_signal_connect (button, "clicked", G_CALLBACK (clicked_cb), GINT_TO_POINTER (i));
      gtk_box_append (GTK_BOX (row), button);
      if (i != proposed)
        continue;
      gtk_widget_add_css_class (button, "suggested-action");
      gtk_window_set_default_widget (GTK_WINDOW (self), button);
    }

  return row;
}

/* @about: a widget of the window that it stands before; the question goes with that. @answers:
 * what the buttons say, NULL-terminated; @proposed: the number of the one that Enter presses.
 * Returns: (transfer none): GTK keeps it until there is an answer */
DemoQuestion *
demo_question_new (GtkWidget *about,
                   const char *title,
                   const char *text,
                   const char *const *answers,
                   guint proposed)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (about));
  DemoQuestion *self
    = g_object_new (DEMO_TYPE_QUESTION, "title", _ ("Question"), "transient-for", parent,
                    "destroy-with-parent", TRUE, "modal", TRUE, "resizable", FALSE, "default-width",
                    WIDTH, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *for_all
    = gtk_check_button_new_with_mnemonic (_ ("_Don't ask again, the same for all"));
  GtkWidget *buttons = create_buttons (self, answers, proposed);

  /* For the keys of the app: nobody is kept from quitting. */
  gtk_window_set_application (GTK_WINDOW (self), gtk_window_get_application (parent));
  self->for_all = GTK_CHECK_BUTTON (for_all);
  gtk_widget_add_css_class (GTK_WIDGET (self), "question");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_box_append (GTK_BOX (box), create_label (title, "heading"));
  gtk_box_append (GTK_BOX (box), create_label (text, "dim-label"));
  gtk_box_append (GTK_BOX (box), for_all);
  gtk_box_append (GTK_BOX (box), buttons);
  gtk_window_set_child (GTK_WINDOW (self), box);
  gtk_window_set_focus (GTK_WINDOW (self), gtk_window_get_default_widget (GTK_WINDOW (self)));

  return self;
}
