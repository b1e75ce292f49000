/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The page of Name lookup. No name server is asked, but for a name that nobody may have. */

#include <glib.h>

#ifdef G_OS_UNIX
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#endif

#include "testpage.h"

#define MEGABYTE (1024 * 1024)

/* Looks like an address, and is none: the system's resolver says so by itself. */
#define BAD_ADDRESS "127.1"

/* Each of them as often as can be asked for would take hours. */
#define FEW  "127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.1 127.0.0.1 "
#define MANY FEW FEW FEW FEW

/* What the system calls 127.0.0.1, by way of its own function. Elsewhere than on Unix that
 * would need a library more, so any name will do there. */
static char *
get_loopback_name (void)
{
#ifdef G_OS_UNIX
  struct sockaddr_in address = { .sin_family = AF_INET };
  char name[NI_MAXHOST];

  address.sin_addr.s_addr = g_htonl (INADDR_LOOPBACK);
  g_assert_cmpint (getnameinfo ((struct sockaddr *) &address, sizeof address, name, sizeof name,
                                NULL, 0, NI_NAMEREQD),
                   ==, 0);

  return g_strdup (name);
#else
  return g_strdup ("");
#endif
}

static void
assert_works (TestPage *self)
{
  g_autofree char *name = get_loopback_name ();

  test_page_type (self, "Names", "127.0.0.1");
  test_page_type (self, "Times", "10");
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "1 answer, asked 10 times");
    }
  test_page_wait_for_items (self, 1);
  g_assert_true (test_page_has_row (self, "127.0.0.1", name));
}

static void
test_answers (TestPage *self,
              gconstpointer data)
{
  g_autofree char *name = get_loopback_name ();

  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_type (self, "Names", "localhost,\t127.0.0.1 ;;, ");
      test_page_type (self, "Times", "3");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "3 answers, asked 6 times");
    }

  test_page_wait_for_items (self, 3);
  g_assert_cmpuint (g_list_model_get_n_items (test_page_get_items (self)), ==, 3);
  g_assert_true (test_page_has_row (self, "localhost", "127.0.0.1"));
  g_assert_true (test_page_has_row (self, "localhost", "::1"));
  g_assert_true (test_page_has_row (self, "127.0.0.1", name));
}

/* As it is at first. The tour plays that both ways. */
static void
test_default (TestPage *self,
              gconstpointer data)
{
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "3 answers, asked 80000 times");
}

/* What can't be found is asked for only once, and the others all the same. */
static void
test_not_found (TestPage *self,
                gconstpointer data)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_type (self, "Names", BAD_ADDRESS);
      test_page_type (self, "Times", "1000");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "failed", "“" BAD_ADDRESS "”");

      test_page_type (self, "Names", BAD_ADDRESS " 127.0.0.1");
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "1 answer, asked 1001 times; 1 could not be found");
    }

  test_page_wait_for_items (self, 2);
  g_assert_true (test_page_has_row (self, BAD_ADDRESS, "“" BAD_ADDRESS "”"));
  assert_works (self);
}

/* https://www.rfc-editor.org/rfc/rfc6761#section-6.4: there is no such host, ever. To find that
 * out may take a while, so only the right way. */
static void
test_no_such_host (TestPage *self,
                   gconstpointer data)
{
  test_page_type (self, "Names", "asyncify.invalid, localhost");
  test_page_type (self, "Times", "1");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "2 answers, asked 2 times; 1 could not be found");
  test_page_wait_for_items (self, 3);
  g_assert_true (test_page_has_row (self, "asyncify.invalid", "asyncify.invalid"));
}

/* A resolver that has the same answers to everything, as if a server far away had given them. */

typedef struct {
  GResolver parent_instance;

  gint n_asked; /* atomic: it is asked on any thread */
} TestResolver;

typedef GResolverClass TestResolverClass;

static GType test_resolver_get_type (void);

G_DEFINE_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

