/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "bench-way.h"

G_BEGIN_DECLS

#define BENCH_MAX_FIGURES 5

typedef struct {
  guint n_calls;       /* of a burst, and in flight */
  guint n_round_trips;
  guint n_blocked;
} BenchAmounts;

typedef struct {
  const char *title;
  const char *unit;
} BenchFigure;

/* Something that is measured of each way. */
typedef struct {
  const char *id;
  const char *title;
  BenchFigure figures[BENCH_MAX_FIGURES]; /* up to the first without a title */
  /* Returns: whether every call returned exactly once, and what it should. */
  gboolean (*measure) (const BenchWay *way, const BenchAmounts *amounts, double *figures);
} BenchMeasurement;

extern const BenchMeasurement bench_measurements[];
extern const guint bench_n_measurements;

G_END_DECLS
