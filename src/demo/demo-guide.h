/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-scenario.h"

G_BEGIN_DECLS

/* On the first start: what to press, step by step. Its property "done" is whether that was seen,
 * or closed; it doesn't show then. */

#define DEMO_TYPE_GUIDE (demo_guide_get_type ())
G_DECLARE_FINAL_TYPE (DemoGuide, demo_guide, DEMO, GUIDE, GtkWidget)

void     demo_guide_watch    (DemoGuide    *self,
                              DemoScenario *scenario);
void     demo_guide_set_done (DemoGuide    *self,
                              gboolean      done);
gboolean demo_guide_get_done (DemoGuide    *self);

G_END_DECLS
