/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-table.h"

/* What is kept of a cell, in characters: more is too much to read, and to lay out. */
#define MAX_LENGTH 100

typedef struct {
  const char *text;
  DemoCellKind kind;
} Cell;

typedef struct {
  const char *title;
  guint width; /* of the longest text, in characters */
  gboolean has_texts;
  gboolean has_numbers;
} Column;

/* All texts stand in a few blocks, so that a hundred thousand of them are freed in no time. */
struct _DemoTable
{
  GObject parent_instance;

  GStringChunk *texts;
  GArray *columns; /* Column */
  GArray *cells;   /* Cell, row by row */
};

struct _DemoTableRow
{
  GObject parent_instance;

  DemoTable *table;
  guint row;
};

static void demo_table_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DemoTable, demo_table, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      demo_table_list_model_init))
G_DEFINE_FINAL_TYPE (DemoTableRow, demo_table_row, G_TYPE_OBJECT)

static void
demo_table_row_finalize (GObject *object)
{
  g_object_unref (DEMO_TABLE_ROW (object)->table);

  G_OBJECT_CLASS (demo_table_row_parent_class)->finalize (object);
}

static void
demo_table_row_class_init (DemoTableRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = demo_table_row_finalize;
}

static void
demo_table_row_init (DemoTableRow *self)
{
}

static const Cell *
get_cell (DemoTableRow *self,
          guint column)
{
  return &g_array_index (self->table->cells, Cell, self->row * self->table->columns->len + column);
}

/* Returns: (transfer none) */
const char *
demo_table_row_get_text (DemoTableRow *self,
                         guint column)
{
  return get_cell (self, column)->text;
}

DemoCellKind
demo_table_row_get_kind (DemoTableRow *self,
                         guint column)
{
  return get_cell (self, column)->kind;
}

static GType
demo_table_get_item_type (GListModel *model)
{
  return DEMO_TYPE_TABLE_ROW;
}

static guint
demo_table_get_n_items (GListModel *model)
{
  DemoTable *self = DEMO_TABLE (model);

  return self->columns->len > 0 ? self->cells->len / self->columns->len : 0;
}

static gpointer
demo_table_get_item (GListModel *model,
                     guint position)
{
  DemoTableRow *row;

  if (position >= demo_table_get_n_items (model))
    return NULL;

  row = g_object_new (DEMO_TYPE_TABLE_ROW, NULL);
  row->table = g_object_ref (DEMO_TABLE (model));
  row->row = position;

  return row;
}

static void
demo_table_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = demo_table_get_item_type;
  iface->get_n_items = demo_table_get_n_items;
  iface->get_item = demo_table_get_item;
}

static void
demo_table_finalize (GObject *object)
{
  DemoTable *self = DEMO_TABLE (object);

  g_array_unref (self->cells);
  g_array_unref (self->columns);
  g_string_chunk_free (self->texts);

  G_OBJECT_CLASS (demo_table_parent_class)->finalize (object);
}

static void
demo_table_class_init (DemoTableClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = demo_table_finalize;
}

static void
demo_table_init (DemoTable *self)
{
  self->texts = g_string_chunk_new (64 * 1024);
  self->columns = g_array_new (FALSE, TRUE, sizeof (Column));
  self->cells = g_array_new (FALSE, TRUE, sizeof (Cell));
}

DemoTable *
demo_table_new (void)
{
  return g_object_new (DEMO_TYPE_TABLE, NULL);
}

/* Keeps one line of @text, valid and not too long, and tells how long it is. */
static const char *
keep (DemoTable *self,
      const char *text,
      gsize n_bytes,
      guint *length)
{
  /* No character has more than four bytes. */
  g_autofree char *valid = g_utf8_make_valid (text, MIN (n_bytes, 4 * (MAX_LENGTH + 1)));
  const char *end;

  *length = g_utf8_strlen (valid, -1);
  if (*length > MAX_LENGTH)
    {
      g_autofree char *cut = g_utf8_substring (valid, 0, MAX_LENGTH - 1);

      g_free (valid);
      valid = g_strconcat (cut, "…", NULL);
      *length = MAX_LENGTH;
    }

  for (end = valid; *end != '\0'; end = g_utf8_next_char (end))
    if (g_ascii_iscntrl (*end))
      valid[end - valid] = ' ';

  return g_string_chunk_insert (self->texts, valid);
}

/* Before there are any cells */
void
demo_table_add_column (DemoTable *self,
                       const char *title)
{
  Column column = { 0 };

  column.title = keep (self, title, strlen (title), &column.width);
  g_array_append_val (self->columns, column);
}

/* The cells come row by row. @text, which need not be valid, is copied as far as it is shown. */
void
demo_table_add_cell (DemoTable *self,
                     DemoCellKind kind,
                     const char *text,
                     gsize n_bytes)
{
  Column *column = &g_array_index (self->columns, Column, self->cells->len % self->columns->len);
  guint width;
  Cell cell = { keep (self, text, n_bytes, &width), kind };

  column->width = MAX (column->width, width);
  column->has_texts |= kind == DEMO_CELL_TEXT;
  column->has_numbers |= kind == DEMO_CELL_NUMBER;
  g_array_append_val (self->cells, cell);
}

guint
demo_table_get_n_columns (DemoTable *self)
{
  return self->columns->len;
}

/* Returns: (transfer none) */
const char *
demo_table_get_title (DemoTable *self,
                      guint column)
{
  return g_array_index (self->columns, Column, column).title;
}

/* Returns: the length of the longest text, in characters */
guint
demo_table_get_width (DemoTable *self,
                      guint column)
{
  return g_array_index (self->columns, Column, column).width;
}

/* Whether what stands in the column are numbers, as far as there is anything. */
gboolean
demo_table_is_numeric (DemoTable *self,
                       guint column)
{
  const Column *found = &g_array_index (self->columns, Column, column);

  return found->has_numbers && !found->has_texts;
}

/* With tabs between the columns and a line for each row, the titles first: what a spreadsheet can
 * take. Returns: (transfer full) */
char *
demo_table_to_text (DemoTable *self)
{
  guint n_columns = demo_table_get_n_columns (self);
  GString *text = g_string_new (NULL);

  for (guint column = 0; column < n_columns; column++)
    g_string_append_printf (text, "%s%s", demo_table_get_title (self, column),
                            column + 1 < n_columns ? "\t" : "\n");
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self)); i++)
    {
      g_autoptr (DemoTableRow) row = g_list_model_get_item (G_LIST_MODEL (self), i);

      for (guint column = 0; column < n_columns; column++)
        g_string_append_printf (text, "%s%s", demo_table_row_get_text (row, column),
                                column + 1 < n_columns ? "\t" : "\n");
    }

  return g_string_free (text, FALSE);
}
