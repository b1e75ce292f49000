/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model-private.h"

/* What happened last; and, when something is wrong, telling it. */

#define LOG_SIZE (1 << 15)
#define NO_CALL G_MAXUINT

typedef struct {
  guint64 clock;
  gint64 time; /* monotonic, in us */
  const char *event;
  guint call; /* or NO_CALL */
  guint number;
  guint thread;
} Entry;

struct _ModelLog
{
  gint64 began;
  guint64 n_entries; /* that ever were */
  Entry entries[LOG_SIZE];
};

ModelLog *
model_log_new (void)
{
  ModelLog *log = g_new0 (ModelLog, 1);

  log->began = g_get_monotonic_time ();

  return log;
}

void
model_log_free (ModelLog *log)
{
  g_free (log);
}

static guint
get_thread_number (void)
{
  static GPrivate number;
  static int last; /* atomic */

  if (g_private_get (&number) == NULL)
    g_private_set (&number, GINT_TO_POINTER (g_atomic_int_add (&last, 1) + 1));

  return GPOINTER_TO_INT (g_private_get (&number));
}

/* Under the model's lock, as all that follows. @number is of what @event is about, beside @call,
 * which may be NULL. */
void
model_log (Model *model,
           const char *event,
           const ModelCall *call,
           guint number)
{
  ModelLog *log = model->log;

  log->entries[log->n_entries++ % LOG_SIZE] = (Entry) {
    .clock = ++model->clock,
    .time = g_get_monotonic_time (),
    .event = event,
    .call = call != NULL ? call->number : NO_CALL,
    .number = number,
    .thread = get_thread_number (),
  };
}

static void
tell_entry (ModelLog *log,
            const Entry *entry)
{
  g_autofree char *call = entry->call != NO_CALL ? g_strdup_printf ("call %u ", entry->call) : NULL;

  g_test_message ("  @%" G_GUINT64_FORMAT " %7.3f ms, thread %u: %s%s %u", entry->clock,
                  (entry->time - log->began) / 1000.0, entry->thread, call != NULL ? call : "",
                  entry->event, entry->number);
}

/* The last @n events, or those that @call and what stops it have part in */
static void
tell_entries (Model *model,
              const ModelCall *call,
              guint n)
{
  ModelLog *log = model->log;
  guint n_kept = MIN (log->n_entries, LOG_SIZE);

  for (guint i = call != NULL ? n_kept : MIN (n, n_kept); i > 0; i--)
    {
      const Entry *entry = &log->entries[(log->n_entries - i) % LOG_SIZE];
      gboolean stops = g_str_has_prefix (entry->event, "stop");
      gboolean of_call = call != NULL
                         && (entry->call == call->number
                             || (stops && call->stopper != NULL
                                 && entry->number == call->stopper->number)
                             || (stops && call->job != NULL && entry->number == call->job->number));

      if (call == NULL || of_call)
        tell_entry (log, entry);
    }
}

static const char *const outcomes[] = {
  "open", "value", "failed", "cancelled", "timed-out", "strange", "unknown"
};
G_STATIC_ASSERT (G_N_ELEMENTS (outcomes) == MODEL_N_OUTCOMES);

static const char *const deeds[] = { "nothing", "spin",  "sleep", "await-stop", "meet",
                                     "tell",    "stop",  "fail",  "visit",      "sync",
                                     "loop",    "leave", "main",  "group", "pass-gate" };
G_STATIC_ASSERT (G_N_ELEMENTS (deeds) == MODEL_N_DEEDS);

const char *
model_outcome_to_string (ModelOutcome outcome)
{
  return outcomes[outcome];
}

