/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* While the side covers the content: who has the focus then, and what closes it. */

#include "demo-fold-private.h"

#include <math.h>

/* In pixels per second */
#define MIN_SWIPE 300

/* Focus */

/* Returns: (transfer none) (nullable) */
static GtkWidget *
get_focus (DemoFold *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return root != NULL ? gtk_root_get_focus (root) : NULL;
}

/* Whether @widget, which may be NULL, is @ancestor or in it */
static gboolean
is_in (GtkWidget *widget,
       GtkWidget *ancestor)
{
  return widget != NULL && ancestor != NULL
         && (widget == ancestor || gtk_widget_is_ancestor (widget, ancestor));
}

/* If there is nothing in the side that takes it, nothing has it: what is covered must not. */
void
demo_fold_give_focus_to_side (DemoFold *self)
{
  self->takes_focus = FALSE;
  if (!is_in (get_focus (self), self->side)
      && !gtk_widget_child_focus (self->side, GTK_DIR_TAB_FORWARD)
      && is_in (get_focus (self), self->content))
    gtk_root_set_focus (gtk_widget_get_root (GTK_WIDGET (self)), NULL);
}

static void
return_focus (DemoFold *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *before = self->focus_before;

  if (before != NULL && gtk_widget_get_mapped (before) && gtk_widget_get_root (before) == root
      && !is_in (before, self->side))
    gtk_root_set_focus (root, before);
  else if (self->content != NULL)
    gtk_widget_child_focus (self->content, GTK_DIR_TAB_FORWARD);
}

gboolean
demo_fold_shall_cover (DemoFold *self)
{
  return self->folded && self->shown && demo_fold_has_side (self);
}

/* Once it is settled where the side shall be: gives the focus to who can use it. */
void
demo_fold_update_covered (DemoFold *self)
{
  gboolean covered = demo_fold_shall_cover (self);
  gboolean was_covered = self->covered;
  GtkWidget *focus = get_focus (self);

  self->covered = covered;
  gtk_widget_set_can_target (self->scrim, covered);
  if (self->content != NULL)
    gtk_widget_set_can_focus (self->content, !covered);

  if (covered && !was_covered)
    {
      g_set_weak_pointer (&self->focus_before, focus);
      self->takes_focus = TRUE;
    }
  else if (!covered)
    {
      self->takes_focus = FALSE;
      if (!self->shown && (is_in (focus, self->side) || (was_covered && focus == NULL)))
        return_focus (self);
      g_clear_weak_pointer (&self->focus_before);
    }
}

/* Closing */

static void
close_cb (DemoFold *self)
{
  if (self->covered)
    demo_fold_set_shown (self, FALSE);
}

/* Such as a menu, which then is what Escape closes */
static gboolean
is_in_popover (GtkWidget *focus)
{
  return focus != NULL && !GTK_IS_ROOT (gtk_widget_get_native (focus));
}

static gboolean
escape_cb (GtkWidget *widget,
           GVariant *args,
           gpointer user_data)
{
  DemoFold *self = DEMO_FOLD (widget);

  if (!self->covered || is_in_popover (get_focus (self)))
    return GDK_EVENT_PROPAGATE;

  /* One that is covered itself is not the one that is meant. */
  for (; widget != NULL; widget = gtk_widget_get_parent (widget))
    if (!gtk_widget_get_can_focus (widget))
      return GDK_EVENT_PROPAGATE;

  close_cb (self);

  return GDK_EVENT_STOP;
}

static void
swipe_cb (GtkGesture *gesture,
          double velocity_x,
          double velocity_y,
          DemoFold *self)
{
  double outwards = demo_fold_is_on_left (self) ? -velocity_x : velocity_x;

  if (!self->covered || outwards < MIN_SWIPE || outwards < 2 * fabs (velocity_y))
    return;

  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  close_cb (self);
}

void
demo_fold_add_controllers (DemoFold *self)
{
  GtkGesture *click = gtk_gesture_click_new (), *swipe = gtk_gesture_swipe_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkShortcutAction *escape = gtk_callback_action_new (escape_cb, NULL, NULL);

  g_signal_connect_swapped (click, "released", G_CALLBACK (close_cb), self);
  gtk_widget_add_controller (self->scrim, GTK_EVENT_CONTROLLER (click));

  /* With a pointer, text is selected like that. */
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (swipe), TRUE);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (swipe), GTK_PHASE_CAPTURE);
  g_signal_connect (swipe, "swipe", G_CALLBACK (swipe_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (swipe));

  /* Wherever the focus is: there may be nothing in the side that takes it. And before the keys of
   * the app, one of which may be the same. */
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (keys), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (
    GTK_SHORTCUT_CONTROLLER (keys),
    gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0), escape));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}
