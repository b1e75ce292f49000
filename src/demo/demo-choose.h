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

/* @file: (transfer none): what the person chose */
typedef void (*DemoChosenFunc) (GtkWidget *widget,
                                GFile     *file);

/* Lets the person choose a name to save something as; @name is the one to begin with. Returns at
 * once; @chosen isn't called if the person cancels, or if @widget is gone by then. */
void demo_choose_new_file (GtkWidget      *widget,
                           const char     *name,
                           DemoChosenFunc  chosen);

G_END_DECLS
