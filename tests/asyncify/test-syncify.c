/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Asynchronous pairs, called as blocking functions: what goes in and what comes out. All of it is
 * tried in two places: on a worker, and where there is none. Where they run and how long they
 * wait is in test-syncify-wait.c.
 */

#include "testutils.h"

#include "syncify-pair.h"

/* Every kind that goes in and that comes out. */
static gboolean
juggle (int *borrowed,
        long double value,
        const char *string,
        const char *const *strv,
        TestThing *thing,
        TestBlob *blob,
        int *out_value,
        char **out_string,
        char ***out_strv,
        TestThing **out_thing,
        TestBlob **out_blob,
        GError **error)
{
  *out_value = *borrowed + (int) value;
  *out_string = g_strdup (string);
  *out_strv = g_strdupv ((char **) strv);
  *out_thing = thing != NULL ? g_object_ref (thing) : NULL;
  *out_blob = blob != NULL ? test_blob_copy (blob) : NULL;
  if (g_strcmp0 (string, "fail") == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "as asked");

  return g_strcmp0 (string, "fail") != 0;
}

ASYNCIFY_DEFINE (BOOLEAN, juggle, BORROWED (int *, borrowed), VALUE (long double, value),
                 STRING (string), STRV (strv), OBJECT (TestThing, thing),
                 BOXED (TestBlob, blob, test_blob_copy, test_blob_free), OUT_VALUE (int, out_value),
                 OUT_STRING (out_string), OUT_STRV (out_strv), OUT_OBJECT (TestThing, out_thing),
                 OUT_BOXED (TestBlob, out_blob, test_blob_free), THROWS)
/* Those two need not be said, but may. */
SYNCIFY_DEFINE (BOOLEAN, juggle_and_wait, juggle_async, juggle_finish, BORROWED (int *, borrowed),
                VALUE (long double, value), STRING (string), STRV (strv), OBJECT (TestThing, thing),
                BOXED (TestBlob, blob, test_blob_copy, test_blob_free), CANCELLABLE,
                OUT_VALUE (int, out_value), OUT_STRING (out_string), OUT_STRV (out_strv),
                OUT_OBJECT (TestThing, out_thing), OUT_BOXED (TestBlob, out_blob, test_blob_free),
                THROWS)

static void
use_all_kinds (void)
{
  const char *const strv[] = { "a", "b", NULL };
  g_autoptr (TestThing) thing = test_thing_new (5);
  g_autoptr (TestBlob) blob = test_blob_new (6);
  g_autoptr (TestThing) out_thing = NULL;
  g_autoptr (TestBlob) out_blob = NULL;
  g_autofree char *out_string = NULL;
  g_auto (GStrv) out_strv = NULL;
  g_autoptr (GError) error = NULL;
  int borrowed = 1, out_value = 0;

  g_assert_true (juggle_and_wait (&borrowed, 2.5, "string", strv, thing, blob, NULL, &out_value,
                                  &out_string, &out_strv, &out_thing, &out_blob, &error));
  g_assert_no_error (error);
  g_assert_cmpint (out_value, ==, 3);
  g_assert_cmpstr (out_string, ==, "string");
  g_assert_cmpstrv (out_strv, strv);
  g_assert_true (out_thing == thing);
  g_assert_cmpint (out_blob->number, ==, 6);
  g_assert_true (out_blob != blob);
}

/* Nothing goes in, and nothing is asked for. What comes out is freed then. */
static void
use_null (void)
{
  g_autoptr (TestThing) thing = test_thing_new (5);
  g_autoptr (TestBlob) blob = test_blob_new (6);
  const char *const strv[] = { "a", NULL };
  TestThing *out_thing = thing;
  TestBlob *out_blob = blob;
  char **out_strv = (char **) strv;
  char *out_string = (char *) strv[0];
  int borrowed = 1, out_value = 0;

  g_assert_true (juggle_and_wait (&borrowed, 0, NULL, NULL, NULL, NULL, NULL, &out_value,
                                  &out_string, &out_strv, &out_thing, &out_blob, NULL));
  g_assert_null (out_string);
  g_assert_null (out_strv);
  g_assert_null (out_thing);
  g_assert_null (out_blob);
  g_assert_true (juggle_and_wait (&borrowed, 0, "string", strv, thing, blob, NULL, NULL, NULL, NULL,
                                  NULL, NULL, NULL));
  /* The loop may have its hands on it for a moment. */
  wait_until (g_atomic_int_get (&G_OBJECT (thing)->ref_count) == 1);
}

