/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <errno.h>

#include <glib/gi18n.h>

#include "demo-controls.h"
#include "demo-finding.h"
#include "demo-folder.h"
#include "demo-letters.h"
#include "demo-question.h"

/* The question is asked in a window, and so the pair below is asynchronous: it uses widgets,
 * and returns before there is an answer. */

typedef enum {
  STOP,
  KEEP,
  KEEP_BOTH,
  REPLACE,
  N_ANSWERS
} Answer;

#define DEMO_TYPE_ASK (demo_ask_get_type ())
G_DECLARE_FINAL_TYPE (DemoAsk, demo_ask, DEMO, ASK, DemoScenario)

static void   ask_person_async  (DemoAsk              *self,
                                 const char           *title,
                                 const char           *text,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
static Answer ask_person_finish (DemoAsk              *self,
                                 GAsyncResult         *result,
                                 gboolean             *for_all,
                                 GError              **error);

/* One line makes of it a function that returns the answer, and may be called on a worker. */
SYNCIFY_DEFINE (VALUE (Answer), ask_person, ask_person_async, ask_person_finish,
                SELF (DemoAsk, self), STRING (title), STRING (text), OUT_VALUE (gboolean, for_all))

/* The blocking function: copies the files of one folder into another, and asks what to do
 * with those that are there already. */

typedef struct {
  DemoAsk *asker;
  GFile *into;
  GCancellable *cancellable;
  gboolean for_all; /* whether it knows what to do with all that follow, and what */
  Answer answer;
  guint n_copied, n_replaced, n_kept, n_kept_both, n_failed;
  GError *first_error;
} Merge;

static void
note (const char *name,
      const char *detail)
{
  g_autofree char *shown = g_filename_display_name (name);
  g_autoptr (DemoFinding) finding = demo_finding_new (shown, detail);

  asyncify_emit (G_OBJECT (finding));
}

/* @info: (nullable): that of a file, which may say nothing of its size */
static char *
format_size (GFileInfo *info)
{
  return g_format_size (
    info != NULL ? g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_STANDARD_SIZE) : 0);
}

/* Finds out what to do with a file that is there already. Returns: FALSE if it must not go on */
static gboolean
decide (Merge *merge,
        GFileInfo *info,
        GFile *target,
        GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (GFileInfo) existing = NULL;
  g_autofree char *shown = g_filename_display_name (g_file_info_get_name (info));
  g_autofree char *title = g_strdup_printf (_ ("“%s” is there already"), shown);
  g_autofree char *here = NULL, *comes = NULL, *text = NULL;

  if (merge->for_all)
    return TRUE;

  existing = g_file_query_info (target, G_FILE_ATTRIBUTE_STANDARD_SIZE,
                                G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, merge->cancellable, NULL);
  here = format_size (existing);
  comes = format_size (info);
  /* Translators: the sizes of two files of the same name, such as 12 kB */
  text = g_strdup_printf (_ ("It has %s, and the new one %s. If you close this window, the one that "
                             "is there is kept."),
                          here, comes);

  asyncify_set_message (_ ("Waiting for an answer…"));
  merge->answer
    = ask_person (merge->asker, title, text, merge->cancellable, &merge->for_all, &problem);
  if (problem == NULL && merge->answer == STOP)
    g_set_error_literal (&problem, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("Cancelled"));
  if (problem == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* It gets its name when it is complete: if this is stopped in the middle, half a file is nobody's
 * file, and what was to be replaced is still there. */
static gboolean
copy_file (Merge *merge,
           GFile *file,
           GFile *target,
           GFileCopyFlags flags,
           GError **error)
{
  g_autofree char *id = g_uuid_string_random ();
  g_autofree char *name = g_strdup_printf (".%s.part", id);
  g_autoptr (GFile) draft = g_file_get_child (merge->into, name);
  g_autoptr (GFileInfo) existing
    = g_file_query_info (target, G_FILE_ATTRIBUTE_STANDARD_TYPE,
                         G_FILE_QUERY_INFO_NOFOLLOW_SYMLINKS, merge->cancellable, NULL);

  /* In a folder that one may not enter, there is something of each name, but of no type. */
  if (flags == G_FILE_COPY_NONE && existing != NULL
      && demo_folder_get_type (existing) != G_FILE_TYPE_UNKNOWN)
    {
      /* Whether it is to replace the other one need not be asked if it can't be read anyway. */
      g_autoptr (GFileInputStream) stream = g_file_read (file, merge->cancellable, error);

      if (stream != NULL)
        g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_EXISTS, g_strerror (EEXIST));
      return FALSE;
    }

  if (g_file_copy (file, draft, G_FILE_COPY_NONE, merge->cancellable, NULL, NULL, error)
      && g_file_move (draft, target, flags, merge->cancellable, NULL, NULL, error))
    return TRUE;

  g_file_delete (draft, NULL, NULL);
  return FALSE;
}

/* Beside the one that is there, with the first number that is free. */
static gboolean
copy_beside (Merge *merge,
             GFile *file,
             const char *name,
             GError **error)
{
  const char *dot = strrchr (name, '.');
  int stem = dot != NULL && dot > name ? (int) (dot - name) : (int) strlen (name);

  for (guint i = 2;; i++)
    {
      g_autofree char *numbered = g_strdup_printf ("%.*s (%u)%s", stem, name, i, name + stem);
      g_autoptr (GFile) target = g_file_get_child (merge->into, numbered);
      g_autoptr (GError) problem = NULL;

      if (copy_file (merge, file, target, G_FILE_COPY_NONE, &problem))
        return TRUE;
      if (!g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_EXISTS))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
    }
}

