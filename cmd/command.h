/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A command is one const object: name, words about it, options with their
 * completers, flags, and what it runs. It lives in the file of its group and
 * is named in one line of list.h. Running it gets a struct cmd: the parsed
 * options, the connection to call, the places to print to and memory that is
 * freed when the command ends.
 *
 *	static int
 *	suspend_run(struct cmd *cmd)
 *	{
 *		const struct xvm_domain *dom = cmd_domain(cmd);
 *		...
 *		args.dom = *dom;
 *		if (cmd_call(cmd, XVM_CALL_DOMAIN_SUSPEND, &args) == NULL)
 *			return cmd_error(cmd, "Failed to suspend domain '%s'",
 *			    dom->name);
 *		cmd_extra(cmd, "Domain '%s' suspended\n", dom->name);
 *		return 0;
 *	}
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../lib/call.h"
#include "../lib/conn.h"
#include "print.h"
#include "session.h"

struct cmd;
struct words;

/* Adds the possible values of an option, given what was typed so far. */
typedef void completer(struct cmd *cmd, unsigned int flags,
    struct words *words);

enum option_type {
	OPTION_BOOL,		/* --name */
	OPTION_INT,		/* --name NUMBER, or by position */
	OPTION_STRING,		/* --name STRING, or by position */
	OPTION_DATA,		/* a required word, by position or --name */
	OPTION_ARGV,		/* all further words; the last option */
	OPTION_ALIAS,		/* another name: help is "target" or
				 * "target=value"; not in help */
};

enum option_flags {
	OPTION_REQUIRED = 1 << 0,
	OPTION_NAMED = 1 << 1,	/* never by position */
	OPTION_EMPTY_OK = 1 << 2,	/* "" is a value */
};

struct option {
	const char *name;	/* NULL ends a list */
	enum option_type type;
	unsigned int flags;
	const char *help;
	completer *complete;	/* NULL: nothing to offer */
	unsigned int complete_flags;
};

enum command_flags {
	COMMAND_NO_CONNECTION = 1 << 0,	/* runs without one */
	COMMAND_HIDDEN = 1 << 1,	/* not in help */
};

struct command {
	const char *name;
	const char *summary;	/* for lists of commands */
	const char *description;	/* for its help; NULL or "": none */
	const char *alias_of;	/* an old name: the command's, else NULL */
	const struct option *options;	/* NULL: none */
	unsigned int flags;
	int (*run)(struct cmd *cmd);	/* 0, or -1 after cmd_error */
};

/* A group's heading or a command of the group, in the order of list.h. */
struct command_row {
	const char *group;	/* "Domain Management", NULL in a command's */
	const char *keyword;	/* "domain" */
	const struct command *command;
};

extern const struct command_row command_rows[];
extern const size_t command_rows_count;

/* By exact name, old names too; NULL: none. Never an alias itself. */
const struct command	*command_find(const char *name);

/* --- what a running command can ask for ---------------------------------- */

struct session	*cmd_session(struct cmd *cmd);
const struct command	*cmd_command(const struct cmd *cmd);
struct conn	*cmd_conn(struct cmd *cmd);

/* Memory until the command's end; never NULL (out of memory ends the
 * program with a message, as there is nothing else to do). */
