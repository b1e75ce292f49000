/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Looking around in the whole app, page by page. */

typedef void (*TestLook) (GtkWindow *window, gconstpointer data);

/* Starts the app, has its window looked at, and ends it. Fails if any problem was found. */
void test_visit             (TestLook        look,
                             gconstpointer   data);

/* Looks at each tab of each page, and ends each time with the tab that is shown first. */
void test_visit_pages       (GtkWindow      *window,
                             TestLook        look,
                             gconstpointer   data);

/* Calls @func for @top and all that is in it. */
void test_visit_foreach     (GtkWidget      *top,
                             void          (*func) (GtkWidget *, gpointer),
                             gpointer        data);

/* @problem: (transfer full): a sentence, which is told once */
void test_visit_add_problem (char           *problem);

G_END_DECLS
