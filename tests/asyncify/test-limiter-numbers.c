/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a limiter says of itself, where and how often. That it can be set is tested in
 * test-limiter-set.c, that it goes in test-limiter-gone.c.
 */

#include "testutils.h"

/* Runs the main context, which is not the one that tests run in. */
#define run_main_until(condition)                                                                  \
  wait_until ((g_main_context_iteration (NULL, FALSE), (condition)))

/* Keeps what is notified. A limiter can only tell while the main context is run. */
typedef struct {
  const char *property;
  GThread *thread; /* where it is to be run */
  int n_told;      /* atomic, as the next one is */
  int last;
} Listener;

static void
notify_cb (GObject *limiter,
           GParamSpec *pspec,
           gpointer user_data)
{
  Listener *listener = user_data;
  GSource *source = g_main_current_source ();
  guint value = 0;

  g_assert_cmpstr (pspec->name, ==, listener->property);
  g_assert_true (g_thread_self () == listener->thread);
  g_assert_true (g_main_context_is_owner (NULL));
  g_assert_nonnull (source);
  g_assert_true (g_source_get_context (source) == g_main_context_default ());

  g_object_get (limiter, listener->property, &value, NULL);
  g_atomic_int_inc (&listener->n_told);
  g_atomic_int_set (&listener->last, value);
}

static void
listen_to (Listener *listener,
        AsyncifyLimiter *limiter,
        const char *property)
{
  g_autofree char *signal = g_strconcat ("notify::", property, NULL);
  guint value = 0;

  g_object_get (limiter, property, &value, NULL);
  *listener = (Listener) { property, g_thread_self (), 0, value };
  g_signal_connect (limiter, signal, G_CALLBACK (notify_cb), listener);
}

static void
assert_numbers (AsyncifyLimiter *limiter,
                guint running,
                guint queued,
                guint abandoned)
{
  guint properties[3] = { G_MAXUINT, G_MAXUINT, G_MAXUINT };

  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, running);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, queued);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (limiter), ==, abandoned);
  g_object_get (limiter, "running", &properties[0], "queued", &properties[1], "abandoned",
                &properties[2], NULL);
  g_assert_cmpuint (properties[0], ==, running);
  g_assert_cmpuint (properties[1], ==, queued);
  g_assert_cmpuint (properties[2], ==, abandoned);
}

static void
begin (AsyncifyLimiter *limiter,
       TestGate *gate,
       AsyncifyCancelPolicy policy,
       GCancellable *cancellable,
       guint *ended)
{
  const AsyncifyOptions options = { .limiter = limiter, .cancel_policy = policy };

  pass_gate_async_full (gate, 0, &options, cancellable, test_count_cb, ended);
}

static void
test_stages (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  g_autoptr (GCancellable) running = g_cancellable_new ();
  g_autoptr (GCancellable) queued = g_cancellable_new ();
  guint ended = 0;
  TEST_GATE (gate);

  assert_numbers (limiter, 0, 0, 0);
  begin (limiter, &gate, ASYNCIFY_CANCEL_ABANDON, running, &ended);
  fill_limiter (limiter, 1, &gate, &ended);
  test_gate_await (&gate, 2);
  assert_numbers (limiter, 2, 0, 0);
  begin (limiter, &gate, ASYNCIFY_CANCEL_WAIT, NULL, &ended);
  assert_numbers (limiter, 2, 1, 0);
  begin (limiter, &gate, ASYNCIFY_CANCEL_WAIT, queued, &ended);
  begin (limiter, &gate, ASYNCIFY_CANCEL_ABANDON, queued, &ended);
  begin (limiter, &gate, ASYNCIFY_CANCEL_WAIT, NULL, &ended);
  assert_numbers (limiter, 2, 4, 0);

  g_cancellable_cancel (queued);
  assert_numbers (limiter, 2, 2, 0);
  g_cancellable_cancel (running);
  test_gate_await (&gate, 3);
  assert_numbers (limiter, 2, 1, 1);
  run_until (ended == 3);
  assert_numbers (limiter, 2, 1, 1);

  /* It may be the abandoned one that leaves first. */
  test_gate_open (&gate);
  run_until (ended == 6);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 0);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 0);
  wait_until (asyncify_limiter_get_abandoned (limiter) == 0);
}

typedef struct {
  AsyncifyLimiter *limiter;
  guint to_come;
} Last;

static void
last_cb (GObject *source_object,
         GAsyncResult *result,
         gpointer user_data)
{
  Last *last = user_data;

  if (--last->to_come == 0)
    assert_numbers (last->limiter, 0, 0, 0);
}

static void
test_last_callback (TestFixture *fixture,
                    gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (3);
  const AsyncifyOptions options = { .limiter = limiter };

  for (guint round = 0; round < 500; round++)
    {
      Last last = { limiter, 1 + round % 7 };

      for (guint i = last.to_come; i > 0; i--)
        pass_gate_async_full (NULL, 0, &options, NULL, last_cb, &last);
      run_until (last.to_come == 0);
    }
}

