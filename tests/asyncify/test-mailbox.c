/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How results come home: neither the loop nor they starve. Counted are turns of the
 * loop and callbacks; the clock is only asked for what must have taken at least so long.
 */

#include "testutils.h"

#include <asyncify/asyncify-mailbox-private.h>

/* GDK_PRIORITY_REDRAW */
#define PRIORITY_REDRAW (G_PRIORITY_HIGH_IDLE + 20)

/* What the contract says */
#define SLICE (2 * G_TIME_SPAN_MILLISECOND)
#define LATE (100 * G_TIME_SPAN_MILLISECOND)
G_STATIC_ASSERT (ASYNCIFY_MAILBOX_SLICE == SLICE);
G_STATIC_ASSERT (ASYNCIFY_MAILBOX_LATE == LATE);

/* What callbacks find out. */
typedef struct {
  gint64 burn;         /* how long each of them takes at least, in us */
  guint n_calls;
  guint since_redraw;  /* callbacks since something was drawn */
  guint most;          /* the largest that ever was */
  guint n_slices;      /* groups of callbacks with drawing between them */
  guint n_redraws;     /* once the first callback was there */
  GSource *redraw;     /* nullable */
  gboolean draws_always;
} Loop;

/* What a call is given as its user data. */
typedef struct {
  Loop *loop;
  guint place;
} Ticket;

/* N calls that have ended, and wait for a loop to run. */
typedef struct {
  AsyncifyLimiter *limiter;
  TestGate gate;
  guint sentinel_ended;
  Ticket *tickets;
} Ended;

static void
burn (gint64 time)
{
  gint64 until = g_get_monotonic_time () + time;

  while (time > 0 && g_get_monotonic_time () < until)
    ;
}

static void
delivered_cb (GObject *source_object,
              GAsyncResult *result,
              gpointer user_data)
{
  Ticket *ticket = user_data;
  Loop *loop = ticket->loop;

  g_assert_cmpuint (ticket->place, ==, loop->n_calls);
  if (loop->since_redraw++ == 0)
    loop->n_slices++;
  loop->most = MAX (loop->most, loop->since_redraw);
  loop->n_calls++;
  burn (loop->burn);

  if (loop->redraw != NULL)
    g_source_set_ready_time (loop->redraw, 0);
}

static void
ended_init (Ended *ended,
            guint n,
            Loop *loop)
{
  *ended = (Ended) { 0 };
  ended->limiter = asyncify_limiter_new (1);
  ended->tickets = g_new (Ticket, n);
  test_gate_init (&ended->gate);
  for (guint i = 0; i < n; i++)
    {
      ended->tickets[i] = (Ticket) { loop, i };
      pass_gate_async_full (NULL, 0, &(AsyncifyOptions) { .limiter = ended->limiter }, NULL,
                            delivered_cb, &ended->tickets[i]);
    }
  /* When the only worker comes to this one, it has sent all others home. */
  fill_limiter (ended->limiter, 1, &ended->gate, &ended->sentinel_ended);
}

static void
ended_clear (Ended *ended)
{
  test_gate_open (&ended->gate);
  run_until (ended->sentinel_ended == 1);
  test_gate_clear (&ended->gate);
  g_free (ended->tickets);
  g_object_unref (ended->limiter);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ended, ended_clear)

static gboolean
redraw_dispatch (GSource *source,
                 GSourceFunc callback,
                 gpointer user_data)
{
  return callback (user_data);
}

static gboolean
redraw_cb (gpointer data)
{
  Loop *loop = data;

  loop->since_redraw = 0;
  if (loop->n_calls > 0)
    loop->n_redraws++;
  if (!loop->draws_always)
    g_source_set_ready_time (loop->redraw, -1);

  return G_SOURCE_CONTINUE;
}

/* Something to draw after every callback, or always. */
static void
start_drawing (Loop *loop,
               gboolean always)
{
  static GSourceFuncs funcs = { .dispatch = redraw_dispatch };

  loop->redraw = g_source_new (&funcs, sizeof (GSource));
  loop->draws_always = always;
  g_source_set_priority (loop->redraw, PRIORITY_REDRAW);
  g_source_set_callback (loop->redraw, redraw_cb, loop, NULL);
  g_source_set_ready_time (loop->redraw, always ? 0 : -1);
  g_source_attach (loop->redraw, g_main_context_get_thread_default ());
}

