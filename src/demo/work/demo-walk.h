/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Something lies in one of the folders. Returns: if it is a folder, whether to look into it */
typedef gboolean (*DemoWalkFound)  (GFile        *file,
                                    GFileInfo    *info,
                                    gpointer      user_data);

/* A folder can't be read, or not to its end. */
typedef void     (*DemoWalkFailed) (GFile        *folder,
                                    const GError *error,
                                    gpointer      user_data);

/* Looks at all there is in @folder, and in the folders in it. Links are not followed, so that a
 * circle of them is no trap; and no more than one folder is open at a time, however deep they
 * lie. Blocks. @attributes: what @found needs to know of each beside its name and type.
 * Returns: FALSE if @folder itself can't be read, or if cancelled */
gboolean demo_walk (GFile           *folder,
                    const char      *attributes,
                    DemoWalkFound    found,
                    DemoWalkFailed   failed,
                    gpointer         user_data,
                    GCancellable    *cancellable,
                    GError         **error);

G_END_DECLS
