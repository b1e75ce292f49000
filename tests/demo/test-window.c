/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The window as a whole: that it can be narrow, and where the Tab key leads. */

#include "demo-page.h"
#include "demo-scenario.h"
#include "demo-stage.h"
#include "demo-style.h"
#include "demo-timeline.h"
#include "demo-window.h"
#include "testfolder.h"
#include "testwidgets.h"

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

/* What a telephone has, without what stands at the edges. */
#define NARROW (360 - 2 * 18)

static void
check_width (const char *name,
             GtkWidget *widget)
{
  int width;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  g_test_message ("%s needs %d px", name, width);
  if (width > NARROW)
    g_error ("%s needs %d px, and has %d", name, width, NARROW);
}

/* All pages, and the stage, fit into a narrow window. */
static void
test_narrow (void)
{
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();
  g_autoptr (DemoStyle) style = demo_style_new ();
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *stage = demo_stage_new ();

  demo_style_add_window (style, window);
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_box_append (GTK_BOX (box), stage);
  check_width ("The stage", stage);

  for (guint i = 0; i < scenarios->len; i++)
    {
      DemoScenario *scenario = g_ptr_array_index (scenarios, i);
      GtkWidget *page = demo_page_new (scenario);

      gtk_box_append (GTK_BOX (box), page);
      check_width (demo_scenario_get_id (scenario), page);
      gtk_box_remove (GTK_BOX (box), page);
    }

  gtk_window_destroy (GTK_WINDOW (window));
}

/* What has the focus, as a person would call it. Returns: (transfer none) */
static const char *
describe_focus (GtkWindow *window)
{
  GtkWidget *focus = gtk_window_get_focus (window);

  for (GtkWidget *widget = focus; widget != NULL; widget = gtk_widget_get_parent (widget))
    {
      if (GTK_IS_SEARCH_ENTRY (widget))
        return "search";
      if (GTK_IS_LIST_BOX_ROW (widget))
        return "list";
      if (gtk_widget_has_css_class (widget, "parameters"))
        return "parameters";
      if (gtk_widget_has_css_class (widget, "freeze"))
        return "freeze";
      if (gtk_widget_has_css_class (widget, "asyncify"))
        return "asyncify";
      if (DEMO_IS_STAGE (widget))
        return "stage";
      if (GTK_IS_STACK_SWITCHER (widget))
        return "tabs";
    }

  return "other";
}

/* The Tab key leads from the list over the stage to the page, and there to what is to be filled in
 * before it leads to what is to be pressed. */
static void
walk_cb (GtkApplication *application)
{
  static const char *const expected[]
    = { "search", "list", "stage", "tabs", "parameters", "freeze", "asyncify" };
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();
  GtkWidget *window = demo_window_new (application, scenarios);
  g_autoptr (GPtrArray) order = g_ptr_array_new ();

  gtk_window_present (GTK_WINDOW (window));
  test_wait_until (is_mapped, window);
  test_wait_for_frames (window, 2);
  g_assert_true (gtk_widget_grab_focus (test_find (window, GTK_TYPE_SEARCH_ENTRY, NULL)));
  for (guint i = 0; i < 30; i++)
    {
      const char *place = describe_focus (GTK_WINDOW (window));

      if (!g_str_equal (place, "other")
          && (order->len == 0 || !g_str_equal (order->pdata[order->len - 1], place)))
        g_ptr_array_add (order, (gpointer) place);
      g_test_message ("%s", place);
      gtk_widget_child_focus (window, GTK_DIR_TAB_FORWARD);
    }

  g_assert_cmpuint (order->len, >=, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpstr (order->pdata[i], ==, expected[i]);

  test_destroy_window (GTK_WINDOW (window));
}

static void
test_focus_order (void)
{
  g_autoptr (GtkApplication) application
    = gtk_application_new ("io.github.asyncify.Test", G_APPLICATION_NON_UNIQUE);

  g_signal_connect (application, "activate", G_CALLBACK (walk_cb), NULL);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), 0, NULL), ==, 0);
}

static int
get_least_height (GtkWidget *widget)
{
  int height;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);

  return height;
}

/* What is drawn with words in it has room for large ones. */
static void
test_large_letters (void)
{
  GtkSettings *settings = gtk_settings_get_default ();
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();
  DemoScenario *scenario = demo_scenarios_find (scenarios, "group");
  GtkWidget *window = gtk_window_new ();
  GtkWidget *timeline;
  int before;

  gtk_window_set_child (GTK_WINDOW (window), demo_page_new (scenario));
  gtk_window_present (GTK_WINDOW (window));
  test_wait_until (is_mapped, window);
  timeline = test_find (window, DEMO_TYPE_TIMELINE, NULL);
  before = get_least_height (timeline);
  g_object_set (settings, "gtk-font-name", "Sans 30", NULL);
  test_wait_for_frames (window, 3);
  g_assert_cmpint (get_least_height (timeline), >, before * 3 / 2);
  gtk_settings_reset_property (settings, "gtk-font-name");
  test_destroy_window (GTK_WINDOW (window));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);
  if (!test_widgets_begin ())
    return 0;

  g_test_add_func ("/window/narrow", test_narrow);
  g_test_add_func ("/window/focus-order", test_focus_order);
  g_test_add_func ("/window/large-letters", test_large_letters);

  return g_test_run ();
}
