/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "program.h"

/* The one function, on a worker. */

/* A function that gives up when it is to stop. */
static gboolean
gives_up (ModelCall *call)
{
  return call->plan.obeys && (asyncify_is_cancelled () || g_atomic_int_get (&call->told));
}

static void
spin (ModelCall *call)
{
  for (guint i = 0; i < call->plan.effort && !gives_up (call); i++)
    if (i % 16 == 0)
      g_thread_yield ();
}

/* Waits for a while; but if there is a deadline soon, then for that, which is kept. */
static void
await_stop (ModelCall *call)
{
  const gboolean has_deadline = call->plan.timeout_ms > 0 && call->plan.timeout_ms < 1000;
  gint64 until = has_deadline ? test_emergency_time ()
                              : g_get_monotonic_time () + 8 * call->plan.effort;

  while (!asyncify_is_cancelled () && !g_atomic_int_get (&call->told))
    {
      g_usleep (50);
      if (g_get_monotonic_time () < until)
        continue;
      if (has_deadline)
        model_fail (call->model, call, "its deadline was not kept");
      break;
    }
}

/* Seldom so much that it has to wait until the loop has taken some. */
static void
tell (ModelCall *call)
{
  guint n = call->plan.effort == 255 ? 1000 : call->plan.effort % 16;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (TestThing) item = test_thing_new (i); /* which the job keeps */

      asyncify_set_progress ((double) i / n);
      asyncify_set_message ("telling");
      asyncify_emit (G_OBJECT (item));
      call->n_emitted++;
    }
}

typedef struct {
  ModelCall *call;
  guint n_visits;
} Visit;

static void
visit_cb (gpointer data)
{
  Visit *visit = data;
  ModelHome *home = visit->call->home;

  if (g_thread_self () != home->thread || g_main_context_get_thread_default () != home->context
      || model_is_stopping ())
    model_fail (visit->call->model, visit->call, "its visit was received elsewhere");
  visit->n_visits++;
}

/* Nobody answers only where nobody is any more; and that is known at once, though who waits would
 * give up in the end. */
static void
check_refused (ModelCall *call,
               gint64 began)
{
  if (!model_home_is_gone (call->home))
    model_fail (call->model, call, "nobody answered, though the loop runs");
  began = MAX (began, model_home_get_gone_at (call->home));
  if (g_get_monotonic_time () > began + 4 * G_TIME_SPAN_SECOND)
    model_fail (call->model, call, "it waited in vain, and for long");
}

static void
pay_visit (ModelCall *call)
{
  Visit visit = { call, 0 };
  gint64 began = g_get_monotonic_time ();

  model_call_waits (call);
  asyncify_run_in_main (visit_cb, &visit);
  if (visit.n_visits == 0)
    check_refused (call, began);
  model_call_goes_on (call);

  if (visit.n_visits > 1)
    model_fail (call->model, call, "it paid %u visits", visit.n_visits);
}

static void
ask (ModelCall *call,
     ModelThing *thing,
     GCancellable *cancellable)
{
  /* Without one, it is given its own. */
  GCancellable *given = call->plan.effort % 2 == 0 ? cancellable : NULL;
  g_autoptr (ModelThing) answer = NULL;
  g_autoptr (GError) error = NULL;
  gint64 began = g_get_monotonic_time ();

  model_call_waits (call);
  answer = program_ask (thing, given, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CLOSED))
    check_refused (call, began);
  model_call_goes_on (call);

  if ((answer != NULL) == (error != NULL))
    model_fail (call->model, call, "it asked, and got both or neither");
}

static void
call_some (ModelCall *call,
           ModelHome *home,
           GCancellable *cancellable)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (call->plan.seed);
  guint n = 1 + call->plan.effort % 3;

  for (guint i = 0; i < n; i++)
    {
      const gboolean inherits = g_rand_boolean (rand);
      const ProgramTrip trip
        = { .home = home, .parent = call, .inherited = inherits ? cancellable : NULL };
      ModelPlan plan;

      program_draw (call->program, rand, call->plan.depth + 1, &plan);
      /* What waits for its turn in the loop would keep the context. */
      if (call->plan.deed == MODEL_DO_LEAVE
          && (plan.then == MODEL_THEN_ITERATE || plan.then == MODEL_THEN_PENDING))
        plan.then = MODEL_THEN_NOTHING;
      program_call (call->program, &trip, &plan);
    }
}