static void
tell_call (const ModelCall *call)
{
  const ModelPlan *plan = &call->plan;
  g_autofree char *maker = call->maker == NULL
                             ? NULL
                             : g_strdup_printf (", made by %u", call->maker->number);
  g_autofree char *parent = call->parent == NULL
                              ? NULL
                              : g_strdup_printf (", for %u%s", call->parent->number,
                                                 call->inherits ? " and cancelled with it" : "");
  g_autofree char *stopper = call->stopper == NULL
                               ? NULL
                               : g_strdup_printf (", cancellable %u", call->stopper->number);
  g_autofree char *job = call->job == NULL ? NULL
                                           : g_strdup_printf (", job %u", call->job->number);

  g_test_message ("call %u: does %s (effort %u), lane %u, home %u%s, priority %d, %s, timeout %u ms"
                  "%s%s%s%s%s%s",
                  call->number, deeds[plan->deed], plan->effort, call->lane->number,
                  call->home->number, call->home->gone ? " (gone)" : "", plan->priority,
                  plan->policy == ASYNCIFY_CANCEL_WAIT ? "wait" : "abandon", plan->timeout_ms,
                  plan->interrupt ? ", interrupt" : "", plan->obeys ? ", obeys" : "",
                  maker != NULL ? maker : "", parent != NULL ? parent : "",
                  stopper != NULL ? stopper : "",
                  job != NULL ? job : "");
  g_test_message ("  submitted @%" G_GUINT64_FORMAT ", started @%" G_GUINT64_FORMAT
                  ", returned @%" G_GUINT64_FORMAT " (%s), called back @%" G_GUINT64_FORMAT
                  " (%s), %u interrupts, waits for %u",
                  call->submitted, call->started, call->returned, outcomes[call->result],
                  call->called_back, outcomes[call->outcome], call->n_interrupts, call->n_waits);
}

static void
tell_lane (const ModelLane *lane)
{
  AsyncifyLimiter *limiter
    = lane->limiter != NULL ? lane->limiter : asyncify_limiter_get_default ();
  guint n_waiting = 0;

  for (guint i = 0; i < MODEL_N_PRIORITIES; i++)
    n_waiting += lane->waiting[i].length;
  g_test_message ("lane %u: set to %u, at most %u run; %u inside, %u to start; the limiter says: "
                  "%u run of %u, %u queued, %u abandoned",
                  lane->number, lane->max, lane->bound, lane->inside.length, n_waiting,
                  asyncify_limiter_get_running (limiter),
                  asyncify_limiter_get_max_running (limiter),
                  asyncify_limiter_get_queued (limiter), asyncify_limiter_get_abandoned (limiter));
}

/* Tells all that is not over, and what happened last. */
void
model_dump (Model *model)
{
  guint n_told = 0;

  g_test_message ("the program ASYNCIFY_TEST_SEED=%" G_GUINT32_FORMAT " after %u calls",
                  model->seed, model->calls->len);
  for (guint i = 0; i < model->homes->len; i++)
    {
      const ModelHome *home = g_ptr_array_index (model->homes, i);

      if (home->n_things > 0 || (home->n_open > 0 && !home->gone))
        g_test_message ("home %u%s: %u calls open, %d things", home->number,
                        home->gone ? " (gone)" : "", home->n_open, home->n_things);
    }
  for (guint i = 0; i < model->calls->len && n_told < 100; i++)
    {
      const ModelCall *call = g_ptr_array_index (model->calls, i);

      if ((call->called_back == 0 && !call->home->gone)
          || (call->started != 0 && call->returned == 0))
        {
          tell_call (call);
          n_told++;
        }
    }
  tell_entries (model, NULL, 100);
  for (guint i = 0; i < model->lanes->len; i++)
    tell_lane (g_ptr_array_index (model->lanes, i));
}

/* Something happened that may not. Ends the program. */
void
model_fail (Model *model,
            const ModelCall *call,
            const char *format,
            ...)
{
  g_autofree char *what = NULL;
  va_list args;

  va_start (args, format);
  what = g_strdup_vprintf (format, args);
  va_end (args);

  model_dump (model);
  g_test_message ("BROKEN: %s", what);
  if (call != NULL)
    {
      tell_call (call);
      tell_entries (model, call, 0);
      if (call->parent != NULL)
        tell_call (call->parent);
    }
  g_error ("ASYNCIFY_TEST_SEED=%" G_GUINT32_FORMAT ", call %d: %s", model->seed,
           call != NULL ? (int) call->number : -1, what);
}
