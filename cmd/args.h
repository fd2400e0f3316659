/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From words to commands with their options. Words come as tokens, so that
 * text (split.h) and argument vectors are parsed alike.
 */
#ifndef CMD_ARGS_H
#define CMD_ARGS_H

#include "command.h"

enum token_kind {
	TOKEN_WORD,
	TOKEN_NEXT,		/* the end of one command */
	TOKEN_END,		/* the end of all */
	TOKEN_ERROR,		/* text says what is wrong */
};

struct token {
	enum token_kind kind;
	char *text;		/* of a word, or the error; owned */
};

struct tokens {
	struct token *list;	/* ends with TOKEN_END or TOKEN_ERROR */
	size_t n;
};

/* One option that was given. */
struct given {
	const struct option *option;
	char *value;		/* NULL for OPTION_BOOL */
	struct given *next;
};

/* A parsed command. */
struct line {
	const struct command *command;
	struct given *given;	/* in the order of the words */
	bool json;		/* --json among them */
	struct line *next;
};

int	tokens_add(struct tokens *tokens, enum token_kind kind,
	    const char *text, size_t n);
void	tokens_release(struct tokens *tokens);

/* Parse all; NULL on failure (said) and when there is nothing to run. */
int	args_parse(struct session *session, const struct tokens *tokens,
	    struct line **out);
/*
 * Parse what is there so far of the last command, for completion: says
 * nothing. *wanted_out: the option whose value the last word is or begins;
 * NULL: a command or option name. NULL when the command is unknown.
 */
struct line	*args_parse_partial(const struct tokens *tokens,
		    const struct option **wanted_out);
void	args_free(struct line *line);

#endif
