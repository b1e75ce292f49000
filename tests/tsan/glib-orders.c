/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What ThreadSanitizer has to know of GLib: what it puts in order.
 *
 * It sees an order between two threads where it sees what makes it: the atomic operations of
 * instrumented code, the C library's locks and threads, and pipes. GLib as it is installed is
 * not instrumented, and its locks are futexes of its own, so all that is done under a GMutex
 * would look like a race. Here are the functions of GLib through which one thread hands
 * something to another, with GLib's names. They call GLib's own, and say beside it what GLib
 * promises there, and no more: an order that is said here and isn't there hides a race.
 *
 * A program that is linked with this file uses these in place of GLib's, and so do GObject and
 * GIO in it, since they reach GLib as any program does. What GLib calls inside itself is out of
 * reach, and need not be reached: it is not instrumented.
 *
 * (The names are in brackets where GLib has macros of the same name.)
 */

#define _GNU_SOURCE /* RTLD_NEXT */

#include "glib-real.h"

#include <sanitizer/tsan_interface.h>

/* In the library of the sanitizer, but in no header */
void AnnotateIgnoreWritesBegin (const char *file,
                                int line);
void AnnotateIgnoreWritesEnd   (const char *file,
                                int line);

/* Memory that GLib takes for itself goes from thread to thread in ways that are not seen. To the
 * sanitizer, taking it is a write by the one, and freeing or using it one by the other. Between
 * these two calls it takes nothing down; nothing of ours may run there. */
static void
begin_private (void)
{
  AnnotateIgnoreWritesBegin (__FILE__, __LINE__);
}

static void
end_private (void)
{
  AnnotateIgnoreWritesEnd (__FILE__, __LINE__);
}

/* Locks. The sanitizer knows them as such: so it also finds locks that are taken in different
 * orders, and those that are unlocked by who doesn't have them. */

void
g_mutex_init (GMutex *mutex)
{
  REAL (g_mutex_init) (mutex);
  __tsan_mutex_create (mutex, 0);
}

void
g_mutex_clear (GMutex *mutex)
{
  __tsan_mutex_destroy (mutex, 0);
  REAL (g_mutex_clear) (mutex);
}

void
g_mutex_lock (GMutex *mutex)
{
  __tsan_mutex_pre_lock (mutex, 0);
  REAL (g_mutex_lock) (mutex);
  __tsan_mutex_post_lock (mutex, 0, 0);
}

gboolean
g_mutex_trylock (GMutex *mutex)
{
  gboolean locked;

  __tsan_mutex_pre_lock (mutex, __tsan_mutex_try_lock);
  locked = REAL (g_mutex_trylock) (mutex);
  __tsan_mutex_post_lock (mutex,
                          __tsan_mutex_try_lock | (locked ? 0 : __tsan_mutex_try_lock_failed), 0);

  return locked;
}

void
g_mutex_unlock (GMutex *mutex)
{
  __tsan_mutex_pre_unlock (mutex, 0);
  REAL (g_mutex_unlock) (mutex);
  __tsan_mutex_post_unlock (mutex, 0);
}

/* Of a condition nothing is said: what orders who waits and who signals is the mutex. */
static void
begin_wait (GMutex *mutex)
{
  __tsan_mutex_pre_unlock (mutex, 0);
  __tsan_mutex_post_unlock (mutex, 0);
}

static void
end_wait (GMutex *mutex)
{
  __tsan_mutex_pre_lock (mutex, 0);
  __tsan_mutex_post_lock (mutex, 0, 0);
}

void
g_cond_wait (GCond *cond,
             GMutex *mutex)
{
  begin_wait (mutex);
  REAL (g_cond_wait) (cond, mutex);
  end_wait (mutex);
}

gboolean
g_cond_wait_until (GCond *cond,
                   GMutex *mutex,
                   gint64 end_time)
{
  gboolean signalled;

  begin_wait (mutex);
  signalled = REAL (g_cond_wait_until) (cond, mutex, end_time);
  end_wait (mutex);

  return signalled;
}

/* Things that are made once. Their quick way is a macro with an atomic operation, which is seen. */

gboolean
(g_once_init_enter) (volatile void *location)
{
  gboolean first = REAL (g_once_init_enter) (location);

  if (!first)
    __tsan_acquire ((void *) location);

  return first;
}

void
(g_once_init_leave) (volatile void *location,
                     gsize result)
{
  __tsan_release ((void *) location);
  REAL (g_once_init_leave) (location, result);
}

/* Classes. What initialized one comes before what is done with its instances. */

static void
class_init_cb (gpointer klass,
               gpointer data)
{
  GClassInitFunc init = G_GNUC_EXTENSION (GClassInitFunc) data;

  if (init != NULL)
    init (klass, NULL);
  __tsan_release (klass);
}

GType
g_type_register_static_simple (GType parent_type,
                               const char *name,
                               guint class_size,
                               GClassInitFunc class_init,
                               guint instance_size,
                               GInstanceInitFunc instance_init,
                               GTypeFlags flags)
{
  const GTypeInfo info = {
    .class_size = class_size,
    .class_init = class_init_cb,
    .class_data = G_GNUC_EXTENSION (gpointer) class_init,
    .instance_size = instance_size,
    .instance_init = instance_init,
  };

  return g_type_register_static (parent_type, name, &info, flags);
}

