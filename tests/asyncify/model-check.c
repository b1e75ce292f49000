/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model-private.h"

#include "testutils.h"

static GPrivate current; /* ModelCall: what runs on this thread */

/* What may follow what. All static functions here: under the model's lock. */

static gboolean may_be_stopped (const ModelCall *call);

static gboolean
is_begun (const ModelStopper *stopper)
{
  return stopper->begun != 0 || (stopper->above != NULL && is_begun (stopper->above))
         || (stopper->owner != NULL && may_be_stopped (stopper->owner));
}

/* Whether somebody cancels it, or began to. */
static gboolean
may_be_cancelled (const ModelCall *call)
{
  if (call->stopper != NULL && is_begun (call->stopper))
    return TRUE;
  if (call->job != NULL && (call->job->n_stopping > 0 || call->job->done >= call->submitted))
    return TRUE;

  return call->inherits && may_be_stopped (call->parent);
}

static gboolean
may_be_timed_out (const ModelCall *call)
{
  return call->deadline != 0 && g_get_monotonic_time () >= call->deadline;
}

static gboolean
may_be_stopped (const ModelCall *call)
{
  return may_be_cancelled (call) || may_be_timed_out (call);
}

/* Whether it may have lost its place. */
static gboolean
may_be_abandoned (const ModelCall *call)
{
  return call->plan.policy == ASYNCIFY_CANCEL_ABANDON && may_be_stopped (call);
}

/* Whether it has a GCancellable that nothing else stands between: who has cancelled that, has
 * stopped the call. */
static gboolean
is_stopped_directly (const ModelCall *call)
{
  return call->stopper != NULL && call->job == NULL && call->plan.timeout_ms == 0;
}

static AsyncifyLimiter *
get_limiter (const ModelLane *lane)
{
  return lane->limiter != NULL ? lane->limiter : asyncify_limiter_get_default ();
}

/* Returns: how many functions run; without those that run beside what they, or what they made,
 * have made: they went on though a place was with that */
static guint
count_inside (ModelLane *lane)
{
  const guint64 mark = ++lane->model->n_marks;
  guint n_inside = 0;

  for (GList *l = lane->inside.head; l != NULL; l = l->next)
    if (!may_be_abandoned (l->data))
      for (ModelCall *above = ((ModelCall *) l->data)->maker; above != NULL; above = above->maker)
        above->marked = mark;
  for (GList *l = lane->inside.head; l != NULL; l = l->next)
    if (!may_be_abandoned (l->data) && ((ModelCall *) l->data)->marked != mark)
      n_inside++;

  return n_inside;
}

/* @call has a place now, unless it was abandoned: and so have those that are inside. */
static void
check_limit (ModelLane *lane,
             const ModelCall *call)
{
  guint n_inside, n_running;

  if (may_be_abandoned (call))
    return;

  n_running = asyncify_limiter_get_running (get_limiter (lane));
  if (n_running > lane->bound && !lane->model->is_nested)
    model_fail (lane->model, call, "%u calls run, and %u may", n_running, lane->bound);
  /* After it was lowered, it counts once there are as few; they don't become more again. */
  if (n_running <= lane->max)
    lane->bound = lane->max;

  n_inside = count_inside (lane);
  if (n_inside > lane->bound)
    model_fail (lane->model, call, "%u functions run, and %u may", n_inside, lane->bound);
}

static void
go_inside (ModelCall *call)
{
  g_queue_push_tail_link (&call->lane->inside, &call->link);
  call->is_inside = TRUE;
  check_limit (call->lane, call);
}

static void
go_outside (ModelCall *call)
{
  if (call->is_inside)
    g_queue_unlink (&call->lane->inside, &call->link);
  call->is_inside = FALSE;
}

static GQueue *
get_queue (ModelCall *call)
{
  return &call->lane->waiting[call->plan.priority + MODEL_N_PRIORITIES / 2];
}

static void
stop_waiting (ModelCall *call)
{
  if (call->is_waiting)
    g_queue_unlink (get_queue (call), &call->link);
  call->is_waiting = FALSE;
}

/* Whatever was submitted before @call, with the same priority or a better one, was taken before
 * it; but it may not have come to say so. As many can't have as there are places beside its own. */
