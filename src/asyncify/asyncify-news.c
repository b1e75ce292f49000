/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-news-private.h>

void
asyncify_news_clear (AsyncifyNews *self)
{
  g_free (self->message);
  g_clear_pointer (&self->items, g_ptr_array_unref);
  *self = (AsyncifyNews) { 0 };
}

void
asyncify_news_box_init (AsyncifyNewsBox *self)
{
  g_mutex_init (&self->lock);
  g_cond_init (&self->taken);
}

void
asyncify_news_box_clear (AsyncifyNewsBox *self)
{
  asyncify_news_clear (&self->news);
  g_clear_pointer (&self->mailbox, asyncify_mailbox_unref);
  g_cond_clear (&self->taken);
  g_mutex_clear (&self->lock);
}

/* @call begins, whose news go through @mailbox. */
void
asyncify_news_box_begin (AsyncifyNewsBox *self,
                         AsyncifyCall *call,
                         AsyncifyMailbox *mailbox)
{
  g_mutex_lock (&self->lock);
  asyncify_news_clear (&self->news);
  self->posted = FALSE;
  self->released = FALSE;
  self->unheard = FALSE;
  self->call = call;
  g_clear_pointer (&self->mailbox, asyncify_mailbox_unref);
  self->mailbox = asyncify_mailbox_ref (mailbox);
  g_mutex_unlock (&self->lock);
}

/* Takes what was told, for @mailbox. Returns FALSE if it doesn't go through that any more: news
 * of an earlier call, in another context, may be left over in another mailbox. */
gboolean
asyncify_news_box_take (AsyncifyNewsBox *self,
                        AsyncifyMailbox *mailbox,
                        AsyncifyNews *news)
{
  gboolean ours;

  g_mutex_lock (&self->lock);
  ours = mailbox == self->mailbox;
  if (ours)
    {
      *news = self->news;
      self->news = (AsyncifyNews) { 0 };
      self->posted = FALSE;
      self->unheard = FALSE;
      g_cond_broadcast (&self->taken);
    }
  g_mutex_unlock (&self->lock);

  return ours;
}

/* Under the lock. */
static void
release (AsyncifyNewsBox *self)
{
  self->released = TRUE;
  g_cond_broadcast (&self->taken);
}

/* The worker of @call has to wait no more: the call was stopped. */
void
asyncify_news_box_release (AsyncifyNewsBox *self,
                           AsyncifyCall *call)
{
  g_mutex_lock (&self->lock);
  if (call == self->call)
    release (self);
  g_mutex_unlock (&self->lock);
}

/* Nobody whose news go through @mailbox has to wait any more: the context is gone. */
void
asyncify_news_box_release_all (AsyncifyNewsBox *self,
                               AsyncifyMailbox *mailbox)
{
  g_mutex_lock (&self->lock);
  if (mailbox == self->mailbox)
    release (self);
  g_mutex_unlock (&self->lock);
}

/* The call has ended. If it was abandoned its worker may still tell: nobody listens. */
void
asyncify_news_box_end (AsyncifyNewsBox *self)
{
  g_mutex_lock (&self->lock);
  self->call = NULL;
  release (self);
  g_mutex_unlock (&self->lock);
}

/* Under the lock. */
static void
post (AsyncifyNewsBox *self,
      AsyncifyJob *job)
{
  if (self->posted)
    return;

  self->posted = asyncify_mailbox_post_news (self->mailbox, job);
  if (!self->posted)
    self->released = TRUE; /* the context is gone */
}

void
asyncify_news_box_set_running (AsyncifyNewsBox *self,
                               AsyncifyCall *call,
                               AsyncifyJob *job)
{
  g_mutex_lock (&self->lock);
  if (call == self->call)
    {
      self->news.running = TRUE;
      post (self, job);
    }
  g_mutex_unlock (&self->lock);
}

void
asyncify_news_box_set_progress (AsyncifyNewsBox *self,
                                AsyncifyCall *call,
                                AsyncifyJob *job,
                                double progress)
{
  g_mutex_lock (&self->lock);
  if (call == self->call)
    {
      self->news.has_progress = TRUE;
      self->news.progress = progress >= 0 ? MIN (progress, 1) : -1;
      post (self, job);
    }
  g_mutex_unlock (&self->lock);
}

void
asyncify_news_box_set_message (AsyncifyNewsBox *self,
                               AsyncifyCall *call,
                               AsyncifyJob *job,
                               const char *message)
{
  char *copy = g_strdup (message);

  g_mutex_lock (&self->lock);
  if (call == self->call)
    {
      self->news.has_message = TRUE;
      g_free (self->news.message);
      self->news.message = g_steal_pointer (&copy);
      post (self, job);
    }
  g_mutex_unlock (&self->lock);
  g_free (copy);
}

/* Under the lock. Waits for a while. */
static void
await_room (AsyncifyNewsBox *self,
            guint *looks)
{
  guint turns = asyncify_mailbox_wake (self->mailbox);
  gint64 until = g_get_monotonic_time () + ASYNCIFY_MAILBOX_LOOK;

  asyncify_mailbox_hurry_news (self->mailbox);
  if (g_cond_wait_until (&self->taken, &self->lock, until)
      || turns != asyncify_mailbox_wake (self->mailbox))
    *looks = 0;
  else if (++*looks >= ASYNCIFY_MAILBOX_LOOKS)
    self->unheard = TRUE;
}

/* Under the lock. Also if @call has nobody to wait for. */
static gboolean
has_room (AsyncifyNewsBox *self,
          AsyncifyCall *call)
{
  return call != self->call || self->released || self->unheard || self->news.items == NULL
         || self->news.items->len < ASYNCIFY_NEWS_MAX_ITEMS;
}

/* Waits while too much is waiting already, as long as somebody runs the loop. */
void
asyncify_news_box_await_room (AsyncifyNewsBox *self,
                              AsyncifyCall *call)
{
  guint looks = 0;

  g_mutex_lock (&self->lock);
  while (!has_room (self, call))
    await_room (self, &looks);
  g_mutex_unlock (&self->lock);
}

/* Returns: whether there was room for it, or nobody listens any more */
gboolean
asyncify_news_box_emit (AsyncifyNewsBox *self,
                        AsyncifyCall *call,
                        AsyncifyJob *job,
                        GObject *item)
{
  gboolean taken;

  g_mutex_lock (&self->lock);
  taken = has_room (self, call);
  if (taken && call == self->call)
    {
      if (self->news.items == NULL)
        self->news.items = g_ptr_array_new_with_free_func (g_object_unref);
      if (self->news.items->len < ASYNCIFY_NEWS_MAX_ITEMS)
        g_ptr_array_add (self->news.items, g_object_ref (item));
      post (self, job);
    }
  g_mutex_unlock (&self->lock);

  return taken;
}
