/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-limiter-private.h>

/**
 * AsyncifyLimiter:
 *
 * Decides which calls run, and how many at once. Those that must wait form a
 * queue, in which a call with a smaller priority number stands before one with a
 * larger, and among equals the one that was made first.
 *
 * A call that was abandoned while it runs (see #AsyncifyCancelPolicy) gives its place
 * back at once. A call that waits for another one, in a function of SYNCIFY_DEFINE(), in
 * asyncify_run_in_main () or in a loop of its own, lends its place meanwhile, and gets it
 * back before others do: so calls that wait for calls need no more places than one. (Only if
 * the place is with a call that it made itself, it goes on beside that one, which may need it to
 * end.) But a function should not hold a lock while it waits, if others of the same limiter
 * need it.
 *
 * The methods may be called on any thread. The properties are notified in the main context
 * (the global default one), where that runs, at most once in a frame each; what they say is
 * right at any time.
 *
 * Since: 0.1
 */

/* How often, in us, the numbers are told: once in a frame is all one can see. */
#define TELL_INTERVAL ASYNCIFY_MAILBOX_NEWS_INTERVAL

#define ALWAYS_CHANGING                                                                            \
  (1 << ASYNCIFY_LIMITER_RUNNING | 1 << ASYNCIFY_LIMITER_QUEUED | 1 << ASYNCIFY_LIMITER_ABANDONED)

enum {
  PROP_0,
  PROP_MAX_RUNNING, /* from here on, in the order of the numbers */
  PROP_RUNNING,
  PROP_QUEUED,
  PROP_ABANDONED,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (AsyncifyLimiter, asyncify_limiter, G_TYPE_OBJECT)

/* Returns: how often they have changed so far */
static guint
get_numbers (AsyncifyLimiter *self,
             guint numbers[ASYNCIFY_LIMITER_N_NUMBERS])
{
  guint n_changes;

  g_mutex_lock (&self->lock);
  numbers[ASYNCIFY_LIMITER_MAX_RUNNING] = self->max_running;
  numbers[ASYNCIFY_LIMITER_RUNNING] = self->n_running;
  numbers[ASYNCIFY_LIMITER_QUEUED] = self->queue.length;
  numbers[ASYNCIFY_LIMITER_ABANDONED] = self->n_abandoned;
  n_changes = self->n_changes;
  g_mutex_unlock (&self->lock);

  return n_changes;
}

static guint
get_number (AsyncifyLimiter *self,
            guint which)
{
  guint numbers[ASYNCIFY_LIMITER_N_NUMBERS];

  get_numbers (self, numbers);

  return numbers[which];
}

/* Notifies of what has changed. In the main context. Who hears of it reads the numbers as they are
 * by then: they may have changed, and change back before they are told the next time. If so, they
 * are told then all the same. */
static void
notify_numbers (AsyncifyLimiter *self)
{
  guint numbers[ASYNCIFY_LIMITER_N_NUMBERS];
  guint n_changes = get_numbers (self, numbers);
  guint tell_again = self->tell_again;
  guint notified = 0;

  self->tell_again = 0;
  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = 0; i < ASYNCIFY_LIMITER_N_NUMBERS; i++)
    {
      if (numbers[i] != self->told[i] || (tell_again & 1 << i) != 0)
        {
          g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MAX_RUNNING + i]);
          notified |= 1 << i;
        }
      self->told[i] = numbers[i];
    }
  g_object_thaw_notify (G_OBJECT (self));

  /* Who hears of one of them may read those that change all the time too. */
  if (notified != 0 && n_changes != get_numbers (self, numbers))
    self->tell_again |= notified | ALWAYS_CHANGING;
}

static gboolean
teller_cb (gpointer data)
{
  g_autoptr (AsyncifyLimiter) self = g_weak_ref_get (data);

  if (self == NULL)
    return G_SOURCE_REMOVE;

  g_source_set_ready_time (g_main_current_source (), -1);
  g_mutex_lock (&self->lock);
  self->told_at = g_get_monotonic_time ();
  self->telling = FALSE;
  g_mutex_unlock (&self->lock);

  notify_numbers (self);

  return G_SOURCE_CONTINUE;
}

