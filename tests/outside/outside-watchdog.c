/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Who holds the main loop up, and for how long. */

#include "outside.h"

#include <string.h>

#define BLOCKED (200 * G_TIME_SPAN_MILLISECOND)

/* Elsewhere it depends. */
#ifdef __GLIBC__
#define CAN_NAME TRUE
#else
#define CAN_NAME FALSE
#endif

/* Blocks where it must not. */
static gboolean
block_cb (gpointer data)
{
  gboolean *blocked = data;

  g_usleep (BLOCKED);
  *blocked = TRUE;

  return G_SOURCE_REMOVE;
}

static void
stalled_cb (AsyncifyWatchdog *watchdog,
            AsyncifyStall *stall,
            gpointer user_data)
{
  AsyncifyStall **kept = user_data;

  g_assert_true (ASYNCIFY_IS_WATCHDOG (watchdog));
  g_clear_pointer (kept, asyncify_stall_free);
  *kept = asyncify_stall_copy (stall);
}

static void
block_loop (void)
{
  gboolean blocked = FALSE;

  /* It has been in its poll, and is called from there. */
  g_timeout_add (1, block_cb, &blocked);
  while (!blocked)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
is_named (const char *const *functions)
{
  for (; *functions != NULL; functions++)
    if (strcmp (*functions, "g_usleep") == 0)
      return TRUE;

  return FALSE;
}

static void
check_stall (void)
{
  g_autoptr (AsyncifyWatchdog) watchdog = asyncify_watchdog_new (NULL, 50);
  g_autoptr (AsyncifyStall) stall = NULL;
  gboolean named = FALSE;
  guint threshold;

  g_object_get (watchdog, "threshold", &threshold, NULL);
  g_assert_cmpuint (threshold, ==, 50);
  g_signal_connect (watchdog, "stalled", G_CALLBACK (stalled_cb), &stall);
  asyncify_watchdog_start (watchdog);

  /* A very busy machine may not come to look while it lasts. */
  for (int i = 0; i < 10 && !named; i++)
    {
      g_clear_pointer (&stall, asyncify_stall_free);
      block_loop ();
      while (stall == NULL)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (asyncify_stall_get_duration (stall), >=, BLOCKED);
      g_assert_nonnull (asyncify_stall_get_functions (stall));
      named = !CAN_NAME || is_named (asyncify_stall_get_functions (stall));
    }
  g_assert_true (named);

  g_clear_pointer (&stall, asyncify_stall_free);
  asyncify_watchdog_stop (watchdog);
  block_loop ();
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (stall);
}

/* A loop that does nothing wrong */
static void
check_no_stall (void)
{
  g_autoptr (AsyncifyWatchdog) watchdog
    = ASYNCIFY_WATCHDOG (g_object_new (ASYNCIFY_TYPE_WATCHDOG, "context", g_main_context_default (),
                                       "threshold", 30000, NULL));
  g_autoptr (AsyncifyStall) stall = NULL;

  g_signal_connect (watchdog, "stalled", G_CALLBACK (stalled_cb), &stall);
  asyncify_watchdog_start (watchdog);
  block_loop ();
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (stall);
}

static void
check_types (void)
{
  g_assert_cmpstr (g_type_name (ASYNCIFY_TYPE_WATCHDOG), ==, "AsyncifyWatchdog");
  g_assert_cmpstr (g_type_name (ASYNCIFY_TYPE_STALL), ==, "AsyncifyStall");
}

int
main (void)
{
  begin ();
  check_stall ();
  check_no_stall ();
  check_types ();

  return 0;
}
