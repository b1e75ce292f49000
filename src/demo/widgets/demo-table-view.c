/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-table-view.h"

/* How many rows a column view makes, and how many of their cells fit into a frame beside
 * the rest. */
#define ALL_ROWS      208
#define CELLS_AT_ONCE 32

/* How wide a column may become, in characters */
#define MIN_WIDTH 4
#define MAX_WIDTH 28

struct _DemoTableView
{
  GtkWidget parent_instance;

  DemoTable *table; /* what is to be shown */
  gboolean stale;   /* what is shown is another one */
  guint tick;       /* while they differ */

  GtkStack *stack;
  GtkLabel *empty;
  GtkColumnView *columns;
  GtkSliceListModel *rows; /* as many of the table's as are shown so far */
};

G_DEFINE_FINAL_TYPE (DemoTableView, demo_table_view, GTK_TYPE_WIDGET)

static void
setup_cell_cb (GtkSignalListItemFactory *factory,
               GtkListItem *item,
               DemoTable *table)
{
  guint column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "column"));
  /* Some characters are wider than others. */
  guint width = CLAMP (demo_table_get_width (table, column) * 5 / 4, MIN_WIDTH, MAX_WIDTH);
  GtkWidget *text = gtk_inscription_new (NULL);

  /* Not labels: these are cheap, and all of a column equally wide. */
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (text), width);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (text), width);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (text), demo_table_is_numeric (table, column));
  gtk_list_item_set_child (item, text);
}

static void
bind_cell_cb (GtkSignalListItemFactory *factory,
              GtkListItem *item)
{
  guint column = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (factory), "column"));
  DemoTableRow *row = gtk_list_item_get_item (item);
  GtkWidget *text = gtk_list_item_get_child (item);

  gtk_inscription_set_text (GTK_INSCRIPTION (text), demo_table_row_get_text (row, column));
  if (demo_table_row_get_kind (row, column) == DEMO_CELL_REMARK)
    gtk_widget_add_css_class (text, "dim-label");
  else
    gtk_widget_remove_css_class (text, "dim-label");
}

/* Beside all others, so that there is no room left: without it a narrow table is drawn as if
 * somebody had scrolled too far. */
static void
append_filler (DemoTableView *self)
{
  g_autoptr (GtkColumnViewColumn) filler = gtk_column_view_column_new (NULL, NULL);

  gtk_column_view_column_set_expand (filler, TRUE);
  gtk_column_view_append_column (self->columns, filler);
}

static void
append_column (DemoTableView *self,
               guint number)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column
    = gtk_column_view_column_new (demo_table_get_title (self->table, number), factory);

  g_object_set_data (G_OBJECT (factory), "column", GUINT_TO_POINTER (number));
  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cell_cb), self->table, 0);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell_cb), NULL);
  gtk_column_view_column_set_resizable (column, TRUE);
  gtk_column_view_append_column (self->columns, column);
}

/* Takes away a part of what is left of another table. Returns: whether there was anything. By
 * columns, since there may be thousands of rows, and any of them in view; without columns they
 * are nothing. */
static gboolean
clear_some (DemoTableView *self)
{
  GListModel *columns = gtk_column_view_get_columns (self->columns);
  g_autoptr (GtkColumnViewColumn) last
    = g_list_model_get_item (columns, g_list_model_get_n_items (columns) - 1);

  if (last != NULL)
    gtk_column_view_remove_column (self->columns, last);
  else
    gtk_slice_list_model_set_size (self->rows, 0);

  return last != NULL;
}

