/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-fold.h"

G_BEGIN_DECLS

/* For demo-fold.c, which knows where all is and moves it, and for demo-fold-cover.c, which knows
 * what has the focus meanwhile, and what closes it. */

struct _DemoFold
{
  GtkWidget parent_instance;

  GtkWidget *content; /* nullable, as is the side */
  GtkWidget *scrim;   /* between them: takes the clicks, and darkens what is behind it */
  GtkWidget *side;

  GtkPackType position;
  int fold_width;
  int max_side_width;

  gboolean folded;
  gboolean shown;
  gboolean shown_unfolded; /* what it was, or shall be, when it isn't folded */
  gboolean told_folded;    /* what others know of these two */
  gboolean told_shown;
  guint settle_id; /* there is something to be done when all have their places */

  double revealed;        /* how much of the side is to be seen: 0 to 1 */
  double revealed_before; /* when it began to move */
  gint64 moving_since;    /* 0: from the next frame on */
  guint tick_id;          /* while it moves */

  gboolean covered;        /* the side is before the content, which can't be used meanwhile */
  gboolean takes_focus;    /* the side, as soon as it has its place */
  GtkWidget *focus_before; /* weak, nullable: what had the focus when the content was covered */
};

gboolean demo_fold_has_side           (DemoFold *self);
gboolean demo_fold_is_on_left         (DemoFold *self);
gboolean demo_fold_shall_cover        (DemoFold *self);
void     demo_fold_update_covered     (DemoFold *self);
void     demo_fold_give_focus_to_side (DemoFold *self);
void     demo_fold_add_controllers    (DemoFold *self);

G_END_DECLS
