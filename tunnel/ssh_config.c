/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The user's ssh configuration. */
#include "ssh_config.h"

#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/number.h"
#include "spawn.h"

#define NAMES_MAX 256u

/* --- lists ---------------------------------------------------------------- */

static int
names_add(struct ssh_names *l, const char *s, size_t n, struct error *err)
{
	char **grown;

	if (l->n >= NAMES_MAX)
		return error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "too many files in the ssh configuration");
	grown = reallocarray(l->names, l->n + 1, sizeof(*grown));
	if (grown == NULL)
		return error_nomem(err);
	l->names = grown;
	l->names[l->n] = strndup(s, n);
	if (l->names[l->n] == NULL)
		return error_nomem(err);
	l->n++;
	return 0;
}

/* Words with blanks between them; "none" is none. */
static int
names_split(struct ssh_names *l, const char *s, struct error *err)
{
	while (*s != '\0') {
		size_t n = strcspn(s, " ");

		if (n > 0 && !(n == 4 && strncmp(s, "none", 4) == 0) &&
		    names_add(l, s, n, err) != 0)
			return -1;
		s += n;
		s += strspn(s, " ");
	}
	return 0;
}

static void
names_release(struct ssh_names *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->names[i]);
	free(l->names);
	l->names = NULL;
	l->n = 0;
}

/* Replace each name of a list of paths. */
static int
expand_names(const struct ssh_config *c, struct ssh_names *l,
    struct error *err)
{
	for (size_t i = 0; i < l->n; i++) {
		char *s = ssh_config_expand(c, l->names[i], true, err);

		if (s == NULL)
			return -1;
		free(l->names[i]);
		l->names[i] = s;
	}
	return 0;
}

/* --- reading -------------------------------------------------------------- */

static int
set_text(char **where, const char *value, struct error *err)
{
	free(*where);
	*where = strdup(value);
	return *where == NULL ? error_nomem(err) : 0;
}

/* "none" means there is none. */
static int
set_optional(char **where, const char *value, struct error *err)
{
	if (strcmp(value, "none") == 0)
		return 0;
	return set_text(where, value, err);
}

static bool
is_yes(const char *value)
{
	return strcmp(value, "yes") == 0 || strcmp(value, "true") == 0;
}

static int
set_number(int *where, const char *value, int max)
{
	uint32_t n;

	if (!isdigit((unsigned char)value[0]) ||
	    number_u32(value, 10, &n) != 0 || n > (uint32_t)max)
		return -1;
	*where = (int)n;
	return 0;
}

static void
set_strict(struct ssh_config *c, const char *value)
{
	if (is_yes(value))
		c->strict = SSH_STRICT_YES;
	else if (strcmp(value, "ask") == 0)
		c->strict = SSH_STRICT_ASK;
	else
		c->strict = SSH_STRICT_ACCEPT_NEW;
}

static int
take_setting(struct ssh_config *c, const char *name, const char *value,
    struct error *err)
{
	const struct {
		const char *name;
		bool *where;
		bool inverted;
	} switches[] = {
		{ "identitiesonly", &c->identities_only, false },
		{ "hashknownhosts", &c->hash_known_hosts, false },
		{ "batchmode", &c->batch, false },
		{ "proxyusefdpass", &c->fdpass, false },
		{ "pubkeyauthentication", &c->no_publickey, true },
		{ "passwordauthentication", &c->no_password, true },
		{ "kbdinteractiveauthentication", &c->no_interactive, true },
	};
	const struct {
		const char *name;
		char **where;
	} texts[] = {
		{ "hostname", &c->hostname },
		{ "user", &c->user },
	}, optional[] = {
		{ "proxyjump", &c->proxy_jump },
		{ "proxycommand", &c->proxy_command },
		{ "hostkeyalias", &c->host_key_alias },
	};

	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		if (strcmp(switches[i].name, name) != 0)
			continue;
		*switches[i].where = switches[i].inverted ?
		    strcmp(value, "no") == 0 || strcmp(value, "false") == 0 :
		    is_yes(value);
		return 0;
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(texts[i].name, name) == 0)
			return set_text(texts[i].where, value, err);
	}
	for (size_t i = 0; i < sizeof(optional) / sizeof(optional[0]); i++) {
		if (strcmp(optional[i].name, name) == 0)
			return set_optional(optional[i].where, value, err);
	}
	if (strcmp(name, "identityagent") == 0)
		return set_text(&c->identity_agent, value, err);
	if (strcmp(name, "identityfile") == 0)
		return strcmp(value, "none") == 0 ? 0 :
		    names_add(&c->keys, value, strlen(value), err);
	if (strcmp(name, "certificatefile") == 0)
		return strcmp(value, "none") == 0 ? 0 :
		    names_add(&c->certificates, value, strlen(value), err);
	if (strcmp(name, "userknownhostsfile") == 0)
		return names_split(&c->known_hosts, value, err);
	if (strcmp(name, "globalknownhostsfile") == 0)
		return names_split(&c->global_known_hosts, value, err);
	if (strcmp(name, "stricthostkeychecking") == 0)
		set_strict(c, value);
	else if (strcmp(name, "connecttimeout") == 0)
		(void)set_number(&c->connect_timeout, value, 86400);
	else if (strcmp(name, "port") == 0 &&
	    set_number(&c->port, value, 65535) != 0)
		return error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "the ssh configuration has port '%s'", value);
	return 0;
}

