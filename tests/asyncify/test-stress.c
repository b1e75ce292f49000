/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A program that nobody thought of: several contexts call at random, with priorities and
 * limiters and jobs at random, and cancel at random. ASYNCIFY_TEST_SEED in the environment
 * repeats one (as far as the scheduler does), ASYNCIFY_TEST_CALLS makes it longer.
 *
 * The model's programs do far more, but tell the model of each event, under its lock: so that puts
 * their threads in an order which the library may owe them. Here functions and callbacks share
 * nothing but counters, and a lock only to choose what cancels them: a race of the library's own
 * can happen, and ThreadSanitizer can see it.
 */

#include "testutils.h"

#define N_CALLERS 4
#define N_SHARED 8 /* GCancellables that all callers share */
#define MAX_IN_FLIGHT 400

/* Which calls run at once, of one limiter. */
typedef struct {
  AsyncifyLimiter *limiter;
  guint max_running;
  int inside;  /* atomic */
  int too_many; /* atomic */
} Lane;

typedef struct {
  guint32 seed;
  guint n_calls; /* of each caller */
  Lane lanes[3];

  GMutex lock;
  GCancellable *shared[N_SHARED]; /* under the lock */
} Program;

typedef struct {
  Program *program;
  GMainContext *context;
  GThread *thread;
  GRand *rand;
  AsyncifyJob *job; /* of a call that may be under way */
  guint n_made, n_ended, n_cancelled;
} Caller;

typedef struct {
  Caller *caller;
  GCancellable *cancellable; /* nullable */
  guint number;
  int n_ran; /* atomic */
  guint n_called_back;
} Record;

static TestThing *
stress (Lane *lane,
        Record *record,
        TestThing *thing,
        guint spin,
        guint *number)
{
  if (g_atomic_int_add (&lane->inside, 1) >= (int) lane->max_running)
    g_atomic_int_inc (&lane->too_many);
  g_atomic_int_inc (&record->n_ran);

  for (guint i = 0; i < spin; i++)
    {
      asyncify_set_progress ((double) i / spin);
      if (i % 16 == 0)
        g_thread_yield ();
    }
  *number = record->number;

  g_atomic_int_add (&lane->inside, -1);
  return g_object_ref (thing);
}

ASYNCIFY_DEFINE (OBJECT (TestThing), stress, BORROWED (Lane *, lane), BORROWED (Record *, record),
                 OBJECT (TestThing, thing), VALUE (guint, spin), OUT_VALUE (guint, number))

static void
ended_cb (GObject *source_object,
          GAsyncResult *result,
          gpointer user_data)
{
  Record *record = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TestThing) thing = NULL;
  guint number = G_MAXUINT;

  g_assert_true (g_thread_self () == record->caller->thread);
  g_assert_true (g_main_context_get_thread_default () == record->caller->context);
  g_assert_cmpuint (record->n_called_back++, ==, 0);
  record->caller->n_ended++;

  thing = stress_finish (result, &number, &error);
  if (thing != NULL)
    {
      g_assert_no_error (error);
      g_assert_cmpuint (number, ==, record->number);
      g_assert_cmpint (test_thing_get_number (thing), ==, record->number);
      g_assert_cmpint (g_atomic_int_get (&record->n_ran), ==, 1);
    }
  else
    {
      assert_cancelled (error);
      g_assert_true (g_cancellable_is_cancelled (record->cancellable));
      g_assert_cmpint (g_atomic_int_get (&record->n_ran), ==, 0);
      record->caller->n_cancelled++;
    }
}

/* Returns: (transfer full) (nullable): one of the shared, or none */
static GCancellable *
choose_cancellable (Caller *caller)
{
  Program *program = caller->program;
  guint which = g_rand_int_range (caller->rand, 0, 2 * N_SHARED);
  GCancellable *cancellable = NULL;

  if (which >= N_SHARED)
    return NULL;

  g_mutex_lock (&program->lock);
  g_set_object (&cancellable, program->shared[which]);
  g_mutex_unlock (&program->lock);

  return cancellable;
}

/* Cancels one of the shared, and has another one take its place. */
static void
cancel_one (Caller *caller)
{
  Program *program = caller->program;
  guint which = g_rand_int_range (caller->rand, 0, N_SHARED);
  g_autoptr (GCancellable) cancellable = NULL;

  g_mutex_lock (&program->lock);
  cancellable = g_steal_pointer (&program->shared[which]);
  program->shared[which] = g_cancellable_new ();
  g_mutex_unlock (&program->lock);

  g_cancellable_cancel (cancellable);
}

static gboolean
job_is_free (AsyncifyJob *job)
{
  AsyncifyJobState state = asyncify_job_get_state (job);

  return state != ASYNCIFY_JOB_QUEUED && state != ASYNCIFY_JOB_RUNNING;
}

