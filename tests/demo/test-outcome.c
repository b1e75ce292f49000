/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What a page says of its runs, beyond the result: how the window fared either way, what can be
 * copied, what can be dropped, and what a person is told on the first start. */

#include "demo-guide.h"
#include "demo-page.h"
#include "demo-verdict.h"
#include "testpage.h"

static DemoRun
make_run (DemoMode mode,
          double longest_ms)
{
  return (DemoRun) { .mode = mode,
                     .measured = TRUE,
                     .measurement = { .heartbeat = { .max_ms = longest_ms } } };
}

/* @number: counted from the first row */
static GtkWidget *
find_nth (GtkWidget *parent,
          GType type,
          guint number)
{
  for (GtkWidget *child = gtk_widget_get_first_child (parent); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (g_type_is_a (G_OBJECT_TYPE (child), type) && number-- == 0)
      return child;

  g_assert_not_reached ();
}

/* Two bars of one scale, each with its number. */
static void
test_verdict (void)
{
  GtkWidget *widget = g_object_ref_sink (g_object_new (DEMO_TYPE_VERDICT, NULL));
  DemoVerdict *verdict = DEMO_VERDICT (widget);
  GtkLevelBar *freeze = GTK_LEVEL_BAR (find_nth (widget, GTK_TYPE_LEVEL_BAR, 0));
  GtkLevelBar *asyncify = GTK_LEVEL_BAR (find_nth (widget, GTK_TYPE_LEVEL_BAR, 1));
  DemoRun run = make_run (DEMO_MODE_FREEZE, 1000);

  g_assert_false (gtk_widget_get_visible (widget));
  demo_verdict_take (verdict, &run);
  g_assert_true (gtk_widget_get_visible (widget));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (freeze)));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (asyncify)));
  g_assert_cmpfloat (gtk_level_bar_get_value (freeze), ==, 1000);
  g_assert_cmpfloat (gtk_level_bar_get_max_value (freeze), ==, 1000);
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (freeze), "froze"));

  run = make_run (DEMO_MODE_ASYNCIFY, 7);
  demo_verdict_take (verdict, &run);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (asyncify)));
  g_assert_cmpfloat (gtk_level_bar_get_value (asyncify), ==, 7);
  g_assert_cmpfloat (gtk_level_bar_get_max_value (asyncify), ==, 1000);
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (asyncify), "smooth"));
  g_assert_cmpstr (gtk_label_get_text (GTK_LABEL (find_nth (widget, GTK_TYPE_LABEL, 4))), ==,
                   "7 ms");

  /* Refused input is no answer: what was there stays. */
  run.measured = FALSE;
  run.measurement.heartbeat.max_ms = 500;
  demo_verdict_take (verdict, &run);
  g_assert_cmpfloat (gtk_level_bar_get_value (asyncify), ==, 7);
  /* They still look like level bars. */
  g_assert_true (gtk_widget_has_css_class (GTK_WIDGET (asyncify), "horizontal"));

  g_assert_finalize_object (widget);
}

static void
text_read_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  char **text = user_data;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_set (gpointer data)
{
  return *(char **) data != NULL;
}

static char *
read_clipboard (TestPage *self)
{
  char *text = NULL;

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (self->page), NULL, text_read_cb, &text);
  test_wait_until (is_set, &text);

  return text;
}

/* What came out, how it went, and all that is listed. */
static void
test_copy (TestPage *self,
           gconstpointer data)
{
  g_autofree char *folder = test_folder_make ("mine");
  G_GNUC_UNUSED g_autofree char *file
    = test_folder_write ("mine/copied-file.txt", "some letters");
  g_autofree char *text = NULL;

  test_page_type (self, "Folder", folder);
  test_page_type (self, "Pattern", "*");
  test_page_run (self, "Asyncify");
  test_page_press (self, "Copy what came out");
  text = read_clipboard (self);
  g_assert_true (g_str_has_prefix (text, test_page_get_result (self)));
  g_assert_nonnull (strstr (text, "\ncopied-file.txt\t"));
}

static GtkDropTarget *
find_drop_target (GtkWidget *widget)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_DROP_TARGET (controller))
        return GTK_DROP_TARGET (controller);
    }

  return NULL;
}

static gboolean
drop (TestPage *self,
      const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  GSList files = { file, NULL };
  g_auto (GValue) value = G_VALUE_INIT;
  gboolean taken = FALSE;

  g_value_init (&value, GDK_TYPE_FILE_LIST);
  g_value_set_boxed (&value, &files);
  g_signal_emit_by_name (find_drop_target (self->page), "drop", &value, 10.0, 10.0, &taken);

  return taken;
}

