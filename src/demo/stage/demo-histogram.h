/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Values below 2^8 us stand in bins of their own; above, every doubling has 128 bins.  2^42 us are
 * fifty days. */
#define DEMO_HISTOGRAM_BINS (34 * 128 + 256)

/* How often each lateness was seen.  Its size does not depend on how long a recording lasts: a
 * value comes back at most 0.8 % too high, and the largest one exactly.  All values are
 * microseconds. */
typedef struct
{
  guint64 total;
  gint64 max;
  guint64 counts[DEMO_HISTOGRAM_BINS];
} DemoHistogram;

void   demo_histogram_clear          (DemoHistogram       *self);
void   demo_histogram_add            (DemoHistogram       *self,
                                      gint64               value);
gint64 demo_histogram_get_percentile (const DemoHistogram *self,
                                      double               percent);

G_END_DECLS