/* Makes calls in a context of its own; awaits them, or goes away when it has turned a bit. */
static void
run_loop (ModelCall *call,
          GCancellable *cancellable)
{
  GMainContext *context = program_push_context (call->program);
  ModelHome *home = model_add_home (call->model, context);
  const ProgramTrip trip = { .home = home, .parent = call, .inherited = cancellable };
  guint n_turns = call->plan.effort % 8;
  gboolean over = TRUE;

  if (call->plan.deed == MODEL_DO_GROUP)
    program_call_group (call->program, &trip, call->plan.seed, call->plan.depth + 1, &over);
  else
    call_some (call, home, cancellable);
  model_call_waits (call);
  if (call->plan.deed == MODEL_DO_LEAVE)
    while (n_turns-- > 0)
      g_main_context_iteration (context, FALSE);
  else
    while (model_home_count_open (home) > 0 || !over)
      g_main_context_iteration (context, TRUE);
  model_call_goes_on (call);

  model_home_leave (home);
  program_pop_context (call->program, context);
}

/* Makes a call where it has no context of its own. */
static void
call_main (ModelCall *call)
{
  Program *program = call->program;
  g_autoptr (GRand) rand = g_rand_new_with_seed (call->plan.seed);
  ModelPlan plan;

  program_draw (program, rand, call->plan.depth + 1, &plan);
  program_call (program, &(ProgramTrip) { .home = program->main_home }, &plan);
}

static void
do_deed (ModelCall *call,
         ModelThing *thing,
         GCancellable *cancellable)
{
  switch (call->plan.deed)
    {
    case MODEL_DO_SPIN:
      spin (call);
      break;
    case MODEL_DO_SLEEP:
      g_usleep (call->plan.effort);
      break;
    case MODEL_DO_AWAIT_STOP:
      await_stop (call);
      break;
    case MODEL_DO_MEET:
      model_lane_meet (call->lane);
      break;
    case MODEL_DO_TELL:
      tell (call);
      break;
    case MODEL_DO_STOP:
      if (call->stopper != NULL && call->plan.effort % 2 == 0)
        model_stop (call->model, call->stopper);
      else
        program_stop_one (call->program, call->plan.seed);
      break;
    case MODEL_DO_VISIT:
      pay_visit (call);
      break;
    case MODEL_DO_SYNC:
      ask (call, thing, cancellable);
      break;
    case MODEL_DO_LOOP:
    case MODEL_DO_LEAVE:
    case MODEL_DO_GROUP:
      run_loop (call, cancellable);
      break;
    case MODEL_DO_CALL_MAIN:
      call_main (call);
      break;
    case MODEL_DO_PASS_GATE:
      test_gate_enter (&((Program *) call->program)->gate);
      break;
    case MODEL_DO_NOTHING:
    case MODEL_DO_FAIL:
    case MODEL_N_DEEDS:
    default:
      break;
    }
}

ModelThing *
program_work (ModelCall *call,
              ModelThing *thing,
              const char *words,
              GCancellable *cancellable,
              guint *number,
              GError **error)
{
  g_autofree char *expected = g_strdup_printf ("call %u", call->number);
  ModelOutcome result = MODEL_VALUE;

  model_call_starts (call);
  if (model_thing_get_call (thing) != call || g_strcmp0 (words, expected) != 0)
    model_fail (call->model, call, "it has another one's arguments");

  do_deed (call, thing, cancellable);

  *number = call->number;
  if (call->plan.deed == MODEL_DO_FAIL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "No");
      result = MODEL_FAILED;
    }
  else if (gives_up (call))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped");
      result = MODEL_CANCELLED;
    }
  model_call_returns (call, result);

  if (result != MODEL_VALUE)
    return NULL;
  /* What a worker asked for may go there. */
  return model_thing_new (call->model, call->is_pair ? NULL : call->home, call->number);
}
