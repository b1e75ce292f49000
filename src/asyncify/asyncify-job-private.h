/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify-job.h>
#include <asyncify/asyncify-news-private.h>

G_BEGIN_DECLS

/* In the caller's context */
gboolean         asyncify_job_begin        (AsyncifyJob     *self,
                                            AsyncifyMailbox *mailbox,
                                            AsyncifyCall    *call,
                                            GCancellable    *cancellable) G_GNUC_WARN_UNUSED_RESULT;
void             asyncify_job_end          (AsyncifyJob     *self,
                                            const GError    *error);
void             asyncify_job_tell         (AsyncifyJob     *self,
                                            AsyncifyMailbox *mailbox);

/* On any thread */
AsyncifyNewsBox *asyncify_job_get_news_box (AsyncifyJob     *self);

G_END_DECLS
