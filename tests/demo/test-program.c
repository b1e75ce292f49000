/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Run a program: programs that end well, badly, or not at all. Whatever happens, none
 * of them is left behind. */

#include "testpage.h"

#ifdef G_OS_UNIX

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include <glib/gstdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* What counts as at once; what is ended has gone on for far longer, or for ever. In us. */
#define AT_ONCE (10 * G_TIME_SPAN_SECOND)

#define MEGABYTE (1024 * 1024)

static void
run_both_ways (TestPage *self,
               const char *command,
               const char *outcome,
               const char *text)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_type (self, "Command", command);
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, outcome, text);
    }
}

static void
assert_rows (TestPage *self,
             guint n_rows)
{
  test_page_wait_for_items (self, n_rows);
  g_assert_cmpuint (g_list_model_get_n_items (test_page_get_items (self)), ==, n_rows);
}

static char *
get_line (TestPage *self,
          guint number)
{
  g_autoptr (GObject) item = g_list_model_get_item (test_page_get_items (self), number);
  char *line;

  g_object_get (item, "detail", &line, NULL);

  return line;
}

static void
assert_line (TestPage *self,
             guint number,
             const char *expected)
{
  g_autofree char *line = get_line (self, number);

  g_assert_cmpstr (line, ==, expected);
}

static void
test_default (TestPage *self,
              gconstpointer data)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_run (self, test_page_ways[i]);
      g_assert_cmpstr (test_page_get_result (self), ==, "5 lines, 35 bytes, exit status 0");
    }

  assert_rows (self, 5);
  assert_line (self, 0, "line 1");
  assert_line (self, 4, "line 5");
}

static gboolean
has_one_item (gpointer data)
{
  return g_list_model_get_n_items (test_page_get_items (data)) == 1;
}

/* The program goes on once it sees that its first line has been shown. */
static void
test_shown_meanwhile (TestPage *self,
                      gconstpointer data)
{
  g_autofree char *flag = test_folder_path ("flag");
  g_autofree char *command
    = g_strdup_printf ("sh -c 'echo one; until [ -e %s ]; do sleep 0.1; done; echo two'", flag);
  G_GNUC_UNUSED g_autofree char *path = NULL;

  test_page_type (self, "Command", command);
  test_page_press (self, "Asyncify");
  test_wait_until (has_one_item, self);
  g_assert_cmpstr (test_page_get_result (self), ==, "Running…");

  path = test_folder_write ("flag", "");
  test_page_wait_until_idle (self);
  test_page_assert (self, "succeeded", "2 lines, 8 bytes");
  g_assert_no_errno (g_remove (flag));
}

/* It is no shell, and the words are where a shell would have them. What is complained of shows. */
static void
test_words (TestPage *self,
            gconstpointer data)
{
  test_page_type (self, "Command",
                  "printf '%s\\n' one 'two  \"2\"' \"th\\\"ree\" fo\\ ur '|' '$HOME'");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "6 lines");
  assert_rows (self, 6);
  assert_line (self, 1, "two  \"2\"");
  assert_line (self, 2, "th\"ree");
  assert_line (self, 3, "fo ur");
  assert_line (self, 4, "|");
  assert_line (self, 5, "$HOME");

  test_page_type (self, "Command", "sh -c 'echo complaint >&2'");
  test_page_run (self, "Asyncify");
  assert_rows (self, 1);
  assert_line (self, 0, "complaint");
}

/* It has nothing to read: one that waits for somebody to type would wait for ever. */
static void
test_no_input (TestPage *self,
               gconstpointer data)
{
  run_both_ways (self, "cat", "succeeded", "0 lines, 0 bytes, exit status 0");
}

static void
test_status (TestPage *self,
             gconstpointer data)
{
  run_both_ways (self, "true", "succeeded", "exit status 0");
  run_both_ways (self, "sh -c 'echo a; exit 3'", "failed",
                 "failed with exit status 3, after 1 line, 2 bytes.");
  run_both_ways (self, "sh -c 'kill -9 $$'", "failed", "killed by signal 9 (Killed)");
  run_both_ways (self, "sh -c 'kill -15 $$'", "failed", "killed by signal 15 (Terminated)");
}

/* Something that could be any program's name, or a mistake. */
static void
test_nonsense (TestPage *self,
               gconstpointer data)
{
  g_autofree char *megabyte = g_strnfill (MEGABYTE, 'x');
  g_autofree char *longest = g_strnfill (4096, 'x');

  run_both_ways (self, "", "failed", "Type a command");
  run_both_ways (self, "  \t ", "failed", "Type a command");
  run_both_ways (self, "# comment", "failed", "Type a command");
  run_both_ways (self, "'' a", "failed", "name of the program is empty");
  run_both_ways (self, "echo 'it", "failed", "quot");
  run_both_ways (self, "echo \"it", "failed", "quot");
  run_both_ways (self, "echo it\\", "failed", "\\");
  run_both_ways (self, "no-such-program-here -v", "failed", "no-such-program-here");
  run_both_ways (self, "/no/such/program", "failed", "No such file or directory");
  run_both_ways (self, "-1", "failed", "“-1”");
  run_both_ways (self, megabyte, "failed", "too long: 4096 characters at most");
  run_both_ways (self, longest, "failed", "");
  run_both_ways (self, "true", "succeeded", "exit status 0");
}

