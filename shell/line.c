/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module that holds readline: lines, history, completion. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "../cmd/complete.h"
#include "line_module.h"

static struct session *the_session;
static int (*complete)(struct session *, const char *, struct words *,
    size_t *);
static void (*release)(struct words *);

/* readline's generator: the words one by one, each malloc'd. */
static char **
on_complete(const char *text, int start, int end)
{
	struct words words = { NULL, 0, false, false };
	char *line = strndup(rl_line_buffer, (size_t)end);
	char **list = NULL;
	size_t at;

	(void)start;
	if (line == NULL || complete(the_session, line, &words, &at) != 0)
		goto out;
	rl_attempted_completion_over = !words.files;
	if (words.n == 0)
		goto out;
	list = calloc(words.n + 2, sizeof(*list));
	if (list == NULL)
		goto out;
	if (words.n == 1) {
		list[0] = strdup(words.list[0]);
		goto out;
	}
	/* The first is what all have in common. */
	at = strlen(words.list[0]);
	for (size_t i = 0; i < words.n; i++) {
		size_t n = 0;

		while (n < at && words.list[0][n] == words.list[i][n])
			n++;
		at = n;
		list[i + 1] = strdup(words.list[i]);
	}
	list[0] = strndup(words.list[0], at);
out:
	(void)text;
	release(&words);
	free(line);
	return list;
}

static void
line_open(struct session *session,
    int (*complete_fn)(struct session *, const char *, struct words *,
    size_t *), void (*release_fn)(struct words *))
{
	the_session = session;
	complete = complete_fn;
	release = release_fn;
	rl_readline_name = "xvsh";
	rl_attempted_completion_function = on_complete;
	rl_basic_word_break_characters = " \t\n\\'\"`;";
}

static char *
line_read(const char *prompt)
{
	return readline(prompt);
}

static void
line_remember(const char *line)
{
	add_history(line);
}

static void
line_close(void)
{
}

__attribute__((visibility("default"))) const struct line_module line_module = {
	.open = line_open,
	.read = line_read,
	.remember = line_remember,
	.close = line_close,
};
