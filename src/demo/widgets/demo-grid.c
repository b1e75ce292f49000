/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-grid.h"

#include <math.h>

/* All in pixels. */
#define MAX_PITCH 18
#define MIN_ROUND 3 /* smaller dots are squares: nobody sees the difference */
#define MIN_APART 3 /* with a smaller pitch they touch, or they would be pale */

static guint
get_capacity (const DemoGrid *self)
{
  return self->columns * self->rows;
}

/**
 * demo_grid_fit:
 * @self: a grid
 * @area: where its dots shall be
 * @n_dots: how many there may be
 *
 * Makes the dots as large as they can be. They are at whole pixels, so that they look alike.
 */
void
demo_grid_fit (DemoGrid *self,
               const graphene_rect_t *area,
               guint n_dots)
{
  graphene_rect_round_extents (area, &self->area);
  self->pitch = MAX_PITCH + 1;
  do
    {
      self->pitch--;
      self->columns = (guint) MAX (area->size.width / (float) self->pitch, 1);
      self->rows = (guint) MAX (area->size.height / (float) self->pitch, 1);
    }
  while (self->pitch > 1 && get_capacity (self) < n_dots);
}

/* The square around a dot, in its cell */
static graphene_rect_t
get_dot_in_cell (const DemoGrid *self,
                 float x,
                 float y)
{
  int gap = self->pitch >= MIN_APART ? MAX (self->pitch / 4, 1) : 0;
  float inset = (float) (gap / 2);

  return GRAPHENE_RECT_INIT (x + inset, y + inset, (float) (self->pitch - gap),
                             (float) (self->pitch - gap));
}

/**
 * demo_grid_get_dot:
 * @self: a grid
 * @stack: which stack
 * @number: which dot of it, from 0
 *
 * Tells where a dot is. If there are more than fit, the rest are where the last one is.
 *
 * Returns: the square around it
 */
graphene_rect_t
demo_grid_get_dot (const DemoGrid *self,
                   DemoStack stack,
                   guint number)
{
  guint last = get_capacity (self) - 1;
  guint cell = stack == DEMO_STACK_TOP ? MIN (number, last) : last - MIN (number, last);

  return get_dot_in_cell (self, self->area.origin.x + (float) (cell % self->columns * self->pitch),
                          self->area.origin.y + (float) (cell / self->columns * self->pitch));
}

/**
 * demo_grid_append_dot:
 * @snapshot: where to draw
 * @dot: the square around the dot
 * @color: its colour
 *
 * Draws one dot.
 */
void
demo_grid_append_dot (GtkSnapshot *snapshot,
                      const graphene_rect_t *dot,
                      const GdkRGBA *color)
{
  GskRoundedRect circle;

  if (dot->size.width < MIN_ROUND)
    {
      gtk_snapshot_append_color (snapshot, color, dot);
      return;
    }

  gsk_rounded_rect_init_from_rect (&circle, dot, dot->size.width / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
  gtk_snapshot_append_color (snapshot, color, dot);
  gtk_snapshot_pop (snapshot);
}

/* Draws a rectangle of dots as a pattern: however many they are, it costs the same. */
static void
append_block (const DemoGrid *self,
              GtkSnapshot *snapshot,
              guint column,
              guint row,
              guint n_columns,
              guint n_rows,
              const GdkRGBA *color)
{
  float pitch = (float) self->pitch;
  float x = self->area.origin.x + (float) column * pitch;
  float y = self->area.origin.y + (float) row * pitch;
  graphene_rect_t dot = get_dot_in_cell (self, x, y);

  if (n_columns == 0 || n_rows == 0)
    return;

  gtk_snapshot_push_repeat (
    snapshot, &GRAPHENE_RECT_INIT (x, y, (float) n_columns * pitch, (float) n_rows * pitch),
    &GRAPHENE_RECT_INIT (x, y, pitch, pitch));
  demo_grid_append_dot (snapshot, &dot, color);
  gtk_snapshot_pop (snapshot);
}

/**
 * demo_grid_append_stack:
 * @self: a grid
 * @snapshot: where to draw
 * @stack: which stack
 * @n_dots: how many dots it has
 * @color: their colour
 *
 * Draws all dots of a stack.
 */
void
demo_grid_append_stack ( const DemoGrid *self,
                        GtkSnapshot *snapshot,
                        DemoStack stack,
                        guint n_dots,
                        const GdkRGBA *color)
{
  guint shown = MIN (n_dots, get_capacity (self));
  guint full = shown / self->columns;
  guint rest = shown % self->columns;

  if (stack == DEMO_STACK_TOP)
    {
      append_block (self, snapshot, 0, 0, self->columns, full, color);
      append_block (self, snapshot, 0, full, rest, 1, color);
    }
  else
    {
      append_block (self, snapshot, 0, self->rows - full, self->columns, full, color);
      append_block (self, snapshot, self->columns - rest, self->rows - full - 1, rest, 1, color);
    }
}
