/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined(ASYNCIFY_INSIDE) && !defined(ASYNCIFY_COMPILATION)
#error "Only <asyncify/asyncify.h> can be included directly."
#endif

#include <gio/gio.h>

#include <asyncify/asyncify-version.h>

G_BEGIN_DECLS

/**
 * AsyncifyJobState:
 * @ASYNCIFY_JOB_IDLE: no call was given this job yet
 * @ASYNCIFY_JOB_QUEUED: the call waits for its turn
 * @ASYNCIFY_JOB_RUNNING: the function runs
 * @ASYNCIFY_JOB_SUCCEEDED: the function returned without an error
 * @ASYNCIFY_JOB_FAILED: it returned an error, or its time was over
 * @ASYNCIFY_JOB_CANCELLED: the call was cancelled, and ended because of that
 *
 * Where a call stands.
 *
 * Since: 0.1
 */
typedef enum {
  ASYNCIFY_JOB_IDLE,
  ASYNCIFY_JOB_QUEUED,
  ASYNCIFY_JOB_RUNNING,
  ASYNCIFY_JOB_SUCCEEDED,
  ASYNCIFY_JOB_FAILED,
  ASYNCIFY_JOB_CANCELLED
} AsyncifyJobState;

#define ASYNCIFY_TYPE_JOB_STATE (asyncify_job_state_get_type ())
#define ASYNCIFY_TYPE_JOB       (asyncify_job_get_type ())

ASYNCIFY_PUBLIC
GType             asyncify_job_state_get_type (void);

ASYNCIFY_PUBLIC
G_DECLARE_FINAL_TYPE (AsyncifyJob, asyncify_job, ASYNCIFY, JOB, GObject)

ASYNCIFY_PUBLIC
AsyncifyJob      *asyncify_job_new          (const char  *title) G_GNUC_WARN_UNUSED_RESULT;
ASYNCIFY_PUBLIC
void              asyncify_job_cancel       (AsyncifyJob *self);
ASYNCIFY_PUBLIC
const char       *asyncify_job_get_title    (AsyncifyJob *self);
ASYNCIFY_PUBLIC
AsyncifyJobState  asyncify_job_get_state    (AsyncifyJob *self);
ASYNCIFY_PUBLIC
double            asyncify_job_get_progress (AsyncifyJob *self);
ASYNCIFY_PUBLIC
const char       *asyncify_job_get_message  (AsyncifyJob *self);
ASYNCIFY_PUBLIC
GListModel       *asyncify_job_get_items    (AsyncifyJob *self);
ASYNCIFY_PUBLIC
const GError     *asyncify_job_get_error    (AsyncifyJob *self);
ASYNCIFY_PUBLIC
double            asyncify_job_get_elapsed  (AsyncifyJob *self);

G_END_DECLS
