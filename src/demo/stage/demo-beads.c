/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-beads.h"

#include <math.h>

/* All in pixels. */
#define BALL_RADIUS  13.0
#define HALO_RADIUS  17.0
#define BEAD_RADIUS  3.5
#define CROWD_RADIUS 2.0
#define BEAD_SPACING 24.0
#define WAVE_LENGTH  420.0

#define WAVE_SECONDS 3.2
#define MAX_BEADS    64

static double
wave_at (const DemoBeads *self,
         double           x)
{
  if (self->still)
    return 0;

  return self->height * 0.2 * sin (2 * G_PI * (x / WAVE_LENGTH - self->seconds / WAVE_SECONDS));
}

/* Where the ball rests.  The wave carries it; without one it stays out of the way. */
static graphene_point_t
get_home (const DemoBeads *self)
{
  double x = self->width * (self->still ? 0.8 : 0.5);

  return GRAPHENE_POINT_INIT ((float) x, (float) (self->height * 0.5 + wave_at (self, x)));
}

static double
keep_inside (double value,
             double size,
             double radius)
{
  return CLAMP (value, MIN (radius, size / 2), MAX (size - radius, size / 2));
}

/* Where a bead goes when the ball is pulled sideways.  Those on one side come closer together and
 * those on the other side further apart; they keep their order. */
static double
stretch (const DemoBeads *self,
         double           x,
         double           home,
         double           ball)
{
  if (x < home)
    return x * ball / home;

  return self->width - (self->width - x) * (self->width - ball) / (self->width - home);
}

/**
 * demo_beads_advance:
 * @self: a string of beads
 * @seconds: the time since the last call
 *
 * Lets time pass.
 */
void
demo_beads_advance (DemoBeads *self,
                    double     seconds)
{
  self->seconds += seconds;
  demo_spring_advance (&self->spring, seconds);
}

/**
 * demo_beads_get_ball:
 * @self: a string of beads
 *
 * Tells where the ball is; it does not leave the field.
 *
 * Returns: the ball's centre
 */
graphene_point_t
demo_beads_get_ball (const DemoBeads *self)
{
  graphene_point_t home = get_home (self);
  double x = keep_inside (home.x + self->spring.x, self->width, HALO_RADIUS);
  double y = keep_inside (home.y + self->spring.y, self->height, HALO_RADIUS);

  return GRAPHENE_POINT_INIT ((float) x, (float) y);
}

/**
 * demo_beads_hold:
 * @self: a string of beads
 * @x: where to pull the ball
 * @y: where to pull the ball
 *
 * Takes hold of the ball and pulls it to a place, until demo_beads_release().
 */
void
demo_beads_hold (DemoBeads *self,
                 double     x,
                 double     y)
{
  graphene_point_t home = get_home (self);

  demo_spring_hold (&self->spring, keep_inside (x, self->width, HALO_RADIUS) - home.x,
                    keep_inside (y, self->height, HALO_RADIUS) - home.y);
  if (self->still)
    demo_spring_settle (&self->spring);
}

/**
 * demo_beads_nudge:
 * @self: a string of beads
 * @x: how far to the right
 * @y: how far down
 *
 * Takes hold of the ball and pulls it on from where it was pulled before.
 */
void
demo_beads_nudge (DemoBeads *self,
                  double     x,
                  double     y)
{
  graphene_point_t home = get_home (self);

  demo_beads_hold (self, home.x + self->spring.target_x + x, home.y + self->spring.target_y + y);
}

/**
 * demo_beads_release:
 * @self: a string of beads
 *
 * Lets the ball go.
 */
void
demo_beads_release (DemoBeads *self)
{
  demo_spring_release (&self->spring);
  if (self->still)
    demo_spring_settle (&self->spring);
}

static graphene_rect_t
square_around (double x,
               double y,
               double radius)
{
  return GRAPHENE_RECT_INIT ((float) (x - radius), (float) (y - radius), (float) (2 * radius),
                             (float) (2 * radius));
}

static void
push_circle (GtkSnapshot           *snapshot,
             const graphene_rect_t *square)
{
  GskRoundedRect circle;

  gsk_rounded_rect_init_from_rect (&circle, square, square->size.width / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &circle);
}

