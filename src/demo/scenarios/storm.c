/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-controls.h"
#include "demo-guard.h"
#include "demo-text.h"

/* The blocking function: short, and called very often. */

#define ROUNDS 8000

static guint64
scramble (guint64 number)
{
  /* Marsaglia's xorshift64, https://doi.org/10.18637/jss.v008.i14 */
  number++;
  for (guint i = 0; i < ROUNDS; i++)
    {
      number ^= number << 13;
      number ^= number >> 7;
      number ^= number << 17;
    }

  return number;
}

/* Whether all results are right: another one, for afterwards. */
static guint
count_right (const guint64 *results,
             guint n_results)
{
  guint n_right = 0;

  for (guint i = 0; i < n_results && !asyncify_is_cancelled (); i++)
    n_right += results[i] == scramble (i);

  return n_right;
}

/* The one line, twice. */
ASYNCIFY_DEFINE (VALUE (guint64), scramble, VALUE (guint64, number))
ASYNCIFY_DEFINE (VALUE (guint), count_right, BORROWED (const guint64 *, results),
                 VALUE (guint, n_results))

/* The page. */

#define DEFAULT_CALLS "100000"
#define MAX_CALLS     1000000

/* How many of them, one after the other, a processor does in a ms */
#define CALLS_PER_MS 80

/* Making calls is work too: for SLICE ms of every INTERVAL ms. */
#define SLICE    2
#define INTERVAL 5

#define DEMO_TYPE_STORM (demo_storm_get_type ())
G_DECLARE_FINAL_TYPE (DemoStorm, demo_storm, DEMO, STORM, DemoScenario)

struct _DemoStorm
{
  DemoScenario parent_instance;

  GtkEntryBuffer *number;

  /* While it runs */
  guint n_calls;
  GCancellable *cancellable;
  guint n_made;
  guint n_ended;
  guint64 *results; /* one for each call */
  guint8 *n_called; /* how often the callback of each ran */
};

G_DEFINE_FINAL_TYPE (DemoStorm, demo_storm, DEMO_TYPE_SCENARIO)

static char *
describe (guint n_calls,
          guint n_right)
{
  g_autofree char *calls_text = demo_text_number (n_calls);
  g_autofree char *right_text = demo_text_number (n_right);
  g_autofree char *calls = g_strdup_printf (ngettext ("%s call", "%s calls", n_calls), calls_text);
  g_autofree char *right
    = g_strdup_printf (ngettext ("%s right result", "%s right results", n_right), right_text);

  /* Translators: such as “8 calls, 8 right results” */
  return g_strdup_printf (_ ("%s, %s"), calls, right);
}

static void
end (DemoStorm *self,
     const char *result,
     const GError *error)
{
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->results, g_free);
  g_clear_pointer (&self->n_called, g_free);

  demo_scenario_end (DEMO_SCENARIO (self), result, error);
}

static void
counted_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  DemoStorm *self = DEMO_STORM (source);
  g_autoptr (GError) error = NULL;
  guint n_right = count_right_finish (result, &error);
  g_autofree char *summary = describe (self->n_calls, n_right);

  if (error == NULL && !g_cancellable_set_error_if_cancelled (self->cancellable, &error)
      && n_right != self->n_calls)
    g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_FAILED, summary);
  end (self, summary, error);
}

static void
all_ended (DemoStorm *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *once = NULL, *made = demo_text_number (self->n_made);
  guint n_once = 0;

  for (guint i = 0; i < self->n_made; i++)
    n_once += self->n_called[i] == 1;
  once = demo_text_number (n_once);

  if (n_once != self->n_made)
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_FAILED,
                 /* Translators: two numbers */
                 _ ("Only %s of %s callbacks ran exactly once"), once, made);
  else
    g_cancellable_set_error_if_cancelled (self->cancellable, &error);

  if (error != NULL)
    end (self, NULL, error);
  else
    count_right_async_full (self->results, self->n_calls,
                            &(AsyncifyOptions) { .source_object = G_OBJECT (self) },
                            self->cancellable, counted_cb, NULL);
}

