/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The Compare tab: a scenario both ways on the same input, on a card. */

#include "demo-compare.h"
#include "demo-page.h"
#include "demo-scenario.h"
#include "testjson.h"
#include "testpage.h"

typedef struct {
  TestPage page;
  DemoMeter *meter;
  DemoCompare *compare;
} Fixture;

static void
set_up (Fixture *self,
        gconstpointer data)
{
  test_page_set_up (&self->page, data);
  self->meter = demo_meter_new ();
  demo_meter_attach (self->meter, self->page.page);
  demo_scenario_set_meter (demo_page_get_scenario (DEMO_PAGE (self->page.page)), self->meter);
  self->compare = DEMO_COMPARE (test_find (self->page.page, DEMO_TYPE_COMPARE, NULL));
  g_assert_nonnull (self->compare);
  gtk_stack_set_visible_child_name (
    GTK_STACK (test_find (self->page.page, GTK_TYPE_STACK, NULL)), "compare");
}

static void
tear_down (Fixture *self,
           gconstpointer data)
{
  if (self->page.page != NULL)
    test_page_close (&self->page);
  g_clear_object (&self->meter);
}

static gboolean
has_ended (gpointer data)
{
  return !demo_compare_is_active (data);
}

static void
run (Fixture *self)
{
  test_click (test_find_button (GTK_WIDGET (self->compare), "Compare"));
  g_assert_true (demo_compare_is_active (self->compare));
  test_wait_until (has_ended, self->compare);
}

static gboolean
is_shown (Fixture *self,
          const char *css_class)
{
  return gtk_widget_get_mapped (test_find (GTK_WIDGET (self->compare), GTK_TYPE_BOX, css_class));
}

/* Whether something that is seen says @text. */
static gboolean
says (GtkWidget *widget,
      const char *text)
{
  if (GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
      && strstr (gtk_label_get_text (GTK_LABEL (widget)), text) != NULL)
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (says (child, text))
      return TRUE;

  return FALSE;
}

static const char *
get_cell (Fixture *self,
          int column,
          int row)
{
  GtkWidget *grid = test_find (GTK_WIDGET (self->compare), GTK_TYPE_GRID, NULL);

  return gtk_label_get_text (GTK_LABEL (gtk_grid_get_child_at (GTK_GRID (grid), column, row)));
}

static void
check_card (Fixture *self)
{
  g_assert_cmpstr (get_cell (self, 1, 1), ==, "Stood still");
  g_assert_cmpfloat (g_ascii_strtod (get_cell (self, 1, 2), NULL), >=, 1000);
  g_assert_cmpfloat (g_ascii_strtod (get_cell (self, 2, 2), NULL), >=, 1000);
  g_assert_cmpfloat (g_ascii_strtod (get_cell (self, 1, 3), NULL), >=, 900);
  g_assert_cmpfloat (g_ascii_strtod (get_cell (self, 2, 3), NULL), <, 900);
  for (int i = 1; i <= 2; i++)
    g_assert_cmpstr (get_cell (self, i, 6), ==, "Hello, World");
}

static void
text_read_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  char **text = user_data;
  g_autoptr (GError) error = NULL;

  *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (source), result, &error);
  g_assert_no_error (error);
}

static gboolean
is_there (gpointer data)
{
  return *(char **) data != NULL;
}

static void
check_copy (Fixture *self)
{
  g_autofree char *text = NULL;
  g_autofree char *row = NULL;

  test_click (test_find_button (GTK_WIDGET (self->compare), "Copy as Text"));
  g_assert_true (says (GTK_WIDGET (self->compare), "Copied"));
  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (GTK_WIDGET (self->compare)), NULL,
                                 text_read_cb, &text);
  test_wait_until (is_there, &text);

  row = g_strdup_printf ("\nTook: %s / %s\n", get_cell (self, 1, 2), get_cell (self, 2, 2));
  g_assert_nonnull (strstr (text, "do_sync_work"));
  g_assert_nonnull (strstr (text, row));
  g_assert_nonnull (strstr (text, "Hello, World / Hello, World"));
}

static gboolean
says_saved (gpointer data)
{
  return says (data, "Saved as") || says (data, "can't be written");
}

static void
save (Fixture *self,
      const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  demo_compare_save (self->compare, file);
  test_wait_until (says_saved, self->compare);
}

static void
check_saving_json (Fixture *self)
{
  g_autofree char *path = test_folder_path ("card.json");
  g_autofree char *contents = NULL;
  g_autoptr (TestJson) json = NULL;
  const GPtrArray *runs;

  save (self, path);
  g_assert_true (says (GTK_WIDGET (self->compare), "Saved as"));

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  json = test_json_parse (contents);
  g_assert_nonnull (json);
  runs = test_json_get (json, "runs")->values;
  g_assert_cmpuint (runs->len, ==, 2);
  g_assert_cmpstr (test_json_string (g_ptr_array_index (runs, 0), "mode"), ==, "freeze");
  g_assert_cmpstr (test_json_string (g_ptr_array_index (runs, 1), "mode"), ==, "asyncify");
  g_assert_cmpfloat (test_json_number (json, "baseline.frames.drawn"), >, 0);
}

