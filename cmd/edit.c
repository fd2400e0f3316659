/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts in the user's editor: temporary files, and documents asked again. */
#include "edit.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "../lib/buf.h"
#include "../lib/file.h"
#include "idle.h"
#include "input.h"

#define SUFFIX ".xml"

int
edit_file_make(struct cmd *cmd, struct edit_file *file, const char *text)
{
	const char *dir = getenv("TMPDIR");
	int fd;

	file->original = text;
	file->path = cmd_printf(cmd, "%s/xvshXXXXXX" SUFFIX,
	    dir == NULL ? "/tmp" : dir);
	fd = mkostemps(file->path, (int)strlen(SUFFIX), O_CLOEXEC);
	if (fd < 0)
		return cmd_error(cmd, "g_mkstemp_full: failed to create "
		    "temporary file: %s", strerror(errno));
	if (fd_write(fd, text, strlen(text)) != 0) {
		(void)cmd_error(cmd, "write: %s: failed to write to temporary "
		    "file: %s", file->path, strerror(errno));
		(void)close(fd);
		(void)unlink(file->path);
		return -1;
	}
	if (close(fd) != 0) {
		(void)cmd_error(cmd, "close: %s: failed to write or close "
		    "temporary file: %s", file->path, strerror(errno));
		(void)unlink(file->path);
		return -1;
	}
	return 0;
}

char *
edit_file_run(struct cmd *cmd, struct edit_file *file)
{
	char *text;

	if (edit_run_editor(cmd, file->path) != 0)
		return NULL;
	text = cmd_read_file(cmd, file->path);
	if (text == NULL)
		(void)cmd_error(cmd, "%s: failed to read temporary file: %s",
		    file->path, strerror(cmd_last_error(cmd)->int1));
	return text;
}

void
edit_file_end(struct cmd *cmd, struct edit_file *file, bool arrived)
{
	struct error err = ERROR_INIT;
	struct buf text = BUF_INIT;

	if (!arrived && file_read(file->path, INPUT_MAX, &text, &err) == 0)
		arrived = strcmp(buf_str(&text), file->original) == 0;
	/* A file that is gone cannot be kept. */
	if (arrived || access(file->path, F_OK) != 0)
		(void)unlink(file->path);
	else
		(void)cmd_error(cmd, "the edited text is kept in %s",
		    file->path);
	error_release(&err);
	buf_release(&text);
}

/* --- asking again --------------------------------------------------------- */

static void
print_choices(struct cmd *cmd, bool relax)
{
	cmd_text(cmd, "\r\n"
	    "y - yes, start editor again\r\n"
	    "n - no, throw away my changes\r\n");
	if (relax)
		cmd_text(cmd, "i - turn off validation and try to redefine "
		    "again\r\n");
	cmd_text(cmd, "f - force, try to redefine again\r\n"
	    "? - print this help\r\n");
}

/* The key that the user presses: y, n, f, i when relax is set. */
static int
read_choice(struct cmd *cmd, const char *problem, bool relax)
{
	for (;;) {
		char key;
		ssize_t n;

		cmd_text(cmd, "\r%s Try again? %s: ", problem,
		    relax ? "[y,n,i,f,?]" : "[y,n,f,?]");
		(void)fflush(stdout);
		(void)idle_until(cmd_session(cmd), STDIN_FILENO);
		n = read(STDIN_FILENO, &key, 1);
		if (n < 0 && errno == EINTR)
			continue;
		/* The end, Ctrl-C and Ctrl-D give up. */
		if (n <= 0 || key == 3 || key == 4)
			return 'n';
		key = (char)tolower((unsigned char)key);
		if (key == '?')
			print_choices(cmd, relax);
		else if (key != '\0' && strchr("ynf", key) != NULL)
			return key;
		else if (relax && key == 'i')
			return key;
	}
}

static void
say_reason(struct cmd *cmd)
{
	if (cmd_last_error(cmd)->code != XVM_ERR_OK)
		(void)cmd_error(cmd, "%s", cmd_last_error(cmd)->message);
	cmd_forget_error(cmd);
}

/*
 * What to do about the problem, which is said with its reason. Without a
 * terminal to ask on, or with a program that reads JSON, the answer is no.
 */
static int
ask(struct cmd *cmd, const char *problem, bool relax)
{
	struct termios saved, raw;
	int key;

	if (cmd_json(cmd) || !isatty(STDIN_FILENO) ||
	    tcgetattr(STDIN_FILENO, &saved) != 0) {
		(void)cmd_error(cmd, "%s", problem);
		/* In JSON it is the error itself, with its code. */
		if (!cmd_json(cmd))
			say_reason(cmd);
		return 'n';
	}
	say_reason(cmd);
	raw = saved;
	cfmakeraw(&raw);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
	key = read_choice(cmd, problem, relax);
	(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &saved);
	cmd_text(cmd, "\r\n");
	return key;
}

/* --- documents ------------------------------------------------------------ */

/*
 * Put the text in its place, unless somebody else changed the document since
 * *base_inout. 0; 1: the user wants to edit it again; -1: given up (said).
 */
static int
try_set(struct cmd *cmd, const struct edit_document *d, const char *text,
    const char **base_inout, bool *relax_inout)
{
	for (;;) {
		const char *now = d->get(cmd, d->arg);
		const char *problem = NULL;

		if (now == NULL)
			return -1;
		if (strcmp(*base_inout, now) != 0) {
			problem = "The XML configuration was changed by "
			    "another user.";
			*base_inout = now;
		} else if (d->set(cmd, d->arg, text) != 0) {
			problem = "Failed.";
		}
		if (problem == NULL)
			return 0;
		switch (ask(cmd, problem, *relax_inout)) {
		case 'y':
			return 1;
		case 'i':
			d->relax(d->arg);
			*relax_inout = false;
			break;
		case 'f':
			break;
		default:
			return -1;
		}
	}
}

enum edit_result
edit_document(struct cmd *cmd, const struct edit_document *d)
{
	enum edit_result result = EDIT_FAILED;
	const char *base = d->get(cmd, d->arg);
	struct edit_file file;
	const char *text;
	bool relax;
	int rc;

	if (base == NULL || edit_file_make(cmd, &file, base) != 0)
		return EDIT_FAILED;
	do {
		text = edit_file_run(cmd, &file);
		if (text == NULL)
			break;
		if (strcmp(text, base) == 0) {
			result = EDIT_UNCHANGED;
			break;
		}
		relax = d->relax != NULL;
		rc = try_set(cmd, d, text, &base, &relax);
		if (rc == 0)
			result = EDIT_CHANGED;
	} while (rc > 0);
	edit_file_end(cmd, &file, result != EDIT_FAILED);
	return result;
}
