/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Functions of GLib and GIO that block, and were written without a thought of being
 * asyncified: none of them needs an adapter.
 */

#include "testutils.h"

#include <glib/gstdio.h>

/* Those that GIO has a pair of, or whose name is a macro on Windows, by another name. */
ASYNCIFY_DEFINE_AS (BOOLEAN, load, g_file_load_contents, OBJECT (GFile, file), CANCELLABLE,
                    OUT_STRING (contents), OUT_VALUE (gsize, length), OUT_STRING (etag), THROWS)
ASYNCIFY_DEFINE_AS (BOOLEAN, get_contents, g_file_get_contents, STRING (filename),
                    OUT_STRING (contents), OUT_VALUE (gsize, length), THROWS)
ASYNCIFY_DEFINE_AS (OBJECT (GFileInfo), query_info, g_file_query_info, OBJECT (GFile, file),
                    STRING (attributes), VALUE (GFileQueryInfoFlags, flags), CANCELLABLE, THROWS)
ASYNCIFY_DEFINE_AS (BOXED (GBytes, g_bytes_ref, g_bytes_unref), load_bytes, g_file_load_bytes,
                    OBJECT (GFile, file), CANCELLABLE, OUT_STRING (etag), THROWS)
ASYNCIFY_DEFINE_AS (OBJECT (GFile), new_tmp, g_file_new_tmp, STRING (tmpl),
                    OUT_OBJECT (GFileIOStream, iostream), THROWS)
ASYNCIFY_DEFINE_AS (BOOLEAN, delete_file, g_file_delete, OBJECT (GFile, file), CANCELLABLE, THROWS)

ASYNCIFY_DEFINE (BOOLEAN, g_file_set_contents, STRING (filename), STRING (contents),
                 VALUE (gssize, length), THROWS)
ASYNCIFY_DEFINE (STRING, g_compute_checksum_for_bytes, VALUE (GChecksumType, checksum_type),
                 BOXED (GBytes, data, g_bytes_ref, g_bytes_unref))
ASYNCIFY_DEFINE (STRV, g_strsplit, STRING (string), STRING (delimiter), VALUE (int, max_tokens))
ASYNCIFY_DEFINE (STRING, g_strjoinv, STRING (separator), STRV (strv))
ASYNCIFY_DEFINE (NOTHING, g_usleep, VALUE (gulong, microseconds))
ASYNCIFY_DEFINE (BOOLEAN, g_shell_parse_argv, STRING (command_line), OUT_VALUE (int, argc),
                 OUT_STRV (argv), THROWS)
ASYNCIFY_DEFINE (BOOLEAN, g_spawn_sync, STRING (working_directory), STRV (argv), STRV (envp),
                 VALUE (GSpawnFlags, flags), VALUE (GSpawnChildSetupFunc, child_setup),
                 BORROWED (gpointer, data), OUT_STRING (standard_output),
                 OUT_STRING (standard_error), OUT_VALUE (int, wait_status), THROWS)

static const char *
get_own_path (void)
{
  return g_test_get_filename (G_TEST_DIST, "meson.build", NULL);
}

static void
test_load (TestFixture *fixture,
           gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (get_own_path ());
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) same_reply = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *same = NULL;
  gsize length = 0, same_length = 0;

  load_async (file, NULL, test_reply_cb, &reply);
  g_assert_true (load_finish (test_reply_await (&reply), &contents, &length, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, strlen (contents));

  get_contents_async (get_own_path (), NULL, test_reply_cb, &same_reply);
  g_assert_true (get_contents_finish (test_reply_await (&same_reply), &same, &same_length, &error));
  g_assert_no_error (error);
  g_assert_cmpmem (contents, length, same, same_length);
}

