/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#define _GNU_SOURCE

#include <asyncify/asyncify-syscall-private.h>

#ifdef __linux__

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

/* What it takes for a call not to fail with EINTR when a handler has run */
enum {
  NOTHING,  /* the kernel goes on with it */
  RETRY,    /* so it does, unless a socket has a time limit: then it has to be made again */
  REPEAT,   /* it has to be made again; those with a time mostly find there what is left of it */
  CONTINUE, /* the kernel can go on with the time that was left, but doesn't after a handler */
  WAIT,     /* so it is, if there is a time at all */
  SLEEP     /* so it is, unless it is the time of a clock */
};

#if defined(__x86_64__) && defined(__LP64__)

static gboolean
was_interrupted (const AsyncifySyscall *self,
                 const ucontext_t *context)
{
  static const int registers[] = { REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8, REG_R9 };
  const greg_t *gregs = context->uc_mcontext.gregs;

  for (guint i = 0; i < G_N_ELEMENTS (registers); i++)
    if ((gulong) gregs[registers[i]] != self->arguments[i])
      return FALSE;

  return gregs[REG_RAX] == -EINTR && (gulong) gregs[REG_RIP] == self->program_counter
         && (gulong) gregs[REG_RSP] == self->stack_pointer;
}

static void
set_result (ucontext_t *context,
            long result)
{
  context->uc_mcontext.gregs[REG_RAX] = result;
}

static void
repeat (const AsyncifySyscall *self,
        ucontext_t *context)
{
  context->uc_mcontext.gregs[REG_RAX] = self->number;
  context->uc_mcontext.gregs[REG_RIP] -= 2;
}

#define CAN_RESUME TRUE

#elif defined(__aarch64__) && defined(__LP64__)

static gboolean
was_interrupted (const AsyncifySyscall *self,
                 const ucontext_t *context)
{
  const mcontext_t *machine = &context->uc_mcontext;

  /* The first argument has made way for the result. */
  for (guint i = 1; i < G_N_ELEMENTS (self->arguments); i++)
    if (machine->regs[i] != self->arguments[i])
      return FALSE;

  return (long) machine->regs[0] == -EINTR && (long) machine->regs[8] == self->number
         && machine->pc == self->program_counter && machine->sp == self->stack_pointer;
}

static void
set_result (ucontext_t *context,
            long result)
{
  context->uc_mcontext.regs[0] = result;
}

static void
repeat (const AsyncifySyscall *self,
        ucontext_t *context)
{
  context->uc_mcontext.regs[0] = self->arguments[0];
  context->uc_mcontext.pc -= 4;
}

#define CAN_RESUME TRUE

#else

static gboolean
was_interrupted (const AsyncifySyscall *self,
                 const ucontext_t *context)
{
  return FALSE;
}

static void
set_result (ucontext_t *context,
            long result)
{
}

static void
repeat (const AsyncifySyscall *self,
        ucontext_t *context)
{
}

#define CAN_RESUME FALSE

#endif

