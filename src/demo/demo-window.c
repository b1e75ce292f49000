/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "demo-window.h"

#include <glib/gi18n.h>

#include "demo-fold.h"
#include "demo-guide.h"
#include "demo-jobs-panel.h"
#include "demo-jobs.h"
#include "demo-page.h"
#include "demo-settings.h"
#include "demo-sidebar.h"
#include "demo-stage.h"

/* Below which width, in px, the list lies over the page, and of which size letters are then, in px;
 * of larger ones, fewer fit. */
#define FOLD_WIDTH  780
#define LETTER_SIZE 15.0

struct _DemoWindow
{
  GtkApplicationWindow parent_instance;

  GPtrArray *scenarios;

  DemoStage *stage;
  DemoGuide *guide;
  DemoSidebar *sidebar;
  GtkStack *pages;
  DemoFold *sidebar_fold;
  DemoFold *jobs_fold;
  GtkWidget *jobs_button;
  GtkLabel *jobs_badge;
};

G_DEFINE_FINAL_TYPE (DemoWindow, demo_window, GTK_TYPE_APPLICATION_WINDOW)

static DemoPage *
get_page (DemoWindow *self)
{
  return DEMO_PAGE (gtk_stack_get_visible_child (self->pages));
}

static void
freeze_cb (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  demo_scenario_start (demo_page_get_scenario (get_page (DEMO_WINDOW (widget))), DEMO_MODE_FREEZE);
}

static void
asyncify_cb (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  demo_scenario_start (demo_page_get_scenario (get_page (DEMO_WINDOW (widget))),
                       DEMO_MODE_ASYNCIFY);
}

static void
cancel_cb (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  demo_page_cancel (get_page (DEMO_WINDOW (widget)));
}

static void
search_cb (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  DemoWindow *self = DEMO_WINDOW (widget);

  demo_fold_set_shown (self->sidebar_fold, TRUE);
  demo_sidebar_start_search (self->sidebar);
}

/* GTK would make it along with the window, which would be there later for that. */
static void
show_help_cb (GSimpleAction *action,
              GVariant *parameter,
              gpointer user_data)
{
  GtkApplicationWindow *window = GTK_APPLICATION_WINDOW (user_data);

  if (gtk_application_window_get_help_overlay (window) == NULL)
    {
      g_autoptr (GtkBuilder) builder
        = gtk_builder_new_from_resource ("/io/github/asyncify/Demo/help-overlay.ui");

      gtk_application_window_set_help_overlay (
        window, GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "help_overlay")));
    }

  gtk_window_present (GTK_WINDOW (gtk_application_window_get_help_overlay (window)));
}

static void
update_jobs_badge (DemoWindow *self)
{
  guint n_active = demo_jobs_get_active (demo_jobs_get_default ());
  g_autofree char *number = g_strdup_printf ("%u", n_active);
  g_autofree char *description
    = g_strdup_printf (ngettext ("%u under way", "%u under way", n_active), n_active);

  gtk_label_set_label (self->jobs_badge, number);
  gtk_widget_set_visible (GTK_WIDGET (self->jobs_badge), n_active > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->jobs_button),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description, -1);
}

static DemoScenario *
find_scenario (DemoWindow *self,
               const char *id)
{
  for (guint i = 0; i < self->scenarios->len; i++)
    if (g_str_equal (demo_scenario_get_id (g_ptr_array_index (self->scenarios, i)), id))
      return g_ptr_array_index (self->scenarios, i);

  return NULL;
}

/* A page is made when it is looked at for the first time: the window is there sooner. */
static void
chosen_cb (DemoWindow *self,
           const char *id)
{
  if (gtk_stack_get_child_by_name (self->pages, id) == NULL)
    gtk_stack_add_named (self->pages, demo_page_new (find_scenario (self, id)), id);

  gtk_stack_set_visible_child_name (self->pages, id);
}

/* In a narrow window the list lies over the page that was picked. */
static void
activated_cb (DemoWindow *self)
{
  if (demo_fold_get_folded (self->sidebar_fold))
    demo_fold_set_shown (self->sidebar_fold, FALSE);
}

static void
page_shown_cb (DemoWindow *self)
{
  DemoPage *page = get_page (self);

  if (page != NULL)
    gtk_window_set_default_widget (GTK_WINDOW (self), demo_page_get_default (page));
}

static void
demo_window_dispose (GObject *object)
{
  DemoWindow *self = DEMO_WINDOW (object);

  /* What a menu keeps of them outlives the window, and they would keep all that is in it. */
  g_action_map_remove_action (G_ACTION_MAP (self), "sidebar");
  g_action_map_remove_action (G_ACTION_MAP (self), "jobs");
  g_action_map_remove_action (G_ACTION_MAP (self), "show-help-overlay");
  g_clear_pointer (&self->scenarios, g_ptr_array_unref);

  G_OBJECT_CLASS (demo_window_parent_class)->dispose (object);
}

static double
get_letter_size (GtkWidget *widget)
{
  PangoContext *context = gtk_widget_get_pango_context (widget);
  const PangoFontDescription *font = pango_context_get_font_description (context);
  double size = (double) pango_font_description_get_size (font) / PANGO_SCALE;

  if (!pango_font_description_get_size_is_absolute (font))
    size *= pango_cairo_context_get_resolution (context) / 72;

  return size;
}

