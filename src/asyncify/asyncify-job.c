/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-job-private.h>

/**
 * AsyncifyJob:
 *
 * What a person can watch of a call: its state, its progress, and what it found so
 * far. Given to a call with #AsyncifyOptions, it follows that call until it has ended;
 * then it may be given to another, and starts anew.
 *
 * All properties change, and are read, in the context that the call was made in. They
 * change at most once in a frame, however often the function sets them, and have their
 * last values before the call's callback runs.
 *
 * Since: 0.1
 */

/* How often "elapsed" is notified while a call is under way, in ms. */
#define ELAPSED_INTERVAL 250

struct _AsyncifyJob
{
  GObject parent_instance;

  /* Set on construction, then read-only */
  char *title;

  /* The caller's context only */
  AsyncifyJobState state;
  double progress;
  char *message;
  GListStore *items;
  GError *error;
  gint64 began, ended; /* monotonic time in us */
  GSource *ticker;

  /* Any thread */
  AsyncifyNewsBox box;

  GMutex lock; /* no other lock is taken under it */

  /* Under the lock */
  GCancellable *cancellable; /* nullable: of the call that is under way */
};

enum {
  PROP_0,
  PROP_TITLE,
  PROP_STATE,
  PROP_PROGRESS,
  PROP_MESSAGE,
  PROP_ITEMS,
  PROP_ERROR,
  PROP_ELAPSED,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_ENUM_TYPE (AsyncifyJobState, asyncify_job_state,
  G_DEFINE_ENUM_VALUE (ASYNCIFY_JOB_IDLE, "idle"),
  G_DEFINE_ENUM_VALUE (ASYNCIFY_JOB_QUEUED, "queued"),
  G_DEFINE_ENUM_VALUE (ASYNCIFY_JOB_RUNNING, "running"),
  G_DEFINE_ENUM_VALUE (ASYNCIFY_JOB_SUCCEEDED, "succeeded"),
  G_DEFINE_ENUM_VALUE (ASYNCIFY_JOB_FAILED, "failed"),
  G_DEFINE_ENUM_VALUE (ASYNCIFY_JOB_CANCELLED, "cancelled"))

G_DEFINE_FINAL_TYPE (AsyncifyJob, asyncify_job, G_TYPE_OBJECT)

/* Where the worker tells. Any thread. */
AsyncifyNewsBox *
asyncify_job_get_news_box (AsyncifyJob *self)
{
  return &self->box;
}

static void
set_state (AsyncifyJob *self,
           AsyncifyJobState state)
{
  if (self->state == state)
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

static void
set_progress (AsyncifyJob *self,
              double progress)
{
  if (self->progress == progress)
    return;

  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROGRESS]);
}

static void
take_message (AsyncifyJob *self,
              char *message)
{
  g_autofree char *old = g_steal_pointer (&self->message);

  self->message = message;
  if (g_strcmp0 (old, message) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MESSAGE]);
}

static void
take_error (AsyncifyJob *self,
            GError *error)
{
  if (self->error == NULL && error == NULL)
    return;

  g_clear_error (&self->error);
  self->error = error;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ERROR]);
}

/* Takes over what the worker told since the last time, through @mailbox. */
void
asyncify_job_tell (AsyncifyJob *self,
                   AsyncifyMailbox *mailbox)
{
  AsyncifyNews news;

  if (!asyncify_news_box_take (&self->box, mailbox, &news))
    return;

  g_object_freeze_notify (G_OBJECT (self));
  if (news.running)
    set_state (self, ASYNCIFY_JOB_RUNNING);
  if (news.has_progress)
    set_progress (self, news.progress);
  if (news.has_message)
    take_message (self, g_steal_pointer (&news.message));
  g_object_thaw_notify (G_OBJECT (self));

  if (news.items != NULL)
    g_list_store_splice (self->items, g_list_model_get_n_items (G_LIST_MODEL (self->items)), 0,
                         news.items->pdata, news.items->len);
  asyncify_news_clear (&news);
}

static gboolean
tick_cb (gpointer data)
{
  g_object_notify_by_pspec (data, props[PROP_ELAPSED]);

  return G_SOURCE_CONTINUE;
}

static void
start_ticker (AsyncifyJob *self)
{
  self->ticker = g_timeout_source_new (ELAPSED_INTERVAL);
  g_source_set_static_name (self->ticker, "[asyncify] elapsed");
  g_source_set_callback (self->ticker, tick_cb, self, NULL);
  g_source_attach (self->ticker, g_main_context_get_thread_default ());
}

static void
stop_ticker (AsyncifyJob *self)
{
  if (self->ticker == NULL)
    return;

  g_source_destroy (self->ticker);
  g_clear_pointer (&self->ticker, g_source_unref);
}

