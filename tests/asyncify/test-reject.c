/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* What the compiler has to reject, and the line that it has to blame: the one that ends
 * in HERE.
 */

#include "testcompile.h"

#define HERE "/* HERE */\n"

/* Calls are made inside of this. */
#define BEGIN                                                                                      \
  "#include <asyncify/asyncify.h>\n"                                                               \
  "char *do_sync_work (const char *name);\n"                                                       \
  "void pause_work (void);\n"                                                                      \
  "gboolean measure (GFile *file, const char *const *names, GBytes *bytes, GError **error,\n"      \
  "                  guint64 *size, char **unit);\n"                                               \
  "ASYNCIFY_DEFINE (STRING, do_sync_work, STRING (name))\n"                                        \
  "ASYNCIFY_DEFINE (NOTHING, pause_work)\n"                                                        \
  "ASYNCIFY_DEFINE (BOOLEAN, measure, OBJECT (GFile, file), STRV (names),\n"                       \
  "                 BOXED (GBytes, bytes, g_bytes_ref, g_bytes_unref), THROWS,\n"                  \
  "                 OUT_VALUE (guint64, size), OUT_STRING (unit))\n"                               \
  "SYNCIFY_DEFINE (STRING, work_and_wait, do_sync_work_async, do_sync_work_finish,\n"              \
  "                STRING (name))\n"                                                               \
  "SYNCIFY_DEFINE (BOOLEAN, load_and_wait, g_file_load_contents_async,\n"                          \
  "                g_file_load_contents_finish, SELF (GFile, file), OUT_STRING (contents),\n"      \
  "                OUT_VALUE (gsize, length), OUT_STRING (etag))\n"                                \
  "static void with_int (int number, GAsyncResult *result, gpointer data) { }\n"                   \
  "void test (const char *name, const char *const *names, GFile *file, GBytes *bytes,\n"           \
  "           GCancellable *cancellable, GAsyncReadyCallback callback, GAsyncResult *result,\n"    \
  "           GError **error);\n"                                                                  \
  "void test (const char *name, const char *const *names, GFile *file, GBytes *bytes,\n"           \
  "           GCancellable *cancellable, GAsyncReadyCallback callback, GAsyncResult *result,\n"    \
  "           GError **error)\n"                                                                   \
  "{\n"                                                                                            \
  "  guint64 size; char *unit; const char *constant; const GFile *const_file = file;\n"            \
  "  AsyncifyOptions options = { .priority = 1 };\n"                                               \
  "  (void) with_int; (void) size; (void) unit; (void) constant; (void) const_file;\n"             \
  "  (void) options;\n"
#define END "}\n"

typedef struct {
  const char *name;
  const char *source;
} Case;