static void
update_fold_width (DemoWindow *self)
{
  double scale = MAX (get_letter_size (GTK_WIDGET (self)) / LETTER_SIZE, 1);

  g_object_set (self->sidebar_fold, "fold-width", (int) (FOLD_WIDTH * scale), NULL);
}

/* There are other letters, or larger ones. */
static void
demo_window_css_changed (GtkWidget *widget,
                         GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (demo_window_parent_class)->css_changed (widget, change);

  if (DEMO_WINDOW (widget)->sidebar_fold != NULL)
    update_fold_width (DEMO_WINDOW (widget));
}

static void
demo_window_class_init (DemoWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_window_dispose;
  widget_class->css_changed = demo_window_css_changed;

  g_type_ensure (DEMO_TYPE_FOLD);
  g_type_ensure (DEMO_TYPE_GUIDE);
  g_type_ensure (DEMO_TYPE_JOBS_PANEL);
  g_type_ensure (DEMO_TYPE_SIDEBAR);
  g_type_ensure (DEMO_TYPE_STAGE);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/asyncify/Demo/demo-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, stage);
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, guide);
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, sidebar_fold);
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, jobs_fold);
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, jobs_button);
  gtk_widget_class_bind_template_child (widget_class, DemoWindow, jobs_badge);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_shown_cb);

  gtk_widget_class_install_action (widget_class, "demo.freeze", NULL, freeze_cb);
  gtk_widget_class_install_action (widget_class, "demo.asyncify", NULL, asyncify_cb);
  gtk_widget_class_install_action (widget_class, "demo.cancel", NULL, cancel_cb);
  gtk_widget_class_install_action (widget_class, "demo.search", NULL, search_cb);
}

static void
add_property_action (DemoWindow *self,
                     const char *name,
                     DemoFold *fold)
{
  g_autoptr (GPropertyAction) action = g_property_action_new (name, fold, "shown");

  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
}

static void
demo_window_init (DemoWindow *self)
{
  static const GActionEntry help = { .name = "show-help-overlay", .activate = show_help_cb };

  gtk_widget_init_template (GTK_WIDGET (self));

  g_action_map_add_action_entries (G_ACTION_MAP (self), &help, 1, self);
  add_property_action (self, "sidebar", self->sidebar_fold);
  add_property_action (self, "jobs", self->jobs_fold);

  g_signal_connect_object (demo_jobs_get_default (), "changed", G_CALLBACK (update_jobs_badge),
                           self, G_CONNECT_SWAPPED);
  update_jobs_badge (self);
}

/* @scenarios: (element-type DemoScenario) */
GtkWidget *
demo_window_new (GtkApplication *application,
                 GPtrArray *scenarios)
{
  DemoWindow *self = g_object_new (DEMO_TYPE_WINDOW, "application", application, NULL);

  self->scenarios = g_ptr_array_ref (scenarios);
  for (guint i = 0; i < scenarios->len; i++)
    {
      DemoScenario *scenario = g_ptr_array_index (scenarios, i);

      demo_scenario_set_meter (scenario, demo_window_get_meter (self));
      demo_sidebar_add (self->sidebar, scenario);
      demo_guide_watch (self->guide, scenario);
    }
  demo_sidebar_choose (self->sidebar, demo_scenario_get_id (g_ptr_array_index (scenarios, 0)));

  return GTK_WIDGET (self);
}

/* Returns: (transfer none): what measures the loop and the frames of this window */
DemoMeter *
demo_window_get_meter (DemoWindow *self)
{
  return demo_stage_get_meter (self->stage);
}

/* Turns to the page of the scenario @id. Returns: whether there is one */
gboolean
demo_window_show_scenario (DemoWindow *self,
                           const char *id)
{
  return demo_sidebar_choose (self->sidebar, id);
}

static void
remember_scenario (GSettings *settings,
                   const char *id)
{
  g_settings_set_string (settings, DEMO_SETTINGS_SCENARIO, id);
}

/* Makes the window what it was last, and remembers what becomes of it. Before it is shown.
 * @settings: must outlive the window */
void
demo_window_remember (DemoWindow *self,
                      GSettings *settings)
{
  g_autofree char *id = g_settings_get_string (settings, DEMO_SETTINGS_SCENARIO);

  demo_settings_bind_window (settings, GTK_WINDOW (self));
  g_settings_bind (settings, DEMO_SETTINGS_SIDEBAR, self->sidebar_fold, "shown-unfolded",
                   DEMO_SETTINGS_BIND);
  g_settings_bind (settings, DEMO_SETTINGS_JOBS, self->jobs_fold, "shown-unfolded",
                   DEMO_SETTINGS_BIND);
  g_settings_bind (settings, DEMO_SETTINGS_GUIDE, self->guide, "done", DEMO_SETTINGS_BIND);

  demo_window_show_scenario (self, id);
  g_signal_connect_object (self->sidebar, "chosen", G_CALLBACK (remember_scenario), settings,
                           G_CONNECT_SWAPPED);
}

/* Nobody is there who would have to be told what to press. */
void
demo_window_skip_guide (DemoWindow *self)
{
  demo_guide_set_done (self->guide, TRUE);
}
