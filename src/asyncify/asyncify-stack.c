/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE

#include <asyncify/asyncify-stack-private.h>

#include <asyncify/asyncify-syscall-private.h>

#ifdef ASYNCIFY_HAS_BACKTRACE

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

/* Debuggers let it through, no C library uses it, and who sends it to a process without a handler
 * does no harm: unlike a real-time signal, which would end it. Hardly a program handles it; in one
 * that does, nothing is written. The handler stays when it isn't needed any more, since others may
 * have kept it to call it from theirs. */
#define NUMBER SIGURG

/* The handler's own frames are above those of the function it interrupted; not many. */
#define OWN_FRAMES 8

enum {
  IDLE,
  ASKED,
  WRITTEN
};

struct _AsyncifyStack
{
  /* Set by the thread, then read-only */
  pthread_t thread;
  int thread_id; /* the kernel's, on Linux */

  int state; /* atomic */

  /* Of those who ask in IDLE and WRITTEN, of the handler in ASKED */
  AsyncifySyscall call;

  /* Of the handler in ASKED, else of the thread */
  gint64 time; /* when it was written, monotonic time in us */
  guint n_frames;
  gpointer frames[ASYNCIFY_STACK_DEPTH + OWN_FRAMES];
};

/* Where the signal's handler writes. Such a variable takes no memory when it is first used,
 * so a handler may use it. */
#ifdef __linux__
static __thread AsyncifyStack *own __attribute__ ((tls_model ("initial-exec")));
#else
static __thread AsyncifyStack *own;
#endif

/* Where the handler's @context says that the thread stood; NULL if the frames tell */
static gpointer
get_interrupted (gpointer context)
{
#if defined(__APPLE__) && defined(__aarch64__)
  return (gpointer) ((const ucontext_t *) context)->uc_mcontext->__ss.__pc;
#elif defined(__APPLE__) && defined(__x86_64__)
  return (gpointer) ((const ucontext_t *) context)->uc_mcontext->__ss.__rip;
#else
  return NULL;
#endif
}

/* Leaves out the frames up to the one that the handler returns to, the kernel's. */
static void
drop_own_frames (AsyncifyStack *self,
                 gpointer return_address,
                 gpointer interrupted)
{
  guint n_own = 0;

  while (n_own < MIN (OWN_FRAMES, self->n_frames) && self->frames[n_own] != return_address)
    n_own++;
  n_own = n_own < OWN_FRAMES ? n_own + 1 : 2;
  n_own = MIN (n_own, self->n_frames);

  /* On macOS the interrupted function's own frame is missing, or empty. */
  if (interrupted != NULL && n_own < self->n_frames && self->frames[n_own] == NULL)
    n_own++;
  if (interrupted != NULL && n_own > 0)
    self->frames[--n_own] = interrupted;

  self->n_frames -= n_own;
  for (guint i = 0; i < self->n_frames; i++)
    self->frames[i] = self->frames[i + n_own];
}

/* Only what is safe in a signal's handler. backtrace () is, once it has been called before. (Up to
 * glibc 2.34 it takes the dynamic linker's lock, which the thread may have itself; if another one
 * has it, the handler waits for that.) */
static void
write_cb (int number,
          siginfo_t *info,
          gpointer context)
{
  AsyncifyStack *self = own;
  int saved_errno = errno;

  if (self != NULL && g_atomic_int_get (&self->state) == ASKED)
    {
      AsyncifySyscall call = self->call;

      self->n_frames = backtrace (self->frames, G_N_ELEMENTS (self->frames));
      drop_own_frames (self, __builtin_extract_return_addr (__builtin_return_address (0)),
                       get_interrupted (context));
      self->time = g_get_monotonic_time ();
      g_atomic_int_set (&self->state, WRITTEN);
      asyncify_syscall_resume (&call, context);
    }

  errno = saved_errno;
}

/* Returns: whether the signal is ours. A handler that somebody else has set isn't touched. */
static gboolean
claim_signal (void)
{
  struct sigaction ours = { .sa_sigaction = write_cb };
  struct sigaction current;

  if (sigaction (NUMBER, NULL, &current) != 0)
    return FALSE;
  if (current.sa_flags & SA_SIGINFO)
    return current.sa_sigaction == write_cb;
  if (current.sa_handler != SIG_DFL)
    return FALSE;

  ours.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
  sigemptyset (&ours.sa_mask);

  return sigaction (NUMBER, &ours, NULL) == 0;
}

