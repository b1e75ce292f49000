/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A view of scenarios/@id.c, in which the lines that asyncify stand out. */
GtkWidget *demo_source_new (const char *id);

G_END_DECLS
