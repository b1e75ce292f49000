/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-scenario.h"

G_BEGIN_DECLS

/* What stands in place of a scenario that needs a package which this build is without. */

DemoScenario *demo_missing_new (const char *id,
                                const char *title,
                                const char *package) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
