/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The prompt. */
#include "repl.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../cmd/complete.h"
#include "../cmd/idle.h"
#include "../lib/module.h"
#include "interrupt.h"
#include "line_module.h"

static bool
is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

/* A line of a script: shown behind the prompt, as a terminal would. */
static char *
read_script_line(struct session *session, const char *prompt)
{
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	(void)fputs(prompt, stdout);
	(void)fflush(stdout);
	if (!is_file(STDIN_FILENO) &&
	    idle_until(session, STDIN_FILENO) != 0)
		return NULL;
	n = getline(&line, &size, stdin);
	if (n < 0) {
		free(line);
		return NULL;
	}
	if (n > 0 && line[n - 1] == '\n')
		line[n - 1] = '\0';
	(void)printf("%s\n", line);
	return line;
}

static void
welcome(const struct session *session)
{
	if (session->quiet || session->json)
		return;
	(void)printf("Welcome to xvsh, the virtualization interactive "
	    "terminal.\n\n"
	    "Type:  'help' for help with commands\n"
	    "       'quit' to quit\n\n");
}

static void
run_line(struct session *session, const char *text)
{
	struct line *line;

	if (session_parse_text(session, text, &line) == 0)
		(void)session_run(session, line);
}

int
repl_run(struct session *session)
{
	const struct line_host host = {
		.session = session,
		.complete = complete_text,
		.release = words_release,
		.interrupt_clear = interrupt_clear,
		.wait = idle_until,
	};
	const struct line_module *lines = NULL;
	struct error err = ERROR_INIT;
	char *line;

	if (isatty(STDIN_FILENO)) {
		lines = module_load(LINE_MODULE_FILE, "line_module", &err);
		if (lines == NULL)
			session_error(session, "%s", err.message);
		else
			lines->open(&host);
		error_release(&err);
	}
	/* Where lines come one by one no later one may hide in a buffer. */
	if (!is_file(STDIN_FILENO))
		(void)setvbuf(stdin, NULL, _IONBF, 0);
	welcome(session);
	while (!session->quit) {
		const char *prompt = session->readonly ? "xvsh > " : "xvsh # ";

		(void)fflush(stdout);
		interrupt_clear();
		line = lines != NULL ? lines->read(prompt) :
		    read_script_line(session, prompt);
		if (line == NULL)
			break;
		interrupt_clear();
		if (line[0] != '\0') {
			if (lines != NULL)
				lines->remember(line);
			run_line(session, line);
		}
		free(line);
	}
	(void)putchar('\n');
	if (lines != NULL)
		lines->close();
	return 0;
}
