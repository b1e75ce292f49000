/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify.h>

G_BEGIN_DECLS

/* Pairs made blocking in one source file, and used in others. */

SYNCIFY_DECLARE (BOOLEAN, load_and_wait, g_file_load_contents_async, g_file_load_contents_finish,
                 SELF (GFile, file), OUT_STRING (contents), OUT_VALUE (gsize, length),
                 OUT_STRING (etag))

SYNCIFY_DECLARE (STRING, greet_and_wait, greet_async, greet_finish, STRING (name))

G_END_DECLS
