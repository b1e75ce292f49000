/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-controls.h"
#include "demo-finding.h"
#include "demo-sample.h"

/* The blocking function: walks a folder with GFileEnumerator and looks at every
 * name, size and kind. */

#define ATTRIBUTES                                                                                 \
  G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE                                \
                                 "," G_FILE_ATTRIBUTE_STANDARD_SIZE                                \
                                 "," G_FILE_ATTRIBUTE_STANDARD_CONTENT_TYPE

typedef struct {
  GPatternSpec *pattern;
  GCancellable *cancellable;
  guint seen, found, unreadable;
} Walk;

static gboolean
matches (Walk *walk,
         const char *name)
{
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree char *folded = g_utf8_casefold (shown, -1);

  return g_pattern_spec_match_string (walk->pattern, folded);
}

static void
look_at (Walk *walk,
         GFile *file,
         GFileInfo *info)
{
  g_autoptr (DemoFinding) finding = NULL;
  g_autoptr (GFile) parent = NULL;
  g_autofree char *name = NULL, *where = NULL, *size = NULL, *kind = NULL, *detail = NULL;

  walk->seen++;
  if (!matches (walk, g_file_info_get_name (info)))
    return;

  walk->found++;
  parent = g_file_get_parent (file);
  name = g_filename_display_name (g_file_info_get_name (info));
  where = g_file_get_parse_name (parent);
  size = g_format_size (g_file_info_get_size (info));
  kind = g_content_type_get_description (g_file_info_get_content_type (info));
  detail = g_strdup_printf ("%s · %s · %s", size, kind, where);
  finding = demo_finding_new (name, detail);
  asyncify_emit (G_OBJECT (finding));
}

/* Links are not followed, so a loop of them is no trap. Sub-folders that can't be read are
 * counted; the topmost is an error. */
static gboolean
walk_folder (Walk *walk,
             GFile *folder,
             GError **error)
{
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GFileEnumerator) children = g_file_enumerate_children (
    folder, ATTRIBUTES, G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, walk->cancellable, error);
  GFileInfo *info = NULL;
  GFile *child = NULL;

  if (children == NULL)
    return FALSE;

  for (;;)
    {
      if (!g_file_enumerator_iterate (children, &info, &child, walk->cancellable, error))
        return FALSE;
      if (info == NULL)
        break;
      look_at (walk, child, info);
      if (g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY)
        g_ptr_array_add (folders, g_object_ref (child));
    }

  for (guint i = 0; i < folders->len; i++)
    if (!walk_folder (walk, g_ptr_array_index (folders, i), NULL))
      walk->unreadable++;

  return TRUE;
}

static GPatternSpec *
parse_pattern (const char *pattern)
{
  g_autofree char *folded = g_utf8_casefold (pattern, -1);
  g_autofree char *anywhere = g_strdup_printf ("*%s*", folded);

  return g_pattern_spec_new (strpbrk (folded, "*?") != NULL ? folded : anywhere);
}

static char *
describe (const Walk *walk)
{
  g_autofree char *found
    = g_strdup_printf (ngettext ("%u match", "%u matches", walk->found), walk->found);
  g_autofree char *seen
    = g_strdup_printf (ngettext ("%u name", "%u names", walk->seen), walk->seen);
  g_autofree char *unreadable
    = g_strdup_printf (ngettext ("%u folder could not be read", "%u folders could not be read",
                                 walk->unreadable),
                       walk->unreadable);

  if (walk->unreadable == 0)
    /* Translators: such as “12 matches among 300 names” */
    return g_strdup_printf (_ ("%s among %s"), found, seen);
  return g_strdup_printf (_ ("%s among %s; %s"), found, seen, unreadable);
}

static char *
search_folder (GFile *folder,
               const char *pattern,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GPatternSpec) spec = parse_pattern (pattern);
  Walk walk = { .pattern = spec, .cancellable = cancellable };

  asyncify_set_message (_ ("Searching…"));
  if (!walk_folder (&walk, folder, error)
      || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  return describe (&walk);
}

/* The one line. */
ASYNCIFY_DEFINE (STRING, search_folder, OBJECT (GFile, folder), STRING (pattern), CANCELLABLE,
                 THROWS)

/* The page. */

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
  g_autofree char *summary = search_folder_finish (result, &error);

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

  return search_folder (folder, gtk_entry_buffer_get_text (self->pattern), NULL, error);
}

static gboolean
demo_search_check (DemoScenario *scenario,
                   GError **error)
{
  DemoSearch *self = DEMO_SEARCH (scenario);
  const char *problem = NULL;

  if (g_list_model_get_n_items (G_LIST_MODEL (self->folder)) == 0)
    problem = _ ("Choose a folder to search first.");
  else if (gtk_entry_buffer_get_length (self->pattern) == 0)
    problem = _ ("What shall it look for? Type a part of a name, or a pattern such as *.txt");

  if (problem != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, problem);

  return problem == NULL;
}

static void
demo_search_use_sample (DemoScenario *scenario,
                        const char *sample)
{
  demo_controls_set_path (DEMO_SEARCH (scenario)->folder, sample);
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

  scenario_class->id = "search";
  scenario_class->title = N_ ("Search a folder");
  scenario_class->summary = N_ ("Walks through a folder and everything in it, and looks at each file.");
  scenario_class->watch = N_ ("Matches show while the search goes on; the list can be scrolled.");
  scenario_class->function = "search_folder";
  scenario_class->make_sample = demo_sample_make;
  scenario_class->create_parameters = demo_search_create_parameters;
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
  gtk_entry_buffer_set_max_length (self->pattern, 255);
}
