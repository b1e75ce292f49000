/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-limiter-private.h>

#include <asyncify/asyncify-call-private.h>
#include <asyncify/asyncify-threads-private.h>

/**
 * AsyncifyLimiter:
 *
 * Decides which calls run, and how many at once. Those that must wait form a
 * queue, in which a call with a smaller priority number stands before one with a
 * larger, and among equals the one that was made first.
 *
 * The methods may be called on any thread.
 *
 * Since: 0.1
 */

/* How long, in us, a worker that ran out of calls waits for another one. */
#define IDLE_TIME (10 * G_TIME_SPAN_MILLISECOND)

/* So long, in us, it does so awake: as long as to fall asleep and to be woken takes. */
#define AWAKE_TIME 20

/* How long a worker stands by before it looks again, in us. */
#define STAND_BY 1000

/* The queued calls of one priority. */
typedef struct {
  int priority;
  GQueue calls;
} Bucket;

struct _AsyncifyLimiter
{
  GObject parent_instance;

  GMutex lock; /* no other lock is taken under it */
  GCond called; /* the idle worker is no longer idle */

  /* Under the lock */
  guint max_running;
  guint n_workers;   /* threads that were asked for and have not ended */
  guint n_working;   /* those of them that have come to work */
  guint n_prompt;    /* how many go to work as soon as they come */
  guint n_taken;     /* calls so far; wraps around */
  gboolean starting; /* a thread that was asked for has not come yet, or stands by */
  gboolean idle;     /* a worker waits for a call; never while one is starting */
  GTree *buckets;    /* none of them empty, by priority */
  Bucket *last;      /* nullable; where the last call was put */
};

