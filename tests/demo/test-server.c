/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The app's own web server, asked byte by byte, by something that knows nothing of HTTP. */

#include <stdio.h>

#include <gio/gio.h>

#include "demo-server.h"

/* The head of an answer, and more of its body than there is, or than is wanted. */
#define ENOUGH (256 * 1024)

static guint16
get_port (DemoServer *server)
{
  g_autofree char *address = demo_server_get_address (server, "/");
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_NONE, NULL);

  g_assert_cmpstr (g_uri_get_host (uri), ==, "127.0.0.1");
  g_assert_cmpint (g_uri_get_port (uri), >, 0);

  return g_uri_get_port (uri);
}

static GSocketConnection *
connect_to (guint16 port,
            GError **error)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, 30);

  return g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, error);
}

static GSocketConnection *
request (DemoServer *server,
         const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text
    = g_strdup_printf ("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path);
  GSocketConnection *connection = connect_to (get_port (server), &error);

  g_assert_no_error (error);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), text,
                             strlen (text), NULL, NULL, &error);
  g_assert_no_error (error);

  return connection;
}

/* Returns: (transfer full): what comes, until the end or until it is @max bytes */
static char *
read_some (GSocketConnection *connection,
           gsize max)
{
  char *answer = g_malloc (max + 1);
  g_autoptr (GError) error = NULL;
  gsize size = 0;

  g_input_stream_read_all (g_io_stream_get_input_stream (G_IO_STREAM (connection)), answer, max,
                           &size, NULL, &error);
  /* A server that hangs up early may do so rudely. */
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    g_assert_no_error (error);
  answer[size] = '\0';

  return answer;
}

static char *
ask (DemoServer *server,
     const char *path)
{
  g_autoptr (GSocketConnection) connection = request (server, path);

  return read_some (connection, ENOUGH);
}

static const char *
get_body (const char *answer)
{
  const char *end = strstr (answer, "\r\n\r\n");

  g_assert_nonnull (end);

  return end != NULL ? end + strlen ("\r\n\r\n") : "";
}

static DemoServer *
start (void)
{
  g_autoptr (GError) error = NULL;
  DemoServer *server = demo_server_new (&error);

  g_assert_no_error (error);
  g_assert_nonnull (server);

  return server;
}

static void
test_statuses (void)
{
  g_autoptr (DemoServer) server = start ();
  g_autofree char *quick = ask (server, DEMO_SERVER_QUICK);
  g_autofree char *failing = ask (server, DEMO_SERVER_FAILING);
  g_autofree char *missing = ask (server, DEMO_SERVER_MISSING);
  g_autofree char *redirect = ask (server, DEMO_SERVER_REDIRECT);
  g_autofree char *garbage = ask (server, DEMO_SERVER_GARBAGE);

  g_assert_true (g_str_has_prefix (quick, "HTTP/1.1 200 OK\r\n"));
  g_assert_nonnull (strstr (quick, "application/json"));
  g_assert_nonnull (strstr (get_body (quick), "\"answer\": 42"));
  g_assert_true (g_str_has_prefix (failing, "HTTP/1.1 500 "));
  g_assert_cmpstr (get_body (failing), ==, "The disk is full.\n");
  g_assert_true (g_str_has_prefix (missing, "HTTP/1.1 404 "));
  g_assert_true (g_str_has_prefix (redirect, "HTTP/1.1 302 "));
  g_assert_nonnull (strstr (redirect, DEMO_SERVER_REDIRECT "\r\n"));
  g_assert_false (g_str_has_prefix (garbage, "HTTP"));
  g_assert_cmpstr (garbage, !=, "");
}

/* Each square is right, and the last one is there. */
static void
check_squares (const char *json)
{
  const char *row = json;
  guint n_rows = 0;

  for (; (row = strchr (row, '{')) != NULL; row++, n_rows++)
    {
      guint number = 0, square = 0;

      g_assert_cmpint (sscanf (row, "{\"n\": %u, \"square\": %u}", &number, &square), ==, 2);
      g_assert_cmpuint (number, ==, n_rows);
      g_assert_cmpuint (square, ==, n_rows * n_rows);
    }

  g_assert_cmpuint (n_rows, ==, DEMO_SERVER_SLOW_SIZE / 32);
  g_assert_true (g_str_has_suffix (json, "}]\n"));
}

