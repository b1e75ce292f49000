/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Pairs for one source file: each kind of RETURN, and each kind of PARAM. */

#include "outside.h"

#include <string.h>

typedef struct {
  double x, y;
} Point;

static int n_touched;

static void
touch (int *counter)
{
  *counter += 1;
}

static const char *
get_greeting (void)
{
  return "Hello";
}

static gboolean
is_even (int number)
{
  return number % 2 == 0;
}

static Point
mirror (Point point,
        gboolean both)
{
  return (Point) { -point.x, both ? -point.y : point.y };
}

static char *
shout (const char *text)
{
  return text != NULL ? g_ascii_strup (text, -1) : NULL;
}

static char **
split (const char *text,
       GError **error)
{
  if (text == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "nothing to split");
      return NULL;
    }

  return g_strsplit (text, " ", -1);
}

static char *
join (const char *const *words)
{
  return g_strjoinv ("+", (char **) words);
}

static GFile *
find_child (GFile *folder,
            const char *name)
{
  return g_file_get_child (folder, name);
}

static GBytes *
append (GBytes *head,
        GBytes *tail)
{
  gsize n_head, n_tail;
  const char *head_data = g_bytes_get_data (head, &n_head);
  const char *tail_data = g_bytes_get_data (tail, &n_tail);
  char *data = g_malloc (n_head + n_tail);

  memcpy (data, head_data, n_head);
  memcpy (data + n_head, tail_data, n_tail);

  return g_bytes_new_take (data, n_head + n_tail);
}

static void
describe (const char *name,
          int *length,
          char **greeting,
          char ***letters,
          GFile **file,
          GBytes **bytes)
{
  *length = (int) strlen (name);
  *greeting = g_strconcat ("Hello, ", name, NULL);
  *letters = g_new0 (char *, *length + 1);
  for (int i = 0; i < *length; i++)
    (*letters)[i] = g_strndup (name + i, 1);
  *file = g_file_new_for_path (name);
  *bytes = g_bytes_new (name, *length);
}

