/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Pictures: good ones, bad ones, and what is none at all. */

#include <glib/gstdio.h>

#ifdef G_OS_UNIX
#include <sys/stat.h>
#endif

#include "demo-sample-pictures.h"
#include "testpage.h"

#define RED   0xe01010ff
#define GREEN 0x10a010ff
#define BLUE  0x1010e0ff

#define N_SAMPLES 281

/* The most that are looked at */
#define MAX_FILES 2000

/* Of what the page has chosen: "Medium" */
#define MEDIUM 144

static void
choose (TestPage *self,
        const char *name)
{
  g_autofree char *path = test_folder_path (name);

  test_page_type (self, "Folder", path);
}

/* Saves a picture that is all of one colour, such as 0xe01010ff. Returns: its path */
static char *
write_picture (const char *name,
               const char *format,
               int width,
               int height,
               guint32 colour)
{
  char *path = test_folder_path (name);
  g_autoptr (GdkPixbuf) pixbuf = gdk_pixbuf_new (GDK_COLORSPACE_RGB, FALSE, 8, width, height);
  g_autoptr (GError) error = NULL;

  gdk_pixbuf_fill (pixbuf, colour);
  gdk_pixbuf_save (pixbuf, path, format, &error, NULL);
  g_assert_no_error (error);

  return path;
}

static void
write_bytes (const char *name,
             const char *bytes,
             gsize size)
{
  g_autofree char *path = test_folder_path (name);
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, bytes, size, G_FILE_SET_CONTENTS_NONE, 0644, &error);
  g_assert_no_error (error);
}

/* The same, without its end */
static void
truncate_picture (const char *path)
{
  g_autofree char *contents = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  g_assert_true (g_file_set_contents (path, contents, size / 2, NULL));
}

/* The grid */

static GtkWidget *
get_grid (TestPage *self)
{
  return test_find (self->page, GTK_TYPE_GRID_VIEW, "pictures");
}

static guint
count_pictures (TestPage *self)
{
  GtkSelectionModel *model = gtk_grid_view_get_model (GTK_GRID_VIEW (get_grid (self)));

  return g_list_model_get_n_items (G_LIST_MODEL (model));
}

typedef struct {
  TestPage *page;
  guint n;
} Wanted;

static gboolean
has_pictures (gpointer data)
{
  Wanted *wanted = data;

  return gtk_widget_get_mapped (get_grid (wanted->page)) && count_pictures (wanted->page) >= wanted->n;
}

/* They come into the grid frame by frame, once those of the run before are out of it. */
static void
wait_for_pictures (TestPage *self,
                   guint n)
{
  Wanted wanted = { self, n };

  test_wait_until (has_pictures, &wanted);
  g_assert_cmpuint (count_pictures (self), ==, n);
}

