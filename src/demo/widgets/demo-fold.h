/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A content, and something at its side that a person can show and hide. In .ui files they are its
 * <child type="content"> and <child type="side">.
 *
 * Where there is not enough room for both, it is "folded": the content then has all of the room,
 * and the side, if it is shown, covers a part of it until Escape, a click beside it, or a swipe
 * closes it.
 *
 * "shown" is whether the side is shown now. When it becomes folded, the side is hidden; when it is
 * unfolded again, the side is shown if it was before: "shown-unfolded" is what is to be remembered.
 * "folded" can't be set. It is whether there are less than "fold-width" pixels, or less than the
 * two of them need.
 * "position" is on which side it is: where lines of text begin, or where they end.
 * "max-side-width" is in pixels. */

#define DEMO_TYPE_FOLD (demo_fold_get_type ())
G_DECLARE_FINAL_TYPE (DemoFold, demo_fold, DEMO, FOLD, GtkWidget)

GtkWidget *demo_fold_new         (void);
void       demo_fold_set_side    (DemoFold  *self,
                                  GtkWidget *side);
GtkWidget *demo_fold_get_side    (DemoFold  *self);
void       demo_fold_set_content (DemoFold  *self,
                                  GtkWidget *content);
GtkWidget *demo_fold_get_content (DemoFold  *self);
void       demo_fold_set_shown   (DemoFold  *self,
                                  gboolean   shown);
gboolean   demo_fold_get_shown   (DemoFold  *self);
gboolean   demo_fold_get_folded  (DemoFold  *self);

G_END_DECLS