static void
check_order (ModelCall *call)
{
  ModelLane *lane = call->lane;
  const ModelCall *overtaken = NULL;
  guint n_overtaken = 0;

  if (!call->is_waiting || may_be_abandoned (call))
    return;

  for (int i = 0; i <= call->plan.priority + MODEL_N_PRIORITIES / 2; i++)
    for (GList *l = lane->waiting[i].head; l != NULL; l = l->next)
      {
        const ModelCall *other = l->data;

        if (other->submitted >= call->submitted)
          break;
        if (may_be_stopped (other))
          continue;
        overtaken = other;
        n_overtaken++;
      }
  if (n_overtaken >= lane->bound)
    model_fail (lane->model, call, "it overtook %u calls, call %u the last of them, with %u places",
                n_overtaken, overtaken->number, lane->bound);
}

/* Right before it is made; if the lane is to keep an order, alone. */
void
model_call_submits (ModelCall *call,
                    GCancellable *cancellable)
{
  Model *self = call->model;

  g_mutex_lock (&self->lock);
  model_log (self, "submits", call, call->lane->number);
  call->submitted = self->clock;
  call->too_late = g_cancellable_is_cancelled (cancellable);
  if (call->plan.timeout_ms > 0)
    call->deadline = g_get_monotonic_time () + call->plan.timeout_ms * G_TIME_SPAN_MILLISECOND;
  if (call->lane->in_order)
    {
      call->is_waiting = TRUE;
      g_queue_push_tail_link (get_queue (call), &call->link);
    }
  g_mutex_unlock (&self->lock);
}

/* Returns: (nullable): the call whose function is on this thread */
ModelCall *
model_get_current (void)
{
  return g_private_get (&current);
}

/* First thing in its function. */
void
model_call_starts (ModelCall *call)
{
  Model *self = call->model;

  g_private_set (&current, call);
  g_mutex_lock (&self->lock);
  model_log (self, "starts", call, call->lane->number);
  if (call->started != 0)
    model_fail (self, call, "it runs twice");
  if (call->too_late)
    model_fail (self, call, "it runs, though it was cancelled before it was made");
  if (call->called_back != 0 && call->plan.policy == ASYNCIFY_CANCEL_WAIT)
    model_fail (self, call, "it runs, though it has called back");
  if (g_thread_self () == call->home->thread && !call->home->gone)
    model_fail (self, call, "it runs on its caller's thread");

  call->started = self->clock;
  check_order (call);
  stop_waiting (call);
  g_array_append_val (call->lane->started, call->number);
  go_inside (call);
  g_mutex_unlock (&self->lock);
}

/* Before it waits for another call: it lends its place. */
void
model_call_waits (ModelCall *call)
{
  g_mutex_lock (&call->model->lock);
  model_log (call->model, "waits", call, call->lane->number);
  if (call->n_waits++ == 0)
    go_outside (call);
  g_mutex_unlock (&call->model->lock);
}

/* After that: it has a place again. */
void
model_call_goes_on (ModelCall *call)
{
  g_mutex_lock (&call->model->lock);
  model_log (call->model, "goes on", call, call->lane->number);
  if (--call->n_waits == 0)
    go_inside (call);
  g_mutex_unlock (&call->model->lock);
}

/* Last thing in its function. */
void
model_call_returns (ModelCall *call,
                    ModelOutcome result)
{
  Model *self = call->model;

  g_mutex_lock (&self->lock);
  model_log (self, "returns", call, result);
  if (call->stopper != NULL && call->stopper->done != 0 && !asyncify_is_cancelled ())
    model_fail (self, call, "it was cancelled, and not told");
  go_outside (call);
  call->returned = self->clock;
  call->result = result;
  g_mutex_unlock (&self->lock);
  g_private_set (&current, NULL);
}

/* Whether deadlines of the home's calls are kept on this thread: where the home is, or in the main
 * context if it is gone. */
static gboolean
keeps_deadlines (const ModelHome *home)
{
  if (home->thread == g_thread_self ())
    return TRUE;

  return home->gone && g_main_context_is_owner (g_main_context_default ());
}

