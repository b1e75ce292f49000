/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a stall was in: the functions are found, and the program doesn't notice. */

#define _GNU_SOURCE

#include "teststalls.h"

#include <asyncify/asyncify-stack-private.h>

#ifdef G_OS_UNIX
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#endif

#ifdef __linux__
#include <sys/epoll.h>
#include <sys/socket.h>
#endif

/* Other programs' functions have external names too. */
void spin_inside (int *flag);
void spin_outside (int *flag);
void nap_for (guint ms);

static guint n_done;

/* It calls nothing, so that it is itself the innermost one. */
G_NO_INLINE void
spin_inside (int *flag)
{
  while (!g_atomic_int_get (flag))
    ;
  n_done++;
}

G_NO_INLINE void
spin_outside (int *flag)
{
  spin_inside (flag);
  n_done++;
}

typedef struct {
  guint ms;
  int over; /* atomic */
} Spin;

static gpointer
end_spin_thread (gpointer data)
{
  Spin *spin = data;

  test_block_for (spin->ms);
  g_atomic_int_set (&spin->over, TRUE);

  return NULL;
}

static void
spin_cb (gpointer data)
{
  Spin spin = { GPOINTER_TO_UINT (data), FALSE };
  GThread *thread = g_thread_new ("end-spin", end_spin_thread, &spin);

  spin_outside (&spin.over);
  g_thread_join (thread);
}

/* Blocks the loop with @func until there was time to find its functions, and if it isn't %NULL
 * @function is among them: a busy machine may hold the thread up before it gets there. Returns:
 * (transfer none) */
static AsyncifyStall *
stall_until_found (TestStalls *stalls,
                   void (*func) (gpointer data),
                   gpointer data,
                   const char *function)
{
  gint64 until = test_emergency_time ();
  AsyncifyStall *stall;

  do
    {
      if (g_get_monotonic_time () > until)
        g_error ("no functions were found");
      g_ptr_array_set_size (stalls->stalls, 0);
      test_call_in_loop (stalls->context, func, data);
      stall = test_stalls_await (stalls, 100 * MS);
    }
  while (asyncify_stall_get_functions (stall)[0] == NULL
         || (function != NULL && !test_stall_names (stall, function)));

  return stall;
}

static void
block_100_cb (gpointer data)
{
  test_block_for (100);
}

static void
test_named (TestFixture *fixture,
            gconstpointer data)
{
  TEST_STALLS (stalls, 50);

  stall_until_found (&stalls, block_100_cb, NULL, "test_block_for");
}

static void
test_innermost_first (TestFixture *fixture,
                      gconstpointer data)
{
  const char *const *functions;
  TEST_STALLS (stalls, 50);

  functions = asyncify_stall_get_functions (stall_until_found (&stalls, spin_cb,
                                                               GUINT_TO_POINTER (200),
                                                               "spin_inside"));
  g_assert_cmpstr (functions[0], ==, "spin_inside");
  g_assert_cmpstr (functions[1], ==, "spin_outside");
  /* A static one, of this program */
  g_assert_true (g_str_has_prefix (functions[2], "test-watchdog-stack+0x")
                 || g_str_equal (functions[2], "spin_cb"));
  /* Since GLib 2.76 what dispatches is static. */
  g_assert_true (g_strv_contains (functions, "g_main_context_dispatch")
                 || g_strv_contains (functions, "g_main_context_iteration")
                 || g_strv_contains (functions, "g_main_loop_run"));
}

G_NO_INLINE void
nap_for (guint ms)
{
  g_usleep (ms * MS);
  n_done++;
}

static void
nap_cb (gpointer data)
{
  nap_for (GPOINTER_TO_UINT (data));
}

/* Two callbacks in a row make one stall: which of them is it? */
static AsyncifyStall *
nap_and_block (TestStalls *stalls)
{
  test_call_in_loop (stalls->context, nap_cb, GUINT_TO_POINTER (TEST_LONG_MS / 2));
  test_block_loop (TEST_LONG_MS);

  return test_stalls_await (stalls, (TEST_LONG_MS / 2 + TEST_LONG_MS) * MS);
}

static void
test_at_threshold (TestFixture *fixture,
                   gconstpointer data)
{
  TEST_STALLS (stalls, 50);

  g_assert_true (test_stall_names (nap_and_block (&stalls), "nap_for"));
}

static void
test_at_later_threshold (TestFixture *fixture,
                         gconstpointer data)
{
  TEST_STALLS (other, 50);
  TEST_STALLS (stalls, TEST_LONG_MS);

  g_assert_true (test_stall_names (nap_and_block (&stalls), "test_block_for"));
}

#ifdef G_OS_UNIX

/* They return whether they did what they ought to. */

static gboolean
call_g_usleep (void)
{
  g_usleep (300 * MS);

  return TRUE;
}

static gboolean
call_usleep (void)
{
  return usleep (300 * MS) == 0;
}

static gboolean
call_sleep (void)
{
  return sleep (1) == 0;
}

