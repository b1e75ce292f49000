/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Ask the user: each answer, no answer, and no question that stays behind. */

#include <glib/gstdio.h>

#include "demo-page.h"
#include "demo-question.h"
#include "testpage.h"

/* Longer than the library waits for a loop that stands still, in us */
#define TOO_LONG (8 * G_TIME_SPAN_SECOND)

#define MEGABYTE (1024 * 1024)

/* Returns: (transfer none) (nullable) */
static GtkWidget *
find_question (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      if (DEMO_IS_QUESTION (window))
        return window;
    }

  return NULL;
}

static gboolean
is_asked (gpointer data)
{
  return find_question () != NULL && gtk_widget_get_mapped (find_question ());
}

static gboolean
is_not_asked (gpointer data)
{
  return find_question () == NULL;
}

/* What is asked is about @name. Returns: (transfer none): the question */
static GtkWidget *
wait_for_question (TestPage *self,
                   const char *name)
{
  GtkWidget *heading;

  test_wait_until (is_asked, NULL);
  heading = test_find (find_question (), GTK_TYPE_LABEL, "heading");
  g_assert_nonnull (strstr (gtk_label_get_text (GTK_LABEL (heading)), name));
  g_assert_true (gtk_window_get_modal (GTK_WINDOW (find_question ())));
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (find_question ())) == self->window);
  g_assert_true (gtk_window_get_focus (GTK_WINDOW (find_question ()))
                 == test_find_button (find_question (), "Keep both"));
  g_assert_cmpstr (test_page_get_result (self), ==, "Running…");

  return find_question ();
}

static void
answer (TestPage *self,
        const char *name,
        const char *button)
{
  test_click (test_find_button (wait_for_question (self, name), button));
}

static void
answer_for_all (TestPage *self,
                const char *name,
                const char *button)
{
  GtkWidget *question = wait_for_question (self, name);

  gtk_check_button_set_active (
    GTK_CHECK_BUTTON (test_find (question, GTK_TYPE_CHECK_BUTTON, NULL)), TRUE);
  test_click (test_find_button (question, button));
}

static void
write_file (const char *folder,
            const char *name,
            const char *contents)
{
  g_autofree char *relative = g_build_filename (folder, name, NULL);
  g_autofree char *path = test_folder_write (relative, contents);

  g_assert_nonnull (path);
}

static void
assert_contents (const char *name,
                 const char *contents)
{
  g_autofree char *path = test_folder_path (name);
  g_autofree char *found = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &found, NULL, &error);
  if (contents == NULL)
    g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  else
    g_assert_cmpstr (found, ==, contents);
}

static void
choose (TestPage *self,
        const char *from,
        const char *into)
{
  g_autofree char *from_path = test_folder_path (from);
  g_autofree char *into_path = test_folder_path (into);

  test_page_type (self, "From", from_path);
  test_page_type (self, "Into", into_path);
}

/* Two folders with a new file each, and three that are in both. */
static void
make_folders (TestPage *self)
{
  static const char *const names[] = { "a.txt", "b.tar.gz", "c" };
  g_autofree char *from = test_folder_path ("from");
  g_autofree char *into = test_folder_path ("into");

  test_folder_remove (from);
  test_folder_remove (into);
  g_free (test_folder_make ("from/further"));
  g_free (test_folder_make ("into"));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      write_file ("from", names[i], "new");
      write_file ("into", names[i], "old");
    }
  write_file ("from", "d", "new");
  write_file ("into", "e", "old");
  choose (self, "from", "into");
}

static void
test_answers (TestPage *self,
              gconstpointer data)
{
  make_folders (self);
  write_file ("into", "b.tar (2).gz", "old");
  test_page_press (self, "Asyncify");
  answer (self, "a.txt", "Replace");
  answer (self, "b.tar.gz", "Keep both");
  answer (self, "“c”", "Keep");
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded",
                    "4 files: 1 copied, 1 replaced, 1 kept, 1 put beside");

  assert_contents ("into/a.txt", "new");
  assert_contents ("into/b.tar.gz", "old");
  assert_contents ("into/b.tar (2).gz", "old");
  assert_contents ("into/b.tar (3).gz", "new");
  assert_contents ("into/c", "old");
  assert_contents ("into/d", "new");
  assert_contents ("into/e", "old");
  test_page_wait_for_items (self, 4);
  g_assert_true (test_page_has_row (self, "a.txt", "replaced"));
  g_assert_true (test_page_has_row (self, "b.tar.gz", "copied; the other one is kept"));
  g_assert_true (test_page_has_row (self, "c", "not copied"));
}

