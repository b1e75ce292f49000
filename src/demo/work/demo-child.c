/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-child.h"

#include <stdlib.h>

#include <glib/gi18n.h>

#ifdef G_OS_UNIX
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
  pid_t group; /* of processes, which it leads; 0 if it was over before that was known */
#endif
};

/* Who is to be killed when the app exits, and whether it does. */
static GMutex lock;
static GPtrArray *children;
static gboolean exiting;

#ifdef G_OS_UNIX

/* In the child, before it becomes the program. The kernel sees to it that a crash of the app leaves
 * no child behind either; that is said for the thread that starts it, which here waits for it. */
static void
set_up_cb (gpointer user_data)
{
  setpgid (0, 0);
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

static GSubprocess *
spawn (const char *const *argv,
       GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);

  g_subprocess_launcher_set_child_setup (launcher, set_up_cb, NULL, NULL);

  return g_subprocess_launcher_spawnv (launcher, argv, error);
}

static void
note_group (DemoChild *self)
{
  const char *identifier = g_subprocess_get_identifier (self->process);

  if (identifier != NULL)
    self->group = (pid_t) g_ascii_strtoll (identifier, NULL, 10);
}

#else

static void
kill_group (DemoChild *self)
{
  g_subprocess_force_exit (self->process);
}

static GSubprocess *
spawn (const char *const *argv,
       GError **error)
{
  return g_subprocess_newv (
    argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, error);
}

static void
note_group (DemoChild *self)
{
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
  else
    self->process = spawn (argv, error);
  if (self->process != NULL)
    {
      note_group (self);
      add_child (self);
    }
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
