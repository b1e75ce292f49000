/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testutils.h"

#include <asyncify/asyncify-limiter-private.h>
#include <asyncify/asyncify-threads-private.h>
#include <asyncify/asyncify-visit-private.h>

/* Long enough for a busy machine and for valgrind, never reached by a sound test. */
#define EMERGENCY_SECONDS 30

static void
context_gone_cb (gpointer data)
{
  TestFixture *fixture = data;

  g_atomic_int_set (&fixture->context_gone, TRUE);
}

static gboolean
never_ready_cb (gpointer data)
{
  g_assert_not_reached ();
}

/* A source that does nothing but die with the context. */
static void
watch_context (TestFixture *fixture)
{
  g_autoptr (GSource) source = g_timeout_source_new_seconds (G_MAXUINT / 1000);

  g_source_set_callback (source, never_ready_cb, fixture, context_gone_cb);
  g_source_attach (source, fixture->context);
}

void
test_setup (TestFixture *fixture,
            gconstpointer data)
{
  test_things_live_here ();
  fixture->context = g_main_context_new ();
  g_main_context_push_thread_default (fixture->context);
  watch_context (fixture);
}

void
test_teardown (TestFixture *fixture,
               gconstpointer data)
{
  /* What a job still has to tell keeps it for a moment. */
  wait_until (run_dry () == 0 && test_count_alive () == 0);
  g_assert_cmpuint (test_count_strays (), ==, 0);
  wait_until (asyncify_threads_count_gio () == 0);

  g_main_context_pop_thread_default (fixture->context);
  g_main_context_unref (fixture->context);
  /* One of GTask's threads may have its last reference for a moment. */
  wait_until (g_atomic_int_get (&fixture->context_gone));
}

static gboolean
emergency_cb (gpointer data)
{
  g_error ("waited for %d seconds until: %s", EMERGENCY_SECONDS, (const char *) data);

  return G_SOURCE_REMOVE;
}

GSource *
test_emergency_begin (const char *what)
{
  GSource *emergency = g_timeout_source_new_seconds (EMERGENCY_SECONDS);

  g_source_set_priority (emergency, G_PRIORITY_HIGH);
  g_source_set_callback (emergency, emergency_cb, (gpointer) what, NULL);
  g_source_attach (emergency, g_main_context_get_thread_default ());

  return emergency;
}

void
test_emergency_end (GSource *emergency)
{
  g_source_destroy (emergency);
  g_source_unref (emergency);
}

gint64
test_emergency_time (void)
{
  return g_get_monotonic_time () + EMERGENCY_SECONDS * G_TIME_SPAN_SECOND;
}

/* Lets other threads go on; what they do doesn't depend on when. */
void
test_emergency_wait (gint64 until,
                     const char *what)
{
  if (g_get_monotonic_time () > until)
    g_error ("waited for %d seconds until: %s", EMERGENCY_SECONDS, what);
  g_usleep (200);
}

guint
run_dry (void)
{
  guint n_turns = 0;

  while (g_main_context_iteration (g_main_context_get_thread_default (), FALSE))
    n_turns++;

  return n_turns;
}

void
test_gate_init (TestGate *gate)
{
  *gate = (TestGate) { 0 };
  g_mutex_init (&gate->lock);
  g_cond_init (&gate->changed);
}

/* Opens it, and waits until everybody has left. */
void
test_gate_clear (TestGate *gate)
{
  test_gate_open (gate);
  g_mutex_lock (&gate->lock);
  while (gate->left < gate->entered)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);
  g_mutex_clear (&gate->lock);
  g_cond_clear (&gate->changed);
}

static void
wait_at_gate (TestGate *gate,
              gint64 until)
{
  if (!g_cond_wait_until (&gate->changed, &gate->lock, until))
    g_error ("waited for %d seconds at a gate: %u entered, %u let, %u left", EMERGENCY_SECONDS,
             gate->entered, gate->let, gate->left);
}

