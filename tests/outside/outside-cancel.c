/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Calls that end early: cancelled or too late, told or abandoned, waiting or running. */

#include "outside.h"

#include <sys/socket.h>

static GMutex gate;   /* held by main () while a function shall wait */
static int n_entered; /* atomic: how often a function came to the gate */

/* Can't be stopped. */
static int
stand_at_gate (int number)
{
  g_atomic_int_inc (&n_entered);
  g_mutex_lock (&gate);
  g_mutex_unlock (&gate);

  return number;
}

/* Can be stopped, and says what it did until then. */
static int
count_until_told (void)
{
  int n = 1;

  g_atomic_int_inc (&n_entered);
  for (; !asyncify_is_cancelled (); n++)
    g_usleep (1000);

  return n;
}

static gboolean
give_up_when_told (GError **error)
{
  g_atomic_int_inc (&n_entered);
  while (!asyncify_is_cancelled ())
    g_usleep (1000);

  return !asyncify_set_error_if_cancelled (error);
}

/* Asks nobody: it returns early only if it is interrupted. */
static int
receive (int fd)
{
  char byte;

  g_atomic_int_inc (&n_entered);

  return (int) recv (fd, &byte, 1, 0);
}

ASYNCIFY_DEFINE (VALUE (int), stand_at_gate, VALUE (int, number))
ASYNCIFY_DEFINE (VALUE (int), count_until_told)
ASYNCIFY_DEFINE (BOOLEAN, give_up_when_told, THROWS)
ASYNCIFY_DEFINE (VALUE (int), receive, VALUE (int, fd))

static GAsyncResult *kept, *other_kept;

static void
await_entered (void)
{
  while (g_atomic_int_get (&n_entered) == 0)
    g_main_context_iteration (NULL, FALSE);
  g_atomic_int_set (&n_entered, 0);
}

/* What the function returns is what the caller gets. */
static void
check_waited_for (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  AsyncifyOptions options = { .cancel_policy = ASYNCIFY_CANCEL_WAIT };

  count_until_told_async_full (&options, cancellable, keep_cb, &kept);
  await_entered ();
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (count_until_told_finish (await (&kept), &error), >, 0);
  g_assert_no_error (error);

  g_cancellable_reset (cancellable);
  give_up_when_told_async (cancellable, keep_cb, &kept);
  await_entered ();
  g_cancellable_cancel (cancellable);
  g_assert_false (give_up_when_told_finish (await (&kept), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The caller is answered while the function still stands there, and so is the next in the queue. */
static void
check_abandoned (void)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  AsyncifyOptions options = { .limiter = limiter, .cancel_policy = ASYNCIFY_CANCEL_ABANDON };

  g_mutex_lock (&gate);
  stand_at_gate_async_full (1, &options, cancellable, keep_cb, &kept);
  await_entered ();
  g_cancellable_cancel (cancellable);
  g_assert_cmpint (stand_at_gate_finish (await (&kept), &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (asyncify_limiter_get_abandoned (limiter), ==, 1);
  g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 0);

  stand_at_gate_async_full (2, &options, NULL, keep_cb, &kept);
  await_entered ();
  g_mutex_unlock (&gate);
  g_assert_cmpint (stand_at_gate_finish (await (&kept), &error), ==, 2);
  g_assert_no_error (error);
  while (asyncify_limiter_get_abandoned (limiter) > 0)
    g_main_context_iteration (NULL, FALSE);
}

static void
check_too_late (void)
{
  AsyncifyOptions options = { .timeout_ms = 20 };
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  give_up_when_told_async_full (&options, NULL, keep_cb, &kept);
  g_assert_false (give_up_when_told_finish (await (&kept), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - start, >=, 20 * G_TIME_SPAN_MILLISECOND);
  g_clear_error (&error);

  options.cancel_policy = ASYNCIFY_CANCEL_ABANDON;
  g_mutex_lock (&gate);
  stand_at_gate_async_full (1, &options, NULL, keep_cb, &kept);
  g_assert_cmpint (stand_at_gate_finish (await (&kept), &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_mutex_unlock (&gate);

  while (asyncify_limiter_get_abandoned (asyncify_limiter_get_default ()) > 0)
    g_main_context_iteration (NULL, FALSE);
  g_atomic_int_set (&n_entered, 0);
}

static void
check_in_time (void)
{
  g_autoptr (GError) error = NULL;

  stand_at_gate_async_full (3, &(AsyncifyOptions) { .timeout_ms = 30000 }, NULL, keep_cb, &kept);
  g_assert_cmpint (stand_at_gate_finish (await (&kept), &error), ==, 3);
  g_assert_no_error (error);
  await_entered ();
}

/* It never runs, and is answered while the one before it still does. */
static void
check_while_queued (guint timeout_ms)
{
  const int expected = timeout_ms == 0 ? G_IO_ERROR_CANCELLED : G_IO_ERROR_TIMED_OUT;
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_mutex_lock (&gate);
  stand_at_gate_async_full (1, &(AsyncifyOptions) { .limiter = limiter }, NULL, keep_cb, &kept);
  await_entered ();
  stand_at_gate_async_full (2,
                            &(AsyncifyOptions) { .limiter = limiter, .timeout_ms = timeout_ms },
                            cancellable, keep_cb, &other_kept);
  if (timeout_ms == 0)
    g_cancellable_cancel (cancellable);
  g_assert_null (other_kept);
  g_assert_cmpint (stand_at_gate_finish (await (&other_kept), &error), ==, 0);
  g_assert_error (error, G_IO_ERROR, expected);
  g_clear_error (&error);
  g_mutex_unlock (&gate);

  g_assert_cmpint (stand_at_gate_finish (await (&kept), &error), ==, 1);
  g_assert_no_error (error);
  g_assert_cmpint (g_atomic_int_get (&n_entered), ==, 0);
}

static void
hang_up (gpointer data)
{
  shutdown (GPOINTER_TO_INT (data), SHUT_RDWR);
}

/* Either the caller cancels it, or its time is up. */
static void
check_interrupted (guint timeout_ms)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  int fds[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM, 0, fds));
  receive_async_full (fds[0],
                      &(AsyncifyOptions) {
                        .interrupt = hang_up,
                        .interrupt_data = GINT_TO_POINTER (fds[0]),
                        .timeout_ms = timeout_ms,
                      },
                      cancellable, keep_cb, &kept);
  if (timeout_ms == 0)
    {
      await_entered ();
      g_cancellable_cancel (cancellable);
    }
  g_assert_cmpint (receive_finish (await (&kept), &error), ==, 0);
  close (fds[0]);
  close (fds[1]);

  /* It had run to its end, though that came early; or it was too late for it to begin. */
  if (timeout_ms == 0 || g_atomic_int_get (&n_entered) > 0)
    g_assert_no_error (error);
  else
    check_interrupted (2 * timeout_ms);
  g_atomic_int_set (&n_entered, 0);
}

int
main (void)
{
  begin ();
  check_waited_for ();
  check_abandoned ();
  check_too_late ();
  check_in_time ();
  check_while_queued (0);
  check_while_queued (1);
  check_interrupted (0);
  check_interrupted (20);

  return 0;
}
