/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Under the name virt-ssh-helper: other hypervisors' URIs are handed on to the
 * next program of that name, else to that hypervisor's libvirt socket.
 */
#ifndef TUNNEL_HANDOFF_H
#define TUNNEL_HANDOFF_H

#include <stdbool.h>

#include "../lib/driver.h"

/* Is the URI's driver none of ours? */
bool	handoff_needed(const char *uri, const struct driver *const *drivers);
/* Becomes the other program or relays until the end. 0 or -1. */
int	handoff_run(const char *uri, bool readonly, struct error *err);

#endif
