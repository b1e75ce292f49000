/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-syncify.h>

#include <asyncify/asyncify-call-private.h>
#include <asyncify/asyncify-syncify-private.h>
#include <asyncify/asyncify-visit-private.h>

/* One pair that is being waited for, and behind it in the same allocation the frame with its
 * arguments and results. If the waiting is given up, the answer may still come: so the one who
 * waits and the callback have a reference each.
 */
typedef struct {
  gatomicrefcount ref_count;

  /* Set before it begins, then read-only */
  const AsyncifySyncFunction *function;
  GCancellable *cancellable; /* nullable */

  /* The context's that it begins in; and when it has answered, the waiting thread's */
  gboolean answered;
  GError *error;
} SyncCall;

#define FRAME_OFFSET                                                                               \
  ((sizeof (SyncCall) + ASYNCIFY_FRAME_ALIGNMENT - 1) / ASYNCIFY_FRAME_ALIGNMENT                   \
   * ASYNCIFY_FRAME_ALIGNMENT)

static gpointer
sync_call_get_frame (SyncCall *self)
{
  return (char *) self + FRAME_OFFSET;
}

static SyncCall *
frame_get_sync_call (gpointer frame)
{
  return (gpointer) ((char *) frame - FRAME_OFFSET);
}

static SyncCall *
sync_call_ref (SyncCall *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/* The results that nobody took are freed by whoever comes last. */
static void
sync_call_unref (SyncCall *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  self->function->clear (sync_call_get_frame (self));
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);
  g_free (self);
}

/**
 * asyncify_sync_prepare: (skip)
 * @function: the pair to call
 *
 * Begins a blocking call of a pair, in generated code: makes the frame. Called on any thread.
 *
 * Returns: (transfer full): the frame, for asyncify_sync_run ()
 *
 * Since: 0.1
 */
gpointer
asyncify_sync_prepare (const AsyncifySyncFunction *function)
{
  SyncCall *self = g_malloc0 (FRAME_OFFSET + function->frame_size);

  g_atomic_ref_count_init (&self->ref_count);
  self->function = function;

  return sync_call_get_frame (self);
}

static void
answer (SyncCall *self,
        GAsyncResult *result)
{
  self->function->finish (sync_call_get_frame (self), result, &self->error);
  self->answered = TRUE;
}

void
asyncify_sync_ready_cb (GObject *source_object,
                        GAsyncResult *result,
                        gpointer user_data)
{
  g_autoptr (AsyncifyVisit) visit = user_data;

  answer (visit->data, result);
  asyncify_visit_answer (visit);
}

static void
begin_in_visit (gpointer data,
                gpointer visit)
{
  SyncCall *self = data;

  self->function->begin (sync_call_get_frame (self), self->cancellable, asyncify_sync_ready_cb,
                         asyncify_visit_ref (visit));
}

/* On a worker: the pair runs where its call came from. */
static gboolean
run_in_visit (SyncCall *self,
              AsyncifyCall *call,
              GError **error)
{
  g_autoptr (AsyncifyVisit) visit = NULL;

  if (self->cancellable == NULL)
    g_set_object (&self->cancellable, call->cancellable);

  visit = asyncify_visit_new (call->mailbox, begin_in_visit, sync_call_ref (self),
                              (GDestroyNotify) sync_call_unref, TRUE);

  return asyncify_visit_pay (visit, call, error);
}

static void
loop_ready_cb (GObject *source_object,
               GAsyncResult *result,
               gpointer user_data)
{
  answer (user_data, result);
}

/* Elsewhere: in a loop of its own, which nobody else's sources are in. */
static void
run_in_loop (SyncCall *self)
{
  g_autoptr (GMainContext) context = g_main_context_new ();

  g_main_context_push_thread_default (context);
  self->function->begin (sync_call_get_frame (self), self->cancellable, loop_ready_cb, self);
  while (!self->answered)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
}

/**
 * asyncify_sync_run: (skip)
 * @frame: (transfer none): what asyncify_sync_prepare () returned, with the arguments set
 * @cancellable: (nullable): cancels the pair
 * @error: return location for a #GError
 *
 * Runs a pair and waits for its answer, in generated code. Called on any thread.
 *
 * The errors are those of the pair; and %G_IO_ERROR_CLOSED if nobody could answer, in which case
 * the frame is released.
 *
 * Returns: whether there was an answer, be it an error
 *
 * Since: 0.1
 */
gboolean
asyncify_sync_run (gpointer frame,
                   GCancellable *cancellable,
                   GError **error)
{
  SyncCall *self = frame_get_sync_call (frame);
  AsyncifyCall *call = asyncify_call_get_current ();

  g_set_object (&self->cancellable, cancellable);
  if (call == NULL)
    run_in_loop (self);
  else if (!run_in_visit (self, call, error))
    {
      sync_call_unref (self);
      return FALSE;
    }

  if (self->error != NULL)
    g_propagate_error (error, g_error_copy (self->error));
  return TRUE;
}

/**
 * asyncify_sync_has_result: (skip)
 * @frame: (transfer none): the frame
 *
 * Asks, in generated code, whether the pair was successful. Called on the thread that ran it.
 *
 * Returns: whether the answer was no error
 *
 * Since: 0.1
 */
gboolean
asyncify_sync_has_result (gpointer frame)
{
  return frame_get_sync_call (frame)->error == NULL;
}

/**
 * asyncify_sync_end: (skip)
 * @frame: (transfer full): the frame
 *
 * Ends a blocking call of a pair, in generated code. Called on the thread that ran it.
 *
 * Since: 0.1
 */
void
asyncify_sync_end (gpointer frame)
{
  sync_call_unref (frame_get_sync_call (frame));
}
