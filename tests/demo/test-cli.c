/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The command line of the app, as far as it needs no display: there is none. */

#include "demo-config.h"
#include "demo-scenario.h"
#include "testfolder.h"
#include "testprogram.h"

static guint
count_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  return g_strv_length (lines) - 1;
}

static void
assert_silent (const char *text)
{
  g_assert_cmpstr (text, ==, "");
}

/* It says in one line what is wrong, and nothing else. */
static void
assert_refused (const char *option,
                const char *named,
                const char *problem)
{
  g_auto (TestProgram) program = { 0 };

  test_program_run (&program, FALSE, option, NULL);
  g_assert_cmpint (program.status, ==, 1);
  g_assert_nonnull (strstr (program.error, named));
  g_assert_nonnull (strstr (program.error, problem));
  g_assert_cmpuint (count_lines (program.error), ==, 1);
  assert_silent (program.out);
}

static void
test_version (void)
{
  g_auto (TestProgram) program = { 0 };

  test_program_run (&program, FALSE, "--version", NULL);
  g_assert_cmpint (program.status, ==, 0);
  g_assert_cmpstr (program.out, ==, "asyncify-demo " DEMO_VERSION "\n");
  assert_silent (program.error);
}

static void
test_help (void)
{
  static const char *const options[] = { "--list",       "--run=ID",           "--tour",
                                         "--report=FILE", "--screenshot=FILE.png", "--style=STYLE",
                                         "--version",    "--help",             "exit status" };
  g_auto (TestProgram) program = { 0 };

  test_program_run (&program, FALSE, "--help", NULL);
  g_assert_cmpint (program.status, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    g_assert_nonnull (strstr (program.out, options[i]));
  assert_silent (program.error);
}

static void
test_list (void)
{
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();
  g_auto (TestProgram) program = { 0 };
  g_auto (GStrv) lines = NULL;

  test_program_run (&program, FALSE, "--list", NULL);
  g_assert_cmpint (program.status, ==, 0);
  assert_silent (program.error);
  g_assert_cmpuint (count_lines (program.out), ==, scenarios->len);

  lines = g_strsplit (program.out, "\n", -1);
  for (guint i = 0; i < scenarios->len; i++)
    {
      DemoScenario *scenario = g_ptr_array_index (scenarios, i);
      g_autofree char *id = g_strconcat (demo_scenario_get_id (scenario), " ", NULL);

      g_assert_true (g_str_has_prefix (lines[i], id));
      g_assert_true (g_str_has_suffix (lines[i], DEMO_SCENARIO_GET_CLASS (scenario)->summary));
    }
}

static void
test_unknown (void)
{
  assert_refused ("--nonsense", "--nonsense", "Unknown option");
  assert_refused ("--run=nonsense", "nonsense", "--list");
  assert_refused ("--run=", "“”", "--list");
  assert_refused ("--style=pink", "pink", "light or dark");
}

/* One that exists beside one that doesn't: nothing is run. */
static void
test_unknown_among_known (void)
{
  g_auto (TestProgram) program = { 0 };

  test_program_run (&program, FALSE, "--run=hello", "--run=nonsense", NULL);
  g_assert_cmpint (program.status, ==, 1);
  g_assert_nonnull (strstr (program.error, "“nonsense”"));
  assert_silent (program.out);
}

static void
test_bad_size (void)
{
  static const char *const sizes[] = { "--size=large", "--size=800", "--size=0x600", "--size=800x",
                                       "--size=-8x600", "--size=99999x600", "--size=1x2x3" };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    assert_refused (sizes[i], sizes[i] + strlen ("--size="), "is no size");
}

static void
assert_unwritable (const char *path,
                   const char *problem)
{
  g_autofree char *report = g_strconcat ("--report=", path, NULL);
  g_autofree char *screenshot = g_strconcat ("--screenshot=", path, NULL);

  assert_refused (report, path, problem);
  assert_refused (screenshot, path, problem);
}

static void
test_unwritable (void)
{
  g_autofree char *folder = test_folder_make ("folder");
  g_autofree char *file = test_folder_write ("file", "");
  g_autofree char *below = g_build_filename (file, "below", NULL);

  assert_unwritable ("/nonexistent/x.json", "No such file");
  assert_unwritable (folder, "Is a directory");
  assert_unwritable (below, "Not a directory");
}

/* For root, to whom no permission matters, a file of the kernel's that nobody may write. */
static void
test_unwritable_for_us (void)
{
  const char *const kernels = "/sys/kernel/uevent_seqnum";
  g_autofree char *path = test_folder_write ("read-only", "");

  if (g_file_test (kernels, G_FILE_TEST_EXISTS))
    assert_unwritable (kernels, "can't be written");
  else if (test_folder_protect (path))
    assert_unwritable (path, "Permission denied");
}

/* What was there is not touched until there is something to put in its place. */
static void
test_refusal_keeps_report (void)
{
  g_autofree char *path = test_folder_write ("report.json", "precious");
  g_autofree char *report = g_strconcat ("--report=", path, NULL);
  g_autofree char *contents = NULL;
  g_auto (TestProgram) program = { 0 };

  test_program_run (&program, FALSE, report, "--run=nonsense", NULL);
  g_assert_cmpint (program.status, ==, 1);
  test_program_clear (&program);
  test_program_run (&program, FALSE, report, "--screenshot=/nonexistent/x.png", NULL);
  g_assert_cmpint (program.status, ==, 1);

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "precious");
}

/* Not every system can be without one. */
static void
test_no_display (void)
{
#if defined (G_OS_UNIX) && !defined (__APPLE__)
  static const char *const options[] = { "--tour", "--run=hello", "--style=dark" };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    {
      g_auto (TestProgram) program = { 0 };

      test_program_run (&program, FALSE, options[i], NULL);
      g_assert_cmpint (program.status, ==, 1);
      g_assert_nonnull (strstr (program.error, "open display"));
      assert_silent (program.out);
    }
#else
  g_test_skip ("there is always a display");
#endif
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  g_test_add_func ("/cli/version", test_version);
  g_test_add_func ("/cli/help-names-every-option", test_help);
  g_test_add_func ("/cli/list-has-every-id", test_list);
  g_test_add_func ("/cli/unknown-is-named", test_unknown);
  g_test_add_func ("/cli/unknown-among-known", test_unknown_among_known);
  g_test_add_func ("/cli/bad-size", test_bad_size);
  g_test_add_func ("/cli/unwritable-is-named", test_unwritable);
  g_test_add_func ("/cli/unwritable-for-us", test_unwritable_for_us);
  g_test_add_func ("/cli/refusal-keeps-the-report", test_refusal_keeps_report);
  g_test_add_func ("/cli/no-display", test_no_display);

  return g_test_run ();
}
