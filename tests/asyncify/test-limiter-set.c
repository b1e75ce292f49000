/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* How many run at once, set while they do. */

#include "testutils.h"

static void
begin (AsyncifyLimiter *limiter,
       guint n,
       TestGate *gate,
       guint *ended)
{
  const AsyncifyOptions options = { .limiter = limiter };

  for (guint i = 0; i < n; i++)
    pass_gate_async_full (gate, 0, &options, NULL, test_count_cb, ended);
}

static void
assert_numbers (AsyncifyLimiter *limiter,
                guint max_running,
                guint running,
                guint queued)
{
  g_assert_cmpuint (asyncify_limiter_get_max_running (limiter), ==, max_running);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, running);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, queued);
}

static void
test_raised (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  guint ended = 0;
  TEST_GATE (gate);

  begin (limiter, 9, &gate, &ended);
  test_gate_await (&gate, 1);
  asyncify_limiter_set_max_running (limiter, 2);
  test_gate_await (&gate, 2);
  assert_numbers (limiter, 2, 2, 7);
  asyncify_limiter_set_max_running (limiter, 7);
  test_gate_await (&gate, 7);
  assert_numbers (limiter, 7, 7, 2);
  asyncify_limiter_set_max_running (limiter, G_MAXUINT);
  test_gate_await (&gate, 9);
  assert_numbers (limiter, G_MAXUINT, 9, 0);

  test_gate_open (&gate);
  run_until (ended == 9);
}

static void
test_newcomers (TestFixture *fixture,
                gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  guint ended = 0;
  TEST_GATE (gate);

  fill_limiter (limiter, 1, &gate, &ended);
  asyncify_limiter_set_max_running (limiter, 3);
  begin (limiter, 4, &gate, &ended);
  test_gate_await (&gate, 3);
  assert_numbers (limiter, 3, 3, 2);
  test_gate_open (&gate);
  run_until (ended == 5);
}

static void
test_lowered (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (4);
  guint ended = 0;
  TEST_GATE (gate);

  begin (limiter, 8, &gate, &ended);
  test_gate_await (&gate, 4);
  asyncify_limiter_set_max_running (limiter, 2);
  assert_numbers (limiter, 2, 4, 4);

  for (guint i = 1; i <= 2; i++)
    {
      test_gate_let (&gate, 1);
      run_until (ended == i);
      assert_numbers (limiter, 2, 4 - i, 4);
    }
  g_assert_cmpuint (gate.entered, ==, 4);

  /* From here on one starts for each that ends. */
  for (guint i = 1; i <= 4; i++)
    {
      test_gate_let (&gate, 1);
      test_gate_await (&gate, 4 + i);
      assert_numbers (limiter, 2, 2, 4 - i);
    }
  test_gate_open (&gate);
  run_until (ended == 8);
}

static void
test_lowered_and_raised (TestFixture *fixture,
                         gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (3);
  guint ended = 0;
  TEST_GATE (gate);

  begin (limiter, 6, &gate, &ended);
  test_gate_await (&gate, 3);
  asyncify_limiter_set_max_running (limiter, 1);
  test_gate_let (&gate, 1);
  run_until (ended == 1);
  assert_numbers (limiter, 1, 2, 3);
  asyncify_limiter_set_max_running (limiter, 4);
  test_gate_await (&gate, 5);
  assert_numbers (limiter, 4, 4, 1);

  test_gate_open (&gate);
  run_until (ended == 6);
}

static gpointer
allow_three_in_thread (gpointer data)
{
  asyncify_limiter_set_max_running (data, 3);

  return NULL;
}

static void
test_from_another_thread (TestFixture *fixture,
                          gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  guint ended = 0;
  TEST_GATE (gate);

  begin (limiter, 3, &gate, &ended);
  test_gate_await (&gate, 1);
  g_thread_join (g_thread_new ("raiser", allow_three_in_thread, limiter));
  test_gate_await (&gate, 3);
  test_gate_open (&gate);
  run_until (ended == 3);
}

