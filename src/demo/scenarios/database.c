/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-controls.h"
#include "demo-shop.h"
#include "demo-sqlite.h"
#include "demo-table-view.h"
#include "demo-text.h"

/* The blocking function: SQLite's C API, one call after the other. */

#define MAX_ROWS       10000 /* that are shown; the others are counted */
#define MAX_COLUMNS    24
#define STEPS          20000 /* of SQLite's machine, between two looks at the clock */
#define LOCKED_SECONDS 3     /* how long it waits for other programs */

typedef struct {
  GMutex lock;
  sqlite3 *db; /* under the lock; while it can be interrupted */

  /* Set by the function, for when it has returned */
  guint n_rows;
  guint n_columns;
  int mistake; /* where in the query, in bytes; or -1 */

  gint64 deadline, locked_since;
} Query;

/* The interrupt hook, on the thread that cancels. Under the lock, so that nobody closes the
 * database meanwhile; nobody keeps the lock for long. */
static void
interrupt_query (gpointer data)
{
  Query *query = data;

  g_mutex_lock (&query->lock);
  if (query->db != NULL)
    sqlite3_interrupt (query->db);
  g_mutex_unlock (&query->lock);
}

static void
let_interrupt (Query *query,
               sqlite3 *db)
{
  g_mutex_lock (&query->lock);
  query->db = db;
  g_mutex_unlock (&query->lock);
}

/* Called by SQLite: whether to end the query */
static int
is_late_cb (void *data)
{
  return g_get_monotonic_time () > ((Query *) data)->deadline;
}

/* Called by SQLite: whether to try again. It doesn't listen to sqlite3_interrupt () meanwhile. */
static int
is_locked_cb (void *data,
              int n_times)
{
  Query *query = data;

  if (n_times == 0)
    {
      query->locked_since = g_get_monotonic_time ();
      asyncify_set_message (_ ("Waiting for another program that has locked the file…"));
    }
  g_usleep (G_USEC_PER_SEC / 50);

  return !asyncify_is_cancelled () && !is_late_cb (query)
         && g_get_monotonic_time () - query->locked_since < LOCKED_SECONDS * G_USEC_PER_SEC;
}

static void
add_row (DemoTable *table,
         sqlite3_stmt *statement)
{
  for (guint i = 0; i < demo_table_get_n_columns (table); i++)
    {
      int type = sqlite3_column_type (statement, i);
      gsize n_bytes = sqlite3_column_bytes (statement, i);

      if (type == SQLITE_NULL)
        demo_table_add_cell (table, DEMO_CELL_REMARK, "NULL", strlen ("NULL"));
      else if (type == SQLITE_BLOB)
        {
          g_autofree char *size = g_format_size (n_bytes);
          g_autofree char *remark = g_strdup_printf (_ ("blob, %s"), size);

          demo_table_add_cell (table, DEMO_CELL_REMARK, remark, strlen (remark));
        }
      else
        demo_table_add_cell (table, type == SQLITE_TEXT ? DEMO_CELL_TEXT : DEMO_CELL_NUMBER,
                             (const char *) sqlite3_column_text (statement, i), n_bytes);
    }
}

static DemoTable *
fetch (Query *query,
       sqlite3 *db,
       sqlite3_stmt *statement,
       GError **error)
{
  g_autoptr (DemoTable) table = demo_table_new ();
  int code;

  query->n_columns = sqlite3_column_count (statement);
  for (guint i = 0; i < MIN (query->n_columns, MAX_COLUMNS); i++)
    demo_table_add_column (table, sqlite3_column_name (statement, i));

  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      if (query->n_rows++ < MAX_ROWS)
        add_row (table, statement);
      if (query->n_rows % 1000 == 0)
        {
          g_autofree char *number = demo_text_number (query->n_rows);
          g_autofree char *message = g_strdup_printf (
            ngettext ("%s row so far", "%s rows so far", query->n_rows), number);

          asyncify_set_message (message);
        }
    }

  if (code == SQLITE_DONE)
    return g_steal_pointer (&table);
  demo_sqlite_set_error (db, code, error);
  return NULL;
}

