/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify.h>

G_BEGIN_DECLS

/* All calls that a person may want to watch, the latest first. */

#define DEMO_TYPE_JOBS (demo_jobs_get_type ())
G_DECLARE_FINAL_TYPE (DemoJobs, demo_jobs, DEMO, JOBS, GObject)

DemoJobs   *demo_jobs_get_default (void);
GListModel *demo_jobs_get_model   (DemoJobs    *self);
void        demo_jobs_add         (DemoJobs    *self,
                                   AsyncifyJob *job);
guint       demo_jobs_get_active  (DemoJobs    *self);
void        demo_jobs_cancel_all  (DemoJobs    *self);
void        demo_jobs_clear_ended (DemoJobs    *self);

G_END_DECLS
