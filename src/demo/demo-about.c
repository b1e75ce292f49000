/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-about.h"

#include <glib/gi18n.h>

#include "demo-config.h"

#define WEBSITE "https://github.com/asyncify/asyncify"

/* Those who translated the app into the language that it speaks; nobody if that is its own.
 * Returns: (nullable) */
static const char *
get_translators (void)
{
  const char *msgid = "translator-credits";
  /* Translators: your names, one a line */
  const char *names = _ ("translator-credits");

  return g_str_equal (names, msgid) ? NULL : names;
}

/* @parent: (nullable) */
void
demo_about_show (GtkWindow *parent)
{
  const char *authors[] = { _ ("The Asyncify authors"), NULL };

  gtk_show_about_dialog (parent, "program-name", "Asyncify", "version", DEMO_VERSION,
                         "logo-icon-name", DEMO_APP_ID, "comments",
                         _ ("Turns a blocking function into an asynchronous one, with one line."),
                         "website", WEBSITE, "website-label", _ ("Website"), "authors", authors,
                         "translator-credits", get_translators (), "license-type",
                         GTK_LICENSE_LGPL_2_1, NULL);
}
