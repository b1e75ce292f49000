/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-grid.h"
#include "demo-lanes.h"

G_BEGIN_DECLS

/* For demo-lanes.c, which moves the dots, and for demo-lanes-drawing.c, which knows where they are
 * and draws them. */

#define DEMO_LANES_N_COLUMNS 3

/* How long a dot is on its way, in us. */
#define DEMO_LANES_FLIGHT_TIME (280 * G_TIME_SPAN_MILLISECOND)

typedef struct {
  graphene_rect_t from;
  DemoLane lane; /* where it goes ... */
  guint slot;    /* ... and to which dot of it */
  gint64 began;
} DemoFlight;

struct _DemoLanes
{
  GtkWidget parent_instance;

  guint n_dots;
  guint8 *lane; /* of each dot */
  guint8 *slot; /* of each dot that runs: its place */
  guint counts[DEMO_N_LANES];
  guint n_places;
  guint64 taken; /* places, a bit for each */
  char *captions[DEMO_N_LANES];

  DemoGrid grids[DEMO_LANES_N_COLUMNS];
  int caption_height;

  GArray *flights; /* DemoFlight */
  guint tick_id;   /* while there are any */
  guint tell_id;
};

graphene_rect_t demo_lanes_get_dot      (DemoLanes        *self,
                                         DemoLane          lane,
                                         guint             slot);
graphene_rect_t demo_lanes_get_position (DemoLanes        *self,
                                         const DemoFlight *flight,
                                         gint64            now);
void            demo_lanes_fit          (DemoLanes        *self);
void            demo_lanes_snapshot     (GtkWidget        *widget,
                                         GtkSnapshot      *snapshot);
void            demo_lanes_measure      (GtkWidget        *widget,
                                         GtkOrientation    orientation,
                                         int               for_size,
                                         int              *minimum,
                                         int              *natural,
                                         int              *minimum_baseline,
                                         int              *natural_baseline);

G_END_DECLS