/* Returns: (transfer none): the image above the caption @name; there has to be one */
static GtkImage *
get_image (TestPage *self,
           const char *name)
{
  for (GtkWidget *cell = gtk_widget_get_first_child (get_grid (self)); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    {
      GtkWidget *caption = test_find (cell, GTK_TYPE_INSCRIPTION, NULL);

      if (caption != NULL
          && g_strcmp0 (gtk_inscription_get_text (GTK_INSCRIPTION (caption)), name) == 0)
        return GTK_IMAGE (test_find (cell, GTK_TYPE_IMAGE, NULL));
    }

  g_error ("there is no picture called %s", name);
}

/* What the pointer is told over the picture called @name */
static const char *
get_tooltip (TestPage *self,
             const char *name)
{
  return gtk_widget_get_tooltip_text (gtk_widget_get_parent (GTK_WIDGET (get_image (self, name))));
}

/* The picture called @name has been made this large, and is all of this colour. */
static void
assert_picture (TestPage *self,
                const char *name,
                int width,
                int height,
                guint32 colour)
{
  GdkPaintable *paintable = gtk_image_get_paintable (get_image (self, name));
  g_autofree guchar *pixels = NULL;
  gsize stride;
  const guchar *pixel;

  g_assert_true (GDK_IS_TEXTURE (paintable));
  g_assert_cmpint (gdk_paintable_get_intrinsic_width (paintable), ==, width);
  g_assert_cmpint (gdk_paintable_get_intrinsic_height (paintable), ==, height);

  stride = width * 4;
  pixels = g_malloc (stride * height);
  gdk_texture_download (GDK_TEXTURE (paintable), pixels, stride);
  pixel = pixels + (height / 2) * stride + width / 2 * 4;
  /* JPEG is not exact, and cairo's order depends on the processor's. */
  g_assert_cmpint (ABS ((int) (*(guint32 *) pixel >> 16 & 0xff) - (int) (colour >> 24)), <, 8);
  g_assert_cmpint (ABS ((int) (*(guint32 *) pixel >> 8 & 0xff) - (int) (colour >> 16 & 0xff)), <, 8);
  g_assert_cmpint (ABS ((int) (*(guint32 *) pixel & 0xff) - (int) (colour >> 8 & 0xff)), <, 8);
}

/* Instead of the picture called @name there is a warning, that says @problem. */
static void
assert_no_picture (TestPage *self,
                   const char *name,
                   const char *problem)
{
  const char *tooltip = get_tooltip (self, name);

  g_assert_cmpstr (gtk_image_get_icon_name (get_image (self, name)), ==, "dialog-warning-symbolic");
  if (strstr (tooltip, problem) == NULL)
    g_error ("“%s” says “%s”, not “%s”", name, tooltip, problem);
}

/* After whatever happened, good pictures can be shown. */
static void
assert_works (TestPage *self)
{
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("good");
  G_GNUC_UNUSED g_autofree char *path = write_picture ("good/red.png", "png", 30, 20, RED);

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      choose (self, "good");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "1 picture");
      wait_for_pictures (self, 1);
      assert_picture (self, "red.png", 30, 20, RED);
    }
}

/* Both ways, what is chosen fails, and the page says why. */
static void
assert_fails (TestPage *self,
              const char *problem)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "failed", problem);
    }

  assert_works (self);
}

/* The cases */

static void
test_scaled (TestPage *self,
             gconstpointer data)
{
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("scaled/below/further");
  G_GNUC_UNUSED g_autofree char *wide = write_picture ("scaled/wide.png", "png", 400, 200, RED);
  G_GNUC_UNUSED g_autofree char *high = write_picture ("scaled/high.jpg", "jpeg", 300, 900, GREEN);
  G_GNUC_UNUSED g_autofree char *small
    = write_picture ("scaled/below/small.png", "png", 20, 10, BLUE);
  G_GNUC_UNUSED g_autofree char *thin
    = write_picture ("scaled/below/further/thin.png", "png", 3000, 2, RED);

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      choose (self, "scaled");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "4 pictures");
      g_assert_cmpstr (test_page_get_result (self), ==, "4 pictures");
      wait_for_pictures (self, 4);
      assert_picture (self, "wide.png", MEDIUM, MEDIUM / 2, RED);
      assert_picture (self, "high.jpg", MEDIUM / 3, MEDIUM, GREEN);
      assert_picture (self, "small.png", 20, 10, BLUE);
      assert_picture (self, "thin.png", MEDIUM, 1, RED);
      g_assert_nonnull (strstr (get_tooltip (self, "high.jpg"), "300 × 900"));
    }
}

static void
test_sizes (TestPage *self,
            gconstpointer data)
{
  static const int sizes[] = { 96, 144, 216 };
  GtkWidget *choice = test_find (self->page, GTK_TYPE_DROP_DOWN, NULL);
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("sizes");
  G_GNUC_UNUSED g_autofree char *path = write_picture ("sizes/large.png", "png", 500, 250, BLUE);

  choose (self, "sizes");
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      int width;

      gtk_drop_down_set_selected (GTK_DROP_DOWN (choice), i);
      test_page_run (self, "Asyncify");
      wait_for_pictures (self, 1);
      assert_picture (self, "large.png", sizes[i], sizes[i] / 2, BLUE);
      gtk_widget_get_size_request (GTK_WIDGET (get_image (self, "large.png")), &width, NULL);
      g_assert_cmpint (width, ==, sizes[i]);
    }
}

