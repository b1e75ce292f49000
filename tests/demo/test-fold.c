/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What is at the side of something, and before it where there is no room for both. */

#include "demo-fold-private.h"
#include "testfold.h"
#include "testpiece.h"
#include "testwidgets.h"

/* Shown and hidden, folded and not: where all is then, and who hears of it */
static void
test_by_width (TestFold *self,
               gconstpointer data)
{
  test_resize (self->window, 1000);
  test_fold_check (self, FALSE, TRUE);
  test_check_bounds (self->side, 0, 0, 200, TEST_HEIGHT);
  test_check_bounds (self->content, 200, 0, 800, TEST_HEIGHT);
  g_assert_cmpuint (self->n_folded + self->n_shown, ==, 0);

  test_resize (self->window, 800);
  test_fold_check (self, FALSE, TRUE);
  test_check_bounds (self->content, 200, 0, 600, TEST_HEIGHT);

  test_resize (self->window, 799);
  test_fold_check (self, TRUE, FALSE);
  test_check_bounds (self->content, 0, 0, 799, TEST_HEIGHT);
  g_assert_cmpuint (self->n_folded, ==, 1);
  g_assert_cmpuint (self->n_shown, ==, 1);

  test_fold_set_shown (self, TRUE);
  test_fold_check (self, TRUE, TRUE);
  test_check_bounds (self->content, 0, 0, 799, TEST_HEIGHT);
  test_check_bounds (self->side, 0, 0, 200, TEST_HEIGHT);
  test_check_bounds (self->scrim, 0, 0, 799, TEST_HEIGHT);
  g_assert_cmpuint (self->n_shown, ==, 2);

  test_fold_set_shown (self, FALSE);
  test_fold_check (self, TRUE, FALSE);
  g_assert_cmpuint (self->n_shown, ==, 3);
  g_assert_cmpuint (self->n_folded, ==, 1);

  test_resize (self->window, 900);
  test_fold_check (self, FALSE, TRUE);
  test_check_bounds (self->content, 200, 0, 700, TEST_HEIGHT);
  g_assert_cmpuint (self->n_shown, ==, 4);
  g_assert_cmpuint (self->n_folded, ==, 2);
}

/* What was wanted side by side is there again; what was done folded doesn't count then. */
static void
test_remembers (TestFold *self,
                gconstpointer data)
{
  test_resize (self->window, 1000);
  test_fold_set_shown (self, FALSE);
  test_fold_check (self, FALSE, FALSE);
  test_check_bounds (self->content, 0, 0, 1000, TEST_HEIGHT);

  test_resize (self->window, 500);
  test_fold_check (self, TRUE, FALSE);
  test_fold_set_shown (self, TRUE);
  test_fold_check (self, TRUE, TRUE);

  test_resize (self->window, 1000);
  test_fold_check (self, FALSE, FALSE);
  test_fold_set_shown (self, TRUE);
  test_fold_check (self, FALSE, TRUE);
}

static void
test_begins_folded (TestFold *self,
                    gconstpointer data)
{
  test_resize (self->window, 360);
  test_fold_check (self, TRUE, FALSE);
  g_assert_cmpuint (self->n_folded, ==, 1);
  g_assert_cmpuint (self->n_shown, ==, 1);

  test_resize (self->window, 1000);
  test_fold_check (self, FALSE, TRUE);
}

static void
check_sizes (TestFold *self,
             int wanted_minimum,
             int wanted_natural)
{
  int minimum, natural;

  gtk_widget_measure (GTK_WIDGET (self->fold), GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural,
                      NULL, NULL);
  g_assert_cmpint (minimum, ==, wanted_minimum);
  g_assert_cmpint (natural, ==, wanted_natural);
}

static void
test_sizes (TestFold *self,
            gconstpointer data)
{
  check_sizes (self, 300, 500);
  demo_fold_set_shown (self->fold, FALSE);
  check_sizes (self, 300, 300);
  test_resize (self->window, 300);
  check_sizes (self, 300, 300);
}