/* The caller's variables are left alone. */
static void
use_failing (void)
{
  g_autoptr (TestThing) thing = test_thing_new (5);
  g_autoptr (TestBlob) blob = test_blob_new (6);
  const char *const strv[] = { "a", NULL };
  TestThing *out_thing = thing;
  TestBlob *out_blob = blob;
  char **out_strv = (char **) strv;
  char *out_string = (char *) strv[0];
  g_autoptr (GError) error = NULL;
  int borrowed = 1, out_value = 9;

  g_assert_false (juggle_and_wait (&borrowed, 0, "fail", strv, thing, blob, NULL, &out_value,
                                   &out_string, &out_strv, &out_thing, &out_blob, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpstr (error->message, ==, "as asked");
  g_assert_cmpint (out_value, ==, 9);
  g_assert_true (out_string == strv[0] && out_strv == (char **) strv);
  g_assert_true (out_thing == thing && out_blob == blob);
  g_assert_false (juggle_and_wait (&borrowed, 0, "fail", strv, thing, blob, NULL, NULL, NULL, NULL,
                                   NULL, NULL, NULL));
}

/* Every kind of return. */
typedef struct {
  int x;
  double y;
} Point;

static void
return_nothing (int *n)
{
  (*n)++;
}

static Point
return_point (int x)
{
  return (Point) { x, x / 2.0 };
}

static char **
return_strv (const char *string)
{
  return g_strsplit (string, " ", -1);
}

static TestThing *
return_thing (int number)
{
  return test_thing_new (number);
}

static TestBlob *
return_blob (int number)
{
  return test_blob_new (number);
}

ASYNCIFY_DEFINE (NOTHING, return_nothing, BORROWED (int *, n))
ASYNCIFY_DEFINE (VALUE (Point), return_point, VALUE (int, x))
ASYNCIFY_DEFINE (STRV, return_strv, STRING (string))
ASYNCIFY_DEFINE (OBJECT (TestThing), return_thing, VALUE (int, number))
ASYNCIFY_DEFINE (BOXED (TestBlob, test_blob_copy, test_blob_free), return_blob, VALUE (int, number))
SYNCIFY_DEFINE (NOTHING, get_nothing, return_nothing_async, return_nothing_finish,
                BORROWED (int *, n))
SYNCIFY_DEFINE (VALUE (Point), get_point, return_point_async, return_point_finish, VALUE (int, x))
SYNCIFY_DEFINE (STRV, get_strv, return_strv_async, return_strv_finish, STRING (string))
SYNCIFY_DEFINE (OBJECT (TestThing), get_thing, return_thing_async, return_thing_finish,
                VALUE (int, number))
SYNCIFY_DEFINE (BOXED (TestBlob, test_blob_copy, test_blob_free), get_blob, return_blob_async,
                return_blob_finish, VALUE (int, number))

static void
use_all_returns (void)
{
  g_autoptr (TestThing) thing = NULL;
  g_autoptr (TestBlob) blob = NULL;
  g_autofree char *string = NULL;
  g_auto (GStrv) strv = NULL;
  g_autoptr (GError) error = NULL;
  Point point;
  int n = 0;

  get_nothing (&n, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (n, ==, 1);
  point = get_point (3, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (point.x == 3 && point.y == 1.5);
  strv = get_strv ("a b", NULL, &error);
  g_assert_cmpuint (g_strv_length (strv), ==, 2);
  thing = get_thing (7, NULL, &error);
  g_assert_cmpint (test_thing_get_number (thing), ==, 7);
  blob = get_blob (8, NULL, &error);
  g_assert_cmpint (blob->number, ==, 8);
  string = greet_and_wait ("world", NULL, &error);
  g_assert_cmpstr (string, ==, "Hello, world!");
  g_assert_no_error (error);
}

/* A call that is stopped has none of these. */
static void
use_failing_returns (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Point point;
  int n = 0;

  g_cancellable_cancel (cancellable);
  get_nothing (&n, cancellable, &error);
  assert_cancelled (error);
  g_assert_cmpint (n, ==, 0);
  point = get_point (3, cancellable, NULL);
  g_assert_true (point.x == 0 && point.y == 0);
  g_assert_null (get_strv ("a b", cancellable, NULL));
  g_assert_null (get_thing (7, cancellable, NULL));
  g_assert_null (get_blob (8, cancellable, NULL));
  g_assert_null (greet_and_wait (NULL, NULL, NULL));
}

/* GIO's own */
SYNCIFY_DEFINE (OBJECT (GFileInputStream), open_file, g_file_read_async, g_file_read_finish,
                SELF (GFile, file), VALUE (int, priority))
SYNCIFY_DEFINE (OBJECT (GFileInfo), query_info, g_file_query_info_async, g_file_query_info_finish,
                SELF (GFile, file), STRING (attributes), VALUE (GFileQueryInfoFlags, flags),
                VALUE (int, priority))
SYNCIFY_DEFINE (BOXED (GBytes, g_bytes_ref, g_bytes_unref), load_bytes, g_file_load_bytes_async,
                g_file_load_bytes_finish, SELF (GFile, file), OUT_STRING (etag))
SYNCIFY_DEFINE (VALUE (gssize), read_some, g_input_stream_read_async, g_input_stream_read_finish,
                SELF (GInputStream, stream), BORROWED (void *, buffer), VALUE (gsize, count),
                VALUE (int, priority))
SYNCIFY_DEFINE (OBJECT (GDBusConnection), connect_to_bus, g_dbus_connection_new_for_address,
                g_dbus_connection_new_for_address_finish, STRING (address),
                VALUE (GDBusConnectionFlags, flags), OBJECT (GDBusAuthObserver, observer))

static GFile *
get_file (void)
{
  return g_file_new_for_path (g_test_get_filename (G_TEST_DIST, "meson.build", NULL));
}

static void
use_file (void)
{
  g_autoptr (GFile) file = get_file ();
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *etag = NULL;
  gsize length = 0;

  g_assert_true (load_and_wait (file, NULL, &contents, &length, &etag, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (contents), ==, length);
  g_assert_nonnull (etag);
  g_assert_true (load_and_wait (file, NULL, NULL, NULL, NULL, NULL));

  bytes = load_bytes (file, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), contents, length);

  info = query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE,
                     G_PRIORITY_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_file_info_get_size (info), ==, length);
}

static void
use_missing_file (void)
{
  g_autoptr (GFile) file = g_file_new_for_path ("/there/is/no/such/file");
  g_autoptr (GError) error = NULL;
  char *contents = NULL;

  g_assert_false (load_and_wait (file, NULL, &contents, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_null (contents);
  g_assert_null (open_file (file, G_PRIORITY_DEFAULT, NULL, NULL));
}

/* It returns something also beside an error, and that is not zero. */
static void
use_stream (void)
{
  g_autoptr (GFile) file = get_file ();
  g_autoptr (GFileInputStream) stream = NULL;
  g_autoptr (GError) error = NULL;
  char buffer[8] = "";

  stream = open_file (file, G_PRIORITY_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read_some (G_INPUT_STREAM (stream), buffer, 6, G_PRIORITY_DEFAULT, NULL, &error),
                   ==, 6);
  g_assert_no_error (error);
  g_assert_cmpstr (buffer, ==, "# SPDX");

  g_assert_true (g_input_stream_close (G_INPUT_STREAM (stream), NULL, NULL));
  g_assert_cmpint (read_some (G_INPUT_STREAM (stream), buffer, 6, G_PRIORITY_DEFAULT, NULL, &error),
                   ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

/* It has no source object. */
static void
use_bus (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (connect_to_bus ("no-address", G_DBUS_CONNECTION_FLAGS_NONE, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

#ifdef G_OS_UNIX

SYNCIFY_DEFINE (BOOLEAN, communicate, g_subprocess_communicate_utf8_async,
                g_subprocess_communicate_utf8_finish, SELF (GSubprocess, process), STRING (input),
                OUT_STRING (output), OUT_STRING (errors))

/* Waits for several things at once, in the loop. */
static void
use_process (void)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  g_autofree char *errors = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                              &error, "sh", "-c", "echo aside >&2; cat", NULL);
  g_assert_no_error (error);
  g_assert_true (communicate (process, "through", NULL, &output, &errors, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (output, ==, "through");
  g_assert_cmpstr (errors, ==, "aside\n");
}

#endif

typedef void (*Use) (void);

static void
call_use (Use use)
{
  use ();
}

ASYNCIFY_DEFINE (NOTHING, call_use, VALUE (Use, use))

typedef struct {
  Use use;
} Case;

static void
test_on_a_worker (TestFixture *fixture,
                  gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };

  call_use_async (((const Case *) data)->use, NULL, test_reply_cb, &reply);
  test_reply_await (&reply);
  /* What comes out there is freed there. */
  test_forgive_strays ();
}

static void
test_elsewhere (TestFixture *fixture,
                gconstpointer data)
{
  call_use (((const Case *) data)->use);
  test_forgive_strays ();
}

static void
add (const char *name,
     const Case *the_case)
{
  g_autofree char *on_a_worker = g_strdup_printf ("/syncify/%s/on-a-worker", name);
  g_autofree char *elsewhere = g_strdup_printf ("/syncify/%s/elsewhere", name);

  g_test_add (on_a_worker, TestFixture, the_case, test_setup, test_on_a_worker, test_teardown);
  g_test_add (elsewhere, TestFixture, the_case, test_setup, test_elsewhere, test_teardown);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("params/all", &(Case) { use_all_kinds });
  add ("params/null", &(Case) { use_null });
  add ("params/failed", &(Case) { use_failing });
  add ("return/all", &(Case) { use_all_returns });
  add ("return/failed", &(Case) { use_failing_returns });
  add ("gio/file", &(Case) { use_file });
  add ("gio/file-that-is-missing", &(Case) { use_missing_file });
  add ("gio/stream", &(Case) { use_stream });
  add ("gio/no-source-object", &(Case) { use_bus });
#ifdef G_OS_UNIX
  add ("gio/process", &(Case) { use_process });
#endif

  return g_test_run ();
}
