/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Primes: what is counted, and how many calls run at once. */

#include "demo-bars.h"
#include "testpage.h"

#define LARGEST_LIMIT "4000000000" /* takes seconds */
#define N_CALLS       100

static guint
get_n_bars (TestPage *self)
{
  return demo_bars_get_n_shown (DEMO_BARS (test_find (self->page, DEMO_TYPE_BARS, NULL)));
}

static void
set_threads (TestPage *self,
             guint n_threads)
{
  GtkWidget *scale = test_find (self->page, GTK_TYPE_SCALE, NULL);

  g_assert_true (gtk_widget_is_sensitive (scale));
  gtk_range_set_value (GTK_RANGE (scale), n_threads);
  g_assert_cmpfloat (gtk_range_get_value (GTK_RANGE (scale)), ==, n_threads);
}

/* How many primes there are up to a power of ten: OEIS A006880, https://oeis.org/A006880. The
 * largest of them: OEIS A003618. */
static void
test_published (TestPage *self,
                gconstpointer data)
{
  const struct {
    const char *limit, *result;
  } cases[] = {
    { "10", "4 primes up to 10, the largest is 7;" },
    { "100", "25 primes up to 100, the largest is 97;" },
    { "1000", "168 primes up to 1000, the largest is 997;" },
    { "10000", "1229 primes up to 10000, the largest is 9973;" },
    { "100000", "9592 primes up to 100000, the largest is 99991;" },
    { "1000000", "78498 primes up to 1000000, the largest is 999983;" },
    { "10000000", "664579 primes up to 10000000, the largest is 9999991;" },
    { "100000000", "5761455 primes up to 100000000, the largest is 99999989;" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint j = 0; j < TEST_PAGE_WAYS; j++)
      {
        test_page_type (self, "Up to", cases[i].limit);
        test_page_run (self, test_page_ways[j]);
        test_page_assert (self, "succeeded", cases[i].result);
        g_assert_cmpuint (get_n_bars (self), ==, N_CALLS);
      }
}

static gboolean
is_prime (guint number)
{
  for (guint i = 2; i < number; i++)
    if (number % i == 0)
      return FALSE;

  return number >= 2;
}

/* Fewer numbers than calls, and squares of primes, where a sieve may stop too early or too late. */
static void
test_small (TestPage *self,
            gconstpointer data)
{
  guint n = 0, largest = 0;

  for (guint limit = 2; limit <= 130; limit++)
    {
      g_autofree char *text = g_strdup_printf (" %u ", limit);
      g_autofree char *expected = NULL;

      n += is_prime (limit);
      largest = is_prime (limit) ? limit : largest;
      expected = g_strdup_printf ("%u %s up to %u, the largest is %u;", n,
                                  n == 1 ? "prime" : "primes", limit, largest);
      test_page_type (self, "Up to", text);
      test_page_run (self, test_page_ways[limit % TEST_PAGE_WAYS]);
      test_page_assert (self, "succeeded", expected);
    }
}

static void
assert_refused (TestPage *self,
                const char *limit)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_type (self, "Up to", limit);
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "failed", "type a whole number from 2 to 4000000000.");
    }
}

static void
test_refuses (TestPage *self,
              gconstpointer data)
{
  const char *const nonsense[]
    = { "",     " ",    "0",     "1",    "-1",  "-5",   "4000000001", "99999999999999999999",
        "12.5", "1e9",  "0x10",  "ten",  "१०",  "10 20", "%s%n" };
  g_autofree char *megabyte = g_strnfill (1024 * 1024, '9');

  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++)
    assert_refused (self, nonsense[i]);
  assert_refused (self, megabyte);

  test_page_type (self, "Up to", "2");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "1 prime up to 2, the largest is 2; counted by 1 thread");
}

/* What the page says: how many calls run at the moment, or G_MAXUINT if none waits for them. */
static guint
get_n_running (TestPage *self)
{
  GtkWidget *scale = test_find (self->page, GTK_TYPE_SCALE, NULL);
  GtkWidget *label = gtk_widget_get_next_sibling (gtk_widget_get_parent (scale));
  const char *text = gtk_label_get_text (GTK_LABEL (label));
  guint n_running, n_waiting;

  g_assert_cmpint (sscanf (text, "Running: %u, waiting: %u", &n_running, &n_waiting), ==, 2);

  return n_waiting > 0 ? n_running : G_MAXUINT;
}

static gboolean
is_one_running (gpointer data)
{
  return get_n_running (data) == 1;
}

static gboolean
are_two_running (gpointer data)
{
  return get_n_running (data) == 2;
}

static gboolean
are_some_done (gpointer data)
{
  return get_n_bars (data) > 0;
}

static void
test_threads (TestPage *self,
              gconstpointer data)
{
  test_page_type (self, "Up to", "500000000");
  for (guint n_threads = 1; n_threads <= 2; n_threads++)
    {
      set_threads (self, n_threads);
      test_page_run (self, "Asyncify");
      test_page_assert (self, "succeeded", n_threads == 1 ? "by 1 thread" : "by 2 threads");
    }

  /* Freeze does without. */
  test_page_run (self, "Freeze");
  test_page_assert (self, "succeeded", "by 1 thread");
}

/* The slider is heeded at once, both ways. */
static void
test_moved_meanwhile (TestPage *self,
                      gconstpointer data)
{
  set_threads (self, 1);
  test_page_type (self, "Up to", LARGEST_LIMIT);
  test_page_press (self, "Asyncify");
  test_wait_until (is_one_running, self);
  set_threads (self, 2);
  test_wait_until (are_two_running, self);
  set_threads (self, 1);
  test_wait_until (is_one_running, self);

  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
}

static void
test_cancel (TestPage *self,
             gconstpointer data)
{
  GtkWidget *bar = test_find (self->page, GTK_TYPE_PROGRESS_BAR, NULL);

  test_page_type (self, "Up to", LARGEST_LIMIT);
  test_page_press (self, "Asyncify");
  test_wait_until (are_some_done, self);
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)), >, 0);
  g_assert_cmpfloat (gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)), <, 1);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
  g_assert_cmpuint (get_n_bars (self), <, N_CALLS);

  test_page_type (self, "Up to", "1000");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "168 primes up to 1000");
}

/* The calls that wait never run, and one that runs gives up. */
static void
test_cancel_at_once (TestPage *self,
                     gconstpointer data)
{
  test_page_type (self, "Up to", LARGEST_LIMIT);
  for (guint i = 0; i < 10; i++)
    {
      test_page_press (self, "Asyncify");
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
      g_assert_cmpuint (get_n_bars (self), ==, 0);
    }
}

static void
test_closed_meanwhile (void)
{
  TestPage page;

  test_page_set_up (&page, "primes");
  test_page_press (&page, "Asyncify");
  test_wait_until (are_some_done, &page);
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

  test_page_add ("/primes/counts/as-published", "primes", test_published);
  test_page_add ("/primes/counts/small-limits", "primes", test_small);
  test_page_add ("/primes/bad/limits", "primes", test_refuses);
  test_page_add ("/primes/threads/as-many-as-chosen", "primes", test_threads);
  test_page_add ("/primes/threads/slider-moved-meanwhile", "primes", test_moved_meanwhile);
  test_page_add ("/primes/cancel/in-the-middle", "primes", test_cancel);
  test_page_add ("/primes/cancel/at-once", "primes", test_cancel_at_once);
  g_test_add_func ("/primes/closed-meanwhile", test_closed_meanwhile);

  return g_test_run ();
}