/* The content is a text that is wrapped: at each width it is as high as it has to be there. */
static void
test_heights (TestFold *self,
              gconstpointer data)
{
  const struct {
    int width;
    int content;
  } cases[] = { { 1000, 800 }, { 800, 600 }, { 799, 799 }, { 300, 300 } };

  demo_fold_set_content (self->fold, test_piece_new (100, 2000, 48000));
  demo_fold_set_side (self->fold, test_piece_new (200, 200, 200 * 20));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      int height;

      gtk_widget_measure (GTK_WIDGET (self->fold), GTK_ORIENTATION_VERTICAL, cases[i].width,
                          &height, NULL, NULL, NULL);
      g_assert_cmpint (height, ==, 48000 / cases[i].content);
      test_resize (self->window, cases[i].width);
      g_assert_cmpfloat (test_get_bounds (demo_fold_get_content (self->fold)).size.width, ==,
                         (float) cases[i].content);
      gtk_widget_measure (GTK_WIDGET (self->fold), GTK_ORIENTATION_VERTICAL, cases[i].width,
                          &height, NULL, NULL, NULL);
      g_assert_cmpint (height, ==, 48000 / cases[i].content);
    }
}

/* No part gets less than it needs: it folds earlier then. */
static void
test_folds_early (TestFold *self,
                  gconstpointer data)
{
  gtk_widget_set_size_request (self->in_content, 700, -1);
  test_resize (self->window, 900);
  test_fold_check (self, FALSE, TRUE);
  test_resize (self->window, 899);
  test_fold_check (self, TRUE, FALSE);

  /* As a page is shown that needs less */
  gtk_widget_set_size_request (self->in_content, 600, -1);
  test_fold_go_on (self);
  test_fold_check (self, FALSE, TRUE);

  /* As letters grow */
  gtk_widget_set_size_request (self->in_side, 300, -1);
  test_fold_go_on (self);
  test_fold_check (self, TRUE, FALSE);
}

static void
test_side_width (TestFold *self,
                 gconstpointer data)
{
  GtkWidget *side = test_piece_new (100, 600, 0);

  demo_fold_set_side (self->fold, side);
  g_object_set (self->fold, "max-side-width", 250, NULL);
  test_resize (self->window, 1000);
  test_check_bounds (side, 0, 0, 250, TEST_HEIGHT);

  g_object_set (self->fold, "max-side-width", 50, NULL);
  test_fold_go_on (self);
  test_check_bounds (side, 0, 0, 100, TEST_HEIGHT);

  /* Beside it, there is always something left to be clicked. */
  g_object_set (self->fold, "max-side-width", G_MAXINT, NULL);
  test_resize (self->window, 400);
  demo_fold_set_shown (self->fold, TRUE);
  test_fold_go_on (self);
  test_check_bounds (side, 0, 0, 352, TEST_HEIGHT);
}

static void
check_positions (TestFold *self,
                 gboolean on_left)
{
  test_resize (self->window, 1000);
  test_check_bounds (self->side, on_left ? 0 : 800, 0, 200, TEST_HEIGHT);
  test_check_bounds (self->content, on_left ? 200 : 0, 0, 800, TEST_HEIGHT);

  test_resize (self->window, 500);
  test_fold_set_shown (self, TRUE);
  test_check_bounds (self->side, on_left ? 0 : 300, 0, 200, TEST_HEIGHT);
  test_check_bounds (self->content, 0, 0, 500, TEST_HEIGHT);
}

static void
test_position (TestFold *self,
               gconstpointer data)
{
  check_positions (self, TRUE);
  g_object_set (self->fold, "position", GTK_PACK_END, NULL);
  check_positions (self, FALSE);
  gtk_widget_set_direction (GTK_WIDGET (self->fold), GTK_TEXT_DIR_RTL);
  check_positions (self, TRUE);
  g_object_set (self->fold, "position", GTK_PACK_START, NULL);
  check_positions (self, FALSE);
}

static void
test_at_once (TestFold *self,
              gconstpointer data)
{
  test_resize (self->window, 1000);
  demo_fold_set_shown (self->fold, FALSE);
  g_assert_cmpuint (self->fold->tick_id, ==, 0);
  g_assert_false (gtk_widget_get_child_visible (self->side));

  demo_fold_set_shown (self->fold, TRUE);
  g_assert_true (gtk_widget_get_child_visible (self->side));
  test_fold_go_on (self);
  test_check_bounds (self->content, 200, 0, 800, TEST_HEIGHT);
}

static gboolean
has_arrived (gpointer data)
{
  return DEMO_FOLD (data)->tick_id == 0;
}

/* Where the content begins, frame by frame */
typedef struct {
  GtkWidget *side, *content;
  float x;
  guint n_between; /* places on the way */
} Way;