static void
test_no_pictures (TestPage *self,
                  gconstpointer data)
{
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("mixed/.hidden-folder");
  G_GNUC_UNUSED g_autofree char *good = write_picture ("mixed/good.png", "png", 30, 20, GREEN);
  g_autofree char *half_png = write_picture ("mixed/half.png", "png", 500, 500, RED);
  g_autofree char *half_jpg = write_picture ("mixed/half.jpg", "jpeg", 500, 500, RED);
  G_GNUC_UNUSED g_autofree char *hidden = write_picture ("mixed/.hidden.png", "png", 30, 20, GREEN);
  G_GNUC_UNUSED g_autofree char *below
    = write_picture ("mixed/.hidden-folder/a.png", "png", 30, 20, GREEN);
  G_GNUC_UNUSED g_autofree char *text = test_folder_write ("mixed/text.png", "This is no picture.");
  G_GNUC_UNUSED g_autofree char *empty = test_folder_write ("mixed/empty.jpg", "");

  truncate_picture (half_png);
  truncate_picture (half_jpg);
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      choose (self, "mixed");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "1 picture; 4 files could not be shown");
      wait_for_pictures (self, 5);
      assert_picture (self, "good.png", 30, 20, GREEN);
      assert_no_picture (self, "half.png", "ends too early");
      assert_no_picture (self, "half.jpg", "ends too early");
      assert_no_picture (self, "text.png", "nrecognized image");
      assert_no_picture (self, "empty.jpg", "");
    }
  assert_works (self);
}

/* The beginning of a PNG, that says how large the picture is. */
static void
write_png_header (const char *name,
                  guint32 width,
                  guint32 height)
{
  const guchar header[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n',
                            0, 0, 0, 13, 'I', 'H', 'D', 'R',
                            width >> 24, width >> 16 & 255, width >> 8 & 255, width & 255,
                            height >> 24, height >> 16 & 255, height >> 8 & 255, height & 255,
                            8, 2, 0, 0, 0 };
  static const guchar zeros[4096];
  g_autoptr (GByteArray) file = g_byte_array_new ();
  guint32 crc = G_MAXUINT32;

  for (guint i = 12; i < sizeof header; i++)
    {
      crc ^= header[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
  crc = GUINT32_TO_BE (~crc);

  g_byte_array_append (file, header, sizeof header);
  g_byte_array_append (file, (guchar *) &crc, sizeof crc);
  /* Some of its pixels: the loader has to get so far as to take memory for them. */
  g_byte_array_append (file, (guchar *) "\0\0\1\0IDAT\x78\x9c", 10);
  g_byte_array_append (file, zeros, sizeof zeros);
  write_bytes (name, (char *) file->data, file->len);
}

/* How much memory this process has had at most, in kB; 0 if unknown */
static guint64
get_peak (void)
{
  g_autofree char *status = NULL;
  const char *line = NULL;

  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    line = strstr (status, "VmPeak:");

  return line != NULL ? g_ascii_strtoull (line + strlen ("VmPeak:"), NULL, 10) : 0;
}

static void
test_absurd (TestPage *self,
             gconstpointer data)
{
  static const char gif[] = "GIF89a\xff\xff\xff\xff\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\xff\xff\xff"
                            "\xff\0\2\2D\1\0;";
  static const char bmp[] = "BM\0\0\0\x01\0\0\0\0\x36\0\0\0\x28\0\0\0\xff\xff\0\0\xff\xff\0\0\1\0"
                            "\x18\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("absurd");
  guint64 peak = get_peak ();

  write_png_header ("absurd/square.png", 60000, 60000);
  write_png_header ("absurd/line.png", 1000000, 1000);
  write_png_header ("absurd/widest.png", G_MAXINT32, G_MAXINT32);
  write_png_header ("absurd/nothing.png", 0, 0);
  write_bytes ("absurd/large.gif", gif, sizeof gif);
  write_bytes ("absurd/large.bmp", bmp, sizeof bmp);

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      choose (self, "absurd");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "0 pictures; 6 files could not be shown");
      wait_for_pictures (self, 6);
      assert_no_picture (self, "square.png", "60000 × 60000 pixels are too many");
      assert_no_picture (self, "line.png", "1000000 × 1000 pixels are too many");
      assert_no_picture (self, "widest.png", "");
      assert_no_picture (self, "nothing.png", "");
      assert_no_picture (self, "large.gif", "65535 × 65535 pixels are too many");
      assert_no_picture (self, "large.bmp", "65535 × 65535 pixels are too many");
    }
  if (peak > 0)
    g_assert_cmpuint (get_peak () - peak, <, 1000 * 1000);
  assert_works (self);
}

