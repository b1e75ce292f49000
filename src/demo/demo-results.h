/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "demo-scenario.h"

G_BEGIN_DECLS

/* The items of the scenario's latest run, in @list, a GtkListView or GtkGridView without a model.
 * @height: that it has at least, in pixels. @empty shows while there is nothing.
 * Returns: (transfer floating) */
GtkWidget *demo_results_new (DemoScenario *scenario,
                             GtkWidget    *list,
                             int           height,
                             const char   *empty);

G_END_DECLS
