/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-limiter-private.h>

#include <asyncify/asyncify-awake-private.h>
#include <asyncify/asyncify-threads-private.h>

/* A limiter at work. A call needs a place to run, and there are max_running of them. It has it
 * until its function returns; but a call that is abandoned loses it at once, and one that waits
 * for another call lends it meanwhile. Workers are threads that take calls off the queue, as long
 * as there is a place for them.
 */

/* How long, in us, a worker that ran out of calls waits for another one. */
#define IDLE_TIME (10 * G_TIME_SPAN_MILLISECOND)

/* So long, in us, it does so awake: as long as to fall asleep and to be woken takes. */
#define AWAKE_TIME 20

/* How long a worker stands by before it looks again, in us. */
#define STAND_BY 1000

typedef struct {
  int thread;         /* for asyncify_awake_get () */
  AsyncifyCall *call; /* what it runs; under the limiter's lock */
  GList link;
} Worker;

/* What is to be done once the lock is released. */
typedef struct {
  gboolean rouse, tell;
  AsyncifyMailbox *start; /* owned, nullable: a worker, for a call that goes home there */
} Deeds;

static void work_cb         (gpointer      data);
static void start_failed_cb (gpointer      data,
                             const GError *error);

static guint
get_default_prompt (void)
{
  return MAX (g_get_num_processors (), 2) - 1;
}

void
asyncify_workers_init (AsyncifyLimiter *self)
{
  self->n_prompt = get_default_prompt ();
}

/* The next functions, up to the worker itself: under the lock. */

/* A place that was lent is wanted back before others get it; but not before one of them had it. */
static gboolean
may_take (AsyncifyLimiter *self)
{
  return self->queue.length > 0 && self->n_running + self->n_entitled < self->max_running;
}

/* @call is given a place. Calls that made it, and want their own back, may go on beside it. */
static void
give_place (AsyncifyLimiter *self,
            AsyncifyCall *call)
{
  self->n_running++;
  if (call->extras == NULL || call->extras->maker == NULL)
    return;

  asyncify_maker_count (call->extras->maker, self, 1);
  if (self->n_returning > 0)
    g_cond_broadcast (&self->changed);
}

/* A call that was cancelled while it was queued never runs. Whoever cancels many at once may not
 * have come to all of them when others have already made room: so these are passed by. */
static AsyncifyCall *
take_first (AsyncifyLimiter *self)
{
  while (may_take (self))
    {
      AsyncifyCall *call = asyncify_queue_pop (&self->queue);

      if (asyncify_call_is_cancelled (call))
        {
          call->state = ASYNCIFY_CALL_PASSED_BY;
          continue;
        }

      call->state = ASYNCIFY_CALL_RUNNING;
      give_place (self, call);
      self->n_taken++;
      self->n_entitled = self->n_returning;
      return call;
    }

  return NULL;
}

/* To be called when something has changed. One worker at a time is on its way, and sees to the
 * next one itself when it has come: so a burst of calls costs the caller the start of one. The
 * idle worker is as good as one on its way, and sooner there. */
static Deeds
settle (AsyncifyLimiter *self)
{
  Deeds deeds = { FALSE, !self->telling, NULL };

  self->n_changes++;
  self->telling = TRUE;
  if (!self->starting && may_take (self))
    {
      if (self->idle)
        deeds.rouse = TRUE;
      else
        deeds.start = asyncify_mailbox_ref (asyncify_queue_peek (&self->queue)->mailbox);
      self->idle = FALSE;
      self->starting = TRUE;
    }

  return deeds;
}

/* For a call that goes home to @mailbox, whose loop sees to it that the thread comes. But where a
 * worker is about to wait, its loop is better not woken for nothing, and GTask's pool, which calls
 * that wait for each other could exhaust, better not asked. */
static void
start_worker (AsyncifyLimiter *self,
              AsyncifyMailbox *mailbox)
{
  const gboolean on_worker = asyncify_call_get_current () != NULL;

  asyncify_threads_run (work_cb, start_failed_cb, g_object_ref (self), !on_worker);
  if (!on_worker)
    asyncify_mailbox_wake (mailbox);
}