static gboolean
wait_until_cancelled (GCancellable *cancellable,
                      GError **error)
{
  while (!g_cancellable_is_cancelled (cancellable))
    g_usleep (1000);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* As many as there ought to be at least */
static int
add (int a,
     int b,
     int c,
     int d,
     int e,
     int f,
     int g,
     int h)
{
  return a + b + c + d + e + f + g + h;
}

ASYNCIFY_DEFINE (NOTHING, touch, BORROWED (int *, counter))
ASYNCIFY_DEFINE (VALUE (const char *), get_greeting)
ASYNCIFY_DEFINE (BOOLEAN, is_even, VALUE (int, number))
ASYNCIFY_DEFINE (VALUE (Point), mirror, VALUE (Point, point), VALUE (gboolean, both))
ASYNCIFY_DEFINE (STRING, shout, STRING (text))
ASYNCIFY_DEFINE (STRV, split, STRING (text), THROWS)
ASYNCIFY_DEFINE (STRING, join, STRV (words))
ASYNCIFY_DEFINE (OBJECT (GFile), find_child, OBJECT (GFile, folder), STRING (name))
ASYNCIFY_DEFINE (BOXED (GBytes, g_bytes_ref, g_bytes_unref), append,
                 BOXED (GBytes, head, g_bytes_ref, g_bytes_unref),
                 BOXED (GBytes, tail, g_bytes_ref, g_bytes_unref))
ASYNCIFY_DEFINE (NOTHING, describe, STRING (name), OUT_VALUE (int, length), OUT_STRING (greeting),
                 OUT_STRV (letters), OUT_OBJECT (GFile, file),
                 OUT_BOXED (GBytes, bytes, g_bytes_unref))
ASYNCIFY_DEFINE (BOOLEAN, wait_until_cancelled, CANCELLABLE, THROWS)
ASYNCIFY_DEFINE (VALUE (int), add, VALUE (int, a), VALUE (int, b), VALUE (int, c), VALUE (int, d),
                 VALUE (int, e), VALUE (int, f), VALUE (int, g), VALUE (int, h))
ASYNCIFY_DEFINE_AS (BOOLEAN, load, g_file_load_contents, OBJECT (GFile, file), CANCELLABLE,
                    OUT_STRING (contents), OUT_VALUE (gsize, length), OUT_STRING (etag), THROWS)

static GAsyncResult *kept;

static void
check_plain_kinds (void)
{
  g_autoptr (GError) error = NULL;
  Point point;

  touch_async (&n_touched, NULL, keep_cb, &kept);
  touch_finish (await (&kept), &error);
  g_assert_cmpint (n_touched, ==, 1);

  get_greeting_async (NULL, keep_cb, &kept);
  g_assert_cmpstr (get_greeting_finish (await (&kept), &error), ==, "Hello");

  is_even_async (12, NULL, keep_cb, &kept);
  g_assert_true (is_even_finish (await (&kept), &error));
  is_even_async (13, NULL, keep_cb, &kept);
  g_assert_false (is_even_finish (await (&kept), &error));

  mirror_async ((Point) { 1, 2 }, TRUE, NULL, keep_cb, &kept);
  point = mirror_finish (await (&kept), &error);
  g_assert_true (point.x == -1 && point.y == -2);

  add_async (1, 2, 3, 4, 5, 6, 7, 8, NULL, keep_cb, &kept);
  g_assert_cmpint (add_finish (await (&kept), &error), ==, 36);
  g_assert_no_error (error);
}

static void
check_strings (void)
{
  g_autofree char *shouted = NULL, *joined = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  char text[] = "one two";

  /* It has a copy. */
  split_async (text, NULL, keep_cb, &kept);
  memset (text, 'x', strlen (text));
  words = split_finish (await (&kept), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (words), ==, 2);
  g_assert_cmpstr (words[1], ==, "two");

  join_async ((const char *const *) words, NULL, keep_cb, &kept);
  joined = join_finish (await (&kept), &error);
  g_assert_cmpstr (joined, ==, "one+two");

  shout_async ("hello", NULL, keep_cb, &kept);
  shouted = shout_finish (await (&kept), &error);
  g_assert_cmpstr (shouted, ==, "HELLO");

  shout_async (NULL, NULL, keep_cb, &kept);
  g_assert_null (shout_finish (await (&kept), &error));
  g_assert_no_error (error);

  split_async (NULL, NULL, keep_cb, &kept);
  g_assert_null (split_finish (await (&kept), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

static void
check_objects (void)
{
  g_autoptr (GFile) folder = g_file_new_for_path ("/folder");
  g_autoptr (GBytes) head = g_bytes_new_static ("ab", 2);
  g_autoptr (GBytes) tail = g_bytes_new_static ("cd", 2);
  g_autoptr (GBytes) both = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) child = NULL;
  g_autofree char *path = NULL;

  find_child_async (folder, "child", NULL, keep_cb, &kept);
  child = find_child_finish (await (&kept), &error);
  path = g_file_get_path (child);
  g_assert_cmpstr (path, ==, "/folder/child");

  append_async (head, tail, NULL, keep_cb, &kept);
  both = append_finish (await (&kept), &error);
  g_assert_cmpmem (g_bytes_get_data (both, NULL), g_bytes_get_size (both), "abcd", 4);
  g_assert_no_error (error);
}

static void
check_out (void)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = NULL;
  g_autofree char *greeting = NULL, *path = NULL, *none = NULL;
  g_auto (GStrv) letters = NULL;
  int length = 0;

  describe_async ("you", NULL, keep_cb, &kept);
  describe_finish (await (&kept), &length, &greeting, &letters, &file, &bytes, &error);
  g_assert_no_error (error);
  path = g_file_get_basename (file);
  g_assert_cmpint (length, ==, 3);
  g_assert_cmpstr (greeting, ==, "Hello, you");
  g_assert_cmpuint (g_strv_length (letters), ==, 3);
  g_assert_cmpstr (path, ==, "you");
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "you", 3);

  /* Nobody has to take what they don't need. */
  describe_async ("you", NULL, keep_cb, &kept);
  describe_finish (await (&kept), NULL, &none, NULL, NULL, NULL, NULL);
  g_assert_cmpstr (none, ==, "Hello, you");
}

static void
check_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  wait_until_cancelled_async (cancellable, keep_cb, &kept);
  g_cancellable_cancel (cancellable);
  g_assert_false (wait_until_cancelled_finish (await (&kept), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The callback as people write it */
static void
loaded_cb (GObject *source_object,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autofree char *contents = NULL, *etag = NULL;
  g_autoptr (GError) error = NULL;
  GMainLoop *loop = user_data;
  gsize length = 0;

  g_assert_null (source_object);
  g_assert_true (load_finish (result, &contents, &length, &etag, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (length, ==, strlen (contents));
  g_assert_nonnull (strstr (contents, "The callback as people write it"));
  g_assert_nonnull (etag);
  g_main_loop_quit (loop);
}

static void
check_existing_function (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GFile) file = g_file_new_for_path (__FILE__);

  load_async (file, NULL, loaded_cb, loop);
  g_main_loop_run (loop);
}

int
main (void)
{
  begin ();
  check_plain_kinds ();
  check_strings ();
  check_objects ();
  check_out ();
  check_cancelled ();
  check_existing_function ();

  return 0;
}
