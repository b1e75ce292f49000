/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-lanes-private.h"

#include <math.h>

#include "demo-palette.h"

/* In pixels. */
#define HEIGHT    120
#define MIN_WIDTH 240
#define PADDING   9
#define GAP       12
#define RADIUS    12

/* Where the lanes are: two of them share a column, one from the top and one from the bottom. */
typedef struct {
  guint column;
  DemoStack stack;
} Site;

static const Site sites[DEMO_N_LANES] = {
  [DEMO_LANE_QUEUED] = { 0, DEMO_STACK_TOP },       [DEMO_LANE_RUNNING] = { 1, DEMO_STACK_TOP },
  [DEMO_LANE_ABANDONED] = { 1, DEMO_STACK_BOTTOM }, [DEMO_LANE_DONE] = { 2, DEMO_STACK_TOP },
  [DEMO_LANE_CANCELLED] = { 2, DEMO_STACK_BOTTOM },
};

/* There may be calls at more places than there should be, if these were made fewer. */
static guint
get_slots_in_use (DemoLanes *self)
{
  return MAX (self->n_places,
              (guint) (64 - (self->taken != 0 ? __builtin_clzll (self->taken) : 64)));
}

static graphene_rect_t
get_column (DemoLanes *self,
            guint number)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int room = MAX (gtk_widget_get_width (widget), MIN_WIDTH) - (DEMO_LANES_N_COLUMNS - 1) * GAP;
  float width = (float) room / DEMO_LANES_N_COLUMNS;
  guint position = mirrored ? DEMO_LANES_N_COLUMNS - 1 - number : number;

  return GRAPHENE_RECT_INIT (roundf ((float) position * (width + GAP)), 0, roundf (width),
                             (float) MAX (gtk_widget_get_height (widget), HEIGHT));
}

void
demo_lanes_fit (DemoLanes *self)
{
  const guint n_abandoned = self->counts[DEMO_LANE_ABANDONED];
  const guint n_places = get_slots_in_use (self);

  for (guint i = 0; i < DEMO_LANES_N_COLUMNS; i++)
    {
      guint n_dots = i == sites[DEMO_LANE_RUNNING].column
                       ? n_places + MAX (n_abandoned, self->n_places)
                       : self->n_dots;
      graphene_rect_t area = get_column (self, i);

      graphene_rect_inset (&area, PADDING, (float) (PADDING + self->caption_height + PADDING / 2));
      demo_grid_fit (&self->grids[i], &area, n_dots);
    }
}

graphene_rect_t
demo_lanes_get_dot (DemoLanes *self,
                    DemoLane lane,
                    guint slot)
{
  return demo_grid_get_dot (&self->grids[sites[lane].column], sites[lane].stack, slot);
}

static GdkRGBA
get_color (const DemoPalette *palette,
           DemoLane lane)
{
  GdkRGBA color = palette->text;

  switch (lane)
    {
    case DEMO_LANE_RUNNING:
      return palette->accent;
    case DEMO_LANE_ABANDONED:
      return palette->bad;
    case DEMO_LANE_DONE:
      return palette->good;
    case DEMO_LANE_CANCELLED:
      return palette->late;
    case DEMO_LANE_QUEUED:
    case DEMO_N_LANES:
    default:
      color.alpha = 0.4f;
      return color;
    }
}

/* From 0 to 1: fast at first, then slower. */
static float
get_part (const DemoFlight *flight,
          gint64 now)
{
  float left = 1 - CLAMP ((float) (now - flight->began) / DEMO_LANES_FLIGHT_TIME, 0, 1);

  return 1 - left * left * left;
}

graphene_rect_t
demo_lanes_get_position (DemoLanes *self,
                         const DemoFlight *flight,
                         gint64 now)
{
  graphene_rect_t to = demo_lanes_get_dot (self, flight->lane, flight->slot);
  graphene_rect_t position;

  graphene_rect_interpolate (&flight->from, &to, get_part (flight, now), &position);

  return position;
}

static void
append_caption (DemoLanes *self,
                GtkSnapshot *snapshot,
                const DemoPalette *palette,
                DemoLane lane)
{
  graphene_rect_t column = get_column (self, sites[lane].column);
  float x = column.origin.x + PADDING;
  float y = sites[lane].stack == DEMO_STACK_TOP
              ? PADDING
              : column.size.height - PADDING - (float) self->caption_height;
  g_autoptr (PangoLayout) layout
    = gtk_widget_create_pango_layout (GTK_WIDGET (self), self->captions[lane]);

  pango_layout_set_width (layout, (int) (column.size.width - 2 * PADDING) * PANGO_SCALE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, &palette->text);
  gtk_snapshot_restore (snapshot);
}

