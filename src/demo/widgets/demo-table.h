/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Rows of texts, in columns with a title: a GListModel of DemoTableRow. It is filled on one
 * thread, which may be a worker, and then given away; from then on it doesn't change. */

#define DEMO_TYPE_TABLE (demo_table_get_type ())
G_DECLARE_FINAL_TYPE (DemoTable, demo_table, DEMO, TABLE, GObject)

#define DEMO_TYPE_TABLE_ROW (demo_table_row_get_type ())
G_DECLARE_FINAL_TYPE (DemoTableRow, demo_table_row, DEMO, TABLE_ROW, GObject)

typedef enum {
  DEMO_CELL_TEXT,
  DEMO_CELL_NUMBER,
  DEMO_CELL_REMARK /* not the value, but a word about it */
} DemoCellKind;

DemoTable    *demo_table_new           (void);
void          demo_table_add_column    (DemoTable    *self,
                                        const char   *title);
void          demo_table_add_cell      (DemoTable    *self,
                                        DemoCellKind  kind,
                                        const char   *text,
                                        gsize         n_bytes);

guint         demo_table_get_n_columns (DemoTable    *self);
const char   *demo_table_get_title     (DemoTable    *self,
                                        guint         column);
guint         demo_table_get_width     (DemoTable    *self,
                                        guint         column);
gboolean      demo_table_is_numeric    (DemoTable    *self,
                                        guint         column);
char         *demo_table_to_text       (DemoTable    *self);

const char   *demo_table_row_get_text  (DemoTableRow *self,
                                        guint         column);
DemoCellKind  demo_table_row_get_kind  (DemoTableRow *self,
                                        guint         column);

G_END_DECLS
