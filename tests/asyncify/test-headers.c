/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* The public headers: one way to include them, from C and from C++. */

#include "testcompile.h"

#define UMBRELLA "#include <asyncify/asyncify.h>\n"

#define USES                                                                                       \
  "#include <string.h>\n"                                                                          \
  "char *f (const char *s);\n"                                                                     \
  "int g (int i);\n"                                                                               \
  "G_BEGIN_DECLS\n"                                                                                \
  "ASYNCIFY_DECLARE (STRING, f, STRING (s))\n"                                                     \
  "ASYNCIFY_DECLARE_AS (VALUE (int), h, g, VALUE (int, i))\n"                                      \
  "SYNCIFY_DECLARE (STRING, f_and_wait, f_async, f_finish, STRING (s))\n"                          \
  "SYNCIFY_DECLARE (OBJECT (GFileInputStream), read_and_wait, g_file_read_async,\n"                \
  "                 g_file_read_finish, SELF (GFile, file), VALUE (int, priority))\n"              \
  "G_END_DECLS\n"                                                                                  \
  "void use (GAsyncReadyCallback callback);\n"                                                     \
  "void use (GAsyncReadyCallback callback)\n"                                                      \
  "{\n"                                                                                            \
  "  AsyncifyLimiter *limiter = asyncify_limiter_new (ASYNCIFY_CHECK_VERSION (0, 1, 0));\n"        \
  "  AsyncifyJob *job = asyncify_job_new (ASYNCIFY_VERSION);\n"                                    \
  "  AsyncifyOptions options;\n"                                                                   \
  "  memset (&options, 0, sizeof options);\n"                                                      \
  "  options.limiter = limiter;\n"                                                                 \
  "  options.job = job;\n"                                                                         \
  "  f_async_full (\"s\", &options, NULL, callback, NULL);\n"                                      \
  "  h_async (5, NULL, callback, NULL);\n"                                                         \
  "  asyncify_set_progress (0.5);\n"                                                               \
  "  asyncify_watchdog_start (asyncify_watchdog_new (NULL, 50));\n"                                \
  "  AsyncifyGroup *group = asyncify_group_new (NULL);\n"                                          \
  "  f_async (\"s\", NULL, asyncify_soon_ready, asyncify_group_soon (group));\n"                   \
  "  g_free (f_and_wait (\"s\", NULL, NULL));\n"                                                   \
  "  g_object_unref (read_and_wait (NULL, 0, NULL, NULL));\n"                                      \
  "}\n"

static const char *const headers[] = {
  "asyncify-version.h", "asyncify-limiter.h", "asyncify-job.h",
  "asyncify-call.h",    "asyncify-define.h",  "asyncify-worker.h",
  "asyncify-watchdog.h", "asyncify-group.h",
  "asyncify-syncify.h",
};

typedef struct {
  const char *compiler;
  const char *language;
  const char *standard;
} Dialect;

static const Dialect dialects[] = {
  { "TEST_CC", "c", "-std=c11" },
  { "TEST_CC", "c", "-std=gnu17" },
  { "TEST_CLANG", "c", "-std=c11" },
  { "TEST_CLANG", "c", "-std=gnu17" },
  { "TEST_CXX", "c++", "-std=c++11" },
  { "TEST_CXX", "c++", "-std=c++17" },
};

static void
assert_accepted (const Dialect *dialect,
                 const char *source)
{
  const char *flags[] = { dialect->standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", NULL };
  g_autofree char *output = NULL;

  if (!test_compile (dialect->compiler, dialect->language, flags, source, NULL, &output))
    g_error ("%s", output);
}

static void
test_umbrella (gconstpointer data)
{
  const Dialect *dialect = data;

  if (!test_compile_has (dialect->compiler))
    g_test_skip ("no such compiler");
  else
    assert_accepted (dialect, UMBRELLA UMBRELLA USES);
}

static void
test_directly (gconstpointer data)
{
  g_autofree char *source = g_strdup_printf ("#include <asyncify/%s>\n", (const char *) data);
  g_autofree char *pattern = g_strdup_printf ("/%s:[0-9:]+ (fatal )?error: .*Only <asyncify/",
                                              (const char *) data);
  g_autofree char *output = NULL;

  g_assert_false (test_compile ("TEST_CC", "c", NULL, source, NULL, &output));
  g_assert_true (g_regex_match_simple (pattern, output, 0, 0));
}

/* Once the umbrella is there, they do no harm. Nor do they leave the way in open. */
static void
test_afterwards (void)
{
  g_autofree char *output = NULL;

  g_assert_false (test_compile ("TEST_CC", "c", NULL,
                                UMBRELLA "#ifdef ASYNCIFY_INSIDE\n"
                                         "int still_inside;\n"
                                         "#else\n"
                                         "#error it is closed\n"
                                         "#endif\n",
                                NULL, &output));
  g_assert_nonnull (strstr (output, "it is closed"));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (dialects); i++)
    {
      g_autofree char *path = g_strdup_printf ("/headers/umbrella/%s/%s", dialects[i].compiler,
                                               dialects[i].standard + strlen ("-std="));

      g_test_add_data_func (path, &dialects[i], test_umbrella);
    }
  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    {
      g_autofree char *path = g_strconcat ("/headers/not-directly/", headers[i], NULL);

      g_test_add_data_func (path, headers[i], test_directly);
    }
  g_test_add_func ("/headers/not-directly/after-the-umbrella", test_afterwards);

  return g_test_run ();
}