static gboolean
copy_as_decided (Merge *merge,
                 GFile *file,
                 const char *name,
                 GFile *target,
                 GError **error)
{
  switch (merge->answer)
    {
    case REPLACE:
      if (!copy_file (merge, file, target, G_FILE_COPY_OVERWRITE, error))
        return FALSE;
      merge->n_replaced++;
      note (name, _ ("replaced"));
      break;
    case KEEP_BOTH:
      if (!copy_beside (merge, file, name, error))
        return FALSE;
      merge->n_kept_both++;
      note (name, _ ("copied; the other one is kept, too"));
      break;
    case STOP:
    case KEEP:
    case N_ANSWERS:
    default:
      merge->n_kept++;
      note (name, _ ("not copied: the other one is kept"));
    }

  return TRUE;
}

/* Returns: FALSE if it must not go on; what becomes of a single file is counted */
static gboolean
merge_file (Merge *merge,
            GFile *file,
            GFileInfo *info,
            GError **error)
{
  const char *name = g_file_info_get_name (info);
  g_autoptr (GFile) target = g_file_get_child (merge->into, name);
  g_autoptr (GError) problem = NULL;

  if (copy_file (merge, file, target, G_FILE_COPY_NONE, &problem))
    {
      merge->n_copied++;
      note (name, _ ("copied"));
    }
  else if (g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_EXISTS))
    {
      g_clear_error (&problem);
      if (!decide (merge, info, target, error))
        return FALSE;
      copy_as_decided (merge, file, name, target, &problem);
    }

  if (g_cancellable_set_error_if_cancelled (merge->cancellable, error))
    return FALSE;
  if (problem != NULL)
    {
      merge->n_failed++;
      note (name, problem->message);
      if (merge->first_error == NULL)
        merge->first_error = g_steal_pointer (&problem);
    }

  return TRUE;
}

static gboolean
merge_files (Merge *merge,
             GFile *from,
             GPtrArray *infos,
             GError **error)
{
  for (guint i = 0; i < infos->len; i++)
    {
      GFileInfo *info = g_ptr_array_index (infos, i);
      g_autoptr (GFile) file = g_file_get_child (from, g_file_info_get_name (info));
      g_autofree char *shown = g_filename_display_name (g_file_info_get_name (info));

      asyncify_set_message (shown);
      if (!merge_file (merge, file, info, error))
        return FALSE;
      asyncify_set_progress ((i + 1) / (double) infos->len);
    }

  return TRUE;
}

/* Returns: (transfer full): what was done, in numbers */
static char *
describe (const Merge *merge,
          guint n_files)
{
  g_autofree char *files = g_strdup_printf (ngettext ("%u file", "%u files", n_files), n_files);
  /* Translators: here and below, files of which there was another one already, but for those that
   * were just copied */
  g_autofree char *copied
    = g_strdup_printf (ngettext ("%u copied", "%u copied", merge->n_copied), merge->n_copied);
  g_autofree char *replaced = g_strdup_printf (
    ngettext ("%u replaced", "%u replaced", merge->n_replaced), merge->n_replaced);
  g_autofree char *kept
    = g_strdup_printf (ngettext ("%u kept", "%u kept", merge->n_kept), merge->n_kept);
  g_autofree char *beside = g_strdup_printf (
    ngettext ("%u put beside", "%u put beside", merge->n_kept_both), merge->n_kept_both);

  /* Translators: such as “5 files: 2 copied, 1 replaced, 1 kept, 1 put beside” */
  return g_strdup_printf (_ ("%s: %s, %s, %s, %s"), files, copied, replaced, kept, beside);
}

