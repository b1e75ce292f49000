/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify-limiter.h>
#include <asyncify/asyncify-mailbox-private.h>

G_BEGIN_DECLS

/* How many calls run at once by default: what AnyIO, and so Asyncer, allow. */
#define ASYNCIFY_LIMITER_DEFAULT_MAX_RUNNING 40

gboolean asyncify_limiter_submit   (AsyncifyLimiter *self,
                                    AsyncifyCall    *call) G_GNUC_WARN_UNUSED_RESULT;
gboolean asyncify_limiter_withdraw (AsyncifyLimiter *self,
                                    AsyncifyCall    *call) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
