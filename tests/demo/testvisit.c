/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testvisit.h"

#include "demo-application.h"
#include "demo-scenario.h"
#include "demo-window.h"
#include "testwidgets.h"

/* What is wrong, each of it once; NULL as long as nothing is */
static GHashTable *problems;

void
test_visit_add_problem (char *problem)
{
  if (problems == NULL)
    problems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (g_hash_table_add (problems, problem))
    g_test_message ("%s", problem);
}

/* The app's window, while a test looks at it */

typedef struct {
  TestLook look;
  gconstpointer data;
} Visit;

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

static void
activate_cb (GtkApplication *application,
             const Visit *visit)
{
  GtkWindow *window = gtk_application_get_active_window (application);

  test_wait_until (is_mapped, window);
  test_wait_for_frames (GTK_WIDGET (window), 2);
  visit->look (window, visit->data);
  g_application_quit (G_APPLICATION (application));
}

void
test_visit (TestLook look,
            gconstpointer data)
{
  char *argv[] = { (char *) "asyncify-demo", NULL };
  DemoApplication *application = demo_application_new ();
  const Visit visit = { look, data };

  g_signal_connect_after (application, "activate", G_CALLBACK (activate_cb), (gpointer) &visit);
  g_assert_cmpint (demo_application_run (application, 1, argv), ==, 0);
  g_assert_finalize_object (application);
  g_assert_null (problems);
}

void
test_visit_foreach (GtkWidget *top,
                    void (*func) (GtkWidget *, gpointer),
                    gpointer data)
{
  func (top, data);
  for (GtkWidget *child = gtk_widget_get_first_child (top); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    test_visit_foreach (child, func, data);
}

typedef struct {
  TestLook look;
  GtkWindow *window;
  gconstpointer data;
} Walk;

/* Turns to each page of the stack that is switched with @widget. */
static void
turn_tabs_cb (GtkWidget *widget,
              gpointer data)
{
  const Walk *walk = data;
  g_autoptr (GListModel) pages = NULL;
  GtkStack *stack;

  if (!GTK_IS_STACK_SWITCHER (widget) || !gtk_widget_get_mapped (widget))
    return;

  stack = gtk_stack_switcher_get_stack (GTK_STACK_SWITCHER (widget));
  pages = G_LIST_MODEL (gtk_stack_get_pages (stack));
  for (guint i = g_list_model_get_n_items (pages); i > 0; i--)
    {
      g_autoptr (GObject) page = g_list_model_get_item (pages, i - 1);

      gtk_stack_set_visible_child (stack, gtk_stack_page_get_child (GTK_STACK_PAGE (page)));
      test_wait_for_frames (GTK_WIDGET (walk->window), 3);
      walk->look (walk->window, walk->data);
    }
}

void
test_visit_pages (GtkWindow *window,
                  TestLook look,
                  gconstpointer data)
{
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();
  Walk walk = { look, window, data };

  for (guint i = 0; i < scenarios->len; i++)
    {
      const char *id = demo_scenario_get_id (g_ptr_array_index (scenarios, i));

      g_test_message ("%s", id);
      g_assert_true (demo_window_show_scenario (DEMO_WINDOW (window), id));
      test_wait_for_frames (GTK_WIDGET (window), 2);
      test_visit_foreach (GTK_WIDGET (window), turn_tabs_cb, &walk);
    }
}
