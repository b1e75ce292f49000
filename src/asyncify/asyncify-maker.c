/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-maker-private.h>

struct _AsyncifyMaker
{
  gatomicrefcount ref_count;

  /* Set when it is made, then read-only */
  AsyncifyMaker *above;     /* nullable; what made this one */
  AsyncifyLimiter *limiter; /* of its call; not owned, only compared */

  /* Under that limiter's lock */
  guint n_places; /* that calls have there which it made, or which those made, and so on */
};

AsyncifyMaker *
asyncify_maker_new (AsyncifyMaker *above,
                    AsyncifyLimiter *limiter)
{
  AsyncifyMaker *self = g_new0 (AsyncifyMaker, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->above = above != NULL ? asyncify_maker_ref (above) : NULL;
  self->limiter = limiter;

  return self;
}

AsyncifyMaker *
asyncify_maker_ref (AsyncifyMaker *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
asyncify_maker_unref (AsyncifyMaker *self)
{
  while (self != NULL && g_atomic_ref_count_dec (&self->ref_count))
    {
      AsyncifyMaker *above = self->above;

      g_free (self);
      self = above;
    }
}

/* A call that @self, which may be NULL, has made was given a place of @limiter (1), or has it no
 * longer (-1). */
void
asyncify_maker_count (AsyncifyMaker *self,
                      AsyncifyLimiter *limiter,
                      int change)
{
  for (; self != NULL; self = self->above)
    if (self->limiter == limiter)
      self->n_places += change;
}

/* Whether any such call has a place of the limiter that @self, which may be NULL, is of. */
gboolean
asyncify_maker_has_places (AsyncifyMaker *self)
{
  return self != NULL && self->n_places > 0;
}
