/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Web API: good servers, bad servers, and none. All of them are on the loopback
 * interface. */

#include "demo-server.h"
#include "testpage.h"
#include "testserver.h"

/* The answers that can be chosen, in their order */
enum {
  QUICK,
  SLOW,
  FAILING,
  MISSING,
  ENDLESS,
  CUT,
  GARBAGE,
  REDIRECT,
  TYPED
};

#define MEGABYTE (1024 * 1024)

/* What counts as at once, on the busiest machine, in us. */
#define AT_ONCE (G_TIME_SPAN_SECOND * 20)

static void
choose (TestPage *self,
        guint answer)
{
  GtkWidget *drop_down = test_find (self->page, GTK_TYPE_DROP_DOWN, NULL);

  g_assert_true (gtk_widget_is_sensitive (drop_down));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), answer);
}

static char *
get_body (TestPage *self)
{
  GtkWidget *view = test_find (self->page, GTK_TYPE_TEXT_VIEW, NULL);
  GtkTextBuffer *buffer;
  char *text = NULL;

  /* The Source tab has one too, but comes later. */
  g_assert_nonnull (view);
  buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (view));
  g_object_get (buffer, "text", &text, NULL);

  return text;
}

/* Both ways the same, with @body among what is shown of it. */
static void
assert_answered (TestPage *self,
                 const char *outcome,
                 const char *result,
                 const char *body)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      g_autofree char *shown = NULL;

      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, outcome, result);
      shown = get_body (self);
      g_assert_nonnull (strstr (shown, body));
      if (*body == '\0')
        g_assert_cmpstr (shown, ==, "");
    }
}

/* After whatever happened, good answers arrive. */
static void
assert_works (TestPage *self)
{
  choose (self, QUICK);
  assert_answered (self, "succeeded", "200 OK: application/json, ", "\"answer\": 42\n");
}

static void
test_quick (TestPage *self,
            gconstpointer data)
{
  choose (self, QUICK);
  assert_answered (self, "succeeded", "200 OK: application/json, 48 bytes", "\"Grüß Gott\"");
}

static gboolean
is_far_enough (gpointer data)
{
  GtkWidget *bar = test_find (((TestPage *) data)->page, GTK_TYPE_PROGRESS_BAR, NULL);

  return gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)) > 0;
}

static gboolean
has_begun (gpointer data)
{
  GtkWidget *bar = test_find (((TestPage *) data)->page, GTK_TYPE_PROGRESS_BAR, NULL);

  return gtk_progress_bar_get_text (GTK_PROGRESS_BAR (bar)) != NULL;
}

/* What is chosen at first. The beginning of it is shown, and all of it was read. */
static void
test_slow (TestPage *self,
           gconstpointer data)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      gint64 began = g_get_monotonic_time ();
      g_autofree char *body = NULL;

      test_page_press (self, test_page_ways[i]);
      if (i == 1)
        test_wait_until (is_far_enough, self);
      test_page_wait_until_idle (self);
      g_assert_cmpint (g_get_monotonic_time () - began, >=,
                       DEMO_SERVER_SLOW_TIME * G_TIME_SPAN_MILLISECOND);
      test_page_assert (self, "succeeded", "200 OK: application/json, 30720 bytes");
      body = get_body (self);
      g_assert_true (g_str_has_prefix (body, "[{\"n\":    0, \"square\":      0},\n"));
      g_assert_true (g_str_has_suffix (body, " {\"n\":  127, \"square\":  16129},\n…"));
    }
}

static void
test_statuses (TestPage *self,
               gconstpointer data)
{
  choose (self, FAILING);
  assert_answered (self, "failed", "“500 Internal Server Error” (text/plain, 18 bytes)",
                   "The disk is full.\n");
  choose (self, MISSING);
  assert_answered (self, "failed", "“404 Not Found” (text/plain, 29 bytes)", "no such thing");
  assert_works (self);
}

/* What went before is not shown as if it were the answer. */
static void
test_bad_servers (TestPage *self,
                  gconstpointer data)
{
  assert_works (self);
  choose (self, CUT);
  assert_answered (self, "failed", "hung up in the middle", "");
  assert_works (self);
  choose (self, GARBAGE);
  assert_answered (self, "failed", "isn't HTTP", "");
  assert_works (self);
  choose (self, REDIRECT);
  assert_answered (self, "failed", "round in circles", "");
  assert_works (self);
}

static void
test_cancel (TestPage *self,
             gconstpointer data)
{
  gint64 began;

  choose (self, SLOW);
  test_page_press (self, "Asyncify");
  test_wait_until (is_far_enough, self);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");

  choose (self, ENDLESS);
  test_page_press (self, "Asyncify");
  test_wait_until (has_begun, self);
  began = g_get_monotonic_time ();
  test_page_press (self, "Cancel");
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");
  g_assert_cmpint (g_get_monotonic_time () - began, <, AT_ONCE);
  assert_works (self);
}

