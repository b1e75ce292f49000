/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-controls.h"
#include "demo-finding.h"
#include "demo-guard.h"
#include "demo-sample.h"
#include "demo-text.h"
#include "demo-walk.h"

/* The blocking function: walks through a folder with GFileEnumerator and looks at every
 * name, size and kind. */

#define ATTRIBUTES                                                                                 \
  G_FILE_ATTRIBUTE_STANDARD_SIZE "," G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE

typedef struct {
  GPatternSpec *pattern;
  GPtrArray *found; /* DemoFinding */
  guint seen, unreadable;
} Search;

static gboolean
matches (Search *search,
         const char *name)
{
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *folded = g_utf8_casefold (shown, -1);

  return g_pattern_spec_match_string (search->pattern, folded);
}

/* How large it is, of which kind and where; or only where, if no more than its name can be read. */
static char *
describe_file (GFile *file,
               GFileInfo *info)
{
  g_autoptr (GFile) parent = g_file_get_parent (file);
  g_autofree char *where = demo_text_file (parent);
  g_autofree char *size = NULL, *kind = NULL;

  if (!g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_STANDARD_SIZE)
      || !g_file_info_has_attribute (info, G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE))
    return g_steal_pointer (&where);

  size = g_format_size (g_file_info_get_size (info));
  kind = g_content_type_get_description (g_file_info_get_content_type (info));

  /* Translators: size, kind and folder of a file */
  return g_strdup_printf (_ ("%s · %s · %s"), size, kind, where);
}

static void
add_finding (Search *search,
             GFile *file,
             GFileInfo *info)
{
  g_autofree char *name = g_filename_display_name (g_file_info_get_name (info));
  g_autofree char *detail = describe_file (file, info);
  DemoFinding *finding = demo_finding_new (name, detail);

  g_ptr_array_add (search->found, finding);
  asyncify_emit (G_OBJECT (finding));
}

static gboolean
look_at (GFile *file,
         GFileInfo *info,
         gpointer user_data)
{
  Search *search = user_data;

  search->seen++;
  if (matches (search, g_file_info_get_name (info)))
    add_finding (search, file, info);

  return TRUE;
}

/* Only the topmost one is an error. */
static void
count_unreadable (GFile *folder,
                  const GError *error,
                  gpointer user_data)
{
  ((Search *) user_data)->unreadable++;
}

static GPatternSpec *
parse_pattern (const char *pattern)
{
  g_autofree char *folded = g_utf8_casefold (pattern, -1);
  g_autofree char *anywhere = g_strdup_printf ("*%s*", folded);

  return g_pattern_spec_new (strpbrk (folded, "*?") != NULL ? folded : anywhere);
}

static char *
describe (const Search *search)
{
  g_autofree char *n_found = demo_text_number (search->found->len);
  g_autofree char *n_seen = demo_text_number (search->seen);
  g_autofree char *found
    = g_strdup_printf (ngettext ("%s match", "%s matches", search->found->len), n_found);
  g_autofree char *seen = g_strdup_printf (ngettext ("%s name", "%s names", search->seen), n_seen);
  g_autofree char *unreadable
    = g_strdup_printf (ngettext ("%u folder could not be read", "%u folders could not be read",
                                 search->unreadable),
                       search->unreadable);

  if (search->unreadable == 0)
    /* Translators: such as “12 matches among 300 names” */
    return g_strdup_printf (_ ("%s among %s"), found, seen);
  /* Translators: such as “12 matches among 300 names; 1 folder could not be read” */
  return g_strdup_printf (_ ("%s among %s; %s"), found, seen, unreadable);
}

/* @found: (out) (element-type DemoFinding): what it emitted, for those who could not listen */
static char *
search_folder (GFile *folder,
               const char *pattern,
               GCancellable *cancellable,
               GPtrArray **found,
               GError **error)
{
  g_autoptr (GPatternSpec) spec = parse_pattern (pattern);
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_object_unref);
  Search search = { .pattern = spec, .found = findings };

  asyncify_set_message (_ ("Searching…"));
  if (!demo_walk (folder, ATTRIBUTES, look_at, count_unreadable, &search, cancellable, error))
    return NULL;

  *found = g_ptr_array_ref (findings);
  return describe (&search);
}

/* The one line. */
ASYNCIFY_DEFINE (STRING, search_folder, OBJECT (GFile, folder), STRING (pattern), CANCELLABLE,
                 OUT_BOXED (GPtrArray, found, g_ptr_array_unref), THROWS)

/* The page. */

#define MAX_PATTERN 255 /* characters: no name is longer */

#define DEMO_TYPE_SEARCH (demo_search_get_type ())
G_DECLARE_FINAL_TYPE (DemoSearch, demo_search, DEMO, SEARCH, DemoScenario)

struct _DemoSearch
{
  DemoScenario parent_instance;

  GListStore *folder; /* one GFile, or none */
  GtkEntryBuffer *pattern;
};

