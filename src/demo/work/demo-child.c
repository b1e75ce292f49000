/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-child.h"

#include <errno.h>
#include <stdlib.h>

#include <glib/gi18n.h>

#ifdef G_OS_UNIX
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <unistd.h>
#endif
#ifdef __linux__
#include <sys/prctl.h>
#endif

struct _DemoChild
{
  GSubprocess *process;

#ifdef G_OS_UNIX
  pid_t group; /* of processes, which it leads */
#endif
};

/* Who is to be killed when the app exits, and whether it does. */
static GMutex lock;
static GPtrArray *children;
static gboolean exiting;

#ifdef G_OS_UNIX

/* In the child, before it becomes the program: writes its number, which is its group's, to the end
 * of a pipe. (GSubprocess tells it only until the child has ended, which may be before one asks; but
 * others of its group may go on.) The kernel sees to it that a crash of the app leaves no child
 * behind either; that is said for the thread that starts it, which here waits for it. */
static void
set_up_cb (gpointer user_data)
{
  const int *pipe_in = user_data;
  pid_t group = getpid ();

  setpgid (0, 0);
  while (write (*pipe_in, &group, sizeof group) < 0 && errno == EINTR)
    ;
#ifdef __linux__
  prctl (PR_SET_PDEATHSIG, SIGKILL);
#endif
}

/* The number of a group is nobody else's as long as one of it lives. */
static void
kill_group (DemoChild *self)
{
  if (self->group > 0)
    kill (-self->group, SIGKILL);
}

static void
read_group (DemoChild *self,
            int pipe_out)
{
  pid_t group;
  gssize length;

  do
    length = read (pipe_out, &group, sizeof group);
  while (length < 0 && errno == EINTR);
  if (length == sizeof group)
    self->group = group;
}

static gboolean
spawn (DemoChild *self,
       const char *const *argv,
       GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  int ends[2];

  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return FALSE;

  g_subprocess_launcher_set_child_setup (launcher, set_up_cb, &ends[1], NULL);
  self->process = g_subprocess_launcher_spawnv (launcher, argv, error);
  close (ends[1]);
  if (self->process != NULL)
    read_group (self, ends[0]);
  close (ends[0]);

  return self->process != NULL;
}

#else

static void
kill_group (DemoChild *self)
{
  g_subprocess_force_exit (self->process);
}

static gboolean
spawn (DemoChild *self,
       const char *const *argv,
       GError **error)
{
  self->process = g_subprocess_newv (
    argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, error);

  return self->process != NULL;
}

#endif

static void
kill_all (void)
{
  g_mutex_lock (&lock);
  exiting = TRUE;
  for (guint i = 0; i < children->len; i++)
    kill_group (g_ptr_array_index (children, i));
  g_mutex_unlock (&lock);
}

/* Under the lock */
static void
add_child (DemoChild *self)
{
  if (children == NULL)
    {
      children = g_ptr_array_new ();
      atexit (kill_all);
    }
  g_ptr_array_add (children, self);
}

/* Starts a program. It has nothing to read, and what it writes, its complaints too, can be read
 * from the process's stdout pipe. Returns: (transfer full) (nullable) */
DemoChild *
demo_child_spawn (const char *const *argv,
                  GError **error)
{
  DemoChild *self = g_new0 (DemoChild, 1);

  /* Not one more, once all have been killed. */
  g_mutex_lock (&lock);
  if (exiting)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Cancelled"));
  else if (spawn (self, argv, error))
    add_child (self);
  g_mutex_unlock (&lock);

  if (self->process == NULL)
    g_clear_pointer (&self, g_free);

  return self;
}

/* Returns: (transfer none) */
GSubprocess *
demo_child_get_process (DemoChild *self)
{
  return self->process;
}

/* Ends it, and what it has started; waits until it is gone. */
void
demo_child_kill (DemoChild *self)
{
  kill_group (self);
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
}

/* What still runs is let run. */
void
demo_child_free (DemoChild *self)
{
  g_mutex_lock (&lock);
  g_ptr_array_remove_fast (children, self);
  g_mutex_unlock (&lock);

  g_object_unref (self->process);
  g_free (self);
}
