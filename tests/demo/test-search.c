/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Search: what is found, what can't be looked into, and a hundred thousand matches. */

#ifdef G_OS_UNIX
#include <unistd.h>
#endif

#include "testpage.h"

#define MANY   100000
#define LEVELS 250 /* of folders in each other */

static void
search (TestPage *self,
        const char *way,
        const char *folder,
        const char *pattern)
{
  g_autofree char *path = test_folder_path (folder);

  test_page_type (self, "Folder", path);
  test_page_type (self, "Pattern", pattern);
  test_page_run (self, way);
}

static void
make_tree (void)
{
  static const char *const names[] = {
    "tree/Letter one.TXT", "tree/letter-two.pdf", "tree/notes.txt",
    "tree/below/ÄRGER.txt", "tree/below/deeper/[letter].txt",
  };
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("tree/below/deeper");

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = test_folder_write (names[i], "12345");

      g_assert_nonnull (path);
    }
}

static void
assert_works (TestPage *self)
{
  make_tree ();
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      search (self, test_page_ways[i], "tree", "notes");
      test_page_assert (self, "succeeded", "1 match among 7 names");
    }
}

static void
assert_fails (TestPage *self,
              const char *folder,
              const char *pattern,
              const char *problem)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      search (self, test_page_ways[i], folder, pattern);
      test_page_assert (self, "failed", problem);
    }

  assert_works (self);
}

static void
test_patterns (TestPage *self,
               gconstpointer data)
{
  static const struct {
    const char *pattern;
    guint n_matches;
  } cases[] = {
    { "letter", 3 },   { "LETTER", 3 }, { "*.txt", 4 }, { "*.TXT", 4 },   { "letter*", 2 },
    { "?otes.txt", 1 }, { "otes", 1 },  { "?otes", 0 }, { "*", 7 },       { "ärger", 1 },
    { "[letter]", 1 },  { "\\", 0 },    { "** *", 1 },  { "nothing", 0 },
  };

  make_tree ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint j = 0; j < TEST_PAGE_WAYS; j++)
      {
        guint n = cases[i].n_matches;
        g_autofree char *text
          = g_strdup_printf (n == 1 ? "%u match among 7 names" : "%u matches among 7 names", n);

        search (self, test_page_ways[j], "tree", cases[i].pattern);
        test_page_assert (self, "succeeded", text);
      }
}

static void
test_listed (TestPage *self,
             gconstpointer data)
{
  g_autofree char *below = test_folder_path ("tree/below/deeper");

  make_tree ();
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      search (self, test_page_ways[i], "tree", "letter");
      test_page_wait_for_items (self, 3);
      g_assert_cmpuint (g_list_model_get_n_items (test_page_get_items (self)), ==, 3);
      g_assert_true (test_page_has_row (self, "Letter one.TXT", "5 bytes"));
      g_assert_true (test_page_has_row (self, "letter-two.pdf", "5 bytes"));
      g_assert_true (test_page_has_row (self, "[letter].txt", below));

      /* The next search begins with an empty list. */
      search (self, test_page_ways[i], "tree", "notes");
      test_page_wait_for_items (self, 1);
      g_assert_cmpuint (g_list_model_get_n_items (test_page_get_items (self)), ==, 1);
      g_assert_true (test_page_has_row (self, "notes.txt", "5 bytes"));
    }
}

static void
test_deep (TestPage *self,
           gconstpointer data)
{
  g_autofree char *folder = test_folder_make_deep ("deep", LEVELS);
  g_autofree char *path = g_build_filename (folder, "f", NULL);
  g_autofree char *text = g_strdup_printf ("1 match among %u names", LEVELS + 1);

  g_assert_true (g_file_set_contents (path, "deep", -1, NULL));

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      search (self, test_page_ways[i], "deep", "f");
      g_assert_cmpstr (test_page_get_result (self), ==, text);
    }
  assert_works (self);
}