/* Follows @call from now on, which @cancellable cancels. Returns: whether it does; FALSE, and a
 * critical, if there is another call under way */
gboolean
asyncify_job_begin (AsyncifyJob *self,
                    AsyncifyMailbox *mailbox,
                    AsyncifyCall *call,
                    GCancellable *cancellable)
{
  /* A call whose context has gone never ends; its ticker went with the context. */
  g_return_val_if_fail (self->ticker == NULL || g_source_is_destroyed (self->ticker), FALSE);
  stop_ticker (self);

  asyncify_news_box_begin (&self->box, call, mailbox);
  g_mutex_lock (&self->lock);
  g_set_object (&self->cancellable, cancellable);
  g_mutex_unlock (&self->lock);

  self->began = g_get_monotonic_time ();
  start_ticker (self);

  g_object_freeze_notify (G_OBJECT (self));
  set_progress (self, -1);
  take_message (self, NULL);
  take_error (self, NULL);
  set_state (self, ASYNCIFY_JOB_QUEUED);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ELAPSED]);
  g_object_thaw_notify (G_OBJECT (self));
  g_list_store_remove_all (self->items);

  return TRUE;
}

/* The call has ended, with @error if it failed. */
void
asyncify_job_end (AsyncifyJob *self,
                  const GError *error)
{
  stop_ticker (self);
  self->ended = g_get_monotonic_time ();
  asyncify_job_tell (self, self->box.mailbox);
  asyncify_news_box_end (&self->box);

  g_mutex_lock (&self->lock);
  g_clear_object (&self->cancellable);
  g_mutex_unlock (&self->lock);

  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ELAPSED]);
  if (error == NULL)
    set_state (self, ASYNCIFY_JOB_SUCCEEDED);
  else
    {
      take_error (self, g_error_copy (error));
      set_state (self, g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
                         ? ASYNCIFY_JOB_CANCELLED
                         : ASYNCIFY_JOB_FAILED);
    }
  g_object_thaw_notify (G_OBJECT (self));
}

static void
asyncify_job_finalize (GObject *object)
{
  AsyncifyJob *self = ASYNCIFY_JOB (object);

  stop_ticker (self);
  g_free (self->title);
  g_free (self->message);
  g_clear_error (&self->error);
  g_clear_object (&self->items);
  g_clear_object (&self->cancellable);
  asyncify_news_box_clear (&self->box);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (asyncify_job_parent_class)->finalize (object);
}

