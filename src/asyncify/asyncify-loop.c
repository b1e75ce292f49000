/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-loop-private.h>

#include <asyncify/asyncify-hook-private.h>
#include <asyncify/asyncify-lookout-private.h>
#include <asyncify/asyncify-stack-private.h>

/* Between two polls a loop is busy. How long, the loop's own thread sees when it comes to the
 * next poll. Another thread, one for all loops, sees it while it lasts, and then asks the loop's
 * thread for its stack.
 *
 * That thread must cost nothing where nothing happens, and the loop little where much does. So
 * the loop doesn't tell it of each poll. It sleeps until the soonest time at which a stall could
 * have lasted too long, and looks what has become of it. Once the loop is idle it sleeps until the
 * loop rouses it, which does so only if it would come too late by itself: not more than once in
 * the time of the threshold.
 */

typedef struct {
  AsyncifyWatch *watch;
  gint64 duration;
  guint n_frames;
  gpointer frames[];
} Report;

struct _AsyncifyLoop
{
  int n_watches; /* atomic; changed under the lock */

  /* Under the lock */
  GMainContext *context; /* not owned; NULL once it is gone */
  GSource *source;       /* the context's; becomes ready when there are reports */
  GList *watches;        /* AsyncifyWatch, not owned; the smallest threshold first */
  GQueue reports;        /* Report, of the watches that are in the list */
  AsyncifyStack *stack;  /* of the thread that came to a poll last; NULL if it has ended */
  guint polling;         /* polls that are under way, one inside of the other */
  guint n_polls;         /* since the lookout came; wraps around */
  gboolean busy;         /* between two polls */
  gint64 since;          /* ... since when, monotonic time in us */
  gint64 asked;          /* ... the largest threshold at which the stack was asked for, or 0 */
};

/* Protects what is said to be under the lock, and all that follows. Contexts' locks are taken
 * under it. */
static GMutex lock;
static GList *loops; /* AsyncifyLoop, not owned, of contexts that are not gone */
static AsyncifyLookout *lookout; /* NULL if there are no watches */
static guint n_all_watches;

/* All that follows: under the lock. */

/* The smallest threshold that is larger than @than; G_MAXINT64 if there is none */
static gint64
get_threshold (AsyncifyLoop *self,
               gint64 than)
{
  for (GList *l = self->watches; l != NULL; l = l->next)
    {
      AsyncifyWatch *watch = l->data;

      if (watch->armed && watch->threshold > than)
        return watch->threshold;
    }

  return G_MAXINT64;
}

/* Asks for the stack if it is time to. Returns: when to look again */
static gint64
look_at_busy (AsyncifyLoop *self,
              gint64 now)
{
  gint64 threshold = get_threshold (self, self->asked);
  gboolean ask = FALSE;

  while (threshold <= now - self->since)
    {
      ask = TRUE;
      self->asked = threshold;
      threshold = get_threshold (self, threshold);
    }
  if (ask && self->stack != NULL)
    asyncify_stack_ask (self->stack);

  return threshold < G_MAXINT64 ? self->since + threshold : G_MAXINT64;
}

static gint64
look_at (AsyncifyLoop *self,
         gint64 now)
{
  gint64 threshold = get_threshold (self, 0);
  gboolean is_lively = self->n_polls > 1;

  self->n_polls = 0;
  if (self->busy)
    return look_at_busy (self, now);

  /* It will be busy again soon: rather look once more than be roused. */
  return is_lively && threshold < G_MAXINT64 ? now + threshold : G_MAXINT64;
}

static gint64
look (gint64 now)
{
  gint64 due = G_MAXINT64;

  for (GList *l = loops; l != NULL; l = l->next)
    due = MIN (due, look_at (l->data, now));

  return due;
}

static gboolean
is_watched (AsyncifyLoop *self,
            AsyncifyWatch *watch)
{
  return g_list_find (self->watches, watch) != NULL;
}

/* Returns: (transfer full): the lookout, if it has nothing to do any more */
static AsyncifyLookout *
drop_watch (AsyncifyLoop *self,
            AsyncifyWatch *watch)
{
  GList *link, *next;

  self->watches = g_list_remove (self->watches, watch);
  g_atomic_int_add (&self->n_watches, -1);
  for (link = self->reports.head; link != NULL; link = next)
    {
      Report *report = link->data;

      next = link->next;
      if (report->watch == watch)
        {
          g_queue_delete_link (&self->reports, link);
          g_free (report);
        }
    }

  n_all_watches--;

  return n_all_watches == 0 ? g_steal_pointer (&lookout) : NULL;
}

static void
add_report (AsyncifyLoop *self,
            AsyncifyWatch *watch,
            gint64 duration,
            const gpointer *frames,
            guint n_frames)
{
  Report *report = g_malloc (sizeof (Report) + n_frames * sizeof (gpointer));

  report->watch = watch;
  report->duration = duration;
  report->n_frames = n_frames;
  for (guint i = 0; i < n_frames; i++)
    report->frames[i] = frames[i];

  g_queue_push_tail (&self->reports, report);
}

