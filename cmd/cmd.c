/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A running command: its memory, its options, its calls. */
#include "cmd.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/number.h"
#include "../lib/uuid.h"
#include "input.h"

/* Something that is freed when the command ends. */
struct owned {
	struct owned *next;
	const struct call_type *type;	/* data is this call's result */
	void *pointer;			/* made by somebody ... */
	void (*release)(void *);	/* ... and freed by this, NULL: free */
	struct call *calls;		/* whose errors are released */
	size_t n_calls;
	_Alignas(16) char data[];
};

static void
out_of_memory(void)
{
	(void)fputs("error: out of memory\n", stderr);
	exit(EXIT_FAILURE);
}

static struct owned *
own(struct cmd *cmd, size_t n)
{
	struct owned *o = calloc(1, sizeof(*o) + n);

	if (o == NULL)
		out_of_memory();
	o->next = cmd->owned;
	cmd->owned = o;
	return o;
}

static void
free_owned(struct cmd *cmd)
{
	while (cmd->owned != NULL) {
		struct owned *o = cmd->owned;

		cmd->owned = o->next;
		if (o->type != NULL)
			call_value_free(o->type, CALL_RET, o->data);
		for (size_t i = 0; i < o->n_calls; i++)
			error_release(&o->calls[i].err);
		if (o->release != NULL)
			o->release(o->pointer);
		else
			free(o->pointer);
		free(o);
	}
}

void *
cmd_alloc(struct cmd *cmd, size_t n)
{
	return own(cmd, n)->data;
}

char *
cmd_strdup(struct cmd *cmd, const char *s)
{
	size_t n = strlen(s) + 1;

	return memcpy(cmd_alloc(cmd, n), s, n);
}

void *
cmd_own(struct cmd *cmd, void *p)
{
	if (p == NULL)
		out_of_memory();
	own(cmd, 0)->pointer = p;
	return p;
}

void *
cmd_defer(struct cmd *cmd, void (*release)(void *), void *p)
{
	struct owned *o = own(cmd, 0);

	o->pointer = p;
	o->release = release;
	return p;
}

char *
cmd_printf(struct cmd *cmd, const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory();
	return cmd_own(cmd, s);
}

struct session *
cmd_session(struct cmd *cmd)
{
	return cmd->session;
}

const struct command *
cmd_command(const struct cmd *cmd)
{
	return cmd->line->command;
}

struct conn *
cmd_conn(struct cmd *cmd)
{
	return cmd->session->conn;
}

bool
cmd_interrupted(struct cmd *cmd)
{
	const volatile sig_atomic_t *flag = cmd->session->interrupted;

	return flag != NULL && *flag != 0;
}

/* --- options -------------------------------------------------------------- */

static const struct given *
given(struct cmd *cmd, const char *name)
{
	for (const struct given *g = cmd->line->given; g != NULL; g = g->next) {
		if (strcmp(g->option->name, name) == 0)
			return g;
	}
	return NULL;
}

bool
cmd_has(struct cmd *cmd, const char *name)
{
	return given(cmd, name) != NULL;
}

const char *
cmd_word(struct cmd *cmd, const char *name)
{
	const struct given *g = given(cmd, name);

	return g == NULL ? NULL : g->value;
}

int
cmd_string(struct cmd *cmd, const char *name, const char **out)
{
	const struct given *g = given(cmd, name);

	*out = NULL;
	if (g == NULL)
		return 0;
	if (g->value[0] == '\0' && (g->option->flags & OPTION_EMPTY_OK) == 0)
		return cmd_error(cmd,
		    "Failed to get option '%s': Option argument is empty",
		    name);
	*out = g->value;
	return 0;
}

static int
bad_number(struct cmd *cmd, const char *word, const char *name)
{
	return cmd_error(cmd, "Numeric value '%s' for <%s> option is "
	    "malformed or out of range", word, name);
}

#define GETTER(function, type, parse) \
	int \
	function(struct cmd *cmd, const char *name, type *out) \
	{ \
		const char *word = cmd_word(cmd, name); \
		if (word == NULL) \
			return 0; \
		return parse(word, 10, out) == 0 ? 1 : \
		    bad_number(cmd, word, name); \
	}
GETTER(cmd_int, int, number_i32)
GETTER(cmd_uint, unsigned int, number_u32)
GETTER(cmd_uint_wrap, unsigned int, number_u32_wrap)
GETTER(cmd_i64, int64_t, number_i64)
GETTER(cmd_u64, uint64_t, number_u64)
GETTER(cmd_u64_wrap, uint64_t, number_u64_wrap)
#undef GETTER

