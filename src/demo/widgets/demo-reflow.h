/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Puts widgets side by side where there is room for that, and else one below the other, each as
 * wide as all of it. With "wrap", it rather fills lines with them, as words fill a paragraph.
 *
 * "spacing" is between neighbours, "row-spacing" between lines, both in pixels. With
 * "homogeneous", all that are side by side are equally wide; with "wrap" too, they stand in
 * columns. */

#define DEMO_TYPE_REFLOW (demo_reflow_get_type ())
G_DECLARE_FINAL_TYPE (DemoReflow, demo_reflow, DEMO, REFLOW, GtkLayoutManager)

GtkLayoutManager *demo_reflow_new (void);

G_END_DECLS
