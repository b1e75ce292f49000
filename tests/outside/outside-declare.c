/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Pairs that another source file implements. */

#include "outside-shared.h"
#include "outside.h"

static GAsyncResult *kept;

static void
check_declared (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *greeting = NULL;

  shared_greet_async ("neighbour", NULL, keep_cb, &kept);
  greeting = shared_greet_finish (await (&kept), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (greeting, ==, "Hello, neighbour!");

  shared_greet_async_full (NULL, &(AsyncifyOptions) { .priority = G_PRIORITY_HIGH }, NULL, keep_cb,
                           &kept);
  g_assert_null (shared_greet_finish (await (&kept), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
check_declared_as (void)
{
  g_autoptr (GError) error = NULL;
  int quotient = 0, rest = 0;

  shared_long_division_async (17, 5, NULL, keep_cb, &kept);
  g_assert_true (shared_long_division_finish (await (&kept), &quotient, &rest, &error));
  g_assert_no_error (error);
  g_assert_cmpint (quotient, ==, 3);
  g_assert_cmpint (rest, ==, 2);

  shared_long_division_async_full (17, 0, NULL, NULL, keep_cb, &kept);
  g_assert_false (shared_long_division_finish (await (&kept), &quotient, &rest, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_cmpint (quotient, ==, 3);
}

int
main (void)
{
  begin ();
  check_declared ();
  check_declared_as ();

  return 0;
}
