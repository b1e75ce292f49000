/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-canvas.h"

#include <glib/gi18n.h>
#include <math.h>

#include "demo-beads.h"
#include "demo-palette.h"

/* In pixels: how far an arrow key moves the ball, and how near it a press takes it by the place
 * that was pressed instead of by its middle. */
#define KEY_STEP    24.0
#define GRAB_RADIUS 30.0

#define COUNTER_MS 500

/* A wave through a string of beads, and a ball that can be pulled with the pointer, a finger or the
 * arrow keys.  Without animations there is a number that goes up instead of the wave: it proves
 * just as well that the loop runs. */
struct _DemoCanvas
{
  GtkWidget parent_instance;

  DemoBeads beads;
  guint crowd; /* how many further beads there are, while there is motion */
  double grab_x; /* where the ball was taken hold of, from its centre */
  double grab_y;

  guint tick_id;    /* while mapped and animated */
  gint64 tick_time; /* us, frame time; 0 before the first tick */
  guint counter_id; /* while mapped and still */
  guint counter;
};

G_DEFINE_FINAL_TYPE (DemoCanvas, demo_canvas, GTK_TYPE_WIDGET)

static void
snapshot_counter (DemoCanvas        *self,
                  GtkSnapshot       *snapshot,
                  const DemoPalette *palette)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int height = gtk_widget_get_height (widget);
  g_autofree char *text = g_strdup_printf ("%u", self->counter);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  g_autoptr (PangoFontDescription) font
    = pango_font_description_copy (pango_context_get_font_description (
      gtk_widget_get_pango_context (widget)));
  int text_width, text_height;

  pango_font_description_set_absolute_size (font, MIN (height * 0.6, 96) * PANGO_SCALE);
  pango_layout_set_font_description (layout, font);
  pango_layout_get_pixel_size (layout, &text_width, &text_height);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((gtk_widget_get_width (widget) - text_width) / 2,
                                                (height - text_height) / 2));
  gtk_snapshot_append_layout (snapshot, layout, &palette->text);
  gtk_snapshot_restore (snapshot);
}

static void
demo_canvas_snapshot (GtkWidget   *widget,
                      GtkSnapshot *snapshot)
{
  DemoCanvas *self = DEMO_CANVAS (widget);
  const DemoPalette *palette = demo_palette_get_ink ();

  if (gtk_widget_get_width (widget) <= 0 || gtk_widget_get_height (widget) <= 0)
    return;

  if (self->beads.still)
    snapshot_counter (self, snapshot, palette);
  else
    {
      demo_beads_snapshot_crowd (&self->beads, self->crowd, snapshot, palette);
      demo_beads_snapshot (&self->beads, snapshot, palette);
    }

  demo_beads_snapshot_ball (&self->beads, snapshot, palette);
}

static void
demo_canvas_size_allocate (GtkWidget *widget,
                           int        width,
                           int        height,
                           int        baseline)
{
  DemoCanvas *self = DEMO_CANVAS (widget);

  self->beads.width = width;
  self->beads.height = height;
}

static void
demo_canvas_measure (GtkWidget     *widget,
                     GtkOrientation orientation,
                     int            for_size,
                     int           *minimum,
                     int           *natural,
                     int           *minimum_baseline,
                     int           *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 160 : 66;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 66;
}

/* Time */

static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  DemoCanvas *self = DEMO_CANVAS (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);

  if (self->tick_time != 0)
    demo_beads_advance (&self->beads, (double) (now - self->tick_time) / G_USEC_PER_SEC);

  self->tick_time = now;
  gtk_widget_queue_draw (widget);

  return G_SOURCE_CONTINUE;
}

static gboolean
counter_cb (gpointer user_data)
{
  DemoCanvas *self = user_data;

  self->counter++;
  gtk_widget_queue_draw (GTK_WIDGET (self));

  return G_SOURCE_CONTINUE;
}

static void
stop (DemoCanvas *self)
{
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);

  self->tick_id = 0;
  self->tick_time = 0;
  g_clear_handle_id (&self->counter_id, g_source_remove);
}

