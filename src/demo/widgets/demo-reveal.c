/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-reveal.h"

/* What a widget has while it waits for its place */
#define WAITING "demo-reveal"

typedef struct {
  int margin;
  gboolean has_place; /* by the next frame */
} Reveal;

static gboolean
reveal_cb (GtkWidget *widget,
           GdkFrameClock *clock,
           gpointer user_data)
{
  Reveal *self = user_data;
  GtkWidget *scroller = gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *adjustment;
  graphene_rect_t bounds;
  double top;

  /* In a frame, places are given after this. */
  self->has_place = !self->has_place;
  if (self->has_place)
    return G_SOURCE_CONTINUE;

  g_object_set_data (G_OBJECT (widget), WAITING, NULL);
  if (scroller == NULL || !gtk_widget_compute_bounds (widget, scroller, &bounds))
    return G_SOURCE_REMOVE;

  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller));
  top = bounds.origin.y + gtk_adjustment_get_value (adjustment);
  gtk_adjustment_clamp_page (adjustment, top - self->margin,
                             top + bounds.size.height + self->margin);

  return G_SOURCE_REMOVE;
}

void
demo_reveal (GtkWidget *widget,
             int margin)
{
  Reveal *self;

  if (g_object_get_data (G_OBJECT (widget), WAITING) != NULL)
    return;

  self = g_new0 (Reveal, 1);
  self->margin = margin;
  g_object_set_data (G_OBJECT (widget), WAITING, self);
  gtk_widget_add_tick_callback (widget, reveal_cb, self, g_free);
}