/* One answer, and no further question. */
static void
test_for_all (TestPage *self,
              gconstpointer data)
{
  static const struct {
    const char *button, *result, *old, *beside;
  } cases[] = {
    { "Replace", "4 files: 1 copied, 3 replaced, 0 kept, 0 put beside", "new", NULL },
    { "Keep", "4 files: 1 copied, 0 replaced, 3 kept, 0 put beside", "old", NULL },
    { "Keep both", "4 files: 1 copied, 0 replaced, 0 kept, 3 put beside", "old", "new" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      make_folders (self);
      test_page_press (self, "Asyncify");
      answer_for_all (self, "a.txt", cases[i].button);
      test_page_wait_until_idle (self);
      g_assert_cmpstr (test_page_get_result (self), ==, cases[i].result);
      assert_contents ("into/a.txt", cases[i].old);
      assert_contents ("into/c", cases[i].old);
      assert_contents ("into/c (2)", cases[i].beside);
    }
}

/* Nothing is lost, and the next one is asked about again; even if "for all" was ticked. */
static void
test_closed_question (TestPage *self,
                      gconstpointer data)
{
  GtkWidget *question;

  make_folders (self);
  test_page_press (self, "Asyncify");
  question = wait_for_question (self, "a.txt");
  gtk_check_button_set_active (
    GTK_CHECK_BUTTON (test_find (question, GTK_TYPE_CHECK_BUTTON, NULL)), TRUE);
  gtk_window_close (GTK_WINDOW (question));
  answer_for_all (self, "b.tar.gz", "Replace");
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "1 copied, 2 replaced, 1 kept, 0 put beside");
  assert_contents ("into/a.txt", "old");
}

static void
test_stop (TestPage *self,
           gconstpointer data)
{
  make_folders (self);
  write_file ("from", "0", "new");
  test_page_press (self, "Asyncify");
  answer (self, "a.txt", "Stop");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
  g_assert_null (find_question ());
  assert_contents ("into/0", "new");
  assert_contents ("into/a.txt", "old");
  assert_contents ("into/d", NULL);
}

static void
test_cancel (TestPage *self,
             gconstpointer data)
{
  make_folders (self);
  test_page_press (self, "Asyncify");
  wait_for_question (self, "a.txt");
  test_page_press (self, "Cancel");
  test_wait_until (is_not_asked, NULL);
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
  assert_contents ("into/a.txt", "old");

  test_page_press (self, "Asyncify");
  answer_for_all (self, "a.txt", "Replace");
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "3 replaced");
}

static void
test_cancel_at_once (TestPage *self,
                     gconstpointer data)
{
  make_folders (self);
  for (guint i = 0; i < 20; i++)
    {
      test_page_press (self, "Asyncify");
      test_iterate (i);
      test_page_press (self, "Cancel");
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
      g_assert_null (find_question ());
    }
}

static void
test_closed_meanwhile (void)
{
  TestPage page;

  test_page_set_up (&page, "ask");
  make_folders (&page);
  test_page_press (&page, "Asyncify");
  wait_for_question (&page, "a.txt");
  test_page_close (&page);
  g_assert_null (find_question ());
  assert_contents ("into/a.txt", "old");
}

/* The function gives up then, and so there is nobody to answer to. */
static void
test_loop_stands_still (TestPage *self,
                        gconstpointer data)
{
  make_folders (self);
  test_page_press (self, "Asyncify");
  wait_for_question (self, "a.txt");
  g_usleep (TOO_LONG);
  test_page_wait_until_idle (self);
  test_page_assert (self, "failed", "Nobody runs the main loop");
  g_assert_null (find_question ());
}

/* Twice, since the first run changes the sample. */
static void
test_unattended (TestPage *self,
                 gconstpointer data)
{
  demo_scenario_set_attended (demo_page_get_scenario (DEMO_PAGE (self->page)), FALSE);

  test_page_press (self, "Asyncify");
  wait_for_question (self, "letter-04.txt");
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "12 files: 9 copied, 3 replaced, 0 kept, 0 put beside");

  test_page_press (self, "Asyncify");
  wait_for_question (self, "letter-01.txt");
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "12 files: 0 copied, 12 replaced, 0 kept, 0 put beside");
}

