/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

/* scenarios.inc has a line SCENARIO (id) for each file that scenarios/meson.build names. */

#define SCENARIO(id) GType demo_##id##_get_type (void);
#include "scenarios.inc"
#undef SCENARIO

/* Returns: (transfer container) (element-type DemoScenario): one of each scenario */
GPtrArray *
demo_scenarios_new (void)
{
  GPtrArray *scenarios = g_ptr_array_new_with_free_func (g_object_unref);

#define SCENARIO(id) g_ptr_array_add (scenarios, g_object_new (demo_##id##_get_type (), NULL));
#include "scenarios.inc"
#undef SCENARIO

  return scenarios;
}
