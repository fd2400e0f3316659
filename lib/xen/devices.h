/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Disks and network interfaces of running domains, as the backends of this
 * host have them in xenstore, and what the kernel counts of them. Those that
 * another domain drives are not seen.
 *
 * Sources: Xen's docs/misc/xenstore-paths, xen/io/blkif.h, xen/io/netif.h;
 * /sys/bus/xen-backend/devices/vbd-DOMAIN-NUMBER/statistics.
 */
#ifndef LIB_XEN_DEVICES_H
#define LIB_XEN_DEVICES_H

#include "domains.h"

enum xen_device_kind {
	XEN_DISK,		/* vbd: the kernel's; qdisk: a QEMU's */
	XEN_NET,
};

struct xen_device {
	enum xen_device_kind kind;
	int domain;
	unsigned int number;	/* of the frontend: 51712, 0 */
	bool counted;		/* of a disk: the kernel counts it */
	char *name;		/* disk: "xvda"; interface: the host's "vif1.0" */
	char *source;		/* disk: file or device, NULL */
	char *mac;		/* interface, NULL */
};

struct xen_devices {
	struct xen_device *v;	/* by domain, kind, number */
	size_t n, size;
};

/*
 * Of all domains (id -1) or one; three exchanges with xenstored at most.
 * Released by the caller, also after a failure.
 */
int	xen_devices_load(struct xen_conn *xen, int id, bool disks, bool nets,
	    struct xen_devices *out, struct error *err);
void	xen_devices_release(struct xen_devices *list);

/* What the kernel counts of a disk; -1 each where it does not. */
struct xen_disk_stats {
	int64_t rd_req, rd_bytes, wr_req, wr_bytes, flush_req, errors;
};
void	xen_disk_stats(const struct xen_device *disk,
	    struct xen_disk_stats *out);

/* What the guest received and sent, by its interface on the host. */
struct xen_net_stats {
	uint64_t rx_bytes, rx_packets, rx_errs, rx_drop;
	uint64_t tx_bytes, tx_packets, tx_errs, tx_drop;
};
/* False: there is no such interface. */
bool	xen_net_stats(const char *name, struct xen_net_stats *out);

#endif
