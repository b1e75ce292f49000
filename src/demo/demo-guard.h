/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What ends a call that was made the wrong way: nobody can press Cancel meanwhile, and what may
 * wait for others for ever has to end all the same. */
typedef struct _DemoGuard DemoGuard;

/* How long a person may be kept waiting, in s: by what nobody knows the length of, and by what is
 * known beforehand to take that long. After 5 s a desktop says that a window doesn't answer. */
#define DEMO_GUARD_LIMIT       10
#define DEMO_GUARD_LIMIT_KNOWN 5

DemoGuard    *demo_guard_new             (void);
void          demo_guard_free            (DemoGuard *self);
GCancellable *demo_guard_get_cancellable (DemoGuard *self);
void          demo_guard_explain         (DemoGuard *self,
                                          GError   **error);

gboolean      demo_guard_allows          (guint      ms,
                                          GError   **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoGuard, demo_guard_free)

G_END_DECLS
