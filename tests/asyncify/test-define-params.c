/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The kinds of parameters. */

#include "testutils.h"

/* Every kind that goes in. */
static char *
describe (TestGate *gate,
          long double value,
          const char *string,
          const char *const *strv,
          TestThing *thing,
          TestBlob *blob)
{
  g_autofree char *joined = NULL;

  if (gate != NULL)
    test_gate_enter (gate);
  if (strv != NULL)
    joined = g_strjoinv (",", (char **) strv);

  return g_strdup_printf ("%g %s %s %d %d", (double) value, string != NULL ? string : "-",
                          joined != NULL ? joined : "-",
                          thing != NULL ? test_thing_get_number (thing) : -1,
                          blob != NULL ? blob->number : -1);
}

ASYNCIFY_DEFINE (STRING, describe, BORROWED (TestGate *, gate), VALUE (long double, value),
                 STRING (string), STRV (strv), OBJECT (TestThing, thing),
                 BOXED (TestBlob, blob, test_blob_copy, test_blob_free))

static void
test_in_copied (TestFixture *fixture,
                gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_autofree char *description = NULL;
  char string[] = "string";
  char *strv[] = { string, string, NULL };
  TestThing *thing = test_thing_new (5);
  TestBlob *blob = test_blob_new (6);
  TEST_GATE (gate);

  describe_async (&gate, 0.5, string, (const char *const *) strv, thing, blob, NULL, test_reply_cb,
                  &reply);

  /* The caller may do with them now what it likes. */
  g_assert_cmpuint (test_count_alive (), ==, 3);
  memset (string, 'x', 6);
  memset (strv, 0, sizeof strv);
  g_object_unref (thing);
  blob->number = 0;
  test_blob_free (blob);

  test_gate_open (&gate);
  description = describe_finish (test_reply_await (&reply), NULL);
  g_assert_cmpstr (description, ==, "0.5 string string,string 5 6");
}

static void
test_in_null (TestFixture *fixture,
              gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_autofree char *description = NULL;

  describe_async (NULL, 0, NULL, NULL, NULL, NULL, NULL, test_reply_cb, &reply);
  description = describe_finish (test_reply_await (&reply), NULL);
  g_assert_cmpstr (description, ==, "0 - - -1 -1");
}

static gpointer
get_borrowed (const int *borrowed,
              gpointer another)
{
  return borrowed == another ? another : NULL;
}

ASYNCIFY_DEFINE (VALUE (gpointer), get_borrowed, BORROWED (const int *, borrowed),
                 BORROWED (gpointer, another))

static void
test_in_borrowed (TestFixture *fixture,
                  gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  int number = 5;

  get_borrowed_async (&number, &number, NULL, test_reply_cb, &reply);
  g_assert_true (get_borrowed_finish (test_reply_await (&reply), NULL) == &number);
}

/* Functions declare the constness of a vector in any of these ways. */
static guint
count_strings (char **a,
               const char **b,
               const char *const *c,
               GStrv d)
{
  return g_strv_length (a) + g_strv_length ((char **) b) + g_strv_length ((char **) c)
         + g_strv_length (d);
}

ASYNCIFY_DEFINE (VALUE (guint), count_strings, STRV (a), STRV (b), STRV (c), STRV (d))

static void
test_in_strv_of_any_constness (TestFixture *fixture,
                               gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  const char *const strv[] = { "1", "2", "3", NULL };

  count_strings_async (strv, strv, strv, strv, NULL, test_reply_cb, &reply);
  g_assert_cmpuint (count_strings_finish (test_reply_await (&reply), NULL), ==, 12);
}

/* An object is the caller's own, with one reference more. */
static gpointer
get_same (TestGate *gate,
          TestThing *thing)
{
  test_gate_enter (gate);

  return thing;
}

ASYNCIFY_DEFINE (VALUE (gpointer), get_same, BORROWED (TestGate *, gate), OBJECT (TestThing, thing))

static void
test_in_object_referenced (TestFixture *fixture,
                           gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_autoptr (TestThing) thing = test_thing_new (1);
  TEST_GATE (gate);

  get_same_async (&gate, thing, NULL, test_reply_cb, &reply);
  g_assert_cmpuint (G_OBJECT (thing)->ref_count, ==, 2);
  test_gate_open (&gate);
  g_assert_true (get_same_finish (test_reply_await (&reply), NULL) == thing);
}

static GCancellable *
get_cancellable (GError **error,
                 GCancellable *cancellable)
{
  g_assert_nonnull (error);
  g_assert_no_error (*error);

  return cancellable != NULL ? g_object_ref (cancellable) : NULL;
}

ASYNCIFY_DEFINE (OBJECT (GCancellable), get_cancellable, THROWS, CANCELLABLE)

static void
test_in_cancellable (TestFixture *fixture,
                     gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_auto (TestReply) none = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GCancellable) seen = NULL;
  g_autoptr (GError) error = NULL;

  get_cancellable_async (cancellable, test_reply_cb, &reply);
  seen = get_cancellable_finish (test_reply_await (&reply), &error);
  g_assert_true (seen == cancellable);

  get_cancellable_async (NULL, test_reply_cb, &none);
  g_assert_null (get_cancellable_finish (test_reply_await (&none), &error));
  g_assert_no_error (error);
}

/* Every kind that comes out; nothing if @how is empty. */
static gboolean
put_all (const char *how,
         int *value,
         char **string,
         GError **error,
         char ***strv,
         TestThing **thing,
         TestBlob **blob)
{
  if (strstr (how, "fill") != NULL)
    {
      *value = 3;
      *string = g_strdup ("string");
      *strv = g_strsplit ("a b", " ", -1);
      *thing = test_thing_new (5);
      *blob = test_blob_new (6);
    }
  if (strstr (how, "fail") != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, "as asked");

  return strstr (how, "fail") == NULL;
}

