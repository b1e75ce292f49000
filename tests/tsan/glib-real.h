/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

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
