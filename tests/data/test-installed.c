/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The app as a desktop finds it in the prefix INSTALLED, and starts it. LINGUAS names the languages
 * that it speaks. */

#include <gio/gdesktopappinfo.h>
#include <gtk/gtk.h>

#include "demo-config.h"
#include "testbus.h"
#include "testfolder.h"
#include "testwidgets.h"

#define APP    "/io/github/asyncify/Demo"
#define WINDOW APP "/window/1"

static char *
get_path (const char *name)
{
  return g_build_filename (g_getenv ("INSTALLED"), name, NULL);
}

static void
assert_installed (const char *path)
{
  g_autofree char *installed = get_path ("");

  g_assert_nonnull (path);
  g_assert_true (g_str_has_prefix (path, installed));
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
}

static void
assert_program (const char *path)
{
  assert_installed (path);
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE));
}

static void
test_menu (void)
{
  g_autoptr (GDesktopAppInfo) info = g_desktop_app_info_new (DEMO_APP_ID ".desktop");
  g_autofree char *program = NULL;

  g_assert_nonnull (info);
  assert_installed (g_desktop_app_info_get_filename (info));
  program = g_find_program_in_path (g_app_info_get_executable (G_APP_INFO (info)));
  assert_program (program);
  g_assert_true (g_app_info_should_show (G_APP_INFO (info)));
  g_assert_true (g_desktop_app_info_get_boolean (info, "DBusActivatable"));
}

static void
test_icons (void)
{
  static const char *const names[] = { DEMO_APP_ID, DEMO_APP_ID "-symbolic" };
  GtkIconTheme *theme = gtk_icon_theme_get_for_display (gdk_display_get_default ());

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (
        theme, names[i], NULL, 48, 1, GTK_TEXT_DIR_LTR, GTK_ICON_LOOKUP_PRELOAD);
      g_autoptr (GFile) file = gtk_icon_paintable_get_file (icon);

      g_test_message ("%s", names[i]);
      g_assert_nonnull (file);
      assert_installed (g_file_peek_path (file));
    }
}

static void
test_schema (void)
{
  g_autofree char *folder = get_path ("share/glib-2.0/schemas");
  g_autoptr (GError) error = NULL;
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;

  source = g_settings_schema_source_new_from_directory (folder, NULL, FALSE, &error);
  g_assert_no_error (error);
  schema = g_settings_schema_source_lookup (source, DEMO_APP_ID, FALSE);
  g_assert_nonnull (schema);
  g_assert_true (g_settings_schema_has_key (schema, "scenario"));
}

static void
test_service (void)
{
  g_autofree char *path = get_path ("share/dbus-1/services/" DEMO_APP_ID ".service");
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *command = NULL;
  g_auto (GStrv) words = NULL;

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error);
  g_assert_no_error (error);
  name = g_key_file_get_string (file, "D-BUS Service", "Name", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (name, ==, DEMO_APP_ID);

  command = g_key_file_get_string (file, "D-BUS Service", "Exec", &error);
  g_assert_no_error (error);
  g_shell_parse_argv (command, NULL, &words, &error);
  g_assert_no_error (error);
  assert_program (words[0]);
  g_assert_cmpstr (words[1], ==, "--gapplication-service");
}

static void
test_metainfo (void)
{
  g_autofree char *path = get_path ("share/metainfo/" DEMO_APP_ID ".metainfo.xml");

  assert_installed (path);
}

static void
test_languages (void)
{
  g_auto (GStrv) languages = g_strsplit (g_getenv ("LINGUAS"), " ", -1);

  for (guint i = 0; languages[i] != NULL; i++)
    if (*languages[i] != '\0')
      {
        g_autofree char *name = g_strdup_printf ("share/locale/%s/LC_MESSAGES/asyncify-demo.mo",
                                                 languages[i]);
        g_autofree char *path = get_path (name);

        g_test_message ("%s", languages[i]);
        assert_installed (path);
      }
}

/* On a bus, which starts it */

static TestBus *bus;

static gboolean
has_window (gpointer data)
{
  g_autoptr (GVariant) actions
    = test_bus_call (bus, DEMO_APP_ID, WINDOW, "org.gtk.Actions", "List", NULL);

  return actions != NULL;
}

/* It is there to answer. */
static gboolean
has_actions (void)
{
  g_autoptr (GVariant) actions
    = test_bus_call (bus, DEMO_APP_ID, APP, "org.gtk.Actions", "List", NULL);

  return actions != NULL;
}

static gboolean
is_gone (gpointer data)
{
  return !test_bus_has_name (bus, DEMO_APP_ID);
}

/* Nobody has asked for a window; and as nobody wants anything else either, it ends by itself. */
static void
test_unused (void)
{
  g_autoptr (GVariant) started
    = test_bus_call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                     "StartServiceByName", g_variant_new ("(su)", DEMO_APP_ID, 0));

  g_assert_nonnull (started);
  g_assert_true (has_actions ());
  g_assert_false (has_window (NULL));
  test_wait_until (is_gone, NULL);
}

static void
quit (void)
{
  g_autoptr (GVariant) quit
    = test_bus_call (bus, DEMO_APP_ID, APP, "org.freedesktop.Application",
                     "ActivateAction", g_variant_new_parsed ("('quit', @av [], @a{sv} {})"));

  test_wait_until (is_gone, NULL);
}

static void
launched_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_app_info_launch_uris_finish (G_APP_INFO (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_launched (gpointer data)
{
  return *(gboolean *) data;
}

/* As a menu does it */
static void
test_launched (void)
{
  g_autoptr (GDesktopAppInfo) info = g_desktop_app_info_new (DEMO_APP_ID ".desktop");
  gboolean launched = FALSE;

  g_app_info_launch_uris_async (G_APP_INFO (info), NULL, NULL, NULL, launched_cb, &launched);
  test_wait_until (is_launched, &launched);
  test_wait_until (has_window, NULL);
  quit ();
}

/* It starts with the page that was asked for, which it remembers. */
static void
test_link (void)
{
  g_autofree char *settings = test_folder_path ("home/config/glib-2.0/settings/keyfile");
  g_autofree char *remembered = NULL;

  test_bus_open_link (bus, "group");
  g_assert_true (has_window (NULL));
  quit ();
  g_assert_true (g_file_get_contents (settings, &remembered, NULL, NULL));
  g_assert_nonnull (strstr (remembered, "scenario='group'"));
}

int
main (int argc,
      char **argv)
{
  g_autofree char *services = get_path ("share/dbus-1/services");
  int status;

  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);
  /* For the app, of which a single critical is too much */
  g_setenv ("GSETTINGS_BACKEND", "keyfile", TRUE);
  g_setenv ("G_DEBUG", "fatal-warnings", TRUE);
  if (!test_widgets_begin ())
    return 0;

  g_test_add_func ("/installed/menu", test_menu);
  g_test_add_func ("/installed/icons", test_icons);
  g_test_add_func ("/installed/schema", test_schema);
  g_test_add_func ("/installed/service", test_service);
  g_test_add_func ("/installed/metainfo", test_metainfo);
  g_test_add_func ("/installed/languages", test_languages);
  if (test_bus_is_there ())
    {
      bus = test_bus_new (services);
      g_test_add_func ("/installed/bus/unused", test_unused);
      g_test_add_func ("/installed/bus/launched", test_launched);
      g_test_add_func ("/installed/bus/link", test_link);
    }

  status = g_test_run ();
  g_clear_pointer (&bus, test_bus_free);

  return status;
}