static void
append_column (DemoLanes *self,
               GtkSnapshot *snapshot,
               const DemoPalette *palette,
               guint number)
{
  graphene_rect_t column = get_column (self, number);
  GskRoundedRect card;
  GdkRGBA ground = palette->faint;

  ground.alpha /= 2;
  gsk_rounded_rect_init_from_rect (&card, &column, RADIUS);
  gtk_snapshot_push_rounded_clip (snapshot, &card);
  gtk_snapshot_append_color (snapshot, &ground, &column);
  gtk_snapshot_pop (snapshot);
}

/* A place that a call can have. */
static void
append_ring (GtkSnapshot *snapshot,
             const graphene_rect_t *dot,
             const GdkRGBA *color)
{
  const GdkRGBA colors[] = { *color, *color, *color, *color };
  GskRoundedRect ring;

  gsk_rounded_rect_init_from_rect (&ring, dot, dot->size.width / 2);
  gtk_snapshot_append_border (snapshot, &ring, (float[]) { 1, 1, 1, 1 }, colors);
}

/* The running ones have places of their own, and so there may be free ones between them. A dot that
 * is still on its way has its place already. */
static void
append_running (DemoLanes *self,
                GtkSnapshot *snapshot,
                const DemoPalette *palette,
                guint64 flying)
{
  GdkRGBA vacant = palette->text;
  GdkRGBA reserved = palette->accent;

  vacant.alpha = 0.3f;
  reserved.alpha = 0.35f;
  for (guint i = 0; i < get_slots_in_use (self); i++)
    {
      graphene_rect_t dot = demo_lanes_get_dot (self, DEMO_LANE_RUNNING, i);

      if ((self->taken >> i & 1) == 0)
        append_ring (snapshot, &dot, &vacant);
      else
        demo_grid_append_dot (snapshot, &dot,
                              (flying >> i & 1) != 0 ? &reserved : &palette->accent);
    }
}

static void
append_flights (DemoLanes *self,
                GtkSnapshot *snapshot,
                const DemoPalette *palette)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  gint64 now = gdk_frame_clock_get_frame_time (clock);

  for (guint i = 0; i < self->flights->len; i++)
    {
      const DemoFlight *flight = &g_array_index (self->flights, DemoFlight, i);
      graphene_rect_t dot = demo_lanes_get_position (self, flight, now);
      GdkRGBA color = get_color (palette, flight->lane);

      color.alpha *= 0.9f;
      demo_grid_append_dot (snapshot, &dot, &color);
    }
}

void
demo_lanes_snapshot (GtkWidget *widget,
                     GtkSnapshot *snapshot)
{
  DemoLanes *self = DEMO_LANES (widget);
  const DemoPalette *palette = demo_palette_get_for_widget (widget);
  guint n_flying[DEMO_N_LANES] = { 0 };
  guint64 flying = 0;

  demo_lanes_fit (self);
  for (guint i = 0; i < self->flights->len; i++)
    {
      const DemoFlight *flight = &g_array_index (self->flights, DemoFlight, i);

      n_flying[flight->lane]++;
      if (flight->lane == DEMO_LANE_RUNNING)
        flying |= G_GUINT64_CONSTANT (1) << flight->slot;
    }

  for (guint i = 0; i < DEMO_LANES_N_COLUMNS; i++)
    append_column (self, snapshot, palette, i);
  for (DemoLane i = 0; i < DEMO_N_LANES; i++)
    {
      GdkRGBA color = get_color (palette, i);

      if (self->captions[i] != NULL)
        append_caption (self, snapshot, palette, i);
      if (i == DEMO_LANE_RUNNING)
        append_running (self, snapshot, palette, flying);
      else if (self->counts[i] > n_flying[i])
        demo_grid_append_stack (&self->grids[sites[i].column], snapshot, sites[i].stack,
                                self->counts[i] - n_flying[i], &color);
    }
  append_flights (self, snapshot, palette);
}

void
demo_lanes_measure (GtkWidget *widget,
                    GtkOrientation orientation,
                    int for_size,
                    int *minimum,
                    int *natural,
                    int *minimum_baseline,
                    int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : HEIGHT;
  *natural = *minimum;
}
