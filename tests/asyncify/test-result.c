/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Who owns results and arguments, and until when. That they are freed on the thread
 * of the caller is checked in every test, by the teardown.
 */

#include "testutils.h"

/* Takes and gives what has to be freed. */
static TestThing *
make_thing (TestGate *gate,
            TestThing *thing,
            TestBlob *blob,
            TestBlob **sum)
{
  int number = test_thing_get_number (thing);

  if (gate != NULL)
    test_gate_enter (gate);
  *sum = test_blob_new (number + blob->number);

  return test_thing_new (number + 1);
}

ASYNCIFY_DEFINE (OBJECT (TestThing), make_thing, BORROWED (TestGate *, gate),
                 OBJECT (TestThing, thing), BOXED (TestBlob, blob, test_blob_copy, test_blob_free),
                 OUT_BOXED (TestBlob, sum, test_blob_free))

ASYNCIFY_DEFINE_AS (VALUE (int), pass, pass_gate, BORROWED (TestGate *, gate), VALUE (int, number))

static void
begin_thing (TestGate *gate,
             GAsyncReadyCallback callback,
             gpointer user_data)
{
  g_autoptr (TestThing) thing = test_thing_new (10);
  g_autoptr (TestBlob) blob = test_blob_new (20);

  make_thing_async (gate, thing, blob, NULL, callback, user_data);
}

static void
check_thing (GAsyncResult *result)
{
  g_autoptr (TestBlob) sum = NULL;
  g_autoptr (TestThing) thing = NULL;
  g_autoptr (GError) error = NULL;

  thing = make_thing_finish (result, &sum, &error);
  g_assert_no_error (error);
  g_assert_cmpint (test_thing_get_number (thing), ==, 11);
  g_assert_cmpint (sum->number, ==, 30);
}

static void
test_finished (TestFixture *fixture,
               gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };

  begin_thing (NULL, test_reply_cb, &reply);
  check_thing (test_reply_await (&reply));
}

static void
test_not_finished (TestFixture *fixture,
                   gconstpointer data)
{
  guint n_calls = 0;

  begin_thing (NULL, test_count_cb, &n_calls);
  run_until (n_calls == 1);
}

static void
test_no_callback (TestFixture *fixture,
                  gconstpointer data)
{
  begin_thing (NULL, NULL, NULL);
  run_until (test_count_alive () == 0);
}

/* In the callback, arguments and results are all still there. */
static void
test_kept_until_callback (TestFixture *fixture,
                          gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  TEST_GATE (gate);

  begin_thing (&gate, test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  g_assert_cmpuint (test_count_alive (), ==, 2);
  test_gate_open (&gate);
  test_await_alive (4);
  check_thing (test_reply_await (&reply));
}

static void
test_finished_later (TestFixture *fixture,
                     gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GAsyncResult) result = NULL;

  begin_thing (NULL, test_reply_cb, &reply);
  result = g_object_ref (test_reply_await (&reply));
  run_dry ();
  check_thing (result);
}

#define TEST_ERROR (g_quark_from_static_string ("test-error"))
#define TEST_ERROR_CODE 77

static int
fail (const char *message,
      GError **error)
{
  g_set_error_literal (error, TEST_ERROR, TEST_ERROR_CODE, message);

  return 5;
}

ASYNCIFY_DEFINE (VALUE (int), fail, STRING (message), THROWS)

static void
test_error (TestFixture *fixture,
            gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GError) error = NULL;

  fail_async ("The words of the function", NULL, test_reply_cb, &reply);
  g_assert_cmpint (fail_finish (test_reply_await (&reply), &error), ==, 0);
  g_assert_error (error, TEST_ERROR, TEST_ERROR_CODE);
  g_assert_cmpstr (error->message, ==, "The words of the function");
}

/* Nobody asks for it, and nothing is said of it: a warning would end the program. */
static void
test_failure_not_finished (TestFixture *fixture,
                           gconstpointer data)
{
  g_autoptr (GCancellable) cancelled = g_cancellable_new ();
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  const AsyncifyOptions options = { .limiter = limiter };
  guint n_calls = 0;

  g_cancellable_cancel (cancelled);
  fail_async_full ("Not heard", &options, NULL, NULL, NULL);
  fail_async_full ("Not heard", &options, cancelled, NULL, NULL);
  fail_async_full ("Not heard", &options, NULL, test_count_cb, &n_calls);
  fail_async_full ("Not heard", &options, cancelled, test_count_cb, &n_calls);
  run_until (n_calls == 2);
}

