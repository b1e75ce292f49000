/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testfold.h"

#include "testwidgets.h"

static const char *const ui = "<interface>"
                              "  <object class='GtkWindow' id='window'>"
                              "    <property name='decorated'>0</property>"
                              "    <property name='child'>"
                              "      <object class='DemoFold' id='fold'>"
                              "        <child type='side'>"
                              "          <object class='GtkBox' id='side'>"
                              "            <child>"
                              "              <object class='GtkButton' id='in_side'>"
                              "                <property name='width-request'>200</property>"
                              "              </object>"
                              "            </child>"
                              "          </object>"
                              "        </child>"
                              "        <child type='content'>"
                              "          <object class='GtkBox' id='content'>"
                              "            <child>"
                              "              <object class='GtkButton' id='in_content'>"
                              "                <property name='width-request'>300</property>"
                              "              </object>"
                              "            </child>"
                              "          </object>"
                              "        </child>"
                              "      </object>"
                              "    </property>"
                              "  </object>"
                              "</interface>";

static void
count_cb (guint *counter)
{
  (*counter)++;
}

void
test_fold_animate (gboolean animated)
{
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", animated, NULL);
}

static GtkWidget *
get_widget (GtkBuilder *builder,
            const char *id)
{
  GObject *object = gtk_builder_get_object (builder, id);

  g_assert_nonnull (object);

  return GTK_WIDGET (object);
}

/* All follows at once, unless a test wants to see it move. */
void
test_fold_set_up (TestFold *self,
                  gconstpointer data)
{
  g_autoptr (GtkBuilder) builder = NULL;

  test_fold_animate (FALSE);
  g_type_ensure (DEMO_TYPE_FOLD);
  builder = gtk_builder_new_from_string (ui, -1);
  self->window = GTK_WINDOW (get_widget (builder, "window"));
  self->fold = DEMO_FOLD (get_widget (builder, "fold"));
  self->side = get_widget (builder, "side");
  self->content = get_widget (builder, "content");
  self->in_side = get_widget (builder, "in_side");
  self->in_content = get_widget (builder, "in_content");
  self->scrim = gtk_widget_get_next_sibling (self->content);

  g_signal_connect_swapped (self->fold, "notify::folded", G_CALLBACK (count_cb), &self->n_folded);
  g_signal_connect_swapped (self->fold, "notify::shown", G_CALLBACK (count_cb), &self->n_shown);
}

void
test_fold_tear_down (TestFold *self,
                     gconstpointer data)
{
  if (self->window != NULL)
    test_destroy_window (self->window);
}

/* Lets all that follows from a change be done. */
void
test_fold_go_on (TestFold *self)
{
  test_wait_for_frames (GTK_WIDGET (self->window), 3);
}

void
test_fold_set_shown (TestFold *self,
                     gboolean shown)
{
  demo_fold_set_shown (self->fold, shown);
  test_fold_go_on (self);
}

/* That it is so, and to be seen. */
void
test_fold_check (TestFold *self,
                 gboolean folded,
                 gboolean shown)
{
  g_assert_cmpint (demo_fold_get_folded (self->fold), ==, folded);
  g_assert_cmpint (gtk_widget_has_css_class (GTK_WIDGET (self->fold), "folded"), ==, folded);
  g_assert_cmpint (demo_fold_get_shown (self->fold), ==, shown);
  g_assert_cmpint (gtk_widget_get_mapped (self->side), ==, shown);
  g_assert_cmpint (gtk_widget_get_mapped (self->scrim), ==, folded && shown);
}
