/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What ThreadSanitizer has to know of GLib (see glib-real.h): sources. What came before one was
 * attached comes before all that is called for it.
 */

#define _GNU_SOURCE /* RTLD_NEXT */

#include "glib-real.h"

#include <sanitizer/tsan_interface.h>

/* The functions of a source of ours, with an order before each. They are never freed. */
typedef struct _SourceFuncs {
  GSourceFuncs funcs;
  const GSourceFuncs *own;
  struct _SourceFuncs *next;
} SourceFuncs;

static const GSourceFuncs *
acquire_source (GSource *source)
{
  __tsan_acquire (source);
  return ((const SourceFuncs *) source->source_funcs)->own;
}

static gboolean
prepare_source (GSource *source,
                int *timeout)
{
  return acquire_source (source)->prepare (source, timeout);
}

static gboolean
check_source (GSource *source)
{
  return acquire_source (source)->check (source);
}

static gboolean
dispatch_source (GSource *source,
                 GSourceFunc func,
                 gpointer data)
{
  return acquire_source (source)->dispatch (source, func, data);
}

static void
finalize_source (GSource *source)
{
  acquire_source (source)->finalize (source);
}

/* The list is not seen: it puts nothing in order. */
static GSourceFuncs *
wrap_source_funcs (const GSourceFuncs *own)
{
  static SourceFuncs *all;
  SourceFuncs *first = __atomic_load_n (&all, __ATOMIC_ACQUIRE);
  SourceFuncs *self;

  for (self = first; self != NULL; self = self->next)
    if (self->own == own)
      return &self->funcs;

  self = g_new (SourceFuncs, 1);
  *self = (SourceFuncs) { *own, own, first };
  self->funcs.prepare = own->prepare != NULL ? prepare_source : NULL;
  self->funcs.check = own->check != NULL ? check_source : NULL;
  self->funcs.dispatch = own->dispatch != NULL ? dispatch_source : NULL;
  self->funcs.finalize = own->finalize != NULL ? finalize_source : NULL;
  while (!__atomic_compare_exchange_n (&all, &self->next, self, FALSE, __ATOMIC_ACQ_REL,
                                       __ATOMIC_ACQUIRE))
    ;

  return &self->funcs;
}

GSource *
g_source_new (GSourceFuncs *funcs,
              guint size)
{
  return REAL (g_source_new) (CALLED_BY_US ? wrap_source_funcs (funcs) : funcs, size);
}

/* A GTask that returns on another thread goes home by an idle source of GLib's. Kinds that call
 * back with other parameters are left alone. */

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
