/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testpages.h"

#include <string.h>

#define FENCE "```"

/* A page, while it is read. */
typedef struct {
  TestPage *page;
  char **lines;
  guint n;           /* the line that is read, counted from 0 */
  char *slug;        /* of the heading that it is under */
  guint n_listings;  /* that are under that heading so far */
  TestListing *last; /* nullable: the last of these; the page's */
} Reader;

/* A mistake in the page. Does not return. */
G_GNUC_PRINTF (2, 3)
static void
fail (const Reader *self,
      const char *format,
      ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_error ("%s:%u: %s", self->page->path, self->n + 1, message);
}

static void
file_free (gpointer data)
{
  TestFile *self = data;

  g_free (self->name);
  g_free (self->text);
  g_free (self);
}

static void
listing_free (gpointer data)
{
  TestListing *self = data;

  g_free (self->slug);
  g_ptr_array_unref (self->files);
  g_free (self->output);
  g_free (self);
}

/* As web sites that show Markdown make the anchor of a heading, whose line is @heading. */
static char *
make_slug (const char *heading)
{
  GString *slug = g_string_new (NULL);

  for (const char *c = heading + strspn (heading, "# "); *c != '\0'; c++)
    {
      if (g_ascii_isalnum (*c) || *c == '-' || *c == '_')
        g_string_append_c (slug, g_ascii_tolower (*c));
      else if (*c == ' ')
        g_string_append_c (slug, '-');
    }

  return g_string_free (slug, FALSE);
}

static void
read_heading (Reader *self)
{
  g_free (self->slug);
  self->slug = make_slug (self->lines[self->n]);
  if (test_page_has_anchor (self->page, self->slug))
    fail (self, "there is such a heading already");
  g_ptr_array_add (self->page->anchors, g_strdup (self->slug));
  self->n_listings = 0;
  self->last = NULL;
}

static void
read_links (Reader *self)
{
  static GRegex *regex;
  g_autoptr (GMatchInfo) info = NULL;

  if (regex == NULL)
    regex = g_regex_new ("\\]\\(([^)]*)\\)", 0, 0, NULL);

  for (g_regex_match (regex, self->lines[self->n], 0, &info); g_match_info_matches (info);
       g_match_info_next (info, NULL))
    g_ptr_array_add (self->page->links, g_match_info_fetch (info, 1));
}

/* Reads up to the end of a block. Returns: (transfer full): what is in it */
static char *
read_block (Reader *self)
{
  GString *text = g_string_new (NULL);

  for (self->n++; self->lines[self->n] != NULL; self->n++)
    {
      if (g_str_equal (self->lines[self->n], FENCE))
        return g_string_free (text, FALSE);
      g_string_append_printf (text, "%s\n", self->lines[self->n]);
    }

  fail (self, "the block does not end");
  return NULL;
}

/* Returns: (transfer full) (nullable): the name that a listing begins with */
static char *
get_file_name (const char *text)
{
  static GRegex *regex;
  g_autoptr (GMatchInfo) info = NULL;

  if (regex == NULL)
    regex = g_regex_new ("^/\\* ([a-z0-9-]+\\.[ch]) \\*/\n", 0, 0, NULL);

  return g_regex_match (regex, text, 0, &info) ? g_match_info_fetch (info, 1) : NULL;
}

static TestListing *
add_listing (Reader *self,
             gboolean is_named)
{
  TestListing *listing = g_new0 (TestListing, 1);

  self->n_listings++;
  listing->slug = self->n_listings == 1 ? g_strdup (self->slug)
                                        : g_strdup_printf ("%s-%u", self->slug, self->n_listings);
  listing->files = g_ptr_array_new_with_free_func (file_free);
  listing->is_named = is_named;
  g_ptr_array_add (self->page->listings, listing);

  return listing;
}

static void
read_listing (Reader *self)
{
  TestFile *file = g_new0 (TestFile, 1);

  file->line = self->n + 2;
  file->text = read_block (self);
  file->name = get_file_name (file->text);

  if (self->last == NULL || !self->last->is_named || self->last->output != NULL
      || file->name == NULL)
    self->last = add_listing (self, file->name != NULL);
  if (file->name == NULL)
    file->name = g_strdup ("program.c");

  g_ptr_array_add (self->last->files, file);
  if (strstr (file->text, "\nmain (") != NULL)
    self->last->is_program = TRUE;
}

static void
read_output (Reader *self)
{
  if (self->last == NULL || !self->last->is_program || self->last->output != NULL)
    fail (self, "there is no program before it that could print this");

  self->last->output = read_block (self);
}

static void
read_fence (Reader *self)
{
  const char *language = self->lines[self->n] + strlen (FENCE);

  if (g_str_equal (language, "c"))
    read_listing (self);
  else if (g_str_equal (language, "text"))
    read_output (self);
  else if (g_str_equal (language, "sh") || g_str_equal (language, "console"))
    g_free (read_block (self));
  else
    fail (self, "a block is one of c, text, sh and console, and not “%s”", language);
}

static void
read_line (Reader *self)
{
  const char *line = self->lines[self->n];

  if (g_str_has_prefix (line, FENCE))
    read_fence (self);
  else if (strstr (line, FENCE) != NULL || strstr (line, "~~~") != NULL)
    fail (self, "a block begins with " FENCE ", at the left margin");
  else if (line[0] == '#')
    read_heading (self);
  else
    read_links (self);
}

/* Returns: (transfer full): what is in the page */
TestPage *
test_page_read (const char *path)
{
  TestPage *self = g_new0 (TestPage, 1);
  g_autofree char *contents = NULL;
  g_autofree char *basename = g_path_get_basename (path);
  g_auto (GStrv) lines = NULL;
  g_autoptr (GError) error = NULL;
  Reader reader = { .page = self };

  if (!g_file_get_contents (path, &contents, NULL, &error))
    g_error ("%s", error->message);
  lines = g_strsplit (contents, "\n", -1);

  g_assert_true (g_str_has_suffix (basename, ".md"));
  basename[strlen (basename) - strlen (".md")] = '\0';
  self->path = g_strdup (path);
  self->name = g_ascii_strdown (basename, -1);
  self->listings = g_ptr_array_new_with_free_func (listing_free);
  self->anchors = g_ptr_array_new_with_free_func (g_free);
  self->links = g_ptr_array_new_with_free_func (g_free);

  reader.lines = lines;
  reader.slug = g_strdup ("top");
  for (; lines[reader.n] != NULL; reader.n++)
    read_line (&reader);
  g_free (reader.slug);

  return self;
}

void
test_page_free (TestPage *self)
{
  g_free (self->path);
  g_free (self->name);
  g_ptr_array_unref (self->listings);
  g_ptr_array_unref (self->anchors);
  g_ptr_array_unref (self->links);
  g_free (self);
}

gboolean
test_page_has_anchor (const TestPage *self,
                      const char *anchor)
{
  return g_ptr_array_find_with_equal_func (self->anchors, anchor, g_str_equal, NULL);
}
