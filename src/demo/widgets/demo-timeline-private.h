/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-timeline.h"

G_BEGIN_DECLS

/* For demo-timeline.c, and for demo-timeline-drawing.c, which draws it. */

typedef struct {
  char *name;
  char *text; /* nullable: how it stands */
  DemoBarState state;
  double from_ms, to_ms;

  /* Kept from frame to frame; NULL until drawn */
  PangoLayout *name_layout;
  PangoLayout *text_layout;
} DemoBar;

typedef struct {
  char *name;
  double ms;
  GtkPositionType position;
} DemoMark;

struct _DemoTimeline
{
  GtkWidget parent_instance;

  gboolean has_marks;
  GArray *bars;  /* DemoBar */
  GArray *marks; /* DemoMark */
  double span_ms; /* what it shows at least */
  gint64 zero;    /* when it begins, on the monotonic clock */
  guint n_running;

  guint tick_id; /* while bars grow */
  guint tell_id;
};

DemoBar *demo_timeline_get_bar       (DemoTimeline   *self,
                                      guint           number);
void     demo_timeline_snapshot      (GtkWidget      *widget,
                                      GtkSnapshot    *snapshot);
void     demo_timeline_measure       (GtkWidget      *widget,
                                      GtkOrientation  orientation,
                                      int             for_size,
                                      int            *minimum,
                                      int            *natural,
                                      int            *minimum_baseline,
                                      int            *natural_baseline);

G_END_DECLS
