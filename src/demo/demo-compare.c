/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-compare.h"

#include <glib/gi18n.h>

#include "demo-choose.h"
#include "demo-screenshot.h"
#include "demo-template.h"
#include "demo-text.h"
#include "demo-tour.h"

#define WAYS 2 /* the runs of the report: frozen, and asyncified */

struct _DemoCompare
{
  GtkWidget parent_instance;

  DemoScenario *scenario;
  DemoTour *tour;         /* NULL before the first comparison */
  gboolean active;        /* whether the tour is under way */
  GdkPaintable *picture;  /* follows the card */

  GtkWidget *compare_button;
  GtkWidget *stop_button;
  GtkWidget *status_row;
  GtkSpinner *spinner;
  GtkLabel *status;
  GtkWidget *card;
  GtkWidget *card_buttons;
  GtkLabel *title;
  GtkGrid *grid;
  GtkLabel *cost;
};

enum {
  PROP_0,
  PROP_ACTIVE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DemoCompare, demo_compare, GTK_TYPE_WIDGET)

/* What the card says */

typedef struct {
  const char *label;
  char *values[WAYS];
} Row;

static void
row_clear (gpointer data)
{
  Row *row = data;

  for (guint i = 0; i < WAYS; i++)
    g_free (row->values[i]);
}

static const DemoRun *
get_run (DemoCompare *self,
         guint way)
{
  return g_ptr_array_index (demo_tour_get_report (self->tour)->runs, way);
}

/* Returns: (transfer full): a figure in milliseconds, for a person */
static char *
describe_ms (double ms)
{
  /* Translators: a number of milliseconds */
  return ms < 10 ? g_strdup_printf (_ ("%.1f ms"), ms) : demo_text_ms (ms);
}

static char *
describe_missed (const DemoFrameStats *frames)
{
  g_autofree char *missed = demo_text_number (frames->missed);
  g_autofree char *all = demo_text_number (frames->missed + frames->drawn);

  /* Translators: how many frames were missed, of how many */
  return g_strdup_printf (C_ ("frames", "%s of %s"), missed, all);
}

/* Returns: (transfer full) (element-type Row) */
static GArray *
create_rows (DemoCompare *self)
{
  Row rows[] = {
    /* Translators: what the window did: it stood still, stuttered, or kept going */
    { .label = _ ("The window") },
    /* Translators: how long the run took */
    { .label = _ ("Took") },
    { .label = _ ("Loop late at worst") },
    { .label = _ ("Longest gap between frames") },
    { .label = _ ("Frames missed") },
    { .label = _ ("Result") },
  };
  GArray *array = g_array_new (FALSE, FALSE, sizeof (Row));

  for (guint i = 0; i < WAYS; i++)
    {
      const DemoRun *run = get_run (self, i);
      const DemoMeasurement *m = &run->measurement;

      rows[0].values[i] = g_strdup (demo_run_get_verdict (run));
      rows[1].values[i] = describe_ms (m->wall_ms);
      rows[2].values[i] = describe_ms (m->heartbeat.max_ms);
      rows[3].values[i] = describe_ms (m->frames.longest_gap_ms);
      rows[4].values[i] = describe_missed (&m->frames);
      rows[5].values[i] = g_strdup (run->result);
    }
  g_array_set_clear_func (array, row_clear);
  g_array_append_vals (array, rows, G_N_ELEMENTS (rows));

  return array;
}

/* Returns: (transfer full): what the right way cost in time, or saved */
static char *
describe_cost (DemoCompare *self)
{
  double frozen = get_run (self, 0)->measurement.wall_ms;
  double asyncified = get_run (self, 1)->measurement.wall_ms;
  g_autofree char *difference = describe_ms (ABS (asyncified - frozen));

  if (asyncified >= frozen)
    /* Translators: %s is a time, such as 2 ms */
    return g_strdup_printf (_ ("Asyncify took %s longer."), difference);

  return g_strdup_printf (_ ("Asyncify took %s less."), difference);
}

/* Returns: (transfer full) */
static char *
create_text (DemoCompare *self)
{
  g_autoptr (GArray) rows = create_rows (self);
  g_autofree char *cost = describe_cost (self);
  GString *text = g_string_new (gtk_label_get_label (self->title));

  g_string_append (text, "\n\n");
  /* Translators: what stands above the figures: Freeze / Asyncify */
  g_string_append_printf (text, _ ("%s / %s"), C_ ("heading", "Freeze"),
                          C_ ("heading", "Asyncify"));
  g_string_append_c (text, '\n');
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);

      /* Translators: a measured thing, and its figures: frozen / asyncified */
      g_string_append_printf (text, _ ("%s: %s / %s"), row->label, row->values[0], row->values[1]);
      g_string_append_c (text, '\n');
    }
  g_string_append_printf (text, "%s\n", cost);

  return g_string_free (text, FALSE);
}

static void
attach (DemoCompare *self,
        const char *text,
        int column,
        int row,
        const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), column > 0 && row > 0);
  gtk_widget_set_hexpand (label, column > 0);
  gtk_widget_add_css_class (label, css_class);
  gtk_grid_attach (self->grid, label, column, row, 1, 1);
}

