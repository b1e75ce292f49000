/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* Functions that wait for calls of their own: they lend their place, and so never wait for
 * each other.
 */

#include "testutils.h"

/* A limiter, and how many functions are inside of it that run and don't wait. */
typedef struct {
  AsyncifyLimiter *limiter;
  int inside, most; /* atomic */
} Lane;

/* Functions that call each other, each on a worker of its own. */
typedef struct {
  Lane lanes[2];
  guint n_lanes;  /* they take turns, from one call to the next */
  guint width;    /* how many calls each makes at once */
  gboolean pairs; /* it waits in a pair made blocking; otherwise in its own loop */
  TestGate *gate; /* nullable: those that are called by none of them stop here */
  guint depth;    /* how deep these go */
} Nest;

static guint nest (Nest *nest,
                   guint depth);
ASYNCIFY_DEFINE (VALUE (guint), nest, BORROWED (Nest *, nest), VALUE (guint, depth))
SYNCIFY_DEFINE (VALUE (guint), nest_and_wait, nest_async_full, nest_finish, BORROWED (Nest *, nest),
                VALUE (guint, depth), BORROWED (const AsyncifyOptions *, options))

static void
lane_enter (Lane *lane)
{
  int inside = g_atomic_int_add (&lane->inside, 1) + 1;
  int most = g_atomic_int_get (&lane->most);

  while (inside > most && !g_atomic_int_compare_and_exchange (&lane->most, most, inside))
    most = g_atomic_int_get (&lane->most);
}

/* Not before one too many, if there is one, had the chance to come in. */
static void
lane_leave (Lane *lane)
{
  g_thread_yield ();
  g_atomic_int_add (&lane->inside, -1);
}

static Lane *
nest_get_lane (Nest *nest,
               guint depth)
{
  return &nest->lanes[depth % nest->n_lanes];
}

static AsyncifyOptions
nest_get_options (Nest *nest,
                  guint depth)
{
  return (AsyncifyOptions) { .limiter = nest_get_lane (nest, depth)->limiter };
}

/* What a function waits for. */
typedef struct {
  Lane *lane; /* nullable: the waiting one's, if it has no other calls under way */
  guint n_ended;
  guint sum;
} Wait;

/* It has its place while it is called back; or goes on beside the other calls that it made. */
static void
nested_cb (GObject *source_object,
           GAsyncResult *result,
           gpointer user_data)
{
  Wait *wait = user_data;

  if (wait->lane != NULL)
    lane_enter (wait->lane);
  wait->n_ended++;
  wait->sum += nest_finish (result, NULL);
  if (wait->lane != NULL)
    lane_leave (wait->lane);
}

static guint
wait_in_loop (Nest *self,
              guint depth)
{
  const AsyncifyOptions options = nest_get_options (self, depth - 1);
  g_autoptr (GMainContext) context = g_main_context_new ();
  Wait wait = { .lane = self->width == 1 ? nest_get_lane (self, depth) : NULL };

  g_main_context_push_thread_default (context);
  for (guint i = 0; i < self->width; i++)
    nest_async_full (self, depth - 1, &options, NULL, nested_cb, &wait);
  run_until (wait.n_ended == self->width);
  g_main_context_pop_thread_default (context);

  return wait.sum;
}

static guint
wait_in_pair (Nest *self,
              guint depth)
{
  const AsyncifyOptions options = nest_get_options (self, depth - 1);
  g_autoptr (GError) error = NULL;
  guint sum = nest_and_wait (self, depth - 1, &options, NULL, &error);

  g_assert_no_error (error);

  return sum;
}

/* Returns: how many functions have run */
static guint
nest (Nest *self,
      guint depth)
{
  Lane *lane = nest_get_lane (self, depth);
  guint sum = 1;

  lane_enter (lane);
  if (depth == self->depth && self->gate != NULL)
    test_gate_enter (self->gate);
  if (depth > 0)
    {
      lane_leave (lane);
      sum += self->pairs ? wait_in_pair (self, depth) : wait_in_loop (self, depth);
      lane_enter (lane);
    }
  lane_leave (lane);

  return sum;
}

/* How often there are how many */
typedef struct {
  guint n_waits, max_running;
  gboolean pairs;
} Case;

static void
nest_init (Nest *self,
           const Case *the_case)
{
  *self = (Nest) { .n_lanes = 1, .width = 1, .pairs = the_case->pairs };
  for (guint i = 0; i < G_N_ELEMENTS (self->lanes); i++)
    self->lanes[i].limiter = asyncify_limiter_new (the_case->max_running);
}

