/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scene.h"

#include <math.h>

/* What all kinds of scenes are drawn with */
typedef struct {
  cairo_t *cr;
  GRand *rand;
  double width, height;
  double hue; /* 0 to 1: the picture's own; others lie beside it */
} Scene;

static double
get_random (Scene *scene,
            double from,
            double to)
{
  return g_rand_double_range (scene->rand, from, to);
}

/* One channel of a colour; @turn: where on the colour circle it has its maximum */
static double
get_channel (double hue,
             double saturation,
             double value,
             double turn)
{
  double distance = fabs (remainder (hue - turn, 1)) * 6;

  return value * (1 - saturation * CLAMP (distance - 1, 0, 1));
}

static void
set_colour (Scene *scene,
            double hue,
            double saturation,
            double value,
            double alpha)
{
  cairo_set_source_rgba (scene->cr, get_channel (hue, saturation, value, 0),
                         get_channel (hue, saturation, value, 1.0 / 3),
                         get_channel (hue, saturation, value, 2.0 / 3), alpha);
}

static void
add_stop (cairo_pattern_t *pattern,
          double offset,
          double hue,
          double saturation,
          double value,
          double alpha)
{
  cairo_pattern_add_color_stop_rgba (pattern, offset, get_channel (hue, saturation, value, 0),
                                     get_channel (hue, saturation, value, 1.0 / 3),
                                     get_channel (hue, saturation, value, 2.0 / 3), alpha);
}

/* Fills all there is with a gradient from the top down. */
static void
draw_sky (Scene *scene,
          double hue,
          double top,
          double bottom)
{
  cairo_pattern_t *pattern = cairo_pattern_create_linear (0, 0, 0, scene->height);

  add_stop (pattern, 0, hue, 0.75, top, 1);
  add_stop (pattern, 0.55, hue + 0.07, 0.5, (top + bottom) / 2, 1);
  add_stop (pattern, 1, hue + 0.14, 0.35, bottom, 1);
  cairo_set_source (scene->cr, pattern);
  cairo_paint (scene->cr);
  cairo_pattern_destroy (pattern);
}

static void
draw_disc (Scene *scene,
           double x,
           double y,
           double radius)
{
  cairo_arc (scene->cr, x, y, radius, 0, 2 * G_PI);
  cairo_fill (scene->cr);
}

/* A disc with a glow around it */
static void
draw_sun (Scene *scene,
          double x,
          double y,
          double radius)
{
  cairo_pattern_t *pattern = cairo_pattern_create_radial (x, y, radius, x, y, radius * 3);

  cairo_pattern_add_color_stop_rgba (pattern, 0, 1, 1, 0.9, 0.5);
  cairo_pattern_add_color_stop_rgba (pattern, 1, 1, 1, 0.9, 0);
  cairo_set_source (scene->cr, pattern);
  draw_disc (scene, x, y, radius * 3);
  cairo_pattern_destroy (pattern);

  cairo_set_source_rgb (scene->cr, 1, 1, 0.92);
  draw_disc (scene, x, y, radius);
}

/* All below a line of waves; @y is its middle, @swell half its height. */
static void
draw_ridge (Scene *scene,
            double y,
            double swell,
            double roughness)
{
  double phases[3];

  for (guint i = 0; i < G_N_ELEMENTS (phases); i++)
    phases[i] = get_random (scene, 0, 2 * G_PI);

  cairo_move_to (scene->cr, 0, scene->height);
  for (double x = 0; x <= scene->width + 8; x += 8)
    {
      double turn = x / scene->width * 2 * G_PI;

      cairo_line_to (scene->cr, x,
                     y
                       - swell * (0.6 * sin (turn * 0.8 + phases[0]) + 0.3 * sin (turn * 2.1 + phases[1])
                          + roughness * sin (turn * 7 + phases[2])));
    }
  cairo_line_to (scene->cr, scene->width + 8, scene->height);
  cairo_close_path (scene->cr);
  cairo_fill (scene->cr);
}

/* The kinds */

static void
draw_valley (Scene *scene)
{
  const int ridges = 5;

  draw_sky (scene, scene->hue, 0.75, 1);
  draw_sun (scene, get_random (scene, 0.15, 0.85) * scene->width,
            get_random (scene, 0.2, 0.45) * scene->height, scene->height * 0.06);
  for (int i = 0; i < ridges; i++)
    {
      double near = (i + 1.0) / ridges;

      set_colour (scene, scene->hue + 0.12 - near * 0.2, 0.25 + 0.5 * near, 0.85 - 0.65 * near, 1);
      draw_ridge (scene, (0.45 + 0.42 * near) * scene->height, 0.11 * scene->height, 0.08);
    }
}

