/* SPDX-FileCopyrightText: The Asyncify authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include <glib/gi18n.h>
#include <libsoup/soup.h>

#include "demo-controls.h"
#include "demo-guard.h"
#include "demo-scenario.h"
#include "demo-server.h"
#include "demo-text.h"

/* The blocking function: libsoup, without any callback. */

#define CHUNK   (16 * 1024)
#define KEPT    4096 /* bytes of the body; it may never end */
#define SILENCE 30   /* of the server, in s: it won't answer any more */

typedef struct {
  guint status;
  char *reason;
  char *content_type;
  guint64 size;  /* of the whole body, in bytes */
  char *text;    /* the beginning of it */
} Reply;

static void
reply_free (gpointer data)
{
  Reply *self = data;

  g_free (self->reason);
  g_free (self->content_type);
  g_free (self->text);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reply, reply_free)

/* What a person should know of an error beside what it says itself. */
static const struct {
  GQuark (*get_domain) (void);
  int code; /* -1: any other */
  const char *text;
} reasons[] = {
  { g_io_error_quark, G_IO_ERROR_CONNECTION_REFUSED, N_ ("Nobody listens there.") },
  { g_io_error_quark, G_IO_ERROR_PARTIAL_INPUT, N_ ("It hung up in the middle of the answer.") },
  { g_io_error_quark, G_IO_ERROR_TIMED_OUT, N_ ("Nothing came from there for a long time.") },
  { g_resolver_error_quark, -1, N_ ("No such host can be found.") },
  { g_tls_error_quark, G_TLS_ERROR_UNAVAILABLE,
    N_ ("Https needs glib-networking, which is missing.") },
  { g_tls_error_quark, -1, N_ ("There is no safe connection to it.") },
  { soup_session_error_quark, SOUP_SESSION_ERROR_PARSING, N_ ("What it answered isn't HTTP.") },
  { soup_session_error_quark, SOUP_SESSION_ERROR_TOO_MANY_REDIRECTS,
    N_ ("It sends everybody round in circles.") },
};

static GError *
explain (GError *error,
         const char *host)
{
  g_autofree char *shown = demo_text_shorten (host, 60);
  const char *reason = NULL;
  GError *explained;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return error;

  for (guint i = 0; i < G_N_ELEMENTS (reasons) && reason == NULL; i++)
    if (error->domain == reasons[i].get_domain ()
        && (error->code == reasons[i].code || reasons[i].code == -1))
      reason = _ (reasons[i].text);

  /* Not with the code, which would say that the call's own time was over. */
  if (reason != NULL)
    /* Translators: a host, a sentence, and what the system says */
    explained = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, _ ("“%s”: %s (%s)"), shown, reason,
                             error->message);
  else
    /* Translators: a host, and what the system says */
    explained = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, _ ("“%s”: %s"), shown, error->message);
  g_error_free (error);

  return explained;
}

/* What is on this computer needs no proxy. */
static SoupSession *
create_session (const char *host)
{
  g_autoptr (GInetAddress) number = g_inet_address_new_from_string (host);
  SoupSession *session = soup_session_new_with_options ("timeout", SILENCE, "user-agent",
                                                        "asyncify-demo", NULL);

  if (number != NULL && g_inet_address_get_is_loopback (number))
    soup_session_set_proxy_resolver (session, NULL);

  return session;
}

/* Reads it to the end, however long it is, and keeps the beginning.
 * @length: what it should be, in bytes; 0 if the server didn't say */
