/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-times.h"

#include <glib/gi18n.h>

/* How long after the call @time was, in ms. */
double
demo_times_get_ms (const DemoTimes *self,
                   gint64 time)
{
  return (double) (time - self->called) / G_TIME_SPAN_MILLISECOND;
}

/* Whether the function runs, and nobody will be called when it returns. If it was asked to stop, it
 * has its thread, though it may not have got to its first line yet. */
gboolean
demo_times_is_left_alone (const DemoTimes *self)
{
  return self->answered != 0 && self->finished == 0 && (self->begun != 0 || self->requested != 0);
}

static char *
format_time (const DemoTimes *self,
             gint64 time)
{
  return time != 0 ? g_strdup_printf (_ ("%.0f ms"), demo_times_get_ms (self, time))
                   : g_strdup ("–");
}

/* Returns: (transfer full): all of them, for a person */
char *
demo_times_list (const DemoTimes *self)
{
  g_autofree char *requested = format_time (self, self->requested);
  g_autofree char *noticed = format_time (self, self->noticed);
  g_autofree char *answered = format_time (self, self->answered);
  g_autofree char *finished = format_time (self, self->finished);

  /* Translators: four times, such as “12 ms”, or “–” for what did not happen */
  return g_strdup_printf (_ ("Requested: %s, noticed: %s, answered: %s, finished: %s"), requested,
                          noticed, answered, finished);
}

/* Returns: (transfer full): what happened, in a sentence */
char *
demo_times_describe (const DemoTimes *self)
{
  double requested = demo_times_get_ms (self, self->requested);
  double noticed = demo_times_get_ms (self, self->noticed);
  double answered = demo_times_get_ms (self, self->answered);
  double finished = demo_times_get_ms (self, self->finished);

  if (self->finished == 0 && !demo_times_is_left_alone (self))
    return g_strdup_printf (_ ("It never began, and was answered at %.0f ms."), answered);
  if (self->requested == 0)
    return g_strdup_printf (_ ("Nobody asked it to stop: it returned at %.0f ms."), finished);
  if (self->finished == 0)
    return g_strdup_printf (_ ("Asked to stop at %.0f ms, answered at %.0f ms; it still runs."),
                            requested, answered);
  if (self->noticed == 0)
    return g_strdup_printf (_ ("Asked to stop at %.0f ms, answered at %.0f ms; it never noticed, "
                               "and returned at %.0f ms."),
                            requested, answered, finished);

  return g_strdup_printf (_ ("Asked to stop at %.0f ms, noticed at %.0f ms, returned at %.0f ms, "
                             "answered at %.0f ms."),
                          requested, noticed, finished, answered);
}

static void
show_bar (const DemoTimes *self,
          DemoTimeline *timeline,
          const char *name,
          gint64 begun,
          gint64 ended,
          DemoBarState state)
{
  guint bar = demo_timeline_add (timeline, name);
  g_autofree char *text = g_strdup_printf (_ ("until %.0f ms"), demo_times_get_ms (self, ended));

  if (begun != 0)
    demo_timeline_begin (timeline, bar, demo_times_get_ms (self, begun), _ ("until now"));
  if (ended != 0)
    demo_timeline_end (timeline, bar, demo_times_get_ms (self, ended), state, text);
}

/* Shows them in place of what was shown. @succeeded: what the callback was told, if it was. */
void
demo_times_show (const DemoTimes *self,
                 DemoTimeline *timeline,
                 double span_ms,
                 gboolean succeeded)
{
  demo_timeline_reset (timeline, span_ms, self->called);
  show_bar (self, timeline, _ ("Caller waits"), self->called, self->answered,
            succeeded ? DEMO_BAR_SUCCEEDED : DEMO_BAR_CANCELLED);
  show_bar (self, timeline, _ ("Function runs"), self->begun, self->finished,
            self->noticed == 0 ? DEMO_BAR_SUCCEEDED : DEMO_BAR_CANCELLED);
  if (self->requested != 0)
    demo_timeline_mark (timeline, demo_times_get_ms (self, self->requested), GTK_POS_LEFT,
                        _ ("requested"));
  if (self->noticed != 0)
    demo_timeline_mark (timeline, demo_times_get_ms (self, self->noticed), GTK_POS_RIGHT,
                        _ ("noticed"));
}
