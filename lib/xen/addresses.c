/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The addresses of domains' interfaces, by source: those that the host was
 * told of (the backend's "ip"), those that the guest's own tools wrote into
 * xenstore, those that this host's ARP table has.
 *
 * Source: Xen's docs/misc/xenstore-paths, ~/attr/vif/$DEVID.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../buf.h"
#include "../file.h"
#include "../number.h"
#include "devices.h"
#include "store.h"

#define ARP_FILE "/proc/net/arp"
#define ARP_SIZE_MAX (16u << 20)
#define ADDRESSES_MAX 2048

/* Append "ADDRESS[/PREFIX]". */
static int
add_address(struct xvm_domain_interface *out, const char *text, size_t n,
    struct error *err)
{
	struct xvm_domain_ip_addr *grown;
	const char *slash = memchr(text, '/', n);
	uint32_t prefix;
	char number[4] = "";

	if (out->addrs.addrs_len == ADDRESSES_MAX || n == 0)
		return 0;
	grown = reallocarray(out->addrs.addrs_val, out->addrs.addrs_len + 1,
	    sizeof(*grown));
	if (grown == NULL)
		return error_nomem(err);
	out->addrs.addrs_val = grown;
	grown += out->addrs.addrs_len;
	memset(grown, 0, sizeof(*grown));
	grown->type = memchr(text, ':', n) != NULL ? XVM_IP_ADDR_TYPE_IPV6 :
	    XVM_IP_ADDR_TYPE_IPV4;
	if (slash != NULL && (size_t)(text + n - slash) <= sizeof(number))
		memcpy(number, slash + 1, (size_t)(text + n - slash) - 1);
	if (number_u32(number, 10, &prefix) == 0)
		grown->prefix = prefix;
	grown->addr = strndup(text, slash != NULL ? (size_t)(slash - text) :
	    n);
	if (grown->addr == NULL)
		return error_nomem(err);
	out->addrs.addrs_len++;
	return 0;
}

static int
start_interface(const struct xen_device *dev, struct xvm_domain_interface *out,
    struct error *err)
{
	if (xen_text(dev->name, &out->name, err) != 0)
		return -1;
	if (dev->mac == NULL)
		return 0;
	out->hwaddr = calloc(1, sizeof(*out->hwaddr));
	if (out->hwaddr == NULL)
		return error_nomem(err);
	return xen_text(dev->mac, out->hwaddr, err);
}

/* What the host was told: separated by blanks. */
static int
add_configured(struct xen_conn *xen, const struct xen_device *dev,
    struct xvm_domain_interface *out, struct error *err)
{
	struct store_batch batch = STORE_BATCH_INIT;
	const char *p;
	int rc;

	(void)store_add(&batch, STORE_READ,
	    "/local/domain/0/backend/vif/%d/%u/ip", dev->domain, dev->number);
	rc = xen_store_run(xen, &batch, err);
	p = rc == 0 ? store_value(&batch, 0, NULL) : NULL;
	while (rc == 0 && p != NULL && *(p += strspn(p, " ")) != '\0') {
		size_t n = strcspn(p, " ");

		rc = add_address(out, p, n, err);
		p += n;
	}
	store_batch_release(&batch);
	return rc;
}

/* What the guest wrote, ipv4/N and ipv6/N. */
static int
add_told(struct xen_conn *xen, const struct xen_device *dev,
    struct xvm_domain_interface *out, struct error *err)
{
	static const char *const kinds[] = { "ipv4", "ipv6" };
	struct store_batch names = STORE_BATCH_INIT;
	struct store_batch values = STORE_BATCH_INIT;
	int rc;

	for (unsigned int i = 0; i < 2; i++)
		(void)store_add(&names, STORE_DIRECTORY,
		    "/local/domain/%d/attr/vif/%u/%s", dev->domain,
		    dev->number, kinds[i]);
	rc = xen_store_run(xen, &names, err);
	for (unsigned int i = 0; rc == 0 && i < 2; i++) {
		const char *name = NULL;

		while ((name = store_next_name(&names, i, name)) != NULL)
			(void)store_add(&values, STORE_READ,
			    "/local/domain/%d/attr/vif/%u/%s/%s",
			    dev->domain, dev->number, kinds[i], name);
	}
	if (rc == 0 && values.n > 0)
		rc = xen_store_run(xen, &values, err);
	for (unsigned int i = 0; rc == 0 && i < values.n; i++) {
		const char *text = store_value(&values, i, NULL);

		if (text != NULL)
			rc = add_address(out, text, strlen(text), err);
	}
	store_batch_release(&names);
	store_batch_release(&values);
	return rc;
}

/* What this host talked to: "ADDRESS TYPE FLAGS MAC MASK DEVICE" in lines. */
static int
add_seen(const char *table, const struct xen_device *dev,
    struct xvm_domain_interface *out, struct error *err)
{
	char address[64], mac[32];

	for (const char *line = table; line != NULL && *line != '\0';
	    line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "%63s %*s %*s %31s", address, mac) == 2 &&
		    dev->mac != NULL && strcasecmp(mac, dev->mac) == 0 &&
		    add_address(out, address, strlen(address), err) != 0)
			return -1;
	}
	return 0;
}

static int
add_addresses(struct xen_conn *xen, unsigned int source, const char *arp,
    const struct xen_device *dev, struct xvm_domain_interface *out,
    struct error *err)
{
	switch (source) {
	case XVM_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE:
		return add_configured(xen, dev, out, err);
	case XVM_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT:
		return add_told(xen, dev, out, err);
	default:
		return add_seen(arp, dev, out, err);
	}
}

int
xen_domain_interface_addresses(void *state, struct call *call)
{
	const struct xvm_domain_interface_addresses_args *args = call->args;
	struct xvm_domain_interface_addresses_ret *ret = call->ret;
	struct xen_devices list = { 0 };
	struct buf arp = BUF_INIT;
	struct xen_domain dom;
	int rc;

	if (xen_check_flags(args->flags, 0, "libxlDomainInterfaceAddresses",
	    &call->err) != 0)
		return -1;
	if (args->source > XVM_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP)
		return error_set(&call->err, XVM_FROM_LIBXL,
		    XVM_ERR_ARGUMENT_UNSUPPORTED,
		    "Unsupported IP address data source %d",
		    (int)args->source);
	if (xen_domain_find_active(state, &args->dom, &dom, &call->err) != 0)
		return -1;
	rc = xen_devices_load(state, dom.id, false, true, &list, &call->err);
	xen_domain_release(&dom);
	if (rc == 0 && args->source == XVM_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP)
		rc = file_read(ARP_FILE, ARP_SIZE_MAX, &arp, &call->err);
	ret->ifaces.ifaces_val = calloc(list.n + 1,
	    sizeof(*ret->ifaces.ifaces_val));
	if (ret->ifaces.ifaces_val == NULL)
		rc = error_nomem(&call->err);
	for (size_t i = 0; rc == 0 && i < list.n; i++) {
		struct xvm_domain_interface *out =
		    &ret->ifaces.ifaces_val[i];

		ret->ifaces.ifaces_len++;
		rc = start_interface(&list.v[i], out, &call->err);
		if (rc == 0)
			rc = add_addresses(state, args->source,
			    buf_str(&arp), &list.v[i], out, &call->err);
	}
	buf_release(&arp);
	xen_devices_release(&list);
	return rc;
}
