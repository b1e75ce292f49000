/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* What ThreadSanitizer has to know of GLib.
 *
 * It sees an order between two threads where it sees what makes it: the atomic operations of
 * instrumented code, the C library's locks and threads, and pipes. GLib as it is installed is
 * not instrumented, and its locks are futexes of its own, so all that is done under a GMutex
 * would look like a race. In the files beside this one are the functions of GLib through which one
 * thread hands something to another, with GLib's names. They call GLib's own, and say beside it
 * what GLib promises there, and no more: an order that is said and isn't there hides a race.
 *
 * A program that is linked with them uses these in place of GLib's, and so do GObject and GIO in
 * it, since they reach GLib as any program does. What GLib calls inside itself is out of reach, and
 * need not be reached: it is not instrumented.
 *
 * (Names are in brackets where GLib has macros of the same name.)
 */

#include <dlfcn.h>

#include <gio/gio.h>

#ifndef RTLD_NEXT
#error "_GNU_SOURCE must be defined on top"
#endif

/* GLib's own function of this name */
#define REAL(name)                                                                                 \
  G_GNUC_EXTENSION ({                                                                              \
    static __typeof__ (&(name)) found;                                                             \
    __typeof__ (&(name)) real_ = __atomic_load_n (&found, __ATOMIC_RELAXED);                       \
    if (real_ == NULL)                                                                             \
      {                                                                                            \
        real_ = (__typeof__ (&(name))) dlsym (RTLD_NEXT, #name);                                   \
        __atomic_store_n (&found, real_, __ATOMIC_RELAXED);                                        \
      }                                                                                            \
    real_;                                                                                         \
  })

/* From the linker: the code of the program */
extern const char __executable_start[], etext[];

/* Whether the function that this stands in was called by the program itself, and not by GObject
 * or GIO */
#define CALLED_BY_US                                                                               \
  ((const char *) __builtin_return_address (0) >= __executable_start                               \
   && (const char *) __builtin_return_address (0) < etext)

/* In the library of the sanitizer, but in no header */
void AnnotateIgnoreWritesBegin (const char *file,
                                int line);
void AnnotateIgnoreWritesEnd   (const char *file,
                                int line);

/* Memory that GLib takes for itself goes from thread to thread in ways that are not seen. To the
 * sanitizer, taking it is a write by the one, and freeing or using it one by the other. Between
 * these two calls it takes nothing down; nothing of ours may run there. */
static inline void
begin_private (void)
{
  AnnotateIgnoreWritesBegin (__FILE__, __LINE__);
}

static inline void
end_private (void)
{
  AnnotateIgnoreWritesEnd (__FILE__, __LINE__);
}
