/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-run.h"

#include <glib/gi18n.h>

#include "demo-text.h"

/* The loop may be late by this much more than it was without the task; what people call
 * a long task. In ms. */
#define BUDGET_LATENESS 50.0

/* A gap between two frames may be longer than without the task by two frames, in ms. */
#define BUDGET_GAP (2 * 1000.0 / 60)

/* As the command line and the report write it. */
const char *
demo_mode_get_id (DemoMode mode)
{
  return mode == DEMO_MODE_FREEZE ? "freeze" : "asyncify";
}

DemoRun *
demo_run_copy (const DemoRun *self)
{
  DemoRun *copy = g_new (DemoRun, 1);

  *copy = *self;
  copy->result = g_strdup (self->result);
  copy->error = g_strdup (self->error);
  copy->skipped = g_strdup (self->skipped);

  return copy;
}

void
demo_run_free (DemoRun *self)
{
  g_free (self->result);
  g_free (self->error);
  g_free (self->skipped);
  g_free (self);
}

/* Machines are shared, and drawn on in software: what counts is what the run added to
 * @baseline, which was measured while nothing ran. */
gboolean
demo_run_is_within_budget (const DemoRun *self,
                           const DemoMeasurement *baseline)
{
  const DemoMeasurement *m = &self->measurement;

  return m->heartbeat.p99_ms < baseline->heartbeat.p99_ms + BUDGET_LATENESS
         && m->frames.longest_gap_ms <= baseline->frames.longest_gap_ms + BUDGET_GAP;
}

/* What the window did while it ran, in a word or two for a person */
const char *
demo_run_get_verdict (const DemoRun *self)
{
  const DemoMeasurement *m = &self->measurement;

  if (m->heartbeat.max_ms >= DEMO_METER_FROZE_MS)
    return _ ("Stood still");
  if (m->heartbeat.max_ms >= DEMO_METER_LATE_MS)
    return _ ("Stuttered");

  return _ ("Kept going");
}

/* What was measured, in a line for a person. Returns: (transfer full) (nullable) */
char *
demo_run_describe (const DemoRun *self)
{
  const DemoMeasurement *m = &self->measurement;
  g_autofree char *number = demo_text_number (m->frames.missed);
  g_autofree char *missed
    = g_strdup_printf (ngettext ("%s frame missed", "%s frames missed", m->frames.missed), number);
  g_autofree char *took = demo_text_ms (m->wall_ms);
  g_autofree char *late = demo_text_ms (m->heartbeat.max_ms);

  if (!self->measured)
    return NULL;

  /* Translators: what the window did while it ran; then how long the run took, how late the
   * main loop was at worst, and how many frames were not drawn. */
  return g_strdup_printf (_ ("%s: took %s, loop up to %s late, %s"), demo_run_get_verdict (self),
                          took, late, missed);
}
