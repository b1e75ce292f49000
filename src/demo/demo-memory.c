/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-memory.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* From this size on, memory is taken from the system for its own, and goes back there at once. */
#define LARGE (1024 * 1024)

/* The C library of GNU gives each thread that asks for memory a heap of its own, of which little
 * comes back. And once large blocks have come and gone, it keeps room for the next ones.
 *
 * To be called before there are threads. */
void
demo_memory_be_frugal (void)
{
#ifdef __GLIBC__
  mallopt (M_ARENA_MAX, 2);
  mallopt (M_MMAP_THRESHOLD, LARGE);
#endif
}

/* Gives back to the system what has become free in between what is still used. It takes about a
 * millisecond. */
void
demo_memory_give_back (void)
{
#ifdef __GLIBC__
  malloc_trim (0);
#endif
}
