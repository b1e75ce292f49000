/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the templates make: that it is all there, and has names for those who don't see it. */

#include <asyncify/asyncify.h>

#include "demo-compare.h"
#include "demo-job-row.h"
#include "demo-jobs-panel.h"
#include "demo-page.h"
#include "demo-question.h"
#include "demo-scenario.h"
#include "demo-stage.h"
#include "demo-window.h"
#include "testfolder.h"
#include "testwidgets.h"

#define SOURCES "/io/github/asyncify/Demo/scenarios"
#define ICONS   "/io/github/asyncify/Demo/icons/scalable/actions"

static gboolean
has_text (GtkWidget *widget)
{
  return GTK_IS_LABEL (widget) && *gtk_label_get_text (GTK_LABEL (widget)) != '\0'
         && gtk_widget_get_visible (widget);
}

static gboolean
contains_text (GtkWidget *widget)
{
  gboolean found = has_text (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !found;
       child = gtk_widget_get_next_sibling (child))
    found = contains_text (child);

  return found;
}

/* GTK says that a button is labelled by what is in it, even if that is nothing but a picture. */
static gboolean
has_name (GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  if (gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL))
    return TRUE;
  if (GTK_IS_BUTTON (widget) || GTK_IS_LIST_BOX_ROW (widget))
    return contains_text (widget);

  return gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY);
}

/* What a person works with. What it is made of is its own affair. */
static gboolean
is_control (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_ENTRY (widget)
         || GTK_IS_DROP_DOWN (widget) || GTK_IS_SCALE (widget) || GTK_IS_TEXT_VIEW (widget)
         || GTK_IS_LIST_VIEW (widget) || GTK_IS_GRID_VIEW (widget) || GTK_IS_LIST_BOX (widget)
         || GTK_IS_LIST_BOX_ROW (widget) || GTK_IS_PROGRESS_BAR (widget)
         || gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget))
              == GTK_ACCESSIBLE_ROLE_IMG;
}

static char *
get_place (GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);

  return g_strconcat (G_OBJECT_TYPE_NAME (widget), " in ",
                      parent != NULL ? G_OBJECT_TYPE_NAME (parent) : "nothing", NULL);
}

