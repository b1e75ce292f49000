/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-choose.h"

#include <glib/gi18n.h>

static void
replace_files (GListStore *files,
               GListModel *chosen)
{
  g_autoptr (GPtrArray) additions = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < g_list_model_get_n_items (chosen); i++)
    g_ptr_array_add (additions, g_list_model_get_item (chosen, i));

  g_list_store_splice (files, 0, g_list_model_get_n_items (G_LIST_MODEL (files)),
                       additions->pdata, additions->len);
}

typedef struct {
  GWeakRef widget;
  DemoChosenFunc chosen;
} NewFile;

static NewFile *
new_file_new (GtkWidget *widget,
              DemoChosenFunc chosen)
{
  NewFile *self = g_new0 (NewFile, 1);

  g_weak_ref_init (&self->widget, widget);
  self->chosen = chosen;

  return self;
}

/* @file: (nullable): NULL if the person thought better of it */
static void
new_file_end (NewFile *self,
              GFile *file)
{
  g_autoptr (GtkWidget) widget = g_weak_ref_get (&self->widget);

  if (widget != NULL && file != NULL)
    self->chosen (widget, file);

  g_weak_ref_clear (&self->widget);
  g_free (self);
}

/* GtkFileDialog came with 4.10, which deprecated GtkFileChooserNative: each is used where
 * the other can't be. The floors in the compiler's flags speak against both. */
#if GTK_CHECK_VERSION(4, 10, 0)

G_GNUC_BEGIN_IGNORE_DEPRECATIONS

static void
files_chosen_cb (GObject *source,
                 GAsyncResult *result,
                 gpointer user_data)
{
  g_autoptr (GListStore) files = user_data;
  g_autoptr (GListModel) chosen
    = gtk_file_dialog_open_multiple_finish (GTK_FILE_DIALOG (source), result, NULL);

  if (chosen != NULL)
    replace_files (files, chosen);
}

static void
folder_chosen_cb (GObject *source,
                  GAsyncResult *result,
                  gpointer user_data)
{
  g_autoptr (GListStore) files = user_data;
  g_autoptr (GFile) folder
    = gtk_file_dialog_select_folder_finish (GTK_FILE_DIALOG (source), result, NULL);
  g_autoptr (GListStore) chosen = g_list_store_new (G_TYPE_FILE);

  if (folder == NULL)
    return;

  g_list_store_append (chosen, folder);
  replace_files (files, G_LIST_MODEL (chosen));
}

void
demo_choose (GtkWidget *widget,
             GListStore *files,
             gboolean folder)
{
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (widget));
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

  if (folder)
    gtk_file_dialog_select_folder (dialog, window, NULL, folder_chosen_cb, g_object_ref (files));
  else
    gtk_file_dialog_open_multiple (dialog, window, NULL, files_chosen_cb, g_object_ref (files));
}

static void
new_file_chosen_cb (GObject *source,
                    GAsyncResult *result,
                    gpointer user_data)
{
  g_autoptr (GFile) file = gtk_file_dialog_save_finish (GTK_FILE_DIALOG (source), result, NULL);

  new_file_end (user_data, file);
}

void
demo_choose_new_file (GtkWidget *widget,
                      const char *name,
                      DemoChosenFunc chosen)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();

  gtk_file_dialog_set_initial_name (dialog, name);
  gtk_file_dialog_save (dialog, GTK_WINDOW (gtk_widget_get_root (widget)), NULL,
                        new_file_chosen_cb, new_file_new (widget, chosen));
}

G_GNUC_END_IGNORE_DEPRECATIONS

#else

static void
response_cb (GtkNativeDialog *dialog,
             int response,
             GListStore *files)
{
  g_autoptr (GListModel) chosen = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (dialog));

  if (response == GTK_RESPONSE_ACCEPT)
    replace_files (files, chosen);

  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

void
demo_choose (GtkWidget *widget,
             GListStore *files,
             gboolean folder)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
    folder ? _ ("Choose a Folder") : _ ("Choose Files"), GTK_WINDOW (gtk_widget_get_root (widget)),
    folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER : GTK_FILE_CHOOSER_ACTION_OPEN, _ ("_Choose"),
    _ ("_Cancel"));

  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (dialog), !folder);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), files, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

static void
named_cb (GtkNativeDialog *dialog,
          int response,
          NewFile *new_file)
{
  g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));

  new_file_end (new_file, response == GTK_RESPONSE_ACCEPT ? file : NULL);
  gtk_native_dialog_destroy (dialog);
  g_object_unref (dialog);
}

void
demo_choose_new_file (GtkWidget *widget,
                      const char *name,
                      DemoChosenFunc chosen)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
    _ ("Save As"), GTK_WINDOW (gtk_widget_get_root (widget)), GTK_FILE_CHOOSER_ACTION_SAVE,
    _ ("_Save"), _ ("_Cancel"));

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (named_cb), new_file_new (widget, chosen));
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}

#endif
