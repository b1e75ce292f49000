/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>
#include <math.h>

#include "demo-controls.h"
#include "demo-text.h"
#include "demo-tiles.h"

/* The blocking function: a square of the Mandelbrot set, with four samples in each pixel. */

/* From the outside in, and around again */
static const guint8 palette[][3] = {
  { 11, 22, 52 },    { 24, 62, 120 },   { 64, 132, 190 }, { 152, 203, 222 },
  { 240, 238, 220 }, { 238, 196, 128 }, { 188, 108, 92 }, { 86, 40, 84 },
};

static const guint8 inside[3] = { 8, 11, 26 };

/* How fast z = z * z + c leaves the circle around 0, or -1 if it doesn't within @depth rounds.
 * A fraction of a round is added, so that colours have no steps: for what is far outside |z| is
 * squared in each round. */
static double
escape (double c_re,
        double c_im,
        guint depth)
{
  double re = 0, im = 0, re2 = 0, im2 = 0;

  for (guint n = 0; n < depth; n++)
    {
      im = 2 * re * im + c_im;
      re = re2 - im2 + c_re;
      re2 = re * re;
      im2 = im * im;
      if (re2 + im2 > 256)
        return n + 4 - log2 (log2 (re2 + im2));
    }

  return -1;
}

static void
add_color (double rounds,
           double sum[3])
{
  double at = rounds < 0 ? 0 : 1.6 * log2 (rounds + 1) - 0.8;
  guint n = G_N_ELEMENTS (palette), i = (guint) floor (MAX (at, 0));
  const guint8 *from = rounds < 0 ? inside : palette[i % n];
  const guint8 *to = rounds < 0 ? inside : palette[(i + 1) % n];

  for (guint j = 0; j < 3; j++)
    sum[j] += from[j] + (to[j] - from[j]) * CLAMP (at - i, 0, 1);
}

static guint32
get_pixel (double re,
           double im,
           double step,
           guint depth)
{
  double sum[3] = { 0, 0, 0 };

  for (guint i = 0; i < 4; i++)
    add_color (escape (re + (i % 2) * step / 2, im + (i / 2) * step / 2, depth), sum);

  return 0xff000000 | (guint32) (sum[0] / 4) << 16 | (guint32) (sum[1] / 4) << 8
         | (guint32) (sum[2] / 4);
}

/* @re and @im: the upper left corner, where the imaginary axis points down. @step: from pixel to
 * pixel. Returns: (nullable): NULL if it was told to stop. */
static GdkTexture *
render_tile (double re,
             double im,
             double step,
             guint depth)
{
  const guint size = DEMO_TILE_SIZE;
  g_autofree guint32 *pixels = g_new (guint32, size * size);
  g_autoptr (GBytes) bytes = NULL;

  for (guint y = 0; y < size; y++)
    {
      if (asyncify_is_cancelled ())
        return NULL;
      for (guint x = 0; x < size; x++)
        pixels[y * size + x] = get_pixel (re + x * step, im + y * step, step, depth);
    }
  bytes = g_bytes_new_take (g_steal_pointer (&pixels), size * size * sizeof (guint32));

  return gdk_memory_texture_new (size, size, GDK_MEMORY_DEFAULT, bytes, size * sizeof (guint32));
}

/* The one line. */
ASYNCIFY_DEFINE (OBJECT (GdkTexture), render_tile, VALUE (double, re), VALUE (double, im),
                 VALUE (double, step), VALUE (guint, depth))

/* The page. */

#define MIN_DEPTH 10
#define MAX_DEPTH 10000 /* nobody can cancel what is frozen */

/* Neighbouring samples have to be different numbers: a double near 1 has steps of 2e-16. */
static const DemoMosaicLimits limits = { .min_step = 2e-15, .max_step = 0.05, .reach = 2.5 };

static const struct {
  const char *name;
  double re, im, span; /* of the middle; and what the shorter side shows */
} places[] = {
  { N_ ("The whole set"), -0.65, 0, 2.6 },
  { N_ ("Seahorse valley"), -0.7451, 0.1131, 0.0034 },
  { N_ ("Elephant valley"), 0.2822, 0.0100, 0.006 },
  { N_ ("Spirals"), -0.0884, 0.6545, 0.006 },
  { N_ ("A small copy"), -1.7685, 0, 0.06 },
};

