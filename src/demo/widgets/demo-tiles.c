/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-tiles.h"

#include <glib/gi18n.h>
#include <math.h>

#include "demo-palette.h"

/* In pixels: how far an arrow key moves. */
#define KEY_STEP 64.0

/* By how much one notch of a wheel zooms, and a touchpad for each pixel. */
#define NOTCH_ZOOM 1.25
#define PIXEL_ZOOM 1.005

struct _DemoTiles
{
  GtkWidget parent_instance;

  DemoMosaic *mosaic;
  guint resized; /* source id: the mosaic has yet to hear of a new size */

  double pointer_x, pointer_y;
  double dragged_x, dragged_y; /* so far */
  double pinched;              /* so far: a factor */
};

G_DEFINE_FINAL_TYPE (DemoTiles, demo_tiles, GTK_TYPE_WIDGET)

static void
demo_tiles_snapshot (GtkWidget *widget,
                     GtkSnapshot *snapshot)
{
  const DemoPalette *palette = demo_palette_get_for_widget (widget);

  gtk_snapshot_append_color (snapshot, &palette->faint,
                             &GRAPHENE_RECT_INIT (0, 0, (float) gtk_widget_get_width (widget),
                                                  (float) gtk_widget_get_height (widget)));
  demo_mosaic_snapshot (DEMO_TILES (widget)->mosaic, snapshot);
}

static void
demo_tiles_measure (GtkWidget *widget,
                    GtkOrientation orientation,
                    int for_size,
                    int *minimum,
                    int *natural,
                    int *minimum_baseline,
                    int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 160 : 140;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 480 : 320;
}

static gboolean
resized_cb (gpointer user_data)
{
  DemoTiles *self = user_data;
  GtkWidget *widget = GTK_WIDGET (self);

  self->resized = 0;
  demo_mosaic_set_size (self->mosaic, gtk_widget_get_width (widget),
                        gtk_widget_get_height (widget), gtk_widget_get_scale_factor (widget));

  return G_SOURCE_REMOVE;
}

/* Not while widgets get their places: whoever hears of it may change the text of a label. */
static void
demo_tiles_size_allocate (GtkWidget *widget,
                          int width,
                          int height,
                          int baseline)
{
  DemoTiles *self = DEMO_TILES (widget);

  if (self->resized == 0)
    self->resized = g_idle_add_full (G_PRIORITY_HIGH_IDLE, resized_cb, self, NULL);
}

/* Hands */

