/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-meter.h"

G_BEGIN_DECLS

/* The two ways to call a blocking function. */
typedef enum {
  DEMO_MODE_FREEZE,  /* on the main loop, which stands still meanwhile */
  DEMO_MODE_ASYNCIFY /* through its asynchronous pair */
} DemoMode;

/* One run of a scenario, once it has ended. */
typedef struct {
  const char *scenario;  /* id; static */
  DemoMode mode;
  gboolean ok;
  char *result;          /* what came out, for a person; NULL if it failed */
  char *error;           /* why it failed, for a person; NULL if it didn't */
  char *skipped;         /* why it wasn't begun at all, for a person; NULL if it was */
  gboolean measured;     /* whether there is a measurement: none for refused input */
  DemoMeasurement measurement;
} DemoRun;

const char *demo_mode_get_id          (DemoMode               mode);

DemoRun    *demo_run_copy             (const DemoRun         *self);
void        demo_run_free             (DemoRun               *self);
gboolean    demo_run_is_within_budget (const DemoRun         *self,
                                       const DemoMeasurement *baseline);
const char *demo_run_get_verdict      (const DemoRun         *self);
char       *demo_run_describe         (const DemoRun         *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoRun, demo_run_free)

G_END_DECLS
