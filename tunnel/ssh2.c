/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Transport libssh2: an ssh client inside the process; a module, loaded when
 * it is asked for.
 *
 * The library never sees a socket that is full: what it sends goes into a
 * buffer of ours first. It must not send something else while a packet is half
 * sent, and that cannot happen so.
 */
#include <errno.h>
#include <libssh2.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../lib/buf.h"
#include "ask.h"
#include "ssh2_module.h"
#include "ssh_connect.h"
#include "ssh_hosts.h"
#include "ssh_key.h"
#include "target.h"
#include "transport.h"
#include "visible.h"

#define TIMEOUT_SECONDS 30
#define PROXY_SECONDS 120	/* the proxy may have questions itself */
#define STDERR_KEPT 4096
#define SEEN_KEPT 8192		/* of what the host said first */
#define QUESTIONS_MAX 3		/* for one password or passphrase */

struct ssh2 {
	struct stream stream;
	struct stream *io;	/* below */
	LIBSSH2_SESSION *session;
	LIBSSH2_CHANNEL *channel;
	int fd;			/* that the library knows io by */
	int epfd;		/* readable: there is something to do */
	int ready_fd;		/* always readable */
	bool ready_on, out_on;	/* watched by epfd? */
	bool dead;		/* nothing goes through io any more */
	struct buf out;		/* encrypted, for io */
	size_t accepted;	/* of the caller's bytes, not yet reported */
	struct buf said;	/* on its stderr, the end of it */
	struct buf seen;
	struct error why;	/* of io's end */
	struct ssh_wait wait;
	struct login *login;	/* while it is one */
};

/* What is needed until the channel stands. */
struct login {
	struct ssh2 *s;
	const struct uri *uri;
	const struct ssh_config *config;
	bool may_ask, rsa;	/* can the library use RSA keys? */
	struct buf notes;	/* what was tried */
	char *offered;		/* methods that the host accepts */
	struct error asked;	/* a question failed within a callback */
};

/* --- the bytes below ------------------------------------------------------ */

static void
lose(struct ssh2 *s, struct error *why)
{
	if (!s->dead && s->why.code == XVM_ERR_OK)
		error_move(&s->why, why);
	error_release(why);
	s->dead = true;
}

static void
flush(struct ssh2 *s)
{
	struct error err = ERROR_INIT;
	size_t done = 0;
	ssize_t n = 0;

	while (!s->dead && done < s->out.len) {
		n = s->io->ops->write(s->io, s->out.data + done,
		    s->out.len - done, &err);
		if (n < 0)
			break;
		done += (size_t)n;
	}
	if (done > 0)
		buf_consume(&s->out, done);
	if (n == -1)
		lose(s, &err);
}

/*
 * The library talks to the agent through the same two functions, by the
 * agent's own descriptor, which blocks.
 */
static ssize_t
send_agent(int fd, const void *data, size_t n)
{
	ssize_t w = send(fd, data, n, MSG_NOSIGNAL);

	return w < 0 ? -errno : w;
}

static ssize_t
receive_agent(struct ssh2 *s, int fd, void *data, size_t n)
{
	struct error err = ERROR_INIT;
	ssize_t r;

	if (ssh_wait_for(&s->wait, fd, POLLIN, "the agent", &err) != 0) {
		error_release(&err);
		return -ETIMEDOUT;
	}
	r = recv(fd, data, n, MSG_WAITALL);
	return r < 0 ? -errno : r;
}

static ssize_t
send_bytes(libssh2_socket_t fd, const void *data, size_t n, int flags,
    void **abstract)
{
	struct ssh2 *s = *abstract;

	(void)flags;
	if (fd != s->fd)
		return send_agent(fd, data, n);
	if (s->dead)
		return -EPIPE;
	buf_add(&s->out, data, n);
	if (s->out.failed)
		return -ENOMEM;
	flush(s);
	return (ssize_t)n;
}

