/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The visits that workers pay to a loop which has other things to do, or which nobody runs. */

#include "testutils.h"

#include <asyncify/asyncify-news-private.h>
#include <asyncify/asyncify-visit-private.h>

/* GDK_PRIORITY_REDRAW */
#define PRIORITY_REDRAW (G_PRIORITY_HIGH_IDLE + 20)

/* What the contract says */
#define SLICE (2 * G_TIME_SPAN_MILLISECOND)
#define LATE (100 * G_TIME_SPAN_MILLISECOND)
#define GIVES_UP_AFTER (5 * G_TIME_SPAN_SECOND)
G_STATIC_ASSERT (ASYNCIFY_MAILBOX_LOOK * ASYNCIFY_MAILBOX_LOOKS == GIVES_UP_AFTER);

static void
burn (gint64 time)
{
  gint64 until = g_get_monotonic_time () + time;

  while (g_get_monotonic_time () < until)
    ;
}

/* What is drawn, and which visits come in between. */
typedef struct {
  GSource *redraw;
  gboolean draws_always;
  guint n_visits;
  guint since_redraw; /* visits since something was drawn */
  guint most;         /* the largest that ever was */
} Canvas;

static gboolean
redraw_dispatch (GSource *source,
                 GSourceFunc callback,
                 gpointer user_data)
{
  return callback (user_data);
}

static gboolean
redraw_cb (gpointer data)
{
  Canvas *canvas = data;

  canvas->since_redraw = 0;
  if (!canvas->draws_always)
    g_source_set_ready_time (canvas->redraw, -1);

  return G_SOURCE_CONTINUE;
}

static void
canvas_init (Canvas *canvas,
             gboolean draws_always)
{
  static GSourceFuncs funcs = { .dispatch = redraw_dispatch };

  *canvas = (Canvas) { .redraw = g_source_new (&funcs, sizeof (GSource)),
                       .draws_always = draws_always };
  g_source_set_priority (canvas->redraw, PRIORITY_REDRAW);
  g_source_set_callback (canvas->redraw, redraw_cb, canvas, NULL);
  g_source_set_ready_time (canvas->redraw, draws_always ? 0 : -1);
  g_source_attach (canvas->redraw, g_main_context_get_thread_default ());
}

static void
canvas_clear (Canvas *canvas)
{
  g_source_destroy (canvas->redraw);
  g_source_unref (canvas->redraw);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Canvas, canvas_clear)

/* Each visit makes something to draw, and takes a quarter of a slice. */
static void
paint (gpointer data)
{
  Canvas *canvas = data;

  canvas->n_visits++;
  canvas->since_redraw++;
  canvas->most = MAX (canvas->most, canvas->since_redraw);
  g_source_set_ready_time (canvas->redraw, 0);
  burn (SLICE / 4);
}

static void
paint_often (Canvas *canvas,
             guint n)
{
  for (guint i = 0; i < n; i++)
    asyncify_run_in_main (paint, canvas);
}

ASYNCIFY_DEFINE (NOTHING, paint_often, BORROWED (Canvas *, canvas), VALUE (guint, n))

#define N_WORKERS 40
#define N_VISITS 25

/* There is always another one at the door. */
static void
test_slices (TestFixture *fixture,
             gconstpointer data)
{
  guint ended = 0, most = 0;
  g_auto (Canvas) canvas;

  canvas_init (&canvas, FALSE);
  for (int i = 0; i < N_WORKERS; i++)
    paint_often_async (&canvas, N_VISITS, NULL, test_count_cb, &ended);
  wait_until (test_count_arriving () == N_WORKERS);
  while (ended < N_WORKERS)
    {
      guint before = canvas.n_visits;

      g_main_context_iteration (fixture->context, TRUE);
      most = MAX (most, canvas.n_visits - before);
    }
  g_assert_cmpuint (canvas.n_visits, ==, N_WORKERS * N_VISITS);

  /* Four fill a slice: a fifth one can't have begun in it. If they come a hundred ms late, every
   * other slice comes before drawing. */
  g_assert_cmpuint (most, <=, 4);
  g_assert_cmpuint (most, >, 1);
  g_assert_cmpuint (canvas.most, <=, 8);
}

/* Drawing takes every turn of the loop. It comes first, and then each has its turn. */
static void
test_late (TestFixture *fixture,
           gconstpointer data)
{
  gint64 began = g_get_monotonic_time ();
  guint ended = 0;
  g_auto (Canvas) canvas;

  canvas_init (&canvas, TRUE);
  for (int i = 0; i < N_WORKERS; i++)
    paint_often_async (&canvas, 1, NULL, test_count_cb, &ended);
  wait_until (test_count_arriving () == N_WORKERS);
  run_until (canvas.n_visits > 0);
  g_assert_cmpint (g_get_monotonic_time () - began, >=, LATE);
  run_until (ended == N_WORKERS);
  g_assert_cmpuint (canvas.n_visits, ==, N_WORKERS);
  g_assert_cmpuint (canvas.most, <=, 4);
}