#define WHOLE_SET   0
#define FIRST_PLACE 1
#define FIRST_DEPTH 4000

/* If nobody is there, the picture is zoomed by itself, towards its middle. */
#define FLIGHT_STEPS 3
#define FLIGHT_MS    150

#define DEMO_TYPE_FRACTAL (demo_fractal_get_type ())
G_DECLARE_FINAL_TYPE (DemoFractal, demo_fractal, DEMO, FRACTAL, DemoScenario)

struct _DemoFractal
{
  DemoScenario parent_instance;

  GtkEntryBuffer *depth;
  guint checked_depth; /* as it was when it was all right */
  GtkAdjustment *place; /* which one of them */
  DemoMosaic *mosaic;
  guint n_under_way; /* calls, whether in a run or not */

  /* While it runs */
  gboolean is_frozen;        /* the wrong way */
  GCancellable *cancellable; /* the right way */
  guint first_generation;    /* what was wanted before doesn't count */
  guint n_rendered, n_never_ran;
  guint n_flights; /* yet to come */
  GError *error;   /* the first one */
};

G_DEFINE_FINAL_TYPE (DemoFractal, demo_fractal, DEMO_TYPE_SCENARIO)

static void
begin (DemoFractal *self)
{
  self->n_rendered = self->n_never_ran = 0;
  g_clear_error (&self->error);
  self->first_generation = demo_mosaic_get_generation (self->mosaic) + 1;
  demo_mosaic_renew (self->mosaic);
}

static char *
describe (DemoFractal *self)
{
  guint n_pixels = self->n_rendered * DEMO_TILE_SIZE * DEMO_TILE_SIZE;
  g_autofree char *n_rendered = demo_text_number (self->n_rendered);
  g_autofree char *tiles = g_strdup_printf (
    ngettext ("%s tile rendered", "%s tiles rendered", self->n_rendered), n_rendered);
  g_autofree char *number = demo_text_number (n_pixels);
  g_autofree char *pixels = g_strdup_printf (ngettext ("%s pixel", "%s pixels", n_pixels), number);
  g_autofree char *n_never_ran = demo_text_number (self->n_never_ran);
  /* Translators: tiles */
  g_autofree char *cancelled
    = g_strdup_printf (ngettext ("%s was out of date and cancelled before it ran",
                                 "%s were out of date and cancelled before they ran",
                                 self->n_never_ran),
                       n_never_ran);

  if (self->n_never_ran == 0)
    /* Translators: such as “4 tiles rendered, 65536 pixels” */
    return g_strdup_printf (_ ("%s, %s"), tiles, pixels);
  /* Translators: such as “4 tiles rendered, 65536 pixels; 2 were out of date …” */
  return g_strdup_printf (_ ("%s, %s; %s"), tiles, pixels, cancelled);
}

/* The run ends when nothing is under way any more. */
static void
end_if_done (DemoFractal *self)
{
  g_autofree char *summary = NULL;

  if (self->cancellable == NULL || self->n_under_way > 0
      || (self->n_flights > 0 && !g_cancellable_is_cancelled (self->cancellable)))
    return;

  if (self->error == NULL)
    g_cancellable_set_error_if_cancelled (self->cancellable, &self->error);
  g_clear_object (&self->cancellable);
  summary = describe (self);
  demo_scenario_end (DEMO_SCENARIO (self), summary, self->error);
}

static void
count (DemoFractal *self,
       const DemoTile *tile,
       GdkTexture *texture,
       const GError *error)
{
  if (tile->generation < self->first_generation)
    return;

  if (texture != NULL)
    self->n_rendered++;
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->n_never_ran++; /* one that ran had been told, and returned NULL */
  else if (error != NULL && self->error == NULL)
    self->error = g_error_copy (error);
}

