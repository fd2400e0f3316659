/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* help: the commands, a group's, or one command's options. */
#include <string.h>

#include "complete.h"
#include "help.h"

static bool
listed(const struct command *c)
{
	return c != NULL && c->alias_of == NULL &&
	    (c->flags & COMMAND_HIDDEN) == 0;
}

/* The commands of the group whose row is i. */
static void
list_group(struct cmd *cmd, size_t i)
{
	for (i++; i < command_rows_count && command_rows[i].group == NULL;
	    i++) {
		const struct command *c = command_rows[i].command;

		if (!listed(c))
			continue;
		cmd_object_begin(cmd, NULL);
		cmd_datum(cmd, "name", value_string(c->name));
		cmd_datum(cmd, "summary", value_string(c->summary));
		cmd_object_end(cmd);
		cmd_text(cmd, "    %-30s %s\n", c->name, c->summary);
	}
}

static void
show_group(struct cmd *cmd, size_t i, const char *key)
{
	cmd_object_begin(cmd, key);
	cmd_datum(cmd, "group", value_string(command_rows[i].group));
	cmd_datum(cmd, "keyword", value_string(command_rows[i].keyword));
	cmd_array_begin(cmd, "commands");
	cmd_text(cmd, " %s (help keyword '%s'):\n", command_rows[i].group,
	    command_rows[i].keyword);
	list_group(cmd, i);
	cmd_array_end(cmd);
	cmd_object_end(cmd);
}

static void
show_all(struct cmd *cmd)
{
	cmd_array_begin(cmd, NULL);
	cmd_text(cmd, "Grouped commands:\n\n");
	for (size_t i = 0; i < command_rows_count; i++) {
		if (command_rows[i].group == NULL)
			continue;
		show_group(cmd, i, NULL);
		cmd_text(cmd, "\n");
	}
	cmd_array_end(cmd);
}

/* How an option looks in a synopsis; by_position: may stand without name. */
static const char *
synopsis(struct cmd *cmd, const struct option *o, bool *by_position)
{
	bool required = (o->flags & OPTION_REQUIRED) != 0;

	if (o->type != OPTION_BOOL && o->type != OPTION_ARGV &&
	    (o->flags & OPTION_NAMED) == 0)
		*by_position = true;
	switch (o->type) {
	case OPTION_BOOL:
		return cmd_printf(cmd, "[--%s]", o->name);
	case OPTION_INT:
		return cmd_printf(cmd, required ? "<%s>" : "[--%s <number>]",
		    o->name);
	case OPTION_STRING:
		return cmd_printf(cmd, "[--%s <string>]", o->name);
	case OPTION_DATA:
		return cmd_printf(cmd, required ? "<%s>" : "[<%s>]", o->name);
	case OPTION_ARGV:
		if (*by_position)
			return cmd_printf(cmd, required ?
			    "{[--%s] <string>}..." : "[[--%s] <string>]...",
			    o->name);
		return cmd_printf(cmd, required ? "<%s>..." : "[<%s>]...",
		    o->name);
	case OPTION_ALIAS:
		break;
	}
	return "";
}

/* How it looks in the list of options. */
static const char *
option_column(struct cmd *cmd, const struct option *o, bool by_position)
{
	switch (o->type) {
	case OPTION_BOOL:
		return cmd_printf(cmd, "--%s", o->name);
	case OPTION_INT:
		return cmd_printf(cmd, (o->flags & OPTION_REQUIRED) != 0 ?
		    "[--%s] <number>" : "--%s <number>", o->name);
	case OPTION_STRING:
		return cmd_printf(cmd, "--%s <string>", o->name);
	case OPTION_DATA:
		return cmd_printf(cmd, "[--%s] <string>", o->name);
	case OPTION_ARGV:
		return cmd_printf(cmd, by_position ? "[--%s] <string>" :
		    "<%s>", o->name);
	case OPTION_ALIAS:
		break;
	}
	return "";
}

static void
show_command(struct cmd *cmd, const struct command *c)
{
	const struct option *o;
	bool by_position = false;

	cmd_datum(cmd, "name", value_string(c->name));
	cmd_datum(cmd, "summary", value_string(c->summary));
	cmd_text(cmd, "  NAME\n    %s - %s\n\n  SYNOPSIS\n    %s", c->name,
	    c->summary, c->name);
	for (o = c->options; o != NULL && o->name != NULL; o++) {
		if (o->type != OPTION_ALIAS)
			cmd_text(cmd, " %s", synopsis(cmd, o, &by_position));
	}
	cmd_text(cmd, "\n");
	if (c->description != NULL && c->description[0] != '\0')
		cmd_text(cmd, "\n  DESCRIPTION\n    %s\n", c->description);
	cmd_array_begin(cmd, "options");
	if (c->options != NULL && c->options->name != NULL)
		cmd_text(cmd, "\n  OPTIONS\n");
	for (o = c->options; o != NULL && o->name != NULL; o++) {
		if (o->type == OPTION_ALIAS)
			continue;
		cmd_text(cmd, "    %-15s  %s\n",
		    option_column(cmd, o, by_position), o->help);
		cmd_object_begin(cmd, NULL);
		cmd_datum(cmd, "name", value_string(o->name));
		cmd_datum(cmd, "required",
		    value_bool((o->flags & OPTION_REQUIRED) != 0));
		cmd_datum(cmd, "takes_value",
		    value_bool(o->type != OPTION_BOOL));
		cmd_datum(cmd, "help", value_string(o->help));
		cmd_object_end(cmd);
	}
	cmd_array_end(cmd);
	cmd_text(cmd, "\n");
}

static int
help_run(struct cmd *cmd)
{
	const char *name = cmd_word(cmd, "command");
	const struct command *c;

	if (name == NULL || name[0] == '\0') {
		show_all(cmd);
		return 0;
	}
	c = command_find(name);
	if (c != NULL) {
		show_command(cmd, c);
		return 0;
	}
	for (size_t i = 0; i < command_rows_count; i++) {
		const struct command_row *row = &command_rows[i];

		if (row->group != NULL && (strcmp(row->group, name) == 0 ||
		    strcmp(row->keyword, name) == 0)) {
			show_group(cmd, i, NULL);
			return 0;
		}
	}
	return cmd_error(cmd, "command or command group '%s' doesn't exist",
	    name);
}

static const struct option help_options[] = {
	{ "command", OPTION_STRING, 0,
	    "a command or a group's keyword to explain", complete_command, 0 },
	{ NULL },
};

const struct command command_help = {
	.name = "help",
	.summary = "list the commands, or explain one",
	.description = "Without a word: all commands by group. With a "
	    "group's keyword: the commands of that group. With a command: its "
	    "options.",
	.options = help_options,
	.flags = COMMAND_NO_CONNECTION,
	.run = help_run,
};

void
help_print_groups(void)
{
	for (size_t i = 0; i < command_rows_count; i++) {
		const struct command_row *row = &command_rows[i];

		if (row->group != NULL)
			(void)printf("%s %s (help keyword '%s')\n",
			    i == 0 ? "" : "\n", row->group, row->keyword);
		else if (listed(row->command))
			(void)printf("    %-30s %s\n", row->command->name,
			    row->command->summary);
	}
	(void)putchar('\n');
}
