/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "syncify-pair.h"

#include "define-pair.h"

SYNCIFY_IMPLEMENT (BOOLEAN, load_and_wait, g_file_load_contents_async, g_file_load_contents_finish,
                   SELF (GFile, file), OUT_STRING (contents), OUT_VALUE (gsize, length),
                   OUT_STRING (etag))

SYNCIFY_IMPLEMENT (STRING, greet_and_wait, greet_async, greet_finish, STRING (name))
