/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "testutils.h"

G_BEGIN_DECLS

/* A call of a group that ends when the test says so, as a GTask does that checks its
 * GCancellable: nothing it returns gets through once that was cancelled. */
typedef struct {
  AsyncifySoon *soon; /* not owned */
  GTask *task;        /* until it has ended */
} TestCall;

TestCall test_call_begin   (AsyncifyGroup *group);
void     test_call_succeed (TestCall      *call,
                            int            number);
void     test_call_fail    (TestCall      *call,
                            int            code);
void     test_call_await   (TestCall      *call);
int      test_call_finish  (TestCall      *call,
                            GError       **error);

/* Fills a slot at once, from inside of whatever calls this. */
void     test_soon_fill    (AsyncifySoon  *soon,
                            gboolean       success);

/* A result that is no GTask. */
#define TEST_TYPE_PLAIN_RESULT (test_plain_result_get_type ())
G_DECLARE_FINAL_TYPE (TestPlainResult, test_plain_result, TEST, PLAIN_RESULT, GObject)

/* Runs the loop until @reply has come, to a wait. */
#define assert_group_succeeds(group, reply)                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr (GError) error_ = NULL;                                                              \
    gboolean ok_ = asyncify_group_wait_finish (group, test_reply_await (reply), &error_);          \
    g_assert_no_error (error_);                                                                    \
    g_assert_true (ok_);                                                                           \
  }                                                                                                \
  G_STMT_END
#define assert_group_fails(group, reply, code)                                                     \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr (GError) error_ = NULL;                                                              \
    g_assert_false (asyncify_group_wait_finish (group, test_reply_await (reply), &error_));        \
    g_assert_error (error_, G_IO_ERROR, code);                                                     \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
