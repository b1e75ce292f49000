/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#if !defined(ASYNCIFY_INSIDE) && !defined(ASYNCIFY_COMPILATION)
#error "Only <asyncify/asyncify.h> can be included directly."
#endif

#include <gio/gio.h>

#include <asyncify/asyncify-define.h>
#include <asyncify/asyncify-version.h>

G_BEGIN_DECLS

/* The other way: an asynchronous pair, called as a blocking function
 *
 *   R name (IN..., GCancellable *, OUT..., GError **);
 *
 * On a worker, the pair is begun in the context that the worker's call came from, and the worker
 * waits: so it can ask the user a question in a window. If its function is given no GCancellable,
 * then what cancels the worker's call cancels the pair, too. Anywhere else, a private loop
 * runs until the answer is there.
 *
 * RETURN and the PARAMs are those of ASYNCIFY_DEFINE(), in the order in which the beginning
 * function takes them, and those that the finishing function takes as OUT after them. One may be
 *
 *   SELF (Type, name)               the source object, which the finishing function takes too
 *
 * CANCELLABLE and THROWS need not be said: each pair has them. Arguments are not copied, since
 * the beginning function does that. The source object is kept until the pair has ended.
 */

/**
 * SYNCIFY_DEFINE:
 * @RETURN: what the finishing function returns
 * @name: what the blocking function is called
 * @begin: the function that begins, as `begin (IN..., cancellable, callback, user_data)`
 * @...: the function that finishes, as `finish (SELF, result, OUT..., error)`; then the PARAMs
 *
 * Defines the static function `name ()`. It may be called on any thread. What it returns, and
 * the errors, are those of the finishing function; and %G_IO_ERROR_CLOSED if the context of a
 * worker's call is gone, or if nobody has run its loop for five seconds.
 * With that one a number is 0, so look at the error, not at the number alone; and
 * the pair may still be under way, so what was BORROWED has to outlive it.
 *
 * Called on the thread of a main loop it blocks that loop, as any blocking function does; and
 * if the pair needs just that loop to be run, it waits forever.
 *
 * Since: 0.1
 */
#define SYNCIFY_DEFINE(RETURN, name, begin, ...)                                                   \
  ASYNCIFY_P_SYNCIFY (G_GNUC_UNUSED static, RETURN, name, begin,                                   \
                      ASYNCIFY_P_FIRST (__VA_ARGS__, 0), __VA_ARGS__)

/**
 * SYNCIFY_DECLARE:
 * @RETURN: what the finishing function returns
 * @name: what the blocking function is called
 * @begin: the function that begins
 * @...: the function that finishes, then the PARAMs
 *
 * Declares in a header what SYNCIFY_IMPLEMENT() with the same words defines.
 *
 * Since: 0.1
 */
#define SYNCIFY_DECLARE(RETURN, name, begin, ...)                                                  \
  ASYNCIFY_P_SYNCIFY_HEAD (RETURN, name, __VA_ARGS__);

/**
 * SYNCIFY_IMPLEMENT:
 * @RETURN: what the finishing function returns
 * @name: what the blocking function is called
 * @begin: the function that begins
 * @...: the function that finishes, then the PARAMs
 *
 * Defines, in one source file, what SYNCIFY_DECLARE() declared in a header.
 *
 * Since: 0.1
 */
#define SYNCIFY_IMPLEMENT(RETURN, name, begin, ...)                                                \
  ASYNCIFY_P_SYNCIFY (, RETURN, name, begin, ASYNCIFY_P_FIRST (__VA_ARGS__, 0), __VA_ARGS__)

/**
 * AsyncifySyncFunction: (skip)
 * @name: the name of the blocking function
 * @frame_size: how much memory the arguments and results take, in bytes
 * @begin: begins the pair
 * @finish: finishes it, and keeps the results in the frame
 * @clear: frees what results the frame still owns, on any thread
 *
 * A pair, as the generated code describes it to the library. Not for use by hand.
 *
 * Since: 0.1
 */
