/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The window is not shown, so no frames are due.  The second one is GDK_TOPLEVEL_STATE_SUSPENDED,
 * which GTK has had since 4.12. */
#define DEMO_FRAMES_HIDDEN_STATES (GDK_TOPLEVEL_STATE_MINIMIZED | (1 << 16))

/* What became of the frames during a recording. */
typedef struct
{
  guint drawn;
  guint missed;
  double longest_gap_ms;
  double due; /* how many would have been drawn at the display's rate, a fraction included */
} DemoFrameStats;

typedef struct _DemoFrames DemoFrames;

/* Any number of them may be under way. */
typedef struct _DemoFramesRecording DemoFramesRecording;

DemoFrames          *demo_frames_new         (GtkWidget           *widget);
void                 demo_frames_free        (DemoFrames          *self);
void                 demo_frames_set_resting (DemoFrames          *self,
                                              gboolean             resting);
DemoFramesRecording *demo_frames_begin       (DemoFrames          *self,
                                              gint64               now);
void                 demo_frames_end         (DemoFrames          *self,
                                              DemoFramesRecording *recording,
                                              gint64               now,
                                              DemoFrameStats      *out);
guint                demo_frames_get_missed  (DemoFrames          *self,
                                              gint64               since,
                                              gint64               now);
double               demo_frames_get_fps     (DemoFrames          *self);

G_END_DECLS
