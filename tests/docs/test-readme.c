/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the README shows works: its program is compiled as a reader would, and run. */

#include <gio/gio.h>
#include <glib/gstdio.h>

#include <string.h>

/* The listing number @n of @text, counted from 0. */
static char *
get_listing (const char *text,
             guint n)
{
  const char *const opening = "```c\n", *const closing = "```\n";
  const char *begin = text, *end;

  for (guint i = 0; i <= n; i++)
    {
      begin = strstr (begin, opening);
      g_assert_nonnull (begin);
      begin += strlen (opening);
    }
  end = strstr (begin, closing);
  g_assert_nonnull (end);

  return g_strndup (begin, end - begin);
}

static char *
read_listing (guint n)
{
  g_autofree char *readme = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (g_getenv ("README"), &readme, NULL, &error);
  g_assert_no_error (error);

  return get_listing (readme, n);
}

static void
append_words (GPtrArray *command,
              const char *variable)
{
  g_auto (GStrv) words = g_strsplit (g_getenv (variable), "|", -1);

  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (command, g_steal_pointer (&words[i]));
}

/* Runs @command, which is consumed. Returns: what it wrote; it must succeed */
static char *
run (GPtrArray *command)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = NULL;
  char *output = NULL;

  g_ptr_array_add (command, NULL);
  process = g_subprocess_newv ((const char *const *) command->pdata,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE,
                               &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_test_message ("%s", output);
  g_assert_true (g_subprocess_get_successful (process));
  g_ptr_array_unref (command);

  return output;
}

/* Compiles @source with all warnings as errors into @program, or only checks it if that is NULL. */
static void
compile (const char *source,
         const char *program)
{
  GPtrArray *command = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *output = NULL;

  append_words (command, "TEST_CC");
  append_words (command, "TEST_CFLAGS");
  g_ptr_array_add (command, g_strdup ("-Wall"));
  g_ptr_array_add (command, g_strdup ("-Werror"));
  g_ptr_array_add (command, g_strdup (source));
  if (program != NULL)
    {
      g_ptr_array_add (command, g_strdup ("-o"));
      g_ptr_array_add (command, g_strdup (program));
      g_ptr_array_add (command, g_strconcat ("-L", g_getenv ("LIBRARY_DIR"), NULL));
      g_ptr_array_add (command, g_strconcat ("-Wl,-rpath,", g_getenv ("LIBRARY_DIR"), NULL));
      g_ptr_array_add (command, g_strdup ("-lasyncify"));
      g_ptr_array_add (command, g_strdup ("-lgio-2.0"));
      g_ptr_array_add (command, g_strdup ("-lgobject-2.0"));
      g_ptr_array_add (command, g_strdup ("-lglib-2.0"));
    }
  else
    g_ptr_array_add (command, g_strdup ("-fsyntax-only"));

  output = run (command);
  g_assert_cmpstr (output, ==, "");
}

static void
write_file (const char *path,
            const char *contents)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
}

static void
test_program (void)
{
  g_autofree char *folder = g_dir_make_tmp ("readme-XXXXXX", NULL);
  g_autofree char *source = g_build_filename (folder, "program.c", NULL);
  g_autofree char *program = g_build_filename (folder, "program", NULL);
  g_autofree char *listing = read_listing (0);
  GPtrArray *command = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *output = NULL;

  write_file (source, listing);
  compile (source, program);
  g_ptr_array_add (command, g_strdup (program));
  output = run (command);
  g_assert_cmpstr (output, ==, "Hello, World\n");

  g_remove (program);
  g_remove (source);
  g_rmdir (folder);
}

static void
test_wrapped_as_it_is (void)
{
  g_autofree char *folder = g_dir_make_tmp ("readme-XXXXXX", NULL);
  g_autofree char *source = g_build_filename (folder, "line.c", NULL);
  g_autofree char *listing = read_listing (1);
  g_autofree char *contents
    = g_strconcat ("#include <asyncify/asyncify.h>\n", listing, NULL);

  write_file (source, contents);
  compile (source, NULL);

  g_remove (source);
  g_rmdir (folder);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/readme/program-says-hello", test_program);
  g_test_add_func ("/readme/any-function-is-wrapped-as-it-is", test_wrapped_as_it_is);

  return g_test_run ();
}