/* Calls: the line is that of the call. */
static const Case calls[] = {
  { "int-for-a-string", "do_sync_work_async (5, cancellable, callback, NULL);" HERE },
  { "object-for-a-string", "do_sync_work_async (file, cancellable, callback, NULL);" HERE },
  { "too-few-arguments", "do_sync_work_async (cancellable, callback, NULL);" HERE },
  { "too-many-arguments", "do_sync_work_async (name, 5, cancellable, callback, NULL);" HERE },
  { "argument-of-another-pair", "pause_work_async (name, cancellable, callback, NULL);" HERE },
  { "another-object",
    "measure_async (cancellable, names, bytes, cancellable, callback, NULL);" HERE },
  { "string-for-a-strv", "measure_async (file, name, bytes, cancellable, callback, NULL);" HERE },
  { "another-boxed", "measure_async (file, names, file, cancellable, callback, NULL);" HERE },
  { "const-is-discarded",
    "measure_async (const_file, names, bytes, cancellable, callback, NULL);" HERE },
  { "arguments-in-another-order",
    "measure_async (file, names,\n cancellable," HERE "bytes, callback, NULL);\n" },
  { "callback-with-another-signature",
    "do_sync_work_async (name, cancellable, with_int, NULL);" HERE },
  { "options-forgotten", "do_sync_work_async_full (name, cancellable, callback, NULL);" HERE },
  { "options-by-value",
    "do_sync_work_async_full (name, options, cancellable, callback, NULL);" HERE },
  { "option-that-is-none",
    "do_sync_work_async_full (name, &(AsyncifyOptions) { .urgency = 1 }, NULL, NULL, NULL);" HERE },
  { "option-of-another-type",
    "do_sync_work_async_full (name, &(AsyncifyOptions) { .job = file }, NULL, NULL, NULL);" HERE },
  { "result-for-an-int", "int length = do_sync_work_finish (result, error); (void) length;" HERE },
  { "result-for-an-object", "GFile *f = do_sync_work_finish (result, error); (void) f;" HERE },
  { "result-is-dropped", "do_sync_work_finish (result, error);" HERE },
  { "result-of-nothing", "int n = pause_work_finish (result, error); (void) n;" HERE },
  { "finish-without-error", "unit = do_sync_work_finish (result);" HERE },
  { "finish-without-out", "measure_finish (result, error);" HERE },
  { "out-in-another-order", "measure_finish (result, &unit, &size, error);" HERE },
  { "out-by-value", "measure_finish (result, size, &unit, error);" HERE },
  { "out-into-a-constant", "measure_finish (result, &size, &constant, error);" HERE },
  { "error-by-value", "unit = do_sync_work_finish (result, *error);" HERE },
  { "string-for-a-source-object",
    "load_and_wait (name, cancellable, &unit, NULL, NULL, error);" HERE },
  { "const-of-a-source-object-is-discarded",
    "load_and_wait (const_file, cancellable, &unit, NULL, NULL, error);" HERE },
  { "blocking-without-cancellable", "load_and_wait (file, &unit, NULL, NULL, error);" HERE },
  { "blocking-without-error", "unit = work_and_wait (name, cancellable);" HERE },
  { "blocking-out-in-another-order",
    "load_and_wait (file, cancellable, &size, &unit, NULL, error);" HERE },
  { "blocking-result-for-an-object",
    "GFile *f = work_and_wait (name, cancellable, error); (void) f;" HERE },
  { "blocking-result-is-dropped", "work_and_wait (name, cancellable, error);" HERE },
  { "blocking-is-not-asynchronous",
    "work_and_wait (name, cancellable, callback, NULL);" HERE },
};

/* Definitions: gcc puts the blame on a line of the header, and says then which line of
 * ours it came from. */
