/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-sample-pictures.h"

#include <errno.h>

#include <asyncify/asyncify.h>
#include <gdk/gdk.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "demo-sample.h"
#include "demo-scene.h"
#include "demo-text.h"

/* The name changes with the contents. */
#define FOLDER   "pictures-1"
#define PICTURES 280

static const struct {
  int width, height;
} shapes[] = { { 1440, 960 }, { 960, 1440 }, { 1600, 900 }, { 1200, 1200 }, { 1800, 720 } };

static char *
make_name (guint number)
{
  return g_strdup_printf ("%03u-%s.%s", number + 1, demo_scene_get_name (number),
                          demo_scene_is_graphic (number) ? "png" : "jpg");
}

static gboolean
draw_picture (const char *path,
              guint number,
              GError **error)
{
  guint shape = number * 7 / 3 % G_N_ELEMENTS (shapes);
  int width = shapes[shape].width, height = shapes[shape].height;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, width, height);
  cairo_t *cr = cairo_create (surface);
  g_autoptr (GdkPixbuf) pixbuf = NULL;

  demo_scene_draw (cr, number, width, height);
  cairo_destroy (cr);
  pixbuf = gdk_pixbuf_get_from_surface (surface, 0, 0, width, height);
  cairo_surface_destroy (surface);

  if (demo_scene_is_graphic (number))
    return gdk_pixbuf_save (pixbuf, path, "png", error, "compression", "2", NULL);
  return gdk_pixbuf_save (pixbuf, path, "jpeg", error, "quality", "88", NULL);
}

/* The file gets its name when it is complete, so that whatever has a name is complete, whoever
 * is stopped meanwhile, and whoever makes the same at the same time. */
static gboolean
make_picture (const char *folder,
              guint number,
              GError **error)
{
  g_autofree char *name = make_name (number);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *draft = g_strdup_printf ("%s-XXXXXX", folder);
  g_autofree char *shown = demo_text_isolate (path);
  int fd, code;

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  fd = g_mkstemp (draft);
  code = errno;
  if (fd >= 0)
    {
      g_close (fd, NULL);
      if (!draw_picture (draft, number, error))
        {
          g_remove (draft);
          return FALSE;
        }
      if (g_rename (draft, path) == 0)
        return TRUE;
      code = errno;
      g_remove (draft);
    }

  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               /* Translators: the name of a file, and the reason */
               _ ("The file “%s” can't be made: %s"), shown, g_strerror (code));
  return FALSE;
}

char *
demo_sample_pictures_make (GError **error)
{
  g_autofree char *folder
    = g_build_filename (g_get_user_cache_dir (), "asyncify-demo", FOLDER, NULL);
  g_autofree char *note = g_build_filename (folder, "no picture.txt", NULL);

  if (!demo_sample_make_folder (folder, error))
    return NULL;

  for (guint i = 0; i < PICTURES; i++)
    {
      if (asyncify_set_error_if_cancelled (error) || !make_picture (folder, i, error))
        return NULL;
      asyncify_set_progress ((i + 1.0) / PICTURES);
    }

  /* What the pictures lie among in real life */
  if (!g_file_test (note, G_FILE_TEST_EXISTS)
      && !g_file_set_contents (note, _ ("This is no picture.\n"), -1, error))
    return NULL;

  return g_steal_pointer (&folder);
}