/* Not under the lock. */
static void
carry_out (AsyncifyLimiter *self,
           Deeds deeds)
{
  if (deeds.rouse)
    g_cond_signal (&self->called);
  if (deeds.start != NULL)
    {
      start_worker (self, deeds.start);
      asyncify_mailbox_unref (deeds.start);
    }
  if (deeds.tell)
    asyncify_limiter_tell (self);
}

static void
unlock_changed (AsyncifyLimiter *self)
{
  Deeds deeds = settle (self);

  g_mutex_unlock (&self->lock);
  carry_out (self, deeds);
}

static void
give_place_back (AsyncifyLimiter *self,
                 AsyncifyCall *call)
{
  self->n_running--;
  if (call->extras != NULL)
    asyncify_maker_count (call->extras->maker, self, -1);
  if (self->n_returning == 0)
    return;

  self->freed_at = g_get_monotonic_time ();
  g_cond_broadcast (&self->changed);
}

/* As above, while the function that had it runs on. */
static void
give_place_away (AsyncifyLimiter *self,
                 AsyncifyCall *call)
{
  give_place_back (self, call);
  g_cond_signal (&self->called); /* who stands by may go to work */
}

/* Whether as many workers compute as there are processors, but for the main loop's; those of
 * abandoned calls don't count. Lets go of the lock: to ask for one takes about as long as a call
 * does, and the loop may want to make some. */
static gboolean
has_enough_awake (AsyncifyLimiter *self)
{
  g_autofree int *threads = g_new (int, self->crew.length);
  guint n_threads = 0, n_awake = 0;

  for (GList *link = self->crew.head; link != NULL; link = link->next)
    {
      const Worker *worker = link->data;

      if (worker->call->state == ASYNCIFY_CALL_RUNNING)
        threads[n_threads++] = worker->thread;
    }

  g_mutex_unlock (&self->lock);
  for (guint i = 0; i < n_threads && n_awake < get_default_prompt (); i++)
    n_awake += asyncify_awake_get (threads[i]);
  g_mutex_lock (&self->lock);

  return n_awake >= get_default_prompt ();
}

/* One worker for each processor but the main loop's goes to work at once. A further one
 * helps only if these are stuck: calls that are over in no time are run faster by few
 * threads, and many would take the processors from the main loop. So it stands by, and
 * counts what the others get done. If they are stuck, their number may double. Who computes
 * isn't stuck, even if it has no processor at the moment; but it may take long, and there may
 * be short calls behind it. */
static void
stand_by (AsyncifyLimiter *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 until = now + STAND_BY;
  gint64 taken_at = now; /* no later one was taken, as far as it has looked */
  guint n_taken = self->n_taken;

  while (self->n_running >= self->n_prompt && self->queue.length > 0)
    {
      guint n_new;

      /* It may be called now and then before it is time to look. */
      if (g_cond_wait_until (&self->called, &self->lock, until))
        continue;

      now = g_get_monotonic_time ();
      n_new = self->n_taken - n_taken;
      n_taken = self->n_taken;
      if (n_new > 0)
        taken_at = now;
      if (n_new < self->n_running
          && (now >= taken_at + ASYNCIFY_WORKERS_PATIENCE || !has_enough_awake (self)))
        self->n_prompt *= 2;
      until = now + STAND_BY;
    }
}

