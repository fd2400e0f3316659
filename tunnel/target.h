/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What ssh runs on the target, in one remote command. */
#ifndef TUNNEL_TARGET_H
#define TUNNEL_TARGET_H

#include <stdbool.h>

#include "../lib/uri.h"

/*
 * The command line for the target's shell, by ?proxy= (auto, native, netcat,
 * virtd), ?netcat= and ?socket=. auto: our helper, else virt-ssh-helper, else
 * netcat on libvirt's socket; when nothing is there it says so. The caller
 * frees it; NULL on failure.
 */
char	*target_command(const struct uri *uri, bool readonly,
	    struct error *err);

#endif
