/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-strip.h"

#include <glib/gi18n.h>
#include <math.h>

#include "demo-palette.h"
#include "demo-text.h"

#define REDRAW_MS    100
#define STILL_MS     500 /* without animations: together with the other numbers */
#define MIN_PITCH_PX 3.0
#define MIN_BAR_PX   2.0
#define TALLEST_MS   1000.0

/* The last 30 s of the main loop, a bar for each tenth of a second: how late it was. */
struct _DemoStrip
{
  GtkWidget parent_instance;

  DemoMeter *meter; /* may be NULL */
  guint redraw_id;  /* while mapped */
};

G_DEFINE_FINAL_TYPE (DemoStrip, demo_strip, GTK_TYPE_WIDGET)

static const GdkRGBA *
color_for_lateness (const DemoPalette *palette,
                    double             lateness_ms)
{
  if (lateness_ms < DEMO_METER_LATE_MS)
    return &palette->good;

  return lateness_ms < DEMO_METER_FROZE_MS ? &palette->late : &palette->bad;
}

/* Logarithmic, so that both 5 ms and 1000 ms can be told from nothing. */
static double
height_for_lateness (double lateness_ms,
                     double height)
{
  double part = log1p (lateness_ms) / log1p (TALLEST_MS);

  return CLAMP (round (part * height), MIN_BAR_PX, height);
}

static double
worst_of (const double *lateness_ms,
          gint64        first,
          gint64        last)
{
  double worst = -1;

  for (gint64 i = MAX (first, 0); i <= MIN (last, DEMO_METER_BUCKETS - 1); i++)
    worst = MAX (worst, lateness_ms[i]);

  return worst;
}

static void
append_bar (DemoStrip         *self,
            GtkSnapshot       *snapshot,
            const DemoPalette *palette,
            double             from, /* in buckets, from the left */
            double             to,
            double             lateness_ms)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double left = MAX (round (from * width / DEMO_METER_BUCKETS), 0);
  double right = MIN (round (to * width / DEMO_METER_BUCKETS), width) - 1;
  double bar = height_for_lateness (lateness_ms, height);
  double x;

  if (right <= left)
    return;

  x = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? width - right : left;
  gtk_snapshot_append_color (snapshot, color_for_lateness (palette, lateness_ms),
                             &GRAPHENE_RECT_INIT ((float) x, (float) (height - bar),
                                                  (float) (right - left), (float) bar));
}

static void
append_length (DemoStrip         *self,
               GtkSnapshot       *snapshot,
               double             from, /* in buckets, from the left */
               double             to,
               double             lateness_ms)
{
  const GdkRGBA white = { 1, 1, 1, 1 };
  GtkWidget *widget = GTK_WIDGET (self);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double room = (to - from) * width / DEMO_METER_BUCKETS;
  double middle = (from + to) / 2 * width / DEMO_METER_BUCKETS;
  g_autofree char *text = demo_text_ms (lateness_ms);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  int text_width, text_height;

  pango_layout_get_pixel_size (layout, &text_width, &text_height);
  if (text_width + 2 * MIN_PITCH_PX > room || text_height > height)
    return;

  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    middle = width - middle;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((float) round (middle - text_width / 2.0),
                                                (float) (height - text_height)));
  gtk_snapshot_append_layout (snapshot, layout, &white);
  gtk_snapshot_restore (snapshot);
}

/* Writes into each freeze how long it was, where there is room: all its buckets have its length. */
static void
append_lengths (DemoStrip    *self,
                GtkSnapshot  *snapshot,
                const double *lateness_ms)
{
  for (int i = 0, end; i < DEMO_METER_BUCKETS; i = end)
    {
      end = i + 1;
      while (end < DEMO_METER_BUCKETS && lateness_ms[end] == lateness_ms[i])
        end++;
      if (lateness_ms[i] >= DEMO_METER_FROZE_MS)
        append_length (self, snapshot, i, end, lateness_ms[i]);
    }
}

