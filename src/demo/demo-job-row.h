/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include <asyncify/asyncify.h>

G_BEGIN_DECLS

/* One job in the list: what it is called, how far it is, and a button to cancel it. */

#define DEMO_TYPE_JOB_ROW (demo_job_row_get_type ())
G_DECLARE_FINAL_TYPE (DemoJobRow, demo_job_row, DEMO, JOB_ROW, GtkWidget)

GtkWidget *demo_job_row_new     (void);
void       demo_job_row_set_job (DemoJobRow  *self,
                                 AsyncifyJob *job);

G_END_DECLS
