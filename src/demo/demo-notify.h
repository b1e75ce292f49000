/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Tells a person who went to do something else that what she started has ended. */

/* How long it has to have taken, in ms: who waits for less is still looking. */
#define DEMO_NOTIFY_LONG_MS 5000

#define DEMO_TYPE_NOTIFY (demo_notify_get_type ())
G_DECLARE_FINAL_TYPE (DemoNotify, demo_notify, DEMO, NOTIFY, GObject)

DemoNotify *demo_notify_new (GtkApplication *application,
                             GPtrArray      *scenarios);

G_END_DECLS