static void
allow_three (AsyncifyLimiter *limiter,
             TestGate *gate)
{
  asyncify_limiter_set_max_running (limiter, 3);
  test_gate_enter (gate);
}

ASYNCIFY_DEFINE (NOTHING, allow_three, BORROWED (AsyncifyLimiter *, limiter),
                 BORROWED (TestGate *, gate))

static void
test_from_inside (TestFixture *fixture,
                  gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  guint ended = 0;
  TEST_GATE (gate);

  allow_three_async_full (limiter, &gate, &(AsyncifyOptions) { .limiter = limiter }, NULL,
                          test_count_cb, &ended);
  begin (limiter, 2, &gate, &ended);
  test_gate_await (&gate, 3);
  test_gate_open (&gate);
  run_until (ended == 3);
}

/* Knows how many are inside. */
typedef struct {
  AsyncifyLimiter *limiter;
  int inside, done; /* atomic */
} Room;

#define MOST_INSIDE 6

static void
be_inside (Room *room)
{
  g_assert_cmpint (g_atomic_int_add (&room->inside, 1), <, MOST_INSIDE);
  g_thread_yield ();
  g_atomic_int_add (&room->inside, -1);
}

ASYNCIFY_DEFINE (NOTHING, be_inside, BORROWED (Room *, room))

static gpointer
change_in_thread (gpointer data)
{
  Room *room = data;

  for (guint i = 0; !g_atomic_int_get (&room->done); i++)
    {
      asyncify_limiter_set_max_running (room->limiter, 1 + i % MOST_INSIDE);
      g_thread_yield ();
    }

  return NULL;
}

static void
test_race (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  Room room = { limiter, 0, FALSE };
  GThread *thread = g_thread_new ("changer", change_in_thread, &room);
  guint ended = 0;

  for (guint i = 0; i < 5000; i++)
    be_inside_async_full (&room, &options, NULL, test_count_cb, &ended);
  run_until (ended == 5000);
  g_atomic_int_set (&room.done, TRUE);
  g_thread_join (thread);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 0);
}

static void
count_notify_cb (GObject *limiter,
                 GParamSpec *pspec,
                 gpointer user_data)
{
  guint *n_told = user_data;

  g_assert_true (g_main_context_is_owner (NULL));
  (*n_told)++;
}

static void
test_told_at_once (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  guint n_told = 0;

  g_signal_connect (limiter, "notify::max-running", G_CALLBACK (count_notify_cb), &n_told);
  /* When nobody runs it, and when we do */
  asyncify_limiter_set_max_running (limiter, 2);
  g_assert_cmpuint (n_told, ==, 1);
  g_assert_true (g_main_context_acquire (NULL));
  g_object_set (limiter, "max-running", 3, NULL);
  g_assert_cmpuint (n_told, ==, 2);
  g_assert_cmpuint (asyncify_limiter_get_max_running (limiter), ==, 3);

  /* What has not changed is not told. */
  asyncify_limiter_set_max_running (limiter, 3);
  wait_until (!g_main_context_iteration (NULL, FALSE));
  g_assert_cmpuint (n_told, ==, 2);
  g_main_context_release (NULL);
}

static void
test_told_later (TestFixture *fixture,
                 gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  guint n_told = 0;

  g_signal_connect (limiter, "notify::max-running", G_CALLBACK (count_notify_cb), &n_told);
  g_assert_true (g_main_context_acquire (NULL));
  g_thread_join (g_thread_new ("raiser", allow_three_in_thread, limiter));
  g_assert_cmpuint (n_told, ==, 0);
  wait_until ((g_main_context_iteration (NULL, FALSE), n_told == 1));
  g_main_context_release (NULL);
}