/* Must have been called before anybody asks. Any thread. Returns: whether stacks can be written */
gboolean
asyncify_stack_prepare (void)
{
  gpointer frame[1];

  /* The first call loads a library. */
  backtrace (frame, 1);

  return claim_signal ();
}

/* The calling thread is not to run other people's handlers. */
void
asyncify_stack_block_signals (void)
{
  sigset_t all;

  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, NULL);
}

/* The calling thread's; a thread has no more than one. */
AsyncifyStack *
asyncify_stack_new (void)
{
  AsyncifyStack *self = g_new0 (AsyncifyStack, 1);

  self->thread = pthread_self ();
#ifdef __linux__
  self->thread_id = syscall (SYS_gettid);
#endif
  own = self;

  return self;
}

/* Nobody may ask any more. The thread itself, before it ends. */
void
asyncify_stack_free (AsyncifyStack *self)
{
  own = NULL;
  g_free (self);
}

/* Has the thread write its stack down as soon as it runs. Does nothing if that can't be done
 * without the program noticing. Another thread; one at a time, and not while the thread takes. */
void
asyncify_stack_ask (AsyncifyStack *self)
{
  if (g_atomic_int_get (&self->state) == ASKED || !claim_signal ()
      || !asyncify_syscall_look (&self->call, self->thread_id))
    return;

  g_atomic_int_set (&self->state, ASKED);
  pthread_kill (self->thread, NUMBER);
}

/* Gets what was written at @since, in us of monotonic time, or later, into @frames, an array of
 * #ASYNCIFY_STACK_DEPTH. The thread itself. Returns: how many frames there are */
guint
asyncify_stack_take (AsyncifyStack *self,
                     gint64 since,
                     gpointer *frames)
{
  guint n_frames;

  if (g_atomic_int_get (&self->state) != WRITTEN || self->time < since)
    return 0;

  n_frames = MIN (self->n_frames, ASYNCIFY_STACK_DEPTH);
  for (guint i = 0; i < n_frames; i++)
    frames[i] = self->frames[i];

  return n_frames;
}

static char *
name_address (gpointer address)
{
  Dl_info info = { 0 };
  g_autofree char *module = NULL;

  if (!dladdr (address, &info))
    return g_strdup_printf ("%p", address);
  if (info.dli_sname != NULL)
    return g_strdup (info.dli_sname);

  module = g_path_get_basename (info.dli_fname);

  return g_strdup_printf ("%s+0x%" G_GINTPTR_MODIFIER "x", module,
                          (guintptr) address - (guintptr) info.dli_fbase);
}

/* What the functions are called. Any thread. Returns: (transfer full): a %NULL-terminated array */
char **
asyncify_stack_name (const gpointer *frames,
                     guint n_frames)
{
  char **names = g_new0 (char *, n_frames + 1);

  /* The innermost frame is where the thread stood. The others are where it will return to, which
   * may be in the next function already: the call stands before that. */
  for (guint i = 0; i < n_frames; i++)
    names[i] = name_address (i == 0 ? frames[i] : (char *) frames[i] - 1);

  return names;
}

#else

struct _AsyncifyStack
{
  char nothing;
};

gboolean
asyncify_stack_prepare (void)
{
  return FALSE;
}

void
asyncify_stack_block_signals (void)
{
}

AsyncifyStack *
asyncify_stack_new (void)
{
  return g_new0 (AsyncifyStack, 1);
}

void
asyncify_stack_free (AsyncifyStack *self)
{
  g_free (self);
}

void
asyncify_stack_ask (AsyncifyStack *self)
{
}

guint
asyncify_stack_take (AsyncifyStack *self,
                     gint64 since,
                     gpointer *frames)
{
  return 0;
}

char **
asyncify_stack_name (const gpointer *frames,
                     guint n_frames)
{
  return g_new0 (char *, 1);
}

#endif
