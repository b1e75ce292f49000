/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "testutils.h"

G_BEGIN_DECLS

typedef struct {
  GThread *thread;
  GMainContext *context; /* not owned; the thread-default one */
} TestPlace;

TestPlace test_place_get (void);

typedef enum {
  TEST_QUESTION_WAITS,          /* for the test to answer it */
  TEST_QUESTION_ANSWERS_ITSELF, /* soon */
  TEST_QUESTION_ANSWERS_INSIDE, /* which it shouldn't: before it was asked to the end */
  TEST_QUESTION_WITHOUT_TASK    /* which would keep the context */
} TestQuestionKind;

/* What an asynchronous pair asks in a loop, as one would in a window, and what is answered
 * there. Answered or cancelled it can be once. */
typedef struct {
  TestQuestionKind kind;

  /* The loop's */
  GTask *task;        /* nullable; until it is answered */
  GSource *cancelled; /* nullable; likewise */
  GAsyncReadyCallback callback;
  gpointer user_data;
  guint n_begun, n_finished;
  TestPlace begun, finished;

  int has_returned; /* atomic: who has asked it went on */
} TestQuestion;

void     test_question_answer        (TestQuestion *self);
void     test_question_fail          (TestQuestion *self);
gboolean test_question_answer_cb     (gpointer      data);
void     test_question_call_back     (TestQuestion *self);
void     test_question_assert_places (TestQuestion *self,
                                      GThread      *thread,
                                      GMainContext *context);

/* Asks, as a blocking function; with a GCancellable of its own, or none. Returns: 7 */
int      test_find_out               (TestQuestion *question,
                                      GCancellable *given,
                                      GError      **error);
ASYNCIFY_DECLARE (VALUE (int), test_find_out, BORROWED (TestQuestion *, question),
                  BORROWED (GCancellable *, given), THROWS)

void     test_attach                 (GSource      *source,
                                      GSourceFunc   callback,
                                      gpointer      data);

G_END_DECLS
