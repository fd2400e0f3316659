/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The machine under Xen. */
#ifndef LIB_XEN_NODE_H
#define LIB_XEN_NODE_H

#include "xen.h"

int	node_physinfo(struct xen_conn *xen, xc_physinfo_t *out,
	    struct error *err);
/* Of CPUs 0 to *n_out - 1, an array of the caller's; core XEN_INVALID_CORE_ID:
 * there is none of that number. */
xc_cputopo_t	*node_cpus(struct xen_conn *xen, unsigned int *n_out,
		    struct error *err);
/*
 * NUMA nodes 0 to *n_out - 1 (size XEN_INVALID_MEM_SZ: none), an array of the
 * caller's; distances, when asked for, as a square of them.
 */
xc_meminfo_t	*node_cells(struct xen_conn *xen, unsigned int *n_out,
		    uint32_t **distances_out, struct error *err);
/* The architecture as libvirt names it. */
const char	*node_arch(void);

#endif
