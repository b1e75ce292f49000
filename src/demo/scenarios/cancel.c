/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-controls.h"
#include "demo-guard.h"
#include "demo-text.h"
#include "demo-timeline.h"
#include "demo-times.h"

/* The blocking function: stays on the line for a while. It looks now and then, or never, whether
 * it shall stop; and who hangs up makes it return. */

typedef struct {
  GMutex lock; /* for all that follows */
  GCond changed;
  gboolean hung_up;
  DemoTimes times;
} Line;

/* Waits until @until or, if that is sooner, until it is time to look. */
static gboolean
shall_stop (Line *line,
            gint64 until,
            guint look_ms,
            GCancellable *cancellable)
{
  gint64 next = g_get_monotonic_time () + look_ms * G_TIME_SPAN_MILLISECOND;

  if (look_ms == 0 || next > until)
    next = until;
  while (!line->hung_up && g_cond_wait_until (&line->changed, &line->lock, next))
    ;

  return line->hung_up || (look_ms > 0 && g_cancellable_is_cancelled (cancellable));
}

static gboolean
stay_on_line (Line *line,
              guint ms,
              guint look_ms,
              GCancellable *cancellable,
              GError **error)
{
  gint64 begun = g_get_monotonic_time ();
  gint64 until = begun + ms * G_TIME_SPAN_MILLISECOND;
  gboolean stopped = FALSE;

  g_mutex_lock (&line->lock);
  line->times.begun = begun;
  while (!stopped && g_get_monotonic_time () < until)
    stopped = shall_stop (line, until, look_ms, cancellable);

  line->times.finished = g_get_monotonic_time ();
  if (stopped)
    {
      line->times.noticed = line->times.finished;
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("It was asked to stop"));
    }
  g_mutex_unlock (&line->lock);

  return !stopped;
}

static Line *
line_new (void)
{
  Line *line = g_atomic_rc_box_new0 (Line);

  g_mutex_init (&line->lock);
  g_cond_init (&line->changed);
  line->times.called = g_get_monotonic_time ();

  return line;
}

static void
line_clear (gpointer data)
{
  Line *line = data;

  g_mutex_clear (&line->lock);
  g_cond_clear (&line->changed);
}

static void
line_release (gpointer line)
{
  g_atomic_rc_box_release_full (line, line_clear);
}

/* The one line. An abandoned call still has the line, when nobody else has it any more. */
ASYNCIFY_DEFINE (BOOLEAN, stay_on_line, BOXED (Line, line, g_atomic_rc_box_acquire, line_release),
                 VALUE (guint, ms), VALUE (guint, look_ms), CANCELLABLE, THROWS)

/* The page. */

#define MAX_MS  10000
#define LOOK_MS 100

/* How often to look how far the function is, in ms. */
#define FOLLOW_MS 30

typedef enum {
  LOOKS_NEVER,
  LOOKS_OFTEN
} Looks;

typedef enum {
  POLICY_WAIT,
  POLICY_ABANDON,
  POLICY_INTERRUPT
} Policy;

#define DEMO_TYPE_CANCEL (demo_cancel_get_type ())
G_DECLARE_FINAL_TYPE (DemoCancel, demo_cancel, DEMO, CANCEL, DemoScenario)

struct _DemoCancel
{
  DemoScenario parent_instance;

  GtkEntryBuffer *ms;
  GtkEntryBuffer *deadline;
  GtkAdjustment *looks;  /* Looks */
  GtkAdjustment *policy; /* Policy */

  /* Of the latest run */
  Line *line; /* nullable */
  guint n_ms;
  guint n_deadline;
  GError *error;    /* nullable: what the callback was told */
  gboolean pending; /* it has not ended yet, for the page */
  DemoTimes shown;
  guint follow; /* source id; until the function has returned */

  /* What shows it: not owned, nullable */
  DemoTimeline *timeline;
  GtkLabel *list;
};

G_DEFINE_FINAL_TYPE (DemoCancel, demo_cancel, DEMO_TYPE_SCENARIO)

static void
show (DemoCancel *self,
      const DemoTimes *times)
{
  g_autofree char *list = demo_times_list (times);

  self->shown = *times;
  if (self->list != NULL)
    gtk_label_set_label (self->list, list);
  if (self->timeline != NULL)
    demo_times_show (times, self->timeline, self->n_ms, self->error == NULL);
}

/* A person who pressed Cancel is told so as soon as there is an answer. A tour waits till the
 * function has returned, and asking it to stop was all that the tour wanted. */
