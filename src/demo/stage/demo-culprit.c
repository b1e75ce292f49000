/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-culprit.h"

#include <string.h>

/* A static function has no name at run time, and may have become a part of the one that calls it.
 * It appears as "module+0xOFFSET". */
static gboolean
has_name (const char *function)
{
  return strstr (function, "+0x") == NULL && !g_str_has_prefix (function, "0x");
}

/* Whether it is the program's own, as far as that can be told. */
static gboolean
is_own (const char *function)
{
  return !has_name (function) && strchr (function, '+') != NULL
         && strstr (function, ".so") == NULL && strstr (function, ".dylib") == NULL;
}

/* What the loop has called.  Further out there are only the loop itself and those who run it. */
static guint
count_dispatched (const char *const *functions)
{
  static const char *const runners[] = { "g_main_context_iteration", "g_main_loop_run", NULL };
  guint n, outermost = G_MAXUINT;

  for (n = 0; functions[n] != NULL; n++)
    {
      if (g_str_equal (functions[n], "g_main_context_dispatch"))
        return n;
      if (g_strv_contains (runners, functions[n]))
        outermost = n;
    }

  /* Since GLib 2.76 the loop dispatches in a static function. A loop further in may only wait. */
  return MIN (n, outermost);
}

/* Whether the loop called nobody, but waited to be woken: then it was the machine that did not let
 * it run. */
static gboolean
is_asleep (const char *const *functions,
           guint              n_functions)
{
  if (strstr (functions[0], "poll") == NULL
      || g_strcmp0 (functions[n_functions], "g_main_context_dispatch") == 0)
    return FALSE;

  for (guint i = 1; i < n_functions; i++)
    if (!g_str_has_prefix (functions[i], "libglib-2.0"))
      return FALSE;

  return TRUE;
}

static guint
find_first (const char *const *functions,
            guint              n_functions,
            gboolean (*matches) (const char *function))
{
  guint i = 0;

  while (i < n_functions && !matches (functions[i]))
    i++;

  return i;
}

/* What the program's own code waited for, and the place that it called that from. */
static char *
describe_own (const char *const *functions,
              guint              own)
{
  if (own > 0 && has_name (functions[own - 1]))
    return g_strdup_printf ("%s (%s)", functions[own - 1], functions[own]);

  return g_strdup (functions[own]);
}

/**
 * demo_culprit_find:
 * @functions: (array zero-terminated=1): where the loop was, innermost first, as the watchdog has
 *   found it; there may be none
 * @announced: (nullable): the function that the program says it ran meanwhile
 *
 * Finds a name for what held the loop up.  @announced is believed if the loop was really in the
 * program's own code, or if nothing is known of where it was.  Else it is what that code had
 * called; or the innermost function that has a name, if the program had no part in it.
 *
 * Returns: (transfer full) (nullable): a name; %NULL if nothing is known, or if it was nobody: the
 *   loop waited, and the machine was busy with others
 */
char *
demo_culprit_find (const char *const *functions,
                   const char        *announced)
{
  guint n = count_dispatched (functions);
  guint own = find_first (functions, n, is_own);
  guint named = find_first (functions, n, has_name);

  if (n == 0)
    return g_strdup (announced);
  if (is_asleep (functions, n))
    return NULL;

  if (announced != NULL)
    for (guint i = 0; i < n; i++)
      if (g_str_equal (functions[i], announced))
        return g_strdup (announced);

  if (own < n)
    return announced != NULL ? g_strdup (announced) : describe_own (functions, own);

  return g_strdup (functions[named < n ? named : 0]);
}
