/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A worker has a function called in the context that its call came from. What becomes of it
 * if the loop there is busy, or nobody runs it, is in test-visits.c.
 */

#include "testutils.h"

#include <asyncify/asyncify-mailbox-private.h>

/* What is called there, and what it finds. */
typedef struct {
  void (*errand) (gpointer data); /* nullable: what else it does */
  gpointer data;
  guint n_calls;
  GThread *thread;
  GMainContext *context; /* not owned; the thread-default one */
  gboolean in_dispatch;  /* it was called by a source of that context */
  guint n_returned;      /* atomic: how often the worker came back */
} Visit;

static void
look_around (gpointer data)
{
  Visit *visit = data;
  GSource *source = g_main_current_source ();

  g_assert_true (visit->n_calls == 0 || visit->thread == g_thread_self ());
  visit->n_calls++;
  visit->thread = g_thread_self ();
  visit->context = g_main_context_get_thread_default ();
  visit->in_dispatch = source != NULL && g_source_get_context (source) == visit->context;
  if (visit->errand != NULL)
    visit->errand (visit->data);
}

/* Returns: how often it has been called by then; negative if the call was cancelled */
static int
pay_visit (Visit *visit,
           TestGate *before)
{
  int n_calls;

  if (before != NULL)
    test_gate_enter (before);
  asyncify_run_in_main (look_around, visit);
  n_calls = visit->n_calls;
  g_atomic_int_inc (&visit->n_returned);

  return asyncify_is_cancelled () ? -n_calls : n_calls;
}

ASYNCIFY_DEFINE (VALUE (int), pay_visit, BORROWED (Visit *, visit), BORROWED (TestGate *, before))

static void
test_callers_thread (TestFixture *fixture,
                     gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  Visit visit = { 0 };

  pay_visit_async (&visit, NULL, NULL, test_reply_cb, &reply);
  g_assert_cmpint (pay_visit_finish (test_reply_await (&reply), NULL), ==, 1);
  run_dry ();
  g_assert_cmpuint (visit.n_calls, ==, 1);
  g_assert_true (visit.thread == g_thread_self ());
  g_assert_true (visit.context == fixture->context);
  g_assert_true (visit.in_dispatch);
}

typedef struct {
  GMainContext *context;
  TestReply *reply;
} Handed;

static gpointer
run_elsewhere (gpointer data)
{
  Handed *handed = data;

  while (handed->reply->n_calls == 0)
    g_main_context_iteration (handed->context, TRUE);

  return NULL;
}

/* Who runs a loop need not have made its context the thread's own; it is that inside of it. */
static void
test_run_elsewhere (TestFixture *fixture,
                    gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  Handed handed = { fixture->context, &reply };
  Visit visit = { 0 };
  GThread *thread;

  pay_visit_async (&visit, NULL, NULL, test_reply_cb, &reply);
  g_main_context_pop_thread_default (fixture->context);
  thread = g_thread_new ("elsewhere", run_elsewhere, &handed);
  g_thread_join (thread);
  g_main_context_push_thread_default (fixture->context);
  g_assert_cmpuint (visit.n_calls, ==, 1);
  g_assert_true (visit.thread == thread);
  g_assert_true (visit.context == fixture->context);
  g_assert_true (visit.in_dispatch);
}

static gboolean
visit_cb (gpointer data)
{
  Visit *visit = data;

  g_assert_cmpuint (visit->n_calls, ==, 0);
  pay_visit (visit, NULL);
  g_assert_cmpuint (visit->n_calls, ==, 1);

  return G_SOURCE_REMOVE;
}

/* Far down in the function, in a callback of a loop of its own. */
static void
visit_from_below (Visit *visit,
                  guint depth)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) source = g_idle_source_new ();

  g_main_context_push_thread_default (context);
  if (depth > 0)
    visit_from_below (visit, depth - 1);
  else
    {
      g_source_set_callback (source, visit_cb, visit, NULL);
      g_source_attach (source, context);
      run_until (g_source_is_destroyed (source));
    }
  g_main_context_pop_thread_default (context);
}

ASYNCIFY_DEFINE (NOTHING, visit_from_below, BORROWED (Visit *, visit), VALUE (guint, depth))

static void
test_depth (TestFixture *fixture,
            gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  Visit visit = { 0 };

  visit_from_below_async (&visit, 10, NULL, test_reply_cb, &reply);
  test_reply_await (&reply);
  g_assert_cmpuint (visit.n_calls, ==, 1);
  g_assert_true (visit.thread == g_thread_self ());
  g_assert_true (visit.context == fixture->context);
}

/* Once more, from in there: that is where it belongs. */
static void
visit_again (gpointer data)
{
  g_assert_cmpint (pay_visit (data, NULL), ==, 1);
}

