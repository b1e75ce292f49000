/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify-job.h>
#include <asyncify/asyncify-mailbox-private.h>

G_BEGIN_DECLS

/* How many emitted items may wait for the loop before the worker has to. */
#define ASYNCIFY_JOB_MAX_PENDING_ITEMS 512

/* In the caller's context */
GCancellable *asyncify_job_begin        (AsyncifyJob     *self,
                                         AsyncifyMailbox *mailbox,
                                         GCancellable    *parent) G_GNUC_WARN_UNUSED_RESULT;
void          asyncify_job_end          (AsyncifyJob     *self,
                                         const GError    *error);
void          asyncify_job_tell         (AsyncifyJob     *self,
                                         AsyncifyMailbox *mailbox);

/* On a worker */
void          asyncify_job_set_running  (AsyncifyJob     *self);
void          asyncify_job_set_progress (AsyncifyJob     *self,
                                         double           progress);
void          asyncify_job_set_message  (AsyncifyJob     *self,
                                         const char      *message);
void          asyncify_job_emit         (AsyncifyJob     *self,
                                         GObject         *item);

/* On any thread */
void          asyncify_job_release      (AsyncifyJob     *self);

G_END_DECLS
