/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "demo-meter.h"

G_BEGIN_DECLS

#define DEMO_TYPE_STRIP (demo_strip_get_type ())
G_DECLARE_FINAL_TYPE (DemoStrip, demo_strip, DEMO, STRIP, GtkWidget)

GtkWidget *demo_strip_new       (void);
void       demo_strip_set_meter (DemoStrip *self,
                                 DemoMeter *meter);

G_END_DECLS