static void
test_directly (TestFixture *fixture,
               gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  Visit inner = { 0 };
  Visit visit = { .errand = visit_again, .data = &inner };

  g_assert_cmpint (pay_visit (&visit, NULL), ==, 1);
  g_assert_true (visit.thread == g_thread_self ());
  g_assert_cmpuint (inner.n_calls, ==, 1);

  inner = (Visit) { 0 };
  visit = (Visit) { .errand = visit_again, .data = &inner };
  pay_visit_async (&visit, NULL, NULL, test_reply_cb, &reply);
  test_reply_await (&reply);
  g_assert_true (inner.thread == g_thread_self ());
}

#define N_WORKERS 20
#define N_VISITS 50

static void
pay_visits (Visit *visit)
{
  for (int i = 0; i < N_VISITS; i++)
    asyncify_run_in_main (look_around, visit);
}

ASYNCIFY_DEFINE (NOTHING, pay_visits, BORROWED (Visit *, visit))

/* What is counted there needs no lock. */
static void
test_several (TestFixture *fixture,
              gconstpointer data)
{
  Visit visit = { 0 };
  guint ended = 0;

  for (int i = 0; i < N_WORKERS; i++)
    pay_visits_async (&visit, NULL, test_count_cb, &ended);
  run_until (ended == N_WORKERS);
  g_assert_cmpuint (visit.n_calls, ==, N_WORKERS * N_VISITS);
}

typedef struct {
  GArray *order; /* int */
  int number;
} Turn;

static void
write_down (gpointer data)
{
  Turn *turn = data;

  g_array_append_val (turn->order, turn->number);
}

static void
test_order (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (int));
  Turn turns[N_WORKERS];
  Visit visits[N_WORKERS];
  guint ended = 0;

  for (int i = 0; i < N_WORKERS; i++)
    {
      turns[i] = (Turn) { order, i };
      visits[i] = (Visit) { .errand = write_down, .data = &turns[i] };
      pay_visit_async (&visits[i], NULL, NULL, test_count_cb, &ended);
      wait_until (test_count_arriving () == (guint) i + 1);
    }
  g_assert_cmpuint (order->len, ==, 0);
  run_until (ended == N_WORKERS);
  for (int i = 0; i < N_WORKERS; i++)
    g_assert_cmpint (g_array_index (order, int, i), ==, i);
}

/* It calls, too, and waits for that in a loop inside the loop. */
static void
call_and_wait (gpointer data)
{
  g_auto (TestReply) reply = { 0 };

  pass_gate_async_full (NULL, 7, data, NULL, test_reply_cb, &reply);
  g_assert_cmpint (pass_gate_finish (test_reply_await (&reply), NULL), ==, 7);
}

/* ... for which the visitor's place is needed. */
static void
test_nested (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  Visit visit = { .errand = call_and_wait, .data = (gpointer) &options };
  g_auto (TestReply) reply = { 0 };

  pay_visit_async_full (&visit, NULL, &options, NULL, test_reply_cb, &reply);
  g_assert_cmpint (pay_visit_finish (test_reply_await (&reply), NULL), ==, 1);
}

static void
test_place_is_lent (TestFixture *fixture,
                    gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) another = { 0 };
  Visit visit = { 0 };
  TEST_GATE (gate);

  pay_visit_async_full (&visit, NULL, &options, NULL, test_reply_cb, &reply);
  wait_until (test_count_arriving () == 1 && asyncify_limiter_get_running (limiter) == 0);
  pass_gate_async_full (&gate, 0, &options, NULL, test_reply_cb, &another);
  test_gate_await (&gate, 1);

  /* It was called; but it needs its place to return. */
  run_until (visit.n_calls == 1);
  wait_until (test_count_returning (limiter) == 1);
  g_assert_cmpuint (g_atomic_int_get (&visit.n_returned), ==, 0);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 1);
  test_gate_open (&gate);
  test_reply_await (&reply);
  test_reply_await (&another);
}

static void
test_cancelled (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  Visit visit = { 0 };

  pay_visit_async (&visit, NULL, cancellable, test_reply_cb, &reply);
  wait_until (test_count_arriving () == 1);
  g_cancellable_cancel (cancellable);
  /* Time to go, for one that doesn't wait any more. */
  for (int i = 0; i < 100 && test_count_arriving () == 1; i++)
    g_usleep (200);
  g_assert_cmpint (pay_visit_finish (test_reply_await (&reply), NULL), ==, -1);
}

