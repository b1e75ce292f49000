/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-controls.h"

#include <glib/gi18n.h>

#include "demo-choose.h"
#include "demo-reflow.h"
#include "demo-text.h"

/* What lets all labels of a page have one width. */
#define LABEL_CHARS 8

/* Of a host's name and its parts, in bytes. https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4 */
#define MAX_HOST 253
#define MAX_PART 63

/* Of a text: five lines, in px. */
#define TEXT_HEIGHT 96

/* The tag for what is wrong in a text */
#define MARK "mistake"

/* Rows that stand one below the other. */
GtkWidget *
demo_controls_new_rows (void)
{
  return gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
}

static GtkWidget *
create_line (GtkWidget *left,
             GtkWidget *right,
             gboolean homogeneous)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkLayoutManager *reflow = demo_reflow_new ();

  g_object_set (reflow, "spacing", 18, "row-spacing", 6, "homogeneous", homogeneous, NULL);
  gtk_widget_set_layout_manager (line, reflow);
  gtk_box_append (GTK_BOX (line), left);
  gtk_box_append (GTK_BOX (line), right);

  return line;
}

/* Two rows side by side, or one below the other where there isn't room for that. */
GtkWidget *
demo_controls_new_pair (GtkWidget *left,
                        GtkWidget *right)
{
  return create_line (left, right, TRUE);
}

/* The same, where @right needs no more room than it takes. */
GtkWidget *
demo_controls_new_aside (GtkWidget *left,
                         GtkWidget *right)
{
  gtk_widget_set_hexpand (left, TRUE);
  gtk_widget_set_hexpand (right, FALSE);

  return create_line (left, right, FALSE);
}

static GtkWidget *
create_caption (const char *label,
                GtkWidget *control)
{
  GtkWidget *caption = gtk_label_new_with_mnemonic (label);

  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_label_set_width_chars (GTK_LABEL (caption), LABEL_CHARS);
  gtk_label_set_mnemonic_widget (GTK_LABEL (caption), control);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  caption, NULL, -1);

  return caption;
}

static GtkWidget *
create_row (const char *label,
            GtkWidget *control)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_widget_set_hexpand (control, TRUE);
  gtk_box_append (GTK_BOX (row), create_caption (label, control));
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
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), 6);

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
  g_autofree char *least = NULL, *most = NULL;
  guint64 parsed;

  if (g_ascii_string_to_unsigned (text, 10, min, max, &parsed, NULL))
    {
      *number = (guint) parsed;
      return TRUE;
    }

  least = demo_text_number (min);
  most = demo_text_number (max);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               /* Translators: what was typed, and two numbers */
               _ ("“%s” won't do: type a whole number from %s to %s."), text, least, most);
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

  /* Translators: what an empty field stands for: no deadline, or no call that fails */
  gtk_entry_set_placeholder_text (GTK_ENTRY (gtk_widget_get_last_child (row)),
                                  C_ ("empty field", "none"));

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
  GtkWidget *caption = create_caption (label, view);
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
    {
      g_autofree char *number = demo_text_number (n);

      several = g_strdup_printf (ngettext ("%s file chosen", "%s files chosen", n), number);
    }

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

/* One file more for the entry of such a row, as if it had been chosen too. */
void
demo_controls_add_path (GtkWidget *entry,
                        const char *path)
{
  PathRow *path_row = g_object_get_data (G_OBJECT (entry), "path-row");
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_list_store_append (path_row->files, file);
}
