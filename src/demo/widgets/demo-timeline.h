/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What took from when till when, as bars drawn to scale, and what happened meanwhile, as marks. */

#define DEMO_TYPE_TIMELINE (demo_timeline_get_type ())
G_DECLARE_FINAL_TYPE (DemoTimeline, demo_timeline, DEMO, TIMELINE, GtkWidget)

typedef enum {
  DEMO_BAR_WAITING, /* not begun: nothing to see */
  DEMO_BAR_RUNNING, /* till now, whenever that is */
  DEMO_BAR_SUCCEEDED,
  DEMO_BAR_FAILED,
  DEMO_BAR_CANCELLED
} DemoBarState;

GtkWidget   *demo_timeline_new       (const char     *label,
                                      gboolean        has_marks);
void         demo_timeline_reset     (DemoTimeline   *self,
                                      double          span_ms,
                                      gint64          zero);
guint        demo_timeline_add       (DemoTimeline   *self,
                                      const char     *name);
void         demo_timeline_begin     (DemoTimeline   *self,
                                      guint           bar,
                                      double          ms,
                                      const char     *text);
void         demo_timeline_end       (DemoTimeline   *self,
                                      guint           bar,
                                      double          ms,
                                      DemoBarState    state,
                                      const char     *text);
void         demo_timeline_mark      (DemoTimeline   *self,
                                      double          ms,
                                      GtkPositionType position,
                                      const char     *name);
guint        demo_timeline_get_n     (DemoTimeline   *self);
DemoBarState demo_timeline_get_state (DemoTimeline   *self,
                                      guint           bar);
const char  *demo_timeline_get_text  (DemoTimeline   *self,
                                      guint           bar);
gboolean     demo_timeline_is_moving (DemoTimeline   *self);

G_END_DECLS
