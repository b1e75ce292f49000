/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Has what is called @path contain @data and nothing else. It is written to where it is: it may be
 * a link, or a device. Blocks. */
gboolean demo_output_write (const char    *path,
                            gconstpointer  data,
                            gsize          size,
                            GError       **error);

G_END_DECLS
