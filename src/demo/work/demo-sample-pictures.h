/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A folder with pictures that are drawn by this program, and one file that is none, in the user's
 * cache. Blocks; for a worker. Returns: (transfer full): its path, once it is complete */
char *demo_sample_pictures_make (GError **error);

G_END_DECLS
