/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-timeline-private.h"

#include <math.h>

#include "demo-palette.h"
#include "demo-text.h"

/* In pixels. */
#define PADDING     12
#define GAP         12
#define MIN_ROW     22
#define BAR         12
#define MIN_BAR     3
#define MIN_SCALE   20
#define MIN_MARKS   18 /* above the bars */
#define AROUND_TEXT 3  /* above and below each line of it together */
#define MARK_GAP    4
#define MIN_WIDTH   320
#define SCALE_WIDTH 70 /* from one number of the scale to the next, at least */

#define TEXT_CHARS  20
#define SCALE_CHARS 9

static double
get_now (DemoTimeline *self)
{
  return (double) (g_get_monotonic_time () - self->zero) / G_TIME_SPAN_MILLISECOND;
}

static double
get_end (DemoTimeline *self,
         const DemoBar *bar,
         double now)
{
  return bar->state == DEMO_BAR_RUNNING ? MAX (now, bar->from_ms) : bar->to_ms;
}

static double
get_span (DemoTimeline *self,
          double now)
{
  double span = self->span_ms;

  for (guint i = 0; i < self->bars->len; i++)
    span = MAX (span, get_end (self, demo_timeline_get_bar (self, i), now));
  for (guint i = 0; i < self->marks->len; i++)
    span = MAX (span, g_array_index (self->marks, DemoMark, i).ms);

  return span;
}

static PangoLayout *
create_layout (DemoTimeline *self,
               const char *text)
{
  return gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
}

/* How high its parts are, in pixels, which depends on the letters. */
typedef struct {
  int row;   /* one bar */
  int scale; /* the numbers below them */
  int marks; /* above them; 0 if there are none */
} Heights;

static Heights
get_heights (DemoTimeline *self)
{
  g_autoptr (PangoLayout) digit = create_layout (self, "0");
  int text;

  pango_layout_get_pixel_size (digit, NULL, &text);
  text += AROUND_TEXT;

  return (Heights) { MAX (text, MIN_ROW), MAX (text, MIN_SCALE),
                     self->has_marks ? MAX (text, MIN_MARKS) : 0 };
}

/* Where the bars are, between the names and the texts. In a language that is written from right to
 * left, it is mirrored. */
typedef struct {
  double left, width;  /* of what shows the time */
  double names, texts; /* how wide they are */
  double top;          /* of the first bar */
  double between;      /* two numbers of the scale, at least */
  Heights heights;
  double ms_to_px;
  double now;
  gboolean mirrored;
} Plan;

static Plan
make_plan (DemoTimeline *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autoptr (PangoLayout) digit = create_layout (self, "0");
  Plan plan = { .now = get_now (self), .heights = get_heights (self) };
  int digit_width, width;

  pango_layout_get_pixel_size (digit, &digit_width, NULL);
  plan.top = PADDING + plan.heights.marks;
  plan.texts = digit_width * TEXT_CHARS;
  plan.between = MAX (digit_width * SCALE_CHARS, SCALE_WIDTH);
  for (guint i = 0; i < self->bars->len; i++)
    {
      DemoBar *bar = demo_timeline_get_bar (self, i);

      if (bar->name_layout == NULL)
        bar->name_layout = create_layout (self, bar->name);
      pango_layout_get_pixel_size (bar->name_layout, &width, NULL);
      plan.names = MAX (plan.names, width);
    }
  plan.left = PADDING + plan.names + GAP;
  plan.width = MAX (gtk_widget_get_width (widget) - plan.left - GAP - plan.texts - PADDING, 1);
  plan.ms_to_px = plan.width / get_span (self, plan.now);
  plan.mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  return plan;
}

static double
mirror (DemoTimeline *self,
        const Plan *plan,
        double x,
        double width)
{
  return plan->mirrored ? gtk_widget_get_width (GTK_WIDGET (self)) - x - width : x;
}

static void
append_layout (DemoTimeline *self,
               GtkSnapshot *snapshot,
               const Plan *plan,
               PangoLayout *layout,
               double x,
               double middle,
               const GdkRGBA *color)
{
  PangoRectangle text;

  /* From right to left, a text stands at the right of the width that it was given. */
  pango_layout_get_pixel_extents (layout, NULL, &text);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
    snapshot, &GRAPHENE_POINT_INIT ((float) round (mirror (self, plan, x, text.width) - text.x),
                                    (float) round (middle - text.height / 2.0)));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
append_line (DemoTimeline *self,
             GtkSnapshot *snapshot,
             const Plan *plan,
             double x,
             double top,
             double bottom,
             const GdkRGBA *color)
{
  gtk_snapshot_append_color (snapshot, color,
                             &GRAPHENE_RECT_INIT ((float) round (mirror (self, plan, x, 1)),
                                                  (float) top, 1, (float) (bottom - top)));
}

static const GdkRGBA *
get_color (const DemoPalette *palette,
           DemoBarState state)
{
  switch (state)
    {
    case DEMO_BAR_RUNNING:
      return &palette->accent;
    case DEMO_BAR_SUCCEEDED:
      return &palette->good;
    case DEMO_BAR_FAILED:
      return &palette->bad;
    case DEMO_BAR_CANCELLED:
      return &palette->late;
    case DEMO_BAR_WAITING:
    default:
      return &palette->faint;
    }
}