/* The file is only read, whatever the query is: it may be anybody's. */
static DemoTable *
query_database (const char *path,
                const char *sql,
                guint max_seconds,
                Query *query,
                GError **error)
{
  sqlite3 *db = demo_sqlite_open (path, error);
  sqlite3_stmt *anchor = NULL, *statement = NULL;
  DemoTable *table = NULL;

  if (db == NULL)
    return NULL;

  query->deadline = g_get_monotonic_time () + max_seconds * G_USEC_PER_SEC;
  sqlite3_progress_handler (db, STEPS, is_late_cb, query);
  sqlite3_busy_handler (db, is_locked_cb, query);

  /* SQLite forgets that it was interrupted when no statement is under way. So that nothing is
   * forgotten between here and the query, one is. */
  sqlite3_prepare_v2 (db, "SELECT 1", -1, &anchor, NULL);
  sqlite3_step (anchor);
  let_interrupt (query, db);

  /* Whoever cancels before that doesn't interrupt it. */
  asyncify_set_message (_ ("Looking for rows…"));
  if (!asyncify_set_error_if_cancelled (error))
    statement = demo_sqlite_prepare (db, sql, &query->mistake, error);
  if (statement != NULL)
    table = fetch (query, db, statement, error);

  let_interrupt (query, NULL);
  sqlite3_finalize (statement);
  sqlite3_finalize (anchor);
  sqlite3_close (db);

  return table;
}

/* The one line. */
ASYNCIFY_DEFINE (OBJECT (DemoTable), query_database, STRING (path), STRING (sql),
                 VALUE (guint, max_seconds), BORROWED (Query *, query), THROWS)

/* The page. */

#define MAX_QUERY   4000 /* characters */
#define MAX_SECONDS 600

static const DemoExample examples[] = {
  /* Translators: here and below, examples of queries, on buttons */
  { N_ ("Turnover"),
    "SELECT substr (day, 1, 4) AS year, country, category,\n"
    "  count (DISTINCT customer) AS customers, sum (quantity * price) AS turnover\n"
    "FROM orders JOIN customers ON customer = customers.id\n"
    "  JOIN products ON product = products.id\n"
    "GROUP BY year, country, category ORDER BY turnover DESC" },
  { N_ ("All orders"),
    "SELECT *, quantity * price AS total\n"
    "FROM orders JOIN customers ON customer = customers.id\n"
    "  JOIN products ON product = products.id" },
  { N_ ("Endless"),
    "WITH RECURSIVE numbers (n) AS\n"
    "  (SELECT 1 UNION ALL SELECT n + 1 FROM numbers)\n"
    "SELECT n, n * n AS square FROM numbers" },
  { NULL, NULL },
};

#define DEMO_TYPE_DATABASE (demo_database_get_type ())
G_DECLARE_FINAL_TYPE (DemoDatabase, demo_database, DEMO, DATABASE, DemoScenario)

struct _DemoDatabase
{
  DemoScenario parent_instance;

  GListStore *file; /* one GFile, or none */
  GtkTextBuffer *sql;
  GtkEntryBuffer *seconds;
  guint max_seconds;   /* that was typed there */
  DemoTableView *view; /* weak */
};

G_DEFINE_FINAL_TYPE (DemoDatabase, demo_database, DEMO_TYPE_SCENARIO)

/* Returns: (transfer full) (nullable): NULL if there is none, or several */
static char *
get_path (DemoDatabase *self)
{
  g_autoptr (GFile) file = g_list_model_get_item (G_LIST_MODEL (self->file), 0);
  gboolean is_one = g_list_model_get_n_items (G_LIST_MODEL (self->file)) == 1;

  return is_one ? g_file_get_path (file) : NULL;
}

