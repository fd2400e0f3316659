/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of all commands, made from list.h. */
#include <string.h>

#include "command.h"

#define GROUP(name, keyword)
#define COMMAND(id) extern const struct command command_##id;
#include "list.h"
#undef GROUP
#undef COMMAND

const struct command_row command_rows[] = {
#define GROUP(name, keyword) { name, keyword, NULL },
#define COMMAND(id) { NULL, NULL, &command_##id },
#include "list.h"
#undef GROUP
#undef COMMAND
};

const size_t command_rows_count =
    sizeof(command_rows) / sizeof(command_rows[0]);

static const struct command *
find(const char *name)
{
	for (size_t i = 0; i < command_rows_count; i++) {
		const struct command *c = command_rows[i].command;

		if (c != NULL && strcmp(c->name, name) == 0)
			return c;
	}
	return NULL;
}

const struct command *
command_find(const char *name)
{
	const struct command *c = find(name);

	return c != NULL && c->alias_of != NULL ? find(c->alias_of) : c;
}
