/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a pair may return, and where it may be defined. */

#include "define-pair.h"
#include "testutils.h"

typedef struct {
  int x;
  double y;
  char name[40];
} Point;

typedef enum {
  GOOD,    /* return something */
  BAD,     /* set the error */
  CONFUSED /* do both */
} How;

static guint n_ran; /* atomic */

static gboolean
begin (How how,
       GError **error)
{
  g_atomic_int_inc (&n_ran);
  if (how != GOOD)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "as asked");

  return how != BAD;
}

static void
do_nothing (How how,
            GError **error)
{
  begin (how, error);
}

static gboolean
get_boolean (How how,
             gboolean answer,
             GError **error)
{
  return begin (how, error) ? answer : FALSE;
}

static guint64
get_number (How how,
            GError **error)
{
  return begin (how, error) ? G_MAXUINT64 : 7;
}

static Point
get_point (How how,
           GError **error)
{
  return begin (how, error) ? (Point) { 3, 4.5, "here" } : (Point) { 1, 1, "nowhere" };
}

static const char *
get_constant (How how,
              GError **error)
{
  return begin (how, error) ? "constant" : NULL;
}

static char *
get_string (How how,
            GError **error)
{
  return begin (how, error) ? g_strdup ("string") : NULL;
}

static char **
get_strv (How how,
          GError **error)
{
  return begin (how, error) ? g_strsplit ("a b c", " ", -1) : NULL;
}

static TestThing *
get_thing (How how,
           GError **error)
{
  return begin (how, error) ? test_thing_new (5) : NULL;
}

static TestBlob *
get_blob (How how,
          GError **error)
{
  return begin (how, error) ? test_blob_new (6) : NULL;
}

ASYNCIFY_DEFINE (NOTHING, do_nothing, VALUE (How, how), THROWS)
ASYNCIFY_DEFINE (BOOLEAN, get_boolean, VALUE (How, how), VALUE (gboolean, answer), THROWS)
ASYNCIFY_DEFINE (VALUE (guint64), get_number, VALUE (How, how), THROWS)
ASYNCIFY_DEFINE (VALUE (Point), get_point, VALUE (How, how), THROWS)
ASYNCIFY_DEFINE (VALUE (const char *), get_constant, VALUE (How, how), THROWS)
ASYNCIFY_DEFINE (STRING, get_string, VALUE (How, how), THROWS)
ASYNCIFY_DEFINE (STRV, get_strv, VALUE (How, how), THROWS)
ASYNCIFY_DEFINE (OBJECT (TestThing), get_thing, VALUE (How, how), THROWS)
ASYNCIFY_DEFINE (BOXED (TestBlob, test_blob_copy, test_blob_free), get_blob, VALUE (How, how),
                 THROWS)

/* Calls it each way: good, bad and confused. In the last two finish must set the error,
 * and give nothing. (@good and @nothing say what has to be true of `value`.) */
