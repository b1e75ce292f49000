/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-controls.h"
#include "demo-guard.h"
#include "demo-text.h"
#include "demo-timeline.h"

/* The blocking function: one part of a job, which may fail at its end. */

#define STEP_MS 10

static gboolean
do_part (guint number,
         guint ms,
         gboolean fails,
         GCancellable *cancellable,
         GError **error)
{
  const gint64 end = g_get_monotonic_time () + ms * G_TIME_SPAN_MILLISECOND;
  gint64 left = ms * G_TIME_SPAN_MILLISECOND;

  for (; left > 0; left = end - g_get_monotonic_time ())
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      g_usleep (MIN (left, STEP_MS * G_TIME_SPAN_MILLISECOND));
    }

  if (fails)
    /* Translators: a call of a function */
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("Call %u failed"), number);

  return !fails;
}

/* The one line. */
ASYNCIFY_DEFINE (BOOLEAN, do_part, VALUE (guint, number), VALUE (guint, ms),
                 VALUE (gboolean, fails), CANCELLABLE, THROWS)

/* The page. */

#define MAX_CALLS 50
#define MAX_MS    10000

/* What a tour has fail, to show that too */
#define TOUR_FAILING 3

#define DEMO_TYPE_GROUP (demo_group_get_type ())
G_DECLARE_FINAL_TYPE (DemoGroup, demo_group, DEMO, GROUP, DemoScenario)

struct _DemoGroup
{
  DemoScenario parent_instance;

  GtkEntryBuffer *number;
  GtkEntryBuffer *ms;
  GtkEntryBuffer *failing;
  GtkEntryBuffer *after;
  AsyncifyLimiter *limiter;
  DemoTimeline *timeline; /* nullable, not owned */

  /* Of the latest run */
  guint n_calls;
  guint n_ms;
  guint n_failing; /* which one, from 1; 0 for none */
  guint n_after;   /* ms */
  gint64 began;
  guint n_ended;
  double failed_ms; /* when the first one failed, if any did */
  char *before;                   /* nullable: what came of the first group of a tour */
  GCancellable *cancellable;      /* while it runs */
  AsyncifySoon *soons[MAX_CALLS]; /* not owned; while it runs */
};

G_DEFINE_FINAL_TYPE (DemoGroup, demo_group, DEMO_TYPE_SCENARIO)

/* They don't take equally long, so that one can see which is which. */
static guint
get_duration (DemoGroup *self,
              guint index)
{
  return index + 1 == self->n_failing ? self->n_after : self->n_ms * (3 + index % 3) / 4;
}

static double
get_now (DemoGroup *self)
{
  return (double) (g_get_monotonic_time () - self->began) / G_TIME_SPAN_MILLISECOND;
}

static void
begin (DemoGroup *self)
{
  guint longest = 0;

  for (guint i = 0; i < self->n_calls; i++)
    longest = MAX (longest, get_duration (self, i));

  self->began = g_get_monotonic_time ();
  self->n_ended = 0;
  if (self->timeline == NULL)
    return;

  demo_timeline_reset (self->timeline, longest, self->began);
  for (guint i = 0; i < self->n_calls; i++)
    {
      g_autofree char *name = g_strdup_printf (_ ("Call %u"), i + 1);

      demo_timeline_add (self->timeline, name);
    }
}

static void
show_begun (DemoGroup *self,
            guint index)
{
  if (self->timeline != NULL)
    demo_timeline_begin (self->timeline, index, get_now (self), C_ ("call", "running"));
}

static void
show_ended (DemoGroup *self,
            guint index,
            DemoBarState state)
{
  g_autofree char *time = demo_text_ms (get_now (self));
  /* Translators: how a call ended, and when, such as “12 ms” */
  g_autofree char *text
    = g_strdup_printf (state == DEMO_BAR_SUCCEEDED ? C_ ("call", "succeeded, %s")
                       : state == DEMO_BAR_FAILED  ? C_ ("call", "failed, %s")
                                                   : C_ ("call", "cancelled, %s"),
                       time);

  self->n_ended++;
  if (self->timeline != NULL)
    demo_timeline_end (self->timeline, index, get_now (self), state, text);
}

/* What became of all calls, when the group has ended */
typedef struct {
  guint n_succeeded;
  guint n_cancelled;
  guint n_failed;
  GError *failure; /* nullable: of the one that failed */
} Outcome;

static void
collect (DemoGroup *self,
         Outcome *outcome)
{
  for (guint i = 0; i < self->n_calls; i++)
    {
      GAsyncResult *result = asyncify_soon_get_result (self->soons[i]);
      g_autoptr (GError) error = NULL;

      if (do_part_finish (result, &error))
        outcome->n_succeeded++;
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        outcome->n_cancelled++;
      else if (outcome->n_failed++ == 0)
        outcome->failure = g_steal_pointer (&error);
      self->soons[i] = NULL;
    }
}

