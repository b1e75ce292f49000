/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Groups of GIO's own calls, on files; and the listing that is in AsyncifyGroup's
 * documentation, which has to be this one, and to work. */

#include "testgroup.h"

#include <glib/gstdio.h>

#include <string.h>

static int
count_words (GFile *file,
             GCancellable *cancellable,
             GError **error)
{
  g_autofree char *contents = NULL;
  g_auto (GStrv) words = NULL;

  if (!g_file_load_contents (file, cancellable, &contents, NULL, NULL, error))
    return -1;
  words = g_strsplit (contents, " ", -1);

  return g_strv_length (words);
}

ASYNCIFY_DEFINE (VALUE (int), count_words, OBJECT (GFile, file), CANCELLABLE, THROWS)

/* A folder with files in it. */
typedef struct {
  GFile *folder;
  GFile *files[10];
  GFile *missing;
} Files;

static void
files_init (Files *files)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_dir_make_tmp ("group-XXXXXX", &error);

  g_assert_no_error (error);
  files->folder = g_file_new_for_path (path);
  files->missing = g_file_get_child (files->folder, "missing");
  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("file %u", i);

      files->files[i] = g_file_get_child (files->folder, name);
      /* As many words as bytes, the last space aside */
      g_file_replace_contents (files->files[i], "a a a a a a a a a ", 2 * i, NULL, FALSE,
                               G_FILE_CREATE_NONE, NULL, NULL, &error);
      g_assert_no_error (error);
    }
}

static void
files_clear (Files *files)
{
  for (guint i = 0; i < 10; i++)
    {
      g_assert_true (g_file_delete (files->files[i], NULL, NULL));
      g_object_unref (files->files[i]);
    }
  g_object_unref (files->missing);
  g_assert_true (g_file_delete (files->folder, NULL, NULL));
  g_object_unref (files->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Files, files_clear)

static void
query (AsyncifyGroup *group,
       GFile *file,
       AsyncifySoon *soon)
{
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, asyncify_group_get_cancellable (group),
                           asyncify_soon_ready, soon);
}

static void
test_query_info (TestFixture *fixture,
                 gconstpointer data)
{
  g_auto (Files) files = { 0 };
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_auto (TestReply) reply = { 0 };
  AsyncifySoon *infos[10], *counts[10];

  files_init (&files);
  for (guint i = 0; i < 10; i++)
    {
      infos[i] = asyncify_group_soon (group);
      query (group, files.files[i], infos[i]);
      counts[i] = asyncify_group_soon (group);
      count_words_async (files.files[i], asyncify_group_get_cancellable (group),
                         asyncify_soon_ready, counts[i]);
    }
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  assert_group_succeeds (group, &reply);

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GFileInfo) info
        = g_file_query_info_finish (files.files[i], asyncify_soon_get_result (infos[i]), &error);

      g_assert_no_error (error);
      g_assert_cmpint (g_file_info_get_size (info), ==, 2 * i);
      g_assert_cmpint (count_words_finish (asyncify_soon_get_result (counts[i]), NULL), ==,
                       i == 0 ? 0 : i + 1);
    }
}

