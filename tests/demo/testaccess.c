/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testaccess.h"

#include <unistd.h>

#include <atspi/atspi.h>

/* How long anything may take on the busiest machine, in s; then it has hung. How long to wait
 * before looking again, in us. */
#define EMERGENCY  60
#define LOOK_AGAIN (20 * G_TIME_SPAN_MILLISECOND)

#define SERVICES "/usr/share/dbus-1/services"

#define FOCUS_MOVED "object:state-changed:focused"

/* As g_autoptr (), which old releases of AT-SPI do not know for their types. */
#define AUTO_OBJECT(type) __attribute__ ((cleanup (clear_object))) type *

static void
clear_object (gpointer object)
{
  g_clear_object ((GObject **) object);
}

struct _TestAccess
{
  GSubprocess *app;
  AtspiAccessible *desktop;
  /* For who has no mouse: where the focus is, as far as has been heard */
  AtspiEventListener *listener;
  AtspiAccessible *focus;
};

static GTestDBus *bus;

static void
end_bus (void)
{
  atspi_exit ();
  g_test_dbus_down (bus);
  g_clear_object (&bus);
}

static void
focus_moved_cb (AtspiEvent *event,
                gpointer user_data)
{
  TestAccess *self = user_data;

  if (event->detail1)
    g_set_object (&self->focus, event->source);
  else if (self->focus == event->source)
    g_clear_object (&self->focus);
  g_boxed_free (ATSPI_TYPE_EVENT, event);
}

/* Starts the app, and waits for its window. */
TestAccess *
test_access_new (TestAccessHand hand)
{
  TestAccess *self = g_new0 (TestAccess, 1);
  g_autoptr (GError) error = NULL;

  self->app = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_PIPE, &error, g_getenv ("ASYNCIFY_DEMO"),
                                NULL);
  g_assert_no_error (error);

  if (hand == TEST_ACCESS_KEYS)
    {
      self->listener = atspi_event_listener_new (focus_moved_cb, self, NULL);
      atspi_event_listener_register (self->listener, FOCUS_MOVED, &error);
      g_assert_no_error (error);
    }

  self->desktop = atspi_get_desktop (0);
  test_access_wait_for (self, "frame", "Asyncify");

  return self;
}

