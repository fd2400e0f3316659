/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a command prints: text for people, or one JSON value for programs. */
#include "print.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"

struct value
value_string(const char *s)
{
	return (struct value){ .kind = s == NULL ? VALUE_NULL : VALUE_STRING,
	    .s = s };
}

bool
cmd_json(struct cmd *cmd)
{
	return cmd->json;
}

void
cmd_text(struct cmd *cmd, const char *fmt, ...)
{
	va_list ap;

	if (cmd->json)
		return;
	va_start(ap, fmt);
	(void)vprintf(fmt, ap);
	va_end(ap);
}

void
cmd_extra(struct cmd *cmd, const char *fmt, ...)
{
	va_list ap;

	if (cmd->json || cmd->session->quiet)
		return;
	va_start(ap, fmt);
	(void)vprintf(fmt, ap);
	va_end(ap);
}

struct json_object *
cmd_json_value(struct value value)
{
	switch (value.kind) {
	case VALUE_BOOL:
		return json_object_new_boolean(value.b);
	case VALUE_INT:
		return json_object_new_int64(value.i);
	case VALUE_UINT:
		return json_object_new_uint64(value.u);
	case VALUE_DOUBLE:
		return json_object_new_double(value.d);
	case VALUE_STRING:
		return json_object_new_string(value.s);
	case VALUE_NULL:
		break;
	}
	return NULL;
}

/* Put a value into what is open. */
static void
put(struct cmd *cmd, const char *key, struct json_object *value)
{
	struct json_object *in = cmd->stack[cmd->depth - 1];

	if (key != NULL)
		(void)json_object_object_add(in, key, value);
	else
		(void)json_object_array_add(in, value);
}

static void
open_value(struct cmd *cmd, const char *key, struct json_object *value)
{
	if (cmd->depth == 0 && key != NULL)
		cmd->stack[cmd->depth++] = json_object_new_object();
	if (cmd->depth > 0)
		put(cmd, key, value);
	if (cmd->depth < JSON_DEPTH_MAX)
		cmd->stack[cmd->depth++] = value;
}

static void
close_value(struct cmd *cmd)
{
	/* The outermost stays until it is printed. */
	if (cmd->depth > 1)
		cmd->depth--;
}

void
cmd_object_begin(struct cmd *cmd, const char *key)
{
	if (cmd->json)
		open_value(cmd, key, json_object_new_object());
}

void
cmd_object_end(struct cmd *cmd)
{
	if (cmd->json)
		close_value(cmd);
}

void
cmd_array_begin(struct cmd *cmd, const char *key)
{
	if (cmd->json)
		open_value(cmd, key, json_object_new_array());
}

void
cmd_array_end(struct cmd *cmd)
{
	if (cmd->json)
		close_value(cmd);
}

void
cmd_datum(struct cmd *cmd, const char *key, struct value value)
{
	if (!cmd->json)
		return;
	if (cmd->depth == 0)
		cmd->stack[cmd->depth++] = json_object_new_object();
	put(cmd, key, cmd_json_value(value));
}

void
cmd_field(struct cmd *cmd, const char *key, struct value value,
    const char *fmt, ...)
{
	va_list ap;

	if (cmd->json) {
		cmd_datum(cmd, key, value);
		return;
	}
	va_start(ap, fmt);
	(void)vprintf(fmt, ap);
	va_end(ap);
}

void
cmd_document(struct cmd *cmd, const char *key, const char *text)
{
	if (cmd->json)
		cmd_datum(cmd, key, value_string(text));
	else
		(void)fputs(text, stdout);
}

static void
drop_json(struct cmd *cmd)
{
	if (cmd->depth > 0)
		(void)json_object_put(cmd->stack[0]);
	cmd->depth = 0;
}

void
cmd_json_flush(struct cmd *cmd)
{
	if (cmd->depth > 0)
		(void)printf("%s\n", json_object_to_json_string_ext(
		    cmd->stack[0], JSON_C_TO_STRING_PLAIN |
		    JSON_C_TO_STRING_NOSLASHESCAPE));
	drop_json(cmd);
	(void)fflush(stdout);
}

void
cmd_print_error(struct cmd *cmd, const char *text)
{
	/* That it could not connect is all there is to say then. */
	if (cmd->quiet || (cmd->session->conn != NULL &&
	    conn_was_refused(cmd->session->conn)))
		return;
	if (!cmd->json) {
		session_error(cmd->session, "%s", text);
		return;
	}
	if (cmd->said == NULL)
		cmd->said = json_object_new_array();
	(void)json_object_array_add(cmd->said, json_object_new_string(text));
}

void
print_json_error(const struct error *err, struct json_object *said)
{
	struct json_object *top = json_object_new_object();
	struct json_object *e = json_object_new_object();
	const char *message = err->message;
	size_t n = said == NULL ? 0 : json_object_array_length(said);

	if (message == NULL)
		message = n == 0 ? "unknown error" : json_object_get_string(
		    json_object_array_get_idx(said, n - 1));
	(void)json_object_object_add(e, "code", json_object_new_int(err->code));
	(void)json_object_object_add(e, "domain",
	    json_object_new_int(err->domain));
	(void)json_object_object_add(e, "message",
	    json_object_new_string(message));
	(void)json_object_object_add(e, "context",
	    said != NULL ? said : json_object_new_array());
	(void)json_object_object_add(top, "error", e);
	(void)fflush(stdout);
	(void)fprintf(stderr, "%s\n", json_object_to_json_string_ext(top,
	    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
	(void)json_object_put(top);
}

void
cmd_print_finish(struct cmd *cmd, bool ok)
{
	if (cmd->json) {
		if (ok)
			cmd_json_flush(cmd);
		else
			print_json_error(&cmd->err, cmd->said);
		drop_json(cmd);
		if (ok && cmd->said != NULL)
			(void)json_object_put(cmd->said);
	} else if (!ok && cmd->err.code != XVM_ERR_OK) {
		session_error(cmd->session, "%s", cmd->err.message);
	}
}
