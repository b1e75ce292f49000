/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What an editor shows of a pair: asked of clangd, as an editor would, in the language
 * server protocol. If it doesn't answer, the test's time runs out.
 */

#include "testcompile.h"

#include <glib/gstdio.h>

#define SOURCE                                                                                     \
  "#include <asyncify/asyncify.h>\n"                                                               \
  "char *do_sync_work (const char *name);\n"                                                       \
  "ASYNCIFY_DEFINE (STRING, do_sync_work, STRING (name))\n"                                        \
  "void use (GAsyncReadyCallback callback);\n"                                                     \
  "void use (GAsyncReadyCallback callback)\n"                                                      \
  "{\n"
#define LINE 6 /* the one that follows, counted from 0 as the protocol does */

/* A server, and the project it is asked about. */
typedef struct {
  char *folder;
  char *uri;
  GSubprocess *server;
  GOutputStream *in;
  GDataInputStream *out;
  guint last_id;
} Editor;

/* Sends one message, which is JSON with ' in the place of \". */
static void G_GNUC_PRINTF (2, 3)
editor_send (Editor *editor,
             const char *format,
             ...)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *body = NULL;
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  body = g_strdup_vprintf (format, args);
  va_end (args);
  g_strdelimit (body, "'", '"');
  message = g_strdup_printf ("Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s", strlen (body), body);
  g_output_stream_write_all (editor->in, message, strlen (message), NULL, NULL, &error);
  g_assert_no_error (error);
}

/* Returns: (transfer full): the body of the next message */
static char *
editor_receive (Editor *editor)
{
  g_autoptr (GError) error = NULL;
  gsize length = 0;
  char *body;

  for (;;)
    {
      g_autofree char *line = g_data_input_stream_read_line (editor->out, NULL, NULL, &error);

      g_assert_no_error (error);
      g_assert_nonnull (line);
      if (g_str_has_prefix (line, "Content-Length: "))
        length = g_ascii_strtoull (line + strlen ("Content-Length: "), NULL, 10);
      if (line[0] == '\0')
        break;
    }

  body = g_malloc0 (length + 1);
  g_input_stream_read_all (G_INPUT_STREAM (editor->out), body, length, NULL, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s", body);

  return body;
}

/* Skips what the server says until it says @what. */
static char *
editor_await (Editor *editor,
              const char *what)
{
  for (;;)
    {
      g_autofree char *body = editor_receive (editor);

      if (strstr (body, what) != NULL)
        return g_steal_pointer (&body);
    }
}

/* Asks for something at the end of the last line. Returns: (transfer full): the answer */
static char *
editor_ask (Editor *editor,
            const char *method,
            gsize column)
{
  g_autofree char *id = g_strdup_printf ("\"id\":%u,", ++editor->last_id);

  editor_send (editor,
               "{'jsonrpc':'2.0','id':%u,'method':'textDocument/%s','params':{"
               "'textDocument':{'uri':'%s'},"
               "'position':{'line':%d,'character':%" G_GSIZE_FORMAT "}}}",
               editor->last_id, method, editor->uri, LINE, column);

  return editor_await (editor, id);
}

static void
editor_write (Editor *editor,
              const char *name,
              const char *contents)
{
  g_autofree char *path = g_build_filename (editor->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
}

static void
editor_start_server (Editor *editor)
{
  const GSubprocessFlags flags = G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                 | G_SUBPROCESS_FLAGS_STDERR_SILENCE;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);
  g_autoptr (GError) error = NULL;

  /* Neither this person's settings nor an index of what else is on the machine. */
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_HOME", editor->folder, TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CACHE_HOME", editor->folder, TRUE);
  editor->server = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("TEST_CLANGD"),
                                                "--background-index=0",
                                                "--header-insertion=never", "-j=1", NULL);
  g_assert_no_error (error);
  editor->in = g_subprocess_get_stdin_pipe (editor->server);
  editor->out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (editor->server));
  g_data_input_stream_set_newline_type (editor->out, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
}

static void
editor_init (Editor *editor)
{
  g_auto (GStrv) flags = test_compile_flags ();
  g_autofree char *lines = g_strjoinv ("\n", flags);
  g_autofree char *initialized = NULL;
  g_autoptr (GFile) file = NULL;

  *editor = (Editor) { 0 };
  editor->folder = g_dir_make_tmp ("asyncify-XXXXXX", NULL);
  editor_write (editor, "compile_flags.txt", lines);
  file = g_file_new_build_filename (editor->folder, "main.c", NULL);
  editor->uri = g_file_get_uri (file);
  editor_start_server (editor);

  editor->last_id = 1;
  editor_send (editor, "{'jsonrpc':'2.0','id':1,'method':'initialize','params':{"
                       "'processId':null,'rootUri':null,'capabilities':{}}}");
  initialized = editor_await (editor, "\"id\":1,");
  editor_send (editor, "{'jsonrpc':'2.0','method':'initialized','params':{}}");
}