static char *
get_text (GtkTextBuffer *buffer)
{
  GtkTextIter begin, end;

  gtk_text_buffer_get_bounds (buffer, &begin, &end);

  return gtk_text_buffer_get_text (buffer, &begin, &end, FALSE);
}

static Query *
query_new (void)
{
  Query *query = g_new0 (Query, 1);

  g_mutex_init (&query->lock);
  query->mistake = -1;

  return query;
}

static void
query_free (Query *query)
{
  g_mutex_clear (&query->lock);
  g_free (query);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Query, query_free)

static char *
describe (const Query *query)
{
  g_autofree char *columns = g_strdup_printf (
    ngettext ("%u column", "%u columns", query->n_columns), query->n_columns);
  g_autofree char *number = demo_text_number (query->n_rows);
  g_autofree char *rows = g_strdup_printf (ngettext ("%s row", "%s rows", query->n_rows), number);
  g_autofree char *shown_rows = demo_text_number (MIN (query->n_rows, MAX_ROWS));

  if (query->n_rows <= MAX_ROWS && query->n_columns <= MAX_COLUMNS)
    /* Translators: such as “12 rows of 3 columns” */
    return g_strdup_printf (C_ ("rows", "%s of %s"), rows, columns);
  /* Translators: such as “20000 rows of 3 columns; the table shows 10000 × 3” */
  return g_strdup_printf (_ ("%s of %s; the table shows %s × %u"), rows, columns, shown_rows,
                          MIN (query->n_columns, MAX_COLUMNS));
}

static void
show_table (DemoDatabase *self,
            DemoTable *table)
{
  if (self->view != NULL)
    demo_table_view_set_table (self->view, table,
                               table != NULL ? _ ("The query found nothing.")
                                             : _ ("The rows appear here."));
}

/* Returns: (transfer full) (nullable): what the page says, but for @error */
static char *
show (DemoDatabase *self,
      DemoTable *table,
      const Query *query,
      GError *error)
{
  show_table (self, table);
  if (table != NULL)
    return describe (query);

  if (query->mistake >= 0)
    {
      g_autofree char *message = g_steal_pointer (&error->message);

      /* Translators: what is wrong with the query, and where */
      error->message = g_strdup_printf (_ ("%s (line %u)"), message,
                                        demo_controls_mark_text (self->sql, query->mistake));
    }
  return NULL;
}

static void
queried_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (Query) query = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (DemoTable) table = query_database_finish (result, &error);
  g_autofree char *summary = show (DEMO_DATABASE (source), table, query, error);

  demo_scenario_end (DEMO_SCENARIO (source), summary, error);
}

static void
demo_database_asyncify (DemoScenario *scenario,
                        AsyncifyJob *job,
                        GCancellable *cancellable)
{
  DemoDatabase *self = DEMO_DATABASE (scenario);
  g_autofree char *path = get_path (self);
  g_autofree char *sql = get_text (self->sql);
  Query *query = query_new ();

  show_table (self, NULL);
  query_database_async_full (path, sql, self->max_seconds, query,
                             &(AsyncifyOptions) { .source_object = G_OBJECT (self), .job = job,
                                                  .interrupt = interrupt_query,
                                                  .interrupt_data = query },
                             cancellable, queried_cb, query);
}

static char *
demo_database_freeze (DemoScenario *scenario,
                      GError **error)
{
  DemoDatabase *self = DEMO_DATABASE (scenario);
  g_autofree char *path = get_path (self);
  g_autofree char *sql = get_text (self->sql);
  g_autoptr (Query) query = query_new ();
  g_autoptr (DemoTable) table = query_database (path, sql, self->max_seconds, query, error);

  return show (self, table, query, *error);
}

