/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-scenario.h"

#include <glib/gi18n.h>

#include "demo-finding.h"
#include "demo-jobs.h"

typedef char *(*MakeSample) (GError **error);

/* On a worker, as whatever blocks */
static char *
make_sample (MakeSample make,
             GError **error)
{
  return make (error);
}

ASYNCIFY_DEFINE (STRING, make_sample, VALUE (MakeSample, make), THROWS)

typedef struct {
  DemoScenarioState state;
  gboolean prepared; /* or about to be */
  gboolean attended; /* whether a person is there to answer questions */
  DemoMeter *meter;

  /* While it runs */
  DemoMode mode;
  DemoRecording *recording;
  AsyncifyJob *job;
  GCancellable *cancellable;
  double progress;
  char *message;
  GListModel *items; /* nullable; stays until the next run */

  /* When it has ended */
  DemoRun *last_run;
} DemoScenarioPrivate;

enum {
  PROP_0,
  PROP_STATE,
  PROP_PROGRESS,
  PROP_MESSAGE,
  PROP_ITEMS,
  N_PROPS
};

enum {
  SIGNAL_ENDED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (DemoScenario, demo_scenario, G_TYPE_OBJECT)

static DemoScenarioPrivate *
get_private (DemoScenario *self)
{
  return demo_scenario_get_instance_private (self);
}

static void
set_state (DemoScenario *self,
           DemoScenarioState state)
{
  DemoScenarioPrivate *priv = get_private (self);

  if (priv->state == state)
    return;

  priv->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
}

static void
set_items (DemoScenario *self,
           GListModel *items)
{
  if (g_set_object (&get_private (self)->items, items))
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ITEMS]);
}

static void
follow_job (DemoScenario *self)
{
  DemoScenarioPrivate *priv = get_private (self);

  demo_scenario_report (self, asyncify_job_get_progress (priv->job),
                        asyncify_job_get_message (priv->job));
}

static void
renew_cancellable (DemoScenario *self)
{
  DemoScenarioPrivate *priv = get_private (self);

  g_clear_object (&priv->cancellable);
  priv->cancellable = g_cancellable_new ();
}

static void
start_asyncified (DemoScenario *self)
{
  DemoScenarioPrivate *priv = get_private (self);

  renew_cancellable (self);
  g_clear_object (&priv->job);
  priv->job = asyncify_job_new (demo_scenario_get_title (self));
  g_signal_connect_object (priv->job, "notify::progress", G_CALLBACK (follow_job), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (priv->job, "notify::message", G_CALLBACK (follow_job), self,
                           G_CONNECT_SWAPPED);

  set_items (self, asyncify_job_get_items (priv->job));
  set_state (self, DEMO_SCENARIO_RUNNING);
  DEMO_SCENARIO_GET_CLASS (self)->asyncify (self, priv->job, priv->cancellable);
  if (asyncify_job_get_state (priv->job) != ASYNCIFY_JOB_IDLE)
    demo_jobs_add (demo_jobs_get_default (), priv->job);
}

static void
start_frozen (DemoScenario *self)
{
  DemoScenarioPrivate *priv = get_private (self);
  DemoScenarioClass *klass = DEMO_SCENARIO_GET_CLASS (self);
  /* What runs the main loop may let everybody else forget about us. */
  G_GNUC_UNUSED g_autoptr (DemoScenario) kept = g_object_ref (self);
  g_autoptr (DemoMeter) meter = priv->meter != NULL ? g_object_ref (priv->meter) : NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *result = NULL;

  g_clear_object (&priv->job);
  renew_cancellable (self);
  set_items (self, NULL);
  set_state (self, DEMO_SCENARIO_RUNNING);
  if (meter != NULL)
    demo_meter_enter (meter, klass->function);
  if (klass->misuse != NULL)
    klass->misuse (self, priv->cancellable);
  else
    result = klass->freeze (self, &error);
  if (meter != NULL)
    demo_meter_leave (meter);

  if (klass->misuse == NULL)
    demo_scenario_end (self, result, error);
}

/* The run isn't begun at all, and the report says why. */
static void
skip (DemoScenario *self,
      const char *obstacle)
{
  DemoScenarioPrivate *priv = get_private (self);

  g_clear_pointer (&priv->last_run, demo_run_free);
  priv->last_run = g_new0 (DemoRun, 1);
  priv->last_run->scenario = demo_scenario_get_id (self);
  priv->last_run->mode = priv->mode;
  priv->last_run->ok = TRUE;
  priv->last_run->skipped = g_strdup (obstacle);

  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}

/* Runs the function in one of the two ways. "ended" is emitted when it has ended, which is
 * before this returns for DEMO_MODE_FREEZE, for parameters that make no sense, and if
 * demo_scenario_get_obstacle () has something to say. Does nothing if it runs already. */
void
demo_scenario_start (DemoScenario *self,
                     DemoMode mode)
{
  DemoScenarioPrivate *priv = get_private (self);
  DemoScenarioClass *klass = DEMO_SCENARIO_GET_CLASS (self);
  g_autoptr (GError) error = NULL;

  if (priv->state == DEMO_SCENARIO_RUNNING || priv->state == DEMO_SCENARIO_PREPARING)
    return;

  priv->mode = mode;
  demo_scenario_report (self, -1, NULL);
  if (demo_scenario_get_obstacle (self, mode) != NULL)
    {
      skip (self, demo_scenario_get_obstacle (self, mode));
      return;
    }
  if (klass->check != NULL && !klass->check (self, &error))
    {
      demo_scenario_end (self, NULL, error);
      return;
    }

  if (priv->meter != NULL)
    priv->recording = demo_meter_begin (priv->meter);

  if (mode == DEMO_MODE_FREEZE)
    start_frozen (self);
  else
    start_asyncified (self);
}

/* Asks the call to end, or the making of the sample. Does nothing if neither is under way. */
void
demo_scenario_cancel (DemoScenario *self)
{
  DemoScenarioPrivate *priv = get_private (self);

  if (priv->state == DEMO_SCENARIO_RUNNING || priv->state == DEMO_SCENARIO_PREPARING)
    g_cancellable_cancel (priv->cancellable);
}

/* How far the run is: 0 to 1, or -1 if that is unknown. */
void
demo_scenario_report (DemoScenario *self,
                      double progress,
                      const char *message)
{
  DemoScenarioPrivate *priv = get_private (self);

  if (priv->progress != progress)
    {
      priv->progress = progress;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROGRESS]);
    }
  if (g_strcmp0 (priv->message, message) != 0)
    {
      g_free (priv->message);
      priv->message = g_strdup (message);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_MESSAGE]);
    }
}

