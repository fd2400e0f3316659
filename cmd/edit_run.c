/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The editor itself: found, run on the terminal, waited for. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/file.h"
#include "edit.h"
#include "idle.h"
#include "split.h"

#define DEFAULT_EDITOR "vi"

/*
 * The argument vector: the editor's own words, quoted as on our command line,
 * then the file. NULL after saying what is wrong with them.
 */
static char **
editor_argv(struct cmd *cmd, const char *editor, const char *path)
{
	struct tokens tokens = { 0 };
	char **argv = NULL;
	size_t n = 0;

	if (split_text(editor, &tokens) != 0)
		(void)cmd_error(cmd, "out of memory");
	else
		argv = cmd_alloc(cmd, (tokens.n + 2) * sizeof(*argv));
	for (size_t i = 0; argv != NULL && i < tokens.n; i++) {
		const struct token *t = &tokens.list[i];

		if (t->kind == TOKEN_END)
			break;
		if (t->kind != TOKEN_WORD) {
			(void)cmd_error(cmd, "cannot run the editor '%s': %s",
			    editor, t->kind == TOKEN_ERROR ? t->text :
			    "it is more than one command");
			argv = NULL;
		} else {
			argv[n++] = cmd_strdup(cmd, t->text);
		}
	}
	tokens_release(&tokens);
	if (argv != NULL && n == 0) {
		(void)cmd_error(cmd, "Cannot find '%s' in path: %s", editor,
		    strerror(ENOENT));
		return NULL;
	}
	if (argv != NULL)
		argv[n] = cmd_strdup(cmd, path);
	return argv;
}

/* The words as a shell would take them, for messages. */
static const char *
argv_text(struct cmd *cmd, char *const *argv)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-/_.:@=+,%";
	const char *text = "";

	for (; *argv != NULL; argv++) {
		const char *quote =
		    (*argv)[strspn(*argv, plain)] == '\0' ? "" : "'";

		text = cmd_printf(cmd, "%s%s%s%s%s", text,
		    text[0] == '\0' ? "" : " ", quote, *argv, quote);
	}
	return text;
}

/* The new process: with the signals that a program of a terminal expects. */
static _Noreturn void
become_editor(char *const *argv, int report_fd)
{
	int rc;

	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGQUIT, SIG_DFL);
	(void)signal(SIGPIPE, SIG_DFL);
	(void)execvp(argv[0], argv);
	rc = errno;
	(void)fd_write(report_fd, &rc, sizeof(rc));
	_exit(127);
}

/* Start it: 0, or the errno that kept it from being started. */
static int
spawn(char *const *argv, pid_t *pid_out)
{
	int report[2], rc = 0;
	ssize_t n;

	/* Closed by a successful exec, else it says why. */
	if (pipe2(report, O_CLOEXEC) != 0)
		return errno;
	*pid_out = fork();
	if (*pid_out == 0)
		become_editor(argv, report[1]);
	if (*pid_out < 0)
		rc = errno;
	(void)close(report[1]);
	if (rc == 0) {
		int why;

		while ((n = read(report[0], &why, sizeof(why))) < 0 &&
		    errno == EINTR)
			continue;
		if (n == (ssize_t)sizeof(why)) {
			rc = why;
			(void)waitpid(*pid_out, NULL, 0);
		}
	}
	(void)close(report[0]);
	return rc;
}

static int
wait_for(struct cmd *cmd, pid_t pid, char *const *argv)
{
	int status, fd = pidfd_open(pid, 0);

	/* It may take longer than the other end waits for us. */
	if (fd >= 0) {
		while (idle_until(cmd_session(cmd), fd) != 0 &&
		    errno == EINTR)
			continue;
		(void)close(fd);
	}
	while (waitpid(pid, &status, 0) < 0) {
		if (errno != EINTR)
			return cmd_error(cmd, "cannot wait for %s: %s",
			    argv[0], strerror(errno));
	}
	if (WIFSIGNALED(status))
		return cmd_error(cmd, "internal error: Child process (%s) "
		    "unexpected fatal signal %d", argv_text(cmd, argv),
		    WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return cmd_error(cmd, "internal error: Child process (%s) "
		    "unexpected exit status %d", argv_text(cmd, argv),
		    WEXITSTATUS(status));
	return 0;
}

int
edit_run_editor(struct cmd *cmd, const char *path)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old_int, old_quit;
	const char *editor = getenv("VISUAL");
	char **argv;
	pid_t pid = -1;
	int rc;

	if (editor == NULL)
		editor = getenv("EDITOR");
	if (editor == NULL)
		editor = DEFAULT_EDITOR;
	argv = editor_argv(cmd, editor, path);
	if (argv == NULL)
		return -1;
	(void)fflush(stdout);
	/* The keys that send these are the editor's meanwhile. */
	(void)sigaction(SIGINT, &ignore, &old_int);
	(void)sigaction(SIGQUIT, &ignore, &old_quit);
	rc = spawn(argv, &pid);
	if (rc == 0)
		rc = wait_for(cmd, pid, argv);
	else if (strchr(argv[0], '/') != NULL)
		rc = cmd_error(cmd, "cannot execute binary %s: %s", argv[0],
		    strerror(rc));
	else
		rc = cmd_error(cmd, "Cannot find '%s' in path: %s", argv[0],
		    strerror(rc));
	(void)sigaction(SIGINT, &old_int, NULL);
	(void)sigaction(SIGQUIT, &old_quit, NULL);
	return rc;
}
