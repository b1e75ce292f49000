/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-shop.h"

#include <errno.h>

#include <asyncify/asyncify.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <sqlite3.h>

#include "demo-sample.h"
#include "demo-text.h"

/* Written last, into the file itself. It changes with the contents. */
#define VERSION "1"

/* When another program's unfinished file counts as left behind, in s */
#define LEFT_BEHIND 3600

/* It is made in one go and thrown away if that fails: nothing has to be safe meanwhile. */
#define BEGIN                                                                                      \
  "PRAGMA journal_mode = OFF;"                                                                     \
  "PRAGMA synchronous = OFF;"                                                                      \
  "PRAGMA locking_mode = EXCLUSIVE;"                                                               \
  "BEGIN;"                                                                                         \
  "CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, city TEXT, country TEXT);"           \
  "CREATE TABLE products (id INTEGER PRIMARY KEY, name TEXT, category TEXT, price REAL);"          \
  "CREATE TABLE orders (id INTEGER PRIMARY KEY, day TEXT, quantity INTEGER,"                       \
  " customer INTEGER REFERENCES customers, product INTEGER REFERENCES products);"

#define END "PRAGMA user_version = " VERSION "; COMMIT;"

typedef struct {
  sqlite3 *db;
  sqlite3_stmt *insert;
  guint32 random; /* the same numbers every time */
  guint id;
} Maker;

typedef void (*BindFunc) (Maker *self);

static guint
pick (Maker *self,
      guint n_choices)
{
  self->random ^= self->random << 13;
  self->random ^= self->random >> 17;
  self->random ^= self->random << 5;

  return self->random % n_choices;
}

static void
bind_customer (Maker *self)
{
  static const char *const first_names[]
    = { "Ada", "Bruno", "Clara", "David", "Emma", "Felix", "Grete", "Hugo", "Ines", "Jan" };
  static const char *const last_names[]
    = { "Adler", "Blum", "Costa", "Dupont", "Eriksen", "Ferrari", "Garcia", "Hansen" };
  static const struct {
    const char *city, *country;
  } places[] = {
    { "Aarhus", "Denmark" },    { "Berlin", "Germany" }, { "Bologna", "Italy" },
    { "Copenhagen", "Denmark" }, { "Graz", "Austria" },   { "Hamburg", "Germany" },
    { "Linz", "Austria" },      { "Lisbon", "Portugal" }, { "Lyon", "France" },
    { "Madrid", "Spain" },      { "Milan", "Italy" },    { "Munich", "Germany" },
    { "Paris", "France" },      { "Porto", "Portugal" }, { "Seville", "Spain" },
    { "Vienna", "Austria" },
  };
  guint place = pick (self, G_N_ELEMENTS (places));
  g_autofree char *name
    = g_strconcat (first_names[pick (self, G_N_ELEMENTS (first_names))], " ",
                   last_names[pick (self, G_N_ELEMENTS (last_names))], NULL);

  sqlite3_bind_text (self->insert, 2, name, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (self->insert, 3, places[place].city, -1, SQLITE_STATIC);
  sqlite3_bind_text (self->insert, 4, places[place].country, -1, SQLITE_STATIC);
}

/* Each kind in each colour and size */
static void
bind_product (Maker *self)
{
  static const char *const colours[]
    = { "Black", "Blue", "Green", "Grey", "Orange", "Red", "White", "Yellow" };
  static const char *const sizes[] = { "small", "medium", "large" };
  static const struct {
    const char *name, *category;
  } kinds[] = {
    { "bicycle", "Sports" },  { "bowl", "Kitchen" },  { "chair", "Furniture" },
    { "coat", "Clothes" },    { "cup", "Kitchen" },   { "desk", "Furniture" },
    { "gloves", "Clothes" },  { "hat", "Clothes" },   { "kettle", "Kitchen" },
    { "lamp", "Furniture" },  { "notebook", "Paper" }, { "pan", "Kitchen" },
    { "pencil", "Paper" },    { "rope", "Sports" },   { "scarf", "Clothes" },
    { "shelf", "Furniture" }, { "shoes", "Clothes" }, { "skates", "Sports" },
    { "tent", "Sports" },     { "wrapping paper", "Paper" },
  };
  guint number = self->id - 1;
  guint kind = number % G_N_ELEMENTS (kinds);
  guint colour = number / G_N_ELEMENTS (kinds) % G_N_ELEMENTS (colours);
  guint size = number / G_N_ELEMENTS (kinds) / G_N_ELEMENTS (colours) % G_N_ELEMENTS (sizes);
  g_autofree char *name
    = g_strconcat (colours[colour], " ", kinds[kind].name, ", ", sizes[size], NULL);

  sqlite3_bind_text (self->insert, 2, name, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (self->insert, 3, kinds[kind].category, -1, SQLITE_STATIC);
  sqlite3_bind_double (self->insert, 4, 1 + pick (self, 400) * 0.25);
}

static void
bind_order (Maker *self)
{
  char day[] = "2020-01-01";

  day[3] = '0' + pick (self, 6);
  day[6] = '1' + pick (self, 9);
  day[8] = '0' + pick (self, 3);
  day[9] = '1' + pick (self, 8);

  sqlite3_bind_text (self->insert, 2, day, -1, SQLITE_TRANSIENT);
  sqlite3_bind_int (self->insert, 3, 1 + pick (self, 9));
  sqlite3_bind_int (self->insert, 4, 1 + pick (self, DEMO_SHOP_CUSTOMERS));
  sqlite3_bind_int (self->insert, 5, 1 + pick (self, DEMO_SHOP_PRODUCTS));
}

static const struct {
  const char *insert;
  BindFunc bind; /* all but the id */
  guint n_rows;
} tables[] = {
  { "INSERT INTO customers VALUES (?, ?, ?, ?)", bind_customer, DEMO_SHOP_CUSTOMERS },
  { "INSERT INTO products VALUES (?, ?, ?, ?)", bind_product, DEMO_SHOP_PRODUCTS },
  { "INSERT INTO orders VALUES (?, ?, ?, ?, ?)", bind_order, DEMO_SHOP_ORDERS },
};

/* Returns: a code of SQLite's */
static int
fill_table (Maker *self,
            guint table)
{
  int code = sqlite3_prepare_v2 (self->db, tables[table].insert, -1, &self->insert, NULL);

  for (self->id = 1; code == SQLITE_OK && self->id <= tables[table].n_rows; self->id++)
    {
      sqlite3_bind_int (self->insert, 1, self->id);
      tables[table].bind (self);
      sqlite3_step (self->insert);
      code = sqlite3_reset (self->insert);
      if (self->id % (DEMO_SHOP_ORDERS / 200) == 0)
        {
          asyncify_set_progress (self->id / (double) DEMO_SHOP_ORDERS);
          if (asyncify_is_cancelled ())
            code = SQLITE_INTERRUPT;
        }
    }
  sqlite3_finalize (self->insert);

  return code;
}

static gboolean
fill (const char *path,
      GError **error)
{
  Maker maker = { .random = 1 };
  g_autofree char *shown = demo_text_isolate (path);
  int code = sqlite3_open (path, &maker.db);

  if (code == SQLITE_OK)
    code = sqlite3_exec (maker.db, BEGIN, NULL, NULL, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tables) && code == SQLITE_OK; i++)
    code = fill_table (&maker, i);
  if (code == SQLITE_OK)
    code = sqlite3_exec (maker.db, END, NULL, NULL, NULL);

  if (code != SQLITE_OK && !asyncify_set_error_if_cancelled (error))
    /* Translators: the name of a file, and the reason */
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The database “%s” can't be made: %s"),
                 shown, sqlite3_errmsg (maker.db));
  sqlite3_close (maker.db);

  return code == SQLITE_OK;
}

