/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-frames.h"

#include <math.h>

#define DEFAULT_INTERVAL_US 16667

/* Enough for one second on any display. */
#define N_PAINTS 1024

struct _DemoFramesRecording
{
  gint64 began;
  DemoFrameStats stats;
};

/* The gaps between frames, by the clock on the wall.  The frame clock's own times are smoothed, and
 * its rate forgets a freeze within a quarter of a second. */
struct _DemoFrames
{
  GtkWidget *widget; /* weak */
  gulong widget_handlers[4];

  /* While the widget is realized. */
  GdkFrameClock *clock;
  GdkSurface *surface;
  gulong painted_handler;
  gulong state_handler;
  guint tick_id; /* 0 at rest */

  gboolean resting; /* it is at rest while there are no recordings */
  gint64 interval;         /* us */
  gint64 paints[N_PAINTS]; /* ring; n_paints % N_PAINTS is the next slot */
  guint64 n_paints;        /* since frames have been due without a break */

  GPtrArray *recordings; /* owned */
};

static gint64
nth_last_paint (DemoFrames *self,
                guint64     n)
{
  return self->paints[(self->n_paints - 1 - n) % N_PAINTS];
}

/* Where the gap starts that a frame at some later time would end.  It reaches back before @since by
 * one interval at most: a frame that ought to have come earlier is not missed since then. */
static gint64
gap_start (DemoFrames *self,
           gint64      since)
{
  return MAX (nth_last_paint (self, 0), since - self->interval);
}

static guint
missed_in_gap (DemoFrames *self,
               gint64      gap)
{
  return (guint) MAX (round ((double) gap / (double) self->interval) - 1, 0);
}

static void
record_gap (DemoFrames          *self,
            DemoFramesRecording *recording,
            gint64               now)
{
  DemoFrameStats *stats = &recording->stats;
  gint64 gap;

  if (self->n_paints == 0)
    return;

  gap = now - gap_start (self, recording->began);
  stats->missed += missed_in_gap (self, gap);
  stats->due += (double) gap / (double) self->interval;
  stats->longest_gap_ms = MAX (stats->longest_gap_ms, (double) gap / 1000);
}

static void
forget_paints (DemoFrames *self)
{
  self->n_paints = 0;
}

static void
after_paint_cb (DemoFrames *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 interval = 0;

  gdk_frame_clock_get_refresh_info (self->clock, gdk_frame_clock_get_frame_time (self->clock),
                                    &interval, NULL);
  self->interval = interval > 0 ? interval : DEFAULT_INTERVAL_US;

  for (guint i = 0; i < self->recordings->len; i++)
    {
      DemoFramesRecording *recording = g_ptr_array_index (self->recordings, i);

      record_gap (self, recording, now);
      recording->stats.drawn++;
    }

  self->paints[self->n_paints++ % N_PAINTS] = now;
}

/* It is there to keep the clock running. */
static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
is_at_rest (DemoFrames *self)
{
  return self->resting && self->recordings->len == 0;
}

/* Frames are due from now on; it is no gap that there were few before. */
static void
forget_rest (DemoFrames *self)
{
  if (self->n_paints == 0)
    return;

  self->paints[0] = MAX (nth_last_paint (self, 0), g_get_monotonic_time () - self->interval);
  self->n_paints = 1;
}

static void
update_tick (DemoFrames *self)
{
  gboolean wanted = self->clock != NULL && !is_at_rest (self);

  if (wanted && self->tick_id == 0)
    {
      forget_rest (self);
      self->tick_id = gtk_widget_add_tick_callback (self->widget, tick_cb, NULL, NULL);
    }
  else if (!wanted && self->tick_id != 0)
    {
      gtk_widget_remove_tick_callback (self->widget, self->tick_id);
      self->tick_id = 0;
    }
}

static void
state_changed_cb (DemoFrames *self)
{
  if (gdk_toplevel_get_state (GDK_TOPLEVEL (self->surface)) & DEMO_FRAMES_HIDDEN_STATES)
    forget_paints (self);
}

static void
realized_cb (DemoFrames *self)
{
  GtkNative *native = gtk_widget_get_native (self->widget);

  self->clock = g_object_ref (gtk_widget_get_frame_clock (self->widget));
  self->painted_handler = g_signal_connect_swapped (self->clock, "after-paint",
                                                    G_CALLBACK (after_paint_cb), self);
  update_tick (self);

  self->surface = g_object_ref (gtk_native_get_surface (native));
  if (GDK_IS_TOPLEVEL (self->surface))
    self->state_handler = g_signal_connect_swapped (self->surface, "notify::state",
                                                    G_CALLBACK (state_changed_cb), self);
}

static void
unrealized_cb (DemoFrames *self)
{
  if (self->clock == NULL)
    return;

  forget_paints (self);
  g_clear_signal_handler (&self->painted_handler, self->clock);
  g_clear_signal_handler (&self->state_handler, self->surface);
  g_clear_object (&self->clock);
  g_clear_object (&self->surface);
  update_tick (self);
}

