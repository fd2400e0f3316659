/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The bytes below an embedded ssh: a TCP connection, or a program that makes
 * one (ProxyJump as `ssh -W`, ProxyCommand).
 */
#ifndef TUNNEL_SSH_CONNECT_H
#define TUNNEL_SSH_CONNECT_H

#include "../lib/stream.h"
#include "ssh_config.h"
#include "ssh_wait.h"

/* NULL on failure; batch: the program that is spawned asks nothing either. */
struct stream	*ssh_connect(const struct ssh_config *c, bool batch,
		    const struct ssh_wait *wait, struct error *err);

#endif
