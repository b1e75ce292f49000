/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "program.h"

/* What is left to chance. */

/* Calls that make calls are made by no more than so many in a row. */
#define MAX_DEPTH 3

/* How often each deed is done, and what a program must have for it */
static const struct {
  guint weight;
  ProgramFeatures features;
} deeds[MODEL_N_DEEDS] = {
  [MODEL_DO_NOTHING] = { 30, 0 },
  [MODEL_DO_SPIN] = { 20, 0 },
  [MODEL_DO_SLEEP] = { 6, 0 },
  [MODEL_DO_AWAIT_STOP] = { 12, PROGRAM_CANCELS },
  [MODEL_DO_MEET] = { 2, 0 },
  [MODEL_DO_TELL] = { 6, PROGRAM_JOBS },
  [MODEL_DO_STOP] = { 5, PROGRAM_CANCELS },
  [MODEL_DO_FAIL] = { 6, 0 },
  [MODEL_DO_VISIT] = { 8, PROGRAM_NESTS },
  [MODEL_DO_SYNC] = { 8, PROGRAM_NESTS },
  [MODEL_DO_LOOP] = { 5, PROGRAM_NESTS },
  [MODEL_DO_LEAVE] = { 3, PROGRAM_NESTS | PROGRAM_LEAVES },
  [MODEL_DO_CALL_MAIN] = { 4, PROGRAM_NESTS },
  [MODEL_DO_GROUP] = { 5, PROGRAM_NESTS | PROGRAM_GROUPS },
};

static const struct {
  guint weight;
  ProgramFeatures features;
} thens[MODEL_N_THENS] = {
  [MODEL_THEN_NOTHING] = { 60, 0 },
  [MODEL_THEN_DROP] = { 8, 0 },
  [MODEL_THEN_STOP] = { 6, PROGRAM_CANCELS },
  [MODEL_THEN_CALL] = { 8, 0 },
  [MODEL_THEN_ITERATE] = { 8, PROGRAM_TURNS },
  [MODEL_THEN_PENDING] = { 8, PROGRAM_TURNS },
  [MODEL_THEN_BURN] = { 1, 0 },
};

static gboolean
has (Program *self,
     ProgramFeatures features)
{
  return (self->features & features) == features;
}

static gboolean
makes_calls (ModelDeed deed)
{
  return deed == MODEL_DO_SYNC || deed == MODEL_DO_LOOP || deed == MODEL_DO_LEAVE
         || deed == MODEL_DO_CALL_MAIN || deed == MODEL_DO_GROUP;
}

static ModelDeed
draw_deed (Program *self,
           GRand *rand,
           guint depth)
{
  ModelDeed deed;
  guint weight;

  do
    {
      int ticket = g_rand_int_range (rand, 0, 120);

      for (deed = 0; deed + 1 < MODEL_N_DEEDS && ticket >= (int) deeds[deed].weight; deed++)
        ticket -= deeds[deed].weight;
      weight = deeds[deed].weight;
    }
  while (weight == 0 || !has (self, deeds[deed].features)
         || (depth >= MAX_DEPTH && makes_calls (deed)));

  return deed;
}

static ModelThen
draw_then (Program *self,
           GRand *rand)
{
  ModelThen then;

  do
    {
      int ticket = g_rand_int_range (rand, 0, 99);

      for (then = 0; then + 1 < MODEL_N_THENS && ticket >= (int) thens[then].weight; then++)
        ticket -= thens[then].weight;
    }
  while (!has (self, thens[then].features));

  return then;
}

static guint
draw_timeout (GRand *rand)
{
  int ticket = g_rand_int_range (rand, 0, 12);

  /* Some never come. */
  return ticket < 8 ? 0 : ticket == 8 ? 60000 : ticket - 8;
}

/* @depth is how many workers wait already for whoever makes the call. */
void
program_draw (Program *self,
              GRand *rand,
              guint depth,
              ModelPlan *plan)
{
  *plan = (ModelPlan) {
    .deed = draw_deed (self, rand, depth),
    .then = draw_then (self, rand),
    .depth = depth,
    .effort = g_rand_int_range (rand, 0, 256),
    .obeys = g_rand_int_range (rand, 0, 4) > 0,
    .seed = g_rand_int (rand),
  };
  if (has (self, PROGRAM_PRIORITIES))
    plan->priority = g_rand_int_range (rand, -2, 3);
  if (has (self, PROGRAM_DEADLINES))
    plan->timeout_ms = draw_timeout (rand);
  if (has (self, PROGRAM_ABANDONS) && g_rand_boolean (rand))
    plan->policy = ASYNCIFY_CANCEL_ABANDON;
  if (has (self, PROGRAM_INTERRUPTS) && g_rand_boolean (rand))
    plan->interrupt = TRUE;
}

/* The next functions take different bits of the same seed. */

ModelLane *
program_choose_lane (Program *self,
                     guint32 seed)
{
  return self->lanes[seed % self->n_lanes];
}

/* Returns: (nullable): what cancels a call; one that others share, or one for it alone, or one
 * that was cancelled before */
ModelStopper *
program_choose_stopper (Program *self,
                        guint32 seed)
{
  guint ticket = (seed >> 8) % (3 * PROGRAM_N_SHARED);
  ModelStopper *stopper = NULL;

  if (!has (self, PROGRAM_CANCELS) || ticket >= 2 * PROGRAM_N_SHARED)
    return NULL;

  g_mutex_lock (&self->lock);
  if (ticket >= PROGRAM_N_SHARED)
    self->shared[ticket - PROGRAM_N_SHARED] = model_add_cancellable (self->model);
  stopper = self->shared[ticket % PROGRAM_N_SHARED];
  g_mutex_unlock (&self->lock);

  return stopper;
}

/* Cancels a GCancellable, or seldom a job. Any thread. */
void
program_stop_one (Program *self,
                  guint32 seed)
{
  guint which = (seed >> 16) % PROGRAM_N_SHARED;
  gboolean take_job = (seed >> 24) % 4 == 0;
  gboolean stays = (seed >> 26) % 4 == 0;
  ModelStopper *stopper;

  g_mutex_lock (&self->lock);
  stopper = take_job ? self->jobs[which % PROGRAM_MAX_CALLERS] : NULL;
  if (stopper == NULL)
    {
      stopper = self->shared[which];
      if (!stays)
        self->shared[which] = model_add_cancellable (self->model);
    }
  g_mutex_unlock (&self->lock);

  model_stop (self->model, stopper);
}

/* Any thread. */
void
program_resize_one (Program *self,
                    guint32 seed)
{
  ModelLane *lane = self->lanes[seed % self->n_lanes];

  if (!lane->is_fixed)
    model_lane_set_max (lane, 1 + (seed >> 8) % 6);
}