enum {
  PROP_0,
  PROP_MAX_RUNNING,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (AsyncifyLimiter, asyncify_limiter, G_TYPE_OBJECT)

static int
compare_priorities (gconstpointer a,
                    gconstpointer b,
                    gpointer user_data)
{
  int left = *(const int *) a;
  int right = *(const int *) b;

  return (left > right) - (left < right);
}

static guint
get_default_prompt (void)
{
  return MAX (g_get_num_processors (), 2) - 1;
}

/* All that follows, up to the worker itself: under the lock. */

static void
enqueue (AsyncifyLimiter *self,
         AsyncifyCall *call)
{
  if (self->last == NULL || self->last->priority != call->priority)
    self->last = g_tree_lookup (self->buckets, &call->priority);
  if (self->last == NULL)
    {
      self->last = g_new0 (Bucket, 1);
      self->last->priority = call->priority;
      g_tree_insert (self->buckets, &self->last->priority, self->last);
    }

  call->state = ASYNCIFY_CALL_QUEUED;
  call->queue_link.data = call;
  g_queue_push_tail_link (&self->last->calls, &call->queue_link);
}

static void
dequeue (AsyncifyLimiter *self,
         Bucket *bucket,
         AsyncifyCall *call)
{
  g_queue_unlink (&bucket->calls, &call->queue_link);
  if (!g_queue_is_empty (&bucket->calls))
    return;

  if (self->last == bucket)
    self->last = NULL;
  g_tree_remove (self->buckets, &bucket->priority);
}

static AsyncifyCall *
take_first (AsyncifyLimiter *self)
{
  GTreeNode *node = g_tree_node_first (self->buckets);
  AsyncifyCall *call;
  Bucket *bucket;

  if (node == NULL)
    return NULL;

  bucket = g_tree_node_value (node);
  call = g_queue_peek_head (&bucket->calls);
  dequeue (self, bucket, call);
  call->state = ASYNCIFY_CALL_TAKEN;
  self->n_taken++;

  return call;
}

/* One worker at a time is on its way, and asks for the next one itself when it
 * has come: so a burst of calls costs the caller the start of one. */
static gboolean
want_worker (AsyncifyLimiter *self)
{
  if (self->starting || self->n_workers >= self->max_running || g_tree_nnodes (self->buckets) == 0)
    return FALSE;

  self->starting = TRUE;
  self->n_workers++;
  return TRUE;
}

/* One worker for each processor but the main loop's goes to work at once. A further one
 * helps only if these are stuck: calls that are over in no time are run faster by few
 * threads, and many would take the processors from the main loop. So it stands by, and
 * counts what the others get done. If they are stuck, their number may double. */
static void
stand_by (AsyncifyLimiter *self)
{
  while (self->n_working >= self->n_prompt && g_tree_nnodes (self->buckets) > 0)
    {
      guint n_taken = self->n_taken;

      g_mutex_unlock (&self->lock);
      g_usleep (STAND_BY);
      g_mutex_lock (&self->lock);

      if (self->n_taken - n_taken < self->n_working)
        self->n_prompt *= 2;
    }
}

/* The idle worker is as good as one on its way, and sooner there. */
static gboolean
rouse_worker (AsyncifyLimiter *self)
{
  if (!self->idle)
    return FALSE;

  self->idle = FALSE;
  self->starting = TRUE;
  return TRUE;
}

/* Waits a while for a call. Returns: whether one came, though another worker may have taken it. */
static gboolean
await_call (AsyncifyLimiter *self)
{
  gint64 began = g_get_monotonic_time ();

  self->idle = TRUE;
  if (self->n_workers == 1)
    self->n_prompt = get_default_prompt ();
  while (self->idle && g_get_monotonic_time () < began + AWAKE_TIME)
    {
      g_mutex_unlock (&self->lock);
      g_thread_yield ();
      g_mutex_lock (&self->lock);
    }
  while (self->idle && g_cond_wait_until (&self->called, &self->lock, began + IDLE_TIME))
    ;

  if (self->idle)
    {
      self->idle = FALSE;
      return FALSE;
    }

  self->starting = FALSE;
  return TRUE;
}

/* One worker at a time stays for a while when there are no calls: who makes one after the
 * other would have to start a thread for each. */
static AsyncifyCall *
take_next (AsyncifyLimiter *self)
{
  AsyncifyCall *call = take_first (self);

  while (call == NULL && !self->idle && !self->starting && await_call (self))
    call = take_first (self);

  return call;
}

/* A worker: runs calls until none is left. */
static void
work_cb (gpointer data)
{
  g_autoptr (AsyncifyLimiter) self = data;
  AsyncifyCall *call;

  g_mutex_lock (&self->lock);
  stand_by (self);
  self->starting = FALSE;
  self->n_working++;
  while ((call = take_next (self)) != NULL)
    {
      gboolean start = want_worker (self);

      g_mutex_unlock (&self->lock);
      if (start)
        asyncify_threads_run (work_cb, g_object_ref (self));
      asyncify_call_run (call);
      g_mutex_lock (&self->lock);
    }
  self->n_working--;
  self->n_workers--;
  if (self->n_workers == 0)
    self->n_prompt = get_default_prompt ();
  g_mutex_unlock (&self->lock);
}

/* Takes @call over, unless it was withdrawn before: then it returns FALSE. */
gboolean
asyncify_limiter_submit (AsyncifyLimiter *self,
                         AsyncifyCall *call)
{
  gboolean accepted, rouse = FALSE, start = FALSE;

  g_mutex_lock (&self->lock);
  accepted = call->state == ASYNCIFY_CALL_NEW;
  if (accepted)
    {
      enqueue (self, call);
      rouse = rouse_worker (self);
      start = want_worker (self);
    }
  g_mutex_unlock (&self->lock);

  if (rouse)
    g_cond_signal (&self->called);
  if (start)
    asyncify_threads_run (work_cb, g_object_ref (self));

  return accepted;
}

/* Sees to it that @call never runs, unless it already does. Returns: whether it
 * was in the queue and is the caller's now. */
gboolean
asyncify_limiter_withdraw (AsyncifyLimiter *self,
                           AsyncifyCall *call)
{
  gboolean was_queued;

  g_mutex_lock (&self->lock);
  was_queued = call->state == ASYNCIFY_CALL_QUEUED;
  if (was_queued)
    dequeue (self, g_tree_lookup (self->buckets, &call->priority), call);
  if (was_queued || call->state == ASYNCIFY_CALL_NEW)
    call->state = ASYNCIFY_CALL_WITHDRAWN;
  g_mutex_unlock (&self->lock);

  return was_queued;
}

static void
asyncify_limiter_finalize (GObject *object)
{
  AsyncifyLimiter *self = ASYNCIFY_LIMITER (object);

  g_tree_unref (self->buckets);
  g_cond_clear (&self->called);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (asyncify_limiter_parent_class)->finalize (object);
}

static void
asyncify_limiter_get_property (GObject *object,
                               guint prop_id,
                               GValue *value,
                               GParamSpec *pspec)
{
  AsyncifyLimiter *self = ASYNCIFY_LIMITER (object);

  switch (prop_id)
    {
    case PROP_MAX_RUNNING:
      g_value_set_uint (value, asyncify_limiter_get_max_running (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
asyncify_limiter_set_property (GObject *object,
                               guint prop_id,
                               const GValue *value,
                               GParamSpec *pspec)
{
  AsyncifyLimiter *self = ASYNCIFY_LIMITER (object);

  switch (prop_id)
    {
    case PROP_MAX_RUNNING:
      self->max_running = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
asyncify_limiter_class_init (AsyncifyLimiterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = asyncify_limiter_finalize;
  object_class->get_property = asyncify_limiter_get_property;
  object_class->set_property = asyncify_limiter_set_property;

  /**
   * AsyncifyLimiter:max-running:
   *
   * How many calls run at once, at most.
   *
   * Since: 0.1
   */
  props[PROP_MAX_RUNNING]
    = g_param_spec_uint ("max-running", NULL, NULL, 1, G_MAXUINT,
                         ASYNCIFY_LIMITER_DEFAULT_MAX_RUNNING,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
asyncify_limiter_init (AsyncifyLimiter *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->called);
  self->n_prompt = get_default_prompt ();
  self->buckets = g_tree_new_full (compare_priorities, NULL, NULL, g_free);
}

/**
 * asyncify_limiter_new:
 * @max_running: how many calls may run at once; at least 1
 *
 * Makes a limiter with a queue of its own.
 *
 * It lives until the last of its calls has ended, also when it was released
 * before. May be called on any thread.
 *
 * Returns: (transfer full): the new limiter
 *
 * Since: 0.1
 */
AsyncifyLimiter *
asyncify_limiter_new (guint max_running)
{
  g_return_val_if_fail (max_running >= 1, NULL);

  return g_object_new (ASYNCIFY_TYPE_LIMITER, "max-running", max_running, NULL);
}

/**
 * asyncify_limiter_get_default:
 *
 * Gets the limiter of all calls that name no other. It runs 40 calls at once.
 * May be called on any thread.
 *
 * Returns: (transfer none): the default limiter
 *
 * Since: 0.1
 */
AsyncifyLimiter *
asyncify_limiter_get_default (void)
{
  static AsyncifyLimiter *limiter;

  if (g_once_init_enter (&limiter))
    g_once_init_leave (&limiter,
                       asyncify_limiter_new (ASYNCIFY_LIMITER_DEFAULT_MAX_RUNNING));

  return limiter;
}

/**
 * asyncify_limiter_get_max_running:
 * @self: a limiter
 *
 * Gets how many calls may run at once. May be called on any thread.
 *
 * Returns: the most calls that run at once
 *
 * Since: 0.1
 */
guint
asyncify_limiter_get_max_running (AsyncifyLimiter *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_LIMITER (self), 0);

  return self->max_running;
}
