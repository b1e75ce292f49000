/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-controls.h"

#include <glib/gi18n.h>

#include "demo-choose.h"

/* What lets all labels of a page have one width. */
#define LABEL_CHARS 8

/* Of a host's name and its parts, in bytes. https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 */
#define MAX_HOST 253
#define MAX_PART 63

/* Rows that stand one below the other. */
GtkWidget *
demo_controls_new_rows (void)
{
  return gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
}

/* Two rows side by side. */
GtkWidget *
demo_controls_new_pair (GtkWidget *left,
                        GtkWidget *right)
{
  GtkWidget *pair = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 18);

  gtk_box_set_homogeneous (GTK_BOX (pair), TRUE);
  gtk_box_append (GTK_BOX (pair), left);
  gtk_box_append (GTK_BOX (pair), right);

  return pair;
}

static GtkWidget *
create_row (const char *label,
            GtkWidget *control)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *caption = gtk_label_new_with_mnemonic (label);

  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_label_set_width_chars (GTK_LABEL (caption), LABEL_CHARS);
  gtk_label_set_mnemonic_widget (GTK_LABEL (caption), control);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  caption, NULL, -1);
  gtk_widget_set_hexpand (control, TRUE);
  gtk_box_append (GTK_BOX (row), caption);
  gtk_box_append (GTK_BOX (row), control);

  return row;
}

/* An entry that edits @buffer. Enter presses the default button, which is Asyncify. */
GtkWidget *
demo_controls_new_entry (const char *label,
                         GtkEntryBuffer *buffer)
{
  GtkWidget *entry = gtk_entry_new_with_buffer (buffer);

  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);

  return create_row (label, entry);
}

/* An entry for a whole number; demo_controls_get_number () tells which. */
GtkWidget *
demo_controls_new_number (const char *label,
                          GtkEntryBuffer *buffer)
{
  GtkWidget *entry = gtk_entry_new_with_buffer (buffer);

  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_entry_set_input_purpose (GTK_ENTRY (entry), GTK_INPUT_PURPOSE_NUMBER);
  /* Enough to be told what is wrong with a number, and not to be told a pasted megabyte. */
  gtk_entry_set_max_length (GTK_ENTRY (entry), 20);

  return create_row (label, entry);
}

/* The number that was typed into @buffer. Where it is none, or out of bounds, the error is a
 * sentence for a person that names the bounds. */
gboolean
demo_controls_get_number (GtkEntryBuffer *buffer,
                          guint min,
                          guint max,
                          guint *number,
                          GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_entry_buffer_get_text (buffer)));
  guint64 parsed;

  if (g_ascii_string_to_unsigned (text, 10, min, max, &parsed, NULL))
    {
      *number = (guint) parsed;
      return TRUE;
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("“%s” won't do: type a whole number from %u to %u."), text, min, max);
  return FALSE;
}

/* Whether @text could be the name of a host at all, in whatever script, or an address. */
gboolean
demo_controls_is_host (const char *text)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  g_autofree char *ascii = NULL, *readable = NULL;
  g_auto (GStrv) parts = NULL;

  if (address != NULL)
    return TRUE;

  ascii = g_hostname_to_ascii (text);
  readable = ascii != NULL ? g_hostname_to_unicode (ascii) : NULL;
  if (readable == NULL
      || strspn (ascii, "-._" G_CSET_a_2_z G_CSET_A_2_Z G_CSET_DIGITS) != strlen (ascii))
    return FALSE;

  /* The dot at the end is the root's. */
  if (g_str_has_suffix (ascii, "."))
    ascii[strlen (ascii) - 1] = '\0';
  parts = g_strsplit (ascii, ".", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] == '\0' || *parts[i] == '-' || strlen (parts[i]) > MAX_PART)
      return FALSE;

  return *ascii != '\0' && strlen (ascii) <= MAX_HOST;
}

/* A number that may be left out; demo_controls_get_option () tells which. */
GtkWidget *
demo_controls_new_option (const char *label,
                          GtkEntryBuffer *buffer)
{
  GtkWidget *row = demo_controls_new_number (label, buffer);

  gtk_entry_set_placeholder_text (GTK_ENTRY (gtk_widget_get_last_child (row)), _ ("none"));

  return row;
}

/* As demo_controls_get_number (), but where nothing was typed, and for a zero, @number is 0. */
gboolean
demo_controls_get_option (GtkEntryBuffer *buffer,
                          guint min,
                          guint max,
                          guint *number,
                          GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_entry_buffer_get_text (buffer)));

  if (!g_str_equal (text, "") && !g_str_equal (text, "0"))
    return demo_controls_get_number (buffer, min, max, number, error);

  *number = 0;
  return TRUE;
}

/* Says behind a number what it counts, as "ms". Returns: (transfer none): @row */
GtkWidget *
demo_controls_add_unit (GtkWidget *row,
                        const char *unit)
{
  GtkWidget *label = gtk_label_new (unit);
  GtkWidget *entry = gtk_widget_get_last_child (row);

  gtk_widget_add_css_class (label, "dim-label");
  gtk_accessible_update_relation (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_RELATION_DESCRIBED_BY,
                                  label, NULL, -1);
  gtk_box_append (GTK_BOX (row), label);

  return row;
}

/* A whole number to drag, shown beside the slider. */
GtkWidget *
demo_controls_new_slider (const char *label,
                          GtkAdjustment *number)
{
  GtkWidget *scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, number);

  gtk_scale_set_digits (GTK_SCALE (scale), 0);
  gtk_scale_set_draw_value (GTK_SCALE (scale), TRUE);
  gtk_scale_set_value_pos (GTK_SCALE (scale), GTK_POS_RIGHT);

  return create_row (label, scale);
}

static gboolean
number_to_choice (GBinding *binding,
                  const GValue *from,
                  GValue *to,
                  gpointer user_data)
{
  g_value_set_uint (to, (guint) g_value_get_double (from));

  return TRUE;
}

static gboolean
choice_to_number (GBinding *binding,
                  const GValue *from,
                  GValue *to,
                  gpointer user_data)
{
  g_value_set_double (to, g_value_get_uint (from));

  return TRUE;
}

/* One of @choices, which ends with NULL; @chosen holds the number of it, from 0. */
GtkWidget *
demo_controls_new_choice (const char *label,
                          const char *const *choices,
                          GtkAdjustment *chosen)
{
  GtkWidget *drop_down = gtk_drop_down_new_from_strings (choices);

  g_object_bind_property_full (chosen, "value", drop_down, "selected",
                               G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE, number_to_choice,
                               choice_to_number, NULL, NULL);

  return create_row (label, drop_down);
}

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

  if (self->updating)
    return;

  if (n == 1)
    {
      g_autoptr (GFile) file = g_list_model_get_item (G_LIST_MODEL (self->files), 0);

      text = g_file_get_parse_name (file);
    }
  else if (n > 1)
    several = g_strdup_printf (ngettext ("%u file chosen", "%u files chosen", n), n);

  self->updating = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->entry), text != NULL ? text : "");
  gtk_entry_set_placeholder_text (self->entry,
                                  several != NULL ? several : _ ("Path of a file or folder"));
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
  GtkWidget *row = create_row (label, entry);
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
