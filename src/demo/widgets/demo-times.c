/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-times.h"

#include <glib/gi18n.h>

#include "demo-text.h"

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
  return time != 0 ? demo_text_ms (demo_times_get_ms (self, time)) : g_strdup ("–");
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
  g_autofree char *requested = format_time (self, self->requested);
  g_autofree char *noticed = format_time (self, self->noticed);
  g_autofree char *answered = format_time (self, self->answered);
  g_autofree char *finished = format_time (self, self->finished);

  if (self->finished == 0 && !demo_times_is_left_alone (self))
    /* Translators: when that was, such as at “12 ms” */
    return g_strdup_printf (_ ("It never began, and was answered at %s."), answered);
  if (self->requested == 0)
    /* Translators: when that was, such as at “12 ms” */
    return g_strdup_printf (_ ("Nobody asked it to stop: it returned at %s."), finished);
  if (self->finished == 0)
    /* Translators: when that was, such as at “12 ms” */
    return g_strdup_printf (_ ("Asked to stop at %s, answered at %s; it still runs."),
                            requested, answered);
  if (self->noticed == 0)
    /* Translators: when that was, such as at “12 ms” */
    return g_strdup_printf (_ ("Asked to stop at %s, answered at %s; it never noticed, and returned "
                               "at %s."),
                            requested, answered, finished);

  /* Translators: when that was, such as at “12 ms” */
  return g_strdup_printf (_ ("Asked to stop at %s, noticed at %s, returned at %s, answered at %s."),
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
  g_autofree char *time = demo_text_ms (demo_times_get_ms (self, ended));
  /* Translators: %s is a time, such as “12 ms” */
  g_autofree char *text = g_strdup_printf (_ ("until %s"), time);

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
                        C_ ("time", "requested"));
  if (self->noticed != 0)
    demo_timeline_mark (timeline, demo_times_get_ms (self, self->noticed), GTK_POS_RIGHT,
                        C_ ("time", "noticed"));
}