static const Case definitions[] = {
  { "parameters-in-another-order",
    "int f (const char *s, int i);\n"
    "ASYNCIFY_DEFINE (VALUE (int), f, VALUE (int, i), STRING (s))" HERE },
  { "parameter-forgotten",
    "int f (const char *s, int i);\n"
    "ASYNCIFY_DEFINE (VALUE (int), f, STRING (s))" HERE },
  { "throws-forgotten",
    "int f (int i, GError **error);\n"
    "ASYNCIFY_DEFINE (VALUE (int), f, VALUE (int, i))" HERE },
  { "parameter-too-many",
    "int f (const char *s);\n"
    "ASYNCIFY_DEFINE (VALUE (int), f, STRING (s), VALUE (int, i))" HERE },
  { "kind-that-is-none",
    "int f (const char *s);\n"
    "ASYNCIFY_DEFINE (VALUE (int), f, STRNIG (s))" HERE },
  { "kind-of-return-that-is-none",
    "int f (const char *s);\n"
    "ASYNCIFY_DEFINE (INT, f, STRING (s))" HERE },
  { "another-parameter-type",
    "int f (GFile *file);\n"
    "ASYNCIFY_DEFINE (VALUE (int), f, OBJECT (GCancellable, file))" HERE },
  { "another-out-type",
    "int f (int *n);\n"
    "ASYNCIFY_DEFINE (VALUE (int), f, OUT_VALUE (double, n))" HERE },
  { "out-for-an-argument",
    "int f (const char *s);\n"
    "ASYNCIFY_DEFINE (VALUE (int), f, OUT_STRING (s))" HERE },
  { "another-return-type",
    "int f (void);\n"
    "ASYNCIFY_DEFINE (STRING, f)" HERE },
  { "constant-is-not-to-be-freed",
    "const char *f (void);\n"
    "ASYNCIFY_DEFINE (STRING, f)" HERE },
  { "nothing-is-no-value",
    "void f (void);\n"
    "ASYNCIFY_DEFINE (VALUE (int), f)" HERE },
  { "copied-by-another-function",
    "int f (GBytes *bytes);\n"
    "ASYNCIFY_DEFINE (VALUE (int), f, BOXED (GBytes, bytes, g_error_copy, g_bytes_unref))" HERE },
  { "freed-by-another-function",
    "int f (GBytes *bytes);\n"
    "ASYNCIFY_DEFINE (VALUE (int), f, BOXED (GBytes, bytes, g_bytes_ref, g_error_free))" HERE },
  { "function-that-is-none", "ASYNCIFY_DEFINE (VALUE (int), f, STRING (s))" HERE },
  { "defined-twice",
    "int f (void);\n"
    "ASYNCIFY_DEFINE (VALUE (int), f)\n"
    "ASYNCIFY_DEFINE (VALUE (int), f)" HERE },
  { "implemented-otherwise-than-declared",
    "int f (const char *s);\n"
    "ASYNCIFY_DECLARE (VALUE (int), f, VALUE (int, s))\n"
    "ASYNCIFY_IMPLEMENT (VALUE (int), f, STRING (s))" HERE },
  { "pair-with-another-source-object",
    "SYNCIFY_DEFINE (OBJECT (GFileInputStream), f, g_file_read_async, g_file_read_finish, "
    "SELF (GCancellable, file), VALUE (int, priority))" HERE },
  { "pair-with-source-object-as-an-argument",
    "SYNCIFY_DEFINE (OBJECT (GFileInputStream), f, g_file_read_async, g_file_read_finish, "
    "OBJECT (GFile, file), VALUE (int, priority))" HERE },
  { "pair-with-argument-forgotten",
    "SYNCIFY_DEFINE (OBJECT (GFileInputStream), f, g_file_read_async, g_file_read_finish, "
    "SELF (GFile, file))" HERE },
  { "pair-with-out-forgotten",
    "SYNCIFY_DEFINE (BOXED (GBytes, g_bytes_ref, g_bytes_unref), f, g_file_load_bytes_async, "
    "g_file_load_bytes_finish, SELF (GFile, file))" HERE },
  { "pair-with-another-out-type",
    "SYNCIFY_DEFINE (BOXED (GBytes, g_bytes_ref, g_bytes_unref), f, g_file_load_bytes_async, "
    "g_file_load_bytes_finish, SELF (GFile, file), OUT_VALUE (int, etag))" HERE },
  { "pair-with-another-return-type",
    "SYNCIFY_DEFINE (STRING, f, g_file_read_async, g_file_read_finish, SELF (GFile, file), "
    "VALUE (int, priority))" HERE },
  { "pair-that-is-none",
    "SYNCIFY_DEFINE (OBJECT (GFileInputStream), f, g_file_read, g_file_read_finish, "
    "SELF (GFile, file), VALUE (int, priority))" HERE },
  { "pair-implemented-otherwise-than-declared",
    "SYNCIFY_DECLARE (OBJECT (GFileInputStream), f, g_file_read_async, g_file_read_finish, "
    "SELF (GFile, file), VALUE (guint64, priority))\n"
    "SYNCIFY_IMPLEMENT (OBJECT (GFileInputStream), f, g_file_read_async, g_file_read_finish, "
    "SELF (GFile, file), VALUE (int, priority))" HERE },
  { "aligned-too-strictly",
    "typedef int Wide __attribute__ ((aligned (64)));\n"
    "int f (Wide wide);\n"
    "ASYNCIFY_DEFINE (VALUE (int), f, VALUE (Wide, wide))" HERE },
};

static const char *const strict[] = { "-std=gnu11", "-Wall", "-Wextra", "-Wno-unused-parameter",
                                      "-Wno-unused-function", "-Werror", NULL };

typedef struct {
  const char *compiler;
  const Case *the_case;
  gboolean is_call;
} Trial;

