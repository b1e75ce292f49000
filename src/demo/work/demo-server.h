/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A web server on this computer that only this computer can reach. It has a thread of its own,
 * and answers too while the main loop stands still. What it answers, well or badly: */

#define DEMO_SERVER_QUICK    "/quick"     /* some JSON */
#define DEMO_SERVER_SLOW     "/slow"      /* some more, in pieces */
#define DEMO_SERVER_FAILING  "/failing"   /* that it can't */
#define DEMO_SERVER_MISSING  "/missing"   /* that there is no such thing */
#define DEMO_SERVER_ENDLESS  "/endless"   /* and doesn't come to an end */
#define DEMO_SERVER_CUT      "/cut"       /* and hangs up in the middle */
#define DEMO_SERVER_GARBAGE  "/garbage"   /* what isn't HTTP */
#define DEMO_SERVER_REDIRECT "/redirect"  /* that it is somewhere else, namely here */

/* How long the slow answer takes, in ms, and how long it is, in bytes. */
#define DEMO_SERVER_SLOW_TIME 1500
#define DEMO_SERVER_SLOW_SIZE 30720

typedef struct _DemoServer DemoServer;

DemoServer *demo_server_new         (GError     **error);
void        demo_server_free        (DemoServer  *self);
char       *demo_server_get_address (DemoServer  *self,
                                     const char  *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoServer, demo_server_free)

G_END_DECLS