static gboolean before_poll (gpointer data);
static void     after_poll  (gpointer data);

static const AsyncifyHookFuncs hook_funcs = { before_poll, after_poll };

/* In the context, before a poll or in a dispatch of it */
static void
report_stall (AsyncifyLoop *self,
              gint64 duration)
{
  gpointer frames[ASYNCIFY_STACK_DEPTH];
  guint n_frames;

  if (duration < get_threshold (self, 0))
    return;

  /* Somebody has put another function on top of ours, and may do the waiting in it, so that this
   * may have been no stall at all. From now on it will be known. */
  if (!asyncify_hook_is_on_top (self->context, self))
    {
      asyncify_hook_put (self->context, &hook_funcs, self);
      return;
    }

  n_frames = asyncify_stack_take (self->stack, self->since, frames);
  for (GList *l = self->watches; l != NULL; l = l->next)
    {
      AsyncifyWatch *watch = l->data;

      if (watch->armed && duration >= watch->threshold)
        add_report (self, watch, duration, frames, n_frames);
    }

  /* The source isn't ready yet in this turn of the loop: wakes the poll. */
  g_source_set_ready_time (self->source, 0);
}

/* The loop isn't busy any more, at @now. @stack is the calling thread's, which is the loop's. */
static void
begin_rest (AsyncifyLoop *self,
            AsyncifyStack *stack,
            gint64 now)
{
  /* If it is another thread by now, nobody ran the loop in between. */
  if (self->busy && self->stack == stack)
    report_stall (self, now - self->since);

  self->busy = FALSE;
  self->stack = stack;
}

static void
end_rest (AsyncifyLoop *self,
          gint64 now)
{
  gint64 threshold = get_threshold (self, 0);

  /* What is between two polls inside of another one is the waiting of that. */
  self->busy = self->watches != NULL && self->polling == 0;
  self->since = now;
  self->asked = 0;

  if (self->busy && threshold < G_MAXINT64)
    asyncify_lookout_rouse (lookout, now + threshold);
}

/* From here on: not under the lock. */

/* Runs on the thread itself. It may be in the middle of any loop, and it may run one again. */
static void
thread_ended_cb (gpointer data)
{
  AsyncifyStack *stack = data;

  g_mutex_lock (&lock);
  for (GList *l = loops; l != NULL; l = l->next)
    {
      AsyncifyLoop *self = l->data;

      if (self->stack != stack)
        continue;

      self->stack = NULL;
      self->busy = FALSE;
      self->polling = 0;
    }
  g_mutex_unlock (&lock);

  asyncify_stack_free (stack);
}

static AsyncifyStack *
get_own_stack (void)
{
  static GPrivate own = G_PRIVATE_INIT (thread_ended_cb);
  AsyncifyStack *stack = g_private_get (&own);

  if (stack == NULL)
    {
      stack = asyncify_stack_new ();
      g_private_set (&own, stack);
    }

  return stack;
}

static gboolean
before_poll (gpointer data)
{
  AsyncifyLoop *self = data;
  AsyncifyStack *stack;
  gint64 now;

  if (g_atomic_int_get (&self->n_watches) == 0)
    return FALSE;

  stack = get_own_stack ();
  now = g_get_monotonic_time ();

  g_mutex_lock (&lock);
  self->n_polls++;
  if (self->polling++ == 0)
    begin_rest (self, stack, now);
  for (GList *l = self->watches; l != NULL; l = l->next)
    ((AsyncifyWatch *) l->data)->armed = TRUE;
  g_mutex_unlock (&lock);

  return TRUE;
}

static void
after_poll (gpointer data)
{
  AsyncifyLoop *self = data;
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&lock);
  self->polling--;
  end_rest (self, now);
  g_mutex_unlock (&lock);
}

/* Returns: (transfer full): the next report, and in @owner whom it is for, who is kept */
static Report *
take_report (AsyncifyLoop *self,
             GObject **owner)
{
  Report *report;

  g_mutex_lock (&lock);
  while ((report = g_queue_pop_head (&self->reports)) != NULL
         && (*owner = g_weak_ref_get (&report->watch->owner)) == NULL)
    g_free (report);
  g_mutex_unlock (&lock);

  return report;
}

/* The loop counts as idle meanwhile: who is told of a stall, and takes long over it, would else
 * be told of that, and so on for ever. */
