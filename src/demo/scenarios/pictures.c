/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-controls.h"
#include "demo-folder.h"
#include "demo-guard.h"
#include "demo-picture.h"
#include "demo-sample-pictures.h"
#include "demo-text.h"
#include "demo-thumbnail.h"
#include "demo-walk.h"

/* The blocking function: GIO finds the files, GdkPixbuf decodes and scales them. */

#define MAX_FILES 2000 /* their small pictures stay in memory */

typedef struct {
  int size; /* of the square that each picture is made to fit into */
  GPtrArray *files;    /* GFile: what was found */
  GPtrArray *pictures; /* DemoPicture: what was made of it */
  GCancellable *cancellable;
} Work;

static void
add_picture (Work *work,
             GFile *file,
             GdkTexture *texture,
             const char *detail)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *shown = g_filename_display_name (name);
  DemoPicture *picture = demo_picture_new (shown, detail, texture, work->size);

  g_ptr_array_add (work->pictures, picture);
  asyncify_emit (G_OBJECT (picture));
}

/* What is hidden, as the name says, is left out. */
static gboolean
found_cb (GFile *file,
          GFileInfo *info,
          gpointer user_data)
{
  Work *work = user_data;

  if (g_file_info_get_is_hidden (info))
    return FALSE;

  if (demo_folder_may_be_file (info) && work->files->len < MAX_FILES)
    g_ptr_array_add (work->files, g_object_ref (file));
  return TRUE;
}

static void
failed_cb (GFile *folder,
           const GError *error,
           gpointer user_data)
{
  add_picture (user_data, folder, NULL, error->message);
}

static int
compare_files (gconstpointer a,
               gconstpointer b)
{
  return g_strcmp0 (g_file_peek_path (*(GFile **) a), g_file_peek_path (*(GFile **) b));
}

static gboolean
find_files (Work *work,
            GFile *folder,
            GError **error)
{
  asyncify_set_message (_ ("Looking for files…"));
  if (!demo_walk (folder, G_FILE_ATTRIBUTE_STANDARD_IS_HIDDEN, found_cb, failed_cb, work,
                  work->cancellable, error))
    return FALSE;

  asyncify_set_message (NULL);
  g_ptr_array_sort (work->files, compare_files);

  if (work->files->len + work->pictures->len == 0)
    {
      g_autofree char *name = demo_text_file (folder);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There are no files in “%s”."),
                   name);
      return FALSE;
    }

  return TRUE;
}

static void
load_picture (Work *work,
              GFile *file)
{
  int width, height;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture
    = demo_thumbnail_load (file, work->size, &width, &height, work->cancellable, &error);
  /* Translators: width and height of a picture */
  g_autofree char *detail = g_strdup_printf (_ ("%d × %d pixels"), width, height);

  if (!g_cancellable_is_cancelled (work->cancellable))
    add_picture (work, file, texture, texture != NULL ? detail : error->message);
}

/* What can't be shown is among the pictures too, and says why. */
static GPtrArray *
load_pictures (GFile *folder,
               int size,
               GCancellable *cancellable,
               GError **error)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) pictures = g_ptr_array_new_with_free_func (g_object_unref);
  Work work = { size, files, pictures, cancellable };

  if (!find_files (&work, folder, error))
    return NULL;

  for (guint i = 0; i < files->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      load_picture (&work, g_ptr_array_index (files, i));
      asyncify_set_progress ((i + 1.0) / files->len);
    }

  return g_cancellable_set_error_if_cancelled (cancellable, error) ? NULL
                                                                   : g_steal_pointer (&pictures);
}

/* The one line. */
ASYNCIFY_DEFINE (BOXED (GPtrArray, g_ptr_array_ref, g_ptr_array_unref), load_pictures,
                 OBJECT (GFile, folder), VALUE (int, size), CANCELLABLE, THROWS)

/* The page. */

#define DEMO_TYPE_PICTURES (demo_pictures_get_type ())
G_DECLARE_FINAL_TYPE (DemoPictures, demo_pictures, DEMO, PICTURES, DemoScenario)

struct _DemoPictures
{
  DemoScenario parent_instance;

  GListStore *folder;  /* one GFile, or none */
  GtkAdjustment *size; /* which one of them */
};

G_DEFINE_FINAL_TYPE (DemoPictures, demo_pictures, DEMO_TYPE_SCENARIO)

/* Of the small pictures, in pixels */
static const int sizes[] = { 96, 144, 216 };

static char *
describe (GPtrArray *pictures)
{
  guint n = 0, n_bad;
  g_autofree char *shown = NULL, *bad = NULL;

  for (guint i = 0; i < pictures->len; i++)
    n += demo_picture_is_shown (g_ptr_array_index (pictures, i));
  n_bad = pictures->len - n;

  shown = g_strdup_printf (ngettext ("%u picture", "%u pictures", n), n);
  bad = g_strdup_printf (ngettext ("%u file could not be shown", "%u files could not be shown",
                                   n_bad),
                         n_bad);
  if (pictures->len >= MAX_FILES)
    /* Translators: such as “12 pictures; 1 file could not be shown; no more than …” */
    return g_strdup_printf (ngettext ("%s; %s; no more than %d file is looked at",
                                      "%s; %s; no more than %d files are looked at", MAX_FILES),
                            shown, bad, MAX_FILES);
  if (n_bad > 0)
    /* Translators: such as “12 pictures; 1 file could not be shown” */
    return g_strdup_printf (_ ("%s; %s"), shown, bad);
  return g_steal_pointer (&shown);
}

