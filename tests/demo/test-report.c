/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The report of a tour, for a program and for a person; and what counts as within the budget. */

#include <locale.h>

#include "demo-output.h"
#include "demo-report.h"
#include "testfolder.h"
#include "testjson.h"
#include "testlocale.h"

/* What a run may add to the baseline, in ms: see demo-run.c. */
#define BUDGET_LATENESS 50.0
#define BUDGET_GAP      (2 * 1000.0 / 60)

static DemoReport *
create_report (void)
{
  DemoReport *report = demo_report_new ();

  report->renderer = g_strdup ("GskTestRenderer");
  report->baseline.heartbeat = (DemoHeartbeatStats) { 0.5, 1.25, 2, 100 };
  report->baseline.frames = (DemoFrameStats) { .drawn = 120, .longest_gap_ms = 17.5 };

  return report;
}

/* Returns: (transfer none): what was added; good in every way */
static DemoRun *
add_run (DemoReport *report,
         const char *scenario,
         DemoMode mode)
{
  DemoRun run = { .scenario = scenario, .mode = mode, .ok = TRUE, .measured = TRUE,
                  .result = (char *) "done" };

  run.measurement.wall_ms = 1234.5678;
  run.measurement.heartbeat = (DemoHeartbeatStats) { 0.75, 1.5, 3, 200 };
  run.measurement.frames = (DemoFrameStats) { .drawn = 74, .longest_gap_ms = 18.25 };
  run.measurement.input = (DemoInputStats) { 2, 16.5, 20.25 };
  demo_report_add (report, &run);

  return g_ptr_array_index (report->runs, report->runs->len - 1);
}

static void
make_failed (DemoRun *run,
             const char *error)
{
  run->ok = FALSE;
  g_clear_pointer (&run->result, g_free);
  run->error = g_strdup (error);
}

static TestJson *
parse_report (DemoReport *report)
{
  g_autofree char *text = demo_report_to_json (report);
  TestJson *json = test_json_parse (text);

  if (json == NULL)
    g_error ("This is no JSON: %s", text);

  return json;
}

static const TestJson *
get_run (const TestJson *json,
         guint i)
{
  const TestJson *runs = test_json_get (json, "runs");

  g_assert_cmpint (runs->type, ==, TEST_JSON_ARRAY);
  g_assert_cmpuint (i, <, runs->values->len);

  return g_ptr_array_index (runs->values, i);
}

static void
assert_members (const TestJson *json,
                const char *path,
                const char *names)
{
  const TestJson *value = *path != '\0' ? test_json_get (json, path) : json;
  g_autofree char *found = NULL;

  g_assert_cmpint (value->type, ==, TEST_JSON_OBJECT);
  g_ptr_array_add (value->names, NULL);
  found = g_strjoinv (" ", (char **) value->names->pdata);
  g_ptr_array_remove_index (value->names, value->names->len - 1);
  g_assert_cmpstr (found, ==, names);
}

/* A run that wasn't begun says why, and nothing is wrong with that. */
static void
test_skipped (void)
{
  g_autoptr (DemoReport) report = create_report ();
  DemoRun run = { .scenario = "ask", .ok = TRUE, .skipped = (char *) "it makes no sense" };
  g_autoptr (TestJson) json = NULL;
  g_autofree char *table = NULL;

  /* What stands in the measurement is not to be looked at. */
  run.mode = DEMO_MODE_ASYNCIFY;
  run.measurement.heartbeat.p99_ms = 1000;
  demo_report_add (report, &run);
  run.mode = DEMO_MODE_FREEZE;
  demo_report_add (report, &run);
  json = parse_report (report);
  table = demo_report_to_table (report);

  assert_members (get_run (json, 1), "", "scenario mode ok error result skipped");
  g_assert_cmpstr (test_json_string (get_run (json, 1), "mode"), ==, "freeze");
  g_assert_cmpstr (test_json_string (get_run (json, 1), "skipped"), ==, "it makes no sense");
  g_assert_true (test_json_boolean (get_run (json, 1), "ok"));
  g_assert_nonnull (strstr (table, "\nask        freeze    it makes no sense\n"));
  g_assert_true (demo_report_is_good (report));
}

