/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testpiece.h"

#include "testwidgets.h"

struct _TestPiece
{
  GtkWidget parent_instance;

  int minimum, natural; /* widths */
  int area;
};

G_DEFINE_FINAL_TYPE (TestPiece, test_piece, GTK_TYPE_WIDGET)

static GtkSizeRequestMode
test_piece_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
test_piece_measure (GtkWidget *widget,
                    GtkOrientation orientation,
                    int for_size,
                    int *minimum,
                    int *natural,
                    int *minimum_baseline,
                    int *natural_baseline)
{
  TestPiece *self = TEST_PIECE (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = self->minimum;
      *natural = self->natural;
    }
  else
    {
      *natural = self->area / MAX (for_size >= 0 ? for_size : self->natural, 1);
      /* Without a width: what it needs at least in any. */
      *minimum = for_size >= 0 ? *natural : 0;
    }
}

/* GTK promises this to every widget, and so do those that allocate. */
static void
test_piece_size_allocate (GtkWidget *widget,
                          int width,
                          int height,
                          int baseline)
{
  TestPiece *self = TEST_PIECE (widget);

  g_assert_cmpint (width, >=, self->minimum);
  g_assert_cmpint (height, >=, self->area / MAX (width, 1));
}

static void
test_piece_class_init (TestPieceClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->get_request_mode = test_piece_get_request_mode;
  widget_class->measure = test_piece_measure;
  widget_class->size_allocate = test_piece_size_allocate;
}

static void
test_piece_init (TestPiece *self)
{
}

/* @minimum, @natural: widths in pixels. @area: of which its height is the part by its width.
 * Returns: (transfer floating) */
GtkWidget *
test_piece_new (int minimum,
                int natural,
                int area)
{
  TestPiece *self = g_object_new (TEST_TYPE_PIECE, NULL);

  self->minimum = minimum;
  self->natural = natural;
  self->area = area;

  return GTK_WIDGET (self);
}

typedef struct {
  GtkWindow *window;
  int width;
} Wanted;

static gboolean
is_so_wide (gpointer data)
{
  const Wanted *wanted = data;

  return gtk_widget_get_mapped (GTK_WIDGET (wanted->window))
         && gtk_widget_get_width (GTK_WIDGET (wanted->window)) == wanted->width;
}

/* Makes @window, which it shows, @width pixels wide; all that follows from that is done then. */
void
test_resize (GtkWindow *window,
             int width)
{
  Wanted wanted = { window, width };

  gtk_window_set_default_size (window, width, TEST_HEIGHT);
  gtk_window_present (window);
  test_wait_until (is_so_wide, &wanted);
  test_wait_for_frames (GTK_WIDGET (window), 3);
}

/* Returns: where @widget is in its parent */
graphene_rect_t
test_get_bounds (GtkWidget *widget)
{
  graphene_rect_t bounds;

  g_assert_true (gtk_widget_compute_bounds (widget, gtk_widget_get_parent (widget), &bounds));

  return bounds;
}

void
test_check_bounds (GtkWidget *widget,
                   int x,
                   int y,
                   int width,
                   int height)
{
  graphene_rect_t bounds = test_get_bounds (widget);

  g_assert_cmpfloat (bounds.origin.x, ==, (float) x);
  g_assert_cmpfloat (bounds.origin.y, ==, (float) y);
  g_assert_cmpfloat (bounds.size.width, ==, (float) width);
  g_assert_cmpfloat (bounds.size.height, ==, (float) height);
}
