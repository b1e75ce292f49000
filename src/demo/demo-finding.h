/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "demo-scenario.h"

G_BEGIN_DECLS

/* Something that a blocking function found: two texts, emitted from a worker. */

#define DEMO_TYPE_FINDING (demo_finding_get_type ())
G_DECLARE_FINAL_TYPE (DemoFinding, demo_finding, DEMO, FINDING, GObject)

DemoFinding *demo_finding_new  (const char   *name,
                                const char   *detail);

/* A list of what the scenario's latest call found; @empty shows while there is nothing. */
GtkWidget   *demo_findings_new (DemoScenario *scenario,
                                const char   *empty);

/* Returns: (transfer full) (nullable): those of @items that are findings, as text with a line for
 * each */
char        *demo_findings_to_text (GListModel *items);

G_END_DECLS
