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

/* A call begins, whose news go through @mailbox. */
void
asyncify_news_box_begin (AsyncifyNewsBox *self,
                         AsyncifyMailbox *mailbox)
{
  g_mutex_lock (&self->lock);
  asyncify_news_clear (&self->news);
  self->posted = FALSE;
  self->released = FALSE;
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
      g_cond_broadcast (&self->taken);
    }
  g_mutex_unlock (&self->lock);

  return ours;
}

/* Nobody whose news go through @mailbox has to wait any more: the call was cancelled, or the
 * context is gone. */
void
asyncify_news_box_release (AsyncifyNewsBox *self,
                           AsyncifyMailbox *mailbox)
{
  g_mutex_lock (&self->lock);
  if (mailbox == self->mailbox)
    {
      self->released = TRUE;
      g_cond_broadcast (&self->taken);
    }
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
                               AsyncifyMailbox *mailbox,
                               AsyncifyJob *job)
{
  g_mutex_lock (&self->lock);
  if (mailbox == self->mailbox)
    {
      self->news.running = TRUE;
      post (self, job);
    }
  g_mutex_unlock (&self->lock);
}

void
asyncify_news_box_set_progress (AsyncifyNewsBox *self,
                                AsyncifyMailbox *mailbox,
                                AsyncifyJob *job,
                                double progress)
{
  g_mutex_lock (&self->lock);
  if (mailbox == self->mailbox)
    {
      self->news.has_progress = TRUE;
      self->news.progress = progress >= 0 ? MIN (progress, 1) : -1;
      post (self, job);
    }
  g_mutex_unlock (&self->lock);
}

void
asyncify_news_box_set_message (AsyncifyNewsBox *self,
                               AsyncifyMailbox *mailbox,
                               AsyncifyJob *job,
                               const char *message)
{
  char *copy = g_strdup (message);

  g_mutex_lock (&self->lock);
  if (mailbox == self->mailbox)
    {
      self->news.has_message = TRUE;
      g_free (self->news.message);
      self->news.message = g_steal_pointer (&copy);
      post (self, job);
    }
  g_mutex_unlock (&self->lock);
  g_free (copy);
}

/* Waits while too much is waiting already. */
void
asyncify_news_box_emit (AsyncifyNewsBox *self,
                        AsyncifyMailbox *mailbox,
                        AsyncifyJob *job,
                        GObject *item)
{
  g_mutex_lock (&self->lock);
  while (mailbox == self->mailbox && !self->released && self->news.items != NULL
         && self->news.items->len >= ASYNCIFY_NEWS_MAX_ITEMS)
    {
      asyncify_mailbox_hurry_news (self->mailbox);
      g_cond_wait (&self->taken, &self->lock);
    }

  if (mailbox == self->mailbox)
    {
      if (self->news.items == NULL)
        self->news.items = g_ptr_array_new_with_free_func (g_object_unref);
      if (self->news.items->len < ASYNCIFY_NEWS_MAX_ITEMS)
        g_ptr_array_add (self->news.items, g_object_ref (item));
      post (self, job);
    }
  g_mutex_unlock (&self->lock);
}