static void
check_saving_picture (Fixture *self)
{
  g_autofree char *path = test_folder_path ("card.png");
  g_autoptr (GdkTexture) texture = NULL;
  g_autoptr (GError) error = NULL;
  GtkWidget *card = test_find (GTK_WIDGET (self->compare), GTK_TYPE_BOX, "compare");

  test_wait_for_frames (card, 2);
  save (self, path);
  g_assert_true (says (GTK_WIDGET (self->compare), "Saved as"));

  texture = gdk_texture_new_from_filename (path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (gdk_texture_get_width (texture), ==, gtk_widget_get_width (card));
  g_assert_cmpint (gdk_texture_get_height (texture), ==, gtk_widget_get_height (card));
}

static void
check_saving_nowhere (Fixture *self)
{
  static const char *const names[] = { "missing/card.json", "missing/card.png" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = test_folder_path (names[i]);

      save (self, path);
      g_assert_true (says (GTK_WIDGET (self->compare), "can't be written"));
      g_assert_true (is_shown (self, "compare"));
    }
}

static void
test_card (Fixture *self,
           gconstpointer data)
{
  g_assert_false (is_shown (self, "compare"));
  run (self);
  g_assert_true (is_shown (self, "compare"));
  check_card (self);
  check_copy (self);
  check_saving_json (self);
  check_saving_picture (self);
  check_saving_nowhere (self);
}

/* Wherever it is: measuring the idle window, or between two runs. */
static void
test_stop (Fixture *self,
           gconstpointer data)
{
  GtkWidget *compare = GTK_WIDGET (self->compare);

  for (guint i = 0; i < 100; i += 33)
    {
      test_click (test_find_button (compare, "Compare"));
      g_assert_false (gtk_widget_is_sensitive (test_find_button (compare, "Compare")));
      test_wait_for_frames (compare, 1 + 2 * i);
      test_click (test_find_button (compare, "Stop"));
      g_assert_false (demo_compare_is_active (self->compare));
      g_assert_false (is_shown (self, "compare"));
      g_assert_true (says (compare, "Cancelled"));
      test_page_wait_until_idle (&self->page);
    }
}

/* What a frozen run is, nobody sees: it is the asyncified one. */
static gboolean
is_running (gpointer data)
{
  return demo_scenario_get_state (data) == DEMO_SCENARIO_RUNNING;
}

/* In a run: the call is cancelled too, and doesn't go on for nobody. */
static void
test_stop_run (Fixture *self,
               gconstpointer data)
{
  GtkWidget *compare = GTK_WIDGET (self->compare);

  test_page_type (&self->page, "Calls", "1");
  test_page_type (&self->page, "Duration", "2000");
  test_click (test_find_button (compare, "Compare"));
  test_wait_until (is_running, demo_page_get_scenario (DEMO_PAGE (self->page.page)));
  test_click (test_find_button (compare, "Stop"));
  test_page_wait_until_idle (&self->page);
  test_page_assert (&self->page, "cancelled", "Cancelled");

  /* The comparison doesn't go on, either. */
  test_wait_for_frames (compare, 60);
  g_assert_true (says (compare, "Cancelled"));
  g_assert_false (is_shown (self, "compare"));
}

/* What can't be run has a message, and no card. */
static void
test_failure (Fixture *self,
              gconstpointer data)
{
  test_page_type (&self->page, "Name", "");
  run (self);
  g_assert_false (is_shown (self, "compare"));
  g_assert_true (says (GTK_WIDGET (self->compare), "Type a name"));
}

static void
test_closed_meanwhile (Fixture *self,
                       gconstpointer data)
{
  test_click (test_find_button (GTK_WIDGET (self->compare), "Compare"));
  test_wait_for_frames (GTK_WIDGET (self->compare), 10);
  test_page_close (&self->page);
  self->page.page = NULL;
}

int
main (int argc,
      char **argv)
{
  static const struct {
    const char *path, *id;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "/compare/card-has-both-ways-and-can-be-saved", "hello", test_card },
    { "/compare/stop/wherever-it-is", "hello", test_stop },
    { "/compare/stop/cancels-the-run", "group", test_stop_run },
    { "/compare/failure-has-message", "hello", test_failure },
    { "/compare/closed-meanwhile", "hello", test_closed_meanwhile },
  };

  g_test_init (&argc, &argv, NULL);
  test_folder_begin (TEST_FOLDER_PLAIN);

  if (!test_widgets_begin ())
    return 0;

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, tests[i].id, set_up, tests[i].func, tear_down);

  return g_test_run ();
}