/* Its caller has been answered. The context is still there, and the function may need it. */
static void
test_abandoned (TestFixture *fixture,
                gconstpointer data)
{
  const gboolean before = GPOINTER_TO_INT (data);
  const AsyncifyOptions options = { .cancel_policy = ASYNCIFY_CANCEL_ABANDON };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  Visit visit = { 0 };
  TEST_GATE (gate);

  pay_visit_async_full (&visit, &gate, &options, cancellable, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  if (before)
    {
      g_cancellable_cancel (cancellable);
      pay_visit_finish (test_reply_await (&reply), &error);
      assert_cancelled (error);
      test_gate_open (&gate);
      wait_until (test_count_arriving () == 1);
    }
  else
    {
      test_gate_open (&gate);
      wait_until (test_count_arriving () == 1);
      g_cancellable_cancel (cancellable);
      pay_visit_finish (test_reply_await (&reply), &error);
      assert_cancelled (error);
    }
  run_until (g_atomic_int_get (&visit.n_returned) == 1);
  g_assert_cmpuint (visit.n_calls, ==, 1);
  g_assert_true (visit.context == fixture->context);
  wait_until (asyncify_limiter_get_abandoned (asyncify_limiter_get_default ()) == 0);
}

/* A worker that merely gives up does so later. */
static void
assert_at_once (gint64 since)
{
  g_assert_cmpint (g_get_monotonic_time () - since, <,
                   ASYNCIFY_MAILBOX_LOOKS * ASYNCIFY_MAILBOX_LOOK);
}

/* It dies while the worker waits, or before that. */
static void
test_context_gone (TestFixture *fixture,
                   gconstpointer data)
{
  const gboolean before = GPOINTER_TO_INT (data);
  GMainContext *context = g_main_context_new ();
  gint64 began = g_get_monotonic_time ();
  Visit visit = { 0 };
  TEST_GATE (gate);

  g_main_context_push_thread_default (context);
  pay_visit_async (&visit, &gate, NULL, test_never_cb, NULL);
  test_gate_await (&gate, 1);
  if (!before)
    {
      test_gate_open (&gate);
      wait_until (test_count_arriving () == 1);
      g_assert_cmpuint (g_atomic_int_get (&visit.n_returned), ==, 0);
    }
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  test_gate_open (&gate);
  wait_until (g_atomic_int_get (&visit.n_returned) == 1);
  assert_at_once (began);
  g_assert_cmpuint (visit.n_calls, ==, 0);
}

#define N_ROUNDS 300

/* ... or just then. It is run a little before that. */
static void
test_context_gone_race (TestFixture *fixture,
                        gconstpointer data)
{
  Visit visits[N_ROUNDS] = { 0 };

  for (int i = 0; i < N_ROUNDS; i++)
    {
      GMainContext *context = g_main_context_new ();
      gint64 began = g_get_monotonic_time ();
      guint n_calls;

      g_main_context_push_thread_default (context);
      pay_visit_async (&visits[i], NULL, NULL, NULL, NULL);
      for (int k = 0; k < i % 5; k++)
        {
          g_thread_yield ();
          g_main_context_iteration (context, FALSE);
        }
      g_main_context_pop_thread_default (context);
      g_main_context_unref (context);
      n_calls = visits[i].n_calls;
      wait_until (g_atomic_int_get (&visits[i].n_returned) == 1);
      assert_at_once (began);
      g_assert_cmpuint (visits[i].n_calls, ==, n_calls);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/run-in-main/on-the-callers-thread", test_callers_thread);
  test_add ("/run-in-main/on-the-thread-that-runs-the-context", test_run_elsewhere);
  test_add ("/run-in-main/from-any-depth", test_depth);
  test_add ("/run-in-main/called-directly", test_directly);
  test_add ("/run-in-main/from-several-workers", test_several);
  test_add ("/run-in-main/in-order", test_order);
  test_add ("/run-in-main/may-call-and-wait", test_nested);
  test_add ("/run-in-main/place-is-lent", test_place_is_lent);
  test_add ("/run-in-main/cancelled-meanwhile", test_cancelled);
  g_test_add ("/run-in-main/from-an-abandoned-call", TestFixture, GINT_TO_POINTER (TRUE),
              test_setup, test_abandoned, test_teardown);
  g_test_add ("/run-in-main/abandoned-meanwhile", TestFixture, GINT_TO_POINTER (FALSE),
              test_setup, test_abandoned, test_teardown);
  g_test_add ("/run-in-main/context-gone", TestFixture, GINT_TO_POINTER (TRUE), test_setup,
              test_context_gone, test_teardown);
  g_test_add ("/run-in-main/context-gone-meanwhile", TestFixture, GINT_TO_POINTER (FALSE),
              test_setup, test_context_gone, test_teardown);
  test_add ("/run-in-main/context-gone-race", test_context_gone_race);

  return g_test_run ();
}
