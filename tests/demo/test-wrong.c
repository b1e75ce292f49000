/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Wrong ways: each of them does what the page says of it, and none of them harms the
 * app, whatever happens meanwhile. */

#include "demo-page.h"
#include "testpage.h"

/* As on the page */
enum {
  THREAD,
  LOOP,
  LONG_PIECES,
  SHORT_PIECES,
  WIDGETS,
  N_WAYS
};

#define N_BLOCKS   10000
#define BLOCK_SIZE (64 * 1024)

static void
choose (TestPage *self,
        guint way)
{
  GtkWidget *drop_down = test_find (self->page, GTK_TYPE_DROP_DOWN, NULL);

  g_assert_true (gtk_widget_is_sensitive (drop_down));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), way);
}

/* How often the main loop came round */
typedef struct {
  guint source;
  guint n_turns;
} Turns;

static gboolean
turn_cb (gpointer user_data)
{
  ((Turns *) user_data)->n_turns++;

  return G_SOURCE_CONTINUE;
}

static void
turns_begin (Turns *self)
{
  self->n_turns = 0;
  self->source = g_timeout_add (10, turn_cb, self);
}

static guint
turns_end (Turns *self)
{
  g_source_remove (self->source);

  return self->n_turns;
}

/* The result is the right one, computed in another way; and this is said of it. */
static void
assert_result (TestPage *self,
               const char *remark)
{
  static const guchar block[BLOCK_SIZE];
  static char *expected;

  if (expected == NULL)
    {
      g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

      for (guint i = 0; i < N_BLOCKS; i++)
        g_checksum_update (checksum, block, BLOCK_SIZE);
      expected = g_strdup_printf ("655.4\302\240MB hashed to %.8s…",
                                  g_checksum_get_string (checksum));
    }

  test_page_assert (self, "succeeded", expected);
  test_page_assert (self, "succeeded", remark);
}

static void
test_right (TestPage *self,
            gconstpointer data)
{
  choose (self, WIDGETS);
  test_page_run (self, "Asyncify");
  assert_result (self, "");
}

/* The loop doesn't come round before the button is back, though a thread did the work. */
static void
test_thread (TestPage *self,
             gconstpointer data)
{
  Turns turns;

  choose (self, THREAD);
  turns_begin (&turns);
  test_page_press (self, "Freeze");
  g_assert_cmpuint (turns_end (&turns), ==, 0);
  test_page_wait_until_idle (self);
  assert_result (self, "; the main loop waited for the thread for ");
}

static double
get_number_after (const char *text,
                  const char *before)
{
  const char *found = strstr (text, before);

  g_assert_nonnull (found);

  return g_ascii_strtod (found + strlen (before), NULL);
}

/* The loop does, and so the first result has to wait for two more. */
static void
test_loop (TestPage *self,
           gconstpointer data)
{
  Turns turns;
  double came, used;

  choose (self, LOOP);
  turns_begin (&turns);
  test_page_press (self, "Freeze");
  g_assert_cmpuint (turns_end (&turns), >, 10);
  test_page_wait_until_idle (self);
  assert_result (self, "; 3 loops, one inside the other: ");
  came = get_number_after (test_page_get_result (self), "came after ");
  used = get_number_after (test_page_get_result (self), "used after ");
  g_assert_cmpfloat (came, >, 300);
  g_assert_cmpfloat (used, >=, came);
}

/* The button comes back at once, and the work is done afterwards, in pieces. */
static void
test_pieces (TestPage *self,
             gconstpointer data)
{
  static const char *const remarks[N_WAYS] = {
    [LONG_PIECES] = "; 10 pieces of up to ",
    [SHORT_PIECES] = "; 10000 pieces of up to ",
  };
  guint n_turns[N_WAYS];
  Turns turns;

  for (guint i = LONG_PIECES; i <= SHORT_PIECES; i++)
    {
      choose (self, i);
      test_page_press (self, "Freeze");
      g_assert_cmpstr (test_page_get_result (self), ==, "Running…");
      turns_begin (&turns);
      test_page_wait_until_idle (self);
      n_turns[i] = turns_end (&turns);
      assert_result (self, remarks[i]);
    }

  /* Between the pieces only */
  g_assert_cmpuint (n_turns[LONG_PIECES], <=, 12);
  g_assert_cmpuint (n_turns[SHORT_PIECES], >, 12);
}

