/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-scenario.h"

G_BEGIN_DECLS

/* What a person sees of a run: how far it is, what came of it, and how the window fared. */

#define DEMO_TYPE_OUTCOME (demo_outcome_get_type ())
G_DECLARE_FINAL_TYPE (DemoOutcome, demo_outcome, DEMO, OUTCOME, GtkWidget)

void demo_outcome_set_scenario (DemoOutcome  *self,
                                DemoScenario *scenario);

G_END_DECLS
