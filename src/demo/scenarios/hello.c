/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-controls.h"

/* The blocking function. It knows nothing of threads. */
static char *
do_sync_work (const char *name)
{
  g_usleep (G_USEC_PER_SEC);

  return g_strdup_printf (_ ("Hello, %s"), name);
}

/* The one line. */
ASYNCIFY_DEFINE (STRING, do_sync_work, STRING (name))

/* The page. */

#define MAX_NAME_LENGTH 100

#define DEMO_TYPE_HELLO (demo_hello_get_type ())
G_DECLARE_FINAL_TYPE (DemoHello, demo_hello, DEMO, HELLO, DemoScenario)

struct _DemoHello
{
  DemoScenario parent_instance;

  GtkEntryBuffer *name;
};

G_DEFINE_FINAL_TYPE (DemoHello, demo_hello, DEMO_TYPE_SCENARIO)

static void
work_done_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *message = do_sync_work_finish (result, &error);

  demo_scenario_end (DEMO_SCENARIO (source), message, error);
}

static void
demo_hello_asyncify (DemoScenario *scenario,
                     AsyncifyJob *job,
                     GCancellable *cancellable)
{
  DemoHello *self = DEMO_HELLO (scenario);

  do_sync_work_async_full (gtk_entry_buffer_get_text (self->name),
                           &(AsyncifyOptions) { .source_object = G_OBJECT (self), .job = job },
                           cancellable, work_done_cb, NULL);
}

static char *
demo_hello_freeze (DemoScenario *scenario,
                   GError **error)
{
  DemoHello *self = DEMO_HELLO (scenario);

  return do_sync_work (gtk_entry_buffer_get_text (self->name));
}

static gboolean
demo_hello_check (DemoScenario *scenario,
                  GError **error)
{
  DemoHello *self = DEMO_HELLO (scenario);
  g_autofree char *name = g_strstrip (g_strdup (gtk_entry_buffer_get_text (self->name)));

  if (*name == '\0')
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("Whom shall it greet? Type a name."));
  else if (gtk_entry_buffer_get_length (self->name) > MAX_NAME_LENGTH)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 ngettext ("That name is too long: %d character at most.",
                           "That name is too long: %d characters at most.", MAX_NAME_LENGTH),
                 MAX_NAME_LENGTH);
  else
    return TRUE;

  return FALSE;
}

static GtkWidget *
demo_hello_create_parameters (DemoScenario *scenario)
{
  DemoHello *self = DEMO_HELLO (scenario);

  return demo_controls_new_entry (_ ("_Name"), self->name);
}

static void
demo_hello_dispose (GObject *object)
{
  g_clear_object (&DEMO_HELLO (object)->name);

  G_OBJECT_CLASS (demo_hello_parent_class)->dispose (object);
}

static void
demo_hello_class_init (DemoHelloClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_hello_dispose;

  scenario_class->id = "hello";
  scenario_class->title = N_ ("Hello");
  scenario_class->topic = N_ ("Start here");
  scenario_class->summary = N_ ("Sleeps for a second, then returns a greeting.");
  scenario_class->watch = N_ ("Keep an eye on the moving dots, or type in the field above.");
  scenario_class->function = "do_sync_work";
  scenario_class->create_parameters = demo_hello_create_parameters;
  scenario_class->check = demo_hello_check;
  scenario_class->freeze = demo_hello_freeze;
  scenario_class->asyncify = demo_hello_asyncify;
}

static void
demo_hello_init (DemoHello *self)
{
  /* Translators: whom it greets at first */
  self->name = gtk_entry_buffer_new (_ ("World"), -1);
  /* One more than is allowed, so that what is too long is refused, not cut. */
  gtk_entry_buffer_set_max_length (self->name, MAX_NAME_LENGTH + 1);
}
