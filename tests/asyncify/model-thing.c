/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "model-private.h"

struct _ModelThing
{
  GObject parent_instance;

  Model *model;
  ModelHome *home; /* nullable */
  guint number;
};

G_DEFINE_FINAL_TYPE (ModelThing, model_thing, G_TYPE_OBJECT)

static void
model_thing_finalize (GObject *object)
{
  ModelThing *self = MODEL_THING (object);
  Model *model = self->model;
  ModelHome *home = self->home;

  g_mutex_lock (&model->lock);
  if (home != NULL && home->thread != g_thread_self () && !home->gone)
    model_fail (model, g_ptr_array_index (model->calls, self->number),
                "something of it was freed far from home");
  if (home != NULL)
    home->n_things--;
  model->n_things--;
  g_mutex_unlock (&model->lock);

  G_OBJECT_CLASS (model_thing_parent_class)->finalize (object);
}

static void
model_thing_class_init (ModelThingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = model_thing_finalize;
}

static void
model_thing_init (ModelThing *self)
{
}

/* What call number @number has. Any thread. */
ModelThing *
model_thing_new (Model *model,
                 ModelHome *home,
                 guint number)
{
  ModelThing *self = g_object_new (MODEL_TYPE_THING, NULL);

  self->model = model;
  self->home = home;
  self->number = number;

  g_mutex_lock (&model->lock);
  if (home != NULL)
    home->n_things++;
  model->n_things++;
  g_mutex_unlock (&model->lock);

  return self;
}

ModelCall *
model_thing_get_call (ModelThing *self)
{
  ModelCall *call;

  g_mutex_lock (&self->model->lock);
  call = g_ptr_array_index (self->model->calls, self->number);
  g_mutex_unlock (&self->model->lock);

  return call;
}