/* Returns: (transfer full) (nullable): what was done, unless nothing could be */
static char *
conclude (Merge *merge,
          guint n_files,
          GError **error)
{
  g_autofree char *done = describe (merge, n_files);
  /* Translators: files */
  g_autofree char *failed = g_strdup_printf (
    ngettext ("%u could not be copied", "%u could not be copied", merge->n_failed),
    merge->n_failed);

  if (merge->n_failed == 0)
    return g_steal_pointer (&done);
  if (merge->n_failed < n_files)
    /* Translators: what was done, how many files could not be copied, and why the first one was
     * not */
    return g_strdup_printf (_ ("%s; %s (%s)"), done, failed, merge->first_error->message);

  g_propagate_error (error, g_steal_pointer (&merge->first_error));
  return NULL;
}

static char *
merge_folders (GFile *from,
               GFile *into,
               DemoAsk *asker,
               GCancellable *cancellable,
               GError **error)
{
  Merge merge = { .asker = asker, .into = into, .cancellable = cancellable };
  g_autoptr (GPtrArray) infos = NULL;
  char *result = NULL;

  if (!demo_folder_check_apart (from, into, cancellable, error))
    return NULL;
  infos = demo_folder_list_files (from, cancellable, error);
  if (infos == NULL)
    return NULL;

  if (merge_files (&merge, from, infos, error))
    result = conclude (&merge, infos->len, error);
  g_clear_error (&merge.first_error);

  return result;
}

/* The other line: it makes of the blocking function an asynchronous one. */
ASYNCIFY_DEFINE (STRING, merge_folders, OBJECT (GFile, from), OBJECT (GFile, into),
                 OBJECT (DemoAsk, asker), CANCELLABLE, THROWS)

/* The page. */

/* How long a question is there when nobody is there to answer it, in ms. */
#define PATIENCE 1000

struct _DemoAsk
{
  DemoScenario parent_instance;

  GListStore *from, *into; /* GFile, one in each */
  GtkWidget *view;         /* weak; NULL when its page was closed */
  DemoQuestion *question;  /* weak; NULL while nothing is asked */
};

G_DEFINE_FINAL_TYPE (DemoAsk, demo_ask, DEMO_TYPE_SCENARIO)

static gboolean
answer_cb (gpointer user_data)
{
  DemoAsk *self = user_data;

  if (self->question != NULL)
    demo_question_answer (self->question, REPLACE, TRUE);

  return G_SOURCE_REMOVE;
}

static void
ask_person_async (DemoAsk *self,
                  const char *title,
                  const char *text,
                  GCancellable *cancellable,
                  GAsyncReadyCallback callback,
                  gpointer user_data)
{
  const char *const answers[] = {
    [STOP] = _ ("_Stop"),
    [KEEP] = _ ("_Keep"),
    [KEEP_BOTH] = _ ("Keep _both"),
    [REPLACE] = _ ("_Replace"),
    [N_ANSWERS] = NULL,
  };

  if (self->view == NULL)
    {
      g_task_report_new_error (self, callback, user_data, NULL, G_IO_ERROR,
                               G_IO_ERROR_CANCELLED, "%s", _ ("Cancelled"));
      return;
    }

  g_set_weak_pointer (&self->question,
                      demo_question_new (self->view, title, text, answers, KEEP_BOTH));
  demo_question_ask_async (self->question, G_OBJECT (self), cancellable, callback, user_data);
  if (!demo_scenario_is_attended (DEMO_SCENARIO (self)))
    g_timeout_add_full (G_PRIORITY_DEFAULT, PATIENCE, answer_cb, g_object_ref (self),
                        g_object_unref);
}

static Answer
ask_person_finish (DemoAsk *self,
                   GAsyncResult *result,
                   gboolean *for_all,
                   GError **error)
{
  int answer = demo_question_ask_finish (result, for_all, error);

  return answer == DEMO_QUESTION_CLOSED ? KEEP : (Answer) answer;
}

