/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What became of the beats that were due during a recording. */
typedef struct
{
  double p50_ms;
  double p99_ms;
  double max_ms;
  guint beats;
} DemoHeartbeatStats;

/* A beat is due this often; nothing shorter can be noticed. */
#define DEMO_HEARTBEAT_PERIOD_US 5000

/* The history: this many buckets of this length, 30 s together. */
#define DEMO_HEARTBEAT_BUCKETS   300
#define DEMO_HEARTBEAT_BUCKET_US 100000

typedef struct _DemoHeartbeat DemoHeartbeat;

/* Any number of them may be under way. */
typedef struct _DemoHeartbeatRecording DemoHeartbeatRecording;

/* A beat that was due at @due came at @now, both on the clock of g_get_monotonic_time (). */
typedef void (*DemoHeartbeatFunc) (gint64   due,
                                   gint64   now,
                                   gpointer user_data);

DemoHeartbeat          *demo_heartbeat_new         (DemoHeartbeatFunc       func,
                                                    gpointer                user_data);
void                    demo_heartbeat_free        (DemoHeartbeat          *self);
void                    demo_heartbeat_set_resting (DemoHeartbeat          *self,
                                                    gboolean                resting);
DemoHeartbeatRecording *demo_heartbeat_begin       (DemoHeartbeat          *self,
                                                    gint64                  now);
void                    demo_heartbeat_end         (DemoHeartbeat          *self,
                                                    DemoHeartbeatRecording *recording,
                                                    gint64                  now,
                                                    DemoHeartbeatStats     *out);
gint64                  demo_heartbeat_get_history (DemoHeartbeat          *self,
                                                    double                 *lateness_ms,
                                                    guint                   n_buckets);

G_END_DECLS