static void
call_one (Caller *caller,
          Record *record)
{
  Lane *lane = &caller->program->lanes[g_rand_int_range (caller->rand, 0, 3)];
  g_autoptr (TestThing) thing = test_thing_new_for (caller->n_made, caller->thread);
  const AsyncifyOptions options = {
    .limiter = lane->limiter,
    .job = job_is_free (caller->job) && g_rand_boolean (caller->rand) ? caller->job : NULL,
    .priority = g_rand_int_range (caller->rand, -2, 3),
    .source_object = g_rand_boolean (caller->rand) ? G_OBJECT (thing) : NULL,
  };

  record->caller = caller;
  record->cancellable = choose_cancellable (caller);
  record->number = caller->n_made++;
  stress_async_full (lane, record, thing, g_rand_int_range (caller->rand, 0, 64), &options,
                     record->cancellable, ended_cb, record);
}

static void
run_caller (Caller *caller,
            Record *records)
{
  const guint n = caller->program->n_calls;

  while (caller->n_ended < n)
    {
      gboolean may_call = caller->n_made < MIN (n, caller->n_ended + MAX_IN_FLIGHT);
      guint dice = g_rand_int_range (caller->rand, 0, 100);

      if (may_call && dice < 80)
        call_one (caller, &records[caller->n_made]);
      else if (dice >= 98)
        cancel_one (caller);
      else
        g_main_context_iteration (caller->context, !may_call);
    }
}

static gpointer
caller_thread (gpointer data)
{
  Caller *caller = data;
  g_autofree Record *records = g_new0 (Record, caller->program->n_calls);
  GSource *emergency;

  caller->thread = g_thread_self ();
  caller->context = g_main_context_new ();
  g_main_context_push_thread_default (caller->context);
  caller->job = asyncify_job_new (NULL);

  emergency = test_emergency_begin ("the program has ended");
  run_caller (caller, records);
  test_emergency_end (emergency);
  run_dry ();
  for (guint i = 0; i < caller->program->n_calls; i++)
    {
      g_assert_cmpuint (records[i].n_called_back, ==, 1);
      g_clear_object (&records[i].cancellable);
    }

  g_object_unref (caller->job);
  g_main_context_pop_thread_default (caller->context);
  g_main_context_unref (caller->context);

  return NULL;
}

static guint32
get_number (const char *variable,
            guint32 otherwise)
{
  const char *value = g_getenv (variable);

  return value != NULL ? g_ascii_strtoull (value, NULL, 10) : otherwise;
}

static void
program_init (Program *program)
{
  *program = (Program) { .seed = get_number ("ASYNCIFY_TEST_SEED", g_random_int ()) };
  program->n_calls = get_number ("ASYNCIFY_TEST_CALLS", 20000) / N_CALLERS;
  program->lanes[0] = (Lane) { NULL, 40, 0, 0 };
  program->lanes[1] = (Lane) { asyncify_limiter_new (1), 1, 0, 0 };
  program->lanes[2] = (Lane) { asyncify_limiter_new (5), 5, 0, 0 };
  g_mutex_init (&program->lock);
  for (int i = 0; i < N_SHARED; i++)
    program->shared[i] = g_cancellable_new ();
}

static void
program_clear (Program *program)
{
  for (int i = 0; i < N_SHARED; i++)
    {
      g_assert_cmpuint (test_count_handlers (program->shared[i]), ==, 0);
      g_object_unref (program->shared[i]);
    }
  g_object_unref (program->lanes[1].limiter);
  g_object_unref (program->lanes[2].limiter);
  g_mutex_clear (&program->lock);
}

static void
test_program (TestFixture *fixture,
              gconstpointer data)
{
  Caller callers[N_CALLERS] = { 0 };
  GThread *threads[N_CALLERS];
  guint n_cancelled = 0;
  Program program;

  program_init (&program);
  g_test_message ("ASYNCIFY_TEST_SEED=%" G_GUINT32_FORMAT, program.seed);
  for (guint i = 0; i < N_CALLERS; i++)
    {
      callers[i].program = &program;
      callers[i].rand = g_rand_new_with_seed (program.seed + i);
      threads[i] = g_thread_new ("caller", caller_thread, &callers[i]);
    }

  for (guint i = 0; i < N_CALLERS; i++)
    {
      g_thread_join (threads[i]);
      g_rand_free (callers[i].rand);
      n_cancelled += callers[i].n_cancelled;
    }
  g_test_message ("%u of %u calls were cancelled", n_cancelled, N_CALLERS * program.n_calls);
  for (guint i = 0; i < G_N_ELEMENTS (program.lanes); i++)
    g_assert_cmpint (program.lanes[i].too_many, ==, 0);
  program_clear (&program);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/stress/program", test_program);

  return g_test_run ();
}