static void
test_nonsense (TestPage *self,
               gconstpointer data)
{
  g_autofree char *megabyte = g_strnfill (1024 * 1024, 'x');
  G_GNUC_UNUSED g_autofree char *file = test_folder_write ("file", "no folder");
  G_GNUC_UNUSED g_autofree char *empty = test_folder_make ("nothing/at/all");

  test_page_type (self, "Folder", "");
  assert_fails (self, "Choose a folder");
  choose (self, "not-there");
  assert_fails (self, "No such file");
  choose (self, "file");
  assert_fails (self, "Not a directory");
  choose (self, "nothing");
  assert_fails (self, "There are no files in “");
  test_page_type (self, "Folder", "nonsense://nowhere/below");
  assert_fails (self, "nowhere");
  test_page_type (self, "Folder", megabyte);
  assert_fails (self, "too long");
}

static void
test_permissions (TestPage *self,
                  gconstpointer data)
{
  g_autofree char *locked = test_folder_make ("permissions/locked");
  g_autofree char *secret = write_picture ("permissions/secret.png", "png", 30, 20, RED);
  G_GNUC_UNUSED g_autofree char *open = write_picture ("permissions/open.png", "png", 30, 20, BLUE);

  if (!test_folder_protect (locked) || !test_folder_protect (secret))
    return;

  choose (self, "permissions/locked");
  assert_fails (self, "Permission denied");

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      choose (self, "permissions");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "1 picture; 2 files could not be shown");
      wait_for_pictures (self, 3);
      assert_picture (self, "open.png", 30, 20, BLUE);
      assert_no_picture (self, "locked", "Permission denied");
      assert_no_picture (self, "secret.png", "Permission denied");
    }
}

static void
test_too_many (TestPage *self,
               gconstpointer data)
{
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("many");

  for (guint i = 0; i <= MAX_FILES; i++)
    {
      g_autofree char *name = g_strdup_printf ("many/%u.png", i);
      G_GNUC_UNUSED g_autofree char *path = test_folder_write (name, "no picture");
    }

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      choose (self, "many");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "2000 files could not be shown; no more than 2000");
      wait_for_pictures (self, MAX_FILES);
    }
  assert_works (self);
}

/* Opening a FIFO would wait for ever, and a link may lead in a circle. */
static void
test_no_files (TestPage *self,
               gconstpointer data)
{
#ifdef G_OS_UNIX
  G_GNUC_UNUSED g_autofree char *folder = test_folder_make ("odd");
  g_autofree char *fifo = test_folder_path ("odd/fifo.png");
  G_GNUC_UNUSED g_autofree char *good = write_picture ("odd/good.png", "png", 30, 20, BLUE);

  g_assert_no_errno (mkfifo (fifo, 0644));
  g_assert_true (test_folder_link (".", "odd/here"));
  g_assert_true (test_folder_link ("fifo.png", "odd/link.png"));

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      choose (self, "odd");
      test_page_run (self, test_page_ways[i]);
      g_assert_cmpstr (test_page_get_result (self), ==, "1 picture");
    }
#else
  g_test_skip ("only on Unix");
