/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-report.h"
#include "demo-scenario.h"

G_BEGIN_DECLS

/* Plays scenarios without a person: each frozen, then asyncified, and measures. */

#define DEMO_TYPE_TOUR (demo_tour_get_type ())
G_DECLARE_FINAL_TYPE (DemoTour, demo_tour, DEMO, TOUR, GObject)

DemoTour         *demo_tour_new                  (GtkWidget  *window,
                                                  DemoMeter  *meter,
                                                  GPtrArray  *scenarios,
                                                  const char *screenshot);
void              demo_tour_set_stops_at_failure (DemoTour   *self,
                                                  gboolean    stops);
void              demo_tour_start                (DemoTour   *self,
                                                  guint       settle);
const DemoReport *demo_tour_get_report           (DemoTour   *self);

G_END_DECLS
