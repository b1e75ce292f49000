/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* For those who don't see the screen. */

void demo_access_hide_while_unmapped (GtkWidget *widget);

G_END_DECLS