/* Whoever reads it relies on these. */
static void
test_format (void)
{
  g_autoptr (DemoReport) report = create_report ();
  g_autoptr (TestJson) json = NULL;
  const TestJson *run;

  add_run (report, "hello", DEMO_MODE_FREEZE);
  make_failed (add_run (report, "hash", DEMO_MODE_ASYNCIFY), "no such file");
  json = parse_report (report);

  assert_members (json, "", "format platform baseline runs");
  assert_members (json, "platform", "gtk glib renderer processors");
  assert_members (json, "baseline", "heartbeat frames input");
  assert_members (json, "baseline.heartbeat", "p50_ms p99_ms max_ms");
  assert_members (json, "baseline.frames", "drawn missed longest_gap_ms");
  assert_members (json, "baseline.input", "n p50_ms max_ms");
  g_assert_cmpfloat (test_json_number (json, "format"), ==, 1);
  g_assert_cmpstr (test_json_string (json, "platform.renderer"), ==, "GskTestRenderer");
  g_assert_cmpfloat (test_json_number (json, "platform.processors"), ==, g_get_num_processors ());
  g_assert_cmpuint (test_json_get (json, "runs")->values->len, ==, 2);

  run = get_run (json, 0);
  assert_members (run, "",
                  "scenario mode ok error result wall_ms heartbeat frames input within_budget");
  g_assert_cmpstr (test_json_string (run, "scenario"), ==, "hello");
  g_assert_cmpstr (test_json_string (run, "mode"), ==, "freeze");
  g_assert_true (test_json_boolean (run, "ok"));
  g_assert_null (test_json_string (run, "error"));
  g_assert_cmpstr (test_json_string (run, "result"), ==, "done");
  g_assert_true (test_json_boolean (run, "within_budget"));

  run = get_run (json, 1);
  g_assert_cmpstr (test_json_string (run, "mode"), ==, "asyncify");
  g_assert_false (test_json_boolean (run, "ok"));
  g_assert_cmpstr (test_json_string (run, "error"), ==, "no such file");
  g_assert_null (test_json_string (run, "result"));
}

static void
assert_numbers (void)
{
  g_autoptr (DemoReport) report = create_report ();
  g_autoptr (TestJson) json = NULL;
  const TestJson *run;

  add_run (report, "hello", DEMO_MODE_FREEZE)->measurement.frames.missed = 12;
  json = parse_report (report);
  run = get_run (json, 0);

  g_assert_cmpfloat (test_json_number (run, "wall_ms"), ==, 1234.568);
  g_assert_cmpfloat (test_json_number (run, "heartbeat.p50_ms"), ==, 0.75);
  g_assert_cmpfloat (test_json_number (run, "heartbeat.p99_ms"), ==, 1.5);
  g_assert_cmpfloat (test_json_number (run, "heartbeat.max_ms"), ==, 3);
  g_assert_cmpfloat (test_json_number (run, "frames.drawn"), ==, 74);
  g_assert_cmpfloat (test_json_number (run, "frames.missed"), ==, 12);
  g_assert_cmpfloat (test_json_number (run, "frames.longest_gap_ms"), ==, 18.25);
  g_assert_cmpfloat (test_json_number (run, "input.n"), ==, 2);
  g_assert_cmpfloat (test_json_number (run, "input.p50_ms"), ==, 16.5);
  g_assert_cmpfloat (test_json_number (run, "input.max_ms"), ==, 20.25);
  g_assert_cmpfloat (test_json_number (json, "baseline.input.n"), ==, 0);
  g_assert_cmpfloat (test_json_number (json, "baseline.heartbeat.p99_ms"), ==, 1.25);
  g_assert_cmpfloat (test_json_number (json, "baseline.frames.longest_gap_ms"), ==, 17.5);
}

static void
test_numbers (void)
{
  assert_numbers ();
}

static void
test_numbers_comma_locale (void)
{
  g_autofree char *before = g_strdup (setlocale (LC_ALL, NULL));

  if (test_locale_use_comma () == NULL)
    {
      g_test_skip ("there is no locale here with a comma");
      return;
    }

  assert_numbers ();
  setlocale (LC_ALL, before);
}

