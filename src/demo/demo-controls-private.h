/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-controls.h"

G_BEGIN_DECLS

/* What the controls are made of. */
GtkWidget *demo_controls_create_caption (const char *label,
                                         GtkWidget  *control);
GtkWidget *demo_controls_create_row     (const char *label,
                                         GtkWidget  *control);

G_END_DECLS
