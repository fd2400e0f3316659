/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files and texts that the user hands to a command. */
#ifndef CMD_INPUT_H
#define CMD_INPUT_H

#include "command.h"

#define INPUT_MAX (10u << 20)	/* bytes of an XML file */

/*
 * The text of a whole file, at most INPUT_MAX bytes; it lives as long as the
 * command. NULL: the reason is the command's.
 */
char	*cmd_read_file(struct cmd *cmd, const char *path);
/* The same, at most max bytes. */
char	*cmd_read_small_file(struct cmd *cmd, const char *path, size_t max);

/*
 * For a call that names a file to who answers it: a relative path is one in
 * this program's directory, wherever the other end was started. NULL as above.
 */
char	*cmd_call_path(struct cmd *cmd, const char *path);

/* The words of a text between commas, empty ones too; NULL ends them. */
char	**cmd_split_commas(struct cmd *cmd, const char *text);
/* The same, but two commas stand for one comma in a word. */
char	**cmd_split_list(struct cmd *cmd, const char *text);

/*
 * A size, as number_scaled. 0, or -1: the reason is the command's, unless the
 * text is no number at all.
 */
int	cmd_read_size(struct cmd *cmd, const char *text, uint64_t scale,
	    uint64_t max, uint64_t *out);

/* --timeout in seconds, as cmd_uint; in milliseconds it fits into an int. */
int	cmd_timeout(struct cmd *cmd, unsigned int *out);

/* The calls' texts are not const, though nobody changes arguments. */
static inline char *
call_text(const char *text)
{
	return (char *)(size_t)text;
}

#endif
