/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

/* The one header to include: blocking functions, run on worker threads, with
 * their results brought home to the main loop.
 */

#define ASYNCIFY_INSIDE

#include <asyncify/asyncify-version.h>
#include <asyncify/asyncify-limiter.h>
#include <asyncify/asyncify-job.h>
#include <asyncify/asyncify-call.h>
#include <asyncify/asyncify-define.h>
#include <asyncify/asyncify-group.h>
#include <asyncify/asyncify-syncify.h>
#include <asyncify/asyncify-worker.h>
#include <asyncify/asyncify-watchdog.h>

#undef ASYNCIFY_INSIDE
