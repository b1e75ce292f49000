/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined(ASYNCIFY_INSIDE) && !defined(ASYNCIFY_COMPILATION)
#error "Only <asyncify/asyncify.h> can be included directly."
#endif

#include <gio/gio.h>

#include <asyncify/asyncify-version.h>

G_BEGIN_DECLS

/* What a blocking function may call, from any depth. Without a worker underneath,
 * as when the function is called directly, the last one just calls, and the others
 * do nothing.
 */

ASYNCIFY_PUBLIC
void     asyncify_set_progress           (double      fraction);
ASYNCIFY_PUBLIC
void     asyncify_set_message            (const char *message);
ASYNCIFY_PUBLIC
void     asyncify_emit                   (GObject    *item);
ASYNCIFY_PUBLIC
gboolean asyncify_is_cancelled           (void);
ASYNCIFY_PUBLIC
gboolean asyncify_set_error_if_cancelled (GError    **error);
ASYNCIFY_PUBLIC
void     asyncify_run_in_main            (void      (*func) (gpointer data),
                                          gpointer    data);

G_END_DECLS
