/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What is remembered from one time to the next: the keys of data/io.github.asyncify.Demo.gschema.xml,
 * which nothing else names. */

#define DEMO_SETTINGS_WIDTH     "width"
#define DEMO_SETTINGS_HEIGHT    "height"
#define DEMO_SETTINGS_MAXIMIZED "maximized"
#define DEMO_SETTINGS_SCENARIO  "scenario"
#define DEMO_SETTINGS_STYLE     "style"
#define DEMO_SETTINGS_CONTRAST  "high-contrast"
#define DEMO_SETTINGS_GUIDE     "guide-done"
#define DEMO_SETTINGS_SIDEBAR   "sidebar"
#define DEMO_SETTINGS_JOBS      "jobs"

/* How something is bound to them: what an administrator has locked can still be used. */
#define DEMO_SETTINGS_BIND (G_SETTINGS_BIND_DEFAULT | G_SETTINGS_BIND_NO_SENSITIVITY)

GSettings *demo_settings_new         (void) G_GNUC_WARN_UNUSED_RESULT;
void       demo_settings_bind_window (GSettings *self,
                                      GtkWindow *window);

G_END_DECLS
