/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "demo-scenario.h"

G_BEGIN_DECLS

/* The page of one scenario: what it does, its parameters, the two buttons, what came out,
 * and its source. */

#define DEMO_TYPE_PAGE (demo_page_get_type ())
G_DECLARE_FINAL_TYPE (DemoPage, demo_page, DEMO, PAGE, GtkWidget)

GtkWidget    *demo_page_new          (DemoScenario *scenario);
DemoScenario *demo_page_get_scenario (DemoPage     *self);
GtkWidget    *demo_page_get_default  (DemoPage     *self);
void          demo_page_cancel       (DemoPage     *self);

G_END_DECLS
