/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <asyncify/asyncify.h>

G_BEGIN_DECLS

/* A simple model of the library, which many threads tell what they see it do. It knows what may
 * follow, and ends the program at the first thing that may not, with the events that led there.
 *
 * What is told is told from inside functions and callbacks, and so a little after (or, when one
 * returns, before) it is so for the library. The checks allow for that, and for nothing else.
 */

#define MODEL_N_PRIORITIES 5

typedef struct _Model     Model;
typedef struct _ModelCall ModelCall;

/* What a call's function does. */
typedef enum {
  MODEL_DO_NOTHING,
  MODEL_DO_SPIN,       /* for a while, and looks whether it is cancelled */
  MODEL_DO_SLEEP,
  MODEL_DO_AWAIT_STOP, /* until it is told to stop, or has waited for long */
  MODEL_DO_MEET,       /* another one of the lane, if one comes soon */
  MODEL_DO_TELL,       /* its job */
  MODEL_DO_STOP,       /* another call, or itself */
  MODEL_DO_FAIL,
  MODEL_DO_VISIT,      /* asyncify_run_in_main () */
  MODEL_DO_SYNC,       /* waits for a pair, which is another call */
  MODEL_DO_LOOP,       /* makes calls in a context of its own, and awaits them */
  MODEL_DO_LEAVE,      /* likewise, but leaves them in flight */
  MODEL_DO_CALL_MAIN,  /* makes a call that goes home to the main context */
  MODEL_DO_GROUP,      /* as MODEL_DO_LOOP, with a group of calls */
  MODEL_DO_PASS_GATE,
  MODEL_N_DEEDS
} ModelDeed;

/* What its callback does, beside finishing. */
typedef enum {
  MODEL_THEN_NOTHING,
  MODEL_THEN_DROP,     /* doesn't even finish */
  MODEL_THEN_STOP,     /* another call */
  MODEL_THEN_CALL,     /* makes another call */
  MODEL_THEN_ITERATE,  /* the loop, from inside */
  MODEL_THEN_PENDING,  /* only asks the loop */
  MODEL_THEN_BURN,     /* takes longer than a slice */
  MODEL_N_THENS
} ModelThen;

typedef enum {
  MODEL_OPEN,
  MODEL_VALUE,
  MODEL_FAILED,    /* the error of MODEL_DO_FAIL */
  MODEL_CANCELLED,
  MODEL_TIMED_OUT,
  MODEL_STRANGE,   /* any other error */
  MODEL_UNKNOWN,   /* nobody asked */
  MODEL_N_OUTCOMES
} ModelOutcome;

/* All that is decided about a call before it is made. */
typedef struct {
  ModelDeed            deed;
  ModelThen            then;
  guint                depth;       /* how many workers wait above it */
  int                  priority;    /* -2 to 2 */
  AsyncifyCancelPolicy policy;
  guint                timeout_ms;
  gboolean             interrupt;   /* it has a hook */
  gboolean             obeys;       /* gives up when it is cancelled */
  guint                effort;      /* 0 to 255 */
  guint32              seed;        /* of what it does further */
} ModelPlan;

typedef struct _ModelStopper ModelStopper;

/* What stops calls: a GCancellable or a job. */
struct _ModelStopper
{
  guint         number;
  GCancellable *cancellable; /* nullable, owned */
  AsyncifyJob  *job;         /* nullable, owned */

  /* What cancels it beside model_stop (), if it is a group's */
  gboolean      is_group;
  ModelStopper *above;       /* nullable */
  ModelCall    *owner;       /* nullable: what cancels that */

  /* Under the model's lock; stamps are 0 for never */
  guint         n_stopping;  /* threads that do it right now */
  guint64       begun;
  guint64       done;

  /* On the thread of a job's home */
  ModelCall    *call;        /* nullable: the one that it was given to last */
  AsyncifyJobState state;    /* what it said when that called back; IDLE if nobody asked */
};

/* A context that calls are made in. */
typedef struct {
  Model        *model;
  guint         number;
  GThread      *thread;
  GMainContext *context;     /* not owned; NULL for the global default one */
  ModelStopper *job;         /* nullable */

  /* Under the model's lock */
  gboolean      gone;        /* the context is, or is about to be */
  gint64        gone_at;     /* monotonic time in us */
  guint         n_open;      /* calls that have not called back */
  int           n_things;
} ModelHome;

/* A limiter. */
typedef struct {
  Model           *model;
  guint            number;
  AsyncifyLimiter *limiter;  /* nullable for the default one; owned */
  gboolean         is_fixed; /* its size stays as it is */
  gboolean         in_order; /* calls are submitted one at a time */
  GMutex           setting;  /* one thread sets the size at a time */
  GMutex           submitting;

  /* Under the model's lock */
  guint            max;      /* what it was set to, or is being set to if that is more */
  guint            bound;    /* how many may run: more, for a while, after it was lowered */
  GQueue           inside;   /* those whose functions run, and don't wait */
  GQueue           waiting[MODEL_N_PRIORITIES]; /* not started, in the order of submission */
  GArray          *started;  /* guint: the numbers of all that started, in order */
  GArray          *expected; /* nullable; likewise, as it should be */
  guint            n_met;    /* how often somebody came to meet another */
} ModelLane;

