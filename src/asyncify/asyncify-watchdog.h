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

#define ASYNCIFY_TYPE_STALL    (asyncify_stall_get_type ())
#define ASYNCIFY_TYPE_WATCHDOG (asyncify_watchdog_get_type ())

typedef struct _AsyncifyStall AsyncifyStall;

ASYNCIFY_PUBLIC
GType               asyncify_stall_get_type      (void);
ASYNCIFY_PUBLIC
AsyncifyStall      *asyncify_stall_copy          (AsyncifyStall *self) G_GNUC_WARN_UNUSED_RESULT;
ASYNCIFY_PUBLIC
void                asyncify_stall_free          (AsyncifyStall *self);
ASYNCIFY_PUBLIC
gint64              asyncify_stall_get_duration  (AsyncifyStall *self);
ASYNCIFY_PUBLIC
const char * const *asyncify_stall_get_functions (AsyncifyStall *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AsyncifyStall, asyncify_stall_free)

ASYNCIFY_PUBLIC
G_DECLARE_FINAL_TYPE (AsyncifyWatchdog, asyncify_watchdog, ASYNCIFY, WATCHDOG, GObject)

ASYNCIFY_PUBLIC
AsyncifyWatchdog   *asyncify_watchdog_new        (GMainContext     *context,
                                                  guint             threshold_ms) G_GNUC_WARN_UNUSED_RESULT;
ASYNCIFY_PUBLIC
void                asyncify_watchdog_start      (AsyncifyWatchdog *self);
ASYNCIFY_PUBLIC
void                asyncify_watchdog_stop       (AsyncifyWatchdog *self);

G_END_DECLS
