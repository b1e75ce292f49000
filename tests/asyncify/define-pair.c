/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "define-pair.h"

char *
greet (const char *name,
       GError **error)
{
  if (name == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "nobody to greet");
      return NULL;
    }

  return g_strdup_printf ("Hello, %s!", name);
}

ASYNCIFY_IMPLEMENT (STRING, greet, STRING (name), THROWS)

ASYNCIFY_IMPLEMENT_AS (BOOLEAN, load, g_file_load_contents, OBJECT (GFile, file), CANCELLABLE,
                       OUT_STRING (contents), OUT_VALUE (gsize, length), OUT_STRING (etag), THROWS)
