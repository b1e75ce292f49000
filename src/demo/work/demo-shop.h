/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The database of a shop, a file of SQLite's in the user's cache: "orders", a million of them,
 * of "products" by "customers". */

#define DEMO_SHOP_CUSTOMERS 20000
#define DEMO_SHOP_PRODUCTS  480
#define DEMO_SHOP_ORDERS    1000000

/* Blocks; for a worker. Returns: (transfer full): the file's path, once it is complete */
char *demo_shop_make (GError **error);

G_END_DECLS
