/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A thread that looks at something now and then, as rarely as will do. */
typedef struct _AsyncifyLookout AsyncifyLookout;

/* On the thread, under the lock. Returns: when to look again, in us of monotonic time, at the
 * latest; G_MAXINT64 if not before it is roused */
typedef gint64 (*AsyncifyLookFunc) (gint64 now);

AsyncifyLookout *asyncify_lookout_new   (GMutex          *lock,
                                         AsyncifyLookFunc look) G_GNUC_WARN_UNUSED_RESULT;
void             asyncify_lookout_free  (AsyncifyLookout *self);
void             asyncify_lookout_rouse (AsyncifyLookout *self,
                                         gint64           due);

G_END_DECLS
