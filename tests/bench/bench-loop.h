/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How the default main context fares between start and stop. */
typedef struct {
  GSource *heartbeat;
  GSource *frames;

  double held_up_ms;  /* the longest that a source above all others had to wait */
  guint n_frames;     /* how many were due */
  guint n_missed;     /* how many of them were not drawn before the next was due */
} BenchLoop;

void bench_loop_start (BenchLoop *self);
void bench_loop_stop  (BenchLoop *self);

G_END_DECLS
