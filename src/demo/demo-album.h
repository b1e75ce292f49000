/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "demo-scenario.h"

G_BEGIN_DECLS

/* Takes a picture of each page as it is before anything is run. Signals: "turn-to", with the
 * scenario whose page is to be shown; "ended", with what went wrong, or NULL. */

#define DEMO_TYPE_ALBUM (demo_album_get_type ())
G_DECLARE_FINAL_TYPE (DemoAlbum, demo_album, DEMO, ALBUM, GObject)

DemoAlbum *demo_album_new   (GtkWidget  *window,
                             GPtrArray  *scenarios,
                             const char *path) G_GNUC_WARN_UNUSED_RESULT;
void       demo_album_start (DemoAlbum  *self);

G_END_DECLS
