/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-mailbox-private.h>

#include <asyncify/asyncify-bell-private.h>
#include <asyncify/asyncify-call-list-private.h>
#include <asyncify/asyncify-deadlines-private.h>
#include <asyncify/asyncify-job-private.h>
#include <asyncify/asyncify-lending-private.h>
#include <asyncify/asyncify-threads-private.h>
#include <asyncify/asyncify-visit-private.h>

/* A context's mailbox has two sources. The regular one stands below drawing. The
 * late one stands right above it, is ready only when something has waited for too
 * long, and after each slice lets one iteration pass, so that drawing gets its turn
 * too. (It is asked only in iterations that have nothing more urgent to do, so what
 * it gives way to is drawing indeed.)
 *
 * Both work in two steps. In check () the next few calls are loaded into GTasks, in
 * dispatch () these call back until the slice is over, and what is left is unloaded.
 */

/* How many calls are loaded at most; few enough to be loaded in a part of a slice. */
#define MAX_BATCH 1024

/* What the list of posted calls begins with once the context is gone. */
#define CLOSED ((AsyncifyCall *) &closed)
static const char closed;

typedef struct {
  GSource source;
  AsyncifyMailbox *mailbox; /* owned, through the source's callback data */
  gboolean late;
} MailboxSource;

struct _AsyncifyMailbox
{
  gatomicrefcount ref_count;

  /* Rung by any thread, heard by the context's */
  AsyncifyBell *bell;

  AsyncifyDeadlines deadlines;
  AsyncifyLending lending;
  AsyncifyVisits visits;

  /* Atomic; any thread. The latest first. */
  AsyncifyCall *posted;

  /* Atomic: goes up whenever the loop turns, and wraps around */
  guint turns;

  GMutex lock; /* no other lock is taken under it */

  /* Under the lock */
  gboolean gone;          /* the context is */
  GPtrArray *news;        /* AsyncifyJob, each once */
  gint64 news_since;      /* when the first of them came, monotonic time in us */
  gboolean news_is_urgent;

  /* Set when it is made, then read-only */
  GMainContext *context;  /* not owned */

  /* The context's thread only */
  AsyncifyCallList waiting;       /* in the order they ended in */
  AsyncifyCallList loaded;        /* the first of them, each with its GTask */
  guint batch;            /* how many to load */
  gboolean loaded_inside; /* the one that is loaded was so inside a dispatch */
  gint64 news_told;       /* when news were told last */
  gboolean gives_way;     /* the late source had its turn */
};

/* Protects the table. Taken outside a main context's lock. */
static GMutex mailboxes_lock;
static GHashTable *mailboxes; /* GMainContext → AsyncifyMailbox, neither owned */

