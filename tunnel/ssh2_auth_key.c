/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Logging in with the embedded ssh by keys: the agent's, and those in files. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "ssh2_session.h"
#include "ssh_key.h"

#define QUESTIONS_MAX 3		/* for one passphrase */
#define WRONG_PASSPHRASE 2

static bool
is_rsa(const char *type)
{
	return strcmp(type, "ssh-rsa") == 0;
}

static bool
is_certificate(const char *type)
{
	return strstr(type, "-cert-v01@") != NULL;
}

/* Can the library use a key of that type? If not, it is said. */
static bool
can_use(struct login *l, const char *type, const char *who)
{
	const char *version = libssh2_version(0), *driver = l->uri->driver;

	if (!l->rsa && is_rsa(type))
		ssh2_note(l, "%s: libssh2 %s cannot use RSA keys (1.11 can), "
		    "use %s+ssh://", who, version, driver);
	else if (strncmp(type, "sk-", 3) == 0)
		ssh2_note(l, "%s: libssh2 cannot use security keys, use "
		    "%s+ssh://", who, driver);
	else if (is_certificate(type) && !ssh2_knows(l->s, type))
		ssh2_note(l, "%s: libssh2 %s cannot use certificates of type "
		    "%s, use %s+ssh://", who, version, type, driver);
	else
		return true;
	return false;
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
	int rc = 0;

	ssh_key_type(id->blob, id->blob_len, type, sizeof(type));
	buf_printf(&who, "agent's %s", id->comment);
	if (can_use(l, type, buf_str(&who))) {
		UNTIL_DONE(rc, libssh2_agent_userauth(agent, l->config->user,
		    id), l->s, "an answer to the agent's key", err);
		rc = ssh2_judge(l, rc, buf_str(&who), err);
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
			if (rc != 0 || l->partial)
				return rc;
		}
	}
	if (tried == 0)
		ssh2_note(l, "agent: it has no %skey", l->config->identities_only ?
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

int
ssh2_by_agent(struct login *l, struct error *err)
{
	char *path = agent_socket(l, err);
	LIBSSH2_AGENT *agent;
	int rc;

	if (path == NULL) {
		if (err->code != XVM_ERR_OK)
			return -1;
		ssh2_note(l, "agent: there is none (SSH_AUTH_SOCK is not set)");
		l->usual = l->notes.len;
		return 0;
	}
	agent = libssh2_agent_init(l->s->session);
	if (agent == NULL) {
		free(path);
		return error_nomem(err);
	}
	libssh2_agent_set_identity_path(agent, path);
	if (libssh2_agent_connect(agent) != 0) {
		ssh2_note(l, "agent: no connection to '%s'", path);
		rc = 0;
	} else {
		if (libssh2_agent_list_identities(agent) != 0) {
			ssh2_note(l, "agent: '%s' lists no keys", path);
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

/* One attempt, with a certificate or (NULL) the bare key; what came of it. */
static int
offer_key(struct login *l, const char *path, const char *cert,
    const char *passphrase, struct error *err)
{
	const char *user = l->config->user;
	int rc;

	UNTIL_DONE(rc, libssh2_userauth_publickey_fromfile_ex(l->s->session,
	    user, (unsigned int)strlen(user), cert, path, passphrase), l->s,
	    "an answer to the key", err);
	return rc;
}

/*
 * As a method; WRONG_PASSPHRASE: the file could not be read with it, and
 * nothing was said.
 */
static int
try_key(struct login *l, const char *path, const char *cert,
    const char *passphrase, struct error *err)
{
	int rc;

	if (cert != NULL) {
		rc = offer_key(l, path, cert, passphrase, err);
		if (rc == LIBSSH2_ERROR_FILE && passphrase[0] != '\0')
			return WRONG_PASSPHRASE;
		rc = ssh2_judge(l, rc, cert, err);
		if (rc != 0 || l->partial)
			return rc;
	}
	rc = offer_key(l, path, NULL, passphrase, err);
	if (rc == LIBSSH2_ERROR_FILE && passphrase[0] != '\0')
		return WRONG_PASSPHRASE;
	return ssh2_judge(l, rc, path, err);
}

static int
by_encrypted_key(struct login *l, const char *path, const char *cert,
    struct error *err)
{
	struct buf prompt = BUF_INIT, answer = BUF_INIT;
	int rc = WRONG_PASSPHRASE;

	if (!l->may_ask) {
		ssh2_note(l, "%s: it has a passphrase, and there is no "
		    "terminal to ask on (or batch mode)", path);
		return 0;
	}
	buf_printf(&prompt, "Passphrase of key '%s': ", path);
	for (int i = 0; i < QUESTIONS_MAX && rc == WRONG_PASSPHRASE; i++) {
		if (ssh2_question(l, buf_str(&prompt), false, &answer,
		    err) != 0) {
			rc = -1;
		} else if (answer.len == 0) {
			/* Nothing typed: leave that key out. */
			ssh2_note(l, "%s: no passphrase given", path);
			rc = 0;
		} else {
			rc = try_key(l, path, cert, buf_str(&answer), err);
		}
	}
	if (rc == WRONG_PASSPHRASE) {
		ssh2_note(l, "%s: wrong passphrase", path);
		rc = 0;
	}
	buf_release(&prompt);
	ask_wipe(&answer);
	return rc;
}

/* Is that certificate one for the key, of a type that can be used? */
static bool
is_usable(struct login *l, const char *cert, const struct buf *key)
{
	char type[SSH_KEY_TYPE_MAX];
	struct buf blob = BUF_INIT;
	bool usable = false;

	if (ssh_key_public_read(cert, &blob) == 0 &&
	    (key == NULL || ssh_key_certifies(&blob, key))) {
		ssh_key_type(blob.data, blob.len, type, sizeof(type));
		usable = can_use(l, type, cert);
	}
	buf_release(&blob);
	return usable;
}

/*
 * A key file's certificate, if there is one that can be used: of those that the
 * configuration names when it names any, else the one beside the file.
 */
static char *
usable_certificate(struct login *l, const char *path)
{
	const struct ssh_names *named = &l->config->certificates;
	struct buf cert = BUF_INIT, key = BUF_INIT;
	bool usable = false;

	if (named->n == 0) {
		buf_printf(&cert, "%s-cert.pub", path);
		usable = is_usable(l, buf_str(&cert), NULL);
	} else if (ssh_key_public_of(path, &key) == 0) {
		for (size_t i = 0; i < named->n && !usable; i++) {
			buf_clear(&cert);
			buf_puts(&cert, named->names[i]);
			usable = is_usable(l, named->names[i], &key);
		}
	}
	buf_release(&key);
	if (usable)
		return buf_detach(&cert);
	buf_release(&cert);
	return NULL;
}

static int
by_key_file(struct login *l, const char *path, struct error *err)
{
	struct error why = ERROR_INIT;
	struct ssh_key_file key;
	char *cert;
	int rc;

	if (ssh_key_file_read(path, &key, &why) != 0) {
		ssh2_note(l, "%s", why.message);
		error_release(&why);
		return 0;
	}
	if (!can_use(l, key.type, path))
		return 0;
	cert = usable_certificate(l, path);
	if (key.encrypted)
		rc = by_encrypted_key(l, path, cert, err);
	else
		rc = try_key(l, path, cert, "", err);
	free(cert);
	return rc;
}

int
ssh2_by_key_files(struct login *l, struct error *err)
{
	const char *named = uri_param(l->uri, "keyfile");
	const struct ssh_names *keys = &l->config->keys;
	size_t there = 0;
	int rc = 0;

	/* OpenSSH leaves out one that is not there; it must not be passed over
	 * in silence. */
	if (named != NULL && named[0] != '\0' && access(named, R_OK) != 0) {
		there++;
		ssh2_note(l, "%s: %s", named, strerror(errno));
	}
	for (size_t i = 0; i < keys->n && rc == 0 && !l->partial; i++) {
		/* Most of the default ones are not there. */
		if (access(keys->names[i], F_OK) != 0)
			continue;
		there++;
		rc = by_key_file(l, keys->names[i], err);
	}
	if (there == 0)
		ssh2_note(l, "privkey: no key file is there%s%s", keys->n == 0 ?
		    "" : ", not even ", keys->n == 0 ? "" : keys->names[0]);
	return rc;
}
