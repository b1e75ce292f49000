/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* An asynchronous pair that is called as a blocking function where there is no worker: it runs in
 * a loop of its own. And both ways at once.
 */

#include "testquestion.h"

static gboolean
never_ready_cb (gpointer data)
{
  g_assert_not_reached ();
}

/* Where there is no worker: no other loop is run. */
static void
find_out_here (void)
{
  GMainContext *context = g_main_context_get_thread_default ();
  GMainContext *contexts[] = { context, g_main_context_default () };
  g_autoptr (GError) error = NULL;
  GSource *sources[G_N_ELEMENTS (contexts)];
  TestQuestion question = { .kind = TEST_QUESTION_ANSWERS_ITSELF };

  for (guint i = 0; i < G_N_ELEMENTS (contexts); i++)
    {
      sources[i] = g_idle_source_new ();
      g_source_set_priority (sources[i], G_PRIORITY_HIGH);
      g_source_set_callback (sources[i], never_ready_cb, NULL, NULL);
      g_source_attach (sources[i], contexts[i]);
    }
  g_assert_cmpint (test_find_out (&question, NULL, &error), ==, 7);
  g_assert_no_error (error);
  test_question_assert_places (&question, g_thread_self (), question.begun.context);
  g_assert_nonnull (question.begun.context);
  g_assert_true (question.begun.context != contexts[0]);
  g_assert_true (question.begun.context != contexts[1]);
  g_assert_true (g_main_context_get_thread_default () == context);
  for (guint i = 0; i < G_N_ELEMENTS (contexts); i++)
    {
      g_source_destroy (sources[i]);
      g_source_unref (sources[i]);
    }
}

static void
test_private_loop (TestFixture *fixture,
                   gconstpointer data)
{
  find_out_here ();
}

static gpointer
find_out_in_thread (gpointer data)
{
  find_out_here ();

  return NULL;
}

static void
test_thread (TestFixture *fixture,
             gconstpointer data)
{
  g_thread_join (g_thread_new ("plain", find_out_in_thread, NULL));
}

static gboolean
find_out_cb (gpointer data)
{
  find_out_here ();

  return G_SOURCE_REMOVE;
}

static void
test_callback (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (GSource) idle = g_idle_source_new ();

  test_attach (idle, find_out_cb, NULL);
  run_until (g_source_is_destroyed (idle));
}

static void
test_inside (TestFixture *fixture,
             gconstpointer data)
{
  TestQuestion question = { .kind = TEST_QUESTION_ANSWERS_INSIDE };

  g_assert_cmpint (test_find_out (&question, NULL, NULL), ==, 7);
}

/* Cancels when somebody has come to the gate. */
typedef struct {
  GCancellable *cancellable;
  TestGate gate;
} Canceller;

static gpointer
cancel_at_gate (gpointer data)
{
  Canceller *canceller = data;

  test_gate_await (&canceller->gate, 1);
  g_cancellable_cancel (canceller->cancellable);
  test_gate_open (&canceller->gate);

  return NULL;
}

ASYNCIFY_DEFINE (NOTHING, test_gate_enter, BORROWED (TestGate *, gate))
SYNCIFY_DEFINE (NOTHING, enter_and_wait, test_gate_enter_async_full, test_gate_enter_finish,
                BORROWED (TestGate *, gate), BORROWED (const AsyncifyOptions *, options))

/* Before, or meanwhile by another thread. */
static void
test_cancelled (TestFixture *fixture,
                gconstpointer data)
{
  const AsyncifyOptions options = { .cancel_policy = ASYNCIFY_CANCEL_ABANDON };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Canceller canceller = { .cancellable = cancellable };
  g_autoptr (GError) error = NULL;
  GThread *thread;

  test_gate_init (&canceller.gate);
  thread = g_thread_new ("cancel", cancel_at_gate, &canceller);
  enter_and_wait (&canceller.gate, &options, cancellable, &error);
  assert_cancelled (error);
  g_clear_error (&error);
  g_thread_join (thread);
  test_gate_clear (&canceller.gate);

  enter_and_wait (NULL, NULL, cancellable, &error);
  assert_cancelled (error);
}

/* Loop, worker, loop, worker, loop: each of them waits for the next one. */
typedef struct {
  AsyncifyLimiter *limiter;
  TestPlace places[5];
} Turns;

static void turn_2 (gpointer data);
static void turn_4 (gpointer data);

static void
turn_3 (Turns *turns)
{
  turns->places[3] = test_place_get ();
  asyncify_run_in_main (turn_4, turns);
}

static void
turn_1 (Turns *turns)
{
  turns->places[1] = test_place_get ();
  asyncify_run_in_main (turn_2, turns);
}

ASYNCIFY_DEFINE (NOTHING, turn_1, BORROWED (Turns *, turns))
ASYNCIFY_DEFINE (NOTHING, turn_3, BORROWED (Turns *, turns))
SYNCIFY_DEFINE (NOTHING, turn_3_and_wait, turn_3_async_full, turn_3_finish,
                BORROWED (Turns *, turns), BORROWED (const AsyncifyOptions *, options))

static void
turn_2 (gpointer data)
{
  Turns *turns = data;

  turns->places[2] = test_place_get ();
  turn_3_and_wait (turns, &(AsyncifyOptions) { .limiter = turns->limiter }, NULL, NULL);
}

static void
turn_4 (gpointer data)
{
  ((Turns *) data)->places[4] = test_place_get ();
}

static void
check_turns (Turns *turns,
             GThread *first_worker,
             GMainContext *context)
{
  GThread *here = g_thread_self ();

  g_assert_true (turns->places[1].thread == first_worker);
  g_assert_true (turns->places[2].thread == here && turns->places[2].context == context);
  g_assert_true (turns->places[3].thread != here && turns->places[3].thread != first_worker);
  g_assert_true (turns->places[4].thread == here && turns->places[4].context != context);
  g_assert_nonnull (turns->places[4].context);
}

/* There is one place for all of them. */
static void
test_in_turns (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  g_auto (TestReply) reply = { 0 };
  Turns turns = { .limiter = limiter };
  Turns without = { .limiter = limiter };

  turn_1_async_full (&turns, &options, NULL, test_reply_cb, &reply);
  test_reply_await (&reply);
  check_turns (&turns, turns.places[1].thread, fixture->context);
  g_assert_true (turns.places[1].thread != g_thread_self ());

  turn_1 (&without);
  check_turns (&without, g_thread_self (), fixture->context);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/syncify/elsewhere/private-loop", test_private_loop);
  test_add ("/syncify/elsewhere/on-a-plain-thread", test_thread);
  test_add ("/syncify/elsewhere/inside-a-callback", test_callback);
  test_add ("/syncify/elsewhere/answered-inside-begin", test_inside);
  test_add ("/syncify/elsewhere/cancelled", test_cancelled);
  test_add ("/syncify/in-turns", test_in_turns);

  return g_test_run ();
}
