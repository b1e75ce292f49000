/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-finding.h"

#include <glib/gi18n.h>

#include "demo-access.h"

/* How many rows a list view makes, and how many of them fit into a frame beside the rest. */
#define ALL_ROWS     208
#define ROWS_AT_ONCE 16

struct _DemoFinding
{
  GObject parent_instance;

  char *name;
  char *detail;
};

enum {
  PROP_0,
  PROP_NAME,
  PROP_DETAIL,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DemoFinding, demo_finding, G_TYPE_OBJECT)

static void
demo_finding_finalize (GObject *object)
{
  DemoFinding *self = DEMO_FINDING (object);

  g_free (self->name);
  g_free (self->detail);

  G_OBJECT_CLASS (demo_finding_parent_class)->finalize (object);
}

static void
demo_finding_get_property (GObject *object,
                           guint prop_id,
                           GValue *value,
                           GParamSpec *pspec)
{
  DemoFinding *self = DEMO_FINDING (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
demo_finding_class_init (DemoFindingClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = demo_finding_finalize;
  object_class->get_property = demo_finding_get_property;

  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, readable);
  props[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, readable);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
demo_finding_init (DemoFinding *self)
{
}

/* Any thread. The texts are copied. */
DemoFinding *
demo_finding_new (const char *name,
                  const char *detail)
{
  DemoFinding *self = g_object_new (DEMO_TYPE_FINDING, NULL);

  self->name = g_strdup (name);
  self->detail = g_strdup (detail);

  return self;
}

static void
setup_row_cb (GtkSignalListItemFactory *factory,
              GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *name = gtk_inscription_new (NULL);
  GtkWidget *detail = gtk_inscription_new (NULL);

  /* Not labels: a list view has two hundred rows from the start, and these are cheap. */
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (name),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE);
  gtk_inscription_set_min_chars (GTK_INSCRIPTION (name), 10);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (name), 22);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (detail),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (detail), 40);
  gtk_widget_set_hexpand (detail, TRUE);
  gtk_widget_add_css_class (detail, "dim-label");
  gtk_box_append (GTK_BOX (box), name);
  gtk_box_append (GTK_BOX (box), detail);
  gtk_list_item_set_child (item, box);
}

/* An inscription doesn't tell assistive technology what it says. */
static void
set_text (GtkWidget *inscription,
          const char *text)
{
  gtk_inscription_set_text (GTK_INSCRIPTION (inscription), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (inscription), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
}

static void
bind_row_cb (GtkSignalListItemFactory *factory,
             GtkListItem *item)
{
  DemoFinding *finding = gtk_list_item_get_item (item);
  GtkWidget *name = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *detail = gtk_widget_get_next_sibling (name);

  set_text (name, finding->name);
  set_text (detail, finding->detail);
}

/* The list shows the items of the scenario's latest job, and the page for an empty list
 * until there are any. */
static void
update_page (GtkStack *stack)
{
  GListModel *model = g_object_get_data (G_OBJECT (stack), "model");
  gboolean is_empty = g_list_model_get_n_items (model) == 0;

  gtk_stack_set_visible_child_name (stack, is_empty ? "empty" : "list");
}

/* A list view makes its rows, two hundred of them, as soon as there are items, and that takes
 * longer than a frame. So the items get in by and by until there are all the rows. */
static gboolean
let_in_cb (GtkWidget *stack,
           GdkFrameClock *clock,
           gpointer user_data)
{
  GtkSliceListModel *slice = user_data;
  guint size = gtk_slice_list_model_get_size (slice);

  if (size >= ALL_ROWS)
    {
      gtk_slice_list_model_set_size (slice, G_MAXUINT);
      return G_SOURCE_REMOVE;
    }

  if (g_list_model_get_n_items (G_LIST_MODEL (slice)) == size)
    gtk_slice_list_model_set_size (slice, size + ROWS_AT_ONCE);

  return G_SOURCE_CONTINUE;
}

static void
scenario_state_cb (DemoScenario *scenario,
                   GParamSpec *pspec,
                   GtkWidget *stack)
{
  AsyncifyJob *job = demo_scenario_get_job (scenario);
  GtkSliceListModel *slice = g_object_get_data (G_OBJECT (stack), "model");

  if (demo_scenario_get_state (scenario) != DEMO_SCENARIO_RUNNING)
    return;

  gtk_slice_list_model_set_model (slice, job != NULL ? asyncify_job_get_items (job) : NULL);
  gtk_slice_list_model_set_size (slice, 0);
  gtk_widget_add_tick_callback (stack, let_in_cb, g_object_ref (slice), g_object_unref);
}

static GtkWidget *
create_list (GtkSelectionModel *model)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *list;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_row_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row_cb), NULL);

  list = gtk_list_view_new (model, factory);
  gtk_widget_add_css_class (list, "findings");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Found so far"), -1);

  return list;
}

GtkWidget *
demo_findings_new (DemoScenario *scenario,
                   const char *empty)
{
  GtkWidget *stack = gtk_stack_new ();
  GtkWidget *label = gtk_label_new (empty);
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkSliceListModel *slice = gtk_slice_list_model_new (NULL, 0, 0);
  GtkNoSelection *model = gtk_no_selection_new (G_LIST_MODEL (slice));
  GtkWidget *list = create_list (GTK_SELECTION_MODEL (model));

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_stack_add_named (GTK_STACK (stack), label, "empty");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_stack_add_named (GTK_STACK (stack), scroller, "list");
  demo_access_hide_while_unmapped (label);
  demo_access_hide_while_unmapped (scroller);
  gtk_widget_add_css_class (stack, "card");
  gtk_widget_set_vexpand (stack, TRUE);
  gtk_widget_set_size_request (stack, -1, 96);
  gtk_widget_set_overflow (stack, GTK_OVERFLOW_HIDDEN);

  /* The list view owns the models from here on. */
  g_object_set_data (G_OBJECT (stack), "model", slice);
  g_signal_connect_object (slice, "items-changed", G_CALLBACK (update_page), stack,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (scenario, "notify::state", G_CALLBACK (scenario_state_cb), stack, 0);

  return stack;
}