/* A main loop may be about to begin, and would find that somebody else runs its context. */
static void
test_told_of_a_function (TestFixture *fixture,
                         gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  guint n_told = 0, ended = 0;
  TEST_GATE (gate);

  g_signal_connect (limiter, "notify::max-running", G_CALLBACK (count_notify_cb), &n_told);
  allow_three_async_full (limiter, &gate, &(AsyncifyOptions) { .limiter = limiter }, NULL,
                          test_count_cb, &ended);
  test_gate_await (&gate, 1);
  g_assert_cmpuint (asyncify_limiter_get_max_running (limiter), ==, 3);
  g_assert_cmpuint (n_told, ==, 0);
  wait_until ((g_main_context_iteration (NULL, FALSE), n_told == 1));
  test_gate_open (&gate);
  run_until (ended == 1);
}

static void
lower_cb (GObject *limiter,
          GParamSpec *pspec,
          gpointer user_data)
{
  guint max_running = asyncify_limiter_get_max_running (ASYNCIFY_LIMITER (limiter));

  if (max_running > 5)
    asyncify_limiter_set_max_running (ASYNCIFY_LIMITER (limiter), 5);
  *(guint *) user_data = max_running;
}

static void
test_from_notify (TestFixture *fixture,
                  gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (AsyncifyLimiter) follower = asyncify_limiter_new (1);
  guint seen = 0;

  g_object_bind_property (limiter, "max-running", follower, "max-running",
                          G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_signal_connect (limiter, "notify::max-running", G_CALLBACK (lower_cb), &seen);
  asyncify_limiter_set_max_running (limiter, 9);
  g_assert_cmpuint (asyncify_limiter_get_max_running (limiter), ==, 5);
  asyncify_limiter_set_max_running (follower, 4);
  g_assert_cmpuint (asyncify_limiter_get_max_running (limiter), ==, 4);
  g_assert_cmpuint (asyncify_limiter_get_max_running (follower), ==, 4);
  g_assert_cmpuint (seen, ==, 4);
}

static void
test_none (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (3);

  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, "*max_running >= 1*");
  asyncify_limiter_set_max_running (limiter, 0);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (asyncify_limiter_get_max_running (limiter), ==, 3);
}

static void
test_cpu (TestFixture *fixture,
          gconstpointer data)
{
  AsyncifyLimiter *limiter = asyncify_limiter_get_cpu ();
  const guint n = MAX (g_get_num_processors (), 2) - 1;
  guint ended = 0;
  TEST_GATE (gate);

  g_assert_true (ASYNCIFY_IS_LIMITER (limiter));
  g_assert_true (limiter == asyncify_limiter_get_cpu ());
  g_assert_true (limiter != asyncify_limiter_get_default ());
  assert_numbers (limiter, n, 0, 0);
  fill_limiter (limiter, n, &gate, &ended);
  begin (limiter, 1, NULL, &ended);
  assert_numbers (limiter, n, n, 1);
  test_gate_open (&gate);
  run_until (ended == n + 1);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/limiter/max-running/raised-lets-in-who-waits", test_raised);
  test_add ("/limiter/max-running/raised-lets-in-newcomers", test_newcomers);
  test_add ("/limiter/max-running/lowered-lets-run-on", test_lowered);
  test_add ("/limiter/max-running/lowered-and-raised-is-never-exceeded", test_lowered_and_raised);
  test_add ("/limiter/max-running/set-by-another-thread", test_from_another_thread);
  test_add ("/limiter/max-running/set-by-a-function", test_from_inside);
  test_add ("/limiter/max-running/set-in-a-race", test_race);
  test_add ("/limiter/max-running/told-at-once-in-the-main-context", test_told_at_once);
  test_add ("/limiter/max-running/told-later-elsewhere", test_told_later);
  test_add ("/limiter/max-running/never-told-on-a-worker", test_told_of_a_function);
  test_add ("/limiter/max-running/set-when-told", test_from_notify);
  test_add ("/limiter/max-running/set-to-none-is-a-critical", test_none);
  test_add ("/limiter/cpu-leaves-a-processor-free", test_cpu);

  return g_test_run ();
}
