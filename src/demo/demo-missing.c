/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-missing.h"

#include <glib/gi18n.h>

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
  /* Those that can be missing wait for something that a library of their own reaches. */
  scenario_class->topic = N_ ("Waiting");
  scenario_class->summary = N_ ("Not in this build of the app.");
  scenario_class->missing = g_intern_string (sentence);
  scenario_class->function = "";
}

/* There is a class for each of them, which tells what is missing; classes are never freed. */
static GType
register_type (const char *name,
               const char *id,
               const char *title,
               const char *package)
{
  Missing *missing = g_new0 (Missing, 1);
  const GTypeInfo info = {
    .class_size = sizeof (DemoScenarioClass),
    .class_init = missing_class_init,
    .class_data = missing,
    .instance_size = sizeof (DemoScenario),
  };

  missing->id = g_intern_string (id);
  missing->title = g_intern_string (title);
  missing->package = g_intern_string (package);

  return g_type_register_static (DEMO_TYPE_SCENARIO, name, &info, 0);
}

/* @package is what a person calls the library. */
DemoScenario *
demo_missing_new (const char *id,
                  const char *title,
                  const char *package)
{
  g_autofree char *name = g_strdup_printf ("DemoMissing_%s", id);
  GType type = g_type_from_name (name);

  if (type == 0)
    type = register_type (name, id, title, package);

  return g_object_new (type, NULL);
}