/* What the list shows belongs to the result above it. */
static void
test_no_stale_matches (TestPage *self,
                       gconstpointer data)
{
  make_tree ();
  search (self, "Asyncify", "tree", "letter");
  test_page_wait_for_items (self, 3);
  search (self, "Freeze", "tree", "nothing");
  test_page_assert (self, "succeeded", "0 matches");
  test_wait_for_frames (self->page, 10);
  g_assert_cmpuint (g_list_model_get_n_items (test_page_get_items (self)), ==, 0);
}

static void
test_nonsense (TestPage *self,
               gconstpointer data)
{
  g_autofree char *megabyte = g_strnfill (1024 * 1024, '*');
  g_autofree char *longest = g_strnfill (255, '*');

  make_tree ();
  assert_fails (self, "tree", "", "What shall it look for?");
  assert_fails (self, "not-there", "x", "No such file");
  assert_fails (self, "tree/notes.txt", "x", "Not a directory");
  assert_fails (self, "tree", megabyte, "too long: 255 characters at most");

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_type (self, "Folder", "");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "failed", "Choose a folder");
      test_page_type (self, "Folder", "nonsense://nowhere/below");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "failed", "");
    }

  /* As long a pattern as there can be is no problem, even one that could match in many ways. */
  search (self, "Asyncify", "tree", longest);
  test_page_assert (self, "succeeded", "7 matches");
  assert_works (self);
}

static void
test_permissions (TestPage *self,
                  gconstpointer data)
{
  g_autofree char *folder = test_folder_make ("closed/secret");
  G_GNUC_UNUSED g_autofree char *file = test_folder_write ("closed/open.txt", "");

  if (!test_folder_protect (folder))
    return;

  assert_fails (self, "closed/secret", "x", "Permission denied");
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      search (self, test_page_ways[i], "closed", "open");
      test_page_assert (self, "succeeded",
                        "1 match among 2 names; 1 folder could not be read");
    }
}

/* A folder may be such that the names in it can be read, but nothing that they stand for. */
static void
test_only_names (TestPage *self,
                 gconstpointer data)
{
  g_autofree char *folder = test_folder_make ("names/only");
  G_GNUC_UNUSED g_autofree char *file = test_folder_write ("names/only/file.txt", "secret");

  if (!test_folder_leave_names (folder))
    return;

  assert_fails (self, "names/only/file.txt", "x", "Permission denied");
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      search (self, test_page_ways[i], "names", "file");
      test_page_assert (self, "succeeded", "1 match among 2 names");
      test_page_wait_for_items (self, 1);
      g_assert_true (test_page_has_row (self, "file.txt", folder));
      g_assert_false (test_page_has_row (self, "file.txt", "bytes"));
    }
}

static void
test_links (TestPage *self,
            gconstpointer data)
{
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("links");

  if (!test_folder_link ("nowhere", "links/broken") || !test_folder_link ("b", "links/a")
      || !test_folder_link ("a", "links/b") || !test_folder_link (".", "links/here")
      || !test_folder_link ("..", "links/up"))
    {
      g_test_skip ("there are no symbolic links here");
      return;
    }

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      search (self, test_page_ways[i], "links", "*");
      test_page_assert (self, "succeeded", "5 matches among 5 names");
    }
  assert_fails (self, "links/a", "x", "links/a");
  assert_fails (self, "links/broken", "x", "No such file");
}

static void
test_not_utf8 (TestPage *self,
               gconstpointer data)
{
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("latin/caf\xe9");
  g_autofree char *file = test_folder_write ("latin/caf\xe9/th\xe9.txt", "");

  if (file == NULL)
    {
      g_test_skip ("there are no such names here");
      return;
    }

  search (self, "Freeze", "latin", "th");
  test_page_assert (self, "succeeded", "1 match among 2 names");
  search (self, "Asyncify", "latin", "th");
  test_page_assert (self, "succeeded", "1 match among 2 names");
  test_page_wait_for_items (self, 1);
  g_assert_true (test_page_has_row (self, "th\xef\xbf\xbd.txt", "caf"));
}