static void
test_strings (void)
{
  static const struct {
    const char *text, *read;
  } cases[] = {
    { "", "" },
    { "“Zoë” 日本 \xf0\x9f\x8e\x88", "“Zoë” 日本 \xf0\x9f\x8e\x88" },
    { "\"quoted\" \\ back / slash", "\"quoted\" \\ back / slash" },
    { "line\nline\r\ttab\b\f\x01\x1f\x7f", "line\nline\r\ttab\b\f\x01\x1f\x7f" },
    { "\\u0041 \\", "\\u0041 \\" },
    { "caf\xe9 \xff\xfe \xc0\x80",
      "caf\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd \xef\xbf\xbd\xef\xbf\xbd" },
    { "%s %n </script>", "%s %n </script>" },
  };
  g_autoptr (DemoReport) report = create_report ();
  g_autoptr (TestJson) json = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      DemoRun *run = add_run (report, "hello", DEMO_MODE_FREEZE);

      g_free (run->result);
      run->result = g_strdup (cases[i].text);
      make_failed (add_run (report, "hello", DEMO_MODE_FREEZE), cases[i].text);
    }
  json = parse_report (report);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpstr (test_json_string (get_run (json, 2 * i), "result"), ==, cases[i].read);
      g_assert_cmpstr (test_json_string (get_run (json, 2 * i + 1), "error"), ==, cases[i].read);
    }
}

static void
test_empty (void)
{
  g_autoptr (DemoReport) report = demo_report_new ();
  g_autoptr (TestJson) json = parse_report (report);

  g_assert_null (test_json_string (json, "platform.renderer"));
  g_assert_cmpuint (test_json_get (json, "runs")->values->len, ==, 0);
  g_assert_false (demo_report_is_good (report));
}

static gboolean
is_within_budget (double lateness,
                  double gap)
{
  DemoMeasurement baseline = { 0 };
  DemoRun run = { .scenario = "hello" };

  baseline.heartbeat.p99_ms = 10;
  baseline.frames.longest_gap_ms = 20;
  run.measurement.heartbeat.p99_ms = 10 + lateness;
  /* One late beat in a hundred is not held against it. */
  run.measurement.heartbeat.max_ms = 10 + 2 * lateness;
  run.measurement.frames.longest_gap_ms = 20 + gap;

  return demo_run_is_within_budget (&run, &baseline);
}

/* On top of what the idle app needed: less than 50 ms, and at most two frames. */
static void
test_budget (void)
{
  g_assert_true (is_within_budget (0, 0));
  g_assert_true (is_within_budget (-10, -20));
  g_assert_true (is_within_budget (BUDGET_LATENESS - 0.01, BUDGET_GAP - 0.01));
  g_assert_false (is_within_budget (BUDGET_LATENESS, 0));
  g_assert_false (is_within_budget (0, BUDGET_GAP + 0.01));
  g_assert_false (is_within_budget (BUDGET_LATENESS, BUDGET_GAP + 0.01));
}

/* The frozen run may break the budget, the asyncified one may not; and neither may fail. */
static void
test_good (void)
{
  g_autoptr (DemoReport) report = create_report ();
  DemoRun *frozen = add_run (report, "hello", DEMO_MODE_FREEZE);
  DemoRun *asyncified = add_run (report, "hello", DEMO_MODE_ASYNCIFY);

  g_assert_true (demo_report_is_good (report));
  frozen->measurement.heartbeat.p99_ms = 1000;
  g_assert_true (demo_report_is_good (report));
  asyncified->measurement.heartbeat.p99_ms = 1000;
  g_assert_false (demo_report_is_good (report));
  asyncified->measurement.heartbeat.p99_ms = 1;
  make_failed (frozen, "it failed");
  g_assert_false (demo_report_is_good (report));
}

