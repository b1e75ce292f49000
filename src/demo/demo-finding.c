/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-finding.h"

#include <glib/gi18n.h>

#include "demo-results.h"

/* Of the list, in pixels */
#define MIN_HEIGHT 160

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

GtkWidget *
demo_findings_new (DemoScenario *scenario,
                   const char *empty)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *list;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_row_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_row_cb), NULL);

  list = gtk_list_view_new (NULL, factory);
  gtk_widget_add_css_class (list, "findings");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Found so far"), -1);

  return demo_results_new (scenario, list, MIN_HEIGHT, empty);
}

char *
demo_findings_to_text (GListModel *items)
{
  guint n_items = items != NULL ? g_list_model_get_n_items (items) : 0;
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (items, i);

      if (DEMO_IS_FINDING (item))
        g_string_append_printf (text, "%s\t%s\n", DEMO_FINDING (item)->name,
                                DEMO_FINDING (item)->detail);
    }

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}
