/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-histogram.h"

#include <math.h>
#include <string.h>

static guint
bin_for_value (gint64 value)
{
  guint shift = 0;

  while (value >= 256)
    {
      value >>= 1;
      shift++;
    }

  return MIN (shift * 128 + (guint) value, DEMO_HISTOGRAM_BINS - 1);
}

/* The largest value that falls into the bin. */
static gint64
value_for_bin (guint bin)
{
  guint shift;

  if (bin < 256)
    return bin;

  shift = (bin - 128) / 128;

  return (((gint64) (bin - shift * 128) + 1) << shift) - 1;
}

/**
 * demo_histogram_clear:
 * @self: a histogram, which may be uninitialized memory
 *
 * Forgets all values.
 */
void
demo_histogram_clear (DemoHistogram *self)
{
  memset (self, 0, sizeof *self);
}

/**
 * demo_histogram_add:
 * @self: a histogram
 * @value: microseconds; below 0 counts as 0
 *
 * Counts one value.
 */
void
demo_histogram_add (DemoHistogram *self,
                    gint64         value)
{
  value = MAX (value, 0);

  self->counts[bin_for_value (value)]++;
  self->total++;
  self->max = MAX (self->max, value);
}

/**
 * demo_histogram_get_percentile:
 * @self: a histogram
 * @percent: above 0, up to 100
 *
 * Finds the value that @percent of all values do not exceed (nearest rank).
 *
 * Returns: microseconds, at most 0.8 % too high and never too low; 0 if there are no values
 */
gint64
demo_histogram_get_percentile (const DemoHistogram *self,
                               double               percent)
{
  guint64 rank = (guint64) ceil (percent / 100.0 * (double) self->total);
  guint64 seen = 0;

  rank = MAX (rank, 1);

  for (guint bin = 0; bin < DEMO_HISTOGRAM_BINS; bin++)
    {
      seen += self->counts[bin];
      if (seen >= rank)
        return MIN (value_for_bin (bin), self->max);
    }

  return self->max;
}