static void
loaded_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) pictures = load_pictures_finish (result, &error);
  g_autofree char *summary = pictures != NULL ? describe (pictures) : NULL;

  demo_scenario_end (DEMO_SCENARIO (source), summary, error);
}

static GFile *
get_folder (DemoPictures *self)
{
  return g_list_model_get_item (G_LIST_MODEL (self->folder), 0);
}

static int
get_size (DemoPictures *self)
{
  return sizes[(guint) gtk_adjustment_get_value (self->size)];
}

static void
demo_pictures_asyncify (DemoScenario *scenario,
                        AsyncifyJob *job,
                        GCancellable *cancellable)
{
  DemoPictures *self = DEMO_PICTURES (scenario);
  g_autoptr (GFile) folder = get_folder (self);

  load_pictures_async_full (
    folder, get_size (self),
    &(AsyncifyOptions) { .source_object = G_OBJECT (scenario), .job = job,
                         .limiter = asyncify_limiter_get_cpu () },
    cancellable, loaded_cb, NULL);
}

static char *
demo_pictures_freeze (DemoScenario *scenario,
                      GError **error)
{
  DemoPictures *self = DEMO_PICTURES (scenario);
  g_autoptr (GFile) folder = get_folder (self);
  g_autoptr (DemoGuard) guard = demo_guard_new ();
  GError *problem = NULL;
  g_autoptr (GPtrArray) pictures
    = load_pictures (folder, get_size (self), demo_guard_get_cancellable (guard), &problem);

  if (pictures != NULL)
    {
      demo_scenario_show_items (scenario, pictures);
      return describe (pictures);
    }

  demo_guard_explain (guard, &problem);
  g_propagate_error (error, problem);
  return NULL;
}

static gboolean
demo_pictures_check (DemoScenario *scenario,
                     GError **error)
{
  if (g_list_model_get_n_items (G_LIST_MODEL (DEMO_PICTURES (scenario)->folder)) > 0)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       _ ("Choose a folder of pictures first."));
  return FALSE;
}

static void
demo_pictures_use_sample (DemoScenario *scenario,
                          const char *sample)
{
  demo_controls_set_path (DEMO_PICTURES (scenario)->folder, sample);
}

static GListStore *
demo_pictures_get_files (DemoScenario *scenario)
{
  return DEMO_PICTURES (scenario)->folder;
}

static GtkWidget *
demo_pictures_create_parameters (DemoScenario *scenario)
{
  DemoPictures *self = DEMO_PICTURES (scenario);
  const char *names[] = { C_ ("size of pictures", "Small"), C_ ("size of pictures", "Medium"),
                          C_ ("size of pictures", "Large"), NULL };

  return demo_controls_new_aside (
    demo_controls_new_path (_ ("F_older"), self->folder, DEMO_PATH_FOLDER),
    demo_controls_new_choice (_ ("Si_ze"), names, self->size));
}

static GtkWidget *
demo_pictures_create_view (DemoScenario *scenario)
{
  return demo_picture_grid_new (scenario, _ ("The pictures appear here as they are decoded."));
}

static void
demo_pictures_dispose (GObject *object)
{
  DemoPictures *self = DEMO_PICTURES (object);

  g_clear_object (&self->folder);
  g_clear_object (&self->size);

  G_OBJECT_CLASS (demo_pictures_parent_class)->dispose (object);
}

static void
demo_pictures_class_init (DemoPicturesClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_pictures_dispose;

  scenario_class->id = "pictures";
  scenario_class->title = N_ ("Pictures");
  scenario_class->topic = N_ ("Files");
  scenario_class->summary = N_ ("Decodes all pictures in a folder and makes each one small.");
  scenario_class->watch = N_ ("The grid fills while it can be scrolled.");
  scenario_class->function = "load_pictures";
  scenario_class->make_sample = demo_sample_pictures_make;
  scenario_class->create_parameters = demo_pictures_create_parameters;
  scenario_class->get_files = demo_pictures_get_files;
  scenario_class->create_view = demo_pictures_create_view;
  scenario_class->use_sample = demo_pictures_use_sample;
  scenario_class->check = demo_pictures_check;
  scenario_class->freeze = demo_pictures_freeze;
  scenario_class->asyncify = demo_pictures_asyncify;
}

static void
demo_pictures_init (DemoPictures *self)
{
  self->folder = g_list_store_new (G_TYPE_FILE);
  self->size = g_object_ref_sink (gtk_adjustment_new (1, 0, G_N_ELEMENTS (sizes) - 1, 1, 1, 0));
}
