/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logging in with the embedded ssh: which ways, and those that ask. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ask.h"
#include "ssh2_session.h"

#define QUESTIONS_MAX 3		/* for one password */
#define FACTORS_MAX 4		/* that a host may want */

void
ssh2_note(struct login *l, const char *fmt, ...)
{
	va_list ap;

	if (l->notes.len > 0)
		buf_puts(&l->notes, "; ");
	va_start(ap, fmt);
	buf_vprintf(&l->notes, fmt, ap);
	va_end(ap);
}

/* It ended; what was tried is the reason. */
static int
ended(struct login *l, struct error *err)
{
	return error_set(err, XVM_FROM_SSH, XVM_ERR_AUTH_FAILED,
	    "%s@%s port %d: %s", l->config->user, l->config->hostname,
	    l->config->port, buf_str(&l->notes));
}

/* What does the host accept? 1: it asks for nothing, 0: l->offered, -1. */
static int
ask_methods(struct login *l, struct error *err)
{
	struct ssh2 *s = l->s;
	const char *user = l->config->user;
	char *list;

	do {
		list = libssh2_userauth_list(s->session, user,
		    (unsigned int)strlen(user));
		if (list != NULL ||
		    libssh2_session_last_errno(s->session) !=
		    LIBSSH2_ERROR_EAGAIN)
			break;
		if (ssh2_await(s, "the methods of authentication", err) != 0)
			return -1;
	} while (true);
	if (list == NULL && libssh2_userauth_authenticated(s->session) != 0)
		return 1;
	if (list == NULL && l->notes.len > 0) {
		ssh2_note(l, "%s", ssh2_reason(s));
		return ended(l, err);
	}
	if (list == NULL)
		return error_set(err, XVM_FROM_SSH, XVM_ERR_AUTH_FAILED,
		    "host '%s' port %d names no method for user '%s': %s",
		    l->config->hostname, l->config->port, user,
		    ssh2_reason(s));
	free(l->offered);
	l->offered = strdup(list);
	return l->offered == NULL ? error_nomem(err) : 0;
}

static bool
is_listed(const char *list, const char *name)
{
	size_t n = strlen(name);

	while (list != NULL && *list != '\0') {
		size_t item = strcspn(list, ",");

		if (item == n && strncmp(list, name, n) == 0)
			return true;
		list += item;
		list += strspn(list, ",");
	}
	return false;
}

/* Is there a method in the list that was not in the one before? */
static bool
has_new(const char *list, const char *before)
{
	static const char *const names[] = {
		"publickey", "password", "keyboard-interactive",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (is_listed(list, names[i]) && !is_listed(before, names[i]))
			return true;
	}
	return false;
}

/*
 * The host was not content. The library does not say whether it took this and
 * wants another method besides; the list of methods does, by being another.
 */
static int
judge_failure(struct login *l, const char *who, bool taken, struct error *err)
{
	char *before = l->offered;
	int rc;

	l->offered = NULL;
	ssh2_note(l, "%s: %s", who, taken ?
	    "accepted, but the host wants more" : "answered");
	rc = ask_methods(l, err);
	if (rc == 0 && !taken)
		ssh2_note(l, "the host %s", has_new(l->offered, before) ?
		    "accepted that, but wants more" : "refused that");
	if (rc == 0)
		l->partial = strcmp(before, l->offered) != 0;
	free(before);
	return rc;
}

int
ssh2_judge(struct login *l, int rc, const char *who, struct error *err)
{
	if (rc == 0)
		return 1;
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return -1;
	if (l->s->dead) {
		ssh2_note(l, "%s: %s", who, ssh2_reason(l->s));
		return ended(l, err);
	}
	/* A key that the host knew, and a signature that did not suffice. */
	if (rc == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED)
		return judge_failure(l, who, true, err);
	if (rc == LIBSSH2_ERROR_AUTHENTICATION_FAILED)
		ssh2_note(l, "%s: refused by the host", who);
	else
		ssh2_note(l, "%s: %s", who, ssh2_reason(l->s));
	return 0;
}

/* The same for what the user was asked for. */
static int
judge_answer(struct login *l, int rc, const char *who, struct error *err)
{
	if (rc == LIBSSH2_ERROR_AUTHENTICATION_FAILED && !l->s->dead)
		return judge_failure(l, who, false, err);
	return ssh2_judge(l, rc, who, err);
}

/* Ask; the time that the user takes is not the network's. */
int
ssh2_question(struct login *l, const char *prompt, bool echo,
    struct buf *answer, struct error *err)
{
	int rc = ask(prompt, echo, l->s->wait.cancel, answer, err);

	ssh_wait_start(&l->s->wait);
	return rc;
}

static bool
can_ask(struct login *l, const char *method)
{
	if (!l->may_ask)
		ssh2_note(l, "%s: there is no terminal to ask on (or batch mode)",
		    method);
	return l->may_ask;
}