static void
merged_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  DemoAsk *self = DEMO_ASK (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *summary = merge_folders_finish (result, &error);

  /* It would be one that nobody waits for any more, as if the loop stood still for too long. */
  if (self->question != NULL)
    gtk_window_destroy (GTK_WINDOW (self->question));
  demo_scenario_end (DEMO_SCENARIO (self), summary, error);
}

static void
demo_ask_asyncify (DemoScenario *scenario,
                   AsyncifyJob *job,
                   GCancellable *cancellable)
{
  DemoAsk *self = DEMO_ASK (scenario);
  g_autoptr (GFile) from = g_list_model_get_item (G_LIST_MODEL (self->from), 0);
  g_autoptr (GFile) into = g_list_model_get_item (G_LIST_MODEL (self->into), 0);

  merge_folders_async_full (from, into, self,
                            &(AsyncifyOptions) { .source_object = G_OBJECT (self), .job = job },
                            cancellable, merged_cb, NULL);
}

static gboolean
demo_ask_check (DemoScenario *scenario,
                GError **error)
{
  DemoAsk *self = DEMO_ASK (scenario);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->from)) == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("Choose the folder that the files are in first."));
  else if (g_list_model_get_n_items (G_LIST_MODEL (self->into)) == 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("Choose the folder that the files shall go into first."));
  else
    return TRUE;

  return FALSE;
}

static void
demo_ask_use_sample (DemoScenario *scenario,
                     const char *sample)
{
  g_autofree char *from = g_build_filename (sample, DEMO_LETTERS_NEW, NULL);
  g_autofree char *into = g_build_filename (sample, DEMO_LETTERS_KEPT, NULL);

  demo_controls_set_path (DEMO_ASK (scenario)->from, from);
  demo_controls_set_path (DEMO_ASK (scenario)->into, into);
}

static GListStore *
demo_ask_get_files (DemoScenario *scenario)
{
  return DEMO_ASK (scenario)->from;
}

static GtkWidget *
demo_ask_create_parameters (DemoScenario *scenario)
{
  DemoAsk *self = DEMO_ASK (scenario);
  GtkWidget *rows = demo_controls_new_rows ();

  gtk_box_append (GTK_BOX (rows),
                  /* Translators: the folder to copy from */
                  demo_controls_new_path (_ ("Fro_m"), self->from, DEMO_PATH_FOLDER));
  gtk_box_append (GTK_BOX (rows),
                  /* Translators: the folder to copy into */
                  demo_controls_new_path (_ ("_Into"), self->into, DEMO_PATH_FOLDER));

  return rows;
}

static GtkWidget *
demo_ask_create_view (DemoScenario *scenario)
{
  DemoAsk *self = DEMO_ASK (scenario);
  GtkWidget *view = demo_findings_new (scenario, _ ("What becomes of each file appears here."));

  g_set_weak_pointer (&self->view, view);
  g_signal_connect_object (view, "destroy", G_CALLBACK (demo_scenario_cancel), scenario,
                           G_CONNECT_SWAPPED);

  return view;
}

static void
demo_ask_dispose (GObject *object)
{
  DemoAsk *self = DEMO_ASK (object);

  g_clear_object (&self->from);
  g_clear_object (&self->into);
  g_clear_weak_pointer (&self->view);
  g_clear_weak_pointer (&self->question);

  G_OBJECT_CLASS (demo_ask_parent_class)->dispose (object);
}

static void
demo_ask_class_init (DemoAskClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_ask_dispose;

  scenario_class->id = "ask";
  scenario_class->title = N_ ("Ask the user");
  scenario_class->topic = N_ ("Being in control");
  scenario_class->summary = N_ ("Copies the files of one folder into another, and asks before it "
                                "replaces one.");
  scenario_class->watch
    = N_ ("The function waits for your answer on its thread, and the window behind goes on.");
  scenario_class->function = "merge_folders";
  scenario_class->no_freeze
    = N_ ("Called on the main loop, it would wait forever: the window with the question can't "
          "show while the loop stands still.");
  scenario_class->make_sample = demo_letters_make;
  scenario_class->use_sample = demo_ask_use_sample;
  scenario_class->create_parameters = demo_ask_create_parameters;
  scenario_class->get_files = demo_ask_get_files;
  scenario_class->create_view = demo_ask_create_view;
  scenario_class->check = demo_ask_check;
  scenario_class->asyncify = demo_ask_asyncify;
}

static void
demo_ask_init (DemoAsk *self)
{
  self->from = g_list_store_new (G_TYPE_FILE);
  self->into = g_list_store_new (G_TYPE_FILE);
}
