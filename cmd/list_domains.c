/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * list: which domains there are, and their states. One call where the server
 * can tell states with names (CONNECT_GET_ALL_DOMAIN_STATS); else the list
 * and one batch of questions about each.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../lib/uuid.h"
#include "domain_doc.h"
#include "monitor_state.h"
#include "values.h"

/* What a row shows. */
#define STATE_SAVED (-2)
#define STATE_GONE (-1)

struct row {
	const struct xvm_domain *dom;
	int state;
	const char *title;
};

struct rows {
	struct row *list;
	size_t n;
};

/* The filters that domain statistics know as well, with the same bits. */
#define STATS_FILTERS (XVM_CONNECT_LIST_DOMAINS_MANAGEDSAVE - 1)

static const struct flag_option filters[] = {
	{ "persistent", XVM_CONNECT_LIST_DOMAINS_PERSISTENT },
	{ "transient", XVM_CONNECT_LIST_DOMAINS_TRANSIENT },
	{ "with-managed-save", XVM_CONNECT_LIST_DOMAINS_MANAGEDSAVE },
	{ "without-managed-save", XVM_CONNECT_LIST_DOMAINS_NO_MANAGEDSAVE },
	{ "autostart", XVM_CONNECT_LIST_DOMAINS_AUTOSTART },
	{ "no-autostart", XVM_CONNECT_LIST_DOMAINS_NO_AUTOSTART },
	{ "with-snapshot", XVM_CONNECT_LIST_DOMAINS_HAS_SNAPSHOT },
	{ "without-snapshot", XVM_CONNECT_LIST_DOMAINS_NO_SNAPSHOT },
	{ "with-checkpoint", XVM_CONNECT_LIST_DOMAINS_HAS_CHECKPOINT },
	{ "without-checkpoint", XVM_CONNECT_LIST_DOMAINS_NO_CHECKPOINT },
	{ "state-running", XVM_CONNECT_LIST_DOMAINS_RUNNING },
	{ "state-paused", XVM_CONNECT_LIST_DOMAINS_PAUSED },
	{ "state-shutoff", XVM_CONNECT_LIST_DOMAINS_SHUTOFF },
	{ "state-other", XVM_CONNECT_LIST_DOMAINS_OTHER },
};

static unsigned int
list_flags(struct cmd *cmd)
{
	unsigned int flags = XVM_CONNECT_LIST_DOMAINS_ACTIVE;

	if (cmd_has(cmd, "inactive") || cmd_has(cmd, "state-shutoff"))
		flags = XVM_CONNECT_LIST_DOMAINS_INACTIVE;
	if (cmd_has(cmd, "all"))
		flags = XVM_CONNECT_LIST_DOMAINS_ACTIVE |
		    XVM_CONNECT_LIST_DOMAINS_INACTIVE;
	return flags | cmd_flags(cmd, filters,
	    sizeof(filters) / sizeof(filters[0]));
}

/* Active domains by id, then the others by name. */
static int
compare_rows(const void *va, const void *vb)
{
	const struct xvm_domain *a = ((const struct row *)va)->dom;
	const struct xvm_domain *b = ((const struct row *)vb)->dom;
	int order;

	if (a->id != b->id) {
		if (a->id < 0 || b->id < 0)
			return a->id < 0 ? 1 : -1;
		return a->id < b->id ? -1 : 1;
	}
	order = strcasecmp(a->name, b->name);
	return order != 0 ? order : strcmp(a->name, b->name);
}

/* Names, ids and states in one call. 0, or -1: the server cannot. */
static int
collect_states(struct cmd *cmd, unsigned int flags, struct rows *rows)
{
	struct xvm_connect_get_all_domain_stats_args args = {
		.stats = XVM_DOMAIN_STATS_STATE,
		.flags = flags,
	};
	const struct xvm_connect_get_all_domain_stats_ret *ret;

	ret = cmd_call(cmd, XVM_CALL_CONNECT_GET_ALL_DOMAIN_STATS, &args);
	if (ret == NULL)
		return -1;
	rows->n = ret->ret_stats.ret_stats_len;
	rows->list = cmd_alloc(cmd, rows->n * sizeof(*rows->list));
	for (size_t i = 0; i < rows->n; i++) {
		const struct xvm_domain_stats_record *r =
		    &ret->ret_stats.ret_stats_val[i];

		const struct xvm_typed_param *state = params_find(
		    r->params.params_val, r->params.params_len, "state.state");

		if (state == NULL || state->value.type != XVM_TYPED_INT)
			return -1;
		rows->list[i].dom = &r->dom;
		rows->list[i].state = state->value.xvm_typed_value_u.i;
	}
	return 0;
}