AsyncifyMailbox *
asyncify_mailbox_ref (AsyncifyMailbox *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
asyncify_mailbox_unref (AsyncifyMailbox *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_ptr_array_unref (self->news);
  asyncify_bell_free (self->bell);
  asyncify_visits_clear (&self->visits);
  asyncify_deadlines_clear (&self->deadlines);
  g_mutex_clear (&self->lock);
  g_free (self);
}

AsyncifyDeadlines *
asyncify_mailbox_get_deadlines (AsyncifyMailbox *self)
{
  return &self->deadlines;
}

AsyncifyLending *
asyncify_mailbox_get_lending (AsyncifyMailbox *self)
{
  return &self->lending;
}

AsyncifyVisits *
asyncify_mailbox_get_visits (AsyncifyMailbox *self)
{
  return &self->visits;
}

/* Takes over @call, which has ended. Any thread. */
void
asyncify_mailbox_post_call (AsyncifyMailbox *self,
                            AsyncifyCall *call)
{
  gboolean is_first;

  call->ended_at = g_get_monotonic_time ();

  for (;;)
    {
      AsyncifyCall *head = g_atomic_pointer_get (&self->posted);
      gboolean done;

      if (head == CLOSED)
        {
          asyncify_call_free (call);
          return;
        }

      /* Once it is posted, the call and its reference on us may be gone. */
      is_first = head == NULL;
      if (is_first)
        asyncify_mailbox_ref (self);

      call->next = head;
      done = g_atomic_pointer_compare_and_exchange (&self->posted, head, call);
      if (is_first && done)
        asyncify_bell_ring (self->bell);
      if (is_first)
        asyncify_mailbox_unref (self);
      if (done)
        return;
    }
}

/* Has asyncify_job_tell () called for @job soon. Any thread. Returns: whether that
 * is so, which it isn't once the context is gone. */
gboolean
asyncify_mailbox_post_news (AsyncifyMailbox *self,
                            AsyncifyJob *job)
{
  gboolean posted, is_first = FALSE;

  g_mutex_lock (&self->lock);
  posted = !self->gone;
  if (posted)
    {
      is_first = self->news->len == 0;
      g_ptr_array_add (self->news, g_object_ref (job));
    }
  if (is_first)
    self->news_since = g_get_monotonic_time ();
  g_mutex_unlock (&self->lock);

  if (is_first)
    asyncify_bell_ring (self->bell);

  return posted;
}

/* A worker waits until the news are told. Any thread. */
void
asyncify_mailbox_hurry_news (AsyncifyMailbox *self)
{
  g_mutex_lock (&self->lock);
  self->news_is_urgent = TRUE;
  g_mutex_unlock (&self->lock);

  asyncify_bell_ring (self->bell);
}

/* Has the loop turn, if somebody runs it. Any thread. Returns: how often it has so far */
guint
asyncify_mailbox_wake (AsyncifyMailbox *self)
{
  guint turns = g_atomic_int_get (&self->turns);

  asyncify_bell_ring (self->bell);

  return turns;
}

/* All that follows: on the context's thread. */

static void
fetch_posted (AsyncifyMailbox *self)
{
  AsyncifyCall *call, *reversed = NULL;

  if (g_atomic_pointer_get (&self->posted) == NULL)
    return;

  call = g_atomic_pointer_exchange (&self->posted, NULL);
  while (call != NULL)
    {
      AsyncifyCall *next = call->next;

      call->next = reversed;
      reversed = call;
      call = next;
    }

  while (reversed != NULL)
    {
      call = reversed;
      reversed = call->next;
      asyncify_call_list_push_tail (&self->waiting, call);
    }
}

/* When the news are to be told; G_MAXINT64 if there are none. */
static gint64
get_news_due (AsyncifyMailbox *self,
              gboolean late)
{
  gint64 due = G_MAXINT64;

  g_mutex_lock (&self->lock);
  if (self->news->len > 0 && late)
    due = self->news_since + ASYNCIFY_MAILBOX_LATE;
  else if (self->news->len > 0 && self->news_is_urgent)
    due = 0;
  else if (self->news->len > 0)
    due = self->news_told + ASYNCIFY_MAILBOX_NEWS_INTERVAL;
  g_mutex_unlock (&self->lock);

  return due;
}

/* When there will be something to do; G_MAXINT64 if nothing is in the mailbox. */
static gint64
get_due (MailboxSource *source)
{
  AsyncifyMailbox *self = source->mailbox;
  AsyncifyCall *first;
  gint64 due;

  /* First: who posts afterwards rings again. */
  asyncify_bell_hush (self->bell);
  fetch_posted (self);
  due = get_news_due (self, source->late);
  due = MIN (due, asyncify_visits_get_due (&self->visits, source->late));
  if (!self->lending.is_watched)
    due = MIN (due, asyncify_threads_get_overdue ());
  first = self->loaded.head != NULL ? self->loaded.head : self->waiting.head;
  if (first != NULL)
    due = MIN (due, source->late ? first->ended_at + ASYNCIFY_MAILBOX_LATE : 0);

  return due;
}

static gboolean
mailbox_source_prepare (GSource *base,
                        int *timeout)
{
  MailboxSource *source = (MailboxSource *) base;
  gint64 due = get_due (source);
  gint64 left;

  if (source->late)
    g_atomic_int_inc (&source->mailbox->turns);

  *timeout = -1;
  if (due == G_MAXINT64)
    return FALSE;

  left = due - g_get_monotonic_time ();
  *timeout = CLAMP ((left + 999) / 1000, 0, G_MAXINT);

  return FALSE;
}

/* Who runs a loop need not have made its context the thread's default. Returns: whether to pop */
static gboolean
push_context (AsyncifyMailbox *self)
{
  GMainContext *current = g_main_context_get_thread_default ();

  if ((current != NULL ? current : g_main_context_default ()) == self->context)
    return FALSE;

  g_main_context_push_thread_default (self->context);
  return TRUE;
}

static void
load_batch (AsyncifyMailbox *self)
{
  /* Inside a dispatch, in a nested loop, a GTask needs an idle source of its own to
   * call back, and no slice bounds these: one in an iteration, then. */
  gboolean inside = g_main_current_source () != NULL;
  guint limit = inside ? 1 : self->batch;
  gboolean pushed = push_context (self);

  self->loaded_inside = inside;
  while (limit-- > 0 && self->waiting.head != NULL)
    {
      AsyncifyCall *call = asyncify_call_list_pop_head (&self->waiting);

      asyncify_call_load (call);
      asyncify_call_list_push_tail (&self->loaded, call);
    }

  if (pushed)
    g_main_context_pop_thread_default (self->context);
}

static gboolean
mailbox_source_check (GSource *base)
{
  MailboxSource *source = (MailboxSource *) base;
  AsyncifyMailbox *self = source->mailbox;
  gint64 due, now;

  if (source->late && self->gives_way)
    {
      self->gives_way = FALSE;
      return FALSE;
    }

  due = get_due (source);
  if (due == G_MAXINT64)
    return FALSE;

  now = g_get_monotonic_time ();
  if (due > now)
    return FALSE;

  if (self->loaded.head == NULL)
    load_batch (self);

  return TRUE;
}

static void
tell_news (AsyncifyMailbox *self,
           gint64 slice_end)
{
  g_autoptr (GPtrArray) news = NULL;
  guint told = 0;

  g_mutex_lock (&self->lock);
  news = g_steal_pointer (&self->news);
  self->news = g_ptr_array_new_with_free_func (g_object_unref);
  self->news_is_urgent = FALSE;
  g_mutex_unlock (&self->lock);

  while (told < news->len && (told == 0 || g_get_monotonic_time () < slice_end))
    asyncify_job_tell (g_ptr_array_index (news, told++), self);
  self->news_told = g_get_monotonic_time ();

  if (told < news->len)
    {
      g_mutex_lock (&self->lock);
      for (guint i = told; i < news->len; i++)
        g_ptr_array_add (self->news, g_object_ref (g_ptr_array_index (news, i)));
      self->news_is_urgent = TRUE;
      g_mutex_unlock (&self->lock);
    }
}

static void
receive_visits (AsyncifyMailbox *self,
                gint64 slice_end)
{
  gboolean pushed = push_context (self);

  asyncify_visits_receive (&self->visits, slice_end);
  if (pushed)
    g_main_context_pop_thread_default (self->context);
}

static void
unload_rest (AsyncifyMailbox *self)
{
  AsyncifyCallList rest = self->loaded;
  AsyncifyCallList unloaded = { NULL, NULL };
  AsyncifyCall *call;

  self->loaded = (AsyncifyCallList) { NULL, NULL };
  while ((call = asyncify_call_list_pop_head (&rest)) != NULL)
    {
      asyncify_call_unload (call);
      asyncify_call_list_push_head (&unloaded, call);
    }
  while ((call = asyncify_call_list_pop_head (&unloaded)) != NULL)
    asyncify_call_list_push_head (&self->waiting, call);
}

static void
deliver_slice (AsyncifyMailbox *self,
               gint64 slice_end)
{
  gint64 half = slice_end - ASYNCIFY_MAILBOX_SLICE / 2;
  gboolean pushed = push_context (self);
  guint delivered = 0;
  AsyncifyCall *call;

  /* One that was loaded inside a dispatch (and left, by g_main_context_pending () in a callback)
   * may still need an idle source to return: it can't be unloaded. */
  while ((delivered == 0 || self->loaded_inside || g_get_monotonic_time () < slice_end)
         && (call = asyncify_call_list_pop_head (&self->loaded)) != NULL)
    {
      self->loaded_inside = FALSE;
      asyncify_call_deliver (call);
      delivered++;
    }
  if (pushed)
    g_main_context_pop_thread_default (self->context);

  if (self->loaded.head != NULL)
    {
      self->batch = MAX (delivered, 1);
      unload_rest (self);
    }
  else if (delivered >= self->batch && g_get_monotonic_time () < half)
    self->batch = MIN (self->batch * 2, MAX_BATCH);
}

static gboolean
mailbox_source_dispatch (GSource *base,
                         GSourceFunc callback,
                         gpointer user_data)
{
  MailboxSource *source = (MailboxSource *) base;
  AsyncifyMailbox *self = source->mailbox;
  gint64 now = g_get_monotonic_time ();
  gint64 slice_end = now + ASYNCIFY_MAILBOX_SLICE;

  self->gives_way = source->late;

  if (asyncify_threads_get_overdue () <= now)
    asyncify_threads_rescue ();
  if (get_news_due (self, source->late) <= now)
    tell_news (self, slice_end);
  if (asyncify_visits_get_due (&self->visits, source->late) <= now)
    receive_visits (self, slice_end);
  deliver_slice (self, slice_end);

  return G_SOURCE_CONTINUE;
}

/* Frees all calls, and has those freed that come later. None has a GTask, which would have a
 * reference on its context. */
static void
drop_calls (AsyncifyMailbox *self)
{
  AsyncifyCall *call;

  while ((call = g_atomic_pointer_exchange (&self->posted, CLOSED)) != NULL && call != CLOSED)
    {
      AsyncifyCall *next;

      for (; call != NULL; call = next)
        {
          next = call->next;
          asyncify_call_free (call);
        }
    }
  while ((call = asyncify_call_list_pop_head (&self->loaded)) != NULL)
    asyncify_call_free (call);
  while ((call = asyncify_call_list_pop_head (&self->waiting)) != NULL)
    asyncify_call_free (call);
}

/* Each of the sources calls this when it is destroyed with its context, on the thread
 * that dropped the last reference, while the context's memory is still there. */
static void
context_gone_cb (gpointer data)
{
  AsyncifyMailbox *self = data;
  GPtrArray *news = NULL;

  g_mutex_lock (&mailboxes_lock);
  g_mutex_lock (&self->lock);
  if (!self->gone)
    {
      g_hash_table_remove (mailboxes, self->context);
      self->gone = TRUE;
      news = g_steal_pointer (&self->news);
      self->news = g_ptr_array_new_with_free_func (g_object_unref);
    }
  g_mutex_unlock (&self->lock);
  g_mutex_unlock (&mailboxes_lock);

  if (news != NULL)
    {
      asyncify_visits_refuse (&self->visits);
      drop_calls (self);
      for (guint i = 0; i < news->len; i++)
        {
          AsyncifyJob *job = g_ptr_array_index (news, i);

          asyncify_news_box_release_all (asyncify_job_get_news_box (job), self);
        }
      g_ptr_array_unref (news);
    }

  asyncify_mailbox_unref (self);
}

static GSource *
create_source (AsyncifyMailbox *self,
               const char *name,
               int priority,
               gboolean late)
{
  static GSourceFuncs funcs = {
    .prepare = mailbox_source_prepare,
    .check = mailbox_source_check,
    .dispatch = mailbox_source_dispatch,
  };
  GSource *source = g_source_new (&funcs, sizeof (MailboxSource));

  ((MailboxSource *) source)->mailbox = self;
  ((MailboxSource *) source)->late = late;
  g_source_set_static_name (source, name);
  g_source_set_priority (source, priority);
  /* A callback may run a nested loop that waits for another call. */
  g_source_set_can_recurse (source, TRUE);
  g_source_set_callback (source, NULL, asyncify_mailbox_ref (self), context_gone_cb);

  return source;
}

static AsyncifyMailbox *
mailbox_new (GMainContext *context)
{
  AsyncifyMailbox *self = g_new0 (AsyncifyMailbox, 1);
  g_autoptr (GSource) regular = NULL;
  g_autoptr (GSource) late = NULL;

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  asyncify_deadlines_init (&self->deadlines);
  asyncify_visits_init (&self->visits);
  self->context = context;
  self->news = g_ptr_array_new_with_free_func (g_object_unref);
  self->batch = 16;

  self->bell = asyncify_bell_new ();

  regular = create_source (self, "[asyncify] mailbox", ASYNCIFY_MAILBOX_PRIORITY, FALSE);
  late = create_source (self, "[asyncify] late mailbox", ASYNCIFY_MAILBOX_LATE_PRIORITY, TRUE);
  g_source_add_poll (regular, asyncify_bell_get_pollfd (self->bell));
  g_source_attach (late, context);
  g_source_attach (regular, context);

  return self;
}

/* The mailbox of the calling thread's default context; it is made with the first call
 * and goes with the context. Returns: (transfer full) */
AsyncifyMailbox *
asyncify_mailbox_get_thread_default (void)
{
  GMainContext *context = g_main_context_get_thread_default ();
  AsyncifyMailbox *self;

  if (context == NULL)
    context = g_main_context_default ();

  g_mutex_lock (&mailboxes_lock);
  if (mailboxes == NULL)
    mailboxes = g_hash_table_new (NULL, NULL);

  self = g_hash_table_lookup (mailboxes, context);
  if (self != NULL)
    asyncify_mailbox_ref (self);
  else
    {
      self = mailbox_new (context);
      g_hash_table_insert (mailboxes, context, self);
    }
  g_mutex_unlock (&mailboxes_lock);

  return self;
}