/* Returns: how many controls there are in @widget, all of which have a name */
static guint
check_names (GtkWidget *widget)
{
  guint n_controls = 0;

  if (is_control (widget) && !GTK_IS_IMAGE (widget))
    {
      g_autofree char *place = get_place (widget);

      if (!has_name (widget))
        g_error ("This has no name: %s", place);
      g_test_message ("This has a name: %s", place);
      n_controls = 1;
    }
  /* A button with nothing but an icon also says to the eye what it does. */
  if (GTK_IS_BUTTON (widget) && !GTK_IS_TOGGLE_BUTTON (widget) && !contains_text (widget)
      && gtk_widget_get_tooltip_text (widget) == NULL)
    g_error ("Nothing tells what this is for: %s", gtk_button_get_icon_name (GTK_BUTTON (widget)));

  if (GTK_IS_WINDOW_CONTROLS (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_ENTRY (widget)
      || GTK_IS_DROP_DOWN (widget))
    return n_controls;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    n_controls += check_names (child);

  return n_controls;
}

static gboolean
is_mapped (gpointer data)
{
  return gtk_widget_get_mapped (data);
}

/* Shows @widget, checks it, and destroys it. Returns: how many controls it has */
static guint
show_and_check (GtkWidget *widget)
{
  GtkWindow *window = GTK_WINDOW (gtk_window_new ());
  guint n_controls;

  g_assert_true (g_object_is_floating (widget));
  gtk_window_set_child (window, widget);
  gtk_window_present (window);
  test_wait_until (is_mapped, widget);
  test_wait_for_frames (widget, 2);
  n_controls = check_names (widget);
  test_destroy_window (window);

  return n_controls;
}

static void
test_stage (void)
{
  g_assert_cmpuint (show_and_check (demo_stage_new ()), ==, 4);
}

static void
test_jobs_panel (void)
{
  g_assert_cmpuint (show_and_check (g_object_new (DEMO_TYPE_JOBS_PANEL, NULL)), >=, 3);
}

static void
test_job_row (void)
{
  g_autoptr (AsyncifyJob) job = asyncify_job_new ("Work");
  GtkWidget *row = demo_job_row_new ();

  demo_job_row_set_job (DEMO_JOB_ROW (row), job);
  g_assert_cmpuint (show_and_check (row), ==, 2);

  g_assert_cmpuint (show_and_check (demo_job_row_new ()), ==, 2);
}

/* They are not shown, so none of them makes its sample. */
static void
test_pages (void)
{
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();

  for (guint i = 0; i < scenarios->len; i++)
    {
      DemoScenario *scenario = g_ptr_array_index (scenarios, i);
      GtkWidget *page = g_object_ref_sink (demo_page_new (scenario));

      g_test_message ("%s", demo_scenario_get_id (scenario));
      g_assert_true (demo_page_get_scenario (DEMO_PAGE (page)) == scenario);
      g_assert_true (GTK_IS_BUTTON (demo_page_get_default (DEMO_PAGE (page))));
      g_assert_cmpuint (check_names (page), >=, 5);
      g_assert_finalize_object (page);
    }
}

/* A letter that two of them have presses neither. @keys: letter to the label it is in */
static void
check_mnemonics (GtkWidget *widget,
                 GHashTable *keys)
{
  guint key = GTK_IS_LABEL (widget) ? gtk_label_get_mnemonic_keyval (GTK_LABEL (widget))
                                    : GDK_KEY_VoidSymbol;

  if (key != GDK_KEY_VoidSymbol)
    {
      const char *label = gtk_label_get_label (GTK_LABEL (widget));
      const char *other = g_hash_table_lookup (keys, GUINT_TO_POINTER (key));

      if (other != NULL)
        g_error ("“%s” and “%s” have the same letter", label, other);
      g_hash_table_insert (keys, GUINT_TO_POINTER (key), (gpointer) label);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!DEMO_IS_COMPARE (child))
      check_mnemonics (child, keys);
}

/* The tab where it is tried, and the one where it is compared; the jobs may show beside either. */
static void
test_mnemonics (void)
{
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();

  for (guint i = 0; i < scenarios->len; i++)
    {
      DemoScenario *scenario = g_ptr_array_index (scenarios, i);
      GtkWidget *jobs = g_object_ref_sink (g_object_new (DEMO_TYPE_JOBS_PANEL, NULL));
      GtkWidget *tabs[] = { demo_page_new (scenario), demo_compare_new (scenario) };

      g_test_message ("%s", demo_scenario_get_id (scenario));
      for (guint j = 0; j < G_N_ELEMENTS (tabs); j++)
        {
          g_autoptr (GHashTable) keys = g_hash_table_new (NULL, NULL);

          g_object_ref_sink (tabs[j]);
          check_mnemonics (jobs, keys);
          check_mnemonics (tabs[j], keys);
          g_assert_cmpuint (g_hash_table_size (keys), >=, 5);
          g_object_unref (tabs[j]);
        }
      g_object_unref (jobs);
    }
}

typedef struct {
  GtkWidget *page;
  guint n_gone;
} Going;

static void
goes_cb (Going *going)
{
  g_assert_nonnull (demo_page_get_scenario (DEMO_PAGE (going->page)));
  going->n_gone++;
}

/* What is in a page may still ask for its scenario while the page goes. */
static void
test_page_goes (void)
{
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();
  Going going = { g_object_ref_sink (demo_page_new (g_ptr_array_index (scenarios, 0))), 0 };

  g_signal_connect_swapped (demo_page_get_default (DEMO_PAGE (going.page)), "destroy",
                            G_CALLBACK (goes_cb), &going);
  g_signal_connect_swapped (gtk_widget_get_first_child (going.page), "destroy",
                            G_CALLBACK (goes_cb), &going);
  g_assert_finalize_object (going.page);
  g_assert_cmpuint (going.n_gone, ==, 2);
}

static int
get_font_size (GtkWidget *widget)
{
  return pango_font_description_get_size (
    pango_context_get_font_description (gtk_widget_get_pango_context (widget)));
}

static void
check_fonts (GtkWidget *widget,
             int size)
{
  if (GTK_IS_LABEL (widget) && get_font_size (widget) < 0.85 * size)
    g_error ("“%s” is too small", gtk_label_get_text (GTK_LABEL (widget)));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    check_fonts (child, size);
}

static GtkStyleProvider *
use_style_sheet (void)
{
  g_autoptr (GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/asyncify/Demo/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (),
                                              GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);

  return GTK_STYLE_PROVIDER (g_steal_pointer (&provider));
}

/* Whoever needs large letters gets them everywhere. */
static void
test_fonts_as_set (void)
{
  GtkSettings *settings = gtk_settings_get_default ();
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();
  g_autoptr (GtkStyleProvider) sheet = use_style_sheet ();
  GtkWidget *window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  int before = get_font_size (window);

  gtk_box_append (GTK_BOX (box), demo_page_new (g_ptr_array_index (scenarios, 0)));
  gtk_box_append (GTK_BOX (box), g_object_new (DEMO_TYPE_JOBS_PANEL, NULL));
  gtk_window_set_child (GTK_WINDOW (window), box);
  gtk_window_present (GTK_WINDOW (window));
  test_wait_until (is_mapped, window);

  g_object_set (settings, "gtk-font-name", "Sans 30", NULL);
  test_wait_for_frames (window, 3);
  g_assert_cmpint (get_font_size (window), >, 2 * before);
  check_fonts (box, get_font_size (window));

  gtk_settings_reset_property (settings, "gtk-font-name");
  gtk_style_context_remove_provider_for_display (gdk_display_get_default (), sheet);
  test_destroy_window (GTK_WINDOW (window));
}

/* The whole of it, with all the pages and panels in it. */
static void
activate_cb (GtkApplication *application,
             guint *n_controls)
{
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();
  GtkWidget *window = demo_window_new (application, scenarios);

  gtk_window_present (GTK_WINDOW (window));
  test_wait_until (is_mapped, window);
  test_wait_for_frames (window, 2);
  *n_controls = check_names (window);

  for (guint i = 0; i < scenarios->len; i++)
    g_assert_true (demo_window_show_scenario (
      DEMO_WINDOW (window), demo_scenario_get_id (g_ptr_array_index (scenarios, i))));
  g_assert_false (demo_window_show_scenario (DEMO_WINDOW (window), "nonsense"));
  g_assert_true (demo_window_show_scenario (
    DEMO_WINDOW (window), demo_scenario_get_id (g_ptr_array_index (scenarios, 0))));

  test_destroy_window (GTK_WINDOW (window));
}

static void
test_window (void)
{
  g_autoptr (GtkApplication) application
    = gtk_application_new ("io.github.asyncify.Test", G_APPLICATION_NON_UNIQUE);
  G_GNUC_UNUSED g_autofree char *in_the_way = test_folder_forbid_sample ();
  guint n_controls = 0;

  g_signal_connect (application, "activate", G_CALLBACK (activate_cb), &n_controls);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), 0, NULL), ==, 0);
  g_assert_cmpuint (n_controls, >=, 20);
}

