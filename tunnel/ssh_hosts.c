/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Is it the right host? */
#include "ssh_hosts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ask.h"
#include "base64.h"
#include "ssh_key.h"

/* Types of keys in the order of preference, and their signatures. */
static const struct {
	const char *type, *algorithms;
} types[] = {
	{ "ssh-ed25519", "ssh-ed25519" },
	{ "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256" },
	{ "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384" },
	{ "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521" },
	/* SHA-1 signatures are not among them. */
	{ "ssh-rsa", "rsa-sha2-512,rsa-sha2-256" },
};

static int
set_verify(struct ssh_hosts *h, const struct uri *uri, struct error *err)
{
	const char *verify = uri_param(uri, "known_hosts_verify");
	const char *no_verify = uri_param(uri, "no_verify");

	if (no_verify != NULL && strcmp(no_verify, "0") != 0)
		h->strict = SSH_STRICT_ACCEPT_NEW;
	if (verify == NULL)
		return 0;
	if (strcasecmp(verify, "ignore") == 0)
		h->ignore = true;
	else if (strcasecmp(verify, "auto") == 0)
		h->strict = SSH_STRICT_ACCEPT_NEW;
	else if (strcasecmp(verify, "normal") != 0)
		return error_set(err, XVM_FROM_REMOTE, XVM_ERR_INVALID_ARG,
		    "known_hosts_verify '%s' is none of normal, auto, ignore",
		    verify);
	return 0;
}

static int
read_list(struct ssh_hosts *h, const struct ssh_names *files,
    const struct ssh_config *config, struct error *err)
{
	const char *host = config->host_key_alias;
	int port = host == NULL ? config->port : 22;

	for (size_t i = 0; i < files->n; i++) {
		if (known_hosts_read(&h->known, files->names[i],
		    host == NULL ? config->hostname : host, port, err) != 0)
			return -1;
	}
	return 0;
}

int
ssh_hosts_init(struct ssh_hosts *h, const struct uri *uri,
    const struct ssh_config *config, struct error *err)
{
	const char *file = uri_param(uri, "known_hosts");
	const char *alias = config->host_key_alias;
	int rc;

	memset(h, 0, sizeof(*h));
	h->strict = config->strict;
	h->hashed = config->hash_known_hosts;
	h->name = known_hosts_name(alias == NULL ? config->hostname : alias,
	    alias == NULL ? config->port : 22);
	if (h->name == NULL)
		return error_nomem(err);
	rc = set_verify(h, uri, err);
	if (rc == 0 && file != NULL && file[0] != '\0') {
		char *named = (char *)(size_t)file;
		const struct ssh_names one = { &named, 1 };

		h->file = file;
		rc = read_list(h, &one, config, err);
	} else if (rc == 0) {
		if (config->known_hosts.n > 0)
			h->file = config->known_hosts.names[0];
		rc = read_list(h, &config->known_hosts, config, err);
		if (rc == 0)
			rc = read_list(h, &config->global_known_hosts, config,
			    err);
	}
	if (rc != 0)
		ssh_hosts_release(h);
	return rc;
}

void
ssh_hosts_release(struct ssh_hosts *h)
{
	known_hosts_release(&h->known);
	free(h->name);
	h->name = NULL;
}

char *
ssh_hosts_order(const struct ssh_hosts *h)
{
	struct buf out = BUF_INIT;

	for (int known = 1; known >= 0; known--) {
		for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
			if (known_hosts_has_type(&h->known, types[i].type) !=
			    (known == 1))
				continue;
			buf_printf(&out, "%s%s", out.len == 0 ? "" : ",",
			    types[i].algorithms);
		}
	}
	return buf_detach(&out);
}

/* Yes or no, until it is one of them. */
static int
confirm(const struct ssh_hosts *h, const volatile sig_atomic_t *cancel,
    const char *type, const char *print, const struct known_host *other,
    struct error *err)
{
	struct buf prompt = BUF_INIT, answer = BUF_INIT;
	int rc;

