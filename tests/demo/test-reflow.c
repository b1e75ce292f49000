/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Where widgets are put, in windows of many widths. */

#include "demo-reflow.h"
#include "testpiece.h"
#include "testwidgets.h"

#define SPACING     10
#define ROW_SPACING 4

typedef struct {
  GtkWindow *window;
  GtkWidget *box;
} Fixture;

/* At the top of the window, as high as it asks for. */
static const char *const ui = "<interface>"
                              "  <object class='GtkWindow' id='window'>"
                              "    <property name='decorated'>0</property>"
                              "    <property name='child'>"
                              "      <object class='GtkBox' id='box'>"
                              "        <property name='valign'>start</property>"
                              "        <property name='layout-manager'>"
                              "          <object class='DemoReflow'>"
                              "            <property name='spacing'>10</property>"
                              "            <property name='row-spacing'>4</property>"
                              "          </object>"
                              "        </property>"
                              "      </object>"
                              "    </property>"
                              "  </object>"
                              "</interface>";

static void
set_up (Fixture *self,
        gconstpointer data)
{
  g_autoptr (GtkBuilder) builder = NULL;

  g_type_ensure (DEMO_TYPE_REFLOW);
  builder = gtk_builder_new_from_string (ui, -1);
  self->window = GTK_WINDOW (gtk_builder_get_object (builder, "window"));
  self->box = GTK_WIDGET (gtk_builder_get_object (builder, "box"));
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  test_destroy_window (self->window);
}

static void
set (Fixture *self,
     const char *property,
     gboolean value)
{
  g_object_set (gtk_widget_get_layout_manager (self->box), property, value, NULL);
}

static GtkWidget *
add (Fixture *self,
     GtkWidget *child)
{
  gtk_widget_set_parent (child, self->box);

  return child;
}

/* As wide as it is, and 20 high there */
static GtkWidget *
add_fixed (Fixture *self,
           int width)
{
  return add (self, test_piece_new (width, width, 20 * width));
}

static void
test_fits_or_not (Fixture *self,
                  gconstpointer data)
{
  GtkWidget *first = add (self, test_piece_new (40, 100, 3000));
  GtkWidget *second = add (self, test_piece_new (30, 60, 3000));
  GtkWidget *third = add (self, test_piece_new (50, 140, 1400));

  /* Just so: as high as the highest */
  test_resize (self->window, 320);
  test_check_bounds (first, 0, 0, 100, 50);
  test_check_bounds (second, 110, 0, 60, 50);
  test_check_bounds (third, 180, 0, 140, 50);
  g_assert_cmpint (gtk_widget_get_height (self->box), ==, 50);

  test_resize (self->window, 319);
  test_check_bounds (first, 0, 0, 319, 9);
  test_check_bounds (second, 0, 13, 319, 9);
  test_check_bounds (third, 0, 26, 319, 4);
  g_assert_cmpint (gtk_widget_get_height (self->box), ==, 30);

  /* Nobody wants the rest. */
  test_resize (self->window, 1000);
  test_check_bounds (third, 180, 0, 140, 50);
}

static void
test_sizes (Fixture *self,
            gconstpointer data)
{
  int minimum, natural;

  gtk_widget_measure (self->box, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, ==, 0);
  g_assert_cmpint (natural, ==, 0);
  gtk_widget_measure (self->box, GTK_ORIENTATION_VERTICAL, -1, &minimum, &natural, NULL, NULL);
  g_assert_cmpint (minimum, ==, 0);
  g_assert_cmpint (natural, ==, 0);

  add (self, test_piece_new (40, 100, 3000));
  add (self, test_piece_new (50, 140, 1400));
  g_assert_cmpint (gtk_widget_get_request_mode (self->box), ==, GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH);

  for (guint i = 0; i < 4; i++)
    {
      set (self, "homogeneous", i & 1);
      set (self, "wrap", (i & 2) != 0);
      gtk_widget_measure (self->box, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL,
                          NULL);
      g_assert_cmpint (minimum, ==, 50);
      g_assert_cmpint (natural, ==, SPACING + (i & 1 ? 2 * 140 : 100 + 140));

      gtk_widget_measure (self->box, GTK_ORIENTATION_VERTICAL, -1, &minimum, &natural, NULL, NULL);
      g_assert_cmpint (minimum, ==, 0);
      g_assert_cmpint (natural, ==, i & 1 ? 3000 / 140 : 30);

      gtk_widget_measure (self->box, GTK_ORIENTATION_VERTICAL, 50, &minimum, &natural, NULL, NULL);
      g_assert_cmpint (minimum, ==, 3000 / 50 + ROW_SPACING + 1400 / 50);
      g_assert_cmpint (natural, ==, minimum);
    }
}

