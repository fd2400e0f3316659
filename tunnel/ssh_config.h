/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The user's ssh configuration for one host, as `ssh -G` prints it
 * (ssh_config(5)); OpenSSH's defaults where it is not installed. The URI's
 * user, port and ?keyfile= stand above it.
 */
#ifndef TUNNEL_SSH_CONFIG_H
#define TUNNEL_SSH_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "../lib/buf.h"
#include "../lib/uri.h"
#include "ssh_wait.h"

#define SSH_CONFIG_SIZE_MAX (1u << 20)

struct ssh_names {
	char **names;
	size_t n;
};

enum ssh_strict {
	SSH_STRICT_ASK,
	SSH_STRICT_YES,		/* an unknown key is refused */
	SSH_STRICT_ACCEPT_NEW,
};

struct ssh_config {
	char *program;		/* ssh, or ?command= */
	char *host;		/* as the URI has it */
	char *hostname;		/* to connect to */
	char *user;
	int port;
	char *proxy_jump, *proxy_command;	/* NULL: none */
	char *host_key_alias;	/* NULL: the host name */
	char *identity_agent;	/* NULL: SSH_AUTH_SOCK's */
	struct ssh_names keys;	/* private key files, expanded */
	struct ssh_names certificates;	/* of those keys, expanded */
	struct ssh_names known_hosts;	/* the user's, expanded */
	struct ssh_names global_known_hosts;
	enum ssh_strict strict;
	int connect_timeout;	/* seconds, 0: none said */
	bool identities_only, hash_known_hosts, batch, fdpass;
	bool no_publickey, no_password, no_interactive;
};

/* 0 or -1; on failure *out is empty. The URI has a host. */
int	ssh_config_read(const struct uri *uri, const struct ssh_wait *wait,
	    struct ssh_config *out, struct error *err);
/* Take what `ssh -G` printed. 0 or -1; *c needs ssh_config_release either way */
int	ssh_config_parse(const char *text, struct ssh_config *c,
	    struct error *err);
void	ssh_config_release(struct ssh_config *c);

/*
 * ssh_expand.c: replace ssh_config(5)'s %-tokens, and in a path also '~' and ${VARIABLE}.
 * The caller frees it; NULL with err set for an unknown one.
 */
char	*ssh_config_expand(const struct ssh_config *c, const char *text,
	    bool path, struct error *err);

#endif