/* What a function has found that was called the wrong way: it could emit nothing meanwhile.
 * @items: (element-type GObject) */
void
demo_scenario_show_items (DemoScenario *self,
                          GPtrArray *items)
{
  g_autoptr (GListStore) store = g_list_store_new (G_TYPE_OBJECT);

  g_list_store_splice (store, 0, 0, items->pdata, items->len);
  set_items (self, G_LIST_MODEL (store));
}

/* The run has ended, with @result or with @error. */
void
demo_scenario_end (DemoScenario *self,
                   const char *result,
                   const GError *error)
{
  DemoScenarioPrivate *priv = get_private (self);
  DemoRun *run = g_new0 (DemoRun, 1);

  run->scenario = demo_scenario_get_id (self);
  run->mode = priv->mode;
  run->ok = error == NULL;
  run->result = g_strdup (run->ok ? result : NULL);
  run->error = g_strdup (run->ok ? NULL : error->message);
  run->measured = priv->recording != NULL;
  if (run->measured)
    demo_meter_end (priv->meter, g_steal_pointer (&priv->recording), &run->measurement);

  g_clear_pointer (&priv->last_run, demo_run_free);
  priv->last_run = run;

  if (run->ok)
    set_state (self, DEMO_SCENARIO_SUCCEEDED);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_state (self, DEMO_SCENARIO_CANCELLED);
  else
    set_state (self, DEMO_SCENARIO_FAILED);

  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
}

static void
sample_ready_cb (GObject *source,
                 GAsyncResult *result,
                 gpointer user_data)
{
  DemoScenario *self = DEMO_SCENARIO (source);
  g_autoptr (GError) error = NULL;
  g_autofree char *sample = make_sample_finish (result, &error);

  set_state (self, DEMO_SCENARIO_IDLE);
  if (sample != NULL)
    DEMO_SCENARIO_GET_CLASS (self)->use_sample (self, sample);
  else
    demo_scenario_end (self, NULL, error);
  /* When the page is looked at again it may be wanted after all, or there may be room for it. */
  if (sample == NULL)
    get_private (self)->prepared = FALSE;
}

/* Gives the scenario its sample, if it has one, once; "state" tells when that is done, since
 * the sample may have to be made first. */
void
demo_scenario_prepare (DemoScenario *self)
{
  DemoScenarioPrivate *priv = get_private (self);
  DemoScenarioClass *klass = DEMO_SCENARIO_GET_CLASS (self);

  if (klass->make_sample == NULL || priv->prepared)
    return;

  priv->prepared = TRUE;
  g_clear_object (&priv->cancellable);
  priv->cancellable = g_cancellable_new ();
  g_clear_object (&priv->job);
  priv->job = asyncify_job_new (_ ("Sample"));
  g_signal_connect_object (priv->job, "notify::progress", G_CALLBACK (follow_job), self,
                           G_CONNECT_SWAPPED);
  set_state (self, DEMO_SCENARIO_PREPARING);
  make_sample_async_full (
    klass->make_sample, &(AsyncifyOptions) { .source_object = G_OBJECT (self), .job = priv->job },
    priv->cancellable, sample_ready_cb, NULL);
}