static void
quit_cb (GSimpleAction *action,
         GVariant *parameter,
         gpointer application)
{
  g_application_quit (G_APPLICATION (application));
}

/* What the keys of the app do, Control and Q above all, they do before a question, too. */
static void
ask_cb (GtkApplication *application)
{
  const GActionEntry actions[] = { { .name = "quit", .activate = quit_cb } };
  const char *const answers[] = { "_Yes", "_No", NULL };
  GtkWidget *window = gtk_application_window_new (application);
  DemoQuestion *question = demo_question_new (window, "Is it so?", "It may be.", answers, 0);

  g_action_map_add_action_entries (G_ACTION_MAP (application), actions, G_N_ELEMENTS (actions),
                                   application);
  g_assert_true (gtk_window_get_application (GTK_WINDOW (question)) == application);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (question), "app.quit", NULL));
  gtk_window_destroy (GTK_WINDOW (question));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_question_can_quit (void)
{
  g_autoptr (GtkApplication) application
    = gtk_application_new ("io.github.asyncify.Test", G_APPLICATION_NON_UNIQUE);

  g_signal_connect (application, "activate", G_CALLBACK (ask_cb), NULL);
  g_assert_cmpint (g_application_run (G_APPLICATION (application), 0, NULL), ==, 0);
}