static gboolean
demo_database_check (DemoScenario *scenario,
                     GError **error)
{
  DemoDatabase *self = DEMO_DATABASE (scenario);
  g_autofree char *path = get_path (self);

  show_table (self, NULL);
  if (path == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("Choose one file of this computer first."));
  else if (gtk_text_buffer_get_char_count (self->sql) > MAX_QUERY)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 ngettext ("That query is too long: %d character at most.",
                           "That query is too long: %d characters at most.", MAX_QUERY),
                 MAX_QUERY);
  else
    return demo_controls_get_number (self->seconds, 1, MAX_SECONDS, &self->max_seconds, error);

  return FALSE;
}

static void
demo_database_use_sample (DemoScenario *scenario,
                          const char *sample)
{
  demo_controls_set_path (DEMO_DATABASE (scenario)->file, sample);
}

static GListStore *
demo_database_get_files (DemoScenario *scenario)
{
  return DEMO_DATABASE (scenario)->file;
}

static GtkWidget *
demo_database_create_parameters (DemoScenario *scenario)
{
  DemoDatabase *self = DEMO_DATABASE (scenario);
  GtkWidget *rows = demo_controls_new_rows ();

  gtk_box_append (GTK_BOX (rows),
                  demo_controls_new_aside (
                    demo_controls_new_path (_ ("_Database"), self->file, DEMO_PATH_FILES),
                    /* Translators: how many seconds a query may take; a field follows */
                    demo_controls_new_number (_ ("_Seconds"), self->seconds)));
  gtk_box_append (GTK_BOX (rows), demo_controls_new_text (_ ("_Query"), self->sql, examples));

  return rows;
}

static GtkWidget *
demo_database_create_view (DemoScenario *scenario)
{
  DemoDatabase *self = DEMO_DATABASE (scenario);

  g_set_weak_pointer (&self->view, DEMO_TABLE_VIEW (demo_table_view_new (_ ("What was found"))));
  show_table (self, NULL);

  return GTK_WIDGET (self->view);
}

static char *
demo_database_describe_items (DemoScenario *scenario)
{
  DemoTableView *view = DEMO_DATABASE (scenario)->view;
  DemoTable *table = view != NULL ? demo_table_view_get_table (view) : NULL;

  return table != NULL ? demo_table_to_text (table) : NULL;
}

static void
demo_database_dispose (GObject *object)
{
  DemoDatabase *self = DEMO_DATABASE (object);

  g_clear_object (&self->file);
  g_clear_object (&self->sql);
  g_clear_object (&self->seconds);
  g_clear_weak_pointer (&self->view);

  G_OBJECT_CLASS (demo_database_parent_class)->dispose (object);
}

static void
demo_database_class_init (DemoDatabaseClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_database_dispose;

  scenario_class->id = "database";
  scenario_class->title = N_ ("Database");
  scenario_class->topic = N_ ("Waiting");
  scenario_class->summary = N_ ("Has SQLite run a query on a file with a million rows.");
  scenario_class->watch = N_ ("Write a query of your own; Cancel interrupts it wherever it is.");
  scenario_class->function = "query_database";
  scenario_class->make_sample = demo_shop_make;
  scenario_class->create_parameters = demo_database_create_parameters;
  scenario_class->get_files = demo_database_get_files;
  scenario_class->describe_items = demo_database_describe_items;
  scenario_class->create_view = demo_database_create_view;
  scenario_class->use_sample = demo_database_use_sample;
  scenario_class->check = demo_database_check;
  scenario_class->freeze = demo_database_freeze;
  scenario_class->asyncify = demo_database_asyncify;
}

static void
demo_database_init (DemoDatabase *self)
{
  self->file = g_list_store_new (G_TYPE_FILE);
  self->sql = gtk_text_buffer_new (NULL);
  gtk_text_buffer_set_text (self->sql, examples[0].text, -1);
  /* One more than is allowed, so that what is too long is refused, not cut. */
  demo_controls_limit_text (self->sql, MAX_QUERY + 1);
  self->seconds = gtk_entry_buffer_new ("10", -1);
}
