/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the app remembers from one time to the next. Each time it is a process of its own, which is
 * this program with other arguments; what they remember stands in a file. */

#include "demo-application.h"
#include "demo-config.h"
#include "demo-page.h"
#include "demo-scenario.h"
#include "demo-window.h"
#include "testpage.h"
#include "testprogram.h"

#ifdef G_OS_UNIX
#include <signal.h>
#endif

#define GROUP "[io/github/asyncify/Demo]\n"

/* Of the window, until a person changes it */
#define WIDTH  1000
#define HEIGHT 800

static const char *program;

/* In the process that remembers */

static gboolean
get_state (GActionGroup *actions,
           const char *name)
{
  g_autoptr (GVariant) state = g_action_group_get_action_state (actions, name);

  return g_variant_get_boolean (state);
}

/* Changes all that is remembered. */
static void
change (GtkApplication *application,
        GtkWindow *window)
{
  g_assert_true (demo_window_show_scenario (DEMO_WINDOW (window), "primes"));
  gtk_window_set_default_size (window, 1100, 700);
  g_action_group_activate_action (G_ACTION_GROUP (window), "sidebar", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (window), "jobs", NULL);
  g_action_group_activate_action (G_ACTION_GROUP (application), "style",
                                  g_variant_new_string ("dark"));
}

static void
tell (GtkApplication *application,
      GtkWindow *window)
{
  g_autoptr (GVariant) style
    = g_action_group_get_action_state (G_ACTION_GROUP (application), "style");
  int width, height;
  TestPage page;

  test_page_use_shown (&page, window);
  gtk_window_get_default_size (window, &width, &height);
  g_print ("%s %d x %d%s%s %s\n",
           demo_scenario_get_id (demo_page_get_scenario (DEMO_PAGE (page.page))), width, height,
           get_state (G_ACTION_GROUP (window), "sidebar") ? " sidebar" : "",
           get_state (G_ACTION_GROUP (window), "jobs") ? " jobs" : "",
           g_variant_get_string (style, NULL));
}

static void
activate_cb (GtkApplication *application,
             const char *way)
{
  GtkWindow *window = gtk_application_get_active_window (application);

  test_wait_for_frames (GTK_WIDGET (window), 2);
  if (!g_str_equal (way, "look"))
    change (application, window);
  tell (application, window);

#ifdef G_OS_UNIX
  if (g_str_equal (way, "be-killed"))
    {
      fflush (NULL);
      raise (SIGKILL);
    }
#endif
  if (g_str_equal (way, "close"))
    gtk_window_close (window);
  else
    g_action_group_activate_action (G_ACTION_GROUP (application), "quit", NULL);
}

static int
be_used (const char *way)
{
  g_autoptr (DemoApplication) application = demo_application_new ();
  char *argv[] = { (char *) "asyncify-demo", NULL };

  g_signal_connect_after (application, "activate", G_CALLBACK (activate_cb), (gpointer) way);

  return demo_application_run (application, 1, argv);
}

/* In the process that looks on */

/* Uses the app: "look", or change something and then "close" its window, "quit" or "be-killed".
 * Returns: what it is like in the end */
static char *
use (const char *way)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = NULL;
  g_autofree char *complaints = NULL;
  char *out = NULL;

  child = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error,
                            program, "--be-used", way, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (child, NULL, NULL, &out, &complaints, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (complaints, ==, "");
  g_assert_true (g_subprocess_get_successful (child) != g_str_equal (way, "be-killed"));

  return out;
}

static void
assert_look (const char *expected)
{
  g_autofree char *seen = use ("look");

  g_assert_cmpstr (seen, ==, expected);
}

static char *
get_file (void)
{
  return test_folder_path ("home/config/glib-2.0/settings/keyfile");
}

static void
forget (void)
{
  g_autofree char *file = get_file ();

  if (g_file_test (file, G_FILE_TEST_EXISTS))
    test_folder_remove (file);
}

/* Has the file say @text of the app. */
static void
write_file (const char *text)
{
  g_autofree char *folder = test_folder_make ("home/config/glib-2.0/settings");
  g_autofree char *contents = g_strconcat (GROUP, text, NULL);
  g_autofree char *file = get_file ();
  g_autoptr (GError) error = NULL;

  g_file_set_contents (file, contents, -1, &error);
  g_assert_no_error (error);
}

/* Until something is changed; @width and @height are those of the window. */
static char *
describe_fresh (int width,
                int height)
{
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();

  return g_strdup_printf ("%s %d x %d sidebar system\n",
                          demo_scenario_get_id (g_ptr_array_index (scenarios, 0)), width, height);
}

static void
test_fresh (void)
{
  g_autofree char *fresh = describe_fresh (WIDTH, HEIGHT);

  forget ();
  assert_look (fresh);
}

/* However it ends */
static void
test_remembered (gconstpointer way)
{
  g_autofree char *left = NULL;

  forget ();
  left = use (way);
  g_assert_cmpstr (left, ==, "primes 1100 x 700 jobs dark\n");
  assert_look (left);
  assert_look (left);
}

/* A later version may have other scenarios. */
static void
test_scenario_gone (void)
{
  g_autofree char *fresh = describe_fresh (WIDTH, HEIGHT);

  write_file ("scenario='nonsense'\n");
  assert_look (fresh);
  write_file ("scenario=''\n");
  assert_look (fresh);
}

