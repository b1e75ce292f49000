/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testwidgets.h"

/* How long anything may take on the busiest machine, in s. Then a test has hung. */
#define EMERGENCY (60 * TEST_SLOWNESS)

/* Returns: whether there is a display; if not, the test was reported as skipped */
gboolean
test_widgets_begin (void)
{
  if (gtk_init_check ())
    return TRUE;

  g_print ("1..0 # SKIP there is no display\n");
  return FALSE;
}

static gboolean
emergency_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_CONTINUE;
}

/* Lets the main loop run until @predicate holds. */
void
test_wait_until (TestPredicate predicate,
                 gpointer data)
{
  gboolean hangs = FALSE;
  guint emergency = g_timeout_add_seconds (EMERGENCY, emergency_cb, &hangs);

  while (!predicate (data))
    {
      g_main_context_iteration (NULL, TRUE);
      g_assert_false (hangs);
    }

  g_source_remove (emergency);
}

/* Lets the main loop go on a little, without waiting for anything. */
void
test_iterate (guint n_times)
{
  for (guint i = 0; i < n_times; i++)
    g_main_context_iteration (NULL, FALSE);
}

static gboolean
count_frame_cb (GtkWidget *widget,
                GdkFrameClock *clock,
                gpointer user_data)
{
  (*(guint *) user_data)--;

  return G_SOURCE_CONTINUE;
}

static gboolean
is_zero (gpointer data)
{
  return *(guint *) data == 0;
}

/* Lets what is only done from frame to frame take place. */
void
test_wait_for_frames (GtkWidget *widget,
                      guint n_frames)
{
  guint counter = gtk_widget_add_tick_callback (widget, count_frame_cb, &n_frames, NULL);

  test_wait_until (is_zero, &n_frames);
  gtk_widget_remove_tick_callback (widget, counter);
}

typedef gboolean (*Match) (GtkWidget *widget, gconstpointer wanted);

static GtkWidget *
find (GtkWidget *widget,
      GType type,
      Match match,
      gconstpointer wanted)
{
  GtkWidget *found = NULL;

  if (g_type_is_a (G_OBJECT_TYPE (widget), type) && match (widget, wanted))
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type, match, wanted);

  return found;
}

static gboolean
has_css_class (GtkWidget *widget,
               gconstpointer wanted)
{
  return wanted == NULL || gtk_widget_has_css_class (widget, wanted);
}

/* Returns: (nullable): the first one. @css_class: (nullable) */
GtkWidget *
test_find (GtkWidget *top,
           GType type,
           const char *css_class)
{
  return find (top, type, has_css_class, css_class);
}

static gboolean
text_is (GtkWidget *widget,
         gconstpointer wanted)
{
  return g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), wanted);
}

/* A button's text, or one of its texts, or what it says when the pointer rests on it. */
static gboolean
button_says (GtkWidget *widget,
             gconstpointer wanted)
{
  return find (widget, GTK_TYPE_LABEL, text_is, wanted) != NULL
         || g_strcmp0 (gtk_widget_get_tooltip_text (widget), wanted) == 0;
}

/* Returns: the button that says @label; there has to be one */
GtkWidget *
test_find_button (GtkWidget *top,
                  const char *label)
{
  GtkWidget *button = find (top, GTK_TYPE_BUTTON, button_says, label);

  g_assert_nonnull (button);

  return button;
}

static gboolean
label_says (GtkWidget *widget,
            gconstpointer wanted)
{
  return gtk_label_get_mnemonic_widget (GTK_LABEL (widget)) != NULL
         && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), wanted);
}

/* Returns: what @label stands beside, such as a slider; there has to be one */
GtkWidget *
test_find_control (GtkWidget *top,
                   const char *label)
{
  GtkWidget *caption = find (top, GTK_TYPE_LABEL, label_says, label);

  g_assert_nonnull (caption);

  return gtk_label_get_mnemonic_widget (GTK_LABEL (caption));
}

/* Returns: the entry that @label stands beside; there has to be one */
GtkWidget *
test_find_entry (GtkWidget *top,
                 const char *label)
{
  GtkWidget *entry = test_find_control (top, label);

  g_assert_true (GTK_IS_ENTRY (entry));

  return entry;
}

/* Presses @button, which has to be one that a person can press. */
void
test_click (GtkWidget *button)
{
  g_assert_true (gtk_widget_get_mapped (button));
  g_assert_true (gtk_widget_is_sensitive (button));

  g_signal_emit_by_name (button, "clicked");
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

/* Closes @window; nothing may keep it alive. */
void
test_destroy_window (GtkWindow *window)
{
  g_object_add_weak_pointer (G_OBJECT (window), (gpointer *) &window);
  gtk_window_destroy (window);
  test_wait_until (is_gone, &window);
}
