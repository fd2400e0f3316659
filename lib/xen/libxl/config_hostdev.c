/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* PCI devices of the host: <hostdev type='pci'>, <interface type='hostdev'>. */
#include <string.h>

#include "config_parts.h"

static int
read_part(const struct conv *conv, const struct node *address, const char *name,
    uint64_t max, uint64_t *out)
{
	*out = conv_number(address, name, 0);
	if (*out > max)
		return conv_refuse(conv, address, "PCI %s '%s' is out of range",
		    name, node_attr(address, name));
	return 0;
}

static int
read_pci(
    const struct conv *conv, const struct node *device, libxl_device_pci *out)
{
	const struct node *address = node_find(device, "source/address");
	const struct node *driver = node_child(device, "driver");
	const char *backend = node_attr(driver, "name");
	uint64_t domain, bus, slot, function;

	if (conv->type == LIBXL_DOMAIN_TYPE_PVH)
		return conv_refuse(conv, device,
		    "PCI host devices are not supported for PVH domains");
	if (backend != NULL && strcmp(backend, "xen") != 0)
		return conv_refuse(
		    conv, driver, "unsupported PCI backend '%s'", backend);
	if (address == NULL)
		return conv_refuse(
		    conv, device, "a PCI host device needs an address");
	if (read_part(conv, address, "domain", 0xffff, &domain) != 0 ||
	    read_part(conv, address, "bus", 0xff, &bus) != 0 ||
	    read_part(conv, address, "slot", 0x1f, &slot) != 0 ||
	    read_part(conv, address, "function", 7, &function) != 0)
		return -1;
	out->domain = (int)domain;
	out->bus = (uint8_t)bus;
	out->dev = (uint8_t)slot;
	out->func = (uint8_t)function;
	out->vfunc_mask = 1;
	out->permissive =
	    node_attr_is(node_child(device, "source"), "writeFiltering", "no");
	/* libxl takes it from its driver and gives it to pciback. */
	out->seize = node_attr_is(device, "managed", "yes");
	if (conv->type != LIBXL_DOMAIN_TYPE_HVM)
		out->rdm_policy = LIBXL_RDM_RESERVE_POLICY_STRICT;
	return 0;
}

int
config_pci(libxl_ctx *ctx, const struct node *domain, const struct node *device,
    libxl_device_pci *out, struct error *err)
{
	struct conv conv = conv_of(ctx, domain, err);
	int rc;

	libxl_device_pci_init(out);
	rc = read_pci(&conv, device, out);
	if (rc != 0)
		libxl_device_pci_dispose(out);
	return rc;
}

static int
add_pci(struct conv *conv, const struct node *device)
{
	libxl_domain_config *c = conv->config;
	libxl_device_pci *pci =
	    conv_array_add(conv, &c->pcidevs, &c->num_pcidevs, sizeof(*pci));

	if (pci == NULL)
		return -1;
	libxl_device_pci_init(pci);
	return read_pci(conv, device, pci);
}

int
pcis_from_xml(struct conv *conv, const struct node *devices)
{
	for (const struct node *h = node_child(devices, "hostdev"); h != NULL;
	     h = node_next(h, "hostdev")) {
		const char *type = node_attr(h, "type");

		if (node_attr_is(h, "type", "usb"))
			continue;
		if (type == NULL || strcmp(type, "pci") != 0)
			return conv_refuse(
			    conv, h, "unsupported hostdev type '%s'", type);
		if (add_pci(conv, h) != 0)
			return -1;
	}
	for (const struct node *i = node_child(devices, "interface"); i != NULL;
	     i = node_next(i, "interface")) {
		if (node_attr_is(i, "type", "hostdev") && add_pci(conv, i) != 0)
			return -1;
	}
	/* As xl: the guest has to leave room where the devices are. */
	if (conv->config->num_pcidevs > 0 && conv->type == LIBXL_DOMAIN_TYPE_PV)
		libxl_defbool_set(&conv->config->b_info.u.pv.e820_host, true);
	return 0;
}

void
pci_to_xml(const libxl_device_pci *pci, struct node *devices)
{
	struct node *device = node_add(devices, "hostdev"), *source, *address;

	node_set_attr(device, "mode", "subsystem");
	node_set_attr(device, "type", "pci");
	node_set_attr(device, "managed", pci->seize ? "yes" : "no");
	source = node_add(device, "source");
	if (pci->permissive)
		node_set_attr(source, "writeFiltering", "no");
	address = node_add(source, "address");
	node_set_attr_fmt(address, "domain", "0x%04x", pci->domain);
	node_set_attr_fmt(address, "bus", "0x%02x", pci->bus);
	node_set_attr_fmt(address, "slot", "0x%02x", pci->dev);
	node_set_attr_fmt(address, "function", "0x%x", pci->func);
}
