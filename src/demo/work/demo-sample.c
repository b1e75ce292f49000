/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-sample.h"

#include <errno.h>

#include <asyncify/asyncify.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "demo-text.h"

#define LARGE_FILES 12
#define LARGE_SIZE  (8 * 1024 * 1024)
#define FOLDERS     300
#define SMALL_FILES 100 /* in each folder */

/* Its presence says that all else is there. The name changes with the contents. */
#define MARKER "complete-4"

static const char *const topics[] = { "holiday", "invoice", "recipe", "letter", "sketch" };
static const char *const endings[] = { "txt", "png", "pdf", "csv", "odt", "jpg", "md" };

gboolean
demo_sample_make_folder (const char *path,
                         GError **error)
{
  g_autofree char *shown = demo_text_isolate (path);
  int code;

  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;

  code = errno;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               /* Translators: the name of a folder, and the reason */
               _ ("The folder “%s” can't be made: %s"), shown, g_strerror (code));
  return FALSE;
}

/* Contents that look random and are the same every time. */
static gboolean
make_large_file (const char *folder,
                 guint number,
                 GError **error)
{
  g_autofree char *name = g_strdup_printf ("film-%02u.bin", number + 1);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree guint32 *contents = g_malloc (LARGE_SIZE);
  guint32 x = number + 1;

  for (gsize i = 0; i < LARGE_SIZE / sizeof (guint32); i++)
    {
      x ^= x << 13;
      x ^= x >> 17;
      x ^= x << 5;
      contents[i] = x;
    }

  return g_file_set_contents_full (path, (const char *) contents, LARGE_SIZE,
                                   G_FILE_SET_CONTENTS_NONE, 0600, error);
}

static gboolean
make_small_files (const char *parent,
                  guint number,
                  GError **error)
{
  g_autofree char *name = g_strdup_printf ("archive-%03u", number + 1);
  g_autofree char *folder = g_build_filename (parent, name, NULL);

  if (!demo_sample_make_folder (folder, error))
    return FALSE;

  for (guint i = 0; i < SMALL_FILES; i++)
    {
      guint serial = number * SMALL_FILES + i;
      g_autofree char *file = g_strdup_printf (
        "%s%c%s-%05u.%s", folder, G_DIR_SEPARATOR, topics[serial % G_N_ELEMENTS (topics)],
        serial, endings[serial % G_N_ELEMENTS (endings)]);

      if (!g_file_set_contents_full (file, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, error))
        return FALSE;
    }

  return TRUE;
}

char *
demo_sample_make (GError **error)
{
  g_autofree char *folder
    = g_build_filename (g_get_user_cache_dir (), "asyncify-demo", "sample", NULL);
  g_autofree char *films = g_build_filename (folder, DEMO_SAMPLE_FILMS, NULL);
  g_autofree char *marker = g_build_filename (folder, MARKER, NULL);
  const double steps = LARGE_FILES + FOLDERS;

  if (g_file_test (marker, G_FILE_TEST_EXISTS))
    return g_steal_pointer (&folder);

  if (!demo_sample_make_folder (films, error))
    return NULL;
  for (guint i = 0; i < LARGE_FILES; i++)
    {
      if (asyncify_set_error_if_cancelled (error) || !make_large_file (films, i, error))
        return NULL;
      asyncify_set_progress ((i + 1) / steps);
    }
  for (guint i = 0; i < FOLDERS; i++)
    {
      if (asyncify_set_error_if_cancelled (error) || !make_small_files (folder, i, error))
        return NULL;
      asyncify_set_progress ((LARGE_FILES + i + 1) / steps);
    }
  if (!g_file_set_contents_full (marker, "", 0, G_FILE_SET_CONTENTS_NONE, 0600, error))
    return NULL;

  return g_steal_pointer (&folder);
}
