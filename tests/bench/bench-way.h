/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What some calls block at until it is opened. */
typedef struct {
  GMutex lock;
  GCond changed;

  /* Under the lock */
  gboolean is_open;
  guint n_waiting;

  /* Set before the first call, then read-only */
  guint limit_ms; /* nobody waits longer than this; 0: without limit */
} BenchGate;

void bench_gate_init  (BenchGate *gate,
                       guint      limit_ms);
void bench_gate_await (BenchGate *gate,
                       guint      n_waiting);
void bench_gate_open  (BenchGate *gate);
void bench_gate_clear (BenchGate *gate);

typedef struct _BenchRun BenchRun;

/* What is written down of one call. */
typedef struct {
  BenchRun *run;
  int expected;     /* what the call has to return */
  guint n_returned; /* how often its callback ran */
} BenchSlot;

/* Some calls, and a loop that runs until the last of them has called back. */
struct _BenchRun
{
  GMainLoop *loop;
  BenchSlot *slots;
  guint n_slots;
  guint n_left;
  guint n_wrong;                   /* answers that were not what was expected */
  void (*returned) (BenchRun *run); /* nullable; called after each callback */
};

void     bench_run_init   (BenchRun     *run,
                           guint         n_calls);
void     bench_run_wait   (BenchRun     *run);
void     bench_run_answer (BenchSlot    *slot,
                           int           value,
                           const GError *error);
gboolean bench_run_clear  (BenchRun     *run) G_GNUC_WARN_UNUSED_RESULT;

/* A way to call a blocking function asynchronously. */
typedef struct {
  const char *name;
  void (*pass) (BenchSlot *slot,
                int        number);
  void (*text) (BenchSlot *slot,
                const char *text);
  void (*wait) (BenchSlot *slot,
                BenchGate *gate);
} BenchWay;

enum {
  BENCH_ASYNCIFY,
  BENCH_GTASK,
  BENCH_N_WAYS
};

extern const BenchWay bench_ways[BENCH_N_WAYS];

G_END_DECLS
