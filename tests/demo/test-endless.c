/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Work that takes minutes, or has no end: it can be cancelled, and if it is frozen, where nobody can
 * press Cancel, it is ended. */

#include <glib/gstdio.h>
#ifdef G_OS_UNIX
#include <unistd.h>
#endif

#include "testpage.h"

/* A folder that never comes to an end; there are such on a server that has got lost. */

#define ENDLESS "endless:///"

typedef struct {
  GFileEnumerator parent_instance;
} TestEndless;

typedef GFileEnumeratorClass TestEndlessClass;

static GType test_endless_get_type (void);

G_DEFINE_TYPE (TestEndless, test_endless, G_TYPE_FILE_ENUMERATOR)

/* As that of a real folder, it doesn't look at the cancellable; and it takes a while. */
static GFileInfo *
test_endless_next_file (GFileEnumerator *enumerator,
                        GCancellable *cancellable,
                        GError **error)
{
  GFileInfo *info = g_file_info_new ();

  g_usleep (10);
  g_file_info_set_name (info, "name");
  g_file_info_set_file_type (info, G_FILE_TYPE_REGULAR);
  g_file_info_set_is_hidden (info, FALSE);

  return info;
}

static gboolean
test_endless_close (GFileEnumerator *enumerator,
                    GCancellable *cancellable,
                    GError **error)
{
  return TRUE;
}

static void
test_endless_class_init (TestEndlessClass *klass)
{
  klass->next_file = test_endless_next_file;
  klass->close_fn = test_endless_close;
}

static void
test_endless_init (TestEndless *self)
{
}

/* The folder, and each file in it, is one and the same. */

typedef struct {
  GObject parent_instance;
} TestFile;

typedef GObjectClass TestFileClass;

static GType test_file_get_type (void);
static void  test_file_iface_init (GFileIface *iface);

G_DEFINE_TYPE_WITH_CODE (TestFile, test_file, G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_FILE, test_file_iface_init))

static GFile *
test_file_dup (GFile *file)
{
  return g_object_ref (file);
}

static char *
test_file_get_name (GFile *file)
{
  return g_strdup (ENDLESS);
}

static char *
test_file_get_path (GFile *file)
{
  return NULL;
}

static GFile *
test_file_resolve_relative_path (GFile *file,
                                 const char *path)
{
  return g_object_ref (file);
}

static GFileEnumerator *
test_file_enumerate_children (GFile *file,
                              const char *attributes,
                              GFileQueryInfoFlags flags,
                              GCancellable *cancellable,
                              GError **error)
{
  return g_object_new (test_endless_get_type (), "container", file, NULL);
}

static GFileInfo *
test_file_query_info (GFile *file,
                      const char *attributes,
                      GFileQueryInfoFlags flags,
                      GCancellable *cancellable,
                      GError **error)
{
  GFileInfo *info = g_file_info_new ();

  g_file_info_set_file_type (info, G_FILE_TYPE_DIRECTORY);

  return info;
}

static void
test_file_iface_init (GFileIface *iface)
{
  iface->dup = test_file_dup;
  iface->get_parse_name = test_file_get_name;
  iface->get_uri = test_file_get_name;
  iface->get_path = test_file_get_path;
  iface->resolve_relative_path = test_file_resolve_relative_path;
  iface->enumerate_children = test_file_enumerate_children;
  iface->query_info = test_file_query_info;
}

static void
test_file_class_init (TestFileClass *klass)
{
}

static void
test_file_init (TestFile *self)
{
}

/* Asked for every name, whatever it begins with */
static GFile *
find_file (GVfs *vfs,
           const char *name,
           gpointer data)
{
  return g_str_equal (name, ENDLESS) ? g_object_new (test_file_get_type (), NULL) : NULL;
}

/* The cases */

static void
assert_stopped (TestPage *self,
                const char *label,
                const char *path)
{
  test_page_type (self, label, path);
  test_page_run (self, "Freeze");
  test_page_assert (self, "failed", "Stopped after 10 seconds");
}

static void
assert_can_be_cancelled (TestPage *self)
{
  test_page_press (self, "Asyncify");
  test_wait_for_frames (self->page, 10);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
}

/* There is not even a match that it could stop at. */
static void
test_search (TestPage *self,
             gconstpointer data)
{
  test_page_type (self, "Pattern", "another");
  assert_stopped (self, "Folder", ENDLESS);
  assert_can_be_cancelled (self);
}

static void
test_endless_pictures (TestPage *self,
                       gconstpointer data)
{
  assert_stopped (self, "Folder", ENDLESS);
  assert_can_be_cancelled (self);
}

/* Freeze makes no sense there. */
static void
test_ask (TestPage *self,
          gconstpointer data)
{
  g_autofree char *into = test_folder_make ("into");

  test_page_type (self, "From", ENDLESS);
  test_page_type (self, "Into", into);
  assert_can_be_cancelled (self);
}

#ifdef G_OS_UNIX

/* Takes minutes to read, but not to make. */
#define LARGE_FILE (G_GINT64_CONSTANT (64) << 30)

/* As many pictures as are looked at; each takes a good part of a second. */
#define N_PICTURES 2000
#define WIDTH      4000

static void
test_hash (TestPage *self,
           gconstpointer data)
{
  g_autofree char *path = test_folder_write ("large", "");

  if (truncate (path, LARGE_FILE) != 0)
    {
      g_test_skip ("there are no such large files here");
      return;
    }

  assert_stopped (self, "Files", path);
  g_assert_no_errno (g_remove (path));
}

/* They are one file under many names. */
static void
test_pictures (TestPage *self,
               gconstpointer data)
{
  g_autofree char *folder = test_folder_make ("pictures");
  g_autofree char *first = test_folder_path ("pictures/0.png");
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, WIDTH, WIDTH);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (pixbuf, 0);
  gdk_pixbuf_save (pixbuf, first, "png", &error, NULL);
  g_assert_no_error (error);
  for (guint i = 1; i < N_PICTURES; i++)
    {
      g_autofree char *name = g_strdup_printf ("pictures/%u.png", i);
      g_autofree char *path = test_folder_path (name);

      g_assert_no_errno (link (first, path));
    }

  assert_stopped (self, "Folder", folder);
}

#endif

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  if (!test_widgets_begin ())
    return 0;

  g_assert_true (g_vfs_register_uri_scheme (g_vfs_get_default (), "endless", find_file, NULL, NULL,
                                            find_file, NULL, NULL));
  test_page_add_without_sample ("/endless/folder/search", "search", test_search);
  test_page_add_without_sample ("/endless/folder/pictures", "pictures", test_endless_pictures);
  test_page_add_without_sample ("/endless/folder/ask", "ask", test_ask);
#ifdef G_OS_UNIX
  test_page_add_without_sample ("/endless/frozen/hash", "hash", test_hash);
  test_page_add_without_sample ("/endless/frozen/pictures", "pictures", test_pictures);
#endif

  return g_test_run ();
}