static void
rendered_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  DemoFractal *self = DEMO_FRACTAL (source);
  g_autoptr (DemoTile) tile = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GdkTexture) texture = render_tile_finish (result, &error);

  self->n_under_way--;
  count (self, tile, texture, error);
  demo_mosaic_put (self->mosaic, tile, texture);
  end_if_done (self);
}

/* In a run or not: what is moved or zoomed is rendered at once. */
static void
wanted_cb (DemoFractal *self,
           DemoTile *tile)
{
  g_autoptr (GdkTexture) texture = NULL;

  if (self->is_frozen)
    {
      texture = render_tile (tile->x, tile->y, tile->step, self->checked_depth);
      count (self, tile, texture, NULL);
      demo_mosaic_put (self->mosaic, tile, texture);
      return;
    }

  self->n_under_way++;
  render_tile_async_full (tile->x, tile->y, tile->step, self->checked_depth,
                          &(AsyncifyOptions) { .source_object = G_OBJECT (self),
                                               .limiter = asyncify_limiter_get_cpu (),
                                               .priority = tile->priority },
                          tile->cancellable, rendered_cb, g_object_ref (tile));
}

static void
changed_cb (DemoFractal *self)
{
  if (self->cancellable != NULL)
    demo_scenario_report (DEMO_SCENARIO (self), demo_mosaic_get_progress (self->mosaic), NULL);
}

static void
cancelled_cb (DemoFractal *self)
{
  demo_mosaic_stop (self->mosaic);
  end_if_done (self);
}

static gboolean
fly_cb (gpointer user_data)
{
  DemoFractal *self = user_data;

  if (self->cancellable == NULL || g_cancellable_is_cancelled (self->cancellable))
    return G_SOURCE_REMOVE;

  self->n_flights--;
  demo_mosaic_zoom_in (self->mosaic);
  end_if_done (self);

  return self->n_flights > 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* There is no job: it could be given to one call only, and here they are many. */
static void
demo_fractal_asyncify (DemoScenario *scenario,
                       AsyncifyJob *job,
                       GCancellable *cancellable)
{
  DemoFractal *self = DEMO_FRACTAL (scenario);

  self->cancellable = g_object_ref (cancellable);
  g_signal_connect_object (cancellable, "cancelled", G_CALLBACK (cancelled_cb), self,
                           G_CONNECT_SWAPPED);
  self->n_flights = demo_scenario_is_attended (scenario) ? 0 : FLIGHT_STEPS;
  if (self->n_flights > 0)
    g_timeout_add_full (G_PRIORITY_DEFAULT, FLIGHT_MS, fly_cb, g_object_ref (self), g_object_unref);

  begin (self);
  end_if_done (self);
}

static char *
demo_fractal_freeze (DemoScenario *scenario,
                     GError **error)
{
  DemoFractal *self = DEMO_FRACTAL (scenario);

  self->is_frozen = TRUE;
  begin (self);
  self->is_frozen = FALSE;

  return describe (self);
}

static gboolean
demo_fractal_check (DemoScenario *scenario,
                    GError **error)
{
  DemoFractal *self = DEMO_FRACTAL (scenario);

  return demo_controls_get_number (self->depth, MIN_DEPTH, MAX_DEPTH, &self->checked_depth, error);
}

static void
place_cb (DemoFractal *self)
{
  guint i = (guint) gtk_adjustment_get_value (self->place);

  /* The widget's axis points down. */
  demo_mosaic_show (self->mosaic, places[i].re, -places[i].im, places[i].span);
}

static GtkWidget *
demo_fractal_create_parameters (DemoScenario *scenario)
{
  DemoFractal *self = DEMO_FRACTAL (scenario);
  const char *names[G_N_ELEMENTS (places) + 1] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    names[i] = _ (places[i].name);

  /* Translators: a place in the Mandelbrot set */
  return demo_controls_new_pair (demo_controls_new_choice (_ ("_Place"), names, self->place),
                                 /* Translators: how often the formula is applied at most; a
                                  * field follows */
                                 demo_controls_new_number (_ ("_Depth"), self->depth));
}

static void
update_status (GtkLabel *label,
               DemoMosaic *mosaic)
{
  double zoom = places[WHOLE_SET].span / MAX (demo_mosaic_get_span (mosaic), limits.min_step);
  g_autofree char *number
    = zoom < 100 ? g_strdup_printf ("%.3g", zoom) : demo_text_number ((guint64) (zoom + 0.5));
  g_autofree char *text = NULL;

  if (demo_mosaic_is_deepest (mosaic))
    text = g_strdup_printf (_ ("Zoom: %s×, as deep as double precision goes"), number);
  else
    text = g_strdup_printf (_ ("Zoom: %s×. Drag to move, scroll to zoom."), number);
  gtk_label_set_label (label, text);
}

static GtkWidget *
create_status (DemoMosaic *mosaic)
{
  GtkWidget *status = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (status), TRUE);
  gtk_widget_add_css_class (status, "over-picture");
  gtk_widget_add_css_class (status, "number");
  gtk_widget_set_can_target (status, FALSE);
  gtk_widget_set_halign (status, GTK_ALIGN_START);
  gtk_widget_set_valign (status, GTK_ALIGN_START);
  g_signal_connect_object (mosaic, "changed", G_CALLBACK (update_status), status,
                           G_CONNECT_SWAPPED);
  update_status (GTK_LABEL (status), mosaic);

  return status;
}

