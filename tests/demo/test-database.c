/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Database: queries that read, those that never end, and what is shown of them. */

#include "demo-page.h"
#include "testquery.h"

/* As many rows as are shown at most */
#define MANY_ROWS 10000

static const char endless[]
  = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
/* Never gives a single row. */
static const char endless_sum[]
  = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT sum (i) FROM n";

static void
test_cells (TestPage *self,
            gconstpointer data)
{
  test_query_choose (self);
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_query_run (self, test_page_ways[i], "SELECT n, name, data AS \"the data\" FROM t ORDER BY n");
      test_page_assert (self, "succeeded", "3 rows of 3 columns");
      test_query_assert_cells (self, 3,
                               "1|one|NULL|2|zwei “zwei”|blob, 3 bytes|3||4.5|");
    }

  test_query_run (self, "Asyncify", "-- a remark; with more\n ; SELECT 1 ; -- another\n ;;\n");
  test_page_assert (self, "succeeded", "1 row of 1 column");
  test_query_run (self, "Asyncify", "VALUES (1, 2), (3, 4)");
  test_page_assert (self, "succeeded", "2 rows of 2 columns");
  test_query_assert_cells (self, 2, "1|2|3|4|");
  test_query_run (self, "Asyncify", "EXPLAIN QUERY PLAN SELECT * FROM t");
  test_page_assert (self, "succeeded", "1 row of 4 columns");
}

/* Nothing of a cell can make the table tall, nor wide, nor complain. */
static void
test_strange_cells (TestPage *self,
                    gconstpointer data)
{
  g_autofree char *hundred = g_strnfill (99, 'x');
  g_autofree char *cut = g_strdup_printf ("%s…|", hundred);

  test_query_choose (self);
  test_query_run (self, "Asyncify", "SELECT replace (hex (zeroblob (500000)), '0', 'x')");
  test_query_assert_cells (self, 1, cut);
  test_query_run (self, "Asyncify", "SELECT 'a' || char (10) || 'b' || char (0) || 'c'");
  test_query_assert_cells (self, 1, "a b\357\277\275c|");
  test_query_run (self, "Asyncify", "SELECT CAST (x'61ff62' AS TEXT) AS \"ti\ntle\"");
  test_query_assert_cells (self, 1, "a\357\277\275b|");
  test_query_run (self, "Asyncify", "SELECT zeroblob (50000000)");
  test_query_assert_cells (self, 1, "blob, 50.0\302\240MB|");
  test_query_run (self, "Asyncify", "SELECT 9223372036854775807, -0.5, 1e300 * 1e300");
  test_query_assert_cells (self, 1, "9223372036854775807|-0.5|Inf|");
  test_query_assert_fails (self, "SELECT zeroblob (100000000)", "too big");
}

static void
test_empty_result (TestPage *self,
                   gconstpointer data)
{
  test_query_choose (self);
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_query_run (self, test_page_ways[i], "SELECT n, name FROM t WHERE n > 3");
      test_page_assert (self, "succeeded", "0 rows of 2 columns");
      test_query_wait_for_rows (self, 0);

      /* There are no indices, so this changes nothing; and it has no columns either. */
      test_query_run (self, test_page_ways[i], "REINDEX");
      test_page_assert (self, "succeeded", "0 rows of 0 columns");
      test_query_wait_for_rows (self, 0);
    }
}

static void
test_limits (TestPage *self,
             gconstpointer data)
{
  test_query_choose (self);
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_query_run (self, test_page_ways[i],
                      "WITH RECURSIVE n (i) AS "
                      "(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000) SELECT i FROM n");
      test_page_assert (self, "succeeded",
                        "12000 rows of 1 column; the table shows 10000 × 1");
      test_query_wait_for_rows (self, MANY_ROWS);
    }

  test_query_run (self, "Asyncify",
                  "VALUES (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26)");
  test_page_assert (self, "succeeded", "1 row of 26 columns; the table shows 1 × 24");
  test_query_assert_cells (self, 1, "1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17|18|19|20|21|22|23|24|");
}

