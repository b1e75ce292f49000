/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-child.h"
#include "demo-controls.h"
#include "demo-finding.h"
#include "demo-text.h"

/* The blocking function: starts a program, and reads what it prints until it has ended. */

#define CHUNK      (64 * 1024)
#define MAX_LINES  500  /* that are shown; a program may print for ever */
#define MAX_LENGTH 1000 /* of a line that is shown, in bytes */

typedef struct {
  gint64 began;
  GString *line;             /* the beginning of the one that isn't complete yet */
  gboolean in_line, is_long; /* whether there is one, and whether it had to be cut */
  gulong n_lines;
  guint64 n_bytes;
} Output;

static void
emit (const Output *output,
      const char *text,
      gssize length)
{
  g_autofree char *valid = g_utf8_make_valid (text, length);
  /* Translators: a number of seconds */
  g_autofree char *when = g_strdup_printf (
    _ ("%.2f s"), (g_get_monotonic_time () - output->began) / (double) G_USEC_PER_SEC);
  g_autoptr (DemoFinding) finding = demo_finding_new (when, g_strchomp (valid));

  asyncify_emit (G_OBJECT (finding));
}

static void
end_line (Output *output)
{
  output->n_lines++;
  if (output->is_long)
    g_string_append (output->line, "…");
  if (output->n_lines <= MAX_LINES)
    emit (output, output->line->str, output->line->len);
  else if (output->n_lines == MAX_LINES + 1)
    emit (output, _ ("More is read, but not shown."), -1);

  g_string_truncate (output->line, 0);
  output->in_line = output->is_long = FALSE;
}

static void
take (Output *output,
      const char *data,
      gsize size)
{
  const char *end = data + size;

  output->n_bytes += size;
  while (data < end)
    {
      const char *newline = memchr (data, '\n', end - data);
      gsize length = (newline != NULL ? newline : end) - data;
      gsize room = MAX_LENGTH - output->line->len;

      output->in_line = TRUE;
      output->is_long |= length > room;
      g_string_append_len (output->line, data, MIN (length, room));
      data += length + 1;
      if (newline != NULL)
        end_line (output);
    }
}

/* Returns: (transfer full) */
static char *
describe (const Output *output)
{
  g_autofree char *number = demo_text_number (output->n_lines);
  g_autofree char *lines
    = g_strdup_printf (ngettext ("%s line", "%s lines", output->n_lines), number);
  g_autofree char *size = g_format_size (output->n_bytes);

  /* Translators: such as “3 lines, 42 bytes” */
  return g_strdup_printf (_ ("%s, %s"), lines, size);
}

static gboolean
read_all (GInputStream *stream,
          Output *output,
          GCancellable *cancellable,
          GError **error)
{
  g_autofree char *buffer = g_malloc (CHUNK);
  gssize size = 0;

  do
    {
      g_autofree char *so_far = describe (output);

      asyncify_set_message (so_far);
      size = g_input_stream_read (stream, buffer, CHUNK, cancellable, error);
      take (output, buffer, MAX (size, 0));
    }
  while (size > 0);
  if (output->in_line)
    end_line (output);

  return size == 0;
}

/* Returns: (transfer full) (nullable): what is to be said of a program that has ended */
static char *
conclude (GSubprocess *process,
          const Output *output,
          GError **error)
{
  g_autofree char *printed = describe (output);
  int number;

  if (g_subprocess_get_successful (process))
    return g_strdup_printf (_ ("%s, exit status 0"), printed);

  if (g_subprocess_get_if_exited (process))
    {
      number = g_subprocess_get_exit_status (process);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   /* Translators: %s is how much it printed, such as “3 lines, 42 bytes” */
                   _ ("The program failed with exit status %d, after %s."), number, printed);
    }
  else
    {
      number = g_subprocess_get_term_sig (process);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   /* Translators: the signal's number and name; then how much was printed */
                   _ ("The program was killed by signal %d (%s), after %s."), number,
                   g_strsignal (number), printed);
    }
  return NULL;
}

/* The system says of a folder only that it may not be run. */
static void
explain (const char *name,
         GError **error)
{
  g_autofree char *shown = demo_text_isolate (name);

  if (!g_file_test (name, G_FILE_TEST_IS_DIR))
    return;

  g_clear_error (error);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY, _ ("“%s” is a folder, not a program."),
               shown);
}

static char *
run_program (const char *const *argv,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GString) line = g_string_sized_new (MAX_LENGTH);
  Output output = { .began = g_get_monotonic_time (), .line = line };
  g_autoptr (DemoChild) child = demo_child_spawn (argv, error);
  GSubprocess *process;

  if (child == NULL)
    {
      explain (argv[0], error);
      return NULL;
    }

  process = demo_child_get_process (child);
  if (read_all (g_subprocess_get_stdout_pipe (process), &output, cancellable, error)
      && g_subprocess_wait (process, cancellable, error))
    return conclude (process, &output, error);

  demo_child_kill (child);
  return NULL;
}

/* The one line. */
ASYNCIFY_DEFINE (STRING, run_program, STRV (argv), CANCELLABLE, THROWS)

/* The page. */

/* Something that is there on each system, takes more than a second, and prints now and then. */
#ifdef G_OS_WIN32
#define DEFAULT_COMMAND                                                                            \
  "powershell -NoProfile -Command '1..5 | ForEach-Object { \"line $_\"; Start-Sleep -m 300 }'"
#else
#define DEFAULT_COMMAND "sh -c 'for i in 1 2 3 4 5; do echo line $i; sleep 0.3; done'"
#endif

