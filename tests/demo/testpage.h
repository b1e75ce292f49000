/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include "testfolder.h"
#include "testwidgets.h"

G_BEGIN_DECLS

/* The page of a scenario, in a window; used as a person uses it. */
typedef struct {
  GtkWindow *window;
  GtkWidget *page;
} TestPage;

#define TEST_PAGE_WAYS 2

/* The two buttons, for tests that press either */
extern const char *const test_page_ways[TEST_PAGE_WAYS];

/* @data of the test: the id of the scenario */
void        test_page_set_up             (TestPage      *self,
                                          gconstpointer  data);
void        test_page_use_shown          (TestPage      *self,
                                          GtkWindow     *window);
void        test_page_close              (TestPage      *self);
void        test_page_tear_down          (TestPage      *self,
                                          gconstpointer  data);
void        test_page_add                (const char    *path,
                                          const char    *id,
                                          void         (*func) (TestPage *, gconstpointer));
void        test_page_add_without_sample (const char    *path,
                                          const char    *id,
                                          void         (*func) (TestPage *, gconstpointer));

void        test_page_type               (TestPage      *self,
                                          const char    *label,
                                          const char    *text);
void        test_page_add_file           (TestPage      *self,
                                          const char    *label,
                                          const char    *path);
void        test_page_choose             (TestPage      *self,
                                          const char    *label,
                                          guint          number);
void        test_page_slide              (TestPage      *self,
                                          const char    *label,
                                          double         value);
void        test_page_refuses            (TestPage      *self,
                                          const char    *label,
                                          const char    *bounds);
void        test_page_press              (TestPage      *self,
                                          const char    *label);
void        test_page_wait_until_idle    (TestPage      *self);
void        test_page_wait_for_items     (TestPage      *self,
                                          guint          n_items);
void        test_page_run                (TestPage      *self,
                                          const char    *label);

gboolean    test_page_is                 (TestPage      *self,
                                          const char    *outcome);
const char *test_page_get_result         (TestPage      *self);
GListModel *test_page_get_items          (TestPage      *self);
gboolean    test_page_has_row            (TestPage      *self,
                                          const char    *name,
                                          const char    *detail);

#define test_page_assert(self, outcome, text)                                                      \
  G_STMT_START                                                                                     \
  {                                                                                                \
    if (!test_page_is (self, outcome) || strstr (test_page_get_result (self), text) == NULL)       \
      g_error ("%s:%d: expected %s with “%s”, but the page says “%s”", __FILE__, __LINE__,         \
               outcome, text, test_page_get_result (self));                                        \
  }                                                                                                \
  G_STMT_END

G_END_DECLS
