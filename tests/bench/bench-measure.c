/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* sched_setaffinity () */
#define _GNU_SOURCE

#include "bench-measure.h"

#include "bench-loop.h"

#include <errno.h>
#include <string.h>

#ifdef __linux__
#include <sched.h>
#endif

#ifdef __GLIBC__
#include <malloc.h>
#endif

/* So many calls run before something is measured: threads are there then. */
#define N_WARM_UP 200

/* More of these than any way runs at once, so that none of those behind them starts. */
#define N_AT_GATE 100

/* Each way runs at least so many at once. */
#define N_AT_ONCE 10

/* What each call takes with it when memory is measured. */
#define TEXT "a short string"

/* How long a blocked call blocks when GIO has to wait for it. Without a limit the file's
 * answer would never come where all threads of GTask's pool are blocked. */
#define BLOCKED_LIMIT_MS 200
#define BLOCKED_LIMIT G_STRINGIFY (BLOCKED_LIMIT_MS)

static double
get_time_ms (void)
{
  return g_get_monotonic_time () / (double) G_TIME_SPAN_MILLISECOND;
}

static gboolean
warm_up (const BenchWay *way)
{
  BenchRun run;

  bench_run_init (&run, N_WARM_UP);
  for (guint i = 0; i < run.n_slots; i++)
    way->pass (&run.slots[i], (int) i);
  bench_run_wait (&run);

  return bench_run_clear (&run);
}

static gboolean
measure_burst (const BenchWay *way,
               const BenchAmounts *amounts,
               double *figures)
{
  gboolean warm = warm_up (way);
  double began, submitted, ended;
  BenchLoop loop;
  BenchRun run;

  bench_run_init (&run, amounts->n_calls);

  began = get_time_ms ();
  for (guint i = 0; i < run.n_slots; i++)
    way->pass (&run.slots[i], (int) i);
  submitted = get_time_ms ();
  bench_loop_start (&loop);
  bench_run_wait (&run);
  ended = get_time_ms ();
  bench_loop_stop (&loop);

  figures[0] = ended - began;
  figures[1] = submitted - began;
  figures[2] = loop.held_up_ms;
  figures[3] = loop.n_missed;
  figures[4] = loop.n_frames;

  return bench_run_clear (&run) && warm;
}

static const BenchWay *round_trip_way;

static void
start_next (BenchRun *run)
{
  guint next = run->n_slots - run->n_left;

  if (next < run->n_slots)
    round_trip_way->pass (&run->slots[next], (int) next);
}

static gboolean
measure_round_trip (const BenchWay *way,
                    const BenchAmounts *amounts,
                    double *figures)
{
  gboolean warm = warm_up (way);
  double began;
  BenchRun run;

  bench_run_init (&run, amounts->n_round_trips);
  run.returned = start_next;
  round_trip_way = way;

  began = get_time_ms ();
  start_next (&run);
  bench_run_wait (&run);
  figures[0] = (get_time_ms () - began) * 1000 / run.n_slots;

  return bench_run_clear (&run) && warm;
}

#ifdef __linux__
/* Threads that are started from now on run on this processor too. */
static void
pin_to_one_processor (void)
{
  cpu_set_t all, one;

  if (sched_getaffinity (0, sizeof all, &all) != 0)
    return;

  CPU_ZERO (&one);
  for (int i = 0; i < CPU_SETSIZE && CPU_COUNT (&one) == 0; i++)
    if (CPU_ISSET (i, &all))
      CPU_SET (i, &one);
  if (sched_setaffinity (0, sizeof one, &one) != 0)
    g_printerr ("Not pinned: %s\n", g_strerror (errno));
}

static gboolean
measure_pinned_round_trip (const BenchWay *way,
                           const BenchAmounts *amounts,
                           double *figures)
{
  pin_to_one_processor ();

  return measure_round_trip (way, amounts, figures);
}
#endif

