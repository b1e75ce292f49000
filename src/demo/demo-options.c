/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-options.h"

#include <errno.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "demo-config.h"
#include "demo-scenario.h"
#include "demo-style.h"

/* What can't be put in a window, since there may be none */
void
demo_options_complain (const char *message)
{
  g_printerr ("%s: %s\n", g_get_prgname (), message);
}

static int
print_list (GPtrArray *scenarios)
{
  for (guint i = 0; i < scenarios->len; i++)
    {
      DemoScenario *scenario = g_ptr_array_index (scenarios, i);

      g_print ("%-10s %s\n", demo_scenario_get_id (scenario),
               _ (DEMO_SCENARIO_GET_CLASS (scenario)->summary));
    }

  return 0;
}

static gboolean
check_ids (DemoOptions *self,
           GPtrArray *scenarios,
           GError **error)
{
  for (guint i = 0; self->run != NULL && self->run[i] != NULL; i++)
    if (demo_scenarios_find (scenarios, self->run[i]) == NULL)
      {
        g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                     _ ("There is no scenario “%s”; --list shows which there are"), self->run[i]);
        return FALSE;
      }

  return TRUE;
}

static gboolean
check_scheme (DemoOptions *self,
              GError **error)
{
  if (self->scheme == NULL || demo_style_knows (self->scheme))
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("There is no style “%s”; it may be system, light or dark"), self->scheme);
  return FALSE;
}

/* Such as 800x600 */
static gboolean
parse_size (DemoOptions *self,
            GError **error)
{
  g_auto (GStrv) parts = NULL;
  guint64 width, height;

  if (self->size == NULL)
    return TRUE;

  parts = g_strsplit (self->size, "x", 2);
  if (g_strv_length (parts) == 2
      && g_ascii_string_to_unsigned (parts[0], 10, 1, G_MAXINT16, &width, NULL)
      && g_ascii_string_to_unsigned (parts[1], 10, 1, G_MAXINT16, &height, NULL))
    {
      self->width = (int) width;
      self->height = (int) height;
      return TRUE;
    }

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               _ ("“%s” is no size; one would be 800x600, in pixels"), self->size);
  return FALSE;
}

/* A tour takes its time: whether its report can be written should be known before. */
static gboolean
check_writable (const char *path,
                GError **error)
{
  gboolean existed;
  FILE *file;
  int code;

  if (path == NULL)
    return TRUE;

  existed = g_file_test (path, G_FILE_TEST_EXISTS);
  file = g_fopen (path, "a");
  if (file != NULL)
    {
      fclose (file);
      if (!existed)
        g_remove (path);
      return TRUE;
    }

  code = errno;
  g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (code),
               _ ("“%s” can't be written: %s"), path, g_strerror (code));
  return FALSE;
}

/* @self: must live as long as @application handles its command line. */
void
demo_options_add (DemoOptions *self,
                  GApplication *application)
{
  const GOptionEntry entries[] = {
    { "list", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("List the scenarios, and exit"), NULL },
    { "run", 0, 0, G_OPTION_ARG_STRING_ARRAY, &self->run,
      N_ ("Play this scenario both ways, print what was measured, and exit; may be repeated"),
      N_ ("ID") },
    { "tour", 0, 0, G_OPTION_ARG_NONE, &self->tour,
      N_ ("Play all scenarios both ways, print what was measured, and exit"), NULL },
    { "report", 0, 0, G_OPTION_ARG_FILENAME, &self->report,
      N_ ("Write what was measured as JSON; without --run, plays the tour"), N_ ("FILE") },
    { "screenshot", 0, 0, G_OPTION_ARG_FILENAME, &self->screenshot,
      N_ ("Write a picture of the window, and exit; in a tour, one after each run"),
      N_ ("FILE.png") },
    { "pages", 0, 0, G_OPTION_ARG_NONE, &self->pages,
      N_ ("With --screenshot: take one of every page as it is before anything is run"), NULL },
    { "style", 0, 0, G_OPTION_ARG_STRING, &self->scheme,
      N_ ("How to look: system, light or dark"), N_ ("STYLE") },
    { "contrast", 0, 0, G_OPTION_ARG_NONE, &self->contrast, N_ ("Look with high contrast"), NULL },
    { "size", 0, 0, G_OPTION_ARG_STRING, &self->size,
      N_ ("How large the window is, in pixels, as far as there is room"), N_ ("WIDTHxHEIGHT") },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version, and exit"), NULL },
    G_OPTION_ENTRY_NULL
  };

  g_application_add_main_option_entries (application, entries);
  g_application_set_option_context_summary (
    application,
    _ ("Blocking functions, called the wrong way and the right way.\n\n"
       "The exit status is 1 if a scenario failed, or if an asyncified run held the main loop "
       "up."));
}

/* What the command line asks for without a window, and whether the rest makes sense.
 * @options: what was given. Returns: the exit status, or -1 if the app has to run */
int
demo_options_handle (DemoOptions *self,
                     GVariantDict *options,
                     GPtrArray *scenarios)
{
  g_autoptr (GError) error = NULL;

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("asyncify-demo %s\n", DEMO_VERSION);
      return 0;
    }
  if (g_variant_dict_contains (options, "list"))
    return print_list (scenarios);

  if (!check_ids (self, scenarios, &error) || !check_scheme (self, &error)
      || !parse_size (self, &error)
      || !check_writable (self->report, &error) || !check_writable (self->screenshot, &error))
    {
      demo_options_complain (error->message);
      return 1;
    }

  if (self->report != NULL && self->run == NULL)
    self->tour = TRUE;

  return -1;
}

/* Whether scenarios are played, by nobody. */
gboolean
demo_options_has_tour (const DemoOptions *self)
{
  return self->tour || self->run != NULL;
}

/* Whether somebody is there, to look and to press. */
gboolean
demo_options_has_person (const DemoOptions *self)
{
  return !demo_options_has_tour (self) && self->screenshot == NULL;
}

void
demo_options_clear (DemoOptions *self)
{
  g_clear_pointer (&self->run, g_strfreev);
  g_clear_pointer (&self->report, g_free);
  g_clear_pointer (&self->screenshot, g_free);
  g_clear_pointer (&self->scheme, g_free);
  g_clear_pointer (&self->size, g_free);
}