static gboolean
read_body (GInputStream *stream,
           goffset length,
           Reply *reply,
           GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GString) kept = g_string_new (NULL);
  g_autofree char *buffer = g_malloc (CHUNK);
  const char *end;
  gssize size;

  while ((size = g_input_stream_read (stream, buffer, CHUNK, cancellable, error)) > 0)
    {
      g_autofree char *so_far = g_format_size (reply->size + size);

      g_string_append_len (kept, buffer, MIN ((gsize) size, KEPT - kept->len));
      reply->size += size;
      asyncify_set_message (so_far);
      if (length > 0)
        asyncify_set_progress (MIN (reply->size / (double) length, 1));
    }

  /* Not with half a character at the end. */
  if (reply->size > KEPT)
    {
      if (!g_utf8_validate_len (kept->str, KEPT, &end) && kept->str + KEPT - end < 4)
        g_string_truncate (kept, end - kept->str);
      g_string_append (kept, "…");
    }
  reply->text = g_utf8_make_valid (kept->str, kept->len);

  return size == 0;
}

static Reply *
read_reply (SoupMessage *message,
            GInputStream *stream,
            GCancellable *cancellable,
            GError **error)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  const char *reason = soup_message_get_reason_phrase (message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  g_autoptr (Reply) reply = g_new0 (Reply, 1);

  if (!read_body (stream, soup_message_headers_get_content_length (headers), reply, cancellable,
                  error))
    return NULL;

  reply->status = soup_message_get_status (message);
  reply->reason = demo_text_shorten (reason, 60);
  reply->content_type = demo_text_shorten (type != NULL ? type : _ ("no type"), 60);

  return g_steal_pointer (&reply);
}

static Reply *
fetch (const char *address,
       GCancellable *cancellable,
       GError **error)
{
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_GET, address);
  const char *host = g_uri_get_host (soup_message_get_uri (message));
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (SoupSession) session = NULL;
  GError *problem = NULL;
  Reply *reply = NULL;

  /* A session belongs to one thread, and so do its sources: without this they would come to
   * the main loop. */
  g_main_context_push_thread_default (context);
  session = create_session (host);
  stream = soup_session_send (session, message, cancellable, &problem);
  if (stream != NULL)
    reply = read_reply (message, stream, cancellable, &problem);
  g_clear_object (&stream);
  g_clear_object (&session);
  g_main_context_pop_thread_default (context);

  if (problem != NULL)
    g_propagate_error (error, explain (problem, host));

  return reply;
}

/* The one line. */
ASYNCIFY_DEFINE (BOXED (Reply, copy, reply_free), fetch, STRING (address), CANCELLABLE, THROWS)

/* The page. */

#define MAX_ADDRESS 2000
#define MAX_SECONDS 3600

static const struct {
  const char *title, *path;
} answers[] = {
  { N_ ("Quick: some JSON"), DEMO_SERVER_QUICK },
  { N_ ("Slow: some more, within 2 seconds"), DEMO_SERVER_SLOW },
  { N_ ("Failing: status 500"), DEMO_SERVER_FAILING },
  { N_ ("Not found: status 404"), DEMO_SERVER_MISSING },
  { N_ ("Endless: until it is cancelled"), DEMO_SERVER_ENDLESS },
  { N_ ("Cut off in the middle"), DEMO_SERVER_CUT },
  { N_ ("Garbage: not HTTP at all"), DEMO_SERVER_GARBAGE },
  { N_ ("Redirected to itself"), DEMO_SERVER_REDIRECT },
  { N_ ("From the address below"), NULL },
};

#define SLOW  1
#define TYPED (G_N_ELEMENTS (answers) - 1)

#define DEMO_TYPE_WEB (demo_web_get_type ())
G_DECLARE_FINAL_TYPE (DemoWeb, demo_web, DEMO, WEB, DemoScenario)

struct _DemoWeb
{
  DemoScenario parent_instance;

  GtkAdjustment *answer; /* its number among the answers */
  GtkEntryBuffer *typed;
  GtkEntryBuffer *limit;
  GtkTextBuffer *body;
  DemoServer *server; /* once it is needed */

  /* Of the latest run, when its parameters have been checked */
  char *address;
  guint seconds; /* 0: no limit */
};

G_DEFINE_FINAL_TYPE (DemoWeb, demo_web, DEMO_TYPE_SCENARIO)

