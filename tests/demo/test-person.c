/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A person's path: the real app on a real X display, clicked and typed into with xdotool, and
 * judged from outside, by whether its picture changes. Nothing here asks the app. */

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <gio/gio.h>

#include <stdlib.h>
#include <string.h>

/* For how long something is watched, and how long it may take to come about, in us. */
#define WATCH    (2 * G_TIME_SPAN_SECOND)
#define PATIENCE (60 * G_TIME_SPAN_SECOND)

/* What the two buttons are painted with, in style.css. */
#define FREEZE_COLOR   0xc01c28
#define ASYNCIFY_COLOR 0x1c71d8

/* Where the field on the stage is, from the left of the buttons and the top of the window. */
#define FIELD_LEFT   400
#define FIELD_TOP    184
#define FIELD_HEIGHT 22

typedef struct {
  int x, y, width, height;
} Area;

typedef struct {
  Display *display;
  GSubprocess *app;
  Area screen;
  Area freeze, asyncify; /* the buttons */
  Area stage;            /* what is above them */
} Fixture;

static XImage *
grab (Fixture *fixture,
      const Area *area)
{
  XImage *image = XGetImage (fixture->display, DefaultRootWindow (fixture->display), area->x,
                             area->y, area->width, area->height, AllPlanes, ZPixmap);

  g_assert_nonnull (image);
  g_assert_cmpint (image->bits_per_pixel, ==, 32);

  return image;
}

static gboolean
is_same (XImage *a,
         XImage *b)
{
  return memcmp (a->data, b->data, (gsize) a->bytes_per_line * a->height) == 0;
}

/* How many pixels from (x, y) to the right have @color. */
static int
get_run (XImage *image,
         int x,
         int y,
         gulong color)
{
  int end = x;

  while (end < image->width && (XGetPixel (image, end, y) & 0xffffff) == color)
    end++;

  return end - x;
}

/* The smallest area with all that is painted with @color, other than letters and lines. Its
 * width is 0 if there is nothing. */
static Area
find_color (Fixture *fixture,
            const Area *where,
            gulong color)
{
  const int least = 16;
  XImage *image = grab (fixture, where);
  int left = where->width, right = 0, top = where->height, bottom = 0;

  for (int y = 0; y < where->height; y++)
    for (int x = 0, run; x < where->width; x += MAX (run, 1))
      {
        run = get_run (image, x, y, color);
        if (run < least)
          continue;
        left = MIN (left, x);
        right = MAX (right, x + run);
        top = MIN (top, y);
        bottom = MAX (bottom, y + 1);
      }
  XDestroyImage (image);

  return (Area) { where->x + left, where->y + top, MAX (right - left, 0), MAX (bottom - top, 0) };
}

static void
do_with_xdotool (const char *arguments)
{
  g_autofree char *command = g_strconcat ("xdotool ", arguments, NULL);
  g_autoptr (GError) error = NULL;
  int status;

  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

/* And away from it: a button under the pointer has another colour. */
static void
click (const Area *area)
{
  g_autofree char *arguments = g_strdup_printf (
    "mousemove %d %d click 1 mousemove %d 700", area->x + area->width / 2,
    area->y + area->height / 2, area->x);

  do_with_xdotool (arguments);
}

/* The longest time in which the picture of @area stayed the same, of the WATCH us from now. */
static gint64
watch_for_standstill (Fixture *fixture,
                      const Area *area)
{
  gint64 began = g_get_monotonic_time (), changed = began, longest = 0, now;
  XImage *last = grab (fixture, area);

  do
    {
      XImage *image = grab (fixture, area);

      now = g_get_monotonic_time ();
      longest = MAX (longest, now - changed);
      if (!is_same (image, last))
        changed = now;
      XDestroyImage (last);
      last = image;
      g_usleep (5000);
    }
  while (now - began < WATCH);
  XDestroyImage (last);

  return longest;
}

static gboolean
find_buttons (Fixture *fixture)
{
  Area right;

  fixture->freeze = find_color (fixture, &fixture->screen, FREEZE_COLOR);
  if (fixture->freeze.width < 40 || fixture->freeze.height < 16)
    return FALSE;

  right = fixture->freeze;
  right.x += right.width;
  right.width = fixture->screen.width - right.x;
  fixture->asyncify = find_color (fixture, &right, ASYNCIFY_COLOR);

  return fixture->asyncify.width >= 40;
}

static void
await_change (Fixture *fixture,
              const Area *area,
              XImage *before)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;
  gboolean same;

  do
    {
      XImage *image = grab (fixture, area);

      same = is_same (image, before);
      XDestroyImage (image);
      g_assert_cmpint (g_get_monotonic_time (), <, until);
    }
  while (same);
}