/* Hooks are called where something is stopped: where somebody cancels, or where a deadline is
 * kept, be it that of a call above. */
static gboolean
is_where_hooks_are_called (const ModelCall *call)
{
  if (model_is_stopping ())
    return TRUE;

  for (; call != NULL; call = call->parent)
    if (keeps_deadlines (call->home))
      return TRUE;

  return FALSE;
}

/* In its interrupt hook. While that runs, the call can't end. */
void
model_call_interrupts (ModelCall *call)
{
  Model *self = call->model;

  g_mutex_lock (&self->lock);
  model_log (self, "interrupts", call, 0);
  if (call->n_interrupts++ > 0)
    model_fail (self, call, "it is interrupted twice");
  if (call->called_back != 0)
    model_fail (self, call, "it is interrupted after it has called back");
  if (call->too_late || !may_be_stopped (call))
    model_fail (self, call, "it is interrupted, though it isn't to stop or doesn't run");
  if (!is_where_hooks_are_called (call))
    model_fail (self, call, "it is interrupted on a strange thread");
  g_mutex_unlock (&self->lock);
}

/* Last thing in it */
void
model_call_was_interrupted (ModelCall *call)
{
  Model *self = call->model;

  g_mutex_lock (&self->lock);
  if (call->called_back != 0)
    model_fail (self, call, "it has called back while it was interrupted");
  g_mutex_unlock (&self->lock);
}

/* The function has told what comes of it. */
static void
check_returned (const ModelCall *call,
                ModelOutcome outcome)
{
  ModelOutcome expected = call->result;

  /* Giving up is reported as what made it give up. */
  if (expected == MODEL_CANCELLED && outcome == MODEL_TIMED_OUT && may_be_timed_out (call))
    expected = outcome;
  else if (expected == MODEL_CANCELLED && !may_be_cancelled (call))
    expected = MODEL_TIMED_OUT;

  if (outcome != expected)
    model_fail (call->model, call, "%s came of it, not %s", model_outcome_to_string (outcome),
                model_outcome_to_string (expected));
}

/* It was stopped instead. */
static void
check_stopped (const ModelCall *call,
               ModelOutcome outcome)
{
  if (outcome != MODEL_CANCELLED && outcome != MODEL_TIMED_OUT)
    model_fail (call->model, call, "%s came of it, and its function has not returned",
                model_outcome_to_string (outcome));
  if (outcome == MODEL_CANCELLED && !may_be_cancelled (call))
    model_fail (call->model, call, "nobody has cancelled it");
  if (outcome == MODEL_TIMED_OUT && !may_be_timed_out (call))
    model_fail (call->model, call, "its deadline is yet to come");
  if (call->started != 0 && call->plan.policy == ASYNCIFY_CANCEL_WAIT)
    model_fail (call->model, call, "its function was not waited for");
}

static void
check_outcome (const ModelCall *call,
               ModelOutcome outcome)
{
  const ModelStopper *stopper = call->stopper;
  const gboolean stopped_in_time = is_stopped_directly (call) && stopper->done != 0
                                   && call->returned != 0 && stopper->done < call->returned;
  const gboolean may_go_without = call->plan.policy == ASYNCIFY_CANCEL_ABANDON
                                  && may_be_stopped (call)
                                  && (outcome == MODEL_CANCELLED || outcome == MODEL_TIMED_OUT);

  if (call->returned != 0 && !may_go_without)
    check_returned (call, outcome);
  else
    check_stopped (call, outcome);

  if (call->too_late && outcome != MODEL_CANCELLED)
    model_fail (call->model, call, "it was cancelled before it was made, and doesn't say so");
  if (stopped_in_time && call->plan.policy == ASYNCIFY_CANCEL_ABANDON
      && outcome != MODEL_CANCELLED)
    model_fail (call->model, call, "it was cancelled while it ran, and is not abandoned");
  if (stopped_in_time && call->plan.interrupt && call->n_interrupts == 0)
    model_fail (call->model, call, "it was cancelled while it ran, and is not interrupted");
}

