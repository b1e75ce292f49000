/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testserver.h"

#include "testwidgets.h"

/* In UTF-8 three bytes */
#define FILLING      "€"
#define FILLING_SIZE 3
#define BLOCK        (FILLING_SIZE * 16 * 1024)

struct _TestServer
{
  GSocketListener *listener;
  guint16 port;
  GBytes *answer; /* NULL: silent */
  gsize n_filling;
  GCancellable *end;
  GThread *thread;

  gint n_clients; /* atomic */
  char request[1024]; /* the beginning of the latest; once it has been answered */
};

/* Until the client has said all that it has to say. */
static void
read_request (TestServer *self,
              GInputStream *input)
{
  gsize size = 0;
  gssize n = 1;

  while (n > 0 && size < sizeof self->request - 1
         && g_strstr_len (self->request, size, "\r\n\r\n") == NULL)
    {
      n = g_input_stream_read (input, self->request + size, sizeof self->request - 1 - size,
                               self->end, NULL);
      size += MAX (n, 0);
      self->request[size] = '\0';
      if (self->request[0] != 'G') /* not even HTTP */
        break;
    }
}

static void
write_filling (TestServer *self,
               GOutputStream *output)
{
  g_autofree char *block = g_malloc (BLOCK);
  gsize written = 1;

  for (gsize i = 0; i < BLOCK; i += FILLING_SIZE)
    memcpy (block + i, FILLING, FILLING_SIZE);
  for (gsize n_left = self->n_filling; n_left > 0 && written > 0; n_left -= written)
    g_output_stream_write_all (output, block, MIN (n_left, BLOCK), &written, self->end, NULL);
}

static void
answer (TestServer *self,
        GIOStream *stream)
{
  GOutputStream *output = g_io_stream_get_output_stream (stream);
  gsize size;
  const char *text = g_bytes_get_data (self->answer, &size);

  read_request (self, g_io_stream_get_input_stream (stream));
  g_output_stream_write_all (output, text, size, NULL, self->end, NULL);
  write_filling (self, output);
  g_io_stream_close (stream, NULL, NULL);
}

static gpointer
serve (gpointer data)
{
  TestServer *self = data;
  g_autoptr (GPtrArray) silent = g_ptr_array_new_with_free_func (g_object_unref);
  GSocketConnection *connection;

  while ((connection = g_socket_listener_accept (self->listener, NULL, self->end, NULL)) != NULL)
    {
      g_ptr_array_add (silent, connection);
      g_atomic_int_inc (&self->n_clients);
      if (self->answer != NULL)
        answer (self, G_IO_STREAM (connection));
      g_main_context_wakeup (NULL);
    }

  return NULL;
}

static TestServer *
create (GBytes *bytes,
        gsize n_filling)
{
  TestServer *self = g_new0 (TestServer, 1);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) mine = NULL;
  g_autoptr (GError) error = NULL;

  self->answer = bytes;
  self->n_filling = n_filling;
  self->end = g_cancellable_new ();
  self->listener = g_socket_listener_new ();
  g_socket_listener_add_address (self->listener, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                 NULL, &mine, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (mine));
  self->thread = g_thread_new ("test-server", serve, self);

  return self;
}

/* @answer: of @size bytes, or up to a zero if that is -1; then come @n_filling bytes of filling,
 * and the end. */
TestServer *
test_server_new (const char *answer,
                 gssize size,
                 gsize n_filling)
{
  return create (g_bytes_new (answer, size >= 0 ? (gsize) size : strlen (answer)), n_filling);
}

TestServer *
test_server_new_silent (void)
{
  return create (NULL, 0);
}

void
test_server_free (TestServer *self)
{
  g_cancellable_cancel (self->end);
  g_thread_join (self->thread);
  g_object_unref (self->end);
  g_object_unref (self->listener);
  g_clear_pointer (&self->answer, g_bytes_unref);
  g_free (self);
}

char *
test_server_get_address (TestServer *self,
                         const char *scheme,
                         const char *path)
{
  return g_strdup_printf ("%s://127.0.0.1:%u%s", scheme, self->port, path);
}

/* Only when it has been answered. */
const char *
test_server_get_request (TestServer *self)
{
  return self->request;
}

static gboolean
has_client (gpointer data)
{
  TestServer *self = data;

  return g_atomic_int_get (&self->n_clients) > 0;
}

/* Lets the main loop run until somebody has come. */
void
test_server_wait_for_client (TestServer *self)
{
  test_wait_until (has_client, self);
}

/* It stays ours until the program ends, so nobody else can begin to listen. */
char *
test_server_get_unused_address (void)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) mine = NULL;
  static GSocket *socket;
  g_autoptr (GError) error = NULL;

  g_clear_object (&socket);
  socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_socket_bind (socket, any, FALSE, &error);
  g_assert_no_error (error);
  mine = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);

  return g_strdup_printf ("http://127.0.0.1:%u/",
                          g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (mine)));
}

gsize
test_server_get_memory (void)
{
  g_autofree char *status = NULL;
  const char *line = NULL;

  if (g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    line = strstr (status, "VmHWM:");

  return line != NULL ? g_ascii_strtoull (line + strlen ("VmHWM:"), NULL, 10) * 1024 : 0;
}