static void
check_sentence (const char *text)
{
  g_assert_nonnull (text);
  g_assert_cmpuint (strlen (text), >=, 20);
  g_assert_true (g_str_has_suffix (text, "."));
}

static void
check_icon (const char *id)
{
  g_autofree char *path = g_strdup_printf (ICONS "/asyncify-%s-symbolic.svg", id);

  g_assert_true (g_resources_get_info (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL, NULL, NULL));
}

static void
test_scenarios_complete (void)
{
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (scenarios->len, >=, 4);
  for (guint i = 0; i < scenarios->len; i++)
    {
      DemoScenarioClass *klass = DEMO_SCENARIO_GET_CLASS (g_ptr_array_index (scenarios, i));

      g_assert_nonnull (klass->id);
      g_test_message ("%s", klass->id);
      g_assert_true (g_hash_table_add (ids, (gpointer) klass->id));
      g_assert_nonnull (klass->title);
      g_assert_cmpstr (klass->title, !=, "");
      g_assert_nonnull (klass->topic);
      check_icon (klass->id);
      check_sentence (klass->summary);
      g_assert_nonnull (klass->function);
      if (klass->missing != NULL)
        {
          check_sentence (klass->missing);
          continue;
        }
      check_sentence (klass->watch);
      if (klass->no_freeze != NULL)
        check_sentence (klass->no_freeze);
      g_assert_cmpint ((klass->freeze != NULL) + (klass->misuse != NULL)
                         + (klass->no_freeze != NULL),
                       ==, 1);
      g_assert_nonnull (klass->asyncify);
      g_assert_true ((klass->make_sample == NULL) || (klass->use_sample != NULL));
    }
}

/* The Source tab shows the scenario's own file: the function on top, and then the one line. */
static void
test_sources (void)
{
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();

  for (guint i = 0; i < scenarios->len; i++)
    {
      DemoScenarioClass *klass = DEMO_SCENARIO_GET_CLASS (g_ptr_array_index (scenarios, i));
      g_autofree char *path = g_strdup_printf (SOURCES "/%s.c", klass->id);
      g_autofree char *begin = g_strdup_printf ("\n%s (", klass->function);
      g_autofree char *line = g_strdup_printf (", %s,", klass->function);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes
        = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, &error);
      g_autofree char *text = NULL;
      const char *function, *define;

      g_assert_no_error (error);
      text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_assert_true (g_utf8_validate (text, -1, NULL));
      if (klass->missing != NULL)
        continue;
      function = strstr (text, begin);
      g_assert_nonnull (function);
      define = strstr (function, "\nASYNCIFY_DEFINE");
      g_assert_nonnull (define);
      g_assert_nonnull (strstr (define, line));
    }
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

  g_test_add_func ("/templates/stage", test_stage);
  g_test_add_func ("/templates/jobs-panel", test_jobs_panel);
  g_test_add_func ("/templates/job-row", test_job_row);
  g_test_add_func ("/templates/pages", test_pages);
  g_test_add_func ("/templates/mnemonics", test_mnemonics);
  g_test_add_func ("/templates/page-goes", test_page_goes);
  g_test_add_func ("/templates/fonts-as-set", test_fonts_as_set);
  g_test_add_func ("/templates/window", test_window);
  g_test_add_func ("/templates/question-can-quit", test_question_can_quit);
  g_test_add_func ("/templates/scenarios-complete", test_scenarios_complete);
  g_test_add_func ("/templates/sources-in-resources", test_sources);

  return g_test_run ();
}
