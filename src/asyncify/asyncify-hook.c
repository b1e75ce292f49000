/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-hook-private.h>

#include <errno.h>

/* Functions that call each other in a circle are parted after so many calls. */
#define MAX_NESTED 16

typedef struct {
  const AsyncifyHookFuncs *funcs;
  gpointer data; /* atomic; NULL if the hook is free */
  GPollFunc next;
  guint nested; /* of the context's thread */
} Hook;

/* Protects which hooks are free. A context's lock is taken under it. */
static GMutex hooks_lock;
static Hook hooks[ASYNCIFY_MAX_HOOKS];

static int
poll_through (Hook *self,
              GPollFD *fds,
              guint n_fds,
              int timeout)
{
  gpointer data = g_atomic_pointer_get (&self->data);
  gboolean watched;
  int n_ready, saved_errno;

  /* Somebody has given the function to another context, and its own is gone; or somebody has put
   * a function on top that was underneath already. */
  if (data == NULL || self->nested == MAX_NESTED)
    return g_poll (fds, n_fds, timeout);

  watched = self->funcs->before_poll (data);
  self->nested++;
  n_ready = self->next (fds, n_fds, timeout);
  self->nested--;
  if (watched)
    {
      saved_errno = errno;
      self->funcs->after_poll (data);
      errno = saved_errno;
    }

  return n_ready;
}

#define EIGHT(WHAT, n)                                                                             \
  WHAT (n##0) WHAT (n##1) WHAT (n##2) WHAT (n##3) WHAT (n##4) WHAT (n##5) WHAT (n##6) WHAT (n##7)

/* The numbers are octal. */
#define DEFINE_POLL(n)                                                                             \
  static int poll_##n (GPollFD *fds, guint n_fds, int timeout)                                     \
  {                                                                                                \
    return poll_through (&hooks[0##n], fds, n_fds, timeout);                                       \
  }
#define NAME_POLL(n) poll_##n,

EIGHT (DEFINE_POLL, 0)
EIGHT (DEFINE_POLL, 1)
EIGHT (DEFINE_POLL, 2)
EIGHT (DEFINE_POLL, 3)

static const GPollFunc polls[] = {
  EIGHT (NAME_POLL, 0) EIGHT (NAME_POLL, 1) EIGHT (NAME_POLL, 2) EIGHT (NAME_POLL, 3)
};

G_STATIC_ASSERT (G_N_ELEMENTS (polls) == ASYNCIFY_MAX_HOOKS);

/* The hook of @data that @top is; -1 if it is another function. Under the lock */
static int
find_hook (GPollFunc top,
           gpointer data)
{
  for (int i = 0; i < ASYNCIFY_MAX_HOOKS; i++)
    if (hooks[i].data == data && polls[i] == top)
      return i;

  return -1;
}

/* One that is free, or that has been on top of the same function before; -1 if there is none.
 * Under the lock */
static int
find_hook_for (GPollFunc top,
               gpointer data)
{
  int found = -1;

  for (int i = 0; i < ASYNCIFY_MAX_HOOKS; i++)
    {
      if (hooks[i].data == data && hooks[i].next == top)
        return i;
      if (hooks[i].data == NULL)
        found = i;
    }

  return found;
}

/* Puts a hook on top, if there isn't one already. Any thread, but nobody may drop the context's
 * last reference meanwhile. Returns: %FALSE if all hooks are taken */
gboolean
asyncify_hook_put (GMainContext *context,
                   const AsyncifyHookFuncs *funcs,
                   gpointer data)
{
  GPollFunc top;
  int i;

  g_mutex_lock (&hooks_lock);
  top = g_main_context_get_poll_func (context);
  i = find_hook (top, data);
  if (i < 0)
    {
      i = find_hook_for (top, data);
      if (i >= 0)
        {
          hooks[i].funcs = funcs;
          hooks[i].next = top;
          g_atomic_pointer_set (&hooks[i].data, data);
          g_main_context_set_poll_func (context, polls[i]);
        }
    }
  g_mutex_unlock (&hooks_lock);

  return i >= 0;
}

/* The context's thread */
gboolean
asyncify_hook_is_on_top (GMainContext *context,
                         gpointer data)
{
  gboolean found;

  g_mutex_lock (&hooks_lock);
  found = find_hook (g_main_context_get_poll_func (context), data) >= 0;
  g_mutex_unlock (&hooks_lock);

  return found;
}

/* The context of @data is gone: no poll will come any more. Any thread. */
void
asyncify_hook_forget (gpointer data)
{
  g_mutex_lock (&hooks_lock);
  for (int i = 0; i < ASYNCIFY_MAX_HOOKS; i++)
    if (hooks[i].data == data)
      {
        g_atomic_pointer_set (&hooks[i].data, NULL);
        hooks[i].nested = 0;
      }
  g_mutex_unlock (&hooks_lock);
}
