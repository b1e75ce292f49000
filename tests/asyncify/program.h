/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "model.h"
#include "testutils.h"

G_BEGIN_DECLS

/* A program that nobody thought of. What it does follows from its seed; in what order that is
 * done, from the scheduler too. It does only some of the things that programs can do: those that
 * do everything never do anything for long.
 */
typedef enum {
  PROGRAM_CANCELS     = 1 << 0,
  PROGRAM_DEADLINES   = 1 << 1,
  PROGRAM_ABANDONS    = 1 << 2,
  PROGRAM_INTERRUPTS  = 1 << 3,
  PROGRAM_JOBS        = 1 << 4,
  PROGRAM_RESIZES     = 1 << 5,
  PROGRAM_NESTS       = 1 << 6, /* workers wait for other calls */
  PROGRAM_LEAVES      = 1 << 7, /* contexts go with calls in flight */
  PROGRAM_TURNS       = 1 << 8, /* callbacks turn their loop; not together with the former, since
                                   a GTask that waits for its idle source keeps the context */
  PROGRAM_PRIORITIES  = 1 << 9,
  PROGRAM_GROUPS      = 1 << 10, /* not together with PROGRAM_LEAVES either, since a result that
                                    a callback puts into a slot keeps the context */
  PROGRAM_N_FEATURES  = 11
} ProgramFeatures;

#define PROGRAM_N_SHARED 16
#define PROGRAM_MAX_CALLERS 4
#define PROGRAM_MAX_LANES 4

/* What the main loop was told of a limiter */
typedef struct {
  AsyncifyLimiter *limiter; /* nullable; not owned */
  GThread         *thread;
  guint            numbers[4];
} ProgramTold;

typedef struct {
  Model          *model;
  ProgramFeatures features;
  guint           n_callers;
  guint           n_calls;       /* of each caller, not counting those that calls make */
  guint           max_open;      /* of each caller */
  guint           n_lanes;
  ModelLane      *lanes[PROGRAM_MAX_LANES];
  ModelHome      *main_home;
  TestGate        gate;          /* for MODEL_DO_PASS_GATE */

  /* The main thread's */
  ProgramTold     told[PROGRAM_MAX_LANES];
  guint           watch;
  guint64         last_clock;
  gint64          last_event;    /* monotonic time in us */

  GMutex          lock;          /* none is taken under it but the model's */

  /* Under the lock */
  ModelStopper   *shared[PROGRAM_N_SHARED];
  ModelStopper   *jobs[PROGRAM_MAX_CALLERS]; /* nullable */

  /* Atomic */
  int             n_contexts;    /* that there are */
  int             n_callers_done;
  int             n_groups;      /* that there are */
} Program;

/* Beside the plan of a call: with what, and on whose behalf */
typedef struct {
  ModelHome           *home;
  ModelCall           *parent;    /* nullable */
  GCancellable        *inherited; /* nullable; what cancels the parent */
  ModelStopper        *stopper;   /* nullable; without it and the former, one is chosen */
  AsyncifySoon        *soon;      /* nullable */
  GAsyncReadyCallback  callback;  /* of a pair that a worker waits for; else NULL */
  gpointer             user_data;
} ProgramTrip;

/* program.c and program-queue.c */
guint         program_run            (guint32            seed,
                                      guint              n_calls);
guint         program_run_queue      (guint32            seed,
                                      guint              n_calls);

/* program-frame.c */
void          program_begin          (Program           *self,
                                      guint32            seed);
guint         program_end            (Program           *self);
void          program_add_lane       (Program           *self,
                                      AsyncifyLimiter   *limiter,
                                      guint              max,
                                      gboolean           in_order);
GMainContext *program_push_context   (Program           *self) G_GNUC_WARN_UNUSED_RESULT;
void          program_pop_context    (Program           *self,
                                      GMainContext      *context);

/* program-plan.c */
void          program_draw           (Program           *self,
                                      GRand             *rand,
                                      guint              depth,
                                      ModelPlan         *plan);
ModelLane    *program_choose_lane    (Program           *self,
                                      guint32            seed);
ModelStopper *program_choose_stopper (Program           *self,
                                      guint32            seed);
void          program_stop_one       (Program           *self,
                                      guint32            seed);
void          program_resize_one     (Program           *self,
                                      guint32            seed);

/* program-work.c */
ModelCall    *program_call           (Program           *self,
                                      const ProgramTrip *trip,
                                      const ModelPlan   *plan);
gboolean      program_job_is_free    (ModelStopper      *job);
ModelOutcome  program_finish         (ModelCall         *call,
                                      GAsyncResult      *result,
                                      ModelThing       **thing,
                                      GError           **error);
SYNCIFY_DECLARE (OBJECT (ModelThing), program_ask, begin_pair, finish_pair,
                 SELF (ModelThing, asker))

/* program-group.c */
void          program_call_group     (Program           *self,
                                      const ProgramTrip *trip,
                                      guint32            seed,
                                      guint              depth,
                                      gboolean          *over);

/* program-deeds.c */
ModelThing   *program_work           (ModelCall         *call,
                                      ModelThing        *thing,
                                      const char        *words,
                                      GCancellable      *cancellable,
                                      guint             *number,
                                      GError           **error);

G_END_DECLS