/* Returns: (transfer full): what it is like when this size is remembered in both directions */
static char *
use_size (int size)
{
  g_autofree char *text = g_strdup_printf ("width=%d\nheight=%d\n", size, size);

  write_file (text);

  return use ("look");
}

static void
test_absurd_sizes (void)
{
  static const int sizes[] = { 0, -1, 32768, 100000, G_MAXINT };
  g_autofree char *fresh = describe_fresh (WIDTH, HEIGHT);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *seen = use_size (sizes[i]);

      g_assert_cmpstr (seen, ==, fresh);
    }
}

/* What could be, but isn't any use. The window has the room that it needs, and no more than there
 * is. */
static void
test_useless_sizes (void)
{
  static const int sizes[] = { 1, 2, 359, 5000, 32767 };
  GListModel *monitors = gdk_display_get_monitors (gdk_display_get_default ());
  int max_width = 0, max_height = 0;

  for (guint i = 0; i < g_list_model_get_n_items (monitors); i++)
    {
      g_autoptr (GdkMonitor) monitor = g_list_model_get_item (monitors, i);
      GdkRectangle geometry;

      gdk_monitor_get_geometry (monitor, &geometry);
      max_width = MAX (max_width, geometry.width);
      max_height = MAX (max_height, geometry.height);
    }

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *seen = use_size (sizes[i]);
      int width, height;

      g_assert_cmpint (sscanf (seen, "%*s %d x %d", &width, &height), ==, 2);
      g_assert_cmpint (width, >=, 360);
      g_assert_cmpint (height, >=, 360);
      g_assert_cmpint (width, <=, max_width);
      g_assert_cmpint (height, <=, max_height);
    }
}

static void
test_nonsense (void)
{
  g_autofree char *fresh = describe_fresh (WIDTH, HEIGHT);

  write_file ("width='wide'\nheight=\nscenario=7\nstyle='pink'\nsidebar='no'\nmaximized=3\n");
  assert_look (fresh);
}

/* What runs by itself is the same whatever a person has done before, and leaves no trace. */
static void
test_unattended (void)
{
  static const char remembered[] = "scenario='primes'\nwidth=1200\nheight=700\nstyle='dark'\n";
  g_autofree char *picture = test_folder_path ("picture.png");
  g_autofree char *option = g_strconcat ("--screenshot=", picture, NULL);
  g_autofree char *file = get_file ();
  g_autofree char *contents = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (TestProgram) shot = { 0 }, played = { 0 };

  write_file (remembered);
  test_program_run (&shot, TRUE, option, NULL);
  g_assert_cmpint (shot.status, ==, 0);
  g_assert_cmpstr (shot.error, ==, "");
  texture = gdk_texture_new_from_filename (picture, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), <, 1200);

  test_program_run (&played, TRUE, "--run=hello", NULL);
  g_assert_cmpstr (played.error, ==, "");

  g_assert_true (g_file_get_contents (file, &contents, NULL, NULL));
  g_assert_true (g_str_has_prefix (contents, GROUP));
  g_assert_cmpstr (contents + strlen (GROUP), ==, remembered);
}

static gboolean
is_schema_installed (void)
{
  const char *const *folders = g_get_system_data_dirs ();
  gboolean found = FALSE;

  for (guint i = 0; folders[i] != NULL && !found; i++)
    {
      g_autofree char *path = g_build_filename (folders[i], "glib-2.0", "schemas",
                                                DEMO_APP_ID ".gschema.xml", NULL);

      found = g_file_test (path, G_FILE_TEST_EXISTS);
    }

  return found;
}

/* As when it is run from where it was built. It starts all the same. */
static void
test_no_schema (void)
{
  g_autofree char *schemas = g_strdup (g_getenv ("GSETTINGS_SCHEMA_DIR"));
  g_autofree char *fresh = describe_fresh (WIDTH, HEIGHT);
  g_autofree char *left = NULL;

  if (is_schema_installed ())
    {
      g_test_skip ("the schema is installed here");
      return;
    }

  forget ();
  g_unsetenv ("GSETTINGS_SCHEMA_DIR");
  left = use ("quit");
  g_assert_cmpstr (left, ==, "primes 1100 x 700 jobs dark\n");
  assert_look (fresh);
  g_setenv ("GSETTINGS_SCHEMA_DIR", schemas, TRUE);
}

int
main (int argc,
      char **argv)
{
  program = argv[0];
  if (argc == 3 && g_str_equal (argv[1], "--be-used"))
    return be_used (argv[2]);

  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);
  g_setenv ("GSETTINGS_BACKEND", "keyfile", TRUE);
  if (!test_widgets_begin ())
    return 0;

  g_test_add_func ("/settings/fresh", test_fresh);
  g_test_add_data_func ("/settings/remembered/quit", "quit", test_remembered);
  g_test_add_data_func ("/settings/remembered/close", "close", test_remembered);
#ifdef G_OS_UNIX
  g_test_add_data_func ("/settings/remembered/killed", "be-killed", test_remembered);
#endif
  g_test_add_func ("/settings/scenario-gone", test_scenario_gone);
  g_test_add_func ("/settings/absurd-sizes", test_absurd_sizes);
  g_test_add_func ("/settings/useless-sizes", test_useless_sizes);
  g_test_add_func ("/settings/nonsense", test_nonsense);
  g_test_add_func ("/settings/unattended-leaves-them-alone", test_unattended);
  g_test_add_func ("/settings/no-schema", test_no_schema);

  return g_test_run ();
}
