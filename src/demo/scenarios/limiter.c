/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-controls.h"
#include "demo-guard.h"
#include "demo-lanes.h"
#include "demo-text.h"

/* The blocking function: waits, as for the answer of a server, and can't be stopped. On a board
 * it says where it stands. */

typedef enum {
  NOT_BEGUN,
  RUNNING,
  RETURNED
} Stage;

typedef struct {
  gint n_running;
  gint most_running; /* at any time */
  gint stages[];     /* Stage, of each call */
} Board;

static void
await_answer (guint ms,
              Board *board,
              guint number)
{
  gint n_running = g_atomic_int_add (&board->n_running, 1) + 1;
  gint most = g_atomic_int_get (&board->most_running);

  g_atomic_int_set (&board->stages[number], RUNNING);
  while (n_running > most
         && !g_atomic_int_compare_and_exchange (&board->most_running, most, n_running))
    most = g_atomic_int_get (&board->most_running);

  g_usleep (ms * G_TIME_SPAN_MILLISECOND);

  g_atomic_int_add (&board->n_running, -1);
  g_atomic_int_set (&board->stages[number], RETURNED);
}

/* The one line. An abandoned call still needs the board, when nobody else does any more. */
ASYNCIFY_DEFINE (NOTHING, await_answer, VALUE (guint, ms),
                 BOXED (Board, board, g_atomic_rc_box_acquire, g_atomic_rc_box_release),
                 VALUE (guint, number))

/* The page. */

#define MAX_CALLS 10000
#define MAX_MS    10000

/* Making calls is work too: for SLICE ms of every INTERVAL ms. */
#define SLICE    2
#define INTERVAL 5

/* What the callback of a call was told */
typedef enum {
  NO_ANSWER,
  ANSWERED,
  CANCELLED
} Answer;

#define DEMO_TYPE_LIMITER (demo_limiter_get_type ())
G_DECLARE_FINAL_TYPE (DemoLimiter, demo_limiter, DEMO, LIMITER, DemoScenario)

struct _DemoLimiter
{
  DemoScenario parent_instance;

  GtkEntryBuffer *number;
  GtkEntryBuffer *ms;
  GtkAdjustment *at_once;
  AsyncifyLimiter *limiter;
  DemoLanes *lanes; /* nullable, not owned */

  /* Of the latest run */
  guint n_calls;
  guint n_ms;
  Board *board;    /* nullable */
  guint8 *answers; /* nullable: Answer, of each call */
  guint8 *seen;    /* nullable: DemoLane, of each call */
  guint n_made;
  guint n_answered;

  GCancellable *cancellable; /* while it runs */
};

G_DEFINE_FINAL_TYPE (DemoLimiter, demo_limiter, DEMO_TYPE_SCENARIO)

static DemoLane
get_lane (DemoLimiter *self,
          guint number)
{
  Stage stage = (Stage) g_atomic_int_get (&self->board->stages[number]);

  if (self->answers[number] == CANCELLED)
    return stage == RUNNING ? DEMO_LANE_ABANDONED : DEMO_LANE_CANCELLED;
  if (self->answers[number] == ANSWERED || stage == RETURNED)
    return DEMO_LANE_DONE;

  return stage == RUNNING ? DEMO_LANE_RUNNING : DEMO_LANE_QUEUED;
}

static void
take_caption (DemoLimiter *self,
              DemoLane lane,
              char *caption)
{
  demo_lanes_set_caption (self->lanes, lane, caption);
  g_free (caption);
}

/* What the limiter says of itself, and what became of the calls */
static void
update_captions (DemoLimiter *self)
{
  guint max_running = asyncify_limiter_get_max_running (self->limiter);
  guint running = asyncify_limiter_get_running (self->limiter);
  guint queued = asyncify_limiter_get_queued (self->limiter);
  guint abandoned = asyncify_limiter_get_abandoned (self->limiter);
  guint done = demo_lanes_get_count (self->lanes, DEMO_LANE_DONE);
  guint cancelled = demo_lanes_get_count (self->lanes, DEMO_LANE_CANCELLED);

  demo_lanes_set_places (self->lanes, max_running);
  /* Translators: here and below, how many calls are in this state */
  take_caption (self, DEMO_LANE_QUEUED, g_strdup_printf (_ ("Queued: %u"), queued));
  take_caption (self, DEMO_LANE_RUNNING,
                /* Translators: how many calls run, and how many may */
                g_strdup_printf (_ ("Running: %u of %u"), running, max_running));
  take_caption (self, DEMO_LANE_ABANDONED,
                abandoned > 0 ? g_strdup_printf (_ ("Abandoned: %u"), abandoned) : NULL);
  take_caption (self, DEMO_LANE_DONE, g_strdup_printf (_ ("Done: %u"), done));
  take_caption (self, DEMO_LANE_CANCELLED,
                cancelled > 0 ? g_strdup_printf (_ ("Cancelled: %u"), cancelled) : NULL);
}

