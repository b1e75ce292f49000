/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-server.h"

#include <libsoup/soup.h>

/* How the answers that take their time are cut up: they come piece by piece, at INTERVAL ms. */
#define INTERVAL 50
#define PIECES   (DEMO_SERVER_SLOW_TIME / INTERVAL)
#define PIECE    (DEMO_SERVER_SLOW_SIZE / PIECES)
#define ROW      32 /* bytes of JSON */

G_STATIC_ASSERT (PIECES * INTERVAL == DEMO_SERVER_SLOW_TIME);
G_STATIC_ASSERT (PIECES * PIECE == DEMO_SERVER_SLOW_SIZE);
G_STATIC_ASSERT (DEMO_SERVER_SLOW_SIZE % ROW == 0);

struct _DemoServer
{
  GMainContext *context;
  char *address; /* with no path */

  /* The thread's, while it runs */
  GSocketService *service;
  SoupServer *soup;

  GThread *thread;
  gint ended; /* atomic */
};

typedef enum {
  POUR_ALL,     /* until the body has been sent */
  POUR_ENDLESS, /* again and again */
  POUR_CUT,     /* the connection ends half way */
  POUR_GARBAGE  /* it isn't even HTTP */
} PourKind;

/* An answer that is being sent. */
typedef struct {
  SoupServerMessage *message; /* owns us */
  PourKind kind;
  GBytes *body;
  guint n_sent;     /* pieces */
  gboolean pending; /* the last piece has not left yet */
  GSource *timer;
} Pour;

static void
pour_stop (Pour *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}

static void
pour_free (gpointer data)
{
  Pour *self = data;

  pour_stop (self);
  g_bytes_unref (self->body);
  g_free (self);
}

static void
wrote_chunk_cb (Pour *self)
{
  self->pending = FALSE;
}

/* Goes past what knows how HTTP is done; frees @self, with the message. */
static void
pour_break (Pour *self)
{
  static const char garbage[] = "Hello? Who is there?\r\nThis is no web server.\r\n\r\n";
  PourKind kind = self->kind;
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (self->message);

  if (kind == POUR_GARBAGE)
    g_output_stream_write_all (g_io_stream_get_output_stream (stream), garbage, strlen (garbage),
                               NULL, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

/* Where the client doesn't read, nothing piles up. */
static gboolean
pour_cb (gpointer user_data)
{
  Pour *self = user_data;
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);
  g_autoptr (GBytes) piece = NULL;

  if (self->pending)
    return G_SOURCE_CONTINUE;

  if (self->kind == POUR_GARBAGE || (self->kind == POUR_CUT && self->n_sent == PIECES / 2))
    {
      pour_break (self);
      return G_SOURCE_REMOVE;
    }

  piece = g_bytes_new_from_bytes (self->body, self->n_sent % PIECES * PIECE, PIECE);
  soup_message_body_append_bytes (body, piece);
  self->n_sent++;
  self->pending = TRUE;
  if (self->kind != POUR_ENDLESS && self->n_sent == PIECES)
    {
      soup_message_body_complete (body);
      pour_stop (self);
    }
  soup_server_message_unpause (self->message);

  return self->timer != NULL ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* A list of numbers and their squares, all rows of it of the same length. */
static GBytes *
create_squares (void)
{
  const guint n_rows = DEMO_SERVER_SLOW_SIZE / ROW;
  GString *json = g_string_new (NULL);

  for (guint i = 0; i < n_rows; i++)
    g_string_append_printf (json, "%c{\"n\": %4u, \"square\": %6u}%s",
                            i == 0 ? '[' : ' ', i, i * i, i + 1 < n_rows ? ",\n" : "]\n");

  return g_string_free_to_bytes (json);
}

static void
pour (SoupServerMessage *message,
      PourKind kind)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  Pour *self = g_new0 (Pour, 1);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_content_type (headers, "application/json", NULL);
  if (kind == POUR_ENDLESS)
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  else
    soup_message_headers_set_content_length (headers, DEMO_SERVER_SLOW_SIZE);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);

  self->message = message;
  self->kind = kind;
  self->body = create_squares ();
  self->timer = g_timeout_source_new (INTERVAL);
  g_source_set_callback (self->timer, pour_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  g_object_set_data_full (G_OBJECT (message), "pour", self, pour_free);
  g_signal_connect_swapped (message, "wrote-chunk", G_CALLBACK (wrote_chunk_cb), self);
  g_signal_connect_swapped (message, "finished", G_CALLBACK (pour_stop), self);
  soup_server_message_pause (message);
}

static void
answer (SoupServerMessage *message,
        guint status,
        const char *content_type,
        const char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, content_type, SOUP_MEMORY_COPY, text, strlen (text));
}

