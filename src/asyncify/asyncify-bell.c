/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-bell-private.h>

#include <gio/gio.h>

#ifdef G_OS_UNIX

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib-unix.h>

/* A pipe. */
struct _AsyncifyBell
{
  GPollFD pollfd; /* its reading end */
  int writing_end;
  int rung; /* atomic: a byte is in the pipe, or about to be */
};

AsyncifyBell *
asyncify_bell_new (void)
{
  AsyncifyBell *self = g_new0 (AsyncifyBell, 1);
  g_autoptr (GError) error = NULL;
  int fds[2];

  if (!g_unix_open_pipe (fds, FD_CLOEXEC, &error))
    g_error ("Cannot make a pipe to wake the main loop with: %s", error->message);
  g_unix_set_fd_nonblocking (fds[0], TRUE, NULL);
  g_unix_set_fd_nonblocking (fds[1], TRUE, NULL);

  self->pollfd.fd = fds[0];
  self->pollfd.events = G_IO_IN;
  self->writing_end = fds[1];

  return self;
}

void
asyncify_bell_free (AsyncifyBell *self)
{
  close (self->pollfd.fd);
  close (self->writing_end);
  g_free (self);
}

/* Any thread. */
void
asyncify_bell_ring (AsyncifyBell *self)
{
  gssize written;

  if (!g_atomic_int_compare_and_exchange (&self->rung, FALSE, TRUE))
    return;

  do
    written = write (self->writing_end, "", 1);
  while (written < 0 && errno == EINTR);
}

/* The context's thread, before it looks for what it was woken for. The byte may come only after
 * the look that it announces: then it is taken away by the next one. But none may be taken away
 * that was rung for after "rung" is reset: nobody would ring again, and the loop would sleep. */
void
asyncify_bell_hush (AsyncifyBell *self)
{
  char bytes[16];

  if (!(self->pollfd.revents & G_IO_IN) && !g_atomic_int_get (&self->rung))
    return;

  self->pollfd.revents = 0;
  while (read (self->pollfd.fd, bytes, sizeof bytes) == sizeof bytes)
    ;
  g_atomic_int_set (&self->rung, FALSE);
}

#else

/* A GCancellable, which has such a descriptor everywhere, at the price of a lock. */
struct _AsyncifyBell
{
  GPollFD pollfd;
  GCancellable *cancellable;
};

AsyncifyBell *
asyncify_bell_new (void)
{
  AsyncifyBell *self = g_new0 (AsyncifyBell, 1);

  self->cancellable = g_cancellable_new ();
  g_cancellable_make_pollfd (self->cancellable, &self->pollfd);

  return self;
}

void
asyncify_bell_free (AsyncifyBell *self)
{
  g_cancellable_release_fd (self->cancellable);
  g_object_unref (self->cancellable);
  g_free (self);
}

void
asyncify_bell_ring (AsyncifyBell *self)
{
  g_cancellable_cancel (self->cancellable);
}

void
asyncify_bell_hush (AsyncifyBell *self)
{
  if (g_cancellable_is_cancelled (self->cancellable))
    g_cancellable_reset (self->cancellable);
}

#endif

/* What a source of the context is to poll, as long as the bell lives. */
GPollFD *
asyncify_bell_get_pollfd (AsyncifyBell *self)
{
  return &self->pollfd;
}
