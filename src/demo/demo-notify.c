/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-notify.h"

#include "demo-scenario.h"

struct _DemoNotify
{
  GObject parent_instance;

  GtkApplication *application; /* not owned */
  GHashTable *shown; /* ids of the scenarios whose end the desktop tells of; static */
};

G_DEFINE_FINAL_TYPE (DemoNotify, demo_notify, G_TYPE_OBJECT)

/* Where there should be a bus and isn't, GLib would try to talk to it all the same. */
static gboolean
can_show (DemoNotify *self)
{
#if defined (G_OS_UNIX) && !defined (__APPLE__)
  return g_application_get_dbus_connection (G_APPLICATION (self->application)) != NULL;
#else
  return TRUE;
#endif
}

/* Whether none of the windows that there are is the one that a person works with. When there is no
 * window any more the app is about to end, and so is what ran. */
static gboolean
is_out_of_sight (DemoNotify *self)
{
  GList *windows = gtk_application_get_windows (self->application);

  for (GList *l = windows; l != NULL; l = l->next)
    if (gtk_window_is_active (l->data))
      return FALSE;

  return windows != NULL;
}

static gboolean
is_worth_telling (DemoScenario *scenario)
{
  const DemoRun *run = demo_scenario_get_last_run (scenario);

  return demo_scenario_is_attended (scenario) && run->mode == DEMO_MODE_ASYNCIFY && run->measured
         && run->measurement.wall_ms > DEMO_NOTIFY_LONG_MS
         && demo_scenario_get_state (scenario) != DEMO_SCENARIO_CANCELLED;
}

static void
ended_cb (DemoScenario *scenario,
          DemoNotify *self)
{
  const DemoRun *run = demo_scenario_get_last_run (scenario);
  const char *id = demo_scenario_get_id (scenario);
  g_autoptr (GNotification) notification = NULL;

  if (!is_worth_telling (scenario) || !is_out_of_sight (self) || !can_show (self))
    return;

  notification = g_notification_new (demo_scenario_get_title (scenario));
  g_notification_set_body (notification, run->ok ? run->result : run->error);
  g_notification_set_default_action_and_target (notification, "app.scenario", "s", id);
  g_application_send_notification (G_APPLICATION (self->application), id, notification);
  g_hash_table_add (self->shown, (gpointer) id);
}

/* Whoever is back sees it in the window. */
static void
is_active_cb (GtkWindow *window,
              GParamSpec *pspec,
              DemoNotify *self)
{
  GHashTableIter iter;
  gpointer id;

  if (!gtk_window_is_active (window))
    return;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    {
      g_application_withdraw_notification (G_APPLICATION (self->application), id);
      g_hash_table_iter_remove (&iter);
    }
}

static void
window_added_cb (GtkApplication *application,
                 GtkWindow *window,
                 DemoNotify *self)
{
  g_signal_connect_object (window, "notify::is-active", G_CALLBACK (is_active_cb), self, 0);
}

static void
demo_notify_finalize (GObject *object)
{
  g_hash_table_unref (DEMO_NOTIFY (object)->shown);

  G_OBJECT_CLASS (demo_notify_parent_class)->finalize (object);
}

static void
demo_notify_class_init (DemoNotifyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = demo_notify_finalize;
}

static void
demo_notify_init (DemoNotify *self)
{
  self->shown = g_hash_table_new (g_str_hash, g_str_equal);
}

/* @application: must outlive this. @scenarios: (element-type DemoScenario) */
DemoNotify *
demo_notify_new (GtkApplication *application,
                 GPtrArray *scenarios)
{
  DemoNotify *self = g_object_new (DEMO_TYPE_NOTIFY, NULL);

  self->application = application;
  g_signal_connect_object (application, "window-added", G_CALLBACK (window_added_cb), self, 0);
  for (guint i = 0; i < scenarios->len; i++)
    g_signal_connect_object (g_ptr_array_index (scenarios, i), "ended", G_CALLBACK (ended_cb), self,
                             0);

  return self;
}
