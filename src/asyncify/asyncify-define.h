/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined(ASYNCIFY_INSIDE) && !defined(ASYNCIFY_COMPILATION)
#error "Only <asyncify/asyncify.h> can be included directly."
#endif

/* The typed pair: one line makes of a blocking function
 *
 *   void name_async      (IN..., GCancellable *, GAsyncReadyCallback, gpointer user_data);
 *   void name_async_full (IN..., const AsyncifyOptions *, GCancellable *, GAsyncReadyCallback,
 *                         gpointer user_data);
 *   R    name_finish     (GAsyncResult *, OUT..., GError **);
 *
 * RETURN is one of
 *
 *   NOTHING · BOOLEAN · VALUE (type) · STRING · STRV · OBJECT (Type) · BOXED (Type, copy, free)
 *
 * and what it returns is the caller's to free. Each PARAM, in the order of the
 * function's own parameters, is one of
 *
 *   VALUE (type, name)              copied as C copies it
 *   STRING (name)                   a `const char *`, nullable, copied
 *   STRV (name)                     a `const char * const *`, nullable, copied
 *   OBJECT (Type, name)             a GObject, nullable, referenced
 *   BOXED (Type, name, copy, free)  a pointer, nullable, copied with @copy
 *   BORROWED (type, name)           passed as it is: the caller keeps it alive until the callback,
 *                                   or, if the call can be abandoned, until the function returned
 *   CANCELLABLE                     where the function takes its `GCancellable *`
 *   THROWS                          where it takes its `GError **`
 *   OUT_VALUE (type, name)          where it takes a `type *` to fill
 *   OUT_STRING (name)               a `char **`, to be freed with g_free ()
 *   OUT_STRV (name)                 a `char ***`, to be freed with g_strfreev ()
 *   OUT_OBJECT (Type, name)         a `Type **`, to be freed with g_object_unref ()
 *   OUT_BOXED (Type, name, free)    a `Type **`, to be freed with @free
 *
 * up to fifteen of them, none called cancellable, callback, user_data, options, result or error,
 * which are parameters of the generated functions already. An OUT parameter appears in
 * `name_finish ()`, is set only on success, and may be given %NULL there.
 *
 * The first group of macros makes a static pair, for use in one source file.
 * The second declares it in a header, the third defines what was declared. None
 * of them is followed by a semicolon.
 */

/**
 * ASYNCIFY_DEFINE:
 * @RETURN: what the function returns, see above
 * @...: the function, then its PARAMs
 *
 * Defines the static functions `function_async ()`, `function_async_full ()`
 * and `function_finish ()`.
 *
 * The first two may be called on any thread; the callback comes in the #GMainContext that is the
 * thread-default one there, and the third is called in that. Its errors are those of the function;
 * %G_IO_ERROR_CANCELLED or %G_IO_ERROR_TIMED_OUT if the call was stopped before the function ran,
 * or was abandoned; %G_IO_ERROR_TIMED_OUT also if the function gave up with %G_IO_ERROR_CANCELLED
 * because its time was over; and %G_IO_ERROR_FAILED if no thread could be started.
 *
 * Since: 0.1
 */
#define ASYNCIFY_DEFINE(RETURN, ...)                                                               \
  ASYNCIFY_P_DEFINE (G_GNUC_UNUSED static, RETURN, ASYNCIFY_P_FIRST (__VA_ARGS__, 0), __VA_ARGS__)

/**
 * ASYNCIFY_DEFINE_AS:
 * @RETURN: what the function returns
 * @name: what the pair is called
 * @...: the function, then its PARAMs
 *
 * Defines the static functions `name_async ()`, `name_async_full ()` and
 * `name_finish ()`.
 *
 * Since: 0.1
 */
#define ASYNCIFY_DEFINE_AS(RETURN, name, ...)                                                      \
  ASYNCIFY_P_DEFINE (G_GNUC_UNUSED static, RETURN, name, __VA_ARGS__)

/**
 * ASYNCIFY_DECLARE:
 * @RETURN: what the function returns
 * @...: the function, then its PARAMs
 *
 * Declares in a header what ASYNCIFY_IMPLEMENT() with the same words defines.
 *
 * Since: 0.1
 */