static ssize_t
receive_bytes(libssh2_socket_t fd, void *data, size_t n, int flags,
    void **abstract)
{
	struct ssh2 *s = *abstract;
	struct error err = ERROR_INIT;
	ssize_t r;

	(void)flags;
	if (fd != s->fd)
		return receive_agent(s, fd, data, n);
	if (s->dead)
		return 0;
	r = s->io->ops->read(s->io, data, n, &err);
	if (r == -2)
		return -EAGAIN;
	if (r > 0) {
		if (s->channel == NULL && s->seen.len < SEEN_KEPT)
			buf_add(&s->seen, data, (size_t)r);
		return r;
	}
	if (r == 0)
		error_set(&err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "the host closed the connection");
	lose(s, &err);
	return 0;
}

static void
watch(struct ssh2 *s, int op, int fd, unsigned int events)
{
	struct epoll_event e = { .events = events, .data.fd = fd };

	(void)epoll_ctl(s->epfd, op, fd, &e);
}

/* Let epfd be readable when a read can do something. */
static void
update(struct ssh2 *s)
{
	int in = s->io->ops->fd(s->io, POLLIN);
	int out = s->io->ops->fd(s->io, POLLOUT);
	bool ready = s->dead, full = s->out.len > 0 && !s->dead;
	unsigned long there = 0;

	if (s->channel != NULL && !ready) {
		(void)libssh2_channel_window_read_ex(s->channel, &there, NULL);
		ready = there > 0 || libssh2_channel_eof(s->channel) != 0;
	}
	if (ready != s->ready_on)
		watch(s, ready ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, s->ready_fd,
		    EPOLLIN);
	s->ready_on = ready;
	if (full != s->out_on && in == out)
		watch(s, EPOLL_CTL_MOD, in, EPOLLIN | (full ? EPOLLOUT : 0u));
	else if (full != s->out_on)
		watch(s, full ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, out, EPOLLOUT);
	s->out_on = full;
}

/* The reason of the last failure: of the bytes below, else the library's. */
static const char *
reason(struct ssh2 *s)
{
	char *text = NULL;

	if (s->why.message != NULL)
		return s->why.message;
	(void)libssh2_session_last_error(s->session, &text, NULL, 0);
	return text == NULL || text[0] == '\0' ? "no reason given" : text;
}

static int
await(struct ssh2 *s, const char *what, struct error *err)
{
	flush(s);
	update(s);
	return ssh_wait_for(&s->wait, s->epfd, POLLIN, what, err);
}

/* Ask the library until it has an answer; EAGAIN left over: err is set. */
#define UNTIL_DONE(rc, call, s, what, err)                                    \
	do {                                                                  \
		(rc) = (call);                                                \
	} while ((rc) == LIBSSH2_ERROR_EAGAIN && await(s, what, err) == 0)

/* --- handshake ------------------------------------------------------------ */

/*
 * Of the names with commas those that the library has, in their order: it must
 * not be told others, 1.10 cuts them out by copying over itself.
 */
static char *
supported(LIBSSH2_SESSION *session, const char *list)
{
	const char **names = NULL;
	struct buf out = BUF_INIT;
	int n;

	n = libssh2_session_supported_algs(session, LIBSSH2_METHOD_HOSTKEY,
	    &names);
	while (*list != '\0') {
		size_t item = strcspn(list, ",");

		for (int i = 0; i < n; i++) {
			if (strlen(names[i]) != item ||
			    strncmp(names[i], list, item) != 0)
				continue;
			if (out.len > 0)
				buf_putc(&out, ',');
			buf_add(&out, list, item);
			break;
		}
		list += item;
		list += strspn(list, ",");
	}
	if (n > 0)
		libssh2_free(session, (void *)names);
	return buf_detach(&out);
}

/* Is every one of the names with commas one for RSA? */
static bool
all_rsa(const char *list)
{
	while (*list != '\0') {
		if (strncmp(list, "rsa-", 4) != 0 &&
		    strncmp(list, "ssh-rsa", 7) != 0)
			return false;
		list += strcspn(list, ",");
		list += strspn(list, ",");
	}
	return true;
}

