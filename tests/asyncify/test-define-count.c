/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testutils.h"

/* Functions with none to eight parameters, and one with fifteen; each digit of what
 * they return is the parameter of that place. */
static guint64
digits0 (void)
{
  return 0;
}

static guint64
digits1 (int a)
{
  return a;
}

static guint64
digits2 (int a, int b)
{
  return 10 * digits1 (a) + b;
}

static guint64
digits3 (int a, int b, int c)
{
  return 10 * digits2 (a, b) + c;
}

static guint64
digits4 (int a, int b, int c, int d)
{
  return 10 * digits3 (a, b, c) + d;
}

static guint64
digits5 (int a, int b, int c, int d, int e)
{
  return 10 * digits4 (a, b, c, d) + e;
}

static guint64
digits6 (int a, int b, int c, int d, int e, int f)
{
  return 10 * digits5 (a, b, c, d, e) + f;
}

static guint64
digits7 (int a, int b, int c, int d, int e, int f, int g)
{
  return 10 * digits6 (a, b, c, d, e, f) + g;
}

static guint64
digits8 (int a, int b, int c, int d, int e, int f, int g, int h)
{
  return 10 * digits7 (a, b, c, d, e, f, g) + h;
}

static guint64
digits15 (int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l, int m,
          int n, int o)
{
  return 10000000 * digits8 (a, b, c, d, e, f, g, h) + digits7 (i, j, k, l, m, n, o);
}

ASYNCIFY_DEFINE (VALUE (guint64), digits0)
ASYNCIFY_DEFINE (VALUE (guint64), digits1, VALUE (int, a))
ASYNCIFY_DEFINE (VALUE (guint64), digits2, VALUE (int, a), VALUE (int, b))
ASYNCIFY_DEFINE (VALUE (guint64), digits3, VALUE (int, a), VALUE (int, b), VALUE (int, c))
ASYNCIFY_DEFINE (VALUE (guint64), digits4, VALUE (int, a), VALUE (int, b), VALUE (int, c),
                 VALUE (int, d))
ASYNCIFY_DEFINE (VALUE (guint64), digits5, VALUE (int, a), VALUE (int, b), VALUE (int, c),
                 VALUE (int, d), VALUE (int, e))
ASYNCIFY_DEFINE (VALUE (guint64), digits6, VALUE (int, a), VALUE (int, b), VALUE (int, c),
                 VALUE (int, d), VALUE (int, e), VALUE (int, f))
ASYNCIFY_DEFINE (VALUE (guint64), digits7, VALUE (int, a), VALUE (int, b), VALUE (int, c),
                 VALUE (int, d), VALUE (int, e), VALUE (int, f), VALUE (int, g))
ASYNCIFY_DEFINE (VALUE (guint64), digits8, VALUE (int, a), VALUE (int, b), VALUE (int, c),
                 VALUE (int, d), VALUE (int, e), VALUE (int, f), VALUE (int, g), VALUE (int, h))
ASYNCIFY_DEFINE (VALUE (guint64), digits15, VALUE (int, a), VALUE (int, b), VALUE (int, c),
                 VALUE (int, d), VALUE (int, e), VALUE (int, f), VALUE (int, g), VALUE (int, h),
                 VALUE (int, i), VALUE (int, j), VALUE (int, k), VALUE (int, l), VALUE (int, m),
                 VALUE (int, n), VALUE (int, o))

#define test_digits(pair, expected, ...)                                                           \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_auto (TestReply) reply = { 0 };                                                              \
    g_autoptr (GError) error = NULL;                                                               \
                                                                                                   \
    pair##_async (__VA_ARGS__, test_reply_cb, &reply);                                             \
    g_assert_cmpuint (pair##_finish (test_reply_await (&reply), &error), ==, expected);            \
    g_assert_no_error (error);                                                                     \
  }                                                                                                \
  G_STMT_END

static void
test_count_none_to_fifteen (TestFixture *fixture,
                            gconstpointer data)
{
  test_digits (digits0, 0, NULL);
  test_digits (digits1, 1, 1, NULL);
  test_digits (digits2, 12, 1, 2, NULL);
  test_digits (digits3, 123, 1, 2, 3, NULL);
  test_digits (digits4, 1234, 1, 2, 3, 4, NULL);
  test_digits (digits5, 12345, 1, 2, 3, 4, 5, NULL);
  test_digits (digits6, 123456, 1, 2, 3, 4, 5, 6, NULL);
  test_digits (digits7, 1234567, 1, 2, 3, 4, 5, 6, 7, NULL);
  test_digits (digits8, 12345678, 1, 2, 3, 4, 5, 6, 7, 8, NULL);
  test_digits (digits15, G_GUINT64_CONSTANT (123456789123456), 1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3,
               4, 5, 6, NULL);
}

/* async_full () takes the same arguments as async (), and the options after them. */
static void
test_count_with_options (TestFixture *fixture,
                         gconstpointer data)
{
  const AsyncifyOptions options = { .priority = G_PRIORITY_LOW };
  g_auto (TestReply) none = { 0 };
  g_auto (TestReply) three = { 0 };

  digits0_async_full (&options, NULL, test_reply_cb, &none);
  digits3_async_full (1, 2, 3, &options, NULL, test_reply_cb, &three);
  g_assert_cmpuint (digits0_finish (test_reply_await (&none), NULL), ==, 0);
  g_assert_cmpuint (digits3_finish (test_reply_await (&three), NULL), ==, 123);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/define/count/none-to-fifteen", test_count_none_to_fifteen);
  test_add ("/define/count/with-options", test_count_with_options);

  return g_test_run ();
}