#define ELSEWHERE "elsewhere.example"

/* Not all of them are addresses of this computer:
 * https://www.rfc-editor.org/rfc/rfc5737#section-3 */
static const char *const elsewhere[] = { "127.0.0.1", "192.0.2.1", "::1" };

static GList *
test_resolver_lookup_by_name (GResolver *resolver,
                              const char *name,
                              GCancellable *cancellable,
                              GError **error)
{
  GList *addresses = NULL;

  g_atomic_int_inc (&((TestResolver *) resolver)->n_asked);
  for (guint i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    addresses = g_list_append (addresses, g_inet_address_new_from_string (elsewhere[i]));

  return addresses;
}

static char *
test_resolver_lookup_by_address (GResolver *resolver,
                                 GInetAddress *address,
                                 GCancellable *cancellable,
                                 GError **error)
{
  g_atomic_int_inc (&((TestResolver *) resolver)->n_asked);

  return g_strdup (ELSEWHERE);
}

static void
test_resolver_class_init (TestResolverClass *klass)
{
  klass->lookup_by_name = test_resolver_lookup_by_name;
  klass->lookup_by_address = test_resolver_lookup_by_address;
}

static void
test_resolver_init (TestResolver *self)
{
}

/* What has to be asked for elsewhere is asked for once, however often was typed. */
static void
test_elsewhere (TestPage *self,
                gconstpointer data)
{
  g_autoptr (GResolver) before = g_resolver_get_default ();
  TestResolver *resolver = g_object_new (test_resolver_get_type (), NULL);

  g_resolver_set_default (G_RESOLVER (resolver));
  test_page_type (self, "Times", "1000");
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_type (self, "Names", ELSEWHERE);
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "3 answers, asked 1 time");
      test_page_type (self, "Names", "192.0.2.1 " ELSEWHERE);
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "succeeded", "4 answers, asked 2 times");
      g_assert_cmpint (g_atomic_int_get (&resolver->n_asked), ==, (i + 1) * 3);
    }
  g_resolver_set_default (before);
  g_object_unref (resolver);

  test_page_wait_for_items (self, 4);
  g_assert_true (test_page_has_row (self, "192.0.2.1", ELSEWHERE));
  for (guint i = 0; i < G_N_ELEMENTS (elsewhere); i++)
    g_assert_true (test_page_has_row (self, ELSEWHERE, elsewhere[i]));
  assert_works (self);
}

static char *
repeat (const char *text,
        guint n_times)
{
  GString *string = g_string_new (NULL);

  for (guint i = 0; i < n_times; i++)
    g_string_append (string, text);

  return g_string_free (string, FALSE);
}

static gboolean
is_far_enough (gpointer data)
{
  GtkWidget *bar = test_find (((TestPage *) data)->page, GTK_TYPE_PROGRESS_BAR, NULL);

  return gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)) > 0;
}

/* Its answer shows while the rest of it goes on, for many minutes. One of them the system is
 * asked for, the other GLib knows by itself. */
static void
test_cancel (TestPage *self,
             gconstpointer data)
{
  g_autofree char *localhosts = repeat ("localhost ", 100);
  const char *names[] = { "127.0.0.1", localhosts };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      test_page_type (self, "Names", names[i]);
      test_page_type (self, "Times", "40000000");
      test_page_press (self, "Asyncify");
      test_page_wait_for_items (self, 1);
      test_wait_until (is_far_enough, self);
      test_page_press (self, "Cancel");
      test_page_press (self, "Cancel");
      test_page_wait_until_idle (self);
      test_page_assert (self, "cancelled", "Cancelled");
    }
  assert_works (self);
}

