/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-canvas.h"
#include "demo-meter.h"

G_BEGIN_DECLS

typedef struct _DemoFishbowl DemoFishbowl;

DemoFishbowl *demo_fishbowl_new      (DemoMeter    *meter,
                                      DemoCanvas   *canvas);
void          demo_fishbowl_free     (DemoFishbowl *self);
void          demo_fishbowl_start    (DemoFishbowl *self);
void          demo_fishbowl_stop     (DemoFishbowl *self);
char         *demo_fishbowl_describe (DemoFishbowl *self,
                                      double        fps) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
