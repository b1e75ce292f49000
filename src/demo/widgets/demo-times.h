/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-timeline.h"

G_BEGIN_DECLS

/* What happened to a call when: on the monotonic clock in us; 0 for what has not happened. */
typedef struct {
  gint64 called;
  gint64 begun;     /* the function runs */
  gint64 requested; /* somebody asked it to stop */
  gint64 noticed;   /* the function knows */
  gint64 finished;  /* it is about to return */
  gint64 answered;  /* the callback was called */
} DemoTimes;

double   demo_times_get_ms        (const DemoTimes *self,
                                   gint64           time);
gboolean demo_times_is_left_alone (const DemoTimes *self);
char    *demo_times_list          (const DemoTimes *self);
char    *demo_times_describe      (const DemoTimes *self);
void     demo_times_show          (const DemoTimes *self,
                                   DemoTimeline    *timeline,
                                   double           span_ms,
                                   gboolean         succeeded);

G_END_DECLS
