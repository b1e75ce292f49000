/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-advice.h"
#include "demo-controls.h"
#include "demo-text.h"

/* The blocking function: hashes a block of memory again and again. */

#define N_BLOCKS   10000
#define BLOCK_SIZE (64 * 1024)

static const guchar block[BLOCK_SIZE];

static char *
describe (GChecksum *checksum)
{
  g_autofree char *size = g_format_size ((guint64) N_BLOCKS * BLOCK_SIZE);

  /* Translators: a size, such as “8.4 MB”, and the beginning of the checksum */
  return g_strdup_printf (_ ("%s hashed to %.8s…"), size, g_checksum_get_string (checksum));
}

static char *
hash_blocks (GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < N_BLOCKS; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      g_checksum_update (checksum, block, BLOCK_SIZE);
      asyncify_set_progress ((i + 1) / (double) N_BLOCKS);
    }

  return describe (checksum);
}

/* The one line. It is all that is right on this page. */
ASYNCIFY_DEFINE (STRING, hash_blocks, CANCELLABLE, THROWS)

#define DEMO_TYPE_WRONG (demo_wrong_get_type ())
G_DECLARE_FINAL_TYPE (DemoWrong, demo_wrong, DEMO, WRONG, DemoScenario)

struct _DemoWrong
{
  DemoScenario parent_instance;

  GtkAdjustment *way; /* one of the ways below */
};

G_DEFINE_FINAL_TYPE (DemoWrong, demo_wrong, DEMO_TYPE_SCENARIO)

static double
get_ms (gint64 began)
{
  return (double) (g_get_monotonic_time () - began) / G_TIME_SPAN_MILLISECOND;
}

/* What is said of a result, or the error */
static void
end (DemoWrong *self,
     const char *result,
     const char *remark,
     const GError *error)
{
  /* Translators: what came of it, and at what price */
  g_autofree char *summary = result != NULL ? g_strdup_printf (_ ("%s; %s"), result, remark) : NULL;

  demo_scenario_end (DEMO_SCENARIO (self), summary, error);
}

/* Wrong: a thread, and wait for it. The thread may be the last to let go of the task, and would
 * free the source object then: so there is none. */

static void
hash_in_thread (GTask *task,
                gpointer source,
                gpointer data,
                GCancellable *cancellable)
{
  GError *error = NULL;
  char *result = hash_blocks (cancellable, &error);

  if (result != NULL)
    g_task_return_pointer (task, result, g_free);
  else
    g_task_return_error (task, error);
}

static void
wait_for_thread (DemoWrong *self,
                 GCancellable *cancellable)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *result = NULL;
  g_autofree char *remark = NULL, *time = NULL;
  gint64 began = g_get_monotonic_time ();

  g_task_run_in_thread_sync (task, hash_in_thread);
  result = g_task_propagate_pointer (task, &error);
  time = demo_text_ms (get_ms (began));
  /* Translators: %s is a time, such as “12 ms” */
  remark = g_strdup_printf (_ ("the main loop waited for the thread for %s"), time);
  end (self, result, remark, error);
}

/* Wrong: a loop inside the function. */

#define PRESS_AGAIN 300 /* ms; after which somebody is impatient */
#define MAX_DEPTH   3

typedef struct {
  GCancellable *cancellable;
  gint64 began;
  guint depth; /* how many of these loops run, each inside the one before */
  guint deepest;
  guint again; /* source id */
} Nesting;

typedef struct {
  GAsyncResult *result; /* NULL until it is there */
  double came_after;    /* ms */
  Nesting *nesting;
} Wait;

static char *hash_in_loop (Nesting  *nesting,
                           double   *came_after,
                           GError  **error);

static void
came_cb (GObject *source,
         GAsyncResult *result,
         gpointer user_data)
{
  Wait *wait = user_data;

  wait->result = g_object_ref (result);
  wait->came_after = get_ms (wait->nesting->began);
}

/* The button is pressed again: and so the function is called in the middle of itself. */
static gboolean
press_again_cb (gpointer user_data)
{
  Nesting *nesting = user_data;

  nesting->again = 0;
  g_free (hash_in_loop (nesting, NULL, NULL));

  return G_SOURCE_REMOVE;
}

static char *
hash_in_loop (Nesting *nesting,
              double *came_after,
              GError **error)
{
  Wait wait = { .nesting = nesting };
  g_autoptr (GTask) task = g_task_new (NULL, nesting->cancellable, came_cb, &wait);
  char *result;

  nesting->depth++;
  nesting->deepest = MAX (nesting->deepest, nesting->depth);
  if (nesting->depth < MAX_DEPTH)
    nesting->again = g_timeout_add (PRESS_AGAIN, press_again_cb, nesting);

  g_task_run_in_thread (task, hash_in_thread);
  while (wait.result == NULL)
    g_main_context_iteration (NULL, TRUE);

  nesting->depth--;
  if (came_after != NULL)
    *came_after = wait.came_after;
  result = g_task_propagate_pointer (G_TASK (wait.result), error);
  g_object_unref (wait.result);

  return result;
}

