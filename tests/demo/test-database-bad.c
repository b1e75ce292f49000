/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Database: queries that would write, and wrong ones; files that are no databases. */

#include <glib/gstdio.h>
#ifdef G_OS_UNIX
#include <sys/stat.h>
#endif

#include "testquery.h"

static char *
get_marked (TestPage *self)
{
  GtkTextBuffer *buffer = test_query_get_buffer (self);
  GtkTextTag *tag
    = gtk_text_tag_table_lookup (gtk_text_buffer_get_tag_table (buffer), "mistake");
  GtkTextIter begin, end;

  gtk_text_buffer_get_start_iter (buffer, &begin);
  if (tag == NULL
      || (!gtk_text_iter_starts_tag (&begin, tag)
          && !gtk_text_iter_forward_to_tag_toggle (&begin, tag)))
    return g_strdup ("");
  end = begin;
  gtk_text_iter_forward_to_tag_toggle (&end, tag);

  return gtk_text_buffer_get_text (buffer, &begin, &end, FALSE);
}

/* Where SQLite says where it is. */
static void
test_wrong (TestPage *self,
            gconstpointer data)
{
  static const struct {
    const char *sql, *problem, *line, *marked;
  } cases[] = {
    { "SELECT 'ä',\n  n FORM t\nWHERE 1", "near \"t\": syntax error", "(line 2)", "t" },
    { "SELECT nowhere FROM t", "no such column: nowhere", "(line 1)", "nowhere" },
    { "SELECT n FROM\nnowhere", "no such table: nowhere", "", "" },
    { "; -- a remark\nSELEKT 1", "near \"SELEKT\": syntax error", "(line 2)", "SELEKT" },
    { "SELECT", "incomplete input", "", "" },
    { "SELECT 'open", "unrecognized token", "(line 1)", "'open" },
    { "SELECT count (n, n) FROM t", "wrong number of arguments", "", "" },
    { "SELECT 1;\n\n SELECT 2", "Only one query", "(line 3)", "SELECT" },
    { "SELECT 1; nonsense", "Only one query", "(line 1)", "nonsense" },
  };

  test_query_choose (self);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *marked = NULL;

      test_query_assert_fails (self, cases[i].sql, cases[i].problem);
#if SQLITE_VERSION_NUMBER >= 3038000
      test_page_assert (self, "failed", cases[i].line);
      marked = get_marked (self);
      if (*cases[i].marked != '\0')
        g_assert_cmpstr (marked, ==, cases[i].marked);
#endif
    }

  /* Where it only turns out when it runs, no line is wrong. */
  test_query_assert_fails (self, "SELECT abs (-9223372036854775807 - 1)", "integer overflow");
  g_assert_cmpstr (test_page_get_result (self), ==, "integer overflow");

  /* The mark goes with the next key that is pressed. */
  test_query_assert_fails (self, "SELEKT 1", "syntax error");
  gtk_text_buffer_insert_at_cursor (test_query_get_buffer (self), "x", 1);
  {
    g_autofree char *marked = get_marked (self);

    g_assert_cmpstr (marked, ==, "");
  }
  test_query_assert_works (self);
}

static void
test_nonsense (TestPage *self,
               gconstpointer data)
{
  g_autofree char *megabyte = g_strnfill (1024 * 1024, 'x');
  g_autofree char *longest = g_strnfill (4000, 'x');

  test_query_choose (self);
  test_query_assert_fails (self, "", "There is no query");
  test_query_assert_fails (self, "  \n; ;\n-- SELECT 1", "There is no query");
  test_query_assert_fails (self, megabyte, "too long: 4000");
  test_query_assert_fails (self, longest, "x… (line 1)");
  g_assert_cmpuint (strlen (test_page_get_result (self)), <, 500);

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      static const char *const numbers[] = { "", " ", "0", "-1", "601", "ten", "1e9", "99999999999" };

      for (guint j = 0; j < G_N_ELEMENTS (numbers); j++)
        {
          test_page_type (self, "Seconds", numbers[j]);
          test_page_run (self, test_page_ways[i]);
          test_page_assert (self, "failed", "from 1 to 600");
        }
    }
  test_page_type (self, "Seconds", "600");
  test_query_assert_works (self);
}

/* The file is as it was. */
static void
test_writes_refused (TestPage *self,
                     gconstpointer data)
{
  static const char *const writes[] = {
    "INSERT INTO t VALUES (4, '', '')",
    "WITH x AS (SELECT 1) INSERT INTO t SELECT 1, 2, 3 FROM x",
    "UPDATE t SET n = 0",
    "DELETE FROM t",
    "REPLACE INTO t VALUES (4, '', '')",
    "DROP TABLE t",
    "CREATE TABLE u (i)",
    "CREATE TEMP TABLE u (i)",
    "ALTER TABLE t RENAME TO u",
    "ATTACH 'other.sqlite' AS other",
    "DETACH main",
    "PRAGMA user_version = 4",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA optimize",
    "BEGIN EXCLUSIVE",
    "SAVEPOINT s",
    "COMMIT",
    "VACUUM",
    "VACUUM INTO 'other.sqlite'",
    "ANALYZE",
    "EXPLAIN DELETE FROM t",
  };
  g_autofree char *path = test_database_make ();
  g_autofree char *before = NULL, *after = NULL;
  gsize size_before, size_after;

  g_assert_true (g_file_get_contents (path, &before, &size_before, NULL));
  test_query_choose (self);
  for (guint i = 0; i < G_N_ELEMENTS (writes); i++)
    {
      g_test_message ("%s", writes[i]);
      test_query_assert_fails (self, writes[i], "Only queries that read");
    }
  test_query_assert_fails (self, "SELECT load_extension ('x')", "");

  g_assert_true (g_file_get_contents (path, &after, &size_after, NULL));
  g_assert_cmpmem (before, size_before, after, size_after);
  g_assert_false (g_file_test ("other.sqlite", G_FILE_TEST_EXISTS));
  test_query_assert_works (self);
}

