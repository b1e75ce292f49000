/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Hash files: good files, bad files, and what is no file at all. */

#include <glib/gstdio.h>

#ifdef G_OS_UNIX
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

#include "testpage.h"

/* Takes minutes to read, but not to make. */
#define ENDLESS (G_GINT64_CONSTANT (64) << 30)

#define LEVELS 250 /* of folders in each other */

static void
choose (TestPage *self,
        const char *name)
{
  g_autofree char *path = test_folder_path (name);

  test_page_type (self, "Files", path);
}

/* After whatever happened, good files can be hashed. */
static void
assert_works (TestPage *self)
{
  g_autofree char *path = test_folder_write ("good.txt", "good");

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_type (self, "Files", path);
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "1 file hashed, 4 bytes");
    }
}

/* Both ways, what is chosen fails, and the page says why. */
static void
assert_fails (TestPage *self,
              const char *problem)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "failed", problem);
    }

  assert_works (self);
}

static void
test_checksums (TestPage *self,
                gconstpointer data)
{
  /* One of them is no multiple of any size that is read at once. */
  g_autofree char *large = g_strnfill (3000001, 'x');
  const struct {
    const char *name, *contents;
  } files[] = { { "empty", "" }, { "small.txt", "Hello, World\n" }, { "large.bin", large } };
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("checksums/below");

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *name = g_build_filename ("checksums", i > 0 ? "below" : "", files[i].name,
                                                NULL);
      G_GNUC_UNUSED g_autofree char *path = test_folder_write (name, files[i].contents);
    }

  choose (self, "checksums");
  for (guint way = 0; way < TEST_PAGE_WAYS; way++)
    {
      test_page_run (self, test_page_ways[way]);
      test_page_assert (self, "succeeded", "3 files hashed, 3.0\302\240MB");
      test_page_wait_for_items (self, G_N_ELEMENTS (files));
      g_assert_cmpuint (g_list_model_get_n_items (test_page_get_items (self)), ==,
                        G_N_ELEMENTS (files));

      for (guint i = 0; i < G_N_ELEMENTS (files); i++)
        {
          g_autofree char *sum
            = g_compute_checksum_for_string (G_CHECKSUM_SHA256, files[i].contents, -1);

          g_assert_true (test_page_has_row (self, files[i].name, sum));
        }
    }
}

static void
test_deep (TestPage *self,
           gconstpointer data)
{
  g_autofree char *folder = test_folder_make_deep ("deep", LEVELS);
  g_autofree char *path = g_build_filename (folder, "f", NULL);

  g_assert_true (g_file_set_contents (path, "deep", -1, NULL));

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      choose (self, "deep");
      test_page_run (self, test_page_ways[i]);
      g_assert_cmpstr (test_page_get_result (self), ==, "1 file hashed, 4 bytes");
    }
  assert_works (self);
}

static gboolean
has_items_or_is_idle (gpointer data)
{
  TestPage *self = data;

  return g_list_model_get_n_items (test_page_get_items (self)) > 0
         || gtk_widget_is_sensitive (test_find_button (self->page, "Freeze"));
}

/* The sample, which the page has chosen. Where the machine is busy with something else, it may
 * be done before the list can be drawn; but not every time. */
static void
test_shown_meanwhile (TestPage *self,
                      gconstpointer data)
{
  gboolean seen = FALSE;

  for (guint i = 0; i < 50 && !seen; i++)
    {
      test_page_press (self, "Asyncify");
      test_wait_until (has_items_or_is_idle, self);
      seen = !gtk_widget_is_sensitive (test_find_button (self->page, "Freeze"));
      test_page_wait_until_idle (self);
      test_page_assert (self, "succeeded", "12 files hashed, 100.7\302\240MB");
    }

  g_assert_true (seen);
}

static gboolean
is_far_enough (gpointer data)
{
  GtkWidget *bar = test_find (((TestPage *) data)->page, GTK_TYPE_PROGRESS_BAR, NULL);

  return gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)) > 0;
}

static void
test_cancel (TestPage *self,
             gconstpointer data)
{
#ifdef G_OS_UNIX
  g_autofree char *path = test_folder_write ("endless", "");

  if (truncate (path, ENDLESS) != 0)
    {
      g_test_skip ("there are no such large files here");
      return;
    }

  test_page_type (self, "Files", path);
  test_page_press (self, "Asyncify");
  test_wait_until (is_far_enough, self);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
  test_wait_for_frames (self->page, 3);
  g_assert_cmpuint (g_list_model_get_n_items (test_page_get_items (self)), ==, 0);
  g_remove (path);
  assert_works (self);
#else
  g_test_skip ("only on Unix");
#endif
}

