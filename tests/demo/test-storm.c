/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Storm: a hundred thousand calls. */

#include "testpage.h"

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
  test_page_add ("/storm/cancel/in-the-middle", "storm", test_cancel);
  test_page_add ("/storm/cancel/at-once", "storm", test_cancel_at_once);
  g_test_add_func ("/storm/closed-meanwhile", test_closed_meanwhile);

  return g_test_run ();
}
