/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A temporary folder, in which everything is that the test and the app write. */

typedef enum {
  TEST_FOLDER_PLAIN,
  TEST_FOLDER_PERMISSIONS, /* a test that is run as root becomes an ordinary user first */
} TestFolderKind;

void      test_folder_begin         (TestFolderKind  kind);

char     *test_folder_path          (const char     *name);
char     *test_folder_make          (const char     *name);
char     *test_folder_make_deep     (const char     *name,
                                     guint           levels);
char     *test_folder_write         (const char     *name,
                                     const char     *contents);
gboolean  test_folder_link          (const char     *target,
                                     const char     *name);
void      test_folder_remove        (const char     *path);
gboolean  test_folder_protect       (const char     *path);
gboolean  test_folder_leave_names   (const char     *path);
char     *test_folder_forbid_sample (void);

G_END_DECLS