static void
demo_scenario_dispose (GObject *object)
{
  DemoScenarioPrivate *priv = get_private (DEMO_SCENARIO (object));

  if (priv->recording != NULL)
    demo_meter_end (priv->meter, g_steal_pointer (&priv->recording), NULL);
  g_clear_object (&priv->meter);
  g_clear_object (&priv->job);
  g_clear_object (&priv->cancellable);
  g_clear_object (&priv->items);
  g_clear_pointer (&priv->message, g_free);
  g_clear_pointer (&priv->last_run, demo_run_free);

  G_OBJECT_CLASS (demo_scenario_parent_class)->dispose (object);
}

static void
demo_scenario_get_property (GObject *object,
                            guint prop_id,
                            GValue *value,
                            GParamSpec *pspec)
{
  DemoScenarioPrivate *priv = get_private (DEMO_SCENARIO (object));

  switch (prop_id)
    {
    case PROP_STATE:
      g_value_set_int (value, priv->state);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, priv->progress);
      break;
    case PROP_MESSAGE:
      g_value_set_string (value, priv->message);
      break;
    case PROP_ITEMS:
      g_value_set_object (value, priv->items);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
demo_scenario_class_init (DemoScenarioClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags readable = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = demo_scenario_dispose;
  object_class->get_property = demo_scenario_get_property;

  /* A DemoScenarioState */
  props[PROP_STATE] = g_param_spec_int ("state", NULL, NULL, DEMO_SCENARIO_IDLE,
                                        DEMO_SCENARIO_CANCELLED, DEMO_SCENARIO_IDLE, readable);
  props[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, -1, 1, -1, readable);
  props[PROP_MESSAGE] = g_param_spec_string ("message", NULL, NULL, NULL, readable);
  props[PROP_ITEMS] = g_param_spec_object ("items", NULL, NULL, G_TYPE_LIST_MODEL, readable);
  g_object_class_install_properties (object_class, N_PROPS, props);

  /* The run has ended, and demo_scenario_get_last_run () tells how. */
  signals[SIGNAL_ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
demo_scenario_init (DemoScenario *self)
{
  get_private (self)->progress = -1;
  get_private (self)->attended = TRUE;
}

const char *
demo_scenario_get_id (DemoScenario *self)
{
  return DEMO_SCENARIO_GET_CLASS (self)->id;
}

const char *
demo_scenario_get_title (DemoScenario *self)
{
  return _ (DEMO_SCENARIO_GET_CLASS (self)->title);
}

/* Returns: (transfer floating): its icon, which says nothing that its title doesn't */
GtkWidget *
demo_scenario_create_icon (DemoScenario *self)
{
  g_autofree char *name = g_strdup_printf ("asyncify-%s-symbolic", demo_scenario_get_id (self));

  return g_object_new (GTK_TYPE_IMAGE, "icon-name", name, "accessible-role",
                       GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
}

DemoScenarioState
demo_scenario_get_state (DemoScenario *self)
{
  return get_private (self)->state;
}

/* Returns: (transfer none) (nullable): the job of the latest call */
AsyncifyJob *
demo_scenario_get_job (DemoScenario *self)
{
  return get_private (self)->job;
}

double
demo_scenario_get_progress (DemoScenario *self)
{
  return get_private (self)->progress;
}

/* Returns: (transfer none) (nullable) */
const char *
demo_scenario_get_message (DemoScenario *self)
{
  return get_private (self)->message;
}

/* Returns: (transfer none) (nullable): what the latest run has found; grows while it runs */
GListModel *
demo_scenario_get_items (DemoScenario *self)
{
  return get_private (self)->items;
}

/* Returns: (transfer full) (nullable): what the page lists below the result, as text */
char *
demo_scenario_describe_items (DemoScenario *self)
{
  DemoScenarioClass *klass = DEMO_SCENARIO_GET_CLASS (self);

  if (klass->describe_items != NULL)
    return klass->describe_items (self);

  return demo_findings_to_text (get_private (self)->items);
}

/* Returns: (transfer none) (nullable): how the latest run ended, until the next one ends */
const DemoRun *
demo_scenario_get_last_run (DemoScenario *self)
{
  return get_private (self)->last_run;
}

/* Returns: (nullable): a sentence: why it can't be run in this way; NULL if it can */
const char *
demo_scenario_get_obstacle (DemoScenario *self,
                            DemoMode mode)
{
  DemoScenarioClass *klass = DEMO_SCENARIO_GET_CLASS (self);

  if (klass->missing != NULL)
    return _ (klass->missing);
  if (klass->no_freeze != NULL && mode == DEMO_MODE_FREEZE)
    return _ (klass->no_freeze);

  return NULL;
}

/* Whether a person is there. A tour has none: what asks something answers itself then. */
void
demo_scenario_set_attended (DemoScenario *self,
                            gboolean attended)
{
  get_private (self)->attended = attended;
}

gboolean
demo_scenario_is_attended (DemoScenario *self)
{
  return get_private (self)->attended;
}

/* Returns: (transfer none) (nullable) */
DemoMeter *
demo_scenario_get_meter (DemoScenario *self)
{
  return get_private (self)->meter;
}

/* Has all runs measured by @meter. */
void
demo_scenario_set_meter (DemoScenario *self,
                         DemoMeter *meter)
{
  g_set_object (&get_private (self)->meter, meter);
}
