/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A point on a spring, as an offset from where it rests, in pixels. */
typedef struct
{
  double x;
  double y;
  double velocity_x; /* pixels per second */
  double velocity_y;

  gboolean held; /* it follows the target instead of swinging back */
  double target_x;
  double target_y;
} DemoSpring;

void demo_spring_hold    (DemoSpring *self,
                          double      x,
                          double      y);
void demo_spring_release (DemoSpring *self);
void demo_spring_settle  (DemoSpring *self);
void demo_spring_advance (DemoSpring *self,
                          double      seconds);

G_END_DECLS
