/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What wakes a loop: whoever rings is heard, however many others ring at that moment. */

#include "testutils.h"

#include <asyncify/asyncify-bell-private.h>

/* So many rounds, or for so long (in us) on a machine that has other things to do. */
#define N_ROUNDS 50000
#define MAX_TIME (3 * G_TIME_SPAN_SECOND)

typedef struct {
  AsyncifyBell *bell;
  gboolean letter; /* atomic: there is something to fetch */
  gboolean done;   /* atomic */
} House;

/* Rings and runs away. */
static gpointer
child_thread (gpointer data)
{
  House *house = data;

  for (guint i = 0; !g_atomic_int_get (&house->done); i++)
    {
      asyncify_bell_ring (house->bell);
      if (i % 64 == 0)
        g_thread_yield ();
    }

  return NULL;
}

/* Brings something each time, and waits until it is fetched. */
static gpointer
postman_thread (gpointer data)
{
  House *house = data;
  const gint64 until = g_get_monotonic_time () + MAX_TIME;

  for (guint i = 0; i < N_ROUNDS && g_get_monotonic_time () < until; i++)
    {
      g_atomic_int_set (&house->letter, TRUE);
      asyncify_bell_ring (house->bell);
      while (g_atomic_int_get (&house->letter))
        g_thread_yield ();
    }
  g_atomic_int_set (&house->done, TRUE);
  asyncify_bell_ring (house->bell);

  return NULL;
}

static void
test_heard (void)
{
  House house = { .bell = asyncify_bell_new () };
  GThread *child = g_thread_new ("child", child_thread, &house);
  GThread *postman = g_thread_new ("postman", postman_thread, &house);

  while (!g_atomic_int_get (&house.done))
    {
      const int answer = g_poll (asyncify_bell_get_pollfd (house.bell), 1, 30 * 1000);

      g_assert_cmpint (answer, ==, 1);
      asyncify_bell_hush (house.bell);
      g_atomic_int_set (&house.letter, FALSE);
    }

  g_thread_join (postman);
  g_thread_join (child);
  asyncify_bell_free (house.bell);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/bell/heard", test_heard);

  return g_test_run ();
}
