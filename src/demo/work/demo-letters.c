/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-letters.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "demo-sample.h"

#define N_LETTERS    12
#define N_LINES      20000
#define EACH_NTH_OLD 4

static gboolean
make_letter (const char *folder,
             guint number,
             const char *line,
             GError **error)
{
  g_autofree char *name = g_strdup_printf ("letter-%02u.txt", number);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < N_LINES; i++)
    g_string_append_printf (text, "%s %u.%u\n", line, number, i);

  return g_file_set_contents_full (path, text->str, text->len, G_FILE_SET_CONTENTS_NONE, 0600,
                                   error);
}

static gboolean
make_empty_folder (const char *path,
                   GError **error)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!demo_sample_make_folder (path, error))
    return FALSE;

  dir = g_dir_open (path, 0, error);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      g_remove (child);
    }

  return dir != NULL;
}

char *
demo_letters_make (GError **error)
{
  g_autofree char *folder
    = g_build_filename (g_get_user_cache_dir (), "asyncify-demo", "letters", NULL);
  g_autofree char *from = g_build_filename (folder, DEMO_LETTERS_NEW, NULL);
  g_autofree char *into = g_build_filename (folder, DEMO_LETTERS_KEPT, NULL);

  if (!make_empty_folder (from, error) || !make_empty_folder (into, error))
    return NULL;

  for (guint i = 1; i <= N_LETTERS; i++)
    if (!make_letter (from, i, "The new line", error)
        || (i % EACH_NTH_OLD == 0 && !make_letter (into, i, "An old line", error)))
      return NULL;

  return g_steal_pointer (&folder);
}
