/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>
#include <math.h>

#include "demo-bars.h"
#include "demo-controls.h"
#include "demo-text.h"

/* The blocking function: the sieve of Eratosthenes, block by block. Odd numbers only: byte i
 * of a block stands for its first number + 2 * i. */

#define BLOCK (128 * 1024) /* bytes; what a processor's own cache can hold */

/* The odd primes up to @limit */
static GArray *
find_small_primes (guint limit)
{
  GArray *primes = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree guint8 *composite = g_malloc0 (limit + 1);

  for (guint i = 3; i <= limit; i += 2)
    if (!composite[i])
      {
        g_array_append_val (primes, i);
        for (guint64 multiple = (guint64) i * i; multiple <= limit; multiple += 2 * i)
          composite[multiple] = TRUE;
      }

  return primes;
}

static void
strike_out (guint8 *composite,
            guint length,
            guint64 first,
            GArray *primes)
{
  memset (composite, FALSE, length);

  for (guint i = 0; i < primes->len; i++)
    {
      guint64 prime = g_array_index (primes, guint, i);
      guint64 multiple = MAX (prime * prime, (first + prime - 1) / prime * prime);

      if (multiple % 2 == 0)
        multiple += prime;
      if (prime * prime > first + 2 * length)
        break;
      for (guint64 at = (multiple - first) / 2; at < length; at += prime)
        composite[at] = TRUE;
    }
}

/* Counts the primes from @from to @to. @largest: 0 if there are none. */
static guint
count_primes (guint64 from,
              guint64 to,
              guint *largest,
              GThread **thread,
              GError **error)
{
  g_autoptr (GArray) primes = find_small_primes ((guint) sqrt (to) + 1);
  g_autofree guint8 *composite = g_malloc (BLOCK);
  guint count = from <= 2 && to >= 2; /* the even one */

  *largest = count > 0 ? 2 : 0;
  *thread = g_thread_self ();
  for (guint64 first = MAX (from, 3) | 1; first <= to; first += 2 * BLOCK)
    {
      guint length = (guint) MIN ((to - first) / 2 + 1, BLOCK);

      if (asyncify_set_error_if_cancelled (error))
        return 0;
      strike_out (composite, length, first, primes);
      for (guint i = 0; i < length; i++)
        if (!composite[i])
          {
            count++;
            *largest = (guint) first + 2 * i;
          }
    }

  return count;
}

/* The one line. */
ASYNCIFY_DEFINE (VALUE (guint), count_primes, VALUE (guint64, from), VALUE (guint64, to),
                 OUT_VALUE (guint, largest), OUT_VALUE (GThread *, thread), THROWS)

/* The page. */

#define MIN_LIMIT 2
#define MAX_LIMIT 4000000000u

#define N_CALLS 100 /* each counts in its part of the numbers */

#define DEMO_TYPE_PRIMES (demo_primes_get_type ())
G_DECLARE_FINAL_TYPE (DemoPrimes, demo_primes, DEMO, PRIMES, DemoScenario)

struct _DemoPrimes
{
  DemoScenario parent_instance;

  GtkEntryBuffer *limit;    /* up to where */
  GtkAdjustment *threads;   /* how many at once; also while it runs */
  AsyncifyLimiter *limiter; /* does as threads says */
  DemoBars *bars;           /* (nullable) (weak): how many in each part */

  /* While it runs */
  guint n_ended;
  guint count, largest;
  GHashTable *used; /* GThread: those that did something */
  GError *error;    /* the first one */
};

G_DEFINE_FINAL_TYPE (DemoPrimes, demo_primes, DEMO_TYPE_SCENARIO)

static guint
get_limit (DemoPrimes *self,
           GError **error)
{
  guint limit = 0;

  demo_controls_get_number (self->limit, MIN_LIMIT, MAX_LIMIT, &limit, error);

  return limit;
}

/* The first number of a part; the last one is before the first of the next part. */
static guint64
get_first (DemoPrimes *self,
           guint part)
{
  return 1 + (guint64) get_limit (self, NULL) * part / N_CALLS;
}

static void
begin (DemoPrimes *self)
{
  self->n_ended = 0;
  self->count = self->largest = 0;
  g_clear_error (&self->error);
  g_hash_table_remove_all (self->used);
  if (self->bars != NULL)
    demo_bars_clear (self->bars);
}

/* One of the calls has ended. */
static void
add (DemoPrimes *self,
     guint part,
     guint count,
     guint largest,
     GThread *thread)
{
  self->n_ended++;
  self->count += count;
  self->largest = MAX (self->largest, largest);
  g_hash_table_add (self->used, thread);
  if (self->bars != NULL)
    demo_bars_set (self->bars, part, count);
}

static char *
describe (DemoPrimes *self)
{
  guint n_threads = g_hash_table_size (self->used);
  g_autofree char *threads
    = g_strdup_printf (ngettext ("%u thread", "%u threads", n_threads), n_threads);
  g_autofree char *count = demo_text_number (self->count);
  g_autofree char *limit = demo_text_number (get_limit (self, NULL));
  g_autofree char *largest = demo_text_number (self->largest);
  g_autofree char *primes
    = g_strdup_printf (ngettext ("%s prime", "%s primes", self->count), count);

  /* Translators: such as “4 primes up to 10, the largest is 7; counted by 2 threads” */
  return g_strdup_printf (_ ("%s up to %s, the largest is %s; counted by %s"), primes, limit,
                          largest, threads);
}

