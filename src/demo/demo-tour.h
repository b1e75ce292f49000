/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-report.h"
#include "demo-window.h"

G_BEGIN_DECLS

/* Plays scenarios without a person: each frozen, then asyncified, and measures. */

#define DEMO_TYPE_TOUR (demo_tour_get_type ())
G_DECLARE_FINAL_TYPE (DemoTour, demo_tour, DEMO, TOUR, GObject)

DemoTour         *demo_tour_new        (DemoWindow *window,
                                        GPtrArray  *scenarios,
                                        const char *screenshot);
void              demo_tour_start      (DemoTour   *self);
const DemoReport *demo_tour_get_report (DemoTour   *self);

G_END_DECLS
