/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Reads JSON and is strict about it: https://www.rfc-editor.org/rfc/rfc8259 */

typedef enum {
  TEST_JSON_NULL,
  TEST_JSON_FALSE,
  TEST_JSON_TRUE,
  TEST_JSON_NUMBER,
  TEST_JSON_STRING,
  TEST_JSON_ARRAY,
  TEST_JSON_OBJECT
} TestJsonType;

typedef struct {
  TestJsonType type;
  double number;
  char *string;
  GPtrArray *names;  /* char *, of an object's members */
  GPtrArray *values; /* TestJson, of an array or object */
} TestJson;

TestJson       *test_json_parse   (const char     *text);
void            test_json_free    (TestJson       *self);

gboolean        test_json_has     (const TestJson *self,
                                   const char     *name);
const TestJson *test_json_get     (const TestJson *self,
                                   const char     *path);
double          test_json_number  (const TestJson *self,
                                   const char     *path);
const char     *test_json_string  (const TestJson *self,
                                   const char     *path);
gboolean        test_json_boolean (const TestJson *self,
                                   const char     *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestJson, test_json_free)

G_END_DECLS
