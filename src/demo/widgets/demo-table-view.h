/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "demo-table.h"

G_BEGIN_DECLS

/* Shows a table, and another one with other columns after that, without ever keeping the
 * main loop for long. */

#define DEMO_TYPE_TABLE_VIEW (demo_table_view_get_type ())
G_DECLARE_FINAL_TYPE (DemoTableView, demo_table_view, DEMO, TABLE_VIEW, GtkWidget)

GtkWidget *demo_table_view_new       (const char    *name);
void       demo_table_view_set_table (DemoTableView *self,
                                      DemoTable     *table,
                                      const char    *empty);
DemoTable *demo_table_view_get_table (DemoTableView *self);

G_END_DECLS
