/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Is it the right host? What the user's known_hosts say of it, by the
 * configuration or ?known_hosts= and ?known_hosts_verify=.
 */
#ifndef TUNNEL_SSH_HOSTS_H
#define TUNNEL_SSH_HOSTS_H

#include "known_hosts.h"
#include "ssh_config.h"

#define SSH_FINGERPRINT_SIZE 32u	/* SHA-256 */

struct ssh_hosts {
	struct known_hosts known;
	char *name;		/* as the files have it */
	const char *file;	/* where a new key goes, NULL: nowhere */
	enum ssh_strict strict;
	bool ignore;
	bool hashed;
};

/* Reads the files. 0 or -1; config and uri must outlive *h. */
int	ssh_hosts_init(struct ssh_hosts *h, const struct uri *uri,
	    const struct ssh_config *config, struct error *err);
void	ssh_hosts_release(struct ssh_hosts *h);
/* Host key algorithms for the handshake, those of known keys first. */
char	*ssh_hosts_order(const struct ssh_hosts *h);
/*
 * Accept the host's key or refuse it with the reason; an unknown one is asked
 * for when may_ask, and written down. 0 or -1.
 */
int	ssh_hosts_verify(const struct ssh_hosts *h, bool may_ask,
	    const volatile sig_atomic_t *cancel, const void *key, size_t n,
	    const void *fingerprint, struct error *err);

#endif
