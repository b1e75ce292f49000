/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testbus.h"

#include "demo-config.h"
#include "testwidgets.h"

#define APP_PATH      "/io/github/asyncify/Demo"
#define APP_INTERFACE "org.freedesktop.Application"

#define DESKTOP_NAME "org.freedesktop.Notifications"
#define DESKTOP_PATH "/org/freedesktop/Notifications"

/* As the specification of desktop notifications has it, as far as anyone here calls it */
static const char desktop_xml[]
  = "<node><interface name='" DESKTOP_NAME "'>"
    "<method name='Notify'>"
    "<arg type='s' direction='in'/><arg type='u' direction='in'/><arg type='s' direction='in'/>"
    "<arg type='s' direction='in'/><arg type='s' direction='in'/><arg type='as' direction='in'/>"
    "<arg type='a{sv}' direction='in'/><arg type='i' direction='in'/>"
    "<arg type='u' direction='out'/></method>"
    "<method name='CloseNotification'><arg type='u' direction='in'/></method>"
    "<method name='GetCapabilities'><arg type='as' direction='out'/></method>"
    "<signal name='ActionInvoked'><arg type='u'/><arg type='s'/></signal>"
    "</interface></node>";

struct _TestBus
{
  GTestDBus *bus;
  char *display; /* nullable; GTestDBus forgets it, as there are displays that bring a bus */
  GDBusConnection *connection; /* of others than the app */

  /* What the desktop was told */
  guint n_shown;
  guint number; /* of the latest */
  char *title, *body;
  gboolean withdrawn; /* the latest */
};

/* Whether there can be such a bus here. */
gboolean
test_bus_is_there (void)
{
  g_autofree char *daemon = g_find_program_in_path ("dbus-daemon");

  return daemon != NULL;
}

void
test_bus_free (TestBus *self)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_close_sync (self->connection, NULL, &error);
  g_assert_no_error (error);
  g_object_unref (self->connection);
  g_test_dbus_down (self->bus);
  g_object_unref (self->bus);
  if (self->display != NULL)
    g_setenv ("DISPLAY", self->display, TRUE);
  g_free (self->display);
  g_free (self->title);
  g_free (self->body);
  g_free (self);
}

typedef struct {
  gboolean answered;
  GVariant *answer;
} Call;

static void
answered_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  Call *call = user_data;
  g_autoptr (GError) error = NULL;

  call->answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  if (error != NULL)
    g_test_message ("%s", error->message);
  call->answered = TRUE;
}

static gboolean
is_answered (gpointer data)
{
  return ((Call *) data)->answered;
}

/* Lets the main loop run meanwhile, since it may be the app in this process that answers.
 *
 * Returns: (transfer full) (nullable): NULL if it failed */
GVariant *
test_bus_call (TestBus *self,
               const char *name,
               const char *path,
               const char *interface,
               const char *method,
               GVariant *parameters)
{
  Call call = { 0 };

  g_dbus_connection_call (self->connection, name, path, interface, method, parameters, NULL,
                          G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, answered_cb, &call);
  test_wait_until (is_answered, &call);

  return call.answer;
}

/* What the bus starts shall be where we are. */
static void
give_display (TestBus *self)
{
  g_autoptr (GVariant) answer = NULL;

  g_setenv ("DISPLAY", self->display, TRUE);
  answer = test_bus_call (self, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "UpdateActivationEnvironment",
                          g_variant_new_parsed ("({'DISPLAY': %s},)", self->display));
  g_assert_nonnull (answer);
}

/* @service_dir: (nullable): where there are files that say what the bus may start */
TestBus *
test_bus_new (const char *service_dir)
{
  TestBus *self = g_new0 (TestBus, 1);
  g_autoptr (GError) error = NULL;

  self->display = g_strdup (g_getenv ("DISPLAY"));
  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  if (service_dir != NULL)
    g_test_dbus_add_service_dir (self->bus, service_dir);
  g_test_dbus_up (self->bus);

  self->connection = g_dbus_connection_new_for_address_sync (
    g_test_dbus_get_bus_address (self->bus),
    G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
    NULL, NULL, &error);
  g_assert_no_error (error);
  if (self->display != NULL)
    give_display (self);

  return self;
}

