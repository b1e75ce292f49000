/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The list of all jobs, with buttons to cancel and to clear. */

#define DEMO_TYPE_JOBS_PANEL (demo_jobs_panel_get_type ())
G_DECLARE_FINAL_TYPE (DemoJobsPanel, demo_jobs_panel, DEMO, JOBS_PANEL, GtkWidget)

G_END_DECLS
