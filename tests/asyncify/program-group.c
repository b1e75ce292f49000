/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "program.h"

/* Groups of calls */

#define MAX_CALLS 5

typedef struct {
  Program *program;
  ProgramTrip trip;
  AsyncifyGroup *group;
  ModelStopper *stopper;
  guint n_calls;
  ModelCall *calls[MAX_CALLS];
  guint n_replies;
  gboolean *over; /* nullable: what to set in the end */
} Group;

static void
group_gone_cb (gpointer data,
               GObject *object)
{
  Program *program = data;

  g_atomic_int_add (&program->n_groups, -1);
}

static void
await_group (Group *self,
             GCancellable *cancellable);

/* Each result is in its slot. Returns: how many calls failed */
static guint
take_results (Group *self)
{
  guint n_failed = 0;

  for (guint i = 0; i < self->n_calls; i++)
    {
      ModelCall *call = self->calls[i];
      g_autoptr (ModelThing) thing = NULL;
      g_autoptr (GError) error = NULL;

      if (!asyncify_soon_is_ready (call->soon))
        model_fail (call->model, call, "its group has ended, and its slot is empty");
      program_finish (call, asyncify_soon_get_result (call->soon), &thing, &error);
      if (error != NULL)
        n_failed++;
    }

  return n_failed;
}

static void
check_group (Group *self,
             const GError *error)
{
  Model *model = self->program->model;
  guint n_failed = take_results (self);
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if ((n_failed > 0) != (error != NULL))
    model_fail (model, self->calls[0], "%u calls of its group failed, and the group says: %s",
                n_failed, error != NULL ? error->message : "nothing");
  if (error != NULL && !cancelled && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_FAILED))
    model_fail (model, self->calls[0], "its group says: %s", error->message);
  if (n_failed > 0 && !g_cancellable_is_cancelled (self->stopper->cancellable))
    model_fail (model, self->calls[0], "its group failed, and was not cancelled");
  model_check_group (self->stopper, self->calls, self->n_calls);
}

static void
group_ready_cb (GObject *source_object,
                GAsyncResult *result,
                gpointer user_data)
{
  Group *self = user_data;
  ModelCall *parent = self->trip.parent;
  g_autoptr (GError) error = NULL;

  if (parent != NULL)
    model_call_goes_on (parent);
  if (source_object != G_OBJECT (self->group) || model_is_stopping ()
      || g_thread_self () != self->trip.home->thread
      || g_main_context_get_thread_default () != self->trip.home->context)
    model_fail (self->program->model, self->calls[0], "its group calls back elsewhere");

  self->n_replies++;
  asyncify_group_wait_finish (self->group, result, &error);
  if (self->n_replies == 1 && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    await_group (self, NULL); /* It may only be the waiting that was cancelled. */
  else
    {
      check_group (self, error);
      if (self->over != NULL)
        *self->over = TRUE;
      g_object_unref (self->group);
      g_free (self);
    }

  if (parent != NULL)
    model_call_waits (parent);
}

static void
await_group (Group *self,
             GCancellable *cancellable)
{
  asyncify_group_wait_async (self->group, cancellable, group_ready_cb, self);
}

static AsyncifyGroup *
create_group (Program *program,
              GCancellable *parent)
{
  AsyncifyGroup *group = asyncify_group_new (parent);

  g_atomic_int_inc (&program->n_groups);
  g_object_weak_ref (G_OBJECT (group), group_gone_cb, program);

  return group;
}

/* Makes some calls in the context of @trip's home, which go there and back together. If they are
 * made by a worker, what cancels that cancels them. When all is over, it says so in @over. */
void
program_call_group (Program *program,
                    const ProgramTrip *trip,
                    guint32 seed,
                    guint depth,
                    gboolean *over)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  ModelStopper *above
    = trip->inherited == NULL ? program_choose_stopper (program, g_rand_int (rand)) : NULL;
  ModelStopper *waiting = program_choose_stopper (program, g_rand_int (rand));
  gboolean was_stopping = model_set_stopping (TRUE);
  Group *self = g_new0 (Group, 1);

  *self = (Group) { .program = program, .trip = *trip, .over = over };
  self->group = create_group (program, above != NULL ? above->cancellable : trip->inherited);
  self->stopper = model_add_group (program->model, self->group, above,
                                   trip->inherited != NULL ? trip->parent : NULL);
  self->trip.inherited = NULL;
  self->trip.stopper = self->stopper;
  self->n_calls = g_rand_int_range (rand, 1, MAX_CALLS + 1);
  for (guint i = 0; i < self->n_calls; i++)
    {
      ModelPlan plan;

      program_draw (program, rand, depth, &plan);
      self->trip.soon = asyncify_group_soon (self->group);
      self->calls[i] = program_call (program, &self->trip, &plan);
    }
  if (over != NULL)
    *over = FALSE;
  await_group (self, waiting != NULL ? waiting->cancellable : NULL);
  model_set_stopping (was_stopping);
}
