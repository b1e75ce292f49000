/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-run.h"

G_BEGIN_DECLS

/* For how long the window stood still at most, either way, as two bars of one scale. It shows
 * nothing until it knows something. */

#define DEMO_TYPE_VERDICT (demo_verdict_get_type ())
G_DECLARE_FINAL_TYPE (DemoVerdict, demo_verdict, DEMO, VERDICT, GtkWidget)

void demo_verdict_take (DemoVerdict   *self,
                        const DemoRun *run);

G_END_DECLS
