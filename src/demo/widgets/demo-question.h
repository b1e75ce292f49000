/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A question in a small window of its own, which stands before the one that it is about. */

#define DEMO_TYPE_QUESTION (demo_question_get_type ())
G_DECLARE_FINAL_TYPE (DemoQuestion, demo_question, DEMO, QUESTION, GtkWindow)

/* The answer of somebody who closes the window instead. */
#define DEMO_QUESTION_CLOSED (-1)

DemoQuestion *demo_question_new        (GtkWidget            *about,
                                        const char           *title,
                                        const char           *text,
                                        const char *const    *answers,
                                        guint                 proposed);

void          demo_question_ask_async  (DemoQuestion         *self,
                                        GObject              *source,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
int           demo_question_ask_finish (GAsyncResult         *result,
                                        gboolean             *for_all,
                                        GError              **error);

void          demo_question_answer     (DemoQuestion         *self,
                                        int                   answer,
                                        gboolean              for_all);

G_END_DECLS