static void
asyncify_job_get_property (GObject *object,
                           guint prop_id,
                           GValue *value,
                           GParamSpec *pspec)
{
  AsyncifyJob *self = ASYNCIFY_JOB (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, self->message);
      break;
    case PROP_ITEMS:
      g_value_set_object (value, self->items);
      break;
    case PROP_ERROR:
      g_value_set_boxed (value, self->error);
      break;
    case PROP_ELAPSED:
      g_value_set_double (value, asyncify_job_get_elapsed (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
asyncify_job_set_property (GObject *object,
                           guint prop_id,
                           const GValue *value,
                           GParamSpec *pspec)
{
  AsyncifyJob *self = ASYNCIFY_JOB (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      self->title = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
asyncify_job_class_init (AsyncifyJobClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = asyncify_job_finalize;
  object_class->get_property = asyncify_job_get_property;
  object_class->set_property = asyncify_job_set_property;

  /**
   * AsyncifyJob:title:
   *
   * What the job is called, for a person to read.
   *
   * Since: 0.1
   */
  props[PROP_TITLE]
    = g_param_spec_string ("title", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * AsyncifyJob:state:
   *
   * Where the call stands.
   *
   * Since: 0.1
   */
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, ASYNCIFY_TYPE_JOB_STATE,
                                         ASYNCIFY_JOB_IDLE, readable);

  /**
   * AsyncifyJob:progress:
   *
   * How much is done, 0 to 1; -1 if that is unknown.
   *
   * Since: 0.1
   */
  props[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, -1, 1, -1, readable);

  /**
   * AsyncifyJob:message:
   *
   * What the function does at the moment; %NULL if it didn't say.
   *
   * Since: 0.1
   */
  props[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, readable);

  /**
   * AsyncifyJob:items:
   *
   * The partial results, in the order they were emitted in. The same list for the
   * whole life of the job; emptied when it starts anew.
   *
   * Since: 0.1
   */
  props[PROP_ITEMS] = g_param_spec_object ("items", NULL, NULL, G_TYPE_LIST_MODEL, readable);

  /**
   * AsyncifyJob:error:
   *
   * Why the call failed or was cancelled; %NULL if it did not.
   *
   * Since: 0.1
   */
  props[PROP_ERROR] = g_param_spec_boxed ("error", NULL, NULL, G_TYPE_ERROR, readable);

  /**
   * AsyncifyJob:elapsed:
   *
   * For how long the call has been under way, queueing included, in seconds; when it
   * has ended, how long it took. Notified some times a second.
   *
   * Since: 0.1
   */
  props[PROP_ELAPSED]
    = g_param_spec_double ("elapsed", NULL, NULL, 0, G_MAXDOUBLE, 0, readable);

  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
asyncify_job_init (AsyncifyJob *self)
{
  g_mutex_init (&self->lock);
  asyncify_news_box_init (&self->box);
  self->progress = -1;
  self->items = g_list_store_new (G_TYPE_OBJECT);
}

/**
 * asyncify_job_new:
 * @title: (nullable): what the job is called, for a person to read
 *
 * Makes a job, to be given to a call with #AsyncifyOptions.
 *
 * Returns: (transfer full): the new job
 *
 * Since: 0.1
 */
AsyncifyJob *
asyncify_job_new (const char *title)
{
  return g_object_new (ASYNCIFY_TYPE_JOB, "title", title, NULL);
}

/**
 * asyncify_job_cancel:
 * @self: a job
 *
 * Cancels the call that is under way, as its #GCancellable would; does nothing if there
 * is none. May be called on any thread.
 *
 * Since: 0.1
 */
void
asyncify_job_cancel (AsyncifyJob *self)
{
  g_autoptr (GCancellable) cancellable = NULL;

  g_return_if_fail (ASYNCIFY_IS_JOB (self));

  g_mutex_lock (&self->lock);
  g_set_object (&cancellable, self->cancellable);
  g_mutex_unlock (&self->lock);

  g_cancellable_cancel (cancellable);
}

/**
 * asyncify_job_get_title:
 * @self: a job
 *
 * Gets #AsyncifyJob:title. May be called on any thread.
 *
 * Returns: (transfer none) (nullable): the title
 *
 * Since: 0.1
 */
const char *
asyncify_job_get_title (AsyncifyJob *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_JOB (self), NULL);

  return self->title;
}

/**
 * asyncify_job_get_state:
 * @self: a job
 *
 * Gets #AsyncifyJob:state. Called in the context that the call was made in.
 *
 * Returns: where the call stands
 *
 * Since: 0.1
 */
AsyncifyJobState
asyncify_job_get_state (AsyncifyJob *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_JOB (self), ASYNCIFY_JOB_IDLE);

  return self->state;
}

/**
 * asyncify_job_get_progress:
 * @self: a job
 *
 * Gets #AsyncifyJob:progress. Called in the context that the call was made in.
 *
 * Returns: how much is done, 0 to 1, or -1
 *
 * Since: 0.1
 */
double
asyncify_job_get_progress (AsyncifyJob *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_JOB (self), -1);

  return self->progress;
}

/**
 * asyncify_job_get_message:
 * @self: a job
 *
 * Gets #AsyncifyJob:message. Called in the context that the call was made in.
 *
 * Returns: (transfer none) (nullable): the message
 *
 * Since: 0.1
 */
const char *
asyncify_job_get_message (AsyncifyJob *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_JOB (self), NULL);

  return self->message;
}

/**
 * asyncify_job_get_items:
 * @self: a job
 *
 * Gets #AsyncifyJob:items. Called in the context that the call was made in.
 *
 * Returns: (transfer none): the partial results
 *
 * Since: 0.1
 */
GListModel *
asyncify_job_get_items (AsyncifyJob *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_JOB (self), NULL);

  return G_LIST_MODEL (self->items);
}

/**
 * asyncify_job_get_error:
 * @self: a job
 *
 * Gets #AsyncifyJob:error. Called in the context that the call was made in.
 *
 * Returns: (transfer none) (nullable): why the call failed
 *
 * Since: 0.1
 */
const GError *
asyncify_job_get_error (AsyncifyJob *self)
{
  g_return_val_if_fail (ASYNCIFY_IS_JOB (self), NULL);

  return self->error;
}

/**
 * asyncify_job_get_elapsed:
 * @self: a job
 *
 * Gets #AsyncifyJob:elapsed. Called in the context that the call was made in.
 *
 * Returns: the time in seconds
 *
 * Since: 0.1
 */
double
asyncify_job_get_elapsed (AsyncifyJob *self)
{
  gint64 until;

  g_return_val_if_fail (ASYNCIFY_IS_JOB (self), 0);

  until = self->ticker != NULL ? g_get_monotonic_time () : self->ended;
  return (until - self->began) / (double) G_USEC_PER_SEC;
}