typedef struct {
  const char *name;
  gsize       frame_size;
  void      (*begin)  (gpointer             frame,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data);
  void      (*finish) (gpointer             frame,
                       GAsyncResult        *result,
                       GError             **error);
  void      (*clear)  (gpointer             frame);
} AsyncifySyncFunction;

ASYNCIFY_PUBLIC
gpointer asyncify_sync_prepare    (const AsyncifySyncFunction *function) G_GNUC_WARN_UNUSED_RESULT;
ASYNCIFY_PUBLIC
gboolean asyncify_sync_run        (gpointer                    frame,
                                   GCancellable               *cancellable,
                                   GError                    **error);
ASYNCIFY_PUBLIC
gboolean asyncify_sync_has_result (gpointer                    frame);
ASYNCIFY_PUBLIC
void     asyncify_sync_end        (gpointer                    frame);

G_END_DECLS

/* All below is private, and works on the tables of asyncify-define.h. */

#define ASYNCIFY_P_KIND_SELF(Type, name) SELF, Type *, Type *, name, ,

/* The parameters: those that go in, those that come out */
#define ASYNCIFY_P_IN_SELF(K, P, name, copy, free) P name,
#define ASYNCIFY_P_OUT_SELF(K, P, name, copy, free)

/* The members of the frame. What goes in is only borrowed, but for the source object: the
 * finishing function needs it, too, and that may be after nobody waits any more. It is kept and
 * released where the pair runs, so that a worker never drops the last reference on a widget. */
#define ASYNCIFY_P_HOLD_SELF(K, P, name, copy, free) P name; P name##_asyncify_kept;
#define ASYNCIFY_P_HOLD_PLAIN(K, P, name, copy, free) P name;
#define ASYNCIFY_P_HOLD_OWNED(K, P, name, copy, free) P name;
#define ASYNCIFY_P_HOLD_OWNED_STRV(K, P, name, copy, free) P name;
#define ASYNCIFY_P_HOLD_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_HOLD_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_HOLD_OUT_PLAIN(K, P, name, copy, free) K name;
#define ASYNCIFY_P_HOLD_OUT_OWNED(K, P, name, copy, free) K name;

/* Setting them */
#define ASYNCIFY_P_PUT_SELF(K, P, name, copy, free) asyncify_frame->name = name;
#define ASYNCIFY_P_PUT_PLAIN(K, P, name, copy, free) asyncify_frame->name = name;
#define ASYNCIFY_P_PUT_OWNED(K, P, name, copy, free) asyncify_frame->name = name;
#define ASYNCIFY_P_PUT_OWNED_STRV(K, P, name, copy, free) asyncify_frame->name = name;
#define ASYNCIFY_P_PUT_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_PUT_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_PUT_OUT_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_PUT_OUT_OWNED(K, P, name, copy, free)

/* Passing them to the beginning function ... */
#define ASYNCIFY_P_BEGIN_SELF(K, P, name, copy, free) asyncify_frame->name,
#define ASYNCIFY_P_BEGIN_PLAIN(K, P, name, copy, free) asyncify_frame->name,
#define ASYNCIFY_P_BEGIN_OWNED(K, P, name, copy, free) asyncify_frame->name,
#define ASYNCIFY_P_BEGIN_OWNED_STRV(K, P, name, copy, free) (gpointer) asyncify_frame->name,
#define ASYNCIFY_P_BEGIN_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_BEGIN_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_BEGIN_OUT_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_BEGIN_OUT_OWNED(K, P, name, copy, free)

/* ... to the finishing function, before its result ... */
#define ASYNCIFY_P_OF_SELF(K, P, name, copy, free) asyncify_frame->name,
#define ASYNCIFY_P_OF_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_OF_OWNED(K, P, name, copy, free)
#define ASYNCIFY_P_OF_OWNED_STRV(K, P, name, copy, free)
#define ASYNCIFY_P_OF_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_OF_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_OF_OUT_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_OF_OUT_OWNED(K, P, name, copy, free)