static void
fill_card (DemoCompare *self)
{
  g_autoptr (GArray) rows = create_rows (self);
  g_autofree char *cost = describe_cost (self);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->grid))) != NULL)
    gtk_grid_remove (self->grid, child);

  /* Translators: the two ways of calling, as on the buttons of these names */
  attach (self, C_ ("heading", "Freeze"), 1, 0, "froze");
  attach (self, C_ ("heading", "Asyncify"), 2, 0, "asyncified");
  for (guint i = 0; i < rows->len; i++)
    {
      const Row *row = &g_array_index (rows, Row, i);

      attach (self, row->label, 0, (int) i + 1, "dim-label");
      for (int j = 0; j < WAYS; j++)
        attach (self, row->values[j], j + 1, (int) i + 1, "number");
    }
  gtk_label_set_label (self->cost, cost);
}

/* While it runs, and when it has ended */

static void
show_status (DemoCompare *self,
             const char *text,
             gboolean failed)
{
  const char *classes[] = { "outcome", failed ? "failed" : NULL, NULL };

  gtk_label_set_label (self->status, text != NULL ? text : "");
  gtk_widget_set_visible (self->status_row, text != NULL);
  gtk_widget_set_css_classes (self->status_row, classes);
}

static void
update_buttons (DemoCompare *self)
{
  DemoScenarioState state = demo_scenario_get_state (self->scenario);
  gboolean busy = state == DEMO_SCENARIO_RUNNING || state == DEMO_SCENARIO_PREPARING;
  const char *obstacle = demo_scenario_get_obstacle (self->scenario, DEMO_MODE_ASYNCIFY);

  if (obstacle == NULL)
    obstacle = demo_scenario_get_obstacle (self->scenario, DEMO_MODE_FREEZE);
  gtk_widget_set_sensitive (self->compare_button, !self->active && !busy && obstacle == NULL);
  gtk_widget_set_sensitive (self->stop_button, self->active);
  gtk_spinner_set_spinning (self->spinner, self->active);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), self->active);
  if (obstacle != NULL)
    show_status (self, obstacle, FALSE);
}

static void
set_active (DemoCompare *self,
            gboolean active)
{
  if (self->active == active)
    return;

  self->active = active;
  update_buttons (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACTIVE]);
}

static void
ended_cb (DemoCompare *self)
{
  const GPtrArray *runs = demo_tour_get_report (self->tour)->runs;
  const DemoRun *last = runs->len > 0 ? g_ptr_array_index (runs, runs->len - 1) : NULL;

  set_active (self, FALSE);
  if (last == NULL || !last->ok || runs->len < WAYS)
    {
      show_status (self, last != NULL ? last->error : NULL, TRUE);
      return;
    }

  show_status (self, NULL, FALSE);
  fill_card (self);
  gtk_widget_set_visible (self->card, TRUE);
  gtk_widget_set_visible (self->card_buttons, TRUE);
}

/* Begins, unless a comparison or a run is under way already. */
void
demo_compare_start (DemoCompare *self)
{
  g_autoptr (GPtrArray) scenarios = g_ptr_array_new_with_free_func (g_object_unref);
  DemoMeter *meter = demo_scenario_get_meter (self->scenario);

  if (!gtk_widget_get_sensitive (self->compare_button) || meter == NULL)
    return;

  gtk_widget_set_visible (self->card, FALSE);
  gtk_widget_set_visible (self->card_buttons, FALSE);
  show_status (self, _ ("First the idle window is measured, then Freeze, then Asyncify…"), FALSE);

  g_ptr_array_add (scenarios, g_object_ref (self->scenario));
  g_clear_object (&self->tour);
  self->tour = demo_tour_new (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))), meter,
                              scenarios, NULL);
  demo_tour_set_stops_at_failure (self->tour, TRUE);
  g_signal_connect_object (self->tour, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  set_active (self, TRUE);
  demo_tour_start (self->tour, 0);
}

/* Ends the comparison without a card. Does nothing if none is under way. */
void
demo_compare_cancel (DemoCompare *self)
{
  if (!self->active)
    return;

  g_clear_object (&self->tour);
  demo_scenario_cancel (self->scenario);
  show_status (self, _ ("Cancelled"), FALSE);
  set_active (self, FALSE);
}

gboolean
demo_compare_is_active (DemoCompare *self)
{
  return self->active;
}

/* What can be done with the card */

static void
copy_cb (DemoCompare *self)
{
  g_autofree char *text = create_text (self);

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
  show_status (self, _ ("Copied."), FALSE);
}

static void
tell_saved (DemoCompare *self,
            GFile *file,
            const GError *error)
{
  g_autofree char *name = demo_text_file (file);
  g_autofree char *text = NULL;

  if (error == NULL)
    text = g_strdup_printf (_ ("Saved as “%s”."), name);
  else
    text = g_strdup_printf (_ ("“%s” can't be written: %s"), name, error->message);
  show_status (self, text, error != NULL);
}

