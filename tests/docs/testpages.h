/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What is in a page of Markdown for a compiler to check, and for a reader to follow.
 *
 * The language of a block says what it is: `c` is a listing, `text` is what the listing before it
 * prints, `sh` and `console` are commands and what these print, which nobody checks here. A
 * listing with a main function is a program. One that begins with a file's name in a comment is a
 * file of a program, together with those of its kind before it under the same heading.
 *
 * A page that doesn't keep to that is an error of the program that reads it.
 */

typedef struct {
  char  *name; /* without a folder */
  char  *text;
  guint  line; /* of the page, where the text begins, counted from 1 */
} TestFile;

typedef struct {
  char      *slug;       /* of its heading, and its number if it is not the first there */
  GPtrArray *files;      /* TestFile */
  gboolean   is_named;   /* its files are */
  gboolean   is_program;
  char      *output;     /* nullable: what it has to print */
} TestListing;

typedef struct {
  char      *path;
  char      *name;     /* of the file, in small letters, without .md */
  GPtrArray *listings; /* TestListing */
  GPtrArray *anchors;  /* char *: the slugs of all headings */
  GPtrArray *links;    /* char *: where they lead, as they stand there */
} TestPage;

TestPage *test_page_read       (const char     *path) G_GNUC_WARN_UNUSED_RESULT;
void      test_page_free       (TestPage       *self);
gboolean  test_page_has_anchor (const TestPage *self,
                                const char     *anchor);

G_END_DECLS