static void
ordinary_cb (GObject *source_object,
             GAsyncResult *result,
             gpointer user_data)
{
  g_assert_false (g_task_get_completed (G_TASK (result)));
  test_reply_cb (source_object, result, user_data);
}

static void
check_ordinary (TestReply *reply,
                gpointer source_object,
                gboolean had_error)
{
  GTask *task = G_TASK (test_reply_await (reply));

  g_assert_true (g_task_is_valid (task, source_object));
  g_assert_true (g_task_get_source_object (task) == source_object);
  g_assert_true (g_task_get_context (task) == g_main_context_get_thread_default ());
  g_assert_true (g_async_result_get_user_data (reply->result) == reply);
  g_assert_true (g_task_had_error (task) == had_error);
  g_assert_true (g_task_get_completed (task));
}

/* Whoever knows GTask may ask the result all that. */
static void
test_ordinary (TestFixture *fixture,
               gconstpointer data)
{
  g_autoptr (TestThing) thing = test_thing_new (1);
  const AsyncifyOptions options = { .source_object = G_OBJECT (thing) };
  g_auto (TestReply) good = { 0 };
  g_auto (TestReply) bad = { 0 };

  pass_async_full (NULL, 5, &options, NULL, ordinary_cb, &good);
  fail_async ("Failed", NULL, ordinary_cb, &bad);
  check_ordinary (&good, thing, FALSE);
  check_ordinary (&bad, NULL, TRUE);
}

static void
expect_critical (const char *pattern)
{
  g_test_expect_message ("Asyncify", G_LOG_LEVEL_CRITICAL, pattern);
}

static void
test_finished_twice (TestFixture *fixture,
                     gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  TestBlob *sum = (gpointer) &reply;

  begin_thing (NULL, test_reply_cb, &reply);
  check_thing (test_reply_await (&reply));

  expect_critical ("make_thing_finish: *");
  g_assert_null (make_thing_finish (reply.result, &sum, &error));
  g_test_assert_expected_messages ();
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_true (sum == (gpointer) &reply);
}

static void
test_failure_finished_twice (TestFixture *fixture,
                             gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  pass_async (NULL, 5, cancellable, test_reply_cb, &reply);
  g_assert_cmpint (pass_finish (test_reply_await (&reply), &error), ==, 0);
  assert_cancelled (error);
  g_clear_error (&error);

  expect_critical ("pass_finish: *");
  g_assert_cmpint (pass_finish (reply.result, &error), ==, 0);
  g_test_assert_expected_messages ();
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

/* pass and pass_gate are the same function, but not the same pair. */
static void
test_of_another (TestFixture *fixture,
                 gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) another_error = NULL;

  pass_gate_async (NULL, 5, NULL, test_reply_cb, &reply);
  test_reply_await (&reply);

  expect_critical ("pass_finish: *");
  g_assert_cmpint (pass_finish (reply.result, &error), ==, 0);
  expect_critical ("make_thing_finish: *");
  g_assert_null (make_thing_finish (reply.result, NULL, &another_error));
  g_test_assert_expected_messages ();
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_error (another_error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);

  /* And there is no harm in that for the right one. */
  g_assert_cmpint (pass_gate_finish (reply.result, NULL), ==, 5);
}

static void
test_of_a_stranger (TestFixture *fixture,
                    gconstpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_task_return_int (task, 5);
  expect_critical ("pass_finish: *");
  g_assert_cmpint (pass_finish (G_ASYNC_RESULT (task), &error), ==, 0);
  g_test_assert_expected_messages ();
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);

  expect_critical ("pass_finish: *");
  g_assert_cmpint (pass_finish (NULL, NULL), ==, 0);
  g_test_assert_expected_messages ();
}

static void
test_source_object (TestFixture *fixture,
                    gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };
  TestThing *thing = test_thing_new (1);
  g_autoptr (GObject) source_object = NULL;
  TEST_GATE (gate);

  pass_async_full (&gate, 5, &(AsyncifyOptions) { .source_object = G_OBJECT (thing) }, NULL,
                   test_reply_cb, &reply);
  test_gate_await (&gate, 1);
  g_object_unref (thing);
  g_assert_cmpuint (test_count_alive (), ==, 1);
  test_gate_open (&gate);

  g_assert_cmpint (pass_finish (test_reply_await (&reply), NULL), ==, 5);
  g_assert_true (reply.source_object == G_OBJECT (thing));
  source_object = g_async_result_get_source_object (reply.result);
  g_assert_true (source_object == G_OBJECT (thing));
  g_assert_true (g_async_result_get_user_data (reply.result) == &reply);
}

