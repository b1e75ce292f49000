/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "program.h"

/* How the one function is called, and its callback. */

/* Longer than a slice, in us */
#define LONG 2500

ASYNCIFY_DEFINE_AS (OBJECT (ModelThing), work, program_work, BORROWED (ModelCall *, call),
                    OBJECT (ModelThing, thing), STRING (words), CANCELLABLE,
                    OUT_VALUE (guint, number), THROWS)

static void
burn (guint n_us)
{
  gint64 until = g_get_monotonic_time () + n_us;

  while (g_get_monotonic_time () < until)
    ;
}

static void
interrupt_cb (gpointer data)
{
  ModelCall *call = data;

  model_call_interrupts (call);
  g_atomic_int_set (&call->told, TRUE);
  if (call->plan.effort % 2 == 0)
    burn (call->plan.effort);
  model_call_was_interrupted (call);
}

/* Takes the results out, once it has called back. */
ModelOutcome
program_finish (ModelCall *call,
                GAsyncResult *result,
                ModelThing **thing,
                GError **error)
{
  guint number = G_MAXUINT;
  ModelOutcome outcome = MODEL_STRANGE;

  *thing = work_finish (result, &number, error);
  if ((*thing == NULL) == (*error == NULL))
    model_fail (call->model, call, "both a result and an error came of it, or neither");
  if (*thing != NULL && (number != call->number || model_thing_get_call (*thing) != call))
    model_fail (call->model, call, "the result of call %u came of it", number);

  if (*thing != NULL)
    outcome = MODEL_VALUE;
  else if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    outcome = MODEL_CANCELLED;
  else if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    outcome = MODEL_TIMED_OUT;
  else if (g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_EXISTS))
    outcome = MODEL_FAILED;
  model_call_ends (call, outcome);

  return outcome;
}

/* Puts them into a slot. If the call failed, that cancels the others. */
static ModelOutcome
fill_slot (ModelCall *call,
           GObject *source_object,
           GAsyncResult *result)
{
  gboolean was_stopping;

  if (g_task_had_error (G_TASK (result)))
    model_begin_stop (call->model, call->stopper);
  was_stopping = model_set_stopping (TRUE);
  asyncify_soon_ready (source_object, result, call->soon);
  model_set_stopping (was_stopping);

  return MODEL_UNKNOWN;
}

/* Leaves them there. */
static ModelOutcome
drop (ModelCall *call)
{
  model_call_ends (call, MODEL_UNKNOWN);

  return MODEL_UNKNOWN;
}

/* Its job says so already. */
static void
check_job (ModelCall *call,
           ModelOutcome outcome)
{
  ModelStopper *job = call->job;
  AsyncifyJobState expected = outcome == MODEL_VALUE       ? ASYNCIFY_JOB_SUCCEEDED
                              : outcome == MODEL_CANCELLED ? ASYNCIFY_JOB_CANCELLED
                                                           : ASYNCIFY_JOB_FAILED;
  guint n_items;

  if (job == NULL || job->call != call || outcome == MODEL_UNKNOWN)
    return;

  job->state = asyncify_job_get_state (job->job);
  if (job->state != expected)
    model_fail (call->model, call, "its job is in state %d", job->state);
  n_items = g_list_model_get_n_items (asyncify_job_get_items (job->job));
  if (outcome == MODEL_VALUE && !model_call_is_stopped (call) && n_items != call->n_emitted)
    model_fail (call->model, call, "its job has %u of %u items", n_items, call->n_emitted);
}

/* An abandoned one, whose function goes on, says nothing more. Returns: whether a call can be
 * given the job */
gboolean
program_job_is_free (ModelStopper *job)
{
  AsyncifyJobState state = asyncify_job_get_state (job->job);

  if (job->state != ASYNCIFY_JOB_IDLE && state != job->state)
    model_fail (job->call->model, job->call, "its job went on to state %d afterwards", state);

  return state != ASYNCIFY_JOB_QUEUED && state != ASYNCIFY_JOB_RUNNING;
}

