/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The app in a language that is none (tests/po/pseudo.py): what it says has been translated, fits
 * where it stands, and has its numbers written as the person does. And in each that it is translated
 * into: its words fit, too, and no two on a page have the same letter. */

#include <glib/gi18n.h>
#include <libintl.h>

#include "demo-compare.h"
#include "demo-page.h"
#include "demo-question.h"
#include "demo-scenario.h"
#include "demo-text.h"
#include "demo-window.h"
#include "testfolder.h"
#include "testlocale.h"
#include "testvisit.h"
#include "testwidgets.h"
#include "testwords.h"

#define DOMAIN "asyncify-demo"

/* A language that the C library looks up, but GTK has nothing in */
#define PSEUDO "pseudo"

/* Translated */

/* What are no words, but the name of the app, and what it found on the person's computer: names of
 * files and hosts, paths, checksums, sizes as GLib writes them. */
#define NO_WORDS                                                                                   \
  "^(Asyncify|[a-z0-9-]+\\.[a-z]{3}|/.*|[0-9a-f]{64}|[0-9.,]+\u00a0[kMG]?B|localhost|line [0-9]+|"                \
  "127\\.0\\.0\\.1)$"

/* Code, and what came out of a database or a program */
static gboolean
is_data (GtkWidget *widget)
{
  return gtk_widget_has_css_class (widget, "monospace")
         || gtk_widget_get_ancestor (widget, GTK_TYPE_COLUMN_VIEW) != NULL;
}

static void
check_text_cb (GtkWidget *widget,
               const char *what,
               const char *text,
               gpointer n_texts)
{
  g_autofree char *place = test_words_get_place (widget);

  (*(guint *) n_texts)++;
  if (is_data (widget) || g_regex_match_simple (NO_WORDS, text, 0, 0))
    return;
  if (!test_words_are_pseudo (text))
    test_visit_add_problem (g_strdup_printf ("not translated: the %s “%s” of %s", what, text, place));
  else if (test_words_have_raw_number (text))
    test_visit_add_problem (g_strdup_printf ("a raw number: the %s “%s” of %s", what, text, place));
}

/* What all windows say */
static void
look_at (gboolean shown_only,
         guint *n_texts)
{
  g_autoptr (GListModel) toplevels = g_object_ref (gtk_window_get_toplevels ());

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      test_words_foreach (toplevel, shown_only, check_text_cb, n_texts);
    }
}

static void
look_at_words (GtkWindow *window,
               gconstpointer n_texts)
{
  look_at (FALSE, (guint *) n_texts);
}

static void
read_all (GtkWindow *window,
          gconstpointer data)
{
  gtk_widget_activate_action (GTK_WIDGET (window), "win.show-help-overlay", NULL);
  test_visit_pages (window, look_at_words, data);
}

static void
test_translated (void)
{
  g_autofree char *in_the_way = test_folder_forbid_sample ();
  guint n_texts = 0;

  test_visit (read_all, &n_texts);
  g_test_message ("%u texts", n_texts);
  g_assert_cmpuint (n_texts, >=, 500);
  test_folder_remove (in_the_way);
}

/* What runs, and what came of it */

typedef struct {
  DemoScenario *scenario;
  guint *n_texts;
} Run;

static gboolean
is_active (DemoScenario *scenario)
{
  DemoScenarioState state = demo_scenario_get_state (scenario);

  return state == DEMO_SCENARIO_RUNNING || state == DEMO_SCENARIO_PREPARING;
}

static DemoQuestion *
find_question (void)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWidget) toplevel = g_list_model_get_item (toplevels, i);

      if (DEMO_IS_QUESTION (toplevel))
        return DEMO_QUESTION (toplevel);
    }

  return NULL;
}

static gboolean
has_ended_or_asks (gpointer scenario)
{
  return !is_active (scenario) || find_question () != NULL;
}

