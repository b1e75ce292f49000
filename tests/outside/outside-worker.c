/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a blocking function may call. It stays a plain function: called directly, it does the same. */

#include "outside.h"

static void
tell (GObject *item)
{
  asyncify_set_progress (0.5);
  asyncify_set_message ("half way");
  asyncify_emit (item);
}

static gboolean
work (gboolean for_ever,
      GError **error)
{
  g_autoptr (GObject) item = g_object_new (G_TYPE_OBJECT, NULL);

  do
    {
      tell (item);
      if (asyncify_set_error_if_cancelled (error))
        return FALSE;
    }
  while (for_ever && !asyncify_is_cancelled ());

  return !asyncify_set_error_if_cancelled (error);
}

ASYNCIFY_DEFINE (BOOLEAN, work, VALUE (gboolean, for_ever), THROWS)

/* What only the caller's thread may touch, a widget's text for example */
typedef struct {
  GThread *home;
  char *text;
} Label;

static void
set_text (gpointer data)
{
  Label *label = data;

  g_assert_true (g_thread_self () == label->home);
  g_free (label->text);
  label->text = g_strdup ("changed");
}

static gboolean
change (Label *label)
{
  asyncify_run_in_main (set_text, label);

  return g_thread_self () != label->home;
}

ASYNCIFY_DEFINE (BOOLEAN, change, BORROWED (Label *, label))

static GAsyncResult *kept;

static void
check_called_directly (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (work (FALSE, &error));
  g_assert_no_error (error);
  g_assert_false (asyncify_is_cancelled ());
  g_assert_false (asyncify_set_error_if_cancelled (NULL));
  asyncify_set_message (NULL);
}

static void
check_nobody_watches (void)
{
  g_autoptr (GError) error = NULL;

  work_async (FALSE, NULL, keep_cb, &kept);
  g_assert_true (work_finish (await (&kept), &error));
  g_assert_no_error (error);
}

static void
check_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  work_async (TRUE, cancellable, keep_cb, &kept);
  g_cancellable_cancel (cancellable);
  g_assert_false (work_finish (await (&kept), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
check_run_in_main (void)
{
  Label label = { g_thread_self (), NULL };
  g_autoptr (GError) error = NULL;

  change_async (&label, NULL, keep_cb, &kept);
  g_assert_true (change_finish (await (&kept), &error));
  g_assert_no_error (error);
  g_assert_cmpstr (label.text, ==, "changed");
  g_clear_pointer (&label.text, g_free);

  /* On the caller's own thread it is a plain call. */
  g_assert_false (change (&label));
  g_assert_cmpstr (label.text, ==, "changed");
  g_free (label.text);
}

int
main (void)
{
  begin ();
  check_called_directly ();
  check_nobody_watches ();
  check_cancelled ();
  check_run_in_main ();

  return 0;
}
