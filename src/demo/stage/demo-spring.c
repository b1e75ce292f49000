/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-spring.h"

#include <math.h>

#define STIFFNESS 130.0 /* per s^2 */
#define DAMPING   8.0   /* per s; less than critical, so that it swings a little */
#define FOLLOW    0.03  /* s; how far a held point lags behind its target */

/* The steps are short enough for the sums to be stable, and there are few of them: after a freeze
 * the point goes on from where it stood. */
#define LONGEST_STEP    0.008
#define LONGEST_ADVANCE 0.05

/**
 * demo_spring_hold:
 * @self: a spring
 * @x: offset from the resting place
 * @y: offset from the resting place
 *
 * Takes hold of the point and pulls it to a place.
 */
void
demo_spring_hold (DemoSpring *self,
                  double      x,
                  double      y)
{
  self->held = TRUE;
  self->target_x = x;
  self->target_y = y;
}

/**
 * demo_spring_release:
 * @self: a spring
 *
 * Lets the point swing back.
 */
void
demo_spring_release (DemoSpring *self)
{
  self->held = FALSE;
  self->target_x = 0;
  self->target_y = 0;
}

/**
 * demo_spring_settle:
 * @self: a spring
 *
 * Puts the point to where it would come to rest, without any motion.
 */
void
demo_spring_settle (DemoSpring *self)
{
  self->x = self->target_x;
  self->y = self->target_y;
  self->velocity_x = 0;
  self->velocity_y = 0;
}

static void
follow (double *value,
        double *velocity,
        double  target,
        double  seconds)
{
  double step = (target - *value) * (1 - exp (-seconds / FOLLOW));

  *value += step;
  *velocity = step / seconds;
}

static void
swing (double *value,
       double *velocity,
       double  seconds)
{
  *velocity += (-STIFFNESS * *value - DAMPING * *velocity) * seconds;
  *value += *velocity * seconds;
}

/**
 * demo_spring_advance:
 * @self: a spring
 * @seconds: the time since the last call
 *
 * Moves the point.
 */
void
demo_spring_advance (DemoSpring *self,
                     double      seconds)
{
  double left = CLAMP (seconds, 0, LONGEST_ADVANCE);

  while (left > 0)
    {
      double step = MIN (left, LONGEST_STEP);

      if (self->held)
        {
          follow (&self->x, &self->velocity_x, self->target_x, step);
          follow (&self->y, &self->velocity_y, self->target_y, step);
        }
      else
        {
          swing (&self->x, &self->velocity_x, step);
          swing (&self->y, &self->velocity_y, step);
        }
      left -= step;
    }
}
