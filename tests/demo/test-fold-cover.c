/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What is before something, where there is no room for both: what closes it, and who has the
 * pointer and the focus meanwhile. */

#include "testfold.h"
#include "testpiece.h"
#include "testwidgets.h"

/* Returns: (transfer none): what @widget has of @type */
static GtkEventController *
find_controller (GtkWidget *widget,
                 GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_OBJECT_TYPE (controller) == type)
        return controller;
    }

  g_assert_not_reached ();
}

static gboolean
press_escape (DemoFold *fold)
{
  GtkEventController *keys = find_controller (GTK_WIDGET (fold), GTK_TYPE_SHORTCUT_CONTROLLER);
  g_autoptr (GtkShortcut) shortcut = g_list_model_get_item (G_LIST_MODEL (keys), 0);

  g_assert_cmpint (gtk_shortcut_controller_get_scope (GTK_SHORTCUT_CONTROLLER (keys)), ==,
                   GTK_SHORTCUT_SCOPE_GLOBAL);
  g_assert_cmpint (gtk_event_controller_get_propagation_phase (keys), ==, GTK_PHASE_CAPTURE);
  g_assert_cmpuint (
    gtk_keyval_trigger_get_keyval (GTK_KEYVAL_TRIGGER (gtk_shortcut_get_trigger (shortcut))), ==,
    GDK_KEY_Escape);

  return gtk_shortcut_action_activate (gtk_shortcut_get_action (shortcut), 0, GTK_WIDGET (fold),
                                       NULL);
}

static void
click (GtkWidget *scrim)
{
  g_signal_emit_by_name (find_controller (scrim, GTK_TYPE_GESTURE_CLICK), "released", 1, 1.0, 1.0);
}

static void
swipe (TestFold *self,
       double x,
       double y)
{
  g_signal_emit_by_name (find_controller (GTK_WIDGET (self->fold), GTK_TYPE_GESTURE_SWIPE),
                         "swipe", x, y);
}

static void
test_closes (TestFold *self,
             gconstpointer data)
{
  test_resize (self->window, 1000);
  g_assert_false (press_escape (self->fold));
  swipe (self, -1000, 0);
  test_fold_check (self, FALSE, TRUE);

  test_resize (self->window, 500);
  g_assert_false (press_escape (self->fold));
  test_fold_set_shown (self, TRUE);
  g_assert_true (press_escape (self->fold));
  test_fold_go_on (self);
  test_fold_check (self, TRUE, FALSE);

  test_fold_set_shown (self, TRUE);
  click (self->scrim);
  test_fold_go_on (self);
  test_fold_check (self, TRUE, FALSE);

  test_fold_set_shown (self, TRUE);
  swipe (self, 1000, 0);
  swipe (self, -1000, 900);
  swipe (self, -100, 0);
  test_fold_check (self, TRUE, TRUE);
  swipe (self, -1000, 100);
  test_fold_go_on (self);
  test_fold_check (self, TRUE, FALSE);

  gtk_widget_set_direction (GTK_WIDGET (self->fold), GTK_TEXT_DIR_RTL);
  test_fold_set_shown (self, TRUE);
  swipe (self, 1000, 0);
  test_fold_go_on (self);
  test_fold_check (self, TRUE, FALSE);
}

static GtkWidget *
pick (TestFold *self,
      double x)
{
  return gtk_widget_pick (GTK_WIDGET (self->fold), x, TEST_HEIGHT / 2, GTK_PICK_DEFAULT);
}

/* A pointer doesn't reach what is behind; and the content again as soon as the side goes. */
static void
test_pointer (TestFold *self,
              gconstpointer data)
{
  test_resize (self->window, 500);
  g_assert_true (pick (self, 250) == self->in_content);
  test_fold_set_shown (self, TRUE);
  g_assert_true (pick (self, 250) == self->scrim);
  g_assert_true (pick (self, 499) == self->scrim);
  g_assert_true (pick (self, 100) == self->in_side);

  test_fold_animate (TRUE);
  demo_fold_set_shown (self->fold, FALSE);
  g_assert_true (pick (self, 250) == self->in_content);
}

static GtkWidget *
get_focus (TestFold *self)
{
  return gtk_root_get_focus (GTK_ROOT (self->window));
}

static void
test_focus (TestFold *self,
            gconstpointer data)
{
  test_resize (self->window, 500);
  gtk_widget_grab_focus (self->in_content);
  g_assert_true (get_focus (self) == self->in_content);

  test_fold_set_shown (self, TRUE);
  g_assert_true (get_focus (self) == self->in_side);
  g_assert_false (gtk_widget_grab_focus (self->in_content));
  gtk_widget_child_focus (GTK_WIDGET (self->window), GTK_DIR_TAB_FORWARD);
  g_assert_false (get_focus (self) == self->in_content);

  gtk_widget_grab_focus (self->in_side);
  test_fold_set_shown (self, FALSE);
  g_assert_true (get_focus (self) == self->in_content);
  for (guint i = 0; i < 3; i++)
    {
      gtk_widget_child_focus (GTK_WIDGET (self->window), GTK_DIR_TAB_FORWARD);
      g_assert_false (get_focus (self) == self->in_side);
    }

  /* Where nothing takes it, nothing has it. */
  gtk_widget_grab_focus (self->in_content);
  gtk_widget_set_sensitive (self->in_side, FALSE);
  test_fold_set_shown (self, TRUE);
  g_assert_null (get_focus (self));
  test_fold_set_shown (self, FALSE);
  g_assert_true (get_focus (self) == self->in_content);
}

