/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "testjson.h"

#include <string.h>

#define SPACE " \t\n\r"

/* All of these take what they parse from the beginning of @text, and return FALSE, or NULL, if
 * that isn't there. */

static TestJson *parse_value (const char **text);

static gboolean
take (const char **text,
      const char *wanted)
{
  *text += strspn (*text, SPACE);
  if (!g_str_has_prefix (*text, wanted))
    return FALSE;

  *text += strlen (wanted);
  return TRUE;
}

static gboolean
take_digits (const char **text)
{
  gsize n_digits = strspn (*text, "0123456789");

  *text += n_digits;
  return n_digits > 0;
}

static gboolean
parse_number (const char **text,
              double *number)
{
  const char *begin = *text;
  gboolean is_zero;

  *text += **text == '-';
  is_zero = **text == '0';
  if (is_zero)
    (*text)++;
  else if (!take_digits (text))
    return FALSE;
  if (**text == '.' && ((*text)++, !take_digits (text)))
    return FALSE;
  if (**text == 'e' || **text == 'E')
    {
      (*text)++;
      *text += **text == '-' || **text == '+';
      if (!take_digits (text))
        return FALSE;
    }

  *number = g_ascii_strtod (begin, NULL);
  return TRUE;
}

static gboolean
parse_escape (const char **text,
              GString *string)
{
  static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
  const char *letter = **text != '\0' ? strchr (letters, **text) : NULL;
  guint code = 0;

  if (letter != NULL)
    {
      g_string_append_c (string, meanings[letter - letters]);
      (*text)++;
      return TRUE;
    }

  if (**text != 'u')
    return FALSE;
  (*text)++;
  for (guint i = 0; i < 4; i++, (*text)++)
    {
      if (!g_ascii_isxdigit (**text))
        return FALSE;
      code = code * 16 + g_ascii_xdigit_value (**text);
    }
  g_string_append_unichar (string, code);

  return code != 0;
}

static char *
parse_string (const char **text)
{
  g_autoptr (GString) string = g_string_new (NULL);

  if (!take (text, "\""))
    return NULL;

  while (**text != '"')
    if ((guchar) **text < 0x20)
      return NULL;
    else if (**text == '\\')
      {
        (*text)++;
        if (!parse_escape (text, string))
          return NULL;
      }
    else
      g_string_append_c (string, *(*text)++);
  (*text)++;

  return g_strdup (string->str);
}

static gboolean
parse_member (const char **text,
              TestJson *self)
{
  TestJson *value;

  if (self->type == TEST_JSON_OBJECT)
    {
      char *name = parse_string (text);

      if (name == NULL)
        return FALSE;
      for (guint i = 0; i < self->names->len; i++)
        if (g_str_equal (g_ptr_array_index (self->names, i), name))
          return (g_free (name), FALSE);
      g_ptr_array_add (self->names, name);
      if (!take (text, ":"))
        return FALSE;
    }

  value = parse_value (text);
  if (value != NULL)
    g_ptr_array_add (self->values, value);

  return value != NULL;
}

static gboolean
parse_members (const char **text,
               TestJson *self,
               const char *end)
{
  self->names = g_ptr_array_new_with_free_func (g_free);
  self->values = g_ptr_array_new_with_free_func ((GDestroyNotify) test_json_free);

  if (take (text, end))
    return TRUE;
  do
    if (!parse_member (text, self))
      return FALSE;
  while (take (text, ","));

  return take (text, end);
}

static gboolean
parse_any (const char **text,
           TestJson *self)
{
  static const struct {
    const char *text;
    TestJsonType type;
  } words[] = { { "null", TEST_JSON_NULL },
                { "false", TEST_JSON_FALSE },
                { "true", TEST_JSON_TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (take (text, words[i].text))
      {
        self->type = words[i].type;
        return TRUE;
      }

  self->type = TEST_JSON_OBJECT;
  if (take (text, "{"))
    return parse_members (text, self, "}");
  self->type = TEST_JSON_ARRAY;
  if (take (text, "["))
    return parse_members (text, self, "]");
  self->type = TEST_JSON_STRING;
  if (**text == '"')
    return (self->string = parse_string (text)) != NULL;
  self->type = TEST_JSON_NUMBER;

  return parse_number (text, &self->number);
}

static TestJson *
parse_value (const char **text)
{
  g_autoptr (TestJson) self = g_new0 (TestJson, 1);

  return parse_any (text, self) ? g_steal_pointer (&self) : NULL;
}

/* Returns: (transfer full) (nullable): NULL if @text is no JSON */
TestJson *
test_json_parse (const char *text)
{
  g_autoptr (TestJson) self = NULL;

  if (!g_utf8_validate (text, -1, NULL))
    return NULL;

  self = parse_value (&text);
  text += strspn (text, SPACE);

  return *text == '\0' ? g_steal_pointer (&self) : NULL;
}

void
test_json_free (TestJson *self)
{
  g_free (self->string);
  g_clear_pointer (&self->names, g_ptr_array_unref);
  g_clear_pointer (&self->values, g_ptr_array_unref);
  g_free (self);
}

static const TestJson *
get_member (const TestJson *self,
            const char *name)
{
  g_assert_cmpint (self->type, ==, TEST_JSON_OBJECT);
  for (guint i = 0; i < self->names->len; i++)
    if (g_str_equal (g_ptr_array_index (self->names, i), name))
      return g_ptr_array_index (self->values, i);

  g_error ("There is no “%s”", name);
}

/* Whether the object @self has a member @name. */
gboolean
test_json_has (const TestJson *self,
               const char *name)
{
  g_assert_cmpint (self->type, ==, TEST_JSON_OBJECT);

  return g_ptr_array_find_with_equal_func (self->names, name, g_str_equal, NULL);
}

/* @path: names of members, such as "platform.gtk". Returns: (transfer none): what is there */
const TestJson *
test_json_get (const TestJson *self,
               const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, ".", -1);

  for (guint i = 0; names[i] != NULL; i++)
    self = get_member (self, names[i]);

  return self;
}

double
test_json_number (const TestJson *self,
                  const char *path)
{
  const TestJson *value = test_json_get (self, path);

  g_assert_cmpint (value->type, ==, TEST_JSON_NUMBER);

  return value->number;
}

/* Returns: (transfer none) (nullable): NULL for null */
const char *
test_json_string (const TestJson *self,
                  const char *path)
{
  const TestJson *value = test_json_get (self, path);

  g_assert_true (value->type == TEST_JSON_STRING || value->type == TEST_JSON_NULL);

  return value->string;
}

gboolean
test_json_boolean (const TestJson *self,
                   const char *path)
{
  const TestJson *value = test_json_get (self, path);

  g_assert_true (value->type == TEST_JSON_TRUE || value->type == TEST_JSON_FALSE);

  return value->type == TEST_JSON_TRUE;
}
