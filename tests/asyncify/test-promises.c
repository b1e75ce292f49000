/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* PROMISES.md says which test stands for which promise. Here it is seen to that it tells
 * the truth: what it names is looked for in what the test programs list.
 */

#include <gio/gio.h>

static const char *const peers[] = { "AnyIO ", "Asyncer ", "GLib ", "libdex ", NULL };

typedef struct {
  guint line;
  char *promise;
  char *who;
  char *test;
} Row;

static GPtrArray *rows;   /* Row */
static GHashTable *tests; /* char *: the paths that the programs list */

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->promise);
  g_free (row->who);
  g_free (row->test);
  g_free (row);
}

/* Between the bars of a table's row. Returns: (nullable): a row with three cells */
static Row *
parse_row (const char *text,
           guint line)
{
  g_auto (GStrv) cells = g_strsplit (text, "|", -1);
  Row *row;

  if (g_strv_length (cells) != 5 || *g_strstrip (cells[0]) != '\0'
      || *g_strstrip (cells[4]) != '\0')
    return NULL;

  row = g_new (Row, 1);
  *row = (Row) { line, g_strdup (g_strstrip (cells[1])), g_strdup (g_strstrip (cells[2])),
                 g_strdup (g_strstrip (cells[3])) };

  return row;
}

static gboolean
is_head (const char *text)
{
  return g_str_has_prefix (text, "| promise |") || g_str_has_prefix (text, "|---");
}

static void
read_rows (const char *file)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;

  g_file_get_contents (file, &contents, NULL, &error);
  g_assert_no_error (error);
  lines = g_strsplit (contents, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strchr (lines[i], '|') != NULL && !is_head (lines[i]))
      {
        Row *row = parse_row (lines[i], i + 1);

        if (row == NULL)
          g_error ("%s:%u: a row has three cells", file, i + 1);
        g_ptr_array_add (rows, row);
      }
}

static void
read_tests (const char *program)
{
  const char *arguments[] = { program, "-l", NULL };
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;
  int status;

  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_spawn_check_wait_status (status, &error);
  g_assert_no_error (error);

  lines = g_strsplit (output, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      /* Newer GLibs may take it for a comment. */
      const char *path = g_strstrip (lines[i]);

      if (g_str_has_prefix (path, "# "))
        path += 2;
      if (path[0] == '/')
        g_hash_table_add (tests, g_strdup (path));
    }
}

/* Calls @func with each path of each row, and whether it is marked as still to be written. */
static void
foreach_path (void (*func) (const Row *row, const char *path, gboolean to_do))
{
  g_autoptr (GRegex) regex = g_regex_new ("(TODO )?`(/[^`]+)`", 0, 0, NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = g_ptr_array_index (rows, i);
      g_autoptr (GMatchInfo) match = NULL;

      for (g_regex_match (regex, row->test, 0, &match); g_match_info_matches (match);
           g_match_info_next (match, NULL))
        {
          g_autofree char *mark = g_match_info_fetch (match, 1);
          g_autofree char *path = g_match_info_fetch (match, 2);

          func (row, path, *mark != '\0');
        }
    }
}

static void
complain (const Row *row,
          const char *what)
{
  g_test_message ("line %u, \"%s\": %s", row->line, row->promise, what);
  g_test_fail ();
}

static void
test_complete (void)
{
  g_autoptr (GRegex) named = g_regex_new ("^((TODO )?`/[^`]+`(, |$))+$", 0, 0, NULL);
  g_autoptr (GRegex) excused = g_regex_new ("^does not apply: \\w", 0, 0, NULL);

  g_assert_cmpuint (rows->len, >, 0);
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = g_ptr_array_index (rows, i);
      gboolean known = FALSE;

      for (guint j = 0; peers[j] != NULL; j++)
        known = known || g_str_has_prefix (row->who, peers[j]);
      if (*row->promise == '\0')
        complain (row, "promises nothing");
      if (!known)
        complain (row, "doesn't say who promises it");
      if (!g_regex_match (named, row->test, 0, NULL) && !g_regex_match (excused, row->test, 0, NULL))
        complain (row, "names neither tests nor a reason to have none");
    }
}

static void
check_exists (const Row *row,
              const char *path,
              gboolean to_do)
{
  if (to_do || g_hash_table_contains (tests, path))
    return;

  g_test_message ("line %u: there is no test %s", row->line, path);
  g_test_fail ();
}

static void
test_exist (void)
{
  g_assert_cmpuint (g_hash_table_size (tests), >, 0);
  foreach_path (check_exists);
}

static void
check_to_do (const Row *row,
             const char *path,
             gboolean to_do)
{
  if (!to_do || !g_hash_table_contains (tests, path))
    return;

  g_test_message ("line %u: %s is there now, take the TODO away", row->line, path);
  g_test_fail ();
}

static void
test_to_do (void)
{
  g_assert_cmpuint (g_hash_table_size (tests), >, 0);
  foreach_path (check_to_do);
}

int
main (int argc,
      char *argv[])
{
  int result;

  g_test_init (&argc, &argv, NULL);
  rows = g_ptr_array_new_with_free_func (row_free);
  tests = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  /* Its arguments are the list and the programs; to list its own cases needs none. */
  if (argc > 1)
    read_rows (argv[1]);
  for (int i = 2; i < argc; i++)
    read_tests (argv[i]);

  g_test_add_func ("/promises/rows-are-complete", test_complete);
  g_test_add_func ("/promises/tests-exist", test_exist);
  g_test_add_func ("/promises/to-do-is-not-done", test_to_do);
  result = g_test_run ();

  g_hash_table_unref (tests);
  g_ptr_array_unref (rows);

  return result;
}