static gboolean
call_nanosleep (void)
{
  const struct timespec time = { 0, 300 * MS * 1000 };

  return nanosleep (&time, NULL) == 0;
}

static gboolean
call_poll (void)
{
  return poll (NULL, 0, 300) == 0;
}

static gboolean
call_select (void)
{
  struct timeval time = { 0, 300 * MS };

  return select (0, NULL, NULL, NULL, &time) == 0;
}

static gpointer
write_thread (gpointer data)
{
  test_block_for (300);
  g_assert_cmpint (write (GPOINTER_TO_INT (data), "data", 4), ==, 4);

  return NULL;
}

static gboolean
call_read (void)
{
  GThread *thread;
  char buffer[10];
  gssize n_read;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  thread = g_thread_new ("write", write_thread, GINT_TO_POINTER (fds[1]));
  n_read = read (fds[0], buffer, sizeof buffer);
  g_thread_join (thread);
  close (fds[0]);
  close (fds[1]);

  return n_read == 4 && memcmp (buffer, "data", 4) == 0;
}

static gboolean
call_waitpid (void)
{
  const char *const argv[] = { "sleep", "1", NULL };
  int status = -1;
  GPid pid;

  g_assert_true (g_spawn_async (NULL, (char **) argv, NULL,
                                G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                                NULL));

  return waitpid (pid, &status, 0) == pid && status == 0;
}

static gboolean
call_poll_pipe (void)
{
  struct pollfd pollfd = { .events = POLLIN };
  GThread *thread;
  int fds[2];
  int n_ready;

  g_assert_cmpint (pipe (fds), ==, 0);
  thread = g_thread_new ("write", write_thread, GINT_TO_POINTER (fds[1]));
  pollfd.fd = fds[0];
  n_ready = poll (&pollfd, 1, 20000);
  g_thread_join (thread);
  close (fds[0]);
  close (fds[1]);

  return n_ready == 1 && pollfd.revents == POLLIN;
}

#ifdef __linux__

