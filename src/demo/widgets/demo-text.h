/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Whatever @text is, valid or not: what can be shown of it, at most @max_chars characters and a
 * mark if there were more. Any thread. Returns: (transfer full) */
char      *demo_text_shorten (const char    *text,
                              glong          max_chars);

/* @number as the person writes it, with thousands apart where that is usual.
 * Returns: (transfer full) */
char      *demo_text_number  (guint64        number);

/* A time in whole milliseconds, with the unit. Any thread. Returns: (transfer full) */
char      *demo_text_ms      (double         ms);

/* A path, an address or the name of a function, to be put into a sentence: where one reads from
 * right to left, its slashes and parentheses would go astray. Any thread. Returns: (transfer full) */
char      *demo_text_isolate (const char    *text);

/* The name of @file, to be put into a sentence. Any thread. Returns: (transfer full) */
char      *demo_text_file    (GFile         *file);

/* A text of letters of one width, to read and to copy: what is in @buffer, which lives in the
 * scenario. @name is for who can't see it; @empty shows while there is nothing.
 * Returns: (transfer floating) */
GtkWidget *demo_text_new     (const char    *name,
                              GtkTextBuffer *buffer,
                              const char    *empty);

G_END_DECLS
