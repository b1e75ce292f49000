/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model-private.h"

static GPrivate stopping; /* whether this thread is stopping calls right now */

static void
free_home (gpointer data)
{
  g_free (data);
}

static void
free_lane (gpointer data)
{
  ModelLane *lane = data;

  g_clear_object (&lane->limiter);
  g_array_unref (lane->started);
  g_clear_pointer (&lane->expected, g_array_unref);
  g_mutex_clear (&lane->setting);
  g_mutex_clear (&lane->submitting);
  g_free (lane);
}

static void
free_stopper (gpointer data)
{
  ModelStopper *stopper = data;

  g_clear_object (&stopper->cancellable);
  g_clear_object (&stopper->job);
  g_free (stopper);
}

Model *
model_new (guint32 seed)
{
  Model *self = g_new0 (Model, 1);

  self->seed = seed;
  self->log = model_log_new ();
  g_mutex_init (&self->lock);
  self->calls = g_ptr_array_new_with_free_func (g_free);
  self->homes = g_ptr_array_new_with_free_func (free_home);
  self->lanes = g_ptr_array_new_with_free_func (free_lane);
  self->stoppers = g_ptr_array_new_with_free_func (free_stopper);

  return self;
}

/* When nothing is left of the library's. */
void
model_end (Model *self)
{
  model_check_end (self);

  g_ptr_array_unref (self->calls);
  g_ptr_array_unref (self->homes);
  g_ptr_array_unref (self->lanes);
  g_ptr_array_unref (self->stoppers);
  model_log_free (self->log);
  g_mutex_clear (&self->lock);
  g_free (self);
}

guint32
model_get_seed (Model *self)
{
  return self->seed;
}

guint
model_count_calls (Model *self)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = self->calls->len;
  g_mutex_unlock (&self->lock);

  return count;
}

/* Goes up whenever something happens. */
guint64
model_get_clock (Model *self)
{
  guint64 clock;

  g_mutex_lock (&self->lock);
  clock = self->clock;
  g_mutex_unlock (&self->lock);

  return clock;
}

int
model_count_things (Model *self)
{
  int count;

  g_mutex_lock (&self->lock);
  count = self->n_things;
  g_mutex_unlock (&self->lock);

  return count;
}

static guint
add (Model *self,
     GPtrArray *array,
     gpointer item)
{
  guint number;

  g_mutex_lock (&self->lock);
  number = array->len;
  g_ptr_array_add (array, item);
  g_mutex_unlock (&self->lock);

  return number;
}

/* Takes over @limiter. */
ModelLane *
model_add_lane (Model *self,
                AsyncifyLimiter *limiter,
                guint max,
                gboolean in_order)
{
  ModelLane *lane = g_new0 (ModelLane, 1);

  lane->model = self;
  lane->limiter = limiter;
  lane->is_fixed = limiter == NULL;
  lane->in_order = in_order;
  lane->max = lane->bound = max;
  lane->started = g_array_new (FALSE, FALSE, sizeof (guint));
  g_mutex_init (&lane->setting);
  g_mutex_init (&lane->submitting);
  lane->number = add (self, self->lanes, lane);

  return lane;
}

/* On the thread that runs it. */
ModelHome *
model_add_home (Model *self,
                GMainContext *context)
{
  ModelHome *home = g_new0 (ModelHome, 1);

  home->model = self;
  home->thread = g_thread_self ();
  home->context = context;
  home->number = add (self, self->homes, home);

  return home;
}

ModelStopper *
model_add_cancellable (Model *self)
{
  ModelStopper *stopper = g_new0 (ModelStopper, 1);

  stopper->cancellable = g_cancellable_new ();
  stopper->number = add (self, self->stoppers, stopper);

  return stopper;
}

ModelStopper *
model_add_job (Model *self)
{
  ModelStopper *stopper = g_new0 (ModelStopper, 1);

  stopper->job = asyncify_job_new (NULL);
  stopper->number = add (self, self->stoppers, stopper);

  return stopper;
}

/* What cancels the calls of @group: it is cancelled by @above, by what cancels @owner, or by the
 * first call that fails; all of which may be NULL or not happen. */
ModelStopper *
model_add_group (Model *self,
                 AsyncifyGroup *group,
                 ModelStopper *above,
                 ModelCall *owner)
{
  ModelStopper *stopper = g_new0 (ModelStopper, 1);

  stopper->is_group = TRUE;
  stopper->cancellable = g_object_ref (asyncify_group_get_cancellable (group));
  stopper->above = above;
  stopper->owner = owner;
  stopper->number = add (self, self->stoppers, stopper);

  return stopper;
}

