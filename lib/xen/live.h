/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A running domain's document, as the domain is now. */
#ifndef LIB_XEN_LIVE_H
#define LIB_XEN_LIVE_H

#include "domains.h"

struct doc;
struct node;
struct xen_devices;

/*
 * Has a running domain the disks, media and interfaces of its <devices>, and
 * no others? Those that another domain drives are not seen.
 */
bool	live_has_devices(const struct node *devices,
	    const struct xen_devices *list);
/*
 * Write into the document what xenstore knows: memory, vcpus, names of
 * interfaces on the host, terminals of consoles, the port of VNC.
 */
int	live_update(struct xen_conn *xen, const struct xen_domain *dom,
	    const struct xen_devices *list, struct doc *doc,
	    struct error *err);

#endif