int
cmd_scaled(struct cmd *cmd, const char *name, uint64_t *out, uint64_t scale,
    uint64_t max)
{
	const char *word = cmd_word(cmd, name);

	if (word == NULL)
		return 0;
	if (cmd_read_size(cmd, word, scale, max, out) == 0)
		return 1;
	return cmd_error(cmd, "Scaled numeric value '%s' for <%s> option is "
	    "malformed or out of range", word, name);
}

const char *
cmd_argv(struct cmd *cmd, size_t i)
{
	for (const struct given *g = cmd->line->given; g != NULL; g = g->next) {
		if (g->option->type == OPTION_ARGV && i-- == 0)
			return g->value;
	}
	return NULL;
}

int
cmd_exclusive_if(struct cmd *cmd, bool a, const char *a_name, bool b,
    const char *b_name)
{
	if (!a || !b)
		return 0;
	return cmd_error(cmd, "Options --%s and --%s are mutually exclusive",
	    a_name, b_name);
}

int
cmd_exclusive(struct cmd *cmd, const char *a, const char *b)
{
	return cmd_exclusive_if(cmd, cmd_has(cmd, a), a, cmd_has(cmd, b), b);
}

int
cmd_requires_if(struct cmd *cmd, bool a, const char *a_name, bool b,
    const char *b_name)
{
	if (!a || b)
		return 0;
	return cmd_error(cmd, "Option --%s is required by option --%s",
	    b_name, a_name);
}

int
cmd_requires(struct cmd *cmd, const char *a, const char *b)
{
	return cmd_requires_if(cmd, cmd_has(cmd, a), a, cmd_has(cmd, b), b);
}

int
cmd_affect_flags(struct cmd *cmd, unsigned int *flags_out)
{
	*flags_out = XVM_DOMAIN_AFFECT_CURRENT;
	if (cmd_exclusive(cmd, "current", "live") != 0 ||
	    cmd_exclusive(cmd, "current", "config") != 0)
		return -1;
	if (cmd_has(cmd, "config"))
		*flags_out |= XVM_DOMAIN_AFFECT_CONFIG;
	if (cmd_has(cmd, "live"))
		*flags_out |= XVM_DOMAIN_AFFECT_LIVE;
	return 0;
}

/* --- calls ---------------------------------------------------------------- */

static void *
new_result(struct cmd *cmd, const struct call_type *type)
{
	struct owned *o;

	if (type == NULL || type->part[CALL_RET].size == 0)
		return NULL;
	o = own(cmd, type->part[CALL_RET].size);
	o->type = type;
	return o->data;
}

const void *
cmd_call(struct cmd *cmd, int number, const void *args)
{
	static const char nothing[1];
	void *ret = new_result(cmd, call_type(number));

	if (conn_call(cmd_conn(cmd), number, args, ret, &cmd->err) != 0)
		return NULL;
	return ret == NULL ? nothing : ret;
}

struct call *
cmd_batch(struct cmd *cmd, size_t n)
{
	struct owned *o = own(cmd, n * sizeof(struct call));

	o->calls = (struct call *)(void *)o->data;
	o->n_calls = n;
	return o->calls;
}

void
cmd_batch_set(struct cmd *cmd, struct call *call, int number,
    const void *args)
{
	call->number = number;
	call->args = args;
	call->ret = new_result(cmd, call_type(number));
}

size_t
cmd_submit(struct cmd *cmd, struct call *calls, size_t n)
{
	return conn_submit(cmd_conn(cmd), calls, n);
}

void
cmd_take_error(struct cmd *cmd, struct call *call)
{
	error_move(&cmd->err, &call->err);
}

const struct error *
cmd_last_error(struct cmd *cmd)
{
	return &cmd->err;
}

int
cmd_set_error(struct cmd *cmd, struct error *err)
{
	error_move(&cmd->err, err);
	return -1;
}

void
cmd_forget_error(struct cmd *cmd)
{
	error_release(&cmd->err);
}

int
cmd_error(struct cmd *cmd, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	if (n < 0)
		out_of_memory();
	cmd_print_error(cmd, text);
	free(text);
	return -1;
}

void
cmd_debug(struct cmd *cmd, int level, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	session_vdebug(cmd->session, (enum session_level)level, fmt, ap);
	va_end(ap);
}

/* --- the domain ----------------------------------------------------------- */