static void
test_slow (void)
{
  g_autoptr (DemoServer) server = start ();
  gint64 began = g_get_monotonic_time ();
  g_autofree char *answer = ask (server, DEMO_SERVER_SLOW);
  g_autofree char *length
    = g_strdup_printf ("Content-Length: %d\r\n", DEMO_SERVER_SLOW_SIZE);

  g_assert_cmpint (g_get_monotonic_time () - began, >=,
                   DEMO_SERVER_SLOW_TIME * G_TIME_SPAN_MILLISECOND);
  g_assert_nonnull (strstr (answer, length));
  g_assert_cmpuint (strlen (get_body (answer)), ==, DEMO_SERVER_SLOW_SIZE);
  check_squares (get_body (answer));
}

static void
test_cut (void)
{
  g_autoptr (DemoServer) server = start ();
  g_autofree char *answer = ask (server, DEMO_SERVER_CUT);

  g_assert_true (g_str_has_prefix (answer, "HTTP/1.1 200 OK\r\n"));
  g_assert_cmpuint (strlen (get_body (answer)), >, 0);
  g_assert_cmpuint (strlen (get_body (answer)), <, DEMO_SERVER_SLOW_SIZE);
}

/* More comes than any of the others has to say, and no end. */
static void
test_endless (void)
{
  g_autoptr (DemoServer) server = start ();
  g_autoptr (GSocketConnection) connection = request (server, DEMO_SERVER_ENDLESS);
  g_autofree char *answer = read_some (connection, DEMO_SERVER_SLOW_SIZE * 3 / 2);

  g_assert_nonnull (strstr (answer, "Transfer-Encoding: chunked\r\n"));
  g_assert_cmpuint (strlen (answer), ==, DEMO_SERVER_SLOW_SIZE * 3 / 2);
}

/* Whoever waits for an answer is hung up on, and nobody listens any more. */
static void
test_ends (void)
{
  DemoServer *server = start ();
  guint16 port = get_port (server);
  g_autoptr (GSocketConnection) idle = NULL;
  g_autoptr (GSocketConnection) late = NULL;
  g_autoptr (GSocketConnection) waiting = request (server, DEMO_SERVER_ENDLESS);
  g_autoptr (GError) error = NULL;
  G_GNUC_UNUSED g_autofree char *begin = read_some (waiting, 1024);
  g_autofree char *rest = NULL;

  idle = connect_to (port, &error);
  g_assert_no_error (error);
  demo_server_free (server);

  rest = read_some (waiting, ENOUGH);
  g_assert_cmpuint (strlen (rest), <, ENOUGH);
  late = connect_to (port, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

/* Not even begun to serve, it can be ended. */
static void
test_ends_at_once (void)
{
  for (guint i = 0; i < 100; i++)
    demo_server_free (start ());
}

/* Clients that come and go leave nothing behind. */
static void
test_clients_gone (void)
{
  g_autoptr (DemoServer) server = start ();
  static const char *const paths[] = { DEMO_SERVER_SLOW, DEMO_SERVER_ENDLESS, DEMO_SERVER_CUT };
  g_autofree char *quick = NULL;

  for (guint i = 0; i < 30; i++)
    {
      g_autoptr (GSocketConnection) connection = request (server, paths[i % G_N_ELEMENTS (paths)]);
      g_autofree char *begin = read_some (connection, i % 2 == 0 ? 0 : 10);

      g_assert_cmpuint (strlen (begin), ==, i % 2 == 0 ? 0 : 10);
    }

  quick = ask (server, DEMO_SERVER_QUICK);
  g_assert_nonnull (strstr (get_body (quick), "42"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server/statuses", test_statuses);
  g_test_add_func ("/server/slow-in-time-and-complete", test_slow);
  g_test_add_func ("/server/cut-off", test_cut);
  g_test_add_func ("/server/endless", test_endless);
  g_test_add_func ("/server/ends/hangs-up", test_ends);
  g_test_add_func ("/server/ends/at-once", test_ends_at_once);
  g_test_add_func ("/server/clients-gone", test_clients_gone);

  return g_test_run ();
}