static gboolean
deliver_cb (gpointer data)
{
  AsyncifyLoop *self = data;
  GObject *owner = NULL;
  Report *report;

  g_mutex_lock (&lock);
  begin_rest (self, get_own_stack (), g_get_monotonic_time ());
  g_source_set_ready_time (self->source, -1);
  g_mutex_unlock (&lock);

  while ((report = take_report (self, &owner)) != NULL)
    {
      g_auto (GStrv) functions = asyncify_stack_name (report->frames, report->n_frames);

      report->watch->func (owner, report->duration, (const char *const *) functions);
      g_free (report);
      g_clear_object (&owner);
    }

  g_mutex_lock (&lock);
  end_rest (self, g_get_monotonic_time ());
  g_mutex_unlock (&lock);

  return G_SOURCE_CONTINUE;
}

static gboolean
loop_source_dispatch (GSource *source,
                      GSourceFunc callback,
                      gpointer user_data)
{
  return callback (user_data);
}

/* The context is being destroyed, by the thread that dropped the last reference; its memory is
 * still there. */
static void
context_gone_cb (gpointer data)
{
  AsyncifyLoop *self = data;
  AsyncifyLookout *idle = NULL;

  g_mutex_lock (&lock);
  asyncify_hook_forget (self);
  self->context = NULL;
  self->source = NULL;
  self->busy = FALSE;
  while (self->watches != NULL)
    idle = drop_watch (self, self->watches->data);
  loops = g_list_remove (loops, self);
  g_mutex_unlock (&lock);

  g_clear_pointer (&idle, asyncify_lookout_free);
  asyncify_loop_unref (self);
}

static AsyncifyLoop *
loop_new (GMainContext *context)
{
  static GSourceFuncs funcs = { .dispatch = loop_source_dispatch };
  AsyncifyLoop *self = g_atomic_rc_box_new0 (AsyncifyLoop);
  g_autoptr (GSource) source = g_source_new (&funcs, sizeof (GSource));

  self->context = context;
  self->source = source;
  g_queue_init (&self->reports);

  g_source_set_static_name (source, "[asyncify] watchdog");
  g_source_set_priority (source, G_PRIORITY_HIGH);
  /* Who is told of a stall may run a nested loop, and wants to know of stalls in that. */
  g_source_set_can_recurse (source, TRUE);
  g_source_set_callback (source, deliver_cb, g_atomic_rc_box_acquire (self), context_gone_cb);
  g_source_attach (source, context);

  return self;
}

/* Any thread, but nobody may drop the context's last reference meanwhile. Returns: (transfer
 * full) */
AsyncifyLoop *
asyncify_loop_get (GMainContext *context)
{
  AsyncifyLoop *self = NULL;

  g_mutex_lock (&lock);
  for (GList *l = loops; l != NULL && self == NULL; l = l->next)
    if (((AsyncifyLoop *) l->data)->context == context)
      self = g_atomic_rc_box_acquire (l->data);
  if (self == NULL)
    {
      self = loop_new (context);
      loops = g_list_prepend (loops, self);
    }
  g_mutex_unlock (&lock);

  return self;
}

/* Any thread */
void
asyncify_loop_unref (AsyncifyLoop *self)
{
  g_atomic_rc_box_release (self);
}

static int
compare_thresholds (gconstpointer a,
                    gconstpointer b)
{
  gint64 left = ((const AsyncifyWatch *) a)->threshold;
  gint64 right = ((const AsyncifyWatch *) b)->threshold;

  return (left > right) - (left < right);
}

/* Adds @watch, if it isn't there and the context is. Any thread, but nobody may drop the context's
 * last reference meanwhile. Returns: %FALSE if too many contexts are watched already */
gboolean
asyncify_loop_add_watch (AsyncifyLoop *self,
                         AsyncifyWatch *watch)
{
  gboolean hooked = TRUE;

  if (!asyncify_stack_prepare ())
    g_info ("Stalls of the main loop will not name their functions: the signal is in use, or the "
            "system can't");

  g_mutex_lock (&lock);
  if (self->context != NULL && !is_watched (self, watch))
    {
      hooked = asyncify_hook_put (self->context, &hook_funcs, self);
      if (hooked)
        {
          watch->armed = FALSE;
          self->watches = g_list_insert_sorted (self->watches, watch, compare_thresholds);
          g_atomic_int_inc (&self->n_watches);
          n_all_watches++;
          if (lookout == NULL)
            lookout = asyncify_lookout_new (&lock, look);
          /* A poll that has begun already isn't known of. */
          g_main_context_wakeup (self->context);
        }
    }
  g_mutex_unlock (&lock);

  return hooked;
}

/* Drops @watch, if it is there, and what it was to be told. Any thread, and whether the context is
 * still there or not. What another thread is telling it at this very moment is not waited for. */
void
asyncify_loop_remove_watch (AsyncifyLoop *self,
                            AsyncifyWatch *watch)
{
  AsyncifyLookout *idle = NULL;

  g_mutex_lock (&lock);
  if (is_watched (self, watch))
    idle = drop_watch (self, watch);
  g_mutex_unlock (&lock);

  g_clear_pointer (&idle, asyncify_lookout_free);
}
