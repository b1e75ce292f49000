/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-picture.h"

#include <glib/gi18n.h>

#include "demo-results.h"
#include "demo-text.h"

/* Of the grid, in pixels */
#define MIN_HEIGHT 228

/* Of the icon for what can't be shown, in pixels. */
#define ICON_SIZE 32

struct _DemoPicture
{
  GObject parent_instance;

  /* Set when it is made, then read-only */
  char *name;
  char *detail;
  GdkTexture *texture; /* nullable */
  int size;
};

G_DEFINE_FINAL_TYPE (DemoPicture, demo_picture, G_TYPE_OBJECT)

static void
demo_picture_finalize (GObject *object)
{
  DemoPicture *self = DEMO_PICTURE (object);

  g_free (self->name);
  g_free (self->detail);
  g_clear_object (&self->texture);

  G_OBJECT_CLASS (demo_picture_parent_class)->finalize (object);
}

static void
demo_picture_class_init (DemoPictureClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = demo_picture_finalize;
}

static void
demo_picture_init (DemoPicture *self)
{
}

/* Any thread. @name is its caption, @detail what is said of it when the pointer rests on it.
 * @texture: (nullable): NULL if there is none, and @detail says why. @size: of the square that it
 * is shown in, in pixels */
DemoPicture *
demo_picture_new (const char *name,
                  const char *detail,
                  GdkTexture *texture,
                  int size)
{
  DemoPicture *self = g_object_new (DEMO_TYPE_PICTURE, NULL);

  self->name = g_strdup (name);
  self->detail = g_strdup (detail);
  g_set_object (&self->texture, texture);
  self->size = size;

  return self;
}

/* Any thread. FALSE if there is only a warning in its place. */
gboolean
demo_picture_is_shown (DemoPicture *self)
{
  return self->texture != NULL;
}

static void
setup_cell_cb (GtkSignalListItemFactory *factory,
               GtkListItem *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *image = gtk_image_new ();
  GtkWidget *caption = gtk_inscription_new (NULL);

  gtk_widget_set_overflow (image, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_halign (image, GTK_ALIGN_CENTER);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (caption),
                                     GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE);
  /* As wide as the image, however long the name is */
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (caption), 3);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (caption), 0.5);
  gtk_widget_add_css_class (caption, "caption");
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), caption);
  gtk_list_item_set_child (item, box);
}

static void
bind_cell_cb (GtkSignalListItemFactory *factory,
              GtkListItem *item)
{
  DemoPicture *picture = gtk_list_item_get_item (item);
  GtkWidget *box = gtk_list_item_get_child (item);
  GtkWidget *image = gtk_widget_get_first_child (box);
  GtkWidget *caption = gtk_widget_get_next_sibling (image);
  g_autofree char *name = demo_text_isolate (picture->name);
  /* Translators: the name of a file, and how large the picture is, or why it can't be shown */
  g_autofree char *description = g_strdup_printf (_ ("%s: %s"), name, picture->detail);
  gboolean is_shown = demo_picture_is_shown (picture);

  /* As large as any, whatever the picture's shape: so no row of the grid is ever moved. */
  gtk_widget_set_size_request (image, picture->size, picture->size);
  gtk_image_set_pixel_size (GTK_IMAGE (image), is_shown ? picture->size : ICON_SIZE);
  if (is_shown)
    {
      gtk_image_set_from_paintable (GTK_IMAGE (image), GDK_PAINTABLE (picture->texture));
      gtk_widget_remove_css_class (image, "failed");
    }
  else
    {
      gtk_image_set_from_icon_name (GTK_IMAGE (image), "dialog-warning-symbolic");
      gtk_widget_add_css_class (image, "failed");
    }

  gtk_inscription_set_text (GTK_INSCRIPTION (caption), picture->name);
  gtk_widget_set_tooltip_text (box, description);
  /* An inscription doesn't tell assistive technology what it says. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (caption), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  description, -1);
}

GtkWidget *
demo_picture_grid_new (DemoScenario *scenario,
                       const char *empty)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *grid;

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cell_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell_cb), NULL);

  grid = gtk_grid_view_new (NULL, factory);
  gtk_widget_add_css_class (grid, "pictures");
  gtk_accessible_update_property (GTK_ACCESSIBLE (grid), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Pictures"), -1);

  return demo_results_new (scenario, grid, MIN_HEIGHT, empty);
}
