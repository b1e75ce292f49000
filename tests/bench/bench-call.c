/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "bench-measure.h"

#include <locale.h>
#include <stdlib.h>

/* What a call costs that is made with Asyncify, and what one costs that is made by hand with
 * g_task_run_in_thread ().
 *
 * Each way is measured in a process of its own, so that neither finds threads or memory that the
 * other left behind, and both in turns, so that what else the machine does hits both alike. The
 * ratios say more than the times. No figure makes this program fail, only a wrong result does.
 */

static int opt_calls = 100000;
static int opt_round_trips = 5000;
static int opt_blocked = 200;
static int opt_rounds = 5;
static char *opt_only;
static char *opt_way;

static const GOptionEntry entries[] = {
  { "calls", 'c', 0, G_OPTION_ARG_INT, &opt_calls,
    "Calls of a burst, and in flight (default: 100000)", "N" },
  { "round-trips", 't', 0, G_OPTION_ARG_INT, &opt_round_trips,
    "Calls one after the other (default: 5000)", "N" },
  { "blocked", 'b', 0, G_OPTION_ARG_INT, &opt_blocked,
    "Blocked calls before a file is asked for (default: 200)", "N" },
  { "rounds", 'r', 0, G_OPTION_ARG_INT, &opt_rounds,
    "How often each way is measured, in turns (default: 5)", "N" },
  { "only", 'o', 0, G_OPTION_ARG_STRING, &opt_only,
    "Measure this alone: burst, round-trip, round-trip-pinned, memory, file-info", "WHAT" },
  { "way", 'w', 0, G_OPTION_ARG_STRING, &opt_way,
    "With --only, measure once in this process, and print bare figures: asyncify, gtask", "WAY" },
  G_OPTION_ENTRY_NULL
};

static guint
count_figures (const BenchMeasurement *measurement)
{
  guint n = 0;

  while (n < BENCH_MAX_FIGURES && measurement->figures[n].title != NULL)
    n++;

  return n;
}

static gboolean
measure_here (const BenchMeasurement *measurement,
              const BenchWay *way)
{
  const BenchAmounts amounts = { opt_calls, opt_round_trips, opt_blocked };
  double figures[BENCH_MAX_FIGURES];
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  guint n_figures = count_figures (measurement);

  if (!measurement->measure (way, &amounts, figures))
    {
      g_printerr ("%s, %s: not every call returned exactly once, with its result\n",
                  measurement->id, way->name);
      return FALSE;
    }

  for (guint i = 0; i < n_figures; i++)
    g_print ("%s\n", g_ascii_dtostr (buffer, sizeof buffer, figures[i]));

  return TRUE;
}

