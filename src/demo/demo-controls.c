/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-controls-private.h"

#include <glib/gi18n.h>

#include "demo-reflow.h"
#include "demo-text.h"

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

/* What says what @control is for, and leads to it. */
GtkWidget *
demo_controls_create_caption (const char *label,
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

/* @control, with @label beside it. */
GtkWidget *
demo_controls_create_row (const char *label,
            GtkWidget *control)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  gtk_widget_set_hexpand (control, TRUE);
  gtk_box_append (GTK_BOX (row), demo_controls_create_caption (label, control));
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

  return demo_controls_create_row (label, entry);
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

  return demo_controls_create_row (label, entry);
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

/* A whole number to drag, shown beside the slider. */
GtkWidget *
demo_controls_new_slider (const char *label,
                          GtkAdjustment *number)
{
  GtkWidget *scale = gtk_scale_new (GTK_ORIENTATION_HORIZONTAL, number);

  gtk_scale_set_digits (GTK_SCALE (scale), 0);
  gtk_scale_set_draw_value (GTK_SCALE (scale), TRUE);
  gtk_scale_set_value_pos (GTK_SCALE (scale), GTK_POS_RIGHT);

  return demo_controls_create_row (label, scale);
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

static void
setup_chosen_cb (GtkSignalListItemFactory *factory,
                 GtkListItem *item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child (item, label);
}

static void
bind_chosen_cb (GtkSignalListItemFactory *factory,
                GtkListItem *item)
{
  const char *text = gtk_string_object_get_string (gtk_list_item_get_item (item));
  GtkWidget *label = gtk_list_item_get_child (item);

  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_widget_set_tooltip_text (label, text);
}

/* What is chosen need not show all of itself where there is little room. The list still does. */
static void
let_be_narrow (GtkDropDown *drop_down)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_chosen_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_chosen_cb), NULL);
  gtk_drop_down_set_list_factory (drop_down, gtk_drop_down_get_factory (drop_down));
  gtk_drop_down_set_factory (drop_down, factory);
  g_object_unref (factory);
}

/* One of @choices, which ends with NULL; @chosen holds the number of it, from 0. */
GtkWidget *
demo_controls_new_choice (const char *label,
                          const char *const *choices,
                          GtkAdjustment *chosen)
{
  GtkWidget *drop_down = gtk_drop_down_new_from_strings (choices);

  let_be_narrow (GTK_DROP_DOWN (drop_down));
  g_object_bind_property_full (chosen, "value", drop_down, "selected",
                               G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE, number_to_choice,
                               choice_to_number, NULL, NULL);

  return demo_controls_create_row (label, drop_down);
}
