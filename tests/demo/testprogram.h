/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the app did, run as a program of its own. */
typedef struct {
  int status;  /* what it exited with; -1 if it crashed */
  char *out;
  char *error; /* what it complained of */
} TestProgram;

void     test_program_run    (TestProgram  *self,
                              gboolean      has_display,
                              ...) G_GNUC_NULL_TERMINATED;
void     test_program_clear  (TestProgram  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TestProgram, test_program_clear)

G_END_DECLS