#if defined(__GLIBC__) && __GLIBC_PREREQ (2, 33)
#define MEMORY_SOURCE "allocated, by mallinfo2 ()"
static double
get_memory (void)
{
  struct mallinfo2 info = mallinfo2 ();

  return (double) info.uordblks + (double) info.hblkhd;
}
#elif defined(__linux__)
#define MEMORY_SOURCE "resident, by /proc/self/statm; in whole pages"
static double
get_memory (void)
{
  g_autofree char *statm = NULL;
  const char *second;

  if (!g_file_get_contents ("/proc/self/statm", &statm, NULL, NULL))
    return 0;

  second = strchr (statm, ' ');
  return second != NULL ? g_ascii_strtod (second, NULL) * 4096 : 0;
}
#endif

#ifdef MEMORY_SOURCE
static gboolean
measure_memory (const BenchWay *way,
                const BenchAmounts *amounts,
                double *figures)
{
  BenchRun blocked, run;
  gboolean right;
  BenchGate gate;
  double before;

  bench_gate_init (&gate, 0);
  bench_run_init (&blocked, N_AT_GATE);
  bench_run_init (&run, amounts->n_calls);

  for (guint i = 0; i < blocked.n_slots; i++)
    way->wait (&blocked.slots[i], &gate);
  bench_gate_await (&gate, N_AT_ONCE);

  before = get_memory ();
  for (guint i = 0; i < run.n_slots; i++)
    way->text (&run.slots[i], TEXT);
  figures[0] = (get_memory () - before) / run.n_slots;

  bench_gate_open (&gate);
  bench_run_wait (&blocked);
  bench_run_wait (&run);

  right = bench_run_clear (&blocked);
  right = bench_run_clear (&run) && right;
  bench_gate_clear (&gate);

  return right;
}
#endif

typedef struct {
  BenchGate gate;
  double asked, answered;
  gboolean right;
} FileInfo;

static void
file_info_cb (GObject *file,
              GAsyncResult *result,
              gpointer user_data)
{
  FileInfo *self = user_data;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (G_FILE (file), result, NULL);

  self->answered = get_time_ms ();
  self->right = info != NULL;
  bench_gate_open (&self->gate);
}

static gboolean
measure_file_info (const BenchWay *way,
                   const BenchAmounts *amounts,
                   double *figures)
{
  g_autoptr (GFile) file = g_file_new_for_path (g_get_tmp_dir ());
  FileInfo self = { .right = FALSE };
  BenchRun run;

  bench_gate_init (&self.gate, BLOCKED_LIMIT_MS);
  bench_run_init (&run, amounts->n_blocked);

  for (guint i = 0; i < run.n_slots; i++)
    way->wait (&run.slots[i], &self.gate);
  bench_gate_await (&self.gate, MIN (run.n_slots, N_AT_ONCE));

  self.asked = get_time_ms ();
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, NULL, file_info_cb, &self);
  bench_run_wait (&run);
  while (self.answered == 0)
    g_main_context_iteration (NULL, TRUE);
  figures[0] = self.answered - self.asked;

  self.right = bench_run_clear (&run) && self.right;
  bench_gate_clear (&self.gate);

  return self.right;
}

const BenchMeasurement bench_measurements[] = {
  {
    "burst",
    "A burst of empty calls, all made before the loop runs on",
    {
      { "until the last callback", "ms" },
      { "of that, making the calls", "ms" },
      { "loop held up, then, at the longest", "ms" },
      { "frames missed (60 Hz, priority 120)", "" },
      { "frames due", "" },
    },
    measure_burst,
  },
#ifdef __linux__
  {
    "round-trip-pinned",
    "Round trip of one empty call after the other, pinned to one processor",
    { { "from call to callback", "us" } },
    measure_pinned_round_trip,
  },
#endif
  {
    "round-trip",
    "Round trip of one empty call after the other, on all processors",
    { { "from call to callback", "us" } },
    measure_round_trip,
  },
#ifdef MEMORY_SOURCE
  {
    "memory",
    "Memory of a call in flight, with one short string, behind blocked threads",
    { { MEMORY_SOURCE, "bytes" } },
    measure_memory,
  },
#endif
  {
    "file-info",
    "g_file_query_info_async () behind blocked calls; each blocks until the answer\n"
    "has come, but at most " BLOCKED_LIMIT " ms, as GTask's pool would never answer",
    { { "from call to callback", "ms" } },
    measure_file_info,
  },
};

const guint bench_n_measurements = G_N_ELEMENTS (bench_measurements);
