/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How many run at once, and in which order they start. */

#include "testutils.h"

/* Knows how many functions are inside at a time. */
typedef struct {
  TestGate gate;
  GMutex lock;
  guint inside, most;
} Meter;

static void
meter_init (Meter *meter)
{
  *meter = (Meter) { 0 };
  test_gate_init (&meter->gate);
  g_mutex_init (&meter->lock);
}

static void
meter_clear (Meter *meter)
{
  test_gate_clear (&meter->gate);
  g_mutex_clear (&meter->lock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Meter, meter_clear)

static void
be_inside (Meter *meter)
{
  g_mutex_lock (&meter->lock);
  meter->inside++;
  meter->most = MAX (meter->most, meter->inside);
  g_mutex_unlock (&meter->lock);

  test_gate_enter (&meter->gate);

  g_mutex_lock (&meter->lock);
  meter->inside--;
  g_mutex_unlock (&meter->lock);
}

ASYNCIFY_DEFINE (NOTHING, be_inside, BORROWED (Meter *, meter))

static guint
meter_count_inside (Meter *meter)
{
  guint inside;

  g_mutex_lock (&meter->lock);
  inside = meter->inside;
  g_mutex_unlock (&meter->lock);

  return inside;
}

/* Once so many are inside: time for one too many, which stands by at first, to come too. */
static void
meter_check_most (Meter *meter,
                  guint max_running)
{
  test_gate_await (&meter->gate, max_running);
  for (int i = 0; i < 100 && meter_count_inside (meter) <= max_running; i++)
    g_usleep (200);
  g_assert_cmpuint (meter_count_inside (meter), ==, max_running);
}

static void
check_max_running (AsyncifyLimiter *limiter,
                   guint max_running)
{
  const AsyncifyOptions options = { .limiter = limiter };
  const guint n_calls = 3 * max_running;
  guint ended = 0;
  g_auto (Meter) meter;

  meter_init (&meter);
  for (guint i = 0; i < n_calls; i++)
    be_inside_async_full (&meter, &options, NULL, test_count_cb, &ended);

  /* So many do run, and not one more while they are stuck. */
  meter_check_most (&meter, max_running);
  for (guint i = 1; i <= n_calls - max_running; i++)
    {
      test_gate_let (&meter.gate, 1);
      test_gate_await (&meter.gate, max_running + i);
    }
  test_gate_open (&meter.gate);
  run_until (ended == n_calls);
  g_assert_cmpuint (meter.most, ==, max_running);
}

static void
test_max_running (TestFixture *fixture,
                  gconstpointer data)
{
  const guint counts[] = { 1, 2, 3, 7 };

  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (counts[i]);
      guint property = 0;

      g_object_get (limiter, "max-running", &property, NULL);
      g_assert_cmpuint (property, ==, counts[i]);
      g_assert_cmpuint (asyncify_limiter_get_max_running (limiter), ==, counts[i]);
      check_max_running (limiter, counts[i]);
    }
}

static void
test_property (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter
    = g_object_new (ASYNCIFY_TYPE_LIMITER, "max-running", 3, NULL);
  g_autoptr (AsyncifyLimiter) untold = g_object_new (ASYNCIFY_TYPE_LIMITER, NULL);

  g_assert_cmpuint (asyncify_limiter_get_max_running (limiter), ==, 3);
  check_max_running (limiter, 3);
  g_assert_cmpuint (asyncify_limiter_get_max_running (untold), ==, 40);
}

/* As many as there are, then. */
static void
test_no_bound (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (G_MAXUINT);
  guint ended = 0;
  TEST_GATE (gate);

  fill_limiter (limiter, 100, &gate, &ended);
  g_assert_cmpuint (ended, ==, 0);
  test_gate_open (&gate);
  run_until (ended == 100);
}

static void
fail (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "as asked");
}

ASYNCIFY_DEFINE (NOTHING, fail, THROWS)

