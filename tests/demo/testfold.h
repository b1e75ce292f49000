/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-fold.h"

G_BEGIN_DECLS

/* A window with a fold: a button 200 pixels wide at the side of one that needs 300. */
typedef struct {
  GtkWindow *window;
  DemoFold *fold;
  GtkWidget *side;
  GtkWidget *content;
  GtkWidget *in_side; /* the buttons */
  GtkWidget *in_content;
  GtkWidget *scrim;

  guint n_folded, n_shown; /* notifications */
} TestFold;

void test_fold_set_up    (TestFold      *self,
                          gconstpointer  data);
void test_fold_tear_down (TestFold      *self,
                          gconstpointer  data);
void test_fold_animate   (gboolean       animated);
void test_fold_go_on     (TestFold      *self);
void test_fold_set_shown (TestFold      *self,
                          gboolean       shown);
void test_fold_check     (TestFold      *self,
                          gboolean       folded,
                          gboolean       shown);

G_END_DECLS