ASYNCIFY_DEFINE (BOOLEAN, put_all, STRING (how), OUT_VALUE (int, value), OUT_STRING (string),
                 THROWS, OUT_STRV (strv), OUT_OBJECT (TestThing, thing),
                 OUT_BOXED (TestBlob, blob, test_blob_free))

/* Each bit of @data says for one of them whether it is asked for. */
static void
test_out (TestFixture *fixture,
          gconstpointer data)
{
  const guint asked = GPOINTER_TO_UINT (data);
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *string = NULL;
  g_auto (GStrv) strv = NULL;
  g_autoptr (TestThing) thing = NULL;
  g_autoptr (TestBlob) blob = NULL;
  int value = 0;

  put_all_async ("fill", NULL, test_reply_cb, &reply);
  g_assert_true (put_all_finish (test_reply_await (&reply), asked & 1 ? &value : NULL,
                                 asked & 2 ? &string : NULL, asked & 4 ? &strv : NULL,
                                 asked & 8 ? &thing : NULL, asked & 16 ? &blob : NULL, &error));
  g_assert_no_error (error);

  g_assert_cmpint (value, ==, asked & 1 ? 3 : 0);
  g_assert_cmpstr (string, ==, asked & 2 ? "string" : NULL);
  g_assert_cmpuint (strv != NULL ? g_strv_length (strv) : 0, ==, asked & 4 ? 2 : 0);
  g_assert_cmpint (thing != NULL ? test_thing_get_number (thing) : 0, ==, asked & 8 ? 5 : 0);
  g_assert_cmpint (blob != NULL ? blob->number : 0, ==, asked & 16 ? 6 : 0);
}

/* What the function doesn't set is zero. */
static void
test_out_not_set (TestFixture *fixture,
                  gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  char *string = (char *) "old";
  char **strv = &string;
  TestThing *thing = (gpointer) &reply;
  TestBlob *blob = (gpointer) &reply;
  int value = 9;

  put_all_async ("", NULL, test_reply_cb, &reply);
  g_assert_true (put_all_finish (test_reply_await (&reply), &value, &string, &strv, &thing, &blob,
                                 NULL));
  g_assert_cmpint (value, ==, 0);
  g_assert_null (string);
  g_assert_null (strv);
  g_assert_null (thing);
  g_assert_null (blob);
}

/* Whatever a function that fails has put there: it is freed, and finish leaves the
 * caller's variables alone. */
static void
test_out_on_failure (TestFixture *fixture,
                     gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  char old[] = "old";
  char *string = old;
  char **strv = &string;
  TestThing *thing = (gpointer) &reply;
  TestBlob *blob = (gpointer) &reply;
  int value = 9;

  put_all_async (data, NULL, test_reply_cb, &reply);
  g_assert_false (put_all_finish (test_reply_await (&reply), &value, &string, &strv, &thing, &blob,
                                  &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_cmpint (value, ==, 9);
  g_assert_true (string == old);
  g_assert_true (strv == &string);
  g_assert_true (thing == (gpointer) &reply && blob == (gpointer) &reply);
}

/* A parameter may be called what the library's own macros call theirs. */
static int
add_numbers (int pair,
             const char *copy,
             TestBlob *free,
             int name,
             int *type)
{
  *type = pair + atoi (copy) + free->number + name;

  return *type;
}

ASYNCIFY_DEFINE (VALUE (int), add_numbers, VALUE (int, pair), STRING (copy),
                 BOXED (TestBlob, free, test_blob_copy, test_blob_free), VALUE (int, name),
                 OUT_VALUE (int, type))

static void
test_names (TestFixture *fixture,
            gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_autoptr (TestBlob) blob = test_blob_new (300);
  int sum = 0;

  add_numbers_async (1, "20", blob, 4000, NULL, test_reply_cb, &reply);
  g_assert_cmpint (add_numbers_finish (test_reply_await (&reply), &sum, NULL), ==, 4321);
  g_assert_cmpint (sum, ==, 4321);
}

static void
add_out (const char *path,
         guint asked)
{
  g_test_add (path, TestFixture, GUINT_TO_POINTER (asked), test_setup, test_out, test_teardown);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/define/in/copied-before-async-returns", test_in_copied);
  test_add ("/define/in/null", test_in_null);
  test_add ("/define/in/borrowed-as-it-is", test_in_borrowed);
  test_add ("/define/in/strv-of-any-constness", test_in_strv_of_any_constness);
  test_add ("/define/in/object-is-referenced", test_in_object_referenced);
  test_add ("/define/in/cancellable-and-throws", test_in_cancellable);
  add_out ("/define/out/all", 1 | 2 | 4 | 8 | 16);
  add_out ("/define/out/value", 1);
  add_out ("/define/out/string", 2);
  add_out ("/define/out/strv", 4);
  add_out ("/define/out/object", 8);
  add_out ("/define/out/boxed", 16);
  add_out ("/define/out/none", 0);
  test_add ("/define/out/not-set", test_out_not_set);
  g_test_add ("/define/out/failed", TestFixture, "fail", test_setup, test_out_on_failure,
              test_teardown);
  g_test_add ("/define/out/failed-after-all", TestFixture, "fill, then fail", test_setup,
              test_out_on_failure, test_teardown);
  test_add ("/define/names/that-macros-use", test_names);

  return g_test_run ();
}
