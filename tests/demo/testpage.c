/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testpage.h"

#include "demo-controls.h"
#include "demo-page.h"
#include "demo-scenario.h"

const char *const test_page_ways[TEST_PAGE_WAYS] = { "Freeze", "Asyncify" };

static DemoScenario *
create_scenario (const char *id)
{
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();

  for (guint i = 0; i < scenarios->len; i++)
    if (g_str_equal (demo_scenario_get_id (g_ptr_array_index (scenarios, i)), id))
      return g_object_ref (g_ptr_array_index (scenarios, i));

  g_assert_not_reached ();
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

void
test_page_set_up (TestPage *self,
                  gconstpointer data)
{
  g_autoptr (DemoScenario) scenario = create_scenario (data);

  self->window = GTK_WINDOW (gtk_window_new ());
  self->page = demo_page_new (scenario);
  gtk_window_set_default_size (self->window, 800, 600);
  gtk_window_set_child (self->window, self->page);
  gtk_window_present (self->window);

  /* It may have to make a sample first. */
  test_wait_until (is_mapped, self->page);
  test_page_wait_until_idle (self);
}

/* As test_page_set_up (), where making the sample fails: for a page that would have one, but whose
 * test does without it and need not wait. */
static void
set_up_without_sample (TestPage *self,
                       gconstpointer data)
{
  g_autofree char *path = test_folder_forbid_sample ();

  test_page_set_up (self, data);
  test_page_assert (self, "failed", "can't be made");
  test_folder_remove (path);
}

static GtkWidget *
find_shown (GtkWidget *widget)
{
  GtkWidget *found = NULL;

  if (DEMO_IS_PAGE (widget))
    return gtk_widget_get_child_visible (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_shown (child);

  return found;
}

/* For the page that the app shows in @window, which there has to be. */
void
test_page_use_shown (TestPage *self,
                     GtkWindow *window)
{
  self->window = window;
  self->page = find_shown (GTK_WIDGET (window));
  g_assert_nonnull (self->page);
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

/* Closes the window, whatever runs. The scenario ends by itself, and is freed. */
void
test_page_close (TestPage *self)
{
  DemoScenario *scenario = demo_page_get_scenario (DEMO_PAGE (self->page));

  g_object_add_weak_pointer (G_OBJECT (scenario), (gpointer *) &scenario);
  test_destroy_window (self->window);
  test_wait_until (is_gone, &scenario);
}

void
test_page_tear_down (TestPage *self,
                     gconstpointer data)
{
  test_page_wait_until_idle (self);
  test_page_close (self);
}

void
test_page_add (const char *path,
               const char *id,
               void (*func) (TestPage *, gconstpointer))
{
  g_test_add (path, TestPage, id, test_page_set_up, func, test_page_tear_down);
}

void
test_page_add_without_sample (const char *path,
                              const char *id,
                              void (*func) (TestPage *, gconstpointer))
{
  g_test_add (path, TestPage, id, set_up_without_sample, func, test_page_tear_down);
}

/* Puts @text into the entry that @label stands beside, in place of what was there. */
void
test_page_type (TestPage *self,
                const char *label,
                const char *text)
{
  GtkWidget *entry = test_find_entry (self->page, label);

  g_assert_true (gtk_widget_is_sensitive (entry));
  gtk_editable_set_text (GTK_EDITABLE (entry), text);
}

/* Chooses one file more for the entry that @label stands beside. */
void
test_page_add_file (TestPage *self,
                    const char *label,
                    const char *path)
{
  demo_controls_add_path (test_find_entry (self->page, label), path);
}

/* Chooses an item, from 0, of the drop-down that @label stands beside. */
void
test_page_choose (TestPage *self,
                  const char *label,
                  guint number)
{
  GtkWidget *drop_down = test_find_control (self->page, label);

  g_assert_true (gtk_widget_is_sensitive (drop_down));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), number);
}

/* Moves the slider that @label stands beside. */
void
test_page_slide (TestPage *self,
                 const char *label,
                 double value)
{
  GtkWidget *slider = test_find_control (self->page, label);

  g_assert_true (gtk_widget_is_sensitive (slider));
  gtk_range_set_value (GTK_RANGE (slider), value);
}

/* What is no number, or too large a one, in the entry that @label stands beside, is refused both
 * ways, with a message that names the bounds. What was there before still works. */
void
test_page_refuses (TestPage *self,
                   const char *label,
                   const char *bounds)
{
  g_autofree char *megabyte = g_strnfill (1024 * 1024, '9');
  const char *const bad[] = { "-1", "nonsense", "1e3", "0x10", "3.5", "99999999999999999999",
                              "4294967297", "\xf0\x9f\x98\x80", megabyte };
  GtkEditable *entry = GTK_EDITABLE (test_find_entry (self->page, label));
  g_autofree char *good = g_strdup (gtk_editable_get_text (entry));

  for (guint i = 0; i < G_N_ELEMENTS (bad) * TEST_PAGE_WAYS; i++)
    {
      test_page_type (self, label, bad[i / TEST_PAGE_WAYS]);
      test_page_run (self, test_page_ways[i % TEST_PAGE_WAYS]);
      test_page_assert (self, "failed", bounds);
    }

  test_page_type (self, label, good);
  test_page_run (self, "Asyncify");
  g_assert_true (test_page_is (self, "succeeded"));
}

void
test_page_press (TestPage *self,
                 const char *label)
{
  test_click (test_find_button (self->page, label));
}

static gboolean
is_idle (gpointer data)
{
  TestPage *self = data;

  return gtk_widget_is_sensitive (test_find_button (self->page, "Asyncify"));
}

/* Nothing runs any more, and the buttons can be pressed. */
void
test_page_wait_until_idle (TestPage *self)
{
  test_wait_until (is_idle, self);
  g_assert_false (gtk_widget_is_sensitive (test_find_button (self->page, "Cancel")));
}

/* Presses a button, and waits for the result. */
void
test_page_run (TestPage *self,
               const char *label)
{
  test_page_press (self, label);
  test_page_wait_until_idle (self);
  g_assert_cmpstr (test_page_get_result (self), !=, "");
}

/* @outcome: "succeeded", "failed", "cancelled" or "idle" */
gboolean
test_page_is (TestPage *self,
              const char *outcome)
{
  return gtk_widget_has_css_class (test_find (self->page, GTK_TYPE_WIDGET, "outcome"), outcome);
}

const char *
test_page_get_result (TestPage *self)
{
  GtkWidget *outcome = test_find (self->page, GTK_TYPE_WIDGET, "outcome");

  return gtk_label_get_text (GTK_LABEL (test_find (outcome, GTK_TYPE_LABEL, NULL)));
}

static GtkWidget *
get_list (TestPage *self)
{
  GtkWidget *list = test_find (self->page, GTK_TYPE_LIST_VIEW, "findings");

  g_assert_nonnull (list);

  return list;
}

/* Returns: (transfer none): what the list view shows */
GListModel *
test_page_get_items (TestPage *self)
{
  return G_LIST_MODEL (gtk_list_view_get_model (GTK_LIST_VIEW (get_list (self))));
}

typedef struct {
  TestPage *page;
  guint n_items;
} Wanted;

static gboolean
has_items (gpointer data)
{
  Wanted *wanted = data;

  return gtk_widget_get_mapped (get_list (wanted->page))
         && g_list_model_get_n_items (test_page_get_items (wanted->page)) >= wanted->n_items;
}

/* They come into the list frame by frame. Before that it is out of sight, while those of another
 * run leave it. */
void
test_page_wait_for_items (TestPage *self,
                          guint n_items)
{
  Wanted wanted = { self, n_items };

  test_wait_until (has_items, &wanted);
}

static gboolean
row_says (GtkWidget *row,
          const char *name,
          const char *detail)
{
  GtkWidget *first = test_find (row, GTK_TYPE_INSCRIPTION, NULL);
  GtkWidget *second = first != NULL ? gtk_widget_get_next_sibling (first) : NULL;

  return second != NULL
         && g_strcmp0 (gtk_inscription_get_text (GTK_INSCRIPTION (first)), name) == 0
         && strstr (gtk_inscription_get_text (GTK_INSCRIPTION (second)), detail) != NULL;
}

/* Whether the list has a row of this name, that says @detail among other things. */
gboolean
test_page_has_row (TestPage *self,
                   const char *name,
                   const char *detail)
{
  for (GtkWidget *row = gtk_widget_get_first_child (get_list (self)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (row_says (row, name, detail))
      return TRUE;

  return FALSE;
}
