/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What ThreadSanitizer has to know of GLib (see glib-real.h): thread pools, those of GTask and GIO
 * too. What came before the push of an item comes before what is done with that item.
 */

#define _GNU_SOURCE /* RTLD_NEXT */

#include "glib-real.h"

#include <sanitizer/tsan_interface.h>

typedef struct {
  GFunc func;
  gpointer data;
} PoolFunc;

/* Between two items, a thread of a pool is GLib's own. */
static GPrivate between_items = G_PRIVATE_INIT ((GDestroyNotify) end_private);

static void
pool_func_cb (gpointer item,
              gpointer data)
{
  PoolFunc *self = data;

  if (g_private_get (&between_items) != NULL)
    end_private ();

  __tsan_acquire (item);
  self->func (item, self->data);

  begin_private ();
  g_private_set (&between_items, self);
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
