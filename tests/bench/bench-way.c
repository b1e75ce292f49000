/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "bench-way.h"

#include <asyncify/asyncify.h>
#include <stdlib.h>
#include <string.h>

/* A run in which nothing came back for so long will never end. */
#define STUCK_SECONDS 60

/* The blocking functions, the same for both ways. */

static int
pass (int number)
{
  return number;
}

static int
count_letters (const char *text)
{
  return (int) strlen (text);
}

static int
wait_at_gate (BenchGate *gate)
{
  gint64 end = g_get_monotonic_time () + gate->limit_ms * G_TIME_SPAN_MILLISECOND;

  g_mutex_lock (&gate->lock);
  gate->n_waiting++;
  g_cond_broadcast (&gate->changed);
  while (!gate->is_open)
    if (gate->limit_ms == 0)
      g_cond_wait (&gate->changed, &gate->lock);
    else if (!g_cond_wait_until (&gate->changed, &gate->lock, end))
      break;
  gate->n_waiting--;
  g_mutex_unlock (&gate->lock);

  return 1;
}

void
bench_gate_init (BenchGate *gate,
                 guint limit_ms)
{
  *gate = (BenchGate) { .limit_ms = limit_ms };
  g_mutex_init (&gate->lock);
  g_cond_init (&gate->changed);
}

/* Returns when so many calls have come to it. */
void
bench_gate_await (BenchGate *gate,
                  guint n_waiting)
{
  g_mutex_lock (&gate->lock);
  while (gate->n_waiting < n_waiting)
    g_cond_wait (&gate->changed, &gate->lock);
  g_mutex_unlock (&gate->lock);
}

void
bench_gate_open (BenchGate *gate)
{
  g_mutex_lock (&gate->lock);
  gate->is_open = TRUE;
  g_cond_broadcast (&gate->changed);
  g_mutex_unlock (&gate->lock);
}

/* When all calls that waited have called back. */
void
bench_gate_clear (BenchGate *gate)
{
  g_mutex_clear (&gate->lock);
  g_cond_clear (&gate->changed);
}

void
bench_run_init (BenchRun *run,
                guint n_calls)
{
  *run = (BenchRun) { .n_slots = n_calls, .n_left = n_calls };
  run->loop = g_main_loop_new (NULL, FALSE);
  run->slots = g_new0 (BenchSlot, n_calls);
  for (guint i = 0; i < n_calls; i++)
    run->slots[i].run = run;
}

static gboolean
check_stuck_cb (gpointer data)
{
  static guint n_left_before = G_MAXUINT;
  BenchRun *run = data;

  if (run->n_left == n_left_before)
    {
      g_printerr ("%u calls never called back\n", run->n_left);
      exit (EXIT_FAILURE);
    }
  n_left_before = run->n_left;

  return G_SOURCE_CONTINUE;
}

/* Runs the loop until all calls have called back. */
void
bench_run_wait (BenchRun *run)
{
  guint stuck_id = g_timeout_add_seconds (STUCK_SECONDS, check_stuck_cb, run);

  if (run->n_left > 0)
    g_main_loop_run (run->loop);

  g_source_remove (stuck_id);
}

/* A call has called back. */
void
bench_run_answer (BenchSlot *slot,
                  int value,
                  const GError *error)
{
  BenchRun *run = slot->run;

  if (slot->n_returned++ > 0 || error != NULL || value != slot->expected)
    run->n_wrong++;
  else
    run->n_left--;

  if (run->returned != NULL)
    run->returned (run);
  if (run->n_left == 0)
    g_main_loop_quit (run->loop);
}

/* Returns: whether each call called back exactly once, with the right result. */
gboolean
bench_run_clear (BenchRun *run)
{
  gboolean right;

  /* A second callback would come now. */
  for (guint i = 0; i < 3; i++)
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (2 * G_TIME_SPAN_MILLISECOND);
    }

  right = run->n_wrong == 0;
  for (guint i = 0; i < run->n_slots; i++)
    right = right && run->slots[i].n_returned == 1;

  g_main_loop_unref (run->loop);
  g_free (run->slots);

  return right;
}

