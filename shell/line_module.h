/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Between repl.c and the module that holds readline (line.c), loaded only for
 * a terminal; its one exported symbol is line_module.
 */
#ifndef SHELL_LINE_MODULE_H
#define SHELL_LINE_MODULE_H

#define LINE_MODULE_FILE "xvm-line.so"

#include <stddef.h>

struct session;
struct words;

/* What the module calls back. */
struct line_host {
	struct session *session;
	int (*complete)(struct session *, const char *text, struct words *,
	    size_t *start_out);			/* complete_text */
	void (*release)(struct words *);	/* words_release */
	void (*interrupt_clear)(void);
	int (*wait)(struct session *, int fd);	/* idle_until */
};

struct line_module {
	void (*open)(const struct line_host *host);	/* reads the history */
	/* A line without its line feed, the caller's to free; NULL: the end.
	 * Ctrl-C clears the line and goes on. */
	char *(*read)(const char *prompt);
	void (*remember)(const char *line);
	void (*close)(void);			/* and write the history */
};

#endif