/* Closes the app as a person does. It has to end well, and in silence. */
void
test_access_free (TestAccess *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *complaints = NULL;

  test_access_xdotool (self, "key", "ctrl+q", NULL);
  g_subprocess_communicate_utf8 (self->app, NULL, NULL, NULL, &complaints, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (complaints, ==, "");
  g_assert_true (g_subprocess_get_successful (self->app));

  if (self->listener != NULL)
    {
      atspi_event_listener_deregister (self->listener, FOCUS_MOVED, &error);
      g_assert_no_error (error);
    }
  g_clear_object (&self->listener);
  g_clear_object (&self->focus);
  g_object_unref (self->app);
  g_free (self);
}

/* Starts a session bus, which starts that of AT-SPI. Returns: whether there can be one here */
gboolean
test_access_begin (void)
{
  g_autofree char *display = g_strdup (g_getenv ("DISPLAY"));
  int output;

  if (display == NULL || !g_file_test (SERVICES "/org.a11y.Bus.service", G_FILE_TEST_EXISTS))
    {
      g_print ("1..0 # SKIP there is no display, or no AT-SPI bus\n");
      return FALSE;
    }

  bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_add_service_dir (bus, SERVICES);
  g_unsetenv ("DBUS_SESSION_BUS_ADDRESS");
  g_unsetenv ("GTK_A11Y");
  /* What the bus starts writes to standard output, which is for the test's results. */
  output = dup (STDOUT_FILENO);
  dup2 (STDERR_FILENO, STDOUT_FILENO);
  g_test_dbus_up (bus);
  dup2 (output, STDOUT_FILENO);
  close (output);
  /* That takes the display away, to which programs on the bus may not talk. Ours shall. */
  g_setenv ("DISPLAY", display, TRUE);
  /* What was there a moment ago is of no use. (Said for the desktop only, libatspi forgets it for
   * an app as soon as that tells what it has, and is believed to stay as it was then.) */
  g_setenv ("ATSPI_NO_CACHE", "1", TRUE);
  g_assert_cmpint (atspi_init (), <=, 1);
  /* It warns of whatever goes away while it looks. */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  /* A frozen app doesn't answer for a while. */
  atspi_set_timeout (EMERGENCY * 1000, EMERGENCY * 1000);
  g_assert_cmpint (atexit (end_bus), ==, 0);

  return TRUE;
}

/* What is on the bus */

static gboolean
has_role (AtspiAccessible *accessible,
          const char *role)
{
  g_autofree char *found = atspi_accessible_get_role_name (accessible, NULL);

  /* Since version 2.54 AT-SPI has a shorter name for them. */
  if (g_strcmp0 (found, "button") == 0)
    return g_str_equal (role, "push button");

  return g_strcmp0 (found, role) == 0;
}

/* Returns: (transfer full) (nullable): its name; or what is written in it, if it has none, as with
 * GTK 4.18 a label that tells a status */
static char *
get_name (AtspiAccessible *accessible)
{
  g_autofree char *name = atspi_accessible_get_name (accessible, NULL);
  AUTO_OBJECT (AtspiText) text = atspi_accessible_get_text_iface (accessible);

  if (text != NULL && (name == NULL || *name == '\0'))
    return atspi_text_get_text (text, 0, -1, NULL);

  return g_steal_pointer (&name);
}

static gboolean
has_name (AtspiAccessible *accessible,
          const char *name)
{
  g_autofree char *found = get_name (accessible);

  return found != NULL && strstr (found, name) != NULL;
}

/* Where it is in its window. Returns: whether it takes any room there */
static gboolean
get_place (AtspiAccessible *accessible,
           AtspiRect *place)
{
  AUTO_OBJECT (AtspiComponent) component = atspi_accessible_get_component_iface (accessible);
  AtspiRect *found;

  if (component == NULL)
    return FALSE;

  found = atspi_component_get_extents (component, ATSPI_COORD_TYPE_WINDOW, NULL);
  if (found == NULL)
    return FALSE;

  *place = *found;
  g_free (found);

  return place->width > 0 && place->height > 0;
}

/* It is on a page that isn't shown, and says so; or it has a place, but no room there. */
static gboolean
is_folded_away (AtspiAccessible *accessible)
{
  AUTO_OBJECT (AtspiStateSet) states = atspi_accessible_get_state_set (accessible);
  AtspiRect place = { .width = -1 };

  /* The desktop and the app as such have no states at all. */
  if (!atspi_state_set_is_empty (states)
      && !atspi_state_set_contains (states, ATSPI_STATE_VISIBLE))
    return TRUE;

  get_place (accessible, &place);

  return place.width == 0;
}

/* Returns: (transfer full) (nullable): the first one that is shown, from the top */
static AtspiAccessible *
find (AtspiAccessible *top,
      const char *role,
      const char *name)
{
  AtspiAccessible *found = NULL;
  AtspiRect place;
  int n_children;

  if (has_role (top, role) && has_name (top, name) && get_place (top, &place))
    return g_object_ref (top);
  if (is_folded_away (top))
    return NULL;

  n_children = atspi_accessible_get_child_count (top, NULL);
  for (int i = 0; i < n_children && found == NULL; i++)
    {
      AUTO_OBJECT (AtspiAccessible) child = atspi_accessible_get_child_at_index (top, i, NULL);

      if (child != NULL)
        found = find (child, role, name);
    }

  return found;
}

gboolean
test_access_has (TestAccess *self,
                 const char *role,
                 const char *name)
{
  AUTO_OBJECT (AtspiAccessible) found = find (self->desktop, role, name);

  return found != NULL;
}

/* For whoever reads why a test failed */
static void
print_names (AtspiAccessible *top)
{
  g_autofree char *role = atspi_accessible_get_role_name (top, NULL);
  g_autofree char *name = get_name (top);
  int n_children = atspi_accessible_get_child_count (top, NULL);

  if (is_folded_away (top))
    return;
  if (name != NULL && *name != '\0')
    g_printerr ("  %s “%s”\n", role, name);
  for (int i = 0; i < n_children; i++)
    {
      AUTO_OBJECT (AtspiAccessible) child = atspi_accessible_get_child_at_index (top, i, NULL);

      if (child != NULL)
        print_names (child);
    }
}

typedef gboolean (*Wanted) (TestAccess *self,
                            const char *role,
                            const char *name);

static void
wait_until (TestAccess *self,
            Wanted wanted,
            const char *role,
            const char *name,
            const char *problem)
{
  gint64 end = g_get_monotonic_time () + EMERGENCY * G_TIME_SPAN_SECOND;

  while (!wanted (self, role, name))
    {
      if (g_get_monotonic_time () > end)
        {
          print_names (self->desktop);
          g_error ("%s: %s “%s”", problem, role, name);
        }
      g_usleep (LOOK_AGAIN);
    }
}

static gboolean
has_not (TestAccess *self,
         const char *role,
         const char *name)
{
  return !test_access_has (self, role, name);
}

void
test_access_wait_for (TestAccess *self,
                      const char *role,
                      const char *name)
{
  wait_until (self, test_access_has, role, name, "It is not there");
}

void
test_access_wait_until_no (TestAccess *self,
                           const char *role,
                           const char *name)
{
  wait_until (self, has_not, role, name, "It is still there");
}

/* Returns: (transfer full): that which has to be there by now or soon */
static AtspiAccessible *
get (TestAccess *self,
     const char *role,
     const char *name)
{
  AtspiAccessible *found;

  /* What was there may be away for a moment before it is got. */
  do
    {
      test_access_wait_for (self, role, name);
      found = find (self->desktop, role, name);
    }
  while (found == NULL);

  return found;
}

gboolean
test_access_is_sensitive (TestAccess *self,
                          const char *role,
                          const char *name)
{
  AUTO_OBJECT (AtspiAccessible) found = get (self, role, name);
  AUTO_OBJECT (AtspiStateSet) states = atspi_accessible_get_state_set (found);

  return atspi_state_set_contains (states, ATSPI_STATE_SENSITIVE);
}

void
test_access_wait_until_sensitive (TestAccess *self,
                                  const char *role,
                                  const char *name)
{
  wait_until (self, test_access_is_sensitive, role, name, "It can't be used");
}

/* What a hand does */

/* Runs xdotool: https://www.semicomplete.com/projects/xdotool/ */
void
test_access_xdotool (TestAccess *self,
                     const char *first,
                     ...)
{
  g_autoptr (GPtrArray) arguments = g_ptr_array_new ();
  g_autoptr (GSubprocess) xdotool = NULL;
  g_autoptr (GError) error = NULL;
  va_list list;

  g_ptr_array_add (arguments, (gpointer) "xdotool");
  va_start (list, first);
  for (const char *argument = first; argument != NULL; argument = va_arg (list, const char *))
    g_ptr_array_add (arguments, (gpointer) argument);
  va_end (list);
  g_ptr_array_add (arguments, NULL);

  xdotool = g_subprocess_newv ((const char *const *) arguments->pdata, G_SUBPROCESS_FLAGS_NONE,
                               &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (xdotool, NULL, &error));
  g_assert_no_error (error);
}

/* Whether what the app says of places can be clicked at. With GTK 4.18 it can't: what is around
 * each widget in a window is not counted, so that the window begins outside itself. */
gboolean
test_access_tells_places (void)
{
  g_autoptr (TestAccess) app = test_access_new (TEST_ACCESS_MOUSE);
  AUTO_OBJECT (AtspiAccessible) frame = get (app, "frame", "Asyncify");
  AtspiRect place = { 0 };
  gboolean does = get_place (frame, &place) && place.x == 0 && place.y == 0;

  g_test_message ("The window begins at %d, %d", place.x, place.y);

  return does;
}

/* The window begins where its shadow does, and AT-SPI counts from where the shadow ends. There is
 * no window manager: the window is in the corner of the screen. */
static int
get_shadow (TestAccess *self)
{
  AUTO_OBJECT (AtspiAccessible) frame = get (self, "frame", "Asyncify");
  g_autoptr (GSubprocess) xdotool = NULL;
  g_autofree char *out = NULL;
  g_autoptr (GError) error = NULL;
  const char *width;
  AtspiRect place;

  g_assert_true (get_place (frame, &place));
  xdotool = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "xdotool", "search",
                              "--onlyvisible", "--name", "^Asyncify$", "getwindowgeometry",
                              "--shell", NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (xdotool, NULL, NULL, &out, NULL, &error));
  width = strstr (out, "WIDTH=");
  g_assert_nonnull (width);

  return (int) (g_ascii_strtoll (width + strlen ("WIDTH="), NULL, 10) - place.width) / 2;
}

