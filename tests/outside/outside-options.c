/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a call may be given beside its arguments: who watches it, who is told, and when it runs. */

#include "outside.h"

static GMutex gate;     /* held by main () while a function shall not get further */
static GString *began;  /* under the gate: who began, one letter each */

static int
note (char name)
{
  g_mutex_lock (&gate);
  g_string_append_c (began, name);
  g_mutex_unlock (&gate);

  return name;
}

ASYNCIFY_DEFINE (VALUE (int), note, VALUE (char, name))

static guint n_ended;

static void
count_cb (GObject *source_object,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  const char *name = user_data;

  (void) source_object;
  g_assert_cmpint (note_finish (result, &error), ==, *name);
  g_assert_no_error (error);
  n_ended++;
}

/* One at a time: the most urgent first, and equals in the order that they came in. */
static void
check_limiter_and_priority (void)
{
  g_autoptr (AsyncifyLimiter) limiter = asyncify_limiter_new (1);
  static const char names[] = "Flmnh";
  static const int priorities[] = {
    G_PRIORITY_HIGH, G_PRIORITY_LOW, G_PRIORITY_DEFAULT, G_PRIORITY_DEFAULT, G_PRIORITY_HIGH - 1,
  };

  began = g_string_new (NULL);
  g_mutex_lock (&gate);
  for (guint i = 0; i < G_N_ELEMENTS (priorities); i++)
    note_async_full (names[i], &(AsyncifyOptions) { .limiter = limiter, .priority = priorities[i] },
                     NULL, count_cb, (gpointer) &names[i]);
  /* Nothing tells whether the worker has taken the first one yet, which is either the first to
   * begin or the second. */
  g_mutex_unlock (&gate);
  while (n_ended < G_N_ELEMENTS (priorities))
    g_main_context_iteration (NULL, TRUE);

  if (began->str[0] == 'F')
    g_assert_cmpstr (began->str, ==, "Fhmnl");
  else
    g_assert_cmpstr (began->str, ==, "hFmnl");
  g_string_free (began, TRUE);
}

typedef struct {
  GObject *source_object;
  gboolean called;
} Told;

static void
told_cb (GObject *source_object,
         GAsyncResult *result,
         gpointer user_data)
{
  g_autoptr (GObject) from_result = g_async_result_get_source_object (result);
  Told *told = user_data;

  g_assert_true (source_object == told->source_object);
  g_assert_true (from_result == told->source_object);
  g_assert_cmpint (note_finish (result, NULL), ==, 's');
  told->called = TRUE;
}

/* The caller may drop it at once: the call keeps it. */
static void
check_source_object (void)
{
  GObject *object = g_object_new (G_TYPE_OBJECT, NULL);
  Told told = { object, FALSE };

  began = g_string_new (NULL);
  g_object_add_weak_pointer (object, (gpointer *) &told.source_object);
  note_async_full ('s', &(AsyncifyOptions) { .source_object = object }, NULL, told_cb, &told);
  g_object_unref (object);
  g_assert_nonnull (told.source_object);

  while (!told.called)
    g_main_context_iteration (NULL, TRUE);
  while (told.source_object != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_string_free (began, TRUE);
}

static void
check_job (void)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new ("A note");
  g_autoptr (GError) error = NULL;
  GAsyncResult *kept = NULL;
  AsyncifyOptions options = { .job = job };

  began = g_string_new (NULL);
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_IDLE);
  note_async_full ('j', &options, NULL, keep_cb, &kept);
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_QUEUED);
  g_assert_cmpint (note_finish (await (&kept), &error), ==, 'j');
  g_assert_no_error (error);
  g_assert_cmpint (asyncify_job_get_state (job), ==, ASYNCIFY_JOB_SUCCEEDED);
  g_string_free (began, TRUE);
}

int
main (void)
{
  begin ();
  check_limiter_and_priority ();
  check_source_object ();
  check_job ();

  return 0;
}
