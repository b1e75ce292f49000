/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-advice.h"

#include <glib/gi18n.h>

typedef struct {
  const DemoAdvice *advices;
  GtkAdjustment *chosen;
  GtkLabel *code, *happens, *why, *instead; /* owned by the card, which owns us */
} Card;

static void
card_free (gpointer data)
{
  Card *card = data;

  g_object_unref (card->chosen);
  g_free (card);
}

static void
show_chosen (GtkWidget *grid)
{
  Card *card = g_object_get_data (G_OBJECT (grid), "card");
  const DemoAdvice *advice = &card->advices[(guint) gtk_adjustment_get_value (card->chosen)];

  gtk_label_set_label (card->code, advice->code);
  gtk_label_set_label (card->happens, _ (advice->happens));
  gtk_label_set_label (card->why, _ (advice->why));
  gtk_label_set_label (card->instead, _ (advice->instead));
}

static GtkLabel *
create_label (const char *text)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);

  return GTK_LABEL (label);
}

/* Returns: (transfer none): the text beside @caption */
static GtkLabel *
add_row (GtkGrid *grid,
         int row,
         const char *caption)
{
  GtkLabel *heading = create_label (caption);
  GtkLabel *text = create_label (NULL);

  gtk_widget_add_css_class (GTK_WIDGET (heading), "heading");
  gtk_label_set_wrap (text, TRUE);
  gtk_label_set_selectable (text, TRUE);
  gtk_widget_set_hexpand (GTK_WIDGET (text), TRUE);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (text), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  heading, NULL, -1);
  gtk_grid_attach (grid, GTK_WIDGET (heading), 0, row, 1, 1);
  gtk_grid_attach (grid, GTK_WIDGET (text), 1, row, 1, 1);

  return text;
}

GtkWidget *
demo_advice_card_new (const DemoAdvice *advices,
                      GtkAdjustment *chosen)
{
  GtkWidget *grid = gtk_grid_new ();
  Card *card = g_new0 (Card, 1);

  gtk_grid_set_row_spacing (GTK_GRID (grid), 12);
  gtk_grid_set_column_spacing (GTK_GRID (grid), 12);
  gtk_widget_add_css_class (grid, "card");
  gtk_widget_add_css_class (grid, "advice");

  card->advices = advices;
  card->chosen = g_object_ref (chosen);
  card->code = add_row (GTK_GRID (grid), 0, _ ("The code"));
  card->happens = add_row (GTK_GRID (grid), 1, _ ("What happens"));
  card->why = add_row (GTK_GRID (grid), 2, _ ("Why"));
  card->instead = add_row (GTK_GRID (grid), 3, _ ("Instead"));
  gtk_widget_add_css_class (GTK_WIDGET (card->code), "monospace");
  gtk_label_set_wrap_mode (card->code, PANGO_WRAP_WORD_CHAR);
  g_object_set_data_full (G_OBJECT (grid), "card", card, card_free);
  g_signal_connect_object (chosen, "value-changed", G_CALLBACK (show_chosen), grid,
                           G_CONNECT_SWAPPED);
  show_chosen (grid);

  return grid;
}
