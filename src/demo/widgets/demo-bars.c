/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-bars.h"

#include "demo-palette.h"

/* In pixels: how low a bar may get, and how wide the gaps are. */
#define LEAST 2.0
#define GAP   2.0

struct _DemoBars
{
  GtkWidget parent_instance;

  guint n_bars;
  double *values; /* below 0: not there yet */
  char *empty;    /* what it says while none is there */
};

G_DEFINE_FINAL_TYPE (DemoBars, demo_bars, GTK_TYPE_WIDGET)

static double
get_largest (DemoBars *self)
{
  double largest = 0;

  for (guint i = 0; i < self->n_bars; i++)
    largest = MAX (largest, self->values[i]);

  return largest;
}

static void
snapshot_empty (DemoBars *self,
                GtkSnapshot *snapshot,
                const DemoPalette *palette)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, self->empty);
  int width = gtk_widget_get_width (widget), text_height;
  GdkRGBA color = palette->text;

  color.alpha = 0.6f;
  pango_layout_set_width (layout, width * PANGO_SCALE);
  pango_layout_set_alignment (layout, PANGO_ALIGN_CENTER);
  pango_layout_get_pixel_size (layout, NULL, &text_height);

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
    snapshot,
    &GRAPHENE_POINT_INIT (0, (float) ((gtk_widget_get_height (widget) - text_height) / 2)));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

/* A bar that isn't there yet is a line on the ground. */
static void
demo_bars_snapshot (GtkWidget *widget,
                    GtkSnapshot *snapshot)
{
  DemoBars *self = DEMO_BARS (widget);
  const DemoPalette *palette = demo_palette_get_for_widget (widget);
  double width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  double step = width / self->n_bars, gap = step > 2 * GAP ? GAP : 0;
  double largest = get_largest (self);

  if (demo_bars_get_n_shown (self) == 0)
    snapshot_empty (self, snapshot, palette);
  for (guint i = 0; i < self->n_bars; i++)
    {
      gboolean shown = self->values[i] >= 0;
      double bar = shown && largest > 0 ? MAX (height * self->values[i] / largest, LEAST) : LEAST;
      float left = (float) (int) (i * step), right = (float) ((int) ((i + 1) * step) - gap);

      gtk_snapshot_append_color (
        snapshot, shown ? &palette->accent : &palette->faint,
        &GRAPHENE_RECT_INIT (left, (float) (height - bar), MAX (right - left, 1), (float) bar));
    }
}

static void
demo_bars_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 120 : 48;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 320 : 96;
}

static void
demo_bars_finalize (GObject *object)
{
  DemoBars *self = DEMO_BARS (object);

  g_free (self->values);
  g_free (self->empty);

  G_OBJECT_CLASS (demo_bars_parent_class)->finalize (object);
}

static void
demo_bars_class_init (DemoBarsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = demo_bars_finalize;
  widget_class->snapshot = demo_bars_snapshot;
  widget_class->measure = demo_bars_measure;
  gtk_widget_class_set_css_name (widget_class, "bars");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
demo_bars_init (DemoBars *self)
{
}

/* @label: what assistive technology calls it. @empty: what it says while there is nothing */
GtkWidget *
demo_bars_new (guint n_bars,
               const char *label,
               const char *empty)
{
  DemoBars *self = g_object_new (DEMO_TYPE_BARS, NULL);

  self->n_bars = n_bars;
  self->empty = g_strdup (empty);
  self->values = g_new (double, n_bars);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  demo_bars_clear (self);

  return GTK_WIDGET (self);
}

void
demo_bars_clear (DemoBars *self)
{
  for (guint i = 0; i < self->n_bars; i++)
    self->values[i] = -1;

  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
demo_bars_set (DemoBars *self,
               guint number,
               double value)
{
  g_return_if_fail (number < self->n_bars);

  self->values[number] = value;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

guint
demo_bars_get_n_shown (DemoBars *self)
{
  guint n_shown = 0;

  for (guint i = 0; i < self->n_bars; i++)
    n_shown += self->values[i] >= 0;

  return n_shown;
}
