/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Texts in the user's editor. What the user wrote is never lost: the file
 * stays, and its name is said, whenever the text did not reach its place.
 */
#ifndef CMD_EDIT_H
#define CMD_EDIT_H

#include "command.h"

/* A text in a temporary file, for one command. */
struct edit_file {
	char *path;
	const char *original;	/* what was written there for the user */
};

/* Write the text (it must live as long) for the editor. 0, or -1 (said). */
int	edit_file_make(struct cmd *cmd, struct edit_file *file,
	    const char *text);
/*
 * Have the user edit it, and read it back: for the command's life. NULL after
 * saying why.
 */
char	*edit_file_run(struct cmd *cmd, struct edit_file *file);
/*
 * Be done with it: removed when its text has arrived or is the original still;
 * else it stays and its name is said.
 */
void	edit_file_end(struct cmd *cmd, struct edit_file *file, bool arrived);

/* A document that is edited until it is taken, or the user gives up. */
struct edit_document {
	/* As it is now; NULL: the reason is the command's. */
	const char *(*get)(struct cmd *cmd, void *arg);
	/* Take what the user made of it; 0, or -1: likewise. */
	int (*set)(struct cmd *cmd, void *arg, const char *text);
	/* Check less from now on; NULL: there is nothing to relax. */
	void (*relax)(void *arg);
	void *arg;
};

enum edit_result {
	EDIT_FAILED = -1,	/* all is said */
	EDIT_CHANGED,
	EDIT_UNCHANGED,		/* nothing was edited */
};

enum edit_result	edit_document(struct cmd *cmd,
			    const struct edit_document *document);

/* Run $VISUAL, else $EDITOR, else vi, on a file. 0, or -1 (said). edit_run.c */
int	edit_run_editor(struct cmd *cmd, const char *path);

#endif
