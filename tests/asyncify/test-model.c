/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Programs that nobody thought of, checked against a simple model: see model.h and program.h.
 *
 * The whole run is repeated with --seed. A single program is with its own seed, which is printed:
 * ASYNCIFY_TEST_SEED in the environment has nothing else run (what follows from the seed is the
 * same each time; what the scheduler does is not). ASYNCIFY_TEST_CALLS says how many calls to make,
 * ASYNCIFY_TEST_THOROUGH that there is time for a million.
 */

#include "program.h"

#include <asyncify/asyncify-threads-private.h>

typedef struct {
  guint (*run) (guint32 seed, guint n_calls);
  guint n_calls; /* in one program */
  guint share;   /* of all calls, in per cent */
} Kind;

static const Kind queues = { program_run_queue, 300, 20 };
static const Kind all = { program_run, 1000, 80 };

static guint
get_number (const char *variable,
            guint otherwise)
{
  const char *value = g_getenv (variable);

  return value != NULL ? g_ascii_strtoull (value, NULL, 10) : otherwise;
}

/* Returns: how many entries @folder has, 0 if there is no such thing on this platform */
static guint
count_entries (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint count = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    count++;

  return count;
}

/* Idle threads stay for a while, if they are let. */
static guint
count_threads (void)
{
  g_thread_pool_stop_unused_threads ();

  return count_entries ("/proc/self/task");
}

static guint
count_files (void)
{
  return count_entries ("/proc/self/fd");
}

/* All that programs leave behind: what there is after a first one, which makes a call in the main
 * context too, and no more. */
static void
test_left (void)
{
  guint n_threads, n_files;

  program_run_queue (g_test_rand_int (), 100);
  wait_until (asyncify_threads_count_gio () == 0);
  n_threads = count_threads ();
  n_files = count_files ();

  for (guint i = 0; i < 10; i++)
    program_run (g_test_rand_int (), 100);
  wait_until (count_threads () <= n_threads);
  wait_until (count_files () <= n_files);
}

static void
test_programs (gconstpointer data)
{
  const Kind *kind = data;
  const gboolean thorough = g_getenv ("ASYNCIFY_TEST_THOROUGH") != NULL;
  const guint n_calls = get_number ("ASYNCIFY_TEST_CALLS", thorough ? 1000000 : 20000);
  guint n_made = 0, n_programs = 0;

  while (n_made < n_calls * (guint64) kind->share / 100)
    {
      guint32 seed = get_number ("ASYNCIFY_TEST_SEED", g_test_rand_int ());

      g_test_message ("ASYNCIFY_TEST_SEED=%" G_GUINT32_FORMAT, seed);
      n_made += kind->run (seed, kind->n_calls);
      n_programs++;
    }
  g_test_message ("%u calls in %u programs", n_made, n_programs);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/nothing-left", test_left);
  g_test_add_data_func ("/model/queues", &queues, test_programs);
  g_test_add_data_func ("/model/programs", &all, test_programs);

  return g_test_run ();
}
