/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A field of dots, in rows. A stack of them grows from its top, another one from its bottom. */
typedef struct {
  graphene_rect_t area;
  int pitch; /* from one dot to the next, in pixels */
  guint columns;
  guint rows;
} DemoGrid;

typedef enum {
  DEMO_STACK_TOP,
  DEMO_STACK_BOTTOM
} DemoStack;

void            demo_grid_fit          (DemoGrid              *self,
                                        const graphene_rect_t *area,
                                        guint                  n_dots);
graphene_rect_t demo_grid_get_dot      (const DemoGrid        *self,
                                        DemoStack              stack,
                                        guint                  number);
void            demo_grid_append_stack (const DemoGrid        *self,
                                        GtkSnapshot           *snapshot,
                                        DemoStack              stack,
                                        guint                  n_dots,
                                        const GdkRGBA         *color);
void            demo_grid_append_dot   (GtkSnapshot           *snapshot,
                                        const graphene_rect_t *dot,
                                        const GdkRGBA         *color);

G_END_DECLS
