/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "demo-meter.h"

G_BEGIN_DECLS

#define DEMO_TYPE_STAGE (demo_stage_get_type ())
G_DECLARE_FINAL_TYPE (DemoStage, demo_stage, DEMO, STAGE, GtkWidget)

GtkWidget *demo_stage_new          (void);
DemoMeter *demo_stage_get_meter    (DemoStage *self);
void       demo_stage_reset_ledger (DemoStage *self);

G_END_DECLS
