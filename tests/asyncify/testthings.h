/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Things and blobs, an object and a boxed type: they are counted, and have to be freed
 * on their home thread, which is the test's own unless another one is named. */
#define TEST_TYPE_THING (test_thing_get_type ())
G_DECLARE_FINAL_TYPE (TestThing, test_thing, TEST, THING, GObject)

typedef struct {
  int number;
  GThread *home;
} TestBlob;

TestThing *test_thing_new        (int        number) G_GNUC_WARN_UNUSED_RESULT;
TestThing *test_thing_new_for    (int        number,
                                  GThread   *home) G_GNUC_WARN_UNUSED_RESULT;
int        test_thing_get_number (TestThing *thing);
TestBlob  *test_blob_new         (int        number) G_GNUC_WARN_UNUSED_RESULT;
TestBlob  *test_blob_copy        (TestBlob  *blob) G_GNUC_WARN_UNUSED_RESULT;
void       test_blob_free        (TestBlob  *blob);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TestBlob, test_blob_free)

void       test_things_live_here (void);
guint      test_count_alive      (void);       /* things and blobs */
guint      test_count_strays     (void);       /* ... that were freed elsewhere */
void       test_forgive_strays   (void);
void       test_await_alive      (guint count);

G_END_DECLS
