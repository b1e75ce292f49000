/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The app looks as the desktop says: dark or light, with high contrast, without motion. The desktop
 * is the test, on a bus of its own. */

#include "demo-style.h"
#include "testbus.h"
#include "testfolder.h"
#include "testwidgets.h"

#define PORTAL_NAME      "org.freedesktop.portal.Desktop"
#define PORTAL_PATH      "/org/freedesktop/portal/desktop"
#define PORTAL_INTERFACE "org.freedesktop.portal.Settings"
#define NAMESPACE        "org.freedesktop.appearance"

static const char portal_xml[]
  = "<node><interface name='" PORTAL_INTERFACE "'>"
    "<method name='ReadAll'><arg type='as' direction='in'/>"
    "<arg type='a{sa{sv}}' direction='out'/></method>"
    "<signal name='SettingChanged'><arg type='s'/><arg type='s'/><arg type='v'/></signal>"
    "</interface></node>";

typedef struct {
  GDBusConnection *connection;
  guint32 dark, contrast, still; /* what it wants */
  GtkWidget *window;
  DemoStyle *style;
} Desktop;

static void
called_cb (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *method,
           GVariant *parameters,
           GDBusMethodInvocation *invocation,
           gpointer user_data)
{
  Desktop *self = user_data;
  GVariantBuilder keys;
  GVariantBuilder namespaces;

  g_variant_builder_init (&keys, G_VARIANT_TYPE ("a{sv}"));
  g_variant_builder_add (&keys, "{sv}", "color-scheme", g_variant_new_uint32 (self->dark));
  g_variant_builder_add (&keys, "{sv}", "contrast", g_variant_new_uint32 (self->contrast));
  g_variant_builder_add (&keys, "{sv}", "reduced-motion", g_variant_new_uint32 (self->still));
  g_variant_builder_add (&keys, "{sv}", "accent-color", g_variant_new ("(ddd)", 0.1, 0.2, 0.3));
  g_variant_builder_init (&namespaces, G_VARIANT_TYPE ("a{sa{sv}}"));
  g_variant_builder_add (&namespaces, "{sa{sv}}", NAMESPACE, &keys);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(a{sa{sv}})", &namespaces));
}

static void
play_desktop (Desktop *self)
{
  static const GDBusInterfaceVTable vtable = { .method_call = called_cb };
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (portal_xml, NULL);
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  self->connection = g_dbus_connection_new_for_address_sync (
    g_getenv ("DBUS_SESSION_BUS_ADDRESS"),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);
  g_dbus_connection_register_object (self->connection, PORTAL_PATH, info->interfaces[0], &vtable,
                                     self, NULL, &error);
  g_assert_no_error (error);
  answer = g_dbus_connection_call_sync (self->connection, "org.freedesktop.DBus", "/",
                                        "org.freedesktop.DBus", "RequestName",
                                        g_variant_new ("(su)", PORTAL_NAME, 0), NULL,
                                        G_DBUS_CALL_FLAGS_NONE, -1, NULL, &error);
  g_assert_no_error (error);
}

static void
change (Desktop *self,
        const char *key,
        GVariant *value)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (self->connection, NULL, PORTAL_PATH, PORTAL_INTERFACE,
                                 "SettingChanged", g_variant_new ("(ssv)", NAMESPACE, key, value),
                                 &error);
  g_assert_no_error (error);
}

static gboolean
is_dark (gpointer data)
{
  return gtk_widget_has_css_class (((Desktop *) data)->window, "dark");
}

static gboolean
is_light (gpointer data)
{
  return !is_dark (data);
}

static gboolean
has_contrast (gpointer data)
{
  return gtk_widget_has_css_class (((Desktop *) data)->window, "contrast");
}

static gboolean
has_no_contrast (gpointer data)
{
  return !has_contrast (data);
}

static gboolean
is_still (gpointer data)
{
  gboolean animated;

  g_object_get (gtk_settings_get_default (), "gtk-enable-animations", &animated, NULL);

  return !animated;
}

static gboolean
is_moving (gpointer data)
{
  return !is_still (data);
}

static void
assert_theme (const char *name)
{
  g_autofree char *theme = NULL;

  g_object_get (gtk_settings_get_default (), "gtk-theme-name", &theme, NULL);
  g_assert_cmpstr (theme, ==, name);
}

static void
set_up (Desktop *self)
{
  play_desktop (self);
  self->window = gtk_window_new ();
  self->style = demo_style_new ();
  demo_style_add_window (self->style, self->window);
}

static void
tear_down (Desktop *self)
{
  g_assert_finalize_object (self->style);
  test_destroy_window (GTK_WINDOW (self->window));
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_object_unref (self->connection);
}

/* At the start, and whenever it changes its mind. */
static void
test_desktop (void)
{
  Desktop self = { .dark = 1, .contrast = 1, .still = 1 };
  g_autofree char *theme = NULL;

  g_object_get (gtk_settings_get_default (), "gtk-theme-name", &theme, NULL);
  set_up (&self);
  test_wait_until (is_dark, &self);
  g_assert_true (has_contrast (&self));
  g_assert_true (is_still (&self));
  assert_theme ("Default-hc");

  change (&self, "color-scheme", g_variant_new_uint32 (2));
  test_wait_until (is_light, &self);
  g_assert_true (has_contrast (&self));
  change (&self, "contrast", g_variant_new_uint32 (0));
  test_wait_until (has_no_contrast, &self);
  assert_theme (theme);
  change (&self, "reduced-motion", g_variant_new_uint32 (0));
  test_wait_until (is_moving, &self);

  /* What makes no sense changes nothing: the next sensible word comes after it. */
  change (&self, "color-scheme", g_variant_new_string ("dark"));
  change (&self, "color-scheme", g_variant_new_variant (g_variant_new_uint32 (1)));
  test_wait_until (is_dark, &self);

  tear_down (&self);
}

/* The person has the last word. */
static void
test_person (void)
{
  Desktop self = { .dark = 1 };

  set_up (&self);
  test_wait_until (is_dark, &self);
  demo_style_set_scheme (self.style, "light");
  g_assert_true (is_light (&self));
  demo_style_set_contrast (self.style, TRUE);
  g_assert_true (has_contrast (&self));

  /* Even if the desktop says something else later. */
  change (&self, "reduced-motion", g_variant_new_uint32 (1));
  test_wait_until (is_still, &self);
  g_assert_true (is_light (&self));
  g_assert_true (has_contrast (&self));
  change (&self, "reduced-motion", g_variant_new_uint32 (0));
  test_wait_until (is_moving, &self);
  demo_style_set_contrast (self.style, FALSE);
  g_assert_true (has_no_contrast (&self));

  tear_down (&self);
}

int
main (int argc,
      char **argv)
{
  int status;
  TestBus *bus;

  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);
  if (!test_widgets_begin ())
    return 0;
  if (!test_bus_is_there ())
    {
      g_print ("1..0 # SKIP there is no dbus-daemon\n");
      return 0;
    }

  bus = test_bus_new (NULL);
  g_test_add_func ("/style/as-the-desktop-says", test_desktop);
  g_test_add_func ("/style/as-the-person-says", test_person);
  status = g_test_run ();
  test_bus_free (bus);

  return status;
}