static gboolean
has_found_rows (gpointer data)
{
  return strstr (test_query_get_progress (data), "000 rows so far") != NULL;
}

static gboolean
looks_for_rows (gpointer data)
{
  return strstr (test_query_get_progress (data), "Looking for rows") != NULL;
}

/* There is no end but this one, for the time is not over before the test's. */
static void
test_cancel (TestPage *self,
             gconstpointer data)
{
  test_query_choose (self);
  test_page_type (self, "Seconds", "600");
  gtk_text_buffer_set_text (test_query_get_buffer (self), endless, -1);
  test_page_press (self, "Asyncify");
  test_wait_until (has_found_rows, self);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");

  gtk_text_buffer_set_text (test_query_get_buffer (self), endless_sum, -1);
  test_page_press (self, "Asyncify");
  test_wait_until (looks_for_rows, self);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
  test_query_assert_works (self);
}

/* Whether it hits before the file is open, before there is a query, or while it runs: it ends. */
static void
test_cancel_early (TestPage *self,
                   gconstpointer data)
{
  test_query_choose (self);
  test_page_type (self, "Seconds", "600");
  gtk_text_buffer_set_text (test_query_get_buffer (self), endless_sum, -1);
  for (guint i = 0; i < 200; i++)
    {
      test_page_press (self, "Asyncify");
      for (guint j = 0; j < i % 20; j++)
        g_thread_yield ();
      if (i % 4 == 3)
        g_usleep (i * 5);
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
    }
  test_query_assert_works (self);
}

/* While SQLite works out how to run it, for which views of views give it a lot to do: then nothing
 * runs yet that could be interrupted. */
static void
test_cancel_before_it_runs (TestPage *self,
                            gconstpointer data)
{
  g_autofree char *path = test_database_make ();
  sqlite3 *db = test_database_open (path);

  test_database_execute (db, "CREATE VIEW v0 AS SELECT n FROM t");
  for (guint i = 0; i < 11; i++)
    {
      g_autofree char *view
        = g_strdup_printf ("CREATE VIEW v%u AS SELECT n FROM v%u "
                           "WHERE n > (SELECT max (n) FROM v%u)", i + 1, i, i);

      test_database_execute (db, view);
    }
  sqlite3_close (db);

  test_page_type (self, "Database", path);
  test_page_type (self, "Seconds", "600");
  gtk_text_buffer_set_text (test_query_get_buffer (self),
                            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                            "SELECT sum (i) FROM n WHERE i NOT IN (SELECT n FROM v11)", -1);
  for (guint i = 0; i < 5; i++)
    {
      test_page_press (self, "Asyncify");
      test_wait_until (looks_for_rows, self);
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
    }
}

/* Nobody can cancel what is frozen, so it ends by itself. */
static void
test_time_is_over (TestPage *self,
                   gconstpointer data)
{
  test_query_choose (self);
  test_page_type (self, "Seconds", "1");
  test_query_assert_fails (self, endless, "more seconds");
  test_query_assert_fails (self, endless_sum, "more seconds");
  /* No line of it is wrong. */
  g_assert_null (strstr (test_page_get_result (self), "(line"));
  test_query_assert_works (self);
}

static void
test_closed_meanwhile (void)
{
  g_autofree char *in_the_way = test_folder_forbid_sample ();
  TestPage page;

  test_page_set_up (&page, "database");
  test_query_choose (&page);
  test_page_type (&page, "Seconds", "1");
  gtk_text_buffer_set_text (test_query_get_buffer (&page), endless, -1);
  test_page_press (&page, "Asyncify");
  test_wait_until (has_found_rows, &page);
  test_page_close (&page);
  test_folder_remove (in_the_way);
}