/* GLib leaks a reference on a source if it is asked this from inside a dispatch, unless the next
 * turn of the loop is begun there too. */
static void
ask_pending (GMainContext *context)
{
  int priority;

  g_main_context_pending (context);
  g_main_context_prepare (context, &priority);
}

/* From inside a callback */
static void
turn_loop (ModelCall *call)
{
  static GPrivate depth;
  guint n_above = GPOINTER_TO_UINT (g_private_get (&depth));

  if (n_above >= 3)
    return;

  g_private_set (&depth, GUINT_TO_POINTER (n_above + 1));
  /* If it is a worker's loop, it lends its place even if it doesn't wait. */
  if (call->parent != NULL)
    model_call_waits (call->parent);
  if (call->plan.then == MODEL_THEN_PENDING && call->parent == NULL)
    ask_pending (call->home->context);
  else
    for (guint i = 0; i <= call->plan.effort % 3; i++)
      g_main_context_iteration (call->home->context, FALSE);
  if (call->parent != NULL)
    model_call_goes_on (call->parent);
  g_private_set (&depth, GUINT_TO_POINTER (n_above));
}

static void
call_again (ModelCall *call)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (call->plan.seed);
  ModelPlan plan;

  program_draw (call->program, rand, call->plan.depth, &plan);
  if (plan.then == MODEL_THEN_CALL && call->plan.effort % 2 == 0)
    plan.then = MODEL_THEN_NOTHING;
  program_call (call->program, &(ProgramTrip) { .home = call->home }, &plan);
}

static void
do_then (ModelCall *call)
{
  switch (call->plan.then)
    {
    case MODEL_THEN_STOP:
      program_stop_one (call->program, call->plan.seed);
      break;
    case MODEL_THEN_CALL:
      call_again (call);
      break;
    case MODEL_THEN_ITERATE:
      turn_loop (call);
      break;
    case MODEL_THEN_PENDING:
      if (call->plan.effort > 240)
        burn (LONG);
      turn_loop (call);
      break;
    case MODEL_THEN_BURN:
      burn (LONG);
      break;
    case MODEL_THEN_NOTHING:
    case MODEL_THEN_DROP:
    case MODEL_N_THENS:
    default:
      break;
    }
}

static void
ready_cb (GObject *source_object,
          GAsyncResult *result,
          gpointer user_data)
{
  ModelCall *call = user_data;
  g_autoptr (ModelThing) thing = NULL;
  g_autoptr (GError) error = NULL;
  ModelOutcome outcome;

  /* Whoever runs the loop on a worker has its place while something is dispatched. */
  if (call->parent != NULL)
    model_call_goes_on (call->parent);

  model_call_calls_back (call);
  if (call->soon != NULL)
    outcome = fill_slot (call, source_object, result);
  else if (call->plan.then == MODEL_THEN_DROP)
    outcome = drop (call);
  else
    outcome = program_finish (call, result, &thing, &error);
  check_job (call, outcome);
  if (source_object != NULL && model_thing_get_call (MODEL_THING (source_object)) != call)
    model_fail (call->model, call, "it has another one's source object");
  do_then (call);

  if (call->parent != NULL)
    model_call_waits (call->parent);
}

static void
choose_stoppers (Program *self,
                 ModelCall *call,
                 const ProgramTrip *trip)
{
  ModelHome *home = call->home;

  if (trip->inherited != NULL)
    call->inherits = TRUE;
  else if (trip->stopper != NULL)
    call->stopper = trip->stopper;
  else if (!call->is_pair)
    call->stopper = program_choose_stopper (self, call->plan.seed);

  if (home->job != NULL && (call->plan.deed == MODEL_DO_TELL || call->plan.effort % 8 == 0)
      && program_job_is_free (home->job))
    {
      call->job = home->job;
      home->job->call = call;
      home->job->state = ASYNCIFY_JOB_IDLE;
    }
}