/* Waits until the buttons are there and can be pressed: then they have their colours. */
static void
await_buttons (Fixture *fixture)
{
  gint64 until = g_get_monotonic_time () + PATIENCE;

  while (!find_buttons (fixture))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, until);
      g_usleep (20000);
    }

  fixture->stage = (Area) { fixture->freeze.x, 0, 600, fixture->freeze.y - 100 };
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->display = XOpenDisplay (NULL);
  g_assert_nonnull (fixture->display);
  fixture->screen = (Area) { 0, 0, DisplayWidth (fixture->display, 0),
                             DisplayHeight (fixture->display, 0) };

  fixture->app = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, g_getenv ("ASYNCIFY_DEMO"),
                                   "--style=light", NULL);
  g_assert_no_error (error);
  await_buttons (fixture);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  /* Ctrl+Q ends it, and it has nothing to complain of. */
  do_with_xdotool ("key ctrl+q");
  g_assert_true (g_subprocess_wait (fixture->app, NULL, NULL));
  g_assert_true (g_subprocess_get_successful (fixture->app));
  g_clear_object (&fixture->app);
  XCloseDisplay (fixture->display);
}

/* do_sync_work () sleeps for a second. Watching takes longer than that, so the window is seen
 * to go on again, too. */
static void
test_freeze_and_asyncify (Fixture *fixture,
                          gconstpointer data)
{
  gint64 idle, frozen, asyncified;

  idle = watch_for_standstill (fixture, &fixture->stage);
  click (&fixture->freeze);
  frozen = watch_for_standstill (fixture, &fixture->stage);
  await_buttons (fixture);
  click (&fixture->asyncify);
  asyncified = watch_for_standstill (fixture, &fixture->stage);

  g_test_message ("Longest standstill: idle %" G_GINT64_FORMAT " us, frozen %" G_GINT64_FORMAT
                  " us, asyncified %" G_GINT64_FORMAT " us",
                  idle, frozen, asyncified);
  g_assert_cmpint (frozen, >=, 800 * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpint (asyncified, <, frozen / 2);
}

/* Both buttons lose their colour while the function runs, and have it again after; and the
 * result that appears looks different from what was there before. */
static void
test_result_appears (Fixture *fixture,
                     gconstpointer data)
{
  Area below = { fixture->freeze.x, fixture->freeze.y + fixture->freeze.height + 12, 600, 60 };
  XImage *button = grab (fixture, &fixture->freeze);
  XImage *idle = grab (fixture, &below), *running;

  click (&fixture->asyncify);
  await_change (fixture, &fixture->freeze, button);
  running = grab (fixture, &below);
  await_buttons (fixture);
  await_change (fixture, &below, running);
  await_change (fixture, &below, idle);

  XDestroyImage (button);
  XDestroyImage (idle);
  XDestroyImage (running);
}

/* What is typed while the function runs shows at once: before the buttons are back. It takes
 * the place of the hint in the field, whose tail is looked at, where no cursor blinks. */
static void
test_type_meanwhile (Fixture *fixture,
                     gconstpointer data)
{
  const Area field = { fixture->freeze.x + FIELD_LEFT, FIELD_TOP, 150, FIELD_HEIGHT };
  const Area tail = { field.x + 50, field.y, 40, field.height };
  XImage *before, *later;

  click (&field);
  before = grab (fixture, &tail);
  click (&fixture->asyncify);
  click (&field);
  later = grab (fixture, &tail);
  g_assert_true (is_same (before, later));

  do_with_xdotool ("type --delay 20 moving");
  await_change (fixture, &tail, before);
  g_assert_cmpint (find_color (fixture, &fixture->screen, FREEZE_COLOR).width, ==, 0);

  XDestroyImage (before);
  XDestroyImage (later);
  await_buttons (fixture);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/person/freeze-freezes-asyncify-does-not", Fixture, NULL, set_up,
              test_freeze_and_asyncify, tear_down);
  g_test_add ("/person/result-appears", Fixture, NULL, set_up, test_result_appears, tear_down);
  g_test_add ("/person/can-type-meanwhile", Fixture, NULL, set_up, test_type_meanwhile,
              tear_down);

  return g_test_run ();
}