static gboolean
teller_dispatch (GSource *source,
                 GSourceFunc callback,
                 gpointer user_data)
{
  return callback (user_data);
}

static void
free_weak_ref (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* Has the changed numbers told in the main context. It doesn't keep the limiter. */
static GSource *
create_teller (AsyncifyLimiter *self)
{
  static GSourceFuncs funcs = { .dispatch = teller_dispatch };
  GSource *source = g_source_new (&funcs, sizeof (GSource));
  GWeakRef *ref = g_new (GWeakRef, 1);

  g_weak_ref_init (ref, self);
  g_source_set_static_name (source, "[asyncify] limiter");
  g_source_set_priority (source, ASYNCIFY_MAILBOX_LATE_PRIORITY);
  g_source_set_callback (source, teller_cb, ref, free_weak_ref);
  g_source_attach (source, NULL);

  return source;
}

/* Called by the one who set "telling", on any thread. */
void
asyncify_limiter_tell (AsyncifyLimiter *self)
{
  gint64 told_at;

  if (self->teller == NULL)
    self->teller = create_teller (self);

  g_mutex_lock (&self->lock);
  told_at = self->told_at;
  g_mutex_unlock (&self->lock);

  g_source_set_ready_time (self->teller, told_at + TELL_INTERVAL);
}

static void
asyncify_limiter_finalize (GObject *object)
{
  AsyncifyLimiter *self = ASYNCIFY_LIMITER (object);

  if (self->teller != NULL)
    g_source_destroy (self->teller);
  g_clear_pointer (&self->teller, g_source_unref);
  asyncify_queue_clear (&self->queue);
  g_cond_clear (&self->changed);
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
    case PROP_RUNNING:
    case PROP_QUEUED:
    case PROP_ABANDONED:
      g_value_set_uint (value, get_number (self, prop_id - PROP_MAX_RUNNING));
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
      asyncify_limiter_set_max_running (self, g_value_get_uint (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
asyncify_limiter_class_init (AsyncifyLimiterClass *klass)
{
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = asyncify_limiter_finalize;
  object_class->get_property = asyncify_limiter_get_property;
  object_class->set_property = asyncify_limiter_set_property;

  /**
   * AsyncifyLimiter:max-running:
   *
   * How many calls run at once, at most. If it is lowered while more of them run, these run on,
   * and no other starts until there are fewer. So it is if a call that waited goes on beside
   * another one that it made.
   *
   * Since: 0.1
   */
  props[PROP_MAX_RUNNING]
    = g_param_spec_uint ("max-running", NULL, NULL, 1, G_MAXUINT,
                         ASYNCIFY_LIMITER_DEFAULT_MAX_RUNNING, readable | G_PARAM_WRITABLE);

  /**
   * AsyncifyLimiter:running:
   *
   * How many calls run at the moment: neither those that are abandoned, nor those that wait for
   * another call and have lent their place.
   *
   * Since: 0.1
   */
  props[PROP_RUNNING] = g_param_spec_uint ("running", NULL, NULL, 0, G_MAXUINT, 0, readable);

  /**
   * AsyncifyLimiter:queued:
   *
   * How many calls wait for their turn.
   *
   * Since: 0.1
   */
  props[PROP_QUEUED] = g_param_spec_uint ("queued", NULL, NULL, 0, G_MAXUINT, 0, readable);

  /**
   * AsyncifyLimiter:abandoned:
   *
   * How many calls were abandoned, and their functions have not returned yet. Each of them still
   * has a thread.
   *
   * Since: 0.1
   */
  props[PROP_ABANDONED] = g_param_spec_uint ("abandoned", NULL, NULL, 0, G_MAXUINT, 0, readable);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
asyncify_limiter_init (AsyncifyLimiter *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->called);
  g_cond_init (&self->changed);
  asyncify_queue_init (&self->queue);
  asyncify_workers_init (self);
  self->max_running = ASYNCIFY_LIMITER_DEFAULT_MAX_RUNNING;
  get_numbers (self, self->told);
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
  AsyncifyLimiter *self;

  g_return_val_if_fail (max_running >= 1, NULL);

  self = g_object_new (ASYNCIFY_TYPE_LIMITER, NULL);
  self->max_running = max_running;
  get_numbers (self, self->told);

  return self;
}

/**
 * asyncify_limiter_get_default:
 *
 * Gets the limiter of all calls that name no other. It runs 40 calls at once, as
 * [AnyIO](https://anyio.readthedocs.io/en/stable/threads.html) does. May be called on any thread.
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
    g_once_init_leave (&limiter, asyncify_limiter_new (ASYNCIFY_LIMITER_DEFAULT_MAX_RUNNING));

  return limiter;
}

/**
 * asyncify_limiter_get_cpu:
 *
 * Gets the limiter for calls that compute rather than wait. All of the process share it. It runs
 * one call fewer at once than there are processors, and at least one, so that the main loop has a
 * processor of its own. May be called on any thread.
 *
 * Returns: (transfer none): the limiter for computations
 *
 * Since: 0.1
 */
AsyncifyLimiter *
asyncify_limiter_get_cpu (void)
{
  static AsyncifyLimiter *limiter;

  if (g_once_init_enter (&limiter))
    g_once_init_leave (&limiter, asyncify_limiter_new (MAX (g_get_num_processors (), 2) - 1));

  return limiter;
}

/**
 * asyncify_limiter_get_max_running: (get-property max-running)
 * @self: a limiter
 *
 * Gets #AsyncifyLimiter:max-running. May be called on any thread.
 *
 * Returns: the most calls that run at once
 *
 * Since: 0.1
 */
guint
asyncify_limiter_get_max_running (AsyncifyLimiter *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_LIMITER (self), 0);

  return get_number (self, ASYNCIFY_LIMITER_MAX_RUNNING);
}

/**
 * asyncify_limiter_set_max_running: (set-property max-running)
 * @self: a limiter
 * @max_running: how many calls may run at once; at least 1
 *
 * Sets #AsyncifyLimiter:max-running, also while calls run. May be called on any thread; in the
 * main context, or when nobody runs that, the change is notified at once. What a function on a
 * worker sets is always notified later, where the main context is run.
 *
 * Since: 0.1
 */
void
asyncify_limiter_set_max_running (AsyncifyLimiter *self,
                                  guint max_running)
{
  g_return_if_fail (ASYNCIFY_IS_LIMITER (self));
  g_return_if_fail (max_running >= 1);

  asyncify_workers_set_max_running (self, max_running);

  /* Elsewhere the teller does it. A worker is elsewhere even if nobody runs it at the moment. */
  if (asyncify_call_get_current () == NULL && g_main_context_acquire (NULL))
    {
      notify_numbers (self);
      g_main_context_release (NULL);
    }
}

/**
 * asyncify_limiter_get_running: (get-property running)
 * @self: a limiter
 *
 * Gets #AsyncifyLimiter:running. May be called on any thread.
 *
 * Returns: how many calls run
 *
 * Since: 0.1
 */
guint
asyncify_limiter_get_running (AsyncifyLimiter *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_LIMITER (self), 0);

  return get_number (self, ASYNCIFY_LIMITER_RUNNING);
}

/**
 * asyncify_limiter_get_queued: (get-property queued)
 * @self: a limiter
 *
 * Gets #AsyncifyLimiter:queued. May be called on any thread.
 *
 * Returns: how many calls wait for their turn
 *
 * Since: 0.1
 */
guint
asyncify_limiter_get_queued (AsyncifyLimiter *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_LIMITER (self), 0);

  return get_number (self, ASYNCIFY_LIMITER_QUEUED);
}

/**
 * asyncify_limiter_get_abandoned: (get-property abandoned)
 * @self: a limiter
 *
 * Gets #AsyncifyLimiter:abandoned. May be called on any thread.
 *
 * Returns: how many abandoned calls still run
 *
 * Since: 0.1
 */
guint
asyncify_limiter_get_abandoned (AsyncifyLimiter *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_LIMITER (self), 0);

  return get_number (self, ASYNCIFY_LIMITER_ABANDONED);
}
