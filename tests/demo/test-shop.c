/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The database that is made for a person who has none: whole, or made anew. */

#include <glib/gstdio.h>
#include <sqlite3.h>
#ifdef G_OS_UNIX
#include <utime.h>
#endif

#include "demo-shop.h"
#include "testfolder.h"

#define HOUR 3600

static char *
make (void)
{
  g_autoptr (GError) error = NULL;
  char *path = demo_shop_make (&error);

  g_assert_no_error (error);
  g_assert_nonnull (path);

  return path;
}

static gint64
get_number (const char *path,
            const char *sql)
{
  sqlite3 *db;
  sqlite3_stmt *statement;
  gint64 number;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  number = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  sqlite3_close (db);

  return number;
}

static void
assert_complete (const char *path)
{
  g_assert_cmpint (get_number (path, "SELECT count (*) FROM orders"), ==, DEMO_SHOP_ORDERS);
  g_assert_cmpint (get_number (path, "SELECT count (*) FROM customers"), ==, DEMO_SHOP_CUSTOMERS);
  g_assert_cmpint (get_number (path, "SELECT count (DISTINCT name) FROM products"), ==,
                   DEMO_SHOP_PRODUCTS);
  g_assert_cmpint (get_number (path, "SELECT count (*) FROM pragma_quick_check "
                                     "WHERE quick_check <> 'ok'"),
                   ==, 0);
}

static ino_t
get_inode (const char *path)
{
  GStatBuf status;

  g_assert_no_errno (g_stat (path, &status));

  return status.st_ino;
}

/* Every order is of a customer and a product that there are, on a day that there was. */
static void
test_plausible (void)
{
  g_autofree char *path = make ();

  assert_complete (path);
  g_assert_cmpint (get_number (path, "SELECT count (*) FROM orders "
                                     "JOIN customers ON customer = customers.id "
                                     "JOIN products ON product = products.id "
                                     "WHERE date (day, '+0 days') = day "
                                     "AND quantity > 0 AND price > 0"),
                   ==, DEMO_SHOP_ORDERS);
}

static void
test_made_once (void)
{
  g_autofree char *path = make ();
  g_autofree char *again = NULL;
  ino_t inode = get_inode (path);

  again = make ();
  g_assert_cmpstr (path, ==, again);
  g_assert_cmpuint (get_inode (again), ==, inode);
}

/* Whatever has its name, but isn't all of it. */
static void
test_half_made (void)
{
  g_autofree char *path = make ();
  g_autofree char *contents = NULL;
  sqlite3 *db;
  gsize size;

  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (g_file_set_contents (path, contents, size / 3 * i, NULL));
      g_free (make ());
      assert_complete (path);
    }

  g_assert_true (g_file_set_contents (path, "something else", -1, NULL));
  g_free (make ());
  assert_complete (path);

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA user_version = 0", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
  g_free (make ());
  assert_complete (path);
  g_assert_cmpint (get_number (path, "PRAGMA user_version"), >, 0);
}

static gpointer
make_in_thread (gpointer data)
{
  return make ();
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n_files = 0;

  while (g_dir_read_name (dir) != NULL)
    n_files++;

  return n_files;
}

/* None of them is disturbed by the other, and nothing but the one file is left. */
static void
test_two_at_once (void)
{
  g_autofree char *path = make ();
  g_autofree char *folder = g_path_get_dirname (path);
  GThread *threads[2];

  g_assert_no_errno (g_remove (path));
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("maker", make_in_thread, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_free (g_thread_join (threads[i]));

  assert_complete (path);
  g_assert_cmpuint (count_files (folder), ==, 1);
}

/* Of a program that was killed. What another one may still write is left alone. */
static void
test_leftovers (void)
{
#ifdef G_OS_UNIX
  g_autofree char *path = make ();
  g_autofree char *old = g_strconcat (path, ".ABCDEF", NULL);
  g_autofree char *young = g_strconcat (path, ".GHIJKL", NULL);
  const time_t now = g_get_real_time () / G_USEC_PER_SEC;
  const struct utimbuf long_ago = { now - 2 * HOUR, now - 2 * HOUR };

  g_assert_true (g_file_set_contents (old, "half", -1, NULL));
  g_assert_true (g_file_set_contents (young, "half", -1, NULL));
  g_assert_no_errno (utime (old, &long_ago));
  g_assert_no_errno (utime (path, &long_ago));
  g_free (make ());

  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (young, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  g_remove (young);
#else
  g_test_skip ("only on Unix");
#endif
}

/* A sentence that says what can't be made, and nothing is left. */
static void
test_impossible (void)
{
  g_autofree char *in_the_way = NULL;
  g_autofree char *path = make ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *not_empty = g_build_filename (path, "not-empty", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_no_errno (g_remove (path));
  g_assert_no_errno (g_mkdir_with_parents (not_empty, 0700));
  g_assert_null (demo_shop_make (&error));
  g_assert_nonnull (strstr (error->message, "can't be made: "));
  g_assert_cmpuint (count_files (folder), ==, 1);
  g_clear_error (&error);
  test_folder_remove (path);

  g_assert_no_errno (g_rmdir (folder));
  in_the_way = test_folder_forbid_sample ();
  g_assert_null (demo_shop_make (&error));
  g_assert_nonnull (strstr (error->message, "can't be made: "));
  g_clear_error (&error);
  test_folder_remove (in_the_way);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  g_test_add_func ("/shop/plausible", test_plausible);
  g_test_add_func ("/shop/made-once", test_made_once);
  g_test_add_func ("/shop/half-made-is-made-anew", test_half_made);
  g_test_add_func ("/shop/two-at-once", test_two_at_once);
  g_test_add_func ("/shop/leftovers-removed", test_leftovers);
  g_test_add_func ("/shop/impossible", test_impossible);

  return g_test_run ();
}