static void
test_in_main (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Listener running, queued, abandoned;
  guint ended = 0;
  TEST_GATE (gate);

  listen_to (&running, limiter, "running");
  listen_to (&queued, limiter, "queued");
  listen_to (&abandoned, limiter, "abandoned");

  begin (limiter, &gate, ASYNCIFY_CANCEL_ABANDON, cancellable, &ended);
  begin (limiter, &gate, ASYNCIFY_CANCEL_ABANDON, cancellable, &ended);
  test_gate_await (&gate, 2);
  begin (limiter, &gate, ASYNCIFY_CANCEL_WAIT, NULL, &ended);
  run_dry ();
  g_assert_cmpint (running.n_told + queued.n_told + abandoned.n_told, ==, 0);
  run_main_until (running.last == 2 && queued.last == 1);
  g_assert_cmpint (abandoned.n_told, ==, 0);

  g_cancellable_cancel (cancellable);
  run_until (ended == 2);
  run_main_until (running.last == 1 && queued.last == 0 && abandoned.last == 2);
  test_gate_open (&gate);
  run_until (ended == 3);
  run_main_until (running.last == 0 && abandoned.last == 0);
}

/* Runs the main context, until told to stop. */
typedef struct {
  AsyncifyLimiter *limiter;
  Listener listener;
  TestGate ready;
  GMainLoop *loop;
} MainThread;

static gpointer
main_thread (gpointer data)
{
  MainThread *self = data;

  g_assert_true (g_main_context_acquire (NULL));
  listen_to (&self->listener, self->limiter, "running");
  test_gate_enter (&self->ready);
  g_main_loop_run (self->loop);
  g_main_context_release (NULL);

  return NULL;
}

/* The main context is not always the main thread's. */
static void
test_in_main_elsewhere (TestFixture *fixture,
                        gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  MainThread main = { .limiter = limiter, .loop = loop };
  guint ended = 0;
  GThread *thread;
  TEST_GATE (gate);

  test_gate_init (&main.ready);
  test_gate_open (&main.ready);
  thread = g_thread_new ("main", main_thread, &main);
  test_gate_await_left (&main.ready, 1);
  fill_limiter (limiter, 2, &gate, &ended);
  wait_until (g_atomic_int_get (&main.listener.last) == 2);
  test_gate_open (&gate);
  run_until (ended == 2);
  wait_until (g_atomic_int_get (&main.listener.last) == 0);

  g_main_loop_quit (loop);
  g_thread_join (thread);
  test_gate_clear (&main.ready);
}

#define N_CALLS 10000

typedef struct {
  TestGate gate;
  guint ended;
} Procession;

/* Each lets the next one go, so there is another number each time. */
static void
turn_main_cb (GObject *source_object,
              GAsyncResult *result,
              gpointer user_data)
{
  Procession *procession = user_data;

  procession->ended++;
  test_gate_let (&procession->gate, 1);
  g_main_context_iteration (NULL, FALSE);
}

/* What is told is what can be seen, though each turn of the main context could tell of another
 * number. */
static void
test_coalesced (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  Procession procession = { .ended = 0 };
  Listener running, queued;

  test_gate_init (&procession.gate);
  listen_to (&running, limiter, "running");
  listen_to (&queued, limiter, "queued");
  for (int i = 0; i < N_CALLS; i++)
    pass_gate_async_full (&procession.gate, 0, &options, NULL, turn_main_cb, &procession);
  run_main_until (running.last == 1 && queued.last == N_CALLS - 1);
  test_gate_let (&procession.gate, 1);
  run_until (procession.ended == N_CALLS);
  run_main_until (running.last == 0 && queued.last == 0);

  g_assert_cmpint (queued.n_told, <, N_CALLS / 5);
  g_assert_cmpint (running.n_told, <, N_CALLS / 5);
  test_gate_clear (&procession.gate);
}

/* However the numbers change meanwhile, what was told last is what they are now. */
static void
test_last_value (TestFixture *fixture,
                 gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (4);
  const AsyncifyOptions options = { .limiter = limiter };
  Listener running, queued;

  listen_to (&running, limiter, "running");
  listen_to (&queued, limiter, "queued");
  for (guint round = 0; round < 30; round++)
    {
      guint ended = 0;
      TEST_GATE (gate);

      for (guint i = 0; i < 8; i++)
        pass_gate_async_full (&gate, 0, &options, NULL, test_count_cb, &ended);
      for (guint i = 0; i < 100; i++)
        pass_gate_async_full (NULL, 0, &options, NULL, test_count_cb, &ended);
      run_main_until (running.last == 4 && queued.last == 104);
      test_gate_open (&gate);
      run_main_until (running.last == 0 && queued.last == 0);
      run_until (ended == 108);
    }
}

/* Who hears of a number, and sees it change and change back. */
typedef struct {
  AsyncifyLimiter *limiter;
  TestGate first, second;
  guint ended;
  guint seen;
  gboolean heard;
} Blinking;

