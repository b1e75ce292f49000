/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Results for the slots of a group: a GTask of which no caller's context knows. */
gboolean asyncify_detached_is_for   (GAsyncReadyCallback  callback,
                                     gpointer             user_data);
GTask   *asyncify_detached_new      (gpointer             source_object,
                                     gconstpointer        source_tag,
                                     gpointer             user_data) G_GNUC_WARN_UNUSED_RESULT;
void     asyncify_detached_complete (GTask               *task);

G_END_DECLS
