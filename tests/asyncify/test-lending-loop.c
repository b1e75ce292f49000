/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* When a function lends its place: while its loop waits, if that is for a call of its own. */

#include "testutils.h"

#include <asyncify/asyncify-limiter-private.h>
#include <asyncify/asyncify-news-private.h>

/* What a function waits for. */
static void
nested_cb (GObject *source_object,
           GAsyncResult *result,
           gpointer user_data)
{
  int *number = user_data;

  *number = pass_gate_finish (result, NULL);
}

/* Begins to wait, by hand, and then returns without having waited. */
static void
return_lent (TestGate *nested,
             AsyncifyLimiter *limiter)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  int priority;

  g_main_context_push_thread_default (context);
  pass_gate_async_full (nested, 0, &(AsyncifyOptions) { .limiter = limiter }, NULL, NULL, NULL);
  g_main_context_prepare (context, &priority);
  test_gate_await (nested, 1);
  g_main_context_pop_thread_default (context);
}

ASYNCIFY_DEFINE (NOTHING, return_lent, BORROWED (TestGate *, nested),
                 BORROWED (AsyncifyLimiter *, limiter))

static void
test_returned (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (nested);

  return_lent_async_full (&nested, limiter, &(AsyncifyOptions) { .limiter = limiter }, NULL,
                          test_reply_cb, &reply);
  test_reply_await (&reply);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 1);
  test_gate_open (&nested);
  test_check_places (limiter, 1);
}

static TestGate *poll_gate;

/* While it is in here, a loop waits. */
static int
poll_at_gate (GPollFD *fds,
              guint n_fds,
              int timeout)
{
  test_gate_enter (poll_gate);

  return 0;
}

/* Turns a loop twice, in which a call has come to its end, or there was none. */
static void
turn (AsyncifyLimiter *limiter,
      gboolean call)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  int number = 0;

  g_main_context_push_thread_default (context);
  if (call)
    {
      pass_gate_async_full (NULL, 7, &(AsyncifyOptions) { .limiter = limiter }, NULL, nested_cb,
                            &number);
      run_until (number == 7);
    }
  g_main_context_set_poll_func (context, poll_at_gate);
  g_main_context_iteration (context, TRUE);
  g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
}

ASYNCIFY_DEFINE (NOTHING, turn, BORROWED (AsyncifyLimiter *, limiter), VALUE (gboolean, call))

static gboolean
has_news (AsyncifyLimiter *limiter)
{
  gboolean telling;

  g_mutex_lock (&limiter->lock);
  telling = limiter->telling;
  g_mutex_unlock (&limiter->lock);

  return telling;
}

/* It waits for something else, and so others have to wait for it. The main loop isn't woken to
 * tell that nothing has changed. */
static void
test_not_lent (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) another = { 0 };
  TEST_GATE (gate);

  poll_gate = &gate;
  turn_async_full (limiter, GPOINTER_TO_INT (data), &options, NULL, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  pass_gate_async_full (NULL, 0, &options, NULL, test_reply_cb, &another);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 1);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 1);

  while (has_news (limiter))
    g_main_context_iteration (NULL, TRUE);
  test_gate_let (&gate, 1);
  test_gate_await (&gate, 2);
  g_assert_false (has_news (limiter));
  test_gate_open (&gate);
  test_reply_await (&reply);
  test_reply_await (&another);
}

static gboolean
do_nothing_cb (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Waits for a call in a loop that always has something else to do. */
static void
wait_awake (AsyncifyLimiter *limiter)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GSource) idle = g_idle_source_new ();
  int number = 0;

  g_main_context_push_thread_default (context);
  /* What is more urgent than results would keep these from being told. */
  g_source_set_priority (idle, G_PRIORITY_LOW);
  g_source_set_callback (idle, do_nothing_cb, NULL, NULL);
  g_source_attach (idle, context);
  pass_gate_async_full (NULL, 7, &(AsyncifyOptions) { .limiter = limiter }, NULL, nested_cb,
                        &number);
  run_until (number == 7);
  g_main_context_pop_thread_default (context);
}

ASYNCIFY_DEFINE (NOTHING, wait_awake, BORROWED (AsyncifyLimiter *, limiter))

static void
test_never_sleeps (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  guint ended = 0;

  wait_awake_async_full (limiter, &options, NULL, test_count_cb, &ended);
  wait_awake_async_full (limiter, &options, NULL, test_count_cb, &ended);
  run_until (ended == 2);
  test_check_places (limiter, 1);
}

/* Two functions that wait, and how many of them have begun to and have ended. */
typedef struct {
  AsyncifyLimiter *limiter;
  guint n_begun, n_ended; /* atomic */
} Couple;

