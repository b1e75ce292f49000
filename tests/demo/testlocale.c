/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testlocale.h"

#include <locale.h>

#include <gio/gio.h>

#include "testfolder.h"

/* A bare system has no locale but C: one is made for this test alone, with the C library's tool. */
static const char *
make_comma_locale (void)
{
  g_autofree char *folder = test_folder_make ("locales");
  g_autofree char *path = g_build_filename (folder, "de_DE.UTF-8", NULL);
  const char *const command[] = { "localedef", "-i", "de_DE", "-f", "UTF-8", path, NULL };
  g_autoptr (GSubprocess) process
    = g_subprocess_newv (command, G_SUBPROCESS_FLAGS_STDERR_SILENCE, NULL);

  if (process == NULL || !g_subprocess_wait_check (process, NULL, NULL))
    return NULL;

  g_setenv ("LOCPATH", folder, TRUE);
  return setlocale (LC_ALL, "de_DE.UTF-8");
}

/* Has numbers be written with a comma. Returns: (nullable): the name of the locale; NULL if there
 * is none, nor the tool to make one, which build-aux/install-deps installs */
const char *
test_locale_use_comma (void)
{
  static const char *const locales[] = { "de_DE.UTF-8", "de_DE.utf8", "fr_FR.UTF-8", "de_DE",
                                         "German_Germany.1252" };
  const char *found = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (locales) && found == NULL; i++)
    found = setlocale (LC_ALL, locales[i]);
  if (found == NULL)
    found = make_comma_locale ();
  if (found != NULL)
    g_assert_cmpstr (localeconv ()->decimal_point, ==, ",");

  return found;
}
