/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* A module whose functions can be called in both ways, from C and from C++. */

#include <asyncify/asyncify.h>

G_BEGIN_DECLS

char     *shared_greet     (const char   *name,
                            GError      **error);
gboolean  shared_divide    (int           dividend,
                            int           divisor,
                            int          *quotient,
                            int          *rest,
                            GCancellable *cancellable,
                            GError      **error);

ASYNCIFY_DECLARE (STRING, shared_greet, STRING (name), THROWS)
ASYNCIFY_DECLARE_AS (BOOLEAN, shared_long_division, shared_divide, VALUE (int, dividend),
                     VALUE (int, divisor), OUT_VALUE (int, quotient), OUT_VALUE (int, rest),
                     CANCELLABLE, THROWS)

G_END_DECLS
