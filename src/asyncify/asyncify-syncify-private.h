/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The callback of a pair that a worker waits for; its data is an AsyncifyVisit, owned. */
void asyncify_sync_ready_cb (GObject      *source_object,
                             GAsyncResult *result,
                             gpointer      user_data);

G_END_DECLS