/* Before it could begin, or hardly: there is no knowing. */
static void
test_cancel_at_once (TestPage *self,
                     gconstpointer data)
{
  choose (self, ENDLESS);
  for (guint i = 0; i < 10; i++)
    {
      test_page_press (self, "Asyncify");
      test_iterate (i);
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
    }
  assert_works (self);
}

/* Somebody who accepts, and then says nothing at all. */
static void
test_cancel_silence (TestPage *self,
                     gconstpointer data)
{
  g_autoptr (TestServer) server = test_server_new_silent ();
  g_autofree char *address = test_server_get_address (server, "http", "/");

  choose (self, TYPED);
  test_page_type (self, "Address", address);
  test_page_press (self, "Asyncify");
  test_server_wait_for_client (server);
  test_page_press (self, "Cancel");
  test_page_wait_until_idle (self);
  test_page_assert (self, "cancelled", "Cancelled");

  test_page_type (self, "Limit (s)", "1");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "failed", "longer than 1 second.");
  test_page_type (self, "Limit (s)", "0");
  assert_works (self);
}

static void
test_limit (TestPage *self,
            gconstpointer data)
{
  choose (self, ENDLESS);
  test_page_type (self, "Limit (s)", "1");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "failed", "The answer took longer than 1 second.");
  choose (self, SLOW);
  test_page_run (self, "Asyncify");
  test_page_assert (self, "failed", "The answer took longer than 1 second.");

  /* Whatever comes sooner is not touched by it. */
  test_page_type (self, "Limit (s)", "60");
  assert_works (self);
}

/* No limit would help: the loop, which keeps it, stands still. */
static void
test_frozen_for_ever (TestPage *self,
                      gconstpointer data)
{
  choose (self, ENDLESS);
  test_page_run (self, "Freeze");
  test_page_assert (self, "failed", "Stopped after 10 seconds");
  assert_works (self);
}

static void
test_bad_limits (TestPage *self,
                 gconstpointer data)
{
  g_autofree char *megabyte = g_strnfill (MEGABYTE, '9');
  const char *limits[] = { "", " ", "-1", "3601", "1.5", "1e3", "soon", "0x10", megabyte };

  choose (self, QUICK);
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    for (guint j = 0; j < TEST_PAGE_WAYS; j++)
      {
        test_page_type (self, "Limit (s)", limits[i]);
        test_page_run (self, test_page_ways[j]);
        test_page_assert (self, "failed", "a whole number from 0 to 3600");
      }

  test_page_type (self, "Limit (s)", " 3600 ");
  assert_works (self);
}

/* With the page, what would never end ends too. */
static void
test_closed_meanwhile (void)
{
  TestPage page;

  test_page_set_up (&page, "web");
  test_page_press (&page, "Asyncify");
  test_page_close (&page);

  test_page_set_up (&page, "web");
  choose (&page, ENDLESS);
  test_page_press (&page, "Asyncify");
  test_wait_until (has_begun, &page);
  test_page_close (&page);
}

static void
assert_refused (TestPage *self,
                const char *address,
                const char *problem)
{
  choose (self, TYPED);
  test_page_type (self, "Address", address);
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "failed", problem);
    }
}

static void
test_nonsense (TestPage *self,
               gconstpointer data)
{
  static const char *const no_addresses[]
    = { "http://",           "http:///path",         "http://:80/",     "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/", "http://127.0.0.1:-1/", "http://[::1/",    "http://exa mple/",
        "http://127.0.0.1:http/", "http:y://z" };
  g_autofree char *filling = g_strnfill (MEGABYTE, 'x');
  g_autofree char *megabyte = g_strconcat ("http://127.0.0.1/", filling, NULL);

  assert_refused (self, "", "Type one");
  assert_refused (self, "  \t ", "Type one");
  assert_refused (self, "example", "begins with http");
  assert_refused (self, "//example", "begins with http");
  assert_refused (self, "javascript:alert(1)", "begins with http");
  assert_refused (self, "ftp://127.0.0.1/", "Only http");
  assert_refused (self, "file:///etc/hosts", "Only http");
  assert_refused (self, "ws://127.0.0.1/", "Only http");
  assert_refused (self, megabyte, "too long");
  for (guint i = 0; i < G_N_ELEMENTS (no_addresses); i++)
    assert_refused (self, no_addresses[i], "is no web address");
  assert_works (self);
}

static void
test_nobody (TestPage *self,
             gconstpointer data)
{
  g_autofree char *address = test_server_get_unused_address ();

  assert_refused (self, address, "“127.0.0.1”: Nobody listens there.");
  assert_works (self);
}

/* https://www.rfc-editor.org/rfc/rfc6761#section-6.4: there is no such host, ever. To find that
 * out may take a while, so only the right way. */
static void
test_no_such_host (TestPage *self,
                   gconstpointer data)
{
  choose (self, TYPED);
  test_page_type (self, "Address", "http://asyncify.invalid/");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "failed", "“asyncify.invalid”: No such host can be found.");
  assert_works (self);
}

