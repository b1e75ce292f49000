/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-controls-private.h"

#include <glib/gi18n.h>

#include "demo-choose.h"
#include "demo-text.h"

/* Makes @path the only one of @files. */
void
demo_controls_set_path (GListStore *files,
                        const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  gpointer additions[] = { file };

  g_list_store_splice (files, 0, g_list_model_get_n_items (G_LIST_MODEL (files)), additions, 1);
}

/* An entry and a list of files that follow each other. */
typedef struct {
  GListStore *files;
  GtkEntry *entry; /* owns us */
  gulong handler;  /* on the files */
  gboolean updating; /* one of them is just following the other */
} PathRow;

static void
path_row_free (gpointer data)
{
  PathRow *self = data;

  g_signal_handler_disconnect (self->files, self->handler);
  g_object_unref (self->files);
  g_free (self);
}

static void
files_changed_cb (PathRow *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->files));
  g_autofree char *text = NULL;
  g_autofree char *several = NULL;
  const char *hint;

  if (self->updating)
    return;

  if (n == 1)
    {
      g_autoptr (GFile) file = g_list_model_get_item (G_LIST_MODEL (self->files), 0);

      text = g_file_get_parse_name (file);
    }
  else if (n > 1)
    {
      g_autofree char *number = demo_text_number (n);

      several = g_strdup_printf (ngettext ("%s file chosen", "%s files chosen", n), number);
    }

  self->updating = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text != NULL ? text : "");
  hint = several != NULL ? several : _ ("Path of a file or folder");
  gtk_entry_set_placeholder_text (self->entry, hint);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->entry), hint);
  self->updating = FALSE;
}

static void
entry_changed_cb (PathRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->entry));
  g_autoptr (GFile) file = g_file_parse_name (text);
  gpointer additions[] = { file };

  if (self->updating)
    return;

  self->updating = TRUE;
  g_list_store_splice (self->files, 0, g_list_model_get_n_items (G_LIST_MODEL (self->files)),
                       additions, *text != '\0' ? 1 : 0);
  self->updating = FALSE;
}

static void
choose_files_cb (GtkWidget *button,
                 GListStore *files)
{
  demo_choose (button, files, FALSE);
}

static void
choose_folder_cb (GtkWidget *button,
                  GListStore *files)
{
  demo_choose (button, files, TRUE);
}

static void
append_button (GtkWidget *row,
               const char *icon,
               const char *tooltip,
               GCallback callback,
               GListStore *files)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip,
                                  -1);
  g_signal_connect_object (button, "clicked", callback, files, 0);
  gtk_box_append (GTK_BOX (row), button);
}

/* What @files are: typed, or chosen. An empty entry is an empty list. */
GtkWidget *
demo_controls_new_path (const char *label,
                        GListStore *files,
                        DemoPathKind kind)
{
  GtkWidget *entry = gtk_entry_new ();
  GtkWidget *row = demo_controls_create_row (label, entry);
  PathRow *path_row = g_new0 (PathRow, 1);

  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  /* No system has longer paths; a pasted megabyte would take seconds to lay out. */
  gtk_entry_set_max_length (GTK_ENTRY (entry), 4096);
  if (kind & DEMO_PATH_FILES)
    append_button (row, "text-x-generic-symbolic", _ ("Choose files…"), G_CALLBACK (choose_files_cb),
                   files);
  if (kind & DEMO_PATH_FOLDER)
    append_button (row, "folder-symbolic", _ ("Choose a folder…"),
                   G_CALLBACK (choose_folder_cb), files);

  path_row->files = g_object_ref (files);
  path_row->entry = GTK_ENTRY (entry);
  g_object_set_data_full (G_OBJECT (entry), "path-row", path_row, path_row_free);
  g_signal_connect_swapped (entry, "changed", G_CALLBACK (entry_changed_cb), path_row);
  path_row->handler
    = g_signal_connect_swapped (files, "items-changed", G_CALLBACK (files_changed_cb), path_row);
  files_changed_cb (path_row);

  return row;
}

/* One file more for the entry of such a row, as if it had been chosen too. */
void
demo_controls_add_path (GtkWidget *entry,
                        const char *path)
{
  PathRow *path_row = g_object_get_data (G_OBJECT (entry), "path-row");
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_list_store_append (path_row->files, file);
}
