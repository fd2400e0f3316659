/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much memory and how many virtual CPUs a domain has. */
#ifndef LIB_XEN_FIGURES_H
#define LIB_XEN_FIGURES_H

#include "domains.h"

struct store_batch;

struct xen_figures {
	uint64_t memory_max_kib, memory_kib;
	unsigned int vcpus, vcpus_max;
};

/* Of one domain, from its document when it does not run. */
int	xen_figures(struct xen_conn *xen, const struct xen_domain *dom,
	    struct xen_figures *out, struct error *err);
/*
 * Of many that run, in one exchange: one question each, whose place is given
 * back when its answer is taken.
 */
void	xen_figures_ask(struct store_batch *batch,
	    const struct xen_domain *dom);
void	xen_figures_take(const struct store_batch *batch, unsigned int first,
	    const struct xen_domain *dom, struct xen_figures *out);
/* How many there may be. */
unsigned int	xen_vcpus_max(const struct xen_domain *dom);

#endif