/* Waits a while for a call. Returns: whether one came, though another worker may have taken it. */
static gboolean
await_call (AsyncifyLimiter *self)
{
  gint64 began = g_get_monotonic_time ();

  self->idle = TRUE;
  if (self->n_running == 0)
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

/* The function of @call has returned. From here on it can't be stopped any more. */
static void
end_call (AsyncifyLimiter *self,
          AsyncifyCall *call)
{
  while (call->held)
    g_cond_wait (&self->changed, &self->lock);

  if (call->state == ASYNCIFY_CALL_ABANDONED)
    {
      self->n_abandoned--;
      return;
    }

  call->state = ASYNCIFY_CALL_ENDED;
  if (!call->lent)
    give_place_back (self, call);
}

/* Runs the call of @worker, and then those whose turn it is. Called and returns with the lock
 * taken. */
static void
run_calls (AsyncifyLimiter *self,
           Worker *worker)
{
  AsyncifyCall *ended;

  g_queue_push_tail_link (&self->crew, &worker->link);
  unlock_changed (self);
  while (worker->call != NULL)
    {
      Deeds deeds;

      asyncify_call_run (worker->call);

      g_mutex_lock (&self->lock);
      ended = worker->call;
      end_call (self, ended);
      worker->call = take_first (self);
      if (worker->call == NULL)
        g_queue_unlink (&self->crew, &worker->link);
      deeds = settle (self);
      g_mutex_unlock (&self->lock);

      asyncify_mailbox_post_call (ended->mailbox, ended);
      carry_out (self, deeds);
    }
  g_mutex_lock (&self->lock);
}

/* A worker: runs calls until none is left. */
static void
work_cb (gpointer data)
{
  g_autoptr (AsyncifyLimiter) self = data;
  Worker worker = { .thread = asyncify_awake_get_self (), .link.data = &worker };

  g_mutex_lock (&self->lock);
  stand_by (self);
  self->starting = FALSE;
  while ((worker.call = take_next (self)) != NULL)
    run_calls (self, &worker);
  if (self->n_running == 0)
    self->n_prompt = get_default_prompt ();
  g_mutex_unlock (&self->lock);
}

/* A thread that can't be had is no harm as long as there are others that run calls. If there
 * are none, then the calls fail. */
static void
start_failed_cb (gpointer data,
                 const GError *error)
{
  g_autoptr (AsyncifyLimiter) self = data;
  g_autoptr (GPtrArray) calls = g_ptr_array_new ();
  AsyncifyCall *call;
  Deeds deeds;

  g_mutex_lock (&self->lock);
  deeds = settle (self);
  self->starting = FALSE;
  while (self->n_running == 0 && (call = asyncify_queue_pop (&self->queue)) != NULL)
    {
      call->state = ASYNCIFY_CALL_WITHDRAWN;
      call->error = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot start a worker thread: %s",
                                 error->message);
      g_ptr_array_add (calls, call);
    }
  g_mutex_unlock (&self->lock);
  carry_out (self, deeds); /* which starts no other thread */

  for (guint i = 0; i < calls->len; i++)
    {
      call = g_ptr_array_index (calls, i);
      asyncify_mailbox_post_call (call->mailbox, call);
    }
}

/* Takes @call over, unless it was withdrawn before: then it returns FALSE. */
gboolean
asyncify_workers_submit (AsyncifyLimiter *self,
                         AsyncifyCall *call)
{
  gboolean accepted;

  g_mutex_lock (&self->lock);
  accepted = call->state == ASYNCIFY_CALL_NEW;
  if (accepted)
    {
      call->state = ASYNCIFY_CALL_QUEUED;
      asyncify_queue_push (&self->queue, call);
    }
  unlock_changed (self);

  return accepted;
}

/* Under the lock. */
static void
abandon (AsyncifyLimiter *self,
         AsyncifyCall *call)
{
  call->state = ASYNCIFY_CALL_ABANDONED;
  self->n_abandoned++;
  if (!call->lent)
    give_place_away (self, call);
  else
    g_cond_broadcast (&self->changed); /* it needs no place any more */
}

/* Under the lock. The first who stops the call says why. */
static gboolean
stop (AsyncifyLimiter *self,
      AsyncifyCall *call,
      AsyncifyStopCause cause)
{
  AsyncifyCallState state = call->state;

  if (call->stopped_by != ASYNCIFY_STOPPED_BY_NOTHING || state > ASYNCIFY_CALL_RUNNING)
    return FALSE;

  call->stopped_by = cause;
  if (state == ASYNCIFY_CALL_QUEUED)
    asyncify_queue_remove (&self->queue, call);
  if (state < ASYNCIFY_CALL_RUNNING)
    {
      call->state = ASYNCIFY_CALL_WITHDRAWN;
      return state != ASYNCIFY_CALL_NEW;
    }

  if (call->cancel_policy == ASYNCIFY_CANCEL_ABANDON)
    abandon (self, call);
  else if (cause == ASYNCIFY_STOPPED_BY_CANCEL
           && (call->extras == NULL || call->extras->interrupt == NULL))
    return FALSE; /* its GCancellable tells it */

  call->held = TRUE;
  return TRUE;
}

