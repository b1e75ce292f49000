/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-controls.h"
#include "demo-finding.h"
#include "demo-folder.h"
#include "demo-guard.h"
#include "demo-sample.h"
#include "demo-text.h"
#include "demo-walk.h"

/* The blocking function: plain GIO, one call after the other. */

#define CHUNK (256 * 1024)

typedef struct {
  GPtrArray *files; /* GFile */
  GPtrArray *found; /* DemoFinding: of each file, the checksum or why there is none */
  goffset total, done;
  guint failed;
  GError *first_error;
} Work;

static void
add_finding (Work *work,
             const char *name,
             const char *detail)
{
  DemoFinding *finding = demo_finding_new (name, detail);

  g_ptr_array_add (work->found, finding);
  asyncify_emit (G_OBJECT (finding));
}

static void
note_failure (Work *work,
              GFile *file,
              const GError *error)
{
  g_autofree char *name = g_file_get_parse_name (file);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  add_finding (work, name, error->message);
  work->failed++;
  if (work->first_error == NULL)
    work->first_error = g_error_copy (error);
}

/* A link that was followed and is still one leads nowhere. */
static GError *
new_type_error (GFile *file,
                GFileType type)
{
  g_autofree char *name = demo_text_file (file);

  if (type == G_FILE_TYPE_SYMBOLIC_LINK)
    return g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("The link “%s” leads nowhere"), name);

  return g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_REGULAR_FILE, _ ("“%s” is no regular file"), name);
}

static gboolean
found_in_folder (GFile *file,
                 GFileInfo *info,
                 gpointer user_data)
{
  Work *work = user_data;

  if (demo_folder_may_be_file (info))
    {
      g_ptr_array_add (work->files, g_object_ref (file));
      work->total
        += (goffset) g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_STANDARD_SIZE);
    }

  return TRUE;
}

static void
folder_failed (GFile *folder,
               const GError *error,
               gpointer user_data)
{
  note_failure (user_data, folder, error);
}

/* Adds @file, or what is in it, to the work. */
static void
collect (Work *work,
         GFile *file,
         GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInfo) info = g_file_query_info (
    file, G_FILE_ATTRIBUTE_STANDARD_TYPE "," G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE,
    cancellable, &error);

  if (info != NULL && demo_folder_get_type (info) == G_FILE_TYPE_DIRECTORY)
    demo_walk (file, G_FILE_ATTRIBUTE_STANDARD_SIZE, found_in_folder, folder_failed, work,
               cancellable, &error);
  else if (info != NULL && demo_folder_may_be_file (info))
    found_in_folder (file, info, work);
  else if (info != NULL)
    error = new_type_error (file, demo_folder_get_type (info));

  if (error != NULL)
    note_failure (work, file, error);
}

static void
hash_file (Work *work,
           GFile *file,
           GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);
  g_autofree guchar *buffer = g_malloc (CHUNK);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, &error);
  gssize size = stream != NULL ? 1 : -1;

  asyncify_set_message (shown);
  while (size > 0)
    {
      size = g_input_stream_read (G_INPUT_STREAM (stream), buffer, CHUNK, cancellable, &error);
      if (size > 0)
        g_checksum_update (checksum, buffer, size);
      work->done += MAX (size, 0);
      if (work->total > 0)
        asyncify_set_progress (MIN (work->done, work->total) / (double) work->total);
    }

  if (error != NULL)
    note_failure (work, file, error);
  else
    add_finding (work, shown, g_checksum_get_string (checksum));
}

static char *
describe (const Work *work)
{
  g_autofree char *size = g_format_size (work->done);
  guint hashed = work->files->len;
  g_autofree char *n_hashed = demo_text_number (hashed);
  g_autofree char *n_failed = demo_text_number (work->failed);
  g_autofree char *files
    = g_strdup_printf (ngettext ("%s file hashed", "%s files hashed", hashed), n_hashed);
  /* Translators: files */
  g_autofree char *failed = g_strdup_printf (
    ngettext ("%s could not be read", "%s could not be read", work->failed), n_failed);

  if (work->failed == 0)
    /* Translators: such as “5 files hashed, 12 MB” */
    return g_strdup_printf (_ ("%s, %s"), files, size);
  /* Translators: such as “5 files hashed, 12 MB; 1 could not be read (…)”, with the reason */
  return g_strdup_printf (_ ("%s, %s; %s (%s)"), files, size, failed, work->first_error->message);
}

