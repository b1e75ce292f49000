/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-folder.h"

#include <glib/gi18n.h>

#include "demo-text.h"

#define ATTRIBUTES                                                                                 \
  G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE                                \
                                 "," G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_ID_FILE

/* What it is. That is unknown where only the name can be read, as in a folder that one may list but
 * not go into: there an attribute that was asked for is missing. */
GFileType
demo_folder_get_type (GFileInfo *info)
{
  return (GFileType) g_file_info_get_attribute_uint32 (info, G_FILE_ATTRIBUTE_STANDARD_TYPE);
}

/* Whether it is a file, as far as one can know: who tries to read it is told why that can't be. */
gboolean
demo_folder_may_be_file (GFileInfo *info)
{
  GFileType type = demo_folder_get_type (info);

  return type == G_FILE_TYPE_REGULAR || type == G_FILE_TYPE_UNKNOWN;
}

static gint
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (g_file_info_get_name (*(GFileInfo *const *) a),
                 g_file_info_get_name (*(GFileInfo *const *) b));
}

/* Returns: (transfer full) (nullable) (element-type GFileInfo): the files in the folder, by
 * name; neither links nor further folders */
GPtrArray *
demo_folder_list_files (GFile *folder,
                        GCancellable *cancellable,
                        GError **error)
{
  g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
    folder, ATTRIBUTES, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, cancellable, error);
  GFileInfo *info;

  if (children == NULL)
    return NULL;

  do
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error)
          || !g_file_enumerator_iterate (children, &info, NULL, cancellable, error))
        return NULL;
      if (info != NULL && demo_folder_may_be_file (info))
        g_ptr_array_add (infos, g_object_ref (info));
    }
  while (info != NULL);
  g_ptr_array_sort (infos, compare_names);

  return g_steal_pointer (&infos);
}

/* Whether files can go from the one folder into the other: both are there, and not the same. */
gboolean
demo_folder_check_apart (GFile *from,
                         GFile *into,
                         GCancellable *cancellable,
                         GError **error)
{
  const char *id;
  GFileType type;
  g_autofree char *shown = demo_text_file (into);
  g_autoptr (GFileInfo) source
    = g_file_query_info (from, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, cancellable, error);
  g_autoptr (GFileInfo) target = NULL;

  if (source == NULL)
    return FALSE;
  target = g_file_query_info (into, ATTRIBUTES, G_FILE_QUERY_INFO_NONE, cancellable, error);
  if (target == NULL)
    return FALSE;

  id = g_file_info_get_attribute_string (source, G_FILE_ATTRIBUTE_ID_FILE);
  type = demo_folder_get_type (target);
  if (type != G_FILE_TYPE_DIRECTORY && type != G_FILE_TYPE_UNKNOWN)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_DIRECTORY, _ ("“%s” is no folder."), shown);
  else if (id != NULL
           && g_strcmp0 (id, g_file_info_get_attribute_string (target, G_FILE_ATTRIBUTE_ID_FILE))
                == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("The two are the same folder."));
  else
    return TRUE;

  return FALSE;
}