static void
editor_clear (Editor *editor)
{
  g_autofree char *flags = g_build_filename (editor->folder, "compile_flags.txt", NULL);
  g_autofree char *cache = g_build_filename (editor->folder, "clangd", NULL);
  g_autofree char *answer = NULL;

  editor_send (editor, "{'jsonrpc':'2.0','id':%u,'method':'shutdown'}", ++editor->last_id);
  answer = editor_await (editor, "\"result\":null");
  editor_send (editor, "{'jsonrpc':'2.0','method':'exit'}");
  g_assert_true (g_subprocess_wait_check (editor->server, NULL, NULL));

  g_object_unref (editor->out);
  g_object_unref (editor->server);
  g_remove (flags);
  g_remove (cache);
  g_assert_cmpint (g_rmdir (editor->folder), ==, 0);
  g_free (editor->folder);
  g_free (editor->uri);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Editor, editor_clear)

/* Opens the source with one more line, which has neither quotes nor backslashes. Returns:
 * (transfer full): what is wrong with it. Once that is known, all names are too. */
static char *
editor_open (Editor *editor,
             const char *line)
{
  g_auto (GStrv) lines = g_strsplit (SOURCE, "\n", -1);
  g_autofree char *text = g_strjoinv ("\\n", lines);

  editor_send (editor,
               "{'jsonrpc':'2.0','method':'textDocument/didOpen','params':{'textDocument':{"
               "'uri':'%s','languageId':'c','version':1,'text':'%s%s\\n}\\n'}}}",
               editor->uri, text, line);

  return editor_await (editor, "textDocument/publishDiagnostics");
}

static void
assert_contains (const char *text,
                 const char *what)
{
  if (strstr (text, what) == NULL)
    g_error ("no '%s' in: %s", what, text);
}

static void
test_completion (void)
{
  const char *line = "  do_sync_work_";
  g_autofree char *diagnostics = NULL;
  g_autofree char *answer = NULL;
  g_auto (Editor) editor;

  editor_init (&editor);
  diagnostics = editor_open (&editor, line);
  answer = editor_ask (&editor, "completion", strlen (line));
  assert_contains (answer, "do_sync_work_async(const char *name, GCancellable *cancellable, "
                           "GAsyncReadyCallback callback, gpointer user_data)");
  assert_contains (answer, "do_sync_work_async_full(const char *name, "
                           "const AsyncifyOptions *options, GCancellable *cancellable, "
                           "GAsyncReadyCallback callback, gpointer user_data)");
  assert_contains (answer, "do_sync_work_finish(GAsyncResult *result, GError **error)");
}

static void
test_parameters (void)
{
  static const struct {
    const char *line, *shown;
  } cases[] = {
    { "  do_sync_work_async (", "do_sync_work_async(const char *name, GCancellable *cancellable" },
    { "  do_sync_work_async_full (", "const AsyncifyOptions *options, GCancellable *cancellable" },
    { "  do_sync_work_finish (", "GAsyncResult *result, GError **error) -> char *" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *diagnostics = NULL;
      g_autofree char *answer = NULL;
      g_auto (Editor) editor;

      editor_init (&editor);
      diagnostics = editor_open (&editor, cases[i].line);
      answer = editor_ask (&editor, "signatureHelp", strlen (cases[i].line));
      assert_contains (answer, cases[i].shown);
    }
}

/* The first diagnostic in @answer begins in the line @line of the source. */
static void
assert_first_diagnostic (const char *answer,
                         guint line)
{
  const char *diagnostic = strstr (answer, "\"diagnostics\":[{");
  const char *start;

  g_assert_nonnull (diagnostic);
  start = strstr (diagnostic, "\"start\":{");
  g_assert_nonnull (start);
  start = strstr (start, "\"line\":");
  g_assert_nonnull (start);
  g_assert_cmpuint (g_ascii_strtoull (start + strlen ("\"line\":"), NULL, 10), ==, line);
}

static void
test_wrong_argument (void)
{
  g_autofree char *answer = NULL;
  g_auto (Editor) editor;

  editor_init (&editor);
  answer = editor_open (&editor, "  do_sync_work_async (5, NULL, callback, NULL);");
  assert_first_diagnostic (answer, LINE);
}

static void
test_right_argument (void)
{
  g_autofree char *answer = NULL;
  g_auto (Editor) editor;

  editor_init (&editor);
  answer = editor_open (&editor, "  do_sync_work_async (NULL, NULL, callback, NULL);");
  assert_contains (answer, "\"diagnostics\":[]");
}

static void
add (const char *path,
     GTestFunc func)
{
  if (g_getenv ("TEST_CLANGD") != NULL)
    g_test_add_func (path, func);
}

static void
test_no_clangd (void)
{
  g_test_skip ("clangd is not installed");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/clangd/completes-names-and-parameters", test_completion);
  add ("/clangd/shows-parameters-of-a-call", test_parameters);
  add ("/clangd/blames-the-wrong-argument", test_wrong_argument);
  add ("/clangd/blames-nothing-that-is-right", test_right_argument);
  if (g_getenv ("TEST_CLANGD") == NULL)
    g_test_add_func ("/clangd", test_no_clangd);

  return g_test_run ();
}
