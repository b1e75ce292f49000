/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify-limiter.h>

G_BEGIN_DECLS

/* A call whose function makes others, as those know it. It may be over before they are. */
typedef struct _AsyncifyMaker AsyncifyMaker;

AsyncifyMaker *asyncify_maker_new        (AsyncifyMaker   *above,
                                          AsyncifyLimiter *limiter) G_GNUC_WARN_UNUSED_RESULT;
AsyncifyMaker *asyncify_maker_ref        (AsyncifyMaker   *self);
void           asyncify_maker_unref      (AsyncifyMaker   *self);

/* Under the limiter's lock */
void           asyncify_maker_count      (AsyncifyMaker   *self,
                                          AsyncifyLimiter *limiter,
                                          int              change);
gboolean       asyncify_maker_has_places (AsyncifyMaker   *self);

G_END_DECLS