#endif
}

static gboolean
has_some_or_is_idle (gpointer data)
{
  TestPage *self = data;

  return count_pictures (self) > 0
         || gtk_widget_is_sensitive (test_find_button (self->page, "Freeze"));
}

/* Starts, and waits until the first pictures show. The sample takes a second and more; where the
 * machine is busy with something else, that may be over before a frame is drawn, but not every
 * time. */
static void
start (TestPage *self)
{
  for (guint i = 0; i < 20; i++)
    {
      test_page_press (self, "Asyncify");
      test_wait_until (has_some_or_is_idle, self);
      if (!gtk_widget_is_sensitive (test_find_button (self->page, "Freeze")))
        return;
    }

  g_assert_not_reached ();
}

static void
test_shown_meanwhile (TestPage *self,
                      gconstpointer data)
{
  start (self);
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "280 pictures; 1 file could not be shown");
  wait_for_pictures (self, N_SAMPLES);

  test_page_run (self, "Freeze");
  test_page_assert (self, "succeeded", "280 pictures; 1 file could not be shown");
  wait_for_pictures (self, N_SAMPLES);
}

static void
test_cancel (TestPage *self,
             gconstpointer data)
{
  guint shown;

  start (self);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
  shown = count_pictures (self);
  g_assert_cmpuint (shown, >, 0);
  g_assert_cmpuint (shown, <, N_SAMPLES);

  test_page_press (self, "Asyncify");
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
  assert_works (self);
}

/* Whatever is left of it is freed: test_page_close () waits for that. */
static void
test_closed (void)
{
  TestPage self;

  test_page_set_up (&self, "pictures");
  start (&self);
  test_page_close (&self);
}

/* What was stopped half-way, or deleted, is made again; what is there is not. */
static void
test_sample_mended (TestPage *self,
                    gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = demo_sample_pictures_make (&error);
  g_autofree char *first = g_build_filename (folder, "001-valley.jpg", NULL);
  g_autofree char *second = g_build_filename (folder, "002-discs.png", NULL);
  g_autofree char *again = NULL;
  g_autofree char *old_contents = NULL, *new_contents = NULL;
  gsize old_size, new_size;

  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (first, &old_contents, &old_size, NULL));
  g_assert_no_errno (g_remove (first));
  g_assert_true (g_file_set_contents (second, "mine", -1, NULL));
  again = demo_sample_pictures_make (&error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, folder);
  g_assert_true (g_file_get_contents (first, &new_contents, &new_size, NULL));
  g_assert_cmpmem (new_contents, new_size, old_contents, old_size);
  g_free (new_contents);
  g_assert_true (g_file_get_contents (second, &new_contents, &new_size, NULL));
  g_assert_cmpstr (new_contents, ==, "mine");
  g_assert_no_errno (g_remove (second));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PERMISSIONS);

  if (!test_widgets_begin ())
    return 0;

  test_page_add_without_sample ("/pictures/scaled", "pictures", test_scaled);
  test_page_add_without_sample ("/pictures/sizes", "pictures", test_sizes);
  test_page_add_without_sample ("/pictures/bad/no-pictures", "pictures", test_no_pictures);
  test_page_add_without_sample ("/pictures/bad/absurd", "pictures", test_absurd);
  test_page_add_without_sample ("/pictures/bad/nonsense", "pictures", test_nonsense);
  test_page_add_without_sample ("/pictures/bad/permissions", "pictures", test_permissions);
  test_page_add_without_sample ("/pictures/bad/too-many", "pictures", test_too_many);
  test_page_add_without_sample ("/pictures/bad/no-files", "pictures", test_no_files);
  test_page_add ("/pictures/sample/shown-meanwhile", "pictures", test_shown_meanwhile);
  test_page_add ("/pictures/sample/cancel", "pictures", test_cancel);
  g_test_add_func ("/pictures/sample/closed-meanwhile", test_closed);
  test_page_add ("/pictures/sample/mended", "pictures", test_sample_mended);

  return g_test_run ();
}