static int
collect(struct cmd *cmd, unsigned int flags, struct rows *rows)
{
	struct xvm_connect_list_all_domains_args args = { 1, flags };
	const struct xvm_connect_list_all_domains_ret *ret;

	ret = cmd_call(cmd, XVM_CALL_CONNECT_LIST_ALL_DOMAINS, &args);
	if (ret == NULL)
		return cmd_error(cmd, "Failed to list domains");
	rows->n = ret->domains.domains_len;
	rows->list = cmd_alloc(cmd, rows->n * sizeof(*rows->list));
	for (size_t i = 0; i < rows->n; i++)
		rows->list[i].dom = &ret->domains.domains_val[i];
	return 0;
}

static void
ask_states(struct cmd *cmd, struct rows *rows)
{
	struct xvm_domain_get_state_args *args =
	    cmd_alloc(cmd, rows->n * sizeof(*args));
	struct call *calls = cmd_batch(cmd, rows->n);

	for (size_t i = 0; i < rows->n; i++) {
		args[i].dom = *rows->list[i].dom;
		cmd_batch_set(cmd, &calls[i], XVM_CALL_DOMAIN_GET_STATE,
		    &args[i]);
	}
	(void)cmd_submit(cmd, calls, rows->n);
	for (size_t i = 0; i < rows->n; i++) {
		const struct xvm_domain_get_state_ret *ret = calls[i].ret;

		/* It may have gone away in the meantime. */
		rows->list[i].state = calls[i].rc == 0 ? ret->state :
		    STATE_GONE;
	}
}

static void
ask_saved(struct cmd *cmd, struct rows *rows)
{
	struct xvm_domain_has_managed_save_image_args *args =
	    cmd_alloc(cmd, rows->n * sizeof(*args));
	struct call *calls = cmd_batch(cmd, rows->n);
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		if (rows->list[i].state != XVM_DOMAIN_SHUTOFF)
			continue;
		args[n].dom = *rows->list[i].dom;
		cmd_batch_set(cmd, &calls[n],
		    XVM_CALL_DOMAIN_HAS_MANAGED_SAVE_IMAGE, &args[n]);
		n++;
	}
	(void)cmd_submit(cmd, calls, n);
	for (size_t i = 0, j = 0; i < rows->n; i++) {
		const struct xvm_domain_has_managed_save_image_ret *ret;

		if (rows->list[i].state != XVM_DOMAIN_SHUTOFF)
			continue;
		ret = calls[j].ret;
		if (calls[j++].rc == 0 && ret->result > 0)
			rows->list[i].state = STATE_SAVED;
	}
}

/* The title, from the answer or, where the server has none, the XML. */
static const char *
title_of(struct cmd *cmd, const struct xvm_domain *dom, struct call *call)
{
	const struct xvm_domain_get_metadata_ret *ret = call->ret;
	const struct node *root;
	const char *title;

	if (call->rc == 0)
		return ret->metadata;
	if (call->err.code == XVM_ERR_NO_DOMAIN_METADATA)
		return "";
	if (call->err.code != XVM_ERR_NO_SUPPORT) {
		cmd_take_error(cmd, call);
		return NULL;
	}
	root = cmd_domain_doc(cmd, dom, 0);
	if (root == NULL)
		return NULL;
	title = node_find_text(root, "title");
	return title == NULL ? "" : title;
}

static int
ask_titles(struct cmd *cmd, struct rows *rows)
{
	struct xvm_domain_get_metadata_args *args =
	    cmd_alloc(cmd, rows->n * sizeof(*args));
	struct call *calls = cmd_batch(cmd, rows->n);

	for (size_t i = 0; i < rows->n; i++) {
		args[i].dom = *rows->list[i].dom;
		args[i].type = XVM_DOMAIN_METADATA_TITLE;
		cmd_batch_set(cmd, &calls[i], XVM_CALL_DOMAIN_GET_METADATA,
		    &args[i]);
	}
	(void)cmd_submit(cmd, calls, rows->n);
	for (size_t i = 0; i < rows->n; i++) {
		if (rows->list[i].state == STATE_GONE)
			continue;
		rows->list[i].title = title_of(cmd, rows->list[i].dom,
		    &calls[i]);
		if (rows->list[i].title == NULL)
			return -1;
	}
	return 0;
}

static int
print_table(struct cmd *cmd, struct rows *rows)
{
	static const struct column columns[] = {
		{ "Id", "id" }, { "Name", "name" }, { "State", "state" },
		{ "Title", "title" },
	};
	bool with_title = cmd_has(cmd, "title");
	struct table *table;

	if (cmd_has(cmd, "managed-save"))
		ask_saved(cmd, rows);
	if (with_title && ask_titles(cmd, rows) != 0)
		return -1;
	table = table_new(cmd, columns, with_title ? 4 : 3);
	for (size_t i = 0; i < rows->n; i++) {
		const struct row *r = &rows->list[i];

		if (r->state == STATE_GONE)
			continue;
		table_cell(table, r->dom->id < 0 ? value_null() :
		    value_int(r->dom->id), NULL);
		table_cell(table, value_string(r->dom->name), NULL);
		table_cell(table, value_string(r->state == STATE_SAVED ?
		    "saved" : domain_state_text(r->state)), NULL);
		if (with_title)
			table_cell(table, value_string(r->title), NULL);
	}
	table_print(table, NULL);
	return 0;
}

