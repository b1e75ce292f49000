/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The app is closed in the middle of each scenario: it ends at once, in silence, and no data is lost:
 * - What was there before is there as it was: the person's files, a report, a whole sample.
 * - What has come is whole: a copy that was stopped in the middle is not there.
 * - Half a sample is not taken for a whole one: what is made next time is the same as if nobody had
 *   stopped it.
 * - No temporary file stays.
 * Each time it is a process of its own, which is this program with other arguments. */

#include <glib/gstdio.h>

#include "demo-application.h"
#include "demo-page.h"
#include "demo-scenario.h"
#include "demo-window.h"
#include "testpage.h"

/* What counts as at once on a busy machine, in us; a function that does not listen to being
 * cancelled could take longer for all we know, and isn't waited for. */
#define AT_ONCE (3 * G_TIME_SPAN_SECOND * TEST_SLOWNESS)

/* When a call is in the middle, if it tells no progress, in us. */
#define MIDDLE (G_TIME_SPAN_SECOND / 10)

/* The file that Ask the user copies. It takes no room, but its copy would, and takes its time. */
#define FILM      "a film"
#define FILM_SIZE (256 * 1024 * 1024)

static const char *program;

/* In the process that is closed */

typedef struct {
  const char *way; /* "window", "quit", "preparing", "replacing", "tour" or "listening" */
  const char *id;
  GtkWindow *window;      /* weak */
  DemoScenario *scenario; /* weak */
  gint64 started;
  goffset copied; /* when it was started */
  gint64 left;
} Closing;

static DemoScenario *
find_scenario (GtkWidget *widget)
{
  if (DEMO_IS_PAGE (widget) && gtk_widget_get_child_visible (widget))
    return demo_page_get_scenario (DEMO_PAGE (widget));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (find_scenario (child) != NULL)
      return find_scenario (child);

  return NULL;
}

/* The person's folders, which are below the home folder of both processes. */
static char *
get_document (const char *name)
{
  return g_build_filename (g_get_home_dir (), "documents", name, NULL);
}

/* Of a folder: changes when a file comes, goes, or grows. */
static goffset
get_amount (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  goffset amount = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf status;

      if (g_stat (path, &status) == 0)
        amount += 1 + status.st_size;
    }

  return amount;
}

static goffset
get_copied (void)
{
  g_autofree char *into = get_document ("into");

  return get_amount (into);
}

static void
type (Closing *self,
      const char *label,
      const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (test_find_entry (GTK_WIDGET (self->window), label)), text);
}

static void
set_parameters (Closing *self)
{
  GtkWidget *window = GTK_WIDGET (self->window);

  /* This one lasts longer than what counts as at once. If it doesn't listen, nobody waits. */
  if (g_str_equal (self->id, "cancel"))
    {
      type (self, "Works for", "10000");
      gtk_drop_down_set_selected (GTK_DROP_DOWN (test_find_control (window, "To stop it")), 0);
      gtk_drop_down_set_selected (GTK_DROP_DOWN (test_find_control (window, "Looks")),
                                  g_str_equal (self->way, "listening"));
    }
  if (g_str_equal (self->id, "ask"))
    {
      g_autofree char *from = get_document ("from");
      g_autofree char *into = get_document ("into");

      type (self, "From", from);
      type (self, "Into", into);
      self->copied = get_copied ();
      /* If nobody is there, all are replaced. */
      demo_scenario_set_attended (self->scenario, !g_str_equal (self->way, "replacing"));
    }
}

static gboolean
is_under_way (Closing *self)
{
  if (g_str_equal (self->id, "ask"))
    return get_copied () != self->copied;

  return demo_scenario_get_progress (self->scenario) > 0
         || g_get_monotonic_time () - self->started > MIDDLE;
}

static gboolean
is_in_the_middle (Closing *self)
{
  DemoScenarioState state = demo_scenario_get_state (self->scenario);

  if (g_str_equal (self->way, "preparing"))
    return state == DEMO_SCENARIO_PREPARING;
  if (g_str_equal (self->way, "tour"))
    return state == DEMO_SCENARIO_RUNNING;
  if (state == DEMO_SCENARIO_PREPARING)
    return FALSE;
  if (self->started == 0)
    {
      set_parameters (self);
      g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->window), "demo.asyncify", NULL));
      self->started = g_get_monotonic_time ();
      return FALSE;
    }
  if (state == DEMO_SCENARIO_RUNNING)
    return is_under_way (self);

  /* It ended before anyone could press anything: then it is closed as soon as it has begun. */
  g_assert_cmpint (state, ==, DEMO_SCENARIO_SUCCEEDED);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (self->window), "demo.asyncify", NULL));
  return TRUE;
}

static gboolean
leave_cb (gpointer user_data)
{
  Closing *self = user_data;

  if (!is_in_the_middle (self))
    return G_SOURCE_CONTINUE;

  self->left = g_get_monotonic_time ();
  if (g_str_equal (self->way, "quit") || g_str_equal (self->way, "tour")
      || g_str_equal (self->way, "listening"))
    g_action_group_activate_action (G_ACTION_GROUP (g_application_get_default ()), "quit", NULL);
  else
    gtk_window_close (self->window);

  return G_SOURCE_REMOVE;
}

