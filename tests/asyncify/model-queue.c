/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model-private.h"

/* A queue behind a limiter of one, which is kept by a call that stands at a gate: here nothing is
 * left to the scheduler, and the model knows exactly what is to follow. */

/* Whether a call was stopped, or has a deadline that is near, and has not come home yet. */
gboolean
model_home_awaits_stop (ModelHome *home)
{
  Model *self = home->model;
  gint64 soon = g_get_monotonic_time () + G_TIME_SPAN_SECOND;
  gboolean awaits = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->calls->len && !awaits; i++)
    {
      const ModelCall *call = g_ptr_array_index (self->calls, i);

      awaits = call->home == home && call->called_back == 0 && call->started == 0
               && ((call->stopper != NULL && call->stopper->begun != 0)
                   || (call->deadline != 0 && call->deadline < soon));
    }
  g_mutex_unlock (&self->lock);

  return awaits;
}

static int
compare_turns (gconstpointer a,
               gconstpointer b)
{
  const ModelCall *left = *(const ModelCall *const *) a;
  const ModelCall *right = *(const ModelCall *const *) b;

  if (left->plan.priority != right->plan.priority)
    return left->plan.priority - right->plan.priority;

  return left->submitted < right->submitted ? -1 : 1;
}

/* All that was stopped has come home, the rest stands in the queue, and only one runs. */
void
model_check_queued (ModelLane *lane)
{
  Model *self = lane->model;
  g_autoptr (GPtrArray) queued = g_ptr_array_new ();

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->calls->len; i++)
    {
      const ModelCall *call = g_ptr_array_index (self->calls, i);

      if (call->started == 0 && call->called_back == 0)
        g_ptr_array_add (queued, (gpointer) call);
    }
  g_ptr_array_sort (queued, compare_turns);

  lane->expected = g_array_new (FALSE, FALSE, sizeof (guint));
  g_array_append_vals (lane->expected, lane->started->data, lane->started->len);
  for (guint i = 0; i < queued->len; i++)
    {
      const ModelCall *call = g_ptr_array_index (queued, i);

      g_array_append_val (lane->expected, call->number);
    }

  if (lane->started->len != 1)
    model_fail (self, NULL, "%u calls have started, past the gate", lane->started->len);
  if (asyncify_limiter_get_running (lane->limiter) != 1
      || asyncify_limiter_get_queued (lane->limiter) != queued->len
      || asyncify_limiter_get_abandoned (lane->limiter) != 0)
    model_fail (self, NULL, "the limiter's numbers are not 1, %u and 0", queued->len);
  g_mutex_unlock (&self->lock);
}

/* They all started, one after the other. */
void
model_check_started (ModelLane *lane)
{
  Model *self = lane->model;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < MIN (lane->started->len, lane->expected->len); i++)
    {
      guint number = g_array_index (lane->started, guint, i);
      guint expected = g_array_index (lane->expected, guint, i);

      if (number != expected)
        model_fail (self, g_ptr_array_index (self->calls, number),
                    "it started as number %u, when it was the turn of call %u", i, expected);
    }
  if (lane->started->len != lane->expected->len)
    model_fail (self, NULL, "%u calls started, and not %u", lane->started->len,
                lane->expected->len);
  g_mutex_unlock (&self->lock);
}