static void
test_nonsense (TestPage *self,
               gconstpointer data)
{
  g_autofree char *megabyte = g_strnfill (1024 * 1024, 'x');

  test_page_type (self, "Files", "");
  assert_fails (self, "Choose some files");
  choose (self, "not-there");
  assert_fails (self, "No such file");
  test_page_type (self, "Files", "nonsense://nowhere/below");
  assert_fails (self, "");
  test_page_type (self, "Files", megabyte);
  assert_fails (self, "too long");
  choose (self, "good.txt/below");
  assert_fails (self, "Not a directory");
}

static void
test_deleted (TestPage *self,
              gconstpointer data)
{
  g_autofree char *path = test_folder_write ("deleted", "gone");

  test_page_type (self, "Files", path);
  g_assert_no_errno (g_remove (path));
  assert_fails (self, "No such file");
}

/* Of several, those that are left are hashed, and the page says what became of the others. */
static void
test_several (TestPage *self,
              gconstpointer data)
{
  g_autofree char *good = test_folder_write ("one", "good");
  g_autofree char *gone = test_folder_write ("two", "gone");
  g_autofree char *also_gone = test_folder_write ("three", "gone");

  test_page_type (self, "Files", good);
  test_page_add_file (self, "Files", gone);
  test_page_add_file (self, "Files", also_gone);
  g_assert_no_errno (g_remove (gone));
  g_assert_no_errno (g_remove (also_gone));
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "1 file hashed, 4 bytes; 2 could not be read (");
      test_page_assert (self, "succeeded", "No such file");
      test_page_wait_for_items (self, 3);
      g_assert_true (test_page_has_row (self, gone, "No such file"));
    }

  g_assert_no_errno (g_remove (good));
  assert_fails (self, "No such file");
}

static void
test_permissions (TestPage *self,
                  gconstpointer data)
{
  g_autofree char *folder = test_folder_make ("permissions/folder");
  g_autofree char *file = test_folder_write ("permissions/file", "secret");
  G_GNUC_UNUSED g_autofree char *good = test_folder_write ("permissions/open", "open");

  if (!test_folder_protect (folder) || !test_folder_protect (file))
    return;

  choose (self, "permissions/folder");
  assert_fails (self, "Permission denied");
  choose (self, "permissions/file");
  assert_fails (self, "Permission denied");

  /* Among others they are listed, with the reason. */
  choose (self, "permissions");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "1 file hashed, 4 bytes; 2 could not be read (");
  test_page_assert (self, "succeeded", "Permission denied");
  test_page_wait_for_items (self, 3);
  g_assert_true (test_page_has_row (self, file, "Permission denied"));
  g_assert_true (test_page_has_row (self, folder, "Permission denied"));
}

static void
test_links (TestPage *self,
            gconstpointer data)
{
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("links");
  G_GNUC_UNUSED g_autofree char *good = test_folder_write ("links/good", "good");

  if (!test_folder_link ("nowhere", "links/broken") || !test_folder_link ("b", "links/a")
      || !test_folder_link ("a", "links/b") || !test_folder_link ("good", "links/to-good")
      || !test_folder_link (".", "links/here") || !test_folder_link ("..", "links/up"))
    {
      g_test_skip ("there are no symbolic links here");
      return;
    }

  choose (self, "links/to-good");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "1 file hashed, 4 bytes");

  /* It ends, and does not find the same file again. */
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      choose (self, "links");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "1 file hashed, 4 bytes");
    }
  assert_works (self);
}

/* A folder may be such that the names in it can be read, but nothing that they stand for. */
static void
test_only_names (TestPage *self,
                 gconstpointer data)
{
  g_autofree char *folder = test_folder_make ("names/only");
  g_autofree char *file = test_folder_write ("names/only/file", "secret");
  G_GNUC_UNUSED g_autofree char *good = test_folder_write ("names/open", "open");

  if (!test_folder_leave_names (folder))
    return;

  choose (self, "names/only/file");
  assert_fails (self, "Permission denied");
  choose (self, "names/only");
  assert_fails (self, "Permission denied");

  choose (self, "names");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "1 file hashed, 4 bytes; 1 could not be read (");
  test_page_wait_for_items (self, 2);
  g_assert_true (test_page_has_row (self, file, "Permission denied"));
}

