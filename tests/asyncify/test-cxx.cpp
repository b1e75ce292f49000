/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A C++ program that calls a pair which C implements, also as a blocking function. */

#include "define-pair.h"
#include "syncify-pair.h"

#include <string>

struct Answer
{
  bool arrived = false;
  std::string text;
};

static void
ready_cb (GObject *, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = static_cast<Answer *> (user_data);
  g_autoptr (GError) error = nullptr;
  g_autofree char *text = greet_finish (result, &error);

  g_assert_no_error (error);
  answer->text = text;
  answer->arrived = true;
}

static void
test_called (void)
{
  Answer answer;
  g_autoptr (AsyncifyJob) job = asyncify_job_new ("From C++");
  AsyncifyOptions options = AsyncifyOptions ();

  options.job = job;
  greet_async_full ("C++", &options, nullptr, ready_cb, &answer);
  while (!answer.arrived)
    g_main_context_iteration (nullptr, TRUE);
  g_assert_cmpstr (answer.text.c_str (), ==, "Hello, C++!");
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_SUCCEEDED);
}

static void
test_blocking (void)
{
  g_autoptr (GError) error = nullptr;
  g_autofree char *text = greet_and_wait ("C++", nullptr, &error);
  g_autoptr (GFile) file = g_file_new_for_path ("/there/is/no/such/file");

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "Hello, C++!");
  g_assert_false (load_and_wait (file, nullptr, nullptr, nullptr, nullptr, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, nullptr);

  g_test_add_func ("/cxx/calls-a-pair-of-c", test_called);
  g_test_add_func ("/cxx/calls-a-pair-and-waits", test_blocking);

  return g_test_run ();
}
