/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-style.h"

#define PORTAL_NAME      "org.freedesktop.portal.Desktop"
#define PORTAL_PATH      "/org/freedesktop/portal/desktop"
#define PORTAL_INTERFACE "org.freedesktop.portal.Settings"
#define NAMESPACE        "org.freedesktop.appearance"

#define RESOURCES "/io/github/asyncify/Demo/"

/* What the desktop wants, and what each key has to be for that,
 * https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.Settings.html */
typedef enum {
  WISH_DARK,
  WISH_CONTRAST,
  WISH_STILL,
  N_WISHES
} Wish;

static const struct {
  const char *key;
  guint32 yes;
} wishes[N_WISHES] = {
  [WISH_DARK] = { "color-scheme", 1 },
  [WISH_CONTRAST] = { "contrast", 1 },
  [WISH_STILL] = { "reduced-motion", 1 },
};

/* The tones: those of the first one always, those of the others in their place. */
static const struct {
  const char *sheet;
  gboolean dark, contrast; /* what it is for */
} tones[] = {
  { "colors-dark.css", TRUE, FALSE },
  { "colors-contrast.css", FALSE, TRUE },
  { "colors-contrast-dark.css", TRUE, TRUE },
};

struct _DemoStyle
{
  GObject parent_instance;

  GCancellable *cancellable;
  GDBusConnection *bus; /* nullable */
  guint subscription;

  char *scheme;      /* "system", "light" or "dark" */
  gboolean contrast; /* whether the person wants it here, whatever the desktop says */
  gboolean wished[N_WISHES];
  gboolean told_contrast, told_still; /* GTK, by us */
  GPtrArray *windows; /* not owned */
  GtkStyleProvider *sheets[G_N_ELEMENTS (tones)]; /* NULL while not in use */
};

G_DEFINE_FINAL_TYPE (DemoStyle, demo_style, G_TYPE_OBJECT)

static gboolean
is_dark (DemoStyle *self)
{
  if (g_str_equal (self->scheme, "system"))
    return self->wished[WISH_DARK];

  return g_str_equal (self->scheme, "dark");
}

static gboolean
is_contrast (DemoStyle *self)
{
  return self->contrast || self->wished[WISH_CONTRAST];
}

static void
set_css_class (GtkWidget *widget,
               const char *name,
               gboolean wanted)
{
  if (wanted)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
style_window (DemoStyle *self,
              GtkWidget *window)
{
  set_css_class (window, "dark", is_dark (self));
  set_css_class (window, "contrast", is_contrast (self));
}

/* @priority: how far above that of an app */
static GtkStyleProvider *
add_sheet (const char *name,
           guint priority)
{
  g_autofree char *path = g_strconcat (RESOURCES, name, NULL);
  GtkCssProvider *provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, path);
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION + priority);

  return GTK_STYLE_PROVIDER (provider);
}

static void
remove_sheet (GtkStyleProvider **sheet)
{
  if (*sheet != NULL)
    gtk_style_context_remove_provider_for_display (gdk_display_get_default (), *sheet);
  g_clear_object (sheet);
}

static void
choose_tones (DemoStyle *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (tones); i++)
    {
      gboolean wanted = (is_dark (self) || !tones[i].dark)
                        && (is_contrast (self) || !tones[i].contrast);

      if (wanted && self->sheets[i] == NULL)
        self->sheets[i] = add_sheet (tones[i].sheet, i + 1);
      else if (!wanted)
        remove_sheet (&self->sheets[i]);
    }
}

/* Both properties are found by their names: the first is deprecated from 4.20 on. Where the
 * desktop says nothing, its own settings stay as they are. */
static void
tell_gtk (DemoStyle *self)
{
  const char *property = "gtk-application-prefer-dark-theme";
  GtkSettings *settings = gtk_settings_get_default ();

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (settings), property) != NULL)
    g_object_set (settings, property, is_dark (self), NULL);

  if (is_contrast (self))
    g_object_set (settings, "gtk-theme-name", "Default-hc", NULL);
  else if (self->told_contrast)
    gtk_settings_reset_property (settings, "gtk-theme-name");
  self->told_contrast = is_contrast (self);

  if (self->wished[WISH_STILL])
    g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  else if (self->told_still)
    gtk_settings_reset_property (settings, "gtk-enable-animations");
  self->told_still = self->wished[WISH_STILL];
}

static void
apply (DemoStyle *self)
{
  tell_gtk (self);
  choose_tones (self);
  for (guint i = 0; i < self->windows->len; i++)
    style_window (self, g_ptr_array_index (self->windows, i));
}

