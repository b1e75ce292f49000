/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "demo-scenario.h"

G_BEGIN_DECLS

/* Runs a scenario both ways on the same input, and shows the two side by side on a card that
 * can be copied and saved. */

#define DEMO_TYPE_COMPARE (demo_compare_get_type ())
G_DECLARE_FINAL_TYPE (DemoCompare, demo_compare, DEMO, COMPARE, GtkWidget)

GtkWidget *demo_compare_new       (DemoScenario *scenario);
gboolean   demo_compare_is_active (DemoCompare  *self);
void       demo_compare_start     (DemoCompare  *self);
void       demo_compare_cancel    (DemoCompare  *self);
void       demo_compare_save      (DemoCompare  *self,
                                   GFile        *file);

G_END_DECLS