static const struct {
  long number;
  int remedy;
} remedies[] = {
#ifdef SYS_nanosleep
  { SYS_nanosleep, CONTINUE },
#endif
#ifdef SYS_poll
  { SYS_poll, CONTINUE },
#endif
#ifdef SYS_futex
  { SYS_futex, WAIT },
#endif
#ifdef SYS_futex_time64
  { SYS_futex_time64, WAIT },
#endif
#ifdef SYS_clock_nanosleep
  { SYS_clock_nanosleep, SLEEP },
#endif
#ifdef SYS_clock_nanosleep_time64
  { SYS_clock_nanosleep_time64, SLEEP },
#endif
#ifdef SYS_select
  { SYS_select, REPEAT },
#endif
#ifdef SYS__newselect
  { SYS__newselect, REPEAT },
#endif
#ifdef SYS_pause
  { SYS_pause, REPEAT },
#endif
#ifdef SYS_pselect6
  { SYS_pselect6, REPEAT },
  { SYS_ppoll, REPEAT },
#endif
#ifdef SYS_pselect6_time64
  { SYS_pselect6_time64, REPEAT },
  { SYS_ppoll_time64, REPEAT },
#endif
  { SYS_rt_sigsuspend, REPEAT },
#ifdef SYS_epoll_wait
  { SYS_epoll_wait, REPEAT },
#endif
#ifdef SYS_epoll_pwait2
  { SYS_epoll_pwait2, REPEAT },
#endif
#ifdef SYS_semop
  { SYS_semop, REPEAT },
#endif
#ifdef SYS_semtimedop
  { SYS_semtimedop, REPEAT },
#endif
#ifdef SYS_msgrcv
  { SYS_msgrcv, REPEAT },
  { SYS_msgsnd, REPEAT },
#endif
#ifdef SYS_rt_sigtimedwait
  { SYS_rt_sigtimedwait, REPEAT },
#endif
  { SYS_epoll_pwait, REPEAT },
#ifdef SYS_accept
  { SYS_accept, RETRY },
#endif
#ifdef SYS_accept4
  { SYS_accept4, RETRY },
  { SYS_connect, RETRY },
  { SYS_recvfrom, RETRY },
  { SYS_recvmsg, RETRY },
  { SYS_sendmsg, RETRY },
  { SYS_sendto, RETRY },
#endif
  { SYS_read, RETRY },
  { SYS_readv, RETRY },
  { SYS_write, RETRY },
  { SYS_writev, RETRY },
};

static int
get_remedy (const AsyncifySyscall *self)
{
  int remedy = NOTHING;

  for (guint i = 0; i < G_N_ELEMENTS (remedies); i++)
    if (remedies[i].number == self->number)
      remedy = remedies[i].remedy;

  if (remedy == WAIT)
    return self->arguments[3] != 0 ? CONTINUE : NOTHING;
  if (remedy == SLEEP)
    return self->arguments[1] & TIMER_ABSTIME ? REPEAT : CONTINUE;

  return remedy;
}

/* What is the thread with this number, one of the process, blocked in? Returns: whether a signal
 * with a handler goes unnoticed, as far as is known */
gboolean
asyncify_syscall_look (AsyncifySyscall *self,
                       int thread_id)
{
  gulong *arguments = self->arguments;
  char path[64], line[256];
  gssize length;
  int fd;

  *self = (AsyncifySyscall) { .remedy = NOTHING };
  g_snprintf (path, sizeof path, "/proc/self/task/%d/syscall", thread_id);
  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return TRUE;
  length = read (fd, line, sizeof line - 1);
  close (fd);

  /* It says "running" if it isn't in a call. */
  line[MAX (length, 0)] = '\0';
  if (sscanf (line, "%ld %lx %lx %lx %lx %lx %lx %lx %lx", &self->number, &arguments[0],
              &arguments[1], &arguments[2], &arguments[3], &arguments[4], &arguments[5],
              &self->stack_pointer, &self->program_counter)
      == 9)
    self->remedy = get_remedy (self);

  return self->remedy <= RETRY || CAN_RESUME;
}

/* To be called last in the signal's handler, on the thread that was looked at, with the handler's
 * third argument. If the call has been cut short, it goes on, and its result is put in place of
 * the EINTR: while it lasts, the handler does. If in the meantime the thread was in no call any
 * more or in another one, nothing is done. */
void
asyncify_syscall_resume (const AsyncifySyscall *self,
                         gpointer context)
{
  long result;

  if (self->remedy == NOTHING || !was_interrupted (self, context))
    return;

  if (self->remedy != CONTINUE)
    {
      repeat (self, context);
      return;
    }

  /* What the kernel itself would have gone on with is there until a handler returns. */
  result = syscall (SYS_restart_syscall);
  set_result (context, result < 0 ? -errno : result);
}

#else

gboolean
asyncify_syscall_look (AsyncifySyscall *self,
                       int thread_id)
{
  return TRUE;
}

void
asyncify_syscall_resume (const AsyncifySyscall *self,
                         gpointer context)
{
}

#endif