static void
drag_begin_cb (GtkGestureDrag *gesture,
               double x,
               double y,
               DemoTiles *self)
{
  self->dragged_x = self->dragged_y = 0;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grabbing");
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

static void
drag_update_cb (GtkGestureDrag *gesture,
                double offset_x,
                double offset_y,
                DemoTiles *self)
{
  offset_x = round (offset_x);
  offset_y = round (offset_y);
  demo_mosaic_move (self->mosaic, self->dragged_x - offset_x, self->dragged_y - offset_y);
  self->dragged_x = offset_x;
  self->dragged_y = offset_y;
}

static void
drag_end_cb (DemoTiles *self)
{
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grab");
}

static void
pointer_cb (GtkEventControllerMotion *controller,
            double x,
            double y,
            DemoTiles *self)
{
  self->pointer_x = x;
  self->pointer_y = y;
  demo_mosaic_set_focus (self->mosaic, TRUE, x, y);
}

static void
pointer_left_cb (DemoTiles *self)
{
  demo_mosaic_set_focus (self->mosaic, FALSE, 0, 0);
}

static gboolean
scroll_cb (GtkEventControllerScroll *controller,
           double dx,
           double dy,
           DemoTiles *self)
{
  gboolean smooth = gtk_event_controller_scroll_get_unit (controller) == GDK_SCROLL_UNIT_SURFACE;

  demo_mosaic_zoom (self->mosaic, pow (smooth ? PIXEL_ZOOM : NOTCH_ZOOM, -dy), self->pointer_x,
                    self->pointer_y);

  return GDK_EVENT_STOP;
}

static void
pinch_begin_cb (GtkGesture *gesture,
                GdkEventSequence *sequence,
                DemoTiles *self)
{
  self->pinched = 1;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
pinch_cb (GtkGestureZoom *gesture,
          double scale,
          DemoTiles *self)
{
  double x = gtk_widget_get_width (GTK_WIDGET (self)) / 2.0;
  double y = gtk_widget_get_height (GTK_WIDGET (self)) / 2.0;

  if (gtk_gesture_is_recognized (GTK_GESTURE (gesture)))
    gtk_gesture_get_bounding_box_center (GTK_GESTURE (gesture), &x, &y);
  demo_mosaic_zoom (self->mosaic, scale / self->pinched, x, y);
  self->pinched = scale;
}

/* Keys */

static gboolean
move_by_key (DemoTiles *self,
             guint keyval)
{
  int right = (keyval == GDK_KEY_Right || keyval == GDK_KEY_KP_Right)
              - (keyval == GDK_KEY_Left || keyval == GDK_KEY_KP_Left);
  int down = (keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down)
             - (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up);

  if (right == 0 && down == 0)
    return FALSE;
  demo_mosaic_move (self->mosaic, right * KEY_STEP, down * KEY_STEP);

  return TRUE;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint keyval,
                guint keycode,
                GdkModifierType state,
                DemoTiles *self)
{
  if (state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK))
    return GDK_EVENT_PROPAGATE;

  switch (keyval)
    {
    case GDK_KEY_plus:
    case GDK_KEY_equal: /* the same key, on many keyboards */
    case GDK_KEY_KP_Add:
      demo_mosaic_zoom_in (self->mosaic);
      return GDK_EVENT_STOP;
    case GDK_KEY_minus:
    case GDK_KEY_KP_Subtract:
      demo_mosaic_zoom_out (self->mosaic);
      return GDK_EVENT_STOP;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      demo_mosaic_go_home (self->mosaic);
      return GDK_EVENT_STOP;
    default:
      return move_by_key (self, keyval) ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;
    }
}

/* Nobody looks any more. */
static void
demo_tiles_dispose (GObject *object)
{
  DemoTiles *self = DEMO_TILES (object);

  g_clear_handle_id (&self->resized, g_source_remove);
  if (self->mosaic != NULL)
    demo_mosaic_set_size (self->mosaic, 0, 0, 1);
  g_clear_object (&self->mosaic);

  G_OBJECT_CLASS (demo_tiles_parent_class)->dispose (object);
}

static void
demo_tiles_class_init (DemoTilesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_tiles_dispose;
  widget_class->snapshot = demo_tiles_snapshot;
  widget_class->measure = demo_tiles_measure;
  widget_class->size_allocate = demo_tiles_size_allocate;

  gtk_widget_class_set_css_name (widget_class, "tiles");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
add_pointer_controllers (DemoTiles *self)
{
  GtkGesture *drag = gtk_gesture_drag_new (), *pinch = gtk_gesture_zoom_new ();
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *scroll
    = gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL);

  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (pinch, "begin", G_CALLBACK (pinch_begin_cb), self);
  g_signal_connect (pinch, "scale-changed", G_CALLBACK (pinch_cb), self);
  g_signal_connect (motion, "enter", G_CALLBACK (pointer_cb), self);
  g_signal_connect (motion, "motion", G_CALLBACK (pointer_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (pointer_left_cb), self);
  g_signal_connect (scroll, "scroll", G_CALLBACK (scroll_cb), self);

  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (pinch));
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), scroll);
}

static void
demo_tiles_init (DemoTiles *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->pinched = 1;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_cursor_from_name (widget, "grab");

  add_pointer_controllers (self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (widget, keys);
  g_signal_connect (self, "notify::scale-factor", G_CALLBACK (gtk_widget_queue_allocate), NULL);
}

/* @label: what assistive technology calls it */
GtkWidget *
demo_tiles_new (DemoMosaic *mosaic,
                const char *label)
{
  DemoTiles *self = g_object_new (DEMO_TYPE_TILES, NULL);

  self->mosaic = g_object_ref (mosaic);
  g_signal_connect_object (mosaic, "changed", G_CALLBACK (gtk_widget_queue_draw), self,
                           G_CONNECT_SWAPPED);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
    _ ("Move it with the arrow keys, zoom with plus and minus, and go back with Home."),
    GTK_ACCESSIBLE_PROPERTY_KEY_SHORTCUTS, "ArrowLeft ArrowRight ArrowUp ArrowDown + - Home", -1);

  return GTK_WIDGET (self);
}

/* Returns: (transfer none) */
DemoMosaic *
demo_tiles_get_mosaic (DemoTiles *self)
{
  return self->mosaic;
}

static void
append_button (GtkWidget *row,
               const char *icon,
               const char *tooltip,
               GCallback callback,
               DemoMosaic *mosaic)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip,
                                  -1);
  g_signal_connect_object (button, "clicked", callback, mosaic, G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (row), button);
}

/* For who has neither wheel nor keyboard. Returns: (transfer floating) */
GtkWidget *
demo_tiles_new_buttons (DemoMosaic *mosaic)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class (row, "linked");
  append_button (row, "zoom-out-symbolic", _ ("Zoom out"), G_CALLBACK (demo_mosaic_zoom_out),
                 mosaic);
  append_button (row, "zoom-in-symbolic", _ ("Zoom in"), G_CALLBACK (demo_mosaic_zoom_in), mosaic);
  append_button (row, "go-home-symbolic", _ ("Back to the place"), G_CALLBACK (demo_mosaic_go_home),
                 mosaic);

  return row;
}
