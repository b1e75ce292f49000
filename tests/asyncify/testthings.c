/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testthings.h"

static GMutex count_lock; /* protects what follows */
static GCond count_changed;
static guint alive;
static guint strays;
static GThread *home;

/* The calling thread is the home of all things to come. */
void
test_things_live_here (void)
{
  home = g_thread_self ();
}

static void
count_birth (void)
{
  g_mutex_lock (&count_lock);
  alive++;
  g_cond_broadcast (&count_changed);
  g_mutex_unlock (&count_lock);
}

static void
count_death (GThread *home_of_it)
{
  g_mutex_lock (&count_lock);
  g_assert_cmpuint (alive, >, 0);
  alive--;
  if (home_of_it != g_thread_self ())
    strays++;
  g_cond_broadcast (&count_changed);
  g_mutex_unlock (&count_lock);
}

struct _TestThing
{
  GObject parent_instance;

  int number;
  GThread *home;
};

G_DEFINE_TYPE (TestThing, test_thing, G_TYPE_OBJECT)

static void
test_thing_finalize (GObject *object)
{
  count_death (TEST_THING (object)->home);

  G_OBJECT_CLASS (test_thing_parent_class)->finalize (object);
}

static void
test_thing_class_init (TestThingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = test_thing_finalize;
}

static void
test_thing_init (TestThing *self)
{
  count_birth ();
  self->home = home;
}

TestThing *
test_thing_new (int number)
{
  return test_thing_new_for (number, home);
}

TestThing *
test_thing_new_for (int number,
                    GThread *home_of_it)
{
  TestThing *thing = g_object_new (TEST_TYPE_THING, NULL);

  thing->number = number;
  thing->home = home_of_it;

  return thing;
}

int
test_thing_get_number (TestThing *thing)
{
  return thing->number;
}

TestBlob *
test_blob_new (int number)
{
  TestBlob *blob = g_new (TestBlob, 1);

  count_birth ();
  *blob = (TestBlob) { number, home };

  return blob;
}

TestBlob *
test_blob_copy (TestBlob *blob)
{
  TestBlob *copy = test_blob_new (blob->number);

  copy->home = blob->home;

  return copy;
}

void
test_blob_free (TestBlob *blob)
{
  count_death (blob->home);
  g_free (blob);
}

guint
test_count_alive (void)
{
  guint count;

  g_mutex_lock (&count_lock);
  count = alive;
  g_mutex_unlock (&count_lock);

  return count;
}

guint
test_count_strays (void)
{
  guint count;

  g_mutex_lock (&count_lock);
  count = strays;
  g_mutex_unlock (&count_lock);

  return count;
}

void
test_forgive_strays (void)
{
  g_mutex_lock (&count_lock);
  strays = 0;
  g_mutex_unlock (&count_lock);
}

void
test_await_alive (guint count)
{
  gint64 until = g_get_monotonic_time () + 30 * G_TIME_SPAN_SECOND;

  g_mutex_lock (&count_lock);
  while (alive != count)
    if (!g_cond_wait_until (&count_changed, &count_lock, until))
      g_error ("%u things are left, %u expected", alive, count);
  g_mutex_unlock (&count_lock);
}