static int
handshake_failed(struct login *l, struct error *err)
{
	struct ssh2 *s = l->s;
	const struct ssh_config *c = l->config;
	char *offered = ssh_key_offered(buf_str(&s->seen), s->seen.len);

	if (offered != NULL && !l->rsa && all_rsa(offered))
		error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "host '%s' port %d has RSA keys alone (%s), which libssh2 "
		    "%s cannot use (1.11 can): use %s+ssh://", c->hostname,
		    c->port, offered, libssh2_version(0), l->uri->driver);
	else if (offered != NULL && s->why.message == NULL)
		error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "no agreement with host '%s' port %d, which offers the "
		    "host keys %s: %s; %s+ssh:// may know more", c->hostname,
		    c->port, offered, reason(s), l->uri->driver);
	else
		error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "no ssh connection to '%s' port %d: %s", c->hostname,
		    c->port, reason(s));
	free(offered);
	return -1;
}

static int
handshake(struct login *l, const struct ssh_hosts *hosts, struct error *err)
{
	struct ssh2 *s = l->s;
	char *order = ssh_hosts_order(hosts), *usable = NULL;
	const char *key, *print;
	size_t n;
	int rc, type;

	if (order != NULL)
		usable = supported(s->session, order);
	free(order);
	if (usable == NULL)
		return error_nomem(err);
	l->rsa = strstr(usable, "rsa-sha2-") != NULL;
	rc = libssh2_session_method_pref(s->session, LIBSSH2_METHOD_HOSTKEY,
	    usable);
	free(usable);
	if (rc != 0)
		return handshake_failed(l, err);
	UNTIL_DONE(rc, libssh2_session_handshake(s->session, s->fd), s,
	    "the ssh handshake", err);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return -1;
	if (rc != 0)
		return handshake_failed(l, err);
	key = libssh2_session_hostkey(s->session, &n, &type);
	print = libssh2_hostkey_hash(s->session, LIBSSH2_HOSTKEY_HASH_SHA256);
	if (key == NULL || print == NULL)
		return error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "host '%s' showed no key", l->config->hostname);
	rc = ssh_hosts_verify(hosts, l->may_ask, s->wait.cancel, key, n, print,
	    err);
	ssh_wait_start(&s->wait);
	return rc;
}

/* --- authentication ------------------------------------------------------- */

/* Each method: 1: the host let us in, 0: it did not, -1: it is over. */

static void __attribute__((format(printf, 2, 3)))
note(struct login *l, const char *fmt, ...)
{
	va_list ap;

	if (l->notes.len > 0)
		buf_puts(&l->notes, "; ");
	va_start(ap, fmt);
	buf_vprintf(&l->notes, fmt, ap);
	va_end(ap);
}

/* What an answer of the library means; who names the attempt. */
static int
judge(struct login *l, int rc, const char *who, struct error *err)
{
	if (rc == 0)
		return 1;
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return -1;
	if (l->s->dead) {
		note(l, "%s: %s", who, reason(l->s));
		return error_set(err, XVM_FROM_SSH, XVM_ERR_AUTH_FAILED,
		    "%s@%s: %s", l->config->user, l->config->hostname,
		    buf_str(&l->notes));
	}
	if (rc == LIBSSH2_ERROR_AUTHENTICATION_FAILED ||
	    rc == LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED)
		note(l, "%s: refused by the host", who);
	else
		note(l, "%s: %s", who, reason(l->s));
	return 0;
}

/* Ask; the time that the user takes is not the network's. */
static int
question(struct login *l, const char *prompt, bool echo, struct buf *answer,
    struct error *err)
{
	int rc = ask(prompt, echo, l->s->wait.cancel, answer, err);

	ssh_wait_start(&l->s->wait);
	return rc;
}

static bool
is_rsa(const char *type)
{
	return strcmp(type, "ssh-rsa") == 0;
}

static void
note_rsa(struct login *l, const char *who)
{
	note(l, "%s: libssh2 %s cannot use RSA keys (1.11 can), use %s+ssh://",
	    who, libssh2_version(0), l->uri->driver);
}

/* Does the key belong to one of the configuration's files? */
static bool
is_configured(const struct login *l, const struct libssh2_agent_publickey *id)
{
	const struct ssh_names *keys = &l->config->keys;
	bool found = false;

	for (size_t i = 0; i < keys->n && !found; i++) {
		struct buf path = BUF_INIT, blob = BUF_INIT;

		buf_printf(&path, "%s.pub", keys->names[i]);
		found = ssh_key_public_read(buf_str(&path), &blob) == 0 &&
		    blob.len == id->blob_len &&
		    memcmp(blob.data, id->blob, blob.len) == 0;
		buf_release(&path);
		buf_release(&blob);
	}
	return found;
}

