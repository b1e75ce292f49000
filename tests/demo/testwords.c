/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testwords.h"

/* What there is for assistive technology, and what a text of it is called */
static const struct {
  GtkAccessibleProperty property;
  const char *what;
} properties[] = {
  { GTK_ACCESSIBLE_PROPERTY_LABEL, "accessible name" },
  { GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "accessible description" },
  { GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, "accessible value" },
};

static void
tell (GtkWidget *widget,
      const char *what,
      const char *text,
      TestWordsFunc func,
      gpointer data)
{
  if (text != NULL && *text != '\0')
    func (widget, what, text, data);
}

/* GTK tells what a property is to those only who expect something else. */
static void
tell_accessible (GtkWidget *widget,
                 TestWordsFunc func,
                 gpointer data)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  for (guint i = 0; i < G_N_ELEMENTS (properties); i++)
    if (gtk_test_accessible_has_property (accessible, properties[i].property))
      {
        g_autofree char *text
          = gtk_test_accessible_check_property (accessible, properties[i].property, "\001");

        tell (widget, properties[i].what, text, func, data);
      }
}

static void
tell_choices (GtkDropDown *drop_down,
              TestWordsFunc func,
              gpointer data)
{
  GListModel *choices = gtk_drop_down_get_model (drop_down);

  for (guint i = 0; i < g_list_model_get_n_items (choices); i++)
    {
      g_autoptr (GtkStringObject) choice = g_list_model_get_item (choices, i);

      tell (GTK_WIDGET (drop_down), "choice", gtk_string_object_get_string (choice), func, data);
    }
}

/* GTK's own windows, buttons and names of keys speak as GTK speaks. */
static gboolean
is_of_gtk (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  if (GTK_IS_WINDOW_CONTROLS (widget) || GTK_IS_ABOUT_DIALOG (widget)
      || g_str_equal (gtk_widget_get_css_name (widget), "accelerator"))
    return TRUE;
  if (GTK_IS_IMAGE (widget) && parent != NULL && GTK_IS_SEARCH_ENTRY (parent))
    return TRUE;

  /* What there is around the keys and what they do; newer ones know these types as deprecated. */
  return root != NULL && g_str_equal (G_OBJECT_TYPE_NAME (root), "GtkShortcutsWindow")
         && (GTK_IS_SEARCH_BAR (widget) || GTK_IS_GRID (widget) || GTK_IS_BUTTON (widget)
             || GTK_IS_HEADER_BAR (widget)
             || g_str_equal (G_OBJECT_TYPE_NAME (widget), "GtkShortcutLabel"));
}

/* Calls @func for each text of @top and what is in it, or of those parts that are shown now. */
void
test_words_foreach (GtkWidget *top,
                    gboolean shown_only,
                    TestWordsFunc func,
                    gpointer data)
{
  if (is_of_gtk (top) || (shown_only && !gtk_widget_get_mapped (top)))
    return;

  if (GTK_IS_LABEL (top))
    tell (top, "text", gtk_label_get_text (GTK_LABEL (top)), func, data);
  if (GTK_IS_INSCRIPTION (top))
    tell (top, "text", gtk_inscription_get_text (GTK_INSCRIPTION (top)), func, data);
  if (GTK_IS_WINDOW (top))
    tell (top, "title", gtk_window_get_title (GTK_WINDOW (top)), func, data);
  if (GTK_IS_DROP_DOWN (top))
    tell_choices (GTK_DROP_DOWN (top), func, data);
  tell (top, "tooltip", gtk_widget_get_tooltip_text (top), func, data);
  tell_accessible (top, func, data);

  /* What else is in a list of choices is GTK's. */
  if (GTK_IS_DROP_DOWN (top))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child (top); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    test_words_foreach (child, shown_only, func, data);
}

static gboolean
has_letters (const char *text)
{
  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    if (g_unichar_isalpha (g_utf8_get_char (c)))
      return TRUE;

  return FALSE;
}

