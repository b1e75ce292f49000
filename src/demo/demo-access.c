/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-access.h"

static void
update_hidden (GtkWidget *widget)
{
  gtk_accessible_update_state (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_STATE_HIDDEN,
                               !gtk_widget_get_mapped (widget), -1);
}

/* A stack shows one of its children only, and tells assistive technology of all that it has ever
 * shown. This says of @widget, one of them, that it can't be seen while it can't. */
void
demo_access_hide_while_unmapped (GtkWidget *widget)
{
  g_signal_connect_after (widget, "map", G_CALLBACK (update_hidden), NULL);
  g_signal_connect_after (widget, "unmap", G_CALLBACK (update_hidden), NULL);
  update_hidden (widget);
}