/* While the table is being filled. Its rows go with it. */
static void
test_closed_with_rows (void)
{
  g_autofree char *in_the_way = test_folder_forbid_sample ();
  GtkSelectionModel *model;
  GListModel *rows;
  TestPage page;

  test_page_set_up (&page, "database");
  test_query_choose (&page);
  test_query_run (&page, "Freeze", "SELECT * FROM t, t AS u, t AS v, t AS w, t AS x");
  test_page_assert (&page, "succeeded", "243 rows of 15 columns");
  test_wait_for_frames (page.page, 25);
  g_assert_cmpuint (test_query_count_rows (&page), >, 0);
  g_assert_cmpuint (test_query_count_rows (&page), <, 243);

  model = gtk_column_view_get_model (GTK_COLUMN_VIEW (test_query_get_view (&page)));
  rows = gtk_no_selection_get_model (GTK_NO_SELECTION (model));
  g_object_add_weak_pointer (G_OBJECT (rows), (gpointer *) &rows);
  test_page_close (&page);
  g_assert_null (rows);
  test_folder_remove (in_the_way);
}

static void
press_control_enter (TestPage *self)
{
  GtkWidget *view = test_find (self->page, GTK_TYPE_TEXT_VIEW, NULL);
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (view);

  g_assert_true (gtk_widget_grab_focus (view));
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      g_autoptr (GtkShortcut) shortcut = NULL;
      g_autofree char *trigger = NULL;

      if (!GTK_IS_SHORTCUT_CONTROLLER (controller))
        continue;
      shortcut = g_list_model_get_item (G_LIST_MODEL (controller), 0);
      trigger = gtk_shortcut_trigger_to_string (gtk_shortcut_get_trigger (shortcut));
      if (g_str_has_prefix (trigger, "<Control>Return"))
        gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, view, NULL);
    }
}

static gboolean
has_failed_no_more (gpointer data)
{
  return !test_page_is (data, "failed");
}

/* The button shows for a moment that it is pressed. */
static void
test_keys (TestPage *self,
           gconstpointer data)
{
  test_query_choose (self);
  gtk_window_set_default_widget (self->window, demo_page_get_default (DEMO_PAGE (self->page)));
  gtk_text_buffer_set_text (test_query_get_buffer (self), "SELECT 7", -1);
  press_control_enter (self);
  test_wait_until (has_failed_no_more, self);
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "1 row of 1 column");
}

/* Of the shop's orders, what SQLite should find, found without it: how many groups there are, and
 * the largest turnover. */
static guint
add_up (const char *path,
        double *largest)
{
  g_autoptr (GHashTable) turnovers
    = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  sqlite3 *db = test_database_open (path);
  sqlite3_stmt *rows;
  GHashTableIter iter;
  gpointer turnover;

  g_assert_cmpint (sqlite3_prepare_v2 (db,
                                       "SELECT day, country, category, quantity, price FROM orders, "
                                       "customers, products WHERE customers.id = customer "
                                       "AND products.id = product",
                                       -1, &rows, NULL),
                   ==, SQLITE_OK);
  while (sqlite3_step (rows) == SQLITE_ROW)
    {
      g_autofree char *key
        = g_strdup_printf ("%.4s|%s|%s", sqlite3_column_text (rows, 0),
                           sqlite3_column_text (rows, 1), sqlite3_column_text (rows, 2));
      double *sum = g_hash_table_lookup (turnovers, key);

      if (sum == NULL)
        g_hash_table_insert (turnovers, g_steal_pointer (&key), sum = g_new0 (double, 1));
      *sum += sqlite3_column_int (rows, 3) * sqlite3_column_double (rows, 4);
    }
  sqlite3_finalize (rows);
  sqlite3_close (db);

  *largest = 0;
  g_hash_table_iter_init (&iter, turnovers);
  while (g_hash_table_iter_next (&iter, NULL, &turnover))
    *largest = MAX (*largest, *(double *) turnover);

  return g_hash_table_size (turnovers);
}

