/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-controls-private.h"

#include <glib/gi18n.h>

/* Of a text: five lines, in px. */
#define TEXT_HEIGHT 96

/* The tag for what is wrong in a text */
#define MARK "mistake"

/* Cuts off what is too much, as an entry does. */
static void
insert_text_cb (GtkTextBuffer *buffer,
                GtkTextIter *place,
                const char *text,
                int n_bytes,
                gpointer max_length)
{
  int room = GPOINTER_TO_INT (max_length) - gtk_text_buffer_get_char_count (buffer);

  if (g_utf8_strlen (text, n_bytes) <= room)
    return;

  g_signal_stop_emission_by_name (buffer, "insert-text");
  if (room > 0)
    gtk_text_buffer_insert (buffer, place, text, g_utf8_offset_to_pointer (text, room) - text);
}

/* @buffer holds @max_length characters at most: a pasted megabyte would take seconds to lay out. */
void
demo_controls_limit_text (GtkTextBuffer *buffer,
                          guint max_length)
{
  g_signal_connect (buffer, "insert-text", G_CALLBACK (insert_text_cb),
                    GUINT_TO_POINTER (max_length));
}

static gboolean
press_default_cb (GtkWidget *view,
                  GVariant *arguments,
                  gpointer user_data)
{
  gtk_widget_activate_default (view);

  return TRUE;
}

/* Before the view itself takes it for a new line. */
static GtkEventController *
create_default_shortcut (void)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (controller),
    gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>Return|<Control>KP_Enter"),
                      gtk_callback_action_new (press_default_cb, NULL, NULL)));

  return controller;
}

static GtkWidget *
create_text_view (GtkTextBuffer *buffer)
{
  GtkWidget *widget = gtk_text_view_new_with_buffer (buffer);
  GtkTextView *view = GTK_TEXT_VIEW (widget);

  gtk_text_view_set_monospace (view, TRUE);
  gtk_text_view_set_wrap_mode (view, GTK_WRAP_WORD_CHAR);
  /* Tab leads on, as everywhere. */
  gtk_text_view_set_accepts_tab (view, FALSE);
  gtk_text_view_set_left_margin (view, 8);
  gtk_text_view_set_right_margin (view, 8);
  gtk_text_view_set_top_margin (view, 6);
  gtk_text_view_set_bottom_margin (view, 6);
  gtk_widget_add_controller (widget, create_default_shortcut ());
  /* A key may come when a frame has begun already, and the view would find out how high its text
   * is now while it is drawn: too late for its scroll bar. This is in time, in the same frame. */
  g_signal_connect_object (buffer, "changed", G_CALLBACK (gtk_widget_queue_resize), widget,
                           G_CONNECT_SWAPPED);

  return widget;
}

static void
use_example_cb (GtkWidget *button,
                GtkTextBuffer *buffer)
{
  gtk_text_buffer_set_text (buffer, g_object_get_data (G_OBJECT (button), "text"), -1);
}

static GtkWidget *
create_examples (GtkTextBuffer *buffer,
                 const DemoExample *examples)
{
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_box_set_homogeneous (GTK_BOX (buttons), TRUE);
  gtk_widget_add_css_class (buttons, "linked");
  gtk_widget_add_css_class (buttons, "examples");
  for (guint i = 0; examples[i].label != NULL; i++)
    {
      GtkWidget *button = gtk_button_new_with_label (_ (examples[i].label));

      gtk_widget_set_tooltip_text (button, _ ("Take this example"));
      g_object_set_data (G_OBJECT (button), "text", (gpointer) examples[i].text);
      g_signal_connect_object (button, "clicked", G_CALLBACK (use_example_cb), buffer, 0);
      gtk_box_append (GTK_BOX (buttons), button);
    }

  return buttons;
}

/* A few lines of code, which @buffer holds. Control and Enter press the default button. */
GtkWidget *
demo_controls_new_text (const char *label,
                        GtkTextBuffer *buffer,
                        const DemoExample *examples)
{
  GtkWidget *view = create_text_view (buffer);
  GtkWidget *caption = demo_controls_create_caption (label, view);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), view);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scroller), TEXT_HEIGHT);
  gtk_widget_add_css_class (scroller, "text");
  gtk_widget_set_overflow (scroller, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_hexpand (scroller, TRUE);

  /* Beside the first line */
  gtk_widget_set_valign (caption, GTK_ALIGN_START);
  gtk_widget_set_margin_top (caption, 6);
  gtk_box_append (GTK_BOX (row), caption);
  gtk_box_append (GTK_BOX (row), scroller);
  gtk_box_append (GTK_BOX (row), create_examples (buffer, examples));

  return row;
}

static void
unmark_cb (GtkTextBuffer *buffer)
{
  GtkTextIter begin, end;

  gtk_text_buffer_get_bounds (buffer, &begin, &end);
  gtk_text_buffer_remove_tag_by_name (buffer, MARK, &begin, &end);
}

static void
create_mark (GtkTextBuffer *buffer)
{
  gtk_text_buffer_create_tag (buffer, MARK, "underline", PANGO_UNDERLINE_ERROR, "background",
                              "rgba(224,27,36,0.2)", NULL);
  g_signal_connect (buffer, "changed", G_CALLBACK (unmark_cb), NULL);
}

/* Marks the word at @place, in bytes, as wrong, until the text is changed. Returns: in which
 * line it is, from 1 */
guint
demo_controls_mark_text (GtkTextBuffer *buffer,
                         gsize place)
{
  GtkTextIter begin, end;
  g_autofree char *text = NULL;

  if (gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), MARK) == NULL)
    create_mark (buffer);
  unmark_cb (buffer);

  gtk_text_buffer_get_bounds (buffer, &begin, &end);
  text = gtk_text_buffer_get_text (buffer, &begin, &end, FALSE);
  place = MIN (place, strlen (text));
  gtk_text_iter_set_offset (&begin, g_utf8_pointer_to_offset (text, text + place));
  while (g_unichar_isspace (gtk_text_iter_get_char (&begin)))
    gtk_text_iter_forward_char (&begin);
  gtk_text_buffer_place_cursor (buffer, &begin);

  end = begin;
  do
    gtk_text_iter_forward_char (&end);
  while (g_unichar_isalnum (gtk_text_iter_get_char (&end)) || gtk_text_iter_get_char (&end) == '_');
  gtk_text_buffer_apply_tag_by_name (buffer, MARK, &begin, &end);

  return gtk_text_iter_get_line (&begin) + 1;
}
