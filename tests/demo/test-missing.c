/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a build without some package shows in place of a scenario: why it is not there. */

#include "demo-missing.h"
#include "demo-page.h"
#include "demo-report.h"
#include "testjson.h"
#include "testpage.h"

#define SENTENCE "This build of the app is without Library 7, which this needs."

/* Any that has a file, which the Source tab shows. */
static DemoScenario *
create_missing (void)
{
  return demo_missing_new ("hello", "Something", "Library 7");
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static void
test_page (void)
{
  g_autoptr (DemoScenario) scenario = create_missing ();
  TestPage page = { GTK_WINDOW (gtk_window_new ()), demo_page_new (scenario) };

  gtk_window_set_child (page.window, page.page);
  gtk_window_present (page.window);
  test_wait_until (is_mapped, page.page);

  test_page_assert (&page, "idle", SENTENCE);
  g_assert_false (gtk_widget_is_sensitive (test_find_button (page.page, "Freeze")));
  g_assert_false (gtk_widget_is_sensitive (test_find_button (page.page, "Asyncify")));
  g_assert_false (gtk_widget_is_sensitive (test_find_button (page.page, "Cancel")));

  /* The keys work even so. */
  demo_scenario_start (scenario, DEMO_MODE_FREEZE);
  demo_scenario_start (scenario, DEMO_MODE_ASYNCIFY);
  demo_scenario_cancel (scenario);
  test_page_assert (&page, "idle", SENTENCE);
  test_destroy_window (page.window);
}

static void
count_cb (DemoScenario *scenario,
          guint *n_ended)
{
  (*n_ended)++;
}

/* A tour goes on to the next one, and its report says why. */
static void
test_report (void)
{
  g_autoptr (DemoScenario) scenario = create_missing ();
  DemoReport *report = demo_report_new ();
  g_autofree char *text = NULL, *table = NULL;
  g_autoptr (TestJson) json = NULL;
  guint n_ended = 0;

  g_signal_connect (scenario, "ended", G_CALLBACK (count_cb), &n_ended);
  for (guint mode = DEMO_MODE_FREEZE; mode <= DEMO_MODE_ASYNCIFY; mode++)
    {
      demo_scenario_start (scenario, mode);
      g_assert_cmpuint (n_ended, ==, mode - DEMO_MODE_FREEZE + 1);
      demo_report_add (report, demo_scenario_get_last_run (scenario));
    }

  text = demo_report_to_json (report);
  json = test_json_parse (text);
  g_assert_nonnull (json);
  for (guint i = 0; i < n_ended; i++)
    {
      const TestJson *run = g_ptr_array_index (test_json_get (json, "runs")->values, i);

      g_assert_cmpstr (test_json_string (run, "skipped"), ==, SENTENCE);
      g_assert_true (test_json_boolean (run, "ok"));
    }
  table = demo_report_to_table (report);
  g_assert_nonnull (strstr (table, "\nhello      freeze    " SENTENCE "\n"));
  g_assert_nonnull (strstr (table, "\nhello      asyncify  " SENTENCE "\n"));
  g_assert_true (demo_report_is_good (report));
  demo_report_free (report);
}

/* Each tells of its own package. */
static void
test_several (void)
{
  g_autoptr (DemoScenario) one = demo_missing_new ("one", "One", "Library 1");
  g_autoptr (DemoScenario) two = demo_missing_new ("two", "Two", "Library 2");
  g_autoptr (DemoScenario) again = demo_missing_new ("one", "One", "Library 1");

  g_assert_cmpstr (demo_scenario_get_title (one), ==, "One");
  g_assert_cmpstr (demo_scenario_get_id (two), ==, "two");
  g_assert_nonnull (strstr (demo_scenario_get_obstacle (one, DEMO_MODE_ASYNCIFY), "Library 1"));
  g_assert_nonnull (strstr (demo_scenario_get_obstacle (two, DEMO_MODE_FREEZE), "Library 2"));
  g_assert_nonnull (strstr (demo_scenario_get_obstacle (again, DEMO_MODE_FREEZE), "Library 1"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  if (!test_widgets_begin ())
    return 0;

  g_test_add_func ("/missing/page-says-what", test_page);
  g_test_add_func ("/missing/report-says-skipped", test_report);
  g_test_add_func ("/missing/several", test_several);

  return g_test_run ();
}
