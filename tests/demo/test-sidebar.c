/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The list of scenarios: topics, and the search. */

#include "demo-sidebar.h"
#include "testwidgets.h"

typedef struct {
  GtkWindow *window;
  DemoSidebar *sidebar;
  GPtrArray *scenarios;
  GtkWidget *search;
  GtkListBox *list;
  char *chosen;
  guint n_chosen, n_activated;
} Fixture;

static void
chosen_cb (Fixture *self,
           const char *id)
{
  g_free (self->chosen);
  self->chosen = g_strdup (id);
  self->n_chosen++;
}

static void
activated_cb (Fixture *self)
{
  self->n_activated++;
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static void
set_up (Fixture *self,
        gconstpointer data)
{
  self->window = GTK_WINDOW (gtk_window_new ());
  self->sidebar = g_object_new (DEMO_TYPE_SIDEBAR, NULL);
  self->scenarios = demo_scenarios_new ();
  g_signal_connect_swapped (self->sidebar, "chosen", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (self->sidebar, "activated", G_CALLBACK (activated_cb), self);
  for (guint i = 0; i < self->scenarios->len; i++)
    demo_sidebar_add (self->sidebar, g_ptr_array_index (self->scenarios, i));
  self->search = test_find (GTK_WIDGET (self->sidebar), GTK_TYPE_SEARCH_ENTRY, NULL);
  self->list = GTK_LIST_BOX (test_find (GTK_WIDGET (self->sidebar), GTK_TYPE_LIST_BOX, NULL));

  gtk_window_set_child (self->window, GTK_WIDGET (self->sidebar));
  gtk_window_set_default_size (self->window, 240, 700);
  gtk_window_present (self->window);
  test_wait_until (is_mapped, self->sidebar);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  test_destroy_window (self->window);
  g_ptr_array_unref (self->scenarios);
  g_free (self->chosen);
}

/* Returns: how many scenarios are to be seen */
static guint
count (Fixture *self)
{
  GtkListBoxRow *row;
  guint n = 0;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    n += gtk_widget_get_child_visible (GTK_WIDGET (row));

  return n;
}

static gboolean
are_fewer (gpointer data)
{
  Fixture *self = data;

  return count (self) < self->scenarios->len;
}

static gboolean
are_all (gpointer data)
{
  Fixture *self = data;

  return count (self) == self->scenarios->len;
}

static void
look_for (Fixture *self,
          const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  test_wait_until (are_all, self);
  gtk_editable_set_text (GTK_EDITABLE (self->search), text);
  test_wait_until (are_fewer, self);
}

static void
test_choose (Fixture *self,
             gconstpointer data)
{
  g_assert_true (demo_sidebar_choose (self->sidebar, "storm"));
  g_assert_cmpstr (self->chosen, ==, "storm");
  g_assert_false (demo_sidebar_choose (self->sidebar, "nonsense"));
  g_assert_cmpstr (self->chosen, ==, "storm");
  g_assert_cmpuint (self->n_chosen, ==, 1);
  /* Nobody has picked anything. */
  g_assert_cmpuint (self->n_activated, ==, 0);
}

/* Each topic stands once, above the first of its scenarios. */
static void
test_topics (Fixture *self,
             gconstpointer data)
{
  g_autoptr (GHashTable) topics = g_hash_table_new (g_str_hash, g_str_equal);
  GtkListBoxRow *row;

  g_assert_nonnull (gtk_list_box_row_get_header (gtk_list_box_get_row_at_index (self->list, 0)));
  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      DemoScenario *scenario = g_ptr_array_index (self->scenarios, i);
      const char *topic = DEMO_SCENARIO_GET_CLASS (scenario)->topic;
      GtkWidget *header = gtk_list_box_row_get_header (row);

      g_assert_nonnull (topic);
      if (g_hash_table_add (topics, (gpointer) topic))
        g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (header)), ==, topic);
      else
        g_assert_null (header);
    }
  g_assert_cmpuint (g_hash_table_size (topics), >, 3);
}

/* By name, by what it does, by its function; in whatever capitals, and with several words. */
static void
test_search (Fixture *self,
             gconstpointer data)
{
  static const char *const texts[] = { "storm", "STÖRM", "sleeps", "DO_SYNC", "second greeting" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      look_for (self, texts[i]);
      g_assert_cmpuint (count (self), ==, 1);
    }

  look_for (self, "no scenario is about this");
  g_assert_cmpuint (count (self), ==, 0);
  g_assert_nonnull (test_find (GTK_WIDGET (self->list), GTK_TYPE_LABEL, "nothing"));
}