/* What a run has left behind, or somebody who killed the app, is gone when the page is back. */
static void
test_sample_made_anew (void)
{
  static const char kept[] = "home/cache/asyncify-demo/letters/kept";
  TestPage page;

  g_free (test_folder_make (kept));
  write_file (kept, "letter-01.txt", "half of");
  write_file (kept, "letter-01 (2).txt", "");
  test_page_set_up (&page, "ask");
  test_page_press (&page, "Asyncify");
  answer_for_all (&page, "letter-04.txt", "Keep both");
  test_page_wait_until_idle (&page);
  test_page_assert (&page, "succeeded", "12 files: 9 copied, 0 replaced, 0 kept, 3 put beside");
  test_page_close (&page);
}

static void
test_no_freeze (TestPage *self,
                gconstpointer data)
{
  GtkWidget *button = test_find_button (self->page, "Freeze");

  g_assert_false (gtk_widget_get_sensitive (button));
  g_assert_nonnull (strstr (gtk_widget_get_tooltip_text (button), "wait forever"));
}

static void
assert_fails (TestPage *self,
              const char *problem)
{
  test_page_run (self, "Asyncify");
  test_page_assert (self, "failed", problem);
}

static void
test_nonsense (TestPage *self,
               gconstpointer data)
{
  g_autofree char *megabyte = g_strnfill (MEGABYTE, 'x');

  make_folders (self);
  test_page_type (self, "From", "");
  assert_fails (self, "that the files are in");
  make_folders (self);
  test_page_type (self, "Into", "");
  assert_fails (self, "that the files shall go into");

  choose (self, "from", "not-there");
  assert_fails (self, "No such file");
  choose (self, "not-there", "into");
  assert_fails (self, "No such file");
  choose (self, "from", "into/a.txt");
  assert_fails (self, "a.txt” is no folder");
  choose (self, "from/a.txt", "into");
  assert_fails (self, "Not a directory");
  choose (self, "from", "from/../from");
  assert_fails (self, "the same folder");

  test_page_type (self, "From", "nonsense://nowhere/below");
  assert_fails (self, "");
  test_page_type (self, "From", megabyte);
  assert_fails (self, "too long");
  choose (self, "from", "into");
  test_page_type (self, "Into", megabyte);
  assert_fails (self, "too long");
}

static void
test_permissions (TestPage *self,
                  gconstpointer data)
{
  g_autofree char *into = test_folder_path ("into");
  g_autofree char *file = test_folder_path ("from/d");

  make_folders (self);
  if (!test_folder_protect (file))
    return;

  /* One that can't be read is told; the others are copied. */
  test_page_press (self, "Asyncify");
  answer_for_all (self, "a.txt", "Replace");
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "0 copied, 3 replaced, 0 kept, 0 put beside; 1 could not");
  test_page_assert (self, "succeeded", "Permission denied");
  test_page_wait_for_items (self, 4);
  g_assert_true (test_page_has_row (self, "d", "Permission denied"));

  g_assert_no_errno (g_chmod (file, 0600));
  g_assert_true (test_folder_protect (into));
  assert_fails (self, "Permission denied");
  g_assert_no_errno (g_chmod (into, 0700));
}

/* Whoever is asked has time to delete something. */
static void
test_deleted_meanwhile (TestPage *self,
                        gconstpointer data)
{
  g_autofree char *file = test_folder_path ("from/a.txt");
  g_autofree char *into = test_folder_path ("into");

  make_folders (self);
  test_page_press (self, "Asyncify");
  wait_for_question (self, "a.txt");
  g_assert_no_errno (g_remove (file));
  answer_for_all (self, "a.txt", "Replace");
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "1 copied, 2 replaced, 0 kept, 0 put beside; 1 could not");
  test_page_assert (self, "succeeded", "No such file");
  assert_contents ("into/a.txt", "old");
  test_page_wait_for_items (self, 4);
  g_assert_true (test_page_has_row (self, "a.txt", "No such file"));

  make_folders (self);
  test_page_press (self, "Asyncify");
  wait_for_question (self, "a.txt");
  test_folder_remove (into);
  answer (self, "a.txt", "Replace");
  test_page_wait_until_idle (self);
  test_page_assert (self, "failed", "No such file");
}