/* ... and after it */
#define ASYNCIFY_P_INTO_SELF(K, P, name, copy, free)
#define ASYNCIFY_P_INTO_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_INTO_OWNED(K, P, name, copy, free)
#define ASYNCIFY_P_INTO_OWNED_STRV(K, P, name, copy, free)
#define ASYNCIFY_P_INTO_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_INTO_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_INTO_OUT_PLAIN(K, P, name, copy, free) &asyncify_frame->name,
#define ASYNCIFY_P_INTO_OUT_OWNED(K, P, name, copy, free) &asyncify_frame->name,

/* Keeping the source object */
#define ASYNCIFY_P_SAVE_SELF(K, P, name, copy, free)                                               \
  asyncify_frame->name##_asyncify_kept                                                             \
    = asyncify_frame->name != NULL ? g_object_ref (asyncify_frame->name) : NULL;
#define ASYNCIFY_P_SAVE_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_SAVE_OWNED(K, P, name, copy, free)
#define ASYNCIFY_P_SAVE_OWNED_STRV(K, P, name, copy, free)
#define ASYNCIFY_P_SAVE_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_SAVE_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_SAVE_OUT_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_SAVE_OUT_OWNED(K, P, name, copy, free)

/* ... and releasing it */
#define ASYNCIFY_P_FORGET_SELF ASYNCIFY_P_DROP_SELF
#define ASYNCIFY_P_FORGET_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_FORGET_OWNED(K, P, name, copy, free)
#define ASYNCIFY_P_FORGET_OWNED_STRV(K, P, name, copy, free)
#define ASYNCIFY_P_FORGET_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_FORGET_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_FORGET_OUT_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_FORGET_OUT_OWNED(K, P, name, copy, free)

/* Giving the results out */
#define ASYNCIFY_P_GIVE_SELF(K, P, name, copy, free)