/* All have come to their end, there were never too many, and no place was lost or won. */
static void
nest_clear (Nest *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->lanes); i++)
    {
      AsyncifyLimiter *limiter = self->lanes[i].limiter;

      g_assert_cmpint (self->lanes[i].inside, ==, 0);
      g_assert_cmpuint (self->lanes[i].most, <=, asyncify_limiter_get_max_running (limiter));
      g_assert_cmpuint (asyncify_limiter_get_running (limiter), ==, 0);
      g_assert_cmpuint (asyncify_limiter_get_queued (limiter), ==, 0);
      g_object_unref (limiter);
    }
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Nest, nest_clear)

static void
nest_call (Nest *self,
           guint depth,
           TestReply *reply)
{
  const AsyncifyOptions options = nest_get_options (self, depth);

  nest_async_full (self, depth, &options, NULL, test_reply_cb, reply);
}

static void
say_how_long (const Case *the_case,
              gint64 began)
{
  g_test_message ("%u waits, at most %u running: %.1f ms", the_case->n_waits,
                  the_case->max_running,
                  (g_get_monotonic_time () - began) / (double) G_TIME_SPAN_MILLISECOND);
}

/* Each waits for the next one. */
static void
check_chain (const Case *the_case,
             guint n_lanes)
{
  gint64 began = g_get_monotonic_time ();
  g_auto (TestReply) reply = { 0 };
  g_auto (Nest) chain;

  nest_init (&chain, the_case);
  chain.n_lanes = n_lanes;
  chain.depth = the_case->n_waits;
  nest_call (&chain, chain.depth, &reply);
  g_assert_cmpuint (nest_finish (test_reply_await (&reply), NULL), ==, the_case->n_waits + 1);
  say_how_long (the_case, began);
}

static void
test_chain (TestFixture *fixture,
            gconstpointer data)
{
  check_chain (data, 1);
}

static void
test_other_limiter (TestFixture *fixture,
                    gconstpointer data)
{
  check_chain (data, 2);
}

/* Many wait at once. All places are taken when they begin to. */
static void
test_row (TestFixture *fixture,
          gconstpointer data)
{
  const Case *the_case = data;
  const guint n_calls = the_case->n_waits;
  g_autofree TestReply *replies = g_new0 (TestReply, n_calls);
  gint64 began = g_get_monotonic_time ();
  TEST_GATE (gate);
  g_auto (Nest) row;

  nest_init (&row, the_case);
  row.depth = 1;
  row.gate = &gate;
  for (guint i = 0; i < n_calls; i++)
    nest_call (&row, row.depth, &replies[i]);
  test_gate_await (&gate, MIN (n_calls, the_case->max_running));
  test_gate_open (&gate);
  for (guint i = 0; i < n_calls; i++)
    {
      g_assert_cmpuint (nest_finish (test_reply_await (&replies[i]), NULL), ==, 2);
      test_reply_clear (&replies[i]);
    }
  say_how_long (the_case, began);
}

/* Each waits for three at once, four times over. */
static void
test_tree (TestFixture *fixture,
           gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();
  g_auto (TestReply) reply = { 0 };
  g_auto (Nest) tree;

  nest_init (&tree, data);
  tree.width = 3;
  tree.depth = 4;
  nest_call (&tree, tree.depth, &reply);
  g_assert_cmpuint (nest_finish (test_reply_await (&reply), NULL), ==, 1 + 3 + 9 + 27 + 81);
  say_how_long (data, began);
}

typedef void (*TestFunc) (TestFixture  *fixture,
                          gconstpointer data);

static void
add (const char *shape,
     TestFunc func,
     const Case *the_case)
{
  g_autofree char *path = g_strdup_printf ("/nested/%s/%s/%u-waits/limiter-of-%u", shape,
                                           the_case->pairs ? "in-pairs" : "in-loops",
                                           the_case->n_waits, the_case->max_running);

  g_test_add (path, TestFixture, the_case, test_setup, func, test_teardown);
}

int
main (int argc,
      char *argv[])
{
  static const guint waits[] = { 11, 20, 40, 200 };
  static const guint limits[] = { 1, 2, 40 };
  static Case cases[2 * G_N_ELEMENTS (waits) * G_N_ELEMENTS (limits)];
  static const Case trees[] = { { 40, 1, FALSE }, { 40, 40, FALSE } };
  static const Case turns[] = { { 40, 1, FALSE }, { 40, 1, TRUE } };
  guint n_cases = 0;

  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (waits); i++)
    for (guint k = 0; k < G_N_ELEMENTS (limits); k++)
      for (guint pairs = FALSE; pairs <= TRUE; pairs++)
        {
          Case *the_case = &cases[n_cases++];

          *the_case = (Case) { waits[i], limits[k], pairs };
          add ("chain", test_chain, the_case);
          add ("row", test_row, the_case);
        }
  for (guint i = 0; i < G_N_ELEMENTS (trees); i++)
    add ("tree", test_tree, &trees[i]);
  for (guint i = 0; i < G_N_ELEMENTS (turns); i++)
    add ("two-limiters-in-turn", test_other_limiter, &turns[i]);

  return g_test_run ();
}