/* A thousand in each folder. They are one file under many names where there is such a thing:
 * that is made faster. */
static void
make_many (void)
{
  g_autofree char *first = NULL;

  for (guint i = 0; i < MANY; i++)
    {
      g_autofree char *name = g_strdup_printf ("many/%03u/%05u", i / 1000, i);
      g_autofree char *folder = g_path_get_dirname (name);
      g_autofree char *made = i % 1000 == 0 ? test_folder_make (folder) : NULL;
      g_autofree char *path = test_folder_path (name);

#ifdef G_OS_UNIX
      if (made == NULL && link (first, path) == 0)
        continue;
#endif
      g_free (first);
      first = test_folder_write (name, "");
      g_assert_nonnull (first);
    }
}

typedef struct {
  GtkWidget *list;
  guint n_steps, n_seen;
} Leaving;

static void
leave_cb (GListModel *model,
          guint position,
          guint removed,
          guint added,
          Leaving *leaving)
{
  leaving->n_steps += removed > 0;
  leaving->n_seen += removed > 0 && gtk_widget_get_mapped (leaving->list);
}

/* Many matches leave the list step by step, so that the loop isn't held up; nobody sees that. */
static void
assert_leave_unseen (TestPage *self)
{
  Leaving leaving = { test_find (self->page, GTK_TYPE_LIST_VIEW, "findings"), 0, 0 };
  gulong handler
    = g_signal_connect (test_page_get_items (self), "items-changed", G_CALLBACK (leave_cb), &leaving);

  g_assert_true (gtk_widget_get_mapped (leaving.list));
  test_page_type (self, "Pattern", "nothing");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "0 matches");
  test_wait_for_frames (self->page, 30);

  g_signal_handler_disconnect (test_page_get_items (self), handler);
  g_assert_cmpuint (g_list_model_get_n_items (test_page_get_items (self)), ==, 0);
  g_assert_false (gtk_widget_get_mapped (leaving.list));
  g_assert_cmpuint (leaving.n_steps, >, 10);
  g_assert_cmpuint (leaving.n_seen, ==, 0);
}

static void
test_many (TestPage *self,
           gconstpointer data)
{
  const guint n_names = MANY + MANY / 1000;
  g_autofree char *many = test_folder_path ("many");
  g_autofree char *text = g_strdup_printf ("%u matches among %u names", n_names, n_names);

  make_many ();

  /* Cancelled as soon as the first ones are there. */
  test_page_type (self, "Folder", many);
  test_page_type (self, "Pattern", "*");
  test_page_press (self, "Asyncify");
  test_page_wait_for_items (self, 1);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");

  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", text);
  test_page_wait_for_items (self, n_names);
  g_assert_cmpuint (g_list_model_get_n_items (test_page_get_items (self)), ==, n_names);
  assert_leave_unseen (self);

  test_folder_remove (many);
  assert_works (self);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PERMISSIONS);

  if (!test_widgets_begin ())
    return 0;

  test_page_add_without_sample ("/search/patterns", "search", test_patterns);
  test_page_add_without_sample ("/search/matches-are-listed", "search", test_listed);
  test_page_add_without_sample ("/search/no-stale-matches", "search", test_no_stale_matches);
  test_page_add_without_sample ("/search/bad/nonsense", "search", test_nonsense);
  test_page_add_without_sample ("/search/bad/permissions", "search", test_permissions);
  test_page_add_without_sample ("/search/bad/only-names", "search", test_only_names);
  test_page_add_without_sample ("/search/links", "search", test_links);
  test_page_add_without_sample ("/search/deep-folders", "search", test_deep);
  test_page_add_without_sample ("/search/names-not-utf8", "search", test_not_utf8);
  test_page_add_without_sample ("/search/many-matches-and-cancel", "search", test_many);

  return g_test_run ();
}