/* One that is going to be made; it counts as open from here on. */
ModelCall *
model_add_call (ModelHome *home,
                ModelLane *lane,
                ModelCall *parent,
                const ModelPlan *plan)
{
  Model *self = home->model;
  ModelCall *call = g_new0 (ModelCall, 1);

  call->model = self;
  call->home = home;
  call->lane = lane;
  call->parent = parent;
  call->maker = model_get_current ();
  call->plan = *plan;
  call->link.data = call;

  g_mutex_lock (&self->lock);
  call->number = self->calls->len;
  self->is_nested |= call->maker != NULL;
  g_ptr_array_add (self->calls, call);
  home->n_open++;
  g_mutex_unlock (&self->lock);

  return call;
}

/* Whether something is still to come home. */
gboolean
model_home_is_open (ModelHome *home)
{
  gboolean is_open;

  g_mutex_lock (&home->model->lock);
  is_open = home->n_open > 0 || home->n_things > 0;
  g_mutex_unlock (&home->model->lock);

  return is_open;
}

guint
model_home_count_open (ModelHome *home)
{
  guint count;

  g_mutex_lock (&home->model->lock);
  count = home->n_open;
  g_mutex_unlock (&home->model->lock);

  return count;
}

gboolean
model_home_is_gone (ModelHome *home)
{
  gboolean gone;

  g_mutex_lock (&home->model->lock);
  gone = home->gone;
  g_mutex_unlock (&home->model->lock);

  return gone;
}

gint64
model_home_get_gone_at (ModelHome *home)
{
  gint64 gone_at;

  g_mutex_lock (&home->model->lock);
  gone_at = home->gone_at;
  g_mutex_unlock (&home->model->lock);

  return gone_at;
}

/* Before the context loses its last reference. */
void
model_home_leave (ModelHome *home)
{
  g_mutex_lock (&home->model->lock);
  model_log (home->model, "leave", NULL, home->number);
  home->gone = TRUE;
  home->gone_at = g_get_monotonic_time ();
  g_mutex_unlock (&home->model->lock);
}

void
model_lane_set_max (ModelLane *lane,
                    guint max)
{
  Model *self = lane->model;

  g_mutex_lock (&lane->setting);

  g_mutex_lock (&self->lock);
  model_log (self, "set-max", NULL, lane->number);
  lane->max = MAX (lane->max, max);
  lane->bound = MAX (lane->bound, max);
  g_mutex_unlock (&self->lock);

  asyncify_limiter_set_max_running (lane->limiter, max);

  g_mutex_lock (&self->lock);
  lane->max = max;
  g_mutex_unlock (&self->lock);

  g_mutex_unlock (&lane->setting);
}

/* Waits a while until another one comes here. Returns: whether one did */
gboolean
model_lane_meet (ModelLane *lane)
{
  Model *self = lane->model;
  gint64 until = g_get_monotonic_time () + 500;
  gboolean met = FALSE;
  guint n_met;

  g_mutex_lock (&self->lock);
  n_met = ++lane->n_met;
  while (!met && g_get_monotonic_time () < until)
    {
      g_mutex_unlock (&self->lock);
      g_thread_yield ();
      g_mutex_lock (&self->lock);
      met = lane->n_met != n_met;
    }
  g_mutex_unlock (&self->lock);

  return met;
}

/* Marks that this thread is where hooks may be called. Returns: whether it was before */
gboolean
model_set_stopping (gboolean is_stopping)
{
  gboolean was_stopping = g_private_get (&stopping) != NULL;

  g_private_set (&stopping, GINT_TO_POINTER (is_stopping));

  return was_stopping;
}

gboolean
model_is_stopping (void)
{
  return g_private_get (&stopping) != NULL;
}

/* It is about to be cancelled. */
void
model_begin_stop (Model *self,
                  ModelStopper *stopper)
{
  g_mutex_lock (&self->lock);
  model_log (self, "stop", NULL, stopper->number);
  stopper->n_stopping++;
  if (stopper->begun == 0)
    stopper->begun = self->clock;
  g_mutex_unlock (&self->lock);
}

static void
end_stop (Model *self,
          ModelStopper *stopper)
{
  g_mutex_lock (&self->lock);
  model_log (self, "stopped", NULL, stopper->number);
  stopper->n_stopping--;
  /* A GCancellable is cancelled once, by one of the threads that are at it; of a group's, these
   * are not all known. */
  if (stopper->job != NULL
      || (!stopper->is_group && stopper->n_stopping == 0 && stopper->done == 0))
    stopper->done = self->clock;
  g_mutex_unlock (&self->lock);
}

/* Cancels; once, if it is a GCancellable. */
void
model_stop (Model *self,
            ModelStopper *stopper)
{
  gboolean was_stopping;

  model_begin_stop (self, stopper);
  was_stopping = model_set_stopping (TRUE);
  if (stopper->cancellable != NULL)
    g_cancellable_cancel (stopper->cancellable);
  else
    asyncify_job_cancel (stopper->job);
  model_set_stopping (was_stopping);
  end_stop (self, stopper);
}
