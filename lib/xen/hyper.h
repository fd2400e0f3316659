/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The hypervisor by libxenctrl, which says nothing on stderr here. Errors are
 * one line that says what is missing: Xen, rights, or what Xen refused.
 *
 * Source: xenctrl.h, xen/domctl.h, xen/sysctl.h.
 */
#ifndef LIB_XEN_HYPER_H
#define LIB_XEN_HYPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xenctrl.h>

#include "../error.h"

#define HYPER_PAGE_KIB 4

/* Domains, in the order of their ids. The memory is kept from list to list. */
struct hyper_list {
	xen_domctl_getdomaininfo_t *v;
	unsigned int n, size;
};

/* A connection to it; NULL with the reason in err. */
xc_interface	*hyper_open(struct error *err);

/*
 * Every domain: one hypercall for up to 1023 of them, one more each time the
 * memory is doubled.
 */
int	hyper_list(xc_interface *xc, struct hyper_list *list,
	    struct error *err);
void	hyper_list_release(struct hyper_list *list);
/* One domain: 1 and *out filled, 0: there is none, -1. */
int	hyper_get(xc_interface *xc, int id, xen_domctl_getdomaininfo_t *out,
	    struct error *err);

/* A call of libxenctrl failed: "WHAT: strerror(errno)". Returns -1. */
int	hyper_failed(struct error *err, const char *what);

/* The scheduler of the domain's CPU pool, XEN_SCHEDULER_*; -1. */
int	hyper_scheduler(xc_interface *xc,
	    const xen_domctl_getdomaininfo_t *info, struct error *err);

/* PV, PVH or HVM? */
enum hyper_kind {
	HYPER_PV,
	HYPER_PVH,
	HYPER_HVM,
};
enum hyper_kind	hyper_kind(const xen_domctl_getdomaininfo_t *info);

#endif
