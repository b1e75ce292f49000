/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-capacity.h"

#define FIRST 32

/* It takes so many failures: a single one may be by chance. */
#define FAILURES 2

/* Nearer than by this part of it the load is not found out: it varies more than that. */
#define PRECISION 16

static void
confirm (DemoCapacity *self,
         guint         n)
{
  self->n = n;
  self->confirm = TRUE;
  self->settled = n == 0;
}

static void
find_next (DemoCapacity *self)
{
  if (self->failed == 0 && self->carried < DEMO_CAPACITY_MAX)
    self->n = MIN (2 * self->carried, DEMO_CAPACITY_MAX);
  else if (self->failed == 0 || self->failed - self->carried <= 1 + self->carried / PRECISION)
    confirm (self, self->carried);
  else
    self->n = self->carried + (self->failed - self->carried) / 2;
}

/**
 * demo_capacity_start:
 * @self: a search, which may be uninitialized memory
 *
 * Begins anew.
 */
void
demo_capacity_start (DemoCapacity *self)
{
  *self = (DemoCapacity) { .n = FIRST };
}

/**
 * demo_capacity_judge:
 * @self: a search
 * @carried: whether the load of @self's n was carried
 *
 * Goes on to the next load: twice as much as long as that goes well, then half way between what was
 * carried and what was not.  What comes out has to be carried once more, or it is lowered.
 */
void
demo_capacity_judge (DemoCapacity *self,
                     gboolean      carried)
{
  if (self->settled || (!carried && ++self->failures < FAILURES))
    return;

  self->failures = 0;

  if (self->confirm && carried)
    self->settled = TRUE;
  else if (self->confirm)
    confirm (self, self->n - MAX (self->n / PRECISION, 1));
  else
    {
      *(carried ? &self->carried : &self->failed) = self->n;
      find_next (self);
    }
}