static void
wait_in_loop (DemoWrong *self,
              GCancellable *cancellable)
{
  Nesting nesting = { .cancellable = cancellable, .began = g_get_monotonic_time () };
  g_autoptr (GError) error = NULL;
  double came_after;
  g_autofree char *result = hash_in_loop (&nesting, &came_after, &error);
  g_autofree char *came = demo_text_ms (came_after);
  g_autofree char *usable = demo_text_ms (get_ms (nesting.began));
  g_autofree char *remark
    /* Translators: each %s is a time, such as “12 ms” */
    = g_strdup_printf (ngettext ("%u loop: the result came after %s, and could be used after %s",
                                 "%u loops, one inside the other: the first result came after %s, "
                                 "and could be used after %s",
                                 nesting.deepest),
                       nesting.deepest, came, usable);

  g_clear_handle_id (&nesting.again, g_source_remove);
  end (self, result, remark, error);
}

/* Wrong: in pieces, while the main loop has nothing else to do. */

#define LONG_PIECE  1000 /* blocks */
#define SHORT_PIECE 1

typedef struct {
  DemoWrong *self;
  GCancellable *cancellable;
  GChecksum *checksum;
  gint64 began;
  guint piece; /* blocks */
  guint done;
  double longest, working; /* ms */
} Pieces;

static void
pieces_free (gpointer data)
{
  Pieces *pieces = data;

  g_object_unref (pieces->self);
  g_object_unref (pieces->cancellable);
  g_checksum_free (pieces->checksum);
  g_free (pieces);
}

static void
end_pieces (Pieces *pieces,
            const GError *error)
{
  g_autofree char *result = error == NULL ? describe (pieces->checksum) : NULL;
  guint n_pieces = N_BLOCKS / pieces->piece;
  g_autofree char *number = demo_text_number (n_pieces);
  g_autofree char *working = demo_text_ms (pieces->working);
  g_autofree char *took = demo_text_ms (get_ms (pieces->began));
  g_autofree char *remark = g_strdup_printf (
    /* Translators: the last two are times, such as “12 ms” */
    ngettext ("%s piece of up to %.1f ms; it worked for %s, and it took %s",
              "%s pieces of up to %.1f ms; it worked for %s, and it took %s", n_pieces),
    number, pieces->longest, working, took);

  end (pieces->self, result, remark, error);
}

static gboolean
hash_piece_cb (gpointer user_data)
{
  Pieces *pieces = user_data;
  g_autoptr (GError) error = NULL;
  gint64 began = g_get_monotonic_time ();

  if (g_cancellable_set_error_if_cancelled (pieces->cancellable, &error))
    {
      end_pieces (pieces, error);
      return G_SOURCE_REMOVE;
    }

  for (guint i = 0; i < pieces->piece; i++)
    g_checksum_update (pieces->checksum, block, BLOCK_SIZE);
  pieces->done += pieces->piece;
  pieces->working += get_ms (began);
  pieces->longest = MAX (pieces->longest, get_ms (began));
  if (pieces->done % (N_BLOCKS / 100) == 0)
    demo_scenario_report (DEMO_SCENARIO (pieces->self), pieces->done / (double) N_BLOCKS, NULL);
  if (pieces->done < N_BLOCKS)
    return G_SOURCE_CONTINUE;

  end_pieces (pieces, NULL);
  return G_SOURCE_REMOVE;
}

static void
hash_in_pieces (DemoWrong *self,
                guint piece,
                GCancellable *cancellable)
{
  Pieces *pieces = g_new0 (Pieces, 1);

  pieces->self = g_object_ref (self);
  pieces->cancellable = g_object_ref (cancellable);
  pieces->checksum = g_checksum_new (G_CHECKSUM_SHA256);
  pieces->began = g_get_monotonic_time ();
  pieces->piece = piece;
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, hash_piece_cb, pieces, pieces_free);
}

static void
hash_in_long_pieces (DemoWrong *self,
                     GCancellable *cancellable)
{
  hash_in_pieces (self, LONG_PIECE, cancellable);
}

static void
hash_in_short_pieces (DemoWrong *self,
                      GCancellable *cancellable)
{
  hash_in_pieces (self, SHORT_PIECE, cancellable);
}

/* Wrong: a thread that touches widgets. Nobody can say what that does, so it isn't done. */
static void
refuse (DemoWrong *self,
        GCancellable *cancellable)
{
  g_autoptr (GError) error = g_error_new_literal (
    G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
    _ ("This one is not run: it may go well a hundred times, and crash the next time."));

  end (self, NULL, NULL, error);
}

/* The page. */