#define MAX_COMMAND_LENGTH 4096

/* How long the window may stand still for it, in ms. */
#define MAX_FREEZE 5000

#define DEMO_TYPE_PROGRAM (demo_program_get_type ())
G_DECLARE_FINAL_TYPE (DemoProgram, demo_program, DEMO, PROGRAM, DemoScenario)

struct _DemoProgram
{
  DemoScenario parent_instance;

  GtkEntryBuffer *command;
  char **argv; /* what it came to at the last check; nullable */
};

G_DEFINE_FINAL_TYPE (DemoProgram, demo_program, DEMO_TYPE_SCENARIO)

static void
ended_cb (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = run_program_finish (result, &error);

  demo_scenario_end (DEMO_SCENARIO (source), summary, error);
}

static void
demo_program_asyncify (DemoScenario *scenario,
                       AsyncifyJob *job,
                       GCancellable *cancellable)
{
  run_program_async_full ((const char *const *) DEMO_PROGRAM (scenario)->argv,
                          &(AsyncifyOptions) { .source_object = G_OBJECT (scenario), .job = job },
                          cancellable, ended_cb, NULL);
}

/* Nobody can press Cancel in a window that stands still. So it is done for them, but not if
 * @cancelled is cancelled before. */
static void
cancel_later (GCancellable *cancelled,
              guint ms)
{
  GPollFD fd;

  if (!g_cancellable_make_pollfd (cancelled, &fd))
    return;
  g_poll (&fd, 1, (int) ms);
  g_cancellable_release_fd (cancelled);
  g_cancellable_cancel (cancelled);
}

ASYNCIFY_DEFINE (NOTHING, cancel_later, OBJECT (GCancellable, cancelled), VALUE (guint, ms))

static char *
demo_program_freeze (DemoScenario *scenario,
                     GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *summary = NULL;

  cancel_later_async (cancellable, MAX_FREEZE, NULL, NULL, NULL);
  summary
    = run_program ((const char *const *) DEMO_PROGRAM (scenario)->argv, cancellable, error);
  if (summary == NULL && g_cancellable_is_cancelled (cancellable))
    {
      g_clear_error (error);
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                   ngettext ("The program was ended after %d second, since nobody can press "
                             "Cancel while the window stands still.",
                             "The program was ended after %d seconds, since nobody can press "
                             "Cancel while the window stands still.",
                             MAX_FREEZE / 1000),
                   MAX_FREEZE / 1000);
    }
  g_cancellable_cancel (cancellable);

  return g_steal_pointer (&summary);
}

static gboolean
demo_program_check (DemoScenario *scenario,
                    GError **error)
{
  DemoProgram *self = DEMO_PROGRAM (scenario);
  const char *command = gtk_entry_buffer_get_text (self->command);

  g_clear_pointer (&self->argv, g_strfreev);
  if (gtk_entry_buffer_get_length (self->command) > MAX_COMMAND_LENGTH)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 ngettext ("That command is too long: %d character at most.",
                           "That command is too long: %d characters at most.", MAX_COMMAND_LENGTH),
                 MAX_COMMAND_LENGTH);
  else if (!g_shell_parse_argv (command, NULL, &self->argv, error))
    {
      if (g_error_matches (*error, G_SHELL_ERROR, G_SHELL_ERROR_EMPTY_STRING))
        {
          g_clear_error (error);
          g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                               _ ("Which program shall it run? Type a command."));
        }
    }
  else if (*self->argv[0] == '\0')
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("The name of the program is empty."));
  else
    return TRUE;

  return FALSE;
}

static GtkWidget *
demo_program_create_parameters (DemoScenario *scenario)
{
  return demo_controls_new_entry (_ ("C_ommand"), DEMO_PROGRAM (scenario)->command);
}

/* Nobody waits for the program any more when its page is closed. */
static GtkWidget *
demo_program_create_view (DemoScenario *scenario)
{
  GtkWidget *view
    = demo_findings_new (scenario, _ ("What the program prints appears here line by line."));

  g_signal_connect_object (view, "destroy", G_CALLBACK (demo_scenario_cancel), scenario,
                           G_CONNECT_SWAPPED);

  return view;
}

static void
demo_program_finalize (GObject *object)
{
  DemoProgram *self = DEMO_PROGRAM (object);

  g_object_unref (self->command);
  g_strfreev (self->argv);

  G_OBJECT_CLASS (demo_program_parent_class)->finalize (object);
}

static void
demo_program_class_init (DemoProgramClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = demo_program_finalize;

  scenario_class->id = "program";
  scenario_class->title = N_ ("Run a program");
  scenario_class->topic = N_ ("Waiting");
  scenario_class->summary
    = N_ ("Starts a program, reads what it prints, and waits until it has ended.");
  scenario_class->watch
    = N_ ("Each line shows as soon as it is printed. Cancel ends the program, too.");
  scenario_class->function = "run_program";
  scenario_class->create_parameters = demo_program_create_parameters;
  scenario_class->create_view = demo_program_create_view;
  scenario_class->check = demo_program_check;
  scenario_class->freeze = demo_program_freeze;
  scenario_class->asyncify = demo_program_asyncify;
}

static void
demo_program_init (DemoProgram *self)
{
  self->command = gtk_entry_buffer_new (DEFAULT_COMMAND, -1);
  /* One more than is allowed, so that what is too long is refused, not cut. */
  gtk_entry_buffer_set_max_length (self->command, MAX_COMMAND_LENGTH + 1);
}
