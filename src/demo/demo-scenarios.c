/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-missing.h"
#include "demo-scenario.h"

/* scenarios.inc has a line for each file that scenarios/meson.build names: SCENARIO (id), or
 * MISSING (id, title, package) if it needs a package that this build is without. */

#define SCENARIO(id) GType demo_##id##_get_type (void);
#define MISSING(id, title, package)
#include "scenarios.inc"
#undef SCENARIO
#undef MISSING

/* Returns: (transfer container) (element-type DemoScenario): one of each scenario */
GPtrArray *
demo_scenarios_new (void)
{
  GPtrArray *scenarios = g_ptr_array_new_with_free_func (g_object_unref);

#define SCENARIO(id) g_ptr_array_add (scenarios, g_object_new (demo_##id##_get_type (), NULL));
#define MISSING(id, title, package)                                                                \
  g_ptr_array_add (scenarios, demo_missing_new (#id, title, package));
#include "scenarios.inc"
#undef SCENARIO
#undef MISSING

  return scenarios;
}

/* Returns: (transfer none) (nullable): the one of @scenarios that is called @id */
DemoScenario *
demo_scenarios_find (GPtrArray *scenarios,
                     const char *id)
{
  for (guint i = 0; i < scenarios->len; i++)
    {
      DemoScenario *scenario = g_ptr_array_index (scenarios, i);

      if (g_str_equal (demo_scenario_get_id (scenario), id))
        return scenario;
    }

  return NULL;
}
