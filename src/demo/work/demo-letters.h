/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Two folders with letters, in the user's cache: new ones, and some of the same name that are kept
 * already. They are made anew each time, since whoever copies the ones changes the others. */

#define DEMO_LETTERS_NEW  "new"
#define DEMO_LETTERS_KEPT "kept"

/* Blocks; for a worker. Returns: (transfer full): the path of what both folders are in */
char *demo_letters_make (GError **error);

G_END_DECLS