/* Sees to it that @call never runs; or, if it already does, that it ends as its policy says.
 * Any thread, and under the lock of who stops it: so it starts no thread, which could fail and
 * have calls freed. Returns: whether there is something to do without that lock: to settle what
 * has changed; then to post the call, if it was withdrawn; or else to tell its function, and its
 * caller if it is abandoned, and then to let it go. Till then its worker keeps it. */
gboolean
asyncify_workers_stop (AsyncifyLimiter *self,
                       AsyncifyCall *call,
                       AsyncifyStopCause cause)
{
  gboolean to_do;

  g_mutex_lock (&self->lock);
  to_do = stop (self, call, cause);
  self->n_changes++;
  g_mutex_unlock (&self->lock);

  return to_do;
}

/* A call was stopped: another one may run, and the numbers are to be told. Any thread. */
void
asyncify_workers_settle (AsyncifyLimiter *self)
{
  g_mutex_lock (&self->lock);
  unlock_changed (self);
}

/* @call, which is held, is handed back to its worker. Any thread. */
void
asyncify_workers_let_go (AsyncifyLimiter *self,
                         AsyncifyCall *call)
{
  g_mutex_lock (&self->lock);
  call->held = FALSE;
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* @call, which runs on this thread, is going to wait: others may have its place. */
void
asyncify_workers_lend (AsyncifyLimiter *self,
                       AsyncifyCall *call)
{
  g_mutex_lock (&self->lock);
  if (call->state != ASYNCIFY_CALL_RUNNING || call->lent)
    {
      g_mutex_unlock (&self->lock);
      return;
    }

  call->lent = TRUE;
  call->lent_at = self->n_taken;
  self->freed_at = g_get_monotonic_time ();
  give_place_away (self, call);
  unlock_changed (self);
}

/* Under the lock. Whether somebody had the place that @call lent: another one was taken off the
 * queue since. */
static gboolean
is_entitled (AsyncifyLimiter *self,
             AsyncifyCall *call)
{
  return call->lent_at != self->n_taken;
}

/* Likewise. A loop that waits for a call may turn for many reasons, or not sleep at all: if it had
 * its place back in no time, that call might never begin. So the last place is left to the worker
 * that is on its way to take it, for a moment; not for longer, since the worker may have to wait
 * for just this loop to turn. */
static gboolean
is_reserved (AsyncifyLimiter *self,
             AsyncifyCall *call)
{
  return self->starting && self->queue.length > 0 && !is_entitled (self, call)
         && self->n_running + 1 >= self->max_running
         && g_get_monotonic_time () < self->freed_at + STAND_BY;
}

/* Likewise. Who has the place may be one that @call itself made, and may wait for what @call does
 * when it goes on: for the loop to see that its time is over, or for a callback that cancels it. So
 * that one is not waited for. */
static void
await_place (AsyncifyLimiter *self,
             AsyncifyCall *call)
{
  while (call->state == ASYNCIFY_CALL_RUNNING)
    {
      if (asyncify_maker_has_places (asyncify_call_get_current_maker ()))
        return;
      if (self->n_running >= self->max_running)
        g_cond_wait (&self->changed, &self->lock);
      else if (is_reserved (self, call))
        g_cond_wait_until (&self->changed, &self->lock, self->freed_at + STAND_BY);
      else
        return;
    }
}

/* @call, which runs on this thread, goes on: waits for a place, if it lent its own. */
void
asyncify_workers_take_back (AsyncifyLimiter *self,
                            AsyncifyCall *call)
{
  g_mutex_lock (&self->lock);
  if (!call->lent)
    {
      g_mutex_unlock (&self->lock);
      return;
    }

  self->n_returning++;
  self->n_entitled += is_entitled (self, call);
  await_place (self, call);
  self->n_returning--;
  self->n_entitled -= is_entitled (self, call);

  call->lent = FALSE;
  if (call->state == ASYNCIFY_CALL_RUNNING)
    give_place (self, call);
  unlock_changed (self);
}

/* Any thread. */
void
asyncify_workers_set_max_running (AsyncifyLimiter *self,
                             guint max_running)
{
  g_mutex_lock (&self->lock);
  self->max_running = max_running;
  if (self->n_returning > 0)
    g_cond_broadcast (&self->changed);
  unlock_changed (self);
}
