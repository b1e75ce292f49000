/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-style.h"

#define PORTAL_NAME      "org.freedesktop.portal.Desktop"
#define PORTAL_PATH      "/org/freedesktop/portal/desktop"
#define PORTAL_INTERFACE "org.freedesktop.portal.Settings"
#define NAMESPACE        "org.freedesktop.appearance"
#define KEY              "color-scheme"

/* What color-scheme may be,
 * https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html */
#define PREFER_DARK 1

struct _DemoStyle
{
  GObject parent_instance;

  GCancellable *cancellable;
  GDBusConnection *bus; /* nullable */
  guint subscription;

  char *scheme; /* "system", "light" or "dark" */
  gboolean desktop_is_dark;
  GPtrArray *windows; /* not owned */
};

G_DEFINE_FINAL_TYPE (DemoStyle, demo_style, G_TYPE_OBJECT)

static gboolean
is_dark (DemoStyle *self)
{
  if (g_str_equal (self->scheme, "system"))
    return self->desktop_is_dark;

  return g_str_equal (self->scheme, "dark");
}

static void
style_window (DemoStyle *self,
              GtkWidget *window)
{
  if (is_dark (self))
    gtk_widget_add_css_class (window, "dark");
  else
    gtk_widget_remove_css_class (window, "dark");
}

/* The theme's property is deprecated from 4.20 on, and so is found by its name. */
static void
apply (DemoStyle *self)
{
  const char *property = "gtk-application-prefer-dark-theme";
  GtkSettings *settings = gtk_settings_get_default ();

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (settings), property) != NULL)
    g_object_set (settings, property, is_dark (self), NULL);

  for (guint i = 0; i < self->windows->len; i++)
    style_window (self, g_ptr_array_index (self->windows, i));
}

static void
take_value (DemoStyle *self,
            GVariant *value)
{
  while (g_variant_is_of_type (value, G_VARIANT_TYPE_VARIANT))
    {
      GVariant *inner = g_variant_get_variant (value);

      g_variant_unref (value);
      value = inner;
    }

  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
    {
      self->desktop_is_dark = g_variant_get_uint32 (value) == PREFER_DARK;
      apply (self);
    }
  g_variant_unref (value);
}

static void
setting_changed_cb (GDBusConnection *bus,
                    const char *sender,
                    const char *path,
                    const char *interface,
                    const char *signal,
                    GVariant *parameters,
                    gpointer user_data)
{
  const char *namespace, *key;
  GVariant *value;

  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ssv)")))
    return;

  g_variant_get (parameters, "(&s&s@v)", &namespace, &key, &value);
  if (g_str_equal (namespace, NAMESPACE) && g_str_equal (key, KEY))
    take_value (user_data, g_steal_pointer (&value));
  g_clear_pointer (&value, g_variant_unref);
}

/* Where there is no portal, or it doesn't know: light. */
static void
read_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (reply != NULL)
    take_value (user_data, g_variant_get_child_value (reply, 0));
}

static void
bus_cb (GObject *source,
        GAsyncResult *result,
        gpointer user_data)
{
  GDBusConnection *bus = g_bus_get_finish (result, NULL);
  DemoStyle *self = user_data;

  if (bus == NULL) /* no bus; or cancelled, and self is gone */
    return;

  self->bus = bus;
  self->subscription = g_dbus_connection_signal_subscribe (
    bus, PORTAL_NAME, PORTAL_INTERFACE, "SettingChanged", PORTAL_PATH, NAMESPACE,
    G_DBUS_SIGNAL_FLAGS_NONE, setting_changed_cb, self, NULL);
  g_dbus_connection_call (bus, PORTAL_NAME, PORTAL_PATH, PORTAL_INTERFACE, "Read",
                          g_variant_new ("(ss)", NAMESPACE, KEY), G_VARIANT_TYPE ("(v)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, self->cancellable, read_cb, self);
}

static void
demo_style_dispose (GObject *object)
{
  DemoStyle *self = DEMO_STYLE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->subscription != 0)
    g_dbus_connection_signal_unsubscribe (self->bus, self->subscription);
  self->subscription = 0;
  g_clear_object (&self->bus);
  g_clear_pointer (&self->windows, g_ptr_array_unref);
  g_clear_pointer (&self->scheme, g_free);

  G_OBJECT_CLASS (demo_style_parent_class)->dispose (object);
}

static void
demo_style_class_init (DemoStyleClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_style_dispose;
}

static void
demo_style_init (DemoStyle *self)
{
  self->scheme = g_strdup ("system");
  self->windows = g_ptr_array_new ();
  self->cancellable = g_cancellable_new ();
  g_bus_get (G_BUS_TYPE_SESSION, self->cancellable, bus_cb, self);
}

DemoStyle *
demo_style_new (void)
{
  return g_object_new (DEMO_TYPE_STYLE, NULL);
}

/* @scheme: "system", "light" or "dark" */
void
demo_style_set_scheme (DemoStyle *self,
                       const char *scheme)
{
  g_free (self->scheme);
  self->scheme = g_strdup (scheme);
  apply (self);
}

static void
forget_window (DemoStyle *self,
               GtkWidget *window)
{
  g_ptr_array_remove (self->windows, window);
}

/* Gives @window the CSS class "dark" whenever it is. */
void
demo_style_add_window (DemoStyle *self,
                       GtkWidget *window)
{
  g_ptr_array_add (self->windows, window);
  g_signal_connect_object (window, "destroy", G_CALLBACK (forget_window), self,
                           G_CONNECT_SWAPPED);
  style_window (self, window);
}
