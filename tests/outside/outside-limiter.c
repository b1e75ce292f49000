/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Who may run: limiters, and what they tell. */

#include "outside.h"

static int n_running, n_most; /* atomic */

static void
work (void)
{
  int now = g_atomic_int_add (&n_running, 1) + 1, most;

  do
    most = g_atomic_int_get (&n_most);
  while (now > most && !g_atomic_int_compare_and_exchange (&n_most, most, now));
  g_usleep (1000);
  g_atomic_int_add (&n_running, -1);
}

ASYNCIFY_DEFINE (NOTHING, work)

static void
count_cb (GObject *source_object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  guint *n_ended = user_data;

  (void) source_object;
  work_finish (result, &error);
  g_assert_no_error (error);
  *n_ended += 1;
}

static void
check_not_more_than_allowed (void)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (2);
  guint n_ended = 0;

  for (guint i = 0; i < 20; i++)
    work_async_full (&(AsyncifyOptions) { .limiter = limiter }, NULL, count_cb, &n_ended);
  while (n_ended < 20)
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpint (g_atomic_int_get (&n_most), >=, 1);
  g_assert_cmpint (g_atomic_int_get (&n_most), <=, 2);
}

static void
check_default (void)
{
  AsyncifyLimiter *limiter = asyncify_limiter_get_default ();

  g_assert_true (ASYNCIFY_IS_LIMITER (limiter));
  g_assert_true (limiter == asyncify_limiter_get_default ());
  g_assert_cmpuint (asyncify_limiter_get_max_running (limiter), ==, 40);
}

static void
check_properties (void)
{
  g_autoptr (AsyncifyLimiter) limiter
    = ASYNCIFY_LIMITER (g_object_new (ASYNCIFY_TYPE_LIMITER, "max-running", 7, NULL));
  guint max_running;

  g_object_get (limiter, "max-running", &max_running, NULL);
  g_assert_cmpuint (max_running, ==, 7);
  g_assert_cmpuint (asyncify_limiter_get_max_running (limiter), ==, 7);
}

int
main (void)
{
  begin ();
  check_not_more_than_allowed ();
  check_default ();
  check_properties ();

  return 0;
}