/* @found: (out) (element-type DemoFinding): what it emitted, for those who could not listen */
static char *
hash_files (GPtrArray *files,
            GCancellable *cancellable,
            GPtrArray **found,
            GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func (g_object_unref);
  Work work = { .files = all, .found = findings };
  guint failed_before;
  char *result = NULL;

  asyncify_set_message (_ ("Counting…"));
  for (guint i = 0; i < files->len; i++)
    collect (&work, g_ptr_array_index (files, i), cancellable);

  for (guint i = 0; i < all->len && !g_cancellable_is_cancelled (cancellable);)
    {
      failed_before = work.failed;
      hash_file (&work, g_ptr_array_index (all, i), cancellable);
      if (work.failed > failed_before)
        g_ptr_array_remove_index (all, i);
      else
        i++;
    }

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    ;
  else if (all->len == 0 && work.first_error != NULL)
    g_propagate_error (error, g_steal_pointer (&work.first_error));
  else
    {
      *found = g_ptr_array_ref (findings);
      result = describe (&work);
    }
  g_clear_error (&work.first_error);

  return result;
}

/* The one line. */
ASYNCIFY_DEFINE (STRING, hash_files, BOXED (GPtrArray, files, g_ptr_array_ref, g_ptr_array_unref),
                 CANCELLABLE, OUT_BOXED (GPtrArray, found, g_ptr_array_unref), THROWS)

/* The page. */

#define DEMO_TYPE_HASH (demo_hash_get_type ())
G_DECLARE_FINAL_TYPE (DemoHash, demo_hash, DEMO, HASH, DemoScenario)

struct _DemoHash
{
  DemoScenario parent_instance;

  GListStore *files; /* GFile */
};

G_DEFINE_FINAL_TYPE (DemoHash, demo_hash, DEMO_TYPE_SCENARIO)

static GPtrArray *
get_files (DemoHash *self)
{
  GPtrArray *files = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->files)); i++)
    g_ptr_array_add (files, g_list_model_get_item (G_LIST_MODEL (self->files), i));

  return files;
}

static void
hashed_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = hash_files_finish (result, NULL, &error);

  demo_scenario_end (DEMO_SCENARIO (source), summary, error);
}

static void
demo_hash_asyncify (DemoScenario *scenario,
                    AsyncifyJob *job,
                    GCancellable *cancellable)
{
  g_autoptr (GPtrArray) files = get_files (DEMO_HASH (scenario));

  hash_files_async_full (
    files, &(AsyncifyOptions) { .source_object = G_OBJECT (scenario), .job = job }, cancellable,
    hashed_cb, NULL);
}

static char *
demo_hash_freeze (DemoScenario *scenario,
                  GError **error)
{
  g_autoptr (GPtrArray) files = get_files (DEMO_HASH (scenario));
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (DemoGuard) guard = demo_guard_new ();
  GError *problem = NULL;
  char *summary = hash_files (files, demo_guard_get_cancellable (guard), &found, &problem);

  demo_guard_explain (guard, &problem);
  if (problem != NULL)
    g_propagate_error (error, problem);
  if (found != NULL)
    demo_scenario_show_items (scenario, found);

  return summary;
}

static gboolean
demo_hash_check (DemoScenario *scenario,
                 GError **error)
{
  DemoHash *self = DEMO_HASH (scenario);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->files)) > 0)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("Choose some files or a folder first."));
  return FALSE;
}

static void
demo_hash_use_sample (DemoScenario *scenario,
                      const char *sample)
{
  g_autofree char *films = g_build_filename (sample, DEMO_SAMPLE_FILMS, NULL);

  demo_controls_set_path (DEMO_HASH (scenario)->files, films);
}

static GListStore *
demo_hash_get_files (DemoScenario *scenario)
{
  return DEMO_HASH (scenario)->files;
}

static GtkWidget *
demo_hash_create_parameters (DemoScenario *scenario)
{
  return demo_controls_new_path (_ ("Fi_les"), DEMO_HASH (scenario)->files,
                                 DEMO_PATH_FILES | DEMO_PATH_FOLDER);
}

static GtkWidget *
demo_hash_create_view (DemoScenario *scenario)
{
  return demo_findings_new (scenario, _ ("The checksums appear here while they are computed."));
}

static void
demo_hash_dispose (GObject *object)
{
  g_clear_object (&DEMO_HASH (object)->files);

  G_OBJECT_CLASS (demo_hash_parent_class)->dispose (object);
}

static void
demo_hash_class_init (DemoHashClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_hash_dispose;

  scenario_class->id = "hash";
  scenario_class->title = N_ ("Hash files");
  scenario_class->topic = N_ ("Files");
  scenario_class->summary = N_ ("Reads files to the end and computes their SHA-256.");
  scenario_class->watch = N_ ("The progress bar moves, and each checksum shows when it is ready.");
  scenario_class->function = "hash_files";
  scenario_class->make_sample = demo_sample_make;
  scenario_class->create_parameters = demo_hash_create_parameters;
  scenario_class->get_files = demo_hash_get_files;
  scenario_class->create_view = demo_hash_create_view;
  scenario_class->use_sample = demo_hash_use_sample;
  scenario_class->check = demo_hash_check;
  scenario_class->freeze = demo_hash_freeze;
  scenario_class->asyncify = demo_hash_asyncify;
}

static void
demo_hash_init (DemoHash *self)
{
  self->files = g_list_store_new (G_TYPE_FILE);
}