static int
try_identity(struct login *l, LIBSSH2_AGENT *agent,
    struct libssh2_agent_publickey *id, struct error *err)
{
	char type[SSH_KEY_TYPE_MAX];
	struct buf who = BUF_INIT;
	int rc;

	ssh_key_type(id->blob, id->blob_len, type, sizeof(type));
	buf_printf(&who, "agent's %s", id->comment);
	if (!l->rsa && is_rsa(type)) {
		note_rsa(l, buf_str(&who));
		rc = 0;
	} else {
		UNTIL_DONE(rc, libssh2_agent_userauth(agent, l->config->user,
		    id), l->s, "an answer to the agent's key", err);
		rc = judge(l, rc, buf_str(&who), err);
	}
	buf_release(&who);
	return rc;
}

/* Those of the configuration first: a host counts the attempts. */
static int
try_identities(struct login *l, LIBSSH2_AGENT *agent, struct error *err)
{
	int rc, tried = 0;

	for (int pass = 0; pass < 2; pass++) {
		struct libssh2_agent_publickey *id = NULL;

		if (pass == 1 && l->config->identities_only)
			break;
		while (libssh2_agent_get_identity(agent, &id, id) == 0) {
			if (is_configured(l, id) != (pass == 0))
				continue;
			tried++;
			rc = try_identity(l, agent, id, err);
			if (rc != 0)
				return rc;
		}
	}
	if (tried == 0)
		note(l, "agent: it has no %skey", l->config->identities_only ?
		    "configured " : "");
	return 0;
}

/* The agent's socket, by IdentityAgent. The caller frees it; NULL: none. */
static char *
agent_socket(struct login *l, struct error *err)
{
	const char *where = l->config->identity_agent, *value;

	if (where != NULL && strcmp(where, "none") == 0)
		return NULL;
	if (where != NULL && strcmp(where, "SSH_AUTH_SOCK") != 0 &&
	    where[0] != '$')
		return ssh_config_expand(l->config, where, true, err);
	value = getenv(where != NULL && where[0] == '$' &&
	    where[1] != '{' ? where + 1 : "SSH_AUTH_SOCK");
	return value == NULL || value[0] == '\0' ? NULL : strdup(value);
}

static int
by_agent(struct login *l, struct error *err)
{
	char *path = agent_socket(l, err);
	LIBSSH2_AGENT *agent;
	int rc;

	if (path == NULL) {
		if (err->code != XVM_ERR_OK)
			return -1;
		note(l, "agent: there is none (SSH_AUTH_SOCK is not set)");
		return 0;
	}
	agent = libssh2_agent_init(l->s->session);
	if (agent == NULL) {
		free(path);
		return error_nomem(err);
	}
	libssh2_agent_set_identity_path(agent, path);
	if (libssh2_agent_connect(agent) != 0) {
		note(l, "agent: no connection to '%s'", path);
		rc = 0;
	} else {
		if (libssh2_agent_list_identities(agent) != 0) {
			note(l, "agent: '%s' lists no keys", path);
			rc = 0;
		} else {
			rc = try_identities(l, agent, err);
		}
		(void)libssh2_agent_disconnect(agent);
	}
	libssh2_agent_free(agent);
	free(path);
	return rc;
}

static int
try_key(struct login *l, const char *path, const char *passphrase,
    struct error *err)
{
	const char *user = l->config->user;
	int rc;

	UNTIL_DONE(rc, libssh2_userauth_publickey_fromfile_ex(l->s->session,
	    user, (unsigned int)strlen(user), NULL, path, passphrase), l->s,
	    "an answer to the key", err);
	return rc;
}