/* As "gapplication action io.github.asyncify.Demo scenario ID" does. */
void
test_bus_open_link (TestBus *self,
                    const char *id)
{
  g_autoptr (GVariant) answer = test_bus_call (
    self, DEMO_APP_ID, APP_PATH, APP_INTERFACE, "ActivateAction",
    g_variant_new_parsed ("('scenario', [<%s>], @a{sv} {})", id));

  g_assert_nonnull (answer);
}

gboolean
test_bus_has_name (TestBus *self,
                   const char *name)
{
  g_autoptr (GVariant) answer
    = test_bus_call (self, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                     "NameHasOwner", g_variant_new ("(s)", name));
  gboolean has_owner;

  g_assert_nonnull (answer);
  g_variant_get (answer, "(b)", &has_owner);

  return has_owner;
}

static void
told_cb (GDBusConnection *connection,
         const char *sender,
         const char *path,
         const char *interface,
         const char *method,
         GVariant *parameters,
         GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  TestBus *self = user_data;
  const char *const capabilities[] = { "actions", "body", NULL };

  if (g_str_equal (method, "Notify"))
    {
      g_free (self->title);
      g_free (self->body);
      g_variant_get (parameters, "(susssasa{sv}i)", NULL, NULL, NULL, &self->title, &self->body,
                     NULL, NULL, NULL);
      self->n_shown++;
      self->number++;
      self->withdrawn = FALSE;
      g_dbus_method_invocation_return_value (invocation, g_variant_new ("(u)", self->number));
    }
  else if (g_str_equal (method, "CloseNotification"))
    {
      guint number;

      g_variant_get (parameters, "(u)", &number);
      g_assert_cmpuint (number, ==, self->number);
      self->withdrawn = TRUE;
      g_dbus_method_invocation_return_value (invocation, NULL);
    }
  else
    g_dbus_method_invocation_return_value (invocation, g_variant_new ("(^as)", capabilities));
}

/* From now on there is somebody who shows notifications. */
void
test_bus_play_desktop (TestBus *self)
{
  static const GDBusInterfaceVTable vtable = { .method_call = told_cb };
  g_autoptr (GDBusNodeInfo) info = NULL;
  g_autoptr (GVariant) answer = NULL;
  g_autoptr (GError) error = NULL;

  info = g_dbus_node_info_new_for_xml (desktop_xml, &error);
  g_assert_no_error (error);
  g_dbus_connection_register_object (self->connection, DESKTOP_PATH, info->interfaces[0], &vtable,
                                     self, NULL, &error);
  g_assert_no_error (error);

  answer = test_bus_call (self, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                          "org.freedesktop.DBus", "RequestName",
                          g_variant_new ("(su)", DESKTOP_NAME, 0));
  g_assert_nonnull (answer);
}

/* Forgets what has been sent so far. */
void
test_bus_forget (TestBus *self)
{
  self->n_shown = 0;
}

static void
capable_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  answered_cb (source, result, user_data);
  g_assert_nonnull (((Call *) user_data)->answer);
}

/* Returns: how many notifications the app has sent so far. It sends in order, so that it was told
 * of all of them when it has an answer to what it asks after them. */
guint
test_bus_count (TestBus *self)
{
  GDBusConnection *apps = g_application_get_dbus_connection (g_application_get_default ());
  Call call = { 0 };

  g_dbus_connection_call (apps, DESKTOP_NAME, DESKTOP_PATH, DESKTOP_NAME, "GetCapabilities", NULL,
                          NULL, G_DBUS_CALL_FLAGS_NONE, G_MAXINT, NULL, capable_cb, &call);
  test_wait_until (is_answered, &call);
  g_variant_unref (call.answer);

  return self->n_shown;
}

/* Of the latest. Returns: (transfer none) */
const char *
test_bus_get_title (TestBus *self)
{
  return self->title;
}

/* Of the latest. Returns: (transfer none) */
const char *
test_bus_get_body (TestBus *self)
{
  return self->body;
}

/* Whether the latest is no longer shown. */
gboolean
test_bus_is_withdrawn (TestBus *self)
{
  return self->withdrawn;
}

/* A person clicks at the latest. */
void
test_bus_click (TestBus *self)
{
  g_autoptr (GError) error = NULL;

  g_dbus_connection_emit_signal (self->connection, NULL, DESKTOP_PATH, DESKTOP_NAME,
                                 "ActionInvoked", g_variant_new ("(us)", self->number, "default"),
                                 &error);
  g_assert_no_error (error);
}
