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

#define ASYNCIFY_TYPE_GROUP (asyncify_group_get_type ())
#define ASYNCIFY_TYPE_SOON  (asyncify_soon_get_type ())

ASYNCIFY_PUBLIC
G_DECLARE_FINAL_TYPE (AsyncifyGroup, asyncify_group, ASYNCIFY, GROUP, GObject)
ASYNCIFY_PUBLIC
G_DECLARE_FINAL_TYPE (AsyncifySoon, asyncify_soon, ASYNCIFY, SOON, GObject)

ASYNCIFY_PUBLIC
AsyncifyGroup *asyncify_group_new             (GCancellable         *parent_cancellable) G_GNUC_WARN_UNUSED_RESULT;
ASYNCIFY_PUBLIC
GCancellable  *asyncify_group_get_cancellable (AsyncifyGroup        *self);
ASYNCIFY_PUBLIC
AsyncifySoon  *asyncify_group_soon            (AsyncifyGroup        *self);
ASYNCIFY_PUBLIC
void           asyncify_group_wait_async      (AsyncifyGroup        *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
ASYNCIFY_PUBLIC
gboolean       asyncify_group_wait_finish     (AsyncifyGroup        *self,
                                               GAsyncResult         *result,
                                               GError              **error);

ASYNCIFY_PUBLIC
void           asyncify_soon_ready            (GObject              *source_object,
                                               GAsyncResult         *result,
                                               gpointer              user_data);
ASYNCIFY_PUBLIC
gboolean       asyncify_soon_is_ready         (AsyncifySoon         *self);
ASYNCIFY_PUBLIC
GAsyncResult  *asyncify_soon_get_result       (AsyncifySoon         *self);

G_END_DECLS