static guint
find_marked_line (const char *source)
{
  const char *mark = strstr (source, "/* HERE */");
  guint line = 1;

  g_assert_nonnull (mark);
  for (const char *p = source; p < mark; p++)
    line += *p == '\n';

  return line;
}

/* The first line of our own that is named, as in "/tmp/snippet:7:3: error: ..."; an
 * error somewhere else comes first at most if @elsewhere. Returns: 0 if there is none */
static guint
find_blamed_line (const char *output,
                  const char *path,
                  gboolean elsewhere)
{
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);
  g_autofree char *prefix = g_strconcat (path, ":", NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (g_str_has_prefix (lines[i], prefix) && g_ascii_isdigit (lines[i][strlen (prefix)]))
        return g_ascii_strtoull (lines[i] + strlen (prefix), NULL, 10);
      if (!elsewhere && strstr (lines[i], " error: ") != NULL)
        return 0;
    }

  return 0;
}

static char *
make_source (const Trial *trial)
{
  if (trial->is_call)
    return g_strconcat (BEGIN, trial->the_case->source, END, NULL);
  else
    return g_strconcat ("#include <asyncify/asyncify.h>\n", trial->the_case->source, NULL);
}

static void
test_rejected (gconstpointer data)
{
  const Trial *trial = data;
  g_autofree char *source = make_source (trial);
  g_autofree char *path = NULL;
  g_autofree char *output = NULL;
  gboolean accepted = test_compile (trial->compiler, "c", strict, source, &path, &output);

  g_test_message ("%s", output);
  g_assert_false (accepted);
  g_assert_cmpuint (find_blamed_line (output, path, !trial->is_call), ==,
                    find_marked_line (source));
}

/* What all cases stand between is all right. */
static void
test_accepted (gconstpointer data)
{
  const char *source = BEGIN "do_sync_work_async (name, cancellable, callback, NULL);\n"
    "do_sync_work_async_full (name, &options, cancellable, callback, NULL);\n"
    "do_sync_work_async_full (name, NULL, NULL, NULL, NULL);\n"
    "unit = do_sync_work_finish (result, error);\n"
    "pause_work_async (cancellable, callback, NULL);\n"
    "pause_work_finish (result, NULL);\n"
    "measure_async (file, names, bytes, cancellable, callback, NULL);\n"
    "if (measure_finish (result, &size, NULL, error)) return;\n"
    "if (measure_finish (result, NULL, &unit, NULL)) return;\n"
    "unit = work_and_wait (name, cancellable, error);\n"
    "if (load_and_wait (file, NULL, &unit, NULL, NULL, NULL)) return;\n" END;
  g_autofree char *output = NULL;

  if (!test_compile (data, "c", strict, source, NULL, &output))
    g_error ("%s", output);
}

/* Only tests that have run would be freed by GLib. */
static GPtrArray *trials;

static void
add_cases (const char *compiler,
           const char *name,
           const Case *cases,
           guint n_cases,
           gboolean is_call)
{
  for (guint i = 0; i < n_cases; i++)
    {
      g_autofree char *path = g_strdup_printf ("/reject/%s/%s/%s", name,
                                               is_call ? "call" : "definition", cases[i].name);
      Trial *trial = g_new (Trial, 1);

      *trial = (Trial) { compiler, &cases[i], is_call };
      g_ptr_array_add (trials, trial);
      g_test_add_data_func (path, trial, test_rejected);
    }
}

static void
add_compiler (const char *compiler,
              const char *name)
{
  g_autofree char *path = g_strdup_printf ("/reject/%s/nothing-that-is-right", name);

  if (!test_compile_has (compiler))
    return;

  g_test_add_data_func (path, compiler, test_accepted);
  add_cases (compiler, name, calls, G_N_ELEMENTS (calls), TRUE);
  add_cases (compiler, name, definitions, G_N_ELEMENTS (definitions), FALSE);
}

int
main (int argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);

  trials = g_ptr_array_new_with_free_func (g_free);
  add_compiler ("TEST_CC", "cc");
  add_compiler ("TEST_CLANG", "clang");
  status = g_test_run ();
  g_ptr_array_unref (trials);

  return status;
}