static void
test_default_query (TestPage *self,
                    gconstpointer data)
{
  const char *path = gtk_editable_get_text (GTK_EDITABLE (test_find_entry (self->page, "Database")));
  double largest;
  guint n_groups = add_up (path, &largest);
  g_autofree char *result = g_strdup_printf ("%u rows of 5 columns", n_groups);

  /* A busy machine may take longer than the page allows for. */
  test_page_type (self, "Seconds", "600");
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      g_autofree char *cells = NULL;
      g_auto (GStrv) texts = NULL;

      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", result);
      test_query_wait_for_rows (self, n_groups);
      cells = test_query_get_cells (self);
      texts = g_strsplit (cells, "|", 6);
      g_assert_cmpfloat (g_ascii_strtod (texts[4], NULL), ==, largest);
    }
}

/* What changed from one frame to the next, at most */
typedef struct {
  TestPage *page;
  guint n_rows, n_columns;
  guint most_rows, most_columns;
} Changes;

static gboolean
note_changes_cb (GtkWidget *widget,
                 GdkFrameClock *clock,
                 gpointer user_data)
{
  Changes *self = user_data;
  GtkColumnView *view = GTK_COLUMN_VIEW (test_query_get_view (self->page));
  guint n_columns = g_list_model_get_n_items (gtk_column_view_get_columns (view));
  guint n_rows = test_query_count_rows (self->page);

  if (n_rows > self->n_rows && n_rows < MANY_ROWS)
    self->most_rows = MAX (self->most_rows, n_rows - self->n_rows);
  self->most_columns = MAX (self->most_columns, (guint) ABS ((int) (n_columns - self->n_columns)));
  self->n_rows = n_rows;
  self->n_columns = n_columns;

  return G_SOURCE_CONTINUE;
}

/* Rows of many columns come in, and give way to others; a few in each frame, until there are so
 * many that those that come don't get widgets of their own. */
static void
test_shown_by_and_by (TestPage *self,
                      gconstpointer data)
{
  Changes changes = { .page = self };
  guint tick = gtk_widget_add_tick_callback (self->page, note_changes_cb, &changes, NULL);

  test_page_type (self, "Seconds", "600");
  test_page_press (self, "All orders");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "1000000 rows of 14 columns; the table shows 10000 × 14");
  test_query_wait_for_rows (self, MANY_ROWS);
  g_assert_cmpuint (changes.most_rows, >=, 1);
  g_assert_cmpuint (changes.most_rows, <=, 4);

  test_page_press (self, "Turnover");
  test_page_run (self, "Freeze");
  test_query_wait_for_rows (self, 210);
  gtk_widget_remove_tick_callback (self->page, tick);
  g_assert_cmpuint (changes.most_rows, <=, 10);
  g_assert_cmpuint (changes.most_columns, ==, 1);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PERMISSIONS);

  if (!test_widgets_begin ())
    return 0;

  test_page_add_without_sample ("/database/cells-shown", "database", test_cells);
  test_page_add_without_sample ("/database/strange-cells", "database", test_strange_cells);
  test_page_add_without_sample ("/database/no-rows", "database", test_empty_result);
  test_page_add_without_sample ("/database/limits", "database", test_limits);
  test_page_add_without_sample ("/database/cancel/in-the-middle", "database", test_cancel);
  test_page_add_without_sample ("/database/cancel/early", "database", test_cancel_early);
  test_page_add_without_sample ("/database/cancel/before-it-runs", "database",
                                test_cancel_before_it_runs);
  test_page_add_without_sample ("/database/time-is-over", "database", test_time_is_over);
  test_page_add_without_sample ("/database/keys", "database", test_keys);
  g_test_add_func ("/database/closed/meanwhile", test_closed_meanwhile);
  g_test_add_func ("/database/closed/with-rows", test_closed_with_rows);
  test_page_add ("/database/sample/default-query-right", "database", test_default_query);
  test_page_add ("/database/sample/shown-by-and-by", "database", test_shown_by_and_by);

  return g_test_run ();
}