static void
scrambled_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  DemoStorm *self = DEMO_STORM (source);
  guint number = GPOINTER_TO_UINT (user_data);
  g_autoptr (GError) error = NULL;

  self->results[number] = scramble_finish (result, &error);
  self->n_called[number]++;
  self->n_ended++;

  if (self->n_ended % (self->n_calls / 100 + 1) == 0 || self->n_ended == self->n_calls)
    demo_scenario_report (DEMO_SCENARIO (self), self->n_ended / (double) self->n_calls, NULL);
  if (self->n_ended == self->n_calls
      || (self->n_ended == self->n_made && g_cancellable_is_cancelled (self->cancellable)))
    all_ended (self);
}

static gboolean
make_some_cb (gpointer user_data)
{
  DemoStorm *self = user_data;
  const AsyncifyOptions options = { .source_object = G_OBJECT (self) };
  gint64 until = g_get_monotonic_time () + SLICE * G_TIME_SPAN_MILLISECOND;

  if (self->cancellable == NULL)
    return G_SOURCE_REMOVE;
  if (g_cancellable_is_cancelled (self->cancellable))
    {
      if (self->n_ended == self->n_made)
        all_ended (self);
      return G_SOURCE_REMOVE;
    }

  while (self->n_made < self->n_calls && g_get_monotonic_time () < until)
    {
      guint number = self->n_made++;

      scramble_async_full (number, &options, self->cancellable, scrambled_cb,
                           GUINT_TO_POINTER (number));
    }

  return self->n_made < self->n_calls ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
demo_storm_asyncify (DemoScenario *scenario,
                     AsyncifyJob *job,
                     GCancellable *cancellable)
{
  DemoStorm *self = DEMO_STORM (scenario);

  self->cancellable = g_object_ref (cancellable);
  self->n_made = 0;
  self->n_ended = 0;
  self->results = g_new0 (guint64, self->n_calls);
  self->n_called = g_new0 (guint8, self->n_calls);

  g_timeout_add_full (G_PRIORITY_DEFAULT, INTERVAL, make_some_cb, g_object_ref (self),
                      g_object_unref);
}

static char *
demo_storm_freeze (DemoScenario *scenario,
                   GError **error)
{
  guint n_calls = DEMO_STORM (scenario)->n_calls;
  g_autofree guint64 *results = g_new (guint64, n_calls);
  g_autofree char *number = demo_text_number (n_calls);

  if (!demo_guard_allows (n_calls / CALLS_PER_MS, error))
    return NULL;

  for (guint i = 0; i < n_calls; i++)
    results[i] = scramble (i);

  return g_strdup_printf (ngettext ("%s call", "%s calls", n_calls), number);
}

static gboolean
demo_storm_check (DemoScenario *scenario,
                  GError **error)
{
  DemoStorm *self = DEMO_STORM (scenario);

  return demo_controls_get_number (self->number, 1, MAX_CALLS, &self->n_calls, error);
}

static GtkWidget *
demo_storm_create_parameters (DemoScenario *scenario)
{
  return demo_controls_new_number (_ ("Ca_lls"), DEMO_STORM (scenario)->number);
}

static void
demo_storm_dispose (GObject *object)
{
  g_clear_object (&DEMO_STORM (object)->number);

  G_OBJECT_CLASS (demo_storm_parent_class)->dispose (object);
}

static void
demo_storm_class_init (DemoStormClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_storm_dispose;

  scenario_class->id = "storm";
  scenario_class->title = N_ ("Storm");
  scenario_class->topic = N_ ("Being in control");
  scenario_class->summary = N_ ("Calls a short function very often, all at once.");
  scenario_class->watch = N_ ("The callbacks come home in small slices, and the dots keep moving.");
  scenario_class->function = "scramble";
  scenario_class->create_parameters = demo_storm_create_parameters;
  scenario_class->check = demo_storm_check;
  scenario_class->freeze = demo_storm_freeze;
  scenario_class->asyncify = demo_storm_asyncify;
}

static void
demo_storm_init (DemoStorm *self)
{
  self->number = gtk_entry_buffer_new (DEFAULT_CALLS, -1);
}
