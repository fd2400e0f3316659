/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls that build or change domains run in a child process of ours, where
 * libxl owns SIGCHLD and its processes: `virtd --libxl`, from the directory
 * above this module's. The call goes there as it is, encoded, and its result
 * or error comes back; the connection's lock is not held meanwhile.
 */
#ifndef LIB_XEN_CHILD_H
#define LIB_XEN_CHILD_H

#include <sys/types.h>

#include "xen.h"

/* The handler of every call that the child answers. */
driver_handler	xen_child;
/* A connection ends: domains that shall not outlive it are destroyed. */
void	xen_child_close(struct xen_conn *xen);

/*
 * Start one that carries out an order (child_wire.h); *fd_out gives its answer,
 * which need not be read.
 */
int	child_order(uint32_t order, const char *text, const char *owner,
	    pid_t *pid_out, int *fd_out, struct error *err);

#endif