static void
request_cb (SoupServer *soup,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  if (g_str_equal (path, DEMO_SERVER_QUICK))
    answer (message, SOUP_STATUS_OK, "application/json; charset=utf-8",
            "{\n  \"greeting\": \"Grüß Gott\",\n  \"answer\": 42\n}\n");
  else if (g_str_equal (path, DEMO_SERVER_SLOW))
    pour (message, POUR_ALL);
  else if (g_str_equal (path, DEMO_SERVER_FAILING))
    answer (message, SOUP_STATUS_INTERNAL_SERVER_ERROR, "text/plain", "The disk is full.\n");
  else if (g_str_equal (path, DEMO_SERVER_ENDLESS))
    pour (message, POUR_ENDLESS);
  else if (g_str_equal (path, DEMO_SERVER_CUT))
    pour (message, POUR_CUT);
  else if (g_str_equal (path, DEMO_SERVER_GARBAGE))
    pour (message, POUR_GARBAGE);
  else if (g_str_equal (path, DEMO_SERVER_REDIRECT))
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, DEMO_SERVER_REDIRECT);
  else
    answer (message, SOUP_STATUS_NOT_FOUND, "text/plain", "There is no such thing here.\n");
}

static gpointer
serve (gpointer data)
{
  DemoServer *self = data;

  g_main_context_push_thread_default (self->context);
  while (!g_atomic_int_get (&self->ended))
    g_main_context_iteration (self->context, TRUE);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

static void
incoming_cb (DemoServer *self,
             GSocketConnection *connection)
{
  g_autoptr (GSocketAddress) local = g_socket_connection_get_local_address (connection, NULL);
  g_autoptr (GSocketAddress) remote = g_socket_connection_get_remote_address (connection, NULL);

  if (local != NULL && remote != NULL) /* else it is gone already */
    soup_server_accept_iostream (self->soup, G_IO_STREAM (connection), local, remote, NULL);
}

/* Listens at a port that is free. libsoup could do that too, but 3.2 leaks the sockets. */
static gboolean
listen_here (DemoServer *self,
             GError **error)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) mine = NULL;

  self->soup = soup_server_new ("server-header", "asyncify-demo", NULL);
  soup_server_add_handler (self->soup, NULL, request_cb, NULL, NULL);
  self->service = g_socket_service_new ();
  g_signal_connect_swapped (self->service, "incoming", G_CALLBACK (incoming_cb), self);
  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any,
                                      G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &mine,
                                      error))
    return FALSE;

  self->address = g_strdup_printf ("http://127.0.0.1:%u",
                                   g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (mine)));

  return TRUE;
}

/* Returns: (transfer full) (nullable) */
DemoServer *
demo_server_new (GError **error)
{
  DemoServer *self = g_new0 (DemoServer, 1);
  gboolean listens;

  self->context = g_main_context_new ();
  g_main_context_push_thread_default (self->context);
  listens = listen_here (self, error);
  g_main_context_pop_thread_default (self->context);

  if (listens)
    self->thread = g_thread_try_new ("demo-server", serve, self, error);
  if (self->thread == NULL)
    g_clear_pointer (&self, demo_server_free);

  return self;
}

/* Whoever waits for an answer is hung up on. */
void
demo_server_free (DemoServer *self)
{
  g_atomic_int_set (&self->ended, TRUE);
  g_main_context_wakeup (self->context);
  if (self->thread != NULL)
    g_thread_join (self->thread);

  g_main_context_push_thread_default (self->context);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  soup_server_disconnect (self->soup);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);

  g_object_unref (self->service);
  g_object_unref (self->soup);
  g_main_context_unref (self->context);
  g_free (self->address);
  g_free (self);
}

/* Any thread. Returns: (transfer full): the address of one of the answers */
char *
demo_server_get_address (DemoServer *self,
                         const char *path)
{
  return g_strconcat (self->address, path, NULL);
}
