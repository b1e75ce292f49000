/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A session bus of the test's own, and what others on it do: other programs, and the desktop, which
 * shows notifications. One for each test program: GTestDBus only sees to it that the first bus ends
 * when the program is aborted. */
typedef struct _TestBus TestBus;

gboolean    test_bus_is_there      (void);
TestBus    *test_bus_new           (const char *service_dir);
void        test_bus_free          (TestBus    *self);

GVariant   *test_bus_call          (TestBus    *self,
                                    const char *name,
                                    const char *path,
                                    const char *interface,
                                    const char *method,
                                    GVariant   *parameters);
void        test_bus_open_link     (TestBus    *self,
                                    const char *id);
gboolean    test_bus_has_name      (TestBus    *self,
                                    const char *name);

/* Notifications */
void        test_bus_play_desktop  (TestBus    *self);
void        test_bus_forget        (TestBus    *self);
guint       test_bus_count         (TestBus    *self);
const char *test_bus_get_title     (TestBus    *self);
const char *test_bus_get_body      (TestBus    *self);
gboolean    test_bus_is_withdrawn  (TestBus    *self);
void        test_bus_click         (TestBus    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestBus, test_bus_free)

G_END_DECLS
