/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-album.h"

#include "demo-screenshot.h"

/* How long a page gets to be complete, in ms. */
#define SETTLE 500

struct _DemoAlbum
{
  GObject parent_instance;

  GtkWidget *window; /* weak */
  GdkPaintable *picture;
  GPtrArray *scenarios;
  char *path;
  guint next;
  guint pause; /* source id */
};

enum {
  SIGNAL_TURN_TO,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DemoAlbum, demo_album, G_TYPE_OBJECT)

static void turn (DemoAlbum *self);

static DemoScenario *
get_scenario (DemoAlbum *self)
{
  return g_ptr_array_index (self->scenarios, self->next);
}

static void
saved_cb (GObject *source,
          GAsyncResult *result,
          gpointer user_data)
{
  DemoAlbum *self = DEMO_ALBUM (source);
  g_autoptr (GError) error = NULL;

  self->next++;
  if (demo_screenshot_save_finish (result, &error) && self->next < self->scenarios->len
      && self->window != NULL)
    turn (self);
  else
    g_signal_emit (self, signals[SIGNAL_ENDED], 0, error);
}

static gboolean
settled_cb (gpointer user_data)
{
  DemoAlbum *self = user_data;
  g_autofree char *path = NULL;

  /* It makes its sample. */
  if (demo_scenario_get_state (get_scenario (self)) == DEMO_SCENARIO_PREPARING)
    return G_SOURCE_CONTINUE;

  self->pause = 0;
  path = demo_screenshot_get_path (self->path, demo_scenario_get_id (get_scenario (self)));
  demo_screenshot_save_async (self->picture, self->window, path, G_OBJECT (self), saved_cb, NULL);

  return G_SOURCE_REMOVE;
}

static void
turn (DemoAlbum *self)
{
  g_signal_emit (self, signals[SIGNAL_TURN_TO], 0, get_scenario (self));
  self->pause = g_timeout_add (SETTLE, settled_cb, self);
}

static void
demo_album_dispose (GObject *object)
{
  DemoAlbum *self = DEMO_ALBUM (object);

  g_clear_handle_id (&self->pause, g_source_remove);
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->picture);
  g_clear_pointer (&self->scenarios, g_ptr_array_unref);
  g_clear_pointer (&self->path, g_free);

  G_OBJECT_CLASS (demo_album_parent_class)->dispose (object);
}

static void
demo_album_class_init (DemoAlbumClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_album_dispose;

  signals[SIGNAL_TURN_TO]
    = g_signal_new ("turn-to", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, DEMO_TYPE_SCENARIO);
  signals[SIGNAL_ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
demo_album_init (DemoAlbum *self)
{
}

/* @path: what to call the pictures: to "name.png", the scenario's id is added */
DemoAlbum *
demo_album_new (GtkWidget *window,
                GPtrArray *scenarios,
                const char *path)
{
  DemoAlbum *self = g_object_new (DEMO_TYPE_ALBUM, NULL);

  g_set_weak_pointer (&self->window, window);
  self->picture = gtk_widget_paintable_new (window);
  self->scenarios = g_ptr_array_ref (scenarios);
  self->path = g_strdup (path);

  return self;
}

void
demo_album_start (DemoAlbum *self)
{
  turn (self);
}