/* It doesn't stay where nobody sees it, nor is it moved without need. */
static void
test_focus_by_width (TestFold *self,
                     gconstpointer data)
{
  test_resize (self->window, 1000);
  gtk_widget_grab_focus (self->in_side);
  test_resize (self->window, 500);
  g_assert_true (get_focus (self) == self->in_content);

  test_fold_set_shown (self, TRUE);
  g_assert_true (get_focus (self) == self->in_side);
  test_resize (self->window, 1000);
  g_assert_true (get_focus (self) == self->in_side);
  g_assert_true (gtk_widget_grab_focus (self->in_content));

  test_fold_set_shown (self, FALSE);
  test_fold_set_shown (self, TRUE);
  g_assert_true (get_focus (self) == self->in_content);
  gtk_widget_grab_focus (self->in_side);
  test_fold_set_shown (self, FALSE);
  g_assert_true (get_focus (self) == self->in_content);
}

/* Nor is there anything to be read that is not to be seen. */
static void
test_accessible (TestFold *self,
                 gconstpointer data)
{
  test_resize (self->window, 500);
  gtk_test_accessible_assert_state (self->side, GTK_ACCESSIBLE_STATE_HIDDEN, TRUE);
  test_fold_set_shown (self, TRUE);
  gtk_test_accessible_assert_state (self->side, GTK_ACCESSIBLE_STATE_HIDDEN, FALSE);
  test_fold_set_shown (self, FALSE);
  gtk_test_accessible_assert_state (self->side, GTK_ACCESSIBLE_STATE_HIDDEN, TRUE);
  test_resize (self->window, 1000);
  gtk_test_accessible_assert_state (self->side, GTK_ACCESSIBLE_STATE_HIDDEN, FALSE);
}

/* The app may have nothing to show there. */
static void
test_no_side (TestFold *self,
              gconstpointer data)
{
  gtk_widget_set_visible (self->side, FALSE);
  test_resize (self->window, 1000);
  test_check_bounds (self->content, 0, 0, 1000, TEST_HEIGHT);
  test_resize (self->window, 500);
  test_fold_set_shown (self, TRUE);
  g_assert_false (gtk_widget_get_mapped (self->scrim));
  g_assert_true (pick (self, 250) == self->in_content);

  gtk_widget_set_visible (self->side, TRUE);
  test_fold_go_on (self);
  test_fold_check (self, TRUE, TRUE);
  g_assert_true (pick (self, 250) == self->scrim);

  demo_fold_set_side (self->fold, NULL);
  demo_fold_set_content (self->fold, NULL);
  test_fold_go_on (self);
  test_resize (self->window, 1000);
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

/* A menu that was opened there is closed before it. */
static void
test_menu (TestFold *self,
           gconstpointer data)
{
  GtkWidget *menu = gtk_menu_button_new (), *popover = gtk_popover_new ();
  GtkWidget *in_menu = gtk_button_new ();

  gtk_popover_set_child (GTK_POPOVER (popover), in_menu);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (menu), popover);
  gtk_box_append (GTK_BOX (self->side), menu);
  test_resize (self->window, 500);
  test_fold_set_shown (self, TRUE);

  gtk_menu_button_popup (GTK_MENU_BUTTON (menu));
  test_wait_until (is_mapped, in_menu);
  gtk_widget_grab_focus (in_menu);
  g_assert_false (press_escape (self->fold));

  gtk_menu_button_popdown (GTK_MENU_BUTTON (menu));
  gtk_widget_grab_focus (self->in_side);
  g_assert_true (press_escape (self->fold));
}

/* One at either side, one in the other */
static void
test_nested (TestFold *self,
             gconstpointer data)
{
  DemoFold *inner = DEMO_FOLD (demo_fold_new ());
  GtkWidget *content = test_piece_new (300, 400, 0);
  GtkWidget *side = gtk_button_new ();

  gtk_widget_set_size_request (side, 150, -1);
  g_object_set (inner, "position", GTK_PACK_END, "fold-width", 700, NULL);
  demo_fold_set_side (inner, side);
  demo_fold_set_content (inner, content);
  demo_fold_set_content (self->fold, GTK_WIDGET (inner));
  self->content = GTK_WIDGET (inner);

  test_resize (self->window, 1000);
  test_check_bounds (self->content, 200, 0, 800, TEST_HEIGHT);
  test_check_bounds (content, 0, 0, 650, TEST_HEIGHT);
  test_check_bounds (side, 650, 0, 150, TEST_HEIGHT);

  test_resize (self->window, 360);
  g_assert_true (demo_fold_get_folded (self->fold) && demo_fold_get_folded (inner));
  test_check_bounds (content, 0, 0, 360, TEST_HEIGHT);

  /* Escape closes the one in front. */
  demo_fold_set_shown (inner, TRUE);
  test_fold_go_on (self);
  test_fold_set_shown (self, TRUE);
  g_assert_true (get_focus (self) == self->in_side);
  g_assert_false (press_escape (inner));
  g_assert_true (press_escape (self->fold));
  test_fold_go_on (self);
  g_assert_true (get_focus (self) == side);
  g_assert_true (press_escape (inner));
  g_assert_false (demo_fold_get_shown (self->fold) || demo_fold_get_shown (inner));

  test_resize (self->window, 1000);
  test_check_bounds (content, 0, 0, 650, TEST_HEIGHT);
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
  g_setenv ("GTK_A11Y", "test", TRUE);

  if (!test_widgets_begin ())
    return 0;

  add_test ("/fold-cover/closes", test_closes);
  add_test ("/fold-cover/pointer", test_pointer);
  add_test ("/fold-cover/focus", test_focus);
  add_test ("/fold-cover/focus-by-width", test_focus_by_width);
  add_test ("/fold-cover/accessible", test_accessible);
  add_test ("/fold-cover/no-side", test_no_side);
  add_test ("/fold-cover/menu", test_menu);
  add_test ("/fold-cover/nested", test_nested);

  return g_test_run ();
}