#define ASYNCIFY_DECLARE(RETURN, ...)                                                              \
  ASYNCIFY_P_DECLARE (RETURN, ASYNCIFY_P_FIRST (__VA_ARGS__, 0), __VA_ARGS__)

/**
 * ASYNCIFY_DECLARE_AS:
 * @RETURN: what the function returns
 * @name: what the pair is called
 * @...: the function, then its PARAMs
 *
 * Declares in a header what ASYNCIFY_IMPLEMENT_AS() with the same words defines.
 *
 * Since: 0.1
 */
#define ASYNCIFY_DECLARE_AS(RETURN, name, ...) ASYNCIFY_P_DECLARE (RETURN, name, __VA_ARGS__)

/**
 * ASYNCIFY_IMPLEMENT:
 * @RETURN: what the function returns
 * @...: the function, then its PARAMs
 *
 * Defines, in one source file, what ASYNCIFY_DECLARE() declared in a header.
 *
 * Since: 0.1
 */
#define ASYNCIFY_IMPLEMENT(RETURN, ...)                                                            \
  ASYNCIFY_P_DEFINE (, RETURN, ASYNCIFY_P_FIRST (__VA_ARGS__, 0), __VA_ARGS__)

/**
 * ASYNCIFY_IMPLEMENT_AS:
 * @RETURN: what the function returns
 * @name: what the pair is called
 * @...: the function, then its PARAMs
 *
 * Defines, in one source file, what ASYNCIFY_DECLARE_AS() declared in a header.
 *
 * Since: 0.1
 */
#define ASYNCIFY_IMPLEMENT_AS(RETURN, name, ...) ASYNCIFY_P_DEFINE (, RETURN, name, __VA_ARGS__)

/* All below is private. How it works: ASYNCIFY_P_KIND_##PARAM pastes onto the
 * first word of a PARAM and so turns it into a row of one table,
 *
 *   class, type kept in the frame, type of the parameter, name, copy, free
 *
 * and an operation (declare it, keep it, pass it on ...) is a macro for each
 * class. The frame is a struct with the arguments and the results of one call.
 */

/*                                                     class        kept      parameter             */
#define ASYNCIFY_P_KIND_VALUE(Type, name)              PLAIN,       Type,     Type, name, ,
#define ASYNCIFY_P_KIND_STRING(name)                   OWNED,       char *,   const char *, name, g_strdup, g_free
#define ASYNCIFY_P_KIND_STRV(name)                     OWNED_STRV,  char **,  const char *const *, name, ASYNCIFY_P_STRDUPV, g_strfreev
#define ASYNCIFY_P_KIND_OBJECT(Type, name)             OWNED,       Type *,   Type *, name, g_object_ref, g_object_unref
#define ASYNCIFY_P_KIND_BOXED(Type, name, copy, free)  OWNED,       Type *,   Type *, name, copy, free
#define ASYNCIFY_P_KIND_BORROWED(Type, name)           PLAIN,       Type,     Type, name, ,
#define ASYNCIFY_P_KIND_CANCELLABLE                    CANCELLABLE, , , , ,
#define ASYNCIFY_P_KIND_THROWS                         THROWS,      , , , ,
#define ASYNCIFY_P_KIND_OUT_VALUE(Type, name)          OUT_PLAIN,   Type,     Type *, name, ,
#define ASYNCIFY_P_KIND_OUT_STRING(name)               OUT_OWNED,   char *,   char **, name, , g_free
#define ASYNCIFY_P_KIND_OUT_STRV(name)                 OUT_OWNED,   char **,  char ***, name, , g_strfreev
#define ASYNCIFY_P_KIND_OUT_OBJECT(Type, name)         OUT_OWNED,   Type *,   Type **, name, , g_object_unref
#define ASYNCIFY_P_KIND_OUT_BOXED(Type, name, free)    OUT_OWNED,   Type *,   Type **, name, , free

