/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Whether ThreadSanitizer, as it is told of GLib here, sees no ghosts: each order that GLib promises
 * is known to it. */

#include "testshared.h"

static void
test_mutex (void)
{
  Shared shared = { 0 };
  GThread *thread = run_writer (write_locked, &shared);

  g_mutex_lock (&shared.lock);
  expect_value (&shared);
  g_mutex_unlock (&shared.lock);
  g_assert_true (g_mutex_trylock (&shared.lock));
  g_assert_false (g_mutex_trylock (&shared.lock));
  g_mutex_unlock (&shared.lock);
  g_thread_join (thread);
}

static void
test_cond (void)
{
  Shared shared = { 0 };
  GThread *thread;

  g_mutex_lock (&shared.lock);
  thread = g_thread_new ("writer", write_locked, &shared);
  while (shared.value == 0)
    g_cond_wait (&shared.changed, &shared.lock);
  while (shared.value == 0)
    g_cond_wait_until (&shared.changed, &shared.lock, G_MAXINT64);
  expect_value (&shared);
  g_mutex_unlock (&shared.lock);
  g_thread_join (thread);
}

static gpointer
write_once (gpointer data)
{
  Shared *shared = data;

  if (g_once_init_enter (&shared->once))
    {
      shared->value = 1;
      g_once_init_leave (&shared->once, 1);
    }
  raise_flag (&shared->written);

  return NULL;
}

static void
test_once (void)
{
  Shared shared = { 0 };
  GThread *thread = run_writer (write_once, &shared);

  g_assert_false ((g_once_init_enter) (&shared.once)); /* the macro is quicker, and seen */
  expect_value (&shared);
  g_thread_join (thread);
}

/* A class whose initialization is something to read. */
static int class_value;
typedef GObject Classy;
typedef GObjectClass ClassyClass;
static GType classy_get_type (void);
G_DEFINE_TYPE (Classy, classy, G_TYPE_OBJECT)

static void
classy_init (Classy *self)
{
  g_assert_cmpint (class_value, ==, 1);
}

static void
classy_class_init (ClassyClass *klass)
{
  class_value = 1;
}

static gpointer
make_classy (gpointer data)
{
  Shared *shared = data;

  g_object_unref (g_object_new (classy_get_type (), NULL));
  raise_flag (&shared->written);

  return NULL;
}

static void
test_class (void)
{
  Shared shared = { 0 };
  GThread *thread = run_writer (make_classy, &shared);

  g_object_unref (g_object_new (classy_get_type (), NULL));
  g_thread_join (thread);
}

static gpointer
write_and_release (gpointer data)
{
  Shared *shared = data;

  shared->value = 1;
  g_assert_false (g_atomic_ref_count_dec (&shared->ref_count));
  raise_flag (&shared->written);

  return NULL;
}

static void
test_ref_count (void)
{
  Shared shared = { .ref_count = 2 };
  GThread *thread = run_writer (write_and_release, &shared);

  g_assert_true (g_atomic_ref_count_dec (&shared.ref_count));
  expect_value (&shared);
  g_thread_join (thread);
}

static gpointer
write_and_release_box (gpointer data)
{
  Shared *shared = data;
  int *box = shared->object;

  *box = 1;
  g_atomic_rc_box_release (box);
  raise_flag (&shared->written);

  return NULL;
}

static void
test_rc_box (void)
{
  int *box = g_atomic_rc_box_new0 (int);
  Shared shared = { .object = g_atomic_rc_box_acquire (box) };
  GThread *thread = run_writer (write_and_release_box, &shared);

  g_atomic_rc_box_release (box); /* and so frees it */
  g_thread_join (thread);
}

static gpointer
write_and_unref (gpointer data)
{
  Shared *shared = data;

  shared->value = 1;
  g_object_unref (shared->object);
  raise_flag (&shared->written);

  return NULL;
}

static void
object_gone_cb (gpointer data,
                GObject *object)
{
  expect_value (data);
}

static void
test_object (void)
{
  Shared shared = { 0 };
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  GThread *thread;

  g_object_weak_ref (object, object_gone_cb, &shared);
  shared.object = g_object_ref (object);
  thread = run_writer (write_and_unref, &shared);
  g_clear_object (&object);
  g_assert_cmpint (shared.value, ==, 2);
  g_thread_join (thread);
}