static void
end_if_ready (DemoCancel *self,
              const DemoTimes *times)
{
  DemoScenario *scenario = DEMO_SCENARIO (self);
  gboolean is_attended = demo_scenario_is_attended (scenario);
  g_autofree char *sentence = demo_times_describe (times);
  g_autofree char *deadline = demo_text_ms (self->n_deadline);
  g_autoptr (GError) error = NULL;

  if (!self->pending || times->answered == 0 || (!is_attended && demo_times_is_left_alone (times)))
    return;

  self->pending = FALSE;
  if (g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    error = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                         /* Translators: a time, such as “12 ms”, and a sentence that says when the
                          * function noticed, and when it returned */
                         _ ("The deadline of %s was over. %s"), deadline, sentence);
  else if (self->error != NULL
           && (is_attended || !g_error_matches (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED)))
    error = g_error_copy (self->error);
  demo_scenario_end (scenario, sentence, error);
}

static DemoTimes
get_times (DemoCancel *self)
{
  DemoTimes times;

  g_mutex_lock (&self->line->lock);
  times = self->line->times;
  g_mutex_unlock (&self->line->lock);

  return times;
}

static void
update (DemoCancel *self)
{
  const DemoTimes times = get_times (self);

  show (self, &times);
  end_if_ready (self, &times);
}

/* The function says nothing when it begins, notices or, if it was abandoned, returns. */
static gboolean
follow_cb (gpointer user_data)
{
  DemoCancel *self = user_data;
  const DemoTimes times = get_times (self);

  if (memcmp (&times, &self->shown, sizeof (times)) != 0)
    update (self);
  if (times.answered == 0 || demo_times_is_left_alone (&times))
    return G_SOURCE_CONTINUE;

  self->follow = 0;
  return G_SOURCE_REMOVE;
}

/* The interrupt hook, called when the running call shall stop, whoever wants that. Here it is used
 * to note the time too. */
static void
stop_requested (gpointer data)
{
  DemoCancel *self = data;

  g_mutex_lock (&self->line->lock);
  self->line->times.requested = g_get_monotonic_time ();
  if (gtk_adjustment_get_value (self->policy) == POLICY_INTERRUPT)
    {
      self->line->hung_up = TRUE;
      g_cond_signal (&self->line->changed);
    }
  g_mutex_unlock (&self->line->lock);

  update (self);
}

static void
answered_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  DemoCancel *self = DEMO_CANCEL (source);

  stay_on_line_finish (result, &self->error);
  g_mutex_lock (&self->line->lock);
  self->line->times.answered = g_get_monotonic_time ();
  g_mutex_unlock (&self->line->lock);

  update (self);
}

/* Nobody is there to press Cancel. */
static gboolean
half_time_cb (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);

  return G_SOURCE_REMOVE;
}

static void
begin (DemoCancel *self)
{
  g_clear_handle_id (&self->follow, g_source_remove);
  g_clear_pointer (&self->line, line_release);
  g_clear_error (&self->error);
  self->line = line_new ();
}

static guint
get_look_ms (DemoCancel *self)
{
  return gtk_adjustment_get_value (self->looks) == LOOKS_OFTEN ? LOOK_MS : 0;
}

static void
demo_cancel_asyncify (DemoScenario *scenario,
                      AsyncifyJob *job,
                      GCancellable *cancellable)
{
  DemoCancel *self = DEMO_CANCEL (scenario);
  gboolean abandons = gtk_adjustment_get_value (self->policy) == POLICY_ABANDON;
  const AsyncifyOptions options = {
    .source_object = G_OBJECT (self),
    .job = job,
    .timeout_ms = self->n_deadline,
    .cancel_policy = abandons ? ASYNCIFY_CANCEL_ABANDON : ASYNCIFY_CANCEL_WAIT,
    .interrupt = stop_requested,
    .interrupt_data = self,
  };

  begin (self);
  self->pending = TRUE;
  stay_on_line_async_full (self->line, self->n_ms, get_look_ms (self), &options, cancellable,
                           answered_cb, NULL);
  if (!demo_scenario_is_attended (scenario))
    g_timeout_add_full (G_PRIORITY_DEFAULT, self->n_ms / 2, half_time_cb,
                        g_object_ref (cancellable), g_object_unref);
  self->follow = g_timeout_add (FOLLOW_MS, follow_cb, self);
  update (self);
}

static char *
demo_cancel_freeze (DemoScenario *scenario,
                    GError **error)
{
  DemoCancel *self = DEMO_CANCEL (scenario);
  g_autofree char *finished = NULL;
  DemoTimes times;

  if (!demo_guard_allows (self->n_ms, error))
    return NULL;

  begin (self);
  if (!stay_on_line (self->line, self->n_ms, get_look_ms (self), NULL, error))
    return NULL;
  self->line->times.answered = self->line->times.finished;
  times = self->line->times;
  show (self, &times);

  finished = demo_text_ms (demo_times_get_ms (&times, times.finished));
  return g_strdup_printf (_ ("Nobody could ask it to stop: it returned at %s."), finished);
}