/* In place of what was chosen before, and ready to be run; not while something runs. */
static void
test_drop (TestPage *self,
           gconstpointer data)
{
  g_autofree char *folder = test_folder_make ("mine");
  G_GNUC_UNUSED g_autofree char *file
    = test_folder_write ("mine/dropped-file.txt", "some letters");
  GtkWidget *entry = test_find_entry (self->page, "Folder");

  g_assert_true (drop (self, folder));
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, folder);
  test_page_type (self, "Pattern", "*");
  test_page_run (self, "Asyncify");
  test_page_assert (self, "succeeded", "match");

  test_page_press (self, "Asyncify");
  g_assert_false (drop (self, "/"));
  test_page_wait_until_idle (self);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (entry)), ==, folder);
}

/* Step by step, and never again. */
static void
test_guide (TestPage *self,
            gconstpointer data)
{
  DemoScenario *scenario = demo_page_get_scenario (DEMO_PAGE (self->page));
  GtkWidget *window = gtk_window_new ();
  DemoGuide *guide = g_object_new (DEMO_TYPE_GUIDE, NULL);
  GtkLabel *step = GTK_LABEL (test_find (GTK_WIDGET (guide), GTK_TYPE_LABEL, "badge"));

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (guide));
  gtk_window_present (GTK_WINDOW (window));
  demo_guide_watch (guide, scenario);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (guide)));
  g_assert_false (gtk_widget_get_visible (test_find_button (self->page, "Copy what came out")));
  g_assert_cmpstr (gtk_label_get_text (step), ==, "1/3");

  /* Not what it asks for. */
  test_page_run (self, "Asyncify");
  g_assert_cmpstr (gtk_label_get_text (step), ==, "1/3");
  test_page_run (self, "Freeze");
  g_assert_cmpstr (gtk_label_get_text (step), ==, "2/3");
  g_assert_false (demo_guide_get_done (guide));

  /* The last one stays to be read, also when it is remembered that it was seen. */
  test_page_run (self, "Asyncify");
  g_assert_cmpstr (gtk_label_get_text (step), ==, "3/3");
  g_assert_true (demo_guide_get_done (guide));
  g_object_set (guide, "done", TRUE, NULL);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (guide)));

  test_click (test_find_button (GTK_WIDGET (guide), "Close these hints"));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (guide)));
  test_destroy_window (GTK_WINDOW (window));
}

/* Who doesn't see it is told what comes of a run, in which state it is, and how far. */
static void
test_live (TestPage *self,
           gconstpointer data)
{
  GtkWidget *outcome = test_find (self->page, GTK_TYPE_WIDGET, "outcome");
  GtkWidget *progress = test_find (outcome, GTK_TYPE_PROGRESS_BAR, NULL);
  GtkWidget *verdict = test_find (outcome, DEMO_TYPE_VERDICT, NULL);

  gtk_test_accessible_assert_role (outcome, GTK_ACCESSIBLE_ROLE_STATUS);
  gtk_test_accessible_assert_role (progress, GTK_ACCESSIBLE_ROLE_PROGRESS_BAR);
  gtk_test_accessible_assert_role (verdict, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_test_accessible_assert_property (test_find_button (self->page, "Freeze"),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Freeze");
  gtk_test_accessible_assert_property (test_find_button (self->page, "Asyncify"),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Asyncify");

  g_assert_false (gtk_widget_get_visible (progress));
  test_page_press (self, "Asyncify");
  g_assert_true (gtk_widget_get_visible (progress));
  g_assert_cmpstr (test_page_get_result (self), ==, "Running…");
  test_page_wait_until_idle (self);
  g_assert_false (gtk_widget_get_visible (progress));
  g_assert_cmpstr (test_page_get_result (self), ==, "Hello, World");
}

static void
test_guide_remembered (void)
{
  DemoGuide *guide = g_object_ref_sink (g_object_new (DEMO_TYPE_GUIDE, NULL));

  g_object_set (guide, "done", TRUE, NULL);
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (guide)));
  g_assert_finalize_object (guide);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_setenv ("GTK_A11Y", "test", TRUE);
  test_folder_begin (TEST_FOLDER_PLAIN);
  if (!test_widgets_begin ())
    return 0;

  g_test_add_func ("/outcome/verdict", test_verdict);
  test_page_add_without_sample ("/outcome/copy", "search", test_copy);
  test_page_add_without_sample ("/outcome/drop", "search", test_drop);
  test_page_add ("/outcome/live", "hello", test_live);
  test_page_add ("/outcome/guide", "hello", test_guide);
  g_test_add_func ("/outcome/guide-remembered", test_guide_remembered);

  return g_test_run ();
}