static const DemoAdvice advices[] = {
  { N_ ("A thread, and wait for it"),
    "g_task_run_in_thread_sync (task, hash_in_thread);",
    N_ ("The window stands still, as if there were no thread."),
    /* Translators: leave the names of functions as they are. If your language is read from right to
     * left, put them between U+2068 and U+2069, so that their parentheses stay behind them. */
    N_ ("The work is on another thread, but the main loop waits for it, and draws nothing and "
        "hears of no click meanwhile. g_thread_join () and g_subprocess_wait () do the same."),
    N_ ("Let the loop go on, and take the result in a callback.") },
  { N_ ("A loop inside the function"),
    "while (result == NULL)\n  g_main_context_iteration (NULL, TRUE);",
    N_ ("The window moves, but the button can be pressed again, which is done here after 300 ms. "
        "The first result comes, and has to wait for the last one."),
    N_ ("Whatever there is to do is done in the middle of your function: it is called again, the "
        "window is closed, an object is freed. And the inner loop has to end before the outer "
        "one."),
    N_ ("Return, and go on in a callback. Nothing happens in the middle of a function then.") },
  { N_ ("Idles, in long pieces"),
    "g_idle_add (hash_next_1000_blocks, self);",
    N_ ("The window stutters: it moves only between two pieces."),
    N_ ("A piece can't be interrupted. How long one takes depends on the machine: what is short "
        "enough on yours is too long on another."),
    N_ ("Leave the function in one piece, and call it on a thread.") },
  { N_ ("Idles, in short pieces"),
    "g_idle_add (hash_next_block, self);",
    N_ ("The window moves, but it has a processor less to draw with, and the work takes longer."),
    N_ ("All of it is still done on the thread that draws. The function is in pieces, and has to "
        "remember where it was. And what reads from a disk or a network can't be cut at all."),
    N_ ("Leave the function in one piece, and call it on a thread.") },
  { N_ ("A thread that touches widgets"),
    "static void\nhash_in_thread (…)\n{\n  …\n  gtk_label_set_text (label, hash);\n}",
    N_ ("Nobody knows: that is why it is not run here. It may crash, now or in a year."),
    N_ ("GTK has no locks. While the thread changes the text, the main loop may be drawing it."),
    N_ ("Return the result; or emit it; or have asyncify_run_in_main () call what uses widgets.") },
};

static void (*const ways[]) (DemoWrong    *self,
                             GCancellable *cancellable)
  = { wait_for_thread, wait_in_loop, hash_in_long_pieces, hash_in_short_pieces, refuse };

G_STATIC_ASSERT (G_N_ELEMENTS (ways) == G_N_ELEMENTS (advices));

static void
demo_wrong_misuse (DemoScenario *scenario,
                   GCancellable *cancellable)
{
  DemoWrong *self = DEMO_WRONG (scenario);

  ways[(guint) gtk_adjustment_get_value (self->way)](self, cancellable);
}

static void
hashed_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = hash_blocks_finish (result, &error);

  demo_scenario_end (DEMO_SCENARIO (source), summary, error);
}

static void
demo_wrong_asyncify (DemoScenario *scenario,
                     AsyncifyJob *job,
                     GCancellable *cancellable)
{
  hash_blocks_async_full (
    &(AsyncifyOptions) { .source_object = G_OBJECT (scenario), .job = job }, cancellable,
    hashed_cb, NULL);
}

static GtkWidget *
demo_wrong_create_parameters (DemoScenario *scenario)
{
  const char *titles[G_N_ELEMENTS (advices) + 1] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (advices); i++)
    titles[i] = _ (advices[i].title);

  return demo_controls_new_choice (_ ("_Wrong way"), titles, DEMO_WRONG (scenario)->way);
}

/* A loop in the middle of a function ends sooner if the page is closed. */
static GtkWidget *
demo_wrong_create_view (DemoScenario *scenario)
{
  GtkWidget *card = demo_advice_card_new (advices, DEMO_WRONG (scenario)->way);

  g_signal_connect_object (card, "destroy", G_CALLBACK (demo_scenario_cancel), scenario,
                           G_CONNECT_SWAPPED);

  return card;
}

static void
demo_wrong_dispose (GObject *object)
{
  g_clear_object (&DEMO_WRONG (object)->way);

  G_OBJECT_CLASS (demo_wrong_parent_class)->dispose (object);
}

static void
demo_wrong_class_init (DemoWrongClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_wrong_dispose;

  scenario_class->id = "wrong";
  scenario_class->title = N_ ("Wrong ways");
  scenario_class->topic = N_ ("What not to do");
  scenario_class->summary = N_ ("What else people try. Freeze does the work in the wrong way that "
                                "you choose, Asyncify does the same work right.");
  scenario_class->watch = N_ ("See what the window does, and read below why.");
  scenario_class->function = "hash_blocks";
  scenario_class->create_parameters = demo_wrong_create_parameters;
  scenario_class->create_view = demo_wrong_create_view;
  scenario_class->misuse = demo_wrong_misuse;
  scenario_class->asyncify = demo_wrong_asyncify;
}

static void
demo_wrong_init (DemoWrong *self)
{
  self->way = gtk_adjustment_new (0, 0, G_N_ELEMENTS (advices) - 1, 1, 1, 0);
  g_object_ref_sink (self->way);
}
