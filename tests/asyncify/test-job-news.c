/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* However much a worker has to tell, the loop takes it in small portions; what waits in
 * between is bounded. What of that survives the call is in test-job-again.c.
 */

#include "testutils.h"

#include <asyncify/asyncify-job-private.h>

/* GDK_PRIORITY_REDRAW */
#define PRIORITY_REDRAW (G_PRIORITY_HIGH_IDLE + 20)

static void
tell_progress (guint n)
{
  for (guint i = 1; i <= n; i++)
    {
      asyncify_set_progress ((double) i / n);
      if (i % 10 == 0)
        asyncify_set_message (i % 20 == 0 ? "Tick" : "Tock");
    }
  asyncify_set_message ("Done");
}

ASYNCIFY_DEFINE (NOTHING, tell_progress, VALUE (guint, n))

/* Emits @n things, and counts them; at last stops at @end, if there is one. */
static void
emit_things (int n,
             guint *emitted,
             TestGate *end)
{
  for (int i = 0; i < n; i++)
    {
      g_autoptr (TestThing) thing = test_thing_new (i);

      asyncify_emit (G_OBJECT (thing));
      g_atomic_int_inc (emitted);
    }
  if (end != NULL)
    test_gate_enter (end);
}

ASYNCIFY_DEFINE (NOTHING, emit_things, VALUE (int, n), BORROWED (guint *, emitted),
                 BORROWED (TestGate *, end))

/* What one hears of a job, altogether and in one turn of the loop. */
typedef struct {
  GMainContext *context;
  guint n_progress, n_message, n_items;
  guint turn_progress, turn_message, turn_items;
  guint largest; /* how many items came at once */
  gint64 last;   /* when progress was told last */
  gint64 least;  /* the shortest time between that */
  guint most_in_turn;
} Ear;

static void
progress_cb (AsyncifyJob *job,
             GParamSpec *pspec,
             gpointer user_data)
{
  Ear *ear = user_data;
  gint64 now = g_get_monotonic_time ();

  ear->n_progress++;
  ear->turn_progress++;
  if (asyncify_job_get_progress (job) < 1)
    ear->least = MIN (ear->least, now - ear->last);
  ear->last = now;
}

static void
message_cb (AsyncifyJob *job,
            GParamSpec *pspec,
            gpointer user_data)
{
  Ear *ear = user_data;

  ear->n_message++;
  ear->turn_message++;
}

/* Things have to come in the order of their numbers. */
static void
items_cb (GListModel *items,
          guint position,
          guint removed,
          guint added,
          gpointer user_data)
{
  Ear *ear = user_data;

  g_assert_cmpuint (removed, ==, 0);
  g_assert_cmpuint (position + added, ==, g_list_model_get_n_items (items));
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (TestThing) thing = g_list_model_get_item (items, i);

      g_assert_cmpint (test_thing_get_number (thing), ==, i);
    }
  ear->n_items++;
  ear->turn_items++;
  ear->largest = MAX (ear->largest, added);
}

static void
ear_listen (Ear *ear,
            AsyncifyJob *job)
{
  *ear = (Ear) { .context = g_main_context_get_thread_default (), .least = G_MAXINT64 };
  g_signal_connect (job, "notify::progress", G_CALLBACK (progress_cb), ear);
  g_signal_connect (job, "notify::message", G_CALLBACK (message_cb), ear);
  g_signal_connect (asyncify_job_get_items (job), "items-changed", G_CALLBACK (items_cb), ear);
}

/* Turns the loop until the call has ended. In the turn in which it ends, all that is
 * new is told before the callback, so there it may be once more. */
static void
ear_turn_until (Ear *ear,
                TestReply *reply)
{
  while (reply->n_calls == 0)
    {
      ear->turn_progress = ear->turn_message = ear->turn_items = 0;
      g_main_context_iteration (ear->context, TRUE);
      if (reply->n_calls == 0)
        {
          g_assert_cmpuint (ear->turn_progress, <=, 1);
          g_assert_cmpuint (ear->turn_message, <=, 1);
          g_assert_cmpuint (ear->turn_items, <=, 1);
        }
    }
  g_assert_cmpuint (ear->turn_progress, <=, 2);
  g_assert_cmpuint (ear->turn_message, <=, 2);
  g_assert_cmpuint (ear->turn_items, <=, 2);
}

static void
test_progress_often (TestFixture *fixture,
                     gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (TestReply) reply = { 0 };
  Ear ear;

  tell_progress_async_full (1000000, &(AsyncifyOptions) { .job = job }, NULL, test_reply_cb,
                            &reply);
  ear_listen (&ear, job);
  ear_turn_until (&ear, &reply);
  g_assert_cmpfloat (asyncify_job_get_progress (job), ==, 1);
  g_assert_cmpstr (asyncify_job_get_message (job), ==, "Done");

  /* It was told no more often than one can see it. */
  g_assert_cmpint (ear.least, >=, 8 * G_TIME_SPAN_MILLISECOND);
}

