/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined(ASYNCIFY_INSIDE) && !defined(ASYNCIFY_COMPILATION)
#error "Only <asyncify/asyncify.h> can be included directly."
#endif

#include <glib-object.h>

#include <asyncify/asyncify-version.h>

G_BEGIN_DECLS

#define ASYNCIFY_TYPE_LIMITER (asyncify_limiter_get_type ())

ASYNCIFY_PUBLIC
G_DECLARE_FINAL_TYPE (AsyncifyLimiter, asyncify_limiter, ASYNCIFY, LIMITER, GObject)

ASYNCIFY_PUBLIC
AsyncifyLimiter *asyncify_limiter_new             (guint            max_running) G_GNUC_WARN_UNUSED_RESULT;
ASYNCIFY_PUBLIC
AsyncifyLimiter *asyncify_limiter_get_default     (void);
ASYNCIFY_PUBLIC
AsyncifyLimiter *asyncify_limiter_get_cpu         (void);
ASYNCIFY_PUBLIC
guint            asyncify_limiter_get_max_running (AsyncifyLimiter *self);
ASYNCIFY_PUBLIC
void             asyncify_limiter_set_max_running (AsyncifyLimiter *self,
                                                   guint            max_running);
ASYNCIFY_PUBLIC
guint            asyncify_limiter_get_running     (AsyncifyLimiter *self);
ASYNCIFY_PUBLIC
guint            asyncify_limiter_get_queued      (AsyncifyLimiter *self);
ASYNCIFY_PUBLIC
guint            asyncify_limiter_get_abandoned   (AsyncifyLimiter *self);

G_END_DECLS
