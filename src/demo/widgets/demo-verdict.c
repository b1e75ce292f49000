/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-verdict.h"

#include <glib/gi18n.h>

#include "demo-text.h"

#define N_MODES 2

/* How wide a bar is at least, in px. */
#define BAR_WIDTH 90

struct _DemoVerdict
{
  GtkWidget parent_instance;

  double longest_ms[N_MODES]; /* below 0: not known yet */
  GtkWidget *names[N_MODES];
  GtkWidget *bars[N_MODES];
  GtkWidget *numbers[N_MODES];
};

G_DEFINE_FINAL_TYPE (DemoVerdict, demo_verdict, GTK_TYPE_WIDGET)

static void
set_css_class (GtkWidget *widget,
               gboolean froze)
{
  gtk_widget_remove_css_class (widget, froze ? "smooth" : "froze");
  gtk_widget_add_css_class (widget, froze ? "froze" : "smooth");
}

static void
update_row (DemoVerdict *self,
            DemoMode mode,
            double scale_ms)
{
  double longest_ms = self->longest_ms[mode];
  gboolean known = longest_ms >= 0;
  gboolean froze = longest_ms >= DEMO_METER_FROZE_MS;
  g_autofree char *text = demo_text_ms (MAX (longest_ms, 0));

  gtk_widget_set_visible (self->names[mode], known);
  gtk_widget_set_visible (self->bars[mode], known);
  gtk_widget_set_visible (self->numbers[mode], known);
  gtk_level_bar_set_max_value (GTK_LEVEL_BAR (self->bars[mode]), scale_ms);
  gtk_level_bar_set_value (GTK_LEVEL_BAR (self->bars[mode]), MAX (longest_ms, 0));
  set_css_class (self->bars[mode], froze);
  set_css_class (self->numbers[mode], froze);
  gtk_label_set_text (GTK_LABEL (self->numbers[mode]), text);
}

static void
update (DemoVerdict *self)
{
  /* Of one that never stood still for long, no bar is full. */
  double scale_ms = MAX (MAX (self->longest_ms[0], self->longest_ms[1]), DEMO_METER_FROZE_MS);

  update_row (self, DEMO_MODE_FREEZE, scale_ms);
  update_row (self, DEMO_MODE_ASYNCIFY, scale_ms);
  gtk_widget_set_visible (GTK_WIDGET (self), self->longest_ms[0] >= 0 || self->longest_ms[1] >= 0);
}

/* Remembers how long the window stood still in @run, if that was measured. */
void
demo_verdict_take (DemoVerdict *self,
                   const DemoRun *run)
{
  if (!run->measured)
    return;

  self->longest_ms[run->mode] = run->measurement.heartbeat.max_ms;
  update (self);
}

static void
demo_verdict_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (demo_verdict_parent_class)->dispose (object);
}

static void
demo_verdict_class_init (DemoVerdictClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_verdict_dispose;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_GRID_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
place (DemoVerdict *self,
       GtkWidget *child,
       int column,
       int row,
       int n_columns)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkLayoutChild *where;

  gtk_widget_insert_before (child, GTK_WIDGET (self), NULL);
  where = gtk_layout_manager_get_layout_child (layout, child);
  g_object_set (where, "column", column, "row", row, "column-span", n_columns, NULL);
}

static void
add_row (DemoVerdict *self,
         DemoMode mode,
         const char *name)
{
  GtkWidget *bar = gtk_level_bar_new ();

  self->names[mode] = gtk_label_new (name);
  gtk_label_set_xalign (GTK_LABEL (self->names[mode]), 0);

  /* The colours say something else here than low and high. */
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
  gtk_widget_set_hexpand (bar, TRUE);
  gtk_widget_set_size_request (bar, BAR_WIDTH, -1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  self->names[mode], NULL, -1);
  self->bars[mode] = bar;

  self->numbers[mode] = gtk_label_new (NULL);
  gtk_label_set_xalign (GTK_LABEL (self->numbers[mode]), 1);
  gtk_widget_add_css_class (self->numbers[mode], "number");

  place (self, self->names[mode], 0, mode + 1, 1);
  place (self, bar, 1, mode + 1, 1);
  place (self, self->numbers[mode], 2, mode + 1, 1);
}

static void
demo_verdict_init (DemoVerdict *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));
  GtkWidget *title = gtk_label_new (_ ("How long the window stood still"));

  self->longest_ms[DEMO_MODE_FREEZE] = self->longest_ms[DEMO_MODE_ASYNCIFY] = -1;
  gtk_grid_layout_set_column_spacing (GTK_GRID_LAYOUT (layout), 9);
  gtk_grid_layout_set_row_spacing (GTK_GRID_LAYOUT (layout), 3);
  gtk_widget_add_css_class (GTK_WIDGET (self), "verdict");
  gtk_widget_add_css_class (GTK_WIDGET (self), "caption");

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_label_set_wrap (GTK_LABEL (title), TRUE);
  gtk_widget_add_css_class (title, "dim-label");
  place (self, title, 0, 0, 3);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_RELATION_LABELLED_BY, title,
                                  NULL, -1);
  add_row (self, DEMO_MODE_FREEZE, C_ ("way", "Freeze"));
  add_row (self, DEMO_MODE_ASYNCIFY, C_ ("way", "Asyncify"));
  update (self);
}
