/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "bench-loop.h"

#define HEARTBEAT_INTERVAL (1 * G_TIME_SPAN_MILLISECOND)
#define FRAME_INTERVAL (G_TIME_SPAN_SECOND / 60)

/* GDK_PRIORITY_REDRAW, at which GTK draws. */
#define FRAME_PRIORITY (G_PRIORITY_HIGH_IDLE + 20)

/* How long ago, in us, @source was due; negative if it isn't yet. */
static gint64
get_lateness (GSource *source)
{
  return g_get_monotonic_time () - g_source_get_ready_time (source);
}

static gboolean
beat (BenchLoop *self)
{
  gint64 lateness = get_lateness (self->heartbeat);

  self->held_up_ms = MAX (self->held_up_ms, lateness / (double) G_TIME_SPAN_MILLISECOND);
  g_source_set_ready_time (self->heartbeat, g_get_monotonic_time () + HEARTBEAT_INTERVAL);

  return G_SOURCE_CONTINUE;
}

static gboolean
draw (BenchLoop *self)
{
  gint64 lateness = get_lateness (self->frames);
  guint missed;

  if (lateness < 0)
    return G_SOURCE_CONTINUE;

  missed = lateness / FRAME_INTERVAL;
  self->n_frames += missed + 1;
  self->n_missed += missed;
  g_source_set_ready_time (self->frames, g_source_get_ready_time (self->frames)
                                           + (missed + 1) * FRAME_INTERVAL);

  return G_SOURCE_CONTINUE;
}

static gboolean
ready_source_dispatch (GSource *source,
                       GSourceFunc callback,
                       gpointer user_data)
{
  return callback (user_data);
}

static GSource *
attach_source (BenchLoop *self,
               GSourceFunc callback,
               int priority,
               gint64 interval)
{
  static GSourceFuncs funcs = { .dispatch = ready_source_dispatch };
  GSource *source = g_source_new (&funcs, sizeof (GSource));

  g_source_set_priority (source, priority);
  g_source_set_callback (source, callback, self, NULL);
  g_source_set_ready_time (source, g_get_monotonic_time () + interval);
  g_source_attach (source, NULL);

  return source;
}

void
bench_loop_start (BenchLoop *self)
{
  *self = (BenchLoop) { .n_missed = 0 };
  self->heartbeat
    = attach_source (self, G_SOURCE_FUNC (beat), G_PRIORITY_HIGH, HEARTBEAT_INTERVAL);
  self->frames = attach_source (self, G_SOURCE_FUNC (draw), FRAME_PRIORITY, FRAME_INTERVAL);
}

void
bench_loop_stop (BenchLoop *self)
{
  /* What is overdue now counts as well. */
  beat (self);
  draw (self);

  g_source_destroy (self->heartbeat);
  g_clear_pointer (&self->heartbeat, g_source_unref);
  g_source_destroy (self->frames);
  g_clear_pointer (&self->frames, g_source_unref);
}