/*                                               class    type      free            */
#define ASYNCIFY_P_RETURN_NOTHING                NOTHING, void,
#define ASYNCIFY_P_RETURN_BOOLEAN                PLAIN,   gboolean,
#define ASYNCIFY_P_RETURN_VALUE(Type)            PLAIN,   Type,
#define ASYNCIFY_P_RETURN_STRING                 OWNED,   char *,   g_free
#define ASYNCIFY_P_RETURN_STRV                   OWNED,   char **,  g_strfreev
#define ASYNCIFY_P_RETURN_OBJECT(Type)           OWNED,   Type *,   g_object_unref
#define ASYNCIFY_P_RETURN_BOXED(Type, copy, free) OWNED,  Type *,   free

/* It leaves the constness of the vector to the function. */
#define ASYNCIFY_P_STRDUPV(strv) g_strdupv ((char **) (gpointer) (strv))

/* An operation's macros are ASYNCIFY_P_operation_class (kept, parameter, name, copy, free). */

/* IN...: the parameters of name_async () */
#define ASYNCIFY_P_IN_PLAIN(K, P, name, copy, free) P name,
#define ASYNCIFY_P_IN_OWNED(K, P, name, copy, free) P name,
#define ASYNCIFY_P_IN_OWNED_STRV(K, P, name, copy, free) P name,
#define ASYNCIFY_P_IN_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_IN_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_IN_OUT_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_IN_OUT_OWNED(K, P, name, copy, free)

/* ... and their names, to hand them on from name_async () to name_async_full () */
#define ASYNCIFY_P_NAME_PLAIN(K, P, name, copy, free) name,
#define ASYNCIFY_P_NAME_OWNED(K, P, name, copy, free) name,
#define ASYNCIFY_P_NAME_OWNED_STRV(K, P, name, copy, free) name,
#define ASYNCIFY_P_NAME_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_NAME_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_NAME_OUT_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_NAME_OUT_OWNED(K, P, name, copy, free)

/* OUT...: the parameters of name_finish () */
#define ASYNCIFY_P_OUT_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_OUT_OWNED(K, P, name, copy, free)
#define ASYNCIFY_P_OUT_OWNED_STRV(K, P, name, copy, free)
#define ASYNCIFY_P_OUT_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_OUT_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_OUT_OUT_PLAIN(K, P, name, copy, free) P name,
#define ASYNCIFY_P_OUT_OUT_OWNED(K, P, name, copy, free) P name,

/* The members of the frame */
#define ASYNCIFY_P_KEEP_PLAIN(K, P, name, copy, free) K name;
#define ASYNCIFY_P_KEEP_OWNED(K, P, name, copy, free) K name;
#define ASYNCIFY_P_KEEP_OWNED_STRV(K, P, name, copy, free) K name;
#define ASYNCIFY_P_KEEP_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_KEEP_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_KEEP_OUT_PLAIN(K, P, name, copy, free) K name;
#define ASYNCIFY_P_KEEP_OUT_OWNED(K, P, name, copy, free) K name;

/* Copying the arguments in, on the caller's thread */
#define ASYNCIFY_P_COPY_PLAIN(K, P, name, copy, free) asyncify_frame->name = name;
#define ASYNCIFY_P_COPY_OWNED(K, P, name, copy, free)                                              \
  asyncify_frame->name = name != NULL ? copy (name) : NULL;
#define ASYNCIFY_P_COPY_OWNED_STRV(K, P, name, copy, free)                                         \
  asyncify_frame->name = name != NULL ? copy (name) : NULL;
#define ASYNCIFY_P_COPY_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_COPY_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_COPY_OUT_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_COPY_OUT_OWNED(K, P, name, copy, free)

/* Passing them to the function, on a worker. A strv goes through a gpointer,
 * since functions declare it with const in any of three places. */
#define ASYNCIFY_P_PASS_PLAIN(K, P, name, copy, free) asyncify_frame->name
#define ASYNCIFY_P_PASS_OWNED(K, P, name, copy, free) asyncify_frame->name
#define ASYNCIFY_P_PASS_OWNED_STRV(K, P, name, copy, free) (gpointer) asyncify_frame->name
#define ASYNCIFY_P_PASS_CANCELLABLE(K, P, name, copy, free) asyncify_cancellable
#define ASYNCIFY_P_PASS_THROWS(K, P, name, copy, free) asyncify_error
#define ASYNCIFY_P_PASS_OUT_PLAIN(K, P, name, copy, free) &asyncify_frame->name
#define ASYNCIFY_P_PASS_OUT_OWNED(K, P, name, copy, free) &asyncify_frame->name

