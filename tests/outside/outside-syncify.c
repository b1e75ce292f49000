/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The other way round: asynchronous pairs called as blocking functions, on the main thread and on
 * a worker.
 */

#include "outside.h"

#include <string.h>

SYNCIFY_DEFINE (OBJECT (GFileInfo), query_info, g_file_query_info_async, g_file_query_info_finish,
                SELF (GFile, file), STRING (attributes), VALUE (GFileQueryInfoFlags, flags),
                VALUE (int, priority))

SYNCIFY_DECLARE (BOOLEAN, load, g_file_load_contents_async, g_file_load_contents_finish,
                 SELF (GFile, file), OUT_STRING (contents), OUT_VALUE (gsize, length),
                 OUT_STRING (etag))
SYNCIFY_IMPLEMENT (BOOLEAN, load, g_file_load_contents_async, g_file_load_contents_finish,
                   SELF (GFile, file), OUT_STRING (contents), OUT_VALUE (gsize, length),
                   OUT_STRING (etag))

/* A pair of somebody's own that asks the user: on the main thread only. */

static GThread *main_thread;

static gboolean
answer_cb (gpointer data)
{
  g_task_return_pointer (data, g_strconcat (g_task_get_task_data (data), " Yes.", NULL), g_free);

  return G_SOURCE_REMOVE;
}

static void
ask_async (const char *question,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_assert_true (g_thread_self () == main_thread);
  g_task_set_task_data (task, g_strdup (question), g_free);
  g_idle_add_full (G_PRIORITY_DEFAULT, answer_cb, task, g_object_unref);
}

static char *
ask_finish (GAsyncResult *result,
            GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

SYNCIFY_DEFINE (STRING, ask, ask_async, ask_finish, STRING (question))

static char *
work_and_ask (const char *question,
              GCancellable *cancellable,
              GError **error)
{
  g_assert_true (g_thread_self () != main_thread);

  return ask (question, cancellable, error);
}

static gsize
measure (GFile *file,
         GCancellable *cancellable,
         GError **error)
{
  g_autofree char *contents = NULL;
  gsize length = 0;

  return load (file, cancellable, &contents, &length, NULL, error) ? length : 0;
}

ASYNCIFY_DEFINE (STRING, work_and_ask, STRING (question), CANCELLABLE, THROWS)
ASYNCIFY_DEFINE (VALUE (gsize), measure, OBJECT (GFile, file), CANCELLABLE, THROWS)

static GAsyncResult *kept;

static void
check_called_anywhere (void)
{
  g_autoptr (GFile) file = g_file_new_for_path (__FILE__);
  g_autoptr (GFile) missing = g_file_new_for_path ("/there/is/no/such/file");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *contents = NULL, *etag = NULL;
  g_autoptr (GFileInfo) info = NULL;
  g_autoptr (GError) error = NULL;
  gsize length = 0;

  info = query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE,
                     G_PRIORITY_DEFAULT, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (load (file, NULL, &contents, &length, &etag, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, g_file_info_get_size (info));
  g_assert_cmpuint (length, ==, strlen (contents));
  g_assert_nonnull (etag);

  g_assert_false (load (missing, NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_cancellable_cancel (cancellable);
  g_assert_null (query_info (file, "*", G_FILE_QUERY_INFO_NONE, 0, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The user is asked where the call came from. */
static void
check_called_on_worker (void)
{
  g_autoptr (GFile) file = g_file_new_for_path (__FILE__);
  g_autoptr (GError) error = NULL;
  g_autofree char *answer = NULL;

  work_and_ask_async ("Shall I?", NULL, keep_cb, &kept);
  answer = work_and_ask_finish (await (&kept), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (answer, ==, "Shall I? Yes.");

  measure_async (file, NULL, keep_cb, &kept);
  g_assert_cmpuint (measure_finish (await (&kept), &error), >, 1000);
  g_assert_no_error (error);
}

/* One call waits for another, and there is but one place for both: who waits lends it. */

static char *
shout (const char *text)
{
  return g_ascii_strup (text, -1);
}

ASYNCIFY_DEFINE (STRING, shout, STRING (text))
SYNCIFY_DEFINE (STRING, have_shouted, shout_async_full, shout_finish, STRING (text),
                BORROWED (const AsyncifyOptions *, where))

static char *
shout_by_another (const char *text,
                  const AsyncifyOptions *where,
                  GError **error)
{
  return have_shouted (text, where, NULL, error);
}

ASYNCIFY_DEFINE (STRING, shout_by_another, STRING (text),
                 BORROWED (const AsyncifyOptions *, where), THROWS)

static void
check_place_is_lent (void)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  AsyncifyOptions options = { .limiter = limiter };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  shout_by_another_async_full ("hello", &options, &options, NULL, keep_cb, &kept);
  text = shout_by_another_finish (await (&kept), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, "HELLO");
}

/* Where there is nobody any more who could answer, that is an error. */

static GMutex gate;   /* held by main () while the function shall wait */
static GError *heard; /* atomic: the worker's */

static void
ask_nobody (void)
{
  g_autofree char *answer = NULL;
  GError *error = NULL;

  g_mutex_lock (&gate);
  g_mutex_unlock (&gate);
  answer = ask ("Anybody there?", NULL, &error);
  g_assert_null (answer);
  g_atomic_pointer_set (&heard, error);
}

ASYNCIFY_DEFINE (NOTHING, ask_nobody)

static void
check_nobody_can_answer (void)
{
  GMainContext *context = g_main_context_new ();

  g_mutex_lock (&gate);
  g_main_context_push_thread_default (context);
  ask_nobody_async (NULL, NULL, NULL);
  g_main_context_pop_thread_default (context);
  g_main_context_unref (context);
  g_mutex_unlock (&gate);

  while (g_atomic_pointer_get (&heard) == NULL)
    g_usleep (1000);
  g_assert_nonnull (heard->message);
  g_error_free (heard);
}

int
main (void)
{
  main_thread = g_thread_self ();

  begin ();
  check_called_anywhere ();
  check_called_on_worker ();
  check_place_is_lent ();
  check_nobody_can_answer ();

  return 0;
}