static int
by_encrypted_key(struct login *l, const char *path, struct error *err)
{
	struct buf prompt = BUF_INIT, answer = BUF_INIT;
	int rc = 0, tries = 0;

	if (!l->may_ask) {
		note(l, "%s: it has a passphrase, and there is no terminal to "
		    "ask on (or batch mode)", path);
		return 0;
	}
	buf_printf(&prompt, "Passphrase of key '%s': ", path);
	do {
		rc = question(l, buf_str(&prompt), false, &answer, err);
		if (rc != 0)
			break;
		/* Nothing typed: leave that key out. */
		if (answer.len == 0) {
			note(l, "%s: no passphrase given", path);
			break;
		}
		rc = try_key(l, path, buf_str(&answer), err);
		if (rc == LIBSSH2_ERROR_FILE && ++tries < QUESTIONS_MAX)
			continue;
		if (rc == LIBSSH2_ERROR_FILE) {
			note(l, "%s: wrong passphrase", path);
			rc = 0;
		} else {
			rc = judge(l, rc, path, err);
		}
		break;
	} while (true);
	buf_release(&prompt);
	ask_wipe(&answer);
	return rc;
}

static int
by_key_file(struct login *l, const char *path, struct error *err)
{
	struct error why = ERROR_INIT;
	struct ssh_key_file key;

	if (ssh_key_file_read(path, &key, &why) != 0) {
		note(l, "%s", why.message);
		error_release(&why);
		return 0;
	}
	if (!l->rsa && is_rsa(key.type)) {
		note_rsa(l, path);
		return 0;
	}
	if (strncmp(key.type, "sk-", 3) == 0) {
		note(l, "%s: libssh2 cannot use security keys, use %s+ssh://",
		    path, l->uri->driver);
		return 0;
	}
	if (key.encrypted)
		return by_encrypted_key(l, path, err);
	return judge(l, try_key(l, path, "", err), path, err);
}

static int
by_key_files(struct login *l, struct error *err)
{
	const char *named = uri_param(l->uri, "keyfile");
	const struct ssh_names *keys = &l->config->keys;
	size_t there = 0;
	int rc = 0;

	/* OpenSSH leaves out one that is not there; it must not be passed over
	 * in silence. */
	if (named != NULL && named[0] != '\0' && access(named, R_OK) != 0) {
		there++;
		note(l, "%s: %s", named, strerror(errno));
	}
	for (size_t i = 0; i < keys->n && rc == 0; i++) {
		/* Most of the default ones are not there. */
		if (access(keys->names[i], F_OK) != 0)
			continue;
		there++;
		rc = by_key_file(l, keys->names[i], err);
	}
	if (there == 0)
		note(l, "privkey: no key file is there%s%s", keys->n == 0 ?
		    "" : ", not even ", keys->n == 0 ? "" : keys->names[0]);
	return rc;
}

