/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testgroup.h"

struct _TestPlainResult
{
  GObject parent_instance;
};

static gpointer
plain_result_get_user_data (GAsyncResult *result)
{
  return NULL;
}

static GObject *
plain_result_get_source_object (GAsyncResult *result)
{
  return NULL;
}

static void
plain_result_iface_init (GAsyncResultIface *iface)
{
  iface->get_user_data = plain_result_get_user_data;
  iface->get_source_object = plain_result_get_source_object;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestPlainResult, test_plain_result, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_ASYNC_RESULT, plain_result_iface_init))

static void
test_plain_result_class_init (TestPlainResultClass *klass)
{
}

static void
test_plain_result_init (TestPlainResult *self)
{
}

TestCall
test_call_begin (AsyncifyGroup *group)
{
  AsyncifySoon *soon = asyncify_group_soon (group);

  return (TestCall) {
    .soon = soon,
    .task = g_task_new (NULL, asyncify_group_get_cancellable (group), asyncify_soon_ready, soon),
  };
}

void
test_call_succeed (TestCall *call,
                   int number)
{
  g_task_return_int (call->task, number);
  g_clear_object (&call->task);
}

void
test_call_fail (TestCall *call,
                int code)
{
  g_task_return_new_error (call->task, G_IO_ERROR, code, "It failed");
  g_clear_object (&call->task);
}

void
test_call_await (TestCall *call)
{
  run_until (asyncify_soon_is_ready (call->soon));
}

int
test_call_finish (TestCall *call,
                  GError **error)
{
  return g_task_propagate_int (G_TASK (asyncify_soon_get_result (call->soon)), error);
}

void
test_soon_fill (AsyncifySoon *soon,
                gboolean success)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  if (success)
    g_task_return_int (task, 0);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "It failed");
  asyncify_soon_ready (NULL, G_ASYNC_RESULT (task), soon);
}