static void
start (DemoCanvas *self)
{
  stop (self);

  if (self->beads.still)
    self->counter_id = g_timeout_add (COUNTER_MS, counter_cb, self);
  else
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

static void
animations_changed_cb (DemoCanvas *self)
{
  gboolean animated;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &animated,
                NULL);
  self->beads.still = !animated;
  demo_spring_settle (&self->beads.spring);

  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    start (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
demo_canvas_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (demo_canvas_parent_class)->map (widget);

  start (DEMO_CANVAS (widget));
}

static void
demo_canvas_unmap (GtkWidget *widget)
{
  stop (DEMO_CANVAS (widget));

  GTK_WIDGET_CLASS (demo_canvas_parent_class)->unmap (widget);
}

/* Hands */

static void
let_go (DemoCanvas *self)
{
  demo_beads_release (&self->beads);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_begin_cb (GtkGestureDrag *gesture,
               double          x,
               double          y,
               DemoCanvas     *self)
{
  graphene_point_t ball = demo_beads_get_ball (&self->beads);

  self->grab_x = x - ball.x;
  self->grab_y = y - ball.y;
  if (hypot (self->grab_x, self->grab_y) > GRAB_RADIUS)
    self->grab_x = self->grab_y = 0;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grabbing");
  gtk_widget_grab_focus (GTK_WIDGET (self));
  demo_beads_hold (&self->beads, x - self->grab_x, y - self->grab_y);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_update_cb (GtkGestureDrag *gesture,
                double          offset_x,
                double          offset_y,
                DemoCanvas     *self)
{
  double x, y;

  gtk_gesture_drag_get_start_point (gesture, &x, &y);
  demo_beads_hold (&self->beads, x + offset_x - self->grab_x, y + offset_y - self->grab_y);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
drag_end_cb (DemoCanvas *self)
{
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), "grab");
  let_go (self);
}

static gboolean
get_step (guint keyval,
          int  *x,
          int  *y)
{
  *x = (keyval == GDK_KEY_Right || keyval == GDK_KEY_KP_Right)
       - (keyval == GDK_KEY_Left || keyval == GDK_KEY_KP_Left);
  *y = (keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down)
       - (keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up);

  return *x != 0 || *y != 0;
}

static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                DemoCanvas            *self)
{
  int x, y;

  if (!get_step (keyval, &x, &y))
    return GDK_EVENT_PROPAGATE;

  demo_beads_nudge (&self->beads, x * KEY_STEP, y * KEY_STEP);
  gtk_widget_queue_draw (GTK_WIDGET (self));

  return GDK_EVENT_STOP;
}

static void
key_released_cb (GtkEventControllerKey *controller,
                 guint                  keyval,
                 guint                  keycode,
                 GdkModifierType        state,
                 DemoCanvas            *self)
{
  int x, y;

  if (get_step (keyval, &x, &y))
    let_go (self);
}

static void
demo_canvas_dispose (GObject *object)
{
  stop (DEMO_CANVAS (object));

  G_OBJECT_CLASS (demo_canvas_parent_class)->dispose (object);
}

static void
demo_canvas_class_init (DemoCanvasClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = demo_canvas_dispose;
  widget_class->snapshot = demo_canvas_snapshot;
  widget_class->size_allocate = demo_canvas_size_allocate;
  widget_class->measure = demo_canvas_measure;
  widget_class->map = demo_canvas_map;
  widget_class->unmap = demo_canvas_unmap;

  gtk_widget_class_set_css_name (widget_class, "canvas");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
add_controllers (DemoCanvas *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect (keys, "key-released", G_CALLBACK (key_released_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (let_go), self);

  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

static void
demo_canvas_init (DemoCanvas *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_cursor_from_name (widget, "grab");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Animation with a ball"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  _("Drag the ball, or move it with the arrow keys"), -1);
  add_controllers (self);

  g_signal_connect_object (gtk_widget_get_settings (widget), "notify::gtk-enable-animations",
                           G_CALLBACK (animations_changed_cb), self, G_CONNECT_SWAPPED);
  animations_changed_cb (self);
}

/**
 * demo_canvas_new:
 *
 * Creates a widget that is always in motion while it is shown, and that has something to drag.
 *
 * Returns: (transfer floating): a new #DemoCanvas
 */
GtkWidget *
demo_canvas_new (void)
{
  return g_object_new (DEMO_TYPE_CANVAS, NULL);
}

/**
 * demo_canvas_set_crowd:
 * @self: a canvas
 * @n_beads: how many
 *
 * Sets how many beads are drawn beside those on the string, to give the machine something to do.
 * Without animations there are none.
 */
void
demo_canvas_set_crowd (DemoCanvas *self,
                       guint       n_beads)
{
  g_return_if_fail (DEMO_IS_CANVAS (self));

  self->crowd = n_beads;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * demo_canvas_get_crowd:
 * @self: a canvas
 *
 * Gets how many beads are drawn beside those on the string.
 *
 * Returns: how many
 */
guint
demo_canvas_get_crowd (DemoCanvas *self)
{
  g_return_val_if_fail (DEMO_IS_CANVAS (self), 0);

  return self->crowd;
}
