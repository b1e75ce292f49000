/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A limiter that is released goes, and its workers, once there is nothing left to do. */

#include "testutils.h"

/* Runs the main context, where limiters tell. It is not the one that tests run in. */
#define run_main_until(condition)                                                                  \
  wait_until ((g_main_context_iteration (NULL, FALSE), (condition)))

static void
count_notify_cb (GObject *limiter,
                 GParamSpec *pspec,
                 gpointer user_data)
{
  (*(guint *) user_data)++;
}

static gboolean
is_gone (GWeakRef *ref)
{
  g_autoptr (GObject) object = g_weak_ref_get (ref);

  return object == NULL;
}

/* Each source of the main context has a number of its own. */
static guint
get_next_source_id (void)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  guint id = g_source_attach (source, NULL);

  g_source_destroy (source);

  return id + 1;
}

static guint
count_sources_since (guint first)
{
  guint count = 0, end = get_next_source_id ();

  for (guint id = first; id < end; id++)
    if (g_main_context_find_source_by_id (NULL, id) != NULL)
      count++;

  return count;
}

static void
check_dies (gboolean told)
{
  const guint first_source = get_next_source_id ();
  AsyncifyLimiter *limiter = asyncify_limiter_new (2);
  guint ended = 0, n_told = 0;
  GWeakRef ref;
  TEST_GATE (gate);

  g_weak_ref_init (&ref, limiter);
  g_signal_connect (limiter, "notify::running", G_CALLBACK (count_notify_cb), &n_told);
  fill_limiter (limiter, 2, &gate, &ended);
  if (told)
    run_main_until (n_told == 1);
  g_assert_cmpuint (count_sources_since (first_source), ==, 1);
  test_gate_open (&gate);
  run_until (ended == 2);
  if (told)
    run_main_until (n_told == 2);
  g_object_unref (limiter);

  /* Its workers keep it for a moment. What it has to tell does not. */
  wait_until (is_gone (&ref));
  g_weak_ref_clear (&ref);
  wait_until (count_sources_since (first_source) == 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_told, ==, told ? 2 : 0);
}

static void
test_dies (TestFixture *fixture,
           gconstpointer data)
{
  check_dies (TRUE);
}

static void
test_dies_untold (TestFixture *fixture,
                  gconstpointer data)
{
  check_dies (FALSE);
}

static void
release_cb (GObject *limiter,
            GParamSpec *pspec,
            gpointer user_data)
{
  g_object_unref (limiter);
  g_atomic_int_set ((int *) user_data, TRUE);
}

/* The last reference is dropped by who listens. */
static void
test_dies_while_telling (TestFixture *fixture,
                         gconstpointer data)
{
  AsyncifyLimiter *limiter = asyncify_limiter_new (1);
  int released = FALSE;
  guint ended = 0;
  GWeakRef ref;
  TEST_GATE (gate);

  g_weak_ref_init (&ref, limiter);
  fill_limiter (limiter, 1, &gate, &ended);
  run_main_until (!g_main_context_pending (NULL));
  g_signal_connect (limiter, "notify::running", G_CALLBACK (release_cb), &released);
  test_gate_open (&gate);
  run_until (ended == 1);
  wait_until (g_atomic_int_get (&G_OBJECT (limiter)->ref_count) == 1);
  run_main_until (g_atomic_int_get (&released));
  g_assert_true (is_gone (&ref));
  g_weak_ref_clear (&ref);
}

/* A worker drops the last reference while the main context wants to tell. */
static void
test_dies_in_a_race (TestFixture *fixture,
                     gconstpointer data)
{
  for (guint i = 0; i < 300; i++)
    {
      AsyncifyLimiter *limiter = asyncify_limiter_new (1);
      guint ended = 0;
      GWeakRef ref;

      g_weak_ref_init (&ref, limiter);
      pass_gate_async_full (NULL, 0, &(AsyncifyOptions) { .limiter = limiter }, NULL, test_count_cb,
                            &ended);
      g_object_unref (limiter);
      run_until (ended == 1);
      run_main_until (i % 10 != 0 || is_gone (&ref));
      g_weak_ref_clear (&ref);
    }
}

/* Each of them has a reference on its limiter. */
static void
test_workers_end (TestFixture *fixture,
                  gconstpointer data)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (8);

  for (guint round = 0; round < 3; round++)
    {
      guint ended = 0;
      TEST_GATE (gate);

      fill_limiter (limiter, 8, &gate, &ended);
      g_assert_cmpint (g_atomic_int_get (&G_OBJECT (limiter)->ref_count), >=, 1 + 8 + 8);
      test_gate_open (&gate);
      run_until (ended == 8);
      wait_until (g_atomic_int_get (&G_OBJECT (limiter)->ref_count) == 1);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/limiter/dies/when-all-is-told", test_dies);
  test_add ("/limiter/dies/with-something-to-tell", test_dies_untold);
  test_add ("/limiter/dies/while-it-tells", test_dies_while_telling);
  test_add ("/limiter/dies/on-a-worker", test_dies_in_a_race);
  test_add ("/limiter/workers-end-when-idle", test_workers_end);

  return g_test_run ();
}
