/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testcompile.h"

#include <glib/gstdio.h>

gboolean
test_compile_has (const char *compiler)
{
  const char *command = g_getenv (compiler);

  return command != NULL && command[0] != '\0';
}

static void
add_words (GStrvBuilder *builder,
           const char *variable)
{
  const char *value = g_getenv (variable);
  g_auto (GStrv) words = g_strsplit (value != NULL ? value : "", "|", -1);

  g_strv_builder_addv (builder, (const char **) words);
}

/* Returns: (transfer full): the flags of a program that uses the library */
char **
test_compile_flags (void)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  add_words (builder, "TEST_CFLAGS");

  return g_strv_builder_end (builder);
}

static char **
make_command (const char *compiler,
              const char *language,
              const char *const *flags,
              const char *path)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  add_words (builder, compiler);
  add_words (builder, "TEST_CFLAGS");
  if (flags != NULL)
    g_strv_builder_addv (builder, (const char **) flags);
  /* Some warnings come only when it is compiled indeed. */
  g_strv_builder_add_many (builder, "-S", "-o", "snippet.s", "-x", language, path, NULL);

  return g_strv_builder_end (builder);
}

/* Has @source compiled. @language is c or c++. Returns: whether the compiler took it;
 * @path is what it was called, @output what was said. */
gboolean
test_compile (const char *compiler,
              const char *language,
              const char *const *flags,
              const char *source,
              char **path,
              char **output)
{
  g_autofree char *folder = g_dir_make_tmp ("asyncify-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (folder, "snippet", NULL);
  g_autofree char *assembly = g_build_filename (folder, "snippet.s", NULL);
  g_auto (GStrv) command = make_command (compiler, language, flags, file);
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "LC_ALL", "C", TRUE);
  g_autoptr (GError) error = NULL;
  int status;

  g_file_set_contents (file, source, -1, &error);
  g_assert_no_error (error);
  g_spawn_sync (folder, command, environment, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL,
                NULL, NULL, NULL, output, &status, &error);
  g_assert_no_error (error);

  g_remove (file);
  g_remove (assembly);
  g_rmdir (folder);
  if (path != NULL)
    *path = g_steal_pointer (&file);

  return g_spawn_check_wait_status (status, NULL);
}