void	*cmd_alloc(struct cmd *cmd, size_t n);	/* zeroed */
char	*cmd_strdup(struct cmd *cmd, const char *s);
char	*cmd_printf(struct cmd *cmd, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* Adopt what malloc gave. Returns p. */
void	*cmd_own(struct cmd *cmd, void *p);
/* Call release(p) when the command ends. Returns p. */
void	*cmd_defer(struct cmd *cmd, void (*release)(void *), void *p);

/* Options, as virsh reads them. A value lives as long as the command. */
bool	cmd_has(struct cmd *cmd, const char *name);
/* *out is NULL when it is not given. -1: given but empty (said). */
int	cmd_string(struct cmd *cmd, const char *name, const char **out);
/* 1: given, 0: not (*out untouched), -1: malformed or out of range (said). */
int	cmd_int(struct cmd *cmd, const char *name, int *out);
int	cmd_uint(struct cmd *cmd, const char *name, unsigned int *out);
int	cmd_uint_wrap(struct cmd *cmd, const char *name, unsigned int *out);
int	cmd_i64(struct cmd *cmd, const char *name, int64_t *out);
int	cmd_u64(struct cmd *cmd, const char *name, uint64_t *out);
int	cmd_u64_wrap(struct cmd *cmd, const char *name, uint64_t *out);
/* A size with unit: without one times scale; in bytes, at most max. */
int	cmd_scaled(struct cmd *cmd, const char *name, uint64_t *out,
	    uint64_t scale, uint64_t max);
/* The raw word as given, even when empty; NULL: not given. Says nothing. */
const char	*cmd_word(struct cmd *cmd, const char *name);
/* The words of the OPTION_ARGV option: the i-th, NULL behind the last. */
const char	*cmd_argv(struct cmd *cmd, size_t i);

/* 0, or -1 after saying that both were given. */
int	cmd_exclusive(struct cmd *cmd, const char *a, const char *b);
int	cmd_exclusive_if(struct cmd *cmd, bool a, const char *a_name, bool b,
	    const char *b_name);
/* Option a needs b. */
int	cmd_requires(struct cmd *cmd, const char *a, const char *b);
int	cmd_requires_if(struct cmd *cmd, bool a, const char *a_name, bool b,
	    const char *b_name);

/* The flags of --live --config --current: XVM_DOMAIN_AFFECT_*; -1 after
 * saying that they exclude each other. */
int	cmd_affect_flags(struct cmd *cmd, unsigned int *flags_out);

/*
 * The domain that the option "domain" names by id, UUID or name, in that
 * order. NULL after saying so. Its name, uuid and id are borrowed.
 */
#define CMD_BY_ID 1u
#define CMD_BY_UUID 2u
#define CMD_BY_NAME 4u
const struct xvm_domain	*cmd_domain(struct cmd *cmd);
const struct xvm_domain	*cmd_domain_by(struct cmd *cmd, unsigned int how);
/* The same for any word. */
const struct xvm_domain	*cmd_domain_named(struct cmd *cmd, const char *word,
			    unsigned int how);

/*
 * One call. The result (of the call's struct; for a call without, something
 * that is not NULL) lives until the command's end. NULL: it failed, and the
 * reason is printed when the command ends with -1, unless cmd_forget_error
 * or another failing call came in between.
 */
const void	*cmd_call(struct cmd *cmd, int number, const void *args);
/*
 * A batch in one round trip: cmd_batch gives n zeroed calls, set each with
 * cmd_batch_set (args must live until the submit), then cmd_submit. Each
 * call's rc tells; ret is its result. cmd_take_error makes a failed one's
 * reason the command's.
 */
struct call	*cmd_batch(struct cmd *cmd, size_t n);
void	cmd_batch_set(struct cmd *cmd, struct call *call, int number,
	    const void *args);
size_t	cmd_submit(struct cmd *cmd, struct call *calls, size_t n);
void	cmd_take_error(struct cmd *cmd, struct call *call);

/* The reason of the last failed call; code 0: none. */
const struct error	*cmd_last_error(struct cmd *cmd);
/* A reason from elsewhere in lib becomes the command's. Returns -1. */
int	cmd_set_error(struct cmd *cmd, struct error *err);
void	cmd_forget_error(struct cmd *cmd);

/* Say "error: ..." now. Always -1, so that run can return it. */
int	cmd_error(struct cmd *cmd, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));
/* For the log and -d; level 0 (debug) to 4 (error). */
void	cmd_debug(struct cmd *cmd, int level, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));

/* Was Ctrl-C pressed? Loops that wait ask this. */
bool	cmd_interrupted(struct cmd *cmd);

#endif
