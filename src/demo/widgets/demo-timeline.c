/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-timeline-private.h"

#include <glib/gi18n.h>

#include "demo-text.h"

/* How often who can't see it is told, in ms. */
#define TELL_INTERVAL 500

G_DEFINE_FINAL_TYPE (DemoTimeline, demo_timeline, GTK_TYPE_WIDGET)

DemoBar *
demo_timeline_get_bar (DemoTimeline *self,
                       guint number)
{
  g_assert (number < self->bars->len);

  return &g_array_index (self->bars, DemoBar, number);
}

static void
clear_layouts (DemoBar *bar)
{
  g_clear_object (&bar->name_layout);
  g_clear_object (&bar->text_layout);
}

static void
clear_bar (gpointer data)
{
  DemoBar *bar = data;

  g_free (bar->name);
  g_free (bar->text);
  clear_layouts (bar);
}

static void
clear_mark (gpointer data)
{
  g_free (((DemoMark *) data)->name);
}

/* Who can't see it */

static void
append_description (GString *description,
                    const char *name,
                    const char *text)
{
  g_autofree char *before = g_strdup (description->str);

  if (description->len == 0)
    /* Translators: a bar, and what it shows, such as “Call 1: running” */
    g_string_printf (description, _ ("%s: %s"), name, text);
  else
    /* Translators: the bars before, another bar, and what it shows */
    g_string_printf (description, _ ("%s; %s: %s"), before, name, text);
}

static gboolean
tell_cb (gpointer user_data)
{
  DemoTimeline *self = user_data;
  g_autoptr (GString) description = g_string_new (NULL);

  self->tell_id = 0;
  for (guint i = 0; i < self->bars->len; i++)
    if (demo_timeline_get_bar (self, i)->text != NULL)
      append_description (description, demo_timeline_get_bar (self, i)->name,
                          demo_timeline_get_bar (self, i)->text);
  for (guint i = 0; i < self->marks->len; i++)
    {
      const DemoMark *mark = &g_array_index (self->marks, DemoMark, i);
      g_autofree char *time = demo_text_ms (mark->ms);

      append_description (description, mark->name, time);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description->str, -1);

  return G_SOURCE_REMOVE;
}

/* Time */

static gboolean
tick_cb (GtkWidget *widget,
         GdkFrameClock *clock,
         gpointer user_data)
{
  gtk_widget_queue_draw (widget);

  return G_SOURCE_CONTINUE;
}

/* Bars that run grow from frame to frame, unless there shall be no motion: then one sees how long
 * they are when something happens. */
static void
update_motion (DemoTimeline *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean moving;

  g_object_get (gtk_widget_get_settings (widget), "gtk-enable-animations", &moving, NULL);
  moving = moving && self->n_running > 0 && gtk_widget_get_mapped (widget);
  if (moving && self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (widget, tick_cb, NULL, NULL);
  else if (!moving && self->tick_id != 0)
    {
      gtk_widget_remove_tick_callback (widget, self->tick_id);
      self->tick_id = 0;
    }
}

static void
changed (DemoTimeline *self)
{
  update_motion (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (self->tell_id == 0)
    self->tell_id = g_timeout_add (TELL_INTERVAL, tell_cb, self);
}

/* The font may be another one from now on. */
static void
demo_timeline_css_changed (GtkWidget *widget,
                           GtkCssStyleChange *change)
{
  DemoTimeline *self = DEMO_TIMELINE (widget);

  GTK_WIDGET_CLASS (demo_timeline_parent_class)->css_changed (widget, change);

  for (guint i = 0; i < self->bars->len; i++)
    clear_layouts (demo_timeline_get_bar (self, i));
}

static void
demo_timeline_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (demo_timeline_parent_class)->map (widget);

  update_motion (DEMO_TIMELINE (widget));
}

static void
demo_timeline_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (demo_timeline_parent_class)->unmap (widget);

  update_motion (DEMO_TIMELINE (widget));
}

static void
demo_timeline_dispose (GObject *object)
{
  g_clear_handle_id (&DEMO_TIMELINE (object)->tell_id, g_source_remove);

  G_OBJECT_CLASS (demo_timeline_parent_class)->dispose (object);
}

static void
demo_timeline_finalize (GObject *object)
{
  DemoTimeline *self = DEMO_TIMELINE (object);

  g_array_unref (self->bars);
  g_array_unref (self->marks);

  G_OBJECT_CLASS (demo_timeline_parent_class)->finalize (object);
}

