/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How long presses and releases took to show, from when they were sent to the end of the first
 * frame that was drawn after they were handled.  Without any, all is 0. */
typedef struct
{
  guint n;
  double p50_ms;
  double max_ms;
} DemoInputStats;

/* What maps the times of events onto the clock of g_get_monotonic_time (). */
typedef struct
{
  gboolean known;
  gint64 offset_ms; /* of our clock from theirs, as small as it was ever seen */
} DemoInputClock;

typedef struct _DemoInput DemoInput;

/* Any number of them may be under way. */
typedef struct _DemoInputRecording DemoInputRecording;

gint64              demo_input_clock_get_age (DemoInputClock     *self,
                                              guint32             time,
                                              gint64              now);

DemoInput          *demo_input_new           (GtkWidget          *widget);
void                demo_input_free          (DemoInput          *self);
DemoInputRecording *demo_input_begin         (DemoInput          *self,
                                              gint64              now);
void                demo_input_end           (DemoInput          *self,
                                              DemoInputRecording *recording,
                                              gint64              now,
                                              DemoInputStats     *out);
void                demo_input_get_recent    (DemoInput          *self,
                                              double             *last_ms,
                                              double             *worst_ms);

G_END_DECLS
