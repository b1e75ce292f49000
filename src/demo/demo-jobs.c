/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-jobs.h"

/* How many of those that have ended are kept. */
#define MAX_ENDED 20

struct _DemoJobs
{
  GObject parent_instance;

  GListStore *jobs;
};

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DemoJobs, demo_jobs, G_TYPE_OBJECT)

static void
emit_changed (DemoJobs *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
demo_jobs_dispose (GObject *object)
{
  g_clear_object (&DEMO_JOBS (object)->jobs);

  G_OBJECT_CLASS (demo_jobs_parent_class)->dispose (object);
}

static void
demo_jobs_class_init (DemoJobsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = demo_jobs_dispose;

  /* A job was added or forgotten, or changed its state. */
  signals[SIGNAL_CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
demo_jobs_init (DemoJobs *self)
{
  self->jobs = g_list_store_new (ASYNCIFY_TYPE_JOB);
  g_signal_connect_object (self->jobs, "items-changed", G_CALLBACK (emit_changed), self,
                           G_CONNECT_SWAPPED);
}

/* Returns: (transfer none): the jobs of this process */
DemoJobs *
demo_jobs_get_default (void)
{
  static DemoJobs *jobs;

  if (jobs == NULL)
    jobs = g_object_new (DEMO_TYPE_JOBS, NULL);

  return jobs;
}

/* Returns: (transfer none): a list of AsyncifyJob */
GListModel *
demo_jobs_get_model (DemoJobs *self)
{
  return G_LIST_MODEL (self->jobs);
}

static gboolean
is_active (AsyncifyJob *job)
{
  AsyncifyJobState state = asyncify_job_get_state (job);

  return state == ASYNCIFY_JOB_QUEUED || state == ASYNCIFY_JOB_RUNNING;
}

/* Forgets those that have ended, but for the latest @n_kept. */
static void
forget_ended (DemoJobs *self,
              guint n_kept)
{
  guint i = 0, n_ended = 0;

  while (i < g_list_model_get_n_items (G_LIST_MODEL (self->jobs)))
    {
      g_autoptr (AsyncifyJob) job = g_list_model_get_item (G_LIST_MODEL (self->jobs), i);

      if (!is_active (job) && ++n_ended > n_kept)
        g_list_store_remove (self->jobs, i);
      else
        i++;
    }
}

/* A job keeps what it has found, which may be many pictures. Nobody looks at that any more once
 * another job of the same name is there. */
static void
forget_finds (DemoJobs *self,
              const char *title)
{
  guint i = 0;

  while (i < g_list_model_get_n_items (G_LIST_MODEL (self->jobs)))
    {
      g_autoptr (AsyncifyJob) job = g_list_model_get_item (G_LIST_MODEL (self->jobs), i);

      if (!is_active (job) && g_strcmp0 (asyncify_job_get_title (job), title) == 0
          && g_list_model_get_n_items (asyncify_job_get_items (job)) > 0)
        g_list_store_remove (self->jobs, i);
      else
        i++;
    }
}

/* Of those that have ended, only the latest are kept. */
void
demo_jobs_add (DemoJobs *self,
               AsyncifyJob *job)
{
  forget_ended (self, MAX_ENDED);
  forget_finds (self, asyncify_job_get_title (job));
  g_signal_connect_object (job, "notify::state", G_CALLBACK (emit_changed), self,
                           G_CONNECT_SWAPPED);
  g_list_store_insert (self->jobs, 0, job);
}

/* How many have not ended. */
guint
demo_jobs_get_active (DemoJobs *self)
{
  guint n_active = 0;

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->jobs)); i++)
    {
      g_autoptr (AsyncifyJob) job = g_list_model_get_item (G_LIST_MODEL (self->jobs), i);

      n_active += is_active (job);
    }

  return n_active;
}

void
demo_jobs_cancel_all (DemoJobs *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->jobs)); i++)
    {
      g_autoptr (AsyncifyJob) job = g_list_model_get_item (G_LIST_MODEL (self->jobs), i);

      asyncify_job_cancel (job);
    }
}

/* Forgets those that have ended. */
void
demo_jobs_clear_ended (DemoJobs *self)
{
  forget_ended (self, 0);
}