/* Whether all of it is there. A machine that lost its power may have kept the name, but not
 * what was in the file; and SQLite notices a file that is too short. */
static gboolean
is_complete (const char *path)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *query = NULL;
  gboolean complete
    = sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK
      && sqlite3_prepare_v2 (db,
                             "SELECT max (id) FROM orders"
                             " WHERE (SELECT user_version FROM pragma_user_version) = " VERSION,
                             -1, &query, NULL) == SQLITE_OK
      && sqlite3_step (query) == SQLITE_ROW
      && sqlite3_column_int (query, 0) == DEMO_SHOP_ORDERS;

  sqlite3_finalize (query);
  sqlite3_close (db);

  return complete;
}

/* What programs that were killed have left of it. */
static void
remove_leftovers (const char *folder,
                  const char *prefix)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf status;

      if (g_str_has_prefix (name, prefix) && g_stat (path, &status) == 0
          && status.st_mtime < g_get_real_time () / G_USEC_PER_SEC - LEFT_BEHIND)
        g_remove (path);
    }
}

/* Under another name, so that nobody takes it for complete before it is; each program that makes
 * one has its own, and the last one stays. */
static gboolean
make (const char *path,
      GError **error)
{
  g_autofree char *unfinished = g_strconcat (path, ".XXXXXX", NULL);
  g_autofree char *shown = demo_text_isolate (path);
  int fd = g_mkstemp (unfinished);
  gboolean made;
  int code;

  if (fd < 0 || !g_close (fd, NULL))
    {
      code = errno;
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   _ ("The database “%s” can't be made: %s"), shown, g_strerror (code));
      return FALSE;
    }

  made = fill (unfinished, error);
  if (made && g_rename (unfinished, path) != 0)
    {
      code = errno;
      g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
                   _ ("The database “%s” can't be made: %s"), shown, g_strerror (code));
      made = FALSE;
    }
  if (!made)
    g_remove (unfinished);

  return made;
}

char *
demo_shop_make (GError **error)
{
  g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "asyncify-demo", NULL);
  g_autofree char *path = g_build_filename (folder, "shop.sqlite", NULL);

  if (!demo_sample_make_folder (folder, error))
    return NULL;

  remove_leftovers (folder, "shop.sqlite.");
  if (!is_complete (path) && !make (path, error))
    return NULL;

  return g_steal_pointer (&path);
}