static void
take_value (DemoStyle *self,
            const char *key,
            GVariant *value)
{
  while (g_variant_is_of_type (value, G_VARIANT_TYPE_VARIANT))
    {
      GVariant *inner = g_variant_get_variant (value);

      g_variant_unref (value);
      value = inner;
    }

  for (guint i = 0; i < N_WISHES; i++)
    if (g_str_equal (key, wishes[i].key) && g_variant_is_of_type (value, G_VARIANT_TYPE_UINT32))
      self->wished[i] = g_variant_get_uint32 (value) == wishes[i].yes;
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
  if (g_str_equal (namespace, NAMESPACE))
    {
      take_value (user_data, key, g_variant_ref (value));
      apply (user_data);
    }
  g_variant_unref (value);
}

/* Where there is no portal, or it doesn't know: light, and so on. */
static void
read_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (GVariant) reply
    = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  DemoStyle *self = user_data;
  GVariantIter *all;
  const char *namespace;
  GVariantIter *entries;
  const char *key;
  GVariant *value;

  if (reply == NULL)
    return;

  g_variant_get (reply, "(a{sa{sv}})", &all);
  while (g_variant_iter_next (all, "{&sa{sv}}", &namespace, &entries))
    {
      while (g_variant_iter_next (entries, "{&sv}", &key, &value))
        take_value (self, key, value);
      g_variant_iter_free (entries);
    }
  g_variant_iter_free (all);
  apply (self);
}

static void
bus_cb (GObject *source,
        GAsyncResult *result,
        gpointer user_data)
{
  const char *const namespaces[] = { NAMESPACE, NULL };
  GDBusConnection *bus = g_bus_get_finish (result, NULL);
  DemoStyle *self = user_data;

  if (bus == NULL) /* no bus; or cancelled, and self is gone */
    return;

  self->bus = bus;
  self->subscription = g_dbus_connection_signal_subscribe (
    bus, PORTAL_NAME, PORTAL_INTERFACE, "SettingChanged", PORTAL_PATH, NAMESPACE,
    G_DBUS_SIGNAL_FLAGS_NONE, setting_changed_cb, self, NULL);
  g_dbus_connection_call (bus, PORTAL_NAME, PORTAL_PATH, PORTAL_INTERFACE, "ReadAll",
                          g_variant_new ("(^as)", namespaces), G_VARIANT_TYPE ("(a{sa{sv}})"),
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
  for (guint i = 0; i < G_N_ELEMENTS (tones); i++)
    remove_sheet (&self->sheets[i]);
  g_clear_pointer (&self->windows, g_ptr_array_unref);
  g_clear_pointer (&self->scheme, g_free);

  G_OBJECT_CLASS (demo_style_parent_class)->dispose (object);
}

static void
demo_style_class_init (DemoStyleClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_style_dispose;
}

/* They stay as long as the display. */
static void
add_style_sheets (void)
{
  static const char *const sheets[] = { "colors.css", "style.css", "demo-stage.css" };

  for (guint i = 0; i < G_N_ELEMENTS (sheets); i++)
    g_object_unref (add_sheet (sheets[i], 0));
}

static void
demo_style_init (DemoStyle *self)
{
  self->scheme = g_strdup ("system");
  self->windows = g_ptr_array_new ();
  self->cancellable = g_cancellable_new ();
  add_style_sheets ();
  g_bus_get (G_BUS_TYPE_SESSION, self->cancellable, bus_cb, self);
}

DemoStyle *
demo_style_new (void)
{
  return g_object_new (DEMO_TYPE_STYLE, NULL);
}

/* Whether there is such a @scheme */
gboolean
demo_style_knows (const char *scheme)
{
  static const char *const schemes[] = { "system", "light", "dark", NULL };

  return g_strv_contains (schemes, scheme);
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

/* @contrast: whether contrast is to be high even if the desktop doesn't ask for it */
void
demo_style_set_contrast (DemoStyle *self,
                         gboolean contrast)
{
  self->contrast = contrast;
  apply (self);
}

static void
forget_window (DemoStyle *self,
               GtkWidget *window)
{
  g_ptr_array_remove (self->windows, window);
}

/* Makes @window one of the app's, which the style sheets are for: it gets the CSS class "app", and
 * "dark" and "contrast" whenever it is. */
void
demo_style_add_window (DemoStyle *self,
                       GtkWidget *window)
{
  g_ptr_array_add (self->windows, window);
  gtk_widget_add_css_class (window, "app");
  g_signal_connect_object (window, "destroy", G_CALLBACK (forget_window), self,
                           G_CONNECT_SWAPPED);
  style_window (self, window);
}