static void
test_enter_takes_first (Fixture *self,
                        gconstpointer data)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "fractal");
  g_signal_emit_by_name (self->search, "activate");
  g_assert_cmpstr (self->chosen, ==, "fractal");
  g_assert_cmpuint (self->n_activated, ==, 1);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (self->search)), ==, "");
  test_wait_until (are_all, self);

  gtk_editable_set_text (GTK_EDITABLE (self->search), "nothing like that");
  g_signal_emit_by_name (self->search, "activate");
  g_assert_cmpstr (self->chosen, ==, "fractal");
  g_assert_cmpuint (self->n_activated, ==, 1);
}

/* The search gets Enter first, but where nothing is looked for it is meant for the row. */
static void
test_enter_takes_row (Fixture *self,
                      gconstpointer data)
{
  GtkWidget *row = GTK_WIDGET (gtk_list_box_get_row_at_index (self->list, 3));

  demo_sidebar_choose (self->sidebar, "hash");
  g_assert_true (gtk_widget_grab_focus (row));
  demo_sidebar_choose (self->sidebar, "hash");
  g_signal_emit_by_name (self->search, "activate");
  g_assert_true (GTK_WIDGET (gtk_list_box_get_selected_row (self->list)) == row);
  g_assert_cmpuint (self->n_activated, ==, 1);

  gtk_editable_set_text (GTK_EDITABLE (self->search), "fractal");
  g_signal_emit_by_name (self->search, "activate");
  g_assert_cmpstr (self->chosen, ==, "fractal");
}

/* Escape takes the search away, and leads back to where one was. */
static void
test_stop (Fixture *self,
           gconstpointer data)
{
  GtkWidget *row;

  demo_sidebar_choose (self->sidebar, "hash");
  demo_sidebar_start_search (self->sidebar);
  g_assert_true (gtk_widget_get_state_flags (self->search) & GTK_STATE_FLAG_FOCUS_WITHIN);
  gtk_editable_set_text (GTK_EDITABLE (self->search), "storm");
  test_wait_until (are_fewer, self);

  g_signal_emit_by_name (self->search, "stop-search");
  test_wait_until (are_all, self);
  row = GTK_WIDGET (gtk_list_box_get_selected_row (self->list));
  g_assert_true (gtk_window_get_focus (self->window) == row);
  g_assert_cmpstr (self->chosen, ==, "hash");
}

static gboolean
has_focus_within (GtkWidget *widget)
{
  return (gtk_widget_get_state_flags (widget) & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;
}

/* Whoever goes from place to place with Tab stays with the scenario; arrows lead to the others. */
static void
test_tab (Fixture *self,
          gconstpointer data)
{
  GtkWidget *sidebar = GTK_WIDGET (self->sidebar);

  demo_sidebar_choose (self->sidebar, "search");
  demo_sidebar_start_search (self->sidebar);
  /* Until one is drawn, GTK may not know which way the rows are. */
  test_wait_for_frames (sidebar, 3);
  g_assert_true (gtk_widget_child_focus (sidebar, GTK_DIR_TAB_FORWARD));
  g_assert_true (has_focus_within (GTK_WIDGET (gtk_list_box_get_selected_row (self->list))));
  g_assert_false (gtk_widget_child_focus (sidebar, GTK_DIR_TAB_FORWARD));
  g_assert_true (gtk_widget_child_focus (sidebar, GTK_DIR_TAB_BACKWARD));
  g_assert_true (has_focus_within (self->search));
  g_assert_cmpstr (self->chosen, ==, "search");

  gtk_window_set_focus (self->window, NULL);
  g_assert_true (gtk_widget_child_focus (sidebar, GTK_DIR_TAB_BACKWARD));
  g_assert_true (has_focus_within (GTK_WIDGET (gtk_list_box_get_selected_row (self->list))));
  g_assert_cmpstr (self->chosen, ==, "search");

  g_signal_emit_by_name (self->list, "move-cursor", GTK_MOVEMENT_DISPLAY_LINES, 1, FALSE, FALSE);
  g_assert_cmpstr (self->chosen, ==, "pictures");
}

int
main (int argc,
      char **argv)
{
  static const struct {
    const char *path;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/sidebar/choose", test_choose },
    { "/sidebar/topics", test_topics },
    { "/sidebar/search", test_search },
    { "/sidebar/enter-takes-first", test_enter_takes_first },
    { "/sidebar/enter-takes-row", test_enter_takes_row },
    { "/sidebar/stop", test_stop },
    { "/sidebar/tab", test_tab },
  };

  g_test_init (&argc, &argv, NULL);
  if (!test_widgets_begin ())
    return 0;

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
