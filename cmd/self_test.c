/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules that every command's declaration keeps. */
#include "self_test.h"

#include <string.h>

#include "command.h"

#define OPTIONS_MAX 64	/* the parser keeps them in a 64-bit set */

static int
check_alias_option(struct cmd *cmd, const struct command *c,
    const struct option *o)
{
	size_t n = strcspn(o->help, "=");

	for (const struct option *t = o + 1; t->name != NULL; t++) {
		if (strlen(t->name) == n &&
		    strncmp(t->name, o->help, n) == 0 &&
		    t->type != OPTION_ALIAS &&
		    (o->help[n] == '\0' || t->type != OPTION_BOOL))
			return 0;
	}
	return cmd_error(cmd, "%s: option --%s stands for no later option",
	    c->name, o->name);
}

static int
check_option(struct cmd *cmd, const struct command *c,
    const struct option *o, bool *optional_seen)
{
	bool required = (o->flags & OPTION_REQUIRED) != 0;

	for (const struct option *p = c->options; p != o; p++) {
		if (strcmp(p->name, o->name) == 0)
			return cmd_error(cmd, "%s: option --%s twice",
			    c->name, o->name);
	}
	if (o->help == NULL || o->help[0] == '\0')
		return cmd_error(cmd, "%s: option --%s has no help", c->name,
		    o->name);
	if (o->type == OPTION_ALIAS)
		return check_alias_option(cmd, c, o);
	if (o->type == OPTION_ARGV && o[1].name != NULL)
		return cmd_error(cmd, "%s: --%s must be the last", c->name,
		    o->name);
	if (required && *optional_seen && o->type != OPTION_ARGV)
		return cmd_error(cmd, "%s: required --%s behind optional ones",
		    c->name, o->name);
	if (required && (o->type == OPTION_BOOL || o->type == OPTION_STRING))
		return cmd_error(cmd, "%s: --%s cannot be required", c->name,
		    o->name);
	if (o->type == OPTION_DATA && !required)
		return cmd_error(cmd, "%s: --%s must be required", c->name,
		    o->name);
	if (o->type == OPTION_BOOL && o->complete != NULL)
		return cmd_error(cmd, "%s: --%s takes no value to complete",
		    c->name, o->name);
	if (!required)
		*optional_seen = true;
	return 0;
}

static void
print_missing(struct cmd *cmd, const struct command *c)
{
	const char *sep = "";

	for (const struct option *o = c->options; o != NULL && o->name != NULL;
	    o++) {
		if ((o->type != OPTION_STRING && o->type != OPTION_DATA) ||
		    o->complete != NULL)
			continue;
		if (sep[0] == '\0')
			cmd_text(cmd, "%s: ", c->name);
		cmd_text(cmd, "%s%s", sep, o->name);
		sep = ", ";
	}
	if (sep[0] != '\0')
		cmd_text(cmd, "\n");
}

static int
check_command(struct cmd *cmd, const struct command *c)
{
	bool optional_seen = false;
	size_t n = 0;

	if (c->alias_of != NULL) {
		const struct command *target = command_find(c->alias_of);

		if (target == NULL || c->run != NULL || c->options != NULL)
			return cmd_error(cmd, "%s: bad alias of '%s'",
			    c->name, c->alias_of);
		return 0;
	}
	if (c->summary == NULL || c->summary[0] == '\0')
		return cmd_error(cmd, "%s: no summary", c->name);
	if (c->run == NULL)
		return cmd_error(cmd, "%s: nothing to run", c->name);
	for (const struct option *o = c->options; o != NULL && o->name != NULL;
	    o++) {
		if (++n > OPTIONS_MAX)
			return cmd_error(cmd, "%s: too many options", c->name);
		if (check_option(cmd, c, o, &optional_seen) != 0)
			return -1;
	}
	return 0;
}

int
self_test_commands(struct cmd *cmd)
{
	bool missing = cmd_has(cmd, "completers-missing");
	int rc = 0;

	for (size_t i = 0; i < command_rows_count; i++) {
		const struct command *c = command_rows[i].command;

		if (c == NULL)
			continue;
		for (size_t j = 0; j < i; j++) {
			const struct command *d = command_rows[j].command;

			if (d != NULL && strcmp(c->name, d->name) == 0)
				rc = cmd_error(cmd, "%s: listed twice",
				    c->name);
		}
		if (check_command(cmd, c) != 0)
			rc = -1;
		if (missing)
			print_missing(cmd, c);
	}
	return rc;
}