	buf_printf(&prompt, "Host '%s' is not known yet.\n", h->name);
	if (other != NULL)
		buf_printf(&prompt, "But a key of another type is: %s:%d (%s)."
		    "\n", other->file, other->line, other->type);
	buf_printf(&prompt, "Its %s key is %s.\nTrust it and go on? "
	    "(yes/no) ", type, print);
	for (;;) {
		rc = ask(buf_str(&prompt), true, cancel, &answer, err);
		if (rc != 0 || strcasecmp(buf_str(&answer), "yes") == 0)
			break;
		if (strcasecmp(buf_str(&answer), "no") == 0) {
			rc = error_set(err, XVM_FROM_SSH,
			    XVM_ERR_AUTH_CANCELLED, "host key of '%s' was not "
			    "accepted", h->name);
			break;
		}
		buf_clear(&prompt);
		buf_puts(&prompt, "Please type yes or no: ");
	}
	buf_release(&prompt);
	buf_release(&answer);
	return rc;
}

static int
take_new(const struct ssh_hosts *h, bool may_ask,
    const volatile sig_atomic_t *cancel, const char *type, const void *key,
    size_t n, const char *print, const struct known_host *other,
    struct error *err)
{
	const char *why = h->strict == SSH_STRICT_YES ?
	    "StrictHostKeyChecking is yes" :
	    "there is no terminal to ask on (or batch mode)";

	if (h->strict == SSH_STRICT_YES ||
	    (h->strict == SSH_STRICT_ASK && !may_ask)) {
		error_set(err, XVM_FROM_SSH, XVM_ERR_AUTH_FAILED,
		    "host '%s' is not in %s%s and %s: its %s key is %s; add "
		    "it (ssh-keyscan), or use known_hosts_verify=auto",
		    h->name, h->file == NULL ? "any known_hosts file" :
		    h->file, other == NULL ? "" : " with a key of this type",
		    why, type, print);
		return -1;
	}
	if (h->strict == SSH_STRICT_ASK &&
	    confirm(h, cancel, type, print, other, err) != 0)
		return -1;
	if (h->file == NULL)
		return 0;
	return known_hosts_append(h->file, h->name, h->hashed, type, key, n,
	    err);
}

int
ssh_hosts_verify(const struct ssh_hosts *h, bool may_ask,
    const volatile sig_atomic_t *cancel, const void *key, size_t n,
    const void *fingerprint, struct error *err)
{
	const struct known_host *where;
	char type[SSH_KEY_TYPE_MAX];
	struct buf print = BUF_INIT;
	int rc = 0;

	if (h->ignore)
		return 0;
	ssh_key_type(key, n, type, sizeof(type));
	buf_puts(&print, "SHA256:");
	base64_encode(&print, fingerprint, SSH_FINGERPRINT_SIZE, false);
	switch (known_hosts_check(&h->known, type, key, n, &where)) {
	case KNOWN_HOSTS_MATCH:
		break;
	case KNOWN_HOSTS_NEW:
	case KNOWN_HOSTS_OTHER:
		rc = take_new(h, may_ask, cancel, type, key, n,
		    buf_str(&print), where, err);
		break;
	case KNOWN_HOSTS_CHANGED:
		rc = error_set(err, XVM_FROM_SSH, XVM_ERR_AUTH_FAILED,
		    "THE KEY OF HOST '%s' HAS CHANGED: %s:%d has another %s "
		    "key than the host's %s; somebody may be in between. If "
		    "the host was installed anew, remove that line",
		    h->name, where->file, where->line, type, buf_str(&print));
		break;
	case KNOWN_HOSTS_REVOKED:
		rc = error_set(err, XVM_FROM_SSH, XVM_ERR_AUTH_FAILED,
		    "THE KEY OF HOST '%s' IS REVOKED by %s:%d: %s key %s",
		    h->name, where->file, where->line, type, buf_str(&print));
		break;
	}
	buf_release(&print);
	return rc;
}