/* Giving the results out, in name_finish () */
#define ASYNCIFY_P_GIVE_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_GIVE_OWNED(K, P, name, copy, free)
#define ASYNCIFY_P_GIVE_OWNED_STRV(K, P, name, copy, free)
#define ASYNCIFY_P_GIVE_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_GIVE_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_GIVE_OUT_PLAIN(K, P, name, copy, free)                                          \
  if (name != NULL)                                                                                \
    *name = asyncify_frame->name;
#define ASYNCIFY_P_GIVE_OUT_OWNED(K, P, name, copy, free)                                          \
  if (name != NULL)                                                                                \
    *name = g_steal_pointer (&asyncify_frame->name);

/* Freeing what is left of the frame, on the caller's thread */
#define ASYNCIFY_P_FREE_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_FREE_OWNED(K, P, name, copy, free)                                              \
  if (asyncify_frame->name != NULL)                                                                \
    free (asyncify_frame->name);
#define ASYNCIFY_P_FREE_OWNED_STRV ASYNCIFY_P_FREE_OWNED
#define ASYNCIFY_P_FREE_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_FREE_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_FREE_OUT_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_FREE_OUT_OWNED ASYNCIFY_P_FREE_OWNED

/* The same for what the function returns: ASYNCIFY_P_R_operation_class (type, free) */
#define ASYNCIFY_P_R_TYPE_NOTHING(R, free) void
#define ASYNCIFY_P_R_TYPE_PLAIN(R, free) R
#define ASYNCIFY_P_R_TYPE_OWNED(R, free) G_GNUC_WARN_UNUSED_RESULT R
#define ASYNCIFY_P_R_KEEP_NOTHING(R, free) char asyncify_result;
#define ASYNCIFY_P_R_KEEP_PLAIN(R, free) R asyncify_result;
#define ASYNCIFY_P_R_KEEP_OWNED(R, free) R asyncify_result;
#define ASYNCIFY_P_R_SET_NOTHING(R, free)
#define ASYNCIFY_P_R_SET_PLAIN(R, free) asyncify_frame->asyncify_result =
#define ASYNCIFY_P_R_SET_OWNED(R, free) asyncify_frame->asyncify_result =
#define ASYNCIFY_P_R_FAIL_NOTHING(R, free) return;
#define ASYNCIFY_P_R_FAIL_PLAIN(R, free) return (R) { 0 };
#define ASYNCIFY_P_R_FAIL_OWNED(R, free) return NULL;
#define ASYNCIFY_P_R_GIVE_NOTHING(R, free)
#define ASYNCIFY_P_R_GIVE_PLAIN(R, free) return asyncify_frame->asyncify_result;
#define ASYNCIFY_P_R_GIVE_OWNED(R, free) return g_steal_pointer (&asyncify_frame->asyncify_result);
#define ASYNCIFY_P_R_FREE_NOTHING(R, free)
#define ASYNCIFY_P_R_FREE_PLAIN(R, free)
#define ASYNCIFY_P_R_FREE_OWNED(R, free)                                                           \
  if (asyncify_frame->asyncify_result != NULL)                                                     \
    free (asyncify_frame->asyncify_result);

/* Applies an operation to a row of the tables. */
#define ASYNCIFY_P_DO(OPERATION, ...) ASYNCIFY_P_DO_ (OPERATION, __VA_ARGS__)
#define ASYNCIFY_P_DO_(OPERATION, CLASS, K, P, name, copy, free)                                   \
  OPERATION##CLASS (K, P, name, copy, free)
#define ASYNCIFY_P_R(OPERATION, ...) ASYNCIFY_P_R_ (OPERATION, __VA_ARGS__)
#define ASYNCIFY_P_R_(OPERATION, CLASS, R, free) OPERATION##CLASS (R, free)

/* Applies it to each PARAM. The first of the words is the function itself: it
 * stands there so that there is always one, and is passed over. */