static void
stop_drawing (Loop *loop)
{
  g_source_destroy (loop->redraw);
  g_clear_pointer (&loop->redraw, g_source_unref);
}

/* Turns the loop until all have called back. Returns: the most callbacks in a turn */
static guint
turn_until (Loop *loop,
            guint n,
            guint *n_turns)
{
  guint most = 0;

  *n_turns = 0;
  while (loop->n_calls < n)
    {
      guint before = loop->n_calls;

      g_main_context_iteration (g_main_context_get_thread_default (), TRUE);
      most = MAX (most, loop->n_calls - before);
      (*n_turns)++;
    }

  return most;
}

static void
test_slices (TestFixture *fixture,
             gconstpointer data)
{
  const guint n = 200;
  Loop loop = { .burn = SLICE / 4 };
  guint most, n_turns;
  g_auto (Ended) ended;

  ended_init (&ended, n, &loop);
  start_drawing (&loop, FALSE);
  most = turn_until (&loop, n, &n_turns);
  stop_drawing (&loop);

  /* Four fill a slice: a fifth one can't have begun in it. After a hundred ms, every
   * other slice comes before drawing. */
  g_assert_cmpuint (most, <=, 4);
  g_assert_cmpuint (loop.most, <=, 8);
  g_assert_cmpuint (loop.n_slices, >=, n / 8);
}

/* One that takes longer than a slice gets it for itself. */
static void
test_long_callback (TestFixture *fixture,
                    gconstpointer data)
{
  const guint n = 20;
  Loop loop = { .burn = 2 * SLICE };
  guint n_turns;
  g_auto (Ended) ended;

  ended_init (&ended, n, &loop);
  g_assert_cmpuint (turn_until (&loop, n, &n_turns), ==, 1);
}

/* Short ones go in company, in the order the calls ended in. */
static void
test_short_callbacks (TestFixture *fixture,
                      gconstpointer data)
{
  const guint n = 10000;
  Loop loop = { .burn = 0 };
  guint n_turns;
  g_auto (Ended) ended;

  ended_init (&ended, n, &loop);
  g_assert_cmpuint (turn_until (&loop, n, &n_turns), >, 1);
  g_assert_cmpuint (n_turns, <, n / 2);
}

/* Batches become larger and smaller; the order stays. */
static void
test_order (TestFixture *fixture,
            gconstpointer data)
{
  const guint n = 3000;
  Loop loop = { .burn = 0 };
  g_auto (Ended) ended;

  ended_init (&ended, n, &loop);
  while (loop.n_calls < n)
    {
      loop.burn = (loop.n_calls / 500) % 2 == 1 ? SLICE / 20 : 0;
      g_main_context_iteration (fixture->context, TRUE);
    }
}

static void (*dispose_task) (GObject *task);
static guint n_dropped; /* atomic */

static void
count_dropped (GObject *task)
{
  if (!g_task_get_completed (G_TASK (task)))
    g_atomic_int_inc (&n_dropped);
  dispose_task (task);
}

/* Newer GLibs complain of a GTask that goes without having returned. */
static void
test_no_task_dropped (TestFixture *fixture,
                      gconstpointer data)
{
  const guint n = 100;
  Loop loop = { .burn = SLICE / 4 };
  GObjectClass *task_class = g_type_class_ref (G_TYPE_TASK);
  guint n_turns;

  g_atomic_int_set (&n_dropped, 0);
  dispose_task = task_class->dispose;
  task_class->dispose = count_dropped;
  {
    g_auto (Ended) ended;

    ended_init (&ended, n, &loop);
    turn_until (&loop, n, &n_turns);
  }
  task_class->dispose = dispose_task;
  g_type_class_unref (task_class);
  g_assert_cmpuint (g_atomic_int_get (&n_dropped), ==, 0);
}

typedef struct {
  TestReply *second;
  TestGate *gate;
} Asker;

