/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Lets the person choose a folder, or files, and puts them into @files in place of what is
 * in there. Shows a dialog over the window that @widget is in, and returns at once. */
void demo_choose (GtkWidget  *widget,
                  GListStore *files,
                  gboolean    folder);

G_END_DECLS
