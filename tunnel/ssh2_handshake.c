/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The embedded ssh's handshake: which host keys, and is it the right host? */
#include <stdlib.h>
#include <string.h>

#include "ssh2_session.h"
#include "ssh_key.h"

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
		    c->port, offered, ssh2_reason(s), l->uri->driver);
	else
		error_set(err, XVM_FROM_SSH, XVM_ERR_SSH,
		    "no ssh connection to '%s' port %d: %s", c->hostname,
		    c->port, ssh2_reason(s));
	free(offered);
	return -1;
}

int
ssh2_handshake(struct login *l, const struct ssh_hosts *hosts,
    struct error *err)
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