static gpointer
write_and_unref_context (gpointer data)
{
  Shared *shared = data;

  shared->value = 1;
  g_main_context_unref (shared->object);
  raise_flag (&shared->written);

  return NULL;
}

static gboolean
never_ready_cb (gpointer data)
{
  g_assert_not_reached ();
}

static void
source_gone_cb (gpointer data)
{
  expect_value (data);
}

static void
test_context (void)
{
  Shared shared = { 0 };
  g_autoptr (GMainContext) context = g_main_context_new ();
  GSource *source = g_timeout_source_new_seconds (1000);
  GThread *thread;

  g_source_set_callback (source, never_ready_cb, &shared, source_gone_cb);
  g_source_attach (source, context);
  g_source_unref (source);
  shared.object = g_main_context_ref (context);
  thread = run_writer (write_and_unref_context, &shared);
  g_clear_pointer (&context, g_main_context_unref);
  g_assert_cmpint (shared.value, ==, 2);
  g_thread_join (thread);
}

static void
test_pool (void)
{
  Shared shared = { 0 };

  push (&shared);
}

static void
test_source (void)
{
  Shared shared = { 0 };

  attach (&shared);
}

typedef struct {
  GSource source;
  Shared *shared;
} OwnSource;

static gboolean
check_own (GSource *source)
{
  expect_value (((OwnSource *) source)->shared);

  return TRUE;
}

static gboolean
dispatch_own (GSource *source,
              GSourceFunc func,
              gpointer data)
{
  return G_SOURCE_REMOVE;
}

static gpointer
write_and_attach_own (gpointer data)
{
  static GSourceFuncs funcs = { .check = check_own, .dispatch = dispatch_own };
  g_autoptr (GSource) source = g_source_new (&funcs, sizeof (OwnSource));
  Shared *shared = data;

  ((OwnSource *) source)->shared = shared;
  shared->value = 1;
  g_source_attach (source, shared->object);
  raise_flag (&shared->written);

  return NULL;
}

static void
test_own_source (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Shared shared = { .object = context };
  GThread *thread = run_writer (write_and_attach_own, &shared);

  g_assert_true (g_main_context_iteration (context, FALSE));
  g_assert_cmpint (shared.value, ==, 2);
  g_thread_join (thread);
}

static void
task_func_cb (GTask *task,
              gpointer source_object,
              gpointer task_data,
              GCancellable *cancellable)
{
  Shared *shared = task_data;

  expect_value (shared);
  shared->value = 1;
  g_task_return_boolean (task, TRUE);
}

static void
task_ready_cb (GObject *source_object,
               GAsyncResult *result,
               gpointer data)
{
  Shared *shared = data;

  expect_value (shared);
  raise_flag (&shared->may_read);
}

static void
test_task (void)
{
  /* More than the pool has threads, so that these are reused. */
  Shared shared[20] = { 0 };

  for (guint i = 0; i < G_N_ELEMENTS (shared); i++)
    {
      g_autoptr (GTask) task = g_task_new (NULL, NULL, task_ready_cb, &shared[i]);

      shared[i].value = 1;
      g_task_set_task_data (task, &shared[i], NULL);
      g_task_run_in_thread (task, task_func_cb);
    }
  for (guint i = 0; i < G_N_ELEMENTS (shared); i++)
    while (!shared[i].may_read)
      g_main_context_iteration (NULL, TRUE);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/tsan/orders/mutex", test_mutex);
  g_test_add_func ("/tsan/orders/cond", test_cond);
  g_test_add_func ("/tsan/orders/once", test_once);
  g_test_add_func ("/tsan/orders/class", test_class);
  g_test_add_func ("/tsan/orders/ref-count", test_ref_count);
  g_test_add_func ("/tsan/orders/rc-box", test_rc_box);
  g_test_add_func ("/tsan/orders/object", test_object);
  g_test_add_func ("/tsan/orders/context", test_context);
  g_test_add_func ("/tsan/orders/pool", test_pool);
  g_test_add_func ("/tsan/orders/source", test_source);
  g_test_add_func ("/tsan/orders/own-source", test_own_source);
  g_test_add_func ("/tsan/orders/task", test_task);

  return g_test_run ();
}
