/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From words to commands with their options, by virsh's rules. */
#include "args.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "session.h"

/* Every command has these, though its help does not list them. */
static const struct option help_option = {
	.name = "help", .type = OPTION_BOOL,
};
static const struct option json_option = {
	.name = "json", .type = OPTION_BOOL,
};

/* Parsing one command. */
struct parse {
	struct session *session;	/* NULL: say nothing */
	const struct token *at;		/* the next token */
	struct line *line;
	struct given **tail;
	uint64_t by_position;	/* options that a bare word may still fill */
	uint64_t required;
	uint64_t seen;
	bool words_only;	/* behind "--" */
	const struct option *wanted;	/* has no value yet */
};

/* What virsh says, unless this is for completion. */
#define SAY(p, ...) \
	do { \
		if ((p)->session != NULL) \
			session_error((p)->session, __VA_ARGS__); \
	} while (0)

int
tokens_add(struct tokens *tokens, enum token_kind kind, const char *text,
    size_t n)
{
	struct token *list;

	list = reallocarray(tokens->list, tokens->n + 1, sizeof(*list));
	if (list == NULL)
		return -1;
	tokens->list = list;
	list += tokens->n;
	list->kind = kind;
	list->text = strndup(text, n);
	if (list->text == NULL)
		return -1;
	tokens->n++;
	return 0;
}

void
tokens_release(struct tokens *tokens)
{
	for (size_t i = 0; i < tokens->n; i++)
		free(tokens->list[i].text);
	free(tokens->list);
	memset(tokens, 0, sizeof(*tokens));
}

void
args_free(struct line *line)
{
	while (line != NULL) {
		struct line *next = line->next;

		while (line->given != NULL) {
			struct given *g = line->given;

			line->given = g->next;
			free(g->value);
			free(g);
		}
		free(line);
		line = next;
	}
}

/* Which options need a value, in order, and which must be given. */
static void
begin(struct parse *p, const struct command *command)
{
	const struct option *o = command->options;

	for (size_t i = 0; o != NULL && o[i].name != NULL; i++) {
		if (o[i].type == OPTION_BOOL || o[i].type == OPTION_ALIAS)
			continue;
		if ((o[i].flags & OPTION_NAMED) == 0)
			p->by_position |= UINT64_C(1) << i;
		if ((o[i].flags & OPTION_REQUIRED) != 0)
			p->required |= UINT64_C(1) << i;
	}
}

static bool
is_help(const struct parse *p)
{
	return strcmp(p->line->command->name, "help") == 0;
}

static int
add_given(struct parse *p, const struct option *option, const char *value)
{
	struct given *g = calloc(1, sizeof(*g));

	if (g == NULL)
		return -1;
	g->option = option;
	if (value != NULL && (g->value = strdup(value)) == NULL) {
		free(g);
		return -1;
	}
	*p->tail = g;
	p->tail = &g->next;
	if (p->session != NULL)
		session_debug(p->session, SESSION_INFO, "%s: %s(%s): %s\n",
		    p->line->command->name, option->name,
		    value == NULL ? "bool" : "optdata",
		    value == NULL ? "(none)" : value);
	return 0;
}

/*
 * The option of a name; an alias may bring a value with it. NULL after
 * saying what is wrong.
 */
static const struct option *
find_option(struct parse *p, const char *name, char **value)
{
	const struct option *o = p->line->command->options;
	char target[64];

	if (strcmp(name, "help") == 0)
		return &help_option;
	for (size_t i = 0; o != NULL && o[i].name != NULL; i++) {
		const char *eq;

		if (strcmp(o[i].name, name) != 0)
			continue;
		if (o[i].type != OPTION_ALIAS) {
			if ((p->seen & UINT64_C(1) << i) != 0 &&
			    o[i].type != OPTION_ARGV) {
				SAY(p, "option --%s already seen", name);
				return NULL;
			}
			p->seen |= UINT64_C(1) << i;
			if (o[i].type != OPTION_ARGV)
				p->by_position &= ~(UINT64_C(1) << i);
			return &o[i];
		}
		eq = strchr(o[i].help, '=');
		if (eq != NULL && *value != NULL) {
			SAY(p, "invalid '=' after option --%s", name);
			return NULL;
		}
		if (eq == NULL)
			eq = o[i].help + strlen(o[i].help);
		else
			*value = strdup(eq + 1);
		(void)snprintf(target, sizeof(target), "%.*s",
		    (int)(eq - o[i].help), o[i].help);
		name = target;
	}
	if (strcmp(name, "json") == 0)
		return &json_option;
	if (!is_help(p))
		SAY(p, "command '%s' doesn't support option --%s",
		    p->line->command->name, name);
	return NULL;
}

/* A word "--name" or "--name=value". */
static int
parse_option(struct parse *p, const char *word)
{
	size_t n = strcspn(word + 2, "=");
	char *name = strndup(word + 2, n), *value = NULL;
	const struct option *o;
	int rc = -1;

	if (name != NULL && word[2 + n] == '=')
		value = strdup(word + 3 + n);
	o = name == NULL ? NULL : find_option(p, name, &value);
	if (o == NULL) {
		rc = is_help(p) ? 0 : -1;
	} else if (o->type == OPTION_BOOL) {
		if (value != NULL)
			SAY(p, "invalid '=' after option --%s", o->name);
		else if (o == &json_option)
			rc = 0, p->line->json = true;
		else
			rc = add_given(p, o, NULL);
	} else if (value != NULL) {
		rc = add_given(p, o, value);
	} else if (p->at->kind == TOKEN_WORD) {
		rc = add_given(p, o, p->at++->text);
	} else {
		p->wanted = o;
		if (p->at->kind == TOKEN_ERROR)
			SAY(p, "%s", p->at->text);
		else
			SAY(p, "expected syntax: --%s <%s>", o->name,
			    o->type == OPTION_INT ? "number" : "string");
	}
	free(name);
	free(value);
	return rc;
}

