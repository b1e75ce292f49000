/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-report.h"

#include <glib/gi18n.h>

#define FORMAT 1

DemoReport *
demo_report_new (void)
{
  DemoReport *self = g_new0 (DemoReport, 1);

  self->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) demo_run_free);

  return self;
}

void
demo_report_free (DemoReport *self)
{
  g_free (self->renderer);
  g_ptr_array_unref (self->runs);
  g_free (self);
}

void
demo_report_add (DemoReport *self,
                 const DemoRun *run)
{
  g_ptr_array_add (self->runs, demo_run_copy (run));
}

/* Whether nothing failed, and the asyncified runs kept within the budget. (The frozen ones
 * are meant to break it.) */
gboolean
demo_report_is_good (const DemoReport *self)
{
  for (guint i = 0; i < self->runs->len; i++)
    {
      const DemoRun *run = g_ptr_array_index (self->runs, i);

      if (!run->ok)
        return FALSE;
      if (run->mode == DEMO_MODE_ASYNCIFY && run->skipped == NULL
          && !demo_run_is_within_budget (run, &self->baseline))
        return FALSE;
    }

  return self->runs->len > 0;
}

/* How many cells of a terminal a text takes */
static int
get_n_cells (const char *text)
{
  int n_cells = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar character = g_utf8_get_char (p);

      if (!g_unichar_iszerowidth (character))
        n_cells += g_unichar_iswide (character) ? 2 : 1;
    }

  return n_cells;
}

/* As "%*s", but counts cells, not bytes. @width: below 0, the text is to the left */
static void
append_padded (GString *table,
               const char *text,
               int width)
{
  int more = (int) strlen (text) - get_n_cells (text);

  g_string_append_printf (table, "%*s", width < 0 ? width - more : width + more, text);
}

static void
append_headings (GString *table)
{
  static const struct {
    const char *text;
    int width;
  } headings[] = {
    /* Translators: here and below, the narrow columns of a table: what a clock on the wall says, how
     * late the main loop was at the 99th percentile, and at most, how many frames were drawn, how
     * many were missed, and the longest time between two */
    { NC_ ("column", "wall"), 8 },     { NC_ ("column", "loop p99"), 9 },
    { NC_ ("column", "loop max"), 9 }, { NC_ ("column", "frames"), 7 },
    { NC_ ("column", "missed"), 7 },   { NC_ ("column", "gap"), 9 },
  };

  g_string_append_printf (table, "%-10s %-9s", "", "");
  for (guint i = 0; i < G_N_ELEMENTS (headings); i++)
    {
      g_string_append_c (table, ' ');
      append_padded (table, g_dpgettext2 (GETTEXT_PACKAGE, "column", headings[i].text),
                     headings[i].width);
    }
  g_string_append_c (table, '\n');
}

static void
append_row (GString *table,
            const char *scenario,
            const char *mode,
            const DemoMeasurement *m,
            const char *outcome)
{
  append_padded (table, scenario, -10);
  g_string_append_printf (table, " %-9s %8.0f %9.1f %9.1f %7u %7u %9.1f  %s\n", mode,
                          m->wall_ms, m->heartbeat.p99_ms, m->heartbeat.max_ms,
                          m->frames.drawn, m->frames.missed, m->frames.longest_gap_ms, outcome);
}

/* Times in ms. Returns: (transfer full) */
char *
demo_report_to_table (const DemoReport *self)
{
  GString *table = g_string_new (NULL);

  append_headings (table);
  /* Translators: what was measured while nothing ran; 10 letters at most */
  append_row (table, _ ("(idle)"), "", &self->baseline, "");
  for (guint i = 0; i < self->runs->len; i++)
    {
      const DemoRun *run = g_ptr_array_index (self->runs, i);
      gboolean good = demo_run_is_within_budget (run, &self->baseline);
      g_autofree char *outcome = NULL;

      if (run->skipped != NULL)
        {
          g_string_append_printf (table, "%-10s %-9s %s\n", run->scenario,
                                  demo_mode_get_id (run->mode), run->skipped);
          continue;
        }

      /* Translators: what the window did, and what came of the run */
      outcome = g_strdup_printf (_ ("%s; %s"),
                                 good ? C_ ("window", "smooth") : C_ ("window", "froze"),
                                 run->ok ? run->result : run->error);

      append_row (table, run->scenario, demo_mode_get_id (run->mode), &run->measurement, outcome);
    }
  g_string_append (table, _ ("Times in ms. The loop: how late a heartbeat of 5 ms came. The gap: "
                             "the longest time between two frames.\n"));

  return g_string_free (table, FALSE);
}