/* A line a domain, of what was asked for alone. */
static void
print_lines(struct cmd *cmd, const struct rows *rows)
{
	bool uuid = cmd_has(cmd, "uuid"), id = cmd_has(cmd, "id");
	bool name = cmd_has(cmd, "name");
	char text[UUID_TEXT_SIZE];

	cmd_array_begin(cmd, NULL);
	for (size_t i = 0; i < rows->n; i++) {
		const struct xvm_domain *dom = rows->list[i].dom;
		const char *sep = "";

		/* Ids alone are listed for those that have one. */
		if (dom->id < 0 && id && !uuid && !name)
			continue;
		cmd_object_begin(cmd, NULL);
		if (uuid) {
			(void)uuid_format(UUID_BYTES(dom->uuid), text);
			cmd_field(cmd, "uuid", value_string(text), "%s", text);
			sep = " ";
		}
		if (id && dom->id < 0)
			cmd_field(cmd, "id", value_null(), "%s-", sep);
		else if (id)
			cmd_field(cmd, "id", value_int(dom->id), "%s%d", sep,
			    dom->id);
		if (id)
			sep = " ";
		if (name)
			cmd_field(cmd, "name", value_string(dom->name),
			    "%s%s", sep, dom->name);
		cmd_text(cmd, "\n");
		cmd_object_end(cmd);
	}
	cmd_array_end(cmd);
}

static int
list_run(struct cmd *cmd)
{
	unsigned int flags = list_flags(cmd);
	struct rows rows = { NULL, 0 };
	bool lines;

	if (cmd_exclusive(cmd, "table", "name") != 0 ||
	    cmd_exclusive(cmd, "table", "uuid") != 0 ||
	    cmd_exclusive(cmd, "table", "id") != 0)
		return -1;
	lines = cmd_has(cmd, "uuid") || cmd_has(cmd, "name") ||
	    cmd_has(cmd, "id");
	if (lines || (flags & ~(unsigned int)STATS_FILTERS) != 0 ||
	    collect_states(cmd, flags, &rows) != 0) {
		cmd_forget_error(cmd);
		if (collect(cmd, flags, &rows) != 0)
			return -1;
		if (!lines)
			ask_states(cmd, &rows);
	}
	if (rows.n > 1)
		qsort(rows.list, rows.n, sizeof(*rows.list), compare_rows);
	if (!lines)
		return print_table(cmd, &rows);
	print_lines(cmd, &rows);
	return 0;
}

static const struct option list_options[] = {
	OPTION_SWITCH("inactive", "only domains that are not active"),
	OPTION_SWITCH("all", "active domains and others"),
	OPTION_SWITCH("transient", "only domains without a definition"),
	OPTION_SWITCH("persistent", "only domains that are defined"),
	OPTION_SWITCH("with-snapshot", "only domains that have a snapshot"),
	OPTION_SWITCH("without-snapshot", "only domains that have none"),
	OPTION_SWITCH("with-checkpoint",
	    "only domains that have a checkpoint"),
	OPTION_SWITCH("without-checkpoint", "only domains that have none"),
	OPTION_SWITCH("state-running", "only domains that run"),
	OPTION_SWITCH("state-paused", "only domains that are paused"),
	OPTION_SWITCH("state-shutoff", "only domains that are shut off"),
	OPTION_SWITCH("state-other", "only domains in any other state"),
	OPTION_SWITCH("autostart", "only domains that start with the host"),
	OPTION_SWITCH("no-autostart", "only domains that do not"),
	OPTION_SWITCH("with-managed-save",
	    "only domains with a managed save image"),
	OPTION_SWITCH("without-managed-save", "only domains without one"),
	OPTION_SWITCH("uuid", "print UUIDs instead of the table"),
	OPTION_SWITCH("name", "print names instead of the table"),
	OPTION_SWITCH("id", "print ids instead of the table"),
	OPTION_SWITCH("table", "print a table (the default)"),
	OPTION_SWITCH("managed-save",
	    "call domains with a managed save image saved"),
	OPTION_SWITCH("title", "show titles as well"),
	{ 0 },
};

const struct command command_list = {
	.name = "list",
	.summary = "list domains",
	.description = "Shows the domains of the host, the active ones unless "
	    "options say otherwise.",
	.options = list_options,
	.run = list_run,
};
