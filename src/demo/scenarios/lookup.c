/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-controls.h"
#include "demo-finding.h"
#include "demo-guard.h"
#include "demo-text.h"

/* The blocking function: asks the system for the addresses of names, and for the names of
 * addresses, one after the other. Where a network has to be asked, each may take seconds. */

typedef struct {
  GResolver *resolver;
  GCancellable *cancellable;
  guint times;              /* how often to ask for what is on this computer */
  guint n_asked, n_answers; /* of all; of those that were different */
  guint n_failed;
  GError *first_error;
} Lookup;

/* Returns: (transfer full) (nullable): the answers, as text */
static GStrv
ask (Lookup *lookup,
     const char *name,
     gboolean *is_local,
     GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (name);
  g_autoptr (GStrvBuilder) answers = g_strv_builder_new ();
  GList *addresses = NULL;
  g_autofree char *host = NULL;

  lookup->n_asked++;
  if (address != NULL)
    {
      *is_local = g_inet_address_get_is_loopback (address);
      host = g_resolver_lookup_by_address (lookup->resolver, address, lookup->cancellable, error);
      g_strv_builder_add_many (answers, host, NULL);
      return host != NULL ? g_strv_builder_end (answers) : NULL;
    }

  addresses = g_resolver_lookup_by_name (lookup->resolver, name, lookup->cancellable, error);
  if (addresses == NULL)
    return NULL;

  *is_local = TRUE;
  for (GList *l = addresses; l != NULL; l = l->next)
    {
      g_autofree char *text = g_inet_address_to_string (l->data);

      g_strv_builder_add (answers, text);
      *is_local = *is_local && g_inet_address_get_is_loopback (l->data);
    }
  g_resolver_free_addresses (addresses);

  return g_strv_builder_end (answers);
}

static void
tell (const char *name,
      const char *answer)
{
  g_autoptr (DemoFinding) finding = demo_finding_new (name, answer);

  asyncify_emit (G_OBJECT (finding));
}

/* Asks once, and again and again for what is here: that is fast, and a whole log full of such
 * names is not. A server far away is not to be bothered like that.
 * @done: how many of @all have been asked for before */
static void
look_up_name (Lookup *lookup,
              const char *name,
              guint done,
              guint all)
{
  gboolean is_local = FALSE;
  GError *error = NULL;
  g_auto (GStrv) answers = ask (lookup, name, &is_local, &error);

  for (guint i = 0; answers != NULL && answers[i] != NULL; i++, lookup->n_answers++)
    tell (name, answers[i]);

  for (guint i = 1; i < lookup->times; i++)
    {
      /* GLib knows some names by itself, and does not look there whether it is to stop. */
      if (!is_local || error != NULL || g_cancellable_is_cancelled (lookup->cancellable))
        break;

      g_strfreev (ask (lookup, name, &is_local, &error));
      asyncify_set_progress ((done + i / (double) lookup->times) / all);
    }

  if (error != NULL && !g_cancellable_is_cancelled (lookup->cancellable))
    {
      tell (name, error->message);
      lookup->n_failed++;
      if (lookup->first_error == NULL)
        lookup->first_error = g_steal_pointer (&error);
    }
  g_clear_error (&error);
}

static char *
describe (const Lookup *lookup)
{
  g_autofree char *answers
    = g_strdup_printf (ngettext ("%u answer", "%u answers", lookup->n_answers), lookup->n_answers);
  g_autofree char *n_asked = demo_text_number (lookup->n_asked);
  g_autofree char *asked
    = g_strdup_printf (ngettext ("asked %s time", "asked %s times", lookup->n_asked), n_asked);
  /* Translators: names */
  g_autofree char *failed = g_strdup_printf (
    ngettext ("%u could not be found", "%u could not be found", lookup->n_failed),
    lookup->n_failed);

  if (lookup->n_failed == 0)
    /* Translators: such as “2 answers, asked 1000 times” */
    return g_strdup_printf (_ ("%s, %s"), answers, asked);
  /* Translators: such as “2 answers, asked 1000 times; 1 could not be found” */
  return g_strdup_printf (_ ("%s, %s; %s"), answers, asked, failed);
}

static char *
look_up (const char *const *names,
         guint times,
         GCancellable *cancellable,
         GError **error)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  Lookup lookup = { .resolver = resolver, .cancellable = cancellable, .times = times };
  guint n_names = g_strv_length ((GStrv) names);
  char *result = NULL;

  for (guint i = 0; i < n_names && !g_cancellable_is_cancelled (cancellable); i++)
    {
      asyncify_set_message (names[i]);
      look_up_name (&lookup, names[i], i, n_names);
      asyncify_set_progress ((i + 1.0) / n_names);
    }

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    ;
  else if (lookup.n_answers == 0)
    g_propagate_error (error, g_steal_pointer (&lookup.first_error));
  else
    result = describe (&lookup);
  g_clear_error (&lookup.first_error);

  return result;
}

/* The one line. */
ASYNCIFY_DEFINE (STRING, look_up, STRV (names), VALUE (guint, times), CANCELLABLE, THROWS)

/* The page. */

#define MAX_NAMES 100
#define MAX_TEXT  4000 /* characters */
#define MAX_TIMES 40000000 /* of MAX_NAMES names: a guint counts them all */

#define DEMO_TYPE_LOOKUP (demo_lookup_get_type ())
G_DECLARE_FINAL_TYPE (DemoLookup, demo_lookup, DEMO, LOOKUP, DemoScenario)

struct _DemoLookup
{
  DemoScenario parent_instance;

