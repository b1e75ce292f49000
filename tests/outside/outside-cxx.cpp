/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A program in C++, with pairs that C implements. */

#include "outside-shared.h"
#include "outside.h"

static GAsyncResult *kept;

static void
check_pairs ()
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  g_autoptr (AsyncifyJob) job = asyncify_job_new ("From C++");
  g_autoptr (GError) error = nullptr;
  g_autofree char *greeting = nullptr;
  AsyncifyOptions options = AsyncifyOptions ();
  int quotient = 0, rest = 0;

  options.limiter = limiter;
  options.job = job;
  shared_greet_async_full ("C++", &options, nullptr, keep_cb, &kept);
  greeting = shared_greet_finish (await (&kept), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (greeting, ==, "Hello, C++!");
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_SUCCEEDED);

  shared_long_division_async (17, 5, nullptr, keep_cb, &kept);
  g_assert_true (shared_long_division_finish (await (&kept), &quotient, &rest, &error));
  g_assert_cmpint (quotient, ==, 3);
}

int
main ()
{
  begin ();
  check_pairs ();

  return 0;
}