static void
blink_cb (GObject *limiter,
          GParamSpec *pspec,
          gpointer user_data)
{
  Blinking *blinking = user_data;
  gboolean is_first = !blinking->heard;

  blinking->heard = TRUE;
  if (is_first)
    {
      test_gate_open (&blinking->first);
      wait_until (asyncify_limiter_get_running (blinking->limiter) == 0);
    }
  blinking->seen = asyncify_limiter_get_running (blinking->limiter);
  if (is_first)
    {
      begin (blinking->limiter, &blinking->second, ASYNCIFY_CANCEL_WAIT, NULL, &blinking->ended);
      test_gate_await (&blinking->second, 1);
    }
}

static void
test_blinks (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  Blinking blinking = { .limiter = limiter };

  test_gate_init (&blinking.first);
  test_gate_init (&blinking.second);
  g_signal_connect (limiter, "notify::running", G_CALLBACK (blink_cb), &blinking);
  begin (limiter, &blinking.first, ASYNCIFY_CANCEL_WAIT, NULL, &blinking.ended);
  test_gate_await (&blinking.first, 1);
  run_main_until (blinking.heard && blinking.seen == 1);

  test_gate_open (&blinking.second);
  run_until (blinking.ended == 2);
  test_gate_clear (&blinking.first);
  test_gate_clear (&blinking.second);
}

/* Its handler has another call queued, which is to be told as well. */
typedef struct {
  AsyncifyLimiter *limiter;
  TestGate gate;
  guint n_told, ended;
} Chain;

static void
call_again_cb (GObject *limiter,
               GParamSpec *pspec,
               gpointer user_data)
{
  Chain *chain = user_data;

  if (++chain->n_told < 5)
    begin (chain->limiter, &chain->gate, ASYNCIFY_CANCEL_WAIT, NULL, &chain->ended);
}

static void
test_changed_meanwhile (TestFixture *fixture,
                        gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  Chain chain = { .limiter = limiter };

  test_gate_init (&chain.gate);
  fill_limiter (limiter, 1, &chain.gate, &chain.ended);
  g_signal_connect (limiter, "notify::queued", G_CALLBACK (call_again_cb), &chain);
  begin (limiter, &chain.gate, ASYNCIFY_CANCEL_WAIT, NULL, &chain.ended);
  run_main_until (chain.n_told == 5);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 5);
  g_signal_handlers_disconnect_by_data (limiter, &chain);
  test_gate_open (&chain.gate);
  run_until (chain.ended == 6);
  test_gate_clear (&chain.gate);
}

/* A property of the right type that can be bound to. */
static GObject *
bind_new (AsyncifyLimiter *limiter,
      const char *property)
{
  GObject *object = G_OBJECT (g_socket_client_new ());

  g_object_bind_property (limiter, property, object, "timeout", G_BINDING_SYNC_CREATE);

  return object;
}

static guint
get_bound (GObject *object)
{
  return g_socket_client_get_timeout (G_SOCKET_CLIENT (object));
}

static void
test_bound (TestFixture *fixture,
            gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GObject) running = bind_new (limiter, "running");
  g_autoptr (GObject) queued = bind_new (limiter, "queued");
  g_autoptr (GObject) abandoned = bind_new (limiter, "abandoned");
  g_autoptr (GObject) max_running = bind_new (limiter, "max-running");
  guint ended = 0;
  TEST_GATE (gate);

  g_assert_cmpuint (get_bound (max_running), ==, 1);
  begin (limiter, &gate, ASYNCIFY_CANCEL_ABANDON, cancellable, &ended);
  test_gate_await (&gate, 1);
  begin (limiter, &gate, ASYNCIFY_CANCEL_WAIT, NULL, &ended);
  begin (limiter, &gate, ASYNCIFY_CANCEL_WAIT, NULL, &ended);
  run_main_until (get_bound (running) == 1 && get_bound (queued) == 2);
  g_cancellable_cancel (cancellable);
  run_main_until (get_bound (queued) == 1 && get_bound (abandoned) == 1);
  asyncify_limiter_set_max_running (limiter, 5);
  run_main_until (get_bound (max_running) == 5 && get_bound (running) == 2);

  test_gate_open (&gate);
  run_until (ended == 3);
  run_main_until (get_bound (running) == 0 && get_bound (queued) == 0
                  && get_bound (abandoned) == 0);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/limiter/numbers/right-at-each-stage", test_stages);
  test_add ("/limiter/numbers/none-runs-in-the-last-callback", test_last_callback);
  test_add ("/limiter/numbers/told-in-the-main-context", test_in_main);
  test_add ("/limiter/numbers/told-where-the-main-context-is-run", test_in_main_elsewhere);
  test_add ("/limiter/numbers/told-once-for-many-changes", test_coalesced);
  test_add ("/limiter/numbers/told-last-is-what-they-are", test_last_value);
  test_add ("/limiter/numbers/told-again-if-they-change-meanwhile", test_blinks);
  test_add ("/limiter/numbers/changed-while-they-are-told", test_changed_meanwhile);
  test_add ("/limiter/numbers/bound", test_bound);

  return g_test_run ();
}
