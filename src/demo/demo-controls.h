/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What scenarios can make their parameters of: an object that holds the value, such as a
 * GtkEntryBuffer or a GtkAdjustment, lives in the scenario; the control shows and edits it.
 *
 * The controls that scenarios make their parameters of. Each returns (transfer floating) a
 * row with a label, whose mnemonic the text may name with an underscore. */

typedef enum {
  DEMO_PATH_FILES = 1 << 0,  /* files may be chosen */
  DEMO_PATH_FOLDER = 1 << 1, /* a folder may be chosen */
} DemoPathKind;

/* Something to begin with: what its button says, and the text. The last one is NULL. */
typedef struct {
  const char *label;
  const char *text;
} DemoExample;

GtkWidget *demo_controls_new_rows   (void);
GtkWidget *demo_controls_new_pair   (GtkWidget         *left,
                                     GtkWidget         *right);
GtkWidget *demo_controls_new_aside  (GtkWidget         *left,
                                     GtkWidget         *right);
GtkWidget *demo_controls_new_entry  (const char        *label,
                                     GtkEntryBuffer    *buffer);
GtkWidget *demo_controls_new_number (const char        *label,
                                     GtkEntryBuffer    *buffer);
GtkWidget *demo_controls_new_option (const char        *label,
                                     GtkEntryBuffer    *buffer);
GtkWidget *demo_controls_new_text   (const char        *label,
                                     GtkTextBuffer     *buffer,
                                     const DemoExample *examples);
GtkWidget *demo_controls_new_slider (const char        *label,
                                     GtkAdjustment     *number);
GtkWidget *demo_controls_new_choice (const char        *label,
                                     const char *const *choices,
                                     GtkAdjustment     *chosen);
GtkWidget *demo_controls_new_path   (const char        *label,
                                     GListStore        *files,
                                     DemoPathKind       kind);

gboolean   demo_controls_get_number (GtkEntryBuffer    *buffer,
                                     guint              min,
                                     guint              max,
                                     guint             *number,
                                     GError           **error);
gboolean   demo_controls_is_host    (const char        *text);
gboolean   demo_controls_get_option (GtkEntryBuffer    *buffer,
                                     guint              min,
                                     guint              max,
                                     guint             *number,
                                     GError           **error);
GtkWidget *demo_controls_add_unit   (GtkWidget         *row,
                                     const char        *unit);
void       demo_controls_limit_text (GtkTextBuffer     *buffer,
                                     guint              max_length);
guint      demo_controls_mark_text  (GtkTextBuffer     *buffer,
                                     gsize              place);
void       demo_controls_set_path   (GListStore        *files,
                                     const char        *path);
void       demo_controls_add_path   (GtkWidget         *entry,
                                     const char        *path);

G_END_DECLS