static void
test_table (void)
{
  g_autoptr (DemoReport) report = create_report ();
  g_autofree char *table = NULL;
  g_auto (GStrv) lines = NULL;

  add_run (report, "hello", DEMO_MODE_FREEZE)->measurement.heartbeat.p99_ms = 999.9;
  make_failed (add_run (report, "hash", DEMO_MODE_ASYNCIFY), "no such file");
  table = demo_report_to_table (report);
  lines = g_strsplit (table, "\n", -1);

  /* The head, the idle app, the runs, the legend, and the end of the last line. */
  g_assert_cmpuint (g_strv_length (lines), ==, 6);
  g_assert_true (g_str_has_prefix (lines[1], "(idle)"));
  g_assert_true (g_str_has_prefix (lines[2], "hello      freeze "));
  g_assert_true (g_str_has_suffix (lines[2], "  froze; done"));
  g_assert_nonnull (strstr (lines[2], " 1235 "));
  g_assert_nonnull (strstr (lines[2], " 999.9 "));
  g_assert_true (g_str_has_prefix (lines[3], "hash       asyncify "));
  g_assert_true (g_str_has_suffix (lines[3], "no such file"));
}

/* In the words of the page: 200 ms is a freeze, and 50 is late. */
static void
test_description (void)
{
  static const struct {
    double max_ms;
    const char *verdict;
  } cases[] = { { 0, "ept going" },       { 49.9, "ept going" },    { 50, "tuttered" },
                { 199.9, "tuttered" },    { 200, "tood still" },    { 5000, "tood still" } };
  g_autoptr (DemoReport) report = create_report ();
  DemoRun *run = add_run (report, "hello", DEMO_MODE_FREEZE);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = NULL;

      run->measurement.heartbeat.max_ms = cases[i].max_ms;
      text = demo_run_describe (run);
      g_assert_nonnull (strstr (text, cases[i].verdict));
      g_assert_nonnull (strstr (text, "1235 ms"));
      g_assert_nonnull (strstr (text, "0 frames missed"));
    }

  run->measured = FALSE;
  g_assert_null (demo_run_describe (run));
}

/* The reader itself: what is no JSON, it does not take for any. */
static void
test_reader (void)
{
  static const char *const good[] = { "0", " [ ] ", "{\"a\": [1, -2.5e+3, \"\\u00e4\\n\"]}",
                                      "[null, true, false, {}]" };
  static const char *const bad[] = {
    "", "[1,]", "{\"a\" 1}", "{\"a\": 1,}", "{\"a\": 1, \"a\": 2}", "[1] 2", "01", "1.", ".5", "+1",
    "1,5", "[nan]", "\"\n\"", "\"\\x\"", "\"\\u12g4\"", "\"open", "{a: 1}", "'a'", "\"\xff\"",
    "[1 2]", "nul", "\"\\",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (TestJson) json = test_json_parse (good[i]);

      g_assert_nonnull (json);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (test_json_parse (bad[i]));
}

/* What is left of a longer one before would make nonsense of it; and a link stays one. */
static void
test_written_over (void)
{
  g_autofree char *path = test_folder_write ("old.json", "a report that was much longer");
  g_autofree char *link = test_folder_path ("link.json");
  g_autofree char *missing = test_folder_path ("not-there/report.json");
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (demo_output_write (path, "short", 5, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "short");

  if (test_folder_link ("old.json", "link.json"))
    {
      g_assert_true (demo_output_write (link, "new", 3, &error));
      g_free (contents);
      g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
      g_assert_cmpstr (contents, ==, "new");
    }

  g_assert_false (demo_output_write (missing, "", 0, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  g_test_add_func ("/report/reader-is-strict", test_reader);
  g_test_add_func ("/report/json/format", test_format);
  g_test_add_func ("/report/json/skipped", test_skipped);
  g_test_add_func ("/report/json/numbers", test_numbers);
  g_test_add_func ("/report/json/numbers-in-comma-locale", test_numbers_comma_locale);
  g_test_add_func ("/report/json/strings", test_strings);
  g_test_add_func ("/report/json/empty", test_empty);
  g_test_add_func ("/report/json/written-over-a-longer-one", test_written_over);
  g_test_add_func ("/report/budget/both-sides-of-the-limits", test_budget);
  g_test_add_func ("/report/good-or-not", test_good);
  g_test_add_func ("/report/table-has-a-row-per-run", test_table);
  g_test_add_func ("/report/description", test_description);

  return g_test_run ();
}