  GtkEntryBuffer *names;
  GtkEntryBuffer *times;

  /* Of the latest run, when its parameters have been checked */
  GStrv parsed_names;
  guint parsed_times;
};

G_DEFINE_FINAL_TYPE (DemoLookup, demo_lookup, DEMO_TYPE_SCENARIO)

static void
looked_up_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = look_up_finish (result, &error);

  demo_scenario_end (DEMO_SCENARIO (source), summary, error);
}

static void
demo_lookup_asyncify (DemoScenario *scenario,
                      AsyncifyJob *job,
                      GCancellable *cancellable)
{
  DemoLookup *self = DEMO_LOOKUP (scenario);

  look_up_async_full ((const char *const *) self->parsed_names, self->parsed_times,
                      &(AsyncifyOptions) { .source_object = G_OBJECT (self), .job = job },
                      cancellable, looked_up_cb, NULL);
}

static char *
demo_lookup_freeze (DemoScenario *scenario,
                    GError **error)
{
  DemoLookup *self = DEMO_LOOKUP (scenario);
  g_autoptr (DemoGuard) guard = demo_guard_new ();
  GError *problem = NULL;
  char *summary = look_up ((const char *const *) self->parsed_names, self->parsed_times,
                           demo_guard_get_cancellable (guard), &problem);

  demo_guard_explain (guard, &problem);
  if (problem != NULL)
    g_propagate_error (error, problem);

  return summary;
}

/* Names with commas or white space between them. */
static gboolean
parse_names (DemoLookup *self,
             GError **error)
{
  const char *text = gtk_entry_buffer_get_text (self->names);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) words = g_strsplit_set (text, ", ;\t\r\n", -1);
  guint n_names;

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_strv_builder_add (builder, words[i]);
  g_strfreev (self->parsed_names);
  self->parsed_names = g_strv_builder_end (builder);
  n_names = g_strv_length (self->parsed_names);

  if (n_names == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("Which names? Type one, or several with commas between them."));
  else if (n_names > MAX_NAMES || gtk_entry_buffer_get_length (self->names) > MAX_TEXT)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 /* Translators: the most that there may be; neither is a small number */
                 _ ("That is too much: %d names and %d characters at most."), MAX_NAMES, MAX_TEXT);
  else
    return TRUE;

  return FALSE;
}

static gboolean
demo_lookup_check (DemoScenario *scenario,
                   GError **error)
{
  DemoLookup *self = DEMO_LOOKUP (scenario);

  if (!parse_names (self, error))
    return FALSE;

  for (guint i = 0; self->parsed_names[i] != NULL; i++)
    if (!demo_controls_is_host (self->parsed_names[i]))
      {
        g_autofree char *shown = demo_text_shorten (self->parsed_names[i], 60);

        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                     _ ("“%s” can't be the name of a host."), shown);
        return FALSE;
      }

  return demo_controls_get_number (self->times, 1, MAX_TIMES, &self->parsed_times, error);
}

static GtkWidget *
demo_lookup_create_parameters (DemoScenario *scenario)
{
  DemoLookup *self = DEMO_LOOKUP (scenario);
  GtkWidget *rows = demo_controls_new_rows ();
  /* Translators: how many times each name is asked for; a field follows */
  GtkWidget *times = demo_controls_new_number (_ ("_Times"), self->times);

  gtk_widget_set_tooltip_text (
    times, _ ("How often to ask for what is on this computer; a server is asked only once"));
  gtk_box_append (GTK_BOX (rows), demo_controls_new_entry (_ ("_Names"), self->names));
  gtk_box_append (GTK_BOX (rows), times);

  return rows;
}

/* Nobody waits for the answers any more when their page is closed. */
static GtkWidget *
demo_lookup_create_view (DemoScenario *scenario)
{
  GtkWidget *view = demo_findings_new (scenario, _ ("The answers appear here, one by one."));

  g_signal_connect_object (view, "destroy", G_CALLBACK (demo_scenario_cancel), scenario,
                           G_CONNECT_SWAPPED);

  return view;
}

static void
demo_lookup_dispose (GObject *object)
{
  DemoLookup *self = DEMO_LOOKUP (object);

  g_clear_object (&self->names);
  g_clear_object (&self->times);
  g_clear_pointer (&self->parsed_names, g_strfreev);

  G_OBJECT_CLASS (demo_lookup_parent_class)->dispose (object);
}

static void
demo_lookup_class_init (DemoLookupClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_lookup_dispose;

  scenario_class->id = "lookup";
  scenario_class->title = N_ ("Name lookup");
  scenario_class->topic = N_ ("Waiting");
  scenario_class->summary
    = N_ ("Asks the system for the addresses of names, and for the names of addresses.");
  scenario_class->watch
    = N_ ("What is on this computer is asked for many times. A name elsewhere may take seconds.");
  scenario_class->function = "look_up";
  scenario_class->create_parameters = demo_lookup_create_parameters;
  scenario_class->create_view = demo_lookup_create_view;
  scenario_class->check = demo_lookup_check;
  scenario_class->freeze = demo_lookup_freeze;
  scenario_class->asyncify = demo_lookup_asyncify;
}

static void
demo_lookup_init (DemoLookup *self)
{
  self->names = gtk_entry_buffer_new ("localhost, 127.0.0.1", -1);
  /* One more than is allowed, so that what is too long is refused, not cut. */
  gtk_entry_buffer_set_max_length (self->names, MAX_TEXT + 1);
  self->times = gtk_entry_buffer_new ("40000", -1);
}
