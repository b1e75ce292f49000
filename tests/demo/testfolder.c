/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testfolder.h"

#include <stdlib.h>

#include <glib/gstdio.h>

#ifdef G_OS_UNIX
#include <grp.h>
#include <sys/resource.h>
#include <unistd.h>
#endif
#ifdef __linux__
#include <sys/prctl.h>
#endif

/* "nobody" on most systems; there need not be such a user. */
#define ORDINARY_ID 65534

static char *top;

#ifdef G_OS_UNIX

/* Whether any user may go into @path. */
static gboolean
is_open_to_all (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  gboolean is_open = TRUE;

  while (file != NULL && is_open)
    {
      g_autoptr (GFile) below = g_steal_pointer (&file);
      GStatBuf status;

      is_open = g_stat (g_file_peek_path (below), &status) == 0 && (status.st_mode & 0001) != 0;
      file = g_file_get_parent (below);
    }

  return is_open;
}

/* Nothing is forbidden to root, so a test of what happens then has to be somebody else. */
static void
become_ordinary (const char *folder)
{
  if (geteuid () != 0)
    return;

  g_assert_no_errno (chown (folder, ORDINARY_ID, ORDINARY_ID));
  g_assert_no_errno (setgroups (0, NULL));
  g_assert_no_errno (setgid (ORDINARY_ID));
  g_assert_no_errno (setuid (ORDINARY_ID));
#ifdef __linux__
  /* Debuggers and the leak sanitizer may still look into it. */
  g_assert_no_errno (prctl (PR_SET_DUMPABLE, 1, 0, 0, 0));
#endif
}

#endif

/* Every test asks: what the person has set up must not be seen, nor changed. */
static void
set_environment (void)
{
  static const struct {
    const char *variable, *name;
  } folders[] = {
    { "HOME", "home" },
    { "XDG_CACHE_HOME", "home/cache" },
    { "XDG_CONFIG_HOME", "home/config" },
    { "XDG_DATA_HOME", "home/data" },
    { "XDG_STATE_HOME", "home/state" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = test_folder_make (folders[i].name);

      g_setenv (folders[i].variable, path, TRUE);
    }

  /* The texts that tests look for are those of the sources, all of them, with points in numbers. */
  g_setenv ("LC_ALL", "C", TRUE);
  g_setenv ("CHARSET", "UTF-8", TRUE);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  g_setenv ("GTK_A11Y", "none", FALSE);
}

static void
remove_all (void)
{
  test_folder_remove (top);
  g_clear_pointer (&top, g_free);
}

/* Has to come first in main (), after g_test_init (). The folder is there until the program exits,
 * which g_test_run () does by itself if it is only asked for the names of the tests. */
void
test_folder_begin (TestFolderKind kind)
{
  const char *parent = g_get_tmp_dir ();

#ifdef G_OS_UNIX
  if (kind == TEST_FOLDER_PERMISSIONS && geteuid () == 0 && !is_open_to_all (parent))
    parent = "/tmp";
#endif

  top = g_build_filename (parent, "asyncify-test-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp_full (top, 0755));
  g_assert_cmpint (atexit (remove_all), ==, 0);

#ifdef G_OS_UNIX
  if (kind == TEST_FOLDER_PERMISSIONS)
    become_ordinary (top);
#endif

  set_environment ();
}

/* Returns: (transfer full): where @name is, or would be */
char *
test_folder_path (const char *name)
{
  return g_build_filename (top, name, NULL);
}

/* Makes a folder. Returns: (transfer full): its path */
char *
test_folder_make (const char *name)
{
  char *path = test_folder_path (name);

  g_assert_no_errno (g_mkdir_with_parents (path, 0755));

  return path;
}

/* Makes folders in each other, more than this process may have open from now on. Returns:
 * (transfer full): the path of the lowest */
char *
test_folder_make_deep (const char *name,
                       guint levels)
{
  g_autoptr (GString) path = g_string_new (name);
#ifdef G_OS_UNIX
  struct rlimit limit;

  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &limit));
  limit.rlim_cur = MIN (limit.rlim_cur, levels - 50);
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &limit));
#endif

  for (guint i = 0; i < levels; i++)
    g_string_append (path, G_DIR_SEPARATOR_S "d");

  return test_folder_make (path->str);
}

/* Writes a file. Returns: (transfer full) (nullable): its path; NULL if there can't be such a
 * name on this system */
char *
test_folder_write (const char *name,
                   const char *contents)
{
  g_autofree char *path = test_folder_path (name);

  if (!g_file_set_contents_full (path, contents, -1, G_FILE_SET_CONTENTS_NONE, 0644, NULL))
    return NULL;

  return g_steal_pointer (&path);
}

/* Makes a symbolic link. Returns: whether there are any on this system */
gboolean
test_folder_link (const char *target,
                  const char *name)
{
  g_autofree char *path = test_folder_path (name);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  return g_file_make_symbolic_link (file, target, NULL, NULL);
}

static GPtrArray *
list_folder (const char *path)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_build_filename (path, name, NULL));

  return names;
}

/* Removes @path and all that is in it. No folder is open meanwhile: there may be many. */
void
test_folder_remove (const char *path)
{
  gboolean is_folder = !g_file_test (path, G_FILE_TEST_IS_SYMLINK)
                       && g_file_test (path, G_FILE_TEST_IS_DIR);
  g_autoptr (GPtrArray) names = NULL;

  if (!is_folder)
    {
      g_remove (path);
      return;
    }

  g_chmod (path, 0700);
  names = list_folder (path);
  for (guint i = 0; i < names->len; i++)
    test_folder_remove (g_ptr_array_index (names, i));
  g_rmdir (path);
}

static gboolean
allow_only (const char *path,
            int mode)
{
#ifdef G_OS_UNIX
  g_assert_no_errno (g_chmod (path, mode));
  if (geteuid () != 0)
    return TRUE;
#endif

  g_test_skip ("nothing is forbidden to this user");
  return FALSE;
}

/* Forbids everything with @path. Returns: whether that means anything to this user */
gboolean
test_folder_protect (const char *path)
{
  return allow_only (path, 0);
}

/* Forbids everything with what is in the folder @path but to know the names. Returns: whether that
 * means anything to this user */
gboolean
test_folder_leave_names (const char *path)
{
  return allow_only (path, 0444);
}

/* The app makes no sample to work on, which takes time, but says that it can't. Returns:
 * (transfer full): what has to be removed before it can */
char *
test_folder_forbid_sample (void)
{
  char *path = test_folder_write ("home/cache/asyncify-demo", "in the way");

  g_assert_nonnull (path);

  return path;
}
