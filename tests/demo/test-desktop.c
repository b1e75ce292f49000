/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the app and the desktop have to do with each other, on a bus of the test's own: links into
 * the app, and notifications; and what the app does where there is no bus. */

#include "demo-application.h"
#include "demo-config.h"
#include "demo-notify.h"
#include "demo-page.h"
#include "demo-scenario.h"
#include "demo-window.h"
#include "testbus.h"
#include "testpage.h"

/* How long work takes that a person need not wait for, in ms, as it is typed */
#define LONG  "5200"
#define SHORT "100"

/* Once there is one it stays: those that do without come first. */
static TestBus *bus;

typedef struct {
  DemoApplication *app;
  GtkWindow *other; /* weak: another program's window, as far as the app knows */
  const struct _Case *test;
  gulong activated;
} Desktop;

typedef struct _Case {
  const char *path;
  gboolean has_bus;
  void (*func) (Desktop *self);
} Case;

static GtkWindow *
get_window (Desktop *self)
{
  GList *windows = gtk_application_get_windows (GTK_APPLICATION (self->app));

  g_assert_cmpuint (g_list_length (windows), ==, 1);

  return windows->data;
}

static const char *
get_shown (Desktop *self)
{
  TestPage page;

  test_page_use_shown (&page, get_window (self));

  return demo_scenario_get_id (demo_page_get_scenario (DEMO_PAGE (page.page)));
}

static gboolean
is_active (gpointer window)
{
  return gtk_window_is_active (window);
}

static void
turn_to (GtkWindow *window)
{
  gtk_window_present (window);
  test_wait_until (is_active, window);
}

static void
activate_cb (GApplication *application,
             Desktop *self)
{
  g_signal_handler_disconnect (application, self->activated);

  g_set_weak_pointer (&self->other, GTK_WINDOW (gtk_window_new ()));
  turn_to (self->other);
  turn_to (get_window (self));
  g_assert_true (self->test->has_bus
                 == (g_application_get_dbus_connection (application) != NULL));
  self->test->func (self);
  g_action_group_activate_action (G_ACTION_GROUP (application), "quit", NULL);
}

/* Runs the app, and the test within it. */
static void
run (gconstpointer data)
{
  char *argv[] = { (char *) "asyncify-demo", NULL };
  Desktop self = { .test = data };

  if (self.test->has_bus && bus == NULL)
    {
      bus = test_bus_new (NULL);
      test_bus_play_desktop (bus);
    }
  if (bus != NULL)
    test_bus_forget (bus);

  self.app = demo_application_new ();
  self.activated = g_signal_connect_after (self.app, "activate", G_CALLBACK (activate_cb), &self);
  g_assert_cmpint (demo_application_run (self.app, 1, argv), ==, 0);
  g_assert_null (self.other);
  g_assert_finalize_object (self.app);
}

/* Links */

static void
shows_page (Desktop *self)
{
  g_assert_cmpstr (get_shown (self), !=, "primes");
  test_bus_open_link (bus, "primes");
  g_assert_cmpstr (get_shown (self), ==, "primes");
}

static void
raises_window (Desktop *self)
{
  turn_to (self->other);
  g_assert_false (gtk_window_is_active (get_window (self)));
  test_bus_open_link (bus, "group");
  test_wait_until (is_active, get_window (self));
  g_assert_cmpstr (get_shown (self), ==, "group");
}

/* Anybody may have written it. */
static void
leads_nowhere (Desktop *self)
{
  static const char *const ids[] = { "nonsense", "", "Primes", "primes ", "../primes" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      test_bus_open_link (bus, "primes");
      turn_to (self->other);
      test_bus_open_link (bus, ids[i]);
      test_wait_until (is_active, get_window (self));
      g_assert_cmpstr (get_shown (self), ==, "primes");
    }
}

/* Nor does a style have to be one because somebody asks for it. */
static void
has_no_such_style (Desktop *self)
{
  GActionGroup *actions = G_ACTION_GROUP (self->app);
  g_autoptr (GVariant) state = NULL;

  g_action_group_activate_action (actions, "style", g_variant_new_string ("dark"));
  g_action_group_activate_action (actions, "style", g_variant_new_string ("pink"));
  state = g_action_group_get_action_state (actions, "style");
  g_assert_cmpstr (g_variant_get_string (state, NULL), ==, "dark");
}

/* Notifications */

/* Begins work that takes @ms on the page "cancel". @deadline: "" for none */
static void
begin_work (Desktop *self,
            TestPage *page,
            const char *ms,
            const char *deadline)
{
  g_assert_true (demo_window_show_scenario (DEMO_WINDOW (get_window (self)), "cancel"));
  test_page_use_shown (page, get_window (self));
  test_page_type (page, "Works for", ms);
  test_page_type (page, "Deadline", deadline);
  test_page_press (page, "Asyncify");
}

static gboolean
is_withdrawn (gpointer data)
{
  return test_bus_is_withdrawn (data);
}

static void
tells_and_withdraws (Desktop *self)
{
  TestPage page;

  begin_work (self, &page, LONG, "");
  turn_to (self->other);
  test_page_wait_until_idle (&page);
  g_assert_true (test_page_is (&page, "succeeded"));
  g_assert_cmpuint (test_bus_count (bus), ==, 1);
  g_assert_cmpstr (test_bus_get_title (bus), ==, "Cancelling");
  g_assert_cmpstr (test_bus_get_body (bus), !=, "");
  g_assert_nonnull (strstr (test_page_get_result (&page), test_bus_get_body (bus)));

  g_assert_false (test_bus_is_withdrawn (bus));
  turn_to (get_window (self));
  test_wait_until (is_withdrawn, bus);
}