static void
test_no_program (TestPage *self,
                 gconstpointer data)
{
  g_autofree char *folder = test_folder_make ("a-folder");
  g_autofree char *plain = test_folder_write ("plain", "echo no");
  g_autofree char *binary = test_folder_write ("binary", "\x7f" "ELFnonsense");

  run_both_ways (self, "/", "failed", "“/” is a folder, not a program");
  run_both_ways (self, folder, "failed", "a-folder” is a folder, not a program");
  run_both_ways (self, plain, "failed", "Permission denied");
  g_assert_no_errno (g_chmod (binary, 0755));
  run_both_ways (self, binary, "failed", "");
}

/* One that is in the path is meant, and not the folder of that name which is here. */
static void
test_name_of_folder (TestPage *self,
                     gconstpointer data)
{
  g_autofree char *folder = test_folder_make ("here/true");
  g_autofree char *before = g_get_current_dir ();
  g_autofree char *here = test_folder_path ("here");

  g_assert_no_errno (g_chdir (here));
  run_both_ways (self, "true", "succeeded", "exit status 0");
  g_assert_no_errno (g_chdir (before));
  g_assert_true (g_file_test (folder, G_FILE_TEST_IS_DIR));
}

static void
test_odd_output (TestPage *self,
                 gconstpointer data)
{
  g_autofree char *line = NULL;

  test_page_type (self, "Command", "printf 'caf\\351\\nnu\\000l\\r\\n\\nlast'");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "4 lines, 16 bytes");
  assert_rows (self, 4);
  assert_line (self, 0, "caf\xef\xbf\xbd");
  assert_line (self, 1, "nu\xef\xbf\xbdl");
  assert_line (self, 2, "");
  assert_line (self, 3, "last");

  /* A line that is as long as memory is large */
  test_page_type (self, "Command",
                  "sh -c 'head -c 5000000 /dev/zero | tr \"\\0\" x; echo; echo b'");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "2 lines, 5.0\302\240MB");
  assert_rows (self, 2);
  line = get_line (self, 0);
  g_assert_cmpint (g_utf8_strlen (line, -1), ==, 1001);
  assert_line (self, 1, "b");
}

static gboolean
has_many_items (gpointer data)
{
  return g_list_model_get_n_items (test_page_get_items (data)) > 500;
}

/* Of lines without end only so many are kept. */
static void
test_endless (TestPage *self,
              gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();

  test_page_type (self, "Command", "yes");
  test_page_press (self, "Asyncify");
  test_wait_until (has_many_items, self);
  test_wait_for_frames (self->page, 10);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
  assert_rows (self, 501);
  assert_line (self, 499, "y");
  assert_line (self, 500, "More is read, but not shown.");
  g_assert_cmpint (g_get_monotonic_time () - began, <, AT_ONCE);
}

/* Nobody can end it while the window stands still. */
static void
test_endless_frozen (TestPage *self,
                     gconstpointer data)
{
  test_page_type (self, "Command", "sleep 300");
  test_page_run (self, "Freeze");
  test_page_assert (self, "failed", "The program was ended after 5 seconds");
}

/* Programs of which the test knows the number */

/* Where they write them down. It is said to a test that runs by itself, too. */
#define FOLDER "ASYNCIFY_TEST_PROGRAM_FOLDER"

static char *
get_pid_path (guint number)
{
  return g_strdup_printf ("%s/pid-%u", g_getenv (FOLDER), number);
}

static pid_t
get_pid (guint number)
{
  g_autofree char *path = get_pid_path (number);
  g_autofree char *contents = NULL;

  if (!g_file_get_contents (path, &contents, NULL, NULL) || !g_str_has_suffix (contents, "\n"))
    return 0;

  return (pid_t) g_ascii_strtoll (contents, NULL, 10);
}

/* What nobody has waited for yet is dead all the same. */
static gboolean
is_alive (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
  g_autofree char *stat = NULL;
  const char *state;

  if (kill (pid, 0) != 0)
    return FALSE;

  state = g_file_get_contents (path, &stat, NULL, NULL) ? strrchr (stat, ')') : NULL;

  return state == NULL || state[2] != 'Z';
}

static gboolean
is_begun (gpointer data)
{
  return get_pid (1) != 0 && get_pid (2) != 0;
}

