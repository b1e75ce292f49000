/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether a thread computes, or would if it had a processor: then another one beside it is of no
 * help. This is the platform's own part of the workers. Where the system doesn't tell, no thread
 * is known to be awake.
 */

/* The calling thread, for asyncify_awake_get (); 0 if the system doesn't tell */
int      asyncify_awake_get_self (void);

/* Any thread */
gboolean asyncify_awake_get      (int thread);

G_END_DECLS
