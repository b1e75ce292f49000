/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Functions that really block, know nothing of cancellation, and are made to return. */

#include "testutils.h"

#ifdef G_OS_UNIX

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Reads from one end of a pair of sockets, to the other of which nobody writes. */
typedef struct {
  int fds[2];
  TestReply reply;
} Pair;

static void
pair_init (Pair *pair)
{
  *pair = (Pair) { .reply = { 0 } };
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM, 0, pair->fds));
}

static void
pair_clear (Pair *pair)
{
  test_reply_clear (&pair->reply);
  g_assert_no_errno (close (pair->fds[0]));
  g_assert_no_errno (close (pair->fds[1]));
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pair, pair_clear)

static void
shut_down (gpointer data)
{
  g_assert_no_errno (shutdown (GPOINTER_TO_INT (data), SHUT_RDWR));
}

/* Returns: how much was read, if it began to read */
static int
read_some (int fd,
           TestGate *begin,
           char **text)
{
  char buffer[100];
  ssize_t size;

  test_gate_enter (begin);
  do
    size = read (fd, buffer, sizeof buffer);
  while (size < 0 && errno == EINTR);
  *text = g_strndup (buffer, MAX (size, 0));

  return size;
}

ASYNCIFY_DEFINE (VALUE (int), read_some, VALUE (int, fd), BORROWED (TestGate *, begin),
                 OUT_STRING (text))

static void
begin_read (Pair *pair,
            TestGate *begin,
            AsyncifyOptions options,
            GCancellable *cancellable)
{
  options.interrupt = shut_down;
  options.interrupt_data = GINT_TO_POINTER (pair->fds[0]);
  read_some_async_full (pair->fds[0], begin, &options, cancellable, test_reply_cb, &pair->reply);
}

static void
assert_end_of_file (Pair *pair)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (read_some_finish (test_reply_await (&pair->reply), &text, &error), ==, 0);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "");
}

static void
test_socket (TestFixture *fixture,
             gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  TEST_GATE (begin);
  g_auto (Pair) pair;

  pair_init (&pair);
  begin_read (&pair, &begin, (AsyncifyOptions) { .priority = 0 }, cancellable);
  test_gate_open (&begin);
  test_gate_await_left (&begin, 1);
  g_cancellable_cancel (cancellable);
  assert_end_of_file (&pair);
}

static void
test_socket_in_time (TestFixture *fixture,
                     gconstpointer data)
{
  g_autofree char *text = NULL;
  TEST_GATE (begin);
  g_auto (Pair) pair;

  pair_init (&pair);
  begin_read (&pair, &begin, (AsyncifyOptions) { .timeout_ms = 60 * 1000 }, NULL);
  test_gate_open (&begin);
  g_assert_cmpint (write (pair.fds[1], "Hello", 5), ==, 5);
  g_assert_cmpint (read_some_finish (test_reply_await (&pair.reply), &text, NULL), ==, 5);
  g_assert_cmpstr (text, ==, "Hello");
}

static void
test_socket_deadline (TestFixture *fixture,
                      gconstpointer data)
{
  TEST_GATE (begin);
  g_auto (Pair) pair;

  pair_init (&pair);
  begin_read (&pair, &begin, (AsyncifyOptions) { .timeout_ms = 50 }, NULL);
  test_gate_open (&begin);
  assert_end_of_file (&pair);
}

static void
test_socket_abandoned (TestFixture *fixture,
                       gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GError) error = NULL;
  TEST_GATE (begin);
  g_auto (Pair) pair;

  pair_init (&pair);
  begin_read (&pair, &begin,
              (AsyncifyOptions) { .limiter = limiter, .cancel_policy = ASYNCIFY_CANCEL_ABANDON },
              cancellable);
  test_gate_open (&begin);
  test_gate_await_left (&begin, 1);
  g_cancellable_cancel (cancellable);
  read_some_finish (test_reply_await (&pair.reply), NULL, &error);
  assert_cancelled (error);
  /* It returns, too. */
  wait_until (asyncify_limiter_get_abandoned (limiter) == 0);
}

/* Many wait at once, and all are told at once. */
static void
test_many_sockets (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Pair pairs[20];
  TEST_GATE (begin);

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      pair_init (&pairs[i]);
      begin_read (&pairs[i], &begin, (AsyncifyOptions) { .priority = 0 }, cancellable);
    }
  test_gate_open (&begin);
  test_gate_await_left (&begin, G_N_ELEMENTS (pairs));
  g_cancellable_cancel (cancellable);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      assert_end_of_file (&pairs[i]);
      pair_clear (&pairs[i]);
    }
}

/* A program that ends when it is told to, and not before. */
static gboolean
wait_for_program (GSubprocess *subprocess,
                  TestGate *begin,
                  GError **error)
{
  test_gate_enter (begin);

  return g_subprocess_wait_check (subprocess, NULL, error);
}

ASYNCIFY_DEFINE (BOOLEAN, wait_for_program, OBJECT (GSubprocess, subprocess),
                 BORROWED (TestGate *, begin), THROWS)

static void
force_exit (gpointer data)
{
  g_subprocess_force_exit (data);
}

static void
test_program (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GSubprocess) subprocess = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (begin);

  subprocess = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE,
                                 &error, "cat", NULL);
  g_assert_no_error (error);
  wait_for_program_async_full (subprocess, &begin,
                               &(AsyncifyOptions) { .interrupt = force_exit,
                                                    .interrupt_data = subprocess },
                               cancellable, test_reply_cb, &reply);
  test_gate_open (&begin);
  test_gate_await_left (&begin, 1);
  g_cancellable_cancel (cancellable);
  g_assert_false (wait_for_program_finish (test_reply_await (&reply), &error));
  g_assert_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED);
  g_assert_true (g_subprocess_get_if_signaled (subprocess));
}

#endif

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#ifdef G_OS_UNIX
  test_add ("/call/interrupt/socket/cancelled", test_socket);
  test_add ("/call/interrupt/socket/in-time", test_socket_in_time);
  test_add ("/call/interrupt/socket/deadline", test_socket_deadline);
  test_add ("/call/interrupt/socket/abandoned", test_socket_abandoned);
  test_add ("/call/interrupt/socket/many", test_many_sockets);
  test_add ("/call/interrupt/program", test_program);
#endif

  return g_test_run ();
}