static gboolean
shows_work (gpointer data)
{
  return g_str_equal (get_shown (data), "cancel");
}

static void
tells_failure_and_leads_there (Desktop *self)
{
  TestPage page;

  begin_work (self, &page, "10000", LONG);
  turn_to (self->other);
  g_assert_true (demo_window_show_scenario (DEMO_WINDOW (get_window (self)), "hello"));
  test_page_wait_until_idle (&page);
  g_assert_true (test_page_is (&page, "failed"));
  g_assert_cmpuint (test_bus_count (bus), ==, 1);
  g_assert_nonnull (strstr (test_page_get_result (&page), test_bus_get_body (bus)));

  test_bus_click (bus);
  test_wait_until (shows_work, self);
  test_wait_until (is_active, get_window (self));
}

/* Who looks on sees it. */
static void
is_silent_in_sight (Desktop *self)
{
  TestPage page;

  begin_work (self, &page, LONG, "");
  test_page_wait_until_idle (&page);
  g_assert_cmpuint (test_bus_count (bus), ==, 0);
}

static void
is_silent_if_short (Desktop *self)
{
  TestPage page;

  begin_work (self, &page, SHORT, "");
  turn_to (self->other);
  test_page_wait_until_idle (&page);
  g_assert_cmpuint (test_bus_count (bus), ==, 0);
}

static gboolean
has_passed (gpointer data)
{
  return g_get_monotonic_time () > *(gint64 *) data;
}

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* Whoever has cancelled it knows that it has ended. */
static void
is_silent_if_cancelled (Desktop *self)
{
  gint64 until = g_get_monotonic_time () + 5200 * G_TIME_SPAN_MILLISECOND;
  guint wake = g_timeout_add (20, wake_cb, NULL);
  TestPage page;

  begin_work (self, &page, "10000", "");
  turn_to (self->other);
  test_wait_until (has_passed, &until);
  g_source_remove (wake);
  test_page_press (&page, "Cancel");
  test_page_wait_until_idle (&page);
  g_assert_true (test_page_is (&page, "cancelled"));
  g_assert_cmpuint (test_bus_count (bus), ==, 0);
}

static void
is_silent_unattended (Desktop *self)
{
  TestPage page;

  g_assert_true (demo_window_show_scenario (DEMO_WINDOW (get_window (self)), "group"));
  test_page_use_shown (&page, get_window (self));
  demo_scenario_set_attended (demo_page_get_scenario (DEMO_PAGE (page.page)), FALSE);
  test_page_type (&page, "Duration", LONG);
  turn_to (self->other);
  test_page_run (&page, "Asyncify");
  g_assert_cmpuint (test_bus_count (bus), ==, 0);
}

/* It can't tell anybody, and doesn't complain. */
static void
is_silent_without_bus (Desktop *self)
{
  TestPage page;

  begin_work (self, &page, LONG, "");
  turn_to (self->other);
  test_page_wait_until_idle (&page);
  g_assert_true (test_page_is (&page, "succeeded"));
  turn_to (get_window (self));
}

/* The About window */

static GtkAboutDialog *
find_about (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (toplevels, i);

      if (GTK_IS_ABOUT_DIALOG (window))
        return GTK_ABOUT_DIALOG (window);
    }

  g_assert_not_reached ();
}

static void
says_what_it_is (Desktop *self)
{
  GtkAboutDialog *about;

  g_action_group_activate_action (G_ACTION_GROUP (self->app), "about", NULL);
  about = find_about ();
  g_assert_cmpstr (gtk_about_dialog_get_program_name (about), ==, "Asyncify");
  g_assert_cmpstr (gtk_about_dialog_get_version (about), ==, DEMO_VERSION);
  g_assert_cmpstr (gtk_about_dialog_get_website (about), ==, "https://github.com/asyncify/asyncify");
  g_assert_cmpint (gtk_about_dialog_get_license_type (about), ==, GTK_LICENSE_LGPL_2_1);
  g_assert_cmpstr (gtk_about_dialog_get_authors (about)[0], ==, "The Asyncify authors");
  /* In the language of its sources nobody has translated it. */
  g_assert_null (gtk_about_dialog_get_translator_credits (about));
  g_assert_true (gtk_window_get_transient_for (GTK_WINDOW (about)) == get_window (self));
}

static const Case cases[] = {
  { "/desktop/no-bus/is-silent", FALSE, is_silent_without_bus },
  { "/desktop/no-bus/no-such-style", FALSE, has_no_such_style },
  { "/desktop/about", FALSE, says_what_it_is },
  { "/desktop/link/shows-page", TRUE, shows_page },
  { "/desktop/link/raises-window", TRUE, raises_window },
  { "/desktop/link/leads-nowhere", TRUE, leads_nowhere },
  { "/desktop/notify/tells-and-withdraws", TRUE, tells_and_withdraws },
  { "/desktop/notify/tells-failure-and-leads-there", TRUE, tells_failure_and_leads_there },
  { "/desktop/notify/silent-in-sight", TRUE, is_silent_in_sight },
  { "/desktop/notify/silent-if-short", TRUE, is_silent_if_short },
  { "/desktop/notify/silent-if-cancelled", TRUE, is_silent_if_cancelled },
  { "/desktop/notify/silent-unattended", TRUE, is_silent_unattended },
};

int
main (int argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);
  if (!test_widgets_begin ())
    return 0;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (!cases[i].has_bus || test_bus_is_there ())
      g_test_add_data_func (cases[i].path, &cases[i], run);

  status = g_test_run ();
  g_clear_pointer (&bus, test_bus_free);

  return status;
}
