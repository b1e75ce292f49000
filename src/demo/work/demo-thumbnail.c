/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-thumbnail.h"

#include <string.h>

#include <glib/gi18n.h>

/* Some formats are decoded as a whole before they are made smaller, four bytes a pixel, and some
 * are read as a whole before they are decoded. */
#define MAX_PIXELS (120 * 1000 * 1000)
#define MAX_BYTES  (256 * 1024 * 1024)

/* What is read at once. What cameras write before the picture itself, a smaller one for instance,
 * fits into it. */
#define CHUNK (64 * 1024)

/* What ends a picture. The loaders of these formats don't mind if it is missing, and fill what is
 * missing with grey. */
static const struct {
  const char *format;
  const char *mark;
} ends[] = { { "jpeg", "\xff\xd9" }, { "png", "IEND" } };

#define MAX_MARK 4

typedef struct {
  GdkPixbufLoader *loader;
  int size;          /* that is wanted */
  int width, height; /* that it has; 0 as long as that is unknown */
  gsize n_read;      /* of the file's bytes */
  gboolean ended[G_N_ELEMENTS (ends)]; /* whether the marks were seen */

  /* What was read last, behind a few of the bytes before that: a mark may lie across. */
  guchar buffer[MAX_MARK + CHUNK];
} Thumbnail;

static gboolean
is_too_large (Thumbnail *self)
{
  return (gint64) self->width * self->height > MAX_PIXELS;
}

/* So much of the picture was read that its dimensions are known. A size of nothing has the loader
 * give up before it takes memory for the pixels. */
static void
size_prepared_cb (GdkPixbufLoader *loader,
                  int width,
                  int height,
                  Thumbnail *self)
{
  double scale = MIN (self->size / (double) MAX (width, height), 1);

  self->width = width;
  self->height = height;
  if (is_too_large (self))
    gdk_pixbuf_loader_set_size (loader, 0, 0);
  else
    gdk_pixbuf_loader_set_size (loader, MAX ((int) (width * scale), 1),
                                MAX ((int) (height * scale), 1));
}

static gboolean
contains (const guchar *bytes,
          gsize n_bytes,
          const char *mark)
{
  gsize length = strlen (mark);
  const guchar *end = bytes + n_bytes;

  while ((bytes = memchr (bytes, mark[0], end - bytes)) != NULL)
    if ((gsize) (end - bytes) >= length && memcmp (bytes, mark, length) == 0)
      return TRUE;
    else
      bytes++;

  return FALSE;
}

static void
look_for_ends (Thumbnail *self,
               gsize n_bytes)
{
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    self->ended[i] = self->ended[i] || contains (self->buffer, MAX_MARK + n_bytes, ends[i].mark);
}

static gboolean
read_chunk (Thumbnail *self,
            GInputStream *stream,
            gsize *n_bytes,
            GCancellable *cancellable,
            GError **error)
{
  memmove (self->buffer, self->buffer + *n_bytes, MAX_MARK);
  if (!g_input_stream_read_all (stream, self->buffer + MAX_MARK, CHUNK, n_bytes, cancellable,
                                error))
    return FALSE;

  self->n_read += *n_bytes;
  if (self->n_read <= MAX_BYTES)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The file is too large"));
  return FALSE;
}

/* The marks in what is read first may be those of a picture within the picture, unless it is all
 * there is. */
static gboolean
read_file (Thumbnail *self,
           GFile *file,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, error);
  gsize n_bytes = 0;

  if (stream == NULL)
    return FALSE;

  do
    {
      if (!read_chunk (self, G_INPUT_STREAM (stream), &n_bytes, cancellable, error)
          || !gdk_pixbuf_loader_write (self->loader, self->buffer + MAX_MARK, n_bytes, error))
        return FALSE;
      if (n_bytes < CHUNK || self->n_read > CHUNK)
        look_for_ends (self, n_bytes);
    }
  while (n_bytes == CHUNK);

  return TRUE;
}

static gboolean
is_cut_off (Thumbnail *self)
{
  GdkPixbufFormat *format = gdk_pixbuf_loader_get_format (self->loader);
  g_autofree char *name = format != NULL ? gdk_pixbuf_format_get_name (format) : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    if (g_strcmp0 (name, ends[i].format) == 0)
      return !self->ended[i];

  return FALSE;
}

/* @ok: whether the loader took all of the file; if not, @error says why already. */
static GdkTexture *
finish (Thumbnail *self,
        gboolean ok,
        GError **error)
{
  GdkPixbuf *pixbuf = ok ? gdk_pixbuf_loader_get_pixbuf (self->loader) : NULL;
  g_autoptr (GdkPixbuf) upright = NULL;

  if (is_too_large (self))
    {
      g_clear_error (error);
      /* Translators: width and height of a picture */
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("%d × %d pixels are too many"),
                   self->width, self->height);
      return NULL;
    }
  if (!ok)
    return NULL;
  if (pixbuf == NULL || is_cut_off (self))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The file ends too early"));
      return NULL;
    }

  upright = gdk_pixbuf_apply_embedded_orientation (pixbuf);
  return gdk_texture_new_for_pixbuf (upright);
}

GdkTexture *
demo_thumbnail_load (GFile *file,
                     int size,
                     int *width,
                     int *height,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (GdkPixbufLoader) loader = gdk_pixbuf_loader_new ();
  g_autofree Thumbnail *self = g_new0 (Thumbnail, 1);
  gboolean ok;

  self->loader = loader;
  self->size = size;
  g_signal_connect (loader, "size-prepared", G_CALLBACK (size_prepared_cb), self);
  ok = read_file (self, file, cancellable, error);
  /* It has to be closed in any case. */
  ok = gdk_pixbuf_loader_close (loader, ok ? error : NULL) && ok;

  *width = self->width;
  *height = self->height;
  return finish (self, ok, error);
}