static void
test_load_missing (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (g_test_get_filename (G_TEST_DIST, "missing", NULL));
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;

  load_async (file, NULL, test_reply_cb, &reply);
  g_assert_false (load_finish (test_reply_await (&reply), &contents, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_null (contents);
}

static void
test_query_info (TestFixture *fixture,
                 gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (get_own_path ());
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GFileInfo) info = NULL;

  query_info_async (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL,
                    test_reply_cb, &reply);
  info = query_info_finish (test_reply_await (&reply), NULL);
  g_assert_cmpint (g_file_info_get_size (info), >, 0);
}

static void
test_checksum (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (GFile) file = g_file_new_for_path (get_own_path ());
  g_auto (TestReply) bytes_reply = { 0 };
  g_auto (TestReply) checksum_reply = { 0 };
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *checksum = NULL;
  g_autofree char *expected = NULL;

  load_bytes_async (file, NULL, test_reply_cb, &bytes_reply);
  bytes = load_bytes_finish (test_reply_await (&bytes_reply), NULL, NULL);
  expected = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  g_compute_checksum_for_bytes_async (G_CHECKSUM_SHA256, bytes, NULL, test_reply_cb,
                                      &checksum_reply);
  g_clear_pointer (&bytes, g_bytes_unref);
  checksum = g_compute_checksum_for_bytes_finish (test_reply_await (&checksum_reply), NULL);
  g_assert_cmpstr (checksum, ==, expected);
}

static void
test_strings (TestFixture *fixture,
              gconstpointer data)
{
  g_auto (TestReply) split_reply = { 0 };
  g_auto (TestReply) join_reply = { 0 };
  g_auto (TestReply) sleep_reply = { 0 };
  g_auto (GStrv) parts = NULL;
  g_autofree char *joined = NULL;

  g_strsplit_async ("a:b:c", ":", 2, NULL, test_reply_cb, &split_reply);
  parts = g_strsplit_finish (test_reply_await (&split_reply), NULL);
  g_strjoinv_async ("+", (const char *const *) parts, NULL, test_reply_cb, &join_reply);
  joined = g_strjoinv_finish (test_reply_await (&join_reply), NULL);
  g_assert_cmpstr (joined, ==, "a+b:c");

  g_usleep_async (1, NULL, test_reply_cb, &sleep_reply);
  g_usleep_finish (test_reply_await (&sleep_reply), NULL);
}

static void
test_spawn (TestFixture *fixture,
            gconstpointer data)
{
  const char *argv[] = { NULL, "--version", NULL };
  g_auto (GStrv) compiler = g_strsplit (g_getenv ("TEST_CC"), "|", -1);
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  int status = -1;

  /* A program that is there for sure, and has something to say. */
  argv[0] = compiler[0];
  g_spawn_sync_async (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, test_reply_cb,
                      &reply);
  g_assert_true (g_spawn_sync_finish (test_reply_await (&reply), &output, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  g_assert_cmpuint (strlen (output), >, 0);
}

static void
test_parse (TestFixture *fixture,
            gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) bad_reply = { 0 };
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  int argc = 0;

  g_shell_parse_argv_async ("a 'b c'", NULL, test_reply_cb, &reply);
  g_assert_true (g_shell_parse_argv_finish (test_reply_await (&reply), &argc, &argv, NULL));
  g_assert_cmpint (argc, ==, 2);
  g_assert_cmpstr (argv[1], ==, "b c");

  g_shell_parse_argv_async ("a 'b", NULL, test_reply_cb, &bad_reply);
  g_assert_false (g_shell_parse_argv_finish (test_reply_await (&bad_reply), &argc, NULL, &error));
  g_assert_error (error, G_SHELL_ERROR, G_SHELL_ERROR_BAD_QUOTING);
}

static void
test_temporary_file (TestFixture *fixture,
                     gconstpointer data)
{
  g_auto (TestReply) new_reply = { 0 };
  g_auto (TestReply) set_reply = { 0 };
  g_auto (TestReply) delete_reply = { 0 };
  g_autoptr (GFileIOStream) stream = NULL;
  g_autoptr (GFile) file = NULL;

  new_tmp_async ("asyncify-XXXXXX", NULL, test_reply_cb, &new_reply);
  file = new_tmp_finish (test_reply_await (&new_reply), &stream, NULL);
  g_assert_true (G_IS_FILE_IO_STREAM (stream));
  g_assert_true (g_io_stream_close (G_IO_STREAM (stream), NULL, NULL));

  g_file_set_contents_async (g_file_peek_path (file), "text", -1, NULL, test_reply_cb, &set_reply);
  g_assert_true (g_file_set_contents_finish (test_reply_await (&set_reply), NULL));

  delete_file_async (file, NULL, test_reply_cb, &delete_reply);
  g_assert_true (delete_file_finish (test_reply_await (&delete_reply), NULL));
  g_assert_false (g_file_query_exists (file, NULL));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/define/gio/load-contents", test_load);
  test_add ("/define/gio/load-missing", test_load_missing);
  test_add ("/define/gio/query-info", test_query_info);
  test_add ("/define/gio/bytes", test_checksum);
  test_add ("/define/gio/strings", test_strings);
  test_add ("/define/gio/spawn", test_spawn);
  test_add ("/define/gio/parse", test_parse);
  test_add ("/define/gio/temporary-file", test_temporary_file);

  return g_test_run ();
}