/* Returns: (transfer full): what the run says in the end */
static char *
show (DemoWeb *self,
      const Reply *reply,
      GError **error)
{
  g_autofree char *number = demo_text_number (reply->size);
  g_autofree char *size = g_strdup_printf (
    ngettext ("%s byte", "%s bytes", (gulong) MIN (reply->size, G_MAXULONG)), number);

  gtk_text_buffer_set_text (self->body, reply->text, -1);
  if (SOUP_STATUS_IS_SUCCESSFUL (reply->status))
    /* Translators: such as “200 OK: application/json, 53 bytes” */
    return g_strdup_printf (_ ("%u %s: %s, %s"), reply->status, reply->reason,
                            reply->content_type, size);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               /* Translators: such as “404 Not Found”, text/plain, 29 bytes */
               _ ("The server answered “%u %s” (%s, %s)."), reply->status, reply->reason,
               reply->content_type, size);
  return NULL;
}

static void
fetched_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  DemoWeb *self = DEMO_WEB (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (Reply) reply = fetch_finish (result, &error);
  g_autofree char *summary = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
    {
      g_clear_error (&error);
      g_set_error (&error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                   ngettext ("The answer took longer than %u second.",
                             "The answer took longer than %u seconds.", self->seconds),
                   self->seconds);
    }
  if (reply != NULL)
    summary = show (self, reply, &error);

  demo_scenario_end (DEMO_SCENARIO (self), summary, error);
}

static void
demo_web_asyncify (DemoScenario *scenario,
                   AsyncifyJob *job,
                   GCancellable *cancellable)
{
  DemoWeb *self = DEMO_WEB (scenario);

  gtk_text_buffer_set_text (self->body, "", 0);
  fetch_async_full (self->address,
                    &(AsyncifyOptions) { .source_object = G_OBJECT (self),
                                         .job = job,
                                         .timeout_ms = self->seconds * 1000 },
                    cancellable, fetched_cb, NULL);
}

static char *
demo_web_freeze (DemoScenario *scenario,
                 GError **error)
{
  DemoWeb *self = DEMO_WEB (scenario);
  g_autoptr (DemoGuard) guard = demo_guard_new ();
  g_autoptr (Reply) reply = NULL;
  GError *problem = NULL;

  gtk_text_buffer_set_text (self->body, "", 0);
  reply = fetch (self->address, demo_guard_get_cancellable (guard), &problem);
  if (reply != NULL)
    return show (self, reply, error);

  demo_guard_explain (guard, &problem);
  g_propagate_error (error, problem);

  return NULL;
}

/* Returns: (transfer full): the address as it is to be used */
static char *
parse_address (const char *typed,
               GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (typed));
  g_autofree char *begin = demo_text_shorten (text, 60);
  g_autofree char *shown = demo_text_isolate (begin);
  g_autoptr (GUri) uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;
  const char *problem = NULL;

  if (*text == '\0')
    problem = _ ("Which address? Type one, such as https://example.org/");
  else if (strlen (text) > MAX_ADDRESS)
    problem = _ ("That address is too long.");
  else if (strstr (text, "://") == NULL)
    problem = _ ("An address begins with http:// or https://");
  else if (scheme != NULL && !g_str_equal (scheme, "http") && !g_str_equal (scheme, "https"))
    problem = _ ("Only http and https are spoken here.");
  if (problem != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, problem);
  else if (uri == NULL || g_uri_get_host (uri) == NULL
           || !demo_controls_is_host (g_uri_get_host (uri)) || g_uri_get_port (uri) == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is no web address."),
                 shown);
  else
    return g_uri_to_string (uri);

  return NULL;
}

static gboolean
demo_web_check (DemoScenario *scenario,
                GError **error)
{
  DemoWeb *self = DEMO_WEB (scenario);
  const char *path = answers[(guint) gtk_adjustment_get_value (self->answer)].path;

  g_clear_pointer (&self->address, g_free);
  if (!demo_controls_get_number (self->limit, 0, MAX_SECONDS, &self->seconds, error))
    return FALSE;

  if (path == NULL)
    self->address = parse_address (gtk_entry_buffer_get_text (self->typed), error);
  else if (self->server != NULL || (self->server = demo_server_new (error)) != NULL)
    self->address = demo_server_get_address (self->server, path);

  return self->address != NULL;
}

