/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Whether ThreadSanitizer, as it is told of GLib here, is not blind: what GLib doesn't promise is
 * reported. */

#include "testshared.h"

static gpointer
write_plainly (gpointer data)
{
  Shared *shared = data;

  shared->value = 1;
  raise_flag (&shared->written);

  return NULL;
}

static void
test_plain (void)
{
  Shared shared = { 0 };
  GThread *thread = run_writer (write_plainly, &shared);

  expect_value (&shared);
  g_thread_join (thread);
}

static void
test_other_mutex (void)
{
  Shared shared = { 0 };
  GThread *thread = run_writer (write_locked, &shared);

  g_mutex_lock (&shared.other_lock);
  expect_value (&shared);
  g_mutex_unlock (&shared.other_lock);
  g_thread_join (thread);
}

static void
test_lock_order (void)
{
  Shared shared = { 0 };

  g_mutex_lock (&shared.lock);
  g_mutex_lock (&shared.other_lock);
  g_mutex_unlock (&shared.other_lock);
  g_mutex_unlock (&shared.lock);

  g_mutex_lock (&shared.other_lock);
  g_mutex_lock (&shared.lock);
}

static gpointer
lock (gpointer data)
{
  Shared *shared = data;

  g_mutex_lock (&shared->lock);
  raise_flag (&shared->written);

  return NULL;
}

static void
test_foreign_unlock (void)
{
  Shared shared = { 0 };
  GThread *thread = run_writer (lock, &shared);

  g_mutex_unlock (&shared.lock);
  g_thread_join (thread);
}

static gpointer
release_and_write (gpointer data)
{
  Shared *shared = data;

  g_assert_false (g_atomic_ref_count_dec (&shared->ref_count));
  shared->value = 1;
  raise_flag (&shared->written);

  return NULL;
}

static void
test_used_after_release (void)
{
  Shared shared = { .ref_count = 2 };
  GThread *thread = run_writer (release_and_write, &shared);

  g_assert_true (g_atomic_ref_count_dec (&shared.ref_count));
  expect_value (&shared);
  g_thread_join (thread);
}

static void
test_late_push (void)
{
  Shared shared = { .late = TRUE };

  push (&shared);
}

static void
test_late_attach (void)
{
  Shared shared = { .late = TRUE };

  attach (&shared);
}

static gpointer
push_unlocked (gpointer data)
{
  Shared *shared = data;

  g_queue_push_tail_link (&shared->queue, &shared->link);
  raise_flag (&shared->written);

  return NULL;
}

static void
test_queue (void)
{
  Shared shared = { 0 };
  GThread *thread = run_writer (push_unlocked, &shared);

  g_assert_cmpuint (shared.queue.length, ==, 1);
  g_thread_join (thread);
}

static gpointer
set_error (gpointer data)
{
  Shared *shared = data;

  g_set_error (&shared->error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", "Failed");
  raise_flag (&shared->written);

  return NULL;
}

static void
test_error (void)
{
  Shared shared = { 0 };
  GThread *thread = run_writer (set_error, &shared);

  g_assert_nonnull (shared.error);
  g_thread_join (thread);
  g_clear_error (&shared.error);
}

/* A case that must be reported, in a process of its own that this ends. */
typedef struct {
  void (*func) (void);
  const char *report;
} Find;

static void
test_find (gconstpointer data)
{
  const Find *find = data;

  if (g_test_subprocess ())
    {
      find->func ();
      return;
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr (find->report);
}

#define RACE "*WARNING: ThreadSanitizer: data race*"

static const Find plain = { test_plain, RACE };
static const Find other_mutex = { test_other_mutex, RACE };
static const Find lock_order = { test_lock_order, "*lock-order-inversion*" };
static const Find foreign_unlock = { test_foreign_unlock, "*unlock of an unlocked mutex*" };
static const Find after_release = { test_used_after_release, RACE };
static const Find after_push = { test_late_push, RACE };
static const Find after_attach = { test_late_attach, RACE };
static const Find queue = { test_queue, RACE };
static const Find error = { test_error, RACE };

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/tsan/finds/plain", &plain, test_find);
  g_test_add_data_func ("/tsan/finds/other-mutex", &other_mutex, test_find);
  g_test_add_data_func ("/tsan/finds/lock-order", &lock_order, test_find);
  g_test_add_data_func ("/tsan/finds/foreign-unlock", &foreign_unlock, test_find);
  g_test_add_data_func ("/tsan/finds/after-release", &after_release, test_find);
  g_test_add_data_func ("/tsan/finds/after-push", &after_push, test_find);
  g_test_add_data_func ("/tsan/finds/after-attach", &after_attach, test_find);
  g_test_add_data_func ("/tsan/finds/queue", &queue, test_find);
  g_test_add_data_func ("/tsan/finds/error", &error, test_find);

  return g_test_run ();
}