static gboolean
follow_cb (GtkWidget *widget,
           GdkFrameClock *clock,
           gpointer user_data)
{
  Way *way = user_data;
  float x = test_get_bounds (way->content).origin.x;

  g_assert_cmpfloat (x, <=, way->x);
  if (x > 0)
    g_assert_cmpfloat (test_get_bounds (way->side).origin.x, ==, x - 200);
  way->n_between += x > 0 && x < 200 && x < way->x;
  way->x = x;

  return G_SOURCE_CONTINUE;
}

/* It slides, and comes to rest. What is away is not to be focused on the way either. */
static void
test_slides (TestFold *self,
             gconstpointer data)
{
  Way way = { self->side, self->content, 200, 0 };
  guint follower;

  test_resize (self->window, 1000);
  test_fold_animate (TRUE);
  follower = gtk_widget_add_tick_callback (GTK_WIDGET (self->window), follow_cb, &way, NULL);
  demo_fold_set_shown (self->fold, FALSE);
  g_assert_cmpuint (self->n_shown, ==, 1);
  g_assert_true (gtk_widget_get_mapped (self->side));
  test_wait_until (has_arrived, self->fold);
  test_fold_go_on (self);
  gtk_widget_remove_tick_callback (GTK_WIDGET (self->window), follower);
  g_assert_cmpuint (way.n_between, >=, 1);
  test_fold_check (self, FALSE, FALSE);
  test_check_bounds (self->content, 0, 0, 1000, TEST_HEIGHT);

  /* Back again on its way */
  demo_fold_set_shown (self->fold, TRUE);
  test_fold_go_on (self);
  demo_fold_set_shown (self->fold, FALSE);
  test_wait_until (has_arrived, self->fold);
  test_fold_go_on (self);
  test_fold_check (self, FALSE, FALSE);

  /* Folded, before the content */
  test_resize (self->window, 500);
  demo_fold_set_shown (self->fold, TRUE);
  test_wait_until (has_arrived, self->fold);
  test_fold_go_on (self);
  test_fold_check (self, TRUE, TRUE);
  test_check_bounds (self->side, 0, 0, 200, TEST_HEIGHT);
  test_check_bounds (self->content, 0, 0, 500, TEST_HEIGHT);
}

/* The width changes on the way: then it is at once where it shall be. */
static void
test_folds_on_the_way (TestFold *self,
                       gconstpointer data)
{
  test_resize (self->window, 1000);
  test_fold_animate (TRUE);
  demo_fold_set_shown (self->fold, FALSE);
  test_resize (self->window, 500);
  g_assert_true (has_arrived (self->fold));
  test_fold_check (self, TRUE, FALSE);

  demo_fold_set_shown (self->fold, TRUE);
  test_resize (self->window, 1000);
  g_assert_true (has_arrived (self->fold));
  test_fold_check (self, FALSE, FALSE);
}

static void
test_goes_on_the_way (TestFold *self,
                      gconstpointer data)
{
  test_resize (self->window, 1000);
  test_fold_animate (TRUE);
  demo_fold_set_shown (self->fold, FALSE);
  test_fold_go_on (self);
  g_assert_cmpuint (self->fold->tick_id, !=, 0);
  gtk_widget_set_visible (GTK_WIDGET (self->window), FALSE);
  g_assert_cmpuint (self->fold->tick_id, ==, 0);
  test_iterate (10);
  g_assert_false (gtk_widget_get_child_visible (self->side));

  test_resize (self->window, 1000);
  demo_fold_set_shown (self->fold, TRUE);
  test_fold_go_on (self);
  test_destroy_window (g_steal_pointer (&self->window));
  test_iterate (10);
}

static void
add_test (const char *path,
          void (*test) (TestFold *, gconstpointer))
{
  g_test_add (path, TestFold, NULL, test_fold_set_up, test, test_fold_tear_down);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  if (!test_widgets_begin ())
    return 0;

  add_test ("/fold/by-width", test_by_width);
  add_test ("/fold/remembers", test_remembers);
  add_test ("/fold/begins-folded", test_begins_folded);
  add_test ("/fold/sizes", test_sizes);
  add_test ("/fold/heights", test_heights);
  add_test ("/fold/folds-early", test_folds_early);
  add_test ("/fold/side-width", test_side_width);
  add_test ("/fold/position", test_position);
  add_test ("/fold/at-once", test_at_once);
  add_test ("/fold/slides", test_slides);
  add_test ("/fold/folds-on-the-way", test_folds_on_the_way);
  add_test ("/fold/goes-on-the-way", test_goes_on_the_way);

  return g_test_run ();
}
