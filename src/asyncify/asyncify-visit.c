/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-visit-private.h>

#include <asyncify/asyncify-call-private.h>
#include <asyncify/asyncify-limiter-private.h>

AsyncifyVisit *
asyncify_visit_new (AsyncifyMailbox *mailbox,
                    GFunc func,
                    gpointer data,
                    GDestroyNotify destroy,
                    gboolean wants_answer)
{
  AsyncifyVisit *self = g_new0 (AsyncifyVisit, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->mailbox = mailbox;
  self->func = func;
  self->data = data;
  self->destroy = destroy;
  self->wants_answer = wants_answer;
  self->link.data = self;

  return self;
}

AsyncifyVisit *
asyncify_visit_ref (AsyncifyVisit *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
asyncify_visit_unref (AsyncifyVisit *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->destroy != NULL)
    self->destroy (self->data);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Under the lock. While the function is being called, nothing but its end is awaited: it may
 * take as long as it likes, and what it uses may be on the worker's stack. */
static gboolean
is_over (AsyncifyVisit *self)
{
  return self->state == ASYNCIFY_VISIT_OVER || self->state == ASYNCIFY_VISIT_REFUSED;
}

static AsyncifyVisitState
await_end (AsyncifyVisit *self)
{
  guint turns = 0, looks = 0;
  AsyncifyVisitState state;

  g_mutex_lock (&self->lock);
  while (!is_over (self))
    {
      gint64 until = g_get_monotonic_time () + ASYNCIFY_MAILBOX_LOOK;
      guint turns_now;

      if (g_cond_wait_until (&self->changed, &self->lock, until))
        continue;

      /* It is woken each time, so that it turns if somebody runs it. */
      turns_now = asyncify_mailbox_wake (self->mailbox);
      looks = turns_now == turns && self->state != ASYNCIFY_VISIT_BEGUN ? looks + 1 : 0;
      turns = turns_now;
      if (looks >= ASYNCIFY_MAILBOX_LOOKS)
        self->state = ASYNCIFY_VISIT_REFUSED;
    }
  state = self->state;
  g_mutex_unlock (&self->lock);

  return state;
}

/* Under the lock of the visits. */
static void
enqueue (AsyncifyVisit *self,
         GQueue *queue)
{
  self->queue = queue;
  g_queue_push_tail_link (queue, &self->link);
}

/* Has the visit begin soon. Returns: whether that is so, which it isn't once the context is gone */
static gboolean
arrive (AsyncifyVisits *visits,
        AsyncifyVisit *visit)
{
  gboolean welcome;

  g_mutex_lock (&visits->lock);
  welcome = !visits->gone;
  if (welcome)
    {
      visit->arrived_at = g_get_monotonic_time ();
      enqueue (visit, &visits->arriving);
      g_atomic_int_set (&visits->n_arriving, visits->arriving.length);
    }
  g_mutex_unlock (&visits->lock);

  return welcome;
}

static void
leave (AsyncifyVisits *visits,
       AsyncifyVisit *visit)
{
  g_mutex_lock (&visits->lock);
  if (visit->queue != NULL)
    g_queue_unlink (g_steal_pointer (&visit->queue), &visit->link);
  g_atomic_int_set (&visits->n_arriving, visits->arriving.length);
  g_mutex_unlock (&visits->lock);
}

/* Pays the visit, on the worker that runs @call, which lends its place meanwhile. Returns: whether
 * it came to its end, and sets %G_IO_ERROR_CLOSED if not. */
gboolean
asyncify_visit_pay (AsyncifyVisit *self,
                    AsyncifyCall *call,
                    GError **error)
{
  AsyncifyVisits *visits = asyncify_mailbox_get_visits (self->mailbox);
  gboolean over = FALSE;

  asyncify_workers_lend (call->limiter, call);
  if (arrive (visits, self))
    {
      asyncify_mailbox_wake (self->mailbox);
      over = await_end (self) == ASYNCIFY_VISIT_OVER;
      leave (visits, self);
    }
  asyncify_workers_take_back (call->limiter, call);

  if (!over)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED,
                         "Nobody runs the main loop that could answer");
  return over;
}

static void
begin (AsyncifyVisit *self)
{
  gboolean welcome;

  g_mutex_lock (&self->lock);
  welcome = self->state == ASYNCIFY_VISIT_ARRIVING;
  if (welcome)
    self->state = ASYNCIFY_VISIT_BEGUN;
  g_mutex_unlock (&self->lock);

  if (!welcome)
    return;

  self->func (self->data, self);

  g_mutex_lock (&self->lock);
  self->state = self->wants_answer && !self->answered ? ASYNCIFY_VISIT_STAYING
                                                      : ASYNCIFY_VISIT_OVER;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* What the visit was paid for has come. */
void
asyncify_visit_answer (AsyncifyVisit *self)
{
  g_mutex_lock (&self->lock);
  self->answered = TRUE;
  if (self->state == ASYNCIFY_VISIT_STAYING)
    self->state = ASYNCIFY_VISIT_OVER;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

void
asyncify_visits_init (AsyncifyVisits *self)
{
  g_mutex_init (&self->lock);
}

void
asyncify_visits_clear (AsyncifyVisits *self)
{
  g_mutex_clear (&self->lock);
}

/* When a visit is to begin, in monotonic time in us; G_MAXINT64 if there is none. Cheap then. */
gint64
asyncify_visits_get_due (AsyncifyVisits *self,
                         gboolean late)
{
  gint64 due = G_MAXINT64;
  AsyncifyVisit *first;

  if (g_atomic_int_get (&self->n_arriving) == 0)
    return due;

  g_mutex_lock (&self->lock);
  first = g_queue_peek_head (&self->arriving);
  if (first != NULL)
    due = late ? first->arrived_at + ASYNCIFY_MAILBOX_LATE : 0;
  g_mutex_unlock (&self->lock);

  return due;
}

/* Returns: (transfer full) (nullable): the next visit that is to begin */
static AsyncifyVisit *
take_arriving (AsyncifyVisits *self)
{
  AsyncifyVisit *visit = NULL;
  GList *link;

  g_mutex_lock (&self->lock);
  link = g_queue_pop_head_link (&self->arriving);
  if (link != NULL)
    {
      visit = asyncify_visit_ref (link->data);
      enqueue (visit, &self->staying);
    }
  g_atomic_int_set (&self->n_arriving, self->arriving.length);
  g_mutex_unlock (&self->lock);

  return visit;
}

/* Begins visits until there are no more, or the time is over, but at least one. */
void
asyncify_visits_receive (AsyncifyVisits *self,
                         gint64 slice_end)
{
  AsyncifyVisit *visit;

  while ((visit = take_arriving (self)) != NULL)
    {
      begin (visit);
      asyncify_visit_unref (visit);
      if (g_get_monotonic_time () >= slice_end)
        break;
    }
}

/* Only what is being called goes on. */
static void
refuse (AsyncifyVisit *self)
{
  g_mutex_lock (&self->lock);
  if (self->state != ASYNCIFY_VISIT_BEGUN && !is_over (self))
    self->state = ASYNCIFY_VISIT_REFUSED;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->lock);
}

/* The context is gone, and those who wait wait in vain. */
void
asyncify_visits_refuse (AsyncifyVisits *self)
{
  GQueue *queues[] = { &self->arriving, &self->staying };

  g_mutex_lock (&self->lock);
  self->gone = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (queues); i++)
    {
      GList *link;

      while ((link = g_queue_pop_head_link (queues[i])) != NULL)
        {
          AsyncifyVisit *visit = link->data;

          visit->queue = NULL;
          refuse (visit);
        }
    }
  g_mutex_unlock (&self->lock);
}