static void
draw_night (Scene *scene)
{
  draw_sky (scene, 0.6 + 0.15 * scene->hue, 0.12, 0.5);
  for (guint i = 0; i < 160; i++)
    {
      cairo_set_source_rgba (scene->cr, 1, 1, 1, get_random (scene, 0.2, 1));
      draw_disc (scene, get_random (scene, 0, scene->width),
                 get_random (scene, 0, scene->height * 0.8), get_random (scene, 0.8, 2.6));
    }
  draw_sun (scene, get_random (scene, 0.2, 0.8) * scene->width, 0.28 * scene->height,
            scene->height * 0.08);
  for (guint i = 0; i < 3; i++)
    {
      set_colour (scene, 0.6 + 0.15 * scene->hue, 0.6, 0.26 - 0.08 * i, 1);
      draw_ridge (scene, (0.68 + 0.1 * i) * scene->height, 0.14 * scene->height, 0.16);
    }
}

static void
draw_discs (Scene *scene)
{
  double unit = MIN (scene->width, scene->height);

  draw_sky (scene, scene->hue, 0.95, 1);
  for (guint i = 0; i < 26; i++)
    {
      set_colour (scene, scene->hue + get_random (scene, -0.18, 0.3),
                  get_random (scene, 0.5, 0.9), get_random (scene, 0.8, 1), 0.5);
      draw_disc (scene, get_random (scene, 0, scene->width), get_random (scene, 0, scene->height),
                 get_random (scene, 0.04, 0.24) * unit);
    }
}

static void
draw_sea (Scene *scene)
{
  const int waves = 9;

  draw_sky (scene, 0.05 + 0.1 * scene->hue, 0.95, 1);
  draw_sun (scene, scene->width / 2, 0.38 * scene->height, 0.12 * scene->height);
  for (int i = 0; i < waves; i++)
    {
      double near = (i + 1.0) / waves;

      set_colour (scene, 0.48 + 0.12 * scene->hue + 0.06 * near, 0.55 + 0.35 * near,
                  0.95 - 0.55 * near, 0.85);
      draw_ridge (scene, (0.42 + 0.5 * near) * scene->height, 0.025 * scene->height, 0.9);
    }
}

static void
draw_rays (Scene *scene)
{
  const guint rays = 24;
  double x = get_random (scene, 0.3, 0.7) * scene->width;
  double y = get_random (scene, 0.5, 0.9) * scene->height;
  double reach = scene->width + scene->height;

  draw_sky (scene, scene->hue, 0.85, 1);
  for (guint i = 0; i < rays; i += 2)
    {
      set_colour (scene, scene->hue + 0.12 + 0.1 * i / rays, 0.7, 1, 0.55);
      cairo_move_to (scene->cr, x, y);
      cairo_arc (scene->cr, x, y, reach, 2 * G_PI * i / rays, 2 * G_PI * (i + 1) / rays);
      cairo_close_path (scene->cr);
      cairo_fill (scene->cr);
    }
  draw_sun (scene, x, y, 0.12 * MIN (scene->width, scene->height));
}

/* On nothing: what is around it stays transparent. */
static void
draw_flower (Scene *scene)
{
  const guint petals = 9;
  double unit = MIN (scene->width, scene->height) / 2;

  for (guint ring = 0; ring < 3; ring++)
    for (guint i = 0; i < petals; i++)
      {
        double reach = unit * (0.6 - 0.16 * ring);

        cairo_save (scene->cr);
        cairo_translate (scene->cr, scene->width / 2, scene->height / 2);
        cairo_rotate (scene->cr, 2 * G_PI * (i + ring / 2.0) / petals);
        cairo_scale (scene->cr, 1, 0.5);
        set_colour (scene, scene->hue + 0.06 * ring, 0.75 - 0.15 * ring, 0.85 + 0.05 * ring, 0.8);
        draw_disc (scene, reach, 0, reach * 0.6);
        cairo_restore (scene->cr);
      }
  set_colour (scene, 0.13, 0.8, 1, 1);
  draw_disc (scene, scene->width / 2, scene->height / 2, unit * 0.2);
}

static const struct {
  const char *name;
  void (*draw) (Scene *scene);
  gboolean is_graphic;
} kinds[] = {
  { "valley", draw_valley, FALSE }, { "discs", draw_discs, TRUE },
  { "sea", draw_sea, FALSE },       { "rays", draw_rays, FALSE },
  { "night", draw_night, FALSE },   { "discs", draw_discs, TRUE },
  { "valley", draw_valley, FALSE }, { "flower", draw_flower, TRUE },
};

const char *
demo_scene_get_name (guint number)
{
  return kinds[number % G_N_ELEMENTS (kinds)].name;
}

/* Whether it has edges or holes that JPEG would spoil */
gboolean
demo_scene_is_graphic (guint number)
{
  return kinds[number % G_N_ELEMENTS (kinds)].is_graphic;
}

void
demo_scene_draw (cairo_t *cr,
                 guint number,
                 double width,
                 double height)
{
  /* Steps of the golden ratio: no two neighbours have similar colours. */
  Scene scene = { cr, g_rand_new_with_seed (number + 1), width, height,
                  fmod (number * 0.61803398875, 1) };

  kinds[number % G_N_ELEMENTS (kinds)].draw (&scene);
  g_rand_free (scene.rand);
}
