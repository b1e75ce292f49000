/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testquestion.h"

TestPlace
test_place_get (void)
{
  return (TestPlace) { g_thread_self (), g_main_context_get_thread_default () };
}

static void
forget_task (TestQuestion *self)
{
  if (self->cancelled != NULL)
    g_source_destroy (self->cancelled);
  g_clear_pointer (&self->cancelled, g_source_unref);
  g_clear_object (&self->task);
}

void
test_question_answer (TestQuestion *self)
{
  g_task_return_pointer (self->task, test_thing_new (7), g_object_unref);
  forget_task (self);
}

void
test_question_fail (TestQuestion *self)
{
  g_task_return_new_error (self->task, G_IO_ERROR, G_IO_ERROR_BUSY, "as asked");
  forget_task (self);
}

gboolean
test_question_answer_cb (gpointer data)
{
  test_question_answer (data);

  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer user_data)
{
  TestQuestion *self = user_data;

  g_task_return_error_if_cancelled (self->task);
  forget_task (self);

  return G_SOURCE_REMOVE;
}

/* Calls back with a result that is there already. */
void
test_question_call_back (TestQuestion *self)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, self, NULL);
  g_task_return_pointer (task, test_thing_new (7), g_object_unref);
  self->callback (NULL, G_ASYNC_RESULT (task), self->user_data);
}

static void
make_task (TestQuestion *self,
           GCancellable *cancellable)
{
  self->task = g_task_new (NULL, cancellable, self->callback, self->user_data);
  g_task_set_task_data (self->task, self, NULL);
  if (cancellable != NULL)
    {
      self->cancelled = g_cancellable_source_new (cancellable);
      test_attach (self->cancelled, G_SOURCE_FUNC (cancelled_cb), self);
    }
  if (self->kind == TEST_QUESTION_ANSWERS_ITSELF)
    {
      g_autoptr (GSource) idle = g_idle_source_new ();

      test_attach (idle, test_question_answer_cb, self);
    }
}

static void
ask_async (TestQuestion *self,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  self->begun = test_place_get ();
  self->n_begun++;
  self->callback = callback;
  self->user_data = user_data;
  if (self->kind == TEST_QUESTION_ANSWERS_INSIDE)
    test_question_call_back (self);
  else if (self->kind != TEST_QUESTION_WITHOUT_TASK)
    make_task (self, cancellable);
}

static TestThing *
ask_finish (GAsyncResult *result,
            GError **error)
{
  TestQuestion *self = g_task_get_task_data (G_TASK (result));

  self->finished = test_place_get ();
  self->n_finished++;

  return g_task_propagate_pointer (G_TASK (result), error);
}

SYNCIFY_DEFINE (OBJECT (TestThing), ask, ask_async, ask_finish, BORROWED (TestQuestion *, question))

int
test_find_out (TestQuestion *question,
               GCancellable *given,
               GError **error)
{
  TestThing *thing = ask (question, given, error);
  int number = thing != NULL ? test_thing_get_number (thing) : -1;

  /* The answer comes from the loop, and goes here. */
  g_clear_object (&thing);
  test_forgive_strays ();
  g_atomic_int_set (&question->has_returned, TRUE);

  return number;
}

ASYNCIFY_IMPLEMENT (VALUE (int), test_find_out, BORROWED (TestQuestion *, question),
                    BORROWED (GCancellable *, given), THROWS)

void
test_question_assert_places (TestQuestion *self,
                             GThread *thread,
                             GMainContext *context)
{
  g_assert_cmpuint (self->n_begun, ==, 1);
  g_assert_cmpuint (self->n_finished, ==, 1);
  g_assert_true (self->begun.thread == thread && self->finished.thread == thread);
  g_assert_true (self->begun.context == context && self->finished.context == context);
}

/* A source of the thread-default context */
void
test_attach (GSource *source,
             GSourceFunc callback,
             gpointer data)
{
  g_source_set_callback (source, callback, data, NULL);
  g_source_attach (source, g_main_context_get_thread_default ());
}