void
test_gate_enter (TestGate *gate)
{
  gint64 until = test_emergency_time ();

  g_mutex_lock (&gate->lock);
  gate->entered++;
  g_cond_broadcast (&gate->changed);
  while (gate->left >= gate->let)
    wait_at_gate (gate, until);
  gate->left++;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

/* Waits until as many have come, since the beginning. */
void
test_gate_await (TestGate *gate,
                 guint entered)
{
  gint64 until = test_emergency_time ();

  g_mutex_lock (&gate->lock);
  while (gate->entered < entered)
    wait_at_gate (gate, until);
  g_mutex_unlock (&gate->lock);
}

/* How many have come by now. */
guint
test_gate_count (TestGate *gate)
{
  guint entered;

  g_mutex_lock (&gate->lock);
  entered = gate->entered;
  g_mutex_unlock (&gate->lock);

  return entered;
}

/* Waits until as many have left. */
void
test_gate_await_left (TestGate *gate,
                      guint left)
{
  gint64 until = test_emergency_time ();

  g_mutex_lock (&gate->lock);
  while (gate->left < left)
    wait_at_gate (gate, until);
  g_mutex_unlock (&gate->lock);
}

void
test_gate_let (TestGate *gate,
               guint more)
{
  g_mutex_lock (&gate->lock);
  gate->let = more < G_MAXUINT - gate->let ? gate->let + more : G_MAXUINT;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

void
test_gate_open (TestGate *gate)
{
  test_gate_let (gate, G_MAXUINT);
}

static GMainContext *
get_context (void)
{
  GMainContext *context = g_main_context_get_thread_default ();

  return context != NULL ? context : g_main_context_default ();
}

void
test_reply_cb (GObject *source_object,
               GAsyncResult *result,
               gpointer user_data)
{
  TestReply *reply = user_data;
  GSource *source = g_main_current_source ();

  reply->n_calls++;
  g_set_object (&reply->result, result);
  reply->source_object = source_object;
  reply->thread = g_thread_self ();
  reply->context = get_context ();
  reply->in_dispatch = source != NULL && g_source_get_context (source) == reply->context;
}

GAsyncResult *
test_reply_await (TestReply *reply)
{
  run_until (reply->n_calls > 0);
  g_assert_cmpuint (reply->n_calls, ==, 1);
  g_assert_true (reply->in_dispatch);

  return reply->result;
}

void
test_reply_clear (TestReply *reply)
{
  run_dry ();
  g_assert_cmpuint (reply->n_calls, ==, 1);
  g_clear_object (&reply->result);
}

void
test_count_cb (GObject *source_object,
               GAsyncResult *result,
               gpointer user_data)
{
  guint *count = user_data;

  (*count)++;
}

void
test_never_cb (GObject *source_object,
               GAsyncResult *result,
               gpointer user_data)
{
  g_assert_not_reached ();
}

guint
test_count_handlers (GCancellable *cancellable)
{
  guint id = g_signal_lookup ("cancelled", G_TYPE_CANCELLABLE);
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (gulong));
  gulong handler;

  /* Blocks what it has found, so as to find the next one. */
  while ((handler = g_signal_handler_find (cancellable,
                                           G_SIGNAL_MATCH_ID | G_SIGNAL_MATCH_UNBLOCKED, id, 0,
                                           NULL, NULL, NULL))
         != 0)
    {
      g_signal_handler_block (cancellable, handler);
      g_array_append_val (found, handler);
    }
  for (guint i = 0; i < found->len; i++)
    g_signal_handler_unblock (cancellable, g_array_index (found, gulong, i));

  return found->len;
}

guint
test_count_arriving (void)
{
  AsyncifyMailbox *mailbox = asyncify_mailbox_get_thread_default ();
  AsyncifyVisits *visits = asyncify_mailbox_get_visits (mailbox);
  guint n_arriving;

  g_mutex_lock (&visits->lock);
  n_arriving = visits->arriving.length;
  g_mutex_unlock (&visits->lock);
  asyncify_mailbox_unref (mailbox);

  return n_arriving;
}

guint
test_count_returning (AsyncifyLimiter *limiter)
{
  guint n_returning;

  g_mutex_lock (&limiter->lock);
  n_returning = limiter->n_returning;
  g_mutex_unlock (&limiter->lock);

  return n_returning;
}

int
pass_gate (TestGate *gate,
           int number)
{
  if (gate != NULL)
    test_gate_enter (gate);

  return number;
}

ASYNCIFY_IMPLEMENT (VALUE (int), pass_gate, BORROWED (TestGate *, gate), VALUE (int, number))

void
fill_limiter (AsyncifyLimiter *limiter,
              guint n,
              TestGate *gate,
              guint *ended)
{
  const AsyncifyOptions options = { .limiter = limiter };

  for (guint i = 0; i < n; i++)
    pass_gate_async_full (gate, 0, &options, NULL, test_count_cb, ended);
  test_gate_await (gate, n);
}

void
test_check_places (AsyncifyLimiter *limiter,
                   guint n_places)
{
  guint ended = 0;
  TEST_GATE (gate);

  wait_until (asyncify_limiter_get_running (limiter) == 0);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 0);
  fill_limiter (limiter, n_places, &gate, &ended);
  pass_gate_async_full (&gate, 0, &(AsyncifyOptions) { .limiter = limiter }, NULL, test_count_cb,
                        &ended);
  /* Time for one too many, which stands by at first, to come too. */
  for (int i = 0; i < 20 && asyncify_limiter_get_running (limiter) == n_places; i++)
    g_usleep (200);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, n_places);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 1);
  test_gate_open (&gate);
  run_until (ended == n_places + 1);
}
