/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Watching a GCancellable, at a price that doesn't grow with the number of
 * watches: however many calls share one, it has a single handler, and none when
 * the last of them has ended. (A handler of its own for each call is quadratic:
 * each connection walks those made before.)
 */

typedef struct _AsyncifyCancelGroup AsyncifyCancelGroup;

/* Both are called on the thread that cancels. */
typedef struct {
  /* Under the lock of all watches, so it must be short and must not add or remove
   * a watch. May be called more than once. Returns: what to hand to @act, or NULL. */
  gpointer (*check) (gpointer data);
  /* After the lock was released; the watch may be gone by then. */
  void     (*act)   (gpointer checked);
} AsyncifyCancelFuncs;

/* Embedded in whatever watches. All zeros when unused. */
typedef struct {
  AsyncifyCancelGroup       *group;
  const AsyncifyCancelFuncs *funcs;
  gpointer                   data;
  GList                      link;
} AsyncifyCancelWatch;

void asyncify_cancel_watch_add    (AsyncifyCancelWatch       *watch,
                                   GCancellable              *cancellable,
                                   const AsyncifyCancelFuncs *funcs,
                                   gpointer                   data);
void asyncify_cancel_watch_remove (AsyncifyCancelWatch       *watch);

G_END_DECLS