/* Adds a part of what is still missing. Returns: whether there was anything */
static gboolean
fill_some (DemoTableView *self)
{
  guint n_columns = g_list_model_get_n_items (gtk_column_view_get_columns (self->columns));
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->rows));
  guint size = gtk_slice_list_model_get_size (self->rows);

  if (n_columns <= demo_table_get_n_columns (self->table))
    {
      if (n_columns < demo_table_get_n_columns (self->table))
        append_column (self, n_columns);
      else
        append_filler (self);
      return TRUE;
    }

  gtk_stack_set_visible_child_name (self->stack, "table");
  if (n_rows < size)
    return FALSE;
  gtk_slice_list_model_set_size (
    self->rows, size < ALL_ROWS ? size + MAX (1, CELLS_AT_ONCE / n_columns) : G_MAXUINT);

  return TRUE;
}

/* A column view makes the cells of two hundred rows as soon as there are that many, and that takes
 * far longer than a frame; so does taking them away. So the rows come and go by and by. */
static gboolean
update_cb (GtkWidget *widget,
           GdkFrameClock *clock,
           gpointer user_data)
{
  DemoTableView *self = DEMO_TABLE_VIEW (widget);

  if (self->stale && clear_some (self))
    return G_SOURCE_CONTINUE;

  if (self->stale)
    gtk_slice_list_model_set_model (self->rows, G_LIST_MODEL (self->table));
  self->stale = FALSE;

  if (self->table != NULL && g_list_model_get_n_items (G_LIST_MODEL (self->table)) > 0
      && fill_some (self))
    return G_SOURCE_CONTINUE;

  self->tick = 0;
  return G_SOURCE_REMOVE;
}

/* @empty is what it says if there is no @table, or nothing in it, and until there is. */
void
demo_table_view_set_table (DemoTableView *self,
                           DemoTable *table,
                           const char *empty)
{
  gtk_label_set_label (self->empty, empty);
  if (!g_set_object (&self->table, table))
    return;

  gtk_stack_set_visible_child_name (self->stack, "empty");
  self->stale = TRUE;
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), update_cb, NULL, NULL);
}

/* Returns: (transfer none) (nullable): what it shows */
DemoTable *
demo_table_view_get_table (DemoTableView *self)
{
  return self->table;
}

static void
demo_table_view_dispose (GObject *object)
{
  DemoTableView *self = DEMO_TABLE_VIEW (object);

  g_clear_object (&self->table);
  g_clear_object (&self->rows);
  if (self->stack != NULL)
    gtk_widget_unparent (GTK_WIDGET (g_steal_pointer (&self->stack)));

  G_OBJECT_CLASS (demo_table_view_parent_class)->dispose (object);
}

static void
demo_table_view_class_init (DemoTableViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_table_view_dispose;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
demo_table_view_init (DemoTableView *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *columns;

  self->rows = gtk_slice_list_model_new (NULL, 0, 0);
  columns = gtk_column_view_new (GTK_SELECTION_MODEL (
    gtk_no_selection_new (G_LIST_MODEL (g_object_ref (self->rows)))));
  self->columns = GTK_COLUMN_VIEW (columns);
  gtk_column_view_set_show_column_separators (self->columns, TRUE);
  gtk_widget_add_css_class (columns, "table");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), columns);

  self->empty = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->empty, TRUE);
  gtk_label_set_justify (self->empty, GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->empty), "dim-label");

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, GTK_WIDGET (self->empty), "empty");
  gtk_stack_add_named (self->stack, scroller, "table");
  gtk_widget_set_parent (GTK_WIDGET (self->stack), GTK_WIDGET (self));

  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  gtk_widget_set_size_request (GTK_WIDGET (self), -1, 120);
}

/* @name: what it is, for those who don't see it */
GtkWidget *
demo_table_view_new (const char *name)
{
  DemoTableView *self = g_object_new (DEMO_TYPE_TABLE_VIEW, NULL);

  /* The column view consists of its titles and a list of rows. */
  for (GtkWidget *part = GTK_WIDGET (self->columns); part != NULL;
       part = gtk_widget_get_last_child (part))
    if (GTK_IS_COLUMN_VIEW (part) || GTK_IS_LIST_VIEW (part))
      gtk_accessible_update_property (GTK_ACCESSIBLE (part), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                      -1);

  return GTK_WIDGET (self);
}