/* JSON, https://www.rfc-editor.org/rfc/rfc8259 */

static void
append_string (GString *json,
               const char *text)
{
  g_autofree char *valid = NULL;

  if (text == NULL)
    {
      g_string_append (json, "null");
      return;
    }

  valid = g_utf8_make_valid (text, -1);
  g_string_append_c (json, '"');
  for (const char *c = valid; *c != '\0'; c++)
    if (*c == '"' || *c == '\\')
      g_string_append_printf (json, "\\%c", *c);
    else if ((guchar) *c < 0x20)
      g_string_append_printf (json, "\\u%04x", (guint) *c);
    else
      g_string_append_c (json, *c);
  g_string_append_c (json, '"');
}

/* With a point, whatever the locale; microseconds will do. */
static void
append_number (GString *json,
               const char *name,
               double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (json, "\"%s\": %s", name,
                          g_ascii_formatd (buffer, sizeof buffer, "%.3f", number));
}

static void
append_measurement (GString *json,
                    const DemoMeasurement *m)
{
  g_string_append (json, "\"heartbeat\": {");
  append_number (json, "p50_ms", m->heartbeat.p50_ms);
  g_string_append (json, ", ");
  append_number (json, "p99_ms", m->heartbeat.p99_ms);
  g_string_append (json, ", ");
  append_number (json, "max_ms", m->heartbeat.max_ms);
  g_string_append_printf (json, "}, \"frames\": {\"drawn\": %u, \"missed\": %u, ", m->frames.drawn,
                          m->frames.missed);
  append_number (json, "longest_gap_ms", m->frames.longest_gap_ms);
  g_string_append_printf (json, "}, \"input\": {\"n\": %u, ", m->input.n);
  append_number (json, "p50_ms", m->input.p50_ms);
  g_string_append (json, ", ");
  append_number (json, "max_ms", m->input.max_ms);
  g_string_append_c (json, '}');
}

static void
append_run (GString *json,
            const DemoReport *self,
            const DemoRun *run)
{
  gboolean good = demo_run_is_within_budget (run, &self->baseline);

  g_string_append_printf (json,
                          "    {\"scenario\": \"%s\", \"mode\": \"%s\", \"ok\": %s, \"error\": ",
                          run->scenario, demo_mode_get_id (run->mode), run->ok ? "true" : "false");
  append_string (json, run->error);
  g_string_append (json, ", \"result\": ");
  append_string (json, run->result);
  if (run->skipped != NULL)
    {
      g_string_append (json, ", \"skipped\": ");
      append_string (json, run->skipped);
      g_string_append_c (json, '}');
      return;
    }
  g_string_append (json, ",\n     ");
  append_number (json, "wall_ms", run->measurement.wall_ms);
  g_string_append (json, ",\n     ");
  append_measurement (json, &run->measurement);
  g_string_append_printf (json, ",\n     \"within_budget\": %s}", good ? "true" : "false");
}

/* Returns: (transfer full) */
char *
demo_report_to_json (const DemoReport *self)
{
  GString *json = g_string_new (NULL);

  g_string_append_printf (json, "{\n  \"format\": %d,\n", FORMAT);
  g_string_append_printf (json,
                          "  \"platform\": {\"gtk\": \"%u.%u.%u\", \"glib\": \"%u.%u.%u\", "
                          "\"renderer\": ",
                          gtk_get_major_version (), gtk_get_minor_version (),
                          gtk_get_micro_version (), glib_major_version, glib_minor_version,
                          glib_micro_version);
  append_string (json, self->renderer);
  g_string_append_printf (json, ", \"processors\": %u},\n  \"baseline\": {",
                          g_get_num_processors ());
  append_measurement (json, &self->baseline);
  g_string_append (json, "},\n  \"runs\": [\n");
  for (guint i = 0; i < self->runs->len; i++)
    {
      append_run (json, self, g_ptr_array_index (self->runs, i));
      g_string_append (json, i + 1 < self->runs->len ? ",\n" : "\n");
    }
  g_string_append (json, "  ]\n}\n");

  return g_string_free (json, FALSE);
}