static char *
describe (DemoGroup *self,
          const Outcome *outcome)
{
  guint n_succeeded = outcome->n_succeeded;
  guint n_cancelled = outcome->n_cancelled;
  g_autofree char *succeeded
    = g_strdup_printf (ngettext ("%u succeeded", "%u succeeded", n_succeeded), n_succeeded);
  g_autofree char *cancelled = g_strdup_printf (
    ngettext ("%u was cancelled", "%u were cancelled", n_cancelled), n_cancelled);
  g_autofree char *now = demo_text_ms (get_now (self));
  g_autofree char *failed = demo_text_ms (self->failed_ms);

  if (outcome->failure == NULL)
    /* Translators: %s is a time, such as “12 ms” */
    return g_strdup_printf (ngettext ("%u call succeeded, after %s",
                                      "All %u calls succeeded, after %s", n_succeeded),
                            n_succeeded, now);

  /* Translators: what failed, such as “Call 3 failed”; a time, such as “12 ms”; how many succeeded,
   * and how many were cancelled */
  return g_strdup_printf (_ ("%s first, after %s; %s, %s"), outcome->failure->message, failed,
                          succeeded, cancelled);
}

static void begin_group (DemoGroup *self);

/* What a person has chosen to fail is a failure. In a tour nothing was chosen: it shows both. */
static void
all_ended (DemoGroup *self,
           const Outcome *outcome,
           GError *error)
{
  DemoScenario *scenario = DEMO_SCENARIO (self);
  g_autofree char *sentence = describe (self, outcome);
  g_autofree char *both = NULL;
  g_autoptr (GError) told = NULL;

  if (self->before != NULL && outcome->failure != NULL)
    {
      /* Translators: two sentences: what the first group did, and the second one */
      both = g_strdup_printf (_ ("%s. %s"), self->before, sentence);
      g_clear_object (&self->cancellable);
      demo_scenario_end (scenario, both, NULL);
    }
  else if (error == NULL && !demo_scenario_is_attended (scenario) && self->n_failing == 0)
    {
      self->before = g_steal_pointer (&sentence);
      self->n_failing = MIN (TOUR_FAILING, self->n_calls);
      self->n_after = self->n_ms / 2;
      begin_group (self);
    }
  else
    {
      if (outcome->failure != NULL || (error == NULL && self->n_failing > 0))
        told = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, sentence);
      else if (error != NULL)
        told = g_error_copy (error);
      g_clear_object (&self->cancellable);
      demo_scenario_end (scenario, sentence, told);
    }
}

static void
all_ended_cb (GObject *group,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (DemoGroup) self = user_data;
  g_autoptr (GError) error = NULL;
  Outcome outcome = { 0 };

  asyncify_group_wait_finish (ASYNCIFY_GROUP (group), result, &error);
  collect (self, &outcome);
  all_ended (self, &outcome, error);
  g_clear_error (&outcome.failure);
}

/* Shows what the call has come to, and gives it to the group. */
static void
part_ended_cb (GObject *source,
               GAsyncResult *result,
               gpointer user_data)
{
  DemoGroup *self = DEMO_GROUP (source);
  guint index = GPOINTER_TO_UINT (user_data);
  gboolean was_chosen = index + 1 == self->n_failing;
  DemoBarState state = DEMO_BAR_SUCCEEDED;

  if (g_task_had_error (G_TASK (result)))
    state = was_chosen && !g_cancellable_is_cancelled (self->cancellable) ? DEMO_BAR_FAILED
                                                                          : DEMO_BAR_CANCELLED;
  if (state == DEMO_BAR_FAILED)
    self->failed_ms = get_now (self);
  asyncify_soon_ready (source, result, self->soons[index]);
  show_ended (self, index, state);
  demo_scenario_report (DEMO_SCENARIO (self), self->n_ended / (double) self->n_calls, NULL);
}

static void
begin_group (DemoGroup *self)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (self->cancellable);
  GCancellable *cancellable = asyncify_group_get_cancellable (group);
  const AsyncifyOptions options = { .source_object = G_OBJECT (self), .limiter = self->limiter };

  begin (self);
  for (guint i = 0; i < self->n_calls; i++)
    {
      self->soons[i] = asyncify_group_soon (group);
      do_part_async_full (i + 1, get_duration (self, i), i + 1 == self->n_failing, &options,
                          cancellable, part_ended_cb, GUINT_TO_POINTER (i));
      show_begun (self, i);
    }
  asyncify_group_wait_async (group, NULL, all_ended_cb, g_object_ref (self));
}

static void
demo_group_asyncify (DemoScenario *scenario,
                     AsyncifyJob *job,
                     GCancellable *cancellable)
{
  DemoGroup *self = DEMO_GROUP (scenario);

  self->cancellable = g_object_ref (cancellable);
  g_clear_pointer (&self->before, g_free);
  begin_group (self);
}

static void
tell_after (guint n_calls,
            GError **error)
{
  g_autofree char *message = NULL;

  if (error == NULL)
    return;

  message = g_steal_pointer (&(*error)->message);
  (*error)->message = g_strdup_printf (
    /* Translators: what failed, such as “Call 3 failed”, and after how many that went well */
    ngettext ("After %u call: %s", "After %u calls: %s", n_calls), n_calls, message);
}

