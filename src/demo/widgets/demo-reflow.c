/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-reflow.h"

struct _DemoReflow
{
  GtkLayoutManager parent_instance;

  int spacing;
  int row_spacing;
  gboolean homogeneous;
  gboolean wrap;
};

enum {
  PROP_0,
  PROP_SPACING,
  PROP_ROW_SPACING,
  PROP_HOMOGENEOUS,
  PROP_WRAP,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DemoReflow, demo_reflow, GTK_TYPE_LAYOUT_MANAGER)

/* A child. All in pixels. */
typedef struct {
  GtkWidget *widget;
  int minimum, natural; /* widths */
  int x, width;         /* as it is placed, from the left to the right */
} Item;

/* A line of them, and how high it is */
typedef struct {
  guint first, n_items;
  int minimum, natural, height;
  gboolean expands;
} Line;

/* Returns: the children that are shown, with the widths that they ask for */
static GArray *
list_items (GtkWidget *widget)
{
  GArray *items = g_array_new (FALSE, TRUE, sizeof (Item));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      Item item = { .widget = child };

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &item.minimum, &item.natural,
                          NULL, NULL);
      g_array_append_val (items, item);
    }

  return items;
}

/* Returns: what the widest of them asks for */
static int
get_widest (const GArray *items,
            gboolean natural)
{
  int widest = 0;

  for (guint i = 0; i < items->len; i++)
    {
      const Item *item = &g_array_index (items, Item, i);

      widest = MAX (widest, natural ? item->natural : item->minimum);
    }

  return widest;
}

/* Returns: how high it is at least, however wide: all of them side by side, with no end of room */
static int
get_least_height (const GArray *items)
{
  int least = 0;

  for (guint i = 0; i < items->len; i++)
    {
      int minimum;

      gtk_widget_measure (g_array_index (items, Item, i).widget, GTK_ORIENTATION_VERTICAL, -1,
                          &minimum, NULL, NULL, NULL);
      least = MAX (least, minimum);
    }

  return least;
}

/* Returns: how wide it is if all of them are side by side */
static int
get_natural_width (DemoReflow *self,
                   const GArray *items)
{
  int width = items->len > 0 ? ((int) items->len - 1) * self->spacing : 0;

  if (self->homogeneous)
    return width + (int) items->len * get_widest (items, TRUE);

  for (guint i = 0; i < items->len; i++)
    width += g_array_index (items, Item, i).natural;

  return width;
}

/* Returns: how many of them, from @first on, are side by side within @width; at least one */
static guint
count_line (DemoReflow *self,
            const GArray *items,
            guint first,
            int width)
{
  guint n_items = 1;
  int taken = g_array_index (items, Item, first).natural;

  if (!self->wrap)
    return get_natural_width (self, items) <= width ? items->len : 1;

  if (self->homogeneous)
    {
      int step = get_widest (items, TRUE) + self->spacing;

      n_items = step > 0 ? (guint) MAX ((width + self->spacing) / step, 1) : items->len;

      return MIN (n_items, items->len - first);
    }

  for (; first + n_items < items->len; n_items++)
    {
      taken += self->spacing + g_array_index (items, Item, first + n_items).natural;
      if (taken > width)
        break;
    }

  return n_items;
}

/* Gives each of @n_items the same, side by side over the whole of @width. The last line may have
 * fewer than @n_columns. */
static void
place_equally (DemoReflow *self,
               Item *items,
               guint n_items,
               guint n_columns,
               int width)
{
  int room = width - ((int) n_columns - 1) * self->spacing;

  for (int i = 0; i < (int) n_items; i++)
    {
      int begin = room * i / (int) n_columns;

      items[i].x = begin + i * self->spacing;
      items[i].width = room * (i + 1) / (int) n_columns - begin;
    }
}

/* Gives each of @n_items what it asks for, and what is left to those that expand. */
static void
place_naturally (DemoReflow *self,
                 Item *items,
                 guint n_items,
                 int width)
{
  int left = width - ((int) n_items - 1) * self->spacing, x = 0, n_expand = 0;

  for (guint i = 0; i < n_items; i++)
    {
      items[i].width = MIN (items[i].natural, MAX (left, items[i].minimum));
      left -= items[i].width;
      n_expand += gtk_widget_compute_expand (items[i].widget, GTK_ORIENTATION_HORIZONTAL);
    }

  for (guint i = 0; i < n_items; i++)
    {
      if (left > 0 && gtk_widget_compute_expand (items[i].widget, GTK_ORIENTATION_HORIZONTAL))
        {
          int share = left / n_expand--;

          items[i].width += share;
          left -= share;
        }
      items[i].x = x;
      x += items[i].width + self->spacing;
    }
}

static void
measure_line (Line *line,
              const Item *items)
{
  for (guint i = 0; i < line->n_items; i++)
    {
      int minimum, natural;

      gtk_widget_measure (items[i].widget, GTK_ORIENTATION_VERTICAL, items[i].width, &minimum,
                          &natural, NULL, NULL);
      line->minimum = MAX (line->minimum, minimum);
      line->natural = MAX (line->natural, natural);
      line->expands |= gtk_widget_compute_expand (items[i].widget, GTK_ORIENTATION_VERTICAL);
    }
  line->height = line->minimum;
}

/* Places all of @items within @width. Returns: (element-type Line): the lines they are in */
static GArray *
place (DemoReflow *self,
       GArray *items,
       int width)
{
  GArray *lines = g_array_new (FALSE, TRUE, sizeof (Line));
  guint n_columns = 0;

  for (guint first = 0; first < items->len;)
    {
      Line line = { .first = first, .n_items = count_line (self, items, first, width) };
      Item *in_line = &g_array_index (items, Item, first);

      n_columns = MAX (n_columns, line.n_items);
      if (self->homogeneous)
        place_equally (self, in_line, line.n_items, n_columns, width);
      else if (self->wrap || items->len == line.n_items)
        place_naturally (self, in_line, line.n_items, width);
      else
        in_line->width = width;

      measure_line (&line, in_line);
      g_array_append_val (lines, line);
      first += line.n_items;
    }

  return lines;
}

