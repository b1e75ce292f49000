/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-meter.h"

#include <asyncify/asyncify.h>

#include "demo-culprit.h"

enum
{
  FROZE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

struct _DemoRecording
{
  gint64 began;
  DemoHeartbeatRecording *heartbeat;

  /* NULL if no widget was attached all the time */
  DemoFramesRecording *frames;
  DemoInputRecording *input;
};

/* A beat that came so late that the loop was frozen; the watchdog may be about to say more. */
typedef struct
{
  gint64 due;
  gint64 came; /* 0 if there is none */
  guint frames_missed;
  char *announced;
} LateBeat;

struct _DemoMeter
{
  GObject parent_instance;

  DemoHeartbeat *heartbeat;
  AsyncifyWatchdog *watchdog;
  gboolean resting;

  /* NULL while no widget is attached */
  DemoFrames *frames;
  DemoInput *input;

  GPtrArray *recordings;    /* owned */

  /* What the loop said it would run itself. */
  char *entered; /* the outermost function, while entered_depth > 0 */
  guint entered_depth;
  gint64 entered_at;

  /* Which function took longest since the last beat, and how long. */
  gint64 last_beat;
  char *blamed;
  gint64 blamed_us;

  LateBeat late;
  gint64 stalled_at; /* when the watchdog spoke last */
};

G_DEFINE_FINAL_TYPE (DemoMeter, demo_meter, G_TYPE_OBJECT)

static void
blame_entered (DemoMeter *self,
               gint64     now)
{
  gint64 took = now - MAX (self->entered_at, self->last_beat);

  if (took <= self->blamed_us)
    return;

  g_free (self->blamed);
  self->blamed = g_strdup (self->entered);
  self->blamed_us = took;
}

/* A function that did not even take half of the time is not what froze the loop. */
static char *
take_announced (DemoMeter *self,
                gint64     duration)
{
  g_autofree char *blamed = g_steal_pointer (&self->blamed);
  gint64 took = self->blamed_us;

  self->blamed_us = 0;

  return took >= duration / 2 ? g_steal_pointer (&blamed) : NULL;
}

static guint
get_frames_missed (DemoMeter *self,
                   gint64     since,
                   gint64     now)
{
  return self->frames != NULL ? demo_frames_get_missed (self->frames, since, now) : 0;
}

/* The watchdog has nothing to say to it: the loop was not busy, but others on the machine were, or
 * more urgent sources. */
static void
report_late_beat (DemoMeter *self)
{
  g_autofree char *announced = g_steal_pointer (&self->late.announced);
  double duration_ms = (double) (self->late.came - self->late.due) / 1000;

  self->late.came = 0;
  g_signal_emit (self, signals[FROZE], 0, duration_ms, self->late.frames_missed, announced);
}

static void
beat_cb (gint64   due,
         gint64   now,
         gpointer user_data)
{
  g_autoptr (DemoMeter) self = g_object_ref (user_data);
  g_autofree char *announced = NULL;
  gint64 duration = now - due;

  if (self->entered_depth > 0)
    blame_entered (self, now);
  announced = take_announced (self, duration);
  self->last_beat = now;

  if (self->late.came != 0)
    report_late_beat (self);

  if (duration >= DEMO_METER_FROZE_MS * 1000 && due > self->stalled_at)
    self->late = (LateBeat) { due, now, get_frames_missed (self, due, now),
                              g_steal_pointer (&announced) };
}

/* The watchdog comes right after the late beat: of two sources with the same priority, the one
 * that was attached first goes first.  (It finds the functions' names before, which takes its
 * time.)  Should it ever come first, it does not matter. */
static void
stalled_cb (DemoMeter     *self,
            AsyncifyStall *stall)
{
  gint64 now = g_get_monotonic_time ();
  gint64 duration = asyncify_stall_get_duration (stall);
  g_autofree char *announced = NULL;
  g_autofree char *culprit = NULL;

  if (self->late.came != 0)
    announced = g_steal_pointer (&self->late.announced);
  else
    announced = take_announced (self, duration);
  culprit = demo_culprit_find (asyncify_stall_get_functions (stall), announced);

  self->late.came = 0;
  self->stalled_at = now;
  g_signal_emit (self, signals[FROZE], 0, (double) duration / 1000,
                 get_frames_missed (self, now - duration, now), culprit);
}

static void
demo_meter_dispose (GObject *object)
{
  DemoMeter *self = DEMO_METER (object);

  demo_meter_detach (self);
  g_clear_object (&self->watchdog);
  g_clear_pointer (&self->heartbeat, demo_heartbeat_free);

  G_OBJECT_CLASS (demo_meter_parent_class)->dispose (object);
}

static void
demo_meter_finalize (GObject *object)
{
  DemoMeter *self = DEMO_METER (object);

  g_ptr_array_unref (self->recordings);
  g_free (self->entered);
  g_free (self->blamed);
  g_free (self->late.announced);

  G_OBJECT_CLASS (demo_meter_parent_class)->finalize (object);
}

static void
demo_meter_class_init (DemoMeterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = demo_meter_dispose;
  object_class->finalize = demo_meter_finalize;

  /**
   * DemoMeter::froze:
   * @self: the meter
   * @duration_ms: how long the loop did not run
   * @frames_missed: how many frames were due meanwhile; 0 if no shown widget is attached
   * @function: (nullable): what the watchdog found the loop in, see demo_culprit_find()
   *
   * The main loop is back after it was blocked for 200 ms or longer.  Emitted from the loop, before
   * the next frame is drawn.
   */
  signals[FROZE] = g_signal_new ("froze", DEMO_TYPE_METER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 3, G_TYPE_DOUBLE, G_TYPE_UINT, G_TYPE_STRING);
}

static void
demo_meter_init (DemoMeter *self)
{
  self->recordings = g_ptr_array_new_with_free_func (g_free);
  self->last_beat = g_get_monotonic_time ();
  self->heartbeat = demo_heartbeat_new (beat_cb, self);

  self->watchdog = asyncify_watchdog_new (NULL, DEMO_METER_FROZE_MS);
  g_signal_connect_object (self->watchdog, "stalled", G_CALLBACK (stalled_cb), self,
                           G_CONNECT_SWAPPED);
  asyncify_watchdog_start (self->watchdog);
}

/**
 * demo_meter_new:
 *
 * Creates a meter, which measures the default main context's lateness from now on.  A meter is used
 * from the main thread only.
 *
 * Returns: (transfer full): a new meter
 */
DemoMeter *
demo_meter_new (void)
{
  return g_object_new (DEMO_TYPE_METER, NULL);
}

/**
 * demo_meter_attach:
 * @self: a meter
 * @widget: (transfer none): the widget whose frame clock is to be watched
 *
 * Counts the frames of @widget's frame clock and what is pressed in its window while @widget is
 * realized, instead of those of the widget that was attached before.  A recording that is under way
 * counts no more of either.
 */
void
demo_meter_attach (DemoMeter *self,
                   GtkWidget *widget)
{
  g_return_if_fail (DEMO_IS_METER (self));
  g_return_if_fail (GTK_IS_WIDGET (widget));

  demo_meter_detach (self);
  self->frames = demo_frames_new (widget);
  demo_frames_set_resting (self->frames, self->resting);
  self->input = demo_input_new (widget);
}

/**
 * demo_meter_detach:
 * @self: a meter
 *
 * Counts no frames and no input any longer.  Nothing happens if no widget is attached.
 */
void
demo_meter_detach (DemoMeter *self)
{
  g_return_if_fail (DEMO_IS_METER (self));

  for (guint i = 0; i < self->recordings->len; i++)
    {
      DemoRecording *recording = g_ptr_array_index (self->recordings, i);

      recording->frames = NULL;
      recording->input = NULL;
    }

  g_clear_pointer (&self->frames, demo_frames_free);
  g_clear_pointer (&self->input, demo_input_free);
}

/**
 * demo_meter_set_resting:
 * @self: a meter
 * @resting: whether it may
 *
 * Lets the meter rest while there are no recordings: it neither wakes the loop nor has frames drawn
 * just to measure them.  Freezes are noticed and told just the same.
 */
void
demo_meter_set_resting (DemoMeter *self,
                        gboolean   resting)
{
  g_return_if_fail (DEMO_IS_METER (self));

  self->resting = resting;
  demo_heartbeat_set_resting (self->heartbeat, resting);
  if (self->frames != NULL)
    demo_frames_set_resting (self->frames, resting);
}

/**
 * demo_meter_begin:
 * @self: a meter
 *
 * Starts a recording, beside any others.  It may last for hours: it needs no more memory than a
 * short one.
 *
 * Returns: (transfer none): the recording, which belongs to the meter until demo_meter_end()
 */
DemoRecording *
demo_meter_begin (DemoMeter *self)
{
  DemoRecording *recording;

  g_return_val_if_fail (DEMO_IS_METER (self), NULL);

  recording = g_new0 (DemoRecording, 1);
  recording->began = g_get_monotonic_time ();
  recording->heartbeat = demo_heartbeat_begin (self->heartbeat, recording->began);
  if (self->frames != NULL)
    {
      recording->frames = demo_frames_begin (self->frames, recording->began);
      recording->input = demo_input_begin (self->input, recording->began);
    }
  g_ptr_array_add (self->recordings, recording);

  return recording;
}

/**
 * demo_meter_end:
 * @self: a meter
 * @recording: one of its recordings, which is freed
 * @out: (out caller-allocates) (optional): what was measured
 *
 * Ends a recording.  What the loop has not been able to do so far counts as well: a function that
 * blocked in this very iteration of the loop is measured in full.  No frames and no input are
 * counted if the widget was detached meanwhile.
 */
void
demo_meter_end (DemoMeter       *self,
                DemoRecording   *recording,
                DemoMeasurement *out)
{
  gint64 now = g_get_monotonic_time ();
  DemoMeasurement measurement = { 0 };

  g_return_if_fail (DEMO_IS_METER (self));
  g_return_if_fail (recording != NULL);

  measurement.wall_ms = (double) (now - recording->began) / 1000;
  demo_heartbeat_end (self->heartbeat, recording->heartbeat, now, &measurement.heartbeat);
  if (recording->frames != NULL)
    {
      demo_frames_end (self->frames, recording->frames, now, &measurement.frames);
      demo_input_end (self->input, recording->input, now, &measurement.input);
    }
  g_ptr_array_remove_fast (self->recordings, recording);

  if (out != NULL)
    *out = measurement;
}

/**
 * demo_meter_enter:
 * @self: a meter
 * @function: the name of a function; copied
 *
 * Says that the loop is about to run @function itself.  A static function has no name that could
 * be found, so this is the name that a freeze gets if the loop was found to be in the program's own
 * code.  Calls may be nested (@function may run the loop); it is the outermost name that counts.
 */
void
demo_meter_enter (DemoMeter  *self,
                  const char *function)
{
  g_return_if_fail (DEMO_IS_METER (self));
  g_return_if_fail (function != NULL);

  if (self->entered_depth++ > 0)
    return;

  self->entered = g_strdup (function);
  self->entered_at = g_get_monotonic_time ();
}

/**
 * demo_meter_leave:
 * @self: a meter
 *
 * Says that the function named last has returned.
 */
void
demo_meter_leave (DemoMeter *self)
{
  g_return_if_fail (DEMO_IS_METER (self));
  g_return_if_fail (self->entered_depth > 0);

  if (--self->entered_depth > 0)
    return;

  blame_entered (self, g_get_monotonic_time ());
  g_clear_pointer (&self->entered, g_free);
}

/**
 * demo_meter_get_history:
 * @self: a meter
 * @lateness_ms: (out caller-allocates) (array length=n_buckets): the worst lateness in each bucket
 *   of 100 ms, the newest last; below 0 where nothing is known
 * @n_buckets: at most %DEMO_METER_BUCKETS, which is 30 s
 *
 * Tells how late the loop was lately.  All buckets that a freeze covers have its whole length.
 *
 * Returns: the number of the newest bucket, which grows by one every 100 ms
 */
gint64
demo_meter_get_history (DemoMeter *self,
                        double    *lateness_ms,
                        guint      n_buckets)
{
  g_return_val_if_fail (DEMO_IS_METER (self), 0);
  g_return_val_if_fail (lateness_ms != NULL, 0);
  g_return_val_if_fail (n_buckets <= DEMO_METER_BUCKETS, 0);

  return demo_heartbeat_get_history (self->heartbeat, lateness_ms, n_buckets);
}

/**
 * demo_meter_get_lateness:
 * @self: a meter
 *
 * Tells the worst lateness in the last second.
 *
 * Returns: milliseconds
 */
double
demo_meter_get_lateness (DemoMeter *self)
{
  double history[10];
  double worst = 0;

  g_return_val_if_fail (DEMO_IS_METER (self), 0);

  demo_heartbeat_get_history (self->heartbeat, history, G_N_ELEMENTS (history));
  for (guint i = 0; i < G_N_ELEMENTS (history); i++)
    worst = MAX (worst, history[i]);

  return worst;
}

/**
 * demo_meter_get_fps:
 * @self: a meter
 *
 * Tells how many frames were drawn in the last second, a freeze included.
 *
 * Returns: frames per second; 0 if no shown widget is attached, or while the meter rests
 */
double
demo_meter_get_fps (DemoMeter *self)
{
  g_return_val_if_fail (DEMO_IS_METER (self), 0);

  return self->frames != NULL ? demo_frames_get_fps (self->frames) : 0;
}

/**
 * demo_meter_get_input:
 * @self: a meter
 * @last_ms: (out): how long the last press took to show
 * @worst_ms: (out): how long the worst one did
 *
 * Tells how long what was pressed in the last 30 s took to show: from when it was sent, so that the
 * time counts in which nobody came for it.
 *
 * Returns: whether anything was pressed
 */
gboolean
demo_meter_get_input (DemoMeter *self,
                      double    *last_ms,
                      double    *worst_ms)
{
  g_return_val_if_fail (DEMO_IS_METER (self), FALSE);

  *last_ms = *worst_ms = -1;
  if (self->input != NULL)
    demo_input_get_recent (self->input, last_ms, worst_ms);

  return *last_ms >= 0;
}