static int
by_password(struct login *l, struct error *err)
{
	const struct ssh_config *c = l->config;
	struct buf prompt = BUF_INIT, answer = BUF_INIT;
	int rc = 0;

	if (!can_ask(l, "password"))
		return 0;
	buf_printf(&prompt, "%s@%s's password: ", c->user, c->hostname);
	for (int i = 0; i < QUESTIONS_MAX && rc == 0 && !l->partial; i++) {
		rc = ssh2_question(l, buf_str(&prompt), false, &answer, err);
		if (rc != 0)
			break;
		UNTIL_DONE(rc, libssh2_userauth_password_ex(l->s->session,
		    c->user, (unsigned int)strlen(c->user), buf_str(&answer),
		    (unsigned int)answer.len, NULL), l->s,
		    "an answer to the password", err);
		rc = judge_answer(l, rc, "password", err);
	}
	buf_release(&prompt);
	ask_wipe(&answer);
	return rc;
}

static void
answer_prompts(const char *name, int name_n, const char *text, int text_n,
    int n, const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompts,
    LIBSSH2_USERAUTH_KBDINT_RESPONSE *responses, void **abstract)
{
	struct ssh2 *s = *abstract;
	struct login *l = s->login;

	(void)name;
	(void)name_n;
	for (int i = 0; i < n; i++) {
		struct buf prompt = BUF_INIT, answer = BUF_INIT;

		responses[i].text = NULL;
		responses[i].length = 0;
		/* Nobody answers any more: what is empty will be refused. */
		if (l->asked.code != XVM_ERR_OK)
			continue;
		if (i == 0 && text_n > 0) {
			buf_add(&prompt, text, (size_t)text_n);
			buf_putc(&prompt, '\n');
		}
		buf_printf(&prompt, "(%s@%s) ", l->config->user,
		    l->config->hostname);
		buf_add(&prompt, prompts[i].text, prompts[i].length);
		if (ssh2_question(l, buf_str(&prompt), prompts[i].echo != 0,
		    &answer, &l->asked) == 0) {
			responses[i].length = (unsigned int)answer.len;
			responses[i].text = strdup(buf_str(&answer));
			if (responses[i].text == NULL)
				responses[i].length = 0;
		}
		buf_release(&prompt);
		ask_wipe(&answer);
	}
}

static int
by_prompts(struct login *l, struct error *err)
{
	const char *user = l->config->user;
	int rc = 0;

	if (!can_ask(l, "keyboard-interactive"))
		return 0;
	for (int i = 0; i < QUESTIONS_MAX && rc == 0 && !l->partial; i++) {
		UNTIL_DONE(rc, libssh2_userauth_keyboard_interactive_ex(
		    l->s->session, user, (unsigned int)strlen(user),
		    answer_prompts), l->s, "an answer to the answers", err);
		if (l->asked.code != XVM_ERR_OK) {
			error_move(err, &l->asked);
			return -1;
		}
		rc = judge_answer(l, rc, "keyboard-interactive", err);
	}
	return rc;
}

static const struct method {
	const char *name;	/* in ?sshauth= */
	const char *on_wire;
	int (*run)(struct login *l, struct error *err);
} methods[] = {
	{ "agent", "publickey", ssh2_by_agent },
	{ "privkey", "publickey", ssh2_by_key_files },
	{ "password", "password", by_password },
	{ "keyboard-interactive", "keyboard-interactive", by_prompts },
};

static bool
is_off(const struct ssh_config *c, const struct method *m)
{
	if (m->run == by_password)
		return c->no_password;
	if (m->run == by_prompts)
		return c->no_interactive;
	return c->no_publickey;
}

static int
try_method(struct login *l, const char *name, size_t n, struct error *err)
{
	const struct method *m = NULL;

	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (strlen(methods[i].name) == n &&
		    strncasecmp(methods[i].name, name, n) == 0)
			m = &methods[i];
	}
	if (m == NULL)
		return error_set(err, XVM_FROM_REMOTE, XVM_ERR_INVALID_ARG,
		    "sshauth '%.*s' is none of agent, privkey, password, "
		    "keyboard-interactive", (int)n, name);
	if (is_off(l->config, m)) {
		ssh2_note(l, "%s: off by the ssh configuration", m->name);
		return 0;
	}
	if (!is_listed(l->offered, m->on_wire)) {
		ssh2_note(l, "%s: not accepted by the host", m->name);
		return 0;
	}
	ssh_wait_start(&l->s->wait);
	return m->run(l, err);
}

/* The methods of the list, until one of them changes what the host wants. */
static int
try_methods(struct login *l, const char *list, struct error *err)
{
	int rc = 0;

	l->partial = false;
	while (rc == 0 && !l->partial && *list != '\0') {
		size_t n = strcspn(list, ",");

		if (n > 0)
			rc = try_method(l, list, n, err);
		list += n;
		list += strspn(list, ",");
	}
	return rc;
}

int
ssh2_authenticate(struct login *l, struct error *err)
{
	const char *list = uri_param(l->uri, "sshauth");
	int rc = ask_methods(l, err);

	if (list == NULL || list[0] == '\0')
		list = "agent,privkey,password,keyboard-interactive";
	for (int factor = 0; factor < FACTORS_MAX && rc == 0; factor++) {
		rc = try_methods(l, list, err);
		/* After many wrong answers a host offers nothing any more. */
		if (!l->partial || l->offered[0] == '\0')
			break;
	}
	if (rc == 0)
		return ended(l, err);
	return rc < 0 ? -1 : 0;
}
