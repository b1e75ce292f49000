/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "model.h"

G_BEGIN_DECLS

struct _Model
{
  guint32    seed;
  ModelLog  *log;

  /* A limiter's lock may be taken under it, and nothing else of the library may be called */
  GMutex     lock;

  /* Under the lock */
  guint64    clock;    /* goes up with each event */
  GPtrArray *calls;    /* all that ever were, in the order of their numbers; so with the others */
  GPtrArray *homes;
  GPtrArray *lanes;
  GPtrArray *stoppers;
  int        n_things;
  guint64    n_marks;
  gboolean   is_nested; /* calls were made by calls */
};

ModelCall  *model_get_current       (void);

const char *model_outcome_to_string (ModelOutcome outcome);

G_END_DECLS
