/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-tile.h"

G_BEGIN_DECLS

/* A window on a plane of which a picture is made tile by tile, by whoever hears "tile-wanted". It
 * can be moved and zoomed meanwhile; tiles that are out of date by then are cancelled. A plane's
 * unit is anything; distances in the window are in logical pixels. Main thread only. */

#define DEMO_TYPE_MOSAIC (demo_mosaic_get_type ())
G_DECLARE_FINAL_TYPE (DemoMosaic, demo_mosaic, DEMO, MOSAIC, GObject)

/* How far one can get */
typedef struct {
  double min_step, max_step; /* from one logical pixel to the next, in the plane */
  double reach;              /* the largest coordinate that the middle may have */
} DemoMosaicLimits;

DemoMosaic *demo_mosaic_new            (const DemoMosaicLimits *limits) G_GNUC_WARN_UNUSED_RESULT;
void        demo_mosaic_set_size       (DemoMosaic             *self,
                                        int                     width,
                                        int                     height,
                                        int                     scale_factor);
void        demo_mosaic_set_focus      (DemoMosaic             *self,
                                        gboolean                somewhere,
                                        double                  x,
                                        double                  y);
void        demo_mosaic_show           (DemoMosaic             *self,
                                        double                  x,
                                        double                  y,
                                        double                  span);
void        demo_mosaic_go_home        (DemoMosaic             *self);
void        demo_mosaic_move           (DemoMosaic             *self,
                                        double                  right,
                                        double                  down);
void        demo_mosaic_zoom           (DemoMosaic             *self,
                                        double                  factor,
                                        double                  x,
                                        double                  y);
void        demo_mosaic_zoom_in        (DemoMosaic             *self);
void        demo_mosaic_zoom_out       (DemoMosaic             *self);
void        demo_mosaic_renew          (DemoMosaic             *self);
void        demo_mosaic_stop           (DemoMosaic             *self);
void        demo_mosaic_put            (DemoMosaic             *self,
                                        DemoTile               *tile,
                                        GdkTexture             *texture);

void        demo_mosaic_get_middle     (DemoMosaic             *self,
                                        double                 *x,
                                        double                 *y);
void        demo_mosaic_find           (DemoMosaic             *self,
                                        double                  plane_x,
                                        double                  plane_y,
                                        double                 *x,
                                        double                 *y);
double      demo_mosaic_get_step       (DemoMosaic             *self);
double      demo_mosaic_get_span       (DemoMosaic             *self);
gboolean    demo_mosaic_is_deepest     (DemoMosaic             *self);
guint       demo_mosaic_get_generation (DemoMosaic             *self);
guint       demo_mosaic_get_n_pending  (DemoMosaic             *self);
double      demo_mosaic_get_progress   (DemoMosaic             *self);

void        demo_mosaic_snapshot       (DemoMosaic             *self,
                                        GtkSnapshot            *snapshot);

G_END_DECLS
