/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-fold-private.h"

#include <math.h>

/* How long the side is on its way, in us */
#define SLIDE_TIME (200 * G_TIME_SPAN_MILLISECOND)

/* In pixels: how much of the content is always left to be clicked, beside what covers it. */
#define MARGIN 48

/* How it is at some width */
typedef struct {
  gboolean folded;
  int side_width;
  int in_sight; /* of the side */
  int content_width;
} Arrangement;

enum {
  PROP_0,
  PROP_POSITION,
  PROP_FOLD_WIDTH,
  PROP_MAX_SIDE_WIDTH,
  PROP_SHOWN,
  PROP_SHOWN_UNFOLDED,
  PROP_FOLDED,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static GtkBuildableIface *parent_buildable;

static void demo_fold_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DemoFold,
                               demo_fold,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, demo_fold_buildable_init))

gboolean
demo_fold_has_side (DemoFold *self)
{
  return self->side != NULL && gtk_widget_get_visible (self->side);
}

gboolean
demo_fold_is_on_left (DemoFold *self)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;

  return (self->position == GTK_PACK_START) != rtl;
}

/* Sizes */

/* @child: (nullable) */
static void
measure_child (GtkWidget *child,
               GtkOrientation orientation,
               int for_size,
               int *minimum,
               int *natural)
{
  *minimum = *natural = 0;
  if (child != NULL)
    gtk_widget_measure (child, orientation, for_size, minimum, natural, NULL, NULL);
}

/* Returns: how wide the side is if there is room for @room */
static int
get_side_width (DemoFold *self,
                int room)
{
  int minimum, natural;

  measure_child (self->side, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural);

  return MAX (MIN (MIN (natural, self->max_side_width), room), minimum);
}

static gboolean
folds_at (DemoFold *self,
          int width)
{
  int minimum, natural;

  if (width < self->fold_width)
    return TRUE;
  if (!demo_fold_has_side (self))
    return FALSE;

  measure_child (self->content, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural);

  return minimum + get_side_width (self, G_MAXINT) > width;
}

/* It may be another width than it has: then it moves at once to where it shall be. */
static Arrangement
arrange (DemoFold *self,
         int width)
{
  Arrangement at = { .folded = folds_at (self, width) };
  double revealed = at.folded ? 0 : self->shown_unfolded;

  if (at.folded == self->folded)
    revealed = self->revealed;
  if (demo_fold_has_side (self) && gtk_widget_get_child_visible (self->side))
    {
      at.side_width = get_side_width (self, at.folded ? width - MARGIN : G_MAXINT);
      at.in_sight = (int) round (at.side_width * revealed);
    }
  at.content_width = at.folded ? width : width - at.in_sight;

  return at;
}

static GtkSizeRequestMode
demo_fold_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
demo_fold_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  DemoFold *self = DEMO_FOLD (widget);
  Arrangement at = { .side_width = -1, .content_width = -1 };
  int side_minimum, side_natural;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_child (self->content, orientation, -1, minimum, natural);
      if (self->shown_unfolded)
        *natural += get_side_width (self, G_MAXINT);
      return;
    }

  if (for_size >= 0)
    at = arrange (self, for_size);
  measure_child (self->content, orientation, at.content_width, minimum, natural);
  if (demo_fold_has_side (self) && gtk_widget_get_child_visible (self->side))
    {
      measure_child (self->side, orientation, at.side_width, &side_minimum, &side_natural);
      *minimum = MAX (*minimum, side_minimum);
      *natural = MAX (*natural, side_natural);
    }
}

static void
demo_fold_compute_expand (GtkWidget *widget,
                          gboolean *hexpand,
                          gboolean *vexpand)
{
  GtkWidget *content = DEMO_FOLD (widget)->content;

  *hexpand = content != NULL && gtk_widget_compute_expand (content, GTK_ORIENTATION_HORIZONTAL);
  *vexpand = content != NULL && gtk_widget_compute_expand (content, GTK_ORIENTATION_VERTICAL);
}

