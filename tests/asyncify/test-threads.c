/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Whose threads the workers are, and that there is one when it is needed. */

#include "testutils.h"

#include <asyncify/asyncify-threads-private.h>

/* What the contract says */
G_STATIC_ASSERT (ASYNCIFY_MAX_GIO_THREADS == 4);

typedef struct {
  TestGate gate;
  int most_gio; /* atomic: how many of GTask's threads were seen at once */
} Crowd;

static void
stand (Crowd *crowd)
{
  int count = asyncify_threads_count_gio ();
  int most = g_atomic_int_get (&crowd->most_gio);

  while (count > most && !g_atomic_int_compare_and_exchange (&crowd->most_gio, most, count))
    most = g_atomic_int_get (&crowd->most_gio);

  test_gate_enter (&crowd->gate);
}

ASYNCIFY_DEFINE (NOTHING, stand, BORROWED (Crowd *, crowd))

#define N_BLOCKED 200

/* With so many tasks in GTask's pool, GIO's call would take twenty seconds. */
static void
test_gio (TestFixture *fixture,
          gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (N_BLOCKED);
  g_autoptr (GFile) file = g_file_new_for_path (g_test_get_dir (G_TEST_BUILT));
  const AsyncifyOptions options = { .limiter = limiter };
  g_autoptr (GFileInfo) info = NULL;
  g_auto (TestReply) reply = { 0 };
  guint ended = 0;
  gint64 began;
  Crowd crowd = { .most_gio = 0 };

  test_gate_init (&crowd.gate);
  for (int i = 0; i < N_BLOCKED; i++)
    stand_async_full (&crowd, &options, NULL, test_count_cb, &ended);
  test_gate_await (&crowd.gate, N_BLOCKED);

  began = g_get_monotonic_time ();
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, NULL, test_reply_cb, &reply);
  info = g_file_query_info_finish (file, test_reply_await (&reply), NULL);
  g_assert_nonnull (info);
  g_assert_cmpint (g_get_monotonic_time () - began, <, 5 * G_TIME_SPAN_SECOND);
  g_assert_cmpuint (ended, ==, 0);

  test_gate_open (&crowd.gate);
  run_until (ended == N_BLOCKED);
  test_gate_clear (&crowd.gate);
  g_assert_cmpint (crowd.most_gio, >, 0);
  g_assert_cmpint (crowd.most_gio, <=, ASYNCIFY_MAX_GIO_THREADS);
}

/* A worker that finds nothing to do goes; the next call must get another one, also
 * when it comes in that moment. */
static void
test_one_after_another (TestFixture *fixture,
                        gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };

  for (guint i = 0; i < 3000; i++)
    {
      guint n_calls = 0;

      pass_gate_async_full (NULL, 0, &options, NULL, test_count_cb, &n_calls);
      run_until (n_calls == 1);
    }
}

/* ... and when it comes long after that. */
static void
test_after_a_rest (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };

  for (guint i = 0; i < 3; i++)
    {
      guint n_calls = 0;

      wait_until (asyncify_threads_count_gio () == 0);
      pass_gate_async_full (NULL, 0, &options, NULL, test_count_cb, &n_calls);
      run_until (n_calls == 1);
    }
}

static int
get_thread_number (void)
{
  static GPrivate number; /* of this thread; another one never gets it */
  static int last;        /* atomic */

  if (g_private_get (&number) == NULL)
    g_private_set (&number, GINT_TO_POINTER (g_atomic_int_add (&last, 1) + 1));

  return GPOINTER_TO_INT (g_private_get (&number));
}

ASYNCIFY_DEFINE (VALUE (int), get_thread_number)

/* Threads are used again: by far not each call has one started. */
static void
test_few (TestFixture *fixture,
          gconstpointer data)
{
  g_autoptr (GHashTable) threads = g_hash_table_new (NULL, NULL);
  const guint n = 400;

  for (guint i = 0; i < n; i++)
    {
      g_auto (TestReply) reply = { 0 };

      get_thread_number_async (NULL, test_reply_cb, &reply);
      g_hash_table_add (threads, GINT_TO_POINTER (get_thread_number_finish (
                                   test_reply_await (&reply), NULL)));
    }
  g_assert_cmpuint (g_hash_table_size (threads), <, n / 10);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/threads/gio-never-waits", test_gio);
  test_add ("/threads/worker-for-each-call-that-comes", test_one_after_another);
  test_add ("/threads/worker-after-a-rest", test_after_a_rest);
  test_add ("/threads/few-for-many-calls", test_few);

  return g_test_run ();
}
