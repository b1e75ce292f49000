/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "demo-palette.h"
#include "demo-spring.h"

G_BEGIN_DECLS

/* A string of beads that a slow wave runs through, with a ball in its middle that can be pulled.
 * Places are in pixels from the top left corner of a field of the given size. */
typedef struct
{
  double width;
  double height;

  gboolean still; /* no wave, and the ball goes where it is put at once */
  double seconds; /* the wave's time */
  DemoSpring spring;
} DemoBeads;

void             demo_beads_advance       (DemoBeads         *self,
                                           double             seconds);
graphene_point_t demo_beads_get_ball      (const DemoBeads   *self);
void             demo_beads_hold          (DemoBeads         *self,
                                           double             x,
                                           double             y);
void             demo_beads_nudge         (DemoBeads         *self,
                                           double             x,
                                           double             y);
void             demo_beads_release       (DemoBeads         *self);
void             demo_beads_snapshot      (const DemoBeads   *self,
                                           GtkSnapshot       *snapshot,
                                           const DemoPalette *palette);
void             demo_beads_snapshot_ball (const DemoBeads   *self,
                                           GtkSnapshot       *snapshot,
                                           const DemoPalette *palette);

void             demo_beads_snapshot_crowd (const DemoBeads  *self,
                                           guint             n_beads,
                                           GtkSnapshot       *snapshot,
                                           const DemoPalette *palette);

G_END_DECLS
