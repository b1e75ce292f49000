/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Many calls as one: asyncified ones and GIO's. */

#include "outside.h"

#include <string.h>

static gsize
count_letters (const char *text,
               char letter)
{
  gsize n = 0;

  for (; *text != '\0'; text++)
    n += *text == letter;

  return n;
}

static gboolean
go_on_for_ever (GError **error)
{
  while (!asyncify_is_cancelled ())
    g_usleep (1000);

  return !asyncify_set_error_if_cancelled (error);
}

ASYNCIFY_DEFINE (VALUE (gsize), count_letters, STRING (text), VALUE (char, letter))
ASYNCIFY_DEFINE (BOOLEAN, go_on_for_ever, THROWS)

static GAsyncResult *kept;

/* As a program does it that has two questions */
typedef struct {
  GFile *file;
  AsyncifySoon *contents;
  AsyncifySoon *letters;
  gboolean done;
} Look;

static void
looked_cb (GObject *source_object,
           GAsyncResult *result,
           gpointer user_data)
{
  AsyncifyGroup *group = ASYNCIFY_GROUP (source_object);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  Look *look = user_data;

  g_assert_true (asyncify_group_wait_finish (group, result, &error));
  g_assert_no_error (error);
  g_assert_true (asyncify_soon_is_ready (look->contents));
  g_assert_true (asyncify_soon_is_ready (look->letters));
  g_assert_true (g_file_load_contents_finish (look->file,
                                              asyncify_soon_get_result (look->contents), &contents,
                                              NULL, NULL, &error));
  g_assert_no_error (error);
  g_assert_nonnull (strstr (contents, "As a program does it"));
  g_assert_cmpuint (count_letters_finish (asyncify_soon_get_result (look->letters), &error), ==, 3);
  g_assert_no_error (error);
  look->done = TRUE;
}

static void
check_all_succeed (void)
{
  g_autoptr (GFile) file = g_file_new_for_path (__FILE__);
  AsyncifyGroup *group = asyncify_group_new (NULL);
  GCancellable *cancellable = asyncify_group_get_cancellable (group);
  Look look = { file, asyncify_group_soon (group), asyncify_group_soon (group), FALSE };

  g_assert_true (ASYNCIFY_IS_GROUP (group));
  g_assert_true (ASYNCIFY_IS_SOON (look.contents));
  g_file_load_contents_async (file, cancellable, asyncify_soon_ready, look.contents);
  count_letters_async ("Asynchronous calls", 's', cancellable, asyncify_soon_ready, look.letters);
  g_assert_false (asyncify_soon_is_ready (look.letters));
  g_assert_null (asyncify_soon_get_result (look.letters));

  asyncify_group_wait_async (group, NULL, looked_cb, &look);
  g_object_unref (group); /* it lives until all is over */
  while (!look.done)
    g_main_context_iteration (NULL, TRUE);
}

/* The first that fails cancels the others, and all have ended when the wait ends. */
static void
check_one_fails (void)
{
  g_autoptr (GFile) missing = g_file_new_for_path ("/there/is/no/such/file");
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  GCancellable *cancellable = asyncify_group_get_cancellable (group);
  AsyncifySoon *forever = asyncify_group_soon (group);
  AsyncifySoon *missed = asyncify_group_soon (group);
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;

  go_on_for_ever_async (cancellable, asyncify_soon_ready, forever);
  g_file_load_contents_async (missing, cancellable, asyncify_soon_ready, missed);
  asyncify_group_wait_async (group, NULL, keep_cb, &kept);
  g_assert_false (asyncify_group_wait_finish (group, await (&kept), &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_true (g_cancellable_is_cancelled (cancellable));

  g_assert_false (go_on_for_ever_finish (asyncify_soon_get_result (forever), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (g_file_load_contents_finish (missing, asyncify_soon_get_result (missed),
                                               &contents, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

/* What cancels the group from outside */
static void
check_parent_cancelled (void)
{
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (parent);
  GCancellable *cancellable = asyncify_group_get_cancellable (group);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 3; i++)
    go_on_for_ever_async (cancellable, asyncify_soon_ready, asyncify_group_soon (group));
  g_assert_false (g_cancellable_is_cancelled (cancellable));
  g_cancellable_cancel (parent);
  asyncify_group_wait_async (group, NULL, keep_cb, &kept);
  g_assert_false (asyncify_group_wait_finish (group, await (&kept), &error));
  g_assert_nonnull (error);
  g_assert_true (g_cancellable_is_cancelled (cancellable));
}

static void
check_types (void)
{
  g_assert_cmpstr (g_type_name (ASYNCIFY_TYPE_GROUP), ==, "AsyncifyGroup");
  g_assert_cmpstr (g_type_name (ASYNCIFY_TYPE_SOON), ==, "AsyncifySoon");
}

int
main (void)
{
  begin ();
  check_all_succeed ();
  check_one_fails ();
  check_parent_cancelled ();
  check_types ();

  return 0;
}