static gboolean
demo_cancel_check (DemoScenario *scenario,
                   GError **error)
{
  DemoCancel *self = DEMO_CANCEL (scenario);

  return demo_controls_get_number (self->ms, 1, MAX_MS, &self->n_ms, error)
         && demo_controls_get_option (self->deadline, 1, MAX_MS, &self->n_deadline, error);
}

static GtkWidget *
demo_cancel_create_parameters (DemoScenario *scenario)
{
  DemoCancel *self = DEMO_CANCEL (scenario);
  const char *const looks[] = { C_ ("looks whether it shall stop", "never"),
                                C_ ("looks whether it shall stop", "every 100 ms"), NULL };
  const char *const policies[]
    = { C_ ("to stop the function", "wait for it"), C_ ("to stop the function", "abandon it"),
        C_ ("to stop the function", "interrupt it"), NULL };
  GtkWidget *rows = demo_controls_new_rows ();
  /* Translators: how long it works, in milliseconds; a field follows */
  GtkWidget *ms = demo_controls_new_number (_ ("_Works for"), self->ms);
  GtkWidget *deadline = demo_controls_new_option (_ ("_Deadline"), self->deadline);

  gtk_box_append (GTK_BOX (rows),
                  demo_controls_new_pair (demo_controls_add_unit (ms, _ ("ms")),
                                          demo_controls_add_unit (deadline, _ ("ms"))));
  gtk_box_append (
    GTK_BOX (rows),
    /* Translators: how often the function looks whether it shall stop */
    demo_controls_new_pair (demo_controls_new_choice (_ ("_Looks"), looks, self->looks),
                            /* Translators: what is done to stop the function */
                            demo_controls_new_choice (_ ("To s_top it"), policies, self->policy)));

  return rows;
}

static GtkWidget *
demo_cancel_create_view (DemoScenario *scenario)
{
  DemoCancel *self = DEMO_CANCEL (scenario);
  GtkWidget *view = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *timeline = demo_timeline_new (_ ("What happened when"), TRUE);
  GtkWidget *list = gtk_label_new (NULL);
  const DemoTimes nothing = { 0 };

  gtk_widget_add_css_class (timeline, "card");
  g_set_weak_pointer (&self->timeline, DEMO_TIMELINE (timeline));
  gtk_label_set_xalign (GTK_LABEL (list), 0);
  gtk_label_set_wrap (GTK_LABEL (list), TRUE);
  gtk_label_set_selectable (GTK_LABEL (list), TRUE);
  gtk_widget_add_css_class (list, "caption");
  gtk_widget_add_css_class (list, "number");
  g_set_weak_pointer (&self->list, GTK_LABEL (list));
  show (self, &nothing);

  gtk_box_append (GTK_BOX (view), timeline);
  gtk_box_append (GTK_BOX (view), list);

  return view;
}

static void
demo_cancel_dispose (GObject *object)
{
  DemoCancel *self = DEMO_CANCEL (object);

  g_clear_handle_id (&self->follow, g_source_remove);
  g_clear_weak_pointer (&self->timeline);
  g_clear_weak_pointer (&self->list);
  g_clear_object (&self->ms);
  g_clear_object (&self->deadline);
  g_clear_object (&self->looks);
  g_clear_object (&self->policy);
  g_clear_pointer (&self->line, line_release);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (demo_cancel_parent_class)->dispose (object);
}

static void
demo_cancel_class_init (DemoCancelClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_cancel_dispose;

  scenario_class->id = "cancel";
  scenario_class->title = N_ ("Cancelling");
  scenario_class->topic = N_ ("Being in control");
  scenario_class->summary = N_ ("Calls a function that need not notice that it is to stop.");
  scenario_class->watch = N_ ("Press Cancel, and see who is told what, and when.");
  scenario_class->function = "stay_on_line";
  scenario_class->create_parameters = demo_cancel_create_parameters;
  scenario_class->create_view = demo_cancel_create_view;
  scenario_class->check = demo_cancel_check;
  scenario_class->freeze = demo_cancel_freeze;
  scenario_class->asyncify = demo_cancel_asyncify;
}

static void
demo_cancel_init (DemoCancel *self)
{
  self->ms = gtk_entry_buffer_new ("2000", -1);
  self->deadline = gtk_entry_buffer_new (NULL, 0);
  self->looks = g_object_ref_sink (gtk_adjustment_new (LOOKS_NEVER, 0, LOOKS_OFTEN, 1, 1, 0));
  self->policy
    = g_object_ref_sink (gtk_adjustment_new (POLICY_ABANDON, 0, POLICY_INTERRUPT, 1, 1, 0));
}
