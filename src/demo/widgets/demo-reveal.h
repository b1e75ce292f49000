/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Scrolls @widget into sight, as far as it has to, once it has its place: in the frame after next.
 * @margin: what of its surroundings is to be seen as well, in px */
void demo_reveal (GtkWidget *widget,
                  int        margin);

G_END_DECLS
