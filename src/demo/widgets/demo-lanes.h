/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Calls as dots, which go from lane to lane. */

#define DEMO_TYPE_LANES (demo_lanes_get_type ())
G_DECLARE_FINAL_TYPE (DemoLanes, demo_lanes, DEMO, LANES, GtkWidget)

typedef enum {
  DEMO_LANE_QUEUED,
  DEMO_LANE_RUNNING,
  DEMO_LANE_ABANDONED,
  DEMO_LANE_DONE,
  DEMO_LANE_CANCELLED,
  DEMO_N_LANES
} DemoLane;

/* The running lane has this many places, at most. */
#define DEMO_LANES_MAX_PLACES 64

GtkWidget *demo_lanes_new         (void);
void       demo_lanes_reset       (DemoLanes  *self,
                                   guint       n_dots,
                                   DemoLane    lane);
void       demo_lanes_set_places  (DemoLanes  *self,
                                   guint       n_places);
void       demo_lanes_set_caption (DemoLanes  *self,
                                   DemoLane    lane,
                                   const char *caption);
void       demo_lanes_move        (DemoLanes  *self,
                                   guint       dot,
                                   DemoLane    lane);
guint      demo_lanes_get_count   (DemoLanes  *self,
                                   DemoLane    lane);
gboolean   demo_lanes_is_moving   (DemoLanes  *self);

G_END_DECLS
