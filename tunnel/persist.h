/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * An ssh connection that stays for a while and is shared by later commands,
 * by OpenSSH's own multiplexing (ssh_config(5), ControlMaster): where its
 * socket is, and who starts it when many want it at once.
 *
 * The socket is DIR/KEY-HASH. HASH is ssh's %C, what the user's configuration
 * makes of the host; KEY is made of the words of ssh's command line, so that
 * another key file is another connection.
 */
#ifndef TUNNEL_PERSIST_H
#define TUNNEL_PERSIST_H

#include "../lib/conn.h"

/*
 * For the connection that words, which end with NULL, open. *path_out is what
 * to give to ssh -S; the caller frees it. *lock_out is -1 when there is such a
 * connection, or a descriptor to be closed when this ssh has become one, or
 * has ended: until then others who want it wait (for the time of the options,
 * at most PERSIST_WAIT_SECONDS). 0, or -1: no directory that is safe, or
 * interrupted.
 */
int	persist_prepare(const char *const *words,
	    const struct conn_options *options, char **path_out, int *lock_out,
	    struct error *err);

#define PERSIST_WAIT_SECONDS 30

#endif