/* No place is lost by calls that failed or were withdrawn, and none is won. */
static void
test_places_given_back (TestFixture *fixture,
                        gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  const AsyncifyOptions options = { .limiter = limiter };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint ended = 0;
  TEST_GATE (gate);

  for (int i = 0; i < 10; i++)
    fail_async_full (&options, NULL, test_count_cb, &ended);
  run_until (ended == 10);
  check_max_running (limiter, 2);

  fill_limiter (limiter, 2, &gate, &ended);
  for (int i = 0; i < 10; i++)
    pass_gate_async_full (NULL, 0, &options, cancellable, test_count_cb, &ended);
  g_cancellable_cancel (cancellable);
  run_until (ended == 20);
  test_gate_open (&gate);
  run_until (ended == 22);
  check_max_running (limiter, 2);
}

#define N_SHARING 4
#define N_OF_EACH 50

typedef struct {
  AsyncifyLimiter *limiter;
  Meter *meter;
} Shared;

static gpointer
share (gpointer data)
{
  Shared *shared = data;
  const AsyncifyOptions options = { .limiter = shared->limiter };
  g_autoptr (GMainContext) context = g_main_context_new ();
  guint ended = 0;

  g_main_context_push_thread_default (context);
  for (int i = 0; i < N_OF_EACH; i++)
    be_inside_async_full (shared->meter, &options, NULL, test_count_cb, &ended);
  run_until (ended == N_OF_EACH);
  g_main_context_pop_thread_default (context);

  return NULL;
}

/* It belongs to no context: all that share it are counted together. */
static void
test_shared (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  GThread *threads[N_SHARING];
  g_auto (Meter) meter;
  Shared shared = { limiter, &meter };

  meter_init (&meter);
  for (guint i = 0; i < N_SHARING; i++)
    threads[i] = g_thread_new ("sharing", share, &shared);
  meter_check_most (&meter, 2);
  test_gate_open (&meter.gate);
  for (guint i = 0; i < N_SHARING; i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (meter.most, ==, 2);
  g_assert_cmpuint (meter.gate.entered, ==, N_SHARING * N_OF_EACH);
}

static void
test_default (TestFixture *fixture,
              gconstpointer data)
{
  AsyncifyLimiter *limiter = asyncify_limiter_get_default ();

  g_assert_true (ASYNCIFY_IS_LIMITER (limiter));
  g_assert_true (limiter == asyncify_limiter_get_default ());
  g_assert_cmpuint (asyncify_limiter_get_max_running (limiter), ==, 40);
  check_max_running (NULL, 40);
}

static void
test_none (TestFixture *fixture,
           gconstpointer data)
{
  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, "*max_running >= 1*");
  g_assert_null (asyncify_limiter_new (0));
  g_test_assert_expected_messages ();
}

/* One that is full doesn't hold up another. */
static void
test_independent (TestFixture *fixture,
                  gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) full = asyncify_limiter_new (1);
  g_autoptr (AsyncifyLimiter) another = asyncify_limiter_new (1);
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) default_reply = { 0 };
  guint ended = 0;
  TEST_GATE (gate);

  fill_limiter (full, 1, &gate, &ended);
  pass_gate_async_full (NULL, 0, &(AsyncifyOptions) { .limiter = another }, NULL, test_reply_cb,
                        &reply);
  pass_gate_async (NULL, 0, NULL, test_reply_cb, &default_reply);
  test_reply_await (&reply);
  test_reply_await (&default_reply);
  g_assert_cmpuint (ended, ==, 0);

  test_gate_open (&gate);
  run_until (ended == 1);
}

/* Writes down in which order calls start. Of a limiter of one, no two write at once. */
static void
write_down (GArray *started,
            int id)
{
  g_array_append_val (started, id);
}

ASYNCIFY_DEFINE (NOTHING, write_down, BORROWED (GArray *, started), VALUE (int, id))

typedef struct {
  AsyncifyLimiter *limiter;
  GArray *started;
  TestGate gate;
  guint blocker_ended;
  guint n_calls, n_ended;
} Order;