int
ssh_config_parse(const char *text, struct ssh_config *c, struct error *err)
{
	while (*text != '\0') {
		size_t n = strcspn(text, "\n"), name_n = strcspn(text, " \n");
		char *line;
		int rc = 0;

		if (name_n < n) {
			line = strndup(text, n);
			if (line == NULL)
				return error_nomem(err);
			line[name_n] = '\0';
			rc = take_setting(c, line, line + name_n + 1, err);
			free(line);
		}
		if (rc != 0)
			return -1;
		text += n;
		if (*text == '\n')
			text++;
	}
	return 0;
}

/* All that the program prints; its end is an error to a stream. */
static int
read_all(struct stream *s, const struct ssh_wait *wait, struct buf *out,
    struct error *err)
{
	for (;;) {
		char *room = buf_reserve(out, 4096);
		ssize_t n;

		if (room == NULL || out->len > SSH_CONFIG_SIZE_MAX)
			return error_nomem(err);
		n = s->ops->read(s, room, 4096, err);
		if (n == -2) {
			if (ssh_wait_for(wait, s->ops->fd(s, POLLIN), POLLIN,
			    "ssh -G", err) != 0)
				return -1;
			continue;
		}
		if (n <= 0)
			break;
		out->len += (size_t)n;
		room[n] = '\0';
	}
	if (strncmp(buf_str(out), "host ", 5) != 0 &&
	    strstr(buf_str(out), "hostname ") == NULL)
		return -1;
	error_release(err);
	return 0;
}

static int
ask_openssh(const struct uri *uri, const struct ssh_wait *wait,
    struct ssh_config *c, struct error *err)
{
	const char *argv[16], *keyfile = uri_param(uri, "keyfile");
	struct error why = ERROR_INIT;
	struct buf text = BUF_INIT;
	struct stream *s;
	char port[8];
	size_t n = 0;
	int rc = -1;

	argv[n++] = c->program;
	argv[n++] = "-G";
	if (uri->port != 0) {
		(void)snprintf(port, sizeof(port), "%d", uri->port);
		argv[n++] = "-p";
		argv[n++] = port;
	}
	if (uri->user != NULL) {
		argv[n++] = "-l";
		argv[n++] = uri->user;
	}
	if (keyfile != NULL && keyfile[0] != '\0') {
		argv[n++] = "-i";
		argv[n++] = keyfile;
	}
	argv[n++] = "--";
	argv[n++] = uri->host;
	argv[n] = NULL;
	s = spawn_stream(argv, &why);
	if (s == NULL && uri_param(uri, "command") == NULL &&
	    why.int1 == ENOENT) {
		error_release(&why);
		return 0;
	}
	if (s != NULL && read_all(s, wait, &text, &why) == 0)
		rc = ssh_config_parse(buf_str(&text), c, err);
	else if (why.code == XVM_ERR_OPERATION_ABORTED)
		error_move(err, &why);
	else
		error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "%s -G cannot read the ssh configuration: %s", c->program,
		    why.message == NULL ? "no output" : why.message);
	if (s != NULL)
		s->ops->free(s);
	error_release(&why);
	buf_release(&text);
	return rc;
}

/* What OpenSSH would do without a configuration, where it said nothing. */
static int
set_defaults(const struct uri *uri, struct ssh_config *c, struct error *err)
{
	const char *keyfile = uri_param(uri, "keyfile");

	if (uri->user != NULL && set_text(&c->user, uri->user, err) != 0)
		return -1;
	if (c->user == NULL)
		c->user = ssh_config_expand(c, "%u", false, err);
	if (c->user == NULL)
		return -1;
	if (uri->port != 0)
		c->port = uri->port;
	if (c->port == 0)
		c->port = 22;
	/* It printed everything, an empty list included. */
	if (c->hostname != NULL)
		return 0;
	c->hostname = strdup(uri->host);
	if (c->hostname == NULL)
		return error_nomem(err);
	if (keyfile != NULL && keyfile[0] != '\0') {
		if (names_add(&c->keys, keyfile, strlen(keyfile), err) != 0)
			return -1;
	} else if (names_split(&c->keys, "~/.ssh/id_ed25519 ~/.ssh/id_ecdsa "
	    "~/.ssh/id_rsa", err) != 0) {
		return -1;
	}
	if (names_split(&c->known_hosts, "~/.ssh/known_hosts "
	    "~/.ssh/known_hosts2", err) != 0)
		return -1;
	return names_split(&c->global_known_hosts,
	    "/etc/ssh/ssh_known_hosts /etc/ssh/ssh_known_hosts2", err);
}

int
ssh_config_read(const struct uri *uri, const struct ssh_wait *wait,
    struct ssh_config *out, struct error *err)
{
	const char *program = uri_param(uri, "command");

	memset(out, 0, sizeof(*out));
	if (program == NULL || program[0] == '\0')
		program = "ssh";
	if (set_text(&out->program, program, err) != 0 ||
	    set_text(&out->host, uri->host, err) != 0 ||
	    ask_openssh(uri, wait, out, err) != 0 ||
	    set_defaults(uri, out, err) != 0 ||
	    expand_names(out, &out->keys, err) != 0 ||
	    expand_names(out, &out->certificates, err) != 0 ||
	    expand_names(out, &out->known_hosts, err) != 0 ||
	    expand_names(out, &out->global_known_hosts, err) != 0) {
		ssh_config_release(out);
		return -1;
	}
	return 0;
}

void
ssh_config_release(struct ssh_config *c)
{
	char **texts[] = { &c->program, &c->host, &c->hostname, &c->user,
	    &c->proxy_jump, &c->proxy_command, &c->host_key_alias,
	    &c->identity_agent };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(*texts[i]);
	names_release(&c->keys);
	names_release(&c->certificates);
	names_release(&c->known_hosts);
	names_release(&c->global_known_hosts);
	memset(c, 0, sizeof(*c));
}
