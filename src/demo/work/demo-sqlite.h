/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* What runs anybody's queries on anybody's files needs to be careful. */

sqlite3      *demo_sqlite_open      (const char  *path,
                                     GError     **error);
sqlite3_stmt *demo_sqlite_prepare   (sqlite3     *db,
                                     const char  *sql,
                                     int         *mistake,
                                     GError     **error);
void          demo_sqlite_set_error (sqlite3     *db,
                                     int          code,
                                     GError     **error);

G_END_DECLS