static void
append_round (GtkSnapshot *snapshot,
              const graphene_rect_t *rect,
              const GdkRGBA *color)
{
  GskRoundedRect rounded;

  gsk_rounded_rect_init_from_rect (&rounded, rect, MIN (rect->size.width, rect->size.height) / 2);
  gtk_snapshot_push_rounded_clip (snapshot, &rounded);
  gtk_snapshot_append_color (snapshot, color, rect);
  gtk_snapshot_pop (snapshot);
}

static void
append_bar (DemoTimeline *self,
            GtkSnapshot *snapshot,
            const DemoPalette *palette,
            const Plan *plan,
            guint number)
{
  DemoBar *bar = demo_timeline_get_bar (self, number);
  double middle = plan->top + (number + 0.5) * plan->heights.row;
  double from = plan->left + bar->from_ms * plan->ms_to_px;
  double width = MAX ((get_end (self, bar, plan->now) - bar->from_ms) * plan->ms_to_px, MIN_BAR);
  graphene_rect_t track
    = GRAPHENE_RECT_INIT ((float) mirror (self, plan, plan->left, plan->width),
                          (float) (middle - BAR / 2.0), (float) plan->width, BAR);
  graphene_rect_t rect = GRAPHENE_RECT_INIT ((float) mirror (self, plan, from, width),
                                             track.origin.y, (float) width, BAR);
  GdkRGBA ground = palette->faint;

  ground.alpha /= 2;
  append_round (snapshot, &track, &ground);
  if (bar->state != DEMO_BAR_WAITING)
    append_round (snapshot, &rect, get_color (palette, bar->state));

  append_layout (self, snapshot, plan, bar->name_layout, PADDING, middle, &palette->text);
  if (bar->text == NULL)
    return;
  if (bar->text_layout == NULL)
    {
      bar->text_layout = create_layout (self, bar->text);
      pango_layout_set_width (bar->text_layout, (int) plan->texts * PANGO_SCALE);
      pango_layout_set_ellipsize (bar->text_layout, PANGO_ELLIPSIZE_END);
    }
  append_layout (self, snapshot, plan, bar->text_layout, plan->left + plan->width + GAP, middle,
                 &palette->text);
}

static void
append_mark (DemoTimeline *self,
             GtkSnapshot *snapshot,
             const DemoPalette *palette,
             const Plan *plan,
             const DemoMark *mark)
{
  g_autoptr (PangoLayout) layout = create_layout (self, mark->name);
  double bottom = plan->top + self->bars->len * plan->heights.row;
  double x = plan->left + mark->ms * plan->ms_to_px;
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  append_line (self, snapshot, plan, x, plan->top - plan->heights.marks, bottom, &palette->text);
  append_layout (self, snapshot, plan, layout,
                 mark->position == GTK_POS_LEFT ? x - MARK_GAP - width : x + 1 + MARK_GAP,
                 plan->top - plan->heights.marks / 2.0, &palette->text);
}

/* The smallest round step that leaves the numbers enough room, in ms. */
static double
get_step (const Plan *plan)
{
  static const double steps[] = { 1, 2, 5, 10 };
  double unit = 1;
  double needed = plan->between / plan->ms_to_px;

  while (unit * 10 < needed)
    unit *= 10;
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (steps[i] * unit >= needed)
      return steps[i] * unit;

  return 10 * unit;
}

static void
append_scale (DemoTimeline *self,
              GtkSnapshot *snapshot,
              const DemoPalette *palette,
              const Plan *plan)
{
  double bottom = plan->top + self->bars->len * plan->heights.row;
  double middle = bottom + plan->heights.scale / 2.0;
  double step = get_step (plan);
  GdkRGBA dim = palette->text;

  dim.alpha = 0.55f;
  for (double ms = 0; ms * plan->ms_to_px <= plan->width + 0.5; ms += step)
    {
      g_autofree char *text = demo_text_ms (ms);
      g_autoptr (PangoLayout) layout = create_layout (self, text);
      double x = plan->left + ms * plan->ms_to_px;
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      append_line (self, snapshot, plan, x, plan->top, bottom, &palette->faint);
      append_layout (self, snapshot, plan, layout, ms > 0 ? x - width / 2.0 : x, middle, &dim);
    }
}

void
demo_timeline_snapshot (GtkWidget *widget,
                        GtkSnapshot *snapshot)
{
  DemoTimeline *self = DEMO_TIMELINE (widget);
  const DemoPalette *palette = demo_palette_get_for_widget (widget);
  Plan plan = make_plan (self);

  append_scale (self, snapshot, palette, &plan);
  for (guint i = 0; i < self->bars->len; i++)
    append_bar (self, snapshot, palette, &plan, i);
  for (guint i = 0; i < self->marks->len; i++)
    append_mark (self, snapshot, palette, &plan, &g_array_index (self->marks, DemoMark, i));
}

void
demo_timeline_measure (GtkWidget *widget,
                       GtkOrientation orientation,
                       int for_size,
                       int *minimum,
                       int *natural,
                       int *minimum_baseline,
                       int *natural_baseline)
{
  DemoTimeline *self = DEMO_TIMELINE (widget);
  Heights heights = get_heights (self);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = MIN_WIDTH;
  else
    *minimum = 2 * PADDING + heights.marks + (int) self->bars->len * heights.row + heights.scale;
  *natural = *minimum;
}