static gboolean
is_typed (GBinding *binding,
          const GValue *answer,
          GValue *visible,
          gpointer user_data)
{
  g_value_set_boolean (visible, g_value_get_double (answer) == TYPED);

  return TRUE;
}

static GtkWidget *
demo_web_create_parameters (DemoScenario *scenario)
{
  DemoWeb *self = DEMO_WEB (scenario);
  GtkWidget *rows = demo_controls_new_rows ();
  GtkWidget *typed = demo_controls_new_entry (_ ("A_ddress"), self->typed);
  /* Translators: how long the answer may take, in seconds; a field follows */
  GtkWidget *limit = demo_controls_new_number (_ ("_Limit (s)"), self->limit);
  const char *titles[G_N_ELEMENTS (answers) + 1] = { NULL };

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    titles[i] = _ (answers[i].title);
  g_object_bind_property_full (self->answer, "value", typed, "visible", G_BINDING_SYNC_CREATE,
                               is_typed, NULL, NULL, NULL);
  gtk_widget_set_tooltip_text (limit,
                               _ ("How long it may take, in seconds; 0: as long as it takes"));

  gtk_box_append (GTK_BOX (rows), demo_controls_new_choice (_ ("Ans_wer"), titles, self->answer));
  gtk_box_append (GTK_BOX (rows), typed);
  gtk_box_append (GTK_BOX (rows), limit);

  return rows;
}

/* Nobody waits for the answer any more when its page is closed. */
static GtkWidget *
demo_web_create_view (DemoScenario *scenario)
{
  GtkWidget *view = demo_text_new (_ ("The answer"), DEMO_WEB (scenario)->body,
                                   _ ("What the server answers appears here."));

  g_signal_connect_object (view, "destroy", G_CALLBACK (demo_scenario_cancel), scenario,
                           G_CONNECT_SWAPPED);

  return view;
}

static void
demo_web_dispose (GObject *object)
{
  DemoWeb *self = DEMO_WEB (object);

  g_clear_object (&self->answer);
  g_clear_object (&self->typed);
  g_clear_object (&self->limit);
  g_clear_object (&self->body);
  g_clear_pointer (&self->server, demo_server_free);
  g_clear_pointer (&self->address, g_free);

  G_OBJECT_CLASS (demo_web_parent_class)->dispose (object);
}

static void
demo_web_class_init (DemoWebClass *klass)
{
  DemoScenarioClass *scenario_class = DEMO_SCENARIO_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = demo_web_dispose;

  scenario_class->id = "web";
  scenario_class->title = N_ ("Web API");
  scenario_class->topic = N_ ("Waiting");
  scenario_class->summary
    = N_ ("Asks a web server, and waits for the answer. The server is part of this app.");
  scenario_class->watch = N_ ("The answer comes in pieces; Cancel ends it at any time.");
  scenario_class->function = "fetch";
  scenario_class->create_parameters = demo_web_create_parameters;
  scenario_class->create_view = demo_web_create_view;
  scenario_class->check = demo_web_check;
  scenario_class->freeze = demo_web_freeze;
  scenario_class->asyncify = demo_web_asyncify;
}

static void
demo_web_init (DemoWeb *self)
{
  self->answer = g_object_ref_sink (gtk_adjustment_new (SLOW, 0, TYPED, 1, 1, 0));
  self->typed = gtk_entry_buffer_new ("https://example.org/", -1);
  /* One more than is allowed, so that what is too long is refused, not cut. */
  gtk_entry_buffer_set_max_length (self->typed, MAX_ADDRESS + 1);
  self->limit = gtk_entry_buffer_new ("0", -1);
  self->body = gtk_text_buffer_new (NULL);
}
