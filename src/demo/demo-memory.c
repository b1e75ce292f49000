/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-memory.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* Gives back to the system what has become free in between what is still used. It takes about a
 * millisecond. */
void
demo_memory_give_back (void)
{
#ifdef __GLIBC__
  malloc_trim (0);
#endif
}