static void
test_expand (Fixture *self,
             gconstpointer data)
{
  GtkWidget *first = add_fixed (self, 100);
  GtkWidget *second = add_fixed (self, 60);
  GtkWidget *third = add_fixed (self, 80);

  gtk_widget_set_hexpand (second, TRUE);
  test_resize (self->window, 400);
  test_check_bounds (first, 0, 0, 100, 20);
  test_check_bounds (second, 110, 0, 200, 20);
  test_check_bounds (third, 320, 0, 80, 20);

  /* All of the rest, even if it can't be halved */
  gtk_widget_set_hexpand (first, TRUE);
  test_resize (self->window, 401);
  test_check_bounds (first, 0, 0, 170, 20);
  test_check_bounds (second, 180, 0, 131, 20);
  test_check_bounds (third, 321, 0, 80, 20);
}

static void
test_homogeneous (Fixture *self,
                  gconstpointer data)
{
  GtkWidget *first = add_fixed (self, 100);
  GtkWidget *second = add_fixed (self, 60);
  GtkWidget *third = add_fixed (self, 80);

  set (self, "homogeneous", TRUE);
  test_resize (self->window, 321);
  test_check_bounds (first, 0, 0, 100, 20);
  test_check_bounds (second, 110, 0, 100, 20);
  test_check_bounds (third, 220, 0, 101, 20);

  test_resize (self->window, 319);
  test_check_bounds (first, 0, 0, 319, 6);
  test_check_bounds (second, 0, 10, 319, 3);
  test_check_bounds (third, 0, 17, 319, 5);
}

static void
test_wrap (Fixture *self,
           gconstpointer data)
{
  GtkWidget *first = add_fixed (self, 100);
  GtkWidget *second = add_fixed (self, 60);
  GtkWidget *third = add_fixed (self, 80);
  GtkWidget *wide = add (self, test_piece_new (50, 1000, 4000));

  set (self, "wrap", TRUE);
  test_resize (self->window, 200);
  test_check_bounds (first, 0, 0, 100, 20);
  test_check_bounds (second, 110, 0, 60, 20);
  test_check_bounds (third, 0, 24, 80, 20);
  test_check_bounds (wide, 0, 48, 200, 20);

  gtk_widget_set_hexpand (second, TRUE);
  test_resize (self->window, 170);
  test_check_bounds (second, 110, 0, 60, 20);
  test_resize (self->window, 169);
  test_check_bounds (first, 0, 0, 100, 20);
  test_check_bounds (second, 0, 24, 79, 20);
  test_check_bounds (third, 89, 24, 80, 20);
  test_resize (self->window, 259);
  test_check_bounds (second, 110, 0, 149, 20);
  test_resize (self->window, 260);
  test_check_bounds (second, 110, 0, 60, 20);
  test_check_bounds (third, 180, 0, 80, 20);
}

static void
test_columns (Fixture *self,
              gconstpointer data)
{
  GtkWidget *first = add_fixed (self, 100);
  GtkWidget *second = add_fixed (self, 60);
  GtkWidget *third = add_fixed (self, 80);

  set (self, "wrap", TRUE);
  set (self, "homogeneous", TRUE);
  test_resize (self->window, 250);
  test_check_bounds (first, 0, 0, 120, 16);
  test_check_bounds (second, 130, 0, 120, 16);
  test_check_bounds (third, 0, 20, 120, 13);
}

static void
test_right_to_left (Fixture *self,
                    gconstpointer data)
{
  GtkWidget *first = add_fixed (self, 100);
  GtkWidget *second = add_fixed (self, 60);
  GtkWidget *third = add_fixed (self, 80);

  gtk_widget_set_direction (self->box, GTK_TEXT_DIR_RTL);
  test_resize (self->window, 300);
  test_check_bounds (first, 200, 0, 100, 20);
  test_check_bounds (second, 130, 0, 60, 20);
  test_check_bounds (third, 40, 0, 80, 20);

  set (self, "wrap", TRUE);
  test_resize (self->window, 200);
  test_check_bounds (second, 30, 0, 60, 20);
  test_check_bounds (third, 120, 24, 80, 20);
}

static void
test_hidden (Fixture *self,
             gconstpointer data)
{
  GtkWidget *first = add_fixed (self, 100);
  GtkWidget *second = add_fixed (self, 60);
  GtkWidget *third = add_fixed (self, 80);

  gtk_widget_set_visible (second, FALSE);
  test_resize (self->window, 190);
  test_check_bounds (first, 0, 0, 100, 20);
  test_check_bounds (third, 110, 0, 80, 20);

  gtk_widget_set_visible (first, FALSE);
  gtk_widget_set_visible (third, FALSE);
  test_wait_for_frames (GTK_WIDGET (self->window), 3);
  g_assert_cmpint (gtk_widget_get_height (self->box), ==, 0);

  gtk_widget_set_visible (second, TRUE);
  test_wait_for_frames (GTK_WIDGET (self->window), 3);
  test_check_bounds (second, 0, 0, 60, 20);
}