/* With Asyncify. */

ASYNCIFY_DEFINE (VALUE (int), pass, VALUE (int, number))
ASYNCIFY_DEFINE (VALUE (int), count_letters, STRING (text))
ASYNCIFY_DEFINE (VALUE (int), wait_at_gate, BORROWED (BenchGate *, gate))

static void
passed_cb (GObject *source,
           GAsyncResult *result,
           gpointer slot)
{
  g_autoptr (GError) error = NULL;
  int value = pass_finish (result, &error);

  bench_run_answer (slot, value, error);
}

static void
asyncify_pass (BenchSlot *slot,
               int number)
{
  slot->expected = number;
  pass_async (number, NULL, passed_cb, slot);
}

static void
counted_cb (GObject *source,
            GAsyncResult *result,
            gpointer slot)
{
  g_autoptr (GError) error = NULL;
  int value = count_letters_finish (result, &error);

  bench_run_answer (slot, value, error);
}

static void
asyncify_text (BenchSlot *slot,
               const char *text)
{
  slot->expected = (int) strlen (text);
  count_letters_async (text, NULL, counted_cb, slot);
}

static void
waited_cb (GObject *source,
           GAsyncResult *result,
           gpointer slot)
{
  g_autoptr (GError) error = NULL;
  int value = wait_at_gate_finish (result, &error);

  bench_run_answer (slot, value, error);
}

static void
asyncify_wait (BenchSlot *slot,
               BenchGate *gate)
{
  slot->expected = 1;
  wait_at_gate_async (gate, NULL, waited_cb, slot);
}

/* By hand, as GTask's documentation has it: one g_task_run_in_thread () per call, and
 * no source tag, which is a macro that names the task as well and would cost more. */

static void
gtask_returned_cb (GObject *source,
                   GAsyncResult *result,
                   gpointer slot)
{
  g_autoptr (GError) error = NULL;
  int value = (int) g_task_propagate_int (G_TASK (result), &error);

  bench_run_answer (slot, value, error);
}

static void
pass_thread_cb (GTask *task,
                gpointer source_object,
                gpointer task_data,
                GCancellable *cancellable)
{
  g_task_return_int (task, pass (GPOINTER_TO_INT (task_data)));
}

static void
gtask_pass (BenchSlot *slot,
            int number)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, gtask_returned_cb, slot);

  slot->expected = number;
  g_task_set_task_data (task, GINT_TO_POINTER (number), NULL);
  g_task_run_in_thread (task, pass_thread_cb);
}

static void
count_letters_thread_cb (GTask *task,
                         gpointer source_object,
                         gpointer task_data,
                         GCancellable *cancellable)
{
  g_task_return_int (task, count_letters (task_data));
}

static void
gtask_text (BenchSlot *slot,
            const char *text)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, gtask_returned_cb, slot);

  slot->expected = (int) strlen (text);
  g_task_set_task_data (task, g_strdup (text), g_free);
  g_task_run_in_thread (task, count_letters_thread_cb);
}

static void
wait_thread_cb (GTask *task,
                gpointer source_object,
                gpointer task_data,
                GCancellable *cancellable)
{
  g_task_return_int (task, wait_at_gate (task_data));
}

static void
gtask_wait (BenchSlot *slot,
            BenchGate *gate)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, gtask_returned_cb, slot);

  slot->expected = 1;
  g_task_set_task_data (task, gate, NULL);
  g_task_run_in_thread (task, wait_thread_cb);
}

const BenchWay bench_ways[BENCH_N_WAYS] = {
  [BENCH_ASYNCIFY] = { "asyncify", asyncify_pass, asyncify_text, asyncify_wait },
  [BENCH_GTASK] = { "gtask", gtask_pass, gtask_text, gtask_wait },
};
