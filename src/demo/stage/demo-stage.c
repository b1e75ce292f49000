/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-stage.h"

#include <glib/gi18n.h>

#include "demo-canvas.h"
#include "demo-fishbowl.h"
#include "demo-reflow.h"
#include "demo-strip.h"
#include "demo-template.h"
#include "demo-text.h"

#define NUMBERS_MS 500

/* What is always there: something that moves, something to drag, something to type into, and the
 * numbers that say whether the main loop runs. */
struct _DemoStage
{
  GtkWidget parent_instance;

  DemoMeter *meter;
  guint numbers_id;     /* while mapped */
  gulong state_handler; /* while mapped: of the window's surface */
  DemoFishbowl *fishbowl;

  DemoCanvas *canvas;
  GtkToggleButton *fishbowl_button;
  DemoStrip *strip;
  GtkLabel *fps_label;
  GtkLabel *lateness_label;
  GtkLabel *input_label;
  GtkLabel *ledger_label;
};

G_DEFINE_FINAL_TYPE (DemoStage, demo_stage, GTK_TYPE_WIDGET)

/* Keeps the room that a longer text took, so that what stands beside it doesn't go to and fro. */
static void
set_text_steadily (GtkLabel   *label,
                   const char *text)
{
  int n_chars = (int) g_utf8_strlen (text, -1);

  if (n_chars > gtk_label_get_width_chars (label))
    gtk_label_set_width_chars (label, n_chars);
  gtk_label_set_text (label, text);
}

static void
update_input (DemoStage *self)
{
  g_autofree char *text = NULL;
  double last_ms, worst_ms;

  if (demo_meter_get_input (self->meter, &last_ms, &worst_ms))
    {
      g_autofree char *last = demo_text_ms (last_ms);
      g_autofree char *worst = demo_text_ms (worst_ms);

      /* Translators: a key or button was pressed; after so long, such as “12 ms”, its effect could
       * be seen. */
      text = g_strdup_printf (_("Input %s, worst %s"), last, worst);
    }

  set_text_steadily (self->input_label, text != NULL ? text : _("Input –"));
}

static gboolean
numbers_cb (gpointer user_data)
{
  DemoStage *self = user_data;
  double fps = demo_meter_get_fps (self->meter);
  double lateness_ms = demo_meter_get_lateness (self->meter);
  g_autofree char *fps_text = demo_fishbowl_describe (self->fishbowl, fps);
  g_autofree char *lateness_text = NULL;

  if (lateness_ms < 9.95)
    lateness_text = g_strdup_printf (_("%.1f ms late"), lateness_ms);
  else
    {
      g_autofree char *whole = demo_text_ms (lateness_ms);

      /* Translators: %s is how late the main loop was, such as “12 ms”. */
      lateness_text = g_strdup_printf (_("%s late"), whole);
    }

  gtk_label_set_text (self->fps_label, fps_text);
  set_text_steadily (self->lateness_label, lateness_text);
  update_input (self);

  return G_SOURCE_CONTINUE;
}

static void
froze_cb (DemoStage  *self,
          double      duration_ms,
          guint       frames_missed,
          const char *function)
{
  g_autofree char *text = NULL;
  g_autofree char *duration = NULL;

  /* Nobody could see it: the stage is not shown, or the first frame is what took so long. */
  if (frames_missed == 0)
    return;

  duration = demo_text_ms (duration_ms);
  if (function != NULL)
    {
      g_autofree char *name = demo_text_isolate (function);

      /* Translators: how long it was, such as “1,003 ms”; how many frames; the name of a C function. */
      text = g_strdup_printf (ngettext ("Last freeze: %s, %u frame missed, in %s",
                                        "Last freeze: %s, %u frames missed, in %s", frames_missed),
                              duration, frames_missed, name);
    }
  else
    text = g_strdup_printf (ngettext ("Last freeze: %s, %u frame missed",
                                      "Last freeze: %s, %u frames missed", frames_missed),
                            duration, frames_missed);

  gtk_label_set_text (self->ledger_label, text);
  gtk_widget_add_css_class (GTK_WIDGET (self->ledger_label), "froze");
}

static void
fishbowl_toggled_cb (DemoStage *self)
{
  if (gtk_toggle_button_get_active (self->fishbowl_button))
    demo_fishbowl_start (self->fishbowl);
  else
    demo_fishbowl_stop (self->fishbowl);

  numbers_cb (self);
}

static gboolean
is_animated (DemoStage *self)
{
  gboolean animated;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &animated,
                NULL);

  return animated;
}

static GdkSurface *
get_surface (DemoStage *self)
{
  return gtk_native_get_surface (gtk_widget_get_native (GTK_WIDGET (self)));
}

/* Where nothing moves, or nobody sees it, only runs are measured. */
static void
update_resting (DemoStage *self)
{
  gboolean seen = gtk_widget_get_mapped (GTK_WIDGET (self));

  if (seen && GDK_IS_TOPLEVEL (get_surface (self)))
    seen = !(gdk_toplevel_get_state (GDK_TOPLEVEL (get_surface (self)))
             & DEMO_FRAMES_HIDDEN_STATES);

  demo_meter_set_resting (self->meter, !seen || !is_animated (self));
}

