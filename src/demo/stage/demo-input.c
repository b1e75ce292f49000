/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-input.h"

#include "demo-histogram.h"

/* The worst one is remembered for so long. */
#define RECENT_S 30

/* No event waits for longer, in ms: then the clocks are not what they were taken for. */
#define LONGEST_AGE_MS 60000

/* An event that was handled, and whose frame has not been drawn yet. */
typedef struct
{
  gint64 sent;
  gint64 arrived;
  gint64 counted; /* when a recording ended that counted it already; 0 if none did */
} Waiting;

struct _DemoInputRecording
{
  gint64 began;
  DemoHistogram histogram;
};

/* Sees all events before anybody else does, and the frame that follows. */
struct _DemoInput
{
  GtkWidget *widget; /* weak */
  gulong widget_handlers[3];

  /* While the widget is realized. */
  GdkFrameClock *frames;
  gulong painted_handler;
  GtkEventController *controller; /* of the widget's window */

  DemoInputClock clock;
  GArray *waiting; /* Waiting */

  /* A ring: stamps[] says which second since the clock's zero a slot holds at present. */
  gint64 stamps[RECENT_S];
  gint64 worst[RECENT_S];
  gint64 last; /* us; of the newest second in the ring */

  GPtrArray *recordings; /* owned */
};

/**
 * demo_input_clock_get_age:
 * @self: a clock; all zero at first
 * @time: an event's time, in ms on the clock of whoever sent it, of which only differences are
 *   known; it wraps around
 * @now: when the event has arrived
 *
 * Finds out how long ago an event was sent, also if it has waited for us to come for it.
 *
 * A display server on the same machine nearly always uses the same clock as we do.  (By chance two
 * others are within a minute of each other once in 70 000 cases.)  From any other one an event
 * can't have been under way for less than nothing: the fastest one so far tells how far the clocks
 * are apart, so that all ages may be too low by what that one took.
 *
 * Returns: us; at most 1 ms too high, because of the unit of @time
 */
gint64
demo_input_clock_get_age (DemoInputClock *self,
                          guint32         time,
                          gint64          now)
{
  gint64 ahead_ms = (gint32) ((guint32) (now / 1000) - time);

  if (!self->known || ahead_ms - self->offset_ms > LONGEST_AGE_MS)
    self->offset_ms = ahead_ms >= 0 && ahead_ms <= LONGEST_AGE_MS ? 0 : ahead_ms;
  self->known = TRUE;
  self->offset_ms = MIN (self->offset_ms, ahead_ms);

  return (ahead_ms - self->offset_ms) * 1000 + now % 1000;
}

static gboolean
is_counted (GdkEvent *event)
{
  switch ((int) gdk_event_get_event_type (event))
    {
    case GDK_BUTTON_PRESS:
    case GDK_BUTTON_RELEASE:
    case GDK_KEY_PRESS:
    case GDK_TOUCH_BEGIN:
    case GDK_TOUCH_END:
      /* One that the program made itself has no time. */
      return gdk_event_get_time (event) != GDK_CURRENT_TIME;
    default:
      return FALSE;
    }
}

static gboolean
event_cb (DemoInput *self,
          GdkEvent  *event)
{
  gint64 now = g_get_monotonic_time ();

  if (gtk_widget_get_mapped (self->widget) && is_counted (event))
    {
      gint64 age = demo_input_clock_get_age (&self->clock, gdk_event_get_time (event), now);
      Waiting waiting = { now - age, now, 0 };

      g_array_append_val (self->waiting, waiting);
    }

  return GDK_EVENT_PROPAGATE;
}

/* What was sent before the recording began belongs to somebody else, unless it is the press that
 * has led to it: that has arrived, and nobody else has counted it. */
static void
record (DemoInputRecording *recording,
        const Waiting      *waiting,
        gint64              now)
{
  gint64 began = recording->began;

  if ((waiting->sent >= began || waiting->arrived <= began)
      && (waiting->counted == 0 || waiting->counted > began))
    demo_histogram_add (&recording->histogram, now - waiting->sent);
}

static void
remember (DemoInput *self,
          gint64     latency,
          gint64     now)
{
  gint64 stamp = now / G_USEC_PER_SEC;
  guint slot = (guint) (stamp % RECENT_S);

  if (self->stamps[slot] != stamp)
    self->worst[slot] = 0;

  self->stamps[slot] = stamp;
  self->worst[slot] = MAX (self->worst[slot], latency);
  self->last = latency;
}

static void
after_paint_cb (DemoInput *self)
{
  gint64 now = g_get_monotonic_time ();

  for (guint i = 0; i < self->waiting->len; i++)
    {
      const Waiting *waiting = &g_array_index (self->waiting, Waiting, i);

      remember (self, now - waiting->sent, now);
      for (guint j = 0; j < self->recordings->len; j++)
        record (g_ptr_array_index (self->recordings, j), waiting, now);
    }

  g_array_set_size (self->waiting, 0);
}

/* Nothing is drawn that would show what they did. */
static void
forget_waiting (DemoInput *self)
{
  g_array_set_size (self->waiting, 0);
}