static GtkWidget *
demo_fractal_create_view (DemoScenario *scenario)
{
  DemoFractal *self = DEMO_FRACTAL (scenario);
  GtkWidget *overlay = gtk_overlay_new ();
  GtkWidget *tiles = demo_tiles_new (self->mosaic, _ ("The Mandelbrot set"));
  GtkWidget *buttons = demo_tiles_new_buttons (self->mosaic);

  gtk_widget_set_halign (buttons, GTK_ALIGN_END);
  gtk_widget_set_valign (buttons, GTK_ALIGN_END);
  gtk_widget_add_css_class (buttons, "over-picture");
  gtk_widget_set_vexpand (overlay, TRUE);
  gtk_widget_add_css_class (tiles, "card");
  gtk_overlay_set_child (GTK_OVERLAY (overlay), tiles);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), create_status (self->mosaic));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), buttons);

  return overlay;
}

static void
demo_fractal_dispose (GObject *object)
{
  DemoFractal *self = DEMO_FRACTAL (object);

  g_clear_object (&self->depth);
  g_clear_object (&self->place);
  g_clear_object (&self->mosaic);
  g_clear_object (&self->cancellable);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (demo_fractal_parent_class)->dispose (object);
}

static void
demo_fractal_class_init (DemoFractalClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_fractal_dispose;

  scenario_class->id = "fractal";
  scenario_class->title = N_ ("Fractal");
  scenario_class->topic = N_ ("Computing");
  scenario_class->summary = N_ ("Renders the Mandelbrot set, a call for each tile of the picture.");
  scenario_class->watch
    = N_ ("Drag and zoom the picture while it comes: tiles that are out of date never run.");
  scenario_class->function = "render_tile";
  scenario_class->create_parameters = demo_fractal_create_parameters;
  scenario_class->create_view = demo_fractal_create_view;
  scenario_class->check = demo_fractal_check;
  scenario_class->freeze = demo_fractal_freeze;
  scenario_class->asyncify = demo_fractal_asyncify;
}

static void
demo_fractal_init (DemoFractal *self)
{
  g_autofree char *depth = g_strdup_printf ("%d", FIRST_DEPTH);

  self->depth = gtk_entry_buffer_new (depth, -1);
  self->checked_depth = FIRST_DEPTH;
  self->place = g_object_ref_sink (
    gtk_adjustment_new (FIRST_PLACE, 0, G_N_ELEMENTS (places) - 1, 1, 1, 0));
  self->mosaic = demo_mosaic_new (&limits);
  g_signal_connect_object (self->place, "value-changed", G_CALLBACK (place_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->mosaic, "tile-wanted", G_CALLBACK (wanted_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->mosaic, "changed", G_CALLBACK (changed_cb), self,
                           G_CONNECT_SWAPPED);
  place_cb (self);
}
