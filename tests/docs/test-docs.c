/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the pages show works: each program in them is compiled as a reader would, run, and prints
 * what they say; each part of one compiles; each link leads somewhere.
 *
 * The arguments are a page, and a folder whose pages are tested too.
 */

#include "testpages.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include <string.h>

static GPtrArray *pages;

typedef struct {
  char *folder;
  const TestListing *listing;
} Fixture;

typedef struct {
  const TestPage *page;
  const TestListing *listing;
} Case;

static void
write_file (Fixture *fixture,
            const char *page,
            const TestFile *file)
{
  g_autofree char *path = g_build_filename (fixture->folder, file->name, NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  /* A part of a program doesn't say again what the whole begins with. */
  if (!fixture->listing->is_program)
    g_string_append (text, "#include <asyncify/asyncify.h>\n");
  /* The compiler shall complain of the page. */
  g_string_append_printf (text, "#line %u \"%s\"\n%s", file->line, page, file->text);

  g_file_set_contents (path, text->str, -1, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  const Case *test_case = data;
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("docs-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->listing = test_case->listing;
  for (guint i = 0; i < fixture->listing->files->len; i++)
    write_file (fixture, test_case->page->path, g_ptr_array_index (fixture->listing->files, i));
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
}

static void
append_words (GPtrArray *command,
              const char *variable)
{
  g_auto (GStrv) words = g_strsplit (g_getenv (variable), "|", -1);

  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (command, g_steal_pointer (&words[i]));
}

G_GNUC_NULL_TERMINATED
static void
append (GPtrArray *command,
        ...)
{
  const char *word;
  va_list words;

  va_start (words, command);
  while ((word = va_arg (words, const char *)) != NULL)
    g_ptr_array_add (command, g_strdup (word));
  va_end (words);
}

/* Runs @command in the case's folder. Returns: what it wrote; it must succeed */
static char *
run (Fixture *fixture,
     GPtrArray *command)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
    G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE);
  g_autofree char *path = g_strjoin (G_SEARCHPATH_SEPARATOR_S, g_getenv ("LIBRARY_DIR"),
                                     g_getenv ("PATH"), NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  char *output = NULL;

  /* There Windows looks for the library. */
  g_subprocess_launcher_setenv (launcher, "PATH", path, TRUE);
  g_subprocess_launcher_set_cwd (launcher, fixture->folder);
  g_ptr_array_add (command, NULL);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) command->pdata, &error);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_test_message ("%s", output);
  g_assert_true (g_subprocess_get_successful (process));

  return output;
}

/* Compiles the listing with all warnings as errors; to @program, or only checks it if that is
 * NULL. */
static void
compile (Fixture *fixture,
         const char *program)
{
  g_autoptr (GPtrArray) command = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *rpath = g_strconcat ("-Wl,-rpath,", g_getenv ("LIBRARY_DIR"), NULL);
  g_autofree char *output = NULL;

  append_words (command, "TEST_CC");
  append_words (command, "TEST_CFLAGS");
  append (command, "-Wall", "-Werror", NULL);
  for (guint i = 0; i < fixture->listing->files->len; i++)
    {
      const TestFile *file = g_ptr_array_index (fixture->listing->files, i);

      if (g_str_has_suffix (file->name, ".c"))
        append (command, file->name, NULL);
    }

  if (program != NULL)
    append (command, "-o", program, "-L", g_getenv ("LIBRARY_DIR"), rpath, "-lasyncify",
            "-lgio-2.0", "-lgobject-2.0", "-lglib-2.0", NULL);
  else
    append (command, "-fsyntax-only", NULL);

  output = run (fixture, command);
  g_assert_cmpstr (output, ==, "");
}