static void
realized_cb (DemoInput *self)
{
  GtkWidget *root = GTK_WIDGET (gtk_widget_get_root (self->widget));

  self->frames = g_object_ref (gtk_widget_get_frame_clock (self->widget));
  self->painted_handler = g_signal_connect_swapped (self->frames, "after-paint",
                                                    G_CALLBACK (after_paint_cb), self);

  self->controller = g_object_ref (gtk_event_controller_legacy_new ());
  gtk_event_controller_set_propagation_phase (self->controller, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (self->controller, "event", G_CALLBACK (event_cb), self);
  gtk_widget_add_controller (root, self->controller);
}

static void
unrealized_cb (DemoInput *self)
{
  GtkWidget *root;

  if (self->frames == NULL)
    return;

  forget_waiting (self);
  g_clear_signal_handler (&self->painted_handler, self->frames);
  g_clear_object (&self->frames);

  root = gtk_event_controller_get_widget (self->controller);
  g_signal_handlers_disconnect_by_data (self->controller, self);
  if (root != NULL)
    gtk_widget_remove_controller (root, self->controller);
  g_clear_object (&self->controller);
}

/**
 * demo_input_new:
 * @widget: (transfer none): whose window and frame clock to watch; a weak reference is kept
 *
 * Watches what is pressed in @widget's window while @widget is realized.
 *
 * Returns: (transfer full): a counter of input, for the main thread only
 */
DemoInput *
demo_input_new (GtkWidget *widget)
{
  DemoInput *self = g_new0 (DemoInput, 1);

  self->waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
  self->recordings = g_ptr_array_new_with_free_func (g_free);
  g_set_weak_pointer (&self->widget, widget);

  self->widget_handlers[0]
    = g_signal_connect_swapped (widget, "realize", G_CALLBACK (realized_cb), self);
  self->widget_handlers[1]
    = g_signal_connect_swapped (widget, "unrealize", G_CALLBACK (unrealized_cb), self);
  self->widget_handlers[2]
    = g_signal_connect_swapped (widget, "unmap", G_CALLBACK (forget_waiting), self);

  if (gtk_widget_get_realized (widget))
    realized_cb (self);

  return self;
}

/**
 * demo_input_free:
 * @self: (transfer full): a counter of input
 *
 * Stops watching, and drops the recordings that were not ended.
 */
void
demo_input_free (DemoInput *self)
{
  if (self->widget != NULL)
    {
      unrealized_cb (self);
      for (guint i = 0; i < G_N_ELEMENTS (self->widget_handlers); i++)
        g_clear_signal_handler (&self->widget_handlers[i], self->widget);
    }

  g_clear_weak_pointer (&self->widget);
  g_ptr_array_unref (self->recordings);
  g_array_unref (self->waiting);
  g_free (self);
}

/**
 * demo_input_begin:
 * @self: a counter of input
 * @now: the time of the call
 *
 * Starts a recording of what is pressed from now on.  A press that has arrived and not shown yet, as
 * that of the button that leads here, counts as well.
 *
 * Returns: (transfer none): the recording, which belongs to the counter until it is ended
 */
DemoInputRecording *
demo_input_begin (DemoInput *self,
                  gint64     now)
{
  DemoInputRecording *recording = g_new (DemoInputRecording, 1);

  recording->began = now;
  demo_histogram_clear (&recording->histogram);
  g_ptr_array_add (self->recordings, recording);

  return recording;
}

/**
 * demo_input_end:
 * @self: a counter of input
 * @recording: one of its recordings, which is freed
 * @now: the time of the call
 * @out: (out caller-allocates): what was recorded
 *
 * Ends a recording.  What has not shown yet counts with the time that it has waited so far, and
 * not again in a recording that begins later.
 */
void
demo_input_end (DemoInput          *self,
                DemoInputRecording *recording,
                gint64              now,
                DemoInputStats     *out)
{
  DemoHistogram *histogram = &recording->histogram;

  for (guint i = 0; i < self->waiting->len; i++)
    {
      Waiting *waiting = &g_array_index (self->waiting, Waiting, i);

      record (recording, waiting, now);
      if (waiting->counted == 0)
        waiting->counted = now;
    }

  out->n = (guint) MIN (histogram->total, G_MAXUINT);
  out->p50_ms = (double) demo_histogram_get_percentile (histogram, 50) / 1000;
  out->max_ms = (double) histogram->max / 1000;

  g_ptr_array_remove_fast (self->recordings, recording);
}

/**
 * demo_input_get_recent:
 * @self: a counter of input
 * @last_ms: (out): how long the last press took to show
 * @worst_ms: (out): how long the worst one did
 *
 * Tells of the last 30 s.  Both are below 0 if nothing was pressed in them.
 */
void
demo_input_get_recent (DemoInput *self,
                       double    *last_ms,
                       double    *worst_ms)
{
  gint64 newest = g_get_monotonic_time () / G_USEC_PER_SEC;
  gint64 worst = -1;

  for (guint i = 0; i < RECENT_S; i++)
    if (self->stamps[i] != 0 && self->stamps[i] > newest - RECENT_S)
      worst = MAX (worst, self->worst[i]);

  *worst_ms = worst >= 0 ? (double) worst / 1000 : -1;
  *last_ms = worst >= 0 ? (double) self->last / 1000 : -1;
}