static void
demo_strip_snapshot (GtkWidget   *widget,
                     GtkSnapshot *snapshot)
{
  DemoStrip *self = DEMO_STRIP (widget);
  const DemoPalette *palette = demo_palette_get_ink ();
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double lateness_ms[DEMO_METER_BUCKETS];
  gint64 group, newest, first;

  gtk_snapshot_append_color (snapshot, &palette->faint,
                             &GRAPHENE_RECT_INIT (0, (float) (height - 1), (float) width, 1));

  if (self->meter == NULL || width <= 0)
    return;

  newest = demo_meter_get_history (self->meter, lateness_ms, DEMO_METER_BUCKETS);
  group = (gint64) ceil (DEMO_METER_BUCKETS * MIN_PITCH_PX / width);

  /* Groups begin at multiples of their size since the clock's zero, so that they scroll and keep
   * their heights, instead of being cut anew every time. */
  first = newest - DEMO_METER_BUCKETS + 1;
  for (gint64 start = -(first % group); start < DEMO_METER_BUCKETS; start += group)
    {
      double worst = worst_of (lateness_ms, start, start + group - 1);

      if (worst >= 0)
        append_bar (self, snapshot, palette, (double) start, (double) (start + group), worst);
    }
  append_lengths (self, snapshot, lateness_ms);
}

static void
demo_strip_measure (GtkWidget     *widget,
                    GtkOrientation orientation,
                    int            for_size,
                    int           *minimum,
                    int           *natural,
                    int           *minimum_baseline,
                    int           *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 100 : 30;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? DEMO_METER_BUCKETS : 30;
}

static gboolean
redraw_cb (gpointer user_data)
{
  gtk_widget_queue_draw (user_data);

  return G_SOURCE_CONTINUE;
}

static void
start (DemoStrip *self)
{
  gboolean animated;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &animated,
                NULL);
  g_clear_handle_id (&self->redraw_id, g_source_remove);
  self->redraw_id = g_timeout_add (animated ? REDRAW_MS : STILL_MS, redraw_cb, self);
}

static void
animations_changed_cb (DemoStrip *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    start (self);
}

static void
demo_strip_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (demo_strip_parent_class)->map (widget);

  start (DEMO_STRIP (widget));
}

static void
demo_strip_unmap (GtkWidget *widget)
{
  DemoStrip *self = DEMO_STRIP (widget);

  g_clear_handle_id (&self->redraw_id, g_source_remove);

  GTK_WIDGET_CLASS (demo_strip_parent_class)->unmap (widget);
}

static void
demo_strip_dispose (GObject *object)
{
  DemoStrip *self = DEMO_STRIP (object);

  g_clear_handle_id (&self->redraw_id, g_source_remove);
  g_clear_object (&self->meter);

  G_OBJECT_CLASS (demo_strip_parent_class)->dispose (object);
}

static void
demo_strip_class_init (DemoStripClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = demo_strip_dispose;
  widget_class->snapshot = demo_strip_snapshot;
  widget_class->measure = demo_strip_measure;
  widget_class->map = demo_strip_map;
  widget_class->unmap = demo_strip_unmap;

  gtk_widget_class_set_css_name (widget_class, "strip");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
demo_strip_init (DemoStrip *self)
{
  gtk_widget_set_tooltip_text (GTK_WIDGET (self),
                               _("How late the main loop was, for each tenth of a second.\n"
                                 "Green: below 50 ms.  Amber: below 200 ms.  Red: frozen."));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Lateness of the main loop in the last 30 seconds"), -1);
  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (self)),
                           "notify::gtk-enable-animations", G_CALLBACK (animations_changed_cb),
                           self, G_CONNECT_SWAPPED);
}

/**
 * demo_strip_new:
 *
 * Creates a strip that shows nothing as yet.
 *
 * Returns: (transfer floating): a new #DemoStrip
 */
GtkWidget *
demo_strip_new (void)
{
  return g_object_new (DEMO_TYPE_STRIP, NULL);
}

/**
 * demo_strip_set_meter:
 * @self: a strip
 * @meter: (nullable) (transfer none): whose history to show; a reference is kept
 *
 * Sets what the strip shows.
 */
void
demo_strip_set_meter (DemoStrip *self,
                      DemoMeter *meter)
{
  g_return_if_fail (DEMO_IS_STRIP (self));
  g_return_if_fail (meter == NULL || DEMO_IS_METER (meter));

  if (g_set_object (&self->meter, meter))
    gtk_widget_queue_draw (GTK_WIDGET (self));
}
