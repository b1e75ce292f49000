/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-lanes-private.h"

#include <glib/gi18n.h>

/* Of the dots that set out at the same time only so many are seen flying; the others are there at
 * once. */
#define MAX_FLIGHTS 120

/* How often who can't see it is told, in ms. */
#define TELL_INTERVAL 500

G_STATIC_ASSERT (DEMO_LANES_MAX_PLACES == sizeof (guint64) * 8);

G_DEFINE_FINAL_TYPE (DemoLanes, demo_lanes, GTK_TYPE_WIDGET)

/* Who can't see it */

/* The captions say all there is to see. Returns: (transfer full) */
static char *
describe (DemoLanes *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) captions = NULL;
  g_autofree char *all = NULL;

  for (guint i = 0; i < DEMO_N_LANES; i++)
    if (self->captions[i] != NULL)
      g_strv_builder_add (builder, self->captions[i]);
  captions = g_strv_builder_end (builder);
  /* Translators: what stands between the parts of a list */
  all = g_strjoinv (_ (", "), captions);

  /* Translators: %s is a list, such as “Queued: 3, Running: 1 of 8” */
  return g_strdup_printf (_ ("Calls: %s"), all);
}

static gboolean
tell_cb (gpointer user_data)
{
  DemoLanes *self = user_data;
  g_autofree char *description = describe (self);

  self->tell_id = 0;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, description,
                                  -1);

  return G_SOURCE_REMOVE;
}

/* Flying */

static gboolean
tick_cb (GtkWidget *widget,
         GdkFrameClock *clock,
         gpointer user_data)
{
  DemoLanes *self = DEMO_LANES (widget);
  gint64 now = gdk_frame_clock_get_frame_time (clock);

  for (guint i = self->flights->len; i-- > 0;)
    if (now - g_array_index (self->flights, DemoFlight, i).began >= DEMO_LANES_FLIGHT_TIME)
      g_array_remove_index_fast (self->flights, i);

  gtk_widget_queue_draw (widget);
  if (self->flights->len > 0)
    return G_SOURCE_CONTINUE;

  self->tick_id = 0;
  return G_SOURCE_REMOVE;
}

static void
land_all (DemoLanes *self)
{
  g_array_set_size (self->flights, 0);
  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
  self->tick_id = 0;
}

static gboolean
may_fly (DemoLanes *self)
{
  gboolean animated;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &animated,
                NULL);

  return animated && gtk_widget_get_mapped (GTK_WIDGET (self));
}

static void
take_off (DemoLanes *self,
          const graphene_rect_t *from,
          DemoLane lane,
          guint slot)
{
  const DemoFlight flight = { *from, lane, slot, g_get_monotonic_time () };

  if (self->flights->len >= MAX_FLIGHTS || !may_fly (self))
    return;

  g_array_append_val (self->flights, flight);
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), tick_cb, NULL, NULL);
}

/* Takes a dot out of its lane. Returns: where it is, which may be on its way there */
static graphene_rect_t
leave (DemoLanes *self,
       guint dot)
{
  const DemoLane lane = self->lane[dot];
  const guint slot = lane == DEMO_LANE_RUNNING ? self->slot[dot] : self->counts[lane] - 1;
  graphene_rect_t from = demo_lanes_get_dot (self, lane, slot);

  self->counts[lane]--;
  if (lane == DEMO_LANE_RUNNING)
    self->taken &= ~(G_GUINT64_CONSTANT (1) << slot);

  for (guint i = 0; i < self->flights->len; i++)
    {
      const DemoFlight *flight = &g_array_index (self->flights, DemoFlight, i);

      if (flight->lane == lane && flight->slot == slot)
        {
          from = demo_lanes_get_position (self, flight, g_get_monotonic_time ());
          g_array_remove_index_fast (self->flights, i);
          break;
        }
    }

  return from;
}

/* Puts a dot into a lane. Returns: where in it */
static guint
enter (DemoLanes *self,
       guint dot,
       DemoLane lane)
{
  guint slot = self->counts[lane]++;

  self->lane[dot] = (guint8) lane;
  if (lane != DEMO_LANE_RUNNING)
    return slot;

  slot = ~self->taken != 0 ? (guint) __builtin_ctzll (~self->taken) : DEMO_LANES_MAX_PLACES - 1;
  self->taken |= G_GUINT64_CONSTANT (1) << slot;
  self->slot[dot] = (guint8) slot;

  return slot;
}