G_DEFINE_FINAL_TYPE (DemoSearch, demo_search, DEMO_TYPE_SCENARIO)

static void
found_cb (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = search_folder_finish (result, NULL, &error);

  demo_scenario_end (DEMO_SCENARIO (source), summary, error);
}

static void
demo_search_asyncify (DemoScenario *scenario,
                      AsyncifyJob *job,
                      GCancellable *cancellable)
{
  DemoSearch *self = DEMO_SEARCH (scenario);
  g_autoptr (GFile) folder = g_list_model_get_item (G_LIST_MODEL (self->folder), 0);

  search_folder_async_full (
    folder, gtk_entry_buffer_get_text (self->pattern),
    &(AsyncifyOptions) { .source_object = G_OBJECT (self), .job = job }, cancellable, found_cb,
    NULL);
}

static char *
demo_search_freeze (DemoScenario *scenario,
                    GError **error)
{
  DemoSearch *self = DEMO_SEARCH (scenario);
  g_autoptr (GFile) folder = g_list_model_get_item (G_LIST_MODEL (self->folder), 0);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (DemoGuard) guard = demo_guard_new ();
  GError *problem = NULL;
  char *summary = search_folder (folder, gtk_entry_buffer_get_text (self->pattern),
                                 demo_guard_get_cancellable (guard), &found, &problem);

  demo_guard_explain (guard, &problem);
  if (problem != NULL)
    g_propagate_error (error, problem);
  if (found != NULL)
    demo_scenario_show_items (scenario, found);

  return summary;
}

static gboolean
demo_search_check (DemoScenario *scenario,
                   GError **error)
{
  DemoSearch *self = DEMO_SEARCH (scenario);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->folder)) == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("Choose a folder to search first."));
  else if (gtk_entry_buffer_get_length (self->pattern) == 0)
    g_set_error_literal (
      error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
      _ ("What shall it look for? Type a part of a name, or a pattern such as *.txt"));
  else if (gtk_entry_buffer_get_length (self->pattern) > MAX_PATTERN)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                 _ ("That pattern is too long: %d characters at most."), MAX_PATTERN);
  else
    return TRUE;

  return FALSE;
}

static void
demo_search_use_sample (DemoScenario *scenario,
                        const char *sample)
{
  demo_controls_set_path (DEMO_SEARCH (scenario)->folder, sample);
}

static GListStore *
demo_search_get_files (DemoScenario *scenario)
{
  return DEMO_SEARCH (scenario)->folder;
}

static GtkWidget *
demo_search_create_parameters (DemoScenario *scenario)
{
  DemoSearch *self = DEMO_SEARCH (scenario);
  GtkWidget *rows = demo_controls_new_rows ();

  gtk_box_append (GTK_BOX (rows),
                  demo_controls_new_path (_ ("F_older"), self->folder, DEMO_PATH_FOLDER));
  gtk_box_append (GTK_BOX (rows), demo_controls_new_entry (_ ("_Pattern"), self->pattern));

  return rows;
}

static GtkWidget *
demo_search_create_view (DemoScenario *scenario)
{
  return demo_findings_new (scenario, _ ("What is found appears here at once."));
}

static void
demo_search_dispose (GObject *object)
{
  DemoSearch *self = DEMO_SEARCH (object);

  g_clear_object (&self->folder);
  g_clear_object (&self->pattern);

  G_OBJECT_CLASS (demo_search_parent_class)->dispose (object);
}

static void
demo_search_class_init (DemoSearchClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_search_dispose;

  /* Else GIO looks for these folders when first asked to describe a kind, and then forgets all that
   * it has read of kinds without freeing it. */
  g_content_type_get_mime_dirs ();

  scenario_class->id = "search";
  scenario_class->title = N_ ("Search a folder");
  scenario_class->topic = N_ ("Files");
  scenario_class->summary = N_ ("Walks through a folder and everything in it, and looks at each file.");
  scenario_class->watch = N_ ("Matches show while the search goes on; the list can be scrolled.");
  scenario_class->function = "search_folder";
  scenario_class->make_sample = demo_sample_make;
  scenario_class->create_parameters = demo_search_create_parameters;
  scenario_class->get_files = demo_search_get_files;
  scenario_class->create_view = demo_search_create_view;
  scenario_class->use_sample = demo_search_use_sample;
  scenario_class->check = demo_search_check;
  scenario_class->freeze = demo_search_freeze;
  scenario_class->asyncify = demo_search_asyncify;
}

static void
demo_search_init (DemoSearch *self)
{
  self->folder = g_list_store_new (G_TYPE_FILE);
  self->pattern = gtk_entry_buffer_new ("*letter*.pdf", -1);
  /* One more than is allowed, so that what is too long is refused, not cut. */
  gtk_entry_buffer_set_max_length (self->pattern, MAX_PATTERN + 1);
}
