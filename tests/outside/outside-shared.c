/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "outside-shared.h"

char *
shared_greet (const char *name,
              GError **error)
{
  if (name == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "nobody to greet");
      return NULL;
    }

  return g_strdup_printf ("Hello, %s!", name);
}

gboolean
shared_divide (int dividend,
               int divisor,
               int *quotient,
               int *rest,
               GCancellable *cancellable,
               GError **error)
{
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  if (divisor == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "divided by zero");
      return FALSE;
    }

  *quotient = dividend / divisor;
  *rest = dividend % divisor;

  return TRUE;
}

ASYNCIFY_IMPLEMENT (STRING, shared_greet, STRING (name), THROWS)
ASYNCIFY_IMPLEMENT_AS (BOOLEAN, shared_long_division, shared_divide, VALUE (int, dividend),
                       VALUE (int, divisor), OUT_VALUE (int, quotient), OUT_VALUE (int, rest),
                       CANCELLABLE, THROWS)