/* What not every system has can't be shown everywhere. */
static gboolean
can_be_shown (const TestListing *listing)
{
  static const char *const missing[] = {
#ifndef G_OS_UNIX
    "#include <sys/",
#endif
#if !defined(__GLIBC__) && !defined(__APPLE__)
    "asyncify_stall_get_functions",
#endif
    NULL
  };

  for (guint i = 0; i < listing->files->len; i++)
    for (guint j = 0; missing[j] != NULL; j++)
      if (strstr (((TestFile *) g_ptr_array_index (listing->files, i))->text, missing[j]) != NULL)
        return FALSE;

  return TRUE;
}

static void
test_listing (Fixture *fixture,
              gconstpointer data)
{
  const TestListing *listing = fixture->listing;
  g_autoptr (GPtrArray) command = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *program = g_build_filename (fixture->folder, "program", NULL);
  g_autofree char *output = NULL;

  if (!can_be_shown (listing))
    g_test_skip ("It shows what this system has not");
  else if (!listing->is_program)
    compile (fixture, NULL);
  else
    {
      compile (fixture, program);
      append (command, program, NULL);
      output = run (fixture, command);
      g_assert_cmpstr (output, ==, listing->output != NULL ? listing->output : "");
    }
}

/* Returns: (nullable): the page at @path */
static const TestPage *
find_page (const char *path)
{
  g_autofree char *wanted = g_canonicalize_filename (path, NULL);

  for (guint i = 0; i < pages->len; i++)
    {
      const TestPage *page = g_ptr_array_index (pages, i);
      g_autofree char *there = g_canonicalize_filename (page->path, NULL);

      if (g_str_equal (there, wanted))
        return page;
    }

  return NULL;
}

static void
check_link (const TestPage *page,
            const char *link)
{
  g_auto (GStrv) parts = g_strsplit (link, "#", 2);
  g_autofree char *folder = g_path_get_dirname (page->path);
  g_autofree char *path = parts[0][0] == '\0' ? g_strdup (page->path)
                                              : g_build_filename (folder, parts[0], NULL);
  const TestPage *other = find_page (path);

  if (!g_file_test (path, G_FILE_TEST_EXISTS)
      || (parts[1] != NULL && (other == NULL || !test_page_has_anchor (other, parts[1]))))
    {
      g_test_message ("%s: it leads nowhere", link);
      g_test_fail ();
    }
}

/* Other places in the world may be there or not. */
static void
test_links (gconstpointer data)
{
  const TestPage *page = data;

  for (guint i = 0; i < page->links->len; i++)
    {
      const char *link = g_ptr_array_index (page->links, i);

      if (strstr (link, "://") == NULL)
        check_link (page, link);
    }
}

static void
add_tests (const TestPage *page)
{
  g_autofree char *links = g_strdup_printf ("/%s/links-lead-somewhere", page->name);

  for (guint i = 0; i < page->listings->len; i++)
    {
      Case *test_case = g_new (Case, 1);
      g_autofree char *path = NULL;

      *test_case = (Case) { page, g_ptr_array_index (page->listings, i) };
      path = g_strdup_printf ("/%s/%s", page->name, test_case->listing->slug);
      g_test_add_vtable (path, sizeof (Fixture), test_case, (GTestFixtureFunc) set_up,
                         (GTestFixtureFunc) test_listing, (GTestFixtureFunc) tear_down);
    }
  g_test_add_data_func (links, page, test_links);
}

static void
read_folder (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) folder = g_dir_open (path, 0, &error);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (folder)) != NULL)
    if (g_str_has_suffix (name, ".md"))
      {
        g_autofree char *page = g_build_filename (path, name, NULL);

        g_ptr_array_add (pages, test_page_read (page));
      }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_assert_cmpint (argc, ==, 3);
  pages = g_ptr_array_new_with_free_func ((GDestroyNotify) test_page_free);
  g_ptr_array_add (pages, test_page_read (argv[1]));
  read_folder (argv[2]);
  for (guint i = 0; i < pages->len; i++)
    add_tests (g_ptr_array_index (pages, i));

  return g_test_run ();
}
