/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The app as a person with a screen reader has it: a process of its own, known by the roles and
 * names that it puts on the AT-SPI bus, used with real clicks and keys. Roles are named as AT-SPI
 * names them: "push button", "text", "label", "list item", "page tab". A name may be given without
 * its end or beginning: it is looked for as a part of what is there. */
typedef struct _TestAccess TestAccess;

typedef enum {
  TEST_ACCESS_KEYS,  /* a person who has no mouse, or doesn't see where it points at */
  TEST_ACCESS_MOUSE, /* one who clicks on whatever is to be pressed */
} TestAccessHand;

gboolean    test_access_begin                (void);
gboolean    test_access_tells_places         (void);
TestAccess *test_access_new                  (TestAccessHand hand);
void        test_access_free                 (TestAccess *self);

gboolean    test_access_has                  (TestAccess *self,
                                              const char *role,
                                              const char *name);
void        test_access_wait_for             (TestAccess *self,
                                              const char *role,
                                              const char *name);
void        test_access_wait_until_no        (TestAccess *self,
                                              const char *role,
                                              const char *name);
void        test_access_wait_until_sensitive (TestAccess *self,
                                              const char *role,
                                              const char *name);
gboolean    test_access_is_sensitive         (TestAccess *self,
                                              const char *role,
                                              const char *name);

void        test_access_press                (TestAccess *self,
                                              const char *role,
                                              const char *name);
void        test_access_fill                 (TestAccess *self,
                                              const char *name,
                                              const char *text);
void        test_access_xdotool              (TestAccess *self,
                                              const char *first,
                                              ...) G_GNUC_NULL_TERMINATED;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestAccess, test_access_free)

G_END_DECLS