/* Where it has come to rest. Somebody who sees it move waits, too. */
static AtspiRect
get_resting_place (TestAccess *self,
                   const char *role,
                   const char *name)
{
  gint64 end = g_get_monotonic_time () + EMERGENCY * G_TIME_SPAN_SECOND;
  AtspiRect before = { 0 };
  AtspiRect place = { 0 };

  while (place.width == 0 || memcmp (&before, &place, sizeof place) != 0)
    {
      AUTO_OBJECT (AtspiAccessible) found = get (self, role, name);

      if (g_get_monotonic_time () > end)
        g_error ("It never comes to rest: %s “%s”", role, name);
      before = place;
      if (!get_place (found, &place))
        place.width = 0;
      g_usleep (LOOK_AGAIN);
    }

  return place;
}

static void
click (TestAccess *self,
       const char *role,
       const char *name)
{
  g_autofree char *x = NULL;
  g_autofree char *y = NULL;
  int shadow = get_shadow (self);
  AtspiRect place = get_resting_place (self, role, name);

  x = g_strdup_printf ("%d", place.x + shadow + place.width / 2);
  y = g_strdup_printf ("%d", place.y + shadow + place.height / 2);
  test_access_xdotool (self, "mousemove", x, y, "click", "1", NULL);
}

/* Hears where the focus is by now: what the app said of it comes before its answer to this. */
static void
hear_of_focus (TestAccess *self)
{
  test_access_wait_for (self, "frame", "Asyncify");
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Waits until that has brought the focus somewhere. */
static void
move_focus (TestAccess *self,
            const char *key)
{
  gint64 end = g_get_monotonic_time () + EMERGENCY * G_TIME_SPAN_SECOND;

  g_clear_object (&self->focus);
  test_access_xdotool (self, "key", key, NULL);
  while (self->focus == NULL)
    {
      if (g_get_monotonic_time () > end)
        g_error ("%s leads nowhere", key);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (LOOK_AGAIN);
    }
}

/* Goes there from wherever the focus is: with Tab, and from row to row of a list with an arrow. */
static void
go_to (TestAccess *self,
       const char *role,
       const char *name)
{
  gint64 end = g_get_monotonic_time () + EMERGENCY * G_TIME_SPAN_SECOND;
  gboolean in_list;

  test_access_wait_for (self, role, name);
  hear_of_focus (self);
  while (self->focus == NULL || !has_role (self->focus, role) || !has_name (self->focus, name))
    {
      if (g_get_monotonic_time () > end)
        g_error ("No key leads there: %s “%s”", role, name);
      in_list = self->focus != NULL && has_role (self->focus, "list item");
      move_focus (self, in_list && g_str_equal (role, "list item") ? "ctrl+Down" : "Tab");
      hear_of_focus (self);
    }
}

/* Clicks on it, or does what a person without a mouse does instead. */
void
test_access_press (TestAccess *self,
                   const char *role,
                   const char *name)
{
  if (self->listener != NULL)
    {
      go_to (self, role, name);
      test_access_xdotool (self, "key", "Return", NULL);
    }
  else
    click (self, role, name);
}

/* Types @text into the entry @name, in place of what is in there. */
void
test_access_fill (TestAccess *self,
                  const char *name,
                  const char *text)
{
  if (self->listener != NULL)
    go_to (self, "text", name);
  else
    click (self, "text", name);
  test_access_xdotool (self, "key", "ctrl+a", "key", "Delete", NULL);
  test_access_xdotool (self, "type", "--delay", "5", "--", text, NULL);
}