static gboolean
call_sleep_until (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  time.tv_nsec += 300 * MS * 1000;
  time.tv_sec += time.tv_nsec / 1000000000;
  time.tv_nsec %= 1000000000;

  return clock_nanosleep (CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == 0;
}

static gboolean
call_ppoll (void)
{
  const struct timespec time = { 0, 300 * MS * 1000 };

  return ppoll (NULL, 0, &time, NULL) == 0;
}

static gboolean
call_sem_timedwait (void)
{
  gint64 until = g_get_real_time () + 300 * MS;
  const struct timespec time = { until / G_USEC_PER_SEC, until % G_USEC_PER_SEC * 1000 };
  int result, saved_errno;
  sem_t semaphore;

  sem_init (&semaphore, 0, 0);
  result = sem_timedwait (&semaphore, &time);
  saved_errno = errno;
  sem_destroy (&semaphore);

  return result == -1 && saved_errno == ETIMEDOUT;
}

static gboolean
call_epoll_wait (void)
{
  struct epoll_event event;
  int fd = epoll_create1 (EPOLL_CLOEXEC);
  int n_ready = epoll_wait (fd, &event, 1, 300);

  close (fd);

  return n_ready == 0;
}

static gboolean
call_recv (void)
{
  const struct timeval limit = { 0, 300 * MS };
  int saved_errno;
  gssize n_read;
  char byte;
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, fds), ==, 0);
  setsockopt (fds[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  n_read = recv (fds[0], &byte, 1, 0);
  saved_errno = errno;
  close (fds[0]);
  close (fds[1]);

  return n_read == -1 && saved_errno == EAGAIN;
}

#endif

typedef struct {
  const char *name;
  gboolean (*func) (void);
  guint ms;          /* how long it takes */
  gboolean restarts; /* on all systems */
} Call;

static const Call calls[] = {
  { "g_usleep", call_g_usleep, 300, TRUE },
  { "read", call_read, 300, TRUE },
  { "waitpid", call_waitpid, 1000, TRUE },
  { "usleep", call_usleep, 300, FALSE },
  { "sleep", call_sleep, 1000, FALSE },
  { "nanosleep", call_nanosleep, 300, FALSE },
  { "poll", call_poll, 300, FALSE },
  { "poll-data", call_poll_pipe, 300, FALSE },
  { "select", call_select, 300, FALSE },
#ifdef __linux__
  { "clock_nanosleep-until", call_sleep_until, 300, FALSE },
  { "ppoll", call_ppoll, 300, FALSE },
  { "sem_timedwait", call_sem_timedwait, 300, FALSE },
  { "epoll_wait", call_epoll_wait, 300, FALSE },
  { "recv-with-timeout", call_recv, 300, FALSE },
#endif
};

static void
check_call_cb (gpointer data)
{
  const Call *call = data;
  gint64 began = g_get_monotonic_time ();

  g_assert_true (call->func ());
  /* The real-time clock may be set a little, if nothing else. */
  g_assert_cmpint (g_get_monotonic_time () - began, >=, (call->ms - 5) * MS);
}

static gboolean
can_resume (void)
{
#if defined(__linux__) && (defined(__x86_64__) || defined(__aarch64__))
  return !test_under_valgrind () && g_file_test ("/proc/self/syscall", G_FILE_TEST_EXISTS);
#else
  return FALSE;
#endif
}

static void
test_system_call (TestFixture *fixture,
                  gconstpointer data)
{
  const Call *call = data;
  TEST_STALLS (stalls, 50);

  if (!call->restarts && !can_resume ())
    g_test_skip ("a signal is noticed here");
  else
    for (guint i = 0; i < 3; i++)
      stall_until_found (&stalls, check_call_cb, (gpointer) call, NULL);
}

/* A signal of somebody else still cuts a call short, also one that goes on after ours. */

static int n_alarms; /* atomic */

static void
alarm_cb (int number)
{
  g_atomic_int_inc (&n_alarms);
}

static gpointer
alarm_thread (gpointer data)
{
  const pthread_t *thread = data;

  test_block_for (300);
  pthread_kill (*thread, SIGUSR1);

  return NULL;
}

static void
sleep_until_alarm_cb (gpointer data)
{
  const struct timespec time = { 20, 0 };
  pthread_t self = pthread_self ();
  GThread *thread = g_thread_new ("alarm", alarm_thread, &self);
  struct timespec left;

  g_assert_cmpint (nanosleep (&time, &left), ==, -1);
  g_assert_cmpint (errno, ==, EINTR);
  g_assert_cmpint (left.tv_sec, <, 20);
  g_assert_cmpint (left.tv_sec, >, 0);
  g_thread_join (thread);
}

static void
test_other_signal (TestFixture *fixture,
                   gconstpointer data)
{
  const struct sigaction action = { .sa_handler = alarm_cb };
  TEST_STALLS (stalls, 50);

  g_atomic_int_set (&n_alarms, 0);
  g_assert_cmpint (sigaction (SIGUSR1, &action, NULL), ==, 0);
  stall_until_found (&stalls, sleep_until_alarm_cb, NULL, NULL);
  g_assert_cmpint (g_atomic_int_get (&n_alarms), >, 0);
  signal (SIGUSR1, SIG_DFL);
}

static void
foreign_cb (int number)
{
  g_assert_not_reached ();
}

static void
check_untouched (TestStalls *stalls,
                 void (*handler) (int))
{
  struct sigaction action;

  g_ptr_array_set_size (stalls->stalls, 0);
  test_block_loop (200);
  g_assert_null (asyncify_stall_get_functions (test_stalls_await (stalls, 200 * MS))[0]);
  g_assert_cmpint (sigaction (SIGURG, NULL, &action), ==, 0);
  g_assert_true (action.sa_handler == handler);
}

static void
check_foreign_handler (TestFixture *fixture,
                       void (*handler) (int))
{
  TEST_STALLS (stalls, 50);

  asyncify_watchdog_stop (stalls.watchdog);
  signal (SIGURG, handler);
  asyncify_watchdog_start (stalls.watchdog);
  g_main_context_iteration (fixture->context, FALSE);
  check_untouched (&stalls, handler);

  /* One that comes later */
  asyncify_watchdog_stop (stalls.watchdog);
  signal (SIGURG, SIG_DFL);
  asyncify_watchdog_start (stalls.watchdog);
  g_main_context_iteration (fixture->context, FALSE);
  g_ptr_array_set_size (stalls.stalls, 0);
  stall_until_found (&stalls, block_100_cb, NULL, NULL);
  signal (SIGURG, handler);
  check_untouched (&stalls, handler);

  signal (SIGURG, SIG_DFL);
}

static void
test_foreign_handler (TestFixture *fixture,
                      gconstpointer data)
{
  check_foreign_handler (fixture, foreign_cb);
}

static void
test_ignored (TestFixture *fixture,
              gconstpointer data)
{
  check_foreign_handler (fixture, SIG_IGN);
}

#endif

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  if (!asyncify_stack_prepare ())
    {
      g_test_message ("Stalls have no functions on this system.");
      return g_test_run ();
    }

  test_add ("/watchdog/functions/named", test_named);
  test_add ("/watchdog/functions/innermost-first", test_innermost_first);
  test_add ("/watchdog/functions/at-threshold", test_at_threshold);
  test_add ("/watchdog/functions/at-later-threshold", test_at_later_threshold);
#ifdef G_OS_UNIX
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autofree char *path = g_strconcat ("/watchdog/system-call/", calls[i].name, NULL);

      g_test_add (path, TestFixture, &calls[i], test_setup, test_system_call, test_teardown);
    }
  test_add ("/watchdog/system-call/other-signal", test_other_signal);
  test_add ("/watchdog/signal/handled-by-program", test_foreign_handler);
  test_add ("/watchdog/signal/ignored-by-program", test_ignored);
#endif

  return g_test_run ();
}