static bool
can_ask(struct login *l, const char *method)
{
	if (!l->may_ask)
		note(l, "%s: there is no terminal to ask on (or batch mode)",
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
	for (int i = 0; i < QUESTIONS_MAX && rc == 0; i++) {
		rc = question(l, buf_str(&prompt), false, &answer, err);
		if (rc != 0)
			break;
		UNTIL_DONE(rc, libssh2_userauth_password_ex(l->s->session,
		    c->user, (unsigned int)strlen(c->user), buf_str(&answer),
		    (unsigned int)answer.len, NULL), l->s,
		    "an answer to the password", err);
		rc = judge(l, rc, "password", err);
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
		if (question(l, buf_str(&prompt), prompts[i].echo != 0,
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
	for (int i = 0; i < QUESTIONS_MAX && rc == 0; i++) {
		UNTIL_DONE(rc, libssh2_userauth_keyboard_interactive_ex(
		    l->s->session, user, (unsigned int)strlen(user),
		    answer_prompts), l->s, "an answer to the answers", err);
		if (l->asked.code != XVM_ERR_OK) {
			error_move(err, &l->asked);
			return -1;
		}
		rc = judge(l, rc, "keyboard-interactive", err);
	}
	return rc;
}

static const struct method {
	const char *name;	/* in ?sshauth= */
	const char *on_wire;
	int (*run)(struct login *l, struct error *err);
} methods[] = {
	{ "agent", "publickey", by_agent },
	{ "privkey", "publickey", by_key_files },
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
		if (await(s, "the methods of authentication", err) != 0)
			return -1;
	} while (true);
	if (list == NULL && libssh2_userauth_authenticated(s->session) != 0)
		return 1;
	if (list == NULL)
		return error_set(err, XVM_FROM_SSH, XVM_ERR_AUTH_FAILED,
		    "host '%s' port %d names no method for user '%s': %s",
		    l->config->hostname, l->config->port, user, reason(s));
	free(l->offered);
	l->offered = strdup(list);
	return l->offered == NULL ? error_nomem(err) : 0;
}

static int
try_method(struct login *l, const char *name, size_t n, struct error *err)
{
	const struct method *m = NULL;
	int rc;

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
		note(l, "%s: off by the ssh configuration", m->name);
		return 0;
	}
	ssh_wait_start(&l->s->wait);
	/* A first factor may have been accepted: look again. */
	if (!is_listed(l->offered, m->on_wire)) {
		rc = ask_methods(l, err);
		if (rc != 0)
			return rc;
		if (!is_listed(l->offered, m->on_wire)) {
			note(l, "%s: not accepted by the host", m->name);
			return 0;
		}
	}
	return m->run(l, err);
}

static int
authenticate(struct login *l, struct error *err)
{
	const char *list = uri_param(l->uri, "sshauth");
	int rc = ask_methods(l, err);

	if (list == NULL || list[0] == '\0')
		list = "agent,privkey,password,keyboard-interactive";
	while (rc == 0 && *list != '\0') {
		size_t n = strcspn(list, ",");

		if (n > 0)
			rc = try_method(l, list, n, err);
		list += n;
		list += strspn(list, ",");
	}
	if (rc == 0)
		return error_set(err, XVM_FROM_SSH, XVM_ERR_AUTH_FAILED,
		    "%s@%s port %d: %s", l->config->user, l->config->hostname,
		    l->config->port, buf_str(&l->notes));
	return rc < 0 ? -1 : 0;
}

/* --- the channel ---------------------------------------------------------- */

static int
open_channel(struct ssh2 *s, const char *command, struct error *err)
{
	LIBSSH2_CHANNEL *channel;
	int rc;

	ssh_wait_start(&s->wait);
	do {
		channel = libssh2_channel_open_session(s->session);
		if (channel != NULL ||
		    libssh2_session_last_errno(s->session) !=
		    LIBSSH2_ERROR_EAGAIN)
			break;
		if (await(s, "a channel", err) != 0)
			return -1;
	} while (true);
	if (channel == NULL)
		return error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "the host gives no channel: %s", reason(s));
	UNTIL_DONE(rc, libssh2_channel_exec(channel, command), s,
	    "the command to start", err);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return -1;
	if (rc != 0)
		return error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "the host runs no command: %s", reason(s));
	s->channel = channel;
	buf_release(&s->seen);
	return 0;
}

static void
listen_stderr(struct ssh2 *s)
{
	char part[1024];
	ssize_t n;

	while ((n = libssh2_channel_read_ex(s->channel,
	    SSH_EXTENDED_DATA_STDERR, part, sizeof(part))) > 0) {
		buf_add(&s->said, part, (size_t)n);
		if (s->said.len > STDERR_KEPT)
			buf_consume(&s->said, s->said.len - STDERR_KEPT);
	}
}

/* Its last line that says something, in place; or NULL. */
static const char *
last_line(struct ssh2 *s)
{
	char *start, *end;

	if (s->said.len == 0)
		return NULL;
	end = s->said.data + s->said.len;
	while (end > s->said.data && strchr("\r\n", end[-1]) != NULL)
		*--end = '\0';
	start = strrchr(s->said.data, '\n');
	start = start == NULL ? s->said.data : start + 1;
	return *start == '\0' ? NULL : start;
}

static int
broken(struct ssh2 *s, const char *doing, struct error *err)
{
	const char *why = last_line(s);
	struct buf text = BUF_INIT;

	if (why == NULL && s->dead && s->why.message != NULL)
		why = s->why.message;
	if (why != NULL) {
		buf_puts(&text, ": ");
		visible_add(&text, why, strlen(why));
	}
	error_system(err, XVM_FROM_RPC, ECONNRESET, "Cannot %s%s", doing,
	    buf_str(&text));
	buf_release(&text);
	return -1;
}