static void
demo_lanes_size_allocate (GtkWidget *widget,
                          int width,
                          int height,
                          int baseline)
{
  DemoLanes *self = DEMO_LANES (widget);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, "0");

  pango_layout_get_pixel_size (layout, NULL, &self->caption_height);
  demo_lanes_fit (self);
}

static void
demo_lanes_unmap (GtkWidget *widget)
{
  land_all (DEMO_LANES (widget));

  GTK_WIDGET_CLASS (demo_lanes_parent_class)->unmap (widget);
}

static void
demo_lanes_dispose (GObject *object)
{
  g_clear_handle_id (&DEMO_LANES (object)->tell_id, g_source_remove);

  G_OBJECT_CLASS (demo_lanes_parent_class)->dispose (object);
}

static void
demo_lanes_finalize (GObject *object)
{
  DemoLanes *self = DEMO_LANES (object);

  for (guint i = 0; i < DEMO_N_LANES; i++)
    g_free (self->captions[i]);
  g_free (self->lane);
  g_free (self->slot);
  g_array_unref (self->flights);

  G_OBJECT_CLASS (demo_lanes_parent_class)->finalize (object);
}

static void
demo_lanes_class_init (DemoLanesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = demo_lanes_dispose;
  object_class->finalize = demo_lanes_finalize;
  widget_class->snapshot = demo_lanes_snapshot;
  widget_class->measure = demo_lanes_measure;
  widget_class->size_allocate = demo_lanes_size_allocate;
  widget_class->unmap = demo_lanes_unmap;

  gtk_widget_class_set_css_name (widget_class, "lanes");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
demo_lanes_init (DemoLanes *self)
{
  self->flights = g_array_new (FALSE, FALSE, sizeof (DemoFlight));
  self->n_places = 1;
  gtk_widget_add_css_class (GTK_WIDGET (self), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self), "number");
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  tell_cb (self);
}

/* Returns: (transfer floating): lanes without any dots */
GtkWidget *
demo_lanes_new (void)
{
  return g_object_new (DEMO_TYPE_LANES, NULL);
}

static void
changed (DemoLanes *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (self->tell_id == 0)
    self->tell_id = g_timeout_add (TELL_INTERVAL, tell_cb, self);
}

/* Begins anew, with @n_dots dots in @lane, which is not the running one. */
void
demo_lanes_reset (DemoLanes *self,
                  guint n_dots,
                  DemoLane lane)
{
  g_return_if_fail (lane < DEMO_N_LANES && lane != DEMO_LANE_RUNNING);

  land_all (self);
  self->n_dots = n_dots;
  self->lane = g_realloc (self->lane, n_dots);
  self->slot = g_realloc (self->slot, n_dots);
  memset (self->lane, (int) lane, n_dots);
  memset (self->counts, 0, sizeof (self->counts));
  self->counts[lane] = n_dots;
  self->taken = 0;
  demo_lanes_fit (self);
  changed (self);
}

/* @n_places: how many may run */
void
demo_lanes_set_places (DemoLanes *self,
                       guint n_places)
{
  self->n_places = CLAMP (n_places, 1, DEMO_LANES_MAX_PLACES);
  changed (self);
}

/* @caption: (nullable): what stands over (or under) it: its name and its number. All captions
 * together are what those hear who can't see it. */
void
demo_lanes_set_caption (DemoLanes *self,
                        DemoLane lane,
                        const char *caption)
{
  if (g_strcmp0 (self->captions[lane], caption) == 0)
    return;

  g_free (self->captions[lane]);
  self->captions[lane] = g_strdup (caption);
  changed (self);
}

/* Has a dot go to @lane, unless it is there. */
void
demo_lanes_move (DemoLanes *self,
                 guint dot,
                 DemoLane lane)
{
  graphene_rect_t from;
  guint slot;

  if (self->lane[dot] == lane)
    return;

  from = leave (self, dot);
  slot = enter (self, dot, lane);
  take_off (self, &from, lane, slot);
  changed (self);
}

guint
demo_lanes_get_count (DemoLanes *self,
                      DemoLane lane)
{
  return self->counts[lane];
}

/* Whether dots are on their way, so that every frame is drawn. */
gboolean
demo_lanes_is_moving (DemoLanes *self)
{
  return self->tick_id != 0;
}