/* Settling. Not while widgets get their places: whoever hears of it may change anything. */

/* What is not to be seen can't be reached by keys or by who reads the screen either; for the
 * latter it does not suffice that it isn't mapped. */
static void
update_in_sight (DemoFold *self)
{
  gboolean in_sight = self->shown || self->revealed > 0;
  gboolean dark = in_sight && self->folded && demo_fold_has_side (self);

  gtk_widget_set_opacity (self->scrim, self->revealed);
  if (self->folded)
    gtk_widget_add_css_class (GTK_WIDGET (self), "folded");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "folded");

  if (gtk_widget_get_child_visible (self->scrim) != dark)
    {
      gtk_widget_set_child_visible (self->scrim, dark);
      gtk_widget_queue_resize (GTK_WIDGET (self));
    }
  if (self->side != NULL && gtk_widget_get_child_visible (self->side) != in_sight)
    {
      gtk_widget_set_child_visible (self->side, in_sight);
      gtk_accessible_update_state (GTK_ACCESSIBLE (self->side), GTK_ACCESSIBLE_STATE_HIDDEN,
                                   !in_sight, -1);
      gtk_widget_queue_resize (GTK_WIDGET (self));
    }
}

static void
settle (DemoFold *self)
{
  GObject *object = G_OBJECT (self);

  demo_fold_update_covered (self);
  update_in_sight (self);

  g_object_freeze_notify (object);
  if (self->told_folded != self->folded)
    g_object_notify_by_pspec (object, props[PROP_FOLDED]);
  if (self->told_shown != self->shown)
    g_object_notify_by_pspec (object, props[PROP_SHOWN]);
  self->told_folded = self->folded;
  self->told_shown = self->shown;
  g_object_thaw_notify (object);
}

static gboolean
settle_cb (gpointer user_data)
{
  DemoFold *self = user_data;

  self->settle_id = 0;
  settle (self);
  if (self->takes_focus)
    demo_fold_give_focus_to_side (self);

  return G_SOURCE_REMOVE;
}

static void
settle_later (DemoFold *self)
{
  if (self->settle_id == 0)
    self->settle_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, settle_cb, self, NULL);
}

/* Moving */

static void
arrive (DemoFold *self)
{
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
  self->tick_id = 0;
  self->revealed = self->shown;
}