/* A bare word goes to the first option that still wants one. */
static int
parse_word(struct parse *p, const char *word)
{
	const struct option *o = p->line->command->options;
	int i = __builtin_ffsll((long long)p->by_position) - 1;

	if (i < 0) {
		if (is_help(p))
			return 0;
		SAY(p, "unexpected data '%s'", word);
		return -1;
	}
	if (o[i].type != OPTION_ARGV)
		p->by_position &= ~(UINT64_C(1) << i);
	p->seen |= UINT64_C(1) << i;
	return add_given(p, &o[i], word);
}

static int
check_required(struct parse *p)
{
	const struct command *c = p->line->command;
	uint64_t missing = p->required & ~p->seen;

	for (size_t i = 0; missing != 0 && c->options[i].name != NULL; i++) {
		const struct option *o = &c->options[i];

		if ((missing & UINT64_C(1) << i) == 0)
			continue;
		if (o->type == OPTION_DATA || o->type == OPTION_ARGV)
			SAY(p, "command '%s' requires <%s> option", c->name,
			    o->name);
		else
			SAY(p, "command '%s' requires --%s option", c->name,
			    o->name);
	}
	return missing == 0 ? 0 : -1;
}

/* "--help" among the options turns the command into "help COMMAND". */
static int
turn_into_help(struct line *line)
{
	const struct command *help = command_find("help");
	struct given *g;

	for (g = line->given; g != NULL; g = g->next) {
		if (g->option == &help_option)
			break;
	}
	if (g == NULL)
		return 0;
	while ((g = line->given) != NULL) {
		line->given = g->next;
		free(g->value);
		free(g);
	}
	g = calloc(1, sizeof(*g));
	if (g == NULL || (g->value = strdup(line->command->name)) == NULL) {
		free(g);
		return -1;
	}
	g->option = &help->options[0];
	line->given = g;
	line->command = help;
	return 1;
}

/*
 * The command at p->at, which then stands behind its last token. *out is NULL
 * where there is none. -1: said what is wrong.
 */
static int
parse_command(struct parse *p, struct line **out)
{
	const char *word;
	int rc = 0;

	*out = NULL;
	if (p->at->kind == TOKEN_WORD && p->at->text[0] == '#') {
		while (p->at->kind == TOKEN_WORD)
			p->at++;
		return 0;
	}
	if (p->at->kind != TOKEN_WORD)
		return 0;
	p->line = calloc(1, sizeof(*p->line));
	if (p->line == NULL)
		return -1;
	p->tail = &p->line->given;
	p->by_position = p->required = p->seen = 0;
	p->words_only = false;
	p->line->command = command_find(p->at->text);
	if (p->line->command == NULL) {
		SAY(p, "unknown command: '%s'", p->at->text);
		goto fail;
	}
	begin(p, p->line->command);
	p->at++;
	while (rc == 0 && p->at->kind == TOKEN_WORD) {
		word = p->at++->text;
		if (p->words_only || word[0] != '-' || word[1] != '-')
			rc = parse_word(p, word);
		else if (word[2] == '\0')
			p->words_only = true;
		else if (isalnum((unsigned char)word[2]))
			rc = parse_option(p, word);
		else
			rc = parse_word(p, word);
	}
	if (rc == 0 && p->at->kind == TOKEN_ERROR) {
		SAY(p, "%s", p->at->text);
		rc = -1;
	}
	if (p->session == NULL) {
		*out = p->line;
		return 0;
	}
	if (rc == 0)
		rc = turn_into_help(p->line);
	if (rc == 0)
		rc = check_required(p);
	if (rc < 0)
		goto fail;
	*out = p->line;
	return 0;
fail:
	args_free(p->line);
	return -1;
}

int
args_parse(struct session *session, const struct tokens *tokens,
    struct line **out)
{
	struct parse p = { .session = session, .at = tokens->list };
	struct line **tail = out;

	*out = NULL;
	for (;;) {
		if (parse_command(&p, tail) != 0)
			goto fail;
		if (*tail != NULL)
			tail = &(*tail)->next;
		if (p.at->kind == TOKEN_ERROR) {
			SAY(&p, "%s", p.at->text);
			goto fail;
		}
		if (p.at->kind == TOKEN_END)
			return 0;
		p.at++;
	}
fail:
	*tail = NULL;
	args_free(*out);
	*out = NULL;
	return -1;
}

struct line *
args_parse_partial(const struct tokens *tokens,
    const struct option **wanted_out)
{
	struct parse p = { .session = NULL };
	const struct token *last = tokens->list;
	struct line *line;

	*wanted_out = NULL;
	for (size_t i = 0; i < tokens->n; i++) {
		if (tokens->list[i].kind == TOKEN_NEXT)
			last = &tokens->list[i + 1];
	}
	p.at = last;
	if (parse_command(&p, &line) != 0 || line == NULL)
		return NULL;
	*wanted_out = p.wanted;
	return line;
}