/* What it answers has nothing to do with TLS. */
static void
test_unsafe (TestPage *self,
             gconstpointer data)
{
  g_autoptr (TestServer) server = test_server_new ("HTTP/1.1 200 OK\r\n\r\nhello", -1, 0);
  g_autofree char *address = test_server_get_address (server, "https", "/");

  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_test_skip ("GLib has no TLS module here");
      return;
    }

  assert_refused (self, address, "“127.0.0.1”: There is no safe connection to it.");
  assert_works (self);
}

static void
test_typed (TestPage *self,
            gconstpointer data)
{
  static const char answer[] = "HTTP/1.0 203 caf\xe9\r\nContent-Type: Text/Weird; x=y\r\n\r\n"
                               "a\0b\xff\xc3(\n";
  g_autoptr (TestServer) server = test_server_new (answer, sizeof answer - 1, 0);
  g_autoptr (TestServer) bare = test_server_new ("HTTP/1.1 204 Nothing\r\n\r\n", -1, 0);
  g_autofree char *address = test_server_get_address (server, "HTTP", "/x?y=%20z#part");
  g_autofree char *padded = g_strconcat ("  ", address, "\t", NULL);
  g_autofree char *bare_address = test_server_get_address (bare, "http", "");

  choose (self, TYPED);
  test_page_type (self, "Address", padded);
  assert_answered (self, "succeeded", "203 caf\xef\xbf\xbd: Text/Weird, 7 bytes",
                   "a\xef\xbf\xbd" "b\xef\xbf\xbd\xef\xbf\xbd(\n");
  g_assert_true (g_str_has_prefix (test_server_get_request (server), "GET /x?y=%20z HTTP/1.1\r\n"));

  test_page_type (self, "Address", bare_address);
  assert_answered (self, "succeeded", "204 Nothing: no type, 0 bytes", "");
}

/* As much as a small computer has memory, of characters of which the shown ones don't fill the
 * space that there is for them. */
static void
test_huge (TestPage *self,
           gconstpointer data)
{
  g_autoptr (TestServer) server
    = test_server_new ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", -1, 100 * MEGABYTE);
  g_autofree char *address = test_server_get_address (server, "http", "/");
  gsize before = test_server_get_memory ();

  choose (self, TYPED);
  test_page_type (self, "Address", address);
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      g_autofree char *body = NULL;

      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "200 OK: text/plain, 104857600 bytes");
      body = get_body (self);
      g_assert_cmpuint (strlen (body), ==, 4095 + strlen ("…"));
      g_assert_true (g_str_has_suffix (body, "€…"));
    }

  if (before > 0)
    g_assert_cmpuint (test_server_get_memory (), <, before + 50 * MEGABYTE);
}

/* The address can be typed only where it counts. */
static void
test_address_visible (TestPage *self,
                      gconstpointer data)
{
  GtkWidget *entry = test_find_entry (self->page, "Address");

  g_assert_false (gtk_widget_get_mapped (entry));
  choose (self, TYPED);
  g_assert_true (gtk_widget_get_mapped (entry));
  choose (self, QUICK);
  g_assert_false (gtk_widget_get_mapped (entry));
}

/* GLib can be told to do without TLS, but only before it has looked for it. */
static void
test_without_tls (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (TestServer) server = test_server_new ("", 0, 0);
      g_autofree char *address = test_server_get_address (server, "https", "/");
      TestPage page;

      test_page_set_up (&page, "web");
      assert_refused (&page, address, "glib-networking");
      test_page_tear_down (&page, NULL);
      return;
    }

  g_setenv ("GIO_USE_TLS", "dummy", TRUE);
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
  g_unsetenv ("GIO_USE_TLS");
  g_test_trap_assert_passed ();
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  if (!test_widgets_begin ())
    return 0;

  test_page_add ("/web/answers/quick", "web", test_quick);
  test_page_add ("/web/answers/slow-with-progress", "web", test_slow);
  test_page_add ("/web/answers/statuses", "web", test_statuses);
  test_page_add ("/web/answers/typed", "web", test_typed);
  test_page_add ("/web/answers/huge-in-little-memory", "web", test_huge);
  test_page_add ("/web/answers/address-only-where-it-counts", "web", test_address_visible);
  test_page_add ("/web/cancel/in-the-middle", "web", test_cancel);
  test_page_add ("/web/cancel/at-once", "web", test_cancel_at_once);
  test_page_add ("/web/cancel/silence", "web", test_cancel_silence);
  test_page_add ("/web/limit/too-late", "web", test_limit);
  test_page_add ("/web/limit/never-frozen-for-ever", "web", test_frozen_for_ever);
  test_page_add ("/web/limit/nonsense", "web", test_bad_limits);
  test_page_add ("/web/bad/servers", "web", test_bad_servers);
  test_page_add ("/web/bad/nonsense", "web", test_nonsense);
  test_page_add ("/web/bad/nobody-listens", "web", test_nobody);
  test_page_add ("/web/bad/no-such-host", "web", test_no_such_host);
  test_page_add ("/web/bad/unsafe", "web", test_unsafe);
  g_test_add_func ("/web/bad/without-tls", test_without_tls);
  g_test_add_func ("/web/closed-meanwhile", test_closed_meanwhile);

  return g_test_run ();
}
