/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How bytes reach the other end. Each transport gives a stream whose reads
 * and writes never block (they answer -2) and whose errors carry what the
 * other program said last (ssh's own reason).
 */
#ifndef TUNNEL_TRANSPORT_H
#define TUNNEL_TRANSPORT_H

#include "../lib/conn.h"
#include "../lib/stream.h"
#include "../lib/uri.h"

/* By the URI's transport; tcp and tls are refused. NULL on failure. */
struct stream	*transport_open(const struct uri *uri,
		    const struct conn_options *options, struct error *err);

/* ssh.c: spawns OpenSSH. */
struct stream	*ssh_open(const struct uri *uri,
		    const struct conn_options *options, struct error *err);
/* unix.c: a socket, of ?socket= or the hypervisor's own. */
struct stream	*unix_open(const struct uri *uri,
		    const struct conn_options *options, struct error *err);
/* ext.c: ?command= on its stdin and stdout. */
struct stream	*ext_open(const struct uri *uri,
		    const struct conn_options *options, struct error *err);

/* The URI that the other end opens: without transport, host, parameters that
 * are about the way there. The caller frees it. */
char	*transport_remote_uri(const struct uri *uri);

#endif
