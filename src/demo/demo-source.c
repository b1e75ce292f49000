/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-source.h"

#include <glib/gi18n.h>
#ifdef HAVE_GTKSOURCEVIEW
#include <gtksourceview/gtksource.h>
#endif

/* The mark where the first of the lines that matter begins. */
#define FIRST "first"

static GtkTextIter
get_iter (GtkTextBuffer *buffer,
          const char *text,
          const char *position)
{
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_offset (buffer, &iter, g_utf8_pointer_to_offset (text, position));

  return iter;
}

/* Returns: (nullable): the end of the line before the next definition of a pair, or of what makes
 * a blocking function of one */
static const char *
find_definition (const char *text)
{
  const char *asyncify = strstr (text, "\nASYNCIFY_DEFINE");
  const char *syncify = strstr (text, "\nSYNCIFY_DEFINE");

  if (asyncify == NULL || (syncify != NULL && syncify < asyncify))
    return syncify;

  return asyncify;
}

/* Marks what begins with ASYNCIFY_DEFINE or SYNCIFY_DEFINE, up to the end of the macro's
 * arguments, and puts a mark on the first of them. @text is what is in @buffer. */
static void
mark_definitions (GtkTextBuffer *buffer,
                  const char *text)
{
  GtkTextTag *tag = gtk_text_buffer_create_tag (buffer, NULL, "weight", PANGO_WEIGHT_BOLD,
                                                "paragraph-background", "rgba(53,132,228,0.20)",
                                                NULL);
  const char *found = text;

  while ((found = find_definition (found)) != NULL)
    {
      GtkTextIter begin = get_iter (buffer, text, ++found);
      const char *last = strstr (found, ")\n");
      GtkTextIter end = get_iter (buffer, text, last != NULL ? last + 1 : found);

      gtk_text_buffer_apply_tag (buffer, tag, &begin, &end);
      if (gtk_text_buffer_get_mark (buffer, FIRST) == NULL)
        gtk_text_buffer_create_mark (buffer, FIRST, &begin, TRUE);
    }
}

/* The line that matters comes after the function, and may be far below: it goes into the
 * lower part of the view, so that the function is seen too. */
static gboolean
show_first_cb (GtkWidget *widget,
               GdkFrameClock *clock,
               gpointer user_data)
{
  GtkTextView *view = GTK_TEXT_VIEW (widget);
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view));
  GtkTextIter first;
  int y, height;

  if (gtk_adjustment_get_page_size (adjustment) <= 0)
    return G_SOURCE_CONTINUE;

  gtk_text_buffer_get_iter_at_mark (buffer, &first, gtk_text_buffer_get_mark (buffer, FIRST));
  gtk_text_view_get_line_yrange (view, &first, &y, &height);
  gtk_adjustment_set_value (adjustment, y - 0.8 * gtk_adjustment_get_page_size (adjustment));

  return G_SOURCE_REMOVE;
}

#ifdef HAVE_GTKSOURCEVIEW

/* The colours follow the window's. */
static void
update_colours (GtkTextView *view)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (view)));
  gboolean dark = root != NULL && gtk_widget_has_css_class (root, "dark");
  GtkSourceStyleScheme *scheme = gtk_source_style_scheme_manager_get_scheme (
    gtk_source_style_scheme_manager_get_default (), dark ? "Adwaita-dark" : "Adwaita");

  gtk_source_buffer_set_style_scheme (GTK_SOURCE_BUFFER (gtk_text_view_get_buffer (view)), scheme);
}

static void
root_cb (GtkWidget *view)
{
  GtkRoot *root = gtk_widget_get_root (view);

  if (root == NULL)
    return;

  update_colours (GTK_TEXT_VIEW (view));
  g_signal_connect_object (root, "notify::css-classes", G_CALLBACK (update_colours), view,
                           G_CONNECT_SWAPPED);
}

static GtkWidget *
create_view (void)
{
  GtkSourceLanguage *language = gtk_source_language_manager_get_language (
    gtk_source_language_manager_get_default (), "c");
  g_autoptr (GtkSourceBuffer) buffer = gtk_source_buffer_new (NULL);
  GtkWidget *view = gtk_source_view_new_with_buffer (buffer);

  gtk_source_buffer_set_language (buffer, language);
  g_signal_connect (view, "notify::root", G_CALLBACK (root_cb), NULL);

  return view;
}

#else

static GtkWidget *
create_view (void)
{
  return gtk_text_view_new ();
}

#endif

/* The view gets its size only in the frames after this. */
static void
map_cb (GtkWidget *view)
{
  gtk_widget_add_tick_callback (view, show_first_cb, NULL, NULL);
}

/* What the licence says is no news on every page. */
static const char *
skip_licence (const char *text)
{
  const char *end = strstr (text, "*/\n\n");

  return end != NULL ? end + strlen ("*/\n\n") : text;
}

GtkWidget *
demo_source_new (const char *id)
{
  g_autofree char *path = g_strdup_printf ("/io/github/asyncify/Demo/scenarios/%s.c", id);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  GtkWidget *view = create_view ();
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  /* Resources end with a zero byte that doesn't count. */
  const char *text = skip_licence (g_bytes_get_data (bytes, NULL));

  gtk_text_buffer_set_text (buffer, text, -1);
  mark_definitions (buffer, text);
  gtk_text_view_set_editable (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_cursor_visible (GTK_TEXT_VIEW (view), FALSE);
  gtk_text_view_set_monospace (GTK_TEXT_VIEW (view), TRUE);
  gtk_text_view_set_left_margin (GTK_TEXT_VIEW (view), 12);
  gtk_text_view_set_right_margin (GTK_TEXT_VIEW (view), 12);
  gtk_text_view_set_top_margin (GTK_TEXT_VIEW (view), 12);
  gtk_text_view_set_bottom_margin (GTK_TEXT_VIEW (view), 12);
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  C_ ("tab", "Source"), -1);

  g_signal_connect (view, "map", G_CALLBACK (map_cb), NULL);

  return view;
}