/* A file that isn't there: the others are not even tried, and which it was is known. */
static void
test_missing (TestFixture *fixture,
              gconstpointer data)
{
  g_auto (Files) files = { 0 };
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  AsyncifySoon *missing = asyncify_group_soon (group);
  AsyncifySoon *found = asyncify_group_soon (group);
  AsyncifySoon *queued = asyncify_group_soon (group);
  guint ended = 0;
  TEST_GATE (gate);

  files_init (&files);
  g_file_read_async (files.files[1], G_PRIORITY_DEFAULT, asyncify_group_get_cancellable (group),
                     asyncify_soon_ready, found);
  run_until (asyncify_soon_is_ready (found));
  fill_limiter (limiter, 1, &gate, &ended);
  count_words_async_full (files.files[1], &(AsyncifyOptions) { .limiter = limiter },
                          asyncify_group_get_cancellable (group), asyncify_soon_ready, queued);
  g_file_read_async (files.missing, G_PRIORITY_DEFAULT, asyncify_group_get_cancellable (group),
                     asyncify_soon_ready, missing);
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  assert_group_fails (group, &reply, G_IO_ERROR_FAILED);
  g_assert_cmpuint (ended, ==, 0);

  g_assert_null (g_file_read_finish (files.missing, asyncify_soon_get_result (missing), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpint (count_words_finish (asyncify_soon_get_result (queued), &error), ==, 0);
  assert_cancelled (error);
  g_clear_error (&error);
  stream = g_file_read_finish (files.files[1], asyncify_soon_get_result (found), &error);
  g_assert_no_error (error);
  g_assert_true (G_IS_FILE_INPUT_STREAM (stream));

  test_gate_open (&gate);
  run_until (ended == 1);
}

static void
test_cancelled (TestFixture *fixture,
                gconstpointer data)
{
  g_auto (Files) files = { 0 };
  g_autoptr (GCancellable) parent = g_cancellable_new ();
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (parent);
  g_autoptr (GError) error = NULL;
  g_auto (TestReply) reply = { 0 };
  AsyncifySoon *soons[10];

  files_init (&files);
  for (guint i = 0; i < 10; i++)
    {
      soons[i] = asyncify_group_soon (group);
      query (group, files.files[i], soons[i]);
    }
  asyncify_group_wait_async (group, NULL, test_reply_cb, &reply);
  g_cancellable_cancel (parent);
  assert_group_fails (group, &reply, G_IO_ERROR_CANCELLED);
  for (guint i = 0; i < 10; i++)
    {
      g_assert_null (
        g_file_query_info_finish (files.files[i], asyncify_soon_get_result (soons[i]), &error));
      assert_cancelled (error);
      g_clear_error (&error);
    }
}

/* Nobody finishes anything. */
static void
test_unfinished (TestFixture *fixture,
                 gconstpointer data)
{
  g_auto (Files) files = { 0 };
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (NULL);

  files_init (&files);
  for (guint i = 0; i < 10; i++)
    {
      query (group, files.files[i], asyncify_group_soon (group));
      g_file_read_async (files.files[i], G_PRIORITY_DEFAULT, NULL, asyncify_soon_ready,
                         asyncify_group_soon (group));
    }
  query (group, files.missing, asyncify_group_soon (group));
  g_object_add_weak_pointer (G_OBJECT (group), (gpointer *) &group);
  g_object_unref (group);
  run_until (group == NULL);
}

/* What the listing shows. */
static GString *shown;

static void
show_look (const char *name,
           int words)
{
  g_string_append_printf (shown, "%s: %d words\n", name, words);
}

static void
show_nothing (void)
{
  g_string_append (shown, "cancelled\n");
}

static void
show_error (const GError *error)
{
  g_string_append_printf (shown, "error %s %d\n", g_quark_to_string (error->domain), error->code);
}

/* The listing begins. */
typedef struct {
  GFile *file;
  AsyncifySoon *info;
  AsyncifySoon *words;
} Look;

static void
look_ready_cb (GObject *source_object,
               GAsyncResult *result,
               gpointer user_data)
{
  Look *look = user_data;
  GAsyncResult *info_result = asyncify_soon_get_result (look->info);
  GAsyncResult *words_result = asyncify_soon_get_result (look->words);
  g_autoptr (GError) group_error = NULL;
  g_autoptr (GError) info_error = NULL;
  g_autoptr (GError) words_error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info_finish (look->file, info_result, &info_error);
  int words = count_words_finish (words_result, &words_error);

  if (asyncify_group_wait_finish (ASYNCIFY_GROUP (source_object), result, &group_error))
    show_look (g_file_info_get_display_name (info), words);
  else if (g_error_matches (group_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_nothing ();
  else if (info_error != NULL && !g_error_matches (info_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_error (info_error);
  else
    show_error (words_error);

  g_object_unref (look->file);
  g_free (look);
}

static void
look_at (GFile *file,
         GCancellable *parent_cancellable)
{
  g_autoptr (AsyncifyGroup) group = asyncify_group_new (parent_cancellable);
  GCancellable *cancellable = asyncify_group_get_cancellable (group);
  Look *look = g_new0 (Look, 1);

  look->file = g_object_ref (file);
  look->info = asyncify_group_soon (group);
  g_file_query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_DISPLAY_NAME, G_FILE_QUERY_INFO_NONE,
                           G_PRIORITY_DEFAULT, cancellable, asyncify_soon_ready, look->info);
  look->words = asyncify_group_soon (group);
  count_words_async (file, cancellable, asyncify_soon_ready, look->words);

  asyncify_group_wait_async (group, NULL, look_ready_cb, look);
}
/* The listing ends. */

static void
check_shown (GFile *file,
             GCancellable *cancellable,
             const char *expected)
{
  shown = g_string_new (NULL);
  look_at (file, cancellable);
  run_until (shown->len > 0);
  g_assert_cmpstr (shown->str, ==, expected);
  g_string_free (g_steal_pointer (&shown), TRUE);
}

static void
test_listing_works (TestFixture *fixture,
                    gconstpointer data)
{
  g_auto (Files) files = { 0 };
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();

  files_init (&files);
  g_cancellable_cancel (cancelled);
  check_shown (files.files[5], NULL, "file 5: 6 words\n");
  check_shown (files.missing, NULL, "error g-io-error-quark 1\n");
  check_shown (files.folder, NULL, "error g-io-error-quark 3\n");
  check_shown (files.files[5], cancelled, "cancelled\n");
}

/* What is in the file called @path, from behind @begin up to @end, as lines. */
static char **
read_part (const char *path,
           const char *begin,
           const char *end)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  char *from, *to;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  from = strstr (text, begin);
  g_assert_nonnull (from);
  from += strlen (begin);
  to = strstr (from, end);
  g_assert_nonnull (to);
  *to = '\0';

  return g_strsplit (from, "\n", -1);
}

static void
test_listing_same (void)
{
  g_autofree char *own = g_test_build_filename (G_TEST_DIST, "asyncify", "test-group-gio.c", NULL);
  g_autofree char *source = g_test_build_filename (G_TEST_DIST, "..", "src", "asyncify",
                                                   "asyncify-group.c", NULL);
  g_auto (GStrv) compiled = read_part (own, "\n/* The listing begins. */\n",
                                       "\n/* The listing ends. */\n");
  g_auto (GStrv) shown_lines = read_part (source, " * ```c\n", "\n * ```\n");

  g_assert_cmpuint (g_strv_length (compiled), >, 20);
  for (guint i = 0; compiled[i] != NULL && shown_lines[i] != NULL; i++)
    {
      g_autofree char *expected = g_strconcat (" * ", compiled[i], NULL);

      g_assert_cmpstr (shown_lines[i], ==, g_strchomp (expected));
    }
  g_assert_cmpuint (g_strv_length (shown_lines), ==, g_strv_length (compiled));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/group/gio/with-asyncified-ones", test_query_info);
  test_add ("/group/gio/missing-file", test_missing);
  test_add ("/group/gio/cancelled", test_cancelled);
  test_add ("/group/gio/unfinished", test_unfinished);
  test_add ("/group/listing/works", test_listing_works);
  g_test_add_func ("/group/listing/is-what-is-documented", test_listing_same);

  return g_test_run ();
}
