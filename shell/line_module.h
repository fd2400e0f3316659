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

struct line_module {
	/* Read the history; complete and release are those of complete.h. */
	void (*open)(struct session *session,
	    int (*complete)(struct session *, const char *, struct words *,
	    size_t *), void (*release)(struct words *));
	/* A line without its line feed, the caller's to free; NULL: the end.
	 * Ctrl-C gives an empty line. */
	char *(*read)(const char *prompt);
	void (*remember)(const char *line);
	void (*close)(void);			/* and write the history */
};

#endif
