/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Persons' paths through the scenarios: with real keys and clicks, judged by what the app says on
 * the AT-SPI bus. */

#include "testaccess.h"
#include "testfolder.h"

typedef struct {
  TestAccess *app;
} Path;

static void
set_up (Path *self,
        gconstpointer data)
{
  self->app = test_access_new (GPOINTER_TO_INT (data));
}

static void
tear_down (Path *self,
           gconstpointer data)
{
  g_clear_pointer (&self->app, test_access_free);
}

/* Turns to the page of the scenario @title, and waits until it can be used: it may make a sample
 * first, which takes its time, and the page before it takes some to go. */
static void
turn_to (Path *self,
         const char *title)
{
  test_access_press (self->app, "list item", title);
  test_access_wait_until_no (self->app, "label", "Sleeps for a second");
  test_access_wait_until_sensitive (self->app, "push button", "Asyncify");
}

/* Somebody wants to be greeted, is, and sees the difference. */
static void
test_hello (Path *self,
            gconstpointer data)
{
  test_access_fill (self->app, "Name", "Ada");
  test_access_press (self->app, "push button", "Asyncify");
  test_access_wait_for (self->app, "label", "Hello, Ada");
  /* A busy machine may have let the window stand still, but then it wasn't in there. */
  g_assert_false (test_access_has (self->app, "status bar", "in do_sync_work"));

  test_access_press (self->app, "push button", "Freeze");
  test_access_wait_for (self->app, "label", "Stood still");
  test_access_wait_for (self->app, "status bar", "in do_sync_work");
  g_assert_true (test_access_has (self->app, "label", "Hello, Ada"));

  /* The same without the mouse. */
  test_access_fill (self->app, "Name", "");
  test_access_xdotool (self->app, "key", "Return", NULL);
  test_access_wait_for (self->app, "label", "Type a name");
}

/* Somebody searches a folder of their own, for something that is there, and that isn't. */
static void
test_search (Path *self,
             gconstpointer data)
{
  g_autofree char *folder = test_folder_make ("mine/deep");
  G_GNUC_UNUSED g_autofree char *file = test_folder_write ("mine/deep/treasure-map.txt", "x");

  turn_to (self, "Search a folder");
  test_access_fill (self->app, "Folder", folder);
  test_access_fill (self->app, "Pattern", "treasure");
  test_access_xdotool (self->app, "key", "ctrl+r", NULL);
  test_access_wait_for (self->app, "label", "1 match among 1 name");
  test_access_wait_for (self->app, "label", "treasure-map.txt");

  test_access_fill (self->app, "Pattern", "*.pdf");
  test_access_press (self->app, "push button", "Asyncify");
  test_access_wait_for (self->app, "label", "0 matches among 1 name");
  test_access_wait_until_no (self->app, "label", "treasure-map.txt");

  test_access_fill (self->app, "Folder", "/no/such/folder");
  test_access_xdotool (self->app, "key", "Return", NULL);
  test_access_wait_for (self->app, "label", "/no/such/folder");
}

/* Somebody starts a storm, thinks better of it, and looks at the list of jobs. */
static void
test_storm (Path *self,
            gconstpointer data)
{
  turn_to (self, "Storm");
  test_access_xdotool (self->app, "key", "ctrl+r", "key", "Escape", NULL);
  test_access_wait_for (self->app, "label", "Cancelled");
  test_access_press (self->app, "push button", "Asyncify");
  test_access_wait_for (self->app, "label", "right results");
}

/* Somebody counts primes, and asks for none. */
static void
test_primes (Path *self,
             gconstpointer data)
{
  turn_to (self, "Primes");
  test_access_fill (self->app, "Up to", "1000000");
  test_access_xdotool (self->app, "key", "Return", NULL);
  test_access_wait_for (self->app, "label", "78498 primes"); /* https://oeis.org/A006880 */

  test_access_fill (self->app, "Up to", "-5");
  test_access_press (self->app, "push button", "Freeze");
  test_access_wait_for (self->app, "label", "“-5” won't do");
}