#define ASYNCIFY_P_FIRST(first, ...) first
#define ASYNCIFY_P_COUNT(...)                                                                      \
  ASYNCIFY_P_COUNT_ (__VA_ARGS__, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define ASYNCIFY_P_COUNT_(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, N, ...) N
#define ASYNCIFY_P_PASTE(a, b) ASYNCIFY_P_PASTE_ (a, b)
#define ASYNCIFY_P_PASTE_(a, b) a##b

#define ASYNCIFY_P_EACH(OP, ...)                                                                   \
  ASYNCIFY_P_PASTE (ASYNCIFY_P_EACH_, ASYNCIFY_P_COUNT (__VA_ARGS__)) (OP, __VA_ARGS__)
#define ASYNCIFY_P_EACH_1(OP, f)
#define ASYNCIFY_P_EACH_2(OP, f, p) ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p)
#define ASYNCIFY_P_EACH_3(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_2 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_EACH_4(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_3 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_EACH_5(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_4 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_EACH_6(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_5 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_EACH_7(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_6 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_EACH_8(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_7 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_EACH_9(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_8 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_EACH_10(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_9 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_EACH_11(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_10 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_EACH_12(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_11 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_EACH_13(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_12 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_EACH_14(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_13 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_EACH_15(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_14 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_EACH_16(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p) ASYNCIFY_P_EACH_15 (OP, f, __VA_ARGS__)

/* ... with commas between them, for the call itself. */
#define ASYNCIFY_P_LIST(OP, ...)                                                                   \
  ASYNCIFY_P_PASTE (ASYNCIFY_P_LIST_, ASYNCIFY_P_COUNT (__VA_ARGS__)) (OP, __VA_ARGS__)
#define ASYNCIFY_P_LIST_1(OP, f)
#define ASYNCIFY_P_LIST_2(OP, f, p) ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p)
#define ASYNCIFY_P_LIST_3(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_2 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_LIST_4(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_3 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_LIST_5(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_4 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_LIST_6(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_5 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_LIST_7(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_6 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_LIST_8(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_7 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_LIST_9(OP, f, p, ...)                                                           \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_8 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_LIST_10(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_9 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_LIST_11(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_10 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_LIST_12(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_11 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_LIST_13(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_12 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_LIST_14(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_13 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_LIST_15(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_14 (OP, f, __VA_ARGS__)
#define ASYNCIFY_P_LIST_16(OP, f, p, ...)                                                          \
  ASYNCIFY_P_DO (OP, ASYNCIFY_P_KIND_##p), ASYNCIFY_P_LIST_15 (OP, f, __VA_ARGS__)

#define ASYNCIFY_P_DECLARE(RETURN, pair, ...) ASYNCIFY_P_DECLARE_ (RETURN, pair, __VA_ARGS__)
#define ASYNCIFY_P_DECLARE_(RETURN, pair, ...)                                                     \
  void pair##_async (ASYNCIFY_P_EACH (ASYNCIFY_P_IN_, __VA_ARGS__) GCancellable *cancellable,      \
                     GAsyncReadyCallback callback, gpointer user_data);                            \
  void pair##_async_full (ASYNCIFY_P_EACH (ASYNCIFY_P_IN_, __VA_ARGS__)                            \
                          const AsyncifyOptions *options, GCancellable *cancellable,               \
                          GAsyncReadyCallback callback, gpointer user_data);                       \
  ASYNCIFY_P_R (ASYNCIFY_P_R_TYPE_, ASYNCIFY_P_RETURN_##RETURN)                                    \
  pair##_finish (GAsyncResult *result, ASYNCIFY_P_EACH (ASYNCIFY_P_OUT_, __VA_ARGS__)              \
                 GError **error);

#define ASYNCIFY_P_DEFINE(STATIC, RETURN, pair, ...)                                               \
  ASYNCIFY_P_DEFINE_ (STATIC, RETURN, pair, ASYNCIFY_P_FIRST (__VA_ARGS__, 0), __VA_ARGS__)
