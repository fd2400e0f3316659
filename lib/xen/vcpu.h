/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The virtual CPUs of domains that run. */
#ifndef LIB_XEN_VCPU_H
#define LIB_XEN_VCPU_H

#include "domains.h"

/* How one is: 1 and *out filled, 0 when it is not there (any more), -1. */
int	xen_vcpu_info(struct xen_conn *xen, int id, unsigned int vcpu,
	    struct xen_domctl_getvcpuinfo *out, struct error *err);
/* XVM_VCPU_RUNNING ... */
int	xen_vcpu_state(const struct xen_domctl_getvcpuinfo *info);
/* How many the guest is asked to have, 0 when that cannot be told. */
unsigned int	xen_vcpus_wanted(struct xen_conn *xen,
		    const struct xen_domain *dom, struct error *err);

#endif
