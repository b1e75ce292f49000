/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the stage shows, held against what really happened: against the times at which the test
 * itself began to block the loop and had it back, not against those it wished for. */

#include "demo-stage.h"
#include "demo-strip.h"
#include "testwidgets.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define FRAME_MS (1000.0 / 60)
#define BEAT_MS  (DEMO_HEARTBEAT_PERIOD_US / 1000.0)

/* What counts as a freeze, and what as late. */
#define FREEZE_MS 200
#define LATE_MS   50

typedef struct {
  GtkWindow *window;
  DemoStage *stage;
  DemoMeter *meter;
  GdkFrameClock *clock;
  gint64 painted; /* when a frame was drawn last, us */
  char *x_server; /* where its times are told; NULL if they are not */
} Fixture;

static void
after_paint_cb (Fixture *self)
{
  self->painted = g_get_monotonic_time ();
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static char *find_x_server (void);

static void
set_up (Fixture *self,
        gconstpointer data)
{
  self->x_server = find_x_server ();
  self->window = GTK_WINDOW (gtk_window_new ());
  self->stage = DEMO_STAGE (demo_stage_new ());
  self->meter = demo_stage_get_meter (self->stage);
  gtk_window_set_child (self->window, GTK_WIDGET (self->stage));
  gtk_window_set_default_size (self->window, 800, 300);
  gtk_window_present (self->window);
  test_wait_until (is_mapped, self->stage);

  self->clock = gtk_widget_get_frame_clock (GTK_WIDGET (self->stage));
  g_signal_connect_swapped (self->clock, "after-paint", G_CALLBACK (after_paint_cb), self);
  test_wait_for_frames (GTK_WIDGET (self->stage), 30);
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  g_free (self->x_server);
  g_signal_handlers_disconnect_by_data (self->clock, self);
  test_destroy_window (self->window);
}

static double
in_ms (gint64 time)
{
  return (double) time / 1000;
}

/* What the machine is to blame for */

/* Reads "pid (name) state parent ..." of a process. */
static gboolean
read_process (const char *pid,
              char name[32],
              int *parent)
{
  g_autofree char *path = g_build_filename ("/proc", pid, "stat", NULL);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL)
         && sscanf (text, "%*d (%31[^)]) %*c %d", name, parent) == 2;
}

/* The loop also waits for the X server, which xvfb-run has started, as it has us. Returns:
 * (transfer full) (nullable): where the system tells how it is scheduled */
static char *
find_x_server (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc", 0, NULL);
  const char *pid;
  char name[32];
  int ours, parent;

  if (dir == NULL || !read_process ("self", name, &ours))
    return NULL;

  while ((pid = g_dir_read_name (dir)) != NULL)
    if (g_ascii_isdigit (*pid) && read_process (pid, name, &parent) && parent == ours
        && g_str_equal (name, "Xvfb"))
      return g_build_filename ("/proc", pid, "schedstat", NULL);

  return NULL;
}

/* For how long a thread could have run, and had to wait for a processor instead, in ms. 0 where the
 * system doesn't tell. */
