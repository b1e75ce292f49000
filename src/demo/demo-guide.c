/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-guide.h"

#include <glib/gi18n.h>

#include "demo-template.h"

/* What there is to do, in this order, and how it is said. */
typedef enum {
  STEP_FREEZE,
  STEP_ASYNCIFY,
  STEP_LOOK,
  N_STEPS
} Step;

static const char *const texts[N_STEPS] = {
  [STEP_FREEZE] = N_ ("Press Freeze, and watch the line above: it stops, and so does the whole "
                      "window. Nothing is broken; it comes back."),
  [STEP_ASYNCIFY] = N_ ("That was the main loop, standing still. Now press Asyncify: the same "
                        "function, and the line goes on."),
  [STEP_LOOK] = N_ ("That is all the difference, and it is one line of C: Source shows it. On the "
                    "left are more functions that block."),
};

struct _DemoGuide
{
  GtkWidget parent_instance;

  Step step;
  gboolean done;

  GtkLabel *step_label;
  GtkLabel *text_label;
};

enum {
  PROP_0,
  PROP_DONE,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (DemoGuide, demo_guide, GTK_TYPE_WIDGET)

static void
update (DemoGuide *self)
{
  /* Translators: which of how many steps, such as “1/3”. */
  g_autofree char *number
    = g_strdup_printf (C_ ("step", "%d/%d"), self->step + 1, N_STEPS);

  gtk_label_set_text (self->step_label, number);
  gtk_label_set_text (self->text_label, _ (texts[self->step]));
  gtk_widget_set_visible (GTK_WIDGET (self), !self->done);
}

/* Whoever sees the last of it has seen it all, and isn't told again on the next start; they may
 * read it for as long as they like. */
static void
ended_cb (DemoGuide *self,
          DemoScenario *scenario)
{
  const DemoRun *run = demo_scenario_get_last_run (scenario);

  if (self->done || !run->ok)
    return;

  if (self->step == STEP_FREEZE && run->mode == DEMO_MODE_FREEZE)
    self->step = STEP_ASYNCIFY;
  else if (self->step == STEP_ASYNCIFY && run->mode == DEMO_MODE_ASYNCIFY)
    {
      self->step = STEP_LOOK;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DONE]);
    }
  update (self);
}

static void
close_cb (DemoGuide *self)
{
  demo_guide_set_done (self, TRUE);
}

static void
demo_guide_dispose (GObject *object)
{
  demo_template_dispose (GTK_WIDGET (object), DEMO_TYPE_GUIDE);

  G_OBJECT_CLASS (demo_guide_parent_class)->dispose (object);
}

static void
demo_guide_get_property (GObject *object,
                         guint prop_id,
                         GValue *value,
                         GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_DONE:
      g_value_set_boolean (value, demo_guide_get_done (DEMO_GUIDE (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
demo_guide_set_property (GObject *object,
                         guint prop_id,
                         const GValue *value,
                         GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_DONE:
      /* What was remembered of the last step must not close it. */
      if (DEMO_GUIDE (object)->step != STEP_LOOK)
        demo_guide_set_done (DEMO_GUIDE (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
demo_guide_class_init (DemoGuideClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = demo_guide_dispose;
  object_class->get_property = demo_guide_get_property;
  object_class->set_property = demo_guide_set_property;

  props[PROP_DONE]
    = g_param_spec_boolean ("done", NULL, NULL, FALSE,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/asyncify/Demo/demo-guide.ui");
  gtk_widget_class_bind_template_child (widget_class, DemoGuide, step_label);
  gtk_widget_class_bind_template_child (widget_class, DemoGuide, text_label);
  gtk_widget_class_bind_template_callback (widget_class, close_cb);
}

static void
demo_guide_init (DemoGuide *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

/* Goes on to the next step when @scenario was run as this one says. */
void
demo_guide_watch (DemoGuide *self,
                  DemoScenario *scenario)
{
  g_signal_connect_object (scenario, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
}

void
demo_guide_set_done (DemoGuide *self,
                     gboolean done)
{
  if (self->done == done)
    return;

  self->done = done;
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DONE]);
}

/* Whether it need not be shown again */
gboolean
demo_guide_get_done (DemoGuide *self)
{
  return self->done || self->step == STEP_LOOK;
}