const struct xvm_domain *
cmd_domain_named(struct cmd *cmd, const char *word, unsigned int how)
{
	struct xvm_domain_lookup_by_id_args by_id;
	struct xvm_domain_lookup_by_uuid_args by_uuid;
	struct xvm_domain_lookup_by_name_args by_name;
	struct call *calls = cmd_batch(cmd, 3);
	const char *name = cmd_command(cmd)->name;
	const struct xvm_domain *dom = NULL;
	int32_t id;
	size_t n = 0;

	if ((how & CMD_BY_ID) != 0 && number_i32(word, 10, &id) == 0 &&
	    id >= 0) {
		cmd_debug(cmd, SESSION_DEBUG,
		    "%s: <domain> looks like ID\n", name);
		by_id.id = id;
		cmd_batch_set(cmd, &calls[n++], XVM_CALL_DOMAIN_LOOKUP_BY_ID,
		    &by_id);
	}
	if ((how & CMD_BY_UUID) != 0 && strlen(word) == UUID_TEXT_SIZE - 1 &&
	    uuid_parse(word, (unsigned char *)by_uuid.uuid) == 0) {
		cmd_debug(cmd, SESSION_DEBUG,
		    "%s: <domain> trying as domain UUID\n", name);
		cmd_batch_set(cmd, &calls[n++],
		    XVM_CALL_DOMAIN_LOOKUP_BY_UUID, &by_uuid);
	}
	if ((how & CMD_BY_NAME) != 0) {
		cmd_debug(cmd, SESSION_DEBUG,
		    "%s: <domain> trying as domain NAME\n", name);
		by_name.name = (char *)(size_t)word;
		cmd_batch_set(cmd, &calls[n++],
		    XVM_CALL_DOMAIN_LOOKUP_BY_NAME, &by_name);
	}
	(void)cmd_submit(cmd, calls, n);
	for (size_t i = 0; i < n && dom == NULL; i++) {
		/* Every look-up's result is the domain alone. */
		if (calls[i].rc == 0)
			dom = calls[i].ret;
	}
	if (dom == NULL) {
		/*
		 * People are told just that, unless nothing could be looked up
		 * at all; programs get the code.
		 */
		if (n > 0 && (cmd->json ||
		    calls[n - 1].err.code == XVM_ERR_OPERATION_FAILED))
			cmd_take_error(cmd, &calls[n - 1]);
		(void)cmd_error(cmd, "failed to get domain '%s'", word);
	}
	return dom;
}

const struct xvm_domain *
cmd_domain_by(struct cmd *cmd, unsigned int how)
{
	const char *word;

	if (cmd_string(cmd, "domain", &word) != 0 || word == NULL)
		return NULL;
	cmd_debug(cmd, SESSION_INFO, "%s: found option <domain>: %s\n",
	    cmd_command(cmd)->name, word);
	return cmd_domain_named(cmd, word, how);
}

const struct xvm_domain *
cmd_domain(struct cmd *cmd)
{
	return cmd_domain_by(cmd, CMD_BY_ID | CMD_BY_UUID | CMD_BY_NAME);
}

/* --- running -------------------------------------------------------------- */

void
cmd_release(struct cmd *cmd)
{
	free_owned(cmd);
	error_release(&cmd->err);
}

/* The connection turned out to be broken: the next command connects again. */
static void
lost(struct cmd *cmd)
{
	struct session *session = cmd->session;
	const struct error *why = conn_why(session->conn);

	session->disconnected = true;
	if (conn_was_refused(session->conn)) {
		if (!cmd->json)
			session_error(session,
			    "failed to connect to the hypervisor");
		if (cmd->err.code == XVM_ERR_OK && why != NULL)
			(void)error_copy(&cmd->err, why);
		/* Where it is asked for at once, nothing more is run either. */
		session->quit = true;
		return;
	}
	/* For programs the reason is all. */
	if (cmd->json)
		return;
	session_error(session, "Disconnected from %s due to %s",
	    conn_uri(session->conn), why == NULL || why->message == NULL ?
	    "end of file" : why->message);
}

int
cmd_run_line(struct session *session, const struct line *line)
{
	struct cmd cmd = { .session = session, .line = line };
	bool json = session->json;
	int rc = -1;

	cmd.json = session->json |= line->json;
	if ((line->command->flags & COMMAND_NO_CONNECTION) == 0 &&
	    session->conn != NULL && !session->disconnected &&
	    !conn_is_alive(session->conn))
		lost(&cmd);	/* while nothing was asked */
	if ((line->command->flags & COMMAND_NO_CONNECTION) != 0 ||
	    session_need_connection(session, &cmd.err) == 0)
		rc = line->command->run(&cmd);
	if (rc != 0 && session->conn != NULL &&
	    !conn_is_alive(session->conn))
		lost(&cmd);
	cmd_print_finish(&cmd, rc == 0);
	cmd_release(&cmd);
	session->json = json;
	return rc;
}
