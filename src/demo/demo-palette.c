/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-palette.h"

#define CHANNEL(hex, shift) ((float) (((hex) >> (shift)) & 0xff) / 255.0f)
#define RGBA(hex, opacity)                                                                         \
  {                                                                                                \
    CHANNEL (hex, 16), CHANNEL (hex, 8), CHANNEL (hex, 0), (opacity)                               \
  }

static const DemoPalette light = {
  .accent = RGBA (0x3584e4, 1),
  .accent_top = RGBA (0x62a0ea, 1),
  .accent_bottom = RGBA (0x1c71d8, 1),
  .good = RGBA (0x2ec27e, 1),
  .late = RGBA (0xe5a50a, 1),
  .bad = RGBA (0xe01b24, 1),
  .faint = RGBA (0x1b1f42, 0.12f),
  .text = RGBA (0x23274a, 1),
};

static const DemoPalette dark = {
  .accent = RGBA (0x78aeed, 1),
  .accent_top = RGBA (0x99c1f1, 1),
  .accent_bottom = RGBA (0x3584e4, 1),
  .good = RGBA (0x33d17a, 1),
  .late = RGBA (0xf6d32d, 1),
  .bad = RGBA (0xff5c57, 1),
  .faint = RGBA (0xffffff, 0.16f),
  .text = RGBA (0xf1f2fb, 1),
};

static const DemoPalette contrast_light = {
  .accent = RGBA (0x003f8a, 1),
  .accent_top = RGBA (0x003f8a, 1),
  .accent_bottom = RGBA (0x003f8a, 1),
  .good = RGBA (0x00701f, 1),
  .late = RGBA (0x9a5b00, 1),
  .bad = RGBA (0xb00010, 1),
  .faint = RGBA (0x000000, 0.4f),
  .text = RGBA (0x000000, 1),
};

static const DemoPalette contrast_dark = {
  .accent = RGBA (0x99c1f1, 1),
  .accent_top = RGBA (0x99c1f1, 1),
  .accent_bottom = RGBA (0x99c1f1, 1),
  .good = RGBA (0x57e389, 1),
  .late = RGBA (0xf8e45c, 1),
  .bad = RGBA (0xff7b72, 1),
  .faint = RGBA (0xffffff, 0.45f),
  .text = RGBA (0xffffff, 1),
};

/**
 * demo_palette_get_for_widget:
 * @widget: a widget
 *
 * Picks the colours to draw @widget with: its window has the style classes `dark` and `contrast`
 * where they apply. It is cheap enough to ask in every frame.
 *
 * Returns: (transfer none): a palette that lives forever
 */
const DemoPalette *
demo_palette_get_for_widget (GtkWidget *widget)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (widget));
  gboolean is_dark = root != NULL && gtk_widget_has_css_class (root, "dark");

  if (root != NULL && gtk_widget_has_css_class (root, "contrast"))
    return is_dark ? &contrast_dark : &contrast_light;

  return is_dark ? &dark : &light;
}

/**
 * demo_palette_get_ink:
 *
 * The colours to draw with on the stage, which is as dark by day as by night.
 *
 * Returns: (transfer none): a palette that lives forever
 */
const DemoPalette *
demo_palette_get_ink (void)
{
  return &dark;
}