/* Turns its loop, and so lends the place, only when the other one wants it. */
static void
pass_to_and_fro (Couple *couple)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  int number = 0;

  g_atomic_int_inc (&couple->n_begun);
  g_main_context_push_thread_default (context);
  pass_gate_async_full (NULL, 7, &(AsyncifyOptions) { .limiter = couple->limiter }, NULL,
                        nested_cb, &number);
  while (number != 7)
    {
      if (g_atomic_int_get (&couple->n_begun) == 2)
        wait_until (test_count_returning (couple->limiter) > 0
                    || g_atomic_int_get (&couple->n_ended) > 0);
      g_main_context_iteration (context, FALSE);
    }
  g_main_context_pop_thread_default (context);
  g_atomic_int_inc (&couple->n_ended);
}

ASYNCIFY_DEFINE (NOTHING, pass_to_and_fro, BORROWED (Couple *, couple))

/* There is always one who wants its place back; what they wait for has its turn all the same. */
static void
test_to_and_fro (TestFixture *fixture,
                 gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  Couple couple = { .limiter = limiter };
  guint ended = 0;

  pass_to_and_fro_async_full (&couple, &options, NULL, test_count_cb, &ended);
  pass_to_and_fro_async_full (&couple, &options, NULL, test_count_cb, &ended);
  run_until (ended == 2);
  test_check_places (limiter, 1);
}

#define N_THINGS (4 * ASYNCIFY_NEWS_MAX_ITEMS)

static void
emit_things (void)
{
  for (int i = 0; i < N_THINGS; i++)
    {
      g_autoptr (TestThing) thing = test_thing_new (i);

      asyncify_emit (G_OBJECT (thing));
    }
}

static void
emitted_cb (GObject *source_object,
            GAsyncResult *result,
            gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
}

ASYNCIFY_DEFINE (NOTHING, emit_things)

/* Returns: how many have come */
static guint
take_things (AsyncifyLimiter *limiter)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (AsyncifyJob) job = asyncify_job_new ("Emit");
  gboolean ended = FALSE;

  g_main_context_push_thread_default (context);
  emit_things_async_full (&(AsyncifyOptions) { .limiter = limiter, .job = job }, NULL, emitted_cb,
                          &ended);
  run_until (ended);
  g_main_context_pop_thread_default (context);

  return g_list_model_get_n_items (asyncify_job_get_items (job));
}

ASYNCIFY_DEFINE (VALUE (guint), take_things, BORROWED (AsyncifyLimiter *, limiter))

/* It has to wait until its things are taken, by one that waits for it. */
static void
test_nested_emits (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_auto (TestReply) reply = { 0 };

  take_things_async_full (limiter, &(AsyncifyOptions) { .limiter = limiter }, NULL, test_reply_cb,
                          &reply);
  g_assert_cmpuint (take_things_finish (test_reply_await (&reply), NULL), ==, N_THINGS);
  test_check_places (limiter, 1);
  /* They are freed where they were taken. */
  test_forgive_strays ();
}

/* Has no context of its own. */
static void
call_from_here (TestReply *reply)
{
  g_assert_null (g_main_context_get_thread_default ());
  pass_gate_async (NULL, 7, NULL, test_reply_cb, reply);
}

ASYNCIFY_DEFINE (NOTHING, call_from_here, BORROWED (TestReply *, reply))

static void
test_default_context (TestFixture *fixture,
                      gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) nested = { 0 };

  call_from_here_async (&nested, NULL, test_reply_cb, &reply);
  test_reply_await (&reply);
  g_assert_cmpuint (nested.n_calls, ==, 0);

  g_main_context_pop_thread_default (fixture->context);
  g_assert_cmpint (pass_gate_finish (test_reply_await (&nested), NULL), ==, 7);
  g_assert_true (nested.context == g_main_context_default ());
  g_main_context_push_thread_default (fixture->context);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/lending/loop/never-sleeps", test_never_sleeps);
  test_add ("/lending/loop/lends-to-another-one", test_to_and_fro);
  test_add ("/lending/loop/takes-what-the-nested-call-emits", test_nested_emits);
  test_add ("/lending/loop/left-without-taking-the-place-back", test_returned);
  g_test_add ("/lending/not-lent/no-call-was-made", TestFixture, GINT_TO_POINTER (FALSE),
              test_setup, test_not_lent, test_teardown);
  g_test_add ("/lending/not-lent/no-call-is-under-way", TestFixture, GINT_TO_POINTER (TRUE),
              test_setup, test_not_lent, test_teardown);
  test_add ("/lending/not-lent/call-goes-to-the-default-context", test_default_context);

  return g_test_run ();
}