/* A question is closed, which is an answer too. */
static void
look_until_ended (GtkWindow *window,
                  Run *run)
{
  look_at (TRUE, run->n_texts);
  while (is_active (run->scenario))
    {
      test_wait_until (has_ended_or_asks, run->scenario);
      look_at (TRUE, run->n_texts);
      if (find_question () != NULL)
        gtk_window_close (GTK_WINDOW (find_question ()));
    }
  test_wait_for_frames (GTK_WIDGET (window), 2);
  look_at (TRUE, run->n_texts);
}

static DemoScenario *
find_scenario (GtkWidget *widget)
{
  DemoScenario *scenario = NULL;

  if (DEMO_IS_PAGE (widget) && gtk_widget_get_mapped (widget))
    return demo_page_get_scenario (DEMO_PAGE (widget));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && scenario == NULL;
       child = gtk_widget_get_next_sibling (child))
    scenario = find_scenario (child);

  return scenario;
}

static void
run_each_way (GtkWindow *window,
              Run *run)
{
  static const char *const actions[] = { "demo.asyncify", "demo.freeze" };

  look_until_ended (window, run);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      gtk_widget_activate_action (GTK_WIDGET (window), actions[i], NULL);
      look_until_ended (window, run);
    }

  gtk_widget_activate_action (GTK_WIDGET (window), "demo.asyncify", NULL);
  gtk_widget_activate_action (GTK_WIDGET (window), "demo.cancel", NULL);
  look_until_ended (window, run);
}

static gboolean
has_compared (gpointer compare)
{
  return !demo_compare_is_active (compare);
}

/* What the card says of the page that is shown first. */
static void
compare (GtkWindow *window,
         guint *n_texts)
{
  DemoCompare *first = DEMO_COMPARE (test_find (GTK_WIDGET (window), DEMO_TYPE_COMPARE, NULL));

  demo_compare_start (first);
  g_assert_true (demo_compare_is_active (first));
  look_at (FALSE, n_texts);
  test_wait_until (has_compared, first);
  look_at (FALSE, n_texts);
}

static void
run_all (GtkWindow *window,
         gconstpointer n_texts)
{
  g_autoptr (GPtrArray) scenarios = demo_scenarios_new ();

  gtk_widget_activate_action (GTK_WIDGET (window), "win.jobs", NULL);
  compare (window, (guint *) n_texts);
  for (guint i = 0; i < scenarios->len; i++)
    {
      const char *id = demo_scenario_get_id (g_ptr_array_index (scenarios, i));
      Run run = { .n_texts = (guint *) n_texts };

      g_test_message ("%s", id);
      g_assert_true (demo_window_show_scenario (DEMO_WINDOW (window), id));
      test_wait_for_frames (GTK_WIDGET (window), 2);
      run.scenario = find_scenario (GTK_WIDGET (window));
      run_each_way (window, &run);
    }
}

static void
test_run_translated (void)
{
  guint n_texts = 0;

  test_visit (run_all, &n_texts);
  g_test_message ("%u texts", n_texts);
}

/* Fits */

typedef struct {
  int width, height;
  guint percent; /* of the text */
  gboolean fits; /* whether all of it is known to */
} Size;

static const Size sizes[] = {
  { 1280, 800, 100, TRUE },
  { 1280, 800, 200, TRUE },
  { 800, 600, 100, TRUE },
  { 800, 600, 200, FALSE },
};

static void
check_label_cb (GtkWidget *widget,
                gpointer data)
{
  g_autofree char *problem
    = GTK_IS_LABEL (widget) ? test_words_find_clipped (GTK_LABEL (widget)) : NULL;
  g_autofree char *place = NULL;

  if (problem == NULL)
    return;

  place = test_words_get_place (widget);
  test_visit_add_problem (g_strdup_printf ("“%s” %s, in %s", gtk_label_get_text (GTK_LABEL (widget)), problem,
                                place));
}