static void
test_bad_files (TestPage *self,
                gconstpointer data)
{
  g_autofree char *folder = test_folder_make ("folder");
  g_autofree char *text = test_folder_write ("text.txt", "This is a text, and no database at all.");
  g_autofree char *empty = test_folder_write ("empty", "");
  g_autofree char *missing = test_folder_path ("not-there");
  g_autofree char *below = g_build_filename (text, "below", NULL);
  g_autofree char *megabyte = g_strnfill (1024 * 1024, 'x');
  const struct {
    const char *path, *problem;
  } cases[] = {
    { folder, "no regular file" },  { text, "not a database" },
    { empty, "no such table" },     { missing, "No such file" },
    { below, "Not a directory" },   { megabyte, "too long" },
    { "", "Choose one file" },      { "nonsense://nowhere/below", "" },
    { "file:///dev/null", "no regular file" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      test_page_type (self, "Database", cases[i].path);
      test_query_assert_fails (self, "SELECT * FROM t", cases[i].problem);
    }

  test_query_choose (self);
  test_page_add_file (self, "Database", text);
  test_query_assert_fails (self, "SELECT * FROM t", "Choose one file");
  test_query_assert_works (self);
}

/* Cut off in the middle, and with a name in it that is no text. */
static void
test_damaged (TestPage *self,
              gconstpointer data)
{
  g_autofree char *path = test_database_make ();
  g_autofree char *contents = NULL;
  const gsize length = strlen ("CREATE TABLE t (");
  char *place;
  gsize size;

  test_query_choose (self);
  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_assert_true (g_file_set_contents (path, contents, size / 2, NULL));
  test_query_assert_fails (self, "SELECT * FROM t", "malformed");

  for (place = contents; memcmp (place, "CREATE TABLE t (", length) != 0; place++)
    g_assert_true (place < contents + size - length);
  memcpy (place, "CREATE TABLE \xff\xff\xff", length);
  g_assert_true (g_file_set_contents (path, contents, size, NULL));
  test_query_assert_fails (self, "SELECT * FROM u", "malformed");
  g_assert_true (g_utf8_validate (test_page_get_result (self), -1, NULL));
  test_query_assert_works (self);
}

static void
test_permissions (TestPage *self,
                  gconstpointer data)
{
  g_autofree char *path = test_database_make ();

  if (!test_folder_protect (path))
    return;

  test_page_type (self, "Database", path);
  test_query_assert_fails (self, "SELECT * FROM t", "Permission denied");
  g_assert_no_errno (g_chmod (path, 0400));
  test_query_run (self, "Asyncify", "SELECT * FROM t");
  test_page_assert (self, "succeeded", "3 rows");
  g_assert_no_errno (g_chmod (path, 0600));
}

static void
test_fifo (TestPage *self,
           gconstpointer data)
{
#ifdef G_OS_UNIX
  g_autofree char *path = test_folder_path ("fifo");

  g_assert_no_errno (mkfifo (path, 0644));
  test_page_type (self, "Database", path);
  test_query_assert_fails (self, "SELECT 1", "no regular file");
#else
  g_test_skip ("only on Unix");
#endif
}

static gboolean
waits_for_lock (gpointer data)
{
  return strstr (test_query_get_progress (data), "has locked the file") != NULL;
}

/* It waits for a while; a person need not. */
static void
test_locked (TestPage *self,
             gconstpointer data)
{
  g_autofree char *path = test_database_make ();
  sqlite3 *other = test_database_open (path);

  test_database_execute (other, "BEGIN EXCLUSIVE");
  test_page_type (self, "Database", path);
  test_page_type (self, "Seconds", "1");
  test_query_assert_fails (self, "SELECT * FROM t", "Another program has locked the file");

  test_page_type (self, "Seconds", "600");
  test_page_press (self, "Asyncify");
  test_wait_until (waits_for_lock, self);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");

  test_page_press (self, "Asyncify");
  test_wait_until (waits_for_lock, self);
  test_database_execute (other, "COMMIT");
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "3 rows of 3 columns");
  sqlite3_close (other);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PERMISSIONS);

  if (!test_widgets_begin ())
    return 0;

  test_page_add_without_sample ("/database-bad/wrong", "database", test_wrong);
  test_page_add_without_sample ("/database-bad/nonsense", "database", test_nonsense);
  test_page_add_without_sample ("/database-bad/writes", "database", test_writes_refused);
  test_page_add_without_sample ("/database-bad/files", "database", test_bad_files);
  test_page_add_without_sample ("/database-bad/damaged", "database", test_damaged);
  test_page_add_without_sample ("/database-bad/permissions", "database", test_permissions);
  test_page_add_without_sample ("/database-bad/fifo", "database", test_fifo);
  test_page_add_without_sample ("/database-bad/locked", "database", test_locked);

  return g_test_run ();
}