/**
 * demo_frames_new:
 * @widget: (transfer none): whose frame clock to watch; a weak reference is kept
 *
 * Watches the frames of @widget's frame clock and keeps that clock running.  No frames are due
 * while the widget is not mapped or its window is minimized.
 *
 * Returns: (transfer full): a frame counter, for the main thread only
 */
DemoFrames *
demo_frames_new (GtkWidget *widget)
{
  DemoFrames *self = g_new0 (DemoFrames, 1);

  self->interval = DEFAULT_INTERVAL_US;
  self->recordings = g_ptr_array_new_with_free_func (g_free);
  g_set_weak_pointer (&self->widget, widget);

  self->widget_handlers[0]
    = g_signal_connect_swapped (widget, "realize", G_CALLBACK (realized_cb), self);
  self->widget_handlers[1]
    = g_signal_connect_swapped (widget, "unrealize", G_CALLBACK (unrealized_cb), self);
  self->widget_handlers[2]
    = g_signal_connect_swapped (widget, "map", G_CALLBACK (forget_paints), self);
  self->widget_handlers[3]
    = g_signal_connect_swapped (widget, "unmap", G_CALLBACK (forget_paints), self);

  if (gtk_widget_get_realized (widget))
    realized_cb (self);

  return self;
}

/**
 * demo_frames_free:
 * @self: (transfer full): a frame counter
 *
 * Stops watching, and drops the recordings that were not ended.
 */
void
demo_frames_free (DemoFrames *self)
{
  if (self->widget != NULL)
    {
      unrealized_cb (self);
      for (guint i = 0; i < G_N_ELEMENTS (self->widget_handlers); i++)
        g_clear_signal_handler (&self->widget_handlers[i], self->widget);
    }

  g_clear_weak_pointer (&self->widget);
  g_ptr_array_unref (self->recordings);
  g_free (self);
}

/**
 * demo_frames_set_resting:
 * @self: a frame counter
 * @resting: whether the clock may stop
 *
 * Lets the frame clock stop when nobody else needs it, for as long as there are no recordings.
 */
void
demo_frames_set_resting (DemoFrames *self,
                         gboolean    resting)
{
  self->resting = resting;
  update_tick (self);
}

/**
 * demo_frames_begin:
 * @self: a frame counter
 * @now: the time of the call
 *
 * Starts a recording.
 *
 * Returns: (transfer none): the recording, which belongs to the frame counter until it is ended
 */
DemoFramesRecording *
demo_frames_begin (DemoFrames *self,
                   gint64      now)
{
  DemoFramesRecording *recording = g_new0 (DemoFramesRecording, 1);

  recording->began = now;
  g_ptr_array_add (self->recordings, recording);
  update_tick (self);

  return recording;
}

/**
 * demo_frames_end:
 * @self: a frame counter
 * @recording: one of its recordings, which is freed
 * @now: the time of the call
 * @out: (out caller-allocates): what was recorded
 *
 * Ends a recording.  A gap that no frame has ended yet counts as far as it goes.
 */
void
demo_frames_end (DemoFrames          *self,
                 DemoFramesRecording *recording,
                 gint64               now,
                 DemoFrameStats      *out)
{
  record_gap (self, recording, now);
  *out = recording->stats;

  g_ptr_array_remove_fast (self->recordings, recording);
  update_tick (self);
}

/**
 * demo_frames_get_missed:
 * @self: a frame counter
 * @since: a time
 * @now: the time of the call
 *
 * Counts the frames that were due from @since to @now: in the gap that is open now, and in those
 * that have ended since.  (It may have been the drawing itself that took so long.)
 *
 * Returns: how many were not drawn
 */
guint
demo_frames_get_missed (DemoFrames *self,
                        gint64      since,
                        gint64      now)
{
  guint64 n_known = MIN (self->n_paints, N_PAINTS);
  gint64 end = now;
  guint missed = 0;

  for (guint64 i = 0; i < n_known && end > since; i++)
    {
      gint64 paint = nth_last_paint (self, i);

      missed += missed_in_gap (self, end - MAX (paint, since - self->interval));
      end = paint;
    }

  return missed;
}

/**
 * demo_frames_get_fps:
 * @self: a frame counter
 *
 * Tells how many frames were drawn in the last second.  It is the number of gaps that reach into
 * that second over the time that they took, so that a freeze stays in it for a second.
 *
 * Returns: frames per second; 0 if no frames are due, as at rest
 */
double
demo_frames_get_fps (DemoFrames *self)
{
  gint64 now = g_get_monotonic_time ();
  guint64 n_known = MIN (self->n_paints, N_PAINTS);
  guint64 n_gaps = 0;
  gint64 end;

  if (n_known < 2 || is_at_rest (self))
    return 0;

  while (n_gaps + 1 < n_known && nth_last_paint (self, n_gaps) > now - G_USEC_PER_SEC)
    n_gaps++;

  end = nth_last_paint (self, 0);
  if (now - end > 2 * self->interval)
    end = now;

  return n_gaps * (double) G_USEC_PER_SEC / (double) (end - nth_last_paint (self, n_gaps));
}