/* Its only worker is stuck, until it is checked. */
static void
order_init (Order *order)
{
  *order = (Order) { 0 };
  order->limiter = asyncify_limiter_new (1);
  order->started = g_array_new (FALSE, FALSE, sizeof (int));
  test_gate_init (&order->gate);
  fill_limiter (order->limiter, 1, &order->gate, &order->blocker_ended);
}

static void
order_add (Order *order,
           int id,
           int priority,
           GCancellable *cancellable)
{
  order->n_calls++;
  write_down_async_full (order->started, id,
                         &(AsyncifyOptions) { .limiter = order->limiter, .priority = priority },
                         cancellable, test_count_cb, &order->n_ended);
}

static void
order_check (Order *order,
             const int *expected,
             guint n)
{
  test_gate_open (&order->gate);
  run_until (order->n_ended == order->n_calls && order->blocker_ended == 1);
  g_assert_cmpmem (order->started->data, order->started->len * sizeof (int), expected,
                   n * sizeof (int));
}

static void
order_clear (Order *order)
{
  test_gate_clear (&order->gate);
  g_array_unref (order->started);
  g_object_unref (order->limiter);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Order, order_clear)

static void
test_in_order (TestFixture *fixture,
               gconstpointer data)
{
  g_auto (Order) order;
  int expected[100];

  order_init (&order);
  for (int i = 0; i < 100; i++)
    {
      order_add (&order, i, 5, NULL);
      expected[i] = i;
    }
  order_check (&order, expected, 100);
}

static void
test_by_priority (TestFixture *fixture,
                  gconstpointer data)
{
  const int priorities[]
    = { 0, G_MAXINT, -1, G_MININT, 200, -1, 0, G_MININT, 1, G_MAXINT, -100, 0 };
  const int expected[] = { 3, 7, 10, 2, 5, 0, 6, 11, 8, 4, 1, 9 };
  g_auto (Order) order;

  order_init (&order);
  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    order_add (&order, i, priorities[i], NULL);
  order_check (&order, expected, G_N_ELEMENTS (expected));
}

/* Differences of these don't fit into an int. */
static void
test_extreme_priorities (TestFixture *fixture,
                         gconstpointer data)
{
  const int priorities[] = { G_MAXINT, G_MININT, 2, -2, G_MAXINT - 1, G_MININT + 1 };
  const int expected[] = { 1, 5, 3, 2, 4, 0 };
  g_auto (Order) order;

  order_init (&order);
  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    order_add (&order, i, priorities[i], NULL);
  order_check (&order, expected, G_N_ELEMENTS (expected));
}

/* Every third is withdrawn, and all of one priority; others come after that. */
static void
test_withdrawn (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GArray) expected = g_array_new (FALSE, FALSE, sizeof (int));
  g_auto (Order) order;

  order_init (&order);
  for (int i = 0; i < 60; i++)
    order_add (&order, i, i % 4, i % 3 == 0 || i % 4 == 3 ? cancellable : NULL);
  g_cancellable_cancel (cancellable);
  run_until (order.n_ended == 30);
  for (int i = 60; i < 80; i++)
    order_add (&order, i, i % 4, NULL);

  for (int priority = 0; priority < 4; priority++)
    for (int i = priority; i < 80; i += 4)
      if (i >= 60 || (i % 3 != 0 && i % 4 != 3))
        g_array_append_val (expected, i);
  order_check (&order, (const int *) (gpointer) expected->data, expected->len);
}

/* One of a smaller number starts next, though many have been waiting. */
static void
test_overtakes (TestFixture *fixture,
                gconstpointer data)
{
  const int expected[] = { 2, 3, 0, 1, 4 };
  g_auto (Order) order;

  order_init (&order);
  order_add (&order, 0, 0, NULL);
  order_add (&order, 1, 0, NULL);
  order_add (&order, 2, -1, NULL);
  order_add (&order, 3, -1, NULL);
  order_add (&order, 4, 0, NULL);
  order_check (&order, expected, G_N_ELEMENTS (expected));
}