static void
test_align (Fixture *self,
            gconstpointer data)
{
  GtkWidget *first = add_fixed (self, 100);
  GtkWidget *second = add (self, test_piece_new (100, 100, 5000));
  GtkWidget *third = add_fixed (self, 100);

  gtk_widget_set_valign (first, GTK_ALIGN_CENTER);
  gtk_widget_set_halign (third, GTK_ALIGN_END);
  gtk_widget_set_hexpand (third, TRUE);
  test_resize (self->window, 500);
  test_check_bounds (first, 0, 15, 100, 20);
  test_check_bounds (second, 110, 0, 100, 50);
  test_check_bounds (third, 400, 0, 100, 50);
}

/* If it gets more height than it asks for, one line has it all, or else what expands. */
static void
test_more_height (Fixture *self,
                  gconstpointer data)
{
  GtkWidget *first = add_fixed (self, 100);
  GtkWidget *second = add_fixed (self, 60);

  gtk_widget_set_valign (self->box, GTK_ALIGN_FILL);
  test_resize (self->window, 170);
  test_check_bounds (first, 0, 0, 100, 600);
  test_check_bounds (second, 110, 0, 60, 600);

  test_resize (self->window, 120);
  test_check_bounds (first, 0, 0, 120, 16);
  test_check_bounds (second, 0, 20, 120, 10);

  gtk_widget_set_vexpand (first, TRUE);
  test_wait_for_frames (GTK_WIDGET (self->window), 3);
  test_check_bounds (first, 0, 0, 120, 586);
  test_check_bounds (second, 0, 590, 120, 10);
}

/* Every child is as high as it has to be, and the last one ends where all of it does. */
static void
check_heights (Fixture *self)
{
  float bottom = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (self->box); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      graphene_rect_t bounds = test_get_bounds (child);
      int minimum, height;

      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
      g_assert_cmpfloat (bounds.size.width, >=, (float) minimum);
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, (int) bounds.size.width, &height, NULL,
                          NULL, NULL);
      g_assert_cmpfloat (bounds.size.height, >=, (float) height);
      g_assert_cmpfloat (bounds.origin.x, >=, 0);
      g_assert_cmpfloat (bounds.origin.x + bounds.size.width, <=,
                         (float) gtk_widget_get_width (self->box));
      bottom = MAX (bottom, bounds.origin.y + bounds.size.height);
    }

  g_assert_cmpfloat (bottom, ==, (float) gtk_widget_get_height (self->box));
}

static GtkWidget *
create_text (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);

  return label;
}

static void
test_texts (Fixture *self,
            gconstpointer data)
{
  /* The first stands for as narrow as can be. */
  const int widths[] = { 0, 130, 200, 290, 360, 400, 480, 560, 700, 900, 1200 };

  add (self, create_text ("A few words"));
  add (self, create_text ("A text that is a good deal longer and needs several lines to be read"));
  add (self, gtk_button_new_with_label ("A button"));
  gtk_widget_set_hexpand (add (self, create_text ("And something at the end")), TRUE);

  for (guint mode = 0; mode < 4; mode++)
    {
      set (self, "homogeneous", mode & 1);
      set (self, "wrap", (mode & 2) != 0);
      for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
        {
          int width, natural;

          gtk_widget_measure (self->box, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
          width = MAX (width, widths[i]);
          g_test_message ("mode %u, %d pixels", mode, width);
          test_resize (self->window, width);
          gtk_widget_measure (self->box, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL,
                              NULL);
          g_assert_cmpint (gtk_widget_get_height (self->box), ==, natural);
          check_heights (self);
        }
    }
}

static void
add_test (const char *path,
          void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  if (!test_widgets_begin ())
    return 0;

  add_test ("/reflow/fits-or-not", test_fits_or_not);
  add_test ("/reflow/sizes", test_sizes);
  add_test ("/reflow/expand", test_expand);
  add_test ("/reflow/homogeneous", test_homogeneous);
  add_test ("/reflow/wrap", test_wrap);
  add_test ("/reflow/columns", test_columns);
  add_test ("/reflow/right-to-left", test_right_to_left);
  add_test ("/reflow/hidden-takes-no-room", test_hidden);
  add_test ("/reflow/align", test_align);
  add_test ("/reflow/more-height", test_more_height);
  add_test ("/reflow/texts-as-high-as-they-need", test_texts);

  return g_test_run ();
}
