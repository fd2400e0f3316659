/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text to words. */
#include "split.h"

#include <string.h>

#include "../lib/buf.h"

struct splitter {
	const char *p;
	bool partial;		/* for completion */
	struct buf word;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * One word at s->p, which is not blank, into s->word. 0, or -1 with what is
 * wrong in *problem.
 */
static int
take_word(struct splitter *s, const char **problem)
{
	char quote = '\0', c;

	buf_clear(&s->word);
	while ((c = *s->p) != '\0') {
		if (quote == '\0' && (is_blank(c) || c == ';' || c == '\n'))
			break;
		s->p++;
		if (c == '\'' && quote != '"') {
			quote = quote == '\'' ? '\0' : '\'';
			continue;
		}
		if (c == '"' && quote != '\'') {
			quote = quote == '"' ? '\0' : '"';
			continue;
		}
		if (c == '\\' && quote != '\'') {
			c = *s->p;
			if (c == '\0') {
				*problem = "dangling \\";
				return s->partial ? 0 : -1;
			}
			s->p++;
			if (c == '\n')
				continue;
		}
		buf_putc(&s->word, c);
	}
	*problem = "missing \"";
	return quote == '"' && !s->partial ? -1 : 0;
}

static int
split(struct splitter *s, const char *text, struct tokens *out,
    size_t *start_out)
{
	const char *problem;

	s->p = text;
	for (;;) {
		while (is_blank(*s->p) || (s->p[0] == '\\' && s->p[1] == '\n'))
			s->p += 1 + (*s->p == '\\');
		if (start_out != NULL)
			*start_out = (size_t)(s->p - text);
		if (*s->p == '\0')
			return tokens_add(out, TOKEN_END, "", 0);
		if (*s->p == ';' || *s->p == '\n') {
			s->p++;
			if (tokens_add(out, TOKEN_NEXT, "", 0) != 0)
				return -1;
			continue;
		}
		if (*s->p == '#') {
			s->p += strcspn(s->p, "\n");
			s->p += *s->p == '\n';
			if (tokens_add(out, TOKEN_NEXT, "", 0) != 0)
				return -1;
			continue;
		}
		if (take_word(s, &problem) != 0)
			return tokens_add(out, TOKEN_ERROR, problem,
			    strlen(problem));
		if (s->word.failed || tokens_add(out, TOKEN_WORD,
		    buf_str(&s->word), s->word.len) != 0)
			return -1;
		if (s->partial && *s->p == '\0')
			return tokens_add(out, TOKEN_END, "", 0);
	}
}

int
split_text(const char *text, struct tokens *out)
{
	struct splitter s = { .partial = false };
	int rc = split(&s, text, out, NULL);

	buf_release(&s.word);
	return rc;
}

int
split_partial(const char *text, struct tokens *out, size_t *start_out)
{
	struct splitter s = { .partial = true };
	int rc = split(&s, text, out, start_out);

	/* Behind a blank an empty word begins. */
	if (rc == 0 && *start_out == strlen(text)) {
		out->list[out->n - 1].kind = TOKEN_WORD;
		rc = tokens_add(out, TOKEN_END, "", 0);
	}
	buf_release(&s.word);
	return rc;
}

int
split_argv(int argc, char *const *argv, struct tokens *out)
{
	for (int i = 0; i < argc; i++) {
		if (tokens_add(out, TOKEN_WORD, argv[i], strlen(argv[i])) != 0)
			return -1;
	}
	return tokens_add(out, TOKEN_END, "", 0);
}
