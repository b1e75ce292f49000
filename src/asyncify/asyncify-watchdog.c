/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-watchdog.h>

#include <asyncify/asyncify-hook-private.h>
#include <asyncify/asyncify-loop-private.h>

/**
 * AsyncifyStall:
 *
 * A time in which a main loop was busy for too long, so that it could neither
 * draw nor answer. It doesn't change; its functions may be called on any thread.
 *
 * Since: 0.1
 */
struct _AsyncifyStall
{
  gatomicrefcount ref_count;
  gint64 duration;
  char **functions;
};

/**
 * AsyncifyWatchdog:
 *
 * Tells when a main loop stalls: when it doesn't come back to its poll in time,
 * because a function that it has called blocks.
 *
 * ```c
 * AsyncifyWatchdog *watchdog = asyncify_watchdog_new (NULL, 50);
 *
 * g_signal_connect (watchdog, "stalled", G_CALLBACK (stalled_cb), NULL);
 * asyncify_watchdog_start (watchdog);
 * ```
 *
 * A loop that runs inside of a callback polls too, and is no stall; nor is the
 * time before the first poll, or a change of the thread that runs the loop. A
 * thread that runs it only now and then, by hand, has to come back to it in time.
 *
 * What the loop was doing is found out while it does it, by a thread of the
 * library, once the stall has reached the threshold. That thread sleeps while the
 * loop is idle; a busy loop wakes it about once in the time of the threshold.
 *
 * On Linux and macOS it sends the loop's thread the signal `SIGURG`, whose handler
 * writes down where the thread stands. If the program has a handler for it or
 * ignores it, that is respected, and stalls have no functions. On Linux, on x86-64
 * and 64-bit ARM, the program doesn't notice: system calls that the signal would cut
 * short go on. They keep to their time; only `epoll_wait ()`, System V's queues and
 * semaphores and sockets with a time limit begin it anew. On other processors a thread
 * in such a call gets no signal, and the stall has no functions. On macOS, as after any
 * signal, a `sleep ()`, `poll ()` or `select ()` may end early. On other systems stalls
 * have no functions.
 *
 * A watchdog doesn't keep its context alive, and ends with it. On macOS it should be
 * started when GTK has opened its display: GTK does the waiting for events in a poll
 * function of its own, and what was put below that sees it as a stall, once.
 *
 * Since: 0.1
 */
struct _AsyncifyWatchdog
{
  GObject parent_instance;

  /* Set when it is made, then read-only */
  AsyncifyLoop *loop;

  AsyncifyWatch watch;
};

enum {
  PROP_0,
  PROP_CONTEXT,
  PROP_THRESHOLD,
  N_PROPS
};

