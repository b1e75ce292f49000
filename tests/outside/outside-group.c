/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Many calls run as one, of which some are GIO's. */

#include "outside.h"

#include <string.h>

static int
measure (const char *text,
         GError **error)
{
  if (*text == '\0')
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "There is nothing in it");

  return (int) strlen (text);
}

ASYNCIFY_DEFINE (VALUE (int), measure, STRING (text), THROWS)

typedef struct {
  GFile *file;
  AsyncifySoon *info;
  AsyncifySoon *length;
  GAsyncResult *kept;
} Look;

static AsyncifyGroup *
look_at (Look *look,
         const char *path,
         const char *text,
         GCancellable *parent)
{
  AsyncifyGroup *group = asyncify_group_new (parent);
  GCancellable *cancellable = asyncify_group_get_cancellable (group);

  look->file = g_file_new_for_path (path);
  look->info = asyncify_group_soon (group);
  g_file_query_info_async (look->file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, cancellable, asyncify_soon_ready, look->info);
  look->length = asyncify_group_soon (group);
  measure_async (text, cancellable, asyncify_soon_ready, look->length);
  asyncify_group_wait_async (group, NULL, keep_cb, &look->kept);

  return group;
}

static void
check_succeeds (void)
{
  Look look = { NULL, NULL, NULL, NULL };
  g_autoptr (AsyncifyGroup) group = look_at (&look, ".", "four", NULL);
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (asyncify_soon_is_ready (look.length));
  g_assert_null (asyncify_soon_get_result (look.length));
  g_assert_true (asyncify_group_wait_finish (group, await (&look.kept), &error));
  g_assert_no_error (error);
  g_assert_true (asyncify_soon_is_ready (look.info));
  info = g_file_query_info_finish (look.file, asyncify_soon_get_result (look.info), &error);
  g_assert_no_error (error);
  g_assert_true (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY);
  g_assert_cmpint (measure_finish (asyncify_soon_get_result (look.length), NULL), ==, 4);
  g_object_unref (look.file);
}

static void
check_fails (void)
{
  Look look = { NULL, NULL, NULL, NULL };
  g_autoptr (AsyncifyGroup) group = look_at (&look, ".", "", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) length_error = NULL;

  g_assert_false (asyncify_group_wait_finish (group, await (&look.kept), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  measure_finish (asyncify_soon_get_result (look.length), &length_error);
  g_assert_error (length_error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_true (g_cancellable_is_cancelled (asyncify_group_get_cancellable (group)));
  g_object_unref (look.file);
}

static void
check_cancelled (void)
{
  Look look = { NULL, NULL, NULL, NULL };
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  g_autoptr (AsyncifyGroup) group = look_at (&look, ".", "four", parent);
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (parent);
  g_assert_false (asyncify_group_wait_finish (group, await (&look.kept), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (ASYNCIFY_IS_SOON (look.info));
  g_assert_true (ASYNCIFY_IS_GROUP (group));
  g_object_unref (look.file);
}

int
main (void)
{
  begin ();
  check_succeeds ();
  check_fails ();
  check_cancelled ();

  return 0;
}
