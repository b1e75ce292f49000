/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-output.h"

#include <errno.h>

#include <glib/gstdio.h>

/* Not g_file_set_contents_full (): without a file that takes the other's place it keeps, up to
 * GLib 2.74 at least, the end of what was there if that was longer. */
gboolean
demo_output_write (const char *path,
                   gconstpointer data,
                   gsize size,
                   GError **error)
{
  FILE *file = g_fopen (path, "wb");
  int code = file == NULL ? errno : 0;

  if (file != NULL && fwrite (data, 1, size, file) != size)
    code = errno;
  if (file != NULL && fclose (file) != 0 && code == 0)
    code = errno;
  if (code == 0)
    return TRUE;

  g_set_error_literal (error, G_FILE_ERROR, g_file_error_from_errno (code), g_strerror (code));
  return FALSE;
}
