/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <asyncify/asyncify-awake-private.h>

#ifdef __linux__

#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int
asyncify_awake_get_self (void)
{
  return (int) syscall (SYS_gettid);
}

/* proc_pid_stat(5): its number, its name in parentheses, its state, and much more. The name may
 * have parentheses in it, what follows has none. */
gboolean
asyncify_awake_get (int thread)
{
  char path[64], line[512];
  const char *name_end;
  gssize length;
  int fd;

  g_snprintf (path, sizeof path, "/proc/self/task/%d/stat", thread);
  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return FALSE;

  length = read (fd, line, sizeof line - 1);
  close (fd);
  line[MAX (length, 0)] = '\0';
  name_end = strrchr (line, ')');

  return name_end != NULL && g_str_has_prefix (name_end, ") R");
}

#else

int
asyncify_awake_get_self (void)
{
  return 0;
}

gboolean
asyncify_awake_get (int thread)
{
  return FALSE;
}

#endif
