/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "teststalls.h"

typedef struct {
  void (*func) (gpointer data);
  gpointer data;
} LoopCall;

static void
stalled_cb (AsyncifyWatchdog *watchdog,
            AsyncifyStall *stall,
            gpointer user_data)
{
  TestStalls *self = user_data;
  GSource *source = g_main_current_source ();

  g_assert_true (watchdog == self->watchdog);
  g_assert_true (g_source_get_context (source) == self->context);
  g_assert_true (g_main_context_is_owner (self->context));
  g_ptr_array_add (self->stalls, asyncify_stall_copy (stall));
}

void
test_stalls_init (TestStalls *self,
                  GMainContext *context,
                  guint threshold_ms)
{
  self->context = context;
  self->stalls = g_ptr_array_new_with_free_func ((GDestroyNotify) asyncify_stall_free);
  self->watchdog = asyncify_watchdog_new (context, threshold_ms);
  g_signal_connect (self->watchdog, "stalled", G_CALLBACK (stalled_cb), self);
  asyncify_watchdog_start (self->watchdog);
  /* It counts from the next poll on. */
  g_main_context_iteration (context, FALSE);
}

void
test_stalls_clear (TestStalls *self)
{
  if (self->watchdog != NULL)
    g_assert_finalize_object (self->watchdog);
  g_ptr_array_unref (self->stalls);
}

/* How many stalls were told of that took @at_least, in us */
guint
test_stalls_count (TestStalls *self,
                   gint64 at_least)
{
  guint count = 0;

  for (guint i = 0; i < self->stalls->len; i++)
    if (asyncify_stall_get_duration (g_ptr_array_index (self->stalls, i)) >= at_least)
      count++;

  return count;
}

/* Runs the loop until there is one. Returns: (transfer none): the first */
AsyncifyStall *
test_stalls_await (TestStalls *self,
                   gint64 at_least)
{
  run_until (test_stalls_count (self, at_least) > 0);

  for (guint i = 0; i < self->stalls->len; i++)
    if (asyncify_stall_get_duration (g_ptr_array_index (self->stalls, i)) >= at_least)
      return g_ptr_array_index (self->stalls, i);

  g_assert_not_reached ();
}

gboolean
test_stall_names (AsyncifyStall *stall,
                  const char *function)
{
  return g_strv_contains (asyncify_stall_get_functions (stall), function);
}

static gboolean
loop_call_cb (gpointer user_data)
{
  LoopCall *call = user_data;

  call->func (call->data);

  return G_SOURCE_REMOVE;
}

void
test_call_in_loop (GMainContext *context,
                   void (*func) (gpointer data),
                   gpointer data)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  LoopCall *call = g_new (LoopCall, 1);

  *call = (LoopCall) { func, data };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, loop_call_cb, call, g_free);
  g_source_attach (source, context);
}

G_NO_INLINE void
test_block_for (guint ms)
{
  gint64 now = g_get_monotonic_time ();
  gint64 until = now + ms * MS;

  for (; now < until; now = g_get_monotonic_time ())
    g_usleep (until - now);
}

static void
block_cb (gpointer data)
{
  test_block_for (GPOINTER_TO_UINT (data));
}

void
test_block_loop (guint ms)
{
  test_call_in_loop (g_main_context_get_thread_default (), block_cb, GUINT_TO_POINTER (ms));
}

static gboolean
time_over_cb (gpointer user_data)
{
  gboolean *over = user_data;

  *over = TRUE;

  return G_SOURCE_REMOVE;
}

void
test_idle_for (guint ms)
{
  g_autoptr (GSource) source = g_timeout_source_new (ms);
  gboolean over = FALSE;

  g_source_set_callback (source, time_over_cb, &over, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
  run_until (over);
}

int
test_count_lookouts (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/task", 0, NULL);
  const char *name;
  int count = 0;

  if (dir == NULL)
    return -1;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename ("/proc/self/task", name, "comm", NULL);
      g_autofree char *comm = NULL;

      if (!g_file_get_contents (path, &comm, NULL, NULL))
        continue;
      if (g_str_has_prefix (comm, "asyncify-watch"))
        count++;
    }

  return count;
}

gboolean
test_under_valgrind (void)
{
  const char *preloaded = g_getenv ("LD_PRELOAD");

  return preloaded != NULL && strstr (preloaded, "vgpreload") != NULL;
}