static void
activate_cb (GtkApplication *application,
             Closing *self)
{
  g_set_weak_pointer (&self->window, gtk_application_get_active_window (application));
  g_assert_true (demo_window_show_scenario (DEMO_WINDOW (self->window), self->id));
  g_set_weak_pointer (&self->scenario, find_scenario (GTK_WIDGET (self->window)));
  g_assert_nonnull (self->scenario);

  g_timeout_add (1, leave_cb, self);
}

static int
be_closed (const char *way,
           const char *id)
{
  Closing self = { .way = way, .id = id };
  g_autofree char *report = get_document ("report.json");
  char *argv[] = { (char *) "asyncify-demo", (char *) "--run", (char *) id, (char *) "--report",
                   report, NULL };
  /* As a person starts it, or with all of these. */
  int argc = g_str_equal (way, "tour") ? G_N_ELEMENTS (argv) - 1 : 1;
  DemoApplication *application = demo_application_new ();
  gboolean is_left_behind;

  g_signal_connect_after (application, "activate", G_CALLBACK (activate_cb), &self);
  g_assert_cmpint (demo_application_run (application, argc, argv), ==, 0);
  g_assert_cmpint (self.left, !=, 0);
  g_assert_cmpint (g_get_monotonic_time () - self.left, <, AT_ONCE);
  g_assert_null (self.window);

  /* What listens is told to stop, and does, if not in the time that it is given on a slow machine. */
  if (g_str_equal (way, "listening"))
    {
      while (demo_scenario_get_state (self.scenario) == DEMO_SCENARIO_RUNNING)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (demo_scenario_get_state (self.scenario), ==, DEMO_SCENARIO_CANCELLED);
    }
  is_left_behind = demo_scenario_get_state (self.scenario) == DEMO_SCENARIO_RUNNING
                   || demo_scenario_get_state (self.scenario) == DEMO_SCENARIO_PREPARING;
  g_assert_finalize_object (application);
  if (!is_left_behind)
    g_assert_null (self.scenario);
  g_print ("closed\n");

  return 0;
}

/* In the process that looks on */

typedef struct {
  char *way;
  DemoScenarioClass *klass;
} Case;

static void
case_free (gpointer data)
{
  Case *self = data;

  g_free (self->way);
  g_free (self);
}

/* @files: what is in each file, by its path */
static void
add_files (GHashTable *files,
           const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GError) error = NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      add_files (files, child);
    }
  if (dir != NULL)
    return;

  file = g_mapped_file_new (path, FALSE, &error);
  g_assert_no_error (error);
  g_hash_table_insert (files, g_strdup (path),
                       g_compute_checksum_for_data (G_CHECKSUM_MD5,
                                                    (guchar *) g_mapped_file_get_contents (file),
                                                    g_mapped_file_get_length (file)));
}

static GHashTable *
look_at (const char *name)
{
  g_autofree char *path = test_folder_path (name);
  GHashTable *files = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  add_files (files, path);

  return files;
}

static void
assert_kept (GHashTable *before,
             GHashTable *after)
{
  GHashTableIter iter;
  gpointer path, contents;

  g_hash_table_iter_init (&iter, before);
  while (g_hash_table_iter_next (&iter, &path, &contents))
    {
      const char *found = g_hash_table_lookup (after, path);
      g_autofree char *expected = g_strdup_printf ("%s is %s", (char *) path, (char *) contents);
      g_autofree char *actual
        = g_strdup_printf ("%s is %s", (char *) path, found != NULL ? found : "lost");

      g_assert_cmpstr (actual, ==, expected);
    }
}

static void
assert_none_new (GHashTable *before,
                 GHashTable *after)
{
  GHashTableIter iter;
  gpointer path;

  g_hash_table_iter_init (&iter, after);
  while (g_hash_table_iter_next (&iter, &path, NULL))
    if (!g_hash_table_contains (before, path))
      g_assert_cmpstr (path, ==, "none that has come");
}

/* What has come, or taken the place of another, is whole: it is as it was where it comes from. */
static void
forget_copied (const char *name,
               GHashTable *before,
               GHashTable *after)
{
  g_autofree char *folder = test_folder_path ("home/documents");
  g_autofree char *from = g_build_filename (folder, "from", name, NULL);
  g_autofree char *into = g_build_filename (folder, "into", name, NULL);
  const char *contents = g_hash_table_lookup (after, into);

  if (contents != NULL && g_strcmp0 (contents, g_hash_table_lookup (before, from)) == 0)
    {
      g_hash_table_remove (before, into);
      g_hash_table_remove (after, into);
    }
}

static void
write_film (void)
{
  g_autofree char *path = test_folder_path ("home/documents/from/" FILM);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) stream = g_file_create (file, G_FILE_CREATE_NONE, NULL, NULL);

  g_assert_true (g_seekable_truncate (G_SEEKABLE (stream), FILM_SIZE, NULL, NULL));
  g_assert_true (g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, NULL));
}