static double
get_waited (const char *path)
{
  g_autofree char *text = NULL;
  guint64 ran, waited;

  if (path == NULL || !g_file_get_contents (path, &text, NULL, NULL)
      || sscanf (text, "%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, &ran, &waited) != 2)
    return 0;

  return (double) waited / 1000000;
}

static double
get_all_waited (Fixture *self)
{
  return get_waited ("/proc/thread-self/schedstat") + get_waited (self->x_server);
}

/* Stalls of known lengths */

/* A time in which the loop was blocked: at least from began to ended, and at most from ready to
 * back, between which the loop had no chance to do anything less urgent than the heartbeat. (Both
 * are the same to the millisecond, unless the machine has stopped us just then.) All in us. */
typedef struct {
  Fixture *fixture;
  gint64 length; /* as it was wished for */

  gint64 painted; /* the last frame before */
  gint64 ready, began, ended, back;

  double excuse; /* by how much the machine may have made anything longer before and after, in ms */
} Stall;

typedef struct {
  GSource base;
  Stall *stall;
} StallSource;

static gboolean
back_cb (gpointer user_data)
{
  Stall *stall = user_data;

  stall->back = g_get_monotonic_time ();

  return G_SOURCE_REMOVE;
}

/* The last time before a poll of the loop that finds nothing more urgent to do. */
static gboolean
stall_prepare (GSource *source,
               int *timeout)
{
  ((StallSource *) source)->stall->ready = g_get_monotonic_time ();
  *timeout = 0;

  return FALSE;
}

static gboolean
stall_check (GSource *source)
{
  return TRUE;
}

static gboolean
stall_dispatch (GSource *source,
                GSourceFunc callback,
                gpointer user_data)
{
  Stall *stall = ((StallSource *) source)->stall;

  stall->painted = stall->fixture->painted;
  stall->excuse = get_all_waited (stall->fixture);
  stall->began = g_get_monotonic_time ();
  do
    stall->ended = g_get_monotonic_time ();
  while (stall->ended - stall->began < stall->length);
  stall->excuse -= get_all_waited (stall->fixture);
  g_idle_add_full (G_PRIORITY_HIGH + 1, back_cb, stall, NULL);

  return G_SOURCE_REMOVE;
}

static gboolean
is_back (gpointer data)
{
  return ((Stall *) data)->back != 0;
}

static void
make_stall (Stall *stall)
{
  static GSourceFuncs funcs
    = { .prepare = stall_prepare, .check = stall_check, .dispatch = stall_dispatch };
  g_autoptr (GSource) source = g_source_new (&funcs, sizeof (StallSource));

  ((StallSource *) source)->stall = stall;
  g_source_set_priority (source, G_PRIORITY_HIGH + 1);
  g_source_attach (source, NULL);
  test_wait_until (is_back, stall);
}

/* @allowance: how much more or less it may be than it can have been, in ms */
static void
assert_true_length (const Stall *stall,
                    const char *figure,
                    double shown_ms,
                    double allowance)
{
  double at_least = in_ms (stall->ended - stall->began);
  double at_most = in_ms (stall->back - stall->ready) + stall->excuse;

  if (shown_ms < at_least - allowance || shown_ms > at_most + allowance)
    g_error ("%s: %.1f ms, but the loop was blocked for %.1f to %.1f ms", figure, shown_ms,
             at_least, at_most);
}

/* All of the bars that the stall covers are as high as it was long. */
static void
assert_strip (const Stall *stall)
{
  double lateness_ms[DEMO_METER_BUCKETS];
  gint64 newest
    = demo_meter_get_history (stall->fixture->meter, lateness_ms, DEMO_METER_BUCKETS);
  gint64 first = (stall->began + DEMO_HEARTBEAT_PERIOD_US) / DEMO_HEARTBEAT_BUCKET_US;
  gint64 last = stall->ended / DEMO_HEARTBEAT_BUCKET_US;

  g_assert_cmpint (last, <=, newest);
  for (gint64 stamp = first; stamp <= last; stamp++)
    assert_true_length (stall, "Strip", lateness_ms[DEMO_METER_BUCKETS - 1 - (newest - stamp)],
                        BEAT_MS);
}

static const char *
get_ledger (Fixture *self)
{
  return gtk_label_get_text (
    GTK_LABEL (test_find (GTK_WIDGET (self->stage), GTK_TYPE_LABEL, "ledger")));
}

static void
assert_ledger (const Stall *stall)
{
  const char *text = get_ledger (stall->fixture);
  double at_least = in_ms (stall->ended - stall->began) / FRAME_MS;
  double at_most
    = (in_ms (stall->back - MIN (stall->painted, stall->ready)) + stall->excuse) / FRAME_MS;
  unsigned int ms, frames;

  /* There is no freeze for what was shorter; and it is not known on which side it was. */
  if (in_ms (stall->back - stall->ready) + stall->excuse < FREEZE_MS)
    g_assert_cmpstr (text, ==, "No freeze so far");
  if (stall->ended - stall->began < FREEZE_MS * 1000)
    return;

  if (sscanf (text, "Last freeze: %u ms, %u frames missed", &ms, &frames) != 2)
    g_error ("The ledger says “%s”", text);
  assert_true_length (stall, "Ledger", ms, 1);

  /* As many as fit in between two that were drawn, give or take one. */
  g_assert_cmpuint (frames, >=, round (at_least) - 1);
  g_assert_cmpuint (frames, <=, round (at_most));
}

static void
assert_measurement (const Stall *stall,
                    const DemoMeasurement *m)
{
  assert_true_length (stall, "Heartbeat", m->heartbeat.max_ms, BEAT_MS);

  /* Between two frames, and the second one takes its time as well. */
  g_assert_cmpfloat (m->frames.longest_gap_ms, >=, in_ms (stall->ended - stall->began));
  g_assert_cmpfloat (m->frames.longest_gap_ms, <=,
                     in_ms (stall->fixture->painted - MIN (stall->painted, stall->ready))
                       + stall->excuse + 1);
}

static void
measure_stall (Stall *stall,
               DemoMeasurement *m)
{
  Fixture *self = stall->fixture;
  DemoRecording *recording;
  double waited;

  stall->back = 0;
  demo_stage_reset_ledger (self->stage);
  test_wait_for_frames (GTK_WIDGET (self->stage), 10);

  waited = get_all_waited (self);
  recording = demo_meter_begin (self->meter);
  make_stall (stall);
  test_wait_for_frames (GTK_WIDGET (self->stage), 1);
  test_iterate (1);
  demo_meter_end (self->meter, recording, m);
  stall->excuse += get_all_waited (self) - waited;
}

/* On a busy machine a few attempts may be needed to see it undisturbed. */
static void
test_stalls (Fixture *self,
             gconstpointer data)
{
  const guint lengths[] = { 60, 150, 250, 400, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      Stall stall = { .fixture = self, .length = lengths[i] * 1000 };
      DemoMeasurement m;

      for (guint attempt = 0; attempt < 5 && (attempt == 0 || stall.excuse > BEAT_MS); attempt++)
        measure_stall (&stall, &m);

      g_test_message ("Blocked for %.1f to %.1f ms (and up to %.1f ms that others took); heartbeat "
                      "%.1f ms, gap %.1f ms. %s",
                      in_ms (stall.ended - stall.began), in_ms (stall.back - stall.ready),
                      stall.excuse, m.heartbeat.max_ms, m.frames.longest_gap_ms,
                      get_ledger (self));
      assert_strip (&stall);
      assert_ledger (&stall);
      assert_measurement (&stall, &m);
    }
}

/* Without motion, and without a recording that would have the heart beat. */
static void
test_stalls_at_rest (Fixture *self,
                     gconstpointer data)
{
  GtkSettings *settings = gtk_settings_get_default ();
  const guint lengths[] = { 60, 150, 250, 1000 };

  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      Stall stall = { .fixture = self, .length = lengths[i] * 1000 };

      for (guint attempt = 0; attempt < 5 && (attempt == 0 || stall.excuse > BEAT_MS); attempt++)
        {
          double waited;

          stall.back = 0;
          demo_stage_reset_ledger (self->stage);
          test_wait_for_frames (GTK_WIDGET (self->stage), 2);

          waited = get_all_waited (self);
          make_stall (&stall);
          test_iterate (2);
          stall.excuse += get_all_waited (self) - waited;
        }

      assert_strip (&stall);
      assert_ledger (&stall);
    }
  g_object_set (settings, "gtk-enable-animations", TRUE, NULL);
}

/* A time without any */

/* A thread that does nothing but be woken at set times: how late that happens is the machine's
 * doing, and no fault of the loop. */
typedef struct {
  GMutex lock;
  gboolean over;
  gint64 due;
  gint64 latest; /* since it was asked last, us */

  double worst_ms; /* how late the loop was at most, for whatever reason */
} Reference;

static gpointer
reference_cb (gpointer data)
{
  Reference *self = data;

  g_mutex_lock (&self->lock);
  while (!self->over)
    {
      self->due = g_get_monotonic_time () + DEMO_HEARTBEAT_PERIOD_US;
      g_mutex_unlock (&self->lock);
      g_usleep (DEMO_HEARTBEAT_PERIOD_US);
      g_mutex_lock (&self->lock);
      self->latest = MAX (self->latest, g_get_monotonic_time () - self->due);
    }
  g_mutex_unlock (&self->lock);

  return NULL;
}

/* How late it was at most, in ms. What still lasts counts here, and again next time. */
static double
ask_reference (Reference *self)
{
  gint64 latest;

  g_mutex_lock (&self->lock);
  latest = MAX (self->latest, g_get_monotonic_time () - self->due);
  self->latest = 0;
  g_mutex_unlock (&self->lock);

  return MAX (in_ms (latest), 0);
}

static gboolean
set_true_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

static gboolean
is_set (gpointer data)
{
  return *(gboolean *) data;
}

/* Looks at the loop for a while. Returns: how late it was at most, in ms, without that for which
 * the machine is to blame */
static double
watch (Fixture *self,
       Reference *reference,
       guint ms)
{
  double waited = get_all_waited (self), excuse;
  DemoRecording *recording = demo_meter_begin (self->meter);
  gboolean over = FALSE;
  DemoMeasurement m;

  g_timeout_add (ms, set_true_cb, &over);
  test_wait_until (is_set, &over);
  demo_meter_end (self->meter, recording, &m);
  excuse = ask_reference (reference) + get_all_waited (self) - waited;

  if (m.heartbeat.max_ms >= LATE_MS)
    g_test_message ("The loop was %.1f ms late, for %.1f ms of which others can be blamed",
                    m.heartbeat.max_ms, excuse);
  reference->worst_ms = MAX (reference->worst_ms, m.heartbeat.max_ms);

  return m.heartbeat.max_ms - excuse;
}

/* Nothing is done: nothing is shown. */
static void
test_calm (Fixture *self,
           gconstpointer data)
{
  const guint n_times = g_getenv ("ASYNCIFY_TEST_THOROUGH") != NULL ? 240 : 40;
  Reference reference = { .due = G_MAXINT64 };
  GThread *thread;
  double worst = 0;

  g_mutex_init (&reference.lock);
  thread = g_thread_new ("reference", reference_cb, &reference);
  for (guint i = 0; i < n_times; i++)
    {
      double late = watch (self, &reference, 250);

      worst = MAX (worst, late);
    }

  g_mutex_lock (&reference.lock);
  reference.over = TRUE;
  g_mutex_unlock (&reference.lock);
  g_thread_join (thread);
  g_mutex_clear (&reference.lock);

  g_test_message ("At most %.1f ms late", reference.worst_ms);
  g_assert_cmpfloat (worst, <, LATE_MS);
  if (reference.worst_ms < FREEZE_MS - 2 * BEAT_MS)
    g_assert_cmpstr (get_ledger (self), ==, "No freeze so far");
}

/* The same, and something is done: that is not taken for the machine's doing. */
static gboolean
block_cb (gpointer user_data)
{
  g_usleep (GPOINTER_TO_UINT (user_data) * 1000);

  return G_SOURCE_REMOVE;
}

static void
test_not_calm (Fixture *self,
               gconstpointer data)
{
  Reference reference = { .due = G_MAXINT64 };
  double worst;

  g_mutex_init (&reference.lock);
  g_timeout_add (100, block_cb, GUINT_TO_POINTER (400));
  worst = watch (self, &reference, 500);
  g_mutex_clear (&reference.lock);

  g_assert_cmpfloat (worst, >=, LATE_MS);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!test_widgets_begin ())
    return 0;

  g_test_add ("/truth/stalls-are-shown-as-long-as-they-were", Fixture, NULL, set_up, test_stalls,
              tear_down);
  g_test_add ("/truth/stalls-are-shown-at-rest", Fixture, NULL, set_up, test_stalls_at_rest,
              tear_down);
  g_test_add ("/truth/calm-shows-no-stall", Fixture, NULL, set_up, test_calm, tear_down);
  g_test_add ("/truth/short-of-calm-does", Fixture, NULL, set_up, test_not_calm, tear_down);

  return g_test_run ();
}