/* Somebody runs a program that is there, watches it, and runs one that isn't. */
static void
test_program (Path *self,
              gconstpointer data)
{
  g_autofree char *flag = test_folder_path ("flag");
  g_autofree char *command
    = g_strdup_printf ("sh -c 'echo a word from the shell; until [ -e %s ]; do sleep 0.1; done'",
                       flag);
  G_GNUC_UNUSED g_autofree char *written = NULL;

  test_folder_remove (flag);
  turn_to (self, "Run a program");
  test_access_fill (self->app, "Command", command);
  test_access_press (self->app, "push button", "Asyncify");
  test_access_wait_for (self->app, "label", "Running");
  test_access_wait_for (self->app, "label", "a word from the shell");
  g_assert_false (test_access_is_sensitive (self->app, "push button", "Asyncify"));
  /* It ends as soon as it sees this. */
  written = test_folder_write ("flag", "");
  test_access_wait_for (self->app, "label", "exit status 0");

  test_access_fill (self->app, "Command", "no-such-program");
  test_access_xdotool (self->app, "key", "ctrl+shift+r", NULL);
  test_access_wait_for (self->app, "label", "no-such-program");
}

/* Somebody has a question of their own to the database, and mistypes the next. */
static void
test_database (Path *self,
               gconstpointer data)
{
  turn_to (self, "Database");
  test_access_fill (self->app, "Query", "SELECT 6 * 7 AS answer");
  test_access_xdotool (self->app, "key", "ctrl+Return", NULL);
  test_access_wait_for (self->app, "label", "1 row of 1 column");
  test_access_wait_for (self->app, "label", "42");

  test_access_fill (self->app, "Query", "DROP TABLE orders");
  test_access_press (self->app, "push button", "Asyncify");
  test_access_wait_for (self->app, "label", "Only queries that read");
}

/* Somebody asks the web, and does not wait for the answer the second time. */
static void
test_web (Path *self,
          gconstpointer data)
{
  turn_to (self, "Web API");
  test_access_press (self->app, "push button", "Asyncify");
  test_access_wait_for (self->app, "label", "200 OK");

  test_access_xdotool (self->app, "key", "ctrl+r", "key", "Escape", NULL);
  test_access_wait_for (self->app, "label", "Cancelled");
}

/* Somebody looks closer at the fractal. */
static void
test_fractal (Path *self,
              gconstpointer data)
{
  turn_to (self, "Fractal");
  test_access_press (self->app, "push button", "Asyncify");
  test_access_wait_for (self->app, "label", "tiles rendered");
  test_access_press (self->app, "push button", "Zoom in");
  test_access_wait_for (self->app, "label", "Zoom: ");
}

/* Somebody wants both ways side by side. */
static void
test_compare (Path *self,
              gconstpointer data)
{
  test_access_press (self->app, "page tab", "Compare");
  test_access_press (self->app, "push button", "Compare");
  test_access_wait_for (self->app, "label", "Frames missed");
  g_assert_true (test_access_has (self->app, "label", "Stood still"));
  test_access_press (self->app, "push button", "Copy as");
  test_access_wait_for (self->app, "status bar", "Copied");
}

/* Each path twice: without the mouse, and with it, where GTK tells what is to be clicked on. */
static void
add_paths (const char *hand_name,
           TestAccessHand hand)
{
  static const struct {
    const char *name;
    void (*func) (Path *, gconstpointer);
    gboolean is_there;
  } paths[] = {
    { "hello", test_hello, TRUE },
    { "search", test_search, TRUE },
    { "fractal", test_fractal, TRUE },
    { "primes", test_primes, TRUE },
    { "program", test_program, TRUE },
    { "storm", test_storm, TRUE },
    { "compare", test_compare, TRUE },
    { "database", test_database, HAVE_SQLITE },
    { "web", test_web, HAVE_SOUP },
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *path = g_strdup_printf ("/paths/%s/%s", hand_name, paths[i].name);

      if (paths[i].is_there)
        g_test_add (path, Path, GINT_TO_POINTER (hand), set_up, paths[i].func, tear_down);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);
  if (!test_access_begin ())
    return 0;

  add_paths ("keys", TEST_ACCESS_KEYS);
  if (test_access_tells_places ())
    add_paths ("mouse", TEST_ACCESS_MOUSE);

  return g_test_run ();
}