/* What the person has */
static void
make_documents (const Case *self)
{
  g_autofree char *documents = test_folder_make ("home/documents");

  test_folder_remove (documents);
  g_free (test_folder_make ("home/documents/from"));
  g_free (test_folder_make ("home/documents/into"));
  g_free (test_folder_write ("home/documents/from/letter", "new"));
  g_free (test_folder_write ("home/documents/into/letter", "old"));
  g_free (test_folder_write ("home/documents/into/list", "old"));
  g_free (test_folder_write ("home/documents/report.json", "old"));
  if (g_str_equal (self->klass->id, "ask") && !g_str_equal (self->way, "preparing"))
    write_film ();
  if (g_str_equal (self->way, "replacing"))
    g_free (test_folder_write ("home/documents/into/" FILM, "old"));
}

static void
make_sample (const Case *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = self->klass->make_sample (&error);

  g_assert_no_error (error);
  g_assert_nonnull (path);
}

static void
remove_samples (void)
{
  g_autofree char *path = test_folder_path ("home/cache/asyncify-demo");

  test_folder_remove (path);
}

/* @temporary: the app's own folder for temporary files */
static void
close_app (const Case *self,
           const char *temporary)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) child = NULL;
  g_autofree char *out = NULL;
  g_autofree char *complaints = NULL;

  g_subprocess_launcher_setenv (launcher, "TMPDIR", temporary, TRUE);
  child = g_subprocess_launcher_spawn (launcher, &error, program, "--be-closed", self->way,
                                       self->klass->id, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (child, NULL, NULL, &out, &complaints, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (complaints, ==, "");
  g_assert_cmpstr (out, ==, "closed\n");
  g_assert_true (g_subprocess_get_successful (child));
}

static void
test_closing (gconstpointer data)
{
  const Case *self = data;
  g_autofree char *temporary = test_folder_make ("tmp");
  g_autoptr (GHashTable) before = NULL;
  g_autoptr (GHashTable) after = NULL;

  make_documents (self);
  before = look_at ("home/documents");
  close_app (self, temporary);
  after = look_at ("home/documents");

  forget_copied (FILM, before, after);
  /* Not if nobody has answered. */
  if (g_str_equal (self->way, "replacing"))
    forget_copied ("letter", before, after);
  assert_kept (before, after);
  assert_none_new (before, after);
  g_assert_cmpint (get_amount (temporary), ==, 0);
}

static void
test_sample_kept (gconstpointer data)
{
  g_autoptr (GHashTable) before = NULL;
  g_autoptr (GHashTable) after = NULL;

  make_sample (data);
  before = look_at ("home/cache/asyncify-demo");
  test_closing (data);
  after = look_at ("home/cache/asyncify-demo");

  assert_kept (before, after);
  assert_none_new (before, after);
}

static void
test_sample_made_anew (gconstpointer data)
{
  g_autoptr (GHashTable) whole = NULL;
  g_autoptr (GHashTable) half = NULL;
  g_autoptr (GHashTable) completed = NULL;

  remove_samples ();
  make_sample (data);
  whole = look_at ("home/cache/asyncify-demo");

  remove_samples ();
  test_closing (data);
  half = look_at ("home/cache/asyncify-demo");
  assert_none_new (whole, half);

  make_sample (data);
  completed = look_at ("home/cache/asyncify-demo");
  assert_kept (whole, completed);
  assert_none_new (whole, completed);
}

static void
add_case (const char *way,
          DemoScenarioClass *klass,
          void (*test) (gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/closing/%s/%s", way, klass->id);
  Case *new_case;

  if (klass->missing != NULL)
    return;

  new_case = g_new0 (Case, 1);
  new_case->way = g_strdup (way);
  new_case->klass = klass;
  g_test_add_data_func_full (path, new_case, test, case_free);
}

static void
add_cases (DemoScenarioClass *klass)
{
  gboolean has_sample = klass->make_sample != NULL;

  if (has_sample)
    add_case ("preparing", klass, test_sample_made_anew);
  add_case ("window", klass, has_sample ? test_sample_kept : test_closing);
  add_case ("quit", klass, has_sample ? test_sample_kept : test_closing);
  if (g_str_equal (klass->id, "ask"))
    add_case ("replacing", klass, test_closing);
  if (g_str_equal (klass->id, "hello"))
    add_case ("tour", klass, test_closing);
  if (g_str_equal (klass->id, "cancel"))
    add_case ("listening", klass, test_closing);
}

int
main (int argc,
      char **argv)
{
  g_autoptr (GPtrArray) scenarios = NULL;

  program = argv[0];
  if (argc == 4 && g_str_equal (argv[1], "--be-closed"))
    return be_closed (argv[2], argv[3]);

  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);
  if (!test_widgets_begin ())
    return 0;

  scenarios = demo_scenarios_new ();
  for (guint i = 0; i < scenarios->len; i++)
    add_cases (DEMO_SCENARIO_GET_CLASS (g_ptr_array_index (scenarios, i)));

  return g_test_run ();
}
