/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-walk.h"

#include "demo-folder.h"

typedef struct {
  char *attributes;
  DemoWalkFound found;
  gpointer user_data;
  GQueue folders; /* GFile: those to look into */
  GCancellable *cancellable;
} Walk;

static gboolean
look_into (Walk *walk,
           GFile *folder,
           GError **error)
{
  g_autoptr (GFileEnumerator) children
    = g_file_enumerate_children (folder, walk->attributes, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS,
                                 walk->cancellable, error);
  GFileInfo *info = NULL;
  GFile *child = NULL;

  if (children == NULL)
    return FALSE;

  /* GIO looks at the cancellable before the first of them only. */
  while (!g_cancellable_set_error_if_cancelled (walk->cancellable, error)
         && g_file_enumerator_iterate (children, &info, &child, walk->cancellable, error))
    if (info == NULL)
      return TRUE;
    else if (walk->found (child, info, walk->user_data)
             && demo_folder_get_type (info) == G_FILE_TYPE_DIRECTORY)
      g_queue_push_tail (&walk->folders, g_object_ref (child));

  return FALSE;
}

static gboolean
look_into_all (Walk *walk,
               DemoWalkFailed failed,
               GError **error)
{
  while (!g_queue_is_empty (&walk->folders))
    {
      g_autoptr (GFile) folder = g_queue_pop_head (&walk->folders);
      g_autoptr (GError) problem = NULL;

      if (g_cancellable_set_error_if_cancelled (walk->cancellable, error))
        return FALSE;
      if (!look_into (walk, folder, &problem) && !g_cancellable_is_cancelled (walk->cancellable))
        failed (folder, problem, walk->user_data);
    }

  return !g_cancellable_set_error_if_cancelled (walk->cancellable, error);
}

gboolean
demo_walk (GFile *folder,
           const char *attributes,
           DemoWalkFound found,
           DemoWalkFailed failed,
           gpointer user_data,
           GCancellable *cancellable,
           GError **error)
{
  g_autofree char *all_attributes = g_strconcat (
    G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE ",", attributes, NULL);
  Walk walk = { all_attributes, found, user_data, G_QUEUE_INIT, cancellable };
  gboolean ok = look_into (&walk, folder, error) && look_into_all (&walk, failed, error);

  g_queue_clear_full (&walk.folders, g_object_unref);

  return ok;
}