static void
picture_saved_cb (GObject *source,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (GFile) file = user_data;
  g_autoptr (GError) error = NULL;

  demo_screenshot_save_finish (result, &error);
  tell_saved (DEMO_COMPARE (source), file, error);
}

static void
json_saved_cb (GObject *source,
               GAsyncResult *result,
               gpointer user_data)
{
  g_autoptr (DemoCompare) self = user_data;
  g_autoptr (GError) error = NULL;

  g_file_replace_contents_finish (G_FILE (source), result, NULL, &error);
  tell_saved (self, G_FILE (source), error);
}

/* Writes the card: as a picture if the name of @file ends with ".png", else as JSON. */
void
demo_compare_save (DemoCompare *self,
                   GFile *file)
{
  g_autofree char *path = g_file_get_path (file);
  g_autofree char *json = NULL;
  g_autoptr (GBytes) bytes = NULL;

  show_status (self, _ ("Saving…"), FALSE);
  if (path != NULL && g_str_has_suffix (path, ".png"))
    {
      demo_screenshot_save_async (self->picture, self->card, path, G_OBJECT (self),
                                  picture_saved_cb, g_object_ref (file));
      return;
    }

  json = demo_report_to_json (demo_tour_get_report (self->tour));
  bytes = g_bytes_new (json, strlen (json));
  g_file_replace_contents_bytes_async (file, bytes, NULL, FALSE, G_FILE_CREATE_NONE, NULL,
                                       json_saved_cb, g_object_ref (self));
}

static void
chosen_cb (GtkWidget *widget,
           GFile *file)
{
  demo_compare_save (DEMO_COMPARE (widget), file);
}

static void
save_as (DemoCompare *self,
         const char *ending)
{
  g_autofree char *name
    = g_strdup_printf ("asyncify-%s.%s", demo_scenario_get_id (self->scenario), ending);

  demo_choose_new_file (GTK_WIDGET (self), name, chosen_cb);
}

static void
save_picture_cb (DemoCompare *self)
{
  save_as (self, "png");
}

static void
save_json_cb (DemoCompare *self)
{
  save_as (self, "json");
}

static void
demo_compare_get_property (GObject *object,
                           guint prop_id,
                           GValue *value,
                           GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_ACTIVE:
      g_value_set_boolean (value, DEMO_COMPARE (object)->active);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
demo_compare_dispose (GObject *object)
{
  DemoCompare *self = DEMO_COMPARE (object);

  g_clear_object (&self->tour);
  g_clear_object (&self->scenario);
  g_clear_object (&self->picture);
  demo_template_dispose (GTK_WIDGET (self), DEMO_TYPE_COMPARE);

  G_OBJECT_CLASS (demo_compare_parent_class)->dispose (object);
}

static void
demo_compare_class_init (DemoCompareClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = demo_compare_dispose;
  object_class->get_property = demo_compare_get_property;

  /* Whether a comparison is under way */
  props[PROP_ACTIVE]
    = g_param_spec_boolean ("active", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/asyncify/Demo/demo-compare.ui");
  gtk_widget_class_bind_template_child (widget_class, DemoCompare, compare_button);
  gtk_widget_class_bind_template_child (widget_class, DemoCompare, stop_button);
  gtk_widget_class_bind_template_child (widget_class, DemoCompare, status_row);
  gtk_widget_class_bind_template_child (widget_class, DemoCompare, spinner);
  gtk_widget_class_bind_template_child (widget_class, DemoCompare, status);
  gtk_widget_class_bind_template_child (widget_class, DemoCompare, card);
  gtk_widget_class_bind_template_child (widget_class, DemoCompare, card_buttons);
  gtk_widget_class_bind_template_child (widget_class, DemoCompare, title);
  gtk_widget_class_bind_template_child (widget_class, DemoCompare, grid);
  gtk_widget_class_bind_template_child (widget_class, DemoCompare, cost);
  gtk_widget_class_bind_template_callback (widget_class, demo_compare_start);
  gtk_widget_class_bind_template_callback (widget_class, demo_compare_cancel);
  gtk_widget_class_bind_template_callback (widget_class, copy_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_picture_cb);
  gtk_widget_class_bind_template_callback (widget_class, save_json_cb);
}

static void
demo_compare_init (DemoCompare *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->picture = gtk_widget_paintable_new (self->card);
}

GtkWidget *
demo_compare_new (DemoScenario *scenario)
{
  DemoCompare *self = g_object_new (DEMO_TYPE_COMPARE, NULL);
  g_autofree char *call = g_strconcat (DEMO_SCENARIO_GET_CLASS (scenario)->function, " ()", NULL);
  g_autofree char *function = demo_text_isolate (call);
  /* Translators: a scenario, and its function, such as “Hello: do_sync_work ()” */
  g_autofree char *title
    = g_strdup_printf (_ ("%s: %s"), demo_scenario_get_title (scenario), function);

  self->scenario = g_object_ref (scenario);
  gtk_label_set_label (self->title, title);
  show_status (self, NULL, FALSE);
  g_signal_connect_object (scenario, "notify::state", G_CALLBACK (update_buttons), self,
                           G_CONNECT_SWAPPED);
  update_buttons (self);

  return GTK_WIDGET (self);
}
