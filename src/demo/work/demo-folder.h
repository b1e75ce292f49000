/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A look at folders. All of it blocks; for a worker. */

GFileType  demo_folder_get_type    (GFileInfo     *info);
gboolean   demo_folder_may_be_file (GFileInfo     *info);
GPtrArray *demo_folder_list_files  (GFile         *folder,
                                    GCancellable  *cancellable,
                                    GError       **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean   demo_folder_check_apart (GFile         *from,
                                    GFile         *into,
                                    GCancellable  *cancellable,
                                    GError       **error);

G_END_DECLS