/* Nothing stands in the entries then, and folders of one's own can be chosen all the same. */
static void
test_no_sample (TestPage *self,
                gconstpointer data)
{
  assert_fails (self, "that the files are in");
  make_folders (self);
  test_page_press (self, "Asyncify");
  answer_for_all (self, "a.txt", "Replace");
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "3 replaced");
}

/* The names in a folder can be read, but nothing that they stand for: not a file, and not whether
 * it is a folder. */
static void
test_only_names (TestPage *self,
                 gconstpointer data)
{
  g_autofree char *from = test_folder_path ("from");

  make_folders (self);
  if (!test_folder_leave_names (from))
    return;

  /* Newer releases of GLib find other words for it. */
  assert_fails (self, "");
  choose (self, "from/further", "into");
  assert_fails (self, "Permission denied");
  choose (self, "into", "from/further");
  assert_fails (self, "Permission denied");
}

/* A folder of that name is never replaced. */
static void
test_folder_in_the_way (TestPage *self,
                        gconstpointer data)
{
  make_folders (self);
  g_free (test_folder_make ("into/d"));
  write_file ("into/d", "below", "old");
  test_page_press (self, "Asyncify");
  answer_for_all (self, "a.txt", "Replace");
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "3 replaced, 0 kept, 0 put beside; 1 could not be copied");
  assert_contents ("into/d/below", "old");
}

static void
test_odd_names (TestPage *self,
                gconstpointer data)
{
  g_autofree char *latin = NULL;

  make_folders (self);
  write_file ("from", ".hidden", "new");
  write_file ("into", ".hidden", "old");
  latin = test_folder_write ("from/caf\xe9", "new");
  if (latin == NULL)
    {
      g_test_skip ("there are no such names here");
      return;
    }

  test_page_press (self, "Asyncify");
  answer_for_all (self, "hidden", "Keep both");
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "6 files: 2 copied, 0 replaced, 0 kept, 4 put beside");
  assert_contents ("into/.hidden (2)", "new");
  assert_contents ("into/caf\xe9", "new");
  test_page_wait_for_items (self, 6);
  g_assert_true (test_page_has_row (self, "caf\xef\xbf\xbd", "copied"));
}

static void
test_empty_folder (TestPage *self,
                   gconstpointer data)
{
  make_folders (self);
  g_free (test_folder_make ("nothing"));
  choose (self, "nothing", "into");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "0 files: 0 copied");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PERMISSIONS);

  if (!test_widgets_begin ())
    return 0;

  test_page_add_without_sample ("/ask/without-sample", "ask", test_no_sample);
  test_page_add ("/ask/answers-obeyed", "ask", test_answers);
  test_page_add ("/ask/for-all-asks-once", "ask", test_for_all);
  test_page_add ("/ask/closed-question-keeps", "ask", test_closed_question);
  test_page_add ("/ask/stop", "ask", test_stop);
  test_page_add ("/ask/cancel/closes-question", "ask", test_cancel);
  test_page_add ("/ask/cancel/at-once", "ask", test_cancel_at_once);
  g_test_add_func ("/ask/closed-meanwhile", test_closed_meanwhile);
  test_page_add ("/ask/loop-stands-still", "ask", test_loop_stands_still);
  test_page_add ("/ask/sample/unattended-answers-itself", "ask", test_unattended);
  g_test_add_func ("/ask/sample/made-anew", test_sample_made_anew);
  test_page_add ("/ask/no-freeze", "ask", test_no_freeze);
  test_page_add ("/ask/bad/nonsense", "ask", test_nonsense);
  test_page_add ("/ask/bad/permissions", "ask", test_permissions);
  test_page_add ("/ask/bad/deleted-meanwhile", "ask", test_deleted_meanwhile);
  test_page_add ("/ask/bad/only-names", "ask", test_only_names);
  test_page_add ("/ask/bad/folder-in-the-way", "ask", test_folder_in_the_way);
  test_page_add ("/ask/names-odd", "ask", test_odd_names);
  test_page_add ("/ask/empty-folder", "ask", test_empty_folder);

  return g_test_run ();
}