/* The last call is looked at first: they begin in turn, and so no more are seen running than really
 * did. Then the first ones move first, and so make room for the others. */
static void
update (DemoLimiter *self)
{
  if (self->cancellable != NULL)
    demo_scenario_report (DEMO_SCENARIO (self), self->n_answered / (double) self->n_calls, NULL);
  if (self->lanes == NULL)
    return;

  for (guint i = self->n_made; i-- > 0;)
    self->seen[i] = (guint8) get_lane (self, i);
  for (guint i = 0; i < self->n_made; i++)
    demo_lanes_move (self->lanes, i, (DemoLane) self->seen[i]);
  update_captions (self);
}

static void
end (DemoLimiter *self)
{
  g_autoptr (GError) error = NULL;
  gint most = g_atomic_int_get (&self->board->most_running);
  g_autofree char *number = demo_text_number (self->n_calls);
  g_autofree char *calls
    = g_strdup_printf (ngettext ("%s call done", "%s calls done", self->n_calls), number);
  g_autofree char *result = g_strdup_printf (
    /* Translators: the first is such as “8 calls done” */
    ngettext ("%s, never more than %d at once", "%s, never more than %d at once", most), calls,
    most);
  guint n_cancelled = 0;

  for (; self->n_made < self->n_calls; self->n_made++)
    self->answers[self->n_made] = CANCELLED;
  for (guint i = 0; i < self->n_calls; i++)
    n_cancelled += self->answers[i] == CANCELLED;

  update (self);
  if (n_cancelled > 0)
    g_cancellable_set_error_if_cancelled (self->cancellable, &error);
  g_clear_object (&self->cancellable);
  demo_scenario_end (DEMO_SCENARIO (self), result, error);
}

static void
answered_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  DemoLimiter *self = DEMO_LIMITER (source);
  g_autoptr (GError) error = NULL;

  await_answer_finish (result, &error);
  self->answers[GPOINTER_TO_UINT (user_data)] = error == NULL ? ANSWERED : CANCELLED;
  self->n_answered++;

  if (self->n_answered == self->n_calls
      || (self->n_answered == self->n_made && g_cancellable_is_cancelled (self->cancellable)))
    end (self);
}