#define DEFAULT_MAX 40
#define N_OVERFULL 1024

typedef struct {
  guint n_ended;
  guint n_good;
} Overfull;

typedef struct {
  Overfull *overfull;
  guint place;
} Ticket;

/* The calls that ran are those made first. */
static void
overfull_cb (GObject *source_object,
             GAsyncResult *result,
             gpointer user_data)
{
  Ticket *ticket = user_data;
  g_autoptr (GError) error = NULL;

  ticket->overfull->n_ended++;
  if (pass_gate_finish (result, &error) == 5)
    {
      g_assert_no_error (error);
      g_assert_cmpuint (ticket->place, <, DEFAULT_MAX);
      ticket->overfull->n_good++;
    }
  else
    {
      assert_cancelled (error);
      g_assert_cmpuint (ticket->place, >=, DEFAULT_MAX);
    }
}

/* Far more calls than places, and all of them are cancelled. */
static void
test_overfull (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree Ticket *tickets = g_new (Ticket, N_OVERFULL);
  Overfull overfull = { 0 };
  TEST_GATE (gate);

  for (guint i = 0; i < N_OVERFULL; i++)
    {
      tickets[i] = (Ticket) { &overfull, i };
      pass_gate_async (&gate, 5, cancellable, overfull_cb, &tickets[i]);
    }
  test_gate_await (&gate, DEFAULT_MAX);
  g_cancellable_cancel (cancellable);
  run_until (overfull.n_ended == N_OVERFULL - DEFAULT_MAX);
  g_assert_cmpuint (overfull.n_good, ==, 0);

  test_gate_open (&gate);
  run_until (overfull.n_ended == N_OVERFULL);
  g_assert_cmpuint (overfull.n_good, ==, DEFAULT_MAX);
  g_assert_cmpuint (gate.entered, ==, DEFAULT_MAX);
}

static gboolean
is_gone (GWeakRef *ref)
{
  g_autoptr (GObject) object = g_weak_ref_get (ref);

  return object == NULL;
}

static void
test_released (TestFixture *fixture,
               gconstpointer data)
{
  AsyncifyLimiter *limiter = asyncify_limiter_new (2);
  const AsyncifyOptions options = { .limiter = limiter };
  guint ended = 0;
  GWeakRef ref;
  TEST_GATE (gate);

  fill_limiter (limiter, 2, &gate, &ended);
  for (int i = 0; i < 10; i++)
    pass_gate_async_full (&gate, 0, &options, NULL, test_count_cb, &ended);
  g_weak_ref_init (&ref, limiter);
  g_object_unref (limiter);

  g_assert_false (is_gone (&ref));
  test_gate_open (&gate);
  run_until (ended == 12);
  wait_until (is_gone (&ref));
  g_weak_ref_clear (&ref);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/limiter/max-running/never-exceeded", test_max_running);
  test_add ("/limiter/max-running/default-is-forty", test_default);
  test_add ("/limiter/max-running/none-is-a-critical", test_none);
  test_add ("/limiter/max-running/as-a-property", test_property);
  test_add ("/limiter/max-running/without-bound", test_no_bound);
  test_add ("/limiter/places/given-back-by-all", test_places_given_back);
  test_add ("/limiter/places/shared-by-contexts", test_shared);
  test_add ("/limiter/full-one-does-not-hold-up-another", test_independent);
  test_add ("/limiter/order/of-submission", test_in_order);
  test_add ("/limiter/order/of-priority-then-submission", test_by_priority);
  test_add ("/limiter/order/extreme-priorities", test_extreme_priorities);
  test_add ("/limiter/order/withdrawn-calls-leave-it-intact", test_withdrawn);
  test_add ("/limiter/order/overtaking", test_overtakes);
  test_add ("/limiter/overfull-and-cancelled", test_overfull);
  test_add ("/limiter/released-before-its-calls-end", test_released);

  return g_test_run ();
}