/* The caller may overwrite them at once, and release what they name. */
static void
test_options_copied (TestFixture *fixture,
                     gconstpointer data)
{
  TestThing *thing = test_thing_new (1);
  AsyncifyLimiter *limiter = asyncify_limiter_new (1);
  AsyncifyOptions options = { .source_object = G_OBJECT (thing), .limiter = limiter };
  g_auto (TestReply) reply = { 0 };
  guint ended = 0;
  TEST_GATE (gate);

  fill_limiter (limiter, 1, &gate, &ended);
  pass_async_full (NULL, 5, &options, NULL, test_reply_cb, &reply);
  memset (&options, 0xff, sizeof options);
  g_object_unref (thing);
  g_object_unref (limiter);

  test_gate_open (&gate);
  g_assert_cmpint (pass_finish (test_reply_await (&reply), NULL), ==, 5);
  g_assert_true (reply.source_object == G_OBJECT (thing));
  run_until (ended == 1);
}

static void
test_no_source_object (TestFixture *fixture,
                       gconstpointer data)
{
  g_auto (TestReply) reply = { 0 };

  pass_async (NULL, 5, NULL, test_reply_cb, &reply);
  test_reply_await (&reply);
  g_assert_null (reply.source_object);
}

/* The source object, the arguments and the results of each thread's calls have that
 * thread for a home. */
static TestThing *
make_for (GThread *home,
          TestThing *thing)
{
  return test_thing_new_for (test_thing_get_number (thing), home);
}

ASYNCIFY_DEFINE (OBJECT (TestThing), make_for, VALUE (GThread *, home), OBJECT (TestThing, thing))

static gpointer
call_from_thread (gpointer data)
{
  GThread *self = g_thread_self ();
  g_autoptr (GMainContext) context = g_main_context_new ();
  guint n_calls = 0;

  g_main_context_push_thread_default (context);
  for (int i = 0; i < 100; i++)
    {
      g_autoptr (TestThing) thing = test_thing_new_for (i, self);
      g_autoptr (TestThing) source_object = test_thing_new_for (i, self);
      const AsyncifyOptions options = { .source_object = G_OBJECT (source_object) };

      make_for_async_full (self, thing, &options, NULL, test_count_cb, &n_calls);
    }
  run_until (n_calls == 100);
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
test_freed_at_home (TestFixture *fixture,
                    gconstpointer data)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("caller", call_from_thread, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* Not even by the worker, which waits for another call for a moment. */
static void
test_nothing_kept (TestFixture *fixture,
                   gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  for (int i = 0; i < 100; i++)
    {
      TestThing *thing = test_thing_new (i);
      TestThing *source_object = test_thing_new (i);
      const AsyncifyOptions options = { .source_object = G_OBJECT (source_object) };
      g_autoptr (TestBlob) blob = test_blob_new (i);
      guint n_calls = 0;

      make_thing_async_full (NULL, thing, blob, &options, cancellable, test_count_cb, &n_calls);
      g_object_unref (thing);
      g_object_unref (source_object);
      run_until (n_calls == 1);
      g_assert_cmpuint (test_count_alive (), ==, 1);
      g_assert_cmpuint (G_OBJECT (cancellable)->ref_count, ==, 1);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/call/result/finished", test_finished);
  test_add ("/call/result/error-is-the-functions-own", test_error);
  test_add ("/call/result/is-an-ordinary-task", test_ordinary);
  test_add ("/call/result/not-finished-is-freed", test_not_finished);
  test_add ("/call/result/failure-not-finished-is-freed", test_failure_not_finished);
  test_add ("/call/result/without-callback-is-freed", test_no_callback);
  test_add ("/call/result/kept-until-callback", test_kept_until_callback);
  test_add ("/call/result/finished-after-the-callback", test_finished_later);
  test_add ("/call/result/finished-twice-is-a-critical", test_finished_twice);
  test_add ("/call/result/failure-finished-twice-is-a-critical", test_failure_finished_twice);
  test_add ("/call/result/of-another-pair-is-a-critical", test_of_another);
  test_add ("/call/result/of-a-stranger-is-a-critical", test_of_a_stranger);
  test_add ("/call/source-object/kept-until-callback", test_source_object);
  test_add ("/call/source-object/none", test_no_source_object);
  test_add ("/call/options/copied-before-async-returns", test_options_copied);
  test_add ("/call/freed/on-the-thread-of-the-caller", test_freed_at_home);
  test_add ("/call/freed/when-the-callback-has-returned", test_nothing_kept);

  return g_test_run ();
}