static void
append_circle (GtkSnapshot   *snapshot,
               const GdkRGBA *color,
               double         x,
               double         y,
               double         radius)
{
  graphene_rect_t square = square_around (x, y, radius);

  push_circle (snapshot, &square);
  gtk_snapshot_append_color (snapshot, color, &square);
  gtk_snapshot_pop (snapshot);
}

/**
 * demo_beads_snapshot:
 * @self: a string of beads
 * @snapshot: where to draw
 * @palette: which colours to use
 *
 * Draws the beads, those near the ball drawn along with it.
 */
void
demo_beads_snapshot (const DemoBeads   *self,
                     GtkSnapshot       *snapshot,
                     const DemoPalette *palette)
{
  int n_beads = CLAMP ((int) (self->width / BEAD_SPACING), 2, MAX_BEADS);
  graphene_point_t home = get_home (self);
  graphene_point_t ball = demo_beads_get_ball (self);

  for (int i = 0; i < n_beads; i++)
    {
      double x = (i + 0.5) * self->width / n_beads;
      double from_home = (x - home.x) / (60 + self->width * 0.1);
      double from_middle = fabs (2 * x / self->width - 1);
      double pull = exp (-from_home * from_home);
      double y = self->height * 0.5 + wave_at (self, x) + pull * (ball.y - home.y);
      GdkRGBA color = palette->accent;

      color.alpha = (float) (0.85 - 0.6 * from_middle);
      append_circle (snapshot, &color, stretch (self, x, home.x, ball.x),
                     keep_inside (y, self->height, BEAD_RADIUS), BEAD_RADIUS);
    }
}

/* To and fro between 0 and 1. */
static double
swing (double turns)
{
  return fabs (2 * (turns - floor (turns)) - 1);
}

/**
 * demo_beads_snapshot_crowd:
 * @self: a string of beads
 * @n_beads: how many
 * @snapshot: where to draw
 * @palette: which colours to use
 *
 * Draws beads that are on no string.  Each goes its own way across the field.
 */
void
demo_beads_snapshot_crowd (const DemoBeads   *self,
                           guint              n_beads,
                           GtkSnapshot       *snapshot,
                           const DemoPalette *palette)
{
  const double width = self->width - 2 * CROWD_RADIUS;
  const double height = self->height - 2 * CROWD_RADIUS;
  GdkRGBA color = palette->good;

  color.alpha = 0.6f;

  /* Multiples of these three are spread evenly over places and speeds. */
  for (guint i = 0; i < n_beads; i++)
    {
      double a = i * 0.8191725, b = i * 0.6710436, c = i * 0.5497005;
      double x = swing (a + self->seconds * (0.04 + 0.08 * swing (c)));
      double y = swing (b + self->seconds * (0.10 + 0.20 * swing (a)));

      append_circle (snapshot, &color, CROWD_RADIUS + x * width, CROWD_RADIUS + y * height,
                     CROWD_RADIUS);
    }
}

/**
 * demo_beads_snapshot_ball:
 * @self: a string of beads
 * @snapshot: where to draw
 * @palette: which colours to use
 *
 * Draws the ball, with a stronger halo while it is held.
 */
void
demo_beads_snapshot_ball (const DemoBeads   *self,
                          GtkSnapshot       *snapshot,
                          const DemoPalette *palette)
{
  graphene_point_t ball = demo_beads_get_ball (self);
  graphene_rect_t square = square_around (ball.x, ball.y, BALL_RADIUS);
  const GskColorStop stops[] = { { 0, palette->accent_top }, { 1, palette->accent_bottom } };
  GdkRGBA halo = palette->accent;

  halo.alpha = self->spring.held ? 0.4f : 0.2f;
  append_circle (snapshot, &halo, ball.x, ball.y, HALO_RADIUS);

  push_circle (snapshot, &square);
  gtk_snapshot_append_linear_gradient (
    snapshot, &square, &GRAPHENE_POINT_INIT (0, square.origin.y),
    &GRAPHENE_POINT_INIT (0, square.origin.y + square.size.height), stops, G_N_ELEMENTS (stops));
  gtk_snapshot_pop (snapshot);
}
