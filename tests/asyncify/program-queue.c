/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "program.h"

/* A program that queues: several threads make calls behind one that stands at a gate, and have
 * some of them stopped there. Those come home though nothing runs. Then the gate is opened, or the
 * call at the gate is abandoned; and the others start in the order that follows from all that.
 */

typedef struct {
  Program *program;
  GRand *rand;
  TestGate *ready; /* to stop no more calls, and then to have the gate opened */
  TestGate *settled;
} Caller;

static void
call_one (Caller *caller,
          ModelHome *home)
{
  Program *program = caller->program;
  ModelPlan plan;

  program_draw (program, caller->rand, 0, &plan);
  /* What stops other calls, or makes some, has no place here. */
  if (plan.deed == MODEL_DO_STOP || plan.deed == MODEL_DO_MEET)
    plan.deed = MODEL_DO_NOTHING;
  if (plan.then == MODEL_THEN_STOP || plan.then == MODEL_THEN_CALL)
    plan.then = MODEL_THEN_NOTHING;
  if (plan.deed == MODEL_DO_SLEEP || plan.deed == MODEL_DO_AWAIT_STOP)
    plan.effort /= 16;
  program_call (program, &(ProgramTrip) { .home = home }, &plan);
}

static gpointer
caller_thread (gpointer data)
{
  Caller *caller = data;
  Program *program = caller->program;
  GMainContext *context = program_push_context (program);
  ModelHome *home = model_add_home (program->model, context);

  for (guint i = 0; i < program->n_calls; i++)
    {
      guint32 seed = g_rand_int (caller->rand);

      call_one (caller, home);
      if (seed % 8 == 0)
        program_stop_one (program, seed);
      if (seed % 5 == 0)
        g_main_context_iteration (context, FALSE);
    }

  test_gate_enter (caller->ready);
  while (model_home_awaits_stop (home))
    g_main_context_iteration (context, TRUE);
  test_gate_enter (caller->settled);
  while (model_home_is_open (home))
    g_main_context_iteration (context, TRUE);
  model_home_leave (home);
  program_pop_context (program, context);
  g_atomic_int_inc (&program->n_callers_done);
  g_main_context_wakeup (NULL);

  return NULL;
}

/* Returns: the call that stands at the gate */
static ModelCall *
close_gate (Program *program,
            GRand *rand)
{
  ModelPlan plan = { .deed = MODEL_DO_PASS_GATE, .seed = g_rand_int (rand) };
  const ProgramTrip trip = {
    .home = program->main_home,
    .stopper = model_add_cancellable (program->model),
  };
  ModelCall *call;

  if (g_rand_boolean (rand))
    plan.policy = ASYNCIFY_CANCEL_ABANDON;
  call = program_call (program, &trip, &plan);
  test_gate_await (&program->gate, 1);

  return call;
}

static guint
count_entered (TestGate *gate)
{
  guint entered;

  g_mutex_lock (&gate->lock);
  entered = gate->entered;
  g_mutex_unlock (&gate->lock);

  return entered;
}

/* Runs the main loop meanwhile, so that a hang is noticed. */
static void
await_all (Program *program,
           TestGate *gate)
{
  while (count_entered (gate) < program->n_callers)
    g_main_context_iteration (NULL, TRUE);
}

static void
run (Program *program,
     GRand *rand)
{
  GThread *threads[PROGRAM_MAX_CALLERS];
  Caller callers[PROGRAM_MAX_CALLERS];
  ModelLane *lane = program->lanes[0];
  ModelCall *first = close_gate (program, rand);
  gboolean abandon = first->plan.policy == ASYNCIFY_CANCEL_ABANDON;
  TEST_GATE (ready);
  TEST_GATE (settled);

  for (guint i = 0; i < program->n_callers; i++)
    {
      callers[i]
        = (Caller) { program, g_rand_new_with_seed (g_rand_int (rand)), &ready, &settled };
      threads[i] = g_thread_new ("caller", caller_thread, &callers[i]);
    }
  await_all (program, &ready);
  test_gate_open (&ready);
  await_all (program, &settled);
  model_check_queued (lane);
  test_gate_open (&settled);

  if (abandon)
    model_stop (program->model, first->stopper);
  else
    test_gate_open (&program->gate);
  while (g_atomic_int_get (&program->n_callers_done) < (int) program->n_callers)
    g_main_context_iteration (NULL, TRUE);
  if (abandon)
    g_assert_cmpuint (asyncify_limiter_get_abandoned (lane->limiter), ==, 1);
  test_gate_open (&program->gate);
  while (model_home_is_open (program->main_home) || model_count_things (program->model) > 0)
    g_main_context_iteration (NULL, TRUE);
  model_check_started (lane);

  for (guint i = 0; i < program->n_callers; i++)
    {
      g_thread_join (threads[i]);
      g_rand_free (callers[i].rand);
    }
}

/* Runs one, with @n_calls calls, on the main thread. Returns: how many there were */
guint
program_run_queue (guint32 seed,
                   guint n_calls)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  Program program;

  program_begin (&program, seed);
  program.features = g_rand_int (rand) % (1 << PROGRAM_N_FEATURES);
  program.features &= ~(PROGRAM_NESTS | PROGRAM_LEAVES);
  program.n_callers = g_rand_int_range (rand, 1, PROGRAM_MAX_CALLERS + 1);
  program.n_calls = n_calls / program.n_callers;
  program_add_lane (&program, asyncify_limiter_new (1), 1, TRUE);

  run (&program, rand);

  return program_end (&program);
}