#define test_return(pair, arguments, type, good, nothing, release)                                 \
  G_STMT_START                                                                                     \
  {                                                                                                \
    for (How how = GOOD; how <= CONFUSED; how++)                                                   \
      {                                                                                            \
        g_auto (TestReply) reply = { 0 };                                                          \
        g_autoptr (GError) error = NULL;                                                           \
        type value;                                                                                \
                                                                                                   \
        pair##_async arguments;                                                                    \
        value = pair##_finish (test_reply_await (&reply), &error);                                 \
        if (how == GOOD)                                                                           \
          {                                                                                        \
            g_assert_no_error (error);                                                             \
            g_assert_true (good);                                                                  \
            release (value);                                                                       \
          }                                                                                        \
        else                                                                                       \
          {                                                                                        \
            g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);                                   \
            g_assert_true (nothing);                                                               \
          }                                                                                        \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

#define keep(value)
#define HOW (how, NULL, test_reply_cb, &reply)

static void
test_return_nothing (TestFixture *fixture,
                     gconstpointer data)
{
  for (How how = GOOD; how <= CONFUSED; how++)
    {
      g_auto (TestReply) reply = { 0 };
      g_autoptr (GError) error = NULL;

      g_atomic_int_set (&n_ran, 0);
      do_nothing_async (how, NULL, test_reply_cb, &reply);
      do_nothing_finish (test_reply_await (&reply), &error);
      g_assert_cmpuint (g_atomic_int_get (&n_ran), ==, 1);
      if (how == GOOD)
        g_assert_no_error (error);
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
    }
}

static void
test_return_boolean (TestFixture *fixture,
                     gconstpointer data)
{
  test_return (get_boolean, (how, TRUE, NULL, test_reply_cb, &reply), gboolean, value == TRUE,
               value == FALSE, keep);
  test_return (get_boolean, (how, FALSE, NULL, test_reply_cb, &reply), gboolean, value == FALSE,
               value == FALSE, keep);
}

static void
test_return_value (TestFixture *fixture,
                   gconstpointer data)
{
  test_return (get_number, HOW, guint64, value == G_MAXUINT64, value == 0, keep);
  test_return (get_constant, HOW, const char *, g_str_equal (value, "constant"), value == NULL,
               keep);
}

static void
test_return_struct (TestFixture *fixture,
                    gconstpointer data)
{
  test_return (get_point, HOW, Point,
               value.x == 3 && value.y == 4.5 && g_str_equal (value.name, "here"),
               value.x == 0 && value.y == 0 && value.name[0] == '\0', keep);
}

static void
test_return_string (TestFixture *fixture,
                    gconstpointer data)
{
  test_return (get_string, HOW, char *, g_str_equal (value, "string"), value == NULL, g_free);
}

static void
test_return_strv (TestFixture *fixture,
                  gconstpointer data)
{
  const char *expected[] = { "a", "b", "c", NULL };

  test_return (get_strv, HOW, char **, g_strv_equal ((const char **) value, expected),
               value == NULL, g_strfreev);
}

static void
test_return_object (TestFixture *fixture,
                    gconstpointer data)
{
  test_return (get_thing, HOW, TestThing *,
               test_thing_get_number (value) == 5 && G_OBJECT (value)->ref_count == 1,
               value == NULL, g_object_unref);
}

static void
test_return_boxed (TestFixture *fixture,
                   gconstpointer data)
{
  test_return (get_blob, HOW, TestBlob *, value->number == 6 && test_count_alive () == 1,
               value == NULL, test_blob_free);
}

/* Whoever doesn't want to know why may pass no GError. */
static void
test_return_without_error (TestFixture *fixture,
                           gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };

  get_thing_async (BAD, NULL, test_reply_cb, &reply);
  g_assert_null (get_thing_finish (test_reply_await (&reply), NULL));
}

ASYNCIFY_DEFINE_AS (STRING, speak, greet, STRING (name), THROWS)

static void
test_where_defined_as (TestFixture *fixture,
                       gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_autofree char *speech = NULL;

  speak_async ("you", NULL, test_reply_cb, &reply);
  speech = speak_finish (test_reply_await (&reply), NULL);
  g_assert_cmpstr (speech, ==, "Hello, you!");
}

static void
test_where_declared (TestFixture *fixture,
                     gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) none = { 0 };
  g_autofree char *greeting = NULL;
  g_autoptr (GError) error = NULL;

  greet_async ("World", NULL, test_reply_cb, &reply);
  greeting = greet_finish (test_reply_await (&reply), NULL);
  g_assert_cmpstr (greeting, ==, "Hello, World!");

  greet_async (NULL, NULL, test_reply_cb, &none);
  g_assert_null (greet_finish (test_reply_await (&none), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
test_where_declared_as (TestFixture *fixture,
                        gconstpointer data)
{
  const char *path = g_test_get_filename (G_TEST_DIST, "meson.build", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *etag = NULL;
  gsize length = 0;

  load_async_full (file, &(AsyncifyOptions) { .priority = 1 }, NULL, test_reply_cb, &reply);
  g_assert_true (load_finish (test_reply_await (&reply), &contents, &length, &etag, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, strlen (contents));
  g_assert_nonnull (strstr (contents, "SPDX"));
  g_assert_nonnull (etag);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/define/return/nothing", test_return_nothing);
  test_add ("/define/return/boolean", test_return_boolean);
  test_add ("/define/return/value", test_return_value);
  test_add ("/define/return/struct-by-value", test_return_struct);
  test_add ("/define/return/string", test_return_string);
  test_add ("/define/return/strv", test_return_strv);
  test_add ("/define/return/object", test_return_object);
  test_add ("/define/return/boxed", test_return_boxed);
  test_add ("/define/return/error-not-asked-for", test_return_without_error);
  test_add ("/define/where/another-name", test_where_defined_as);
  test_add ("/define/where/declared-in-a-header", test_where_declared);
  test_add ("/define/where/declared-with-another-name", test_where_declared_as);

  return g_test_run ();
}
