/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-application.h"

#include <glib/gi18n.h>
#include <locale.h>

#include "demo-config.h"

/* Without a GPU, GL is emulated, takes a core for itself, and draws more slowly than cairo,
 * which draws only what has changed; and to make it ready takes as long as a frame or two. This must be known before GTK looks for a renderer; the
 * names are those of the kernel's graphics devices. */
static void
choose_renderer (void)
{
#ifdef __linux__
  static const char *const devices[] = { "/dev/dri", "/dev/nvidiactl", "/dev/dxg",
                                         "/dev/kgsl-3d0", "/dev/mali0" };

  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    if (g_file_test (devices[i], G_FILE_TEST_EXISTS))
      return;

  g_setenv ("GSK_RENDERER", "cairo", FALSE);
  if (gtk_get_minor_version () < 16)
    g_setenv ("GDK_DEBUG", "gl-disable", FALSE);
  else
    g_setenv ("GDK_DISABLE", "gl,vulkan", FALSE);
#endif
}

/* Where the translations are: what is installed can be moved on Windows, and what was only built
 * says where (build-aux/run does). Returns: (transfer full) */
static char *
get_locale_dir (void)
{
  const char *said = g_getenv ("ASYNCIFY_DEMO_LOCALEDIR");

  if (said != NULL)
    return g_strdup (said);

#ifdef G_OS_WIN32
  {
    g_autofree char *top = g_win32_get_package_installation_directory_of_module (NULL);

    return g_build_filename (top, "share", "locale", NULL);
  }
#else
  return g_strdup (DEMO_LOCALEDIR);
#endif
}

int
main (int argc,
      char **argv)
{
  g_autoptr (DemoApplication) application = NULL;
  g_autofree char *locale_dir = get_locale_dir ();

  /* GTK does it too, but after the options have been described. */
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, locale_dir);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  choose_renderer ();
  application = demo_application_new ();

  return demo_application_run (application, argc, argv);
}
