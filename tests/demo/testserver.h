/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A server on the loopback interface that says the same to everybody, whatever they ask. It has
 * a thread of its own, and ends with it. */
typedef struct _TestServer TestServer;

TestServer *test_server_new                (const char *answer,
                                            gssize      size,
                                            gsize       n_filling);
TestServer *test_server_new_silent         (void);
void        test_server_free               (TestServer *self);
char       *test_server_get_address        (TestServer *self,
                                            const char *scheme,
                                            const char *path);
const char *test_server_get_request        (TestServer *self);
void        test_server_wait_for_client    (TestServer *self);

/* An address at which nobody listens */
char       *test_server_get_unused_address (void);

/* How much of it this process ever had, in bytes; 0 where that can't be known */
gsize       test_server_get_memory         (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestServer, test_server_free)

G_END_DECLS
