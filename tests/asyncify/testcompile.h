/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Asks a compiler what it thinks of some source. The build passes on, in the environment,
 * which compilers there are (TEST_CC, TEST_CXX, TEST_CLANG; the words of a command are
 * parted by a '|') and with which flags a program is compiled that uses the library
 * (TEST_CFLAGS, likewise).
 */

gboolean  test_compile_has   (const char        *compiler);
gboolean  test_compile       (const char        *compiler,
                              const char        *language,
                              const char *const *flags,
                              const char        *source,
                              char             **path,
                              char             **output);
char    **test_compile_flags (void);

G_END_DECLS
