/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testquery.h"

#include <glib/gstdio.h>

void
test_database_execute (sqlite3 *db,
                       const char *sql)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
}

sqlite3 *
test_database_open (const char *path)
{
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);

  return db;
}

/* Makes a file with a table t (n, name, data). Returns: (transfer full): its path */
char *
test_database_make (void)
{
  g_autofree char *path = test_folder_path ("small.sqlite");
  sqlite3 *db;

  g_remove (path);
  db = test_database_open (path);
  test_database_execute (db, "CREATE TABLE t (n INTEGER, name TEXT, data);"
                             "INSERT INTO t VALUES (1, 'one', NULL), (3, '', 4.5),"
                             " (2, 'zwei “zwei”', x'00ff00')");
  sqlite3_close (db);

  return g_steal_pointer (&path);
}

GtkTextBuffer *
test_query_get_buffer (TestPage *self)
{
  GtkWidget *view = test_find (self->page, GTK_TYPE_TEXT_VIEW, NULL);

  g_assert_nonnull (view);
  g_assert_true (gtk_widget_is_sensitive (view));

  return gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
}

/* Types @sql, and runs it in this way. */
void
test_query_run (TestPage *self,
                const char *way,
                const char *sql)
{
  gtk_text_buffer_set_text (test_query_get_buffer (self), sql, -1);
  test_page_run (self, way);
}

GtkWidget *
test_query_get_view (TestPage *self)
{
  return test_find (self->page, GTK_TYPE_COLUMN_VIEW, NULL);
}

guint
test_query_count_rows (TestPage *self)
{
  GtkColumnView *view = GTK_COLUMN_VIEW (test_query_get_view (self));

  return g_list_model_get_n_items (G_LIST_MODEL (gtk_column_view_get_model (view)));
}

typedef struct {
  TestPage *page;
  guint n_rows;
} Wanted;

static gboolean
has_rows (gpointer data)
{
  Wanted *wanted = data;

  return test_query_count_rows (wanted->page) == wanted->n_rows
         && gtk_widget_get_mapped (test_query_get_view (wanted->page)) == (wanted->n_rows > 0);
}

/* They come and go frame by frame. */
void
test_query_wait_for_rows (TestPage *self,
                          guint n_rows)
{
  Wanted wanted = { self, n_rows };

  test_wait_until (has_rows, &wanted);
}

static void
append_cells (GString *string,
              GtkWidget *widget)
{
  if (GTK_IS_INSCRIPTION (widget))
    g_string_append_printf (string, "%s|", gtk_inscription_get_text (GTK_INSCRIPTION (widget)));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    append_cells (string, child);
}

/* What is in the cells that a person sees, with a "|" behind each */
char *
test_query_get_cells (TestPage *self)
{
  GString *string = g_string_new (NULL);

  append_cells (string, test_query_get_view (self));

  return g_string_free (string, FALSE);
}

/* All rows are there, and say this. */
void
test_query_assert_cells (TestPage *self,
                         guint n_rows,
                         const char *cells)
{
  g_autofree char *found = NULL;

  test_query_wait_for_rows (self, n_rows);
  found = test_query_get_cells (self);
  g_assert_cmpstr (found, ==, cells);
}

void
test_query_choose (TestPage *self)
{
  g_autofree char *path = test_database_make ();

  test_page_type (self, "Database", path);
}

/* After whatever happened, a good query works. */
void
test_query_assert_works (TestPage *self)
{
  test_query_choose (self);
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_query_run (self, test_page_ways[i], "SELECT name, n FROM t WHERE n = 1");
      test_page_assert (self, "succeeded", "1 row of 2 columns");
      test_query_assert_cells (self, 1, "one|1|");
    }
}

/* Both ways, the query fails, the page says why, and no rows of another one are left. */
void
test_query_assert_fails (TestPage *self,
                         const char *sql,
                         const char *problem)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_query_run (self, test_page_ways[i], sql);
      test_page_assert (self, "failed", problem);
      test_query_wait_for_rows (self, 0);
    }
}

const char *
test_query_get_progress (TestPage *self)
{
  GtkWidget *bar = test_find (self->page, GTK_TYPE_PROGRESS_BAR, NULL);
  const char *text = gtk_progress_bar_get_text (GTK_PROGRESS_BAR (bar));

  return text != NULL ? text : "";
}
