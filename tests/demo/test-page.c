/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What all pages have in common. */

#include "demo-page.h"
#include "demo-scenario.h"
#include "testpage.h"

static gboolean
is_preparing (gpointer data)
{
  return demo_scenario_get_state (data) == DEMO_SCENARIO_PREPARING;
}

static gboolean
is_not_preparing (gpointer data)
{
  return !is_preparing (data);
}

/* What can't be used meanwhile doesn't keep the focus, and has it again afterwards. */
static void
test_focus (TestPage *self,
            gconstpointer data)
{
  GtkWidget *entry = test_find_entry (self->page, "Name");
  GtkWidget *cancel = test_find_button (self->page, "Cancel");
  GtkWidget *focus;

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      g_assert_true (gtk_widget_grab_focus (entry));
      test_page_press (self, test_page_ways[i]);
      if (i == 1)
        g_assert_true (gtk_window_get_focus (self->window) == cancel);
      test_page_wait_until_idle (self);
      focus = gtk_window_get_focus (self->window);
      g_assert_true (focus != NULL && gtk_widget_is_ancestor (focus, entry));
    }

  /* Whoever went somewhere else is left there. */
  test_page_press (self, "Asyncify");
  gtk_window_set_focus (self->window, NULL);
  test_page_wait_until_idle (self);
  focus = gtk_window_get_focus (self->window);
  g_assert_true (focus == NULL || !gtk_widget_is_ancestor (focus, entry));
}

/* Making the sample can be cancelled. It is made when the page is turned to the next time. */
static void
test_cancel_preparing (TestPage *self,
                       gconstpointer data)
{
  g_autofree char *cache = test_folder_path ("home/cache/asyncify-demo");
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();
  DemoScenario *scenario = NULL;
  GtkWidget *page;

  for (guint i = 0; i < scenarios->len; i++)
    if (g_str_equal (demo_scenario_get_id (g_ptr_array_index (scenarios, i)), "hash"))
      scenario = g_ptr_array_index (scenarios, i);
  test_folder_remove (cache);

  page = demo_page_new (scenario);
  gtk_window_set_child (self->window, page);
  self->page = page;
  test_wait_until (is_preparing, scenario);
  g_assert_false (gtk_widget_is_sensitive (test_find_button (page, "Asyncify")));
  test_page_press (self, "Cancel");
  test_wait_until (is_not_preparing, scenario);
  test_page_assert (self, "cancelled", "Cancelled");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "failed", "Choose some files");

  gtk_widget_set_visible (page, FALSE);
  gtk_widget_set_visible (page, TRUE);
  test_wait_until (is_preparing, scenario);
  test_wait_until (is_not_preparing, scenario);
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "12 files hashed");
}

/* What makes no sense can't be pressed, and says why; not by any other way either. */
static void
test_no_freeze (TestPage *self,
                gconstpointer data)
{
  DemoScenario *scenario = demo_page_get_scenario (DEMO_PAGE (self->page));
  GtkWidget *freeze = test_find_button (self->page, "Freeze");
  const char *why = demo_scenario_get_obstacle (scenario, DEMO_MODE_FREEZE);

  g_assert_nonnull (why);
  g_assert_null (demo_scenario_get_obstacle (scenario, DEMO_MODE_ASYNCIFY));
  g_assert_false (gtk_widget_is_sensitive (freeze));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (freeze), ==, why);

  demo_scenario_start (scenario, DEMO_MODE_FREEZE);
  g_assert_cmpint (demo_scenario_get_state (scenario), ==, DEMO_SCENARIO_IDLE);
  g_assert_cmpstr (demo_scenario_get_last_run (scenario)->skipped, ==, why);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  if (!test_widgets_begin ())
    return 0;

  test_page_add ("/page/focus/lent-while-it-runs", "hello", test_focus);
  test_page_add ("/page/sample/cancelled-and-made-later", "hello", test_cancel_preparing);
  test_page_add ("/page/no-freeze/says-why", "ask", test_no_freeze);

  return g_test_run ();
}
