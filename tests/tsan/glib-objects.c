/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What ThreadSanitizer has to know of GLib (see glib-real.h): classes and references.
 */

#define _GNU_SOURCE /* RTLD_NEXT */

#include "glib-real.h"

#include <sanitizer/tsan_interface.h>

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
