/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The app plays its tour, from the first start to the report. Whether it kept its budget depends
 * on what else the machine does, and is not asked here. */

#include "demo-scenario.h"
#include "testfolder.h"
#include "testjson.h"
#include "testprogram.h"
#include "testwidgets.h"

#define WAYS 2

static const char *const ways[WAYS] = { "freeze", "asyncify" };

/* What the first run of a scenario says, and the second. */
static const struct {
  const char *id, *results[WAYS];
} expected[] = {
  { "hello", { "Hello, World", "Hello, World" } },
  { "hash", { "12 files hashed, 100.7\302\240MB", "12 files hashed, 100.7\302\240MB" } },
  { "storm", { "100000 calls", "100000 calls, 100000 right results" } },
};

static void
check_measurement (const TestJson *json)
{
  double p50 = test_json_number (json, "heartbeat.p50_ms");
  double p99 = test_json_number (json, "heartbeat.p99_ms");
  double max = test_json_number (json, "heartbeat.max_ms");

  g_assert_cmpfloat (p50, >=, 0);
  g_assert_cmpfloat (p99, >=, p50);
  g_assert_cmpfloat (max, >=, p99);
  g_assert_cmpfloat (test_json_number (json, "frames.drawn"), >=, 0);
  g_assert_cmpfloat (test_json_number (json, "frames.missed"), >=, 0);
  g_assert_cmpfloat (test_json_number (json, "frames.longest_gap_ms"), >=, 0);
}

static void
check_result (const char *id,
              guint way,
              const char *result)
{
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    if (g_str_equal (expected[i].id, id))
      g_assert_cmpstr (result, ==, expected[i].results[way]);
}

static void
check_run (const TestJson *run,
           const char *id,
           guint way)
{
  double wall;

  g_assert_cmpstr (test_json_string (run, "scenario"), ==, id);
  g_assert_cmpstr (test_json_string (run, "mode"), ==, ways[way]);
  g_assert_true (test_json_boolean (run, "ok"));
  g_assert_null (test_json_string (run, "error"));
  if (test_json_has (run, "skipped"))
    {
      g_assert_cmpstr (test_json_string (run, "skipped"), !=, "");
      return;
    }
  g_assert_nonnull (test_json_string (run, "result"));
  check_result (id, way, test_json_string (run, "result"));
  check_measurement (run);
  wall = test_json_number (run, "wall_ms");
  g_assert_cmpfloat (wall, >, 0);

  if (g_str_equal (id, "hello"))
    g_assert_cmpfloat (wall, >=, 1000);
  /* The frozen way has to break the budget; that much is the app's own doing. */
  if (g_str_equal (ways[way], "freeze"))
    {
      g_assert_false (test_json_boolean (run, "within_budget"));
      g_assert_cmpfloat (test_json_number (run, "frames.longest_gap_ms"), >=, wall * 0.9);
    }
}

/* Each scenario frozen, and then asyncified. The same search finds the same either way. */
static void
check_report (const TestJson *report,
              GPtrArray *scenarios)
{
  const TestJson *runs = test_json_get (report, "runs");

  g_assert_cmpfloat (test_json_number (report, "format"), ==, 1);
  g_assert_cmpfloat (test_json_number (report, "platform.processors"), >=, 1);
  g_assert_nonnull (test_json_string (report, "platform.renderer"));
  check_measurement (test_json_get (report, "baseline"));
  g_assert_cmpfloat (test_json_number (report, "baseline.frames.drawn"), >, 0);

  g_assert_cmpint (runs->type, ==, TEST_JSON_ARRAY);
  g_assert_cmpuint (runs->values->len, ==, scenarios->len * WAYS);
  for (guint i = 0; i < runs->values->len; i++)
    {
      DemoScenario *scenario = g_ptr_array_index (scenarios, i / WAYS);

      check_run (g_ptr_array_index (runs->values, i), demo_scenario_get_id (scenario), i % WAYS);
      if (g_str_equal (demo_scenario_get_id (scenario), "search"))
        g_assert_cmpstr (
          test_json_string (g_ptr_array_index (runs->values, i / WAYS * WAYS), "result"), ==,
          test_json_string (g_ptr_array_index (runs->values, i), "result"));
    }
}

