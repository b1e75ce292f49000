/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-sidebar.h"

#include <glib/gi18n.h>

#include "demo-reveal.h"
#include "demo-template.h"

/* So much of the list is to be seen above and below what is chosen, in px */
#define ROWS_AROUND 36

struct _DemoSidebar
{
  GtkWidget parent_instance;

  GtkEditable *search;
  GtkListBox *list;
  char **words; /* of the search, ready to be compared; nullable */
};

enum {
  SIGNAL_CHOSEN,
  SIGNAL_ACTIVATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DemoSidebar, demo_sidebar, GTK_TYPE_WIDGET)

/* The scenario that a row is for */
static DemoScenario *
get_scenario (GtkListBoxRow *row)
{
  return g_object_get_data (G_OBJECT (row), "scenario");
}

static const char *
get_topic (GtkListBoxRow *row)
{
  return DEMO_SCENARIO_GET_CLASS (get_scenario (row))->topic;
}

/* However it is written: without regard to capitals and accents. */
static char *
make_comparable (const char *text)
{
  g_autofree char *decomposed = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autofree char *folded = NULL;

  for (const char *p = decomposed; p != NULL && *p != '\0'; p = g_utf8_next_char (p))
    if (!g_unichar_ismark (g_utf8_get_char (p)))
      g_string_append_unichar (plain, g_utf8_get_char (p));
  folded = g_utf8_casefold (plain->str, -1);

  return g_steal_pointer (&folded);
}

/* What one may look for: the name, what it is about, and the function. */
static char *
get_all_text (DemoScenario *scenario)
{
  DemoScenarioClass *klass = DEMO_SCENARIO_GET_CLASS (scenario);
  g_autofree char *text
    = g_strjoin ("\n", _ (klass->title), _ (klass->summary), klass->id,
                 klass->function != NULL ? klass->function : "",
                 klass->topic != NULL ? _ (klass->topic) : "", NULL);

  return make_comparable (text);
}

static gboolean
matches_cb (GtkListBoxRow *row,
            gpointer user_data)
{
  DemoSidebar *self = user_data;
  g_autofree char *text = NULL;

  if (self->words == NULL)
    return TRUE;

  text = get_all_text (get_scenario (row));
  for (guint i = 0; self->words[i] != NULL; i++)
    if (strstr (text, self->words[i]) == NULL)
      return FALSE;

  return TRUE;
}

static void
add_topic_cb (GtkListBoxRow *row,
              GtkListBoxRow *before,
              gpointer user_data)
{
  const char *topic = get_topic (row);
  GtkWidget *label;

  if (topic == NULL || (before != NULL && g_strcmp0 (get_topic (before), topic) == 0))
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }

  label = gtk_label_new (_ (topic));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "topic");
  gtk_list_box_row_set_header (row, label);
}

static void
search_changed_cb (DemoSidebar *self)
{
  g_autofree char *text = make_comparable (gtk_editable_get_text (self->search));

  g_clear_pointer (&self->words, g_strfreev);
  self->words = g_strsplit_set (text, " \t\n", -1);
  gtk_list_box_invalidate_filter (self->list);
  gtk_list_box_invalidate_headers (self->list);
}

static GtkListBoxRow *
get_first_match (DemoSidebar *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
      return row;

  return NULL;
}

/* Enter takes the first that was found; or the row that has the focus, if nothing is looked for:
 * the search gets the key in the list, too. */
static void
search_activate_cb (DemoSidebar *self)
{
  GtkWidget *focus = gtk_widget_get_focus_child (GTK_WIDGET (self->list));
  GtkListBoxRow *row;

  /* It waits a little after a key before it says that it has changed. */
  search_changed_cb (self);
  if (focus != NULL && *gtk_editable_get_text (self->search) == '\0')
    row = GTK_LIST_BOX_ROW (focus);
  else
    row = get_first_match (self);
  if (row == NULL)
    return;

  gtk_list_box_select_row (self->list, row);
  gtk_editable_set_text (self->search, "");
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

static void
stop_search_cb (DemoSidebar *self)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);

  gtk_editable_set_text (self->search, "");
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
row_selected_cb (DemoSidebar *self,
                 GtkListBoxRow *row)
{
  if (row == NULL)
    return;

  demo_reveal (GTK_WIDGET (row), ROWS_AROUND);
  g_signal_emit (self, signals[SIGNAL_CHOSEN], 0, demo_scenario_get_id (get_scenario (row)));
}

static void
row_activated_cb (DemoSidebar *self)
{
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0);
}

/* Tab leads past the list: through its rows it would turn to one page after the other. */
static gboolean
demo_sidebar_focus (GtkWidget *widget,
                    GtkDirectionType direction)
{
  DemoSidebar *self = DEMO_SIDEBAR (widget);

  if (gtk_widget_get_focus_child (GTK_WIDGET (self->list)) != NULL)
    {
      if (direction == GTK_DIR_TAB_FORWARD)
        return FALSE;
      if (direction == GTK_DIR_TAB_BACKWARD)
        return gtk_widget_child_focus (GTK_WIDGET (self->search), direction);
    }

  return GTK_WIDGET_CLASS (demo_sidebar_parent_class)->focus (widget, direction);
}

static void
demo_sidebar_dispose (GObject *object)
{
  DemoSidebar *self = DEMO_SIDEBAR (object);

  demo_template_dispose (GTK_WIDGET (self), DEMO_TYPE_SIDEBAR);
  g_clear_pointer (&self->words, g_strfreev);

  G_OBJECT_CLASS (demo_sidebar_parent_class)->dispose (object);
}

static void
demo_sidebar_class_init (DemoSidebarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_sidebar_dispose;
  widget_class->focus = demo_sidebar_focus;

  signals[SIGNAL_CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/asyncify/Demo/demo-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, DemoSidebar, search);
  gtk_widget_class_bind_template_child (widget_class, DemoSidebar, list);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
demo_sidebar_init (DemoSidebar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  gtk_list_box_set_filter_func (self->list, matches_cb, self, NULL);
  gtk_list_box_set_header_func (self->list, add_topic_cb, NULL, NULL);
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (self->search),
                                           GTK_WIDGET (self->list));
}

static GtkWidget *
create_row (DemoScenario *scenario)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (demo_scenario_get_title (scenario));

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (box), demo_scenario_create_icon (scenario));
  gtk_box_append (GTK_BOX (box), label);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  g_object_set_data_full (G_OBJECT (row), "scenario", g_object_ref (scenario), g_object_unref);
  gtk_widget_set_tooltip_text (row, _ (DEMO_SCENARIO_GET_CLASS (scenario)->summary));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  demo_scenario_get_title (scenario), -1);

  return row;
}

void
demo_sidebar_add (DemoSidebar *self,
                  DemoScenario *scenario)
{
  gtk_list_box_append (self->list, create_row (scenario));
}

/* Selects the scenario @id, also while a search hides it. Returns: whether there is one */
gboolean
demo_sidebar_choose (DemoSidebar *self,
                     const char *id)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (g_str_equal (demo_scenario_get_id (get_scenario (row)), id))
      {
        gtk_list_box_select_row (self->list, row);
        return TRUE;
      }

  return FALSE;
}

void
demo_sidebar_start_search (DemoSidebar *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}
