/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be typed next: which option or word it is, and who knows. */
#include "complete.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "split.h"

void
words_add(struct words *words, const char *fmt, ...)
{
	va_list ap;
	char **list, *s;
	int n;

	list = reallocarray(words->list, words->n + 1, sizeof(*list));
	if (list == NULL) {
		words->failed = true;
		return;
	}
	words->list = list;
	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0) {
		words->failed = true;
		return;
	}
	words->list[words->n++] = s;
}

void
words_release(struct words *words)
{
	for (size_t i = 0; i < words->n; i++)
		free(words->list[i]);
	free(words->list);
	memset(words, 0, sizeof(*words));
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Keep, sorted and once, what begins with the prefix. */
static void
select_words(struct words *words, const char *prefix)
{
	size_t n = 0, len = strlen(prefix);

	if (words->n > 1)
		qsort(words->list, words->n, sizeof(words->list[0]), compare);
	for (size_t i = 0; i < words->n; i++) {
		char *w = words->list[i];

		if (strncmp(w, prefix, len) == 0 &&
		    (n == 0 || strcmp(words->list[n - 1], w) != 0))
			words->list[n++] = w;
		else
			free(w);
	}
	words->n = n;
}

static bool
was_given(const struct line *line, const struct option *o)
{
	for (const struct given *g = line->given; g != NULL; g = g->next) {
		if (g->option == o)
			return true;
	}
	return false;
}

static void
add_options(const struct line *line, struct words *words)
{
	const struct option *o = line->command->options;

	for (; o != NULL && o->name != NULL; o++) {
		if (o->type != OPTION_ALIAS &&
		    (o->type == OPTION_ARGV || !was_given(line, o)))
			words_add(words, "--%s", o->name);
	}
	words_add(words, "--help");
	words_add(words, "--json");
}

/* The option that a bare word at the end is for; NULL: none. */
static const struct option *
by_position(const struct line *line, bool has_word)
{
	const struct option *o = line->command->options;
	const struct given *last = line->given;

	while (last != NULL && last->next != NULL)
		last = last->next;
	if (has_word && last != NULL && last->value != NULL)
		return last->option;
	for (; o != NULL && o->name != NULL; o++) {
		if (o->type != OPTION_BOOL && o->type != OPTION_ALIAS &&
		    (o->flags & OPTION_NAMED) == 0 &&
		    (o->type == OPTION_ARGV || !was_given(line, o)))
			return o;
	}
	return NULL;
}

static void
add_values(struct session *session, const struct line *line,
    const struct option *o, struct words *words)
{
	struct cmd cmd = { .session = session, .line = line, .quiet = true };

	if (o->complete == NULL)
		return;
	if (session->conn != NULL)
		conn_set_patience(session->conn, COMPLETE_MS);
	o->complete(&cmd, o->complete_flags, words);
	if (session->conn != NULL)
		conn_set_patience(session->conn, 0);
	cmd_release(&cmd);
}

int
complete_text(struct session *session, const char *text, struct words *out,
    size_t *start_out)
{
	struct tokens tokens = { NULL, 0 };
	const struct option *wanted = NULL;
	struct line *line = NULL;
	const char *word = "";
	size_t n;
	int rc = split_partial(text, &tokens, start_out);

	if (rc != 0)
		goto out;
	n = tokens.n;
	/* [... word END]: the word is the one to complete. */
	if (n >= 2 && tokens.list[n - 2].kind == TOKEN_WORD)
		word = tokens.list[n - 2].text;
	if (n < 3 || tokens.list[n - 3].kind != TOKEN_WORD) {
		complete_command(NULL, 0, out);
		select_words(out, word);
		goto out;
	}
	/* Parse without the last word, which is still being typed. */
	free(tokens.list[n - 1].text);
	tokens.n--;
	tokens.list[n - 2].kind = TOKEN_END;
	line = args_parse_partial(&tokens, &wanted);
	if (line == NULL)
		goto out;
	if (wanted == NULL && strncmp(word, "--", 2) == 0) {
		add_options(line, out);
	} else {
		if (wanted == NULL)
			wanted = by_position(line, false);
		if (wanted != NULL)
			add_values(session, line, wanted, out);
		else if (word[0] == '\0')
			add_options(line, out);
	}
	select_words(out, word);
out:
	args_free(line);
	tokens_release(&tokens);
	return rc;
}

static int
complete_run(struct cmd *cmd)
{
	struct session *session = cmd_session(cmd);
	struct words words = { NULL, 0, false, false };
	const char *text = "", *word;
	struct error err = ERROR_INIT;
	size_t start;
	int rc;

	session->completing = true;
	if (session->conn == NULL)
		(void)session_connect(session, NULL, false, false, &err);
	error_release(&err);
	for (size_t i = 0; (word = cmd_argv(cmd, i)) != NULL; i++)
		text = i == 0 ? word : cmd_printf(cmd, "%s %s", text, word);
	rc = complete_text(session, text, &words, &start);
	session->completing = false;
	if (rc != 0)
		return -1;
	cmd_array_begin(cmd, NULL);
	for (size_t i = 0; i < words.n; i++)
		cmd_field(cmd, NULL, value_string(words.list[i]), "%s\n",
		    words.list[i]);
	cmd_array_end(cmd);
	words_release(&words);
	return 0;
}

static const struct option complete_options[] = {
	{ "string", OPTION_ARGV, OPTION_EMPTY_OK, "what was typed so far" },
	{ NULL },
};

const struct command command_complete = {
	.name = "complete",
	.summary = "list what can be typed next",
	.description = "Print the completions of the words, for shells.",
	.options = complete_options,
	.flags = COMMAND_NO_CONNECTION | COMMAND_HIDDEN,
	.run = complete_run,
};
