/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a window says, to the eye and to those who don't see it, and how it is laid out. */

/* @what: of what kind the text is, such as "tooltip" */
typedef void (*TestWordsFunc) (GtkWidget  *widget,
                               const char *what,
                               const char *text,
                               gpointer    data);

void      test_words_foreach         (GtkWidget     *top,
                                      gboolean       shown_only,
                                      TestWordsFunc  func,
                                      gpointer       data);
gboolean  test_words_are_pseudo      (const char    *text);
gboolean  test_words_have_raw_number (const char    *text);
char     *test_words_find_clipped    (GtkLabel      *label);
char     *test_words_get_place       (GtkWidget     *widget);

G_END_DECLS
