/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module that holds readline: lines, history, completion. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "../cmd/complete.h"
#include "line_module.h"

#define HISTORY_LINES 500
#define HISTORY_LINES_MAX 65535

static struct line_host host;
static char *history_file;

/* --- completion ----------------------------------------------------------- */

/* What all the words begin with. */
static char *
common_prefix(const struct words *words)
{
	size_t n = strlen(words->list[0]);

	for (size_t i = 1; i < words->n; i++) {
		size_t same = 0;

		while (same < n &&
		    words->list[0][same] == words->list[i][same])
			same++;
		n = same;
	}
	return strndup(words->list[0], n);
}

/* readline's list: the common begin, the words, NULL; each malloc'd. */
static char **
make_list(const struct words *words)
{
	char **list = calloc(words->n + 2, sizeof(*list));

	if (list == NULL)
		return NULL;
	list[0] = common_prefix(words);
	for (size_t i = 0; words->n > 1 && i < words->n; i++)
		list[i + 1] = strdup(words->list[i]);
	return list;
}

static char **
on_complete(const char *text, int start, int end)
{
	struct words words = { NULL, 0, false, false };
	char *line = strndup(rl_line_buffer, (size_t)end), **list = NULL;
	size_t at;

	(void)text;
	(void)start;
	rl_attempted_completion_over = 1;
	if (line != NULL &&
	    host.complete(host.session, line, &words, &at) == 0) {
		/* Then readline looks for files by itself. */
		if (words.files)
			rl_attempted_completion_over = 0;
		if (words.n > 0)
			list = make_list(&words);
	}
	host.release(&words);
	free(line);
	return list;
}

/* Quoted with \ as the splitter reads it. */
static char *
on_quote(char *text, int match, char *quote)
{
	char *out = malloc(2 * strlen(text) + 1), *p = out;

	(void)match;
	if (out == NULL)
		return NULL;
	for (; *text != '\0'; text++) {
		if (*quote == '\0' && strchr(" \t\n\\'\";", *text) != NULL)
			*p++ = '\\';
		*p++ = *text;
	}
	*p = '\0';
	return out;
}

static int
is_quoted(char *line, int at)
{
	return at > 0 && line[at - 1] == '\\' && !is_quoted(line, at - 1);
}

/* --- Ctrl-C --------------------------------------------------------------- */

static int
on_signal(void)
{
	const volatile sig_atomic_t *flag = host.session->interrupted;

	if (flag == NULL || *flag == 0)
		return 0;
	host.interrupt_clear();
	rl_crlf();
	rl_replace_line("", 1);
	rl_on_new_line();
	rl_redisplay();
	return 0;
}

/* A key, for which the connection is seen to meanwhile. */
static int
on_getc(FILE *in)
{
	while (host.wait(host.session, fileno(in)) != 0 && errno == EINTR) {
		rl_check_signals();
		(void)on_signal();
	}
	return rl_getc(in);
}

/* --- history -------------------------------------------------------------- */

static void
say(const char *text)
{
	(void)fprintf(stderr, "error: %s\n", text);
}

static int
make_directories(char *path)
{
	for (char *p = strchr(path + 1, '/'); p != NULL;
	    p = strchr(p + 1, '/')) {
		int rc;

		*p = '\0';
		rc = mkdir(path, 0700);
		*p = '/';
		if (rc != 0 && errno != EEXIST)
			return -1;
	}
	return 0;
}

static void
open_history(void)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	const char *size = getenv("XVSH_HISTSIZE");
	int lines = HISTORY_LINES, n = -1;

	if (size == NULL)
		size = getenv("VIRSH_HISTSIZE");
	if (size != NULL) {
		char *end;
		long value = strtol(size, &end, 10);

		if (*size == '\0' || *end != '\0')
			say("Bad $XVSH_HISTSIZE value.");
		else if (value < 0 || value > HISTORY_LINES_MAX)
			say("$XVSH_HISTSIZE value should be between "
			    "0 and 65535");
		else
			lines = (int)value;
	}
	stifle_history(lines);
	if (state != NULL && state[0] == '/')
		n = asprintf(&history_file, "%s/xvsh/history", state);
	else if (home != NULL && home[0] == '/')
		n = asprintf(&history_file, "%s/.local/state/xvsh/history",
		    home);
	if (n < 0)
		history_file = NULL;
	else
		(void)read_history(history_file);
}

/* --- the module ----------------------------------------------------------- */

static void
line_open(const struct line_host *from)
{
	host = *from;
	rl_readline_name = "xvsh";
	rl_attempted_completion_function = on_complete;
	rl_basic_word_break_characters = " \t\n\\'\"`;";
	rl_completer_quote_characters = "'\"";
	rl_filename_quote_characters = " \t\n\\'\";";
	rl_filename_quoting_function = on_quote;
	rl_char_is_quoted_p = is_quoted;
	rl_signal_event_hook = on_signal;
	rl_getc_function = on_getc;
	open_history();
}

static char *
line_read(const char *prompt)
{
	return readline(prompt);
}

static void
line_remember(const char *line)
{
	const HIST_ENTRY *last = history_length == 0 ? NULL :
	    history_get(history_base + history_length - 1);

	if (last == NULL || strcmp(last->line, line) != 0)
		add_history(line);
}

static void
line_close(void)
{
	if (history_file != NULL && history_length > 0 &&
	    make_directories(history_file) == 0) {
		if (write_history(history_file) == 0)
			(void)chmod(history_file, 0600);
	}
	clear_history();
	free(history_file);
	history_file = NULL;
}

__attribute__((visibility("default"))) const struct line_module line_module = {
	.open = line_open,
	.read = line_read,
	.remember = line_remember,
	.close = line_close,
};
