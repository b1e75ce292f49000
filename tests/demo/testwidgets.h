/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a person does with a window: look for something, press it, wait. */

typedef gboolean (*TestPredicate) (gpointer data);

gboolean   test_widgets_begin   (void);
void       test_wait_until      (TestPredicate  predicate,
                                 gpointer       data);
void       test_iterate         (guint          n_times);
void       test_wait_for_frames (GtkWidget     *widget,
                                 guint          n_frames);

GtkWidget *test_find            (GtkWidget     *top,
                                 GType          type,
                                 const char    *css_class);
GtkWidget *test_find_button     (GtkWidget     *top,
                                 const char    *label);
GtkWidget *test_find_control    (GtkWidget     *top,
                                 const char    *label);
GtkWidget *test_find_entry      (GtkWidget     *top,
                                 const char    *label);
void       test_click           (GtkWidget     *button);
void       test_destroy_window  (GtkWindow     *window);

G_END_DECLS