static gboolean
tick_cb (GtkWidget *widget,
         GdkFrameClock *clock,
         gpointer user_data)
{
  DemoFold *self = DEMO_FOLD (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  double left; /* of the way: it slows down */

  if (self->moving_since == 0)
    self->moving_since = now;
  left = pow (1 - MIN ((double) (now - self->moving_since) / SLIDE_TIME, 1), 3);
  self->revealed = self->shown + (self->revealed_before - self->shown) * left;

  gtk_widget_set_opacity (self->scrim, self->revealed);
  if (self->folded)
    gtk_widget_queue_allocate (widget);
  else
    gtk_widget_queue_resize (widget);
  if (left > 0)
    return G_SOURCE_CONTINUE;

  self->tick_id = 0;
  settle (self);
  return G_SOURCE_REMOVE;
}

static void
move (DemoFold *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean animated;

  g_object_get (gtk_widget_get_settings (widget), "gtk-enable-animations", &animated, NULL);
  if (animated && gtk_widget_get_mapped (widget) && demo_fold_has_side (self))
    {
      self->revealed_before = self->revealed;
      self->moving_since = 0;
      if (self->tick_id == 0)
        self->tick_id = gtk_widget_add_tick_callback (widget, tick_cb, NULL, NULL);
    }
  else
    {
      arrive (self);
      gtk_widget_queue_resize (widget);
    }
}

static void
demo_fold_unmap (GtkWidget *widget)
{
  DemoFold *self = DEMO_FOLD (widget);

  if (self->tick_id != 0)
    {
      arrive (self);
      settle_later (self);
    }

  GTK_WIDGET_CLASS (demo_fold_parent_class)->unmap (widget);
}

/* What is away has no width, which would be less than it needs. */
static void
allocate_child (GtkWidget *child,
                int x,
                int width,
                int height)
{
  if (child != NULL && gtk_widget_get_child_visible (child) && gtk_widget_should_layout (child))
    gtk_widget_size_allocate (child, &(GtkAllocation){ x, 0, width, height }, -1);
}

static void
demo_fold_size_allocate (GtkWidget *widget,
                         int width,
                         int height,
                         int baseline)
{
  DemoFold *self = DEMO_FOLD (widget);
  Arrangement at = arrange (self, width);
  gboolean left = demo_fold_is_on_left (self);

  if (at.folded != self->folded)
    {
      self->folded = at.folded;
      self->shown = !at.folded && self->shown_unfolded;
      arrive (self);
      settle_later (self);
    }
  if (self->takes_focus || self->covered != demo_fold_shall_cover (self))
    settle_later (self);

  allocate_child (self->content, left ? width - at.content_width : 0, at.content_width, height);
  allocate_child (self->scrim, 0, width, height);
  allocate_child (self->side, left ? at.in_sight - at.side_width : width - at.in_sight,
                  at.side_width, height);
}

static void
demo_fold_get_property (GObject *object,
                        guint prop_id,
                        GValue *value,
                        GParamSpec *pspec)
{
  DemoFold *self = DEMO_FOLD (object);

  switch (prop_id)
    {
    case PROP_POSITION:
      g_value_set_enum (value, self->position);
      break;
    case PROP_FOLD_WIDTH:
      g_value_set_int (value, self->fold_width);
      break;
    case PROP_MAX_SIDE_WIDTH:
      g_value_set_int (value, self->max_side_width);
      break;
    case PROP_SHOWN:
      g_value_set_boolean (value, self->shown);
      break;
    case PROP_SHOWN_UNFOLDED:
      g_value_set_boolean (value, self->shown_unfolded);
      break;
    case PROP_FOLDED:
      g_value_set_boolean (value, self->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
set_shown_unfolded (DemoFold *self,
                    gboolean shown)
{
  if (self->shown_unfolded == shown)
    return;

  self->shown_unfolded = shown;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_SHOWN_UNFOLDED]);
}

static void
demo_fold_set_property (GObject *object,
                        guint prop_id,
                        const GValue *value,
                        GParamSpec *pspec)
{
  DemoFold *self = DEMO_FOLD (object);

  switch (prop_id)
    {
    case PROP_POSITION:
      self->position = g_value_get_enum (value);
      break;
    case PROP_FOLD_WIDTH:
      self->fold_width = g_value_get_int (value);
      break;
    case PROP_MAX_SIDE_WIDTH:
      self->max_side_width = g_value_get_int (value);
      break;
    case PROP_SHOWN:
      demo_fold_set_shown (self, g_value_get_boolean (value));
      return;
    case PROP_SHOWN_UNFOLDED:
      set_shown_unfolded (self, g_value_get_boolean (value));
      if (!self->folded)
        demo_fold_set_shown (self, self->shown_unfolded);
      return;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      return;
    }

  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
demo_fold_dispose (GObject *object)
{
  DemoFold *self = DEMO_FOLD (object);

  g_clear_weak_pointer (&self->focus_before);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_pointer (&self->scrim, gtk_widget_unparent);
  g_clear_pointer (&self->side, gtk_widget_unparent);

  G_OBJECT_CLASS (demo_fold_parent_class)->dispose (object);

  /* It may have been unmapped only there. */
  g_clear_handle_id (&self->settle_id, g_source_remove);
}

static void
demo_fold_add_child (GtkBuildable *buildable,
                     GtkBuilder *builder,
                     GObject *child,
                     const char *type)
{
  if (g_strcmp0 (type, "content") == 0)
    demo_fold_set_content (DEMO_FOLD (buildable), GTK_WIDGET (child));
  else if (g_strcmp0 (type, "side") == 0)
    demo_fold_set_side (DEMO_FOLD (buildable), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
demo_fold_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = demo_fold_add_child;
}

static void
demo_fold_class_init (DemoFoldClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = demo_fold_dispose;
  object_class->get_property = demo_fold_get_property;
  object_class->set_property = demo_fold_set_property;
  widget_class->get_request_mode = demo_fold_get_request_mode;
  widget_class->measure = demo_fold_measure;
  widget_class->compute_expand = demo_fold_compute_expand;
  widget_class->size_allocate = demo_fold_size_allocate;
  widget_class->unmap = demo_fold_unmap;

  props[PROP_POSITION] = g_param_spec_enum ("position", NULL, NULL, GTK_TYPE_PACK_TYPE,
                                            GTK_PACK_START, flags);
  props[PROP_FOLD_WIDTH] = g_param_spec_int ("fold-width", NULL, NULL, 0, G_MAXINT, 800, flags);
  props[PROP_MAX_SIDE_WIDTH]
    = g_param_spec_int ("max-side-width", NULL, NULL, 0, G_MAXINT, G_MAXINT, flags);
  props[PROP_SHOWN] = g_param_spec_boolean ("shown", NULL, NULL, TRUE,
                                            flags | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_SHOWN_UNFOLDED] = g_param_spec_boolean ("shown-unfolded", NULL, NULL, TRUE,
                                                     flags | G_PARAM_EXPLICIT_NOTIFY);
  props[PROP_FOLDED]
    = g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_css_name (widget_class, "fold");
}

static void
demo_fold_init (DemoFold *self)
{
  self->fold_width = 800;
  self->max_side_width = G_MAXINT;
  self->shown = self->shown_unfolded = self->told_shown = TRUE;
  self->revealed = 1;

  /* Just a thing to be styled and clicked. */
  self->scrim = g_object_new (GTK_TYPE_BOX, "css-name", "scrim", "accessible-role",
                              GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_set_child_visible (self->scrim, FALSE);
  gtk_widget_set_parent (self->scrim, GTK_WIDGET (self));
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  demo_fold_add_controllers (self);
}

/* Returns: (transfer floating) */
GtkWidget *
demo_fold_new (void)
{
  return g_object_new (DEMO_TYPE_FOLD, NULL);
}

/* @side: (nullable) */
void
demo_fold_set_side (DemoFold *self,
                    GtkWidget *side)
{
  g_clear_pointer (&self->side, gtk_widget_unparent);
  self->side = side;
  if (side != NULL)
    {
      gtk_widget_add_css_class (side, "side");
      gtk_widget_insert_before (side, GTK_WIDGET (self), NULL);
    }
  settle (self);
}

/* Returns: (transfer none) (nullable) */
GtkWidget *
demo_fold_get_side (DemoFold *self)
{
  return self->side;
}

/* @content: (nullable) */
void
demo_fold_set_content (DemoFold *self,
                       GtkWidget *content)
{
  g_clear_pointer (&self->content, gtk_widget_unparent);
  self->content = content;
  if (content != NULL)
    gtk_widget_insert_after (content, GTK_WIDGET (self), NULL);
  settle (self);
}

/* Returns: (transfer none) (nullable) */
GtkWidget *
demo_fold_get_content (DemoFold *self)
{
  return self->content;
}

/* Shows the side, or hides it. */
void
demo_fold_set_shown (DemoFold *self,
                     gboolean shown)
{
  if (self->shown == shown)
    return;

  self->shown = shown;
  if (!self->folded)
    set_shown_unfolded (self, shown);
  move (self);
  settle (self);
}

/* Returns: whether the side is shown now, or on its way */
gboolean
demo_fold_get_shown (DemoFold *self)
{
  return self->shown;
}

/* Returns: whether there is no room for both, side by side */
gboolean
demo_fold_get_folded (DemoFold *self)
{
  return self->folded;
}