/* Beads that stand still would prove nothing. */
static void
animations_changed_cb (DemoStage *self)
{
  gboolean animated = is_animated (self);
  const char *text
    = animated ? _("How much can this machine carry? Adds beads for as long as no frames are missed")
               : _("Needs motion: animations are off");

  if (!animated)
    gtk_toggle_button_set_active (self->fishbowl_button, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->fishbowl_button), animated);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->fishbowl_button), text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->fishbowl_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Add beads"),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  update_resting (self);
}

static void
demo_stage_map (GtkWidget *widget)
{
  DemoStage *self = DEMO_STAGE (widget);

  GTK_WIDGET_CLASS (demo_stage_parent_class)->map (widget);

  self->numbers_id = g_timeout_add (NUMBERS_MS, numbers_cb, self);
  if (GDK_IS_TOPLEVEL (get_surface (self)))
    self->state_handler = g_signal_connect_swapped (get_surface (self), "notify::state",
                                                    G_CALLBACK (update_resting), self);
  update_resting (self);
}

static void
demo_stage_unmap (GtkWidget *widget)
{
  DemoStage *self = DEMO_STAGE (widget);

  g_clear_handle_id (&self->numbers_id, g_source_remove);
  g_clear_signal_handler (&self->state_handler, get_surface (self));
  gtk_toggle_button_set_active (self->fishbowl_button, FALSE);

  GTK_WIDGET_CLASS (demo_stage_parent_class)->unmap (widget);
  update_resting (self);
}

static void
demo_stage_dispose (GObject *object)
{
  DemoStage *self = DEMO_STAGE (object);

  g_clear_handle_id (&self->numbers_id, g_source_remove);
  g_clear_pointer (&self->fishbowl, demo_fishbowl_free);
  if (self->meter != NULL)
    {
      /* Somebody else may hold a reference and keep it beating. */
      g_signal_handlers_disconnect_by_data (self->meter, self);
      demo_meter_detach (self->meter);
    }
  g_clear_object (&self->meter);

  demo_template_dispose (GTK_WIDGET (self), DEMO_TYPE_STAGE);

  G_OBJECT_CLASS (demo_stage_parent_class)->dispose (object);
}

static void
demo_stage_class_init (DemoStageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = demo_stage_dispose;
  widget_class->map = demo_stage_map;
  widget_class->unmap = demo_stage_unmap;

  g_type_ensure (DEMO_TYPE_CANVAS);
  g_type_ensure (DEMO_TYPE_REFLOW);
  g_type_ensure (DEMO_TYPE_STRIP);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/asyncify/Demo/demo-stage.ui");
  gtk_widget_class_bind_template_child (widget_class, DemoStage, canvas);
  gtk_widget_class_bind_template_child (widget_class, DemoStage, fishbowl_button);
  gtk_widget_class_bind_template_child (widget_class, DemoStage, strip);
  gtk_widget_class_bind_template_child (widget_class, DemoStage, fps_label);
  gtk_widget_class_bind_template_child (widget_class, DemoStage, lateness_label);
  gtk_widget_class_bind_template_child (widget_class, DemoStage, input_label);
  gtk_widget_class_bind_template_child (widget_class, DemoStage, ledger_label);
  gtk_widget_class_bind_template_callback (widget_class, fishbowl_toggled_cb);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
demo_stage_init (DemoStage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->meter = demo_meter_new ();
  demo_meter_attach (self->meter, GTK_WIDGET (self));
  demo_strip_set_meter (self->strip, self->meter);
  g_signal_connect_swapped (self->meter, "froze", G_CALLBACK (froze_cb), self);

  self->fishbowl = demo_fishbowl_new (self->meter, self->canvas);
  g_signal_connect_object (gtk_widget_get_settings (GTK_WIDGET (self)),
                           "notify::gtk-enable-animations", G_CALLBACK (animations_changed_cb),
                           self, G_CONNECT_SWAPPED);
  animations_changed_cb (self);

  update_input (self);
  demo_stage_reset_ledger (self);
}

/**
 * demo_stage_new:
 *
 * Creates a stage.
 *
 * Returns: (transfer floating): a new #DemoStage
 */
GtkWidget *
demo_stage_new (void)
{
  return g_object_new (DEMO_TYPE_STAGE, NULL);
}

/**
 * demo_stage_get_meter:
 * @self: a stage
 *
 * Gets the meter whose measurements the stage shows, and which counts the stage's frames.
 *
 * Returns: (transfer none): the meter, which lives as long as the stage
 */
DemoMeter *
demo_stage_get_meter (DemoStage *self)
{
  g_return_val_if_fail (DEMO_IS_STAGE (self), NULL);

  return self->meter;
}

/**
 * demo_stage_reset_ledger:
 * @self: a stage
 *
 * Forgets the last freeze.
 */
void
demo_stage_reset_ledger (DemoStage *self)
{
  g_return_if_fail (DEMO_IS_STAGE (self));

  gtk_label_set_text (self->ledger_label, _("No freeze so far"));
  gtk_widget_remove_css_class (GTK_WIDGET (self->ledger_label), "froze");
}
