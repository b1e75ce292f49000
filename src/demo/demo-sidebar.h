/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-scenario.h"

G_BEGIN_DECLS

/* The list of scenarios, by topic, with a search. Signals: "chosen", with an id, whenever another
 * one is selected; "activated" when a person has picked one. */

#define DEMO_TYPE_SIDEBAR (demo_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (DemoSidebar, demo_sidebar, DEMO, SIDEBAR, GtkWidget)

void     demo_sidebar_add          (DemoSidebar  *self,
                                    DemoScenario *scenario);
gboolean demo_sidebar_choose       (DemoSidebar  *self,
                                    const char   *id);
void     demo_sidebar_start_search (DemoSidebar  *self);

G_END_DECLS
