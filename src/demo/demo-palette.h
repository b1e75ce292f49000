/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The colours of what the app draws itself, to go with style.css. */
typedef struct
{
  GdkRGBA accent;
  GdkRGBA accent_top;    /* light falls on this side */
  GdkRGBA accent_bottom; /* and not on this one */
  GdkRGBA good;
  GdkRGBA late;
  GdkRGBA bad;
  GdkRGBA faint; /* lines and grounds */
  GdkRGBA text;
} DemoPalette;

const DemoPalette *demo_palette_get_for_widget (GtkWidget *widget);
const DemoPalette *demo_palette_get_ink        (void);

G_END_DECLS
