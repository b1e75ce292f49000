/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What ThreadSanitizer has to know of GLib (see glib-real.h): whose data it reads and writes.
 *
 * A queue that lies in a structure of ours is written by GLib, which is not instrumented. Used
 * without its lock, it would look as if nobody had touched it. So here are the functions through
 * which the library uses its containers and errors, which say what they touch. Of containers only
 * calls of the program itself count: those that GObject and GIO have are their affair, and some
 * are under locks that are not seen.
 */

#define _GNU_SOURCE /* RTLD_NEXT */

#include "glib-real.h"

/* In the library of the sanitizer, but in no header */
void __tsan_read_range  (gpointer address,
                         gulong size);
void __tsan_write_range (gpointer address,
                         gulong size);

/* Of a container that is not known from outside, its first word stands for it. */
#define SIZE_OF(container)                                                                         \
  _Generic ((container), GQueue *: sizeof (GQueue), GPtrArray *: sizeof (GPtrArray),               \
            default: sizeof (gpointer))

#define READ(container)                                                                            \
  if (CALLED_BY_US)                                                                                \
    __tsan_read_range (container, SIZE_OF (container))
#define WRITE(container)                                                                           \
  if (CALLED_BY_US)                                                                                \
    __tsan_write_range (container, SIZE_OF (container))

#define READER(type, name, parameters, arguments, container)                                       \
  type name parameters                                                                             \
  {                                                                                                \
    READ (container);                                                                              \
    return REAL (name) arguments;                                                                  \
  }
#define WRITER(type, name, parameters, arguments, container)                                       \
  type name parameters                                                                             \
  {                                                                                                \
    WRITE (container);                                                                             \
    return REAL (name) arguments;                                                                  \
  }
#define VOID_WRITER(name, parameters, arguments, container)                                        \
  void name parameters                                                                             \
  {                                                                                                \
    WRITE (container);                                                                             \
    REAL (name) arguments;                                                                         \
  }

READER (gboolean, g_queue_is_empty, (GQueue *queue), (queue), queue)
READER (gpointer, g_queue_peek_head, (GQueue *queue), (queue), queue)
WRITER (gpointer, g_queue_pop_head, (GQueue *queue), (queue), queue)
WRITER (GList *, g_queue_pop_head_link, (GQueue *queue), (queue), queue)
VOID_WRITER (g_queue_push_tail, (GQueue *queue, gpointer data), (queue, data), queue)
VOID_WRITER (g_queue_push_tail_link, (GQueue *queue, GList *link), (queue, link), queue)
VOID_WRITER (g_queue_unlink, (GQueue *queue, GList *link), (queue, link), queue)
VOID_WRITER (g_queue_delete_link, (GQueue *queue, GList *link), (queue, link), queue)

READER (gpointer, g_tree_lookup, (GTree *tree, gconstpointer key), (tree, key), tree)
READER (GTreeNode *, g_tree_node_first, (GTree *tree), (tree), tree)
VOID_WRITER (g_tree_insert, (GTree *tree, gpointer key, gpointer value), (tree, key, value), tree)
WRITER (gboolean, g_tree_remove, (GTree *tree, gconstpointer key), (tree, key), tree)

READER (gpointer, g_hash_table_lookup, (GHashTable *table, gconstpointer key), (table, key), table)
WRITER (gboolean, g_hash_table_insert, (GHashTable *table, gpointer key, gpointer value),
        (table, key, value), table)
WRITER (gboolean, g_hash_table_remove, (GHashTable *table, gconstpointer key), (table, key), table)

VOID_WRITER (g_ptr_array_add, (GPtrArray *array, gpointer data), (array, data), array)

static void
write_error (GError **error)
{
  if (error != NULL)
    __tsan_write_range (error, sizeof *error);
}

void
g_set_error (GError **error,
             GQuark domain,
             int code,
             const char *format,
             ...)
{
  va_list args;

  write_error (error);
  va_start (args, format);
  if (error != NULL)
    g_propagate_error (error, g_error_new_valist (domain, code, format, args));
  va_end (args);
}

void
g_set_error_literal (GError **error,
                     GQuark domain,
                     int code,
                     const char *message)
{
  write_error (error);
  REAL (g_set_error_literal) (error, domain, code, message);
}

void
g_propagate_error (GError **error,
                   GError *source)
{
  write_error (error);
  REAL (g_propagate_error) (error, source);
}