enum {
  STALLED,
  N_SIGNALS
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (AsyncifyWatchdog, asyncify_watchdog, G_TYPE_OBJECT)

/* By hand: G_DEFINE_BOXED_TYPE () isn't C as the standard has it. */
GType
asyncify_stall_get_type (void)
{
  static gsize type;

  if (g_once_init_enter (&type))
    g_once_init_leave (&type,
                       g_boxed_type_register_static ("AsyncifyStall",
                                                     (GBoxedCopyFunc) asyncify_stall_copy,
                                                     (GBoxedFreeFunc) asyncify_stall_free));

  return type;
}

/**
 * asyncify_stall_copy:
 * @self: a stall
 *
 * Keeps a stall for longer than the signal's handler.
 *
 * Returns: (transfer full): the same stall, as another one to free
 *
 * Since: 0.1
 */
AsyncifyStall *
asyncify_stall_copy (AsyncifyStall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * asyncify_stall_free:
 * @self: (transfer full): a copy of a stall
 *
 * Frees a copy.
 *
 * Since: 0.1
 */
void
asyncify_stall_free (AsyncifyStall *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_strfreev (self->functions);
  g_free (self);
}

/**
 * asyncify_stall_get_duration:
 * @self: a stall
 *
 * Gets how long it lasted, from the end of one poll to the start of the next.
 *
 * Returns: the duration, in us
 *
 * Since: 0.1
 */
gint64
asyncify_stall_get_duration (AsyncifyStall *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->duration;
}

/**
 * asyncify_stall_get_functions:
 * @self: a stall
 *
 * Gets the functions that the loop was in when the stall had reached the
 * threshold, or a larger one of another watchdog of the same context. Each but the
 * last was called by the one after it; the outermost ones are those of the loop
 * itself, and of the program's start.
 *
 * A function has a name if its module shows that to others: functions of shared
 * libraries that are not static or hidden, and those of a program that is linked
 * with `-rdynamic` (`export_dynamic: true` in meson). All others appear as
 * `module+0xOFFSET`, for which `addr2line -f -e module 0xOFFSET` gives name and
 * line. On macOS static functions have names too. C++ names are as the linker
 * knows them.
 *
 * There are none if the stall ended just when it had reached the threshold, and
 * where the system or the program doesn't allow to find them out.
 *
 * Returns: (transfer none) (array zero-terminated=1): the names, innermost first
 *
 * Since: 0.1
 */
const char *const *
asyncify_stall_get_functions (AsyncifyStall *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return (const char *const *) self->functions;
}

static void
stalled_cb (GObject *owner,
            gint64 duration,
            const char *const *functions)
{
  AsyncifyStall *stall = g_new (AsyncifyStall, 1);

  g_atomic_ref_count_init (&stall->ref_count);
  stall->duration = duration;
  stall->functions = g_strdupv ((char **) functions);

  g_signal_emit (owner, signals[STALLED], 0, stall);
  asyncify_stall_free (stall);
}

static void
asyncify_watchdog_dispose (GObject *object)
{
  AsyncifyWatchdog *self = ASYNCIFY_WATCHDOG (object);

  asyncify_watchdog_stop (self);

  G_OBJECT_CLASS (asyncify_watchdog_parent_class)->dispose (object);
}

static void
asyncify_watchdog_finalize (GObject *object)
{
  AsyncifyWatchdog *self = ASYNCIFY_WATCHDOG (object);

  g_weak_ref_clear (&self->watch.owner);
  asyncify_loop_unref (self->loop);

  G_OBJECT_CLASS (asyncify_watchdog_parent_class)->finalize (object);
}

static void
asyncify_watchdog_get_property (GObject *object,
                                guint prop_id,
                                GValue *value,
                                GParamSpec *pspec)
{
  AsyncifyWatchdog *self = ASYNCIFY_WATCHDOG (object);

  switch (prop_id)
    {
    case PROP_THRESHOLD:
      g_value_set_uint (value, self->watch.threshold / G_TIME_SPAN_MILLISECOND);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
asyncify_watchdog_set_property (GObject *object,
                                guint prop_id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  AsyncifyWatchdog *self = ASYNCIFY_WATCHDOG (object);
  GMainContext *context;

  switch (prop_id)
    {
    case PROP_CONTEXT:
      context = g_value_get_boxed (value);
      self->loop = asyncify_loop_get (context != NULL ? context : g_main_context_default ());
      break;
    case PROP_THRESHOLD:
      self->watch.threshold = g_value_get_uint (value) * G_TIME_SPAN_MILLISECOND;
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
asyncify_watchdog_class_init (AsyncifyWatchdogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = asyncify_watchdog_dispose;
  object_class->finalize = asyncify_watchdog_finalize;
  object_class->get_property = asyncify_watchdog_get_property;
  object_class->set_property = asyncify_watchdog_set_property;

  /**
   * AsyncifyWatchdog:context:
   *
   * The context whose loop is watched; the default one if %NULL.
   *
   * Since: 0.1
   */
  props[PROP_CONTEXT]
    = g_param_spec_boxed ("context", NULL, NULL, G_TYPE_MAIN_CONTEXT,
                          G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * AsyncifyWatchdog:threshold:
   *
   * How long a stall lasts at least, in ms.
   *
   * Since: 0.1
   */
  props[PROP_THRESHOLD]
    = g_param_spec_uint ("threshold", NULL, NULL, 1, G_MAXUINT, 50,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, props);

  /**
   * AsyncifyWatchdog::stalled:
   * @self: a watchdog
   * @stall: what happened; to be copied if it is kept
   *
   * The loop has stalled, and runs again.
   *
   * Emitted in the watched context, as soon as its loop runs, before all that
   * isn't more urgent than %G_PRIORITY_HIGH. The time that the signal's handlers
   * take is no stall.
   *
   * Since: 0.1
   */
  signals[STALLED] = g_signal_new ("stalled", ASYNCIFY_TYPE_WATCHDOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1,
                                   ASYNCIFY_TYPE_STALL | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
asyncify_watchdog_init (AsyncifyWatchdog *self)
{
  g_weak_ref_init (&self->watch.owner, self);
  self->watch.func = stalled_cb;
}

/**
 * asyncify_watchdog_new:
 * @context: (nullable): the context whose loop is to be watched, or %NULL for the
 *   default one
 * @threshold_ms: how long a stall lasts at least, in ms; at least 1
 *
 * Makes a watchdog, which doesn't watch yet.
 *
 * A context may have several ones, each with a threshold of its own. May be called
 * on any thread.
 *
 * Returns: (transfer full): the new watchdog
 *
 * Since: 0.1
 */
AsyncifyWatchdog *
asyncify_watchdog_new (GMainContext *context,
                       guint threshold_ms)
{
  g_return_val_if_fail (threshold_ms >= 1, NULL);

  return g_object_new (ASYNCIFY_TYPE_WATCHDOG, "context", context, "threshold", threshold_ms, NULL);
}

/**
 * asyncify_watchdog_start:
 * @self: a watchdog
 *
 * Watches from now on; does nothing if it does already, or if the context is gone.
 *
 * It puts a poll function of its own into the context, which calls the one that is
 * there, and which stays until the context is gone. That can be done to 32 contexts
 * at once; for a further one there is a warning, and it isn't watched.
 *
 * May be called on any thread. Nobody may drop the context's last reference
 * meanwhile.
 *
 * Since: 0.1
 */
void
asyncify_watchdog_start (AsyncifyWatchdog *self)
{
  g_return_if_fail (ASYNCIFY_IS_WATCHDOG (self));

  if (!asyncify_loop_add_watch (self->loop, &self->watch))
    g_warning ("A main context isn't watched: there are %d others already", ASYNCIFY_MAX_HOOKS);
}

/**
 * asyncify_watchdog_stop:
 * @self: a watchdog
 *
 * Watches no longer; does nothing if it doesn't. A stall that isn't over, or that
 * was not reported yet, is not reported any more. The last one to stop ends the
 * library's watching thread.
 *
 * May be called on any thread, also when the context is gone. On another thread
 * than the context's, a report may just be under way, and arrive afterwards.
 *
 * Since: 0.1
 */
void
asyncify_watchdog_stop (AsyncifyWatchdog *self)
{
  g_return_if_fail (ASYNCIFY_IS_WATCHDOG (self));

  asyncify_loop_remove_watch (self->loop, &self->watch);
}