/* The second call ends meanwhile. It is asked for, but not delivered yet. */
static void
ask_cb (GObject *source_object,
        GAsyncResult *result,
        gpointer user_data)
{
  GMainContext *context = g_main_context_get_thread_default ();
  Asker *asker = user_data;

  test_gate_open (asker->gate);
  wait_until (g_main_context_pending (context));
  g_assert_cmpuint (asker->second->n_calls, ==, 0);
  burn (SLICE);
}

/* As who calls g_main_context_pending () wherever there is time. */
static void
test_pending_in_callback (TestFixture *fixture,
                          gconstpointer data)
{
  g_auto (TestReply) second = { 0 };
  TEST_GATE (gate);
  Asker asker = { &second, &gate };

  pass_gate_async (NULL, 1, NULL, ask_cb, &asker);
  pass_gate_async (&gate, 2, NULL, test_reply_cb, &second);
  g_assert_cmpint (pass_gate_finish (test_reply_await (&second), NULL), ==, 2);
}

/* Drawing takes every turn of the loop, for a while. */
static void
test_late (TestFixture *fixture,
           gconstpointer data)
{
  const guint n = 100;
  Loop loop = { .burn = SLICE / 4 };
  gint64 began = g_get_monotonic_time ();
  guint n_turns;
  g_auto (Ended) ended;

  ended_init (&ended, n, &loop);
  start_drawing (&loop, TRUE);

  /* Drawing comes first ... */
  while (loop.n_calls == 0)
    g_main_context_iteration (fixture->context, TRUE);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, LATE);

  /* ... and then each has its turn. */
  loop.n_redraws = 0;
  loop.n_slices = 1;
  turn_until (&loop, n, &n_turns);
  stop_drawing (&loop);
  g_assert_cmpuint (loop.most, <=, 4);
  g_assert_cmpuint (loop.n_slices, >=, n / 4);
  g_assert_cmpuint (loop.n_redraws, >=, loop.n_slices - 1);
  g_assert_cmpuint (loop.n_redraws, <=, 2 * loop.n_slices);
}

static int
get_timeout (GMainContext *context)
{
  GPollFD fds[8];
  int timeout = 0, priority;

  g_assert_true (g_main_context_acquire (context));
  g_assert_false (g_main_context_prepare (context, &priority));
  g_main_context_query (context, G_MAXINT, &timeout, fds, G_N_ELEMENTS (fds));
  g_main_context_release (context);

  return timeout < 0 ? G_MAXINT : timeout;
}

/* A loop that waits for calls sleeps, however long they take. */
static void
test_sleeps (TestFixture *fixture,
             gconstpointer data)
{
  const int an_hour = 60 * 60 * 1000;
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  pass_gate_async (&gate, 0, NULL, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  run_dry ();
  g_assert_cmpint (get_timeout (fixture->context), >, an_hour);

  test_gate_open (&gate);
  test_reply_await (&reply);
  run_dry ();
  g_assert_cmpint (get_timeout (fixture->context), >, an_hour);
}

/* ... also of those that were cancelled and don't care. */
static void
test_sleeps_cancelled (TestFixture *fixture,
                       gconstpointer data)
{
  const int an_hour = 60 * 60 * 1000;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  pass_gate_async (&gate, 0, cancellable, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  g_cancellable_cancel (cancellable);
  run_dry ();
  g_assert_cmpuint (reply.n_calls, ==, 0);
  g_assert_cmpint (get_timeout (fixture->context), >, an_hour);

  test_gate_open (&gate);
  test_reply_await (&reply);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/mailbox/slice/drawing-in-between", test_slices);
  test_add ("/mailbox/slice/long-callback-is-not-cut", test_long_callback);
  test_add ("/mailbox/slice/short-callbacks-together", test_short_callbacks);
  test_add ("/mailbox/slice/order-kept", test_order);
  test_add ("/mailbox/slice/no-task-is-dropped", test_no_task_dropped);
  test_add ("/mailbox/slice/pending-in-a-callback", test_pending_in_callback);
  test_add ("/mailbox/late/arrives-although-drawing-takes-every-turn", test_late);
  test_add ("/mailbox/idle/loop-sleeps", test_sleeps);
  test_add ("/mailbox/idle/loop-sleeps-after-cancel", test_sleeps_cancelled);

  return g_test_run ();
}
