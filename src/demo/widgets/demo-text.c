/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-text.h"

#include <glib/gi18n.h>

/* First strong isolate, and pop directional isolate: Unicode's marks, which nobody sees */
#define BEGIN_ISOLATE "\u2068"
#define END_ISOLATE "\u2069"

char *
demo_text_shorten (const char *text,
                   glong max_chars)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *begin = NULL;

  if (g_utf8_strlen (valid, -1) <= max_chars)
    return g_steal_pointer (&valid);

  begin = g_utf8_substring (valid, 0, max_chars);

  return g_strconcat (begin, "…", NULL);
}

char *
demo_text_number (guint64 number)
{
  /* The flag is POSIX, not ISO C; GLib has it everywhere. */
  g_autofree char *text = G_GNUC_EXTENSION g_strdup_printf ("%'" G_GUINT64_FORMAT, number);
  char *converted = g_locale_to_utf8 (text, -1, NULL, NULL, NULL);

  /* What stands between the thousands is written as the locale writes, which need not be UTF-8. */
  return converted != NULL ? converted : g_strdup_printf ("%" G_GUINT64_FORMAT, number);
}

char *
demo_text_ms (double ms)
{
  g_autofree char *number = demo_text_number ((guint64) (MAX (ms, 0) + 0.5));

  /* Translators: a number of milliseconds */
  return g_strdup_printf (_ ("%s ms"), number);
}

char *
demo_text_isolate (const char *text)
{
  if (gtk_widget_get_default_direction () == GTK_TEXT_DIR_RTL)
    return g_strconcat (BEGIN_ISOLATE, text, END_ISOLATE, NULL);

  return g_strdup (text);
}

char *
demo_text_file (GFile *file)
{
  g_autofree char *name = g_file_get_parse_name (file);

  return demo_text_isolate (name);
}

static void
update_page (GtkStack *stack,
             GtkTextBuffer *buffer)
{
  gboolean is_empty = gtk_text_buffer_get_char_count (buffer) == 0;

  gtk_stack_set_visible_child_name (stack, is_empty ? "empty" : "text");
}

static GtkWidget *
create_view (const char *name,
             GtkTextBuffer *buffer)
{
  GtkWidget *view = gtk_text_view_new_with_buffer (buffer);

  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_accepts_tab (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_wrap_mode (GTK_TEXT_VIEW (view), GTK_WRAP_WORD_CHAR);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 12);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), 12);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 12);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), 12);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  return view;
}

GtkWidget *
demo_text_new (const char *name,
               GtkTextBuffer *buffer,
               const char *empty)
{
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *label = gtk_label_new (empty);
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_stack_add_named (GTK_STACK (stack), label, "empty");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), create_view (name, buffer));
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_stack_add_named (GTK_STACK (stack), scroller, "text");
  gtk_widget_add_css_class (stack, "card");
  gtk_widget_set_vexpand (stack, TRUE);
  gtk_widget_set_size_request (stack, -1, 96);
  gtk_widget_set_overflow (stack, GTK_OVERFLOW_HIDDEN);

  g_signal_connect_object (buffer, "changed", G_CALLBACK (update_page), stack, G_CONNECT_SWAPPED);
  update_page (GTK_STACK (stack), buffer);

  return stack;
}
