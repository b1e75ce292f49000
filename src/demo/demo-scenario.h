/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include <asyncify/asyncify.h>

#include "demo-run.h"

G_BEGIN_DECLS

/* A blocking function, called both ways. A scenario is one file in scenarios/: the
 * function on top, the line that asyncifies it, and what a person sees of it.
 */

#define DEMO_TYPE_SCENARIO (demo_scenario_get_type ())
G_DECLARE_DERIVABLE_TYPE (DemoScenario, demo_scenario, DEMO, SCENARIO, GObject)

struct _DemoScenarioClass
{
  GObjectClass parent_class;

  /* What it is called. Static strings; all but the ids are translated when shown. */
  const char *id;           /* of --run, and of the file: scenarios/ID.c */
  const char *title;
  const char *topic;        /* what it stands under in the list; NULL: what the one before does */
  const char *summary;      /* a sentence: what the function does */
  const char *watch;        /* a sentence: what to watch */
  const char *function;     /* the name of the blocking function */
  const char *no_freeze;    /* a sentence: why it isn't run the wrong way; NULL if it is */
  const char *missing;      /* a sentence: what this build lacks for it; NULL if nothing */

  /* The controls for its parameters. Returns: (transfer floating). Optional. */
  GtkWidget *(*create_parameters) (DemoScenario  *self);

  /* Where files go that a person drops onto the page. Returns: (transfer none): a list of GFile.
   * Optional. */
  GListStore *(*get_files)        (DemoScenario  *self);

  /* What shows its results, beside the line of text. Returns: (transfer floating). Optional. */
  GtkWidget *(*create_view)       (DemoScenario  *self);

  /* What its page lists below the result, as text. Returns: (transfer full) (nullable). Optional:
   * without it, the names and details of the items. */
  char      *(*describe_items)    (DemoScenario  *self);

  /* Makes what it works on if nobody chooses anything else, unless that is there already.
   * Called once, on a worker, when the page is first looked at; it may tell its progress.
   * Returns: (transfer full): the path. Optional. */
  char      *(*make_sample)       (GError       **error);

  /* Sets the parameters so that it works on @sample. Optional, but for make_sample (). */
  void       (*use_sample)        (DemoScenario  *self,
                                   const char    *sample);

  /* Whether the parameters make sense. Optional. */
  gboolean   (*check)             (DemoScenario  *self,
                                   GError       **error);

  /* The wrong way: calls the function right here. Returns: (transfer full): the result */
  char      *(*freeze)            (DemoScenario  *self,
                                   GError       **error);

  /* The wrong way, where that may return before there is a result, or runs the main loop: calls
   * demo_scenario_end () when it has ended. Instead of freeze (). */
  void       (*misuse)            (DemoScenario  *self,
                                   GCancellable  *cancellable);

  /* The right way: begins the call; demo_scenario_end () when it has ended. A @job that the
   * call is given shows in the list of jobs. */
  void       (*asyncify)          (DemoScenario  *self,
                                   AsyncifyJob   *job,
                                   GCancellable  *cancellable);
};

typedef enum {
  DEMO_SCENARIO_IDLE,      /* not run yet */
  DEMO_SCENARIO_PREPARING, /* the sample is being made */
  DEMO_SCENARIO_RUNNING,
  DEMO_SCENARIO_SUCCEEDED,
  DEMO_SCENARIO_FAILED,
  DEMO_SCENARIO_CANCELLED
} DemoScenarioState;

/* For what runs scenarios */
const char        *demo_scenario_get_id       (DemoScenario      *self);
const char        *demo_scenario_get_title    (DemoScenario      *self);
GtkWidget         *demo_scenario_create_icon  (DemoScenario      *self);
DemoScenarioState  demo_scenario_get_state    (DemoScenario      *self);
AsyncifyJob       *demo_scenario_get_job      (DemoScenario      *self);
double             demo_scenario_get_progress (DemoScenario      *self);
const char        *demo_scenario_get_message  (DemoScenario      *self);
GListModel        *demo_scenario_get_items    (DemoScenario      *self);
char              *demo_scenario_describe_items (DemoScenario    *self);
const DemoRun     *demo_scenario_get_last_run (DemoScenario      *self);
const char        *demo_scenario_get_obstacle (DemoScenario      *self,
                                               DemoMode           mode);
DemoMeter         *demo_scenario_get_meter    (DemoScenario      *self);
void               demo_scenario_set_meter    (DemoScenario      *self,
                                               DemoMeter         *meter);
void               demo_scenario_set_attended (DemoScenario      *self,
                                               gboolean           attended);
void               demo_scenario_prepare      (DemoScenario      *self);
void               demo_scenario_start        (DemoScenario      *self,
                                               DemoMode           mode);
void               demo_scenario_cancel       (DemoScenario      *self);

/* For the scenarios themselves */
gboolean           demo_scenario_is_attended  (DemoScenario      *self);
void               demo_scenario_report       (DemoScenario      *self,
                                               double             progress,
                                               const char        *message);
void               demo_scenario_show_items   (DemoScenario      *self,
                                               GPtrArray         *items);
void               demo_scenario_end          (DemoScenario      *self,
                                               const char        *result,
                                               const GError      *error);

/* All of them, in the order of scenarios/meson.build */
GPtrArray         *demo_scenarios_new         (void) G_GNUC_WARN_UNUSED_RESULT;
DemoScenario      *demo_scenarios_find        (GPtrArray         *scenarios,
                                               const char        *id);

G_END_DECLS
