/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More than this is not tried. */
#define DEMO_CAPACITY_MAX 100000

/* A search for the largest load that can be carried, by trying. */
typedef struct
{
  guint n;          /* what to try now, or what was found */
  guint carried;    /* the largest one that was carried; 0 if none was */
  guint failed;     /* the smallest one that was not; 0 if none is known */
  guint failures;   /* of n, one after the other */
  gboolean confirm; /* n was carried once, and ought to be once more */
  gboolean settled; /* n is what can be carried */
} DemoCapacity;

void demo_capacity_start (DemoCapacity *self);
void demo_capacity_judge (DemoCapacity *self,
                          gboolean      carried);

G_END_DECLS
