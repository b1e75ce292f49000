/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-screenshot.h"

#include <glib/gi18n.h>

#include "demo-output.h"

/* Making a PNG of a window takes a tenth of a second and more. It blocks. */
static gboolean
save_texture (GdkTexture *texture,
              const char *path,
              GError **error)
{
  g_autoptr (GBytes) png = NULL;

  if (texture == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("the window shows nothing"));
      return FALSE;
    }

  png = gdk_texture_save_to_png_bytes (texture);
  return demo_output_write (path, g_bytes_get_data (png, NULL), g_bytes_get_size (png), error);
}

ASYNCIFY_DEFINE (BOOLEAN, save_texture, OBJECT (GdkTexture, texture), STRING (path), THROWS)

/* What @renderer gives may live on the GPU, and only this thread may talk to that. */
static GdkTexture *
render (GskRenderer *renderer,
        GskRenderNode *node,
        int width,
        int height)
{
  const gsize stride = width * 4;
  g_autofree guchar *pixels = g_malloc0 (stride * height);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GdkTexture) drawn
    = gsk_renderer_render_texture (renderer, node, &GRAPHENE_RECT_INIT (0, 0, width, height));

  gdk_texture_download (drawn, pixels, stride);
  bytes = g_bytes_new_take (g_steal_pointer (&pixels), stride * height);

  return gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}

void
demo_screenshot_save_async (GdkPaintable *paintable,
                            GtkWidget *widget,
                            const char *path,
                            GObject *source_object,
                            GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  /* A window's picture is larger than the window by its frame. It must not be scaled. */
  int width = gdk_paintable_get_intrinsic_width (paintable);
  int height = gdk_paintable_get_intrinsic_height (paintable);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable, snapshot, width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node != NULL && renderer != NULL)
    texture = render (renderer, node, width, height);

  save_texture_async_full (texture, path, &(AsyncifyOptions) { .source_object = source_object },
                           NULL, callback, user_data);
}

gboolean
demo_screenshot_save_finish (GAsyncResult *result,
                             GError **error)
{
  return save_texture_finish (result, error);
}

char *
demo_screenshot_get_path (const char *path,
                          const char *suffix)
{
  g_autofree char *stem = g_strdup (path);

  if (g_str_has_suffix (stem, ".png"))
    stem[strlen (stem) - strlen (".png")] = '\0';

  return g_strdup_printf ("%s-%s.png", stem, suffix);
}
