/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testprogram.h"

/* How long it may take on the busiest machine, in s. Then it has hung. */
#define EMERGENCY 600

static gboolean
kill_cb (gpointer user_data)
{
  g_subprocess_force_exit (user_data);
  g_error ("The program hangs");

  return G_SOURCE_REMOVE;
}

static void
communicated_cb (GObject *source,
                 GAsyncResult *result,
                 gpointer user_data)
{
  TestProgram *self = user_data;
  g_autoptr (GError) error = NULL;

  g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, &self->out, &self->error,
                                        &error);
  g_assert_no_error (error);
}

static void
run (TestProgram *self,
     gboolean has_display,
     const char *const *arguments)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GSubprocess) program = NULL;
  g_autoptr (GError) error = NULL;
  guint emergency;

  if (!has_display)
    {
      g_subprocess_launcher_unsetenv (launcher, "DISPLAY");
      g_subprocess_launcher_unsetenv (launcher, "WAYLAND_DISPLAY");
    }
  program = g_subprocess_launcher_spawnv (launcher, arguments, &error);
  g_assert_no_error (error);

  emergency = g_timeout_add_seconds (EMERGENCY, kill_cb, program);
  g_subprocess_communicate_utf8_async (program, NULL, NULL, communicated_cb, self);
  while (self->error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (emergency);

  g_assert_true (g_subprocess_wait (program, NULL, &error));
  g_assert_no_error (error);
  self->status = g_subprocess_get_if_exited (program) ? g_subprocess_get_exit_status (program) : -1;
}

/* Runs the app with the arguments that follow, and waits for its end. */
void
test_program_run (TestProgram *self,
                  gboolean has_display,
                  ...)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  const char *argument = g_getenv ("ASYNCIFY_DEMO");
  va_list list;

  g_assert_nonnull (argument);
  va_start (list, has_display);
  for (; argument != NULL; argument = va_arg (list, const char *))
    g_ptr_array_add (arguments, (gpointer) argument);
  va_end (list);
  g_ptr_array_add (arguments, NULL);

  *self = (TestProgram) { 0 };
  run (self, has_display, (const char *const *) arguments->pdata);
}

void
test_program_clear (TestProgram *self)
{
  g_clear_pointer (&self->out, g_free);
  g_clear_pointer (&self->error, g_free);
}