/* Freeing those that nobody took, and the source object if the pair has not ended */
#define ASYNCIFY_P_DROP_SELF(K, P, name, copy, free)                                               \
  g_clear_object (&asyncify_frame->name##_asyncify_kept);
#define ASYNCIFY_P_DROP_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_DROP_OWNED(K, P, name, copy, free)
#define ASYNCIFY_P_DROP_OWNED_STRV(K, P, name, copy, free)
#define ASYNCIFY_P_DROP_CANCELLABLE(K, P, name, copy, free)
#define ASYNCIFY_P_DROP_THROWS(K, P, name, copy, free)
#define ASYNCIFY_P_DROP_OUT_PLAIN(K, P, name, copy, free)
#define ASYNCIFY_P_DROP_OUT_OWNED ASYNCIFY_P_FREE_OWNED

/* What the finishing function returned, also beside an error: -1, say */
#define ASYNCIFY_P_R_TAKE_NOTHING(R, free)
#define ASYNCIFY_P_R_TAKE_PLAIN(R, free) R asyncify_result = asyncify_frame->asyncify_result;
#define ASYNCIFY_P_R_TAKE_OWNED(R, free)                                                           \
  R asyncify_result = g_steal_pointer (&asyncify_frame->asyncify_result);
#define ASYNCIFY_P_R_RETURN_NOTHING(R, free)
#define ASYNCIFY_P_R_RETURN_PLAIN(R, free) return asyncify_result;
#define ASYNCIFY_P_R_RETURN_OWNED(R, free) return asyncify_result;

#define ASYNCIFY_P_SYNCIFY_HEAD(RETURN, blocking, ...)                                             \
  ASYNCIFY_P_R (ASYNCIFY_P_R_TYPE_, ASYNCIFY_P_RETURN_##RETURN)                                    \
  blocking (ASYNCIFY_P_EACH (ASYNCIFY_P_IN_, __VA_ARGS__) GCancellable *cancellable,               \
            ASYNCIFY_P_EACH (ASYNCIFY_P_OUT_, __VA_ARGS__) GError **error)

#define ASYNCIFY_P_SYNCIFY(STATIC, RETURN, blocking, start, end, ...)                              \
  struct blocking##_syncify_frame                                                                  \
  {                                                                                                \
    ASYNCIFY_P_R (ASYNCIFY_P_R_KEEP_, ASYNCIFY_P_RETURN_##RETURN)                                  \
    ASYNCIFY_P_EACH (ASYNCIFY_P_HOLD_, __VA_ARGS__)                                                \
  };                                                                                               \
                                                                                                   \
  static void                                                                                      \
  blocking##_syncify_begin (gpointer asyncify_data, GCancellable *asyncify_cancellable,            \
                            GAsyncReadyCallback asyncify_callback, gpointer asyncify_user_data)    \
  {                                                                                                \
    G_GNUC_UNUSED struct blocking##_syncify_frame *asyncify_frame = asyncify_data;                 \
                                                                                                   \
    ASYNCIFY_P_EACH (ASYNCIFY_P_SAVE_, __VA_ARGS__)                                                \
    start (ASYNCIFY_P_EACH (ASYNCIFY_P_BEGIN_, __VA_ARGS__) asyncify_cancellable,                  \
           asyncify_callback, asyncify_user_data);                                                 \
  }                                                                                                \
                                                                                                   \
  static void                                                                                      \
  blocking##_syncify_finish (gpointer asyncify_data, GAsyncResult *asyncify_answer,                \
                             GError **asyncify_error)                                              \
  {                                                                                                \
    G_GNUC_UNUSED struct blocking##_syncify_frame *asyncify_frame = asyncify_data;                 \
                                                                                                   \
    ASYNCIFY_P_R (ASYNCIFY_P_R_SET_, ASYNCIFY_P_RETURN_##RETURN)                                   \
    end (ASYNCIFY_P_EACH (ASYNCIFY_P_OF_, __VA_ARGS__) asyncify_answer,                            \
         ASYNCIFY_P_EACH (ASYNCIFY_P_INTO_, __VA_ARGS__) asyncify_error);                          \
    ASYNCIFY_P_EACH (ASYNCIFY_P_FORGET_, __VA_ARGS__)                                              \
  }                                                                                                \
                                                                                                   \
  static void                                                                                      \
  blocking##_syncify_clear (gpointer asyncify_data)                                                \
  {                                                                                                \
    G_GNUC_UNUSED struct blocking##_syncify_frame *asyncify_frame = asyncify_data;                 \
                                                                                                   \
    ASYNCIFY_P_R (ASYNCIFY_P_R_FREE_, ASYNCIFY_P_RETURN_##RETURN)                                  \
    ASYNCIFY_P_EACH (ASYNCIFY_P_DROP_, __VA_ARGS__)                                                \
  }                                                                                                \
                                                                                                   \
  static const AsyncifySyncFunction blocking##_syncify_function = {                                \
    #blocking, sizeof (struct blocking##_syncify_frame), blocking##_syncify_begin,                 \
    blocking##_syncify_finish, blocking##_syncify_clear                                            \
  };                                                                                               \
                                                                                                   \
  STATIC ASYNCIFY_P_SYNCIFY_HEAD (RETURN, blocking, __VA_ARGS__)                                   \
  {                                                                                                \
    struct blocking##_syncify_frame *asyncify_frame                                                \
      = asyncify_sync_prepare (&blocking##_syncify_function);                                      \
                                                                                                   \
    G_STATIC_ASSERT (G_ALIGNOF (struct blocking##_syncify_frame) <= ASYNCIFY_FRAME_ALIGNMENT);     \
    ASYNCIFY_P_EACH (ASYNCIFY_P_PUT_, __VA_ARGS__)                                                 \
    if (!asyncify_sync_run (asyncify_frame, cancellable, error))                                   \
      ASYNCIFY_P_R (ASYNCIFY_P_R_FAIL_, ASYNCIFY_P_RETURN_##RETURN)                                \
    ASYNCIFY_P_R (ASYNCIFY_P_R_TAKE_, ASYNCIFY_P_RETURN_##RETURN)                                  \
    if (asyncify_sync_has_result (asyncify_frame))                                                 \
      {                                                                                            \
        ASYNCIFY_P_EACH (ASYNCIFY_P_GIVE_, __VA_ARGS__)                                            \
      }                                                                                            \
    asyncify_sync_end (asyncify_frame);                                                            \
    ASYNCIFY_P_R (ASYNCIFY_P_R_RETURN_, ASYNCIFY_P_RETURN_##RETURN)                                \
  }
