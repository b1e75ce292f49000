/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* The programs here know of Asyncify what is installed, and no more. Each uses a part of it as
 * somebody might who has read the documentation, checks what it gets, and says nothing if that is
 * right.
 */

#include <asyncify/asyncify.h>

#include <unistd.h>

G_BEGIN_DECLS

/* A GAsyncReadyCallback that keeps the result. */
static inline void
keep_cb (GObject *source_object,
         GAsyncResult *result,
         gpointer user_data)
{
  GAsyncResult **kept = (GAsyncResult **) user_data;

  (void) source_object;
  g_assert_null (*kept);
  *kept = (GAsyncResult *) g_object_ref (result);
}

/* Runs the main loop until keep_cb () was called. Returns: (transfer none): the result, which is
 * valid until the next time */
static inline GAsyncResult *
await (GAsyncResult **kept)
{
  static GAsyncResult *last;

  while (*kept == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&last);
  last = *kept;
  *kept = NULL;

  return last;
}

/* The first thing main () does: a program that hangs is ended, and one that is warned is too. */
static inline void
begin (void)
{
  alarm (30);
  g_log_set_always_fatal ((GLogLevelFlags) (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING));
}

G_END_DECLS
