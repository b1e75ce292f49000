/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "program.h"

/* What a program begins and ends with, and what its main thread watches meanwhile. */

/* Without any event for so long, in us, it hangs. */
#define PATIENCE (20 * G_TIME_SPAN_SECOND)

static gboolean
never_ready_cb (gpointer data)
{
  g_assert_not_reached ();
}

static void
context_gone_cb (gpointer data)
{
  Program *self = data;

  g_atomic_int_add (&self->n_contexts, -1);
}

/* Makes a context, which is counted, and which the calling thread uses from now on. */
GMainContext *
program_push_context (Program *self)
{
  GMainContext *context = g_main_context_new ();
  g_autoptr (GSource) source = g_timeout_source_new_seconds (G_MAXUINT / 1000);

  g_atomic_int_inc (&self->n_contexts);
  g_source_set_callback (source, never_ready_cb, self, context_gone_cb);
  g_source_attach (source, context);
  g_main_context_push_thread_default (context);

  return context;
}

void
program_pop_context (Program *self,
                     GMainContext *context)
{
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
}

static void
ask_numbers (AsyncifyLimiter *limiter,
             guint numbers[4])
{
  numbers[0] = asyncify_limiter_get_max_running (limiter);
  numbers[1] = asyncify_limiter_get_running (limiter);
  numbers[2] = asyncify_limiter_get_queued (limiter);
  numbers[3] = asyncify_limiter_get_abandoned (limiter);
}

/* Whoever listens to a limiter knows its numbers in the end. */
static void
notify_cb (GObject *limiter,
           GParamSpec *pspec,
           gpointer user_data)
{
  ProgramTold *told = user_data;

  g_assert_true (g_thread_self () == told->thread);
  ask_numbers (told->limiter, told->numbers);
}

static gboolean
knows_all (const ProgramTold *told)
{
  guint numbers[4];

  if (told->limiter == NULL)
    return TRUE;

  ask_numbers (told->limiter, numbers);
  return memcmp (numbers, told->numbers, sizeof numbers) == 0;
}

/* Takes over @limiter, which is NULL for the default one. */
void
program_add_lane (Program *self,
                  AsyncifyLimiter *limiter,
                  guint max,
                  gboolean in_order)
{
  ProgramTold *told = &self->told[self->n_lanes];

  self->lanes[self->n_lanes++] = model_add_lane (self->model, limiter, max, in_order);
  *told = (ProgramTold) { limiter, g_thread_self (), { max, 0, 0, 0 } };
  if (limiter != NULL)
    g_signal_connect (limiter, "notify", G_CALLBACK (notify_cb), told);
}

/* Sees to it that a program that hangs says so. */
static gboolean
watch_cb (gpointer data)
{
  Program *self = data;
  guint64 clock = model_get_clock (self->model);
  gint64 now = g_get_monotonic_time ();

  if (clock != self->last_clock)
    self->last_event = now;
  self->last_clock = clock;
  if (now - self->last_event > PATIENCE)
    model_fail (self->model, NULL, "nothing happens any more; %d contexts, %d things, %d callers",
                g_atomic_int_get (&self->n_contexts), model_count_things (self->model),
                (int) self->n_callers - g_atomic_int_get (&self->n_callers_done));

  return G_SOURCE_CONTINUE;
}

/* On the main thread, which the main context belongs to till the end. */
void
program_begin (Program *self,
               guint32 seed)
{
  g_assert_true (g_main_context_acquire (NULL));
  *self = (Program) { .model = model_new (seed), .last_event = g_get_monotonic_time () };
  g_mutex_init (&self->lock);
  test_gate_init (&self->gate);
  for (guint i = 0; i < PROGRAM_N_SHARED; i++)
    self->shared[i] = model_add_cancellable (self->model);
  self->main_home = model_add_home (self->model, NULL);
  self->watch = g_timeout_add_full (G_PRIORITY_HIGH, 20, watch_cb, self, NULL);
}

static gboolean
is_gone (GWeakRef *ref)
{
  g_autoptr (GObject) object = g_weak_ref_get (ref);

  return object == NULL;
}

/* When all its calls have ended. Returns: how many there were */
guint
program_end (Program *self)
{
  guint n_calls = model_count_calls (self->model);
  GWeakRef limiters[PROGRAM_MAX_LANES];

  for (guint i = 0; i < self->n_lanes; i++)
    {
      wait_until ((g_main_context_iteration (NULL, FALSE), knows_all (&self->told[i])));
      if (self->told[i].limiter != NULL)
        g_signal_handlers_disconnect_by_data (self->told[i].limiter, &self->told[i]);
      g_weak_ref_init (&limiters[i], self->told[i].limiter);
    }
  g_source_remove (self->watch);
  g_main_context_release (NULL);

  model_end (self->model);
  g_mutex_clear (&self->lock);
  test_gate_clear (&self->gate);
  test_await_alive (0);
  /* An idle worker keeps its limiter for a moment. */
  for (guint i = 0; i < self->n_lanes; i++)
    {
      wait_until (is_gone (&limiters[i]));
      g_weak_ref_clear (&limiters[i]);
    }

  return n_calls;
}
