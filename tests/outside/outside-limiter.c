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

static GMutex gate; /* held by main () while functions shall wait */

static void
stand_at_gate (void)
{
  g_mutex_lock (&gate);
  g_mutex_unlock (&gate);
}

ASYNCIFY_DEFINE (NOTHING, stand_at_gate)

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
check_cpu (void)
{
  AsyncifyLimiter *limiter = asyncify_limiter_get_cpu ();

  g_assert_true (limiter == asyncify_limiter_get_cpu ());
  g_assert_true (limiter != asyncify_limiter_get_default ());
  g_assert_cmpuint (asyncify_limiter_get_max_running (limiter), ==,
                    MAX (g_get_num_processors (), 2) - 1);
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

static void
notify_cb (GObject *object,
           GParamSpec *property,
           gpointer user_data)
{
  GThread *thread = user_data;
  char *name = (char *) g_param_spec_get_name (property);

  g_assert_true (g_thread_self () == thread);
  g_object_set_data (object, name, GINT_TO_POINTER (TRUE));
}

static gboolean
was_notified (AsyncifyLimiter *limiter,
              const char *property)
{
  return g_object_get_data (G_OBJECT (limiter), property) != NULL;
}

static void
ended_cb (GObject *source_object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  guint *n_ended = user_data;

  (void) source_object;
  stand_at_gate_finish (result, &error);
  *n_ended += error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
assert_counts (AsyncifyLimiter *limiter,
               guint running,
               guint queued,
               guint abandoned)
{
  guint running_now, queued_now, abandoned_now;

  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, running);
  g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, queued);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (limiter), ==, abandoned);
  g_object_get (limiter, "running", &running_now, "queued", &queued_now,
                "abandoned", &abandoned_now, NULL);
  g_assert_cmpuint (running_now, ==, running);
  g_assert_cmpuint (queued_now, ==, queued);
  g_assert_cmpuint (abandoned_now, ==, abandoned);
}

/* As somebody watches a limiter in a window, and changes it there */
static void
check_watched_and_changed (void)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  guint n_ended = 0;
  AsyncifyOptions options = { .limiter = limiter, .cancel_policy = ASYNCIFY_CANCEL_ABANDON };

  g_signal_connect (limiter, "notify", G_CALLBACK (notify_cb), g_thread_self ());
  g_mutex_lock (&gate);
  for (guint i = 0; i < 5; i++)
    stand_at_gate_async_full (&options, i == 0 ? cancellable : NULL, ended_cb, &n_ended);
  while (asyncify_limiter_get_running (limiter) < 1)
    g_main_context_iteration (NULL, FALSE);
  assert_counts (limiter, 1, 4, 0);

  asyncify_limiter_set_max_running (limiter, 3);
  while (asyncify_limiter_get_running (limiter) < 3)
    g_main_context_iteration (NULL, FALSE);
  assert_counts (limiter, 3, 2, 0);
  g_object_set (limiter, "max-running", 2, NULL);
  g_assert_cmpuint (asyncify_limiter_get_max_running (limiter), ==, 2);

  g_cancellable_cancel (cancellable);
  while (n_ended < 1)
    g_main_context_iteration (NULL, TRUE);
  assert_counts (limiter, 2, 2, 1);
  while (!was_notified (limiter, "abandoned"))
    g_main_context_iteration (NULL, TRUE);

  g_mutex_unlock (&gate);
  while (n_ended < 5 || asyncify_limiter_get_abandoned (limiter) > 0
         || asyncify_limiter_get_running (limiter) > 0)
    g_main_context_iteration (NULL, FALSE);
  assert_counts (limiter, 0, 0, 0);
  g_assert_true (was_notified (limiter, "max-running"));
  while (!was_notified (limiter, "running") || !was_notified (limiter, "queued"))
    g_main_context_iteration (NULL, TRUE);
}

int
main (void)
{
  begin ();
  check_not_more_than_allowed ();
  check_default ();
  check_cpu ();
  check_properties ();
  check_watched_and_changed ();

  return 0;
}
