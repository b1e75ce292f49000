/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A widget of a known size, as a text that is wrapped: the narrower, the higher. */

/* Of the windows that test_resize () shows, in pixels */
#define TEST_HEIGHT 600

#define TEST_TYPE_PIECE (test_piece_get_type ())
G_DECLARE_FINAL_TYPE (TestPiece, test_piece, TEST, PIECE, GtkWidget)

GtkWidget      *test_piece_new       (int        minimum,
                                      int        natural,
                                      int        area);
void            test_resize          (GtkWindow *window,
                                      int        width);
graphene_rect_t test_get_bounds      (GtkWidget *widget);
void            test_check_bounds    (GtkWidget *widget,
                                      int        x,
                                      int        y,
                                      int        width,
                                      int        height);

G_END_DECLS
