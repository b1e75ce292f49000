/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-fishbowl.h"

#include <glib/gi18n.h>

#include "demo-capacity.h"

/* For how long each number of beads is tried. */
#define TRIAL_MS 500

/* A trial with fewer frames due tells nothing: the window is minimized, or has just been shown. */
#define ENOUGH_FRAMES 20

/* That many frames may be missed in a trial and it still counts as smooth. */
#define FEW_FRAMES 1

/* Puts more and more beads on the canvas, for as long as no frames are missed. */
struct _DemoFishbowl
{
  DemoMeter *meter;   /* owned */
  DemoCanvas *canvas; /* not owned */

  /* While it runs; a canvas that is not shown has no frames to miss. */
  guint trial_id;
  DemoRecording *recording; /* until it has settled */
  DemoCapacity capacity;
};

static void
end_trial (DemoFishbowl *self)
{
  DemoMeasurement m;
  double missed;

  demo_meter_end (self->meter, g_steal_pointer (&self->recording), &m);
  if (m.frames.due < ENOUGH_FRAMES)
    return;

  /* Not only gaps as long as two frames: many that are a little too long are as bad.  The last frame
   * may still be under way. */
  missed = m.frames.due - m.frames.drawn;
  demo_capacity_judge (&self->capacity, missed < FEW_FRAMES + 1);
  demo_canvas_set_crowd (self->canvas, self->capacity.n);
}

static gboolean
trial_cb (gpointer user_data)
{
  DemoFishbowl *self = user_data;

  end_trial (self);
  if (!self->capacity.settled)
    {
      self->recording = demo_meter_begin (self->meter);
      return G_SOURCE_CONTINUE;
    }

  self->trial_id = 0;

  return G_SOURCE_REMOVE;
}

/**
 * demo_fishbowl_new:
 * @meter: (transfer none): what counts the frames of @canvas; a reference is kept
 * @canvas: (transfer none): where to put the beads; it has to live longer
 *
 * Returns: (transfer full): a fishbowl that does nothing as yet
 */
DemoFishbowl *
demo_fishbowl_new (DemoMeter  *meter,
                   DemoCanvas *canvas)
{
  DemoFishbowl *self = g_new0 (DemoFishbowl, 1);

  self->meter = g_object_ref (meter);
  self->canvas = canvas;

  return self;
}

/**
 * demo_fishbowl_free:
 * @self: (transfer full): a fishbowl
 *
 * Stops it.
 */
void
demo_fishbowl_free (DemoFishbowl *self)
{
  demo_fishbowl_stop (self);
  g_object_unref (self->meter);
  g_free (self);
}

/**
 * demo_fishbowl_start:
 * @self: a fishbowl
 *
 * Begins to look for how many beads can be drawn in every frame.
 */
void
demo_fishbowl_start (DemoFishbowl *self)
{
  demo_fishbowl_stop (self);

  demo_capacity_start (&self->capacity);
  demo_canvas_set_crowd (self->canvas, self->capacity.n);
  self->recording = demo_meter_begin (self->meter);
  self->trial_id = g_timeout_add (TRIAL_MS, trial_cb, self);
}

/**
 * demo_fishbowl_stop:
 * @self: a fishbowl
 *
 * Takes the beads away again.  Nothing happens if it does not run.
 */
void
demo_fishbowl_stop (DemoFishbowl *self)
{
  g_clear_handle_id (&self->trial_id, g_source_remove);
  if (self->recording != NULL)
    demo_meter_end (self->meter, g_steal_pointer (&self->recording), NULL);

  self->capacity = (DemoCapacity) { 0 };
  demo_canvas_set_crowd (self->canvas, 0);
}

/**
 * demo_fishbowl_describe:
 * @self: a fishbowl
 * @fps: how many frames are drawn in a second at present
 *
 * Says how far it is.
 *
 * Returns: (transfer full): a text for a person; just the frames if it does not run
 */
char *
demo_fishbowl_describe (DemoFishbowl *self,
                        double        fps)
{
  guint n = self->capacity.n;

  if (self->capacity.settled)
    return g_strdup_printf (ngettext ("%u bead at %.0f fps", "%u beads at %.0f fps", n), n, fps);
  if (self->trial_id != 0)
    return g_strdup_printf (ngettext ("Trying %u bead: %.0f fps", "Trying %u beads: %.0f fps", n),
                            n, fps);

  if (fps <= 0) /* none are due */
    return g_strdup ("–");

  return g_strdup_printf (_("%.0f fps"), fps);
}
