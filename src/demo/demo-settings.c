/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-settings.h"

#include "demo-config.h"

/* Without its schema there are no settings: the app may be run from where it was built. GSettings
 * would end the process.
 *
 * Returns: (transfer full) (nullable) */
GSettings *
demo_settings_new (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, DEMO_APP_ID, TRUE);

  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

/* Gives @window the size it had last, and remembers each that it gets. It must not be shown yet. GTK
 * sees to it that there is room for what is in it, and that it is no larger than the screen. */
void
demo_settings_bind_window (GSettings *self,
                           GtkWindow *window)
{
  g_settings_bind (self, DEMO_SETTINGS_WIDTH, window, "default-width", DEMO_SETTINGS_BIND);
  g_settings_bind (self, DEMO_SETTINGS_HEIGHT, window, "default-height", DEMO_SETTINGS_BIND);
  g_settings_bind (self, DEMO_SETTINGS_MAXIMIZED, window, "maximized", DEMO_SETTINGS_BIND);
}