struct _ModelCall
{
  /* Set before it is submitted, then read-only */
  Model        *model;
  gpointer      program;     /* whose it is */
  guint         number;
  ModelHome    *home;
  ModelLane    *lane;
  ModelCall    *maker;       /* nullable: the one that runs on the thread where it is made */
  ModelCall    *parent;      /* nullable: the one that it is made for */
  gboolean      inherits;    /* what cancels the parent cancels it too */
  ModelStopper *stopper;     /* nullable: its GCancellable */
  ModelStopper *job;         /* nullable */
  gboolean      is_pair;     /* a worker waits for it */
  AsyncifySoon *soon;        /* nullable, not owned: its slot in a group */
  ModelPlan     plan;

  /* Under the model's lock; stamps are 0 for never */
  guint64       submitted, started, returned, called_back;
  gint64        deadline;    /* monotonic time in us, not later than the real one */
  gboolean      too_late;    /* its GCancellable was cancelled before it was submitted */
  guint         n_interrupts;
  guint         n_waits;     /* it waits for another call (and has lent its place) if not 0 */
  ModelOutcome  result;      /* of its function */
  ModelOutcome  outcome;     /* of the call */
  GList         link;        /* in one of the lane's queues */
  gboolean      is_waiting, is_inside;
  guint64       marked;      /* when one that it made, or that those made, was seen inside */

  /* Atomic */
  gboolean      told;        /* by its interrupt hook */

  /* The function's, and when it has returned the callback's */
  guint         n_emitted;
};

/* model.c */
Model        *model_new             (guint32           seed) G_GNUC_WARN_UNUSED_RESULT;
void          model_end             (Model            *self);
guint32       model_get_seed        (Model            *self);
guint         model_count_calls     (Model            *self);
guint64       model_get_clock       (Model            *self);
int           model_count_things    (Model            *self);
ModelLane    *model_add_lane        (Model            *self,
                                     AsyncifyLimiter  *limiter,
                                     guint             max,
                                     gboolean          in_order);
ModelHome    *model_add_home        (Model            *self,
                                     GMainContext     *context);
ModelStopper *model_add_cancellable (Model            *self);
ModelStopper *model_add_job         (Model            *self);
ModelStopper *model_add_group       (Model            *self,
                                     AsyncifyGroup    *group,
                                     ModelStopper     *above,
                                     ModelCall        *owner);
ModelCall    *model_add_call        (ModelHome        *home,
                                     ModelLane        *lane,
                                     ModelCall        *parent,
                                     const ModelPlan  *plan);
gboolean      model_home_is_open    (ModelHome        *home);
guint         model_home_count_open (ModelHome        *home);
gboolean      model_home_is_gone    (ModelHome        *home);
gint64        model_home_get_gone_at (ModelHome       *home);
gboolean      model_home_awaits_stop (ModelHome       *home);
void          model_home_leave      (ModelHome        *home);
void          model_lane_set_max    (ModelLane        *lane,
                                     guint             max);
gboolean      model_lane_meet       (ModelLane        *lane);
void          model_stop            (Model            *self,
                                     ModelStopper     *stopper);
void          model_begin_stop      (Model            *self,
                                     ModelStopper     *stopper);
gboolean      model_is_stopping     (void);
gboolean      model_set_stopping    (gboolean          is_stopping);

/* model-thing.c: arguments, results and source objects. Those of a home must go on its thread. */
#define MODEL_TYPE_THING (model_thing_get_type ())
G_DECLARE_FINAL_TYPE (ModelThing, model_thing, MODEL, THING, GObject)

ModelThing   *model_thing_new       (Model            *model,
                                     ModelHome        *home,
                                     guint             number) G_GNUC_WARN_UNUSED_RESULT;
ModelCall    *model_thing_get_call  (ModelThing       *self);

/* model-log.c */
typedef struct _ModelLog ModelLog;

ModelLog     *model_log_new         (void) G_GNUC_WARN_UNUSED_RESULT;
void          model_log_free        (ModelLog         *log);
void          model_log             (Model            *model,
                                     const char       *event,
                                     const ModelCall  *call,
                                     guint             number);
void          model_dump            (Model            *model);
void          model_fail            (Model            *model,
                                     const ModelCall  *call,
                                     const char       *format,
                                     ...) G_GNUC_PRINTF (3, 4) G_GNUC_NORETURN;

/* model-check.c: what is told */
void          model_call_submits    (ModelCall        *call,
                                     GCancellable     *cancellable);
void          model_call_starts     (ModelCall        *call);
void          model_call_waits      (ModelCall        *call);
void          model_call_goes_on    (ModelCall        *call);
void          model_call_returns    (ModelCall        *call,
                                     ModelOutcome      result);
void          model_call_interrupts (ModelCall        *call);
void          model_call_was_interrupted (ModelCall   *call);
void          model_call_calls_back (ModelCall        *call);
void          model_call_ends       (ModelCall        *call,
                                     ModelOutcome      outcome);
gboolean      model_call_is_stopped (ModelCall        *call);
void          model_check_group     (ModelStopper     *group,
                                     ModelCall *const  calls[],
                                     guint             n_calls);
void          model_check_queued    (ModelLane        *lane);
void          model_check_started   (ModelLane        *lane);
void          model_check_end       (Model            *self);

G_END_DECLS
