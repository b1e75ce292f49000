/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *demo_culprit_find (const char *const *functions,
                         const char        *announced) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
