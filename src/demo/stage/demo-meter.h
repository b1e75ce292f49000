/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "demo-frames.h"
#include "demo-heartbeat.h"
#include "demo-input.h"

G_BEGIN_DECLS

/* What was measured from the beginning of a recording to its end. */
typedef struct
{
  double wall_ms;
  DemoHeartbeatStats heartbeat;
  DemoFrameStats frames;
  DemoInputStats input;
} DemoMeasurement;

/* What counts as late, as bad, and as a freeze. */
#define DEMO_METER_LATE_MS  50
#define DEMO_METER_FROZE_MS 200

/* Any number of them may be under way. */
typedef struct _DemoRecording DemoRecording;

#define DEMO_METER_BUCKETS DEMO_HEARTBEAT_BUCKETS

#define DEMO_TYPE_METER (demo_meter_get_type ())
G_DECLARE_FINAL_TYPE (DemoMeter, demo_meter, DEMO, METER, GObject)

DemoMeter     *demo_meter_new          (void);
void           demo_meter_attach       (DemoMeter       *self,
                                        GtkWidget       *widget);
void           demo_meter_detach       (DemoMeter       *self);

void           demo_meter_set_resting  (DemoMeter       *self,
                                        gboolean         resting);

DemoRecording *demo_meter_begin        (DemoMeter       *self) G_GNUC_WARN_UNUSED_RESULT;
void           demo_meter_end          (DemoMeter       *self,
                                        DemoRecording   *recording,
                                        DemoMeasurement *out);

void           demo_meter_enter        (DemoMeter       *self,
                                        const char      *function);
void           demo_meter_leave        (DemoMeter       *self);

gint64         demo_meter_get_history  (DemoMeter       *self,
                                        double          *lateness_ms,
                                        guint            n_buckets);
double         demo_meter_get_lateness (DemoMeter       *self);
double         demo_meter_get_fps      (DemoMeter       *self);
gboolean       demo_meter_get_input    (DemoMeter       *self,
                                        double          *last_ms,
                                        double          *worst_ms);

G_END_DECLS
