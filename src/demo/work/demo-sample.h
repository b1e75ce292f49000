/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A folder with files to work on, in the user's cache: so the scenarios that need input
 * have something real wherever the app starts. */

/* The sub-folder with a few large files; the rest of it is many small ones. */
#define DEMO_SAMPLE_FILMS "films"

/* Blocks; for a worker. Returns: (transfer full): the folder's path, once it is complete */
char     *demo_sample_make        (GError     **error);

/* Makes a folder, and those that it is in, unless it is there. The error names it. */
gboolean  demo_sample_make_folder (const char  *path,
                                   GError     **error);

G_END_DECLS