/* One after the other. After one that fails there is no point in the rest. */
static char *
demo_group_freeze (DemoScenario *scenario,
                   GError **error)
{
  DemoGroup *self = DEMO_GROUP (scenario);
  g_autofree char *time = NULL;
  guint total = 0;

  for (guint i = 0; i < self->n_calls; i++)
    total += get_duration (self, i);
  if (!demo_guard_allows (total, error))
    return NULL;

  begin (self);
  for (guint i = 0; i < self->n_calls; i++)
    {
      gboolean ok;

      show_begun (self, i);
      ok = do_part (i + 1, get_duration (self, i), i + 1 == self->n_failing, NULL, error);
      show_ended (self, i, ok ? DEMO_BAR_SUCCEEDED : DEMO_BAR_FAILED);
      if (!ok)
        {
          tell_after (i, error);
          return NULL;
        }
    }

  time = demo_text_ms (get_now (self));
  return g_strdup_printf (ngettext ("%u call succeeded on the main loop, after %s",
                                    "All %u calls succeeded, one after the other, after %s",
                                    self->n_calls),
                          self->n_calls, time);
}

static gboolean
demo_group_check (DemoScenario *scenario,
                  GError **error)
{
  DemoGroup *self = DEMO_GROUP (scenario);

  return demo_controls_get_number (self->number, 1, MAX_CALLS, &self->n_calls, error)
         && demo_controls_get_number (self->ms, 1, MAX_MS, &self->n_ms, error)
         && demo_controls_get_option (self->failing, 1, self->n_calls, &self->n_failing, error)
         && demo_controls_get_number (self->after, 0, MAX_MS, &self->n_after, error);
}

static GtkWidget *
demo_group_create_parameters (DemoScenario *scenario)
{
  DemoGroup *self = DEMO_GROUP (scenario);
  GtkWidget *rows = demo_controls_new_rows ();
  GtkWidget *ms = demo_controls_new_number (_ ("_Duration"), self->ms);
  /* Translators: after how many milliseconds a call fails; a field follows */
  GtkWidget *after = demo_controls_new_number (_ ("Af_ter"), self->after);

  gtk_box_append (GTK_BOX (rows), demo_controls_new_pair (
                                    demo_controls_new_number (_ ("Ca_lls"), self->number),
                                    /* Translators: which call fails, as a number */
                                    demo_controls_new_option (_ ("Fa_iling"), self->failing)));
  gtk_box_append (GTK_BOX (rows),
                  demo_controls_new_pair (demo_controls_add_unit (ms, _ ("ms")),
                                          demo_controls_add_unit (after, _ ("ms"))));

  return rows;
}

static GtkWidget *
demo_group_create_view (DemoScenario *scenario)
{
  DemoGroup *self = DEMO_GROUP (scenario);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *timeline = demo_timeline_new (_ ("What each call did"), FALSE);

  g_set_weak_pointer (&self->timeline, DEMO_TIMELINE (timeline));
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), timeline);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_widget_add_css_class (scroller, "card");
  gtk_widget_set_vexpand (scroller, TRUE);
  gtk_widget_set_size_request (scroller, -1, 150);
  gtk_widget_set_overflow (scroller, GTK_OVERFLOW_HIDDEN);
  demo_group_check (scenario, NULL);
  begin (self);

  return scroller;
}

static void
demo_group_dispose (GObject *object)
{
  DemoGroup *self = DEMO_GROUP (object);

  g_clear_weak_pointer (&self->timeline);
  g_clear_object (&self->number);
  g_clear_object (&self->ms);
  g_clear_object (&self->failing);
  g_clear_object (&self->after);
  g_clear_object (&self->limiter);
  g_clear_pointer (&self->before, g_free);

  G_OBJECT_CLASS (demo_group_parent_class)->dispose (object);
}

static void
demo_group_class_init (DemoGroupClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_group_dispose;

  scenario_class->id = "group";
  scenario_class->title = N_ ("Group");
  scenario_class->topic = N_ ("Being in control");
  scenario_class->summary
    = N_ ("Makes several calls at once; if one fails, the rest are cancelled.");
  scenario_class->watch = N_ ("Have a call fail, and see how long the others go on.");
  scenario_class->function = "do_part";
  scenario_class->create_parameters = demo_group_create_parameters;
  scenario_class->create_view = demo_group_create_view;
  scenario_class->check = demo_group_check;
  scenario_class->freeze = demo_group_freeze;
  scenario_class->asyncify = demo_group_asyncify;
}

static void
demo_group_init (DemoGroup *self)
{
  self->number = gtk_entry_buffer_new ("8", -1);
  self->ms = gtk_entry_buffer_new ("250", -1);
  self->failing = gtk_entry_buffer_new (NULL, 0);
  self->after = gtk_entry_buffer_new ("100", -1);
  self->limiter = asyncify_limiter_new (MAX_CALLS);
}
