/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-sqlite.h"

#include <errno.h>

#include <asyncify/asyncify.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "demo-text.h"

/* How many bytes a value may have, so that a query can't take all the memory. */
#define MAX_VALUE (64 * 1024 * 1024)

/* How many characters of SQLite's messages a person reads */
#define MAX_MESSAGE 200

/* Called by SQLite: whether a statement may do this */
static int
authorize_cb (void *data,
              int action,
              const char *name,
              const char *detail,
              const char *database,
              const char *trigger)
{
  gboolean allowed = action == SQLITE_SELECT || action == SQLITE_READ
                     || action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE;

  return allowed ? SQLITE_OK : SQLITE_DENY;
}

/* Blocks. Whatever is done with it, nothing is written. Returns: to be closed with
 * sqlite3_close () */
sqlite3 *
demo_sqlite_open (const char *path,
                  GError **error)
{
  g_autofree char *name = g_filename_display_name (path);
  g_autofree char *shown = demo_text_isolate (name);
  sqlite3 *db = NULL;
  GStatBuf status;
  int code = g_stat (path, &status) == 0 ? 0 : errno;

  /* To open a pipe is to wait for somebody who writes to it. */
  if (code == 0 && !S_ISREG (status.st_mode))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, _ ("“%s” is no regular file"),
                   shown);
      return NULL;
    }
  if (code == 0 && sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK)
    {
      sqlite3_limit (db, SQLITE_LIMIT_LENGTH, MAX_VALUE);
      sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
      sqlite3_set_authorizer (db, authorize_cb, NULL);
      return db;
    }

  if (code == 0)
    code = sqlite3_system_errno (db);
  /* Translators: the name of a file, and the reason */
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code), _ ("“%s” can't be opened: %s"),
               shown, code != 0 ? g_strerror (code) : sqlite3_errmsg (db));
  sqlite3_close (db);

  return NULL;
}

/* What a person can understand of a code of SQLite's, the last one of @db's. */
void
demo_sqlite_set_error (sqlite3 *db,
                       int code,
                       GError **error)
{
  if (asyncify_set_error_if_cancelled (error))
    ;
  else if (code == SQLITE_INTERRUPT)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                         _ ("The query took more seconds than it may."));
  /* A CREATE that is refused comes with another code. */
  else if (code == SQLITE_AUTH || g_str_equal (sqlite3_errmsg (db), "not authorized"))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                         _ ("Only queries that read may be run here, such as SELECT."));
  else if (code == SQLITE_BUSY)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY,
                         _ ("Another program has locked the file."));
  else
    {
      /* It may name what stands in the query, or in the file. */
      g_autofree char *message = demo_text_shorten (sqlite3_errmsg (db), MAX_MESSAGE);

      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, message);
    }
}

/* The next statement in *@sql, if there is more than spaces and remarks. *@sql is then what comes
 * after it; or what the error is in. */
static int
prepare_next (sqlite3 *db,
              const char **sql,
              sqlite3_stmt **statement)
{
  while (*statement == NULL && **sql != '\0')
    {
      const char *rest;
      int code = sqlite3_prepare_v2 (db, *sql, -1, statement, &rest);

      if (code != SQLITE_OK)
        return code;
      *sql = rest;
    }

  return SQLITE_OK;
}

/* The only statement in @sql. If it won't do, *@mistake is set to where that shows, in bytes, as far
 * as that is known. Returns: to be finalized with sqlite3_finalize () */
sqlite3_stmt *
demo_sqlite_prepare (sqlite3 *db,
                     const char *sql,
                     int *mistake,
                     GError **error)
{
  sqlite3_stmt *first = NULL, *second = NULL;
  const char *rest = sql;
  int code = prepare_next (db, &rest, &first);

  if (code == SQLITE_OK && first != NULL && !sqlite3_stmt_readonly (first))
    code = SQLITE_AUTH;
  if (code != SQLITE_OK)
    {
      demo_sqlite_set_error (db, code, error);
#if SQLITE_VERSION_NUMBER >= 3038000
      if (sqlite3_error_offset (db) >= 0)
        *mistake = rest - sql + sqlite3_error_offset (db);
#endif
    }
  else if (first == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("There is no query to run."));
  else
    {
      *mistake = rest - sql;
      if (prepare_next (db, &rest, &second) == SQLITE_OK && second == NULL)
        {
          *mistake = -1;
          return first;
        }
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("Only one query can be run at a time."));
    }

  sqlite3_finalize (first);
  sqlite3_finalize (second);
  return NULL;
}
