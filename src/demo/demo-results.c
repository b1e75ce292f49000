/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-results.h"

#include <glib/gi18n.h>

#include "demo-access.h"

/* A list view makes this many rows, and a grid view of seven columns this many cells, and then
 * uses them again and again. */
#define ALL_ROWS 216

/* So many are made or done away with at a time, until PART us of a frame are over. */
#define AT_ONCE 4
#define PART    3000

typedef struct {
  DemoScenario *scenario;
  GtkSliceListModel *slice; /* what was let in so far, or not yet out */
  gboolean letting_out;     /* it has the items of the run before, which nobody sees any more */
  guint tick;               /* while rows are let in or out */

  /* What shows in place of an empty list */
  char *empty;
  GtkWidget *spinner; /* owned by the stack */
  GtkLabel *hint;     /* owned by the stack */
} Results;

static void
results_free (gpointer data)
{
  Results *self = data;

  g_object_unref (self->scenario);
  g_object_unref (self->slice);
  g_free (self->empty);
  g_free (self);
}

static gboolean
is_running (Results *self)
{
  return demo_scenario_get_state (self->scenario) == DEMO_SCENARIO_RUNNING;
}

static Results *
get_results (GtkWidget *stack)
{
  return g_object_get_data (G_OBJECT (stack), "results");
}

static void
update_hint (Results *self)
{
  gboolean running = is_running (self);
  const char *hint = self->empty;

  if (running)
    hint = _ ("Nothing so far…");
  else if (self->letting_out)
    hint = NULL; /* what there is comes in a moment */
  else if (demo_scenario_get_state (self->scenario) == DEMO_SCENARIO_SUCCEEDED)
    hint = _ ("There is nothing to show.");

  gtk_widget_set_visible (self->spinner, running);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), running);
  gtk_label_set_label (self->hint, hint);
}

/* There is a page for the list, and one for why it is empty. */
static void
update_page (GtkWidget *stack)
{
  Results *self = get_results (stack);
  gboolean is_empty
    = self->letting_out || g_list_model_get_n_items (G_LIST_MODEL (self->slice)) == 0;

  if (is_empty)
    update_hint (self);
  else
    gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), FALSE);
  gtk_stack_set_visible_child_name (GTK_STACK (stack), is_empty ? "empty" : "list");
}

static gboolean
is_complete (Results *self)
{
  GListModel *model = gtk_slice_list_model_get_model (self->slice);

  return gtk_slice_list_model_get_size (self->slice) >= ALL_ROWS
         || (!is_running (self)
             && g_list_model_get_n_items (G_LIST_MODEL (self->slice))
                  == (model != NULL ? g_list_model_get_n_items (model) : 0));
}

/* Returns: whether there was anything to be let in */
static gboolean
let_in (Results *self)
{
  guint size = gtk_slice_list_model_get_size (self->slice);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->slice)) < size)
    return FALSE;

  gtk_slice_list_model_set_size (self->slice, size + AT_ONCE);
  return TRUE;
}

/* Returns: whether there was anything to be let out */
static gboolean
let_out (Results *self)
{
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->slice));
  guint n_out = n_items > ALL_ROWS ? n_items / 8 : AT_ONCE; /* most have no rows */

  gtk_slice_list_model_set_size (self->slice, n_items > n_out ? n_items - n_out : 0);
  return n_items > 0;
}

/* A list view makes its rows, two hundred of them, as soon as there are items, and does away with
 * them as soon as there are none. Either takes longer than a frame. So the items get in by and by
 * until there are all the rows; and out again, behind the page for an empty list. */
static void
let_pass (GtkWidget *stack)
{
  Results *self = get_results (stack);
  gint64 until = g_get_monotonic_time () + PART;

  while (self->letting_out ? let_out (self) : !is_complete (self) && let_in (self))
    if (g_get_monotonic_time () >= until)
      return;

  if (self->letting_out)
    {
      self->letting_out = FALSE;
      gtk_slice_list_model_set_model (self->slice, demo_scenario_get_items (self->scenario));
      update_page (stack);
    }
}

static gboolean
let_pass_cb (GtkWidget *stack,
             GdkFrameClock *clock,
             gpointer user_data)
{
  Results *self = get_results (stack);

  let_pass (stack);
  if (self->letting_out || !is_complete (self))
    return G_SOURCE_CONTINUE;

  gtk_slice_list_model_set_size (self->slice, G_MAXUINT);
  self->tick = 0;
  return G_SOURCE_REMOVE;
}

/* There are other items now. If there were only a few, they make way for them at once. */
static void
take_items (GtkWidget *stack)
{
  Results *self = get_results (stack);

  self->letting_out = TRUE;
  if (!gtk_widget_get_mapped (stack))
    gtk_slice_list_model_set_size (self->slice, 0);
  update_page (stack);
  let_pass (stack);
  if (self->tick == 0)
    self->tick = gtk_widget_add_tick_callback (stack, let_pass_cb, NULL, NULL);
}

static GtkWidget *
create_empty_page (Results *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->hint = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->hint, TRUE);
  gtk_label_set_justify (self->hint, GTK_JUSTIFY_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->hint), "dim-label");

  self->spinner = gtk_spinner_new ();
  gtk_widget_set_size_request (self->spinner, 24, 24);
  gtk_widget_set_halign (self->spinner, GTK_ALIGN_CENTER);

  gtk_box_append (GTK_BOX (box), self->spinner);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->hint));
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);

  return box;
}

static void
add_page (GtkStack *stack,
          const char *name,
          GtkWidget *page)
{
  gtk_stack_add_named (stack, page, name);
  demo_access_hide_while_unmapped (page);
}

static GtkWidget *
create_stack (Results *self,
              GtkWidget *list,
              int height)
{
  GtkStack *stack = GTK_STACK (gtk_stack_new ());
  GtkWidget *scroller = gtk_scrolled_window_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), list);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  add_page (stack, "empty", create_empty_page (self));
  add_page (stack, "list", scroller);
  gtk_widget_add_css_class (GTK_WIDGET (stack), "card");
  gtk_widget_set_vexpand (GTK_WIDGET (stack), TRUE);
  gtk_widget_set_size_request (GTK_WIDGET (stack), -1, height);
  gtk_widget_set_overflow (GTK_WIDGET (stack), GTK_OVERFLOW_HIDDEN);

  return GTK_WIDGET (stack);
}

GtkWidget *
demo_results_new (DemoScenario *scenario,
                  GtkWidget *list,
                  int height,
                  const char *empty)
{
  Results *self = g_new0 (Results, 1);
  GtkWidget *stack = create_stack (self, list, height);
  g_autoptr (GtkNoSelection) selection = NULL;

  self->scenario = g_object_ref (scenario);
  self->slice = gtk_slice_list_model_new (NULL, 0, 0);
  self->empty = g_strdup (empty);
  g_object_set_data_full (G_OBJECT (stack), "results", self, results_free);

  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->slice)));
  g_object_set (list, "model", selection, NULL);

  g_signal_connect_object (self->slice, "items-changed", G_CALLBACK (update_page), stack,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (scenario, "notify::state", G_CALLBACK (update_page), stack,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (scenario, "notify::items", G_CALLBACK (take_items), stack,
                           G_CONNECT_SWAPPED);
  update_page (stack);

  return stack;
}