gpointer
g_object_new (GType type,
              const char *first_property_name,
              ...)
{
  gpointer klass = g_type_class_ref (type);
  GObject *object;
  va_list args;

  for (; type != 0; type = g_type_parent (type))
    __tsan_acquire (g_type_class_peek (type));

  va_start (args, first_property_name);
  object = g_object_new_valist (G_TYPE_FROM_CLASS (klass), first_property_name, args);
  va_end (args);
  g_type_class_unref (klass);

  return object;
}

/* References. What anybody did before giving up one comes before what the last one does. (Taking
 * one orders nothing: who takes it has one.) */

gboolean
(g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  __tsan_release (count);
  if (!REAL (g_atomic_ref_count_dec) (count))
    return FALSE;

  __tsan_acquire (count);
  return TRUE;
}

/* Whether it is the last one is known only when all is over, so each is taken for it. That is no
 * more than there is: the count is changed with a full barrier. */
static void
give_up (gpointer shared)
{
  __tsan_release (shared);
  __tsan_acquire (shared);
}

void
(g_atomic_rc_box_release) (gpointer box)
{
  give_up (box);
  REAL (g_atomic_rc_box_release) (box);
}

void
(g_object_unref) (gpointer object)
{
  give_up (object);
  REAL (g_object_unref) (object);
}

/* The last one of a context destroys its sources. */
void
(g_main_context_unref) (GMainContext *context)
{
  give_up (context);
  REAL (g_main_context_unref) (context);
}

/* Thread pools, those of GTask and GIO too. What came before the push of an item comes before
 * what is done with that item. */

typedef struct {
  GFunc func;
  gpointer data;
} PoolFunc;

static void
pool_func_cb (gpointer item,
              gpointer data)
{
  PoolFunc *self = data;

  __tsan_acquire (item);
  self->func (item, self->data);
}

GThreadPool *
g_thread_pool_new (GFunc func,
                   gpointer data,
                   int max_threads,
                   gboolean exclusive,
                   GError **error)
{
  PoolFunc *self = g_new (PoolFunc, 1); /* nobody tells when the pool is gone */

  *self = (PoolFunc) { func, data };

  return REAL (g_thread_pool_new) (pool_func_cb, self, max_threads, exclusive, error);
}

gboolean
g_thread_pool_push (GThreadPool *pool,
                    gpointer item,
                    GError **error)
{
  GError *own_error = NULL;
  gboolean pushed;

  __tsan_release (item);
  begin_private ();
  pushed = REAL (g_thread_pool_push) (pool, item, &own_error);
  /* That no thread could be started was told by the one that starts them. */
  if (own_error != NULL)
    {
      g_propagate_error (error, g_error_copy (own_error));
      g_error_free (own_error);
    }
  end_private ();

  return pushed;
}

/* So does GTask with what was cancelled. */
gboolean
g_thread_pool_move_to_front (GThreadPool *pool,
                             gpointer item)
{
  gboolean found;

  begin_private ();
  found = REAL (g_thread_pool_move_to_front) (pool, item);
  end_private ();

  return found;
}

gboolean
g_thread_pool_set_max_threads (GThreadPool *pool,
                               int max_threads,
                               GError **error)
{
  gboolean started;

  begin_private ();
  started = REAL (g_thread_pool_set_max_threads) (pool, max_threads, error);
  end_private ();

  return started;
}

void
g_thread_pool_stop_unused_threads (void)
{
  begin_private ();
  REAL (g_thread_pool_stop_unused_threads) ();
  end_private ();
}

/* Sources. What came before one was attached comes before its callback. A GTask that returns on
 * another thread goes home by such an idle source. Other kinds call back with other parameters,
 * and are left alone. */

typedef struct {
  GSource *source; /* not owned; owns this */
  GSourceFunc func;
  gpointer data;
  GDestroyNotify notify;
} SourceFunc;

static gboolean
source_func_cb (gpointer data)
{
  SourceFunc *self = data;

  __tsan_acquire (self->source);
  return self->func (self->data);
}

static void
source_func_free (gpointer data)
{
  SourceFunc *self = data;

  __tsan_acquire (self->source);
  if (self->notify != NULL)
    self->notify (self->data);
  g_free (self);
}

void
g_source_set_callback (GSource *source,
                       GSourceFunc func,
                       gpointer data,
                       GDestroyNotify notify)
{
  SourceFunc *self;

  if (func == NULL
      || (source->source_funcs != &g_idle_funcs && source->source_funcs != &g_timeout_funcs))
    {
      REAL (g_source_set_callback) (source, func, data, notify);
      return;
    }

  self = g_new (SourceFunc, 1);
  *self = (SourceFunc) { source, func, data, notify };
  REAL (g_source_set_callback) (source, source_func_cb, self, source_func_free);
}

guint
g_source_attach (GSource *source,
                 GMainContext *context)
{
  guint id;

  __tsan_release (source);
  begin_private ();
  id = REAL (g_source_attach) (source, context);
  end_private ();

  return id;
}
