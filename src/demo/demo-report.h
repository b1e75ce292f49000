/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "demo-run.h"

G_BEGIN_DECLS

/* What a tour found: as a table for a person, and as JSON for a program. */

typedef struct {
  char *renderer;           /* the type name of what draws the window */
  DemoMeasurement baseline; /* the app without a task */
  GPtrArray *runs;          /* DemoRun, in the order they ran */
} DemoReport;

DemoReport *demo_report_new               (void);
void        demo_report_free              (DemoReport        *self);
void        demo_report_add               (DemoReport        *self,
                                           const DemoRun     *run);
gboolean    demo_report_is_good           (const DemoReport  *self);
char       *demo_report_to_table          (const DemoReport  *self);
char       *demo_report_to_json           (const DemoReport  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoReport, demo_report_free)

G_END_DECLS
