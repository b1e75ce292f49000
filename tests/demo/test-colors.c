/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What is written can be read: the contrast of the tones in the style sheets, in each of the four
 * ways that the app can look. */

#include <gtk/gtk.h>
#include <math.h>

#define RESOURCES "/io/github/asyncify/Demo/"

/* https://www.w3.org/TR/WCAG21/#contrast-minimum and #contrast-enhanced */
#define ENOUGH      4.5
#define ENOUGH_HIGH 7.0

typedef struct {
  const char *path;
  const char *sheets[4]; /* the later ones put theirs in the place of others */
  double enough;
} Look;

static const Look looks[] = {
  { "/colors/light", { "colors.css" }, ENOUGH },
  { "/colors/dark", { "colors.css", "colors-dark.css" }, ENOUGH },
  { "/colors/contrast-light", { "colors.css", "colors-contrast.css" }, ENOUGH_HIGH },
  { "/colors/contrast-dark",
    { "colors.css", "colors-dark.css", "colors-contrast.css", "colors-contrast-dark.css" },
    ENOUGH_HIGH },
};

/* What is written, on what; @tint: (nullable): what lies between */
static const struct {
  const char *text, *ground, *tint;
} pairs[] = {
  { "text", "page_bg", NULL },        { "text", "side_bg", NULL },
  { "text", "card_bg", NULL },        { "quiet", "page_bg", NULL },
  { "quiet", "side_bg", NULL },       { "quiet", "card_bg", NULL },
  { "text", "page_bg", "control_bg" }, { "text", "side_bg", "chosen_bg" },
  { "quiet", "page_bg", "good_bg" },  { "quiet", "page_bg", "bad_bg" },
  { "quiet", "page_bg", "late_bg" },  { "flow_text", "side_bg", "chosen_bg" },
  { "good_text", "page_bg", "good_bg" }, { "bad_text", "page_bg", "bad_bg" },
  { "late_text", "page_bg", "late_bg" }, { "bad_text", "page_bg", "good_bg" },
  { "on_ink", "ink", NULL },          { "on_ink", "ink", "ink_well" },
  { "quiet_on_ink", "ink", NULL },
};

/* What is white on them, in all looks. */
static const char *const fills[] = { "flow", "flow_hover", "flow_press",
                                     "frozen", "frozen_hover", "frozen_press" };

static void
read_sheet (const char *name,
            GHashTable *tones)
{
  g_autofree char *path = g_strconcat (RESOURCES, name, NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_auto (GStrv) lines = NULL;

  g_assert_nonnull (bytes);
  lines = g_strsplit (g_bytes_get_data (bytes, NULL), "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (lines[i], " ", 3);
      GdkRGBA color;

      if (!g_str_has_prefix (lines[i], "@define-color"))
        continue;
      words[2][strlen (words[2]) - 1] = '\0'; /* the semicolon */
      if (!gdk_rgba_parse (&color, words[2]))
        g_error ("Not a colour: %s", lines[i]);
      g_hash_table_insert (tones, g_strdup (words[1]), g_memdup2 (&color, sizeof color));
    }
}

static GdkRGBA
get_tone (GHashTable *tones,
          const char *name)
{
  const GdkRGBA *tone = g_hash_table_lookup (tones, name);

  if (tone == NULL)
    g_error ("There is no tone %s", name);

  return *tone;
}

static float
mix (float above,
     float below,
     float opacity)
{
  return above * opacity + below * (1 - opacity);
}

static GdkRGBA
lay_over (GdkRGBA above,
          GdkRGBA below)
{
  return (GdkRGBA) { mix (above.red, below.red, above.alpha),
                     mix (above.green, below.green, above.alpha),
                     mix (above.blue, below.blue, above.alpha), 1 };
}

/* https://www.w3.org/TR/WCAG21/#dfn-relative-luminance */
static double
get_channel (double value)
{
  return value <= 0.03928 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
}

static double
get_luminance (GdkRGBA color)
{
  return 0.2126 * get_channel (color.red) + 0.7152 * get_channel (color.green)
         + 0.0722 * get_channel (color.blue);
}

static double
get_contrast (GdkRGBA a,
              GdkRGBA b)
{
  double one = get_luminance (a), other = get_luminance (b);

  return (MAX (one, other) + 0.05) / (MIN (one, other) + 0.05);
}

static void
check (const char *what,
       double contrast,
       double enough)
{
  g_test_message ("%s: %.1f : 1", what, contrast);
  if (contrast < enough)
    g_error ("%s has a contrast of %.2f only", what, contrast);
}

static void
test_look (gconstpointer data)
{
  const Look *look = data;
  g_autoptr (GHashTable) tones = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < G_N_ELEMENTS (look->sheets) && look->sheets[i] != NULL; i++)
    read_sheet (look->sheets[i], tones);

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      GdkRGBA ground = get_tone (tones, pairs[i].ground);
      g_autofree char *what = g_strdup_printf ("%s on %s%s%s", pairs[i].text, pairs[i].ground,
                                               pairs[i].tint != NULL ? " under " : "",
                                               pairs[i].tint != NULL ? pairs[i].tint : "");

      if (pairs[i].tint != NULL)
        ground = lay_over (get_tone (tones, pairs[i].tint), ground);
      check (what, get_contrast (get_tone (tones, pairs[i].text), ground), look->enough);
    }
  for (guint i = 0; i < G_N_ELEMENTS (fills); i++)
    check (fills[i], get_contrast ((GdkRGBA) { 1, 1, 1, 1 }, get_tone (tones, fills[i])), ENOUGH);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    g_test_add_data_func (looks[i].path, &looks[i], test_look);

  return g_test_run ();
}