static void
test_widgets (TestPage *self,
              gconstpointer data)
{
  choose (self, WIDGETS);
  test_page_run (self, "Freeze");
  test_page_assert (self, "failed", "This one is not run");
}

static gboolean
cancel_cb (gpointer user_data)
{
  test_page_press (user_data, "Cancel");

  return G_SOURCE_REMOVE;
}

/* What lets the loop run can be cancelled, as what is right. */
static void
test_cancel (TestPage *self,
             gconstpointer data)
{
  for (guint i = LOOP; i <= SHORT_PIECES; i++)
    {
      choose (self, i);
      g_timeout_add (1, cancel_cb, self);
      test_page_press (self, "Freeze");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");

      test_page_press (self, "Asyncify");
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
    }
}

static gboolean
destroy_cb (gpointer user_data)
{
  gtk_window_destroy (user_data);

  return G_SOURCE_REMOVE;
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

/* As a key does it, which isn't pressed on a widget of the page. */
static void
start_frozen (GtkWidget *page)
{
  demo_scenario_start (demo_page_get_scenario (DEMO_PAGE (page)), DEMO_MODE_FREEZE);
}

static void
click_freeze (GtkWidget *page)
{
  test_click (test_find_button (page, "Freeze"));
}

static void
close_meanwhile (guint way,
                 void (*start) (GtkWidget *page))
{
  TestPage page;
  gpointer scenario;

  g_test_message ("way %u", way);
  test_page_set_up (&page, "wrong");
  choose (&page, way);
  scenario = demo_page_get_scenario (DEMO_PAGE (page.page));
  g_object_add_weak_pointer (scenario, &scenario);
  g_timeout_add (400, destroy_cb, page.window);
  start (page.page);
  test_wait_until (is_gone, &scenario);
}

/* Also in the middle of the function, which a loop inside it makes possible. */
static void
test_closed_meanwhile (void)
{
  for (guint i = 0; i < N_WAYS; i++)
    close_meanwhile (i, click_freeze);
  close_meanwhile (LOOP, start_frozen);
}

static const char *
get_text_beside (TestPage *self,
                 const char *caption)
{
  GtkWidget *card = test_find (self->page, GTK_TYPE_GRID, "advice");

  for (GtkWidget *child = gtk_widget_get_first_child (card); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (g_str_equal (gtk_label_get_text (GTK_LABEL (child)), caption))
      return gtk_label_get_text (GTK_LABEL (gtk_widget_get_next_sibling (child)));

  g_assert_not_reached ();
}

/* Everything is said of the way that is chosen, and of each something else. */
static void
test_card (TestPage *self,
           gconstpointer data)
{
  static const char *const captions[] = { "The code", "What happens", "Why", "Instead" };
  g_autoptr (GHashTable) codes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < N_WAYS; i++)
    {
      choose (self, i);
      for (guint j = 0; j < G_N_ELEMENTS (captions); j++)
        g_assert_cmpstr (get_text_beside (self, captions[j]), !=, "");
      g_assert_true (g_hash_table_add (codes, g_strdup (get_text_beside (self, "The code"))));
    }

  choose (self, LOOP);
  g_assert_nonnull (strstr (get_text_beside (self, "The code"), "g_main_context_iteration"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  if (!test_widgets_begin ())
    return 0;

  test_page_add ("/wrong/asyncified-right", "wrong", test_right);
  test_page_add ("/wrong/thread-stands-still", "wrong", test_thread);
  test_page_add ("/wrong/loop-nests", "wrong", test_loop);
  test_page_add ("/wrong/pieces", "wrong", test_pieces);
  test_page_add ("/wrong/widgets-not-run", "wrong", test_widgets);
  test_page_add ("/wrong/cancel", "wrong", test_cancel);
  g_test_add_func ("/wrong/closed-meanwhile", test_closed_meanwhile);
  test_page_add ("/wrong/card-tells-of-what-is-chosen", "wrong", test_card);

  return g_test_run ();
}