static gboolean
is_over (gpointer data)
{
  return !is_alive (get_pid (1)) && !is_alive (get_pid (2));
}

static gboolean
is_second_over (gpointer data)
{
  return !is_alive (get_pid (2));
}

/* A program that starts another one, which goes on for ever. @where: where the other one prints;
 * @rest: what the first one does then */
static void
begin_family (TestPage *self,
              const char *where,
              const char *rest)
{
  g_autofree char *pid_1 = get_pid_path (1);
  g_autofree char *pid_2 = get_pid_path (2);
  g_autofree char *command = g_strdup_printf (
    "sh -c 'trap \"\" TERM INT HUP; sleep 300 %s & echo $! >%s; echo $$ >%s; %s'", where, pid_2,
    pid_1, rest);

  g_remove (pid_1);
  g_remove (pid_2);
  test_page_type (self, "Command", command);
  test_page_press (self, "Asyncify");
  test_wait_until (is_begun, NULL);
}

static void
assert_no_children (void)
{
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
}

static void
test_cancel (TestPage *self,
             gconstpointer data)
{
  static const struct {
    const char *where, *rest;
  } cases[] = {
    { "", "wait" },
    /* Nothing more is printed, but it goes on. */
    { ">/dev/null 2>&1", "exec >&- 2>&-; wait" },
    /* It has ended, but what it has started still holds its output. */
    { "", "exit 0" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      begin_family (self, cases[i].where, cases[i].rest);
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
      test_wait_until (is_over, NULL);
      assert_no_children ();
    }

  run_both_ways (self, "true", "succeeded", "exit status 0");
}

static void
test_cancel_at_once (TestPage *self,
                     gconstpointer data)
{
  test_page_type (self, "Command", "sleep 300");
  for (guint i = 0; i < 20; i++)
    {
      test_page_press (self, "Asyncify");
      test_iterate (i);
      test_page_press (self, "Cancel");
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
    }
  assert_no_children ();
}

static void
test_closed_meanwhile (void)
{
  TestPage page;

  test_page_set_up (&page, "program");
  begin_family (&page, "", "wait");
  test_page_close (&page);
  test_wait_until (is_over, NULL);
  assert_no_children ();
}

/* The app ends in the middle of it all; so this is played by a program of its own. */
static void
test_exit_meanwhile (void)
{
  TestPage page;

  if (g_test_subprocess ())
    {
      test_page_set_up (&page, "program");
      begin_family (&page, "", "wait");
      exit (0);
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  test_wait_until (is_over, NULL);
}

/* As if it had crashed. What has been started by what it started is nobody's then. */
static void
test_killed_meanwhile (void)
{
#ifdef __linux__
  TestPage page;

  if (g_test_subprocess ())
    {
      g_autofree char *top = test_folder_path ("");

      test_page_set_up (&page, "program");
      begin_family (&page, "", "kill -9 $!; while :; do sleep 1; done");
      /* Its shell may be killed with us, before it comes to that. */
      test_wait_until (is_second_over, NULL);
      test_folder_remove (top);
      kill (getpid (), SIGKILL);
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_failed ();
  test_wait_until (is_over, NULL);
#else
  g_test_skip ("only on Linux");
#endif
}

#endif

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

#ifdef G_OS_UNIX
  g_autofree char *folder = test_folder_make ("pids");

  g_setenv (FOLDER, folder, FALSE);
#endif

  if (!test_widgets_begin ())
    return 0;

#ifdef G_OS_UNIX
  test_page_add ("/program/prints-and-ends", "program", test_default);
  test_page_add ("/program/shown-meanwhile", "program", test_shown_meanwhile);
  test_page_add ("/program/words-as-in-a-shell", "program", test_words);
  test_page_add ("/program/has-no-input", "program", test_no_input);
  test_page_add ("/program/status-told", "program", test_status);
  test_page_add ("/program/bad/nonsense", "program", test_nonsense);
  test_page_add ("/program/bad/no-program", "program", test_no_program);
  test_page_add ("/program/name-of-a-folder-here", "program", test_name_of_folder);
  test_page_add ("/program/output/odd", "program", test_odd_output);
  test_page_add ("/program/output/endless-is-bounded", "program", test_endless);
  test_page_add ("/program/endless-frozen", "program", test_endless_frozen);
  test_page_add ("/program/cancel/ends-the-family", "program", test_cancel);
  test_page_add ("/program/cancel/at-once", "program", test_cancel_at_once);
  g_test_add_func ("/program/closed-meanwhile", test_closed_meanwhile);
  g_test_add_func ("/program/exit-meanwhile", test_exit_meanwhile);
  g_test_add_func ("/program/killed-meanwhile", test_killed_meanwhile);
#endif

  return g_test_run ();
}