static guint32
get_number (const guchar *bytes)
{
  return (guint32) bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

/* https://www.w3.org/TR/png-3/: a signature, then the header, and the end at the end. */
static void
check_picture (const char *path)
{
  static const char signature[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR", end[] = "IEND\xae\x42\x60\x82";
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &contents, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (size, >, 5000);
  g_assert_cmpmem (contents, 16, signature, 16);
  g_assert_cmpmem (contents + size - 8, 8, end, 8);

  /* That of the window, which has no other size in this test; its frame may be missing. */
  g_assert_cmpuint (get_number ((guchar *) contents + 16), >=, 980);
  g_assert_cmpuint (get_number ((guchar *) contents + 16), <=, 1000);
  g_assert_cmpuint (get_number ((guchar *) contents + 20), >=, 780);
  g_assert_cmpuint (get_number ((guchar *) contents + 20), <=, 800);
}

/* One for each run, and nothing beside them. */
static void
check_pictures (const char *folder,
                GPtrArray *scenarios)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n_files = 0;

  for (guint i = 0; i < scenarios->len * WAYS; i++)
    {
      g_autofree char *name = g_strdup_printf (
        "picture-%s-%s.png", demo_scenario_get_id (g_ptr_array_index (scenarios, i / WAYS)),
        ways[i % WAYS]);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      check_picture (path);
    }

  while (g_dir_read_name (dir) != NULL)
    n_files++;
  g_assert_cmpuint (n_files, ==, scenarios->len * WAYS);
}

static void
check_table (const char *table,
             GPtrArray *scenarios)
{
  for (guint i = 0; i < scenarios->len; i++)
    {
      const char *id = demo_scenario_get_id (g_ptr_array_index (scenarios, i));

      for (guint j = 0; j < WAYS; j++)
        {
          g_autofree char *row = g_strdup_printf ("\n%-10s %-9s ", id, ways[j]);

          g_assert_nonnull (strstr (table, row));
        }
    }
}

static void
assert_ended_well (const TestProgram *program)
{
  if (program->status != 0)
    g_test_message ("It did not keep its budget:\n%s", program->out);
  g_assert_true (program->status == 0 || program->status == 1);
  g_assert_cmpstr (program->error, ==, "");
}

static void
test_tour (void)
{
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();
  g_autofree char *folder = test_folder_make ("pictures");
  g_autofree char *report = test_folder_path ("report.json");
  g_autofree char *report_option = g_strconcat ("--report=", report, NULL);
  g_autofree char *picture_option = g_strconcat ("--screenshot=", folder, "/picture.png", NULL);
  g_autofree char *contents = NULL;
  g_autoptr (TestJson) json = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (TestProgram) program = { 0 };

  test_program_run (&program, TRUE, "--tour", report_option, picture_option, NULL);
  assert_ended_well (&program);
  check_table (program.out, scenarios);

  g_file_get_contents (report, &contents, NULL, &error);
  g_assert_no_error (error);
  json = test_json_parse (contents);
  g_assert_nonnull (json);
  check_report (json, scenarios);
  check_pictures (folder, scenarios);
}

/* What is asked for, in that order, and nothing else. */
static void
test_run (void)
{
  g_auto (TestProgram) program = { 0 };
  const char *storm, *hello;

  test_program_run (&program, TRUE, "--run=storm", "--run=hello", "--style=dark", NULL);
  assert_ended_well (&program);
  storm = strstr (program.out, "\nstorm      asyncify");
  hello = strstr (program.out, "\nhello      freeze");
  g_assert_nonnull (storm);
  g_assert_nonnull (hello);
  g_assert_true (storm < hello);
  g_assert_null (strstr (program.out, "\nhash"));
}

static void
test_screenshot (void)
{
  g_autofree char *path = test_folder_path ("window.png");
  g_autofree char *option = g_strconcat ("--screenshot=", path, NULL);
  g_auto (TestProgram) program = { 0 };

  test_program_run (&program, TRUE, option, NULL);
  g_assert_cmpint (program.status, ==, 0);
  g_assert_cmpstr (program.error, ==, "");
  g_assert_cmpstr (program.out, ==, "");
  check_picture (path);
}

/* A picture of each page, and silence. */
static void
test_pages (void)
{
  g_autofree char *folder = test_folder_make ("pages");
  g_autofree char *option = g_strconcat ("--screenshot=", folder, "/page.png", NULL);
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();
  g_auto (TestProgram) program = { 0 };

  test_program_run (&program, TRUE, "--pages", option, NULL);
  g_assert_cmpint (program.status, ==, 0);
  g_assert_cmpstr (program.error, ==, "");
  g_assert_cmpstr (program.out, ==, "");
  for (guint i = 0; i < scenarios->len; i++)
    {
      const char *id = demo_scenario_get_id (g_ptr_array_index (scenarios, i));
      g_autofree char *path = g_strdup_printf ("%s/page-%s.png", folder, id);

      check_picture (path);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  if (!test_widgets_begin ())
    return 0;

  g_test_add_func ("/tour/all-scenarios-both-ways", test_tour);
  g_test_add_func ("/tour/run-only-some", test_run);
  g_test_add_func ("/tour/screenshot", test_screenshot);
  g_test_add_func ("/tour/pages", test_pages);

  return g_test_run ();
}