static gboolean
measure_elsewhere (const char *program,
                   const BenchMeasurement *measurement,
                   const BenchWay *way,
                   double *figures)
{
  g_autofree char *calls = g_strdup_printf ("--calls=%d", opt_calls);
  g_autofree char *round_trips = g_strdup_printf ("--round-trips=%d", opt_round_trips);
  g_autofree char *blocked = g_strdup_printf ("--blocked=%d", opt_blocked);
  const char *argv[]
    = { program, calls, round_trips, blocked, "--only", measurement->id, "--way", way->name, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  const char *rest;
  int status;

  if (!g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL,
                     &status, &error)
      || !g_spawn_check_wait_status (status, &error))
    {
      g_printerr ("%s, %s: %s\n", measurement->id, way->name, error->message);
      return FALSE;
    }

  rest = output;
  for (guint i = 0; i < count_figures (measurement); i++)
    figures[i] = g_ascii_strtod (rest, (char **) &rest);

  return TRUE;
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

/* Sorts @values. */
static double
get_median (GArray *values)
{
  guint middle = values->len / 2;

  g_array_sort (values, compare_doubles);
  if (values->len % 2 == 1)
    return g_array_index (values, double, middle);

  return (g_array_index (values, double, middle - 1) + g_array_index (values, double, middle)) / 2;
}

/* What came out for one figure, an element per round. */
typedef struct {
  GArray *values[BENCH_N_WAYS];
  GArray *ratios; /* of the rounds that have one */
} Outcome;

static void
print_outcome (const BenchFigure *figure,
               Outcome *outcome)
{
  g_print ("  %-38s", figure->title);
  for (guint way = 0; way < BENCH_N_WAYS; way++)
    g_print (" %9.2f %-5s", get_median (outcome->values[way]), figure->unit);

  if (outcome->ratios->len > 0)
    {
      double median = get_median (outcome->ratios); /* sorts them */

      g_print (" %6.3f  (%.3f to %.3f)", median, g_array_index (outcome->ratios, double, 0),
               g_array_index (outcome->ratios, double, outcome->ratios->len - 1));
    }
  g_print ("\n");
}

static void
add_round (Outcome *outcomes,
           guint n_figures,
           double figures[BENCH_N_WAYS][BENCH_MAX_FIGURES])
{
  for (guint i = 0; i < n_figures; i++)
    {
      double ratio = figures[BENCH_ASYNCIFY][i] / figures[BENCH_GTASK][i];

      for (guint way = 0; way < BENCH_N_WAYS; way++)
        g_array_append_val (outcomes[i].values[way], figures[way][i]);
      if (figures[BENCH_GTASK][i] > 0)
        g_array_append_val (outcomes[i].ratios, ratio);
    }
}

static void
outcome_init (Outcome *outcome)
{
  for (guint way = 0; way < BENCH_N_WAYS; way++)
    outcome->values[way] = g_array_new (FALSE, FALSE, sizeof (double));
  outcome->ratios = g_array_new (FALSE, FALSE, sizeof (double));
}

static void
outcome_clear (Outcome *outcome)
{
  for (guint way = 0; way < BENCH_N_WAYS; way++)
    g_array_unref (outcome->values[way]);
  g_array_unref (outcome->ratios);
}

static gboolean
compare (const char *program,
         const BenchMeasurement *measurement)
{
  guint n_figures = count_figures (measurement);
  Outcome outcomes[BENCH_MAX_FIGURES];
  gboolean right = TRUE;

  for (guint i = 0; i < n_figures; i++)
    outcome_init (&outcomes[i]);

  for (int round = 0; round < opt_rounds && right; round++)
    {
      double figures[BENCH_N_WAYS][BENCH_MAX_FIGURES];

      for (guint way = 0; way < BENCH_N_WAYS; way++)
        right = right
                && measure_elsewhere (program, measurement, &bench_ways[way], figures[way]);
      if (right)
        add_round (outcomes, n_figures, figures);
    }

  g_print ("\n%s\n", measurement->title);
  for (guint i = 0; i < n_figures; i++)
    {
      if (right)
        print_outcome (&measurement->figures[i], &outcomes[i]);
      outcome_clear (&outcomes[i]);
    }

  return right;
}

static const BenchWay *
find_way (const char *name)
{
  for (guint i = 0; i < BENCH_N_WAYS; i++)
    if (g_str_equal (bench_ways[i].name, name))
      return &bench_ways[i];

  return NULL;
}

static const BenchMeasurement *
find_measurement (const char *id)
{
  for (guint i = 0; i < bench_n_measurements; i++)
    if (g_str_equal (bench_measurements[i].id, id))
      return &bench_measurements[i];

  return NULL;
}

static gboolean
compare_all (const char *program,
             const BenchMeasurement *only)
{
  gboolean right = TRUE;

  g_print ("%d calls, %d round trips, %d blocked calls; %d rounds, the ways in turns.\n"
           "Medians; the ratio is Asyncify's figure by GTask's, in brackets its range.\n\n"
           "  %-38s %9s %5s %9s %5s  ratio\n",
           opt_calls, opt_round_trips, opt_blocked, opt_rounds, "", "Asyncify", "", "GTask", "");

  for (guint i = 0; i < bench_n_measurements; i++)
    if (only == NULL || only == &bench_measurements[i])
      right = compare (program, &bench_measurements[i]) && right;

  return right;
}

static gboolean
parse_options (int *argc,
               char ***argv,
               GError **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("- what a call costs");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (opt_calls < 1 || opt_round_trips < 1 || opt_blocked < 1 || opt_rounds < 1)
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         "All numbers have to be at least 1");
  else if (opt_only != NULL && find_measurement (opt_only) == NULL)
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                 "Nothing that is measured here is called “%s”", opt_only);
  else if (opt_way != NULL && (opt_only == NULL || find_way (opt_way) == NULL))
    g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                         "--way has to be asyncify or gtask, and needs --only");
  else
    return TRUE;

  return FALSE;
}

int
main (int argc,
      char **argv)
{
  g_autoptr (GError) error = NULL;
  const BenchMeasurement *only;
  gboolean right;

  setlocale (LC_ALL, "");
  if (!parse_options (&argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }

  only = opt_only != NULL ? find_measurement (opt_only) : NULL;
  if (opt_way != NULL)
    right = measure_here (only, find_way (opt_way));
  else
    right = compare_all (argv[0], only);

  g_free (opt_only);
  g_free (opt_way);

  return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