static ssize_t
ssh2_read(struct stream *stream, void *buf, size_t n, struct error *err)
{
	struct ssh2 *s = (struct ssh2 *)stream;
	ssize_t r;

	if (s->channel == NULL)
		return broken(s, "recv data", err);
	flush(s);
	listen_stderr(s);
	r = libssh2_channel_read_ex(s->channel, 0, buf, n);
	if (r <= 0)
		listen_stderr(s);
	if (r > 0 || (!s->dead && libssh2_channel_eof(s->channel) == 0 &&
	    (r == 0 || r == LIBSSH2_ERROR_EAGAIN))) {
		update(s);
		return r > 0 ? r : -2;
	}
	return broken(s, "recv data", err);
}

/*
 * Bytes count as written when io has them: who writes calls again with the
 * same bytes until then, as -2 says.
 */
static ssize_t
ssh2_write(struct stream *stream, const void *buf, size_t n, struct error *err)
{
	struct ssh2 *s = (struct ssh2 *)stream;
	ssize_t w = 0;

	if (s->channel == NULL)
		return broken(s, "write data", err);
	flush(s);
	if (s->accepted == 0 && s->out.len == 0 && !s->dead) {
		w = libssh2_channel_write(s->channel, buf, n);
		if (w > 0)
			s->accepted = (size_t)w;
		else if (w != LIBSSH2_ERROR_EAGAIN && !s->dead &&
		    libssh2_channel_eof(s->channel) == 0)
			return broken(s, "write data", err);
	}
	update(s);
	/* When it ended, the reason is there to read. */
	if (s->accepted == 0 || s->out.len > 0 || s->dead)
		return -2;
	w = (ssize_t)s->accepted;
	s->accepted = 0;
	return w;
}

static int
ssh2_fd(struct stream *stream, short events)
{
	struct ssh2 *s = (struct ssh2 *)stream;

	if ((events & POLLOUT) == 0 || s->epfd < 0)
		return s->epfd;
	/* With nothing of ours to go out, only the host's window is full, and
	 * its answer will be read. */
	return s->out.len > 0 && !s->dead ?
	    s->io->ops->fd(s->io, POLLOUT) : -1;
}

static void
ssh2_abort(struct stream *stream)
{
	struct ssh2 *s = (struct ssh2 *)stream;

	if (s->session != NULL) {
		if (!s->dead) {
			flush(s);
			(void)libssh2_session_disconnect(s->session, "");
		}
		/* From here on nothing can be awaited by the library. */
		s->dead = true;
		for (int i = 0; i < 100 &&
		    libssh2_session_free(s->session) == LIBSSH2_ERROR_EAGAIN;
		    i++)
			continue;
	}
	s->session = NULL;
	s->channel = NULL;
	if (s->io != NULL)
		s->io->ops->free(s->io);
	s->io = NULL;
	if (s->epfd >= 0)
		(void)close(s->epfd);
	if (s->ready_fd >= 0)
		(void)close(s->ready_fd);
	s->epfd = s->ready_fd = -1;
}

static int
ssh2_finish(struct stream *stream, struct error *err)
{
	(void)err;
	ssh2_abort(stream);
	return 0;
}

static void
ssh2_free(struct stream *stream)
{
	struct ssh2 *s = (struct ssh2 *)stream;

	ssh2_abort(stream);
	buf_release(&s->out);
	buf_release(&s->said);
	buf_release(&s->seen);
	error_release(&s->why);
	free(s);
}

static const struct stream_ops ssh2_ops = {
	.read = ssh2_read,
	.write = ssh2_write,
	.finish = ssh2_finish,
	.abort = ssh2_abort,
	.fd = ssh2_fd,
	.free = ssh2_free,
};

/* --- opening -------------------------------------------------------------- */

static void
init_library(void)
{
	(void)libssh2_init(0);
}

static int
start_session(struct ssh2 *s, struct error *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int also;

	(void)pthread_once(&once, init_library);
	s->epfd = epoll_create1(EPOLL_CLOEXEC);
	s->ready_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->epfd < 0 || s->ready_fd < 0)
		return error_system(err, XVM_FROM_SSH, errno,
		    "cannot watch the connection");
	s->fd = s->io->ops->fd(s->io, POLLIN);
	watch(s, EPOLL_CTL_ADD, s->fd, EPOLLIN);
	/* What a proxy says must be taken, or it waits to say it. */
	also = s->io->ops->fd(s->io, POLLPRI);
	if (also >= 0 && also != s->fd)
		watch(s, EPOLL_CTL_ADD, also, EPOLLIN);
	s->session = libssh2_session_init_ex(NULL, NULL, NULL, s);
	if (s->session == NULL)
		return error_nomem(err);
	libssh2_session_set_blocking(s->session, 0);
