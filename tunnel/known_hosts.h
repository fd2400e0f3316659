/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * known_hosts files as OpenSSH writes them (sshd(8), SSH_KNOWN_HOSTS FILE
 * FORMAT): patterns, hashed names, [host]:port, @revoked. @cert-authority
 * lines are passed over: libssh2 knows no certificates.
 */
#ifndef TUNNEL_KNOWN_HOSTS_H
#define TUNNEL_KNOWN_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

#include "../lib/buf.h"
#include "../lib/error.h"

#define KNOWN_HOSTS_SIZE_MAX (16u << 20)

struct known_host {
	char *type;		/* "ssh-ed25519" */
	struct buf key;		/* the blob */
	const char *file;	/* borrowed from the caller of ..._read */
	int line;
	bool revoked;
	bool no_port;		/* the name alone, for a host on another port */
};

/* What the files say about one host. */
struct known_hosts {
	struct known_host *hosts;
	size_t n;
};

enum known_hosts_answer {
	KNOWN_HOSTS_MATCH,
	KNOWN_HOSTS_NEW,	/* nothing about that host */
	KNOWN_HOSTS_OTHER,	/* only keys of other types */
	KNOWN_HOSTS_CHANGED,	/* another key of that type */
	KNOWN_HOSTS_REVOKED,
};

/* "host", or "[host]:port" for a port other than 22. The caller frees it. */
char	*known_hosts_name(const char *host, int port);
/*
 * Add what the file says about the host; one that does not exist says nothing,
 * lines that are none are passed over. 0 or -1.
 */
int	known_hosts_read(struct known_hosts *k, const char *file,
	    const char *host, int port, struct error *err);
void	known_hosts_release(struct known_hosts *k);
/* Is there a key of that type for the host? */
bool	known_hosts_has_type(const struct known_hosts *k, const char *type);
/* *where_out is the line that decided, NULL for KNOWN_HOSTS_NEW. */
enum known_hosts_answer known_hosts_check(const struct known_hosts *k,
	    const char *type, const void *key, size_t n,
	    const struct known_host **where_out);
/*
 * Add a line for the name at the end of the file, which is made (with its
 * folder) when it is not there. 0 or -1.
 */
int	known_hosts_append(const char *file, const char *name, bool hashed,
	    const char *type, const void *key, size_t n, struct error *err);

#endif