/* Before it could begin, or hardly: there is no knowing. All of it would take half an hour. */
static void
test_cancel_at_once (TestPage *self,
                     gconstpointer data)
{
  g_autofree char *names = repeat ("localhost ", 100);

  test_page_type (self, "Names", names);
  test_page_type (self, "Times", "40000000");
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

static void
test_frozen_for_ever (TestPage *self,
                      gconstpointer data)
{
  test_page_type (self, "Names", MANY);
  test_page_type (self, "Times", "40000000");
  test_page_run (self, "Freeze");
  test_page_assert (self, "failed", "Stopped after 10 seconds");
  assert_works (self);
}

/* With the page, what would have gone on for hours ends too. */
static void
test_closed_meanwhile (void)
{
  TestPage page;

  test_page_set_up (&page, "lookup");
  test_page_type (&page, "Names", MANY);
  test_page_type (&page, "Times", "40000000");
  test_page_press (&page, "Asyncify");
  test_page_wait_for_items (&page, 1);
  test_page_close (&page);
}

static void
assert_refused (TestPage *self,
                const char *label,
                const char *text,
                const char *problem)
{
  for (guint i = 0; i < TEST_PAGE_WAYS; i++)
    {
      test_page_type (self, label, text);
      test_page_run (self, test_page_ways[i]);
      test_page_assert (self, "failed", problem);
    }
}

static void
test_bad_names (TestPage *self,
                gconstpointer data)
{
  static const char *const names[] = {
    ".",       "..",          "a..b",        ".a",           "-a",         "a.-b",
    "a/b",     "http://a/",   "me@a",        "a:80",         "[::1]",      "1:2:3",
    "a\302\240b", "xn--\xc3\xa9", "xn--99999999999", "\xe2\x80\xa6", "a\x01b",
  };
  g_autofree char *long_part = g_strnfill (64, 'x');
  g_autofree char *long_name = repeat ("0123456789.", 28); /* of 300 characters */
  g_autofree char *many = repeat ("a ", 101);
  g_autofree char *megabyte = g_strnfill (MEGABYTE, 'x');
  g_autofree char *separators = g_strnfill (MEGABYTE, ',');

  assert_refused (self, "Names", "", "Type one, or several");
  assert_refused (self, "Names", " ,;\t, ", "Type one, or several");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *problem = g_strdup_printf ("“%s” can't be the name of a host", names[i]);

      assert_refused (self, "Names", names[i], problem);
    }
  assert_refused (self, "Names", long_part, "can't be the name of a host");
  assert_refused (self, "Names", long_name, "can't be the name of a host");
  assert_refused (self, "Names", many, "100 names and 4000 characters at most");
  assert_refused (self, "Names", megabyte, "100 names and 4000 characters at most");
  assert_refused (self, "Names", separators, "Type one, or several");
  assert_works (self);
}

static void
test_bad_times (TestPage *self,
                gconstpointer data)
{
  g_autofree char *megabyte = g_strnfill (MEGABYTE, '9');
  const char *times[] = { "", " ", "0", "-1", "40000001", "1.5", "often", megabyte };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    assert_refused (self, "Times", times[i], "a whole number from 1 to 40000000");
  assert_works (self);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  if (!test_widgets_begin ())
    return 0;

  test_page_add ("/lookup/answers/right", "lookup", test_answers);
  test_page_add ("/lookup/answers/default", "lookup", test_default);
  test_page_add ("/lookup/answers/not-found", "lookup", test_not_found);
  test_page_add ("/lookup/answers/no-such-host", "lookup", test_no_such_host);
  test_page_add ("/lookup/answers/elsewhere-asked-once", "lookup", test_elsewhere);
  test_page_add ("/lookup/cancel/in-the-middle", "lookup", test_cancel);
  test_page_add ("/lookup/cancel/at-once", "lookup", test_cancel_at_once);
  test_page_add ("/lookup/never-frozen-for-ever", "lookup", test_frozen_for_ever);
  test_page_add ("/lookup/bad/names", "lookup", test_bad_names);
  test_page_add ("/lookup/bad/times", "lookup", test_bad_times);
  g_test_add_func ("/lookup/closed-meanwhile", test_closed_meanwhile);

  return g_test_run ();
}