#if LIBSSH2_VERSION_NUM >= 0x010b01
	(void)libssh2_session_callback_set2(s->session, LIBSSH2_CALLBACK_SEND,
	    (libssh2_cb_generic *)send_bytes);
	(void)libssh2_session_callback_set2(s->session, LIBSSH2_CALLBACK_RECV,
	    (libssh2_cb_generic *)receive_bytes);
#else
	(void)libssh2_session_callback_set(s->session, LIBSSH2_CALLBACK_SEND,
	    (void *)(size_t)send_bytes);
	(void)libssh2_session_callback_set(s->session, LIBSSH2_CALLBACK_RECV,
	    (void *)(size_t)receive_bytes);
#endif
	return 0;
}

static int
log_in(struct ssh2 *s, const struct uri *uri, const struct ssh_config *c,
    bool batch, const char *command, struct error *err)
{
	struct login l = { .s = s, .uri = uri, .config = c,
	    .may_ask = !batch && ask_possible() };
	struct ssh_hosts hosts;
	int rc;

	if (ssh_hosts_init(&hosts, uri, c, err) != 0)
		return -1;
	s->login = &l;
	ssh_wait_start(&s->wait);
	s->io = ssh_connect(c, batch, &s->wait, err);
	rc = s->io == NULL ? -1 : start_session(s, err);
	if (rc == 0)
		rc = handshake(&l, &hosts, err);
	if (rc == 0)
		rc = authenticate(&l, err);
	if (rc == 0)
		rc = open_channel(s, command, err);
	s->login = NULL;
	ssh_hosts_release(&hosts);
	buf_release(&l.notes);
	error_release(&l.asked);
	free(l.offered);
	return rc;
}

static void
set_patience(struct ssh2 *s, const struct conn_options *options,
    const struct ssh_config *c, bool batch)
{
	if (options->timeout > 0)
		return;
	if (c->connect_timeout > 0)
		s->wait.seconds = c->connect_timeout;
	else if (!batch && (c->proxy_jump != NULL || c->proxy_command != NULL))
		s->wait.seconds = PROXY_SECONDS;
}

static struct stream *
ssh2_open(const struct uri *uri, const struct conn_options *options,
    struct error *err)
{
	const char *no_tty = uri_param(uri, "no_tty");
	struct ssh_config config;
	struct ssh2 *s = NULL;
	char *command;
	bool batch;
	int rc = -1;

	if (uri->host == NULL) {
		error_set(err, XVM_FROM_REMOTE, XVM_ERR_INVALID_ARG,
		    "URI '%s': transport libssh2 needs a host name",
		    uri->text);
		return NULL;
	}
	command = target_command(uri, options->readonly, err);
	if (command == NULL)
		return NULL;
	s = calloc(1, sizeof(*s));
	if (s == NULL) {
		error_nomem(err);
		goto out;
	}
	s->stream.ops = &ssh2_ops;
	s->fd = s->epfd = s->ready_fd = -1;
	s->wait.cancel = options->cancel;
	s->wait.seconds = options->timeout > 0 ? options->timeout :
	    TIMEOUT_SECONDS;
	ssh_wait_start(&s->wait);
	if (ssh_config_read(uri, &s->wait, &config, err) != 0)
		goto out;
	batch = options->batch || config.batch ||
	    (no_tty != NULL && strcmp(no_tty, "0") != 0);
	set_patience(s, options, &config, batch);
	rc = log_in(s, uri, &config, batch, command, err);
	ssh_config_release(&config);
out:
	free(command);
	if (rc == 0)
		return &s->stream;
	visible_error(err);
	if (s != NULL)
		ssh2_free(&s->stream);
	return NULL;
}

__attribute__((visibility("default"))) const struct ssh2_module ssh2_module = {
	.open = ssh2_open,
};