static void
look_at_layout (GtkWindow *window,
                gconstpointer data)
{
  const Size *size = data;

  if (gtk_widget_get_width (GTK_WIDGET (window)) > size->width
      || gtk_widget_get_height (GTK_WIDGET (window)) > size->height)
    test_visit_add_problem (g_strdup_printf ("the window needs %d × %d",
                                  gtk_widget_get_width (GTK_WIDGET (window)),
                                  gtk_widget_get_height (GTK_WIDGET (window))));
  test_visit_foreach (GTK_WIDGET (window), check_label_cb, NULL);
}

static void
look_in_size (GtkWindow *window,
              gconstpointer data)
{
  const Size *size = data;

  gtk_window_set_default_size (window, size->width, size->height);
  test_wait_for_frames (GTK_WIDGET (window), 3);
  test_visit_pages (window, look_at_layout, size);
}

static void
test_fits (gconstpointer data)
{
  const Size *size = data;
  GtkSettings *settings = gtk_settings_get_default ();
  g_autofree char *in_the_way = test_folder_forbid_sample ();

  g_object_set (settings, "gtk-enable-animations", FALSE, "gtk-xft-dpi",
                (int) (96 * PANGO_SCALE * size->percent / 100), NULL);
  test_visit (look_in_size, size);
  gtk_settings_reset_property (settings, "gtk-enable-animations");
  gtk_settings_reset_property (settings, "gtk-xft-dpi");
  test_folder_remove (in_the_way);
}

/* Where @part is seen in @text, which is read from right to left, in Pango's units from the left */
static int
get_x (PangoContext *context,
       const char *text,
       const char *part)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  PangoRectangle place;

  pango_layout_set_text (layout, text, -1);
  pango_layout_index_to_pos (layout, (int) (strstr (text, part) - text), &place);

  return MIN (place.x, place.x + place.width);
}

/* Among words that are read from right to left, the name of a function still ends with its
 * parentheses; and where all is read from left to right, nothing is put into it. */
static void
test_isolated (void)
{
  GtkWidget *label = g_object_ref_sink (gtk_label_new (NULL));
  PangoContext *context = gtk_widget_get_pango_context (label);
  GtkTextDirection before = gtk_widget_get_default_direction ();
  g_autofree char *plain = NULL, *isolated = NULL, *sentence = NULL;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  plain = demo_text_isolate ("main ()");
  g_assert_cmpstr (plain, ==, "main ()");

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  isolated = demo_text_isolate ("main ()");
  sentence = g_strconcat ("\u0645\u0631\u062d\u0628\u0627: ", isolated, NULL);
  g_assert_cmpint (get_x (context, sentence, "main"), <, get_x (context, sentence, "("));
  g_assert_cmpint (get_x (context, sentence, "("), <, get_x (context, sentence, ")"));

  gtk_widget_set_default_direction (before);
  g_object_unref (label);
}

/* A letter that two of them have presses neither. @data: letter to the label that it is in */
static void
check_letter_cb (GtkWidget *widget,
                 gpointer data)
{
  guint key = GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
                ? gtk_label_get_mnemonic_keyval (GTK_LABEL (widget))
                : GDK_KEY_VoidSymbol;
  const char *other;

  if (key == GDK_KEY_VoidSymbol)
    return;

  other = g_hash_table_lookup (data, GUINT_TO_POINTER (key));
  if (other != NULL)
    test_visit_add_problem (g_strdup_printf ("“%s” and “%s” have the same letter", other,
                                  gtk_label_get_label (GTK_LABEL (widget))));
  g_hash_table_insert (data, GUINT_TO_POINTER (key),
                       (gpointer) gtk_label_get_label (GTK_LABEL (widget)));
}

static void
look_at_letters (GtkWindow *window,
                 gconstpointer data)
{
  g_autoptr (GHashTable) letters = g_hash_table_new (NULL, NULL);

  test_visit_foreach (GTK_WIDGET (window), check_letter_cb, letters);
  /* At least those of Freeze, Asyncify and Cancel, or those of Compare; the source has none. */
  *(guint *) data += g_hash_table_size (letters);
}

