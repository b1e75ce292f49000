/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

/* scenarios.inc has a line for each file that scenarios/meson.build names: SCENARIO (id), or
 * MISSING (id, title, package) if it needs a package that this build is without. */

#define SCENARIO(id) GType demo_##id##_get_type (void);
#define MISSING(id, title, package)
#include "scenarios.inc"
#undef SCENARIO
#undef MISSING

typedef struct {
  const char *id;
  const char *title;
  const char *package;
} Missing;

static void
missing_class_init (gpointer klass,
                    gpointer data)
{
  DemoScenarioClass *scenario_class = klass;
  const Missing *missing = data;
  /* Translators: %s is the name of a library. */
  g_autofree char *sentence = g_strdup_printf (
    _ ("This build of the app is without %s, which this needs."), missing->package);

  scenario_class->id = missing->id;
  scenario_class->title = missing->title;
  scenario_class->summary = N_ ("Not in this build of the app.");
  scenario_class->missing = g_intern_string (sentence);
  scenario_class->function = "";
}

/* A scenario in whose place only a sentence stands. Unused where nothing is missing. */
G_GNUC_UNUSED static DemoScenario *
missing_new (const Missing *missing)
{
  g_autofree char *name = g_strdup_printf ("DemoMissing_%s", missing->id);
  const GTypeInfo info = {
    .class_size = sizeof (DemoScenarioClass),
    .class_init = missing_class_init,
    .class_data = missing,
    .instance_size = sizeof (DemoScenario),
  };
  GType type = g_type_from_name (name);

  if (type == 0)
    type = g_type_register_static (DEMO_TYPE_SCENARIO, name, &info, 0);

  return g_object_new (type, NULL);
}

/* Returns: (transfer container) (element-type DemoScenario): one of each scenario */
GPtrArray *
demo_scenarios_new (void)
{
  GPtrArray *scenarios = g_ptr_array_new_with_free_func (g_object_unref);

#define SCENARIO(id) g_ptr_array_add (scenarios, g_object_new (demo_##id##_get_type (), NULL));
#define MISSING(id, title, package)                                                                \
  static const Missing missing_##id = { #id, title, package };                                     \
  g_ptr_array_add (scenarios, missing_new (&missing_##id));
#include "scenarios.inc"
#undef SCENARIO
#undef MISSING

  return scenarios;
}