static gboolean
make_some_cb (gpointer user_data)
{
  DemoLimiter *self = user_data;
  const AsyncifyOptions options = { .source_object = G_OBJECT (self),
                                    .limiter = self->limiter,
                                    .cancel_policy = ASYNCIFY_CANCEL_ABANDON };
  gint64 until = g_get_monotonic_time () + SLICE * G_TIME_SPAN_MILLISECOND;

  if (self->cancellable == NULL)
    return G_SOURCE_REMOVE;
  if (g_cancellable_is_cancelled (self->cancellable))
    {
      if (self->n_answered == self->n_made)
        end (self);
      return G_SOURCE_REMOVE;
    }

  while (self->n_made < self->n_calls && g_get_monotonic_time () < until)
    {
      guint number = self->n_made++;

      await_answer_async_full (self->n_ms, self->board, number, &options, self->cancellable,
                               answered_cb, GUINT_TO_POINTER (number));
    }

  return self->n_made < self->n_calls ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* All calls of an earlier run have been answered by now. */
static void
begin (DemoLimiter *self,
       DemoLane lane)
{
  if (self->board != NULL)
    g_atomic_rc_box_release (self->board);
  self->board = g_atomic_rc_box_alloc0 (sizeof (Board) + self->n_calls * sizeof (gint));
  g_free (self->answers);
  self->answers = g_new0 (guint8, self->n_calls);
  g_free (self->seen);
  self->seen = g_new0 (guint8, self->n_calls);
  self->n_made = 0;
  self->n_answered = 0;
  if (self->lanes != NULL)
    demo_lanes_reset (self->lanes, self->n_calls, lane);
}

static void
demo_limiter_asyncify (DemoScenario *scenario,
                       AsyncifyJob *job,
                       GCancellable *cancellable)
{
  DemoLimiter *self = DEMO_LIMITER (scenario);

  self->cancellable = g_object_ref (cancellable);
  begin (self, DEMO_LANE_QUEUED);
  update (self);
  g_timeout_add_full (G_PRIORITY_DEFAULT, INTERVAL, make_some_cb, g_object_ref (self),
                      g_object_unref);
}

static char *
demo_limiter_freeze (DemoScenario *scenario,
                     GError **error)
{
  DemoLimiter *self = DEMO_LIMITER (scenario);
  g_autofree char *number = NULL;

  if (!demo_guard_allows (self->n_calls * self->n_ms, error))
    return NULL;

  begin (self, DEMO_LANE_DONE);
  for (; self->n_made < self->n_calls; self->n_made++)
    await_answer (self->n_ms, self->board, self->n_made);
  update (self);

  number = demo_text_number (self->n_calls);
  return g_strdup_printf (
    ngettext ("%s call done on the main loop", "%s calls done, one after the other", self->n_calls),
    number);
}

static gboolean
demo_limiter_check (DemoScenario *scenario,
                    GError **error)
{
  DemoLimiter *self = DEMO_LIMITER (scenario);

  return demo_controls_get_number (self->number, 1, MAX_CALLS, &self->n_calls, error)
         && demo_controls_get_number (self->ms, 0, MAX_MS, &self->n_ms, error);
}

static GtkWidget *
demo_limiter_create_parameters (DemoScenario *scenario)
{
  DemoLimiter *self = DEMO_LIMITER (scenario);

  return demo_controls_new_pair (
    demo_controls_new_number (_ ("Ca_lls"), self->number),
    demo_controls_add_unit (demo_controls_new_number (_ ("_Duration"), self->ms), _ ("ms")));
}

/* The slider can be moved while the calls run, and so it is none of the parameters. */
static GtkWidget *
demo_limiter_create_view (DemoScenario *scenario)
{
  DemoLimiter *self = DEMO_LIMITER (scenario);
  GtkWidget *view = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *lanes = demo_lanes_new ();

  gtk_box_append (GTK_BOX (view), lanes);
  /* Translators: how many calls may run at once; a slider follows */
  gtk_box_append (GTK_BOX (view), demo_controls_new_slider (_ ("At _once"), self->at_once));
  g_set_weak_pointer (&self->lanes, DEMO_LANES (lanes));
  update_captions (self);

  return view;
}

static void
demo_limiter_dispose (GObject *object)
{
  DemoLimiter *self = DEMO_LIMITER (object);

  g_clear_weak_pointer (&self->lanes);
  g_clear_object (&self->number);
  g_clear_object (&self->ms);
  g_clear_object (&self->at_once);
  g_clear_object (&self->limiter);
  g_clear_pointer (&self->board, g_atomic_rc_box_release);
  g_clear_pointer (&self->answers, g_free);
  g_clear_pointer (&self->seen, g_free);

  G_OBJECT_CLASS (demo_limiter_parent_class)->dispose (object);
}

static void
demo_limiter_class_init (DemoLimiterClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_limiter_dispose;

  scenario_class->id = "limiter";
  scenario_class->title = N_ ("Limiter");
  scenario_class->topic = N_ ("Being in control");
  scenario_class->summary
    = N_ ("Calls a function many times, but lets only a few calls run at once.");
  scenario_class->watch
    = N_ ("Each dot is a call. Move the slider while they run.");
  scenario_class->function = "await_answer";
  scenario_class->create_parameters = demo_limiter_create_parameters;
  scenario_class->create_view = demo_limiter_create_view;
  scenario_class->check = demo_limiter_check;
  scenario_class->freeze = demo_limiter_freeze;
  scenario_class->asyncify = demo_limiter_asyncify;
}

static void
demo_limiter_init (DemoLimiter *self)
{
  self->number = gtk_entry_buffer_new ("20", -1);
  self->ms = gtk_entry_buffer_new ("100", -1);
  self->at_once = g_object_ref_sink (gtk_adjustment_new (4, 1, DEMO_LANES_MAX_PLACES, 1, 4, 0));
  self->limiter = asyncify_limiter_new (4);
  g_object_bind_property (self->at_once, "value", self->limiter, "max-running",
                          G_BINDING_SYNC_CREATE);
  g_signal_connect_object (self->limiter, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}
