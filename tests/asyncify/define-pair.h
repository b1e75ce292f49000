/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify.h>

G_BEGIN_DECLS

/* Pairs that one source file implements and others use. */

char *greet (const char *name,
             GError    **error);

ASYNCIFY_DECLARE (STRING, greet, STRING (name), THROWS)

ASYNCIFY_DECLARE_AS (BOOLEAN, load, g_file_load_contents, OBJECT (GFile, file), CANCELLABLE,
                     OUT_STRING (contents), OUT_VALUE (gsize, length), OUT_STRING (etag), THROWS)

G_END_DECLS