#define ASYNCIFY_P_DEFINE_(STATIC, RETURN, pair, function, ...)                                    \
  struct pair##_asyncify_frame                                                                     \
  {                                                                                                \
    ASYNCIFY_P_R (ASYNCIFY_P_R_KEEP_, ASYNCIFY_P_RETURN_##RETURN)                                  \
    ASYNCIFY_P_EACH (ASYNCIFY_P_KEEP_, __VA_ARGS__)                                                \
  };                                                                                               \
                                                                                                   \
  static void                                                                                      \
  pair##_asyncify_run (gpointer asyncify_data,                                                     \
                       G_GNUC_UNUSED GCancellable *asyncify_cancellable,                           \
                       G_GNUC_UNUSED GError **asyncify_error)                                      \
  {                                                                                                \
    G_GNUC_UNUSED struct pair##_asyncify_frame *asyncify_frame = asyncify_data;                    \
                                                                                                   \
    ASYNCIFY_P_R (ASYNCIFY_P_R_SET_, ASYNCIFY_P_RETURN_##RETURN)                                   \
    function (ASYNCIFY_P_LIST (ASYNCIFY_P_PASS_, __VA_ARGS__));                                    \
  }                                                                                                \
                                                                                                   \
  static void                                                                                      \
  pair##_asyncify_clear (gpointer asyncify_data)                                                   \
  {                                                                                                \
    G_GNUC_UNUSED struct pair##_asyncify_frame *asyncify_frame = asyncify_data;                    \
                                                                                                   \
    ASYNCIFY_P_R (ASYNCIFY_P_R_FREE_, ASYNCIFY_P_RETURN_##RETURN)                                  \
    ASYNCIFY_P_EACH (ASYNCIFY_P_FREE_, __VA_ARGS__)                                                \
  }                                                                                                \
                                                                                                   \
  static const AsyncifyFunction pair##_asyncify_function = {                                       \
    #pair, sizeof (struct pair##_asyncify_frame), pair##_asyncify_run, pair##_asyncify_clear       \
  };                                                                                               \
                                                                                                   \
  STATIC void                                                                                      \
  pair##_async_full (ASYNCIFY_P_EACH (ASYNCIFY_P_IN_, __VA_ARGS__) const AsyncifyOptions *options, \
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)  \
  {                                                                                                \
    G_STATIC_ASSERT (G_ALIGNOF (struct pair##_asyncify_frame) <= ASYNCIFY_FRAME_ALIGNMENT);        \
    struct pair##_asyncify_frame *asyncify_frame = asyncify_call_prepare (                         \
      &pair##_asyncify_function, options, cancellable, callback, user_data);                       \
                                                                                                   \
    ASYNCIFY_P_EACH (ASYNCIFY_P_COPY_, __VA_ARGS__)                                                \
    asyncify_call_submit (asyncify_frame);                                                         \
  }                                                                                                \
                                                                                                   \
  STATIC void                                                                                      \
  pair##_async (ASYNCIFY_P_EACH (ASYNCIFY_P_IN_, __VA_ARGS__) GCancellable *cancellable,           \
                GAsyncReadyCallback callback, gpointer user_data)                                  \
  {                                                                                                \
    pair##_async_full (ASYNCIFY_P_EACH (ASYNCIFY_P_NAME_, __VA_ARGS__) NULL, cancellable, callback, \
                       user_data);                                                                 \
  }                                                                                                \
                                                                                                   \
  STATIC ASYNCIFY_P_R (ASYNCIFY_P_R_TYPE_, ASYNCIFY_P_RETURN_##RETURN)                             \
  pair##_finish (GAsyncResult *result, ASYNCIFY_P_EACH (ASYNCIFY_P_OUT_, __VA_ARGS__)              \
                 GError **error)                                                                   \
  {                                                                                                \
    struct pair##_asyncify_frame *asyncify_frame                                                   \
      = asyncify_call_finish (&pair##_asyncify_function, result, error);                           \
                                                                                                   \
    if (asyncify_frame == NULL)                                                                    \
      ASYNCIFY_P_R (ASYNCIFY_P_R_FAIL_, ASYNCIFY_P_RETURN_##RETURN)                                \
    ASYNCIFY_P_EACH (ASYNCIFY_P_GIVE_, __VA_ARGS__)                                                \
    ASYNCIFY_P_R (ASYNCIFY_P_R_GIVE_, ASYNCIFY_P_RETURN_##RETURN)                                  \
  }