/* Returns: what is between the lines */
static int
get_row_spacings (DemoReflow *self,
                  const GArray *lines)
{
  return lines->len > 0 ? ((int) lines->len - 1) * self->row_spacing : 0;
}

/* Gives the lines what they ask for, as far as there is so much; the rest to those that expand, or
 * to the only one. */
static void
share_height (DemoReflow *self,
              GArray *lines,
              int height)
{
  g_autofree GtkRequestedSize *sizes = g_new0 (GtkRequestedSize, lines->len);
  int extra = height - get_row_spacings (self, lines), n_expand = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      Line *line = &g_array_index (lines, Line, i);

      line->expands |= lines->len == 1;
      n_expand += line->expands;
      sizes[i].minimum_size = line->minimum;
      sizes[i].natural_size = line->natural;
      extra -= line->minimum;
    }

  if (lines->len > 0)
    extra = gtk_distribute_natural_allocation (MAX (extra, 0), lines->len, sizes);
  for (guint i = 0; i < lines->len; i++)
    {
      Line *line = &g_array_index (lines, Line, i);
      int share = line->expands ? extra / n_expand-- : 0;

      line->height = sizes[i].minimum_size + share;
      extra -= share;
    }
}

static GtkSizeRequestMode
demo_reflow_get_request_mode (GtkLayoutManager *manager,
                              GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
demo_reflow_measure (GtkLayoutManager *manager,
                     GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  DemoReflow *self = DEMO_REFLOW (manager);
  g_autoptr (GArray) items = list_items (widget);
  g_autoptr (GArray) lines = NULL;
  int widest = get_widest (items, FALSE);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = widest;
      *natural = get_natural_width (self, items);
      return;
    }

  lines = place (self, items,
                 for_size < 0 ? get_natural_width (self, items) : MAX (for_size, widest));
  *minimum = *natural = get_row_spacings (self, lines);
  for (guint i = 0; i < lines->len; i++)
    {
      *minimum += g_array_index (lines, Line, i).minimum;
      *natural += g_array_index (lines, Line, i).natural;
    }
  /* Of a text that is broken into lines, a box says what it needs where it is narrow. */
  if (for_size < 0)
    *minimum = MIN (get_least_height (items), *natural);
}

static void
demo_reflow_allocate (GtkLayoutManager *manager,
                      GtkWidget *widget,
                      int width,
                      int height,
                      int baseline)
{
  DemoReflow *self = DEMO_REFLOW (manager);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  g_autoptr (GArray) items = list_items (widget);
  g_autoptr (GArray) lines = place (self, items, width);
  int y = 0;

  share_height (self, lines, height);
  for (guint i = 0; i < lines->len; i++)
    {
      const Line *line = &g_array_index (lines, Line, i);

      for (guint j = line->first; j < line->first + line->n_items; j++)
        {
          const Item *item = &g_array_index (items, Item, j);
          int x = rtl ? width - item->x - item->width : item->x;
          const GtkAllocation place = { x, y, item->width, line->height };

          gtk_widget_size_allocate (item->widget, &place, -1);
        }
      y += line->height + self->row_spacing;
    }
}

static void
demo_reflow_get_property (GObject *object,
                          guint prop_id,
                          GValue *value,
                          GParamSpec *pspec)
{
  DemoReflow *self = DEMO_REFLOW (object);

  switch (prop_id)
    {
    case PROP_SPACING:
      g_value_set_int (value, self->spacing);
      break;
    case PROP_ROW_SPACING:
      g_value_set_int (value, self->row_spacing);
      break;
    case PROP_HOMOGENEOUS:
      g_value_set_boolean (value, self->homogeneous);
      break;
    case PROP_WRAP:
      g_value_set_boolean (value, self->wrap);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
demo_reflow_set_property (GObject *object,
                          guint prop_id,
                          const GValue *value,
                          GParamSpec *pspec)
{
  DemoReflow *self = DEMO_REFLOW (object);

  switch (prop_id)
    {
    case PROP_SPACING:
      self->spacing = g_value_get_int (value);
      break;
    case PROP_ROW_SPACING:
      self->row_spacing = g_value_get_int (value);
      break;
    case PROP_HOMOGENEOUS:
      self->homogeneous = g_value_get_boolean (value);
      break;
    case PROP_WRAP:
      self->wrap = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      return;
    }

  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}

static void
demo_reflow_class_init (DemoReflowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = demo_reflow_get_property;
  object_class->set_property = demo_reflow_set_property;
  layout_class->get_request_mode = demo_reflow_get_request_mode;
  layout_class->measure = demo_reflow_measure;
  layout_class->allocate = demo_reflow_allocate;

  props[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, G_MAXINT, 0, flags);
  props[PROP_ROW_SPACING] = g_param_spec_int ("row-spacing", NULL, NULL, 0, G_MAXINT, 0, flags);
  props[PROP_HOMOGENEOUS] = g_param_spec_boolean ("homogeneous", NULL, NULL, FALSE, flags);
  props[PROP_WRAP] = g_param_spec_boolean ("wrap", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
demo_reflow_init (DemoReflow *self)
{
}

/* Returns: (transfer full) */
GtkLayoutManager *
demo_reflow_new (void)
{
  return g_object_new (DEMO_TYPE_REFLOW, NULL);
}