static void
demo_timeline_class_init (DemoTimelineClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = demo_timeline_dispose;
  object_class->finalize = demo_timeline_finalize;
  widget_class->snapshot = demo_timeline_snapshot;
  widget_class->measure = demo_timeline_measure;
  widget_class->css_changed = demo_timeline_css_changed;
  widget_class->map = demo_timeline_map;
  widget_class->unmap = demo_timeline_unmap;

  gtk_widget_class_set_css_name (widget_class, "timeline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
demo_timeline_init (DemoTimeline *self)
{
  self->bars = g_array_new (FALSE, TRUE, sizeof (DemoBar));
  g_array_set_clear_func (self->bars, clear_bar);
  self->marks = g_array_new (FALSE, TRUE, sizeof (DemoMark));
  g_array_set_clear_func (self->marks, clear_mark);
  self->span_ms = 1000;
  gtk_widget_add_css_class (GTK_WIDGET (self), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (self), "number");
}

/* @label: what it shows, for those who can't see it. @has_marks: whether to leave room for marks.
 * Returns: (transfer floating): an empty one */
GtkWidget *
demo_timeline_new (const char *label,
                   gboolean has_marks)
{
  DemoTimeline *self = g_object_new (DEMO_TYPE_TIMELINE, NULL);

  self->has_marks = has_marks;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);

  return GTK_WIDGET (self);
}

/* Begins anew, without bars and marks. @span_ms: how much time it shows, at least; it shows more
 * if things take longer. @zero: when that begins, on the monotonic clock, in us */
void
demo_timeline_reset (DemoTimeline *self,
                     double span_ms,
                     gint64 zero)
{
  g_array_set_size (self->bars, 0);
  g_array_set_size (self->marks, 0);
  self->n_running = 0;
  self->span_ms = MAX (span_ms, 1);
  self->zero = zero;
  gtk_widget_queue_resize (GTK_WIDGET (self));
  changed (self);
}

/* Adds a bar that waits. Returns: its number */
guint
demo_timeline_add (DemoTimeline *self,
                   const char *name)
{
  const DemoBar bar = { .name = g_strdup (name) };

  g_array_append_val (self->bars, bar);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  changed (self);

  return self->bars->len - 1;
}

static void
set_state (DemoTimeline *self,
           DemoBar *bar,
           DemoBarState state,
           const char *text)
{
  self->n_running -= bar->state == DEMO_BAR_RUNNING;
  bar->state = state;
  self->n_running += state == DEMO_BAR_RUNNING;

  g_free (bar->text);
  bar->text = g_strdup (text);
  g_clear_object (&bar->text_layout);
  changed (self);
}

/* @ms: when it began. @text: (nullable): what stands behind it */
void
demo_timeline_begin (DemoTimeline *self,
                     guint bar,
                     double ms,
                     const char *text)
{
  demo_timeline_get_bar (self, bar)->from_ms = ms;
  set_state (self, demo_timeline_get_bar (self, bar), DEMO_BAR_RUNNING, text);
}

/* @ms: when it ended. @state: how. @text: (nullable): what stands behind it from now on */
void
demo_timeline_end (DemoTimeline *self,
                   guint bar,
                   double ms,
                   DemoBarState state,
                   const char *text)
{
  demo_timeline_get_bar (self, bar)->to_ms = ms;
  set_state (self, demo_timeline_get_bar (self, bar), state, text);
}

/* @position: whether its name stands before the mark (GTK_POS_LEFT) or behind it */
void
demo_timeline_mark (DemoTimeline *self,
                    double ms,
                    GtkPositionType position,
                    const char *name)
{
  const DemoMark mark = { .name = g_strdup (name), .ms = ms, .position = position };

  g_array_append_val (self->marks, mark);
  changed (self);
}

guint
demo_timeline_get_n (DemoTimeline *self)
{
  return self->bars->len;
}

DemoBarState
demo_timeline_get_state (DemoTimeline *self,
                         guint bar)
{
  return demo_timeline_get_bar (self, bar)->state;
}

/* Returns: (transfer none) (nullable) */
const char *
demo_timeline_get_text (DemoTimeline *self,
                        guint bar)
{
  return demo_timeline_get_bar (self, bar)->text;
}

/* Whether bars grow, so that every frame is drawn. */
gboolean
demo_timeline_is_moving (DemoTimeline *self)
{
  return self->tick_id != 0;
}
