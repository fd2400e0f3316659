/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The inside of a running command, shared by cmd.c, print.c and table.c. */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "args.h"
#include "command.h"

struct json_object;
struct owned;

#define JSON_DEPTH_MAX 16

struct cmd {
	struct session *session;
	const struct line *line;
	struct owned *owned;	/* freed at the end */
	struct error err;	/* of the last call that failed */
	/* What was said on stderr, for the JSON form of an error. */
	struct json_object *said;
	bool json;
	bool quiet;		/* completing: say no errors */
	/* The JSON value so far: the open objects and arrays. */
	struct json_object *stack[JSON_DEPTH_MAX];
	int depth;
};

/* Run one parsed command. 0, or -1 after saying why. */
int	cmd_run_line(struct session *session, const struct line *line);

/* Free what the command holds. */
void	cmd_release(struct cmd *cmd);

/* print.c */
void	cmd_print_finish(struct cmd *cmd, bool ok);
void	cmd_print_error(struct cmd *cmd, const char *text);
struct json_object	*cmd_json_value(struct value value);
/*
 * One object on stderr with libvirt's code and domain, and what else was said:
 * an array of texts (handed over) or NULL.
 */
void	print_json_error(const struct error *err, struct json_object *said);

#endif
