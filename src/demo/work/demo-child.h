/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A program that was started, and that does not outlive the app: what it starts itself can be
 * ended with it, and it is ended when the app exits. All of it may be called on any thread. */

typedef struct _DemoChild DemoChild;

DemoChild   *demo_child_spawn       (const char *const  *argv,
                                     GError            **error) G_GNUC_WARN_UNUSED_RESULT;
GSubprocess *demo_child_get_process (DemoChild          *self);
void         demo_child_kill        (DemoChild          *self);
void         demo_child_free        (DemoChild          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoChild, demo_child_free)

G_END_DECLS
