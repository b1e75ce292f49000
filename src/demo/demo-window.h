/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "demo-scenario.h"

G_BEGIN_DECLS

/* The window: the list of scenarios, the stage, the page of one of them, the jobs. */

#define DEMO_TYPE_WINDOW (demo_window_get_type ())
G_DECLARE_FINAL_TYPE (DemoWindow, demo_window, DEMO, WINDOW, GtkApplicationWindow)

GtkWidget    *demo_window_new           (GtkApplication *application,
                                         GPtrArray      *scenarios);
DemoMeter    *demo_window_get_meter     (DemoWindow     *self);
gboolean      demo_window_show_scenario (DemoWindow     *self,
                                         const char     *id);
void          demo_window_remember      (DemoWindow     *self,
                                         GSettings      *settings);
void          demo_window_skip_guide    (DemoWindow     *self);

G_END_DECLS
