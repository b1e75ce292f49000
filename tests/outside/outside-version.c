/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The version: of the headers, and what pkg-config says, which is the first argument. */

#include "outside.h"

#if !ASYNCIFY_CHECK_VERSION (0, 1, 0)
#error "a version that never was"
#endif
#if ASYNCIFY_CHECK_VERSION (ASYNCIFY_MAJOR_VERSION, ASYNCIFY_MINOR_VERSION, \
                            ASYNCIFY_MICRO_VERSION + 1)
#error "a version that is still to come"
#endif

int
main (int argc,
      char *argv[])
{
  g_autofree char *version = g_strdup_printf ("%d.%d.%d", ASYNCIFY_MAJOR_VERSION,
                                              ASYNCIFY_MINOR_VERSION, ASYNCIFY_MICRO_VERSION);

  begin ();
  g_assert_cmpint (argc, ==, 2);
  g_assert_cmpstr (argv[1], ==, version);
  g_assert_cmpstr (argv[1], ==, ASYNCIFY_VERSION);

  return 0;
}
