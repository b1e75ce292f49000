/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "program.h"

/* A random program: threads that run a loop each, and the main thread with the main loop. */

typedef struct {
  Program *program;
  guint number;
  GRand *rand;
  GMainContext *context;
  ModelHome *home;
} Caller;

static void
set_job (Caller *caller,
         ModelStopper *job)
{
  g_mutex_lock (&caller->program->lock);
  caller->program->jobs[caller->number] = job;
  g_mutex_unlock (&caller->program->lock);
  caller->home->job = job;
}

static void
settle_down (Caller *caller)
{
  Program *program = caller->program;

  caller->context = program_push_context (program);
  caller->home = model_add_home (program->model, caller->context);
  if (program->features & PROGRAM_JOBS)
    set_job (caller, model_add_job (program->model));
}

static void
move_out (Caller *caller)
{
  if (caller->home->job != NULL)
    program_job_is_free (caller->home->job);
  set_job (caller, NULL);
  model_home_leave (caller->home);
  program_pop_context (caller->program, caller->context);
}

static void
turn_while_open (Caller *caller)
{
  while (model_home_is_open (caller->home))
    g_main_context_iteration (caller->context, TRUE);
}

static void
call_one (Caller *caller)
{
  Program *program = caller->program;
  ModelPlan plan;

  program_draw (program, caller->rand, 0, &plan);
  while (model_home_count_open (caller->home) >= program->max_open)
    g_main_context_iteration (caller->context, TRUE);
  program_call (program, &(ProgramTrip) { .home = caller->home }, &plan);
}

static void
take_step (Caller *caller,
           guint *n_left)
{
  Program *program = caller->program;
  int ticket = g_rand_int_range (caller->rand, 0, 1000);
  guint32 seed = g_rand_int (caller->rand);

  if (ticket < 800)
    {
      call_one (caller);
      (*n_left)--;
    }
  else if (ticket < 900)
    for (guint i = seed % 8; i > 0; i--)
      g_main_context_iteration (caller->context, FALSE);
  else if (ticket < 940)
    {
      if (program->features & PROGRAM_CANCELS)
        program_stop_one (program, seed);
    }
  else if (ticket < 960)
    {
      if (program->features & PROGRAM_RESIZES)
        program_resize_one (program, seed);
    }
  else if (ticket < 970)
    {
      if (program->features & PROGRAM_GROUPS)
        program_call_group (program, &(ProgramTrip) { .home = caller->home }, seed, 0, NULL);
    }
  else if (ticket < 995)
    g_usleep (seed % 256);
  else if (ticket < 998 || !(program->features & PROGRAM_LEAVES))
    turn_while_open (caller);
  else
    {
      move_out (caller);
      settle_down (caller);
    }
}

static gpointer
caller_thread (gpointer data)
{
  Caller *caller = data;
  Program *program = caller->program;
  guint n_left = program->n_calls;

  settle_down (caller);
  while (n_left > 0)
    take_step (caller, &n_left);
  turn_while_open (caller);
  move_out (caller);

  g_atomic_int_inc (&program->n_callers_done);
  g_main_context_wakeup (NULL);

  return NULL;
}

static gboolean
is_over (Program *self)
{
  return g_atomic_int_get (&self->n_callers_done) == (int) self->n_callers
         && !model_home_is_open (self->main_home) && model_count_things (self->model) == 0
         && g_atomic_int_get (&self->n_contexts) == 0
         && g_atomic_int_get (&self->n_groups) == 0;
}

static void
run (Program *self,
     GRand *rand)
{
  Caller callers[PROGRAM_MAX_CALLERS] = { 0 };
  GThread *threads[PROGRAM_MAX_CALLERS];

  for (guint i = 0; i < self->n_callers; i++)
    {
      callers[i] = (Caller) { self, i, g_rand_new_with_seed (g_rand_int (rand)), NULL, NULL };
      threads[i] = g_thread_new ("caller", caller_thread, &callers[i]);
    }

  while (!is_over (self))
    g_main_context_iteration (NULL, TRUE);

  for (guint i = 0; i < self->n_callers; i++)
    {
      g_thread_join (threads[i]);
      g_rand_free (callers[i].rand);
    }
}

/* As many lanes as the program shall have */
static void
add_lanes (Program *self,
           GRand *rand)
{
  static const guint sizes[] = { 1, 1, 2, 3, 5, 8 };
  const guint n_lanes = g_rand_int_range (rand, 1, PROGRAM_MAX_LANES + 1);

  for (guint i = 0; i < n_lanes; i++)
    {
      guint size = sizes[g_rand_int_range (rand, 0, G_N_ELEMENTS (sizes))];
      gboolean in_order = g_rand_boolean (rand);

      /* The last one is the default limiter. */
      if (i == PROGRAM_MAX_LANES - 1)
        program_add_lane (self, NULL, 40, in_order);
      else
        program_add_lane (self, asyncify_limiter_new (size), size, in_order);
    }
}

/* Runs one, with at least @n_calls calls, on the main thread. Returns: how many there were */
guint
program_run (guint32 seed,
             guint n_calls)
{
  static const guint most_open[] = { 1, 4, 30, 300 };
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  Program program;

  program_begin (&program, seed);
  program.features = g_rand_int (rand) % (1 << PROGRAM_N_FEATURES);
  if (program.features & PROGRAM_LEAVES)
    program.features &= ~(PROGRAM_TURNS | PROGRAM_GROUPS);
  program.n_callers = g_rand_int_range (rand, 1, PROGRAM_MAX_CALLERS + 1);
  program.n_calls = n_calls / program.n_callers;
  program.max_open = most_open[g_rand_int_range (rand, 0, G_N_ELEMENTS (most_open))];
  add_lanes (&program, rand);

  run (&program, rand);

  return program_end (&program);
}