/* Whether all of @text came out of one translation: what begins it ends it. Figures need none. */
gboolean
test_words_are_pseudo (const char *text)
{
  guint depth = 0;

  if (!has_letters (text))
    return TRUE;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);

      if (character == 0x27e6)
        depth++;
      else if (depth == 0)
        return FALSE;
      else if (character == 0x27e7 && --depth == 0)
        return *g_utf8_next_char (c) == '\0';
    }

  return FALSE;
}

/* Whether there is a number in @text whose fraction begins with a point, or whose thousands are not
 * apart. */
gboolean
test_words_have_raw_number (const char *text)
{
  return g_regex_match_simple ("(?<![0-9.])[0-9]+\\.(?![0-9]{3}(?![0-9]))[0-9]"
                               "|(?<![0-9a-z])[0-9]{5,}(?![0-9a-z])",
                               text, 0, 0);
}

static GtkWidget *
find_scroller (GtkWidget *widget)
{
  GtkWidget *scroller = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);

  return scroller != NULL ? scroller : GTK_WIDGET (gtk_widget_get_root (widget));
}

/* Whether @label is beside what shows it. Below it may be: one can scroll down. */
static gboolean
is_beside (GtkWidget *label)
{
  GtkWidget *frame = find_scroller (label);
  graphene_rect_t bounds;

  if (!gtk_widget_compute_bounds (label, frame, &bounds))
    return FALSE;
  if (GTK_IS_SCROLLED_WINDOW (frame))
    {
      GtkPolicyType policy;

      gtk_scrolled_window_get_policy (GTK_SCROLLED_WINDOW (frame), &policy, NULL);
      if (policy != GTK_POLICY_NEVER)
        return FALSE;
    }
  else if (bounds.origin.y + bounds.size.height > gtk_widget_get_height (frame) + 1)
    return TRUE;

  return bounds.origin.x < -1
         || bounds.origin.x + bounds.size.width > gtk_widget_get_width (frame) + 1;
}

static gboolean
has_tooltip (GtkWidget *widget)
{
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    if (gtk_widget_get_has_tooltip (widget))
      return TRUE;

  return FALSE;
}

/* Returns: (transfer full) (nullable): why not all of what @label says can be seen; NULL if it can,
 * or if what was left out shows under the pointer */
char *
test_words_find_clipped (GtkLabel *label)
{
  GtkWidget *widget = GTK_WIDGET (label);
  PangoLayout *layout = gtk_label_get_layout (label);
  int width, height;

  if (!gtk_widget_get_mapped (widget) || *gtk_label_get_text (label) == '\0')
    return NULL;

  pango_layout_get_pixel_size (layout, &width, &height);
  if (pango_layout_is_ellipsized (layout))
    return has_tooltip (widget) ? NULL : g_strdup ("is cut off");
  if (gtk_widget_get_width (widget) < width || gtk_widget_get_height (widget) < height)
    return g_strdup_printf ("needs %d × %d, has %d × %d", width, height,
                            gtk_widget_get_width (widget), gtk_widget_get_height (widget));

  return is_beside (widget) ? g_strdup ("is outside of what shows it") : NULL;
}

/* Returns: (transfer full): what @widget is in what, for somebody who has to find it */
char *
test_words_get_place (GtkWidget *widget)
{
  GString *place = g_string_new (NULL);

  for (guint i = 0; i < 5 && widget != NULL; i++, widget = gtk_widget_get_parent (widget))
    {
      g_auto (GStrv) classes = gtk_widget_get_css_classes (widget);
      g_autofree char *dotted = g_strjoinv (".", classes);

      g_string_append_printf (place, "%s%s%s%s", i > 0 ? " < " : "", G_OBJECT_TYPE_NAME (widget),
                              *dotted != '\0' ? "." : "", dotted);
    }

  return g_string_free (place, FALSE);
}