static void
counted_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  DemoPrimes *self = DEMO_PRIMES (source);
  g_autoptr (GError) error = NULL;
  guint count, largest = 0;
  GThread *thread = NULL;

  count = count_primes_finish (result, &largest, &thread, &error);
  if (error == NULL)
    add (self, GPOINTER_TO_UINT (user_data), count, largest, thread);
  else
    {
      self->n_ended++;
      if (self->error == NULL)
        self->error = g_steal_pointer (&error);
    }

  demo_scenario_report (DEMO_SCENARIO (self), self->n_ended / (double) N_CALLS, NULL);
  if (self->n_ended == N_CALLS)
    {
      g_autofree char *summary = describe (self);

      demo_scenario_end (DEMO_SCENARIO (self), summary, self->error);
    }
}

/* There is no job: it could be given to one call only, and here they are many. */
static void
demo_primes_asyncify (DemoScenario *scenario,
                      AsyncifyJob *job,
                      GCancellable *cancellable)
{
  DemoPrimes *self = DEMO_PRIMES (scenario);
  const AsyncifyOptions options = { .source_object = G_OBJECT (self), .limiter = self->limiter };

  begin (self);
  for (guint i = 0; i < N_CALLS; i++)
    count_primes_async_full (get_first (self, i), get_first (self, i + 1) - 1, &options,
                             cancellable, counted_cb, GUINT_TO_POINTER (i));
}

static char *
demo_primes_freeze (DemoScenario *scenario,
                    GError **error)
{
  DemoPrimes *self = DEMO_PRIMES (scenario);
  guint count, largest = 0;
  GThread *thread = NULL;

  begin (self);
  for (guint i = 0; i < N_CALLS; i++)
    {
      count = count_primes (get_first (self, i), get_first (self, i + 1) - 1, &largest, &thread,
                            NULL);
      add (self, i, count, largest, thread);
    }

  return describe (self);
}

static gboolean
demo_primes_check (DemoScenario *scenario,
                   GError **error)
{
  return get_limit (DEMO_PRIMES (scenario), error) > 0;
}

static GtkWidget *
demo_primes_create_parameters (DemoScenario *scenario)
{
  /* Translators: up to which number primes are counted */
  return demo_controls_new_number (_ ("_Up to"), DEMO_PRIMES (scenario)->limit);
}

static void
threads_cb (DemoPrimes *self)
{
  guint n_threads = (guint) gtk_adjustment_get_value (self->threads);

  asyncify_limiter_set_max_running (self->limiter, n_threads);
}

static void
update_calls (GtkLabel *label,
              GParamSpec *pspec,
              AsyncifyLimiter *limiter)
{
  g_autofree char *text
    /* Translators: how many calls do so */
    = g_strdup_printf (_ ("Running: %u, waiting: %u"), asyncify_limiter_get_running (limiter),
                       asyncify_limiter_get_queued (limiter));

  gtk_label_set_label (label, text);
}

/* Not among the parameters, which can't be changed while it runs: this one can. */
static GtkWidget *
demo_primes_create_view (DemoScenario *scenario)
{
  DemoPrimes *self = DEMO_PRIMES (scenario);
  GtkWidget *rows = demo_controls_new_rows ();
  GtkWidget *bars = demo_bars_new (N_CALLS, _ ("How many primes each call has found"),
                                   _ ("What each call has found shows here as a bar."));
  GtkWidget *calls = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (calls), 0);
  gtk_widget_add_css_class (calls, "dim-label");
  gtk_widget_add_css_class (calls, "number");
  g_signal_connect_object (self->limiter, "notify::running", G_CALLBACK (update_calls), calls,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->limiter, "notify::queued", G_CALLBACK (update_calls), calls,
                           G_CONNECT_SWAPPED);
  update_calls (GTK_LABEL (calls), NULL, self->limiter);

  gtk_widget_set_vexpand (bars, TRUE);
  g_set_weak_pointer (&self->bars, DEMO_BARS (bars));

  gtk_box_append (GTK_BOX (rows), demo_controls_new_slider (_ ("_Threads"), self->threads));
  gtk_box_append (GTK_BOX (rows), calls);
  gtk_box_append (GTK_BOX (rows), bars);

  return rows;
}

static void
demo_primes_dispose (GObject *object)
{
  DemoPrimes *self = DEMO_PRIMES (object);

  g_clear_weak_pointer (&self->bars);
  g_clear_object (&self->limit);
  g_clear_object (&self->threads);
  g_clear_object (&self->limiter);
  g_clear_pointer (&self->used, g_hash_table_unref);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (demo_primes_parent_class)->dispose (object);
}

static void
demo_primes_class_init (DemoPrimesClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_primes_dispose;

  scenario_class->id = "primes";
  scenario_class->title = N_ ("Primes");
  scenario_class->topic = N_ ("Computing");
  scenario_class->summary = N_ ("Counts the prime numbers with a sieve, in a hundred calls.");
  scenario_class->watch
    = N_ ("Each bar is a call that has ended. Move the slider meanwhile: more threads, or fewer.");
  scenario_class->function = "count_primes";
  scenario_class->create_parameters = demo_primes_create_parameters;
  scenario_class->create_view = demo_primes_create_view;
  scenario_class->check = demo_primes_check;
  scenario_class->freeze = demo_primes_freeze;
  scenario_class->asyncify = demo_primes_asyncify;
}

static void
demo_primes_init (DemoPrimes *self)
{
  guint n_processors = g_get_num_processors ();
  guint n_threads = MAX (n_processors, 2) - 1; /* one is left to the main loop */

  self->limit = gtk_entry_buffer_new ("1500000000", -1);
  self->limiter = asyncify_limiter_new (n_threads);
  self->threads = g_object_ref_sink (gtk_adjustment_new (n_threads, 1, 2 * n_processors, 1, 1, 0));
  g_signal_connect_object (self->threads, "value-changed", G_CALLBACK (threads_cb), self,
                           G_CONNECT_SWAPPED);
  self->used = g_hash_table_new (NULL, NULL);
}
