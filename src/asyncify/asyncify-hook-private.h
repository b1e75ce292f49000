/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A main context's poll function, wrapped. Such a function is given no user data: each context
 * has one of a few functions of its own, which calls the one that was there before. It stays
 * until the context is gone, also when nobody is interested any more: by then others may have put
 * theirs on top, and will restore ours, so that it can be neither taken away nor used for another
 * context.
 */

/* How many can be there at once */
#define ASYNCIFY_MAX_HOOKS 32

typedef struct {
  gboolean (*before_poll) (gpointer data); /* returns: whether after_poll () is to be called */
  void     (*after_poll)  (gpointer data);
} AsyncifyHookFuncs;

gboolean asyncify_hook_put       (GMainContext            *context,
                                  const AsyncifyHookFuncs *funcs,
                                  gpointer                 data);
gboolean asyncify_hook_is_on_top (GMainContext            *context,
                                  gpointer                 data);
void     asyncify_hook_forget    (gpointer                 data);

G_END_DECLS