/* Which visits are late, is a matter of each. */
static void
test_late_each (TestFixture *fixture,
                gconstpointer data)
{
  AsyncifyMailbox *mailbox = asyncify_mailbox_get_thread_default ();
  AsyncifyVisits *visits = asyncify_mailbox_get_visits (mailbox);
  gint64 due_first, second_came;
  guint ended = 0;
  g_auto (Canvas) canvas;

  canvas_init (&canvas, FALSE);
  paint_often_async (&canvas, 1, NULL, test_count_cb, &ended);
  wait_until (test_count_arriving () == 1);
  due_first = asyncify_visits_get_due (visits, TRUE);
  burn (G_TIME_SPAN_MILLISECOND);
  second_came = g_get_monotonic_time ();
  paint_often_async (&canvas, 1, NULL, test_count_cb, &ended);
  wait_until (test_count_arriving () == 2);
  g_assert_cmpint (asyncify_visits_get_due (visits, TRUE), ==, due_first);

  asyncify_visits_receive (visits, 0);
  g_assert_cmpuint (canvas.n_visits, ==, 1);
  g_assert_cmpint (asyncify_visits_get_due (visits, TRUE), >=, second_came + LATE);
  run_until (ended == 2);
  asyncify_mailbox_unref (mailbox);
}

/* A visit that counts, to a loop of a thread of its own. It takes a while, or the loop is busy
 * for a while before that. */
typedef struct {
  GThread *thread;
  gint64 busy, takes; /* us */
  TestGate entered;   /* by the visit */
  guint n_calls;
  int n_returned; /* atomic */
} Host;

static void
receive (gpointer data)
{
  Host *host = data;

  host->n_calls++;
  test_gate_enter (&host->entered);
  g_usleep (host->takes);
  g_assert_cmpint (g_atomic_int_get (&host->n_returned), ==, 0);
}

static int
visit_host (Host *host)
{
  asyncify_run_in_main (receive, host);
  g_atomic_int_inc (&host->n_returned);

  return host->n_calls;
}

ASYNCIFY_DEFINE (VALUE (int), visit_host, BORROWED (Host *, host))

static gpointer
host_run (gpointer data)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_auto (TestReply) reply = { 0 };
  Host *host = data;

  g_main_context_push_thread_default (context);
  visit_host_async (host, NULL, test_reply_cb, &reply);
  if (host->busy > 0)
    {
      wait_until (test_count_arriving () == 1);
      g_usleep (host->busy);
    }
  g_assert_cmpint (visit_host_finish (test_reply_await (&reply), NULL), ==, 1);
  g_main_context_pop_thread_default (context);

  return NULL;
}

static void
host_start (Host *host,
            gint64 busy,
            gint64 takes)
{
  *host = (Host) { .busy = busy, .takes = takes };
  test_gate_init (&host->entered);
  test_gate_open (&host->entered);
  host->thread = g_thread_new ("host", host_run, host);
}

static void
host_end (Host *host)
{
  g_thread_join (host->thread);
  test_gate_clear (&host->entered);
}

#define N_THINGS (2 * ASYNCIFY_NEWS_MAX_ITEMS)

static void
emit_things (int *ended)
{
  for (int i = 0; i < N_THINGS; i++)
    {
      g_autoptr (TestThing) thing = test_thing_new (i);

      asyncify_emit (G_OBJECT (thing));
    }
  g_atomic_int_set (ended, TRUE);
}

ASYNCIFY_DEFINE (NOTHING, emit_things, BORROWED (int *, ended))

static void
never_run (gpointer data)
{
  g_assert_not_reached ();
}

static void
visit_nobody (int *ended)
{
  asyncify_run_in_main (never_run, NULL);
  g_atomic_int_set (ended, TRUE);
}

ASYNCIFY_DEFINE (NOTHING, visit_nobody, BORROWED (int *, ended))

/* All that takes its time. Who waits for a loop that nobody runs gives up; and not if it is
 * only busy, or takes long for the visit itself. */
static void
test_not_run (TestFixture *fixture,
              gconstpointer data)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new ("Emit");
  gint64 began = g_get_monotonic_time ();
  int emit_ended = FALSE, visit_ended = FALSE;
  g_auto (TestReply) emit_reply = { 0 };
  g_auto (TestReply) visit_reply = { 0 };
  Host busy, slow;

  host_start (&busy, GIVES_UP_AFTER / 2, 0);
  host_start (&slow, 0, GIVES_UP_AFTER + 2 * ASYNCIFY_MAILBOX_LOOK);
  test_gate_await (&slow.entered, 1);
  emit_things_async_full (&emit_ended, &(AsyncifyOptions) { .job = job }, NULL, test_reply_cb,
                          &emit_reply);
  visit_nobody_async (&visit_ended, NULL, test_reply_cb, &visit_reply);
  wait_until (g_atomic_int_get (&emit_ended) && g_atomic_int_get (&visit_ended));
  g_assert_cmpint (g_get_monotonic_time () - began, >=, GIVES_UP_AFTER);
  host_end (&busy);
  host_end (&slow);

  /* When it is run again it is too late. */
  test_reply_await (&emit_reply);
  test_reply_await (&visit_reply);
  run_dry ();
  g_assert_cmpuint (g_list_model_get_n_items (asyncify_job_get_items (job)), ==,
                    ASYNCIFY_NEWS_MAX_ITEMS);
  /* The others were dropped where they were made. */
  test_forgive_strays ();
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  test_add ("/visits/slice/drawing-in-between", test_slices);
  test_add ("/visits/late/received-although-drawing-takes-every-turn", test_late);
  test_add ("/visits/late/each-by-itself", test_late_each);
  test_add ("/visits/loop-that-is-not-run", test_not_run);

  return g_test_run ();
}
