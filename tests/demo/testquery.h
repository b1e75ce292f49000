/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <sqlite3.h>

#include "testpage.h"

G_BEGIN_DECLS

/* A small database, and the page of Database */

sqlite3       *test_database_open       (const char *path);
void           test_database_execute    (sqlite3    *db,
                                         const char *sql);
char          *test_database_make       (void);

void           test_query_choose        (TestPage   *self);
void           test_query_run           (TestPage   *self,
                                         const char *way,
                                         const char *sql);
GtkTextBuffer *test_query_get_buffer    (TestPage   *self);
GtkWidget     *test_query_get_view      (TestPage   *self);
const char    *test_query_get_progress  (TestPage   *self);
guint          test_query_count_rows    (TestPage   *self);
void           test_query_wait_for_rows (TestPage   *self,
                                         guint       n_rows);
char          *test_query_get_cells     (TestPage   *self);

void           test_query_assert_cells  (TestPage   *self,
                                         guint       n_rows,
                                         const char *cells);
void           test_query_assert_works  (TestPage   *self);
void           test_query_assert_fails  (TestPage   *self,
                                         const char *sql,
                                         const char *problem);

G_END_DECLS
