/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-heartbeat.h"

#include "demo-histogram.h"

struct _DemoHeartbeatRecording
{
  gint64 began;
  DemoHistogram histogram;
};

/* A source that wants to run every 5 ms, before anything else in the loop.  How late it comes is
 * how long the loop was kept from running it.
 *
 * At rest it doesn't wake the loop.  A beat is due whenever the loop wakes up by itself, and comes
 * before it goes to sleep again, if that takes longer than 5 ms. */
struct _DemoHeartbeat
{
  GSource *source;
  DemoHeartbeatFunc func;
  gpointer user_data;

  gint64 due; /* when the next beat ought to come; at rest, when the loop woke up */

  gboolean resting; /* it is at rest while there are no recordings */
  gint64 asleep;    /* since when the loop was, at rest */

  /* A ring: stamps[] says which bucket since the clock's zero a slot holds at present. */
  gint64 stamps[DEMO_HEARTBEAT_BUCKETS];
  gint64 lateness[DEMO_HEARTBEAT_BUCKETS];

  GPtrArray *recordings; /* owned */
};

typedef struct
{
  GSource base;
  DemoHeartbeat *heartbeat;
} BeatSource;

static void
paint_bucket (DemoHeartbeat *self,
              gint64         stamp,
              gint64         lateness)
{
  guint slot = (guint) (stamp % DEMO_HEARTBEAT_BUCKETS);

  if (self->stamps[slot] != stamp)
    {
      self->stamps[slot] = stamp;
      self->lateness[slot] = 0;
    }

  self->lateness[slot] = MAX (self->lateness[slot], lateness);
}

static void
paint_buckets (DemoHeartbeat *self,
               gint64         from,
               gint64         to,
               gint64         lateness)
{
  gint64 last = to / DEMO_HEARTBEAT_BUCKET_US;
  gint64 first = MAX (from / DEMO_HEARTBEAT_BUCKET_US, last - DEMO_HEARTBEAT_BUCKETS + 1);

  for (gint64 stamp = first; stamp <= last; stamp++)
    paint_bucket (self, stamp, lateness);
}

/* The loop was gone for all of the time from due to now, not only at its end. */
static void
paint_history (DemoHeartbeat *self,
               gint64         now)
{
  paint_buckets (self, self->due, now, now - self->due);
}

/* One late beat hides all those that were due while the loop was blocked ("coordinated omission").
 * Each of them counts, with the lateness that it would have had.  Beats that were due before the
 * recording began belong to somebody else. */
static void
record_beats (DemoHeartbeat          *self,
              DemoHeartbeatRecording *recording,
              gint64                  now)
{
  gint64 due = self->due;

  if (due < recording->began)
    {
      gint64 behind = recording->began - due;

      due += (behind + DEMO_HEARTBEAT_PERIOD_US - 1) / DEMO_HEARTBEAT_PERIOD_US
             * DEMO_HEARTBEAT_PERIOD_US;
    }

  for (; due <= now; due += DEMO_HEARTBEAT_PERIOD_US)
    demo_histogram_add (&recording->histogram, now - due);
}

static gboolean
is_at_rest (DemoHeartbeat *self)
{
  return self->resting && self->recordings->len == 0;
}

static void
update_ready_time (DemoHeartbeat *self)
{
  g_source_set_ready_time (self->source, is_at_rest (self) ? -1 : self->due);
}

/* The loop is about to go to sleep. */
static gboolean
beat_source_prepare (GSource *source,
                     int     *timeout)
{
  DemoHeartbeat *self = ((BeatSource *) source)->heartbeat;

  *timeout = -1;
  if (!is_at_rest (self))
    return FALSE;

  self->asleep = g_get_monotonic_time ();
  if (self->asleep >= self->due)
    paint_history (self, self->asleep);

  return self->asleep - self->due >= DEMO_HEARTBEAT_PERIOD_US;
}

/* The loop has woken up.  Meanwhile a beat would have come in time. */
static gboolean
beat_source_check (GSource *source)
{
  DemoHeartbeat *self = ((BeatSource *) source)->heartbeat;

  if (is_at_rest (self))
    {
      self->due = g_get_monotonic_time ();
      paint_buckets (self, self->asleep, self->due, 0);
    }

  return FALSE;
}