static void
test_items_in_order (TestFixture *fixture,
                     gconstpointer data)
{
  const int n = 20000;
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (TestReply) reply = { 0 };
  guint emitted = 0;
  Ear ear;

  emit_things_async_full (n, &emitted, NULL, &(AsyncifyOptions) { .job = job }, NULL, test_reply_cb,
                          &reply);
  ear_listen (&ear, job);
  ear_turn_until (&ear, &reply);
  g_assert_cmpuint (g_list_model_get_n_items (asyncify_job_get_items (job)), ==, n);
  g_assert_cmpuint (ear.largest, <=, ASYNCIFY_NEWS_MAX_ITEMS);
}

/* While the loop doesn't run. */
static void
test_held_up (TestFixture *fixture,
              gconstpointer data)
{
  const int n = 3 * ASYNCIFY_NEWS_MAX_ITEMS;
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (TestReply) reply = { 0 };
  guint emitted = 0;
  Ear ear;

  emit_things_async_full (n, &emitted, NULL, &(AsyncifyOptions) { .job = job }, NULL, test_reply_cb,
                          &reply);
  ear_listen (&ear, job);
  wait_until (g_atomic_int_get (&emitted) >= ASYNCIFY_NEWS_MAX_ITEMS);
  /* Time for a worker that isn't held up to show that. */
  for (int i = 0; i < 100 && g_atomic_int_get (&emitted) <= ASYNCIFY_NEWS_MAX_ITEMS; i++)
    g_usleep (200);
  g_assert_cmpuint (g_atomic_int_get (&emitted), ==, ASYNCIFY_NEWS_MAX_ITEMS);

  ear_turn_until (&ear, &reply);
  g_assert_cmpuint (g_list_model_get_n_items (asyncify_job_get_items (job)), ==, n);
}

/* The loop still doesn't run when the function comes to its end. */
static void
test_cancelled (TestFixture *fixture,
                gconstpointer data)
{
  const int n = 3 * ASYNCIFY_NEWS_MAX_ITEMS;
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_auto (TestReply) reply = { 0 };
  guint emitted = 0;
  TEST_GATE (end);

  emit_things_async_full (n, &emitted, &end, &(AsyncifyOptions) { .job = job }, NULL, test_reply_cb,
                          &reply);
  wait_until (g_atomic_int_get (&emitted) >= ASYNCIFY_NEWS_MAX_ITEMS);
  asyncify_job_cancel (job);
  test_gate_await (&end, 1);
  test_gate_open (&end);
  test_reply_await (&reply);
  g_assert_cmpuint (g_list_model_get_n_items (asyncify_job_get_items (job)), <, n);

  /* It was the worker that had the last reference on what was dropped. */
  test_forgive_strays ();
}

static void
test_context_gone (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  GMainContext *context = g_main_context_new ();
  guint emitted = 0;
  TEST_GATE (end);

  g_main_context_push_thread_default (context);
  emit_things_async_full (3 * ASYNCIFY_NEWS_MAX_ITEMS, &emitted, &end,
                          &(AsyncifyOptions) { .job = job }, NULL, test_never_cb, NULL);
  g_main_context_pop_thread_default (context);
  wait_until (g_atomic_int_get (&emitted) >= ASYNCIFY_NEWS_MAX_ITEMS);
  g_main_context_unref (context);

  test_gate_await (&end, 1);
  test_gate_open (&end);
  g_clear_object (&job);
  test_await_alive (0);
  test_forgive_strays ();
}

static gboolean
draw_cb (gpointer data)
{
  guint *n_drawn = data;

  (*n_drawn)++;

  return G_SOURCE_CONTINUE;
}

/* Drawing takes every turn of the loop. */
static void
test_late (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new (NULL);
  g_autoptr (GSource) drawing = g_idle_source_new ();
  g_auto (TestReply) reply = { 0 };
  guint emitted = 0, n_drawn = 0;
  TEST_GATE (end);

  g_source_set_priority (drawing, PRIORITY_REDRAW);
  g_source_set_callback (drawing, draw_cb, &n_drawn, NULL);
  g_source_attach (drawing, fixture->context);

  emit_things_async_full (10, &emitted, &end, &(AsyncifyOptions) { .job = job }, NULL,
                          test_reply_cb, &reply);
  test_gate_await (&end, 1);
  run_until (g_list_model_get_n_items (asyncify_job_get_items (job)) == 10);
  g_assert_cmpuint (n_drawn, >, 0);
  n_drawn = 0;
  run_until (n_drawn > 0);

  test_gate_open (&end);
  test_reply_await (&reply);
  g_source_destroy (drawing);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/job/news/progress-at-most-once-in-a-slice", test_progress_often);
  test_add ("/job/news/arrive-although-drawing-takes-every-turn", test_late);
  test_add ("/job/emit/in-order-and-before-the-callback", test_items_in_order);
  test_add ("/job/emit/held-up-while-the-loop-stands", test_held_up);
  test_add ("/job/emit/released-by-cancel", test_cancelled);
  test_add ("/job/emit/released-by-a-destroyed-context", test_context_gone);

  return g_test_run ();
}
