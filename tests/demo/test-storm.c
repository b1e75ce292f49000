/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Storm: up to a million calls. */

#include "testpage.h"

#define MEGABYTE (1024 * 1024)

static double
get_fraction (TestPage *self)
{
  GtkWidget *bar = test_find (self->page, GTK_TYPE_PROGRESS_BAR, NULL);

  return gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar));
}

static gboolean
is_under_way (gpointer data)
{
  double fraction = get_fraction (data);

  return fraction > 0.05 && fraction < 0.95;
}

static gboolean
is_begun (gpointer data)
{
  return get_fraction (data) > 0;
}

static void
test_ends (TestPage *self,
           gconstpointer data)
{
  test_page_run (self, "Freeze");
  test_page_assert (self, "succeeded", "100000 calls");

  for (guint i = 0; i < 2; i++)
    {
      test_page_press (self, "Asyncify");
      test_wait_until (is_under_way, self);
      test_page_wait_until_idle (self);
      test_page_assert (self, "succeeded", "100000 calls, 100000 right results");
      g_assert_cmpfloat (get_fraction (self), ==, 1);
    }
}

static void
test_cancel (TestPage *self,
             gconstpointer data)
{
  test_page_press (self, "Asyncify");
  test_wait_until (is_under_way, self);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");

  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "100000 right results");
}

static gboolean
are_all_home (gpointer data)
{
  return get_fraction (data) == 1;
}

/* What is under way then is one more call, which looks at all the results. */
static void
test_cancel_counting (TestPage *self,
                      gconstpointer data)
{
  test_page_press (self, "Asyncify");
  test_wait_until (are_all_home, self);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
}

/* Before the first call was made, and as often as one can press. */
static void
test_cancel_at_once (TestPage *self,
                     gconstpointer data)
{
  for (guint i = 0; i < 20; i++)
    {
      test_page_press (self, "Asyncify");
      test_iterate (i);
      test_page_press (self, "Cancel");
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
    }
}

static void
assert_refused (TestPage *self,
                const char *number)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_type (self, "Calls", number);
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "failed", "type a whole number from 1 to 1000000");
    }
}

static void
test_refuses (TestPage *self,
              gconstpointer data)
{
  static const char *const refused[]
    = { "", " ", "0", "-1", "+1", "1000001", "18446744073709551617", "1e3", "7.5", "0x10", "many" };
  g_autofree char *megabyte = g_strnfill (MEGABYTE, '9');

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    assert_refused (self, refused[i]);
  assert_refused (self, megabyte);

  test_page_type (self, "Calls", " 7 ");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "7 calls, 7 right results");
}

/* One after the other, all of them would keep the window for longer than a person waits. */
static void
test_refuses_long_freeze (TestPage *self,
                          gconstpointer data)
{
  test_page_type (self, "Calls", "1000000");
  test_page_run (self, "Freeze");
  test_page_assert (self, "failed", "stand still for 13 s");
  test_page_type (self, "Calls", "7");
  test_page_run (self, "Freeze");
  g_assert_cmpstr (test_page_get_result (self), ==, "7 calls");
}

/* As many as were asked for, from one up. */
static void
test_number (TestPage *self,
             gconstpointer data)
{
  static const struct {
    const char *number, *frozen, *asyncified;
  } cases[] = {
    { "1", "1 call", "1 call, 1 right result" },
    { "99", "99 calls", "99 calls, 99 right results" },
    { "12345", "12345 calls", "12345 calls, 12345 right results" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      test_page_type (self, "Calls", cases[i].number);
      test_page_run (self, "Freeze");
      g_assert_cmpstr (test_page_get_result (self), ==, cases[i].frozen);
      test_page_run (self, "Asyncify");
      g_assert_cmpstr (test_page_get_result (self), ==, cases[i].asyncified);
      g_assert_cmpfloat (get_fraction (self), ==, 1);
    }
}

/* All of them would take half a minute. */
static void
test_cancel_million (TestPage *self,
                     gconstpointer data)
{
  test_page_type (self, "Calls", "1000000");
  test_page_press (self, "Asyncify");
  test_wait_until (is_begun, self);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
  g_assert_cmpfloat (get_fraction (self), <, 0.9);
}

/* The calls go on without the page, and end. */
static void
test_closed_meanwhile (void)
{
  TestPage page;

  test_page_set_up (&page, "storm");
  test_page_press (&page, "Asyncify");
  test_wait_until (is_under_way, &page);
  test_page_close (&page);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  if (!test_widgets_begin ())
    return 0;

  test_page_add ("/storm/all-results-right-every-time", "storm", test_ends);
  test_page_add ("/storm/number/is-obeyed", "storm", test_number);
  test_page_add ("/storm/number/refused", "storm", test_refuses);
  test_page_add ("/storm/number/long-freeze-refused", "storm", test_refuses_long_freeze);
  test_page_add ("/storm/cancel/a-million", "storm", test_cancel_million);
  test_page_add ("/storm/cancel/in-the-middle", "storm", test_cancel);
  test_page_add ("/storm/cancel/while-counting", "storm", test_cancel_counting);
  test_page_add ("/storm/cancel/at-once", "storm", test_cancel_at_once);
  g_test_add_func ("/storm/closed-meanwhile", test_closed_meanwhile);

  return g_test_run ();
}