static gboolean
beat_source_dispatch (GSource    *source,
                      GSourceFunc callback,
                      gpointer    user_data)
{
  DemoHeartbeat *self = ((BeatSource *) source)->heartbeat;
  gint64 now = g_get_monotonic_time ();
  gint64 due = self->due;

  paint_history (self, now);
  for (guint i = 0; i < self->recordings->len; i++)
    record_beats (self, g_ptr_array_index (self->recordings, i), now);

  self->due += ((now - due) / DEMO_HEARTBEAT_PERIOD_US + 1) * DEMO_HEARTBEAT_PERIOD_US;

  /* A late beat is followed by another one, even at rest: that is when it is known to be over. */
  if (now - due >= DEMO_HEARTBEAT_PERIOD_US)
    g_source_set_ready_time (source, self->due);
  else
    update_ready_time (self);

  /* Last, because it may free the heartbeat. */
  self->func (due, now, self->user_data);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs beat_source_funcs = {
  .prepare = beat_source_prepare,
  .check = beat_source_check,
  .dispatch = beat_source_dispatch,
};

/**
 * demo_heartbeat_new:
 * @func: called in the main thread after each beat
 * @user_data: for @func
 *
 * Starts a heartbeat in the default main context.
 *
 * Returns: (transfer full): a heartbeat
 */
DemoHeartbeat *
demo_heartbeat_new (DemoHeartbeatFunc func,
                    gpointer          user_data)
{
  DemoHeartbeat *self = g_new0 (DemoHeartbeat, 1);

  self->func = func;
  self->user_data = user_data;
  self->recordings = g_ptr_array_new_with_free_func (g_free);
  self->due = g_get_monotonic_time () + DEMO_HEARTBEAT_PERIOD_US;

  for (guint i = 0; i < DEMO_HEARTBEAT_BUCKETS; i++)
    self->stamps[i] = -1;

  self->source = g_source_new (&beat_source_funcs, sizeof (BeatSource));
  ((BeatSource *) self->source)->heartbeat = self;
  g_source_set_static_name (self->source, "[demo] heartbeat");
  g_source_set_priority (self->source, G_PRIORITY_HIGH);
  g_source_set_ready_time (self->source, self->due);
  g_source_attach (self->source, NULL);

  return self;
}

/**
 * demo_heartbeat_free:
 * @self: (transfer full): a heartbeat
 *
 * Stops the heartbeat, and drops the recordings that were not ended.  Main thread only.
 */
void
demo_heartbeat_free (DemoHeartbeat *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  g_ptr_array_unref (self->recordings);
  g_free (self);
}

/**
 * demo_heartbeat_set_resting:
 * @self: a heartbeat
 * @resting: whether beats may be done without
 *
 * Lets the heartbeat rest for as long as there are no recordings.  The loop is not woken then, so
 * that it may sleep.  How long it is busy for is still noticed; but not if it is woken too late.
 */
void
demo_heartbeat_set_resting (DemoHeartbeat *self,
                            gboolean       resting)
{
  self->resting = resting;
  update_ready_time (self);
}

/**
 * demo_heartbeat_begin:
 * @self: a heartbeat
 * @now: the time of the call
 *
 * Starts a recording of the beats that are due from @now on.
 *
 * Returns: (transfer none): the recording, which belongs to the heartbeat until it is ended
 */
DemoHeartbeatRecording *
demo_heartbeat_begin (DemoHeartbeat *self,
                      gint64         now)
{
  DemoHeartbeatRecording *recording = g_new (DemoHeartbeatRecording, 1);

  recording->began = now;
  demo_histogram_clear (&recording->histogram);
  g_ptr_array_add (self->recordings, recording);
  update_ready_time (self);

  return recording;
}

/**
 * demo_heartbeat_end:
 * @self: a heartbeat
 * @recording: one of its recordings, which is freed
 * @now: the time of the call
 * @out: (out caller-allocates): what was recorded
 *
 * Ends a recording.  Beats that are due and could not come yet, because the loop has not been back
 * since it was blocked, count with the lateness that they have now.
 */
void
demo_heartbeat_end (DemoHeartbeat          *self,
                    DemoHeartbeatRecording *recording,
                    gint64                  now,
                    DemoHeartbeatStats     *out)
{
  DemoHistogram *histogram = &recording->histogram;

  record_beats (self, recording, now);

  out->p50_ms = (double) demo_histogram_get_percentile (histogram, 50) / 1000;
  out->p99_ms = (double) demo_histogram_get_percentile (histogram, 99) / 1000;
  out->max_ms = (double) histogram->max / 1000;
  out->beats = (guint) MIN (histogram->total, G_MAXUINT);

  g_ptr_array_remove_fast (self->recordings, recording);
  update_ready_time (self);
}

/**
 * demo_heartbeat_get_history:
 * @self: a heartbeat
 * @lateness_ms: (out caller-allocates) (array length=n_buckets): the worst lateness in each bucket
 * of 100 ms, the newest last; below 0 where nothing is known
 * @n_buckets: at most %DEMO_HEARTBEAT_BUCKETS
 *
 * Tells how late the loop was lately.  All buckets that a freeze covers have its whole length.
 *
 * Returns: the number of the newest bucket, which grows by one every 100 ms
 */
gint64
demo_heartbeat_get_history (DemoHeartbeat *self,
                            double        *lateness_ms,
                            guint          n_buckets)
{
  gint64 now = g_get_monotonic_time ();
  gint64 newest = now / DEMO_HEARTBEAT_BUCKET_US;
  guint n = MIN (n_buckets, DEMO_HEARTBEAT_BUCKETS);

  if (now >= self->due)
    paint_history (self, now);

  for (guint i = 0; i < n; i++)
    {
      gint64 stamp = newest - (n - 1 - i);
      guint slot = (guint) (stamp % DEMO_HEARTBEAT_BUCKETS);

      lateness_ms[i] = self->stamps[slot] == stamp ? self->lateness[slot] / 1000.0 : -1;
    }

  return newest;
}
