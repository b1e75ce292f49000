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
  RETRY,    /* so it does, unless a socket has a time limit: that then begins anew */
  CONTINUE, /* the kernel can go on with the time that was left, but doesn't after a handler */
  REPEAT,   /* it has no duration, or counts it down where it was given */
  LEAVE     /* there is no way */
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

static int
get_remedy (const AsyncifySyscall *self)
{
  switch (self->number)
    {
#ifdef SYS_nanosleep
    case SYS_nanosleep:
#endif
#ifdef SYS_poll
    case SYS_poll:
#endif
      return CONTINUE;

#ifdef SYS_futex
    case SYS_futex:
#endif
#ifdef SYS_futex_time64
    case SYS_futex_time64:
#endif
      return self->arguments[3] != 0 ? CONTINUE : NOTHING;

#ifdef SYS_clock_nanosleep
    case SYS_clock_nanosleep:
#endif
#ifdef SYS_clock_nanosleep_time64
    case SYS_clock_nanosleep_time64:
#endif
      return self->arguments[1] & TIMER_ABSTIME ? REPEAT : CONTINUE;

#ifdef SYS_select
    case SYS_select:
#endif
#ifdef SYS__newselect
    case SYS__newselect:
#endif
#ifdef SYS_pause
    case SYS_pause:
#endif
#ifdef SYS_pselect6
    case SYS_pselect6:
    case SYS_ppoll:
#endif
#ifdef SYS_pselect6_time64
    case SYS_pselect6_time64:
    case SYS_ppoll_time64:
#endif
    case SYS_rt_sigsuspend:
      return REPEAT;

#ifdef SYS_epoll_wait
    case SYS_epoll_wait:
#endif
#ifdef SYS_epoll_pwait2
    case SYS_epoll_pwait2:
#endif
#ifdef SYS_semop
    case SYS_semop:
#endif
#ifdef SYS_semtimedop
    case SYS_semtimedop:
#endif
#ifdef SYS_msgrcv
    case SYS_msgrcv:
    case SYS_msgsnd:
#endif
#ifdef SYS_rt_sigtimedwait
    case SYS_rt_sigtimedwait:
#endif
    case SYS_epoll_pwait:
      return LEAVE;

#ifdef SYS_accept
    case SYS_accept:
#endif
#ifdef SYS_accept4
    case SYS_accept4:
    case SYS_connect:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_sendmsg:
    case SYS_sendto:
#endif
    case SYS_read:
    case SYS_readv:
    case SYS_write:
    case SYS_writev:
      return RETRY;

    default:
      return NOTHING;
    }
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

  return self->remedy <= RETRY || (self->remedy != LEAVE && CAN_RESUME);
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
