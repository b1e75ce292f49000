/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-source.h"

#include <glib/gi18n.h>

/* Marks what begins with ASYNCIFY_DEFINE, up to the end of the macro's arguments. */
static void
mark_definitions (GtkTextBuffer *buffer)
{
  GtkTextTag *tag = gtk_text_buffer_create_tag (buffer, NULL, "weight", PANGO_WEIGHT_BOLD,
                                                "paragraph-background", "rgba(53,132,228,0.20)",
                                                NULL);
  GtkTextIter from, begin, end;

  gtk_text_buffer_get_start_iter (buffer, &from);
  while (gtk_text_iter_forward_search (&from, "\nASYNCIFY_DEFINE", 0, &begin, &end, NULL))
    {
      GtkTextIter unused;

      gtk_text_iter_forward_char (&begin);
      if (!gtk_text_iter_forward_search (&end, ")\n", 0, &unused, &end, NULL))
        gtk_text_buffer_get_end_iter (buffer, &end);
      gtk_text_buffer_apply_tag (buffer, tag, &begin, &end);
      from = end;
      gtk_text_iter_backward_char (&from);
    }
}

GtkWidget *
demo_source_new (const char *id)
{
  g_autofree char *path = g_strdup_printf ("/io/github/asyncify/Demo/scenarios/%s.c", id);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  GtkWidget *view = gtk_text_view_new ();
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  gtk_text_buffer_set_text (buffer, text, size);
  mark_definitions (buffer);
  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 12);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), 12);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 12);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), 12);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Source"), -1);

  return view;
}