static void
look_with_jobs (GtkWindow *window,
                gconstpointer data)
{
  gtk_window_set_default_size (window, 1280, 800);
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (window), "win.jobs", NULL));
  test_wait_for_frames (GTK_WIDGET (window), 3);
  test_visit_pages (window, look_at_letters, data);
}

static void
test_letters (void)
{
  g_autofree char *in_the_way = test_folder_forbid_sample ();
  guint n_letters = 0;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  test_visit (look_with_jobs, &n_letters);
  g_assert_cmpuint (n_letters, >, 100);
  gtk_settings_reset_property (gtk_settings_get_default (), "gtk-enable-animations");
  test_folder_remove (in_the_way);
}

static void
use_words (const char *top)
{
  bindtextdomain (DOMAIN, top);
  bind_textdomain_codeset (DOMAIN, "UTF-8");
  textdomain (DOMAIN);
}

static void
install_pseudo (const char *catalogue)
{
  g_autofree char *folder = test_folder_make ("locale/" PSEUDO "/LC_MESSAGES");
  g_autofree char *top = test_folder_path ("locale");
  g_autofree char *path = g_build_filename (folder, DOMAIN ".mo", NULL);
  g_autoptr (GFile) from = g_file_new_for_path (catalogue);
  g_autoptr (GFile) to = g_file_new_for_path (path);
  g_autoptr (GError) error = NULL;

  g_file_copy (from, to, G_FILE_COPY_NONE, NULL, NULL, NULL, &error);
  g_assert_no_error (error);

  use_words (top);
}

static void
add_sizes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const Size *size = &sizes[i];
      g_autofree char *path
        = g_strdup_printf ("/words/fit/%dx%d/%u-percent", size->width, size->height, size->percent);

      if (size->fits)
        g_test_add_data_func (path, size, test_fits);
    }
}

static void
add_pseudo_tests (const char *direction)
{
  if (g_str_equal (direction, "rtl"))
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);

  g_test_add_func ("/words/translated", test_translated);
  g_test_add_func ("/words/isolated", test_isolated);
  add_sizes ();
  /* The words are the same in either direction. It makes samples to work on, and so is the last. */
  if (!g_str_equal (direction, "rtl"))
    g_test_add_func ("/words/run/translated", test_run_translated);
}

static void
add_language_tests (const char *language)
{
  if (g_str_equal (language, "ar"))
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);

  g_test_add_func ("/words/letters", test_letters);
  add_sizes ();
}

/* With the catalogue of the language that is none and a direction to read in, or with a language
 * and the folder of all catalogues. */
int
main (int argc,
      char **argv)
{
  const char *locale;
  gboolean is_pseudo;

  g_test_init (&argc, &argv, NULL);
  g_setenv ("GTK_A11Y", "test", TRUE);
  g_assert_cmpint (argc, ==, 3);
  is_pseudo = g_str_has_suffix (argv[1], ".mo");
  g_setenv ("LANGUAGE", is_pseudo ? PSEUDO : argv[1], TRUE);
  test_folder_begin (TEST_FOLDER_PLAIN);
  locale = test_locale_use_comma ();
  if (locale == NULL)
    {
      g_print ("1..0 # SKIP there is no locale here with a comma\n");
      return 0;
    }
  g_setenv ("LC_ALL", locale, TRUE);
  if (is_pseudo)
    install_pseudo (argv[1]);
  else
    use_words (argv[2]);
  if (!test_widgets_begin ())
    return 0;
  g_assert_cmpstr (_ ("Running…"), !=, "Running…");

  if (is_pseudo)
    add_pseudo_tests (argv[2]);
  else
    add_language_tests (argv[1]);

  return g_test_run ();
}