static void
test_bad_links (TestPage *self,
                gconstpointer data)
{
  if (!test_folder_link ("nowhere", "broken") || !test_folder_link ("loop-b", "loop-a")
      || !test_folder_link ("loop-a", "loop-b"))
    {
      g_test_skip ("there are no symbolic links here");
      return;
    }

  choose (self, "broken");
  assert_fails (self, "broken");
  choose (self, "loop-a");
  assert_fails (self, "loop-a");
}

static void
test_not_utf8 (TestPage *self,
               gconstpointer data)
{
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("latin");
  g_autofree char *path = test_folder_write ("latin/caf\xe9", "bon");
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "bon", -1);
  g_autofree char *uri = path != NULL ? g_filename_to_uri (path, NULL, NULL) : NULL;

  if (path == NULL)
    {
      g_test_skip ("there are no such names here");
      return;
    }

  choose (self, "latin");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "1 file hashed, 3 bytes");
  test_page_wait_for_items (self, 1);
  g_assert_true (test_page_has_row (self, "caf\xef\xbf\xbd", sum));

  test_page_type (self, "Files", uri);
  test_page_run (self, "Freeze");
  test_page_assert (self, "succeeded", "1 file hashed, 3 bytes");
}

static void
test_empty_folder (TestPage *self,
                   gconstpointer data)
{
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("nothing");

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      choose (self, "nothing");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "0 files hashed");
    }
  assert_works (self);
}

/* Opening one would wait for ever for somebody to write. */
static void
test_fifo (TestPage *self,
           gconstpointer data)
{
#ifdef G_OS_UNIX
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("fifos");
  g_autofree char *fifo = test_folder_path ("fifos/fifo");
  G_GNUC_UNUSED g_autofree char *good = test_folder_write ("fifos/good", "good");

  g_assert_no_errno (mkfifo (fifo, 0644));
  choose (self, "fifos");
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "1 file hashed, 4 bytes");
    }

  choose (self, "fifos/fifo");
  assert_fails (self, "fifo");
#else
  g_test_skip ("only on Unix");
#endif
}

/* Somebody who has chosen something and looks at another page meanwhile finds it as it was. */
static void
test_choice_survives (TestPage *self,
                      gconstpointer data)
{
  GtkWidget *entry = test_find_entry (self->page, "Files");
  g_autofree char *path = test_folder_make ("chosen");

  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), !=, "");
  choose (self, "chosen");
  gtk_widget_set_visible (self->page, FALSE);
  gtk_widget_set_visible (self->page, TRUE);
  test_page_wait_until_idle (self);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, path);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PERMISSIONS);

  if (!test_widgets_begin ())
    return 0;

  test_page_add_without_sample ("/hash/checksums-right", "hash", test_checksums);
  test_page_add_without_sample ("/hash/cancel-in-the-middle", "hash", test_cancel);
  test_page_add_without_sample ("/hash/bad/nonsense", "hash", test_nonsense);
  test_page_add_without_sample ("/hash/bad/deleted", "hash", test_deleted);
  test_page_add_without_sample ("/hash/bad/several", "hash", test_several);
  test_page_add_without_sample ("/hash/bad/permissions", "hash", test_permissions);
  test_page_add_without_sample ("/hash/bad/only-names", "hash", test_only_names);
  test_page_add_without_sample ("/hash/bad/links", "hash", test_bad_links);
  test_page_add_without_sample ("/hash/links-in-folder", "hash", test_links);
  test_page_add_without_sample ("/hash/deep-folders", "hash", test_deep);
  test_page_add_without_sample ("/hash/names-not-utf8", "hash", test_not_utf8);
  test_page_add_without_sample ("/hash/empty-folder", "hash", test_empty_folder);
  test_page_add_without_sample ("/hash/bad/fifo", "hash", test_fifo);
  test_page_add ("/hash/sample/checksums-shown-meanwhile", "hash", test_shown_meanwhile);
  test_page_add ("/hash/sample/choice-survives-turning-away", "hash", test_choice_survives);

  return g_test_run ();
}