/* From here until it is made, others may be interrupted on this thread, if its GCancellable is
 * cancelled. Returns: whether they might be before */
static gboolean
begin (ModelCall *call,
       GCancellable *cancellable)
{
  if (call->lane->in_order)
    g_mutex_lock (&call->lane->submitting);
  model_call_submits (call, cancellable);

  return model_set_stopping (TRUE);
}

static void
end (ModelCall *call,
     gboolean was_stopping)
{
  model_set_stopping (was_stopping);
  if (call->lane->in_order)
    g_mutex_unlock (&call->lane->submitting);
}

/* In the context of @trip's home; or elsewhere, if that is the main context. */
ModelCall *
program_call (Program *self,
              const ProgramTrip *trip,
              const ModelPlan *plan)
{
  ModelLane *lane = program_choose_lane (self, plan->seed);
  ModelCall *call = model_add_call (trip->home, lane, trip->parent, plan);
  g_autofree char *words = g_strdup_printf ("call %u", call->number);
  /* What the calling thread frees may be what goes last. */
  ModelHome *home = trip->home->thread == g_thread_self () ? trip->home : NULL;
  g_autoptr (ModelThing) thing = model_thing_new (call->model, home, call->number);
  g_autoptr (ModelThing) source = NULL;
  AsyncifyOptions options = {
    .limiter = lane->limiter,
    .priority = plan->priority,
    .timeout_ms = plan->timeout_ms,
    .cancel_policy = plan->policy,
    .interrupt = plan->interrupt ? interrupt_cb : NULL,
    .interrupt_data = call,
  };
  GCancellable *cancellable;
  gboolean was_stopping;

  call->program = self;
  call->is_pair = trip->callback != NULL;
  call->soon = trip->soon;
  choose_stoppers (self, call, trip);
  if (call->is_pair || plan->effort % 2 == 0)
    source = model_thing_new (call->model, home, call->number);
  cancellable = call->stopper != NULL ? call->stopper->cancellable : trip->inherited;
  options.source_object = (GObject *) source;
  options.job = call->job != NULL ? call->job->job : NULL;

  was_stopping = begin (call, cancellable);
  work_async_full (call, thing, words, &options, cancellable,
                   call->is_pair ? trip->callback : ready_cb,
                   call->is_pair ? trip->user_data : call);
  end (call, was_stopping);

  return call;
}

/* The pair that a worker waits for, in the context that its own call came from */

static void
begin_pair (ModelThing *asker,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  ModelCall *parent = model_thing_get_call (asker);
  const ProgramTrip trip = {
    .home = parent->home,
    .parent = parent,
    .inherited = cancellable,
    .callback = callback,
    .user_data = user_data,
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (parent->plan.seed);
  ModelPlan plan;

  program_draw (parent->program, rand, parent->plan.depth + 1, &plan);
  plan.then = MODEL_THEN_NOTHING;
  program_call (parent->program, &trip, &plan);
}

static ModelThing *
finish_pair (ModelThing *asker,
             GAsyncResult *result,
             GError **error)
{
  g_autoptr (GObject) source = g_async_result_get_source_object (result);
  ModelCall *call = model_thing_get_call (MODEL_THING (source));
  g_autoptr (GError) own_error = NULL;
  ModelThing *thing;
  ModelOutcome outcome;

  model_call_calls_back (call);
  outcome = program_finish (call, result, &thing, &own_error);
  check_job (call, outcome);
  if (call->parent != model_thing_get_call (asker))
    model_fail (call->model, call, "another one asked for it");
  if (own_error != NULL)
    g_propagate_error (error, g_steal_pointer (&own_error));

  return thing;
}

SYNCIFY_IMPLEMENT (OBJECT (ModelThing), program_ask, begin_pair, finish_pair,
                   SELF (ModelThing, asker))