/* First thing in its callback. */
void
model_call_calls_back (ModelCall *call)
{
  Model *self = call->model;
  ModelHome *home = call->home;

  g_mutex_lock (&self->lock);
  model_log (self, "calls back", call, home->number);
  if (call->submitted == 0 || call->called_back != 0)
    model_fail (self, call, "it calls back twice, or before it was made");
  if (home->thread != g_thread_self () || home->context != g_main_context_get_thread_default ())
    model_fail (self, call, "it calls back somewhere else");
  if (home->gone)
    model_fail (self, call, "it calls back where nobody is any more");
  if (model_is_stopping ())
    model_fail (self, call, "it calls back from inside");

  stop_waiting (call);
  call->called_back = self->clock;
  home->n_open--;
  g_mutex_unlock (&self->lock);
}

/* ... and when it has finished: what came of it */
void
model_call_ends (ModelCall *call,
                 ModelOutcome outcome)
{
  Model *self = call->model;

  g_mutex_lock (&self->lock);
  model_log (self, "ends", call, outcome);
  if (outcome != MODEL_UNKNOWN)
    check_outcome (call, outcome);
  call->outcome = outcome;
  g_mutex_unlock (&self->lock);
}

/* What is above a group was cancelled before all calls of the group had called back: so the group
 * was, too. */
void
model_check_group (ModelStopper *group,
                   ModelCall *const calls[],
                   guint n_calls)
{
  const ModelStopper *above = group->above;
  Model *self = calls[0]->model;

  if (above == NULL || g_cancellable_is_cancelled (group->cancellable))
    return;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < n_calls && above->done != 0; i++)
    if (above->done < calls[i]->called_back)
      model_fail (self, calls[i], "its group was not cancelled by cancellable %u", above->number);
  g_mutex_unlock (&self->lock);
}

/* Whether it is to stop, or was. */
gboolean
model_call_is_stopped (ModelCall *call)
{
  gboolean is_stopped;

  g_mutex_lock (&call->model->lock);
  is_stopped = may_be_stopped (call);
  g_mutex_unlock (&call->model->lock);

  return is_stopped;
}

static void
check_call_end (const ModelCall *call)
{
  if (call->called_back == 0 && !call->home->gone)
    model_fail (call->model, call, "it never called back");
  if (call->started != 0 && call->returned == 0)
    model_fail (call->model, call, "its function never returned");
  if (call->n_interrupts > 0 && call->started == 0)
    model_fail (call->model, call, "it was interrupted, and never ran");
}

static void
check_lane_end (const ModelLane *lane)
{
  AsyncifyLimiter *limiter = get_limiter (lane);

  if (lane->inside.length > 0 || asyncify_limiter_get_running (limiter) > 0
      || asyncify_limiter_get_queued (limiter) > 0 || asyncify_limiter_get_abandoned (limiter) > 0
      || asyncify_limiter_get_max_running (limiter) != lane->max)
    model_fail (lane->model, NULL, "lane %u is not as it was", lane->number);
}

/* A call's things go before its other references do. */
static void
check_stopper_end (Model *self,
                   const ModelStopper *stopper)
{
  GObject *object
    = stopper->job != NULL ? G_OBJECT (stopper->job) : G_OBJECT (stopper->cancellable);
  gint64 until = test_emergency_time ();

  while (g_atomic_int_get (&object->ref_count) != 1)
    {
      if (g_get_monotonic_time () > until)
        model_fail (self, NULL, "cancellable or job %u has references left", stopper->number);
      g_usleep (100);
    }
  if (stopper->cancellable != NULL && test_count_handlers (stopper->cancellable) > 0)
    model_fail (self, NULL, "cancellable %u has handlers left", stopper->number);
}

/* When all has ended, nothing is left. */
void
model_check_end (Model *self)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->calls->len; i++)
    check_call_end (g_ptr_array_index (self->calls, i));
  for (guint i = 0; i < self->lanes->len; i++)
    check_lane_end (g_ptr_array_index (self->lanes, i));
  for (guint i = 0; i < self->stoppers->len; i++)
    check_stopper_end (self, g_ptr_array_index (self->stoppers, i));
  if (self->n_things != 0)
    model_fail (self, NULL, "%d things are left", self->n_things);
  g_mutex_unlock (&self->lock);
}
